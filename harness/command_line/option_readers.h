#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_OPTION_READERS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_OPTION_READERS_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/implementations/implementation.h"

/* Values that more than one command takes. Each complains with one sentence on stderr. */

/* A whole number up to `max`; false when the text is none. `name`: the option, without dashes. */
bool option_number(const char *name, const char *text, uint64_t max, uint64_t *number);

/* A duration with a unit, such as "10s" or "5 min", from 1 ms up. */
bool option_duration(const char *name, const char *text, int64_t *us);

/* By its name, or the path of a shared object, which has a slash. NULL when there is none: then the
 * nearest was told, or what is wrong with the object. */
const struct implementation *option_implementation(const char *name);

/* Whether a name is that of a file, a shared object. */
bool option_implementation_is_file(const char *name);

/* How a command ends that got no implementation of this name. */
int option_implementation_code(const char *name);

/* The implementation that stands for a version of Flink, and what its answers say of it (NULL: its
 * own version); by name where `version` is NULL. False after the sentence. */
bool option_flink(const char *version, const char *name,
                  const struct implementation **implementation, const char **flink_version);

#endif
