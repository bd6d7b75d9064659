#ifndef FRESHCHECK_HARNESS_EXPLORE_TALLY_H
#define FRESHCHECK_HARNESS_EXPLORE_TALLY_H

#include <stdint.h>

#include "base/choices.h"
#include "harness/implementations/implementation.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"

/* Runs generated plans in virtual time and sums up what came of them. */

struct property_tally {
    uint64_t tested;      /* how often it was put to the test, */
    uint64_t tested_runs; /* in how many runs */
    uint64_t failed_runs;
    uint64_t first_failed; /* the seed of the first of them */
};

struct tally {
    uint64_t seeds, reads, fetches, completions;
    uint64_t failed_runs; /* that break any property */
    struct property_tally of[PROPERTY_COUNT];
};

void tally_add(struct tally *tally, const struct plan *plan, const struct run_result *result,
               uint64_t seed);

/* Adds what came of other seeds; the order in which tallies are joined makes no difference. */
void tally_join(struct tally *into, const struct tally *other);

/*
 * Makes the plan of a seed and runs it. `parse_every`: see struct run_options. The plan
 * is handed out, to be freed by plan_free(), also when there is no result.
 * Returns NULL, or why there is no result, as run_virtual() does.
 */
const char *explore_seed(struct choices *choices, uint64_t seed,
                         const struct implementation *implementation, uint32_t parse_every,
                         struct plan **plan, struct run_result *result);

#endif
