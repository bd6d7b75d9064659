#include "rest_endpoint/routes_internal.h"

#include <string.h>

struct pattern {
    enum http_method method;
    enum route_kind kind;
    const char *path;
    enum query_kind query;
};

/*
 * The first match counts. Among paths of one length literal parts come before parameters, so that
 * /checkpoints/config wins over /checkpoints/:triggerid; what is asked for most comes first.
 * Source: Flink RestServerEndpoint.RestHandlerUrlComparator.
 */
static const struct pattern patterns[] = {
    {METHOD_GET, ROUTE_STATISTICS, "jobs/:jobid/checkpoints", QUERY_ANY},
    {METHOD_GET, ROUTE_JOBS_OVERVIEW, "jobs/overview", QUERY_ANY},
    {METHOD_GET, ROUTE_NO_METRICS, "jobs/metrics", QUERY_ANY},
    {METHOD_GET, ROUTE_JOB, "jobs/:jobid", QUERY_ANY},
    {METHOD_GET, ROUTE_DETAILS, "jobs/:jobid/checkpoints/details/:checkpointid", QUERY_ANY},
    {METHOD_GET, ROUTE_SUBTASKS, "jobs/:jobid/checkpoints/details/:checkpointid/subtasks/:vertexid",
     QUERY_ANY},
    {METHOD_GET, ROUTE_CHECKPOINT_CONFIG, "jobs/:jobid/checkpoints/config", QUERY_ANY},
    {METHOD_GET, ROUTE_TRIGGER_STATUS, "jobs/:jobid/checkpoints/:triggerid", QUERY_ANY},
    {METHOD_GET, ROUTE_SAVEPOINT_STATUS, "jobs/:jobid/savepoints/:triggerid", QUERY_ANY},
    {METHOD_POST, ROUTE_TRIGGER, "jobs/:jobid/checkpoints", QUERY_ANY},
    {METHOD_POST, ROUTE_SAVEPOINT, "jobs/:jobid/savepoints", QUERY_ANY},
    {METHOD_POST, ROUTE_STOP, "jobs/:jobid/stop", QUERY_ANY},
    {METHOD_PATCH, ROUTE_CANCEL, "jobs/:jobid", QUERY_MODE_CANCEL},
    {METHOD_GET, ROUTE_CANCEL, "jobs/:jobid/yarn-cancel", QUERY_MODE_CANCEL},
    {METHOD_GET, ROUTE_CANCEL, "jobs/:jobid/yarn-stop", QUERY_MODE_STOP},
    {METHOD_GET, ROUTE_JOB_CONFIG, "jobs/:jobid/config", QUERY_ANY},
    {METHOD_GET, ROUTE_JOB_EXCEPTIONS, "jobs/:jobid/exceptions", QUERY_EXCEPTIONS},
    {METHOD_GET, ROUTE_JOB_PLAN, "jobs/:jobid/plan", QUERY_ANY},
    {METHOD_GET, ROUTE_JOB_ACCUMULATORS, "jobs/:jobid/accumulators", QUERY_ANY},
    {METHOD_GET, ROUTE_JOB_STATUS, "jobs/:jobid/status", QUERY_ANY},
    {METHOD_GET, ROUTE_VERTEX, "jobs/:jobid/vertices/:vertexid", QUERY_ANY},
    {METHOD_GET, ROUTE_VERTEX_TIMES, "jobs/:jobid/vertices/:vertexid/subtasktimes", QUERY_ANY},
    {METHOD_GET, ROUTE_VERTEX_TASK_MANAGERS, "jobs/:jobid/vertices/:vertexid/taskmanagers",
     QUERY_ANY},
    {METHOD_GET, ROUTE_VERTEX_ACCUMULATORS, "jobs/:jobid/vertices/:vertexid/accumulators",
     QUERY_ANY},
    {METHOD_GET, ROUTE_SUBTASK_ACCUMULATORS, "jobs/:jobid/vertices/:vertexid/subtasks/accumulators",
     QUERY_ANY},
    {METHOD_GET, ROUTE_BACK_PRESSURE, "jobs/:jobid/vertices/:vertexid/backpressure", QUERY_ANY},
    {METHOD_GET, ROUTE_WATERMARKS, "jobs/:jobid/vertices/:vertexid/watermarks", QUERY_ANY},
    {METHOD_GET, ROUTE_NO_METRICS, "jobs/:jobid/vertices/:vertexid/metrics", QUERY_ANY},
    {METHOD_GET, ROUTE_NO_METRICS, "jobs/:jobid/vertices/:vertexid/subtasks/metrics", QUERY_ANY},
    {METHOD_GET, ROUTE_NO_METRICS, "jobs/:jobid/metrics", QUERY_ANY},
    {METHOD_GET, ROUTE_JOB_IDS, "jobs", QUERY_ANY},
    {METHOD_GET, ROUTE_OVERVIEW, "overview", QUERY_ANY},
    {METHOD_GET, ROUTE_DASHBOARD_CONFIG, "config", QUERY_ANY},
    {METHOD_GET, ROUTE_CONFIGURATION, "jobmanager/config", QUERY_ANY},
    {METHOD_GET, ROUTE_TASK_MANAGERS, "taskmanagers", QUERY_ANY},
    {METHOD_GET, ROUTE_NO_METRICS, "taskmanagers/metrics", QUERY_ANY},
    {METHOD_GET, ROUTE_TASK_MANAGER, "taskmanagers/:taskmanagerid", QUERY_ANY},
    {METHOD_GET, ROUTE_NO_METRICS, "taskmanagers/:taskmanagerid/metrics", QUERY_ANY},
    {METHOD_GET, ROUTE_JOBMANAGER_METRICS, "jobmanager/metrics", QUERY_ANY},
    {METHOD_GET, ROUTE_ENVIRONMENT, "jobmanager/environment", QUERY_ANY},
    {METHOD_GET, ROUTE_NO_LOGS, "jobmanager/logs", QUERY_ANY},
    {METHOD_GET, ROUTE_NO_THREADS, "jobmanager/thread-dump", QUERY_ANY},
    {METHOD_GET, ROUTE_APPLICATIONS, "applications/overview", QUERY_ANY},
    {METHOD_GET, ROUTE_APPLICATION, "applications/:applicationid", QUERY_ANY},
    {METHOD_GET, ROUTE_APPLICATION_EXCEPTIONS, "applications/:applicationid/exceptions", QUERY_ANY},
    {METHOD_GET, ROUTE_JARS, "jars", QUERY_ANY},
    {METHOD_POST, ROUTE_JAR_UPLOAD, "jars/upload", QUERY_ANY},
    {METHOD_DELETE, ROUTE_JAR_REMOVAL, "jars/:jarid", QUERY_ANY},
    {METHOD_POST, ROUTE_RUN, "jars/:jarid/run", QUERY_PARALLELISM},
};

