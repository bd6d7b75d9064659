#ifndef FRESHCHECK_MOCK_JOBMANAGER_STOPS_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_STOPS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/shared_text.h"
#include "mock_jobmanager/operations_internal.h"

/* A job that ends with a savepoint. */

struct job;
struct jobmanager;
struct pending_checkpoint;

/* A job that runs to its end after the savepoint that stops it. */
struct job_stop {
    bool under_way;
    struct operation_key operation;
    int64_t checkpoint, trigger_us;
    struct shared_text *path; /* counted reference */
};

bool job_stop_begins(struct jobmanager *jobmanager, struct job *job);
bool job_stop_has_savepoint(struct jobmanager *jobmanager, struct job *job,
                            const struct pending_checkpoint *completed);
bool job_stop_ends(struct jobmanager *jobmanager, struct job *job);
bool job_stop_fails(struct jobmanager *jobmanager, struct job *job);
void job_stop_forget(struct job *job);

#endif
