#include "mock_jobmanager/jobmanager_internal.h"

#include <stdlib.h>
#include <string.h>

/* Lines that were taken leave a gap in front; it is closed when that saves enlarging the array. */
static bool make_room(struct jobmanager *jobmanager)
{
    const size_t end = jobmanager->journal_first + jobmanager->journal_count;
    if (end < jobmanager->journal_capacity)
        return true;
    if (jobmanager->journal_first > jobmanager->journal_count) {
        memmove(jobmanager->journal, jobmanager->journal + jobmanager->journal_first,
                jobmanager->journal_count * sizeof *jobmanager->journal);
        jobmanager->journal_first = 0;
        return true;
    }
    struct journal_line *const journal =
        grow(jobmanager->journal, end, &jobmanager->journal_capacity, sizeof *journal);
    if (!journal)
        return false;
    jobmanager->journal = journal;
    return true;
}

/* `path` may be NULL. */
static bool journal_add(struct jobmanager *jobmanager, const struct journal_entry *entry,
                        struct shared_text *path)
{
    if (!make_room(jobmanager))
        return false;
    struct journal_line *const line =
        &jobmanager->journal[jobmanager->journal_first + jobmanager->journal_count++];
    *line = (struct journal_line){.entry = *entry, .path = shared_text_retain(path)};
    line->entry.at_us = jobmanager->now_us;
    line->entry.path = path ? path->bytes : NULL;
    return true;
}

bool jobmanager_next_entry(struct jobmanager *jobmanager, struct journal_entry *entry)
{
    shared_text_release(jobmanager->taken_path);
    jobmanager->taken_path = NULL;
    if (jobmanager->journal_count == 0)
        return false;
    const struct journal_line *const line = &jobmanager->journal[jobmanager->journal_first++];
    if (--jobmanager->journal_count == 0)
        jobmanager->journal_first = 0;
    *entry = line->entry;
    jobmanager->taken_path = line->path;
    return true;
}

void journal_free(struct jobmanager *jobmanager)
{
    struct journal_entry entry;
    while (jobmanager_next_entry(jobmanager, &entry))
        continue;
    free(jobmanager->journal);
}

static struct journal_entry about(enum journal_kind kind, const struct job *job, uint64_t run)
{
    return (struct journal_entry){
        .kind = kind, .job = job->index, .job_id = job->plan->id, .run = run};
}

bool journal_run(struct jobmanager *jobmanager, const struct job *job)
{
    const struct journal_entry entry = about(JOURNAL_RUN_BEGAN, job, job->run);
    return journal_add(jobmanager, &entry, NULL);
}

bool journal_state(struct jobmanager *jobmanager, const struct job *job)
{
    struct journal_entry entry = about(JOURNAL_STATE, job, job->run);
    entry.state = job->state;
    return journal_add(jobmanager, &entry, NULL);
}

bool journal_pending(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                     const struct pending_checkpoint *pending)
{
    struct journal_entry entry = about(kind, job, job->run);
    entry.checkpoint = pending->id;
    entry.is_savepoint = checkpoint_type_is_savepoint(pending->type);
    entry.trigger_ms = epoch_ms(jobmanager, pending->trigger_us);
    return journal_add(jobmanager, &entry, pending->path);
}

bool journal_stored(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                    const struct stored_checkpoint *stored, uint64_t run)
{
    struct journal_entry entry = about(kind, job, run);
    entry.checkpoint = stored->id;
    entry.is_savepoint = stored->is_savepoint;
    entry.trigger_ms = stored->trigger_ms;
    return journal_add(jobmanager, &entry, stored->path);
}

bool journal_call(struct jobmanager *jobmanager, enum journal_kind kind, const struct call *call,
                  const struct fetch_result *result)
{
    struct journal_entry entry = {.kind = kind,
                                  .job = call->job,
                                  .job_id = call->request.job,
                                  .fetch = call->fetch,
                                  .call = call->request.kind};
    const struct job *const job = job_at(jobmanager, call->job);
    if (job && job->known)
        entry.run = job->run;
    const struct checkpoint_stats *stats = NULL;
    if (result) {
        entry.outcome = result->outcome;
        stats = result->graph ? result->graph->stats : result->stats;
    }
    if (stats) {
        entry.run = stats->run;
        entry.version = checkpoint_stats_version(stats);
    }
    return journal_add(jobmanager, &entry, NULL);
}
