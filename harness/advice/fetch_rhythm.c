#include "harness/advice/fetch_rhythm_internal.h"

#include <math.h>

/* Beyond this a timeout is no matter of a load any more. */
static const int64_t ttl_max_us = INT64_C(1) << 50;

static double rate(const struct readers *readers)
{
    return readers->count > 0 ? (double)readers->count / (double)readers->interval_us : 0;
}

/* How many steps of interval / count reach `wait_us`: exact, for a step more is a fetch less. */
static int64_t ticks_to(const struct readers *readers, int64_t wait_us)
{
    const int64_t whole = wait_us / readers->interval_us;
    const int64_t rest_us = wait_us % readers->interval_us;
    const int64_t ticks =
        whole * readers->count +
        (rest_us * readers->count + readers->interval_us - 1) / readers->interval_us;
    return ticks > 0 ? ticks : 1;
}

static double tick_us(const struct readers *readers)
{
    return (double)readers->interval_us / (double)readers->count;
}

static bool never_keeps(const struct cache_policy *policy)
{
    return policy->ttl_us <= 0 || policy->entry_count_max == 0;
}

/* The fields in which a policy may differ from Flink's and the reference's are looked at where they
 * matter; these matter everywhere. */
static bool is_covered(const struct cache_policy *policy)
{
    return policy->key == KEY_JOB && policy->expiry == EXPIRE_AFTER_WRITE &&
           policy->ttl_us <= ttl_max_us;
}

/* The chance that no reader comes within `wait_us` of another one's request. False: it hangs on how
 * the two kinds of readers stand to each other, or on which of two things at one instant is first. */
static bool quiet_chance(const struct readers readers[2], int64_t wait_us, double *chance)
{
    *chance = 1;
    if (wait_us <= 0)
        return true;
    if (readers[1].count > 0)
        return false;
    if (readers[0].at_random)
        *chance = exp(-rate(&readers[0]) * (double)wait_us);
    else
        *chance = tick_us(&readers[0]) > (double)wait_us;
    return readers[0].at_random || tick_us(&readers[0]) != (double)wait_us;
}

/*
 * Nothing is kept. Flink: each request is a fetch of its own, and cancels the one before it where
 * the cache cancels. Next batch: fetches follow each other while somebody came during the last one;
 * the first after a pause is the request that ends it.
 */
static bool uncached_rhythm(const struct cache_policy *policy, int64_t call_us,
                            const struct readers readers[2], struct fetch_rhythm *rhythm)
{
    const double all = rate(&readers[0]) + rate(&readers[1]);
    double quiet;
    rhythm->life_us = 0;
    rhythm->fetches_per_us = all;
    switch (policy->join) {
    case JOIN_WHILE_FRESH:
        if (policy->replaced == REPLACED_SERVES_ITS_WAITERS)
            return true;
        rhythm->error_share = quiet_chance(readers, call_us, &quiet) ? 1 - quiet : -1;
        return rhythm->error_share >= 0;
    case JOIN_NEXT_BATCH:
        if (policy->ttl_us > 0 || !quiet_chance(readers, call_us, &quiet))
            return false;
        if (readers[0].at_random || quiet == 0)
            rhythm->fetches_per_us = 1 / ((double)call_us + quiet / all);
        return true;
    case JOIN_NEVER:
        return true;
    case JOIN_ANY_IN_FLIGHT:
        break;
    }
    return false;
}

/* One life after the other: the first request at or after the end of a life fetches. */
static bool random_rhythm(const struct cache_policy *policy, int64_t call_us, double life_us,
                          const struct readers *readers, struct fetch_rhythm *rhythm)
{
    const double all = rate(readers);
    const double over_us = (double)(call_us - policy->ttl_us);
    rhythm->life_us = life_us;
    rhythm->fetches_per_us = 1 / (life_us + 1 / all);
    if (over_us <= 0)
        return true;
    /* The call outlives what it fetches. Who comes then waits for the next call, or makes it. */
    if (policy->join == JOIN_NEXT_BATCH)
        rhythm->fetches_per_us = 1 / ((double)call_us + exp(-all * over_us) / all);
    else if (policy->replaced == REPLACED_IS_CANCELLED)
        rhythm->error_share = 1 - exp(-all * over_us);
    return true;
}

