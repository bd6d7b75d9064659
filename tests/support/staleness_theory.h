#ifndef FRESHCHECK_TESTS_STALENESS_THEORY_H
#define FRESHCHECK_TESTS_STALENESS_THEORY_H

#include <math.h>

#include "base/random.h"
#include "harness/advice/stale_time.h"

/*
 * What theory says of one cache, for those who must agree with it: one that keeps an answer for
 * `timeout_us` from when it was fetched, and reads that come by Poisson, `rate` of them in a
 * timeout. The first read of each life of an entry fetches and is never stale; `rate` others follow
 * on the average, each sees the entry at an age that is uniform over the timeout.
 */
struct reading {
    bool poisson;
    double period_us, timeout_us, rate;
};

struct expected {
    double share, mean_us;
};

static inline struct expected theory(const struct reading *reading)
{
    const struct completions completions = {.interval = reading->period_us,
                                            .at_random = reading->poisson};
    const double d = reading->timeout_us, hits = reading->rate / (1 + reading->rate);
    return (struct expected){hits * stale_share_within(&completions, d) / d,
                             hits * stale_time_within(&completions, d) / d};
}

/* Loads of all kinds: the timeout below, at and above the period; many reads and few. */
static const struct reading loads[] = {
    {false, 10e6, 3e6, 5}, {false, 10e6, 10e6, 5}, {false, 4e6, 10e6, 20}, {false, 1e6, 7e6, 0.5},
    {true, 10e6, 3e6, 5},  {true, 10e6, 10e6, 5},  {true, 4e6, 10e6, 20},  {true, 1e6, 7e6, 0.5},
};
enum { LOADS = sizeof loads / sizeof *loads };

#endif
