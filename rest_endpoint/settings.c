#include "rest_endpoint/settings.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/duration.h"

/* Source: Flink WebOptions, RestOptions, CheckpointingOptions; reference section 6. */
void settings_default(struct settings *settings)
{
    *settings = (struct settings){
        .refresh_interval_us = 3000000,
        .stats_timeout_us = 3000000,
        .graph_timeout_us = 3000000,
        .stats_entry_count_max = 1000,
        .history_count_max = 10,
        .call_timeout_us = 600000000,
        .retained_count = 1,
        .old_retained_count = 1,
    };
}

/* Reads one value into the settings; returns NULL or what is wrong. */
typedef const char *put_value(struct settings *settings, const char *value);

/* Leaves *us alone when the text is no duration. */
static const char *read_duration(const char *value, int64_t *us)
{
    int64_t read_us;
    const char *fault = duration_parse(value, strlen(value), &read_us);
    if (!fault)
        *us = read_us;
    return fault;
}

/* Whole milliseconds: the rest is cut off. Source: Flink WebMonitorEndpoint and
 * HandlerRequestUtils work with Duration.toMillis(). */
static const char *read_refresh_interval(const char *value, int64_t *us)
{
    const char *fault = read_duration(value, us);
    if (fault)
        return fault;
    *us = *us / 1000 * 1000;
    return *us > 0 ? NULL : "the refresh interval must be larger than 0 ms";
}

static const char *put_refresh_interval(struct settings *settings, const char *value)
{
    int64_t us;
    const char *fault = read_refresh_interval(value, &us);
    if (fault)
        return fault;
    settings->refresh_interval_us = us;
    settings->refresh_interval_given = true;
    settings->refresh_interval_by_old_name = false;
    return NULL;
}

static const char *put_old_refresh_interval(struct settings *settings, const char *value)
{
    int64_t us;
    const char *fault = read_refresh_interval(value, &us);
    if (fault)
        return fault;
    if (settings->refresh_interval_given && !settings->refresh_interval_by_old_name)
        return NULL;
    settings->refresh_interval_us = us;
    settings->refresh_interval_given = true;
    settings->refresh_interval_by_old_name = true;
    return NULL;
}

static const char *put_stats_timeout(struct settings *settings, const char *value)
{
    const char *fault = read_duration(value, &settings->stats_timeout_us);
    settings->stats_timeout_given |= !fault;
    return fault;
}

static const char *put_graph_timeout(struct settings *settings, const char *value)
{
    const char *fault = read_duration(value, &settings->graph_timeout_us);
    settings->graph_timeout_given |= !fault;
    return fault;
}

static const char *put_call_timeout(struct settings *settings, const char *value)
{
    return read_duration(value, &settings->call_timeout_us);
}

/* A Java int in decimal digits. */
static const char *read_count(const char *value, int64_t *count)
{
    const char *at = value + strspn(value, " \t");
    const size_t digit_count = strspn(at, "0123456789");
    if (*at == '-' && at[1 + strspn(at + 1, "0123456789")] == '\0' && at[1] != '\0')
        return "the number must not be negative";
    if (digit_count == 0 || at[digit_count + strspn(at + digit_count, " \t")] != '\0')
        return "a whole number was expected";
    int64_t sum = 0;
    for (size_t i = 0; i < digit_count && sum <= INT32_MAX; i++)
        sum = sum * 10 + (at[i] - '0');
    if (sum > INT32_MAX)
        return "the number is too large";
    *count = sum;
    return NULL;
}

static const char *put_stats_size(struct settings *settings, const char *value)
{
    return read_count(value, &settings->stats_entry_count_max);
}

static const char *put_history(struct settings *settings, const char *value)
{
    const char *fault = read_count(value, &settings->history_count_max);
    settings->history_count_given |= !fault;
    return fault;
}