/* Takes the next part of a pattern's path; false at its end. */
static bool next_part(const char **rest, struct span *part)
{
    if (**rest == '\0')
        return false;
    *part = (struct span){*rest, strcspn(*rest, "/")};
    *rest += part->length;
    *rest += **rest == '/';
    return true;
}

static bool pattern_matches(const struct pattern *pattern, const struct target *target)
{
    const char *rest = pattern->path;
    struct span part;
    size_t count = 0;
    for (; next_part(&rest, &part); count++) {
        if (count >= target->segment_count)
            return false;
        const struct span *segment = &target->segments[count];
        if (*part.text != ':' &&
            (segment->length != part.length || memcmp(segment->text, part.text, part.length) != 0))
            return false;
    }
    return count == target->segment_count;
}

static const struct pattern *find_pattern(enum http_method method, const struct target *target)
{
    if (target->segment_count > SEGMENT_COUNT_MAX)
        return NULL;
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        if (patterns[i].method == method && pattern_matches(&patterns[i], target))
            return &patterns[i];
    }
    return NULL;
}

static bool read_job(const struct span *span, struct route *route)
{
    return id_parse(span->text, span->length, &route->job);
}

static bool read_checkpoint(const struct span *span, struct route *route)
{
    return read_int64(span, &route->checkpoint);
}

static bool read_vertex(const struct span *span, struct route *route)
{
    return id_parse(span->text, span->length, &route->vertex);
}

static bool read_trigger(const struct span *span, struct route *route)
{
    return id_parse(span->text, span->length, &route->trigger);
}

/* Any text is an id; one that does not fit is nobody's, cut or not. Source: Flink
 * TaskManagerIdPathParameter. */
static bool read_task_manager(const struct span *span, struct route *route)
{
    const size_t room = sizeof(route->task_manager) - 1;
    const size_t length = span->length < room ? span->length : room;
    memcpy(route->task_manager, span->text, length);
    route->task_manager[length] = '\0';
    return true;
}

/* A name without a folder; it stays where it is. Source: Flink JarIdPathParameter. */
static bool check_jar(const struct span *span, struct route *route)
{
    (void)route;
    return span->length > 0 && !memchr(span->text, '/', span->length);
}

/* The parameters of paths. Source: Flink MessagePathParameter and its subclasses. */
static const struct path_parameter {
    const char *name;
    bool (*read)(const struct span *span, struct route *route);
} path_parameters[] = {
    {"jobid", read_job},         {"checkpointid", read_checkpoint},    {"vertexid", read_vertex},
    {"triggerid", read_trigger}, {"taskmanagerid", read_task_manager}, {"applicationid", read_job},
    {"jarid", check_jar},
};

static const struct path_parameter *find_parameter(const struct span *name)
{
    const struct path_parameter *parameter = path_parameters;
    while (!span_is(name, parameter->name))
        parameter++;
    return parameter;
}

static bool read_path(const struct pattern *pattern, const struct target *target,
                      struct route *route, struct route_fault *fault)
{
    const char *rest = pattern->path;
    struct span part;
    for (size_t i = 0; next_part(&rest, &part); i++) {
        if (*part.text != ':')
            continue;
        const struct span name = {part.text + 1, part.length - 1};
        const struct path_parameter *parameter = find_parameter(&name);
        if (!parameter->read(&target->segments[i], route)) {
            *fault = (struct route_fault){parameter->name, target->segments[i]};
            return false;
        }
    }
    return true;
}

enum route_outcome route_find(enum http_method method, const char *text, size_t length,
                              struct target *target, struct route *route, struct route_fault *fault)
{
    switch (target_read(target, text, length)) {
    case TARGET_MALFORMED:
        return ROUTE_MALFORMED;
    case TARGET_NO_MEMORY:
        return ROUTE_NO_MEMORY;
    case TARGET_READ:
        break;
    }
    const struct pattern *pattern = find_pattern(method, target);
    if (!pattern)
        return ROUTE_UNKNOWN;
    route->kind = pattern->kind;
    if (!read_path(pattern, target, route, fault))
        return ROUTE_BAD_PARAMETER;
    return route_check_query(pattern->query, target, route, fault);
}

enum http_method http_method_find(const char *name)
{
    static const struct {
        const char *name;
        enum http_method method;
    } methods[] = {
        {"GET", METHOD_GET},
        {"POST", METHOD_POST},
        {"PATCH", METHOD_PATCH},
        {"DELETE", METHOD_DELETE},
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(name, methods[i].name) == 0)
            return methods[i].method;
    return METHOD_OTHER;
}
