#ifndef FRESHCHECK_MOCK_JOBMANAGER_TIMELINE_H
#define FRESHCHECK_MOCK_JOBMANAGER_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "gateway/checkpoint_stats.h"
#include "gateway/gateway.h"

/*
 * What is to happen to the jobs of a mock JobManager, as data: the mock's input, from a scenario
 * or from a seeded generator. Times are microseconds since the start of the run. Pointers are
 * borrowed; the plan outlives the JobManager.
 */

#define JOB_EVENT_MAP(X)                                                                           \
    X(INITIALIZES)  /* the job is known, its JobMaster is not ready                          */    \
    X(RUNS)         /* running from here on; an unknown job is created                       */    \
    X(TRIGGERS)     /* a checkpoint becomes pending                                          */    \
    X(ACKNOWLEDGES) /* one more subtask reports                                              */    \
    X(COMPLETES)    /* triggered first (`takes_us` before) when it is not pending            */    \
    X(FAILS_CHECKPOINT) /* likewise                                                             */ \
    X(FAILS_TO_TRIGGER) /* counts.failed without an entry                                       */ \
    X(DISCARDS)    /* a completed checkpoint's files go                                     */     \
    X(RESTARTS)    /* task failover: RESTARTING, then restored from the latest and RUNNING  */     \
    X(RESCALES)    /* the same tracker goes on                                              */     \
    X(STARTS_OVER) /* same job id, new run, nothing restored: ids begin at 1 again          */     \
    X(FAILS_OVER)  /* JobManager lost: new run, empty statistics, latest restored           */     \
    X(RESTORES)    /* reports a restore of `checkpoint` from `path`                         */     \
    X(FINISHES)                                                                                    \
    X(FAILS)                                                                                       \
    X(IS_CANCELLED)

enum job_event_kind {
#define X(name) JOB_EVENT_##name,
    JOB_EVENT_MAP(X)
#undef X
        JOB_EVENT_COUNT
};

struct job_event {
    int64_t at_us;
    size_t job; /* index into the plan's jobs */
    enum job_event_kind kind;
    int64_t checkpoint;        /* id; 0 for COMPLETES, TRIGGERS, FAILS_CHECKPOINT: the next one */
    enum checkpoint_type type; /* TRIGGERS, COMPLETES, FAILS_CHECKPOINT */
    int64_t takes_us;         /* COMPLETES, FAILS_CHECKPOINT: trigger to end; RESTARTS: down time */
    int64_t durable_after_us; /* COMPLETES: visible this long before it is durable; else 0 */
    int32_t subtask;          /* ACKNOWLEDGES: which one, from 1, counted through the vertices in
                                 order; 0: the next that has not */
    const char *path;         /* RESTORES; NULL: the latest completed one's */
    const char *message;      /* FAILS_CHECKPOINT: failure_message. RESTARTS, FAILS: of the cause */
    const char *exception_class; /* RESTARTS, FAILS: of the cause; NULL: the mock's choice */
};

/* Events that a job makes by itself while it runs. All zero: none. Drawn from the seed. */
struct job_rhythm {
    int64_t first_us;    /* first trigger, after the job runs */
    int64_t interval_us; /* 0: no periodic checkpoints */
    int64_t jitter_us;   /* each trigger is later by 0 to this */
    int64_t takes_us;    /* trigger to completion */
    int64_t takes_jitter_us;
    int32_t concurrent_max;          /* 0 means 1 */
    uint32_t checkpoint_failure_ppm; /* chance, per trigger */
    uint32_t trigger_failure_ppm;    /* fails before anything is pending */
    uint32_t savepoint_ppm;          /* the trigger is a savepoint, which takes ten times as long */
    uint32_t restart_ppm;            /* a task failover follows this trigger */
    uint32_t rescale_ppm;
    uint32_t failover_ppm; /* the JobManager is lost after this trigger */
    int64_t ends_us;       /* then no more triggers; INT64_MAX: never */
};

struct job_vertex {
    struct id id;
    const char *name;
    int32_t parallelism;
};

/*
 * How long a job stays in what it passes through, once it is started by a request or a restart.
 * All zero: it passes through in no time. Source: Flink JobStatus, ExecutionState.
 */
struct job_pace {
    int64_t initializing_us, created_us; /* of the job, until it is RUNNING */
    int64_t scheduled_us; /* then of its tasks; not after a restart, which keeps its slots */
    int64_t deploying_us, task_initializing_us;
    int64_t restarting_us; /* a restart that says nothing else */
    int64_t cancelling_us, failing_us;
    int64_t finishing_us; /* from the savepoint of a stop to FINISHED */
};

struct job_plan {
    struct id id;
    const char *name;            /* "J" */
    const char *directory;       /* of its checkpoints: "file:/flink/checkpoints/<id>" when NULL;
                                    "": they stay in the JobManager's memory, see checkpoints.c */
    bool exists_at_start;        /* RUNNING at time 0; else it appears with INITIALIZES or RUNS */
    bool checkpointing;          /* false: "Checkpointing has not been enabled." */
    int64_t state_size;          /* bytes of each checkpoint */
    int64_t first_checkpoint_id; /* 1 unless said otherwise */
    const struct job_vertex *vertices;
    size_t vertex_count;
    struct job_rhythm rhythm;
    struct job_pace pace;
};

/* Something wrong with the world between two instants (from included, until excluded). */
enum fault_kind {
    FAULT_DELAY,     /* answers to `fetch` take `delay_us` longer, after the snapshot was taken */
    FAULT_SLOW_CALL, /* calls of `fetch` take `delay_us` longer to arrive: before the snapshot */
    FAULT_OUTCOME,   /* `fetch` ends with `outcome` */
    FAULT_SILENCE,   /* `fetch` is never answered (until the call timeout ends it: TIMED_OUT) */
    FAULT_LOCK_BUSY, /* the tracker's lock is taken: the previous snapshot is handed out */
    FAULT_WALL_CLOCK /* from `from_us` on the wall clock is off by `delay_us` more (may be < 0) */
};

struct fault {
    enum fault_kind kind;
    int64_t from_us, until_us; /* INT64_MAX: for good */
    bool any_fetch;
    enum fetch_kind fetch; /* when not any_fetch */
    bool any_job;
    size_t job; /* when not any_job */
    int64_t delay_us;
    enum fetch_outcome outcome;
};

#endif
