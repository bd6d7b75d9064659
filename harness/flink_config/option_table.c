#include "harness/flink_config/option_table.h"

#include <string.h>

static const char refresh_too_small[] = "The refresh interval (ms) should be larger than 0.";
static const char size_negative[] = "maximum size must not be negative";
static const char history_negative[] = "Negative maximum size";

#define DEPRECATED(name, type)          \
    {                                   \
        name, VALUE_BY_DEPRECATED, type \
    }
#define FALLBACK(name, type)          \
    {                                 \
        name, VALUE_BY_FALLBACK, type \
    }
#define ALL RELEASE_1_17, RELEASE_2_3
#define UP_TO_1_19 RELEASE_1_17, RELEASE_1_19
#define SINCE_1_20 RELEASE_1_20, RELEASE_2_3
#define SINCE_1_18 RELEASE_1_18, RELEASE_2_3

/* Source: Flink WebOptions, RestOptions, MetricOptions, JobManagerOptions, CheckpointingOptions,
 * ExecutionCheckpointingOptions; FLINK-35359 made durations of 1.20. What refuses a number:
 * RestHandlerConfiguration, Guava's CacheBuilder, CheckpointStatsHistory. */
static const struct option_row rows[] = {
    {OPTION_REFRESH_INTERVAL, UP_TO_1_19, "web.refresh-interval", TYPE_LONG_MS, "3000",
     DEPRECATED("jobmanager.web.refresh-interval", TYPE_LONG_MS), 1000, refresh_too_small,
     REFUSED_AT_START},
    {OPTION_REFRESH_INTERVAL, SINCE_1_20, "web.refresh-interval", TYPE_DURATION, "3 s",
     DEPRECATED("jobmanager.web.refresh-interval", TYPE_DURATION), 1000, refresh_too_small,
     REFUSED_AT_START},
    {OPTION_STATS_TIMEOUT, SINCE_1_18, "rest.cache.checkpoint-statistics.timeout", TYPE_DURATION,
     "3 s", FALLBACK("web.refresh-interval", TYPE_DURATION), 0, NULL, REFUSED_AT_START},
    {OPTION_STATS_SIZE,
     SINCE_1_18,
     "rest.cache.checkpoint-statistics.size",
     TYPE_INT,
     "1000",
     {NULL, VALUE_DEFAULT, TYPE_INT},
     0,
     size_negative,
     REFUSED_AT_START},
    {OPTION_GRAPH_TIMEOUT,
     RELEASE_2_3,
     RELEASE_2_3,
     "rest.cache.execution-graph.timeout",
     TYPE_DURATION,
     NULL,
     {NULL, VALUE_DEFAULT, TYPE_DURATION},
     0,
     NULL,
     REFUSED_AT_START},
    {OPTION_CALL_TIMEOUT,
     UP_TO_1_19,
     "web.timeout",
     TYPE_LONG_MS,
     "600000",
     {NULL, VALUE_DEFAULT, TYPE_LONG_MS},
     0,
     NULL,
     REFUSED_AT_START},
    {OPTION_CALL_TIMEOUT,
     SINCE_1_20,
     "web.timeout",
     TYPE_DURATION,
     "10 min",
     {NULL, VALUE_DEFAULT, TYPE_DURATION},
     0,
     NULL,
     REFUSED_AT_START},
    {OPTION_HISTORY, ALL, "web.checkpoints.history", TYPE_INT, "10",
     DEPRECATED("jobmanager.web.checkpoints.history", TYPE_INT), 0, history_negative,
     REFUSED_AT_SUBMISSION},
    {OPTION_RETAINED,
     UP_TO_1_19,
     "state.checkpoints.num-retained",
     TYPE_INT,
     "1",
     {NULL, VALUE_DEFAULT, TYPE_INT},
     0,
     NULL,
     REFUSED_AT_SUBMISSION},
    {OPTION_RETAINED, SINCE_1_20, "execution.checkpointing.num-retained", TYPE_INT, "1",
     DEPRECATED("state.checkpoints.num-retained", TYPE_INT), 0, NULL, REFUSED_AT_SUBMISSION},
    {OPTION_RETENTION,
     ALL,
     "execution.checkpointing.externalized-checkpoint-retention",
     TYPE_RETENTION,
     "NO_EXTERNALIZED_CHECKPOINTS",
     {NULL, VALUE_DEFAULT, TYPE_RETENTION},
     0,
     NULL,
     REFUSED_AT_SUBMISSION},
    {OPTION_INTERVAL,
     ALL,
     "execution.checkpointing.interval",
     TYPE_DURATION,
     NULL,
     {NULL, VALUE_DEFAULT, TYPE_DURATION},
     0,
     NULL,
     REFUSED_AT_SUBMISSION},
    {OPTION_MIN_PAUSE,
     ALL,
     "execution.checkpointing.min-pause",
     TYPE_DURATION,
     "0 ms",
     {NULL, VALUE_DEFAULT, TYPE_DURATION},
     0,
     NULL,
     REFUSED_AT_SUBMISSION},
    {OPTION_CHECKPOINT_TIMEOUT,
     ALL,
     "execution.checkpointing.timeout",
     TYPE_DURATION,
     "10 min",
     {NULL, VALUE_DEFAULT, TYPE_DURATION},
     0,
     NULL,
     REFUSED_AT_SUBMISSION},
    {OPTION_CONCURRENT,
     ALL,
     "execution.checkpointing.max-concurrent-checkpoints",
     TYPE_INT,
     "1",
     {NULL, VALUE_DEFAULT, TYPE_INT},
     0,
     NULL,
     REFUSED_AT_SUBMISSION},
    {OPTION_STORE_DURATION,
     ALL,
     "rest.async.store-duration",
     TYPE_DURATION,
     "5 min",
     {NULL, VALUE_DEFAULT, TYPE_DURATION},
     0,
     NULL,
     REFUSED_AT_START},
    {OPTION_JOBSTORE_EXPIRATION,
     RELEASE_1_17,
     RELEASE_2_2,
     "jobstore.expiration-time",
     TYPE_LONG_S,
     "3600",
     {NULL, VALUE_DEFAULT, TYPE_LONG_S},
     0,
     NULL,
     REFUSED_AT_START},
    {OPTION_JOBSTORE_EXPIRATION, RELEASE_2_3, RELEASE_2_3,
     "completed-application-store.expiration-time", TYPE_DURATION, "1 h",
     DEPRECATED("jobstore.expiration-time", TYPE_LONG_S), 0, NULL, REFUSED_AT_START},
    {OPTION_JOBSTORE_CAPACITY,
     RELEASE_1_17,
     RELEASE_2_2,
     "jobstore.max-capacity",
     TYPE_INT,
     "2147483647",
     {NULL, VALUE_DEFAULT, TYPE_INT},
     0,
     size_negative,
     REFUSED_AT_START},
    {OPTION_JOBSTORE_CAPACITY, RELEASE_2_3, RELEASE_2_3, "completed-application-store.max-capacity",
     TYPE_INT, "2147483647", DEPRECATED("jobstore.max-capacity", TYPE_INT), 0, size_negative,
     REFUSED_AT_START},
    {OPTION_METRICS_INTERVAL,
     UP_TO_1_19,
     "metrics.fetcher.update-interval",
     TYPE_LONG_MS,
     "10000",
     {NULL, VALUE_DEFAULT, TYPE_LONG_MS},
     0,
     NULL,
     REFUSED_AT_START},
    {OPTION_METRICS_INTERVAL,
     SINCE_1_20,
     "metrics.fetcher.update-interval",
     TYPE_DURATION,
     "10 s",
     {NULL, VALUE_DEFAULT, TYPE_DURATION},
     0,
     NULL,
     REFUSED_AT_START},
    {OPTION_SERVER_THREADS,
     ALL,
     "rest.server.numThreads",
     TYPE_INT,
     "4",
     {NULL, VALUE_DEFAULT, TYPE_INT},
     0,
     NULL,
     REFUSED_AT_START},
    {OPTION_CANCEL_ENABLE,
     ALL,
     "web.cancel.enable",
     TYPE_BOOLEAN,
     "true",
     {NULL, VALUE_DEFAULT, TYPE_BOOLEAN},
     0,
     NULL,
     REFUSED_AT_START},
};

