#ifndef FRESHCHECK_HARNESS_PARTS_JOIN_H
#define FRESHCHECK_HARNESS_PARTS_JOIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "harness/parts/part.h"
#include "reports/report.h"

/*
 * The parts of one whole, in whatever order they come, put together again. Each function that can
 * refuse returns false after one sentence in *complaint, which names the file; when memory ran out
 * the complaint is empty or has failed.
 */
struct parts;

struct parts *parts_new(void);        /* NULL: out of memory */
void parts_free(struct parts *parts); /* NULL is allowed */

/* Adds the content of a file. The name is borrowed. */
bool parts_add(struct parts *parts, const char *name, const char *bytes, size_t length,
               struct buffer *complaint);

/*
 * Whether they are all parts of one whole, each once and none missing, and written by this version
 * of the program. Before this nothing else is asked.
 */
bool parts_are_whole(struct parts *parts, const char *version, struct buffer *complaint);

/* What they are parts of; of `shard` only the count means anything. Lives as long as the parts. */
const struct part *parts_part(const struct parts *parts);

/* Of a run: the results of all, in the order of the whole. They live as long as the parts. */
bool parts_join_run(struct parts *parts, const struct report_result **results, size_t *count,
                    struct buffer *complaint);

/* Of an exploration: each part, from 0, with its JSON of what the seeds came to. */
struct exploration_part {
    const char *name; /* of the file */
    const struct buffer *exploration;
    uint64_t seed_count; /* as many as it was to have */
};
size_t parts_count(const struct parts *parts);
bool parts_exploration(const struct parts *parts, size_t index, struct exploration_part *part,
                       struct buffer *complaint);

#endif
