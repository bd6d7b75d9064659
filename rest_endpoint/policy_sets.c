#include "rest_endpoint/policy_sets.h"

#include <string.h>

/* Where a version takes a cache's timeout from: reference sections 5.1 and 6. */
enum timeout_source {
    TIMEOUT_REFRESH_INTERVAL, /* the dashboard's interval */
    TIMEOUT_GRAPH_OPTION,     /* rest.cache.execution-graph.timeout, else the interval */
    TIMEOUT_STATS_OPTION,     /* rest.cache.checkpoint-statistics.timeout, else the interval */
    TIMEOUT_STATS_NEW_NAMES   /* the same, but the interval's old name does not count: PR #26349 */
};

/* Where the number of entries comes from. */
enum capacity_source {
    CAPACITY_UNBOUNDED,
    CAPACITY_THOUSAND,     /* the default of the statistics cache, for one that has no option */
    CAPACITY_STATS_OPTION, /* rest.cache.checkpoint-statistics.size */
    CAPACITY_HISTORY       /* web.checkpoints.history */
};

struct cache_plan {
    enum timeout_source timeout;
    enum capacity_source capacity;
    struct cache_policy policy; /* without timeout and capacity */
};

struct policy_set {
    const char *name;
    const char *summary;
    const struct cache_plan *graph, *stats, *details;
    struct endpoint_quirks quirks;
    struct endpoint_wire wire;
};

/* What FLINK-32469 asked for: design, section 4. */
#define REFERENCE_POLICY                                                                    \
    {                                                                                       \
        .key = KEY_JOB, .start = START_AT_REQUEST, .expiry = EXPIRE_AFTER_WRITE,            \
        .clock = CACHE_CLOCK_MONOTONIC, .slot = SLOT_HOLDS_ANSWER, .join = JOIN_NEXT_BATCH, \
        .replaced = REPLACED_SERVES_ITS_WAITERS, .failures = FAILURES_DROPPED,              \
        .late = LATE_ANSWER_DROPPED, .rendering = RENDER_PER_FETCH                          \
    }

static const struct cache_plan reference_graph = {
    .timeout = TIMEOUT_GRAPH_OPTION, .capacity = CAPACITY_THOUSAND, .policy = REFERENCE_POLICY};

static const struct cache_plan reference_stats = {
    .timeout = TIMEOUT_STATS_OPTION, .capacity = CAPACITY_STATS_OPTION, .policy = REFERENCE_POLICY};

static const struct cache_plan reference_details = {
    .capacity = CAPACITY_HISTORY,
    .policy = {.key = KEY_JOB_RUN_AND_CHECKPOINT, .rendering = RENDER_PER_FETCH},
};

/* Source: Flink DefaultExecutionGraphCache; reference 5.1. */
#define FLINK_GRAPH_POLICY                                                              \
    {                                                                                   \
        .key = KEY_JOB, .start = START_AT_REQUEST, .expiry = EXPIRE_AFTER_WRITE,        \
        .clock = CACHE_CLOCK_WALL, .slot = SLOT_HOLDS_FUTURE, .join = JOIN_WHILE_FRESH, \
        .replaced = REPLACED_IS_CANCELLED, .failures = FAILURES_DROPPED,                \
        .late = LATE_ANSWER_DROPPED, .rendering = RENDER_PER_ANSWER                     \
    }

static const struct cache_plan flink_graph = {.timeout = TIMEOUT_REFRESH_INTERVAL,
                                              .capacity = CAPACITY_UNBOUNDED,
                                              .policy = FLINK_GRAPH_POLICY};

/* Since FLINK-39016 with an option of its own. */
static const struct cache_plan flink_graph_with_option = {
    .timeout = TIMEOUT_GRAPH_OPTION, .capacity = CAPACITY_UNBOUNDED, .policy = FLINK_GRAPH_POLICY};

/* Source: Flink WebMonitorEndpoint (a Guava cache of futures), AbstractCheckpointStatsHandler;
 * reference 5.2. */
#define FLINK_STATS_POLICY                                                                   \
    {                                                                                        \
        .key = KEY_JOB, .start = START_AT_REQUEST, .expiry = EXPIRE_AFTER_WRITE,             \
        .clock = CACHE_CLOCK_MONOTONIC, .slot = SLOT_HOLDS_FUTURE, .join = JOIN_WHILE_FRESH, \
        .replaced = REPLACED_SERVES_ITS_WAITERS, .failures = FAILURES_KEPT,                  \
        .late = LATE_ANSWER_DROPPED, .rendering = RENDER_PER_ANSWER                          \
    }

