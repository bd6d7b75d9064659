#ifndef FRESHCHECK_GATEWAY_CHECKPOINT_STATS_H
#define FRESHCHECK_GATEWAY_CHECKPOINT_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/shared_text.h"
#include "gateway/summary.h"

/*
 * What a JobManager tells of a job's checkpoints: plain data, shared by counting references,
 * single-threaded. Everything a snapshot points to stays as it was when the snapshot was taken.
 * Source: Flink CheckpointStatsSnapshot, AbstractCheckpointStats and its subclasses.
 */

/* The external path of a checkpoint that lies in the JobManager's memory: nothing can be restored
 * from it. Source: Flink NonPersistentMetadataCheckpointStorageLocation.EXTERNAL_POINTER. */
#define CHECKPOINT_PLACEHOLDER_PATH "<checkpoint-not-externally-addressable>"

enum checkpoint_status { CHECKPOINT_IN_PROGRESS, CHECKPOINT_COMPLETED, CHECKPOINT_FAILED };

enum checkpoint_type {
    CHECKPOINT_ALIGNED,       /* wire: CHECKPOINT */
    CHECKPOINT_UNALIGNED,     /* wire: UNALIGNED_CHECKPOINT (1.18+; CHECKPOINT in 1.17) */
    CHECKPOINT_SAVEPOINT,     /* wire: SAVEPOINT */
    CHECKPOINT_SYNC_SAVEPOINT /* wire: SYNC_SAVEPOINT (stop with savepoint) */
};

static inline bool checkpoint_type_is_savepoint(enum checkpoint_type type)
{
    return type == CHECKPOINT_SAVEPOINT || type == CHECKPOINT_SYNC_SAVEPOINT;
}

struct subtask_stats {
    bool acknowledged; /* the rest means nothing before that */
    bool aborted;      /* not acknowledged, but reported once the checkpoint had failed */
    int64_t ack_ms;    /* epoch */
    int64_t checkpointed_size, state_size;
    int64_t sync_ms, async_ms;
    int64_t processed_data, persisted_data, alignment_ms;
    int64_t start_delay_ms;
};

struct task_stats {
    struct id vertex;
    int32_t subtask_count;
    struct subtask_stats *subtasks; /* subtask_count of them, in index order */
};

/*
 * One checkpoint as statistics show it. A tracker that changes one which is shared makes a new
 * version and links it: `changed` leads from the old to the new, because Flink's own snapshots
 * share these objects and so see later acknowledgements and discards (reference 4.5, and the
 * recordings). A completion is no such change: it replaces the entry.
 */
struct checkpoint {
    uint32_t references;
    struct checkpoint *changed; /* counted reference to the next version, or NULL */

    int64_t id;
    enum checkpoint_status status;
    enum checkpoint_type type;
    bool native_format; /* savepoints only: NATIVE instead of CANONICAL */
    bool discarded;     /* completed ones only */

    int64_t trigger_ms;    /* epoch */
    int64_t latest_ack_ms; /* epoch; -1 while no subtask has acknowledged */
    int64_t failure_ms;    /* epoch; failed ones only */
    int64_t checkpointed_size, state_size;
    int64_t processed_data, persisted_data;
    int32_t subtask_count, acknowledged_count;

    struct shared_text *external_path; /* completed ones only; counted reference, or NULL */
    char *failure_message;             /* failed ones only; owned; may be NULL */

    struct task_stats *tasks; /* in one block with the checkpoint, with all their subtasks */
    size_t task_count;
};

/* One task to lay out when a checkpoint is made. */
struct task_layout {
    struct id vertex;
    int32_t subtask_count;
};

/* A checkpoint in progress with no acknowledgement; NULL when out of memory. */
struct checkpoint *checkpoint_new(int64_t id, enum checkpoint_type type, int64_t trigger_ms,
                                  const struct task_layout *tasks, size_t task_count);
struct checkpoint *checkpoint_retain(struct checkpoint *checkpoint);
void checkpoint_release(struct checkpoint *checkpoint); /* NULL is allowed */

/* A separate copy, not linked to the original; NULL when out of memory. */
struct checkpoint *checkpoint_copy(const struct checkpoint *checkpoint);

/* The newest version of the same entry. Borrowed. */
const struct checkpoint *checkpoint_current(const struct checkpoint *checkpoint);

/* end_to_end_duration as Flink reckons it: -1 while nothing was acknowledged. */
int64_t checkpoint_duration_ms(const struct checkpoint *checkpoint);

struct checkpoint_counts {
    int64_t restored, total, in_progress, completed, failed;
};

struct restored_checkpoint {
    int64_t id;
    int64_t restore_ms; /* epoch */
    bool is_savepoint;
    struct shared_text *external_path; /* counted reference, or NULL */
};

/*
 * A snapshot of a tracker.
 *
 * `run` tells one life of a job from the next under the same id (a new JobMaster counts from one
 * again); it rises with every life. Flink's own answers do not carry it.
 * `version` = restored + total + completed + failed: it rises by one with every report to the
 * tracker, and so names the snapshot within a run (reference, section 13).
 */
struct checkpoint_stats {
    uint32_t references;
    struct id job;
    uint64_t run;
    int64_t taken_us; /* when the snapshot was built, on the origin's clock */
    bool enabled;     /* false: the job has no checkpoint settings; all else is empty */

    struct checkpoint_counts counts;
    struct checkpoint **history; /* newest triggered first; counted references; in one block with
                                    the snapshot */
    size_t history_count;
    struct checkpoint *latest_completed; /* counted references, or NULL */
    struct checkpoint *latest_savepoint;
    struct checkpoint *latest_failed;
    struct restored_checkpoint *latest_restored; /* owned, or NULL */

    struct {
        struct summary checkpointed_size, state_size, duration_ms;
        struct summary processed_data, persisted_data;
    } summary;
};

/* An empty snapshot with room for `history_count` entries (all NULL); NULL when out of memory. */
struct checkpoint_stats *checkpoint_stats_new(struct id job, uint64_t run, size_t history_count);
struct checkpoint_stats *checkpoint_stats_retain(struct checkpoint_stats *stats);
void checkpoint_stats_release(struct checkpoint_stats *stats); /* NULL is allowed */

/* A snapshot of one's own with the same entries (shared, by counted references), so that
 * following or altering it touches nobody else's; NULL when out of memory. */
struct checkpoint_stats *checkpoint_stats_copy(const struct checkpoint_stats *stats);

uint64_t checkpoint_stats_version(const struct checkpoint_stats *stats);

/* The entry with this id in history or among the latest; NULL when there is none. Borrowed.
 * Source: Flink CheckpointStatsHistory.getCheckpointById. */
struct checkpoint *checkpoint_stats_find(const struct checkpoint_stats *stats, int64_t id);

/*
 * Moves every entry on to its newest version, in place, as Flink's shared objects do by
 * themselves. True when anything moved.
 */
bool checkpoint_stats_follow(struct checkpoint_stats *stats);

#endif
