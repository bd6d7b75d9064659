#include "base/duration.h"
#include "harness/flink_config/effective.h"

void effective_value_print(enum flink_option option, const struct effective_value *value,
                           struct buffer *out)
{
    static const char *const modes[] = {
        [RETENTION_DELETE_ON_CANCEL] = "DELETE_ON_CANCELLATION",
        [RETENTION_RETAIN_ON_CANCEL] = "RETAIN_ON_CANCELLATION",
        [RETENTION_NONE] = "NO_EXTERNALIZED_CHECKPOINTS",
    };
    const enum option_kind kind = flink_option_kind(option);
    if (value->refusal)
        buffer_text(out, "refused");
    else if (value->number < 0 && !value->text)
        buffer_text(out, "not set");
    else if (kind == OPTION_DURATION)
        duration_name(out, value->number);
    else if (kind == OPTION_BOOLEAN)
        buffer_text(out, value->number ? "true" : "false");
    else if (kind == OPTION_RETENTION_MODE)
        buffer_text(out, modes[value->number]);
    else
        buffer_int64(out, value->number);
}
