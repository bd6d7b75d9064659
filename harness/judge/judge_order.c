#include <stdio.h>

#include "harness/judge/judge_check.h"
#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_floors.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/judge_twins.h"
#include "harness/judge/look.h"
#include "harness/judge/staleness.h"
#include "harness/judge/witness_internal.h"

/* Checks of age and order: fresh, bounded-age, no-phantom, monotonic. */

/* What the request was promised; where only one of the two is claimed, that one answers for it. */
static enum property age_property(const struct judge *judge, const struct look *look)
{
    enum property own = look->bound_us == 0 ? PROPERTY_FRESH : PROPERTY_BOUNDED_AGE;
    enum property other = look->bound_us == 0 ? PROPERTY_BOUNDED_AGE : PROPERTY_FRESH;
    return judge_claims(judge, own) ? own : other;
}

/* An answer that lists itself what its `latest` lacks comes from no old snapshot. */
static void describe_age(struct judge *judge, const struct look *look,
                         const struct completion *missed, enum property property,
                         struct property_verdict *verdict)
{
    char behind[LABEL_MAX], allowed[LABEL_MAX];
    enum layer layer = look_lists_beyond_latest(look)
                           ? look_layer_of_content(judge, look, property)
                           : fetch_layer_of_old(judge, look, missed->at_us);
    witness_answer(judge, look, verdict);
    witness_completion(judge, look->job, missed, verdict);
    duration_text(judge, look->exchange->sent_us - missed->at_us, behind);
    duration_text(judge, look->bound_us, allowed);
    if (look->bound_us == 0)
        witness_cause(verdict, layer,
                      "Checkpoint %lld had been complete for %s when the request was sent.",
                      (long long)missed->id, behind);
    else
        witness_cause(verdict, layer,
                      "Checkpoint %lld had been complete for %s when the request was sent; "
                      "%s are allowed.",
                      (long long)missed->id, behind, allowed);
}

/* How long the first checkpoint that it lacks had been complete when the request was sent. */
static int64_t age_of(const struct look *look)
{
    const int64_t sent_us = look->exchange->sent_us;
    return look->missed && look->missed->at_us < sent_us ? sent_us - look->missed->at_us : 0;
}

void look_for_age(struct judge *judge, struct look *look)
{
    const struct run *run = look->current;
    const int64_t sent_us = look->exchange->sent_us;
    if (!look->is_list || run->completion_count == 0)
        return;
    /* What an earlier run completed is older than anything of this one, whatever its number. */
    look->age_shown_id = look->shows_older_run ? 0 : look->shown_id;
    look->missed = first_completion_beyond(run, look->age_shown_id);
    if (look->missed && age_of(look) == 0)
        look_until(look, look->missed->at_us + 1);
    if (age_of(look) > 0) {
        look->grows_from_us = look->missed->at_us;
        look_from(look, look->missed->at_us + 1);
    }
    const int64_t first_us = run->completions[0].at_us;
    look->has_age = first_us < sent_us;
    if (look->has_age) {
        staleness_add(&judge->staleness, age_of(look));
        look_from(look, first_us + 1);
    } else {
        look_until(look, first_us + 1);
    }
}

/*
 * A completion counts if it ended strictly before the request was sent, less the bound. A request
 * that overlaps a completion may show either state. Completions of earlier runs do not count: a
 * new JobMaster begins with empty statistics (reference, section 4.1).
 */
static void look_age(struct judge *judge, struct look *look, enum property property)
{
    const struct run *run = look->current;
    if (!look->is_list || age_property(judge, look) != property || run->completion_count == 0)
        return;
    const int64_t first_us = run->completions[0].at_us;
    if (first_us < look->cutoff_us) {
        look_tested(judge, look, property);
        look_from(look, first_us + look->bound_us + 1);
    } else {
        look_until(look, first_us + look->bound_us + 1);
    }
    const struct completion *missed = look->missed;
    judge_worst_us(judge, property, age_of(look));
    if (age_of(look) == 0)
        return;
    judge_behind(judge, property, completions_until(run, missed, look->exchange->sent_us));
    look->grows = property;
    if (missed->at_us >= look->cutoff_us) {
        look_until(look, missed->at_us + look->bound_us + 1);
        return;
    }
    look_from(look, missed->at_us + look->bound_us + 1);
    struct property_verdict *verdict = look_violated(judge, look, property);
    if (verdict)
        describe_age(judge, look, missed, property, verdict);
}

static void look_fresh(struct judge *judge, struct look *look)
{
    look_age(judge, look, PROPERTY_FRESH);
}

static void look_bounded_age(struct judge *judge, struct look *look)
{
    look_age(judge, look, PROPERTY_BOUNDED_AGE);
}

