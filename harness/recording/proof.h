#ifndef FRESHCHECK_HARNESS_RECORDING_PROOF_H
#define FRESHCHECK_HARNESS_RECORDING_PROOF_H

#include <stdbool.h>

#include "harness/judge/observation.h"

/* What an answer proves about a job: whether it was recorded or has just come. */

/* Whether it is an answer about checkpoints, and about `checkpoint` where details were asked of
 * that one. */
bool proof_is_possible(const struct observation *seen, int64_t checkpoint);

/* Returns false to end the visits. */
typedef bool proof_visit(void *context, const struct seen_checkpoint *entry);

/*
 * Visits each checkpoint that the answer shows as completed and as acknowledged: what may count as
 * complete, if it is the job's own. Savepoints aside, since `latest.completed` does not name them. None
 * where proof_is_possible() says no. False when a visit returned false.
 */
bool proof_each(const struct observation *seen, int64_t checkpoint, proof_visit *visit,
                void *context);

/* Whether it says that a trigger operation is done: then trigger_checkpoint was complete. */
bool proof_by_trigger(const struct observation *seen);

/* True when the path has an id in it and none is this job's: then the answer is about another job,
 * whatever was asked for, and proves nothing. */
bool proof_is_of_another_job(const char *path, struct id job);

#endif
