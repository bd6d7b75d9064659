#include "harness/target/settings_fit.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What an option comes to, and whether somebody set it; all fallbacks are gone through. */
struct resolved {
    int64_t value;
    bool given;
};

/* `major_minor`: 2001 for Flink 2.1; of a scenario it is the target's, too. */
typedef struct resolved resolve(const struct settings *settings, long major_minor);

/* From 2.1 on an interval under its old name is no fallback. Source: PR #26349, reference section
 * 13. */
static struct resolved stats_timeout(const struct settings *settings, long major_minor)
{
    struct settings defaults;
    settings_default(&defaults);
    const bool falls_back = !settings->stats_timeout_given && settings->refresh_interval_given;
    if (falls_back && settings->refresh_interval_by_old_name && major_minor >= 2001)
        return (struct resolved){defaults.stats_timeout_us, false};
    return (struct resolved){settings_stats_timeout_us(settings),
                             settings->stats_timeout_given || falls_back};
}

static struct resolved graph_timeout(const struct settings *settings, long major_minor)
{
    (void)major_minor;
    if (settings->graph_timeout_given)
        return (struct resolved){settings->graph_timeout_us, true};
    return (struct resolved){settings->refresh_interval_us, settings->refresh_interval_given};
}

/* Its new name does nothing before 1.20. Source: Flink CheckpointingOptions.MAX_RETAINED_CHECKPOINTS. */
static struct resolved retained_count(const struct settings *settings, long major_minor)
{
    struct settings defaults;
    settings_default(&defaults);
    const int64_t count =
        major_minor >= 1020 ? settings->retained_count : settings->old_retained_count;
    return (struct resolved){count, count != defaults.retained_count};
}

#define AT(member) offsetof(struct settings, member)
static const struct compared {
    const char *name, *old_name; /* old_name: NULL where there is none */
    bool ages;                   /* also where the scenario does not speak of it, but of ages */
    bool is_duration;
    resolve *resolve; /* NULL: its value is where it is */
    size_t offset;
} compared[] = {
    {"rest.cache.checkpoint-statistics.timeout", NULL, true, true, stats_timeout, 0},
    {"rest.cache.execution-graph.timeout", NULL, false, true, graph_timeout, 0},
    {"web.refresh-interval", "jobmanager.web.refresh-interval", false, true, NULL,
     AT(refresh_interval_us)},
    {"web.timeout", NULL, false, true, NULL, AT(call_timeout_us)},
    {"rest.cache.checkpoint-statistics.size", NULL, false, false, NULL, AT(stats_entry_count_max)},
    {"web.checkpoints.history", "jobmanager.web.checkpoints.history", false, false, NULL,
     AT(history_count_max)},
    {"state.checkpoints.num-retained", "execution.checkpointing.num-retained", false, false,
     retained_count, 0},
};
#undef AT

static struct resolved resolve_option(const struct compared *option,
                                      const struct settings *settings, long major_minor)
{
    struct settings defaults;
    if (option->resolve)
        return option->resolve(settings, major_minor);
    settings_default(&defaults);
    const int64_t value = *(const int64_t *)((const char *)settings + option->offset);
    const int64_t usual = *(const int64_t *)((const char *)&defaults + option->offset);
    return (struct resolved){value, value != usual};
}

static long major_minor_of(const char *version)
{
    char *end;
    const long major = strtol(version, &end, 10);
    return *end == '.' ? 1000 * major + strtol(end + 1, NULL, 10) : 1000 * major;
}

/* Claims that mean another thing at another timeout. */
static bool claims_an_age(const struct claim *claim)
{
    static const enum property ages[] = {PROPERTY_FRESH, PROPERTY_BOUNDED_AGE,
                                         PROPERTY_BOUNDED_LOAD, PROPERTY_SETTINGS_HONOURED};
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++)
        if (claim->claimed[ages[i]])
            return true;
    return false;
}

static bool speaks_of(const struct plan *plan, const struct compared *option)
{
    for (size_t i = 0; i < plan->option_count; i++) {
        const char *key = plan->options[i].key;
        if (strcmp(key, option->name) == 0 ||
            (option->old_name && strcmp(key, option->old_name) == 0))
            return true;
    }
    return option->ages && claims_an_age(&plan->claim);
}

/* "0 s", "500 ms", "1.5 s"; "10" */
static void print_value(const struct compared *option, int64_t value, struct buffer *out)
{
    if (!option->is_duration)
        buffer_int64(out, value);
    else if (value % 1000000 == 0)
        buffer_printf(out, "%" PRId64 " s", value / 1000000);
    else
        buffer_printf(out, "%" PRId64 " ms", value / 1000);
}

bool settings_fit(const struct plan *plan, const struct settings *target, const char *flink_version,
                  struct buffer *why)
{
    const long major_minor = major_minor_of(flink_version);
    for (size_t i = 0; i < sizeof compared / sizeof compared[0]; i++) {
        const struct compared *option = &compared[i];
        const struct resolved wanted = resolve_option(option, &plan->settings, major_minor);
        const struct resolved had = resolve_option(option, target, major_minor);
        if (!speaks_of(plan, option) || wanted.value == had.value)
            continue;
        buffer_printf(why, "needs %s = ", option->name);
        print_value(option, wanted.value, why);
        buffer_text(why, "; the target has ");
        print_value(option, had.value, why);
        buffer_text(why, had.given ? "" : " (default)");
        return false;
    }
    return true;
}