static bool any_completed(const struct judge *judge)
{
    for (size_t i = 0; i < judge->job_count; i++) {
        for (size_t r = 0; r < judge->jobs[i].run_count; r++) {
            if (judge->jobs[i].runs[r].completion_count > 0)
                return true;
        }
    }
    return false;
}

/* What was missing, of what it takes. */
static void say_why_untested(const struct judge *judge, enum property property,
                             struct property_verdict *verdict)
{
    const int64_t bound_us = judge->claim.bound_us;
    char allowed[LABEL_MAX];
    duration_text(judge, bound_us, allowed);
    if (verdict->tested > 0)
        return;
    if (property == PROPERTY_FRESH && bound_us > 0)
        snprintf(verdict->cause, sizeof verdict->cause,
                 "answers may be up to %s old: bounded-age judges them", allowed);
    else if (property == PROPERTY_BOUNDED_AGE && bound_us == 0)
        snprintf(verdict->cause, sizeof verdict->cause,
                 "answers may not be old at all: fresh judges them");
    else if (!judge->used[KIND_STATISTICS])
        snprintf(verdict->cause, sizeof verdict->cause, "checkpoint statistics were never read");
    else if (!any_completed(judge))
        snprintf(verdict->cause, sizeof verdict->cause, "no checkpoint is known to have completed");
    else if (bound_us == 0)
        snprintf(verdict->cause, sizeof verdict->cause,
                 "checkpoint statistics were not read after a checkpoint had completed");
    else
        snprintf(verdict->cause, sizeof verdict->cause,
                 "checkpoint statistics were not read more than %s after a checkpoint had "
                 "completed",
                 allowed);
}

static void conclude_fresh(const struct judge *judge, struct property_verdict *verdict)
{
    say_why_untested(judge, PROPERTY_FRESH, verdict);
}

static void conclude_bounded_age(const struct judge *judge, struct property_verdict *verdict)
{
    say_why_untested(judge, PROPERTY_BOUNDED_AGE, verdict);
}

const struct check check_fresh = {.property = PROPERTY_FRESH,
                                  .look = look_fresh,
                                  .looks_at = OF_LISTS,
                                  .conclude = conclude_fresh};
const struct check check_bounded_age = {.property = PROPERTY_BOUNDED_AGE,
                                        .look = look_bounded_age,
                                        .looks_at = OF_LISTS,
                                        .conclude = conclude_bounded_age};

static bool is_phantom(const struct look *look, const struct seen_checkpoint *shown)
{
    int64_t shown_us = look_shown_us(look);
    struct run *run = NULL;
    const struct checkpoint_record *record = job_find_shown(look->job, shown, &run);
    if (record && record->began_us == NOT_KNOWN_US)
        return record->completed_us > shown_us;
    return !record || record->began_us > shown_us;
}

static void check_shown(struct judge *judge, struct look *look, const struct seen_checkpoint *shown)
{
    if (shown->status != SEEN_COMPLETED)
        return;
    look_tested(judge, look, PROPERTY_NO_PHANTOM);
    if (!is_phantom(look, shown))
        return;
    look->same_again = false;
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_NO_PHANTOM);
    if (!verdict)
        return;
    witness_answer(judge, look, verdict);
    witness_add(verdict, look->exchange->done_us, look->job->label, 0,
                "checkpoint %lld has not begun to complete", (long long)shown->id);
    bool origin_said_so = fetch_of_version(look->job, look->seen->version) != NULL;
    /* No call brought such a snapshot: it was made up on the way. */
    const enum layer layer = origin_said_so     ? LAYER_ORIGIN
                             : judge->has_calls ? LAYER_ENDPOINT
                                                : LAYER_UNKNOWN;
    witness_cause(verdict, layer,
                  "Checkpoint %lld was shown as completed before its completion began.",
                  (long long)shown->id);
}

/* Only the origin's own journal tells when a completion begins. */
static void look_no_phantom(struct judge *judge, struct look *look)
{
    if (!look->is_list || !look->job->has_began)
        return;
    /* All that is shown has begun: true of every answer that left after the last beginning. */
    look_left_from(look, look->job->newest_began_us);
    if (look->is_clean || look->vouched_for != 0)
        look_tested(judge, look, PROPERTY_NO_PHANTOM);
    if (look->is_clean)
        return;
    for (size_t i = 0; i < look->seen->history_count; i++) {
        if (!look_is_vouched_for(look, i))
            check_shown(judge, look, &look->seen->history[i]);
    }
    if (look->seen->has_latest_completed)
        check_shown(judge, look, &look->seen->latest_completed);
}

/* What a list had shown by then begins only now. A list that mixes runs up may have shown it as
 * another run's. */
static void fact_no_phantom(struct judge *judge, const struct news *news)
{
    const struct fact *fact = news->fact;
    if (!news->record)
        return;
    for (size_t i = 0; i < news->job->run_count; i++) {
        const struct checkpoint_record *record = run_find(&news->job->runs[i], fact->checkpoint);
        if (record && record->trigger_ms == fact->trigger_ms &&
            record->first_shown_us < fact->at_us)
            judge_worst_us(judge, PROPERTY_NO_PHANTOM, fact->at_us - record->first_shown_us);
    }
}

