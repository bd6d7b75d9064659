#ifndef FRESHCHECK_MOCK_JOBMANAGER_CHECKPOINTS_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_CHECKPOINTS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/shared_text.h"
#include "gateway/checkpoint_stats.h"
#include "mock_jobmanager/operations_internal.h"

/* Checkpoints from trigger to end. */

struct job;
struct job_order;
struct jobmanager;

/* A checkpoint between its trigger and its end. */
struct pending_checkpoint {
    uint64_t serial; /* names it for good: an id may come again in a later run */
    int64_t id;
    enum checkpoint_type type;
    int64_t trigger_us;
    int64_t takes_us;     /* not by_plan: trigger to end */
    int32_t acknowledged; /* this many subtasks, in the order of the vertices */
    bool by_plan;         /* it ends when the plan says so, and nothing subsumes it */
    bool unnamed;         /* by_plan: the plan gave no id */
    bool fails;           /* not by_plan: how it ends */
    bool began;           /* to complete: every subtask has acknowledged */
    bool waits_to_show;   /* complete, and HAPPENS_VISIBLE is still to come */
    bool by_client;
    struct operation_key operation; /* by_client */
    struct job_order *order;        /* a client's savepoint; counted reference, or NULL */
    bool stops;                     /* order: the job finishes after it */
    struct shared_text *path;       /* set once it began; counted reference */
};

struct checkpoint_trigger {
    int64_t id; /* 0: the next one */
    enum checkpoint_type type;
    int64_t trigger_us;
    int64_t takes_us;
    bool by_plan, fails, by_client;
    struct operation_key operation;
    struct job_order *order; /* borrowed; NULL: not of a client's savepoint */
    bool stops;
};

bool checkpoint_triggered(struct jobmanager *jobmanager, struct job *job,
                          const struct checkpoint_trigger *trigger, uint64_t *serial);
struct shared_text *path_new(struct jobmanager *jobmanager, const struct job *job,
                             const char *text);
/* Whether it stands for none: the checkpoint stays in the JobManager's memory. */
bool checkpoint_has_no_files(const struct shared_text *path);
/* The path of checkpoint `id` of a job, likewise. */
struct shared_text *checkpoint_path_new(struct jobmanager *jobmanager, const struct job *job,
                                        int64_t id);
void pending_forget_all(struct job *job);
void checkpoint_id_used(struct job *job, int64_t id);
struct pending_checkpoint *pending_by_serial(const struct job *job, uint64_t serial);
struct pending_checkpoint *pending_by_id(const struct job *job, int64_t id);
bool checkpoint_acknowledged(struct jobmanager *jobmanager, struct job *job,
                             struct pending_checkpoint *pending, int32_t acknowledged);
bool checkpoint_subtask_acknowledged(struct jobmanager *jobmanager, const struct job *job,
                                     const struct pending_checkpoint *pending, int32_t ordinal);
bool checkpoint_acknowledges(struct jobmanager *jobmanager, struct job *job, uint64_t serial);
bool checkpoint_completed(struct jobmanager *jobmanager, struct job *job,
                          struct pending_checkpoint *pending, int64_t durable_after_us);
bool checkpoint_failed(struct jobmanager *jobmanager, struct job *job,
                       struct pending_checkpoint *pending, const char *message);
bool checkpoint_fails(struct jobmanager *jobmanager, struct job *job,
                      struct pending_checkpoint *pending, const char *message);
bool checkpoint_ends(struct jobmanager *jobmanager, struct job *job, uint64_t serial);
bool checkpoint_shows(struct jobmanager *jobmanager, struct job *job, uint64_t serial);
bool checkpoints_show_now(struct jobmanager *jobmanager, struct job *job);
bool checkpoints_fail_all(struct jobmanager *jobmanager, struct job *job, const char *message);

#endif