static const struct cache_plan flink_stats = {.timeout = TIMEOUT_STATS_OPTION,
                                              .capacity = CAPACITY_STATS_OPTION,
                                              .policy = FLINK_STATS_POLICY};

static const struct cache_plan flink_stats_new_names = {.timeout = TIMEOUT_STATS_NEW_NAMES,
                                                        .capacity = CAPACITY_STATS_OPTION,
                                                        .policy = FLINK_STATS_POLICY};

/* Source: Flink CheckpointStatsCache; reference 5.3. */
static const struct cache_plan flink_details = {
    .capacity = CAPACITY_HISTORY,
    .policy = {.key = KEY_CHECKPOINT, .rendering = RENDER_PER_ANSWER},
};

/*
 * What a version says of the restart strategy of one and the same program, as seen on running
 * clusters of 1.17.2, 1.18.1, 1.19.3, 1.20.3, 2.0.1, 2.1.1, 2.2.1 and 2.3.0: no graph carries the
 * strategy.
 * Source: reference section 2.7.
 */
#define RESTART_BY_CLUSTER "Cluster level default restart strategy"
#define RESTART_IN_CODE "Restart with fixed delay (1000 ms). #1000000 restart attempts."
#define RESTART_CONFIGURED "Restart with fixed delay (PT1S). #1000000 restart attempts."

/* Renamed in 1.20. Source: Flink CheckpointingOptions.SAVEPOINT_DIRECTORY. */
#define OLD_SAVEPOINT_KEY "state.savepoints.dir"
#define NEW_SAVEPOINT_KEY "execution.checkpointing.savepoint-dir"