static const char *const releases[] = {"1.17.2", "1.18.1", "1.19.3", "1.20.3", "2.0.1",
                                       "2.1.1",  "2.2.1",  "2.3.0",  NULL};

_Static_assert(sizeof releases / sizeof releases[0] == RELEASE_COUNT + 1, "a name for each");

const char *const *flink_releases(void)
{
    return releases;
}

enum release release_number(const char *name)
{
    unsigned release = 0;
    while (release < RELEASE_COUNT && strcmp(releases[release], name) != 0)
        release++;
    return (enum release)release;
}

const struct option_row *option_row(enum flink_option option, enum release release)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].option == option && rows[i].first <= release && release <= rows[i].last)
            return &rows[i];
    }
    return NULL;
}

/* Of an option that the release does not know, the name in the newest one that does. */
const char *flink_option_key(enum flink_option option, const char *release)
{
    const enum release number = release_number(release);
    const struct option_row *row = number < RELEASE_COUNT ? option_row(option, number) : NULL;
    for (unsigned i = RELEASE_COUNT; !row && i > 0; i--)
        row = option_row(option, (enum release)(i - 1));
    return row->key;
}

enum option_kind flink_option_kind(enum flink_option option)
{
    static const enum option_kind kinds[] = {
        [TYPE_DURATION] = OPTION_DURATION, [TYPE_LONG_MS] = OPTION_DURATION,
        [TYPE_LONG_S] = OPTION_DURATION,   [TYPE_INT] = OPTION_NUMBER,
        [TYPE_BOOLEAN] = OPTION_BOOLEAN,   [TYPE_RETENTION] = OPTION_RETENTION_MODE,
    };
    return kinds[option_row(option, RELEASE_2_3)->type];
}

static unsigned read_minor(const char **text)
{
    unsigned number = 0;
    for (; **text >= '0' && **text <= '9' && number < 1000; (*text)++)
        number = number * 10 + (unsigned)(**text - '0');
    return number;
}

/* Major times a thousand plus minor; 0: no version. */
static unsigned version_rank(const char *text)
{
    const char *at = text + (*text == 'v');
    if (*at < '0' || *at > '9')
        return 0;
    const unsigned major = read_minor(&at);
    if ((*at != '.' && *at != '_') || at[1] < '0' || at[1] > '9')
        return 0;
    at++;
    const unsigned minor = read_minor(&at);
    return (*at == '\0' || *at == '.' || *at == '-') ? major * 1000 + minor : 0;
}

const char *flink_release_for(const char *version)
{
    const unsigned rank = version_rank(version);
    if (rank == 0)
        return NULL;
    const char *found = releases[0];
    for (size_t i = 0; releases[i]; i++) {
        if (version_rank(releases[i]) <= rank)
            found = releases[i];
    }
    return found;
}
