#include "harness/judge/judge_absorb.h"

#include <string.h>

#include "harness/judge/judge_errors.h"
#include "harness/judge/judge_floors.h"
#include "harness/judge/judge_paths.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"

/* What an answer adds to the memory: which run it shows, what was shown from when on, and what
 * it proves for later requests. */

static int64_t newest_trigger_ms(const struct observation *seen)
{
    int64_t newest = seen->has_latest_completed ? seen->latest_completed.trigger_ms : 0;
    for (size_t i = 0; i < seen->history_count; i++) {
        if (seen->history[i].trigger_ms > newest)
            newest = seen->history[i].trigger_ms;
    }
    return newest;
}

/*
 * Without facts of runs: a state that drops, and yet speaks of a checkpoint or a restore newer
 * than any seen before, is a new life of the job (its JobManager was lost, or it was started
 * anew). Source: Flink CheckpointStatsTracker lives and dies with its JobMaster.
 */
static bool tell_run_from_answers(struct look *look)
{
    struct job_state *job = look->job;
    struct run *run = job_current_run(job);
    int64_t trigger_ms = newest_trigger_ms(look->seen);
    int64_t restored_ms = look->seen->has_latest_restored ? look->seen->restored_ms : 0;
    const struct floor *top =
        run->everyone.count > 0 ? &floors_items(&run->everyone)[run->everyone.count - 1] : NULL;
    bool drops = top && (look->shown_id < top->id || look->seen->version < top->version);
    bool newer = trigger_ms > run->newest_trigger_ms || restored_ms > run->newest_restored_ms;
    if (drops && newer) {
        int64_t older_trigger_ms = run->newest_trigger_ms;
        run = job_add_run(job, look->exchange->sent_us);
        if (!run)
            return false;
        run->older_trigger_ms = older_trigger_ms;
    }
    /* An answer of the run before, from some other cache, is compared with nothing. */
    look->shows_older_run = trigger_ms > 0 && trigger_ms <= run->older_trigger_ms;
    if (look->shows_older_run)
        return true;
    look->run = run;
    if (trigger_ms > run->newest_trigger_ms)
        run->newest_trigger_ms = trigger_ms;
    if (restored_ms > run->newest_restored_ms)
        run->newest_restored_ms = restored_ms;
    return true;
}

/* With facts: by a checkpoint whose trigger time is that of one run only. */
static void tell_run_from_facts(struct look *look)
{
    struct job_state *job = look->job;
    const struct observation *seen = look->seen;
    if (job->run_count == 1) {
        look->run = &job->runs[0];
        return;
    }
    if (seen->has_latest_completed) {
        job_find_shown(job, &seen->latest_completed, &look->run);
        return;
    }
    for (size_t i = 0; i < seen->history_count && !look->run; i++)
        job_find_shown(job, &seen->history[i], &look->run);
}

bool absorb_run(struct judge *judge, struct look *look)
{
    struct job_state *job = look->job;
    (void)judge;
    if (look->is_list && !job->has_journal && job_current_run(job)->number == 0 &&
        !tell_run_from_answers(look))
        return false;
    if (look->is_list && !look->run && (job->has_journal || job_current_run(job)->number != 0))
        tell_run_from_facts(look);
    look->current = job_current_run(job);
    look->shows_older_run |= look->run && look->run < look->current;
    return true;
}

static bool is_vouched_for(const struct run *run, const struct seen_checkpoint *entry)
{
    if (entry->status != SEEN_COMPLETED || !entry->path)
        return false;
    const struct checkpoint_record *record = run_find(run, entry->id);
    return record && record->vouched_for && record->trigger_ms == entry->trigger_ms &&
           (!entry->discarded || record->seen_discarded_us != NOT_KNOWN_US) && record->path &&
           strcmp(record->path, entry->path) == 0;
}

static size_t current_run_index(const struct look *look)
{
    return (size_t)(look->current - look->job->runs);
}

int64_t look_shown_us(const struct look *look)
{
    const struct exchange *exchange = look->exchange;
    return exchange->left_us > exchange->sent_us ? exchange->left_us : exchange->done_us;
}

