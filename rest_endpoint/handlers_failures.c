#include "rest_endpoint/handlers_internal.h"

#define FLINK_RUNTIME_EXCEPTION "org.apache.flink.util.FlinkRuntimeException"

struct failure {
    struct error_kind kind;
    const char *message; /* may hold %s, up to two of them: the job */
};

#define CALL_FAILED                                                                    \
    {                                                                                  \
        {500, ERROR_INTERNAL, "org.apache.flink.runtime.rpc.exceptions.RpcException"}, \
            "The call to the JobManager failed."                                       \
    }

/* Source: reference section 3; Flink AbstractCheckpointStatsHandler, AbstractExecutionGraphHandler,
 * LeaderRetrievalHandler, Dispatcher.getJobMasterGateway. */
static const struct failure failures[FETCH_OUTCOME_COUNT] = {
    [OUTCOME_OK] = CALL_FAILED,
    [OUTCOME_JOB_NOT_FOUND] = {{404, ERROR_HANDLER,
                                "org.apache.flink.runtime.rest.NotFoundException"},
                               "Job %s not found" CAUSED_BY(
                                   JOB_NOT_FOUND_EXCEPTION) "Could not find Flink job (%s)"},
    [OUTCOME_JOB_INITIALIZING] =
        {{500, ERROR_INTERNAL,
          "org.apache.flink.runtime.dispatcher.UnavailableDispatcherOperationException"},
         "Unable to get JobMasterGateway for initializing job. The requested operation is not "
         "available while the JobManager is initializing."},
    [OUTCOME_TIMED_OUT] = {{500, ERROR_INTERNAL, "java.util.concurrent.TimeoutException"},
                           "The call to the JobManager timed out."},
    [OUTCOME_NO_LEADER] = {{503, ERROR_PLAIN, NULL},
                           "Service temporarily unavailable due to an ongoing leader election. "
                           "Please refresh."},
    [OUTCOME_FAILED] = CALL_FAILED,
    [OUTCOME_UNKNOWN_OPERATION] = CALL_FAILED,
    [OUTCOME_ALREADY_TERMINAL] = CALL_FAILED,
    [OUTCOME_NOT_SUBMITTED] = CALL_FAILED,
};

/* All that is said of a job by one of these kinds is the same. */
struct reply handle_failure(const struct asking *asking)
{
    const struct id job = asking->route->job;
    const struct failure *failure = &failures[asking->answer->result.outcome];
    struct body *kept = error_recall(&asking->endpoint->maker.errors, &failure->kind, job, NULL);
    if (kept)
        return (struct reply){.status = failure->kind.status, .body = body_retain(kept)};

    char digits[ID_DIGITS + 1];
    id_format(job, digits);
    return reply_error(&asking->endpoint->maker, job, &failure->kind, failure->message, digits,
                       digits);
}

/* Source: Flink CheckpointHandlers.CheckpointStatusHandler.maybeCreateNotFoundError, and the same
 * of SavepointHandlers.SavepointStatusHandler. */
struct reply handle_status_failure(const struct asking *asking)
{
    if (asking->answer->result.outcome != OUTCOME_UNKNOWN_OPERATION)
        return handle_failure(asking);
    char trigger[ID_DIGITS + 1];
    char job[ID_DIGITS + 1];
    id_format(asking->route->trigger, trigger);
    id_format(asking->route->job, job);
    return reply_error(&asking->endpoint->maker, asking->route->job, &error_missing,
                       "There is no %s operation with triggerId=%s for job %s.",
                       asking->route->kind == ROUTE_SAVEPOINT_STATUS ? "savepoint" : "checkpoint",
                       trigger, job);
}

/* The one handler of a job that lets an unknown one pass as an error of the server.
 * Source: Flink JobStatusHandler, Dispatcher.requestJobStatus. */
struct reply handle_job_status_failure(const struct asking *asking)
{
    static const struct error_kind unknown_job = {500, ERROR_INTERNAL, JOB_NOT_FOUND_EXCEPTION};
    if (asking->answer->result.outcome != OUTCOME_JOB_NOT_FOUND)
        return handle_failure(asking);
    char digits[ID_DIGITS + 1];
    id_format(asking->route->job, digits);
    return reply_error(&asking->endpoint->maker, asking->route->job, &unknown_job,
                       "Could not find Flink job (%s)", digits);
}

/* Source: Flink JobCancellationHandler.handleRequest. */
struct reply handle_cancel_failure(const struct asking *asking)
{
    static const struct error_kind conflict = {409, ERROR_HANDLER, REST_HANDLER_EXCEPTION};
    static const struct error_kind timeout = {408, ERROR_HANDLER, REST_HANDLER_EXCEPTION};
    static const struct error_kind failed = {500, ERROR_HANDLER, REST_HANDLER_EXCEPTION};
    struct body_maker *maker = &asking->endpoint->maker;
    const struct fetch_result *result = &asking->answer->result;
    const struct id job = asking->route->job;
    char digits[ID_DIGITS + 1];
    switch (result->outcome) {
    case OUTCOME_NO_LEADER:
        return handle_failure(asking);
    case OUTCOME_JOB_NOT_FOUND:
        id_format(job, digits);
        return reply_error(maker, job, &error_missing,
                           "Job could not be found." CAUSED_BY(
                               JOB_NOT_FOUND_EXCEPTION) "Could not find Flink job (%s)",
                           digits);
    case OUTCOME_TIMED_OUT:
        return reply_error(maker, job, &timeout, "Job cancellation timed out.");
    case OUTCOME_ALREADY_TERMINAL:
        if (result->job_state == JOB_CANCELED)
            return handle_cancelled_job(asking);
        return reply_error(maker, job, &conflict,
                           "Job cancellation failed because the job has already reached another "
                           "terminal state (%s).",
                           job_status_name(result->job_state));
    case OUTCOME_OK:
    case OUTCOME_JOB_INITIALIZING:
    case OUTCOME_FAILED:
    case OUTCOME_UNKNOWN_OPERATION:
    case OUTCOME_NOT_SUBMITTED:
    case FETCH_OUTCOME_COUNT:
        break;
    }
    return reply_error(maker, job, &failed, "Job cancellation failed: %s",
                       failures[result->outcome].message);
}

/* Source: Flink JarRunHandler, as on running clusters: the exceptions between name the program's
 * main method, which nothing here has. */
struct reply handle_run_failure(const struct asking *asking)
{
    static const struct error_kind failed = {400, ERROR_HANDLER, REST_HANDLER_EXCEPTION};
    const struct fetch_result *result = &asking->answer->result;
    if (result->outcome != OUTCOME_NOT_SUBMITTED)
        return handle_failure(asking);
    return reply_error(
        &asking->endpoint->maker, asking->route->job, &failed,
        "Could not execute application." CAUSED_BY("java.util.concurrent.CompletionException")
            FLINK_RUNTIME_EXCEPTION ": Could not execute application." CAUSED_BY(
                FLINK_RUNTIME_EXCEPTION) "Could not execute application.%s%s",
        result->failure ? NEXT_CAUSE : "", result->failure ? result->failure : "");
}
