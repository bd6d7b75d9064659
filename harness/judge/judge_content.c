#include <stdio.h>
#include <string.h>

#include "harness/judge/judge_check.h"
#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_floors.h"
#include "harness/judge/judge_paths.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/judge_twins.h"
#include "harness/judge/look.h"
#include "harness/judge/witness_internal.h"

/* Checks of what stands in one answer: right-job, consistent, numeric-latest. */

/* ---- right-job ---- */

/* When the run of a checkpoint of an earlier run that the current one does not have was over: by its
 * trigger time, for the same id and path may come again. NOT_KNOWN_US: it is of no earlier run. */
static int64_t older_run_over_us(const struct look *look, const struct seen_checkpoint *entry)
{
    const struct job_state *job = look->job;
    if (job->run_count == 1 || entry->trigger_ms == 0)
        return NOT_KNOWN_US;
    for (size_t i = job->run_count; i-- > 0;) {
        const struct checkpoint_record *record = run_find(&job->runs[i], entry->id);
        if (record && record->trigger_ms == entry->trigger_ms)
            return i + 1 < job->run_count ? job->runs[i + 1].began_us : NOT_KNOWN_US;
    }
    return NOT_KNOWN_US;
}

static bool is_of_other_job(const struct judge *judge, struct look *look,
                            const struct seen_checkpoint *entry)
{
    const struct job_state *owner =
        entry->path ? owner_elsewhere(judge, look->job, entry->path) : NULL;
    if (owner && look->stranger.kind == STRANGER_NONE)
        look->stranger = (struct stranger){.kind = STRANGER_JOB, .owner = owner, .entry = entry};
    return owner != NULL;
}

/* The first that is found is described. */
static void look_at_entry(const struct judge *judge, struct look *look,
                          const struct seen_checkpoint *entry)
{
    if (is_of_other_job(judge, look, entry))
        return;
    int64_t over_us = older_run_over_us(look, entry);
    if (over_us == NOT_KNOWN_US)
        return;
    /* An answer may come from the run before, as long as the claim allows its age. */
    if (over_us >= look->cutoff_us) {
        look_until(look, over_us + look->bound_us + 1);
        return;
    }
    look_from(look, over_us + look->bound_us + 1);
    if (over_us < look->oldest_run_over_us)
        look->oldest_run_over_us = over_us;
    if (look->stranger.kind == STRANGER_NONE)
        look->stranger =
            (struct stranger){.kind = STRANGER_RUN, .since_us = over_us, .entry = entry};
}

/* `latest.restored` is left out: a job may start from any job's checkpoint. */
static void look_for_stranger_in_list(const struct judge *judge, struct look *look)
{
    const struct observation *seen = look->seen;
    if (seen->has_latest_completed)
        look_at_entry(judge, look, &seen->latest_completed);
    if (seen->has_latest_savepoint)
        look_at_entry(judge, look, &seen->latest_savepoint);
    for (size_t i = 0; i < seen->history_count; i++) {
        if (!look_is_vouched_for(look, i))
            look_at_entry(judge, look, &seen->history[i]);
    }
}

static void look_for_stranger_in_details(const struct judge *judge, struct look *look)
{
    const struct seen_checkpoint *entry = &look->seen->latest_completed;
    if (entry->id == look->exchange->checkpoint)
        look_at_entry(judge, look, entry);
    else
        look->stranger = (struct stranger){.kind = STRANGER_CHECKPOINT, .entry = entry};
}

void look_for_stranger(const struct judge *judge, struct look *look)
{
    if (look->is_list && !look->is_clean)
        look_for_stranger_in_list(judge, look);
    if (look->is_details)
        look_for_stranger_in_details(judge, look);
}

/* The same snapshot of the run before was shown before that run was over: somebody kept it. */
static bool had_been_shown(const struct look *look)
{
    if (look->stranger.kind != STRANGER_RUN || !look->is_list)
        return false;
    for (size_t r = 0; r + 1 < look->job->run_count; r++) {
        const struct floors *floors = &look->job->runs[r].everyone;
        const struct floor *items = floors_items(floors);
        for (size_t i = 0; i < floors->count; i++) {
            if (items[i].shown.id == look->shown_id &&
                items[i].shown.version == look->seen->version)
                return true;
        }
    }
    return false;
}

