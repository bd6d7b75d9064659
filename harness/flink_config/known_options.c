#include "harness/flink_config/known_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/flink_config/option_table.h"

struct known_option {
    const char *name, *first, *last;
};

/* In order of their bytes; made by scripts/list-flink-options. */
static const struct known_option options[] = {
#include "harness/flink_config/options.inc"
};

enum { KNOWN_COUNT = sizeof options / sizeof options[0] };

static int compare_name(const void *key, const void *option)
{
    return strcmp(key, ((const struct known_option *)option)->name);
}

const struct known_option *known_option_find(const char *key)
{
    return bsearch(key, options, KNOWN_COUNT, sizeof options[0], compare_name);
}

bool known_option_is_in(const struct known_option *option, const char *release)
{
    const enum release number = release_number(release);
    return release_number(flink_release_for(option->first)) <= number &&
           number <= release_number(flink_release_for(option->last));
}

const char *known_option_first(const struct known_option *option)
{
    return option->first;
}

const char *known_option_last(const struct known_option *option)
{
    return option->last;
}

/* Whether two names are near each other behind the words that they begin with alike. (Names of
 * options are long, and many begin alike: as a whole all of those are near each other.) */
static bool is_near(const char *key, const char *name)
{
    size_t begin = 0;
    for (size_t i = 0; key[i] != '\0' && key[i] == name[i]; i++) {
        if (key[i] == '.')
            begin = i + 1;
    }
    const char *rest = name + begin;
    return text_nearest(key + begin, &rest, 1) != NULL;
}

const char *known_option_nearest(const char *key)
{
    const char *near[KNOWN_COUNT];
    size_t count = 0;
    const size_t length = strlen(key);
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        const size_t name_length = strlen(options[i].name);
        const size_t gap = length > name_length ? length - name_length : name_length - length;
        if (gap <= length / 3 && is_near(key, options[i].name))
            near[count++] = options[i].name;
    }
    return text_nearest(key, near, count);
}
