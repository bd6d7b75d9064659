#include "rest_endpoint/handlers_internal.h"

#include <string.h>

#include "rest_endpoint/render.h"

/* Source: Flink JobIdsHandler, JobsOverviewHandler, ClusterOverviewHandler; durations are
 * reckoned by the JobManager (JobDetails.createDetailsForJob). */
struct reply handle_job_list(const struct asking *asking)
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
struct reply handle_trigger(const struct asking *asking)
{
    struct buffer bytes = {0};
    render_trigger_response(asking->route->trigger, &bytes);
    return reply_text(asking, 202, &bytes);
}

/* Source: Flink CheckpointHandlers.CheckpointStatusHandler,
 * SavepointHandlers.SavepointStatusHandler. */
struct reply handle_operation_status(const struct asking *asking)
{
    struct buffer bytes = {0};
    if (asking->route->kind == ROUTE_SAVEPOINT_STATUS)
        render_savepoint_status(&asking->answer->result, &bytes);
    else
        render_trigger_status(&asking->answer->result, &bytes);
    return reply_text(asking, 200, &bytes);
}

/* Source: Flink JobStatusHandler. */
struct reply handle_job_status(const struct asking *asking)
{
    struct buffer bytes = {0};
    render_job_status(asking->answer->result.job_state, &bytes);
    return reply_text(asking, 200, &bytes);
}

struct reply handle_cancelled_job(const struct asking *asking)
{
    struct buffer bytes = {0};
    render_empty(&bytes);
    return reply_text(asking, 202, &bytes);
}

/* Source: Flink JarRunHandler. */
struct reply handle_run(const struct asking *asking)
{
    struct buffer bytes = {0};
    render_jar_run(asking->route->job, &asking->endpoint->maker.wire, &bytes);
    return reply_text(asking, 200, &bytes);
}

/* Source: Flink TaskManagersHandler. */
struct reply handle_task_managers(const struct asking *asking)
{
    struct buffer bytes = {0};
    render_task_managers(asking->answer->result.task_managers, &asking->endpoint->maker.wire,
                         &bytes);
    return reply_text(asking, 200, &bytes);
}

/* Source: Flink TaskManagerDetailsHandler. */
struct reply handle_task_manager(const struct asking *asking)
{
    const struct task_manager_list *list = asking->answer->result.task_managers;
    struct buffer bytes = {0};
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->lines[i].id, asking->route->task_manager) != 0)
            continue;
        render_task_manager(&list->lines[i], &asking->endpoint->maker.wire, &bytes);
        return reply_text(asking, 200, &bytes);
    }
    return reply_error(&asking->endpoint->maker, asking->route->job, &error_missing,
                       "Could not find TaskExecutor %s.", asking->route->task_manager);
}

/* Source: Flink ApplicationsOverviewHandler. */
struct reply handle_applications(const struct asking *asking)
{
    const struct job_list *jobs = asking->answer->result.jobs;
    struct buffer bytes = {0};
    render_applications(jobs, jobs->taken_ms, &asking->endpoint->maker.wire, &bytes);
    return reply_text(asking, 200, &bytes);
}

static const struct job_line *find_line(const struct job_list *jobs, struct id job)
{
    for (size_t i = 0; i < jobs->count; i++) {
        if (id_equal(jobs->lines[i].job, job))
            return &jobs->lines[i];
    }
    return NULL;
}

/* An application has no exceptions but those of its jobs. Source: Flink
 * ApplicationDetailsHandler, ApplicationExceptionsHandler. */
struct reply handle_application(const struct asking *asking)
{
    const struct job_list *jobs = asking->answer->result.jobs;
    const struct job_line *line = find_line(jobs, asking->route->job);
    struct buffer bytes = {0};
    char digits[ID_DIGITS + 1];
    if (!line) {
        id_format(asking->route->job, digits);
        return reply_error(&asking->endpoint->maker, asking->route->job, &error_not_found,
                           "Application %s not found", digits);
    }
    if (asking->route->kind == ROUTE_APPLICATION)
        render_application(line, jobs->taken_ms, &asking->endpoint->maker.wire, &bytes);
    else
        buffer_text(&bytes, "{\"exceptionHistory\":{\"entries\":[]}}");
    return reply_text(asking, 200, &bytes);
}