static bool steady_rhythm(const struct cache_policy *policy, int64_t call_us, int64_t life_us,
                          const struct readers *readers, struct fetch_rhythm *rhythm)
{
    const int64_t ticks = ticks_to(readers, life_us);
    const double cycle_us = (double)ticks * tick_us(readers);
    if (call_us > policy->ttl_us && policy->join == JOIN_NEXT_BATCH)
        return false; /* fetches leave the readers' beat */
    if (policy->replaced == REPLACED_IS_CANCELLED && cycle_us == (double)call_us)
        return false;
    rhythm->life_us = cycle_us;
    rhythm->fetches_per_us = 1 / cycle_us;
    rhythm->tick_count = ticks;
    rhythm->tick_us = tick_us(readers);
    rhythm->error_share =
        policy->replaced == REPLACED_IS_CANCELLED && cycle_us < (double)call_us ? 1 : 0;
    return true;
}

static bool locks(const struct readers *readers, int64_t life_us)
{
    return readers->count > 0 && !readers->at_random &&
           (double)ticks_to(readers, life_us) * tick_us(readers) == (double)life_us;
}

/*
 * Two kinds of readers. Whoever reads in a beat that the timeout is a multiple of comes at the very
 * end of each life once it has made a fetch, so that nobody else makes one any more. Until then
 * each fetch by others moves later in that beat, so it comes to that.
 */
static bool mixed_rhythm(const struct cache_policy *policy, int64_t call_us, int64_t life_us,
                         const struct readers readers[2], struct fetch_rhythm *rhythm)
{
    const bool first_locks = locks(&readers[0], life_us),
               second_locks = locks(&readers[1], life_us);
    if (call_us >= policy->ttl_us || first_locks == second_locks)
        return false;
    rhythm->life_us = (double)life_us;
    rhythm->fetches_per_us = 1 / rhythm->life_us;
    if (first_locks) {
        rhythm->tick_us = tick_us(&readers[0]);
        rhythm->tick_count = ticks_to(&readers[0], life_us);
    }
    return true;
}

static int64_t life_of(const struct cache_policy *policy, int64_t call_us)
{
    return policy->start == START_AT_ANSWER ? policy->ttl_us + call_us : policy->ttl_us;
}

bool fetch_rhythm(const struct cache_policy *policy, int64_t call_us,
                  const struct readers readers[2], struct fetch_rhythm *rhythm)
{
    const int64_t life_us = life_of(policy, call_us);
    *rhythm = (struct fetch_rhythm){0};
    if (!is_covered(policy))
        return false;
    if (readers[0].count == 0 && readers[1].count == 0)
        return true;
    const bool mixed = readers[0].count > 0 && readers[1].count > 0;
    const struct readers alone[2] = {readers[0].count > 0 ? readers[0] : readers[1]};
    if (never_keeps(policy))
        return uncached_rhythm(policy, call_us, mixed ? readers : alone, rhythm);
    const bool joins_its_own = policy->join == JOIN_WHILE_FRESH || policy->join == JOIN_NEXT_BATCH;
    if (call_us >= policy->ttl_us && (!joins_its_own || policy->start == START_AT_ANSWER))
        return false;
    if (call_us > 0 && policy->join == JOIN_NEVER)
        return false;
    if (mixed)
        return mixed_rhythm(policy, call_us, life_us, readers, rhythm);
    return alone->at_random ? random_rhythm(policy, call_us, (double)life_us, alone, rhythm)
                            : steady_rhythm(policy, call_us, life_us, alone, rhythm);
}

double fetch_rhythm_worst_us(const struct cache_policy *policy, int64_t call_us)
{
    if (!is_covered(policy) || policy->join == JOIN_ANY_IN_FLIGHT)
        return INFINITY;
    return never_keeps(policy) ? 0 : (double)life_of(policy, call_us);
}
