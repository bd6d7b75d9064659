#include "harness/shared_object/wire.h"

#include <string.h>

const char *object_call_name(enum object_call call)
{
    static const char *const names[OBJECT_CALL_COUNT] = {
#define X(name, text) [OBJECT_##name] = text,
        CALL_MAP(X)
#undef X
    };
    return names[call];
}

/* Every message is as long as it says, to the byte. */
bool wire_result_read(const char *bytes, size_t length, struct wire_result *result,
                      struct wire_cursor *actions)
{
    if (length < sizeof *result)
        return false;
    memcpy(result, bytes, sizeof *result);
    actions->at = bytes + sizeof *result;
    actions->end = bytes + length;
    actions->count = result->action_count;
    return actions->count > 0 || actions->at == actions->end;
}

bool wire_action_read(struct wire_cursor *cursor, struct wire_action *action, const char **text)
{
    const size_t left = (size_t)(cursor->end - cursor->at);
    if (cursor->count == 0 || left < sizeof *action)
        return false;
    memcpy(action, cursor->at, sizeof *action);
    action->job[sizeof action->job - 1] = '\0';
    const size_t length = action->length == WIRE_NO_TEXT ? 0 : action->length;
    if (length > left - sizeof *action)
        return false;
    *text = action->length == WIRE_NO_TEXT ? NULL : cursor->at + sizeof *action;
    cursor->at += sizeof *action + length;
    cursor->count--;
    return cursor->count > 0 || cursor->at == cursor->end;
}

bool wire_obituary_read(const char *bytes, size_t length, struct wire_obituary *obituary)
{
    if (length != sizeof *obituary)
        return false;
    memcpy(obituary, bytes, sizeof *obituary);
    return obituary->kind < OBITUARY_KIND_COUNT && obituary->call < OBJECT_CALL_COUNT;
}

void wire_call_write(struct buffer *out, const struct wire_call *call,
                     const char *const texts[WIRE_TEXT_MAX])
{
    buffer_append(out, call, sizeof *call);
    for (size_t i = 0; i < WIRE_TEXT_MAX; i++) {
        if (call->lengths[i] == WIRE_NO_TEXT)
            continue;
        buffer_append(out, texts[i], call->lengths[i]);
        buffer_char(out, '\0');
    }
}
