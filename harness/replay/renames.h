#ifndef FRESHCHECK_HARNESS_REPLAY_RENAMES_H
#define FRESHCHECK_HARNESS_REPLAY_RENAMES_H

#include <jansson.h>

#include "base/buffer.h"

/*
 * Servers make names up: ids of triggers and jars, paths of savepoints. What the transcript's
 * server called one thing and the target's another is replaced in later requests.
 */
struct renames {
    struct rename *items;
    size_t count, capacity;
};

/* Learns from two answers to one request; either may be NULL. False when out of memory. */
bool renames_learn(struct renames *renames, const json_t *recorded, const json_t *answered);
void renames_free(struct renames *renames);

/* Appends the text with every known name replaced. */
void renames_apply(const struct renames *renames, const char *text, struct buffer *out);

#endif
