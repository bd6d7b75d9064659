#ifndef FRESHCHECK_HARNESS_REHEARSAL_LOAD_PLAN_INTERNAL_H
#define FRESHCHECK_HARNESS_REHEARSAL_LOAD_PLAN_INTERNAL_H

#include "harness/rehearsal/rehearse.h"
#include "harness/scenario/plan.h"

/* The load as a plan to run. NULL: out of memory. plan_free() it. */
struct plan *load_plan(const struct rehearsal *rehearsal);

#endif
