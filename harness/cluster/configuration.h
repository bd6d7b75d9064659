#ifndef FRESHCHECK_HARNESS_CLUSTER_CONFIGURATION_H
#define FRESHCHECK_HARNESS_CLUSTER_CONFIGURATION_H

#include <stddef.h>
#include <stdint.h>

#include "rest_endpoint/policy.h"
#include "rest_endpoint/settings.h"

/*
 * The configuration of a served cluster, by Flink's option names: what GET /jobmanager/config
 * shows, and what of it means something here. It begins as a small session cluster's.
 */
struct configuration;

struct configuration *configuration_new(void);                /* NULL: out of memory */
void configuration_free(struct configuration *configuration); /* NULL is allowed */

enum configuration_outcome {
    CONFIGURATION_TAKEN,
    CONFIGURATION_SHOWN, /* the option means nothing here, and is only shown */
    CONFIGURATION_WRONG,
    CONFIGURATION_NO_MEMORY
};

/*
 * Sets an option from its text, as Flink's -D does. What bears on the caches goes into `settings`.
 * WRONG: *why is one sentence (static text), and nothing has changed.
 */
enum configuration_outcome configuration_put(struct configuration *configuration,
                                             struct settings *settings, const char *option,
                                             const char *value, const char **why);

/* The option that means something here and that this one, which does not, was most likely meant to
 * be; NULL: none. */
const char *configuration_nearest(const char *option);

/* All lines in the order of their setting. Valid until the next put. */
const struct configuration_line *configuration_lines(const struct configuration *configuration,
                                                     size_t *count);

/* Where savepoints go by default; NULL when the option was emptied. Valid until the next put. */
const char *configuration_savepoint_directory(const struct configuration *configuration);

int32_t configuration_slot_count(const struct configuration *configuration);    /* 0: not said */
int64_t configuration_ended_kept_us(const struct configuration *configuration); /* 0: not said */
uint64_t configuration_body_length_max(const struct configuration *configuration);
size_t configuration_ended_kept_max(const struct configuration *configuration); /* 0: no limit */

#endif
