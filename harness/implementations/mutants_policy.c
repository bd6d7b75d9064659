#include "harness/implementations/implementation_internal.h"

/* The reference's own logic with another policy. Each differs in one place. */

static void never_refresh(struct endpoint_config *config)
{
    config->stats.ttl_us = NEVER_EXPIRES;
}

static void failures_kept(struct endpoint_config *config)
{
    config->stats.failures = FAILURES_KEPT;
}

static void joined_fetch(struct endpoint_config *config)
{
    config->stats.join = JOIN_ANY_IN_FLIGHT;
}

static void key_without_job(struct endpoint_config *config)
{
    config->stats.key = KEY_ANY_JOB;
}

static void details_key_without_job(struct endpoint_config *config)
{
    config->details.key = KEY_CHECKPOINT;
}

static void details_key_without_run(struct endpoint_config *config)
{
    config->details.key = KEY_JOB;
}

static void expiry_after_access(struct endpoint_config *config)
{
    config->stats.expiry = EXPIRE_AFTER_ACCESS;
}

static void timeout_from_answer(struct endpoint_config *config)
{
    config->stats.start = START_AT_ANSWER;
}

static void wall_clock(struct endpoint_config *config)
{
    config->stats.clock = CACHE_CLOCK_WALL;
}

/* Two fetches in flight, and whichever comes back last stays, as if it were new. */
static void old_answer_overwrites(struct endpoint_config *config)
{
    config->stats.join = JOIN_WHILE_FRESH;
    config->stats.start = START_AT_ANSWER;
    config->stats.late = LATE_ANSWER_STORED;
}

static void waiters_cancelled(struct endpoint_config *config)
{
    config->stats.slot = SLOT_HOLDS_FUTURE;
    config->stats.join = JOIN_WHILE_FRESH;
    config->stats.replaced = REPLACED_IS_CANCELLED;
}

static void stampede(struct endpoint_config *config)
{
    config->stats.join = JOIN_NEVER;
}

/* What was put under one key is looked for under another. */
static void key_never_hits(struct endpoint_config *config)
{
    config->stats.ttl_us = 0;
    config->stats.join = JOIN_NEVER;
}

static void room_for_one(struct endpoint_config *config)
{
    config->stats.entry_count_max = 1;
}

static void size_ignored(struct endpoint_config *config)
{
    config->stats.entry_count_max = SIZE_MAX;
}

static void details_never_leave(struct endpoint_config *config)
{
    config->details.entry_count_max = SIZE_MAX;
}

static void cache_control_ignored(struct endpoint_config *config)
{
    config->quirks.honours_cache_control = false;
}

static void statistics_from_graph(struct endpoint_config *config)
{
    config->quirks.statistics_from_graph = true;
}

static void dashboard_uncached(struct endpoint_config *config)
{
    config->quirks.dashboard_uncached = true;
}

static void dashboard_interval_halved(struct endpoint_config *config)
{
    config->graph.ttl_us /= 2;
}

static void dashboard_stampede(struct endpoint_config *config)
{
    config->graph.join = JOIN_NEVER;
}

static void dashboard_failures_kept(struct endpoint_config *config)
{
    config->graph.failures = FAILURES_KEPT;
}

static void dashboard_waiters_cancelled(struct endpoint_config *config)
{
    config->graph.slot = SLOT_HOLDS_FUTURE;
    config->graph.join = JOIN_WHILE_FRESH;
    config->graph.replaced = REPLACED_IS_CANCELLED;
}

#define MUTANT(mutant_name, function, text, seen)                                            \
    {                                                                                        \
        .name = mutant_name, .kind = IMPLEMENTATION_MUTANT, .summary = text, .source = seen, \
        .breaks = function                                                                   \
    }

static const struct implementation items[] = {
    MUTANT("never-refresh", never_refresh, "an answer, once fetched, is given for ever",
           "ben-manes/caffeine#298, caffeine#159"),
    MUTANT("expiry-after-access", expiry_after_access, "every hit starts the timeout anew",
           "apache/gravitino#13099, gchq/stroom#5592, apache/paimon#5574"),
    MUTANT("timeout-from-answer", timeout_from_answer, "the timeout starts when the answer arrives",
           "caffeine#191; real bug R-26"),
    MUTANT("wall-clock", wall_clock, "the timeout goes by a clock that can be set back",
           "Flink DefaultExecutionGraphCache, elastic/elasticsearch#151570"),
    MUTANT("failures-kept", failures_kept, "a failed fetch is answered until the timeout ends",
           "Flink AbstractCheckpointStatsHandler, quarkusio/quarkus#13399"),
    MUTANT("key-without-job", key_without_job, "one cache entry for all jobs", "real bug R-33"),
    MUTANT("details-key-without-job", details_key_without_job,
           "details kept by checkpoint number alone", "Flink CheckpointStatsCache"),
    MUTANT("details-key-without-run", details_key_without_run,
           "details kept by job and number, over the job's lives", "real bugs R-06 and R-33"),
    MUTANT("key-never-hits", key_never_hits, "what is kept is never found again",
           "a key that holds a header or a query"),
    MUTANT("joined-fetch", joined_fetch,
           "a request joins any fetch in flight, also one older than itself",
           "linera-io/linera-protocol#6612, rk8s-dev/rk8s#455"),
    MUTANT("old-answer-overwrites", old_answer_overwrites,
           "a late answer takes the place of a newer one", "guava#1881, guava#2971"),
    MUTANT("waiters-cancelled", waiters_cancelled,
           "a new fetch cancels the one that others wait for", "Flink DefaultExecutionGraphCache"),
    MUTANT("stampede", stampede, "every request that misses makes a fetch of its own",
           "prezly/theme-kit-js#1031, PostHog#73651; Flink at timeout 0"),
    MUTANT("room-for-one", room_for_one, "there is room for one job, and two push each other out",
           "real bug R-25"),
    MUTANT("size-ignored", size_ignored, "the cache has no bound",
           "google/guava#7975; real bug R-10"),
    MUTANT("details-never-leave", details_never_leave, "details of checkpoints have no bound",
           "real bug R-10"),
    MUTANT("cache-control-ignored", cache_control_ignored,
           "a client that demands a fresh answer gets a cached one", "FLINK-32469, its own text"),
    MUTANT("shared-cache", statistics_from_graph,
           "checkpoint statistics come from the dashboard's cache", "FLINK-32469"),
    MUTANT("dashboard-uncached", dashboard_uncached,
           "every dashboard request builds an execution graph", "a careless cure of FLINK-32469"),
    MUTANT("dashboard-interval-halved", dashboard_interval_halved,
           "the dashboard's graph is fetched twice in each refresh interval", "real bug R-12"),
    MUTANT("dashboard-stampede", dashboard_stampede,
           "every dashboard that misses has a graph of its own built", "metabase/metabase#75949"),
    MUTANT("dashboard-failures-kept", dashboard_failures_kept,
           "a failed graph is shown until the refresh interval ends", "metabase/metabase#13164"),
    MUTANT("dashboard-waiters-cancelled", dashboard_waiters_cancelled,
           "dashboards cancel each other", "Flink DefaultExecutionGraphCache; real bug R-08"),
};

const struct implementation_table policy_mutants = {items, sizeof items / sizeof items[0]};
