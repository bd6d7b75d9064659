#ifndef FRESHCHECK_HARNESS_ADVICE_FETCH_RHYTHM_INTERNAL_H
#define FRESHCHECK_HARNESS_ADVICE_FETCH_RHYTHM_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rest_endpoint/policy.h"

/* Who reads one entry of a cache: `count` clients, each once in `interval_us`; at random, or
 * steadily and evenly spread, which is one reader every interval_us / count. */
struct readers {
    int64_t count, interval_us;
    bool at_random;
};

/* How an entry is fetched, on the average, and how old what its readers get. */
struct fetch_rhythm {
    double fetches_per_us;
    /* Since the fetch began. Ages of reads are spread evenly up to `life_us`, but for those reads
     * that wait for a fetch after their own request; or, when tick_count > 0, are the multiples
     * 0 .. tick_count - 1 of tick_us, equally often. */
    double life_us;
    int64_t tick_count;
    double tick_us;
    double error_share; /* of reads: their fetch was cancelled by another one */
};

/* readers[0] are those whose ages are asked for; the others read the same entry. False where no
 * closed form holds. */
bool fetch_rhythm(const struct cache_policy *policy, int64_t call_us,
                  const struct readers readers[2], struct fetch_rhythm *rhythm);

/* The longest age that the policy allows, however clients behave; INFINITY: no limit. */
double fetch_rhythm_worst_us(const struct cache_policy *policy, int64_t call_us);

#endif
