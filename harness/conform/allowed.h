#ifndef FRESHCHECK_HARNESS_CONFORM_ALLOWED_H
#define FRESHCHECK_HARNESS_CONFORM_ALLOWED_H

#include <stddef.h>
#include <stdio.h>

#include "base/complaint.h"

// Differences from a real cluster that are meant: one line for each, as
//     VERSION METHOD PATH POINTER the reason, to the end of the line
//     1.*     GET    /v1/jobs/*   /plan/nodes/**  the mock knows no plan
// The first four are patterns (see conform_matches). Empty lines and lines that begin with '#' say
// nothing.
struct allowed;

struct allowed_difference {
    unsigned line;
    char *version, *method, *path, *pointer;
    char *reason;
};

/* Reads the whole file and complains about every line that is wrong. NULL when out of memory; what
 * to do with a file that has complaints is for the caller to say. */
struct allowed *allowed_read(FILE *file, struct complaints *complaints);

/* The list that comes with the program, as a file would hold it. */
extern const char allowed_bundled[];

size_t allowed_count(const struct allowed *allowed);
const struct allowed_difference *allowed_at(const struct allowed *allowed, size_t index);
void allowed_free(struct allowed *allowed); /* NULL is allowed */

/* The first line that allows a difference at `pointer` (as in struct difference) in an answer of
 * that Flink version to that request; NULL when none does. Borrowed. */
const struct allowed_difference *allowed_find(const struct allowed *allowed, const char *version,
                                              const char *method, const char *path,
                                              const char *pointer);

#endif
