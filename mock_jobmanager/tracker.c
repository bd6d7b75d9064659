#include "mock_jobmanager/tracker_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static void record_free(struct tracker *tracker, struct record *record)
{
    checkpoint_release(record->entry);
    checkpoint_release(record->previous);
    slab_give(&tracker->memory, record);
}

void restored_checkpoint_free(struct restored_checkpoint *restored)
{
    if (!restored)
        return;
    shared_text_release(restored->external_path);
    free(restored);
}

struct restored_checkpoint *restored_checkpoint_new(int64_t id, int64_t restore_ms,
                                                    bool is_savepoint,
                                                    struct shared_text *external_path)
{
    struct restored_checkpoint *const restored = malloc(sizeof *restored);
    if (!restored)
        return NULL;
    *restored = (struct restored_checkpoint){.id = id,
                                             .restore_ms = restore_ms,
                                             .is_savepoint = is_savepoint,
                                             .external_path = shared_text_retain(external_path)};
    return restored;
}

struct tracker *tracker_new(const struct tracker_config *config)
{
    struct tracker *const tracker = memory_zeroed(1, sizeof *tracker);
    if (!tracker)
        return NULL;
    tracker->config = *config;
    tracker->dirty = true;
    tracker->memory.item_size = sizeof(struct record);
    for (size_t i = 0; i < MEASURE_COUNT; i++) {
        tracker->summary[i].samples = samples_new();
        if (!tracker->summary[i].samples) {
            tracker_free(tracker);
            return NULL;
        }
    }
    return tracker;
}

static void records_free(struct tracker *tracker, struct record *record)
{
    while (record) {
        struct record *const older = record->older;
        record_free(tracker, record);
        record = older;
    }
}

void tracker_free(struct tracker *tracker)
{
    if (!tracker)
        return;
    records_free(tracker, tracker->newest);
    records_free(tracker, tracker->departed);
    slab_free(&tracker->memory);
    restored_checkpoint_free(tracker->latest_restored);
    checkpoint_stats_release(tracker->last);
    for (size_t i = 0; i < MEASURE_COUNT; i++)
        samples_release(tracker->summary[i].samples);
    free(tracker);
}

/* True when somebody outside the tracker may hold this version. */
static bool is_shared(const struct record *record)
{
    return record->entry->references > 1u + (record->previous != NULL);
}

/* Drops departed records that no snapshot shows any more. */
static void prune_departed(struct tracker *tracker)
{
    struct record **link = &tracker->departed;
    while (*link) {
        struct record *const record = *link;
        if (is_shared(record)) {
            link = &record->older;
            continue;
        }
        *link = record->older;
        record_free(tracker, record);
    }
}

/* Ends one use of a record, and lets go of it once nothing here uses it. */
static void end_use(struct tracker *tracker, struct record *record, enum record_use use)
{
    record->uses &= ~(unsigned)use;
    if (record->uses != 0)
        return;
    *(record->newer ? &record->newer->older : &tracker->newest) = record->older;
    *(record->older ? &record->older->newer : &tracker->oldest) = record->newer;
    prune_departed(tracker);
    /* Flink's snapshots share the object that its discard callback marks, so they see a discard
     * even after the tracker has forgotten the checkpoint (CompletedCheckpointStats). */
    if (record->entry->status == CHECKPOINT_COMPLETED && !record->entry->discarded &&
        is_shared(record)) {
        record->older = tracker->departed;
        tracker->departed = record;
        return;
    }
    record_free(tracker, record);
}

static void evict_oldest_in_history(struct tracker *tracker)
{
    struct record *const evicted = tracker->oldest_in_history;
    struct record *next = evicted->newer;
    while (next && !(next->uses & USE_HISTORY))
        next = next->newer;
    tracker->oldest_in_history = next;
    tracker->history_count--;
    end_use(tracker, evicted, USE_HISTORY);
}

bool tracker_pending(struct tracker *tracker, int64_t id, enum checkpoint_type type,
                     int64_t trigger_ms, const struct task_layout *tasks, size_t task_count)
{
    struct checkpoint *const entry = checkpoint_new(id, type, trigger_ms, tasks, task_count);
    struct record *const record = entry ? slab_take(&tracker->memory) : NULL;
    if (!record) {
        checkpoint_release(entry);
        return false;
    }
    *record = (struct record){.entry = entry, .uses = USE_PENDING, .older = tracker->newest};
    *(tracker->newest ? &tracker->newest->newer : &tracker->oldest) = record;
    tracker->newest = record;
    tracker->pending_count++;
    tracker->counts.in_progress++;
    tracker->counts.total++;
    tracker->dirty = true;

    if (tracker->config.history_count_max == 0)
        return true;
    record->uses |= USE_HISTORY;
    if (!tracker->oldest_in_history)
        tracker->oldest_in_history = record;
    if (++tracker->history_count > tracker->config.history_count_max)
        evict_oldest_in_history(tracker);
    return true;
}

