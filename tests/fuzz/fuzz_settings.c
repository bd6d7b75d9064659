/* rooms: rest_endpoint gateway base */
/* libFuzzer entry: an option of Flink with its value, after a byte that chooses the option. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "rest_endpoint/policy_sets.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct settings settings;
    struct endpoint_config config;
    size_t count = 0;
    if (length == 0)
        return 0;
    while (settings_option_names()[count])
        count++;
    char *value = text_copy_length((const char *)bytes + 1, length - 1);
    settings_default(&settings);
    (void)settings_put(&settings, settings_option_names()[bytes[0] % count], value);
    for (size_t i = 0; i < policy_set_count(); i++)
        policy_set_configure(policy_set_at(i), &settings, &config);
    free(value);
    return 0;
}
