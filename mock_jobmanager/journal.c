#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "mock_jobmanager/calls_internal.h"
#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/stored_internal.h"

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
        vector_grow(jobmanager->journal, end, &jobmanager->journal_capacity, sizeof *journal);
    if (!journal)
        return false;
    jobmanager->journal = journal;
    return true;
}

/* A new line, written in its place; NULL when out of memory. `path` may be NULL. */
static struct journal_entry *add_entry(struct jobmanager *jobmanager, enum journal_kind kind,
                                       struct shared_text *path)
{
    if (!make_room(jobmanager))
        return NULL;
    struct journal_line *const line =
        &jobmanager->journal[jobmanager->journal_first + jobmanager->journal_count++];
    line->path = shared_text_retain(path);
    line->entry = (struct journal_entry){
        .kind = kind, .at_us = jobmanager->now_us, .path = path ? path->bytes : NULL};
    return &line->entry;
}

const struct journal_entry *jobmanager_next_entry(struct jobmanager *jobmanager)
{
    if (jobmanager->journal_count == 0)
        return NULL;
    shared_text_release(jobmanager->taken_path);
    const struct journal_line *const line = &jobmanager->journal[jobmanager->journal_first++];
    if (--jobmanager->journal_count == 0)
        jobmanager->journal_first = 0;
    jobmanager->taken_path = line->path;
    return &line->entry;
}

void journal_free(struct jobmanager *jobmanager)
{
    while (jobmanager_next_entry(jobmanager))
        continue;
    shared_text_release(jobmanager->taken_path);
    free(jobmanager->journal);
}

static struct journal_entry *add_about(struct jobmanager *jobmanager, enum journal_kind kind,
                                       const struct job *job, struct shared_text *path)
{
    struct journal_entry *const entry = add_entry(jobmanager, kind, path);
    if (!entry)
        return NULL;
    entry->job = job->index;
    entry->job_id = job->plan->id;
    entry->run = job->run;
    return entry;
}

bool journal_run(struct jobmanager *jobmanager, const struct job *job)
{
    return add_about(jobmanager, JOURNAL_RUN_BEGAN, job, NULL) != NULL;
}

bool journal_state(struct jobmanager *jobmanager, const struct job *job)
{
    struct journal_entry *const entry = add_about(jobmanager, JOURNAL_STATE, job, NULL);
    if (!entry)
        return false;
    entry->state = job->state;
    return true;
}

bool journal_pending(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                     const struct pending_checkpoint *pending)
{
    struct journal_entry *const entry = add_about(jobmanager, kind, job, pending->path);
    if (!entry)
        return false;
    entry->checkpoint = pending->id;
    entry->is_savepoint = checkpoint_type_is_savepoint(pending->type);
    entry->trigger_ms = epoch_ms(jobmanager, pending->trigger_us);
    return true;
}

bool journal_stored(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                    const struct stored_checkpoint *stored, uint64_t run)
{
    struct journal_entry *const entry = add_about(jobmanager, kind, job, stored->path);
    if (!entry)
        return false;
    entry->run = run;
    entry->checkpoint = stored->id;
    entry->is_savepoint = stored->is_savepoint;
    entry->trigger_ms = stored->trigger_ms;
    return true;
}

bool journal_call(struct jobmanager *jobmanager, enum journal_kind kind, const struct call *call,
                  const struct fetch_result *result)
{
    struct journal_entry *const entry = add_entry(jobmanager, kind, NULL);
    if (!entry)
        return false;
    entry->job = call->job;
    entry->job_id = call->request.job;
    entry->fetch = call->fetch;
    entry->call = call->request.kind;
    const struct job *const job = job_at(jobmanager, call->job);
    if (job && job->known)
        entry->run = job->run;
    if (!result)
        return true;
    entry->outcome = result->outcome;
    const struct checkpoint_stats *const stats =
        result->graph ? result->graph->stats : result->stats;
    if (!stats)
        return true;
    entry->run = stats->run;
    entry->version = checkpoint_stats_version(stats);
    return true;
}
