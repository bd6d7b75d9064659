#ifndef FRESHCHECK_MOCK_JOBMANAGER_SUBMISSIONS_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_SUBMISSIONS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/gateway.h"
#include "mock_jobmanager/timeline.h"

/* Jobs that clients start, and what their programs are told. */

struct call;
struct jobmanager;

/* The plan of a job that a client started, and what it points to. */
struct submission {
    struct job_plan plan;
    char *name;                  /* owned */
    struct job_vertex *vertices; /* owned */
};

void submission_free(struct submission *submission); /* NULL is allowed */
bool take_run(struct jobmanager *jobmanager, const struct call *call, struct fetch_result *result);

/* -1 and NULL where it is not told. `name` is the order's. */
struct program_arguments {
    const char *name;
    int64_t interval_ms, snapshot_ms, state_bytes, finish_after_ms, restart_after_ms, parallelism;
};
void program_arguments_read(const struct job_order *order, struct program_arguments *arguments);

#endif
