#ifndef FRESHCHECK_GATEWAY_GATEWAY_H
#define FRESHCHECK_GATEWAY_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "gateway/checkpoint_stats.h"
#include "gateway/execution_graph.h"
#include "gateway/job_order.h"
#include "gateway/task_managers.h"

/*
 * The contract between an endpoint and a JobManager: what can be asked for, and the plain data
 * that comes back. The two sides know this folder and not each other.
 * Source: Flink RestfulGateway.
 */

#define FETCH_KIND_MAP(X)                                                                  \
    X(EXECUTION_GRAPH, "execution graph")        /* requestExecutionGraphInfo          */  \
    X(CHECKPOINT_STATS, "checkpoint statistics") /* requestCheckpointStats (1.18+)   */    \
    X(JOB_LIST, "job list")                      /* requestMultipleJobDetails, overview */ \
    X(JOB_STATUS, "job status")                  /* requestJobStatus                    */ \
    X(TRIGGER_CHECKPOINT, "checkpoint trigger")  /* triggerCheckpoint                 */   \
    X(TRIGGER_STATUS, "trigger status")          /* getTriggeredCheckpointStatus        */ \
    X(CANCEL_JOB, "cancellation")                /* cancelJob                           */ \
    X(TRIGGER_SAVEPOINT, "savepoint trigger")    /* triggerSavepoint                    */ \
    X(STOP_WITH_SAVEPOINT, "stop")               /* stopWithSavepoint                   */ \
    X(SAVEPOINT_STATUS, "savepoint status")      /* getTriggeredSavepointStatus         */ \
    X(RUN_JOB, "job submission")                 /* submitJob                           */ \
    X(TASK_MANAGERS, "task managers")            /* ResourceManagerGateway.requestTaskManagerInfo */

enum fetch_kind {
#define X(name, text) FETCH_##name,
    FETCH_KIND_MAP(X)
#undef X
        FETCH_KIND_COUNT
};

const char *fetch_kind_name(enum fetch_kind kind); /* "execution graph" */
const char *const *fetch_kind_names(void);         /* FETCH_KIND_COUNT of them, by kind */

#define FETCH_OUTCOME_MAP(X)                                                                      \
    X(OK, "ok")                                                                                   \
    X(JOB_NOT_FOUND, "job not found")            /* FlinkJobNotFoundException                */   \
    X(JOB_INITIALIZING, "job is initializing")   /* UnavailableDispatcherOperationException  */   \
    X(TIMED_OUT, "timed out")                    /* TimeoutException of the call (web.timeout) */ \
    X(NO_LEADER, "no leader")                    /* leader election under way                */   \
    X(FAILED, "call failed")                     /* any other exception                      */   \
    X(UNKNOWN_OPERATION, "unknown operation")    /* no such trigger id, or evicted           */   \
    X(ALREADY_TERMINAL, "job has already ended") /* cancel after another terminal state      */   \
    X(NOT_SUBMITTED, "job was not submitted")    /* RUN_JOB: JobSubmissionException and the like */

enum fetch_outcome {
#define X(name, text) OUTCOME_##name,
    FETCH_OUTCOME_MAP(X)
#undef X
        FETCH_OUTCOME_COUNT
};

const char *fetch_outcome_name(enum fetch_outcome outcome); /* "job not found" */
const char *const *fetch_outcome_names(void); /* FETCH_OUTCOME_COUNT of them, by outcome */

struct fetch_request {
    enum fetch_kind kind;
    struct id job;     /* all kinds but JOB_LIST and TASK_MANAGERS */
    struct id trigger; /* TRIGGER_*, STOP_WITH_SAVEPOINT, *_STATUS */
    /* TRIGGER_SAVEPOINT, STOP_WITH_SAVEPOINT, RUN_JOB; else NULL. Borrowed: valid until the fetch
     * is answered; whoever needs it longer retains it. */
    struct job_order *order;
};

/*
 * What came back. Exactly one pointer is set, when outcome is OK and the kind has data; it is a
 * counted reference that belongs to the result: release with fetch_result_clear().
 */
struct fetch_result {
    enum fetch_outcome outcome;
    struct execution_graph *graph;           /* EXECUTION_GRAPH */
    struct checkpoint_stats *stats;          /* CHECKPOINT_STATS */
    struct job_list *jobs;                   /* JOB_LIST */
    struct task_manager_list *task_managers; /* TASK_MANAGERS */
    struct {
        bool done;
        bool failed;                 /* done, and no checkpoint came of it */
        int64_t checkpoint_id;       /* TRIGGER_STATUS: done and not failed */
        char *location;              /* SAVEPOINT_STATUS: done and not failed; owned */
        const char *exception_class; /* failed: static text, a full Java class name */
        char *failure;               /* failed: its message, which is most often the cause's class
                                        and message; owned; may be NULL */
    } operation;                     /* TRIGGER_STATUS, SAVEPOINT_STATUS */
    char *failure; /* NOT_SUBMITTED: what the submission failed of, as a stack trace without its
                      "at" lines ("CLASS: MESSAGE", then "Caused by: ..."); owned; may be NULL */
    enum job_status job_state; /* JOB_STATUS; ALREADY_TERMINAL: the state it had reached */
};

void fetch_result_clear(struct fetch_result *result);

#endif
