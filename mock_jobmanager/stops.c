#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/happening_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/operations_internal.h"
#include "mock_jobmanager/stops_internal.h"

/* Text: Flink CheckpointFailureReason.CHECKPOINT_COORDINATOR_SUSPEND. */
static const char message_suspended[] = "Checkpoint Coordinator is suspending.";

/* Nothing else is under way while a job stops. Source: Flink SchedulerBase.stopWithSavepoint. */
bool job_stop_begins(struct jobmanager *jobmanager, struct job *job)
{
    job->beat_serial = ++jobmanager->last_serial;
    return checkpoints_show_now(jobmanager, job) &&
           checkpoints_fail_all(jobmanager, job, message_suspended);
}

/* The savepoint is there, and the tasks run to their end. */
bool job_stop_has_savepoint(struct jobmanager *jobmanager, struct job *job,
                            const struct pending_checkpoint *completed)
{
    job_stop_forget(job);
    job->stop = (struct job_stop){
        .under_way = true,
        .operation = completed->operation,
        .checkpoint = completed->id,
        .trigger_us = completed->trigger_us,
        .path = shared_text_retain(completed->path),
    };
    job->recovery_serial = ++jobmanager->last_serial;
    const int64_t finishing_us = job->plan->pace.finishing_us;
    if (finishing_us <= 0)
        return job_stop_ends(jobmanager, job);
    return schedule(jobmanager, later(jobmanager->now_us, finishing_us), HAPPENS_STOP, job->index,
                    job->recovery_serial);
}

void job_stop_forget(struct job *job)
{
    shared_text_release(job->stop.path);
    job->stop = (struct job_stop){0};
}

static bool announce(struct jobmanager *jobmanager, const struct job *job,
                     const struct job_stop *stop)
{
    const struct pending_checkpoint completed = {
        .id = stop->checkpoint,
        .type = CHECKPOINT_SYNC_SAVEPOINT,
        .trigger_us = stop->trigger_us,
        .path = stop->path,
    };
    return operation_succeeds(jobmanager, stop->operation, stop->checkpoint, stop->path->bytes) &&
           journal_pending(jobmanager, job, JOURNAL_ANNOUNCED, &completed);
}

/* Only now does the client hear of its savepoint.
 * Source: Flink StopWithSavepointTerminationHandlerImpl.terminateSuccessfully. */
bool job_stop_ends(struct jobmanager *jobmanager, struct job *job)
{
    struct job_stop stop = job->stop;
    job->stop = (struct job_stop){0};
    const bool ended = job_ends(jobmanager, job, JOB_FINISHED) && announce(jobmanager, job, &stop);
    shared_text_release(stop.path);
    return ended;
}

/* Source: Flink StopWithSavepointStoppingException. */
bool job_stop_fails(struct jobmanager *jobmanager, struct job *job)
{
    if (!job->stop.under_way)
        return true;
    static const char format[] =
        "org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException: "
        "A savepoint has been created at: %s, but the corresponding job %s failed during stopping. "
        "The savepoint is consistent, but might have uncommitted transactions. If you want to "
        "commit the transaction please restart a job from this savepoint.";
    char digits[ID_DIGITS + 1];
    id_format(job->plan->id, digits);
    const size_t size = sizeof format + strlen(job->stop.path->bytes) + sizeof digits;
    char *const text = malloc(size);
    if (!text)
        return false;
    snprintf(text, size, format, job->stop.path->bytes, digits);
    const bool failed = operation_fails(jobmanager, job->stop.operation, text);
    free(text);
    job_stop_forget(job);
    job->recovery_serial = ++jobmanager->last_serial;
    return failed;
}
