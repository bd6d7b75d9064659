#ifndef FRESHCHECK_HARNESS_EXPLORE_SMALLEST_H
#define FRESHCHECK_HARNESS_EXPLORE_SMALLEST_H

#include <stdbool.h>

#include "base/choices.h"
#include "harness/explore/exploration.h"
#include "harness/implementations/implementation.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"

/* What a failure is a failure of. */
struct failure_kind {
    enum property property;
    enum layer layer;
};

/*
 * Gives the failure the smallest sequence of choices that can be found in `tries_max` runs and
 * still breaks the property at that layer. Deterministic. False: out of memory; then it stays as it
 * was.
 */
bool explore_make_small(struct choices *choices, const struct implementation *implementation,
                        struct failure_kind kind, size_t tries_max,
                        struct exploration_failure *failure);

/*
 * The plan that shows the failure, by its smallest choices where it has them, else by its seed.
 * Beside what breaks it claims what it puts to the test. `result` is what running it gave. To be
 * freed by plan_free(); NULL: out of memory.
 */
struct plan *explore_show(struct choices *choices, const struct implementation *implementation,
                          const struct exploration_failure *failure, struct run_result *result);

#endif