static const struct policy_set sets[] = {
    {
        .name = "reference",
        .summary = "what FLINK-32469 asked for: two caches, failures never kept, waiters never "
                   "cancelled, at timeout 0 always fetched anew",
        .graph = &reference_graph,
        .stats = &reference_stats,
        .details = &reference_details,
        .quirks = {.honours_cache_control = true,
                   .details_outlive_history = true,
                   .refuses_incremental_trigger = true},
        .wire = {.flink_version = "2.3.0",
                 .flink_commit = "c0f8d1a",
                 .flink_revision = "c0f8d1a @ 2026-06-14T16:29:03+02:00",
                 .unaligned_type = true,
                 .web_rescale_feature = true,
                 .job_type = true,
                 .slot_sharing_group = true,
                 .pending_operators = true,
                 .typed_plan = true,
                 .newest_job_first = true,
                 .scheduler_type = true,
                 .applications = true,
                 .assigned_tasks = true,
                 .endpoints = true,
                 .failure_labels = true,
                 .restart_strategy = RESTART_CONFIGURED,
                 .savepoint_directory_key = NEW_SAVEPOINT_KEY},
    },
    {
        .name = "flink-1.17",
        .summary = "checkpoint statistics come from the dashboard's graph cache: the state before "
                   "FLINK-32469",
        .graph = &flink_graph,
        .stats = &flink_stats,
        .details = &flink_details,
        .quirks = {.statistics_from_graph = true,
                   .details_outlive_history = true,
                   .refuses_unknown_members = true,
                   .takes_program_args = true},
        .wire = {.flink_version = "1.17.2",
                 .flink_commit = "c0027e5",
                 .flink_revision = "c0027e5 @ 2023-11-09T13:24:38+01:00",
                 .akka = true,
                 .execution_mode = true,
                 .root_exception = true,
                 .hosts = true,
                 .restart_strategy = RESTART_IN_CODE,
                 .savepoint_directory_key = OLD_SAVEPOINT_KEY},
    },
    {
        .name = "flink-1.18.0",
        .summary = "a statistics cache of its own; it keeps failures, and ended jobs are not found "
                   "(FLINK-33872)",
        .graph = &flink_graph,
        .stats = &flink_stats,
        .details = &flink_details,
        .quirks = {.details_outlive_history = true,
                   .refuses_unknown_members = true,
                   .takes_program_args = true},
        .wire = {.flink_version = "1.18.0",
                 .flink_commit = "a5548cc",
                 .flink_revision = "a5548cc @ 2023-10-18T22:09:35+02:00",
                 .unaligned_type = true,
                 .web_rescale_feature = true,
                 .execution_mode = true,
                 .root_exception = true,
                 .hosts = true,
                 .failure_labels = true,
                 .restart_strategy = RESTART_IN_CODE,
                 .savepoint_directory_key = OLD_SAVEPOINT_KEY},
    },
    {
        .name = "flink-1.18",
        .summary = "as 1.18.0, and ended jobs answer again",
        .graph = &flink_graph,
        .stats = &flink_stats,
        .details = &flink_details,
        .quirks = {.details_outlive_history = true,
                   .refuses_unknown_members = true,
                   .takes_program_args = true},
        .wire = {.flink_version = "1.18.1",
                 .flink_commit = "a8c8b1c",
                 .flink_revision = "a8c8b1c @ 2023-12-19T22:17:36+01:00",
                 .unaligned_type = true,
                 .web_rescale_feature = true,
                 .execution_mode = true,
                 .root_exception = true,
                 .hosts = true,
                 .failure_labels = true,
                 .restart_strategy = RESTART_IN_CODE,
                 .savepoint_directory_key = OLD_SAVEPOINT_KEY},
    },
    {
        .name = "flink-1.19",
        .summary = "as 1.18, and incremental checkpoints cannot be triggered (FLINK-33723)",
        .graph = &flink_graph,
        .stats = &flink_stats,
        .details = &flink_details,
        .quirks = {.details_outlive_history = true,
                   .refuses_incremental_trigger = true,
                   .takes_program_args = true},
        .wire = {.flink_version = "1.19.3",
                 .flink_commit = "4105f8d",
                 .flink_revision = "4105f8d @ 2025-06-12T18:34:28+02:00",
                 .unaligned_type = true,
                 .web_rescale_feature = true,
                 .execution_mode = true,
                 .root_exception = true,
                 .hosts = true,
                 .endpoints = true,
                 .failure_labels = true,
                 .restart_strategy = RESTART_BY_CLUSTER,
                 .savepoint_directory_key = OLD_SAVEPOINT_KEY},
    },
    {
        .name = "flink-1.20",
        .summary = "as 1.19, with the type of a job and slot sharing groups in its answers",
        .graph = &flink_graph,
        .stats = &flink_stats,
        .details = &flink_details,
        .quirks = {.details_outlive_history = true,
                   .refuses_incremental_trigger = true,
                   .takes_program_args = true},
        .wire = {.flink_version = "1.20.3",
                 .flink_commit = "01e3a6d",
                 .flink_revision = "01e3a6d @ 2025-09-20T02:22:05+02:00",
                 .unaligned_type = true,
                 .web_rescale_feature = true,
                 .job_type = true,
                 .slot_sharing_group = true,
                 .execution_mode = true,
                 .root_exception = true,
                 .hosts = true,
                 .endpoints = true,
                 .failure_labels = true,
                 .restart_strategy = RESTART_BY_CLUSTER,
                 .savepoint_directory_key = NEW_SAVEPOINT_KEY},
    },
    {
        .name = "flink-2.0",
        .summary = "as 1.20, with pending operators in its answers",
        .graph = &flink_graph,
        .stats = &flink_stats,
        .details = &flink_details,
        .quirks = {.details_outlive_history = true, .refuses_incremental_trigger = true},
        .wire = {.flink_version = "2.0.1",
                 .flink_commit = "1192b3e",
                 .flink_revision = "1192b3e @ 2025-10-15T12:04:12+02:00",
                 .unaligned_type = true,
                 .web_rescale_feature = true,
                 .job_type = true,
                 .slot_sharing_group = true,
                 .pending_operators = true,
                 .endpoints = true,
                 .failure_labels = true,
                 .restart_strategy = RESTART_CONFIGURED,
                 .savepoint_directory_key = NEW_SAVEPOINT_KEY},
    },
    {
        .name = "flink-2.1",
        .summary = "as 2.0, but jobmanager.web.refresh-interval no longer sets the statistics "
                   "timeout; newest job first",
        .graph = &flink_graph,
        .stats = &flink_stats_new_names,
        .details = &flink_details,
        .quirks = {.details_outlive_history = true, .refuses_incremental_trigger = true},
        .wire = {.flink_version = "2.1.1",
                 .flink_commit = "074f8c5",
                 .flink_revision = "074f8c5 @ 2025-10-14T20:17:01+02:00",
                 .unaligned_type = true,
                 .web_rescale_feature = true,
                 .job_type = true,
                 .slot_sharing_group = true,
                 .pending_operators = true,
                 .typed_plan = true,
                 .newest_job_first = true,
                 .endpoints = true,
                 .failure_labels = true,
                 .restart_strategy = RESTART_CONFIGURED,
                 .savepoint_directory_key = NEW_SAVEPOINT_KEY},
    },
    {
        .name = "flink-2.2",
        .summary = "caches as in 2.1; a trigger's result is shown only after its statistics "
                   "(FLINK-38408)",
        .graph = &flink_graph,
        .stats = &flink_stats_new_names,
        .details = &flink_details,
        .quirks = {.details_outlive_history = true, .refuses_incremental_trigger = true},
        .wire = {.flink_version = "2.2.1",
                 .flink_commit = "450c63e",
                 .flink_revision = "450c63e @ 2026-05-03T10:10:44+02:00",
                 .unaligned_type = true,
                 .web_rescale_feature = true,
                 .job_type = true,
                 .slot_sharing_group = true,
                 .pending_operators = true,
                 .typed_plan = true,
                 .newest_job_first = true,
                 .endpoints = true,
                 .failure_labels = true,
                 .restart_strategy = RESTART_CONFIGURED,
                 .savepoint_directory_key = NEW_SAVEPOINT_KEY},
    },
    {
        .name = "flink-2.3",
        .summary = "as 2.2, with rest.cache.execution-graph.timeout (FLINK-39016): at 0 readers "
                   "cancel each other",
        .graph = &flink_graph_with_option,
        .stats = &flink_stats_new_names,
        .details = &flink_details,
        .quirks = {.details_outlive_history = true, .refuses_incremental_trigger = true},
        .wire = {.flink_version = "2.3.0",
                 .flink_commit = "c0f8d1a",
                 .flink_revision = "c0f8d1a @ 2026-06-14T16:29:03+02:00",
                 .unaligned_type = true,
                 .web_rescale_feature = true,
                 .job_type = true,
                 .slot_sharing_group = true,
                 .pending_operators = true,
                 .typed_plan = true,
                 .newest_job_first = true,
                 .scheduler_type = true,
                 .applications = true,
                 .assigned_tasks = true,
                 .endpoints = true,
                 .failure_labels = true,
                 .restart_strategy = RESTART_CONFIGURED,
                 .savepoint_directory_key = NEW_SAVEPOINT_KEY},
    },
};

