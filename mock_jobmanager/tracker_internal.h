#ifndef FRESHCHECK_MOCK_JOBMANAGER_TRACKER_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_TRACKER_INTERNAL_H

#include "base/slab.h"
#include "mock_jobmanager/tracker.h"

/* What a checkpoint is still shown or needed for. */
enum record_use {
    USE_HISTORY = 1,
    USE_PENDING = 2,
    USE_LATEST_COMPLETED = 4,
    USE_LATEST_SAVEPOINT = 8,
    USE_LATEST_FAILED = 16
};

/*
 * A checkpoint the tracker has a use for. However many uses there are, the tracker holds its
 * newest version once, so one comparison tells whether a snapshot shares it.
 */
struct record {
    struct checkpoint *entry;    /* counted reference */
    struct checkpoint *previous; /* counted reference to the version that leads to `entry` through
                                    `changed`, or NULL */
    unsigned uses;               /* of enum record_use */
    struct record *older, *newer;
};

enum measure {
    MEASURE_CHECKPOINTED_SIZE,
    MEASURE_STATE_SIZE,
    MEASURE_DURATION,
    MEASURE_PROCESSED,
    MEASURE_PERSISTED,
    MEASURE_COUNT
};

struct tracker {
    struct tracker_config config;
    struct checkpoint_counts counts;
    struct record *newest, *oldest;   /* in trigger order */
    struct record *oldest_in_history; /* the history is a ring: this one leaves it next */
    struct record
        *departed;      /* of no use here, yet perhaps shown by a snapshot; linked by `older` */
    struct slab memory; /* of records */
    size_t history_count;
    size_t pending_count;
    struct record *latest_completed, *latest_savepoint, *latest_failed;
    struct restored_checkpoint *latest_restored; /* owned */
    struct summary summary[MEASURE_COUNT];

    struct checkpoint_stats *last; /* the snapshot built last, or NULL */
    bool dirty;                    /* something was reported since */
    bool entries_changed;          /* acknowledgements or discards since, which are no reports */
};

struct restored_checkpoint *restored_checkpoint_new(int64_t id, int64_t restore_ms,
                                                    bool is_savepoint,
                                                    struct shared_text *external_path);
void restored_checkpoint_free(struct restored_checkpoint *restored); /* NULL is allowed */

#endif
