#ifndef FRESHCHECK_TESTS_STALENESS_THEORY_H
#define FRESHCHECK_TESTS_STALENESS_THEORY_H

#include <math.h>

#include "base/random.h"

/* What theory says of one cache, for those who must agree with it. */

/*
 * A cache that keeps an answer for `timeout_us` from when it was fetched, and reads that come by
 * Poisson, `rate` of them in a timeout. The first read of each life of an entry fetches and is
 * never stale; `rate` others follow on the average, each sees the entry at an age that is uniform
 * over the timeout. So 1 read in 1 + rate has age 0, and the rest ages A uniform in (0, d).
 *
 * At age A the answer lacks what completed within the last A; stale by the first of those.
 * Completions by Poisson, one in P on the average (m = 1/P):
 *     share(A) = 1 - exp(-mA)              mean over A: 1 - (1 - exp(-md)) / (md)
 *     age(A)   = A - (1 - exp(-mA)) / m    mean over A: d/2 - 1/m + (1 - exp(-md)) / (m^2 d)
 * Periodic completions, one in P, at a phase that the reads do not know:
 *     A < P: share A/P, age A^2/(2P);  A >= P: share 1, age A - P/2
 *     d <= P: share d/(2P), age d^2/(6P);  d > P: 1 - P/(2d) and d/2 - P/2 + P^2/(6d)
 */
struct load {
    bool poisson;
    double period_us, timeout_us, rate;
};

struct expected {
    double share, mean_us;
};

static inline struct expected theory(const struct load *load)
{
    const double P = load->period_us, d = load->timeout_us, hits = load->rate / (1 + load->rate);
    if (load->poisson) {
        const double fades = 1 - exp(-d / P);
        return (struct expected){hits * (1 - fades * P / d),
                                 hits * (d / 2 - P + fades * P * P / d)};
    }
    if (d <= P)
        return (struct expected){hits * d / (2 * P), hits * d * d / (6 * P)};
    return (struct expected){hits * (1 - P / (2 * d)), hits * (d / 2 - P / 2 + P * P / (6 * d))};
}

static inline double exponential(struct random *random, double mean)
{
    return -mean * log(1 - (double)random_below(random, 1 << 30) / (double)(1 << 30));
}

/* Loads of all kinds: the timeout below, at and above the period; many reads and few. */
static const struct load loads[] = {
    {false, 10e6, 3e6, 5}, {false, 10e6, 10e6, 5}, {false, 4e6, 10e6, 20}, {false, 1e6, 7e6, 0.5},
    {true, 10e6, 3e6, 5},  {true, 10e6, 10e6, 5},  {true, 4e6, 10e6, 20},  {true, 1e6, 7e6, 0.5},
};
enum { LOADS = sizeof loads / sizeof *loads };

#endif
