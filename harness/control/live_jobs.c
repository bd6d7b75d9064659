#include "harness/control/live_jobs.h"

#include <stdlib.h>
#include <string.h>

void live_jobs_free(struct live_jobs *jobs)
{
    free(jobs->jobs);
    *jobs = (struct live_jobs){0};
}

static struct live_job *find(const struct live_jobs *jobs, struct id id)
{
    for (size_t i = 0; i < jobs->count; i++) {
        if (id_equal(jobs->jobs[i].id, id))
            return &jobs->jobs[i];
    }
    return NULL;
}

static struct live_job *add(struct live_jobs *jobs)
{
    if (jobs->count == jobs->capacity) {
        const size_t capacity = jobs->capacity ? 2 * jobs->capacity : 16;
        struct live_job *grown = realloc(jobs->jobs, capacity * sizeof *grown);
        if (!grown)
            return NULL;
        jobs->jobs = grown;
        jobs->capacity = capacity;
    }
    return &jobs->jobs[jobs->count++];
}

static void drop(struct live_jobs *jobs, struct live_job *job)
{
    const size_t behind = (size_t)(jobs->jobs + jobs->count - (job + 1));
    memmove(job, job + 1, behind * sizeof *job);
    jobs->count--;
}

bool live_jobs_take(struct live_jobs *jobs, const struct journal_entry *entry)
{
    if (entry->kind != JOURNAL_STATE)
        return true;
    struct live_job *job = find(jobs, entry->job_id);
    if (job_status_is_terminal(entry->state)) {
        if (job)
            drop(jobs, job);
        return true;
    }
    if (!job)
        job = add(jobs);
    if (!job)
        return false;
    *job = (struct live_job){
        .id = entry->job_id, .index = entry->job, .run = entry->run, .state = entry->state};
    return true;
}

bool live_jobs_has(const struct live_jobs *jobs, struct id job)
{
    return find(jobs, job) != NULL;
}
