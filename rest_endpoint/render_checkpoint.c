#include <assert.h>

#include "rest_endpoint/render_internal.h"

struct literal {
    const char *bytes;
    size_t length;
};
#define LITERAL(text)          \
    {                          \
        text, sizeof(text) - 1 \
    }

const char *checkpoint_status_name(enum checkpoint_status status)
{
    static const char *const names[] = {
        [CHECKPOINT_IN_PROGRESS] = "IN_PROGRESS",
        [CHECKPOINT_COMPLETED] = "COMPLETED",
        [CHECKPOINT_FAILED] = "FAILED",
    };
    return names[status];
}

/* Savepoints are never unaligned. Source: Flink CheckpointStatistics.RestAPICheckpointType. */
static struct literal type_name(enum checkpoint_type type, const struct endpoint_wire *wire)
{
    static const struct literal names[] = {
        [CHECKPOINT_ALIGNED] = LITERAL("\"CHECKPOINT\""),
        [CHECKPOINT_UNALIGNED] = LITERAL("\"UNALIGNED_CHECKPOINT\""),
        [CHECKPOINT_SAVEPOINT] = LITERAL("\"SAVEPOINT\""),
        [CHECKPOINT_SYNC_SAVEPOINT] = LITERAL("\"SYNC_SAVEPOINT\""),
    };
    if (type == CHECKPOINT_UNALIGNED && !wire->unaligned_type)
        return names[CHECKPOINT_ALIGNED];
    return names[type];
}

static char *put_head(char *at, const struct checkpoint *checkpoint)
{
    static const struct literal before_id[] = {
        [CHECKPOINT_IN_PROGRESS] = LITERAL("{\"className\":\"in_progress\",\"id\":"),
        [CHECKPOINT_COMPLETED] = LITERAL("{\"className\":\"completed\",\"id\":"),
        [CHECKPOINT_FAILED] = LITERAL("{\"className\":\"failed\",\"id\":"),
    };
    static const struct literal after_id[] = {
        [CHECKPOINT_IN_PROGRESS] = LITERAL(",\"status\":\"IN_PROGRESS\",\"is_savepoint\":"),
        [CHECKPOINT_COMPLETED] = LITERAL(",\"status\":\"COMPLETED\",\"is_savepoint\":"),
        [CHECKPOINT_FAILED] = LITERAL(",\"status\":\"FAILED\",\"is_savepoint\":"),
    };

    at = put_bytes(at, before_id[checkpoint->status].bytes, before_id[checkpoint->status].length);
    at = render_int64(at, checkpoint->id);
    at = put_bytes(at, after_id[checkpoint->status].bytes, after_id[checkpoint->status].length);
    if (!checkpoint_type_is_savepoint(checkpoint->type))
        return PUT(at, "false,\"savepointFormat\":null");
    if (checkpoint->native_format)
        return PUT(at, "true,\"savepointFormat\":\"NATIVE\"");
    return PUT(at, "true,\"savepointFormat\":\"CANONICAL\"");
}

static char *put_numbers(char *at, const struct checkpoint *checkpoint)
{
    at = render_int64(PUT(at, ",\"trigger_timestamp\":"), checkpoint->trigger_ms);
    at = render_int64(PUT(at, ",\"latest_ack_timestamp\":"), checkpoint->latest_ack_ms);
    at = render_int64(PUT(at, ",\"checkpointed_size\":"), checkpoint->checkpointed_size);
    at = render_int64(PUT(at, ",\"state_size\":"), checkpoint->state_size);
    at = render_int64(PUT(at, ",\"end_to_end_duration\":"), checkpoint_duration_ms(checkpoint));
    at = PUT(at, ",\"alignment_buffered\":0,\"processed_data\":");
    at = render_int64(at, checkpoint->processed_data);
    at = render_int64(PUT(at, ",\"persisted_data\":"), checkpoint->persisted_data);
    at = render_int64(PUT(at, ",\"num_subtasks\":"), checkpoint->subtask_count);
    return render_int64(PUT(at, ",\"num_acknowledged_subtasks\":"), checkpoint->acknowledged_count);
}

/* What only completed or only failed ones have, and the end of the object. */
static void render_ending(const struct checkpoint *checkpoint, struct buffer *out)
{
    if (checkpoint->status == CHECKPOINT_COMPLETED) {
        buffer_text(out, "},\"external_path\":");
        render_text(shared_text_bytes(checkpoint->external_path), out);
        buffer_text(out, checkpoint->discarded ? ",\"discarded\":true}" : ",\"discarded\":false}");
    } else if (checkpoint->status == CHECKPOINT_FAILED) {
        buffer_text(out, "},\"failure_timestamp\":");
        buffer_int64(out, checkpoint->failure_ms);
        buffer_text(out, ",\"failure_message\":");
        render_text(checkpoint->failure_message, out);
        buffer_char(out, '}');
    } else {
        buffer_text(out, "}}");
    }
}

static void render_tasks(const struct checkpoint *checkpoint, struct buffer *out)
{
    struct json_writer json = {.out = out};
    char vertex[ID_DIGITS + 1];

    for (size_t i = 0; i < checkpoint->task_count; i++) {
        id_format(checkpoint->tasks[i].vertex, vertex);
        json_member_object(&json, vertex);
        render_task_members(&json, checkpoint, &checkpoint->tasks[i]);
        json_end_object(&json);
    }
}

void render_checkpoint(const struct checkpoint *checkpoint, bool with_tasks,
                       const struct endpoint_wire *wire, struct buffer *out)
{
    enum { ROOM = 1024 }; /* member names take 460 bytes, eleven numbers 220 */
    char *start = buffer_reserve(out, ROOM);
    if (!start)
        return;
    struct literal type = type_name(checkpoint->type, wire);
    char *at = put_numbers(put_head(start, checkpoint), checkpoint);
    at = put_bytes(PUT(at, ",\"checkpoint_type\":"), type.bytes, type.length);
    at = PUT(at, ",\"tasks\":{");
    assert(at - start <= ROOM);
    out->length += (size_t)(at - start);
    if (with_tasks)
        render_tasks(checkpoint, out);
    render_ending(checkpoint, out);
}
