#include "harness/judge/staleness.h"

#include <stddef.h>

enum { BITS = 3, EACH = 1 << BITS }; /* steps to a doubling */

/* Ages below EACH have a step each; above, a step is named by the highest bit of the age and by the
 * BITS that follow it. */
static size_t step_of(uint64_t age_us)
{
    if (age_us < EACH)
        return (size_t)age_us;
    const unsigned high = 63u - (unsigned)__builtin_clzll(age_us);
    const size_t step = (size_t)(high - BITS + 1) * EACH + (age_us >> (high - BITS) & (EACH - 1));
    return step < STALENESS_STEPS ? step : STALENESS_STEPS - 1;
}

int64_t staleness_step_us(uint64_t step)
{
    if (step < EACH)
        return (int64_t)step;
    const uint64_t octave = step / EACH - 1;
    return (int64_t)((EACH + step % EACH) << octave);
}

void staleness_add(struct staleness *staleness, int64_t age_us)
{
    staleness->reads++;
    if (age_us <= 0)
        return;
    staleness->stale++;
    staleness->sum_us += (double)age_us;
    if (age_us > staleness->max_us)
        staleness->max_us = age_us;
    staleness->steps[step_of((uint64_t)age_us)]++;
}

void staleness_add_fresh(struct staleness *staleness, uint64_t count)
{
    staleness->reads += count;
}

double staleness_mean_us(const struct staleness *staleness)
{
    return staleness->reads > 0 ? staleness->sum_us / (double)staleness->reads : 0;
}

int64_t staleness_quantile_us(const struct staleness *staleness, double share)
{
    /* A share such as 0.9 is not exact: what is missed by a rounding error is not missed. */
    const double needed = (share - 1e-12) * (double)staleness->reads;
    uint64_t seen = staleness->reads - staleness->stale;
    if ((double)seen >= needed)
        return 0;
    for (size_t i = 0; i + 1 < STALENESS_STEPS; i++) {
        seen += staleness->steps[i];
        if ((double)seen < needed)
            continue;
        const int64_t end_us = staleness_step_us(i + 1) - 1;
        return end_us < staleness->max_us ? end_us : staleness->max_us;
    }
    return staleness->max_us;
}

struct staleness_figures staleness_figures(const struct staleness *staleness)
{
    return (struct staleness_figures){
        .reads = staleness->reads,
        .stale = staleness->stale,
        .mean_us = staleness_mean_us(staleness),
        .p50_us = staleness_quantile_us(staleness, 0.5),
        .p90_us = staleness_quantile_us(staleness, 0.9),
        .p99_us = staleness_quantile_us(staleness, 0.99),
        .max_us = staleness->max_us,
    };
}