static void describe_stranger(const struct judge *judge, const struct look *look,
                              struct property_verdict *verdict)
{
    const struct stranger *finding = &look->stranger;
    const struct exchange *exchange = look->exchange;
    const struct seen_checkpoint *entry = finding->entry;
    enum layer layer = judge->has_calls       ? fetch_cache_layer(look->job, KIND_STATISTICS)
                       : had_been_shown(look) ? LAYER_CACHE
                                              : LAYER_UNKNOWN;
    if (finding->kind == STRANGER_RUN && fetch_is_aged(look, finding->since_us))
        layer = LAYER_PROXY;
    else if (look->is_details)
        layer = LAYER_DETAILS_CACHE;
    char target[TARGET_MAX], age[LABEL_MAX];
    target_text(judge, exchange, target);
    /* The end of a path tells more than its beginning. */
    const char *path = entry->path ? entry->path : "no path";
    size_t length = strlen(path);
    const char *tail = length > 48 ? path + length - 48 : path;
    witness_add(verdict, exchange->sent_us, look_client(judge, look), exchange->seq,
                "%s  answered checkpoint %lld, %s%s", target, (long long)entry->id,
                tail == path ? "" : "...", tail);
    if (finding->kind == STRANGER_JOB) {
        witness_checkpoint(finding->owner, entry->id, verdict);
        witness_cause(verdict, layer, "Checkpoint %lld in the answer about %s belongs to %s.",
                      (long long)entry->id, look->job->label, finding->owner->label);
    } else if (finding->kind == STRANGER_CHECKPOINT) {
        witness_cause(verdict, LAYER_ENDPOINT, "Checkpoint %lld was asked for, and %lld answered.",
                      (long long)exchange->checkpoint, (long long)entry->id);
    } else {
        witness_since(verdict, finding->since_us, look->job->label, 0, "began a new run");
        duration_text(judge, exchange->sent_us - finding->since_us, age);
        witness_cause(verdict, layer,
                      "Checkpoint %lld belongs to an earlier run of %s; the next one had "
                      "begun %s before the request was sent.",
                      (long long)entry->id, look->job->label, age);
    }
}

static void look_right_job(struct judge *judge, struct look *look)
{
    if (!look->is_list && !look->is_details)
        return;
    if (judge->known_job_count > 1 || look->job->run_count > 1)
        look_tested(judge, look, PROPERTY_RIGHT_JOB);
    if (look->stranger.kind == STRANGER_NONE)
        return;
    if (look->oldest_run_over_us != NOT_KNOWN_US) {
        look->same_again = false; /* the next one will have been over for longer */
        judge_worst_us(judge, PROPERTY_RIGHT_JOB,
                       look->exchange->sent_us - look->oldest_run_over_us);
    }
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_RIGHT_JOB);
    if (verdict)
        describe_stranger(judge, look, verdict);
}

const struct check check_right_job = {
    .property = PROPERTY_RIGHT_JOB,
    .untested = "checkpoints were read of one job in one run only: there was nothing to mix up",
    .look = look_right_job,
    .looks_at = OF_CHECKPOINTS};

/* ---- consistent ---- */

static const char trigger_timestamp[] = "trigger_timestamp";

/* Where list and details of one checkpoint differ; NULL: nowhere. */
static const char *difference(const struct checkpoint_record *record,
                              const struct seen_checkpoint *details)
{
    if (record->trigger_ms != details->trigger_ms)
        return trigger_timestamp;
    if (record->state_size != details->state_size)
        return "state_size";
    if (record->path && details->path && strcmp(record->path, details->path) != 0)
        return "external_path";
    return NULL;
}

/* An answer about another checkpoint than the one asked for may be another job's as well. */
static bool is_from_other_job(const struct judge *judge, const struct look *look)
{
    const char *path = look->seen->latest_completed.path;
    if (look->stranger.kind != STRANGER_CHECKPOINT)
        return look->stranger.kind == STRANGER_JOB;
    return path && owner_elsewhere(judge, look->job, path);
}

