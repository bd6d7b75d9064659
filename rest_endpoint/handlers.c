#include "rest_endpoint/endpoint_internal.h"

#include "rest_endpoint/render.h"

#define REST_HANDLER_EXCEPTION "org.apache.flink.runtime.rest.handler.RestHandlerException"
#define JOB_NOT_FOUND_EXCEPTION "org.apache.flink.runtime.messages.FlinkJobNotFoundException"

/* One request and the answer that it gets. */
struct asking {
    struct endpoint *endpoint;
    struct answer *answer;
    const struct route *route;
    const struct moment *moment;
};

static struct reply reply_with(struct body *borrowed)
{
    return (struct reply){.status = 200, .body = borrowed ? body_retain(borrowed) : NULL};
}

static struct reply reply_text(const struct asking *asking, int status, struct buffer *bytes)
{
    const struct id nobody = {0};
    struct body *body = body_new_text(&asking->endpoint->maker, nobody, bytes);
    return (struct reply){.status = status, .body = body};
}

static struct reply reply_from(const struct asking *asking, struct body_list *bodies,
                               const struct body_source *source)
{
    return reply_with(body_list_get(bodies, &asking->endpoint->maker, source));
}

/* A cache's answers, or what the dashboard gets past its cache. */
static bool renders_per_answer(const struct asking *asking)
{
    const struct cache *cache = asking->answer->cache;
    const struct cache_policy *policy = cache ? cache->policy : &asking->endpoint->config.graph;
    return policy->rendering == RENDER_PER_ANSWER;
}

/* Source: Flink CheckpointingStatisticsHandler.handleCheckpointStatsRequest. */
static struct reply handle_statistics(const struct asking *asking)
{
    struct answer *answer = asking->answer;
    if (!answer->stats->enabled)
        return reply_error(&asking->endpoint->maker, asking->route->job, &error_missing,
                           "Checkpointing has not been enabled.");
    if (renders_per_answer(asking) && !answer_follow(answer))
        return (struct reply){0};
    const struct body_source source = {.kind = BODY_STATISTICS, .stats = answer->stats};
    return reply_from(asking, &answer->bodies, &source);
}

static struct checkpoint *newest_version(struct checkpoint *checkpoint)
{
    while (checkpoint->changed)
        checkpoint = checkpoint->changed;
    return checkpoint;
}

/*
 * The checkpoint that a details request gets, and where its bodies are kept; NULL when there is
 * none. One from the id cache always shows its newest version: that cache has no timeout, which
 * would be the bound for how long a discarded path is handed out.
 * Source: Flink AbstractCheckpointHandler.handleCheckpointStatsRequest.
 */
static struct checkpoint *find_checkpoint(const struct asking *asking, struct body_list **bodies)
{
    struct endpoint *endpoint = asking->endpoint;
    struct answer *answer = asking->answer;
    const bool keeps = endpoint->config.quirks.details_outlive_history;
    struct checkpoint *found = checkpoint_stats_find(answer->stats, asking->route->checkpoint);
    if (found) {
        if (keeps)
            details_cache_put(&endpoint->details, answer->stats, found);
        *bodies = &answer->bodies;
        return renders_per_answer(asking) ? newest_version(found) : found;
    }
    struct details_entry *entry = NULL;
    if (keeps)
        entry = details_cache_find(&endpoint->details, answer->stats, asking->route->checkpoint);
    if (!entry)
        return NULL;
    *bodies = &entry->bodies;
    return newest_version(entry->checkpoint);
}

static bool has_task(const struct checkpoint *checkpoint, struct id vertex)
{
    for (size_t i = 0; i < checkpoint->task_count; i++) {
        if (id_equal(checkpoint->tasks[i].vertex, vertex))
            return true;
    }
    return false;
}

