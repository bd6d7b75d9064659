#ifndef FRESHCHECK_MOCK_JOBMANAGER_SHOW_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_SHOW_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the JobManager shows; NULL when out of memory. */

struct checkpoint_stats;
struct execution_graph;
struct job;
struct job_list;
struct jobmanager;
struct task_manager_list;

struct checkpoint_stats *show_statistics(struct jobmanager *jobmanager, const struct job *job,
                                         bool lock_busy);
struct execution_graph *show_graph(struct jobmanager *jobmanager, const struct job *job,
                                   bool lock_busy);
struct job_list *show_jobs(const struct jobmanager *jobmanager);

struct slots {
    int32_t total, free;
};

extern const char task_manager_id[];
extern const char task_manager_endpoint[];
struct slots count_slots(const struct jobmanager *jobmanager);
struct task_manager_list *show_task_managers(const struct jobmanager *jobmanager); /* or NULL */

#endif