void absorb_known_content(struct look *look)
{
    /* An answer may arrive late that left before something in it began: then each entry counts. */
    if (!look->is_list || look->run != look->current ||
        look_shown_us(look) < look->job->newest_began_us)
        return;
    const uint64_t serial = look->exchange->seen_serial;
    if (serial != 0 && serial == look->job->clean.serial &&
        current_run_index(look) == look->job->clean.run) {
        look->is_clean = true;
        return;
    }
    const size_t count = look->seen->history_count < 64 ? look->seen->history_count : 64;
    for (size_t i = 0; i < count; i++) {
        if (is_vouched_for(look->current, &look->seen->history[i]))
            look->vouched_for |= UINT64_C(1) << i;
    }
}

bool look_is_vouched_for(const struct look *look, size_t history_index)
{
    return history_index < 64 && (look->vouched_for >> history_index & 1) != 0;
}

/* After a list was found good: its completed entries of the current run, each of which has begun
 * by now and is owned by this job. */
static void vouch_for(const struct look *look, const struct seen_checkpoint *entry)
{
    struct checkpoint_record *record =
        entry->status == SEEN_COMPLETED ? run_find(look->current, entry->id) : NULL;
    if (!record || !record->listed || record->trigger_ms != entry->trigger_ms)
        return;
    const bool began = record->began_us != NOT_KNOWN_US || !look->job->has_began;
    record->vouched_for = began;
}

/* Nothing in it was wrong, and every completed entry is known by now. */
static bool is_clean(const struct look *look)
{
    const struct observation *seen = look->seen;
    const uint32_t content = UINT32_C(1) << PROPERTY_NO_PHANTOM |
                             UINT32_C(1) << PROPERTY_CONSISTENT |
                             UINT32_C(1) << PROPERTY_NUMERIC_LATEST;
    if (look->run != look->current || look->stranger.kind != STRANGER_NONE ||
        (look->violated & content) != 0 || seen->contradiction || !seen->has_latest_completed ||
        !is_vouched_for(look->current, &seen->latest_completed) || seen->has_latest_savepoint)
        return false;
    for (size_t i = 0; i < seen->history_count; i++) {
        if (seen->history[i].status == SEEN_COMPLETED && !look_is_vouched_for(look, i) &&
            !is_vouched_for(look->current, &seen->history[i]))
            return false;
    }
    return true;
}

static bool is_without_fault(const struct look *look)
{
    return look->run == look->current && look->stranger.kind == STRANGER_NONE &&
           (look->violated >> PROPERTY_NO_PHANTOM & 1) == 0;
}

/* A list may hold what another run is known to have completed. */
static bool is_of_another_run(const struct look *look, const struct seen_checkpoint *entry)
{
    struct run *run = NULL;
    return look->job->run_count > 1 && job_find_shown(look->job, entry, &run) && run != look->run;
}

/* What a list says about one completed checkpoint. */
static bool absorb_entry(struct judge *judge, struct look *look,
                         const struct seen_checkpoint *entry)
{
    if (entry->status != SEEN_COMPLETED || !look->run)
        return true;
    struct checkpoint_record *record = run_find(look->run, entry->id);
    bool is_new = !record || !record->listed;
    /* A number comes once in a run: what has another trigger time is another checkpoint. */
    if (record && record->trigger_ms && entry->trigger_ms &&
        record->trigger_ms != entry->trigger_ms)
        return true;
    if (is_new && ((entry->path && owner_elsewhere(judge, look->job, entry->path)) ||
                   is_of_another_run(look, entry)))
        return true;
    if (is_new) {
        record = run_record(look->run, entry->id);
        if (!record)
            return false;
        record->first_shown_us = look_shown_us(look);
        look->job->generation++;
        look->taught++;
        record->listed = true;
        record->state_size = entry->state_size;
        if (!record->trigger_ms)
            record->trigger_ms = entry->trigger_ms;
    }
    if (look_shown_us(look) < record->first_shown_us)
        record->first_shown_us = look_shown_us(look); /* it left first and came later */
    if (entry->discarded && record->seen_discarded_us == NOT_KNOWN_US) {
        look->job->saw_discarded = true;
        look->job->generation++;
        record->seen_discarded_us = look->exchange->done_us;
        record->seen_discarded_seq = look->exchange->seq;
    }
    if (!is_new || !entry->path || record->path)
        return true;
    record->path = path_copy(judge, entry->path);
    return record->path && owner_add_record(judge, record, (size_t)(look->job - judge->jobs));
}

