#ifndef FRESHCHECK_HARNESS_REPLAY_SAME_LIFE_H
#define FRESHCHECK_HARNESS_REPLAY_SAME_LIFE_H

#include <jansson.h>

#include "harness/conform/conform.h"

/*
 * A mock that lives the recorded life counts and numbers its checkpoints as the cluster did: what
 * answers of different clusters need not have in common, and these must. Appends to *out; either
 * body may be NULL. False when out of memory.
 */
bool compare_same_life(const json_t *recorded, const json_t *answered, struct differences *out);

#endif
