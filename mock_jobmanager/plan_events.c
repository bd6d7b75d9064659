#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/failures_internal.h"
#include "mock_jobmanager/happening_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/plan_internal.h"
#include "mock_jobmanager/stored_internal.h"

static bool names_its_trigger(const struct job_event *event)
{
    return (event->kind == JOB_EVENT_COMPLETES || event->kind == JOB_EVENT_FAILS_CHECKPOINT) &&
           event->takes_us > 0;
}

bool plan_schedule(struct jobmanager *jobmanager, const struct job_event *event, size_t subject)
{
    const int64_t trigger_us = event->at_us - event->takes_us;
    if (names_its_trigger(event) &&
        !schedule(jobmanager, trigger_us > 0 ? trigger_us : 0, HAPPENS_PLANNED_TRIGGER, subject, 0))
        return false;
    return schedule(jobmanager, event->at_us, HAPPENS_PLAN_EVENT, subject, 0);
}

/* Everything is drawn in the order given, so that ties run in that order. */
bool plan_load(struct jobmanager *jobmanager)
{
    const struct jobmanager_config *const config = &jobmanager->config;
    jobmanager->planned = memory_zeroed(config->event_count + 1, sizeof *jobmanager->planned);
    if (!jobmanager->planned)
        return false;
    for (size_t i = 0; i < config->event_count; i++) {
        assert(config->events[i].job < config->job_count);
        if (!plan_schedule(jobmanager, &config->events[i], i))
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

bool planned_trigger_happens(struct jobmanager *jobmanager, size_t subject)
{
    const struct planned_event planned = planned_event_at(jobmanager, subject);
    const struct job_event *const event = planned.event;
    struct job *const job = job_at(jobmanager, event->job);
    if (!job || !job_takes_checkpoints(job) ||
        (event->checkpoint != 0 && pending_by_id(job, event->checkpoint)))
        return true;
    if (!trigger_at(jobmanager, job, event, event->at_us - event->takes_us, planned.serial))
        return false;
    /* It belongs to this event, not to the next one that gives no id. */
    pending_by_serial(job, *planned.serial)->unnamed = false;
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
static struct pending_checkpoint *subject_of(const struct job *job,
                                             const struct planned_event *planned, bool *is_lost)
{
    const struct job_event *const event = planned->event;
    const uint64_t serial = *planned->serial;
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
                            const struct planned_event *planned,
                            struct pending_checkpoint **pending)
{
    const struct job_event *const event = planned->event;
    bool is_lost;
    struct pending_checkpoint *const found = subject_of(job, planned, &is_lost);
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

static bool triggers(struct jobmanager *jobmanager, struct job *job,
                     const struct planned_event *planned)
{
    if (!job_takes_checkpoints(job))
        return true;
    return trigger_at(jobmanager, job, planned->event, jobmanager->now_us, NULL);
}

static bool acknowledges(struct jobmanager *jobmanager, struct job *job,
                         const struct planned_event *planned)
{
    bool is_lost;
    struct pending_checkpoint *const pending = subject_of(job, planned, &is_lost);
    const int32_t subtask = planned->event->subtask;
    /* A task may report on a checkpoint that has failed meanwhile. */
    const struct pending_checkpoint failed = {.id = planned->event->checkpoint,
                                              .trigger_us = jobmanager->now_us};
    if (!pending && subtask > 0 && job->tracker)
        return checkpoint_subtask_acknowledged(jobmanager, job, &failed, subtask - 1);
    if (!job_takes_checkpoints(job) || !pending || is_lost)
        return true;
    if (subtask > 0)
        return checkpoint_subtask_acknowledged(jobmanager, job, pending, subtask - 1);
    return checkpoint_acknowledged(jobmanager, job, pending, pending->acknowledged + 1);
}

static bool completes(struct jobmanager *jobmanager, struct job *job,
                      const struct planned_event *planned)
{
    struct pending_checkpoint *pending = NULL;
    if (!job_takes_checkpoints(job))
        return true;
    if (!find_or_trigger(jobmanager, job, planned, &pending))
        return false;
    return !pending ||
           checkpoint_completed(jobmanager, job, pending, planned->event->durable_after_us);
}

static bool fails_checkpoint(struct jobmanager *jobmanager, struct job *job,
                             const struct planned_event *planned)
{
    struct pending_checkpoint *pending = NULL;
    if (!job_takes_checkpoints(job))
        return true;
    if (!find_or_trigger(jobmanager, job, planned, &pending))
        return false;
    return !pending || checkpoint_fails(jobmanager, job, pending, planned->event->message);
}

/* Possible as soon as there is a tracker: triggers that fail before the job runs are common
 * (reference, section 13). */
static bool fails_to_trigger(struct jobmanager *jobmanager, struct job *job,
                             const struct planned_event *planned)
{
    if (!job->tracker)
        return true;
    const struct pending_checkpoint failed = {.id = planned->event->checkpoint,
                                              .type = planned->event->type,
                                              .trigger_us = jobmanager->now_us};
    if (planned->event->checkpoint != 0)
        checkpoint_id_used(job, planned->event->checkpoint);
    return tracker_failed_without_pending(job->tracker) &&
           journal_pending(jobmanager, job, JOURNAL_FAILED, &failed);
}

static bool discards(struct jobmanager *jobmanager, struct job *job,
                     const struct planned_event *planned)
{
    return stored_discard_id(jobmanager, job, planned->event->checkpoint);
}

/* The path that is reported: the plan's, else that of the checkpoint, else of what was never seen
 * here the one that it would have. A counted reference, or NULL. */
static struct shared_text *restored_path(struct jobmanager *jobmanager, const struct job *job,
                                         const struct job_event *event,
                                         const struct stored_checkpoint *from)
{
    if (event->path)
        return path_new(jobmanager, job, event->path);
    return from->path ? shared_text_retain(from->path)
                      : checkpoint_path_new(jobmanager, job, from->id);
}

/* What the plan leaves open is taken from the checkpoint it names, or from the latest one. */
static struct stored_checkpoint restored_by(const struct job *job, const struct job_event *event)
{
    const struct stored_checkpoint *known =
        event->checkpoint != 0 ? stored_by_id(job, event->checkpoint) : stored_latest(job);
    if (!known && !event->path)
        known = stored_latest(job);
    struct stored_checkpoint from = known ? *known : (struct stored_checkpoint){0};
    if (event->checkpoint != 0)
        from.id = event->checkpoint;
    if (!known)
        from.is_savepoint = checkpoint_type_is_savepoint(event->type);
    return from;
}

static bool restores(struct jobmanager *jobmanager, struct job *job,
                     const struct planned_event *planned)
{
    if (!job->tracker)
        return true;
    struct stored_checkpoint from = restored_by(job, planned->event);
    if (from.id == 0)
        return true;
    from.path = restored_path(jobmanager, job, planned->event, &from);
    const bool restored = from.path && job_restores(jobmanager, job, &from);
    shared_text_release(from.path);
    return restored;
}

static bool initializes(struct jobmanager *jobmanager, struct job *job,
                        const struct planned_event *planned)
{
    (void)planned;
    return job_initializes(jobmanager, job);
}

static bool runs(struct jobmanager *jobmanager, struct job *job,
                 const struct planned_event *planned)
{
    (void)planned;
    return job_runs(jobmanager, job);
}

static struct job_cause cause_of(const struct job_event *event)
{
    return (struct job_cause){.exception_class = event->exception_class, .message = event->message};
}

/* The tracker goes on (reference 4.1). */
static bool restarts(struct jobmanager *jobmanager, struct job *job,
                     const struct planned_event *planned)
{
    const struct job_cause cause = cause_of(planned->event);
    return job_restarts(jobmanager, job, planned->event->takes_us, &cause);
}

/* Likewise; nothing has failed. */
static bool rescales(struct jobmanager *jobmanager, struct job *job,
                     const struct planned_event *planned)
{
    return job_restarts(jobmanager, job, planned->event->takes_us, NULL);
}

static bool starts_over(struct jobmanager *jobmanager, struct job *job,
                        const struct planned_event *planned)
{
    return job_starts_over(jobmanager, job, planned->event->takes_us);
}

static bool fails_over(struct jobmanager *jobmanager, struct job *job,
                       const struct planned_event *planned)
{
    return job_fails_over(jobmanager, job, planned->event->takes_us);
}

static bool finishes(struct jobmanager *jobmanager, struct job *job,
                     const struct planned_event *planned)
{
    (void)planned;
    return job_ends(jobmanager, job, JOB_FINISHED);
}

static bool fails(struct jobmanager *jobmanager, struct job *job,
                  const struct planned_event *planned)
{
    const struct job_cause cause = cause_of(planned->event);
    return job_is_absent(job) ||
           (job_fails_of(jobmanager, job, &cause) && job_leaves(jobmanager, job, JOB_FAILED));
}

static bool is_cancelled(struct jobmanager *jobmanager, struct job *job,
                         const struct planned_event *planned)
{
    (void)planned;
    return job_leaves(jobmanager, job, JOB_CANCELED);
}

bool plan_event_happens(struct jobmanager *jobmanager, size_t subject)
{
    static bool (*const happenings[JOB_EVENT_COUNT])(struct jobmanager *, struct job *,
                                                     const struct planned_event *) = {
        [JOB_EVENT_INITIALIZES] = initializes,
        [JOB_EVENT_RUNS] = runs,
        [JOB_EVENT_TRIGGERS] = triggers,
        [JOB_EVENT_ACKNOWLEDGES] = acknowledges,
        [JOB_EVENT_COMPLETES] = completes,
        [JOB_EVENT_FAILS_CHECKPOINT] = fails_checkpoint,
        [JOB_EVENT_FAILS_TO_TRIGGER] = fails_to_trigger,
        [JOB_EVENT_DISCARDS] = discards,
        [JOB_EVENT_RESTARTS] = restarts,
        [JOB_EVENT_RESCALES] = rescales,
        [JOB_EVENT_STARTS_OVER] = starts_over,
        [JOB_EVENT_FAILS_OVER] = fails_over,
        [JOB_EVENT_RESTORES] = restores,
        [JOB_EVENT_FINISHES] = finishes,
        [JOB_EVENT_FAILS] = fails,
        [JOB_EVENT_IS_CANCELLED] = is_cancelled,
    };
    const struct planned_event planned = planned_event_at(jobmanager, subject);
    assert((unsigned)planned.event->kind < JOB_EVENT_COUNT);
    struct job *const job = job_at(jobmanager, planned.event->job);
    const bool happened = !job || happenings[planned.event->kind](jobmanager, job, &planned);
    added_event_is_over(jobmanager, subject);
    return happened;
}
