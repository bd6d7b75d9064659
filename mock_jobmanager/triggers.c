#include <assert.h>
#include <stdio.h>

#include "base/text.h"
#include "mock_jobmanager/calls_internal.h"
#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/operations_internal.h"
#include "mock_jobmanager/stops_internal.h"
#include "mock_jobmanager/tasks_internal.h"

/* How long a checkpoint takes that a client triggers on a job without a rhythm of its own. */
static const int64_t triggered_takes_us = 50000;

enum { OBSTACLE_BYTES = 768 };

/* Whether something keeps a checkpoint from being triggered: an exception and what it says.
 * Texts: Flink FlinkJobNotFoundException, Dispatcher.getJobMasterGateway, SchedulerBase
 * .triggerCheckpoint, DefaultCheckpointPlanCalculator.checkTasksStarted. */
static bool finds_obstacle(const struct jobmanager *jobmanager, const struct job *job, struct id id,
                           char text[OBSTACLE_BYTES])
{
    char digits[ID_DIGITS + 1];
    id_format(id, digits);
    if (!job || job_has_ended(job))
        snprintf(text, OBSTACLE_BYTES,
                 "org.apache.flink.runtime.messages.FlinkJobNotFoundException: "
                 "Could not find Flink job (%s)",
                 digits);
    else if (job->state == JOB_INITIALIZING)
        snprintf(text, OBSTACLE_BYTES,
                 "org.apache.flink.runtime.dispatcher.UnavailableDispatcherOperationException: "
                 "Unable to get JobMasterGateway for initializing job. The requested operation is "
                 "not available while the JobManager is initializing.");
    else if (!job->plan->checkpointing)
        snprintf(text, OBSTACLE_BYTES,
                 "java.lang.IllegalStateException: Job %s is not a streaming job.", digits);
    else if (!job_takes_checkpoints(job) || !tasks_all_run(jobmanager, job))
        snprintf(text, OBSTACLE_BYTES,
                 "org.apache.flink.runtime.checkpoint.CheckpointException: Checkpoint triggering "
                 "task %.200s (1/%d) of job %s is not being executed at the moment. Aborting "
                 "checkpoint. Failure reason: Not all required tasks are currently running.",
                 job->vertices[0].name, job->vertices[0].parallelism, digits);
    else
        return false;
    return true;
}

/* A trigger in vain is counted all the same while the job has a tracker (reference, section 13). */
static bool count_failure(const struct job *job)
{
    return !job || !job->tracker || job->state == JOB_INITIALIZING ||
           tracker_failed_without_pending(job->tracker);
}

/* Always acknowledged: what came of it is for the trigger status to say, a job that does not exist
 * included. Source: Flink DispatcherCachedOperationsHandler (reference 2.5). */
static bool take(struct jobmanager *jobmanager, const struct call *call,
                 const struct checkpoint_trigger *wanted)
{
    const struct operation_key key = wanted->operation;
    if (operation_find(jobmanager, key))
        return true;
    if (!operation_add(jobmanager, key))
        return false;
    struct job *const job = known_job(jobmanager, call);
    char obstacle[OBSTACLE_BYTES];
    if (finds_obstacle(jobmanager, job, key.job, obstacle))
        return operation_fails(jobmanager, key, obstacle) && count_failure(job);
    const bool ends_job = wanted->stops || (wanted->order && wanted->order->cancels_job);
    if (ends_job && !job_stop_begins(jobmanager, job))
        return false;
    struct checkpoint_trigger trigger = *wanted;
    const int64_t takes_us = job->plan->rhythm.takes_us;
    trigger.trigger_us = jobmanager->now_us;
    trigger.takes_us = takes_us > 0 ? takes_us : triggered_takes_us;
    trigger.by_client = true;
    return checkpoint_triggered(jobmanager, job, &trigger, NULL);
}

static struct operation_key key_of(const struct call *call, enum operation_sort sort)
{
    return (struct operation_key){
        .sort = sort, .job = call->request.job, .trigger = call->request.trigger};
}

bool take_trigger(struct jobmanager *jobmanager, const struct call *call,
                  struct fetch_result *result)
{
    (void)result;
    return take(jobmanager, call,
                &(struct checkpoint_trigger){.type = CHECKPOINT_ALIGNED,
                                             .operation = key_of(call, OPERATION_CHECKPOINT)});
}

bool take_savepoint(struct jobmanager *jobmanager, const struct call *call,
                    struct fetch_result *result)
{
    (void)result;
    assert(call->request.order && call->request.order->directory);
    return take(jobmanager, call,
                &(struct checkpoint_trigger){.type = CHECKPOINT_SAVEPOINT,
                                             .operation = key_of(call, OPERATION_SAVEPOINT),
                                             .order = call->request.order});
}

bool take_stop(struct jobmanager *jobmanager, const struct call *call, struct fetch_result *result)
{
    (void)result;
    assert(call->request.order && call->request.order->directory);
    return take(jobmanager, call,
                &(struct checkpoint_trigger){.type = CHECKPOINT_SYNC_SAVEPOINT,
                                             .operation = key_of(call, OPERATION_SAVEPOINT),
                                             .order = call->request.order,
                                             .stops = true});
}

static bool take_status(struct jobmanager *jobmanager, struct operation_key key,
                        struct fetch_result *result)
{
    const struct operation *const operation = operation_find(jobmanager, key);
    if (!operation) {
        result->outcome = OUTCOME_UNKNOWN_OPERATION;
        return true;
    }
    result->operation.done = operation->done;
    result->operation.failed = operation->failed;
    result->operation.checkpoint_id = operation->checkpoint;
    result->operation.exception_class = "java.util.concurrent.CompletionException";
    result->operation.location = text_copy(operation->location);
    result->operation.failure = text_copy(operation->failure);
    return (!operation->location || result->operation.location) &&
           (!operation->failure || result->operation.failure);
}

bool take_trigger_status(struct jobmanager *jobmanager, const struct call *call,
                         struct fetch_result *result)
{
    return take_status(jobmanager, key_of(call, OPERATION_CHECKPOINT), result);
}

bool take_savepoint_status(struct jobmanager *jobmanager, const struct call *call,
                           struct fetch_result *result)
{
    return take_status(jobmanager, key_of(call, OPERATION_SAVEPOINT), result);
}
