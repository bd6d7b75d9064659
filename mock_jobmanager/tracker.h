#ifndef FRESHCHECK_MOCK_JOBMANAGER_TRACKER_H
#define FRESHCHECK_MOCK_JOBMANAGER_TRACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/checkpoint_stats.h"

/*
 * The checkpoint statistics of one job run, with the semantics of Flink's CheckpointStatsTracker
 * and CheckpointStatsHistory (reference, section 4): counts, a ring in trigger order, the latest by
 * largest id, an all-time summary, and a snapshot that is only rebuilt when something changed.
 *
 * Functions that return bool return false when out of memory; the tracker is then unchanged.
 */
struct tracker;

struct tracker_config {
    struct id job;
    uint64_t run;
    size_t history_count_max;           /* web.checkpoints.history */
    bool late_savepoint_is_checkpoint;  /* Flink's branch in 4.4: a savepoint that completes out of
                                          order is filed as latest.completed. False: mended */
    bool failed_triggers_count_halfway; /* FLINK-26049: not in total */
};

struct tracker *tracker_new(const struct tracker_config *config);
void tracker_free(struct tracker *tracker); /* NULL is allowed */

bool tracker_pending(struct tracker *tracker, int64_t id, enum checkpoint_type type,
                     int64_t trigger_ms, const struct task_layout *tasks, size_t task_count);

/* The one that became pending last is a savepoint in the native format. */
void tracker_pending_is_native(struct tracker *tracker, int64_t id);

/* One subtask reports; unknown ids, vertices and repeated reports are ignored. No new version. Of a
 * failed checkpoint the report is shown as aborted, and nothing counts it. */
bool tracker_acknowledge(struct tracker *tracker, int64_t id, struct id vertex, int32_t subtask,
                         const struct subtask_stats *report);

/* Keeps a reference to the path. An id that is not pending counts, as in Flink, but is not shown. */
bool tracker_completed(struct tracker *tracker, int64_t id, struct shared_text *external_path);
bool tracker_failed(struct tracker *tracker, int64_t id, int64_t failure_ms, const char *message);

/* A trigger that failed before there was anything pending: counts only, no entry. */
bool tracker_failed_without_pending(struct tracker *tracker);

bool tracker_restored(struct tracker *tracker, int64_t id, int64_t restore_ms, bool is_savepoint,
                      struct shared_text *external_path);

/* Marks a completed checkpoint as discarded, wherever it is still shown. */
bool tracker_discarded(struct tracker *tracker, int64_t id);

/*
 * A snapshot, as a counted reference for the caller; NULL when out of memory. The one built last
 * is given again when nothing was reported since, or when `lock_busy`: the real one only tries
 * its lock (CheckpointStatsTracker.createSnapshot). The very first is built in any case.
 */
struct checkpoint_stats *tracker_snapshot(struct tracker *tracker, int64_t now_us, bool lock_busy);

#endif
