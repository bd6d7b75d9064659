#include <stdlib.h>

#include "rest_endpoint/render.h"
#include "rest_endpoint/render_vertex_internal.h"

static void render_heading(struct json_writer *json, const struct graph_vertex *vertex,
                           int64_t now_ms)
{
    json_begin_object(json);
    render_member_id(json, "id", vertex->id);
    json_member_text(json, "name", vertex->name);
    json_member_int64(json, "now", now_ms);
}

/* Source: Flink SubtasksTimesHandler: from scheduling to the end. */
static void render_times_of(struct json_writer *json, const struct execution_graph *graph,
                            const struct graph_vertex *vertex, int32_t index, int64_t now_ms,
                            const struct endpoint_wire *wire)
{
    const struct graph_subtask subtask = subtask_of(vertex, index);
    const int64_t start_ms = subtask.state_ms[EXECUTION_SCHEDULED];
    int64_t end_ms = -1;
    for (size_t i = TASK_STAGE_COUNT + 1; i < TASK_LIFE_LENGTH; i++) {
        if (subtask.state == task_life[i])
            end_ms = subtask.state_ms[task_life[i]];
    }
    json_begin_object(json);
    json_member_int64(json, "subtask", index);
    render_place(json, graph->task_manager_endpoint, wire);
    json_member_int64(json, "duration",
                      render_duration_ms(start_ms > 0 ? start_ms : -1, end_ms, now_ms));
    render_state_counts(json, "timestamps", subtask.state_ms);
    json_end_object(json);
}

void render_vertex_times(const struct execution_graph *graph, const struct graph_vertex *vertex,
                         int64_t now_ms, const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};

    render_heading(&json, vertex, now_ms);
    json_member_array(&json, "subtasks");
    for (int32_t i = 0; i < vertex->parallelism; i++)
        render_times_of(&json, graph, vertex, i, now_ms, wire);
    json_end_array(&json);
    json_end_object(&json);
}

/* All tasks run on one TaskManager. */
static void render_one_task_manager(struct json_writer *json, const struct execution_graph *graph,
                                    const struct graph_vertex *vertex, int64_t now_ms,
                                    const struct endpoint_wire *wire,
                                    const struct attempts *attempts)
{
    const int64_t start_ms = vertex->start_ms > 0 ? vertex->start_ms : -1;
    int64_t states[EXECUTION_STATE_COUNT];

    count_task_states(vertex, states);
    json_begin_object(json);
    render_place(json, graph->task_manager_endpoint, wire);
    json_member_text(json, "status", execution_state_name(vertex->state));
    json_member_int64(json, "start-time", start_ms);
    json_member_int64(json, "end-time", vertex->end_ms > 0 ? vertex->end_ms : -1);
    json_member_int64(json, "duration", render_duration_ms(start_ms, vertex->end_ms, now_ms));
    render_metrics(json, &vertex->metrics);
    render_state_counts(json, "status-counts", states);
    json_member_text(json, "taskmanager-id",
                     graph->task_manager_id ? graph->task_manager_id : "(unassigned)");
    render_aggregated(json, attempts);
    json_end_object(json);
}

void render_vertex_task_managers(const struct execution_graph *graph,
                                 const struct graph_vertex *vertex, int64_t now_ms,
                                 const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};
    struct attempts attempts;

    if (!attempts_read(&attempts, vertex, now_ms)) {
        out->failed = true;
        return;
    }
    render_heading(&json, vertex, now_ms);
    json_member_array(&json, "taskmanagers");
    render_one_task_manager(&json, graph, vertex, now_ms, wire, &attempts);
    json_end_array(&json);
    json_end_object(&json);
    free(attempts.items);
}

/* Jobs here have no accumulators. */
static void member_no_accumulators(struct json_writer *json)
{
    json_member_array(json, "user-accumulators");
    json_end_array(json);
}

void render_vertex_accumulators(const struct execution_graph *graph,
                                const struct graph_vertex *vertex, int64_t now_ms,
                                const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};

    (void)graph;
    (void)now_ms;
    (void)wire;
    json_begin_object(&json);
    render_member_id(&json, "id", vertex->id);
    member_no_accumulators(&json);
    json_end_object(&json);
}

void render_subtask_accumulators(const struct execution_graph *graph,
                                 const struct graph_vertex *vertex, int64_t now_ms,
                                 const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};

    (void)now_ms;
    json_begin_object(&json);
    render_member_id(&json, "id", vertex->id);
    json_member_int64(&json, "parallelism", vertex->parallelism);
    json_member_array(&json, "subtasks");
    for (int32_t i = 0; i < vertex->parallelism; i++) {
        json_begin_object(&json);
        json_member_int64(&json, "subtask", i);
        json_member_int64(&json, "attempt", subtask_of(vertex, i).attempt);
        render_place(&json, graph->task_manager_endpoint, wire);
        member_no_accumulators(&json);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

/* What Flink says when it has no metrics. Source: Flink JobVertexBackPressureInfo.deprecated. */
void render_back_pressure(const struct execution_graph *graph, const struct graph_vertex *vertex,
                          int64_t now_ms, const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};

    (void)graph;
    (void)vertex;
    (void)now_ms;
    (void)wire;
    json_begin_object(&json);
    json_member_text(&json, "status", "deprecated");
    json_end_object(&json);
}

/* Sources here give out none. */
void render_watermarks(const struct execution_graph *graph, const struct graph_vertex *vertex,
                       int64_t now_ms, const struct endpoint_wire *wire, struct buffer *out)
{
    (void)graph;
    (void)vertex;
    (void)now_ms;
    (void)wire;
    buffer_text(out, "[]");
}
