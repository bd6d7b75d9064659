#ifndef FRESHCHECK_MOCK_JOBMANAGER_JOBMANAGER_H
#define FRESHCHECK_MOCK_JOBMANAGER_JOBMANAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/gateway.h"
#include "mock_jobmanager/journal.h"
#include "mock_jobmanager/timeline.h"

/*
 * A JobManager that behaves like the real one, in whatever time it is given: jobs, their trackers,
 * the store of finished jobs, and the gateway with its latency and faults.
 *
 * Feed and drain: feed calls, advance the time, drain deliveries and journal. It never blocks and
 * never calls back. Reproducible: the same plan, seed and calls give the same everything.
 */
struct jobmanager;

/* In what versions of the origin differ (source: reference 4.1b, 4.4, 4.7, 7), and what others were
 * seen to do. All zero: nothing is wrong. */
struct origin_quirks {
    bool forgets_ended_jobs; /* 1.18.0: no statistics for finished, failed, cancelled jobs */
    bool announces_before_statistics;  /* up to 2.1: trigger status says COMPLETED first */
    bool late_savepoint_is_checkpoint; /* all Flink versions, see tracker.h */

    int64_t shown_before_durable_us;    /* FLINK-25958: a job that fails over meanwhile loses it */
    int64_t ended_jobs_found_after_us;  /* FLINK-38241: nobody knows them until they are archived */
    bool restart_wipes_statistics;      /* FLINK-24749: adaptive scheduler, also at a rescale */
    bool failover_keeps_statistics;     /* those of the run before are shown on */
    bool lock_busy_while_checkpointing; /* reference 4.5: the last snapshot is handed out again */
    bool failed_triggers_count_halfway; /* FLINK-26049: as failed, and not in total */
    bool discards_are_not_marked;       /* a discarded checkpoint is shown as it was */
    bool trigger_discards;              /* the oldest goes before the next one is there */
    bool savepoint_discards;            /* FLINK-21351: a savepoint takes a checkpoint's place */
};

struct jobmanager_config {
    const struct job_plan *jobs; /* borrowed */
    size_t job_count;
    const struct job_event *events; /* borrowed; any order, ties run in the order given */
    size_t event_count;
    const struct fault *faults; /* borrowed */
    size_t fault_count;
    int64_t call_out_us;     /* endpoint to JobManager; the snapshot is taken on arrival */
    int64_t call_back_us;    /* JobManager to endpoint */
    int64_t call_timeout_us; /* web.timeout */
    int64_t announce_gap_us; /* between trigger status and statistics, see origin_quirks */
    size_t history_count_max;
    int64_t retained_count; /* completed checkpoints kept; older ones are discarded */
    /* What is retained is discarded with a job that was cancelled, or failed; with one that
     * finished it always is. */
    bool cancelled_lose_checkpoints, failed_lose_checkpoints;
    int64_t epoch_us; /* wall clock at time 0 */
    uint64_t seed;
    struct origin_quirks quirks;
    uint64_t *ticket; /* borrowed; see jobmanager_due() */

    /* Jobs that clients start with RUN_JOB under an id that the plan does not name: each gets a
     * copy of this one (its texts are borrowed). NULL: a job of two vertices with a checkpoint every 10 s and without a pace. A job of the plan that is absent is started as the plan says. */
    const struct job_plan *submitted;
    /* How the jobs of that built-in kind come up and go; NULL: in no time. Borrowed. */
    const struct job_pace *submitted_pace;
    /* Ended jobs are forgotten after this long, and the oldest first when there are more than so
     * many; 0 means 1 h (jobs of the plan: for good), and no limit.
     * Source: Flink jobstore.expiration-time, .max-capacity. */
    int64_t ended_kept_us;
    size_t ended_kept_max;
    int32_t slot_count; /* of the one TaskManager; 0: as many as the jobs of the plan need */
    /* Where checkpoints and savepoints lie; shared by JobManagers that see the same file system.
     * Borrowed, outlives the JobManager; NULL: one of its own. */
    struct checkpoint_files *files;
    /* The paths of journal entries stay valid until the next entry is taken, and no longer: for
     * runs that have no end. False: as long as the JobManager, for jobs of the plan. */
    bool forgets_paths;
};

struct jobmanager *jobmanager_new(const struct jobmanager_config *config); /* NULL: out of memory */
void jobmanager_free(struct jobmanager *jobmanager);                       /* NULL is allowed */

/*
 * When the next thing happens by itself, or INT64_MAX. Everything scheduled draws a number from
 * *config.ticket, which the caller's own queue draws from too: of two things due at one instant
 * the one with the lower ticket was scheduled first and runs first. `*ticket` may be NULL.
 */
int64_t jobmanager_due(const struct jobmanager *jobmanager, uint64_t *ticket);

/* Runs the one thing that is due next, if it is due at now_us or before. False: out of memory; a
 * call's arrival or end is then still due. */
bool jobmanager_advance(struct jobmanager *jobmanager, int64_t now_us);

/* The endpoint calls. `fetch` is its name for the call, repeated in the delivery. */
bool jobmanager_call(struct jobmanager *jobmanager, int64_t now_us, uint64_t fetch,
                     const struct fetch_request *request);

/* Takes the next answer that has arrived; its result belongs to the caller. */
bool jobmanager_next_delivery(struct jobmanager *jobmanager, uint64_t *fetch,
                              struct fetch_result *result);

/* Takes the next journal line; NULL: there is none. Valid until the next call that may write one. */
const struct journal_entry *jobmanager_next_entry(struct jobmanager *jobmanager);

/* What the wall clock is off from now_us + epoch_us (FAULT_WALL_CLOCK), in force at now_us. */
int64_t jobmanager_wall_shift_us(const struct jobmanager *jobmanager, int64_t now_us);

/*
 * Adds to what is to happen, as if the plan had said so from the start; texts are copied. An event
 * or fault of the past happens or begins now. False: out of memory.
 */
bool jobmanager_add_event(struct jobmanager *jobmanager, int64_t now_us,
                          const struct job_event *event);
bool jobmanager_add_fault(struct jobmanager *jobmanager, int64_t now_us, const struct fault *fault);

/* Ends every fault that is in force or to come. */
void jobmanager_clear_faults(struct jobmanager *jobmanager, int64_t now_us);

/* What events and faults call this job, as long as it is known; SIZE_MAX: there is none. */
size_t jobmanager_find_job(const struct jobmanager *jobmanager, struct id id);

/*
 * Starts job `job` of the plan from a path, as a client does that moves a job: a run begins, with
 * RESTORED (and the id sequence of the restored checkpoint going on) or RESTORE_FAILED and the job
 * FAILED when no live checkpoint has that path. `path` NULL or "": starts from nothing.
 */
bool jobmanager_start_from(struct jobmanager *jobmanager, int64_t now_us, size_t job,
                           const char *path);

#endif
