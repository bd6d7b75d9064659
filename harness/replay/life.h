#ifndef FRESHCHECK_HARNESS_REPLAY_LIFE_H
#define FRESHCHECK_HARNESS_REPLAY_LIFE_H

#include <stddef.h>
#include <stdint.h>

#include "harness/replay/transcript.h"
#include "harness/scenario/plan.h"

/*
 * What happened to the jobs of a transcript, read off its answers: facts about the origin and never
 * how they are shown. Which fact is taken from where is in docs/conform.md. Given as a plan, so
 * that a mock JobManager lives the same life; what clients asked for is not in it, because the
 * transcript's requests ask the mock for it.
 */
struct life;

/* The transcript outlives it. NULL: out of memory. */
struct life *life_read(const struct transcript *transcript);
void life_free(struct life *life); /* NULL is allowed */

const struct plan *life_plan(const struct life *life);
int64_t life_epoch_us(const struct life *life); /* the wall clock when the conversation began */

/* When an exchange reached the cluster: within sent_us and done_us, never before an earlier one. */
int64_t life_asked_us(const struct life *life, size_t exchange);

#endif
