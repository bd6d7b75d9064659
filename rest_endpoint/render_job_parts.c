#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

/*
 * The execution config belongs to the program, and no graph of ours carries it: these are the
 * values of the jobs that were seen on running clusters. A job without an execution graph shows
 * a config of all defaults. Source: Flink JobConfigInfo.JobConfigInfoSerializer,
 * ArchivedExecutionGraph.createSparseArchivedExecutionGraph.
 */
void render_job_config(const struct execution_graph *graph, const struct endpoint_wire *wire,
                       struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    render_member_id(&json, "jid", graph->job);
    json_member_text(&json, "name", graph->name);
    json_member_object(&json, "execution-config");
    if (wire->execution_mode)
        json_member_text(&json, "execution-mode", "PIPELINED");
    json_member_text(&json, "restart-strategy",
                     graph->has_plan ? wire->restart_strategy
                                     : "Cluster level default restart strategy");
    json_member_int64(&json, "job-parallelism", 1);
    json_member_bool(&json, "object-reuse-mode", false);
    json_member_object(&json, "user-config");
    json_end_object(&json);
    json_end_object(&json);
    json_end_object(&json);
}

/* Source: Flink JobPlanInfo. */
void render_job_plan(const struct execution_graph *graph, const struct endpoint_wire *wire,
                     struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    render_plan(&json, graph, wire);
    json_end_object(&json);
}

/* Jobs here have no accumulators. Source: Flink JobAccumulatorsInfo. */
void render_job_accumulators(struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    json_member_array(&json, "job-accumulators");
    json_end_array(&json);
    json_member_array(&json, "user-task-accumulators");
    json_end_array(&json);
    json_member_object(&json, "serialized-user-task-accumulators");
    json_end_object(&json);
    json_end_object(&json);
}

/* Source: Flink JobStatusInfo. */
void render_job_status(enum job_status state, struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    json_member_text(&json, "status", job_status_name(state));
    json_end_object(&json);
}
