#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

/*
 * There is no failed status: a failed operation is completed, with a cause.
 * Source: Flink SerializedThrowableSerializer.
 */
static void render_failure_cause(struct json_writer *json, const char *key,
                                 const struct fetch_result *result)
{
    const char *class_name = result->operation.exception_class;
    struct buffer trace = {0};
    struct buffer serialized = {0};

    if (!class_name)
        class_name = "java.util.concurrent.CompletionException";
    render_throwable(class_name, result->operation.failure, &trace);
    render_serialized_throwable(class_name, result->operation.failure, &trace, &serialized);
    json_member_object(json, key);
    json_member_text(json, "class", class_name);
    json_key(json, "stack-trace");
    render_text_and_free(json, &trace);
    json_key(json, "serialized-throwable");
    render_text_and_free(json, &serialized);
    json_end_object(json);
}

/* Up to the place of what a successful operation came to. False when there is none of it.
 * Source: Flink AsynchronousOperationResult. */
static bool begin_operation(struct json_writer *json, const char *failure_key,
                            const struct fetch_result *result)
{
    json_begin_object(json);
    json_member_object(json, "status");
    json_member_text(json, "id", result->operation.done ? "COMPLETED" : "IN_PROGRESS");
    json_end_object(json);
    if (!result->operation.done) {
        json_member_null(json, "operation");
        return false;
    }
    json_member_object(json, "operation");
    if (result->operation.failed)
        render_failure_cause(json, failure_key, result);
    return !result->operation.failed;
}

static void end_operation(struct json_writer *json, const struct fetch_result *result)
{
    if (result->operation.done)
        json_end_object(json);
    json_end_object(json);
}

void render_trigger_status(const struct fetch_result *result, struct buffer *out)
{
    struct json_writer json = {.out = out};

    if (begin_operation(&json, "failureCause", result))
        json_member_int64(&json, "checkpointId", result->operation.checkpoint_id);
    end_operation(&json, result);
}

void render_savepoint_status(const struct fetch_result *result, struct buffer *out)
{
    struct json_writer json = {.out = out};

    if (begin_operation(&json, "failure-cause", result))
        json_member_text(&json, "location", result->operation.location);
    end_operation(&json, result);
}
