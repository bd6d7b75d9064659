#ifndef FRESHCHECK_MOCK_JOBMANAGER_STORED_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_STORED_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/shared_text.h"

/* Checkpoints with files. */

struct job;
struct jobmanager;
struct pending_checkpoint;

/* A checkpoint whose files exist. */
struct stored_checkpoint {
    uint64_t serial; /* of the pending one it was */
    int64_t id;
    uint64_t run;
    bool is_savepoint;
    bool durable;     /* recovery would find it */
    bool recoverable; /* it is in the store that the job would recover from now */
    int64_t trigger_ms;
    struct shared_text *path; /* counted reference */
};

bool stored_add(struct jobmanager *jobmanager, struct job *job,
                const struct pending_checkpoint *pending);
bool stored_becomes_durable(struct jobmanager *jobmanager, struct job *job, uint64_t serial);
bool stored_has(const struct job *job, uint64_t serial);
bool stored_discard_id(struct jobmanager *jobmanager, struct job *job, int64_t id);
bool stored_discard_retained(struct jobmanager *jobmanager, struct job *job);
bool stored_discard_volatile(struct jobmanager *jobmanager, struct job *job);
bool stored_makes_room(struct jobmanager *jobmanager, struct job *job); /* for one more */
void stored_forget(struct job *job, bool only_volatile);
void stored_leave_all(struct jobmanager *jobmanager, struct job *job);
const struct stored_checkpoint *stored_latest(const struct job *job); /* or NULL */
const struct stored_checkpoint *stored_by_id(const struct job *job, int64_t id);

#endif
