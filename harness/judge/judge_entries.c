#include "harness/judge/judge_check.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/witness_internal.h"

/* bounded-memory: how many entries the caches hold. */

/* Some request of that kind waits, or was answered since. */
static bool was_sent(const struct job_state *job, enum path_kind kind, int64_t since_us)
{
    return job->requests.waiting[kind] > 0 || job->requests.answered_us[kind] >= since_us;
}

/* Some request that this cache could answer. Statistics may come out of execution graphs, and of a
 * request whose path is not told apart nobody knows which cache it wants. */
static bool was_asked_for(const struct job_state *job, enum call_kind cache, int64_t since_us)
{
    return (cache == CALL_GRAPH && was_sent(job, KIND_GRAPH, since_us)) ||
           was_sent(job, KIND_STATISTICS, since_us) || was_sent(job, KIND_OTHER, since_us);
}

/* No more than `enough` are counted. */
static uint64_t jobs_asked_for(const struct judge *judge, enum call_kind cache, int64_t since_us,
                               uint64_t enough)
{
    uint64_t count = 0;
    for (size_t i = 0; count < enough && i < judge->job_count; i++)
        count += was_asked_for(&judge->jobs[i], cache, since_us);
    return count;
}

struct limit {
    uint64_t entries;
    const char *why;
    int64_t timeout_us; /* -1: a capacity */
};

/* The one that is broken; of both the capacity. */
static bool find_broken(const struct judge *judge, const struct fact *fact, struct limit *limit)
{
    const struct claim *claim = &judge->claim;
    const bool details = fact->call == CALL_OTHER;
    if (fact->call != CALL_GRAPH) {
        int64_t capacity = details ? claim->detail_entry_count_max : claim->stats_entry_count_max;
        *limit = (struct limit){.entries = (uint64_t)capacity, .timeout_us = -1};
        if (fact->entry_count > limit->entries)
            return true;
    }
    if (details)
        return false;
    limit->timeout_us =
        fact->call == CALL_GRAPH ? claim->refresh_interval_us : claim->settings_timeout_us;
    limit->entries =
        jobs_asked_for(judge, fact->call, fact->at_us - 2 * limit->timeout_us, fact->entry_count);
    return fact->entry_count > limit->entries;
}

static void describe(const struct judge *judge, const struct fact *fact, const struct limit *limit,
                     struct property_verdict *verdict)
{
    static const char *const names[] = {[CALL_GRAPH] = "execution graphs",
                                        [CALL_STATISTICS] = "checkpoint statistics",
                                        [CALL_OTHER] = "details"};
    static const enum layer layers[] = {[CALL_GRAPH] = LAYER_GRAPH_CACHE,
                                        [CALL_STATISTICS] = LAYER_STATISTICS_CACHE,
                                        [CALL_OTHER] = LAYER_DETAILS_CACHE};
    const unsigned long long count = fact->entry_count, allowed = limit->entries;
    char timeout[LABEL_MAX];
    if (limit->timeout_us < 0) {
        witness_add(verdict, fact->at_us, "cache", 0, "has room for %llu %s", allowed,
                    names[fact->call]);
        witness_cause(verdict, layers[fact->call],
                      "The cache of %s held %llu entries; its capacity is %llu.", names[fact->call],
                      count, allowed);
    } else {
        duration_text(judge, limit->timeout_us, timeout);
        witness_add(verdict, fact->at_us - 2 * limit->timeout_us, "clients", 0,
                    "ask for %llu jobs from here on", allowed);
        witness_cause(verdict, layers[fact->call],
                      "The cache of %s held %llu entries; within two timeouts of %s %llu jobs had "
                      "been asked for.",
                      names[fact->call], count, timeout, allowed);
    }
    witness_add(verdict, fact->at_us, "cache", 0, "holds %llu %s", count, names[fact->call]);
}

static void fact_bounded_memory(struct judge *judge, const struct news *news)
{
    const struct fact *fact = news->fact;
    struct limit limit;
    if (!judge->claim.settings_known)
        return;
    judge->verdicts[PROPERTY_BOUNDED_MEMORY].tested++;
    judge_worst(judge, PROPERTY_BOUNDED_MEMORY, (double)fact->entry_count, "entries");
    if (!find_broken(judge, fact, &limit))
        return;
    struct property_verdict *verdict = fact_violated(judge, PROPERTY_BOUNDED_MEMORY, fact->at_us);
    if (verdict)
        describe(judge, fact, &limit, verdict);
}

const struct check check_bounded_memory = {.property = PROPERTY_BOUNDED_MEMORY,
                                           .untested =
                                               "how many entries a cache holds is not told here",
                                           .fact = fact_bounded_memory,
                                           .hears = HEARS(FACT_ENTRIES)};
