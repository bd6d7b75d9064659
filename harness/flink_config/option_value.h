#ifndef FRESHCHECK_HARNESS_FLINK_CONFIG_OPTION_VALUE_H
#define FRESHCHECK_HARNESS_FLINK_CONFIG_OPTION_VALUE_H

#include "harness/flink_config/option_table.h"

/*
 * Reads the text of a value as the release does: durations in microseconds, clipped to INT64_MAX;
 * numbers; booleans as 0 or 1; retention_mode. False, with *number unchanged, where Flink says
 * that it could not parse it.
 * Source: Flink ConfigurationUtils.convertValue, TimeUtils.parseDuration.
 */
bool option_value_read(enum value_type type, enum release release, const char *text,
                       int64_t *number);

#endif
