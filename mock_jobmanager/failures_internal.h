#ifndef FRESHCHECK_MOCK_JOBMANAGER_FAILURES_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_FAILURES_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/execution_graph.h"

/* Why jobs failed or restarted. */

struct job;
struct jobmanager;

enum { FAILURES_MAX = 16 }; /* Source: Flink web.exception-history-size. */

/* Why a job failed or restarted. */
struct job_failure {
    char *exception_class, *message; /* owned; message may be NULL */
    int64_t at_us;
    bool is_of_task;
    int32_t attempt; /* is_of_task */
};

/* Why something fails; NULL: the mock's choice. */
struct job_cause {
    const char *exception_class, *message;
};

bool job_fails_of(struct jobmanager *jobmanager, struct job *job,
                  const struct job_cause *cause); /* of a task; NULL: of nothing */
bool job_failure_add(struct jobmanager *jobmanager, struct job *job, const char *exception_class,
                     const char *message, bool is_of_task);
void job_failures_forget(struct job *job);
bool show_failures(const struct jobmanager *jobmanager, const struct job *job,
                   struct execution_graph *graph); /* false: out of memory */

#endif
