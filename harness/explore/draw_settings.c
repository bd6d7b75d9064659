#include <assert.h>

#include "harness/explore/generate_internal.h"

/* Options as a configuration file has them, the simplest value first. The old name of the refresh
 * interval counts only where the new one is not there. */

enum { VALUES_MAX = 8 };

struct option {
    const char *name;
    uint32_t given_permille;
    const char *values[VALUES_MAX];
};

static const struct option options[] = {
    {"rest.cache.checkpoint-statistics.timeout",
     920,
     {"0 ms", "100 ms", "20 ms", "50 ms", "300 ms", "1 s"}},
    {"web.refresh-interval", 920, {"200 ms", "50 ms", "100 ms", "500 ms", "3 s"}},
    {"jobmanager.web.refresh-interval", 500, {"300 ms", "100 ms", "1 s"}},
    {"web.checkpoints.history", 500, {"5", "2", "1", "3", "20", "0"}},
    {"state.checkpoints.num-retained", 600, {"3", "2", "1", "5", "10"}},
    {"rest.cache.checkpoint-statistics.size", 100, {"2", "1", "0"}},
    {"web.timeout", 400, {"1 s", "250 ms", "400 ms"}},
    {"rest.cache.execution-graph.timeout", 50, {"0 ms", "100 ms", "1 s"}},
};

enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]) };

static const char *draw_value(struct choices *choices, const struct option *option)
{
    size_t count = 0;
    while (count < VALUES_MAX && option->values[count])
        count++;
    /* Left out is not the simplest: then a default of seconds applies. */
    if (choices_chance(choices, 1000 - option->given_permille))
        return NULL;
    return option->values[choices_below(choices, count)];
}

void draw_settings(struct making *making)
{
    struct plan *plan = making->plan;
    settings_default(&plan->settings);
    struct configuration_line *lines =
        arena_zeroed(making->arena, OPTION_COUNT, sizeof(struct configuration_line));
    if (!lines)
        return;
    plan->options = lines;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const char *value = draw_value(making->choices, &options[i]);
        if (!value)
            continue;
        const char *wrong = settings_put(&plan->settings, options[i].name, value);
        assert(!wrong);
        (void)wrong;
        lines[plan->option_count++] =
            (struct configuration_line){.key = options[i].name, .value = value};
    }
}
