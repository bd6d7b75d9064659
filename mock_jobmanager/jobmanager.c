#include "mock_jobmanager/jobmanager_internal.h"

#include <assert.h>
#include <stdlib.h>

int64_t later(int64_t at_us, int64_t by_us)
{
    if (by_us <= 0)
        return at_us;
    return at_us > INT64_MAX - by_us ? INT64_MAX : at_us + by_us;
}

int64_t epoch_ms(const struct jobmanager *jobmanager, int64_t at_us)
{
    return (jobmanager->config.epoch_us + at_us) / 1000;
}

void *grow(void *array, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity)
        return array;
    const size_t enlarged = *capacity ? 2 * *capacity : 8;
    void *const grown = realloc(array, enlarged * item_size);
    if (grown)
        *capacity = enlarged;
    return grown;
}

bool schedule(struct jobmanager *jobmanager, int64_t due_us, enum happening what, size_t subject,
              uint64_t serial)
{
    return event_queue_add(&jobmanager->queue, (struct scheduled){
                                                   .due_us = due_us,
                                                   .ticket = (*jobmanager->config.ticket)++,
                                                   .kind = what,
                                                   .subject = subject,
                                                   .serial = serial,
                                               });
}

static int compare_jobs(const void *left, const void *right)
{
    const struct job *const a = *(struct job *const *)left, *const b = *(struct job *const *)right;
    const int order = id_compare(a->plan->id, b->plan->id);
    if (order != 0)
        return order;
    return a->index < b->index ? -1 : a->index > b->index;
}

static bool set_up_jobs(struct jobmanager *jobmanager)
{
    const size_t count = jobmanager->config.job_count;
    jobmanager->jobs = calloc(count + 1, sizeof *jobmanager->jobs);
    jobmanager->jobs_by_id = calloc(count + 1, sizeof(struct job *));
    if (!jobmanager->jobs || !jobmanager->jobs_by_id)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!job_set_up(jobmanager, i))
            return false;
        jobmanager->jobs_by_id[i] = &jobmanager->jobs[i];
    }
    qsort(jobmanager->jobs_by_id, count, sizeof(struct job *), compare_jobs);
    return true;
}

static bool start_jobs(struct jobmanager *jobmanager)
{
    for (size_t i = 0; i < jobmanager->config.job_count; i++) {
        struct job *const job = &jobmanager->jobs[i];
        if (job->plan->exists_at_start && !job_runs(jobmanager, job))
            return false;
    }
    return true;
}

struct jobmanager *jobmanager_new(const struct jobmanager_config *config)
{
    struct jobmanager *const jobmanager = calloc(1, sizeof *jobmanager);
    if (!jobmanager)
        return NULL;
    jobmanager->config = *config;
    jobmanager->free_call = SIZE_MAX;
    if (set_up_jobs(jobmanager) && start_jobs(jobmanager) && plan_load(jobmanager))
        return jobmanager;
    jobmanager_free(jobmanager);
    return NULL;
}

void jobmanager_free(struct jobmanager *jobmanager)
{
    if (!jobmanager)
        return;
    for (size_t i = 0; jobmanager->jobs && i < jobmanager->config.job_count; i++)
        job_tear_down(&jobmanager->jobs[i]);
    calls_free(jobmanager);
    finished_store_free(&jobmanager->finished);
    event_queue_free(&jobmanager->queue);
    text_store_free(&jobmanager->texts);
    free(jobmanager->jobs);
    free(jobmanager->jobs_by_id);
    free(jobmanager->planned);
    free(jobmanager->operations);
    free(jobmanager->journal);
    free(jobmanager);
}

int64_t jobmanager_due(const struct jobmanager *jobmanager, uint64_t *ticket)
{
    const struct scheduled *const first = event_queue_first(&jobmanager->queue);
    if (!first)
        return INT64_MAX;
    if (ticket)
        *ticket = first->ticket;
    return first->due_us;
}

