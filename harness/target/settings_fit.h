#ifndef FRESHCHECK_HARNESS_TARGET_SETTINGS_FIT_H
#define FRESHCHECK_HARNESS_TARGET_SETTINGS_FIT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "harness/scenario/plan.h"
#include "rest_endpoint/settings.h"

/*
 * Whether a cluster is set as a scenario wants it: each option under `flink:`, and the timeout of
 * checkpoint statistics where an age is claimed; resolved as Flink does. Appends the first that is not to `why`:
 * "needs rest.cache.checkpoint-statistics.timeout = 0 s; the target has 3 s (default)".
 */
bool settings_fit(const struct plan *plan, const struct settings *target, const char *flink_version,
                  struct buffer *why);

#endif
