#ifndef FRESHCHECK_MOCK_JOBMANAGER_JOURNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "gateway/gateway.h"

/* Ground truth: what the mock really did, and when. One line each, in order of time. */

#define JOURNAL_MAP(X)                                                                          \
    X(BEGAN, "began to complete") /* last acknowledgement in: its completion begins      */     \
    X(DURABLE, "became durable")  /* in the store of completed checkpoints               */     \
    X(VISIBLE, "completed")       /* statistics show it as completed                     */     \
    X(ANNOUNCED, "was announced") /* its trigger operation says COMPLETED                */     \
    X(FAILED, "failed")                                                                         \
    X(DISCARDED, "was discarded") /* its path is dead from here on                       */     \
    X(RESTORED, "was restored")   /* this job run started from it                        */     \
    X(RESTORE_FAILED, "could not be restored") /* its files were gone                      */   \
    X(RUN_BEGAN, "began a new run")  /* `run` is new: a first start, or a new JobMaster     */  \
    X(STATE, "changed state")        /* `state`                                             */  \
    X(CALL_SENT, "was asked")        /* the endpoint's fetch left                           */  \
    X(CALL_TAKEN, "took a snapshot") /* the JobManager handled it: `version` is what it gave */ \
    X(CALL_ENDED, "answered")        /* the answer reached the endpoint: `outcome`          */

enum journal_kind {
#define X(name, text) JOURNAL_##name,
    JOURNAL_MAP(X)
#undef X
        JOURNAL_KIND_COUNT
};

struct journal_entry {
    enum journal_kind kind;
    int64_t at_us;
    size_t job; /* index into the plan's jobs, or of a job that a client started (beyond them, and
                   never given twice); SIZE_MAX for calls about no known job */
    struct id job_id;
    uint64_t run;
    int64_t checkpoint;
    bool is_savepoint;
    int64_t trigger_ms;
    /* BEGAN, VISIBLE, RESTORED...: valid as long as the JobManager for jobs of the plan (unless it
     * forgets_paths), until the next entry is taken for others. */
    const char *path;
    enum job_status state;      /* STATE */
    uint64_t fetch;             /* CALL_* */
    enum fetch_kind call;       /* CALL_* */
    enum fetch_outcome outcome; /* CALL_ENDED */
    uint64_t version; /* CALL_TAKEN and CALL_ENDED, graph and statistics: of the snapshot */
};

#endif
