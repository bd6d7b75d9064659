#ifndef FRESHCHECK_GATEWAY_EXECUTION_GRAPH_H
#define FRESHCHECK_GATEWAY_EXECUTION_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "gateway/checkpoint_stats.h"

/* Names and order: Flink JobStatus. */
#define JOB_STATUS_MAP(X) \
    X(INITIALIZING)       \
    X(CREATED)            \
    X(RUNNING)            \
    X(FAILING)            \
    X(FAILED)             \
    X(CANCELLING)         \
    X(CANCELED)           \
    X(FINISHED)           \
    X(RESTARTING)         \
    X(SUSPENDED)          \
    X(RECONCILING)

enum job_status {
#define X(name) JOB_##name,
    JOB_STATUS_MAP(X)
#undef X
        JOB_STATUS_COUNT
};

/* Names and order: Flink ExecutionState. */
#define EXECUTION_STATE_MAP(X) \
    X(CREATED)                 \
    X(SCHEDULED)               \
    X(DEPLOYING)               \
    X(RUNNING)                 \
    X(FINISHED)                \
    X(CANCELING)               \
    X(CANCELED)                \
    X(FAILED)                  \
    X(RECONCILING)             \
    X(INITIALIZING)

enum execution_state {
#define X(name) EXECUTION_##name,
    EXECUTION_STATE_MAP(X)
#undef X
        EXECUTION_STATE_COUNT
};

const char *job_status_name(enum job_status status);          /* "RUNNING" */
const char *execution_state_name(enum execution_state state); /* "RUNNING" */
bool job_status_is_terminal(enum job_status status);          /* FAILED, CANCELED, FINISHED */

/* Source: Flink CheckpointCoordinatorConfiguration, CheckpointConfigInfo. */
struct checkpoint_config {
    int64_t interval_ms; /* INT64_MAX: no periodic checkpoints */
    int64_t timeout_ms, min_pause_ms;
    int32_t max_concurrent;
    bool exactly_once, externalized, delete_on_cancellation, unaligned;
    int32_t tolerable_failed;
    int64_t aligned_timeout_ms;
    bool checkpoints_after_tasks_finish, changelog_enabled;
    int64_t changelog_interval_ms;
    const char *state_backend, *checkpoint_storage, *changelog_storage; /* static text or NULL */
};

/* The current attempt of one subtask. Source: Flink AccessExecution. */
struct graph_subtask {
    enum execution_state state;
    int32_t attempt;
    int64_t state_ms[EXECUTION_STATE_COUNT]; /* epoch of entering each state; 0 when never */
};

/* Source: Flink IOMetricsInfo. Times add up over the subtasks. */
struct vertex_metrics {
    bool complete;
    int64_t read_bytes, write_bytes, read_records, write_records;
    int64_t backpressured_ms, idle_ms;
    double busy_ms; /* NaN: not known */
};

struct graph_vertex {
    struct id id;
    const char *name; /* borrowed from the graph's owner for the graph's life */
    int32_t parallelism, max_parallelism;
    enum execution_state state; /* of the vertex as a whole */
    /* Epoch; -1 when not yet. The start may lie after the snapshot, and is not shown before it has
     * come: Flink's snapshots share the times of their tasks (ArchivedExecution), so one that is
     * shown again from a cache says when tasks were deployed since, while their states stay. */
    int64_t start_ms, end_ms;
    struct graph_subtask *subtasks; /* the graph's; `parallelism` of them; NULL: as `state` says */
    struct vertex_metrics metrics;
};

/* Why a job failed or restarted, once. Source: Flink RootExceptionHistoryEntry. */
struct graph_failure {
    char *exception_class; /* owned; "java.lang.RuntimeException" */
    char *message;         /* owned; may be NULL */
    int64_t at_ms;         /* epoch */
    char *task_name;       /* owned; NULL: not of one task. "map (1/2) - execution #0" */
    char *endpoint;        /* owned; NULL with task_name. "localhost:41665" */
    char *task_manager_id; /* owned; NULL with task_name. "127.0.0.1:36723-464ffa" */
};

/*
 * A job as the JobManager archives it on request: the costly answer that FLINK-32469 stops
 * building for a few numbers. Shared by counting references.
 * Source: Flink ArchivedExecutionGraph.
 */
struct execution_graph {
    uint32_t references;
    struct id job;
    uint64_t run;
    const char *name; /* in one block with the graph */
    int64_t taken_us; /* on the origin's clock */
    int64_t taken_ms; /* the same instant as epoch milliseconds */
    enum job_status state;
    int64_t state_ms[JOB_STATUS_COUNT]; /* epoch of entering each state; 0 when never */
    int64_t start_ms, end_ms;           /* end -1 while running */
    struct graph_vertex *vertices;      /* in one block with the graph */
    size_t vertex_count;
    struct graph_subtask *subtasks; /* owned; those of one vertex after the other; may be NULL */
    bool has_plan;                  /* false: it never came so far as to have one ("plan":{}) */
    struct id slot_sharing_group;
    /* Where all its tasks run, as in graph_failure; static text, NULL: nowhere. */
    const char *task_manager_id, *task_manager_endpoint;
    struct graph_failure *failures; /* owned; newest first */
    size_t failure_count;
    bool checkpointing; /* false: no checkpoint settings */
    struct checkpoint_config config;
    struct checkpoint_stats *stats; /* counted reference; never NULL once complete */
};

/* Has a plan when it has vertices. NULL: out of memory. */
struct execution_graph *execution_graph_new(struct id job, const char *name, size_t vertex_count);

/* Room for this many failures, all zero, where there was none; false when out of memory. */
bool execution_graph_make_failures(struct execution_graph *graph, size_t count);

/* Room for the subtasks of all vertices, whose parallelism is known, all zero, where there was none;
 * false when out of memory. */
bool execution_graph_make_subtasks(struct execution_graph *graph);
struct execution_graph *execution_graph_retain(struct execution_graph *graph);
void execution_graph_release(struct execution_graph *graph); /* NULL is allowed */

/* One line of /jobs and /jobs/overview. */
struct job_line {
    struct id job;
    const char *name; /* see job_list_name() */
    enum job_status state;
    int64_t start_ms, end_ms, last_modification_ms;
    int32_t tasks[EXECUTION_STATE_COUNT];
    int32_t task_count;
};

struct job_list {
    uint32_t references;
    struct job_line *lines; /* in one block with the list and its names; oldest start first */
    size_t count;
    char *name_room; /* for names that are still to come */
    size_t name_room_bytes;
    int64_t taken_ms; /* epoch */
    int32_t taskmanagers, slots_total, slots_available;
};

/* `name_bytes`: of all names, each with its end. NULL: out of memory. */
struct job_list *job_list_new(size_t count, size_t name_bytes);
/* A copy of the name in the list's room for names. */
const char *job_list_name(struct job_list *list, const char *name);
struct job_list *job_list_retain(struct job_list *list);
void job_list_release(struct job_list *list); /* NULL is allowed */

#endif
