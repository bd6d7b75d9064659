#ifndef FRESHCHECK_HARNESS_SCENARIO_PLAN_INTERNAL_H
#define FRESHCHECK_HARNESS_SCENARIO_PLAN_INTERNAL_H

#include "harness/scenario/arena.h"
#include "harness/scenario/plan.h"

/* An empty plan that lives in `arena` and takes it over; NULL when out of memory. */
struct plan *plan_new(struct arena *arena);

#endif
