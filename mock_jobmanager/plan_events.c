#include "mock_jobmanager/jobmanager_internal.h"

#include <assert.h>
#include <stdlib.h>

static bool names_its_trigger(const struct job_event *event)
{
    return (event->kind == JOB_EVENT_COMPLETES || event->kind == JOB_EVENT_FAILS_CHECKPOINT) &&
           event->takes_us > 0;
}

/* Everything is drawn in the order given, so that ties run in that order. */
bool plan_load(struct jobmanager *jobmanager)
{
    const struct jobmanager_config *const config = &jobmanager->config;
    jobmanager->planned = calloc(config->event_count + 1, sizeof *jobmanager->planned);
    if (!jobmanager->planned)
        return false;
    for (size_t i = 0; i < config->event_count; i++) {
        const struct job_event *const event = &config->events[i];
        assert(event->job < config->job_count);
        const int64_t trigger_us = event->at_us - event->takes_us;
        if (names_its_trigger(event) &&
            !schedule(jobmanager, trigger_us > 0 ? trigger_us : 0, HAPPENS_PLANNED_TRIGGER, i, 0))
            return false;
        if (!schedule(jobmanager, event->at_us, HAPPENS_PLAN_EVENT, i, 0))
            return false;
    }
    return true;
}

static bool trigger_at(struct jobmanager *jobmanager, struct job *job,
                       const struct job_event *event, int64_t trigger_us, uint64_t *serial)
{
    const struct checkpoint_trigger trigger = {
        .id = event->checkpoint,
        .type = event->type,
        .trigger_us = trigger_us,
        .by_plan = true,
    };
    return checkpoint_triggered(jobmanager, job, &trigger, serial);
}

bool planned_trigger_happens(struct jobmanager *jobmanager, size_t index)
{
    const struct job_event *const event = &jobmanager->config.events[index];
    struct job *const job = &jobmanager->jobs[event->job];
    if (!job_takes_checkpoints(job) ||
        (event->checkpoint != 0 && pending_by_id(job, event->checkpoint)))
        return true;
    if (!trigger_at(jobmanager, job, event, event->at_us - event->takes_us,
                    &jobmanager->planned[index]))
        return false;
    /* It belongs to this event, not to the next one that gives no id. */
    pending_by_serial(job, jobmanager->planned[index])->unnamed = false;
    return true;
}

/* The oldest pending one that the plan triggered without giving its id. */
static struct pending_checkpoint *oldest_unnamed(const struct job *job)
{
    for (size_t i = 0; i < job->pending_count; i++)
        if (job->pending[i].by_plan && job->pending[i].unnamed && !job->pending[i].waits_to_show)
            return &job->pending[i];
    return NULL;
}

/*
 * The pending checkpoint that an event is about, or NULL: not pending. A checkpoint that was
 * triggered for this event and is gone was lost with a restart; `is_lost` then.
 */
static struct pending_checkpoint *subject_of(const struct jobmanager *jobmanager,
                                             const struct job *job, const struct job_event *event,
                                             bool *is_lost)
{
    const uint64_t serial = jobmanager->planned[event - jobmanager->config.events];
    struct pending_checkpoint *pending;
    if (serial != 0)
        pending = pending_by_serial(job, serial);
    else if (event->checkpoint != 0)
        pending = pending_by_id(job, event->checkpoint);
    else
        pending = oldest_unnamed(job);
    *is_lost = (serial != 0 && !pending) || (pending && pending->waits_to_show);
    return pending;
}

/* Triggers it first when it is not pending; `*pending` stays NULL when nothing can end. */
static bool find_or_trigger(struct jobmanager *jobmanager, struct job *job,
                            const struct job_event *event, struct pending_checkpoint **pending)
{
    bool is_lost;
    struct pending_checkpoint *const found = subject_of(jobmanager, job, event, &is_lost);
    if (is_lost)
        return true;
    *pending = found;
    if (found)
        return true;
    uint64_t serial;
    if (!trigger_at(jobmanager, job, event, event->at_us - event->takes_us, &serial))
        return false;
    *pending = pending_by_serial(job, serial);
    return true;
}

static bool triggers(struct jobmanager *jobmanager, struct job *job, const struct job_event *event)
{
    if (!job_takes_checkpoints(job))
        return true;
    return trigger_at(jobmanager, job, event, jobmanager->now_us, NULL);
}

static bool acknowledges(struct jobmanager *jobmanager, struct job *job,
                         const struct job_event *event)
{
    bool is_lost;
    struct pending_checkpoint *const pending = subject_of(jobmanager, job, event, &is_lost);
    if (!job_takes_checkpoints(job) || !pending || is_lost)
        return true;
    if (event->subtask > 0)
        return checkpoint_subtask_acknowledged(jobmanager, job, pending, event->subtask - 1);
    return checkpoint_acknowledged(jobmanager, job, pending, pending->acknowledged + 1);
}

