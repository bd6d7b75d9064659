#include "rest_endpoint/render_internal.h"

int64_t render_duration_ms(int64_t start_ms, int64_t end_ms, int64_t now_ms)
{
    if (start_ms < 0)
        return -1;
    return (end_ms > 0 ? end_ms : now_ms) - start_ms;
}

void count_task_states(const struct graph_vertex *vertex, int64_t counts[EXECUTION_STATE_COUNT])
{
    memset(counts, 0, EXECUTION_STATE_COUNT * sizeof(*counts));
    if (!vertex->subtasks)
        counts[vertex->state] = vertex->parallelism;
    for (int32_t i = 0; vertex->subtasks && i < vertex->parallelism; i++)
        counts[vertex->subtasks[i].state]++;
}

/*
 * Differs: Flink writes maps that go by an enum in the order of a hash table of identity hashes,
 * another one at each start of the JobManager. We keep to the order of declaration.
 */
void render_state_counts(struct json_writer *json, const char *key,
                         const int64_t counts[EXECUTION_STATE_COUNT])
{
    json_member_object(json, key);
    for (size_t i = 0; i < EXECUTION_STATE_COUNT; i++)
        json_member_int64(json, execution_state_name((enum execution_state)i), counts[i]);
    json_end_object(json);
}

void render_metrics(struct json_writer *json, const struct vertex_metrics *metrics)
{
    json_member_object(json, "metrics");
    json_member_int64(json, "read-bytes", metrics->read_bytes);
    json_member_bool(json, "read-bytes-complete", metrics->complete);
    json_member_int64(json, "write-bytes", metrics->write_bytes);
    json_member_bool(json, "write-bytes-complete", metrics->complete);
    json_member_int64(json, "read-records", metrics->read_records);
    json_member_bool(json, "read-records-complete", metrics->complete);
    json_member_int64(json, "write-records", metrics->write_records);
    json_member_bool(json, "write-records-complete", metrics->complete);
    json_member_int64(json, "accumulated-backpressured-time", metrics->backpressured_ms);
    json_member_int64(json, "accumulated-idle-time", metrics->idle_ms);
    json_member_java_double(json, "accumulated-busy-time", metrics->busy_ms);
    json_end_object(json);
}

/* What Flink says where no TaskManager has the task. Source: Flink JobVertexDetailsHandler. */
#define UNASSIGNED "(unassigned)"

static void member_host(struct json_writer *json, const char *key, const char *endpoint)
{
    const char *colon = endpoint ? strchr(endpoint, ':') : NULL;
    json_key(json, key);
    if (colon)
        json_text_length(json, endpoint, (size_t)(colon - endpoint));
    else
        json_text(json, endpoint ? endpoint : UNASSIGNED);
}

void render_place(struct json_writer *json, const char *endpoint, const struct endpoint_wire *wire)
{
    if (wire->hosts)
        member_host(json, "host", endpoint);
    if (wire->endpoints)
        json_member_text(json, "endpoint", endpoint ? endpoint : UNASSIGNED);
}