/* An answer that showed a completion proves it for every request sent later. */
static bool absorb_completion(struct look *look, int64_t id, enum how_known how)
{
    struct run *run = look->run ? look->run : look->current;
    return job_completed(look->job, run,
                         &(struct completion){.at_us = look->exchange->done_us,
                                              .id = id,
                                              .how = how,
                                              .seq = look->exchange->seq,
                                              .client = look->exchange->client_index});
}

/* A path of another checkpoint is right-job's business. */
struct checkpoint_record *look_handed_out(const struct look *look)
{
    struct run *run = NULL;
    if (!look->is_list || !look->seen->has_latest_completed)
        return NULL;
    const struct seen_checkpoint *latest = &look->seen->latest_completed;
    if (latest->discarded || !latest->path)
        return NULL;
    struct checkpoint_record *record = job_find_shown(look->job, latest, &run);
    if (record && record->path && strcmp(record->path, latest->path) != 0)
        return NULL;
    return record;
}

static void absorb_hand_out(struct look *look)
{
    struct checkpoint_record *record = look_handed_out(look);
    const struct hand_out now = {.done = true,
                                 .left_us = look->exchange->left_us,
                                 .seq = look->exchange->seq,
                                 .client = look->exchange->client_index};
    if (record)
        record_hand_out(record, &now);
}

static bool absorb_list(struct judge *judge, struct look *look)
{
    const struct observation *seen = look->seen;
    if (look->is_clean) {
        absorb_hand_out(look);
        return absorb_floors(judge, look);
    }
    for (size_t i = 0; i < seen->history_count; i++) {
        if (look_is_vouched_for(look, i))
            continue;
        if (!absorb_entry(judge, look, &seen->history[i]))
            return false;
        if (is_without_fault(look))
            vouch_for(look, &seen->history[i]);
    }
    if (seen->has_latest_completed && !absorb_entry(judge, look, &seen->latest_completed))
        return false;
    if (seen->has_latest_savepoint && !absorb_entry(judge, look, &seen->latest_savepoint))
        return false;
    if (is_clean(look) && look->job->has_journal) {
        look->job->clean.serial = look->exchange->seen_serial;
        look->job->clean.run = current_run_index(look);
        look->job->clean.is_numeric = (look->tested >> PROPERTY_NUMERIC_LATEST & 1) != 0;
    }
    absorb_hand_out(look);
    bool proves = !look->job->has_journal && look->run && look->shown_id > 0 &&
                  !seen->latest_completed.is_savepoint && look->stranger.kind == STRANGER_NONE;
    if (proves && !absorb_completion(look, look->shown_id, KNOWN_BY_ANSWER))
        return false;
    return absorb_floors(judge, look);
}

static bool absorb_details(struct judge *judge, struct look *look)
{
    const struct seen_checkpoint *shown = &look->seen->latest_completed;
    if (!shown->path || look->stranger.kind != STRANGER_NONE)
        return true;
    const struct checkpoint_record *record = run_find(look->current, shown->id);
    const bool is_known = record && record->path && strcmp(record->path, shown->path) == 0;
    return is_known || owner_add(judge, shown->path, (size_t)(look->job - judge->jobs));
}

