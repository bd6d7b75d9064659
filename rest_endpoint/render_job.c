#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

/*
 * Differs: Flink writes maps that go by an enum in the order of a hash table of identity hashes,
 * another one at each start of the JobManager. We keep to the order of declaration.
 */
static void render_timestamps(struct json_writer *json, const struct execution_graph *graph)
{
    json_member_object(json, "timestamps");
    for (size_t i = 0; i < JOB_STATUS_COUNT; i++)
        json_member_int64(json, job_status_name((enum job_status)i), graph->state_ms[i]);
    json_end_object(json);
}

static void render_vertex(struct json_writer *json, const struct execution_graph *graph,
                          const struct graph_vertex *vertex, int64_t now_ms,
                          const struct endpoint_wire *wire)
{
    const bool started = vertex->start_ms > 0 && vertex->start_ms <= now_ms;
    const int64_t start_ms = started ? vertex->start_ms : -1;
    int64_t tasks[EXECUTION_STATE_COUNT];

    count_task_states(vertex, tasks);
    json_begin_object(json);
    render_member_id(json, "id", vertex->id);
    if (wire->slot_sharing_group)
        render_member_id(json, "slotSharingGroupId", graph->slot_sharing_group);
    json_member_text(json, "name", vertex->name);
    json_member_int64(json, "maxParallelism", vertex->max_parallelism);
    json_member_int64(json, "parallelism", vertex->parallelism);
    json_member_text(json, "status", execution_state_name(vertex->state));
    json_member_int64(json, "start-time", start_ms);
    json_member_int64(json, "end-time", vertex->end_ms > 0 ? vertex->end_ms : -1);
    json_member_int64(json, "duration", render_duration_ms(start_ms, vertex->end_ms, now_ms));
    render_state_counts(json, "tasks", tasks);
    render_metrics(json, &vertex->metrics);
    json_end_object(json);
}

static void render_vertices(struct json_writer *json, const struct execution_graph *graph,
                            int64_t now_ms, const struct endpoint_wire *wire)
{
    int64_t states[EXECUTION_STATE_COUNT] = {0};

    json_member_array(json, "vertices");
    for (size_t i = 0; i < graph->vertex_count; i++) {
        render_vertex(json, graph, &graph->vertices[i], now_ms, wire);
        states[graph->vertices[i].state]++;
    }
    json_end_array(json);
    render_state_counts(json, "status-counts", states);
}

void render_job(const struct execution_graph *graph, int64_t now_ms,
                const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    render_member_id(&json, "jid", graph->job);
    if (wire->scheduler_type && !graph->has_plan)
        json_member_null(&json, "application-id");
    else if (wire->scheduler_type)
        render_member_id(&json, "application-id", graph->job);
    json_member_text(&json, "name", graph->name);
    json_member_bool(&json, "isStoppable", false);
    json_member_text(&json, "state", job_status_name(graph->state));
    if (wire->job_type)
        json_member_text(&json, "job-type", "STREAMING");
    if (wire->scheduler_type)
        json_member_text(&json, "schedulerType", graph->has_plan ? "Default" : NULL);
    json_member_int64(&json, "start-time", graph->start_ms);
    json_member_int64(&json, "end-time", graph->end_ms > 0 ? graph->end_ms : -1);
    json_member_int64(&json, "duration",
                      render_duration_ms(graph->start_ms, graph->end_ms, now_ms));
    json_member_int64(&json, "maxParallelism", -1);
    json_member_int64(&json, "now", now_ms);
    render_timestamps(&json, graph);
    render_vertices(&json, graph, now_ms, wire);
    render_plan(&json, graph, wire);
    if (wire->pending_operators)
        json_member_int64(&json, "pending-operators", 0);
    json_end_object(&json);
}
