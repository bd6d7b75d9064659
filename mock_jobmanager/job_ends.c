#include <assert.h>

#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/failures_internal.h"
#include "mock_jobmanager/happening_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/show_internal.h"
#include "mock_jobmanager/stops_internal.h"
#include "mock_jobmanager/stored_internal.h"
#include "mock_jobmanager/tasks_internal.h"

/* Texts: Flink CheckpointFailureReason. */
static const char message_suspended[] = "Checkpoint Coordinator is suspending.";
static const char message_shut_down[] = "CheckpointCoordinator shutdown.";

/* Source: Flink jobstore.expiration-time. */
static const int64_t ended_kept_default_us = INT64_C(3600) * 1000 * 1000;

static bool archive(struct jobmanager *jobmanager, struct job *job)
{
    struct execution_graph *const graph = show_graph(jobmanager, job, false);
    if (!graph)
        return false;
    const bool kept = finished_store_put(&jobmanager->finished, graph);
    execution_graph_release(graph);
    tracker_free(job->tracker);
    job->tracker = NULL;
    return kept;
}

/* The ended jobs that are kept: those of the plan for good unless something else is said. */
static bool schedule_forgetting(struct jobmanager *jobmanager, const struct job *job)
{
    const bool is_of_plan = !job->submission;
    int64_t kept_us = jobmanager->config.ended_kept_us;
    if (kept_us <= 0 && is_of_plan)
        return true;
    if (kept_us <= 0)
        kept_us = ended_kept_default_us;
    return schedule(jobmanager, later(jobmanager->now_us, kept_us), HAPPENS_FORGETTING, job->index,
                    job->recovery_serial);
}

/* Not at once: whoever ended the job still speaks of it. */
static bool schedule_trimming(struct jobmanager *jobmanager)
{
    const size_t kept_max = jobmanager->config.ended_kept_max;
    return kept_max == 0 || jobmanager->finished.count <= kept_max ||
           schedule(jobmanager, jobmanager->now_us, HAPPENS_TRIMMING, 0, 0);
}

static struct job *first_ended(const struct jobmanager *jobmanager)
{
    struct job *first = NULL;
    for (size_t i = 0; i < jobmanager->job_count; i++) {
        struct job *const job = jobmanager->jobs[i];
        if (job_has_ended(job) && (!first || job->end_us < first->end_us))
            first = job;
    }
    return first;
}

/* Source: Flink FileExecutionGraphInfoStore, MemoryExecutionGraphInfoStore (maximum capacity). */
bool jobs_are_trimmed(struct jobmanager *jobmanager)
{
    while (jobmanager->finished.count > jobmanager->config.ended_kept_max) {
        struct job *const first = first_ended(jobmanager);
        if (!first)
            return true;
        job_is_forgotten(jobmanager, first);
    }
    return true;
}

/* All that was held for the job is given back. A job of the plan stays in its place, unknown. */
bool job_is_forgotten(struct jobmanager *jobmanager, struct job *job)
{
    finished_store_remove(&jobmanager->finished, job->plan->id);
    if (job->submission) {
        jobs_remove(jobmanager, job);
        return true;
    }
    job->known = false;
    stored_leave_all(jobmanager, job);
    job_failures_forget(job);
    return true;
}

bool job_enters_end(struct jobmanager *jobmanager, struct job *job, enum job_status state)
{
    job->end_us = jobmanager->now_us;
    tasks_end(jobmanager, job, state);
    return job_enters(jobmanager, job, state) && archive(jobmanager, job) &&
           schedule_forgetting(jobmanager, job) && schedule_trimming(jobmanager);
}

/* The state on the way to a terminal one, and what the tasks do then. Source: Flink JobStatus. */
static bool pass_through(struct jobmanager *jobmanager, struct job *job, enum job_status end)
{
    const enum job_status way = end == JOB_CANCELED ? JOB_CANCELLING : JOB_FAILING;
    if (end == JOB_FINISHED || job->state == way)
        return true;
    if (end == JOB_CANCELED)
        tasks_are_cancelled(jobmanager, job);
    else
        one_task_fails(jobmanager, job);
    return job_enters(jobmanager, job, way);
}

static bool loses_checkpoints(const struct jobmanager *jobmanager, enum job_status end)
{
    const struct jobmanager_config *config = &jobmanager->config;
    return end == JOB_FINISHED || (end == JOB_CANCELED && config->cancelled_lose_checkpoints) ||
           (end == JOB_FAILED && config->failed_lose_checkpoints);
}

/* Retained checkpoints of a finished job go before its last snapshot is taken, and so are marked
 * in it (reference, section 13, and the recordings of finished jobs); RETAIN_ON_CANCELLATION keeps
 * those of cancelled and failed ones. Source: Flink CheckpointProperties.discardOnJobCancelled. */
bool job_ends(struct jobmanager *jobmanager, struct job *job, enum job_status state)
{
    assert(job_status_is_terminal(state));
    if (job_is_absent(job))
        return true;
    job->beat_serial = ++jobmanager->last_serial;
    job->recovery_serial = ++jobmanager->last_serial;
    if (!job_stop_fails(jobmanager, job) || !pass_through(jobmanager, job, state))
        return false;
    if (job->tracker && (!checkpoints_show_now(jobmanager, job) ||
                         !checkpoints_fail_all(jobmanager, job, message_shut_down)))
        return false;
    if (loses_checkpoints(jobmanager, state) && !stored_discard_retained(jobmanager, job))
        return false;
    return job_enters_end(jobmanager, job, state);
}

static int64_t way_us(const struct job *job, enum job_status end)
{
    if (job->state != JOB_RUNNING || end == JOB_FINISHED)
        return 0;
    return end == JOB_CANCELED ? job->plan->pace.cancelling_us : job->plan->pace.failing_us;
}

/* Ends the job as fast as it can be ended. Source: Flink CheckpointCoordinatorDeActivator: nothing
 * is under way from the moment at which the job is no longer RUNNING. */
bool job_leaves(struct jobmanager *jobmanager, struct job *job, enum job_status end)
{
    if (job_is_absent(job) || (job->state == JOB_CANCELLING && end == JOB_CANCELED))
        return true;
    const int64_t takes_us = way_us(job, end);
    if (takes_us <= 0)
        return job_ends(jobmanager, job, end);
    job->beat_serial = ++jobmanager->last_serial;
    if (!job_stop_fails(jobmanager, job) || !pass_through(jobmanager, job, end))
        return false;
    if (job->tracker && (!checkpoints_show_now(jobmanager, job) ||
                         !checkpoints_fail_all(jobmanager, job, message_suspended)))
        return false;
    job->end = end;
    job->recovery_serial = ++jobmanager->last_serial;
    return schedule(jobmanager, later(jobmanager->now_us, takes_us), HAPPENS_END_OF_JOB, job->index,
                    job->recovery_serial);
}
