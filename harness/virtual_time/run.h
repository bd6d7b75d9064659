#ifndef FRESHCHECK_HARNESS_VIRTUAL_TIME_RUN_H
#define FRESHCHECK_HARNESS_VIRTUAL_TIME_RUN_H

#include "harness/implementations/implementation.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"

/*
 * Runs a plan in virtual time. Events at one instant run in the order they were scheduled. The
 * same plan, implementation and options give the same result.
 * Returns NULL, or one sentence that says why there is no result (static text): out of memory, an
 * implementation that answered twice or answered a request nobody made, a body that says something
 * else than its snapshot.
 */
const char *run_virtual(const struct plan *plan, const struct implementation *implementation,
                        const struct run_options *options, struct run_result *result);

#endif
