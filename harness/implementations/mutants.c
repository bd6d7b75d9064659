#include "harness/implementations/implementation_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * Implementations that are broken on purpose, each in one way that was seen in real software
 * (docs/mutants.md). None of this is in the reference: a mutant is another policy, settings read
 * wrongly, or answers altered on their way in.
 */

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

static void expiry_after_access(struct endpoint_config *config)
{
    config->stats.expiry = EXPIRE_AFTER_ACCESS;
}

static void timeout_from_answer(struct endpoint_config *config)
{
    config->stats.start = START_AT_ANSWER;
}

/* Milliseconds taken for seconds: strapi rest-cache#126, directus#5160. */
static void timeout_in_wrong_unit(struct settings *settings)
{
    const int64_t timeout_us = settings_stats_timeout_us(settings);
    settings->stats_timeout_us = timeout_us < INT64_MAX / 1000 ? timeout_us * 1000 : NEVER_EXPIRES;
    settings->stats_timeout_given = true;
}

/* The falsy zero: 0 is taken for "not set", so the refresh interval applies. */
static void zero_read_as_unset(struct settings *settings)
{
    if (settings->stats_timeout_us == 0)
        settings->stats_timeout_given = false;
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

static void dashboard_uncached(struct endpoint_config *config)
{
    config->quirks.dashboard_uncached = true;
}

static void statistics_from_graph(struct endpoint_config *config)
{
    config->quirks.statistics_from_graph = true;
}

static void stampede(struct endpoint_config *config)
{
    config->stats.join = JOIN_NEVER;
}

static bool text_is_greater(int64_t a, int64_t b)
{
    char a_text[24], b_text[24];
    snprintf(a_text, sizeof a_text, "%" PRId64, a);
    snprintf(b_text, sizeof b_text, "%" PRId64, b);
    return strcmp(a_text, b_text) > 0;
}

/* "9" after "10": FLINK-6284. A copy is altered, since the tracker still owns the original. */
static void text_order(struct fetch_result *result)
{
    const struct checkpoint_stats *stats = result->stats;
    if (result->outcome != OUTCOME_OK || !stats || !stats->latest_completed)
        return;
    struct checkpoint *latest = NULL;
    for (size_t i = 0; i < stats->history_count; i++) {
        struct checkpoint *entry = stats->history[i];
        if (entry->status != CHECKPOINT_COMPLETED || checkpoint_type_is_savepoint(entry->type))
            continue;
        if (!latest || text_is_greater(entry->id, latest->id))
            latest = entry;
    }
    struct checkpoint_stats *altered = latest ? checkpoint_stats_copy(stats) : NULL;
    if (!altered)
        return;
    checkpoint_release(altered->latest_completed);
    altered->latest_completed = checkpoint_retain(latest);
    checkpoint_stats_release(result->stats);
    result->stats = altered;
}

#define MUTANT(mutant_name, text, ...)                                                   \
    {                                                                                    \
        .name = mutant_name, .kind = IMPLEMENTATION_MUTANT, .summary = text, __VA_ARGS__ \
    }

const struct implementation mutants[] = {
    MUTANT("never-refresh", "an answer, once fetched, is given for ever", .breaks = never_refresh),
    MUTANT("failures-kept", "a failed fetch is answered until the timeout ends",
           .breaks = failures_kept),
    MUTANT("joined-fetch", "a request joins any fetch in flight, also one older than itself",
           .breaks = joined_fetch),
    MUTANT("key-without-job", "one cache entry for all jobs", .breaks = key_without_job),
    MUTANT("details-key-without-job", "details kept by checkpoint number alone",
           .breaks = details_key_without_job),
    MUTANT("expiry-after-access", "every hit starts the timeout anew",
           .breaks = expiry_after_access),
    MUTANT("timeout-from-answer", "the timeout starts when the answer arrives",
           .breaks = timeout_from_answer),
    MUTANT("timeout-in-wrong-unit", "milliseconds read as seconds",
           .misread = timeout_in_wrong_unit),
    MUTANT("zero-read-as-unset", "a timeout of 0 is taken for none, and the default applies",
           .misread = zero_read_as_unset),
    MUTANT("wall-clock", "the timeout goes by a clock that can be set back", .breaks = wall_clock),
    MUTANT("old-answer-overwrites", "a late answer takes the place of a newer one",
           .breaks = old_answer_overwrites),
    MUTANT("text-order", "the latest checkpoint is the last in text order, 9 after 10",
           .alter = text_order),
    MUTANT("waiters-cancelled", "a new fetch cancels the one that others wait for",
           .breaks = waiters_cancelled),
    MUTANT("dashboard-uncached", "every dashboard request builds an execution graph",
           .breaks = dashboard_uncached),
    MUTANT("shared-cache", "checkpoint statistics come from the dashboard's cache",
           .breaks = statistics_from_graph),
    MUTANT("stampede", "every request that misses makes a fetch of its own", .breaks = stampede),
};

const size_t mutant_count = sizeof mutants / sizeof mutants[0];