/* Source: Flink CheckpointStatisticDetailsHandler, TaskCheckpointStatisticDetailsHandler. */
static struct reply handle_details(const struct asking *asking)
{
    struct body_maker *maker = &asking->endpoint->maker;
    const struct route *route = asking->route;
    char digits[ID_DIGITS + 1];
    if (!asking->answer->stats->enabled) {
        id_format(route->job, digits);
        return reply_error(maker, route->job, &error_missing,
                           "Checkpointing was not enabled for job %s.", digits);
    }
    struct body_source source = {.kind = BODY_DETAILS};
    struct body_list *bodies = NULL;
    source.checkpoint = find_checkpoint(asking, &bodies);
    if (!source.checkpoint)
        return reply_error(maker, route->job, &error_missing,
                           "Could not find checkpointing statistics for checkpoint %lld.",
                           (long long)route->checkpoint);
    if (route->kind == ROUTE_DETAILS)
        return reply_from(asking, bodies, &source);
    if (!has_task(source.checkpoint, route->vertex)) {
        id_format(route->vertex, digits);
        return reply_error(maker, route->job, &error_not_found,
                           "There is no checkpoint statistics for task %s.", digits);
    }
    source.kind = BODY_SUBTASKS;
    source.id = route->vertex;
    return reply_from(asking, bodies, &source);
}

/* Source: Flink CheckpointConfigHandler.createCheckpointConfigInfo. */
static struct reply handle_checkpoint_config(const struct asking *asking)
{
    struct execution_graph *graph = asking->answer->result.graph;
    if (!graph->checkpointing) {
        char digits[ID_DIGITS + 1];
        id_format(asking->route->job, digits);
        return reply_error(&asking->endpoint->maker, asking->route->job, &error_missing,
                           "Checkpointing is not enabled for this job (%s).", digits);
    }
    const struct body_source source = {.kind = BODY_CHECKPOINT_CONFIG, .graph = graph};
    return reply_from(asking, &asking->answer->bodies, &source);
}

/* `now` and durations are of the answer, or of the graph. Source: Flink JobDetailsHandler. */
static struct reply handle_job(const struct asking *asking)
{
    struct execution_graph *graph = asking->answer->result.graph;
    const struct body_source source = {
        .kind = BODY_JOB,
        .graph = graph,
        .now_ms = renders_per_answer(asking) ? asking->moment->wall_us / 1000 : graph->taken_ms,
    };
    return reply_from(asking, &asking->answer->bodies, &source);
}

/* Source: Flink JobConfigHandler, JobExceptionsHandler, JobPlanHandler, JobAccumulatorsHandler,
 * JobStatusHandler. */
static struct reply handle_job_part(const struct asking *asking)
{
    static const enum body_kind kinds[ROUTE_COUNT] = {
        [ROUTE_JOB_CONFIG] = BODY_JOB_CONFIG, [ROUTE_JOB_EXCEPTIONS] = BODY_JOB_EXCEPTIONS,
        [ROUTE_JOB_PLAN] = BODY_JOB_PLAN,     [ROUTE_JOB_ACCUMULATORS] = BODY_JOB_ACCUMULATORS,
        [ROUTE_JOB_STATUS] = BODY_JOB_STATUS,
    };
    const struct body_source source = {.kind = kinds[asking->route->kind],
                                       .graph = asking->answer->result.graph};
    return reply_from(asking, &asking->answer->bodies, &source);
}

/* Source: Flink JobIdsHandler, JobsOverviewHandler, ClusterOverviewHandler; durations are
 * reckoned by the JobManager (JobDetails.createDetailsForJob). */
static struct reply handle_job_list(const struct asking *asking)
{
    static const enum body_kind kinds[ROUTE_COUNT] = {
        [ROUTE_JOB_IDS] = BODY_JOB_IDS,
        [ROUTE_JOBS_OVERVIEW] = BODY_JOBS_OVERVIEW,
        [ROUTE_OVERVIEW] = BODY_OVERVIEW,
    };
    struct job_list *jobs = asking->answer->result.jobs;
    const struct body_source source = {
        .kind = kinds[asking->route->kind], .jobs = jobs, .now_ms = jobs->taken_ms};
    return reply_from(asking, &asking->answer->bodies, &source);
}

/* Source: Flink CheckpointHandlers.CheckpointTriggerHandler,
 * SavepointHandlers.SavepointHandlerBase. */
static struct reply handle_trigger(const struct asking *asking)
{
    struct buffer bytes = {0};
    render_trigger_response(asking->route->trigger, &bytes);
    return reply_text(asking, 202, &bytes);
}