static void look_details_consistent(struct judge *judge, struct look *look)
{
    const struct seen_checkpoint *details = &look->seen->latest_completed;
    const struct checkpoint_record *record = run_find(look->current, details->id);
    if (details->status != SEEN_COMPLETED || !record || !record->listed ||
        is_from_other_job(judge, look) || older_run_over_us(look, details) != NOT_KNOWN_US)
        return;
    look_tested(judge, look, PROPERTY_CONSISTENT);
    const char *what = difference(record, details);
    struct property_verdict *verdict =
        what ? look_violated(judge, look, PROPERTY_CONSISTENT) : NULL;
    if (!verdict)
        return;
    char target[TARGET_MAX];
    target_text(judge, look->exchange, target);
    witness_add(verdict, look->exchange->sent_us, look_client(judge, look), look->exchange->seq,
                "%s  answered another %s than the list", target, what);
    /* Another checkpoint under that number: only what is kept by number gives that. What one and
     * the same checkpoint differs in, its JobManager may have changed meanwhile. */
    const enum layer layer = what == trigger_timestamp ? LAYER_DETAILS_CACHE
                             : judge->has_calls        ? LAYER_ENDPOINT
                                                       : LAYER_UNKNOWN;
    witness_cause(verdict, layer, "List and details of checkpoint %lld differ in %s.",
                  (long long)details->id, what);
}

static void look_consistent(struct judge *judge, struct look *look)
{
    if (look->is_details)
        look_details_consistent(judge, look);
    if (!look->is_list)
        return;
    look_tested(judge, look, PROPERTY_CONSISTENT);
    if (!look->seen->contradiction)
        return;
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_CONSISTENT);
    if (!verdict)
        return;
    witness_answer(judge, look, verdict);
    if (look->seen->has_latest_completed)
        witness_checkpoint(look->job, look->seen->latest_completed.id, verdict);
    witness_cause(verdict, look_layer_of_content(judge, look, PROPERTY_CONSISTENT),
                  "The answer disagrees with itself: %s.", look->seen->contradiction);
}

const struct check check_consistent = {.property = PROPERTY_CONSISTENT,
                                       .untested = "no read of checkpoint statistics",
                                       .look = look_consistent,
                                       .looks_at = OF_CHECKPOINTS};

/* ---- numeric-latest ---- */

/* Source: Flink CheckpointStatsHistory: an entry replaces latest.completed only when its id is
 * greater. Savepoints have a `latest` of their own. */
static void look_numeric_latest(struct judge *judge, struct look *look)
{
    if (!look->is_list)
        return;
    if (look->is_clean) {
        if (look->job->clean.is_numeric)
            look_tested(judge, look, PROPERTY_NUMERIC_LATEST);
        return;
    }
    int64_t largest = 0;
    for (size_t i = 0; i < look->seen->history_count; i++) {
        const struct seen_checkpoint *entry = &look->seen->history[i];
        if (entry->status == SEEN_COMPLETED && !entry->is_savepoint && entry->id > largest)
            largest = entry->id;
    }
    if (largest == 0)
        return;
    look_tested(judge, look, PROPERTY_NUMERIC_LATEST);
    if (look->shown_id >= largest)
        return;
    judge_worst(judge, PROPERTY_NUMERIC_LATEST, (double)(largest - look->shown_id), "checkpoints");
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_NUMERIC_LATEST);
    if (!verdict)
        return;
    char shown[LABEL_MAX];
    shown_text(look->shown_id, shown);
    witness_answer(judge, look, verdict);
    witness_checkpoint(look->job, largest, verdict);
    witness_cause(verdict, look_layer_of_content(judge, look, PROPERTY_NUMERIC_LATEST),
                  "The answer shows %s as the latest, and lists %lld as completed.", shown,
                  (long long)largest);
}

const struct check check_numeric_latest = {
    .property = PROPERTY_NUMERIC_LATEST,
    .untested = "no read of checkpoint statistics that listed a completed checkpoint",
    .look = look_numeric_latest,
    .looks_at = OF_LISTS};
