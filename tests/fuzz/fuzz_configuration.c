/* rooms: harness/flink_config base */
/* libFuzzer entry: a configuration of Flink, after a byte that chooses its form. Any bytes must come
 * out as options or as complaints, and every release must make something of the options. */

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/flink_config/effective.h"
#include "harness/flink_config/known_options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void resolve_all(const struct config_entries *entries)
{
    for (const char *const *release = flink_releases(); *release; release++) {
        struct effective effective;
        if (!effective_resolve(&effective, entries, *release))
            __builtin_trap();
        effective_free(&effective);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum config_form forms[] = {FORM_FLINK_CONF, FORM_YAML, FORM_DEPLOYMENT,
                                             FORM_CLUSTER};
    struct config_entries entries = {0};
    struct complaints complaints = {0};
    struct buffer printed = {0};
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    (void)config_form_of("x.yaml", text, size - 1);
    const bool read =
        config_read(&entries, "fuzz", forms[data[0] % 4], text, size - 1, &complaints);
    if (!read && (complaints.count == 0 || entries.count > 0) && !complaints.failed)
        __builtin_trap(); /* refused: with a reason, and nothing is left of it */
    resolve_all(&entries);
    if (entries.count > 0 && (data[0] & 0x80)) /* it looks at a thousand names */
        (void)known_option_nearest(entries.items[0].key);
    complaints_print(&complaints, "fuzz", text, size - 1, &printed);
    buffer_free(&printed);
    complaints_free(&complaints);
    config_entries_free(&entries);
    return 0;
}
