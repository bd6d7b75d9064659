#ifndef FRESHCHECK_HARNESS_EXPLORE_SMALLEST_H
#define FRESHCHECK_HARNESS_EXPLORE_SMALLEST_H

#include "base/choices.h"
#include "harness/implementations/implementation.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"

/*
 * The smallest plan that can be found in `tries_max` runs, from the choices that were taken last,
 * which claims the property and breaks it; of the others it claims what it puts to the test.
 * `result` is what running it gave. To be freed by plan_free(); NULL: out of memory.
 */
struct plan *explore_smallest(struct choices *choices, const struct implementation *implementation,
                              enum property property, size_t tries_max, struct run_result *result);

/* Events of jobs, faults and steps or polling clients: what somebody has to read of a plan. */
size_t explore_size(const struct plan *plan);

#endif
