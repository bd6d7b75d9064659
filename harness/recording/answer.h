#ifndef FRESHCHECK_HARNESS_RECORDING_ANSWER_H
#define FRESHCHECK_HARNESS_RECORDING_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/judge/history.h"
#include "harness/judge/observation.h"

struct json_tree;

/* Which path of the API a target is, and the job and checkpoint in it. Works with and without
 * /v1 and query strings. method: "GET", "POST"... The job is all zeros and the checkpoint -1 where
 * the target names none. */
enum exchange_path answer_path(const char *method, const char *target, size_t length,
                               struct id *job, int64_t *checkpoint);

/* What answer_read() returns when memory ran out: this very pointer. */
extern const char answer_no_memory[];

/*
 * Reads off an answer what it says, from its bytes. Returns NULL, or one sentence
 * (static text) when the bytes are no such answer; the observation is then OBSERVED_OTHER (or
 * OBSERVED_ERROR for status >= 400). Needs observation_clear() in both cases.
 *
 * Members that are not known are ignored; those that are must be of their type. An answer about
 * one task of a checkpoint (PATH_DETAILS with /subtasks/) is OBSERVED_OTHER: a finished task says
 * nothing about the checkpoint.
 */
const char *answer_read(enum exchange_path path, int status, const char *body, size_t length,
                        struct observation *seen);

/* Whether anything is read off the bytes of such an answer: else it is OBSERVED_OTHER, whatever
 * they are. */
bool answer_is_read(enum exchange_path path, int status);

/* The same with a tree that is used again: spares memory to come and go for each answer. */
const char *answer_read_by(struct json_tree *tree, enum exchange_path path, int status,
                           const char *body, size_t length, struct observation *seen);

#endif
