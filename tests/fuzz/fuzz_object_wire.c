/* rooms: harness/shared_object base */
/* libFuzzer entry: what a process that holds a shared object may send, as a message and as last
 * words. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "harness/shared_object/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* What was read lies within the message; the sum makes every byte count. */
static unsigned sum_of(const char *text, size_t length)
{
    unsigned sum = 0;
    for (size_t i = 0; text && i < length; i++)
        sum += (unsigned char)text[i];
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *text = (const char *)bytes;
    struct wire_obituary obituary;
    struct wire_result result;
    struct wire_cursor actions;
    volatile unsigned sum = 0;
    if (wire_obituary_read(text, length, &obituary))
        sum += sum_of(object_call_name((enum object_call)obituary.call), 1);
    if (!wire_result_read(text, length, &result, &actions))
        return 0;
    while (actions.count > 0) {
        struct wire_action action;
        const char *read;
        if (!wire_action_read(&actions, &action, &read))
            return 0;
        sum += sum_of(read, action.length);
    }
    if (actions.at != actions.end)
        abort();
    return 0;
}
