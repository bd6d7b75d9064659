#ifndef FRESHCHECK_HARNESS_TARGET_SUITE_RECORDING_H
#define FRESHCHECK_HARNESS_TARGET_SUITE_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/judge/verdict.h"
#include "harness/scenario/plan.h"
#include "harness/target/discovery.h"
#include "harness/target/target_run.h"

/* What the clients of one scenario asked a cluster and got, as a recording, and its verdict. */
struct suite_recording;

/* In `folder` as NAME.jsonl; NULL: in a file that goes with it. Borrows `target`. NULL: *why (static
 * text, or of errno). */
struct suite_recording *suite_recording_new(const char *folder, const char *name,
                                            const struct discovered *target, const char **why);
void suite_recording_free(struct suite_recording *recording); /* NULL is allowed */

/* For a listener of target_run(): false when the file cannot be written, see _failure(). */
bool suite_recording_begin(struct suite_recording *recording, int64_t epoch_us);
bool suite_recording_add(struct suite_recording *recording, const struct target_exchange *exchange);

uint64_t suite_recording_count(const struct suite_recording *recording);
bool suite_recording_lacks_answers(const struct suite_recording *recording);
const char *suite_recording_failure(const struct suite_recording *recording);

/* Judges it by the scenario's claim, with the margin that the recording asks for. Nothing can be
 * added afterwards. NULL, or why there is no judgement. */
const char *suite_recording_judge(struct suite_recording *recording, const struct claim *claim,
                                  struct judgement *judgement);

#endif
