#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_FILES_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_FILES_H

#include <stddef.h>

#include "harness/command_line/options.h"
#include "harness/flink_config/effective.h"

/*
 * Reads configurations of Flink: files of any form, folders like Flink's conf/, "-" for standard
 * input, and -D KEY=VALUE. All complaints go to stderr. Returns 0, or the exit code: 65 when any
 * file is refused or is of another program. `entries` must be empty; free it in every case.
 */
int config_files_read(struct config_entries *entries, char **names, size_t name_count,
                      const struct option_values *dynamic);

/* The release to read them as: `version` (NULL: what a source says of itself, else the newest that
 * reads what was given). NULL after one sentence: it is no version. */
const char *config_files_release(const struct config_entries *entries, const char *version);

#endif
