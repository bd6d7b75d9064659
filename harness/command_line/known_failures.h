#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_KNOWN_FAILURES_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_KNOWN_FAILURES_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/judge/verdict.h"

/*
 * Failures that somebody knows of, beside those that scenarios expect, from a file of lines
 *     IMPLEMENTATION SCENARIO PROPERTY: reason
 * where each '*' in the first three stands for any text, and '#' begins a line that says nothing.
 * What a line means is to fail: whatever of it does not is not as expected either.
 */
struct known_failure {
    unsigned line;
    char *implementation, *scenario; /* patterns; owned */
    char *reason;                    /* owned */
    bool properties[PROPERTY_COUNT]; /* that the third word means */
};

struct known_failures {
    const char *file; /* as it was named, borrowed; NULL: there is none */
    struct known_failure *items;
    size_t count;
};

/* Returns 0, or the exit code after complaints on stderr, each with its place: 65, or 70 when out of
 * memory. */
int known_failures_read(struct known_failures *known, const char *file);
void known_failures_free(struct known_failures *known);

/* The first line that means this; NULL: none does. `known` may be NULL. */
const struct known_failure *known_failures_find(const struct known_failures *known,
                                                const char *implementation, const char *scenario,
                                                enum property property);

/* Whether any line is about this cell, whatever the property. */
bool known_failures_name(const struct known_failures *known, const char *implementation,
                         const char *scenario);

/* Whether a line is about this cell. */
bool known_failure_names(const struct known_failure *item, const char *implementation,
                         const char *scenario);

#endif
