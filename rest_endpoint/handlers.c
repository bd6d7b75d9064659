#include "rest_endpoint/handlers_internal.h"

#include "rest_endpoint/render.h"

static struct reply reply_with(struct body *borrowed)
{
    return (struct reply){.status = 200, .body = borrowed ? body_retain(borrowed) : NULL};
}

struct reply reply_text(const struct asking *asking, int status, struct buffer *bytes)
{
    struct body *body = body_new_text(&asking->endpoint->maker, bytes);
    return (struct reply){.status = status, .body = body};
}

struct reply reply_from(const struct asking *asking, struct body_list *bodies,
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

/* A reply that stays the same as long as the answer is there, unless each is rendered anew: so the
 * next one who asks for this is told the same at once. */
static struct reply reply_each_time(const struct asking *asking, const struct body_source *source)
{
    struct answer *answer = asking->answer;
    struct body *body = body_list_get(&answer->bodies, &asking->endpoint->maker, source);
    if (body && !renders_per_answer(asking)) {
        answer->told_route = asking->route->number;
        answer->told = body;
    }
    return reply_with(body);
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
    return reply_each_time(asking, &source);
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
    return reply_each_time(asking, &source);
}

static int64_t answer_ms(const struct asking *asking)
{
    return renders_per_answer(asking) ? asking->moment->wall_us / 1000
                                      : asking->answer->result.graph->taken_ms;
}

/* `now` and durations are of the answer, or of the graph. Source: Flink JobDetailsHandler. */
static struct reply handle_job(const struct asking *asking)
{
    struct execution_graph *graph = asking->answer->result.graph;
    const struct body_source source = {
        .kind = BODY_JOB,
        .graph = graph,
        .now_ms = answer_ms(asking),
    };
    return reply_each_time(asking, &source);
}

/* No failure here has a label, so that whoever asks for one gets none. A number below zero is
 * more than Flink expects. Source: Flink JobExceptionsHandler.createJobExceptionHistory. */
static struct reply handle_exceptions(const struct asking *asking)
{
    static const struct error_kind below_zero = {500, ERROR_INTERNAL,
                                                 "java.lang.IllegalArgumentException"};
    struct execution_graph *graph = asking->answer->result.graph;
    const int32_t most = asking->route->exception_count;
    const bool labelled_only =
        asking->route->labelled_only && asking->endpoint->maker.wire.failure_labels;
    const size_t known = labelled_only ? 0 : graph->failure_count;
    if (most < 0)
        return reply_error(&asking->endpoint->maker, asking->route->job, &below_zero, "%d", most);
    const size_t count = known < (size_t)most ? known : (size_t)most;
    const struct body_source source = {.kind = BODY_JOB_EXCEPTIONS,
                                       .graph = graph,
                                       .exception_count = count,
                                       .truncated = count < known};
    return reply_each_time(asking, &source);
}

static const struct graph_vertex *find_vertex(const struct execution_graph *graph, struct id id)
{
    for (size_t i = 0; i < graph->vertex_count; i++) {
        if (id_equal(graph->vertices[i].id, id))
            return &graph->vertices[i];
    }
    return NULL;
}

/* Two of Flink's handlers have a text of their own for a vertex that is not there.
 * Source: Flink JobVertexDetailsHandler, JobVertexTaskManagersHandler, AbstractJobVertexHandler. */
static struct reply handle_vertex(const struct asking *asking)
{
    static const struct {
        vertex_renderer *render;
        const struct error_kind *missing;
        const char *says;
    } views[ROUTE_COUNT] = {
        [ROUTE_VERTEX] = {render_vertex_details, &error_not_found, "JobVertex %s not found"},
        [ROUTE_VERTEX_TASK_MANAGERS] = {render_vertex_task_managers, &error_not_found,
                                        "JobVertex %s not found"},
        [ROUTE_VERTEX_TIMES] = {render_vertex_times, &error_missing,
                                "No vertex with ID '%s' exists."},
        [ROUTE_VERTEX_ACCUMULATORS] = {render_vertex_accumulators, &error_missing,
                                       "No vertex with ID '%s' exists."},
        [ROUTE_SUBTASK_ACCUMULATORS] = {render_subtask_accumulators, &error_missing,
                                        "No vertex with ID '%s' exists."},
        [ROUTE_BACK_PRESSURE] = {render_back_pressure, &error_missing,
                                 "No vertex with ID '%s' exists."},
        [ROUTE_WATERMARKS] = {render_watermarks, &error_missing, "No vertex with ID '%s' exists."},
    };
    const struct execution_graph *graph = asking->answer->result.graph;
    const struct graph_vertex *vertex = find_vertex(graph, asking->route->vertex);
    const enum route_kind kind = asking->route->kind;
    struct buffer bytes = {0};
    char digits[ID_DIGITS + 1];
    if (!vertex) {
        id_format(asking->route->vertex, digits);
        return reply_error(&asking->endpoint->maker, asking->route->job, views[kind].missing,
                           views[kind].says, digits);
    }
    views[kind].render(graph, vertex, answer_ms(asking), &asking->endpoint->maker.wire, &bytes);
    return reply_text(asking, 200, &bytes);
}

/* Source: Flink JobConfigHandler, JobPlanHandler, JobAccumulatorsHandler. */
static struct reply handle_job_part(const struct asking *asking)
{
    static const enum body_kind kinds[ROUTE_COUNT] = {
        [ROUTE_JOB_CONFIG] = BODY_JOB_CONFIG,
        [ROUTE_JOB_PLAN] = BODY_JOB_PLAN,
        [ROUTE_JOB_ACCUMULATORS] = BODY_JOB_ACCUMULATORS,
    };
    const struct body_source source = {.kind = kinds[asking->route->kind],
                                       .graph = asking->answer->result.graph};
    return reply_each_time(asking, &source);
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
    [ROUTE_JOB_EXCEPTIONS] = {handle_exceptions, handle_failure},
    [ROUTE_JOB_PLAN] = {handle_job_part, handle_failure},
    [ROUTE_JOB_ACCUMULATORS] = {handle_job_part, handle_failure},
    [ROUTE_VERTEX] = {handle_vertex, handle_failure},
    [ROUTE_VERTEX_TIMES] = {handle_vertex, handle_failure},
    [ROUTE_VERTEX_TASK_MANAGERS] = {handle_vertex, handle_failure},
    [ROUTE_VERTEX_ACCUMULATORS] = {handle_vertex, handle_failure},
    [ROUTE_SUBTASK_ACCUMULATORS] = {handle_vertex, handle_failure},
    [ROUTE_BACK_PRESSURE] = {handle_vertex, handle_failure},
    [ROUTE_WATERMARKS] = {handle_vertex, handle_failure},
    [ROUTE_JOB_STATUS] = {handle_job_status, handle_job_status_failure},
    [ROUTE_JOB_IDS] = {handle_job_list, handle_failure},
    [ROUTE_JOBS_OVERVIEW] = {handle_job_list, handle_failure},
    [ROUTE_OVERVIEW] = {handle_job_list, handle_failure},
    [ROUTE_APPLICATIONS] = {handle_applications, handle_failure},
    [ROUTE_APPLICATION] = {handle_application, handle_failure},
    [ROUTE_APPLICATION_EXCEPTIONS] = {handle_application, handle_failure},
    [ROUTE_TASK_MANAGERS] = {handle_task_managers, handle_failure},
    [ROUTE_TASK_MANAGER] = {handle_task_manager, handle_failure},
    [ROUTE_RUN] = {handle_run, handle_run_failure},
};

struct reply handle_answer(struct endpoint *endpoint, struct answer *answer,
                           const struct route *route, const struct moment *moment)
{
    if (route->number != 0 && route->number == answer->told_route)
        return reply_with(answer->told);
    const struct asking asking = {endpoint, answer, route, moment};
    const struct handler *handler = &handlers[route->kind];
    return answer->result.outcome == OUTCOME_OK ? handler->succeeded(&asking)
                                                : handler->failed(&asking);
}
