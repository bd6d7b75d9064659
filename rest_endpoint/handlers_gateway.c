#include "rest_endpoint/handlers_internal.h"

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
