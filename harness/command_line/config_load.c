#include "harness/command_line/config_load.h"

#include <stdio.h>

#include "harness/command_line/option_readers.h"
#include "harness/rehearsal/rehearse.h"

static bool read_count(const char *name, const char *text, int64_t *count)
{
    uint64_t number;
    if (!text)
        return true;
    if (!option_number(name, text, LOAD_COUNT_MAX, &number))
        return false;
    *count = (int64_t)number;
    return true;
}

static bool read_time(const char *name, const char *text, int64_t *us)
{
    return !text || option_duration(name, text, us);
}

bool config_load_read(const struct load_texts *texts, struct load *load)
{
    if (!read_count("jobs", texts->jobs, &load->job_count) ||
        !read_count("programs", texts->programs, &load->program_count) ||
        !read_count("dashboards", texts->dashboards, &load->dashboard_count) ||
        !read_time("poll", texts->poll, &load->poll_interval_us) ||
        !read_time("checkpoint-every", texts->checkpoints, &load->completion_interval_us) ||
        !read_time("latency", texts->latency, &load->call_us))
        return false;
    load->polls_at_random = !texts->steady;
    struct load checked = *load;
    if (checked.completion_interval_us == 0)
        checked.completion_interval_us = 1;
    const char *complaint = load_complaint(&checked);
    if (complaint)
        fprintf(stderr, "freshcheck: %s\n", complaint);
    return !complaint;
}

/* Fallbacks are resolved already: each value counts as given. */
static struct settings settings_of(const struct effective *effective)
{
    const struct effective_value *values = effective->values;
    struct settings settings;
    settings_default(&settings);
    settings.refresh_interval_us = values[OPTION_REFRESH_INTERVAL].number;
    settings.stats_timeout_us = values[OPTION_STATS_TIMEOUT].number;
    settings.graph_timeout_us = values[OPTION_GRAPH_TIMEOUT].number;
    settings.call_timeout_us = values[OPTION_CALL_TIMEOUT].number;
    settings.history_count_max = values[OPTION_HISTORY].number;
    settings.retained_count = values[OPTION_RETAINED].number;
    if (values[OPTION_STATS_SIZE].exists)
        settings.stats_entry_count_max = values[OPTION_STATS_SIZE].number;
    settings.refresh_interval_given = settings.stats_timeout_given = true;
    settings.graph_timeout_given = settings.history_count_given = true;
    settings.retained_count_given = true;
    return settings;
}

static struct load filled(const struct load *stated, const struct effective *effective)
{
    const struct load usual = load_default();
    const int64_t interval_us = effective->values[OPTION_INTERVAL].number;
    const int64_t history_count = effective->values[OPTION_HISTORY].number;
    struct load load = *stated;
    if (load.completion_interval_us == 0)
        load.completion_interval_us = interval_us > 0 && interval_us <= LOAD_TIME_MAX_US
                                          ? interval_us
                                          : usual.completion_interval_us;
    load.history_count = history_count <= LOAD_COUNT_MAX ? history_count : LOAD_COUNT_MAX;
    load.vertex_count = usual.vertex_count;
    load.statistics_work_us = usual.statistics_work_us;
    load.graph_work_us = usual.graph_work_us;
    return load;
}

bool config_predict(const struct effective *effective, const struct load *load,
                    struct predicted *predicted)
{
    const struct implementation *implementation = implementation_for_flink(effective->version);
    *predicted = (struct predicted){0};
    if (effective->refusal_count > 0 || !implementation)
        return true;
    const struct settings settings = settings_of(effective);
    predicted->load = filled(load, effective);
    const char *why =
        predict_or_rehearse(implementation, &settings, &predicted->load, &predicted->prediction);
    if (why)
        fprintf(stderr, "freshcheck: no prediction: %s\n", why);
    predicted->made = !why;
    return !why;
}
