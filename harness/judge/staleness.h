#ifndef FRESHCHECK_HARNESS_JUDGE_STALENESS_H
#define FRESHCHECK_HARNESS_JUDGE_STALENESS_H

#include <stdint.h>

/*
 * How old answers were, over all reads of checkpoint statistics that came after a completion: for
 * how long the first checkpoint that an answer lacked had been complete when its request was sent;
 * 0 where it lacked none. A histogram of eight steps to each doubling, so that a quantile is at
 * most an eighth too large. Start with {0}.
 */
enum { STALENESS_STEPS = 8 * 40 };

struct staleness {
    uint64_t reads, stale; /* stale: lacked something, be that allowed or not */
    int64_t max_us;
    double sum_us;
    uint64_t steps[STALENESS_STEPS]; /* stale ones by how old; see staleness_step_us() */
};

void staleness_add(struct staleness *staleness, int64_t age_us); /* age_us <= 0: lacked nothing */
void staleness_add_fresh(struct staleness *staleness, uint64_t count);

double
staleness_mean_us(const struct staleness *staleness); /* over all reads; 0 when there are none */

/* No more than `share` (0..1) of all reads were older. The upper end of a step, at most max_us. */
int64_t staleness_quantile_us(const struct staleness *staleness, double share);

/* What reports tell of it, in microseconds. */
struct staleness_figures {
    uint64_t reads, stale;
    double mean_us;
    int64_t p50_us, p90_us, p99_us, max_us;
};
struct staleness_figures staleness_figures(const struct staleness *staleness);

/* Step i holds the ages from staleness_step_us(i) to just below that of step i + 1. */
int64_t staleness_step_us(uint64_t step);

#endif