static const char *put_old_history(struct settings *settings, const char *value)
{
    int64_t count;
    const char *fault = read_count(value, &count);
    if (!fault && !settings->history_count_given)
        settings->history_count_max = count;
    return fault;
}

/* Less than one is one, after a warning.
 * Source: Flink DefaultCompletedCheckpointStoreUtils.getMaximumNumberOfRetainedCheckpoints. */
static const char *read_retained(const char *value, int64_t *count)
{
    const char *at = value + strspn(value, " \t");
    const bool is_negative = *at == '-' && at[1] >= '0' && at[1] <= '9';
    int64_t number;
    const char *fault = read_count(is_negative ? at + 1 : at, &number);
    if (!fault)
        *count = is_negative || number == 0 ? 1 : number;
    return fault;
}

static const char *put_retained(struct settings *settings, const char *value)
{
    const char *fault = read_retained(value, &settings->retained_count);
    settings->retained_count_given |= !fault;
    return fault;
}

static const char *put_old_retained(struct settings *settings, const char *value)
{
    const char *fault = read_retained(value, &settings->old_retained_count);
    if (!fault && !settings->retained_count_given)
        settings->retained_count = settings->old_retained_count;
    return fault;
}

/* Flink keeps seconds here. Source: Flink JobManagerOptions.JOB_STORE_EXPIRATION_TIME. */
static const char *put_ended_kept(struct settings *settings, const char *value)
{
    int64_t seconds;
    const char *fault = read_count(value, &seconds);
    if (!fault)
        settings->ended_kept_us = seconds * 1000000;
    return fault;
}

/* Source: Flink ExternalizedCheckpointRetention, CheckpointProperties.forCheckpoint. */
static const char *put_retention(struct settings *settings, const char *value)
{
    static const struct {
        const char *name;
        bool cancelled, failed;
    } modes[] = {{"RETAIN_ON_CANCELLATION", false, false},
                 {"DELETE_ON_CANCELLATION", true, false},
                 {"NO_EXTERNALIZED_CHECKPOINTS", true, true}};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcasecmp(modes[i].name, value) == 0) {
            settings->cancelled_lose_checkpoints = modes[i].cancelled;
            settings->failed_lose_checkpoints = modes[i].failed;
            return NULL;
        }
    }
    return "RETAIN_ON_CANCELLATION, DELETE_ON_CANCELLATION or NO_EXTERNALIZED_CHECKPOINTS was "
           "expected";
}

/* The names, and the number of each one's reader in `readers`. */
static const char *const names[] = {
    "web.refresh-interval",
    "jobmanager.web.refresh-interval",
    "rest.cache.checkpoint-statistics.timeout",
    "rest.cache.checkpoint-statistics.size",
    "rest.cache.execution-graph.timeout",
    "web.timeout",
    "web.checkpoints.history",
    "jobmanager.web.checkpoints.history",
    "state.checkpoints.num-retained",
    "execution.checkpointing.num-retained",
    "execution.checkpointing.externalized-checkpoint-retention",
    "jobstore.expiration-time",
    NULL,
};

static put_value *const readers[] = {
    put_refresh_interval, put_old_refresh_interval,
    put_stats_timeout,    put_stats_size,
    put_graph_timeout,    put_call_timeout,
    put_history,          put_old_history,
    put_old_retained,     put_retained,
    put_retention,        put_ended_kept,
};

_Static_assert(sizeof(names) / sizeof(names[0]) == sizeof(readers) / sizeof(readers[0]) + 1,
               "every name has a reader");

const char *const *settings_option_names(void)
{
    return names;
}

const char *settings_put(struct settings *settings, const char *option, const char *value)
{
    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i], option) == 0)
            return readers[i](settings, value);
    }
    return "unknown option";
}

int64_t settings_stats_timeout_us(const struct settings *settings)
{
    return settings->stats_timeout_given ? settings->stats_timeout_us
                                         : settings->refresh_interval_us;
}