static void absorb_job(struct look *look)
{
    struct job_state *job = look->job;
    const struct exchange *exchange = look->exchange;
    if (look->seen->job_initializing) {
        job->generation += job->known_from_us != NOT_KNOWN_US;
        job->known_from_us = NOT_KNOWN_US;
        return;
    }
    if (job->known_from_us == NOT_KNOWN_US) {
        job->known_from_us = exchange->done_us + 1;
        job->unknown_to_us = exchange->done_us;
        job->known_seq = exchange->seq;
        job->generation++;
    }
    if (look->seen->job_terminal)
        return;
    for (size_t i = 0; i <= ERROR_OTHER; i++) {
        struct first_error *first = &job->errors.first[i];
        if (first->done_us < exchange->done_us && first->healthy_us == NOT_KNOWN_US) {
            first->healthy_us = exchange->done_us;
            first->healthy_seq = exchange->seq;
            first->healthy_client = exchange->client_index;
            job->generation++;
        }
    }
    job->errors.was_healthy = true;
}

/*
 * Remembers the first error of its kind, until statistics are answered well. Only of a job that
 * was never seen well before: one that was may have ended since, or lost its JobManager, while
 * GET /jobs/:jobid still shows it running out of a cache (recording finished-job of 1.18.0).
 */
static void absorb_error(struct look *look)
{
    struct job_state *job = look->job;
    if (look->is_list) {
        for (size_t i = 0; i <= ERROR_OTHER; i++) {
            job->generation += job->errors.first[i].done_us != NOT_KNOWN_US;
            job->errors.first[i].done_us = NOT_KNOWN_US;
        }
        return;
    }
    if (look->exchange->path != PATH_STATISTICS || !look->seen ||
        look->seen->kind != OBSERVED_ERROR)
        return;
    struct first_error *first = &job->errors.first[look->seen->error];
    bool was_well = job->errors.was_healthy || job->answered_statistics;
    if (first->done_us != NOT_KNOWN_US || was_well)
        return;
    job->generation++;
    *first = (struct first_error){.done_us = look->exchange->done_us,
                                  .healthy_us = NOT_KNOWN_US,
                                  .seq = look->exchange->seq,
                                  .client = look->exchange->client_index,
                                  .status = look->exchange->status};
}

/*
 * A trigger status proves something of the current run when it was asked for since that run began.
 * A JobManager keeps it for longer than a job lives, though: where the origin tells what begins to
 * complete, the checkpoint must have begun in this run.
 */
static bool proves_completion(const struct look *look)
{
    if (look->exchange->status != 200 || !look->seen ||
        look->seen->kind != OBSERVED_TRIGGER_STATUS || !look->seen->trigger_done ||
        look->seen->trigger_failed || look->current->began_us > look->exchange->sent_us)
        return false;
    const struct checkpoint_record *record =
        run_find(look->current, look->seen->trigger_checkpoint);
    return !look->job->has_began || (record && record->began_us != NOT_KNOWN_US);
}

bool absorb_answer(struct judge *judge, struct look *look)
{
    struct job_state *job = look->job;
    const struct exchange *exchange = look->exchange;
    bool good = exchange->status == 200 && look->seen;
    if (exchange->done_us > job->requests.answered_us[look->kind])
        job->requests.answered_us[look->kind] = exchange->done_us;
    if (good && look->kind <= KIND_STATISTICS) {
        judge->used[look->kind] = true;
        state_know_job(judge, job);
    }
    job->answered_statistics |= look->is_list || look->is_details;
    job->saw_other_paths |= good && look->kind <= KIND_STATISTICS && !look->is_list;
    absorb_error(look);
    if (look->is_list && exchange->is_direct && look->run == look->current &&
        look->seen->version > job->direct.version) {
        job->direct.done_us = exchange->done_us;
        job->direct.version = look->seen->version;
    }
    if (look->is_list)
        return absorb_list(judge, look);
    if (look->is_details)
        return absorb_details(judge, look);
    if (good && exchange->path == PATH_JOB && look->seen->kind == OBSERVED_JOB)
        absorb_job(look);
    if (proves_completion(look))
        return absorb_completion(look, look->seen->trigger_checkpoint, KNOWN_BY_TRIGGER_STATUS);
    return true;
}
