#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_CLUSTER_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_CLUSTER_H

#include <stdbool.h>

#include "harness/flink_config/config_entries.h"

/* Whether a configuration is to be asked for, not read from a file. */
bool config_is_url(const char *name);

/* Adds what GET /jobmanager/config of a running cluster answers, and the version that it says it
 * is. Returns 0, or the exit code after a sentence on stderr: 64 when the text is no address, 69
 * when no Flink answers there. */
int config_cluster_read(struct config_entries *entries, const char *url);

#endif
