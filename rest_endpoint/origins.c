#include "rest_endpoint/endpoint_internal.h"

/* Where an answer comes from. Source: reference 1.1, 5.1, 5.2. */
enum origin {
    FROM_GATEWAY,    /* asked each time */
    FROM_STATISTICS, /* the statistics cache, where a version has one */
    FROM_GRAPH,      /* the cache of execution graphs */
    FROM_DASHBOARD   /* the same, unless the dashboard gets past it */
};

static const struct {
    enum origin origin;
    enum fetch_kind fetch; /* FROM_GATEWAY, or when not served from the cache after all */
} served[ROUTE_COUNT] = {
    [ROUTE_STATISTICS] = {FROM_STATISTICS, FETCH_CHECKPOINT_STATS},
    [ROUTE_DETAILS] = {FROM_STATISTICS, FETCH_CHECKPOINT_STATS},
    [ROUTE_SUBTASKS] = {FROM_STATISTICS, FETCH_CHECKPOINT_STATS},
    [ROUTE_CHECKPOINT_CONFIG] = {FROM_GRAPH, FETCH_EXECUTION_GRAPH},
    [ROUTE_JOB] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_JOB_CONFIG] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_JOB_EXCEPTIONS] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_JOB_PLAN] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_JOB_ACCUMULATORS] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_VERTEX] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_VERTEX_TIMES] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_VERTEX_TASK_MANAGERS] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_VERTEX_ACCUMULATORS] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_SUBTASK_ACCUMULATORS] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_BACK_PRESSURE] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_WATERMARKS] = {FROM_DASHBOARD, FETCH_EXECUTION_GRAPH},
    [ROUTE_JOB_STATUS] = {FROM_GATEWAY, FETCH_JOB_STATUS},
    [ROUTE_TRIGGER_STATUS] = {FROM_GATEWAY, FETCH_TRIGGER_STATUS},
    [ROUTE_SAVEPOINT_STATUS] = {FROM_GATEWAY, FETCH_SAVEPOINT_STATUS},
    [ROUTE_TRIGGER] = {FROM_GATEWAY, FETCH_TRIGGER_CHECKPOINT},
    [ROUTE_SAVEPOINT] = {FROM_GATEWAY, FETCH_TRIGGER_SAVEPOINT},
    [ROUTE_STOP] = {FROM_GATEWAY, FETCH_STOP_WITH_SAVEPOINT},
    [ROUTE_CANCEL] = {FROM_GATEWAY, FETCH_CANCEL_JOB},
    [ROUTE_JOB_IDS] = {FROM_GATEWAY, FETCH_JOB_LIST},
    [ROUTE_JOBS_OVERVIEW] = {FROM_GATEWAY, FETCH_JOB_LIST},
    [ROUTE_OVERVIEW] = {FROM_GATEWAY, FETCH_JOB_LIST},
    [ROUTE_APPLICATIONS] = {FROM_GATEWAY, FETCH_JOB_LIST},
    [ROUTE_APPLICATION] = {FROM_GATEWAY, FETCH_JOB_LIST},
    [ROUTE_APPLICATION_EXCEPTIONS] = {FROM_GATEWAY, FETCH_JOB_LIST},
    [ROUTE_TASK_MANAGERS] = {FROM_GATEWAY, FETCH_TASK_MANAGERS},
    [ROUTE_TASK_MANAGER] = {FROM_GATEWAY, FETCH_TASK_MANAGERS},
    [ROUTE_RUN] = {FROM_GATEWAY, FETCH_RUN_JOB},
};

struct cache *cache_of(struct endpoint *endpoint, enum route_kind kind)
{
    const struct endpoint_quirks *quirks = &endpoint->config.quirks;
    switch (served[kind].origin) {
    case FROM_STATISTICS:
        return quirks->statistics_from_graph ? &endpoint->graph : &endpoint->stats;
    case FROM_GRAPH:
        return &endpoint->graph;
    case FROM_DASHBOARD:
        return quirks->dashboard_uncached ? NULL : &endpoint->graph;
    case FROM_GATEWAY:
        break;
    }
    return NULL;
}

struct fetch_request fetch_for(const struct endpoint *endpoint, const struct cache *cache,
                               const struct route *route, struct job_order *order)
{
    struct fetch_request what = {.kind = served[route->kind].fetch,
                                 .job = route->job,
                                 .trigger = route->trigger,
                                 .order = order};
    if (cache)
        what.kind = cache == &endpoint->graph ? FETCH_EXECUTION_GRAPH : FETCH_CHECKPOINT_STATS;
    return what;
}
