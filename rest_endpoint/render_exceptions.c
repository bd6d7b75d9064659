#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

static void member_trace(struct json_writer *json, const char *key,
                         const struct graph_failure *failure)
{
    struct buffer trace = {0};
    render_throwable(failure->exception_class, failure->message, &trace);
    json_key(json, key);
    render_text_and_free(json, &trace);
}

/* Up to 1.20, beside the history: the newest failure. What its tasks failed of is not shown, as
 * those have been started anew since. Source: Flink JobExceptionsInfo. */
static void render_newest(struct json_writer *json, const struct execution_graph *graph)
{
    if (graph->failure_count > 0) {
        member_trace(json, "root-exception", &graph->failures[0]);
        json_member_int64(json, "timestamp", graph->failures[0].at_ms);
    } else {
        json_member_null(json, "root-exception");
        json_member_null(json, "timestamp");
    }
    json_member_array(json, "all-exceptions");
    json_end_array(json);
    json_member_bool(json, "truncated", false);
}

/* Members that would be null are left out. */
static void render_task(struct json_writer *json, const struct graph_failure *failure,
                        const struct endpoint_wire *wire)
{
    if (!failure->task_name)
        return;
    json_member_text(json, "taskName", failure->task_name);
    if (failure->endpoint && wire->hosts)
        json_member_text(json, "location", failure->endpoint);
    if (failure->endpoint && wire->endpoints)
        json_member_text(json, "endpoint", failure->endpoint);
    if (failure->task_manager_id)
        json_member_text(json, "taskManagerId", failure->task_manager_id);
}

/* Source: Flink JobExceptionsInfoWithHistory.RootExceptionInfo. */
static void render_entry(struct json_writer *json, const struct graph_failure *failure,
                         const struct endpoint_wire *wire)
{
    json_begin_object(json);
    json_member_text(json, "exceptionName", failure->exception_class);
    member_trace(json, "stacktrace", failure);
    json_member_int64(json, "timestamp", failure->at_ms);
    if (wire->failure_labels) {
        json_member_object(json, "failureLabels");
        json_end_object(json);
    }
    render_task(json, failure, wire);
    json_member_array(json, "concurrentExceptions");
    json_end_array(json);
    json_end_object(json);
}

void render_job_exceptions(const struct execution_graph *graph, size_t count, bool truncated,
                           const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    if (wire->root_exception)
        render_newest(&json, graph);
    json_member_object(&json, "exceptionHistory");
    json_member_array(&json, "entries");
    for (size_t i = 0; i < count; i++)
        render_entry(&json, &graph->failures[i], wire);
    json_end_array(&json);
    json_member_bool(&json, "truncated", truncated);
    json_end_object(&json);
    json_end_object(&json);
}