static struct record *find_pending(const struct tracker *tracker, int64_t id)
{
    size_t left = tracker->pending_count;
    for (struct record *record = tracker->newest; record && left > 0; record = record->older) {
        if (!(record->uses & USE_PENDING))
            continue;
        if (record->entry->id == id)
            return record;
        left--;
    }
    return NULL;
}

/* Nobody has seen the entry yet, so it need not be copied. */
void tracker_pending_is_native(struct tracker *tracker, int64_t id)
{
    struct record *const record = find_pending(tracker, id);
    if (record)
        record->entry->native_format = true;
}

/*
 * Makes the entry safe to change: one that a snapshot shares is copied first, and the old version
 * linked to the copy. NULL when out of memory.
 */
static struct checkpoint *changeable(struct tracker *tracker, struct record *record)
{
    tracker->entries_changed = true;
    if (!is_shared(record))
        return record->entry;
    struct checkpoint *const copy = checkpoint_copy(record->entry);
    if (!copy)
        return NULL;
    record->entry->changed = checkpoint_retain(copy);
    checkpoint_release(record->previous);
    record->previous = record->entry;
    record->entry = copy;
    return copy;
}

static struct subtask_stats *find_subtask(const struct checkpoint *checkpoint, struct id vertex,
                                          int32_t subtask)
{
    for (size_t i = 0; i < checkpoint->task_count; i++) {
        const struct task_stats *const task = &checkpoint->tasks[i];
        if (id_equal(task->vertex, vertex))
            return subtask >= 0 && subtask < task->subtask_count ? &task->subtasks[subtask] : NULL;
    }
    return NULL;
}

static struct record *find_failed(const struct tracker *tracker, int64_t id)
{
    struct record *record = tracker->newest;
    while (record && (record->entry->id != id || record->entry->status != CHECKPOINT_FAILED))
        record = record->older;
    return record;
}

/* What was measured is shown; nothing is counted. Sources: Flink CheckpointStatsTracker.
 * reportIncompleteStats, TaskStateStats.reportSubtaskStats. */
static bool report_aborted(struct tracker *tracker, struct record *record, struct id vertex,
                           int32_t subtask, const struct subtask_stats *report)
{
    const struct subtask_stats *const known = find_subtask(record->entry, vertex, subtask);
    if (!known || known->acknowledged)
        return true;
    struct checkpoint *const entry = changeable(tracker, record);
    if (!entry)
        return false;
    struct subtask_stats *const slot = find_subtask(entry, vertex, subtask);
    *slot = *report;
    slot->acknowledged = false;
    slot->aborted = true;
    slot->checkpointed_size = slot->state_size = 0;
    return true;
}

/* Source: Flink PendingCheckpointStats.reportSubtaskStats: a vertex that is not known or a second
 * report of one subtask changes nothing; the last report in gives the time. */
bool tracker_acknowledge(struct tracker *tracker, int64_t id, struct id vertex, int32_t subtask,
                         const struct subtask_stats *report)
{
    struct record *const record = find_pending(tracker, id);
    if (!record) {
        struct record *const failed = find_failed(tracker, id);
        return !failed || report_aborted(tracker, failed, vertex, subtask, report);
    }
    const struct checkpoint *const before = record->entry;
    struct subtask_stats *slot = find_subtask(before, vertex, subtask);
    if (!slot || slot->acknowledged)
        return true;
    struct checkpoint *const entry = changeable(tracker, record);
    if (!entry)
        return false;
    if (entry != before)
        slot = find_subtask(entry, vertex, subtask);
    *slot = *report;
    slot->acknowledged = true;
    entry->acknowledged_count++;
    entry->latest_ack_ms = report->ack_ms;
    entry->checkpointed_size += report->checkpointed_size;
    entry->state_size += report->state_size;
    entry->processed_data += report->processed_data > 0 ? report->processed_data : 0;
    entry->persisted_data += report->persisted_data > 0 ? report->persisted_data : 0;
    return true;
}

/*
 * The version of a pending entry in which it may end: the entry itself when nobody else can reach
 * it, else a copy that nothing leads to, because in Flink the completed or failed object takes the
 * pending one's place and snapshots keep the pending one. Returns a reference of the caller's.
 */
static struct checkpoint *ending_version(const struct record *record)
{
    if (record->entry->references == 1)
        return checkpoint_retain(record->entry);
    return checkpoint_copy(record->entry);
}

static void replace_pending(struct tracker *tracker, struct record *record,
                            struct checkpoint *ended)
{
    checkpoint_release(record->entry);
    checkpoint_release(record->previous);
    record->entry = ended;
    record->previous = NULL;
    tracker->pending_count--;
}

static void count_end(struct tracker *tracker, int64_t *ended)
{
    if (tracker->counts.in_progress > 0)
        tracker->counts.in_progress--;
    (*ended)++;
    tracker->dirty = true;
}

/* Counts a completed checkpoint into all summaries, or into none. Values that went in before memory
 * ran out stay behind in the samples, unseen until the next completion. */
