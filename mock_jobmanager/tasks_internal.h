#ifndef FRESHCHECK_MOCK_JOBMANAGER_TASKS_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_TASKS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/execution_graph.h"

/* What the tasks of a job do. */

struct job;
struct jobmanager;

/*
 * What the tasks of a job pass through, all together. Times to come are known in advance, so that
 * nothing has to happen for them.
 */
struct task_course {
    bool exist; /* all below but attempt_count means nothing before that */
    int32_t attempt, attempt_count;
    int64_t entered_us[EXECUTION_STATE_COUNT]; /* INT64_MAX: never */
    bool one_failed;                           /* the first; the others are cancelled for it */
    int64_t failed_us;
};

void tasks_forget(struct job *job);
void tasks_are_created(const struct jobmanager *jobmanager, struct job *job);
void tasks_are_scheduled(const struct jobmanager *jobmanager, struct job *job, bool at_once);
void tasks_are_cancelled(const struct jobmanager *jobmanager, struct job *job);
void one_task_fails(const struct jobmanager *jobmanager, struct job *job);
void tasks_end(const struct jobmanager *jobmanager, struct job *job, enum job_status end);
bool tasks_all_run(const struct jobmanager *jobmanager, const struct job *job);
int64_t tasks_changed_us(const struct jobmanager *jobmanager, const struct job *job);
void count_tasks(const struct jobmanager *jobmanager, const struct job *job,
                 int32_t counts[EXECUTION_STATE_COUNT]);
bool show_tasks(const struct jobmanager *jobmanager, const struct job *job,
                struct execution_graph *graph); /* false: out of memory */

#endif
