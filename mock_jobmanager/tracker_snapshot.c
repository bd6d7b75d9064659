#include "mock_jobmanager/tracker_internal.h"

static struct checkpoint *retain_latest(const struct record *latest)
{
    return latest ? checkpoint_retain(latest->entry) : NULL;
}

static void list_summaries(struct checkpoint_stats *stats, struct summary *list[MEASURE_COUNT])
{
    list[MEASURE_CHECKPOINTED_SIZE] = &stats->summary.checkpointed_size;
    list[MEASURE_STATE_SIZE] = &stats->summary.state_size;
    list[MEASURE_DURATION] = &stats->summary.duration_ms;
    list[MEASURE_PROCESSED] = &stats->summary.processed_data;
    list[MEASURE_PERSISTED] = &stats->summary.persisted_data;
}

static void share_summary(const struct summary *from, struct summary *to)
{
    *to = *from;
    samples_retain(to->samples);
}

/* A snapshot's frame: all but history, latest entries and counts. NULL when out of memory. */
static struct checkpoint_stats *frame_new(const struct tracker *tracker, size_t history_count,
                                          const struct restored_checkpoint *restored)
{
    struct checkpoint_stats *const stats =
        checkpoint_stats_new(tracker->config.job, tracker->config.run, history_count);
    if (!stats)
        return NULL;
    stats->enabled = true;
    if (!restored)
        return stats;
    stats->latest_restored = restored_checkpoint_new(
        restored->id, restored->restore_ms, restored->is_savepoint, restored->external_path);
    if (stats->latest_restored)
        return stats;
    checkpoint_stats_release(stats);
    return NULL;
}

static struct checkpoint_stats *build(const struct tracker *tracker, int64_t now_us)
{
    struct checkpoint_stats *const stats =
        frame_new(tracker, tracker->history_count, tracker->latest_restored);
    if (!stats)
        return NULL;
    stats->taken_us = now_us;
    stats->counts = tracker->counts;
    size_t filled = 0;
    for (struct record *record = tracker->newest; filled < tracker->history_count;
         record = record->older)
        if (record->uses & USE_HISTORY)
            stats->history[filled++] = checkpoint_retain(record->entry);
    stats->latest_completed = retain_latest(tracker->latest_completed);
    stats->latest_savepoint = retain_latest(tracker->latest_savepoint);
    stats->latest_failed = retain_latest(tracker->latest_failed);
    struct summary *to[MEASURE_COUNT];
    list_summaries(stats, to);
    for (size_t i = 0; i < MEASURE_COUNT; i++)
        share_summary(&tracker->summary[i], to[i]);
    return stats;
}

static struct checkpoint *retain_or_null(struct checkpoint *checkpoint)
{
    return checkpoint ? checkpoint_retain(checkpoint) : NULL;
}

/* The same snapshot once more, for its entries to move on in while the given one stays. */
static struct checkpoint_stats *duplicate(const struct tracker *tracker)
{
    struct checkpoint_stats *const last = tracker->last;
    struct checkpoint_stats *const stats =
        frame_new(tracker, last->history_count, last->latest_restored);
    if (!stats)
        return NULL;
    stats->taken_us = last->taken_us;
    stats->counts = last->counts;
    for (size_t i = 0; i < last->history_count; i++)
        stats->history[i] = checkpoint_retain(last->history[i]);
    stats->latest_completed = retain_or_null(last->latest_completed);
    stats->latest_savepoint = retain_or_null(last->latest_savepoint);
    stats->latest_failed = retain_or_null(last->latest_failed);
    struct summary *from[MEASURE_COUNT], *to[MEASURE_COUNT];
    list_summaries(last, from);
    list_summaries(stats, to);
    for (size_t i = 0; i < MEASURE_COUNT; i++)
        share_summary(from[i], to[i]);
    return stats;
}

/*
 * Moves the last snapshot's entries on to what they are now; a snapshot given away stays as it was.
 * In Flink nothing has to move: its snapshot shares the entries, so one that is handed out again
 * shows acknowledgements and discards since it was built (reference 4.5).
 */
static bool refresh(struct tracker *tracker, int64_t now_us)
{
    if (tracker->last->references > 1) {
        struct checkpoint_stats *const stats = duplicate(tracker);
        if (!stats)
            return false;
        checkpoint_stats_release(tracker->last);
        tracker->last = stats;
    }
    checkpoint_stats_follow(tracker->last);
    tracker->entries_changed = false;
    if (!tracker->dirty)
        tracker->last->taken_us = now_us;
    return true;
}

struct checkpoint_stats *tracker_snapshot(struct tracker *tracker, int64_t now_us, bool lock_busy)
{
    if (!tracker->last || (tracker->dirty && !lock_busy)) {
        struct checkpoint_stats *const stats = build(tracker, now_us);
        if (!stats)
            return NULL;
        checkpoint_stats_release(tracker->last);
        tracker->last = stats;
        tracker->dirty = false;
        tracker->entries_changed = false;
        return checkpoint_stats_retain(stats);
    }
    if (tracker->entries_changed && !refresh(tracker, now_us))
        return NULL;
    return checkpoint_stats_retain(tracker->last);
}
