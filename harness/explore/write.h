#ifndef FRESHCHECK_HARNESS_EXPLORE_WRITE_H
#define FRESHCHECK_HARNESS_EXPLORE_WRITE_H

#include "base/buffer.h"
#include "harness/scenario/plan.h"

/*
 * Writes a plan that explore_generate() made as a scenario file: loaded, it is the same plan, and
 * does the same with the same seed. Out of memory shows in out->failed.
 */
void explore_write(const struct plan *plan, struct buffer *out);

#endif
