#ifndef FRESHCHECK_HARNESS_EXPLORE_EXPLORATION_H
#define FRESHCHECK_HARNESS_EXPLORE_EXPLORATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_writer.h"
#include "harness/explore/tally.h"

/*
 * What came of running many seeds on one implementation: counts, and of each kind of failure the
 * one with the smallest seed. Explorations of different seeds are joined into that of all of them,
 * in any order and by any number of steps, with the same result: so a process that takes some of
 * the seeds and a machine that takes some of the seeds are the same thing.
 *
 * Which seeds they were, and on which implementation, is for the caller to know.
 */

/* The first failure of a kind: of a property, laid at the door of a layer. */
struct exploration_failure {
    bool found; /* the rest means something */
    uint64_t seed;
    /* The smallest sequence of choices that still shows it; owned. NULL: not made smaller so far,
     * what shows it is what is drawn from the seed. */
    uint64_t *choices;
    size_t choice_count;
};

/* Starts as {0}. */
struct exploration {
    struct tally tally;
    struct exploration_failure failures[PROPERTY_COUNT][LAYER_COUNT];
};

void exploration_free(struct exploration *exploration); /* leaves it empty */

/* Adds one run: struct tally, and what is the first of its kind. */
void exploration_add(struct exploration *exploration, const struct plan *plan,
                     const struct run_result *result, uint64_t seed);

/* Adds what came of other seeds, or failures that were made smaller, and leaves `other` empty. */
void exploration_join(struct exploration *into, struct exploration *other);

/* Forgets all failures but those of the smallest seed that has any. */
void exploration_keep_first(struct exploration *exploration);

/* One JSON object. Its shape is in docs/report-json.md. */
void exploration_write(const struct exploration *exploration, struct json_writer *json);

enum { EXPLORATION_COMPLAINT_MAX = 160 };

/*
 * Reads what exploration_write() wrote into an empty exploration; written again, it gives the same
 * bytes. On failure it stays empty, and `complaint` says what is wrong and where in the object:
 * "failures[2].layer: there is no layer 'attic'".
 */
bool exploration_read(const char *bytes, size_t length, struct exploration *exploration,
                      char complaint[EXPLORATION_COMPLAINT_MAX]);

#endif
