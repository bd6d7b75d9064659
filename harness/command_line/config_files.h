#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_FILES_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_FILES_H

#include <stddef.h>

#include "harness/command_line/options.h"
#include "harness/flink_config/effective.h"

/*
 * Reads a configuration of Flink: a file of any form, a folder like Flink's conf/, "-" for standard
 * input, or the address of a running cluster; and -D KEY=VALUE. All complaints go to stderr.
 * Returns 0, or the exit code: 65 when a file is refused or is of another program, 69 when no
 * cluster answers. `entries` must be empty; free it in every case.
 */
int config_source_read(struct config_entries *entries, const char *name,
                       const struct option_values *dynamic);

/* The release to read them as: `version` (NULL: what a source says of itself, else
 * `otherwise`; where that is NULL, too, the newest that reads what was given). NULL after one
 * sentence: it is no version. */
const char *config_source_release(const struct config_entries *entries, const char *version,
                                  const char *otherwise);

#endif
