#ifndef FRESHCHECK_MOCK_JOBMANAGER_JOB_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_JOB_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "mock_jobmanager/failures_internal.h"
#include "mock_jobmanager/stops_internal.h"
#include "mock_jobmanager/stored_internal.h"
#include "mock_jobmanager/submissions_internal.h"
#include "mock_jobmanager/tasks_internal.h"
#include "mock_jobmanager/timeline.h"
#include "mock_jobmanager/tracker.h"

/* A job, and its lives. */

struct jobmanager;
struct pending_checkpoint;

struct job {
    const struct job_plan *plan;
    struct submission *submission; /* owned; NULL: of the JobManager's plan */
    size_t index;                  /* never given to another job */
    char *directory;               /* owned */
    struct job_vertex only_vertex; /* for plans that name none */
    const struct job_vertex *vertices;
    size_t vertex_count;
    struct task_layout *layout; /* owned; vertex_count of them */
    int32_t subtask_count;

    struct job_failure failures[FAILURES_MAX]; /* of this run; newest last */
    size_t failure_count;

    bool known; /* all below means nothing before that */
    enum job_status state;
    enum job_status end; /* what CANCELLING or FAILING leads to */
    bool is_sparse;      /* it never came so far as to have vertices */
    bool is_restored;    /* what it starts from was restored before it came up */
    struct task_course tasks;
    uint64_t run;
    int64_t start_us, end_us, changed_us;
    bool entered[JOB_STATUS_COUNT];
    int64_t entered_us[JOB_STATUS_COUNT];
    struct tracker *tracker; /* NULL once the job has ended, and without checkpoint settings */
    int64_t next_id;

    struct pending_checkpoint *pending; /* in the order of their triggers */
    size_t pending_count, pending_capacity;
    struct stored_checkpoint *stored; /* in the order in which they were stored */
    size_t stored_count, stored_capacity;
    struct job_stop stop;
    bool has_origin; /* it started from `origin`, which is not its own to discard */
    struct stored_checkpoint origin;

    struct random random;
    uint64_t beat_serial;
    int64_t beat_us; /* the next beat before jitter */
    uint64_t recovery_serial;
};

/* jobs.c: which jobs there are */
struct job *job_at(const struct jobmanager *jobmanager, size_t index);   /* NULL: it is gone */
struct job *job_find(const struct jobmanager *jobmanager, struct id id); /* NULL: not known */
struct job *jobs_add(struct jobmanager *jobmanager, const struct job_plan *plan);
void jobs_remove(struct jobmanager *jobmanager, struct job *job); /* not one of the plan */
void jobs_free(struct jobmanager *jobmanager);

/* job.c: lives of a job */
struct job *job_new(struct jobmanager *jobmanager, size_t index, const struct job_plan *plan);
void job_free(struct jobmanager *jobmanager, struct job *job);
bool job_has_ended(const struct job *job);
bool job_is_absent(const struct job *job);         /* or has ended */
bool job_takes_checkpoints(const struct job *job); /* running, with checkpoint settings */
int64_t job_first_id(const struct job *job);
bool job_enters(struct jobmanager *jobmanager, struct job *job, enum job_status state);
/* A run that has nothing to do with the one before it; its first checkpoint gets this id. */
bool job_begins_afresh(struct jobmanager *jobmanager, struct job *job, int64_t id);
bool job_comes_up(struct jobmanager *jobmanager, struct job *job); /* a run that has begun */
bool job_exists(struct jobmanager *jobmanager, struct job *job);   /* it has been running before */
bool job_initializes(struct jobmanager *jobmanager, struct job *job);
bool job_runs(struct jobmanager *jobmanager, struct job *job);
bool job_restarts(struct jobmanager *jobmanager, struct job *job, int64_t takes_us,
                  const struct job_cause *cause); /* NULL: nothing failed */
bool job_starts_over(struct jobmanager *jobmanager, struct job *job, int64_t takes_us);
bool job_fails_over(struct jobmanager *jobmanager, struct job *job, int64_t takes_us);
bool job_recovers(struct jobmanager *jobmanager, struct job *job);
bool job_restores(struct jobmanager *jobmanager, struct job *job,
                  const struct stored_checkpoint *from); /* which becomes its origin */

/* job_starts.c: as a client wants it, from a path, or from nothing when it is NULL or "" */
bool job_starts(struct jobmanager *jobmanager, struct job *job, const char *path);

/* job_ends.c */
bool job_leaves(struct jobmanager *jobmanager, struct job *job, enum job_status end);
bool job_ends(struct jobmanager *jobmanager, struct job *job, enum job_status state); /* now */
bool job_enters_end(struct jobmanager *jobmanager, struct job *job, enum job_status state);
bool job_is_forgotten(struct jobmanager *jobmanager, struct job *job);
bool jobs_are_trimmed(struct jobmanager *jobmanager);

#endif
