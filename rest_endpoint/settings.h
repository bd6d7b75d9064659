#ifndef FRESHCHECK_REST_ENDPOINT_SETTINGS_H
#define FRESHCHECK_REST_ENDPOINT_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Flink options that bear on the caches and on what answers lead to, as written. A value that was not given keeps its
 * `_given` false, so that each version can apply its own fallbacks.
 */
struct settings {
    int64_t refresh_interval_us;   /* web.refresh-interval, default 3 s */
    int64_t stats_timeout_us;      /* rest.cache.checkpoint-statistics.timeout */
    int64_t graph_timeout_us;      /* rest.cache.execution-graph.timeout (2.3+) */
    int64_t stats_entry_count_max; /* rest.cache.checkpoint-statistics.size, default 1000 */
    int64_t history_count_max;     /* web.checkpoints.history, default 10 */
    int64_t call_timeout_us;       /* web.timeout, default 10 min */
    int64_t retained_count;        /* execution.checkpointing.num-retained, default 1 */
    int64_t old_retained_count;    /* state.checkpoints.num-retained, the only name up to 1.19 */
    int64_t ended_kept_us;         /* jobstore.expiration-time; 0: for good */
    /* execution.checkpointing.externalized-checkpoint-retention; unless given, what is retained
     * goes with a job that finishes only. */
    bool cancelled_lose_checkpoints, failed_lose_checkpoints;
    bool refresh_interval_given, stats_timeout_given, graph_timeout_given;

    /* The old name (jobmanager.web.*) counts only while the new one is absent. */
    bool refresh_interval_by_old_name, history_count_given, retained_count_given;
};

void settings_default(struct settings *settings);

/* The option names that settings_put() knows, NULL-terminated; for suggestions. */
const char *const *settings_option_names(void);

/*
 * Sets one option from its text. Returns NULL, or one sentence that says what is wrong (static
 * text); the settings are then unchanged. "unknown option" is the sentence for a name that is
 * not in the list.
 */
const char *settings_put(struct settings *settings, const char *option, const char *value);

/* The checkpoint statistics timeout that the options mean from 1.18 on: its own value, else the
 * refresh interval. Source: Flink RestHandlerConfiguration.fromConfiguration. */
int64_t settings_stats_timeout_us(const struct settings *settings);

#endif
