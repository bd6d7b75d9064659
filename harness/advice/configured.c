#include "harness/advice/configured.h"

struct settings configured_settings(const struct effective *effective)
{
    const struct effective_value *values = effective->values;
    struct settings settings;
    settings_default(&settings);
    settings.refresh_interval_us = values[OPTION_REFRESH_INTERVAL].number;
    settings.stats_timeout_us = values[OPTION_STATS_TIMEOUT].number;
    settings.graph_timeout_us = values[OPTION_GRAPH_TIMEOUT].number;
    settings.call_timeout_us = values[OPTION_CALL_TIMEOUT].number;
    settings.history_count_max = values[OPTION_HISTORY].number;
    settings.retained_count = settings.old_retained_count = values[OPTION_RETAINED].number;
    if (values[OPTION_STATS_SIZE].exists)
        settings.stats_entry_count_max = values[OPTION_STATS_SIZE].number;
    settings.refresh_interval_given = settings.stats_timeout_given = true;
    settings.graph_timeout_given = settings.history_count_given = true;
    settings.retained_count_given = true;
    return settings;
}

struct load configured_load(const struct load *stated, const struct effective *effective)
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
