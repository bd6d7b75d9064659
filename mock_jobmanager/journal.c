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
    struct journal_entry *const journal =
        grow(jobmanager->journal, end, &jobmanager->journal_capacity, sizeof *journal);
    if (!journal)
        return false;
    jobmanager->journal = journal;
    return true;
}

bool journal_add(struct jobmanager *jobmanager, const struct journal_entry *entry)
{
    if (!make_room(jobmanager))
        return false;
    struct journal_entry *const line =
        &jobmanager->journal[jobmanager->journal_first + jobmanager->journal_count++];
    *line = *entry;
    line->at_us = jobmanager->now_us;
    return true;
}

bool jobmanager_next_entry(struct jobmanager *jobmanager, struct journal_entry *entry)
{
    if (jobmanager->journal_count == 0)
        return false;
    *entry = jobmanager->journal[jobmanager->journal_first++];
    if (--jobmanager->journal_count == 0)
        jobmanager->journal_first = 0;
    return true;
}

static struct journal_entry about(enum journal_kind kind, const struct job *job, uint64_t run)
{
    return (struct journal_entry){
        .kind = kind, .job = job->index, .job_id = job->plan->id, .run = run};
}

bool journal_run(struct jobmanager *jobmanager, const struct job *job)
{
    const struct journal_entry entry = about(JOURNAL_RUN_BEGAN, job, job->run);
    return journal_add(jobmanager, &entry);
}

bool journal_state(struct jobmanager *jobmanager, const struct job *job)
{
    struct journal_entry entry = about(JOURNAL_STATE, job, job->run);
    entry.state = job->state;
    return journal_add(jobmanager, &entry);
}

bool journal_pending(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                     const struct pending_checkpoint *pending)
{
    struct journal_entry entry = about(kind, job, job->run);
    entry.checkpoint = pending->id;
    entry.is_savepoint = checkpoint_type_is_savepoint(pending->type);
    entry.trigger_ms = epoch_ms(jobmanager, pending->trigger_us);
    entry.path = pending->path;
    return journal_add(jobmanager, &entry);
}

bool journal_stored(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                    const struct stored_checkpoint *stored, uint64_t run)
{
    struct journal_entry entry = about(kind, job, run);
    entry.checkpoint = stored->id;
    entry.is_savepoint = stored->is_savepoint;
    entry.trigger_ms = stored->trigger_ms;
    entry.path = stored->path;
    return journal_add(jobmanager, &entry);
}

bool journal_call(struct jobmanager *jobmanager, enum journal_kind kind, const struct call *call,
                  const struct fetch_result *result)
{
    struct journal_entry entry = {.kind = kind,
                                  .job = call->job,
                                  .job_id = call->request.job,
                                  .fetch = call->fetch,
                                  .call = call->request.kind};
    if (call->job != SIZE_MAX && jobmanager->jobs[call->job].known)
        entry.run = jobmanager->jobs[call->job].run;
    const struct checkpoint_stats *stats = NULL;
    if (result) {
        entry.outcome = result->outcome;
        stats = result->graph ? result->graph->stats : result->stats;
    }
    if (stats) {
        entry.run = stats->run;
        entry.version = checkpoint_stats_version(stats);
    }
    return journal_add(jobmanager, &entry);
}