/* Source: Flink CheckpointHandlers.CheckpointStatusHandler,
 * SavepointHandlers.SavepointStatusHandler. */
static struct reply handle_operation_status(const struct asking *asking)
{
    struct buffer bytes = {0};
    if (asking->route->kind == ROUTE_SAVEPOINT_STATUS)
        render_savepoint_status(&asking->answer->result, &bytes);
    else
        render_trigger_status(&asking->answer->result, &bytes);
    return reply_text(asking, 200, &bytes);
}

static struct reply handle_cancelled_job(const struct asking *asking)
{
    struct buffer bytes = {0};
    render_empty(&bytes);
    return reply_text(asking, 202, &bytes);
}

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

/* The text is made once for an answer, which may be a kept failure, and each job it is given to. */
static struct reply handle_failure(const struct asking *asking)
{
    struct answer *answer = asking->answer;
    const struct id job = asking->route->job;
    const struct failure *failure = &failures[answer->result.outcome];
    struct body *kept = body_list_find_text(&answer->bodies, job);
    if (kept)
        return (struct reply){.status = failure->kind.status, .body = body_retain(kept)};

    char digits[ID_DIGITS + 1];
    id_format(job, digits);
    struct reply reply = reply_error(&asking->endpoint->maker, job, &failure->kind,
                                     failure->message, digits, digits);
    if (reply.body)
        body_list_add(&answer->bodies, body_retain(reply.body));
    return reply;
}

/* Source: Flink CheckpointHandlers.CheckpointStatusHandler.maybeCreateNotFoundError, and the same
 * of SavepointHandlers.SavepointStatusHandler. */
static struct reply handle_status_failure(const struct asking *asking)
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
static struct reply handle_job_status_failure(const struct asking *asking)
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
static struct reply handle_cancel_failure(const struct asking *asking)
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

struct handler {
    struct reply (*succeeded)(const struct asking *asking);
    struct reply (*failed)(const struct asking *asking);
};

static const struct handler handlers[ROUTE_COUNT] = {
    [ROUTE_STATISTICS] = {handle_statistics, handle_failure},
    [ROUTE_JOB] = {handle_job, handle_failure},
    [ROUTE_DETAILS] = {handle_details, handle_failure},
    [ROUTE_SUBTASKS] = {handle_details, handle_failure},
    [ROUTE_CHECKPOINT_CONFIG] = {handle_checkpoint_config, handle_failure},
    [ROUTE_TRIGGER_STATUS] = {handle_operation_status, handle_status_failure},
    [ROUTE_SAVEPOINT_STATUS] = {handle_operation_status, handle_status_failure},
    [ROUTE_TRIGGER] = {handle_trigger, handle_failure},
    [ROUTE_SAVEPOINT] = {handle_trigger, handle_failure},
    [ROUTE_STOP] = {handle_trigger, handle_failure},
    [ROUTE_CANCEL] = {handle_cancelled_job, handle_cancel_failure},
    [ROUTE_JOB_CONFIG] = {handle_job_part, handle_failure},
    [ROUTE_JOB_EXCEPTIONS] = {handle_job_part, handle_failure},
    [ROUTE_JOB_PLAN] = {handle_job_part, handle_failure},
    [ROUTE_JOB_ACCUMULATORS] = {handle_job_part, handle_failure},
    [ROUTE_JOB_STATUS] = {handle_job_part, handle_job_status_failure},
    [ROUTE_JOB_IDS] = {handle_job_list, handle_failure},
    [ROUTE_JOBS_OVERVIEW] = {handle_job_list, handle_failure},
    [ROUTE_OVERVIEW] = {handle_job_list, handle_failure},
};

struct reply handle_answer(struct endpoint *endpoint, struct answer *answer,
                           const struct route *route, const struct moment *moment)
{
    const struct asking asking = {endpoint, answer, route, moment};
    const struct handler *handler = &handlers[route->kind];
    return answer->result.outcome == OUTCOME_OK ? handler->succeeded(&asking)
                                                : handler->failed(&asking);
}
