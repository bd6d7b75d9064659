#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"

/* The place of this index among the jobs, or where it would be. */
static size_t place_of_index(const struct jobmanager *jobmanager, size_t index)
{
    size_t low = jobmanager->config.job_count, high = jobmanager->job_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (jobmanager->jobs[middle]->index < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct job *job_at(const struct jobmanager *jobmanager, size_t index)
{
    if (index < jobmanager->config.job_count)
        return jobmanager->jobs[index];
    const size_t place = place_of_index(jobmanager, index);
    struct job *const job = place < jobmanager->job_count ? jobmanager->jobs[place] : NULL;
    return job && job->index == index ? job : NULL;
}

/* The place of the first job with this id in the order of ids, or where it would be. */
static size_t place_of_id(const struct jobmanager *jobmanager, struct id id)
{
    size_t low = 0, high = jobmanager->job_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (id_compare(jobmanager->jobs_by_id[middle]->plan->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct job *job_find(const struct jobmanager *jobmanager, struct id id)
{
    const size_t place = place_of_id(jobmanager, id);
    if (place == jobmanager->job_count)
        return NULL;
    struct job *const job = jobmanager->jobs_by_id[place];
    return id_equal(job->plan->id, id) ? job : NULL;
}

/* After those with the same id, which only a plan can have: its first one is meant by the id. */
static size_t place_for(const struct jobmanager *jobmanager, const struct job *job)
{
    size_t place = place_of_id(jobmanager, job->plan->id);
    while (place < jobmanager->job_count &&
           id_equal(jobmanager->jobs_by_id[place]->plan->id, job->plan->id))
        place++;
    return place;
}

static bool make_room(struct jobmanager *jobmanager)
{
    struct job **const jobs = vector_grow(jobmanager->jobs, jobmanager->job_count,
                                          &jobmanager->job_capacity, sizeof(struct job *));
    if (!jobs)
        return false;
    jobmanager->jobs = jobs;
    struct job **const by_id = vector_grow(jobmanager->jobs_by_id, jobmanager->job_count,
                                           &jobmanager->by_id_capacity, sizeof(struct job *));
    if (!by_id)
        return false;
    jobmanager->jobs_by_id = by_id;
    const struct job **const by_start =
        vector_grow(jobmanager->jobs_by_start, jobmanager->job_count,
                    &jobmanager->by_start_capacity, sizeof(struct job *));
    if (!by_start)
        return false;
    jobmanager->jobs_by_start = by_start;
    return true;
}

struct job *jobs_add(struct jobmanager *jobmanager, const struct job_plan *plan)
{
    if (!make_room(jobmanager))
        return NULL;
    struct job *const job = job_new(jobmanager, jobmanager->next_index, plan);
    if (!job)
        return NULL;
    const size_t place = place_for(jobmanager, job);
    memmove(&jobmanager->jobs_by_id[place + 1], &jobmanager->jobs_by_id[place],
            (jobmanager->job_count - place) * sizeof(struct job *));
    jobmanager->jobs_by_id[place] = job;
    jobmanager->jobs[jobmanager->job_count++] = job;
    jobmanager->next_index++;
    return job;
}

void jobs_remove(struct jobmanager *jobmanager, struct job *job)
{
    size_t by_id = place_of_id(jobmanager, job->plan->id);
    while (jobmanager->jobs_by_id[by_id] != job)
        by_id++;
    const size_t place = place_of_index(jobmanager, job->index);
    jobmanager->job_count--;
    memmove(&jobmanager->jobs_by_id[by_id], &jobmanager->jobs_by_id[by_id + 1],
            (jobmanager->job_count - by_id) * sizeof(struct job *));
    memmove(&jobmanager->jobs[place], &jobmanager->jobs[place + 1],
            (jobmanager->job_count - place) * sizeof(struct job *));
    job_free(jobmanager, job);
    jobmanager->jobs = shrink(jobmanager->jobs, jobmanager->job_count, &jobmanager->job_capacity,
                              sizeof(struct job *));
    jobmanager->jobs_by_id = shrink(jobmanager->jobs_by_id, jobmanager->job_count,
                                    &jobmanager->by_id_capacity, sizeof(struct job *));
    jobmanager->jobs_by_start = shrink(jobmanager->jobs_by_start, jobmanager->job_count,
                                       &jobmanager->by_start_capacity, sizeof(struct job *));
}

void jobs_free(struct jobmanager *jobmanager)
{
    for (size_t i = 0; i < jobmanager->job_count; i++)
        job_free(jobmanager, jobmanager->jobs[i]);
    free(jobmanager->jobs);
    free(jobmanager->jobs_by_id);
    free(jobmanager->jobs_by_start);
}

size_t jobmanager_find_job(const struct jobmanager *jobmanager, struct id id)
{
    const struct job *const job = job_find(jobmanager, id);
    return job ? job->index : SIZE_MAX;
}
