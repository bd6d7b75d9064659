#ifndef FRESHCHECK_MOCK_JOBMANAGER_FINISHED_STORE_H
#define FRESHCHECK_MOCK_JOBMANAGER_FINISHED_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "gateway/execution_graph.h"

/*
 * The execution graphs of jobs that have ended, one per job id: the last one put in. What is in
 * here changes no more. Source: Flink ExecutionGraphInfoStore.
 */
struct finished_store {
    struct execution_graph **graphs; /* by rising job id; counted references */
    size_t count, capacity;
};

void finished_store_free(struct finished_store *store);

/* Keeps a reference of its own. False when out of memory: the store is then unchanged. */
bool finished_store_put(struct finished_store *store, struct execution_graph *graph);

/* Borrowed; NULL when no job with this id has ended. */
struct execution_graph *finished_store_find(const struct finished_store *store, struct id job);

/* Forgets the graph of this job when there is one. */
void finished_store_remove(struct finished_store *store, struct id job);

#endif