static bool completes(struct jobmanager *jobmanager, struct job *job, const struct job_event *event)
{
    struct pending_checkpoint *pending = NULL;
    if (!job_takes_checkpoints(job))
        return true;
    if (!find_or_trigger(jobmanager, job, event, &pending))
        return false;
    return !pending || checkpoint_completed(jobmanager, job, pending, event->durable_after_us);
}

static bool fails_checkpoint(struct jobmanager *jobmanager, struct job *job,
                             const struct job_event *event)
{
    struct pending_checkpoint *pending = NULL;
    if (!job_takes_checkpoints(job))
        return true;
    if (!find_or_trigger(jobmanager, job, event, &pending))
        return false;
    return !pending || checkpoint_failed(jobmanager, job, pending, event->message);
}

/* Possible as soon as there is a tracker: triggers that fail before the job runs are common
 * (reference, section 13). */
static bool fails_to_trigger(struct jobmanager *jobmanager, struct job *job,
                             const struct job_event *event)
{
    if (!job->tracker)
        return true;
    const struct pending_checkpoint failed = {
        .id = event->checkpoint, .type = event->type, .trigger_us = jobmanager->now_us};
    if (event->checkpoint != 0)
        checkpoint_id_used(job, event->checkpoint);
    return tracker_failed_without_pending(job->tracker) &&
           journal_pending(jobmanager, job, JOURNAL_FAILED, &failed);
}

static bool discards(struct jobmanager *jobmanager, struct job *job, const struct job_event *event)
{
    return stored_discard_id(jobmanager, job, event->checkpoint);
}

/* What the plan leaves open is taken from the checkpoint it names, or from the latest one. */
static bool restores(struct jobmanager *jobmanager, struct job *job, const struct job_event *event)
{
    if (!job->tracker)
        return true;
    const struct stored_checkpoint *known =
        event->checkpoint != 0 ? stored_by_id(job, event->checkpoint) : stored_latest(job);
    if (!known && !event->path)
        known = stored_latest(job);
    struct stored_checkpoint from = known ? *known : (struct stored_checkpoint){0};
    if (event->checkpoint != 0)
        from.id = event->checkpoint;
    if (event->path)
        from.path = event->path;
    if (!known)
        from.is_savepoint = checkpoint_type_is_savepoint(event->type);
    return from.id == 0 || job_restores(jobmanager, job, &from);
}

static bool initializes(struct jobmanager *jobmanager, struct job *job,
                        const struct job_event *event)
{
    (void)event;
    return job_initializes(jobmanager, job);
}

static bool runs(struct jobmanager *jobmanager, struct job *job, const struct job_event *event)
{
    (void)event;
    return job_runs(jobmanager, job);
}

static bool restarts(struct jobmanager *jobmanager, struct job *job, const struct job_event *event)
{
    return job_restarts(jobmanager, job, event->takes_us);
}

static bool starts_over(struct jobmanager *jobmanager, struct job *job,
                        const struct job_event *event)
{
    return job_starts_over(jobmanager, job, event->takes_us);
}

static bool fails_over(struct jobmanager *jobmanager, struct job *job,
                       const struct job_event *event)
{
    return job_fails_over(jobmanager, job, event->takes_us);
}

static bool ends(struct jobmanager *jobmanager, struct job *job, const struct job_event *event)
{
    if (event->kind == JOB_EVENT_FINISHES)
        return job_ends(jobmanager, job, JOB_FINISHED);
    return job_ends(jobmanager, job, event->kind == JOB_EVENT_FAILS ? JOB_FAILED : JOB_CANCELED);
}

bool plan_event_happens(struct jobmanager *jobmanager, size_t index)
{
    static bool (*const happenings[JOB_EVENT_COUNT])(struct jobmanager *, struct job *,
                                                     const struct job_event *) = {
        [JOB_EVENT_INITIALIZES] = initializes,
        [JOB_EVENT_RUNS] = runs,
        [JOB_EVENT_TRIGGERS] = triggers,
        [JOB_EVENT_ACKNOWLEDGES] = acknowledges,
        [JOB_EVENT_COMPLETES] = completes,
        [JOB_EVENT_FAILS_CHECKPOINT] = fails_checkpoint,
        [JOB_EVENT_FAILS_TO_TRIGGER] = fails_to_trigger,
        [JOB_EVENT_DISCARDS] = discards,
        [JOB_EVENT_RESTARTS] = restarts,
        [JOB_EVENT_RESCALES] = restarts, /* the tracker goes on in both (reference 4.1) */
        [JOB_EVENT_STARTS_OVER] = starts_over,
        [JOB_EVENT_FAILS_OVER] = fails_over,
        [JOB_EVENT_RESTORES] = restores,
        [JOB_EVENT_FINISHES] = ends,
        [JOB_EVENT_FAILS] = ends,
        [JOB_EVENT_IS_CANCELLED] = ends,
    };
    const struct job_event *const event = &jobmanager->config.events[index];
    assert((unsigned)event->kind < JOB_EVENT_COUNT);
    return happenings[event->kind](jobmanager, &jobmanager->jobs[event->job], event);
}