/* A beat, mishap or recovery scheduled for an earlier stretch of the job's life is void. */
static bool job_event_happens(struct jobmanager *jobmanager, const struct scheduled *event)
{
    struct job *const job = &jobmanager->jobs[event->subject];
    if (event->kind == HAPPENS_RECOVERY)
        return event->serial != job->recovery_serial || job_recovers(jobmanager, job);
    if (event->serial != job->beat_serial)
        return true;
    if (event->kind == HAPPENS_BEAT)
        return rhythm_beats(jobmanager, job);
    return rhythm_mishap(jobmanager, job, (enum happening)event->kind);
}

static bool checkpoint_event_happens(struct jobmanager *jobmanager, const struct scheduled *event)
{
    struct job *const job = &jobmanager->jobs[event->subject];
    if (event->kind == HAPPENS_ACKNOWLEDGEMENT)
        return checkpoint_acknowledges(jobmanager, job, event->serial);
    if (event->kind == HAPPENS_END)
        return checkpoint_ends(jobmanager, job, event->serial);
    if (event->kind == HAPPENS_VISIBLE)
        return checkpoint_shows(jobmanager, job, event->serial);
    return stored_becomes_durable(jobmanager, job, event->serial);
}

static bool plan_happens(struct jobmanager *jobmanager, const struct scheduled *event)
{
    if (event->kind == HAPPENS_PLANNED_TRIGGER)
        return planned_trigger_happens(jobmanager, event->subject);
    return plan_event_happens(jobmanager, event->subject);
}

static bool call_event_happens(struct jobmanager *jobmanager, const struct scheduled *event)
{
    if (event->kind == HAPPENS_CALL_ARRIVAL)
        return call_arrives(jobmanager, event->subject);
    return call_ends(jobmanager, event->subject);
}

bool jobmanager_advance(struct jobmanager *jobmanager, int64_t now_us)
{
    static bool (*const happenings[HAPPENING_COUNT])(struct jobmanager *,
                                                     const struct scheduled *) = {
        [HAPPENS_PLAN_EVENT] = plan_happens,
        [HAPPENS_PLANNED_TRIGGER] = plan_happens,
        [HAPPENS_BEAT] = job_event_happens,
        [HAPPENS_MISHAP_RESTART] = job_event_happens,
        [HAPPENS_MISHAP_RESCALE] = job_event_happens,
        [HAPPENS_MISHAP_FAILOVER] = job_event_happens,
        [HAPPENS_RECOVERY] = job_event_happens,
        [HAPPENS_ACKNOWLEDGEMENT] = checkpoint_event_happens,
        [HAPPENS_END] = checkpoint_event_happens,
        [HAPPENS_VISIBLE] = checkpoint_event_happens,
        [HAPPENS_DURABLE] = checkpoint_event_happens,
        [HAPPENS_CALL_ARRIVAL] = call_event_happens,
        [HAPPENS_CALL_END] = call_event_happens,
    };
    const struct scheduled *const first = event_queue_first(&jobmanager->queue);
    if (!first || first->due_us > now_us)
        return true;
    const struct scheduled event = event_queue_take(&jobmanager->queue);
    /* A caller with a real clock is always a little late: things keep the instant at which they
     * were due, as long as that is not before something the caller has already told. */
    if (event.due_us > jobmanager->now_us)
        jobmanager->now_us = event.due_us;
    return happenings[event.kind](jobmanager, &event);
}

bool jobmanager_add_event(struct jobmanager *jobmanager, int64_t now_us,
                          const struct job_event *event)
{
    (void)jobmanager;
    (void)now_us;
    (void)event;
    return true;
}

bool jobmanager_add_fault(struct jobmanager *jobmanager, int64_t now_us, const struct fault *fault)
{
    (void)jobmanager;
    (void)now_us;
    (void)fault;
    return true;
}

void jobmanager_clear_faults(struct jobmanager *jobmanager, int64_t now_us)
{
    (void)jobmanager;
    (void)now_us;
}

size_t jobmanager_find_job(const struct jobmanager *jobmanager, struct id id)
{
    const struct job *const job = job_find(jobmanager, id);
    return job ? job->index : SIZE_MAX;
}
