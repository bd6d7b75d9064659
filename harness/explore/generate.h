#ifndef FRESHCHECK_HARNESS_EXPLORE_GENERATE_H
#define FRESHCHECK_HARNESS_EXPLORE_GENERATE_H

#include <stdint.h>

#include "base/choices.h"
#include "harness/scenario/plan.h"

/*
 * Makes up a whole scenario from choices: settings, jobs and their lives, faults, latencies,
 * clients, and the claims that hold for all that. The same choices give the same plan; all zeros
 * give the simplest, one job with one completion and one read. The plan is one that the scenario
 * loader would accept. NULL: out of memory.
 */
struct plan *explore_generate(struct choices *choices);

/* Generated plans are run with this seed, the default of `freshcheck run`: all variety comes from
 * the choices, so that a plan written to a file does there what it did here. */
#define EXPLORE_RUN_SEED UINT64_C(1)

#endif
