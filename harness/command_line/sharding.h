#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_SHARDING_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_SHARDING_H

#include <stdbool.h>

#include "harness/command_line/results.h"
#include "harness/parts/part.h"

/* The option --shard I/N of commands whose work can be split over machines. */

#define SHARD_OPTION(text)                                                                      \
    {                                                                                           \
        "shard", "I/N", "do the I-th of N parts, and print it as JSON for merge", NULL, (text), \
            NULL                                                                                \
    }

/*
 * Reads it. NULL: part 1 of 1. A part of a report is printed as JSON, so another format is refused.
 * False after one sentence on stderr.
 */
bool sharding_read(const char *text, const struct output_options *output, struct shard *shard);

/*
 * Adds the content of implementations that are files, shared objects of the caller's: parts of
 * different builds do not belong together. False after one sentence on stderr.
 */
bool sharding_fingerprint(const char *const *implementations, size_t count, uint64_t *fingerprint);

/* The part as JSON. False, after one sentence on stderr, when out of memory. */
bool sharding_write(const struct part *part, struct buffer *json);

#endif
