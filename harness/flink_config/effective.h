#ifndef FRESHCHECK_HARNESS_FLINK_CONFIG_EFFECTIVE_H
#define FRESHCHECK_HARNESS_FLINK_CONFIG_EFFECTIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/flink_config/config_entries.h"

/* What a version of Flink makes of what was written. */

/* Options that bear on the checkpoint endpoints, in the order in which they are shown. The names
 * are those of the newest version; see option_table.c. */
enum flink_option {
    OPTION_REFRESH_INTERVAL,    /* web.refresh-interval */
    OPTION_STATS_TIMEOUT,       /* rest.cache.checkpoint-statistics.timeout */
    OPTION_STATS_SIZE,          /* rest.cache.checkpoint-statistics.size */
    OPTION_GRAPH_TIMEOUT,       /* rest.cache.execution-graph.timeout */
    OPTION_CALL_TIMEOUT,        /* web.timeout */
    OPTION_HISTORY,             /* web.checkpoints.history */
    OPTION_RETAINED,            /* execution.checkpointing.num-retained */
    OPTION_RETENTION,           /* execution.checkpointing.externalized-checkpoint-retention */
    OPTION_INTERVAL,            /* execution.checkpointing.interval */
    OPTION_MIN_PAUSE,           /* execution.checkpointing.min-pause */
    OPTION_CHECKPOINT_TIMEOUT,  /* execution.checkpointing.timeout */
    OPTION_CONCURRENT,          /* execution.checkpointing.max-concurrent-checkpoints */
    OPTION_STORE_DURATION,      /* rest.async.store-duration */
    OPTION_JOBSTORE_EXPIRATION, /* jobstore.expiration-time */
    OPTION_JOBSTORE_CAPACITY,   /* jobstore.max-capacity */
    OPTION_METRICS_INTERVAL,    /* metrics.fetcher.update-interval */
    OPTION_SERVER_THREADS,      /* rest.server.numThreads */
    OPTION_CANCEL_ENABLE,       /* web.cancel.enable */
    OPTION_COUNT
};

enum option_kind { OPTION_DURATION, OPTION_NUMBER, OPTION_BOOLEAN, OPTION_RETENTION_MODE };

/* Numbers of OPTION_RETENTION. Source: Flink ExternalizedCheckpointRetention (1.17 to 1.20:
 * CheckpointConfig.ExternalizedCheckpointCleanup). */
enum retention_mode { RETENTION_DELETE_ON_CANCEL, RETENTION_RETAIN_ON_CANCEL, RETENTION_NONE };

enum value_origin { VALUE_SET, VALUE_BY_DEPRECATED, VALUE_BY_FALLBACK, VALUE_DEFAULT };

/* Who refuses a value: the JobManager does not start, or starts and refuses each job. */
enum refused_by { REFUSED_AT_START, REFUSED_AT_SUBMISSION };

struct effective_value {
    bool exists; /* the version knows the option */
    enum value_origin origin;
    const struct config_entry *entry; /* what it was read from; NULL: the default. Borrowed */
    const char *key;                  /* the key it was read by, or the option's own */
    const char *text; /* as written, or the default as Flink writes it; NULL: Flink has none */
    /* Durations in microseconds, clipped to INT64_MAX; numbers; booleans 0 or 1; retention_mode.
     * -1: not set, where Flink has no default. Where the version does not know the option, what
     * it does instead: both cache timeouts are the refresh interval then. Undefined after a
     * refusal. */
    int64_t number;
    char *refusal; /* NULL, or Flink's own sentence; owned */
    enum refused_by refused_by;
};

struct effective {
    const char *version;      /* one of flink_releases() */
    const char *missing_file; /* the version reads this file only ("config.yaml"), and what was
                                 given is not it: the values are those after copying all options
                                 into it. NULL: the version reads what was given */
    struct effective_value values[OPTION_COUNT];
    size_t refusal_count;
};

/* Of each minor version that is known the newest patch release known, oldest first;
 * NULL-terminated. */
const char *const *flink_releases(void);

/* The release that stands for a version such as "1.20", "1.20.3", "v1_20" or "2.4"; the nearest
 * one. NULL when the text is no version. */
const char *flink_release_for(const char *version);

/* `release`: one of flink_releases(). False when out of memory. */
bool effective_resolve(struct effective *effective, const struct config_entries *entries,
                       const char *release);
void effective_free(struct effective *effective);

/* The entry that counts for a key where this release looks for it; NULL: there is none. Also for
 * keys that the release does not know. Borrowed from the entries. */
const struct config_entry *effective_entry(const struct config_entries *entries,
                                           const char *release, const char *key);

/* The option's name in this release, and what kind of value it takes. */
const char *flink_option_key(enum flink_option option, const char *release);
enum option_kind flink_option_kind(enum flink_option option);

/* "3 s", "10 min", "RETAIN_ON_CANCELLATION", "not set", "refused". */
void effective_value_print(enum flink_option option, const struct effective_value *value,
                           struct buffer *out);

#endif
