#include <assert.h>
#include <stdlib.h>

#include "mock_jobmanager/calls_internal.h"
#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/happening_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/operations_internal.h"
#include "mock_jobmanager/plan_internal.h"
#include "mock_jobmanager/stops_internal.h"
#include "mock_jobmanager/stored_internal.h"

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

void *shrink(void *array, size_t count, size_t *capacity, size_t item_size)
{
    if (*capacity <= 64 || count > *capacity / 8)
        return array;
    void *const shrunk = realloc(array, *capacity / 2 * item_size);
    if (!shrunk)
        return array;
    *capacity /= 2;
    return shrunk;
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

void advance_now(struct jobmanager *jobmanager, int64_t now_us)
{
    if (now_us > jobmanager->now_us)
        jobmanager->now_us = now_us;
}

static bool set_up_jobs(struct jobmanager *jobmanager)
{
    for (size_t i = 0; i < jobmanager->config.job_count; i++)
        if (!jobs_add(jobmanager, &jobmanager->config.jobs[i]))
            return false;
    return true;
}

static bool start_jobs(struct jobmanager *jobmanager)
{
    for (size_t i = 0; i < jobmanager->config.job_count; i++) {
        struct job *const job = jobmanager->jobs[i];
        if (job->plan->exists_at_start && !job_exists(jobmanager, job))
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
    jobmanager->own_files = config->files ? NULL : checkpoint_files_new();
    jobmanager->files = config->files ? config->files : jobmanager->own_files;
    if (jobmanager->files && set_up_jobs(jobmanager) && faults_load(jobmanager) &&
        start_jobs(jobmanager) && plan_load(jobmanager))
        return jobmanager;
    jobmanager_free(jobmanager);
    return NULL;
}

void jobmanager_free(struct jobmanager *jobmanager)
{
    if (!jobmanager)
        return;
    jobs_free(jobmanager);
    calls_free(jobmanager);
    operations_free(jobmanager);
    journal_free(jobmanager);
    added_events_free(jobmanager);
    finished_store_free(&jobmanager->finished);
    event_queue_free(&jobmanager->queue);
    for (size_t i = 0; i < jobmanager->kept_path_count; i++)
        shared_text_release(jobmanager->kept_paths[i]);
    free(jobmanager->kept_paths);
    buffer_free(&jobmanager->path_text);
    free(jobmanager->planned);
    free(jobmanager->faults);
    checkpoint_files_free(jobmanager->own_files);
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

/* What was scheduled for an earlier stretch of the job's life is void. */
static bool passage_happens(struct jobmanager *jobmanager, const struct scheduled *event)
{
    struct job *const job = job_at(jobmanager, event->subject);
    if (!job || event->serial != job->recovery_serial)
        return true;
    if (event->kind == HAPPENS_RECOVERY)
        return job_recovers(jobmanager, job);
    if (event->kind == HAPPENS_END_OF_JOB)
        return job_ends(jobmanager, job, job->end);
    if (event->kind == HAPPENS_STOP)
        return job_stop_ends(jobmanager, job);
    return job_is_forgotten(jobmanager, job);
}

/* Likewise. */
static bool beat_happens(struct jobmanager *jobmanager, const struct scheduled *event)
{
    struct job *const job = job_at(jobmanager, event->subject);
    if (!job || event->serial != job->beat_serial)
        return true;
    if (event->kind == HAPPENS_BEAT)
        return rhythm_beats(jobmanager, job);
    return rhythm_mishap(jobmanager, job, (enum happening)event->kind);
}

static bool checkpoint_event_happens(struct jobmanager *jobmanager, const struct scheduled *event)
{
    struct job *const job = job_at(jobmanager, event->subject);
    if (!job)
        return true;
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

static bool trimming_happens(struct jobmanager *jobmanager, const struct scheduled *event)
{
    (void)event;
    return jobs_are_trimmed(jobmanager);
}

bool jobmanager_advance(struct jobmanager *jobmanager, int64_t now_us)
{
    static bool (*const happenings[HAPPENING_COUNT])(struct jobmanager *,
                                                     const struct scheduled *) = {
        [HAPPENS_PLAN_EVENT] = plan_happens,
        [HAPPENS_PLANNED_TRIGGER] = plan_happens,
        [HAPPENS_BEAT] = beat_happens,
        [HAPPENS_MISHAP_RESTART] = beat_happens,
        [HAPPENS_MISHAP_RESCALE] = beat_happens,
        [HAPPENS_MISHAP_FAILOVER] = beat_happens,
        [HAPPENS_RECOVERY] = passage_happens,
        [HAPPENS_END_OF_JOB] = passage_happens,
        [HAPPENS_STOP] = passage_happens,
        [HAPPENS_FORGETTING] = passage_happens,
        [HAPPENS_TRIMMING] = trimming_happens,
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
    advance_now(jobmanager, event.due_us);
    return happenings[event.kind](jobmanager, &event);
}