size_t policy_set_count(void)
{
    return sizeof(sets) / sizeof(sets[0]);
}

const struct policy_set *policy_set_at(size_t index)
{
    return index < policy_set_count() ? &sets[index] : NULL;
}

const struct policy_set *policy_set_find(const char *name)
{
    for (size_t i = 0; i < policy_set_count(); i++) {
        if (strcmp(sets[i].name, name) == 0)
            return &sets[i];
    }
    return NULL;
}

const char *policy_set_name(const struct policy_set *set)
{
    return set->name;
}

const char *policy_set_summary(const struct policy_set *set)
{
    return set->summary;
}

static int64_t timeout_us(enum timeout_source source, const struct settings *settings)
{
    struct settings defaults;
    switch (source) {
    case TIMEOUT_REFRESH_INTERVAL:
        break;
    case TIMEOUT_GRAPH_OPTION:
        if (settings->graph_timeout_given)
            return settings->graph_timeout_us;
        break;
    case TIMEOUT_STATS_OPTION:
        return settings_stats_timeout_us(settings);
    case TIMEOUT_STATS_NEW_NAMES:
        if (settings->stats_timeout_given || !settings->refresh_interval_by_old_name)
            return settings_stats_timeout_us(settings);
        settings_default(&defaults);
        return defaults.stats_timeout_us;
    }
    return settings->refresh_interval_us;
}

static size_t capacity(enum capacity_source source, const struct settings *settings)
{
    switch (source) {
    case CAPACITY_THOUSAND:
        return 1000;
    case CAPACITY_STATS_OPTION:
        return (size_t)settings->stats_entry_count_max;
    case CAPACITY_HISTORY:
        return (size_t)settings->history_count_max;
    case CAPACITY_UNBOUNDED:
        break;
    }
    return SIZE_MAX;
}

static struct cache_policy settle(const struct cache_plan *plan, const struct settings *settings)
{
    struct cache_policy policy = plan->policy;
    policy.ttl_us = timeout_us(plan->timeout, settings);
    policy.entry_count_max = capacity(plan->capacity, settings);
    return policy;
}

void policy_set_configure(const struct policy_set *set, const struct settings *settings,
                          struct endpoint_config *config)
{
    *config = (struct endpoint_config){
        .graph = settle(set->graph, settings),
        .stats = settle(set->stats, settings),
        .details = settle(set->details, settings),
        .quirks = set->quirks,
        .wire = set->wire,
        .refresh_interval_ms = settings->refresh_interval_us / 1000,
    };
}
