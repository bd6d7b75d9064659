#ifndef FRESHCHECK_REST_ENDPOINT_POLICY_SETS_H
#define FRESHCHECK_REST_ENDPOINT_POLICY_SETS_H

#include <stddef.h>

#include "rest_endpoint/policy.h"
#include "rest_endpoint/settings.h"

/* A named way to build an endpoint: the reference, or a Flink version as it was released. */
struct policy_set;

/* The sets in order: reference first, then Flink versions from old to new. */
size_t policy_set_count(void);
const struct policy_set *policy_set_at(size_t index);

/* By name ("reference", "flink-1.18.0", "flink-2.3"); NULL when there is none. */
const struct policy_set *policy_set_find(const char *name);

const char *policy_set_name(const struct policy_set *set);
const char *policy_set_summary(const struct policy_set *set); /* one line: how it differs */

/* The endpoint that this set makes of these settings. */
void policy_set_configure(const struct policy_set *set, const struct settings *settings,
                          struct endpoint_config *config);

#endif