static bool summarize(struct tracker *tracker, const struct checkpoint *completed)
{
    const int64_t values[MEASURE_COUNT] = {
        [MEASURE_CHECKPOINTED_SIZE] = completed->checkpointed_size,
        [MEASURE_STATE_SIZE] = completed->state_size,
        [MEASURE_DURATION] = checkpoint_duration_ms(completed),
        [MEASURE_PROCESSED] = completed->processed_data,
        [MEASURE_PERSISTED] = completed->persisted_data,
    };
    struct summary next[MEASURE_COUNT];
    for (size_t i = 0; i < MEASURE_COUNT; i++) {
        next[i] = tracker->summary[i];
        if (!summary_add(&next[i], values[i]))
            return false;
    }
    memcpy(tracker->summary, next, sizeof next);
    return true;
}

static bool trim_summaries(struct tracker *tracker)
{
    for (size_t i = 0; i < MEASURE_COUNT; i++)
        if (!summary_trim(&tracker->summary[i]))
            return false;
    return true;
}

static bool is_newer(const struct record *record, const struct record *latest)
{
    return !latest || record->entry->id > latest->entry->id;
}

static void become_latest(struct tracker *tracker, struct record **latest, struct record *record,
                          enum record_use use)
{
    struct record *const before = *latest;
    *latest = record;
    record->uses |= use;
    if (before)
        end_use(tracker, before, use);
}

/* Source: Flink CheckpointStatsHistory.replacePendingCheckpointById. Its second branch does not ask
 * again whether it has a savepoint, which is the quirk in the configuration. */
static void file_completed(struct tracker *tracker, struct record *record)
{
    const bool is_savepoint = checkpoint_type_is_savepoint(record->entry->type);
    if (is_savepoint && is_newer(record, tracker->latest_savepoint))
        become_latest(tracker, &tracker->latest_savepoint, record, USE_LATEST_SAVEPOINT);
    else if ((!is_savepoint || tracker->config.late_savepoint_is_checkpoint) &&
             is_newer(record, tracker->latest_completed))
        become_latest(tracker, &tracker->latest_completed, record, USE_LATEST_COMPLETED);
}

bool tracker_completed(struct tracker *tracker, int64_t id, struct shared_text *external_path)
{
    struct record *const record = find_pending(tracker, id);
    if (!record) {
        count_end(tracker, &tracker->counts.completed);
        return true;
    }
    if (!trim_summaries(tracker))
        return false;
    struct checkpoint *const completed = ending_version(record);
    if (!completed || !summarize(tracker, completed)) {
        checkpoint_release(completed);
        return false;
    }
    completed->status = CHECKPOINT_COMPLETED;
    completed->external_path = shared_text_retain(external_path);
    replace_pending(tracker, record, completed);
    count_end(tracker, &tracker->counts.completed);
    file_completed(tracker, record);
    end_use(tracker, record, USE_PENDING);
    return true;
}

bool tracker_failed(struct tracker *tracker, int64_t id, int64_t failure_ms, const char *message)
{
    struct record *const record = find_pending(tracker, id);
    if (!record) {
        count_end(tracker, &tracker->counts.failed);
        return true;
    }
    char *const copy = text_copy(message);
    if (message && !copy)
        return false;
    struct checkpoint *const failed = ending_version(record);
    if (!failed) {
        free(copy);
        return false;
    }
    failed->status = CHECKPOINT_FAILED;
    failed->failure_ms = failure_ms;
    failed->failure_message = copy;
    replace_pending(tracker, record, failed);
    count_end(tracker, &tracker->counts.failed);
    if (is_newer(record, tracker->latest_failed))
        become_latest(tracker, &tracker->latest_failed, record, USE_LATEST_FAILED);
    end_use(tracker, record, USE_PENDING);
    return true;
}

bool tracker_failed_without_pending(struct tracker *tracker)
{
    tracker->counts.failed++;
    tracker->counts.total += !tracker->config.failed_triggers_count_halfway;
    tracker->dirty = true;
    return true;
}

bool tracker_restored(struct tracker *tracker, int64_t id, int64_t restore_ms, bool is_savepoint,
                      struct shared_text *external_path)
{
    struct restored_checkpoint *const restored =
        restored_checkpoint_new(id, restore_ms, is_savepoint, external_path);
    if (!restored)
        return false;
    restored_checkpoint_free(tracker->latest_restored);
    tracker->latest_restored = restored;
    tracker->counts.restored++;
    tracker->dirty = true;
    return true;
}

static struct record *find_discardable(struct record *newest, int64_t id)
{
    for (struct record *record = newest; record; record = record->older) {
        const struct checkpoint *const entry = record->entry;
        if (entry->id == id && entry->status == CHECKPOINT_COMPLETED)
            return entry->discarded ? NULL : record;
    }
    return NULL;
}

/* A discard is no report: it makes no new version. Source: Flink's discard callback sets a flag of
 * CompletedCheckpointStats without going through the tracker. */
bool tracker_discarded(struct tracker *tracker, int64_t id)
{
    struct record *record = find_discardable(tracker->newest, id);
    if (!record)
        record = find_discardable(tracker->departed, id);
    if (!record)
        return true;
    struct checkpoint *const entry = changeable(tracker, record);
    if (!entry)
        return false;
    entry->discarded = true;
    return true;
}
