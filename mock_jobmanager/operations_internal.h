#ifndef FRESHCHECK_MOCK_JOBMANAGER_OPERATIONS_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_OPERATIONS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

/* What clients have asked for and ask after: triggers of checkpoints and savepoints. */

struct jobmanager;

/* What a client waits for. Checkpoints and savepoints are kept apart, stops are savepoints.
 * Source: Flink DispatcherCachedOperationsHandler, OperationKey. */
enum operation_sort { OPERATION_CHECKPOINT, OPERATION_SAVEPOINT };

struct operation_key {
    enum operation_sort sort;
    struct id job, trigger;
};

struct operation {
    struct operation_key key;
    bool done, failed;
    int64_t checkpoint;
    char *location; /* of a savepoint; owned */
    char *failure;  /* owned */
    int64_t done_us;
    struct operation *next;                     /* of its bucket */
    struct operation *done_before, *done_after; /* done: in the order in which they ended */
};

struct operations {
    struct operation **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    size_t count;
    struct operation *done_first, *done_last;
};

struct operation *operation_find(struct jobmanager *jobmanager, struct operation_key key);
bool operation_add(struct jobmanager *jobmanager, struct operation_key key);
bool operation_succeeds(struct jobmanager *jobmanager, struct operation_key key, int64_t checkpoint,
                        const char *location); /* false: out of memory */
bool operation_fails(struct jobmanager *jobmanager, struct operation_key key,
                     const char *failure); /* likewise */
void operations_forget(struct jobmanager *jobmanager, struct id job);
void operations_free(struct jobmanager *jobmanager);

#endif