static void conclude_no_phantom(const struct judge *judge, struct property_verdict *verdict)
{
    bool is_told = false;
    for (size_t i = 0; i < judge->job_count; i++)
        is_told |= judge->jobs[i].has_began;
    if (verdict->tested == 0 && !is_told)
        snprintf(verdict->cause, sizeof verdict->cause,
                 "when a completion begins only the origin's own journal tells");
}

const struct check check_no_phantom = {.property = PROPERTY_NO_PHANTOM,
                                       .untested = "no answer showed a completed checkpoint",
                                       .conclude = conclude_no_phantom,
                                       .look = look_no_phantom,
                                       .looks_at = OF_LISTS,
                                       .fact = fact_no_phantom,
                                       .hears = HEARS(FACT_BEGAN)};

static void describe_drop(const struct judge *judge, const struct look *look,
                          const struct floor *floor, struct property_verdict *verdict)
{
    char before[LABEL_MAX], after[LABEL_MAX], target[TARGET_MAX];
    const struct exchange *exchange = look->exchange;
    shown_text(floor->shown.id, before);
    shown_text(look->shown_id, after);
    path_text(look->job, PATH_STATISTICS, target);
    witness_since(verdict, floor->done_us, client_name(judge, floor->client), floor->seq,
                  "%s  answered %s (snapshot %llu)", target, before,
                  (unsigned long long)floor->shown.version);
    target_text(judge, exchange, target);
    witness_add(verdict, exchange->sent_us, look_client(judge, look), exchange->seq,
                "%s  answered %s (snapshot %llu)", target, after,
                (unsigned long long)look->seen->version);
    const struct call *call =
        judge->has_calls ? fetch_of_version(look->job, look->seen->version) : NULL;
    enum layer layer = judge->has_calls ? LAYER_UNKNOWN : LAYER_CACHE;
    if (fetch_is_aged(look, floor->done_us))
        layer = LAYER_PROXY;
    else if (call)
        layer = call->taken_us != NOT_KNOWN_US && call->taken_us >= floor->done_us
                    ? LAYER_ORIGIN
                    : fetch_cache_layer(look->job, call->kind);
    witness_cause(verdict, layer,
                  "A request sent after an answer had shown checkpoint %s saw an older state.",
                  before);
}

/* The finding is the same for other reads of the same answer: only under `fresh`, where all are
 * compared with the same; see judge_repeats.c for the others. */
static void tell_repeats(struct look *look, const struct floors *floors, bool floor_known)
{
    const struct shown_state shown = {.id = look->shown_id, .version = look->seen->version};
    if (!floor_known || floors_are_above(floors, &shown))
        look->same_again = false;
    else
        look_from(look, floors->since_us + 1);
}

/*
 * Compared are the latest id and the version of the snapshot, which rises by one with every
 * report to the tracker (reference, section 13). Under a claim of fresh across all clients, else
 * for each client by itself: behind one address there may be several caches.
 */
static void look_monotonic(struct judge *judge, struct look *look)
{
    bool across = judge->claim.bound_us == 0;
    if (!look->is_list || !look->run || (across && look->bound_us > 0))
        return;
    if (!across && !compares_client(&judge->claim, look->exchange))
        return;
    const struct floors *floors =
        across ? &look->run->everyone : client_floors(look->run, look->exchange->client_index);
    const struct floor *floor = floors ? floor_before(floors, look->exchange->sent_us) : NULL;
    if (across)
        tell_repeats(look, floors, floor != NULL);
    if (!floor)
        return;
    look_tested(judge, look, PROPERTY_MONOTONIC);
    if (look->shown_id >= floor->id && look->seen->version >= floor->version)
        return;
    judge_worst(judge, PROPERTY_MONOTONIC,
                floor->id > look->shown_id ? (double)(floor->id - look->shown_id) : 0,
                "checkpoints");
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_MONOTONIC);
    if (verdict)
        describe_drop(judge, look, floor, verdict);
}

static void conclude_monotonic(const struct judge *judge, struct property_verdict *verdict)
{
    if (verdict->tested == 0 && judge->claim.bound_us > 0)
        snprintf(verdict->cause, sizeof verdict->cause,
                 judge->client_count > 0
                     ? "no client read a run's statistics again after it had been answered"
                     : "clients have no names: with an age allowed each is compared with itself "
                       "alone");
}

const struct check check_monotonic = {
    .property = PROPERTY_MONOTONIC,
    .untested = "no run's statistics were read again after they had been answered",
    .conclude = conclude_monotonic,
    .look = look_monotonic,
    .looks_at = OF_LISTS};
