#include "gateway/checkpoint_stats.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* A checkpoint lies in one block with its tasks, and their subtasks behind them. */
static size_t block_size(size_t task_count, size_t subtask_count)
{
    return sizeof(struct checkpoint) + task_count * sizeof(struct task_stats) +
           subtask_count * sizeof(struct subtask_stats);
}

static struct task_stats *tasks_of(struct checkpoint *checkpoint)
{
    return (struct task_stats *)(checkpoint + 1);
}

/* Once the tasks are there, and the numbers of their subtasks. */
static void place_subtasks(struct checkpoint *checkpoint)
{
    checkpoint->tasks = tasks_of(checkpoint);
    struct subtask_stats *subtasks =
        (struct subtask_stats *)(checkpoint->tasks + checkpoint->task_count);
    for (size_t i = 0; i < checkpoint->task_count; i++) {
        checkpoint->tasks[i].subtasks = subtasks;
        subtasks += checkpoint->tasks[i].subtask_count;
    }
}

static void free_checkpoint(struct checkpoint *checkpoint)
{
    shared_text_release(checkpoint->external_path);
    free(checkpoint->failure_message);
    free(checkpoint);
}

struct checkpoint *checkpoint_new(int64_t id, enum checkpoint_type type, int64_t trigger_ms,
                                  const struct task_layout *tasks, size_t task_count)
{
    size_t subtask_count = 0;
    for (size_t i = 0; i < task_count; i++)
        subtask_count += (size_t)tasks[i].subtask_count;
    struct checkpoint *checkpoint = memory_zeroed(1, block_size(task_count, subtask_count));
    if (!checkpoint)
        return NULL;
    checkpoint->references = 1;
    checkpoint->id = id;
    checkpoint->status = CHECKPOINT_IN_PROGRESS;
    checkpoint->type = type;
    checkpoint->trigger_ms = trigger_ms;
    checkpoint->latest_ack_ms = -1;
    checkpoint->subtask_count = (int32_t)subtask_count;
    checkpoint->task_count = task_count;
    for (size_t i = 0; i < task_count; i++)
        tasks_of(checkpoint)[i] =
            (struct task_stats){.vertex = tasks[i].vertex, .subtask_count = tasks[i].subtask_count};
    place_subtasks(checkpoint);
    return checkpoint;
}

struct checkpoint *checkpoint_retain(struct checkpoint *checkpoint)
{
    checkpoint->references++;
    return checkpoint;
}

void checkpoint_release(struct checkpoint *checkpoint)
{
    /* An entry that nobody followed may have as many versions as subtasks: a loop, no recursion. */
    while (checkpoint && --checkpoint->references == 0) {
        struct checkpoint *const changed = checkpoint->changed;
        free_checkpoint(checkpoint);
        checkpoint = changed;
    }
}

/* A copy of the block; the texts are still those of the original. */
static struct checkpoint *copy_block(const struct checkpoint *checkpoint)
{
    size_t subtask_count = 0;
    for (size_t i = 0; i < checkpoint->task_count; i++)
        subtask_count += (size_t)checkpoint->tasks[i].subtask_count;
    const size_t size = block_size(checkpoint->task_count, subtask_count);
    struct checkpoint *copy = malloc(size);
    if (!copy)
        return NULL;
    memcpy(copy, checkpoint, size);
    place_subtasks(copy);
    return copy;
}

struct checkpoint *checkpoint_copy(const struct checkpoint *checkpoint)
{
    struct checkpoint *copy = copy_block(checkpoint);
    if (!copy)
        return NULL;
    copy->references = 1;
    copy->changed = NULL;
    shared_text_retain(copy->external_path);
    copy->failure_message = text_copy(checkpoint->failure_message);
    if (copy->failure_message || !checkpoint->failure_message)
        return copy;
    free_checkpoint(copy);
    return NULL;
}

const struct checkpoint *checkpoint_current(const struct checkpoint *checkpoint)
{
    while (checkpoint->changed)
        checkpoint = checkpoint->changed;
    return checkpoint;
}

/*
 * Source: Flink AbstractCheckpointStats.getEndToEndDuration and, for failed ones,
 * FailedCheckpointStats.getEndToEndDuration.
 */
int64_t checkpoint_duration_ms(const struct checkpoint *checkpoint)
{
    int64_t end_ms = checkpoint->latest_ack_ms;
    if (checkpoint->status == CHECKPOINT_FAILED)
        end_ms = checkpoint->failure_ms;
    else if (end_ms < 0)
        return -1;
    return end_ms > checkpoint->trigger_ms ? end_ms - checkpoint->trigger_ms : 0;
}

struct checkpoint_stats *checkpoint_stats_new(struct id job, uint64_t run, size_t history_count)
{
    /* With its history behind it. */
    struct checkpoint_stats *stats =
        memory_zeroed(1, sizeof *stats + history_count * sizeof(struct checkpoint *));
    if (!stats)
        return NULL;
    stats->history = (struct checkpoint **)(stats + 1);
    stats->references = 1;
    stats->job = job;
    stats->run = run;
    stats->history_count = history_count;
    return stats;
}

struct checkpoint_stats *checkpoint_stats_retain(struct checkpoint_stats *stats)
{
    stats->references++;
    return stats;
}

static void release_samples(struct checkpoint_stats *stats)
{
    samples_release(stats->summary.checkpointed_size.samples);
    samples_release(stats->summary.state_size.samples);
    samples_release(stats->summary.duration_ms.samples);
    samples_release(stats->summary.processed_data.samples);
    samples_release(stats->summary.persisted_data.samples);
}

void checkpoint_stats_release(struct checkpoint_stats *stats)
{
    if (!stats || --stats->references > 0)
        return;
    for (size_t i = 0; i < stats->history_count; i++)
        checkpoint_release(stats->history[i]);
    checkpoint_release(stats->latest_completed);
    checkpoint_release(stats->latest_savepoint);
    checkpoint_release(stats->latest_failed);
    if (stats->latest_restored)
        shared_text_release(stats->latest_restored->external_path);
    free(stats->latest_restored);
    release_samples(stats);
    free(stats);
}

static struct checkpoint *retain_entry(struct checkpoint *checkpoint)
{
    return checkpoint ? checkpoint_retain(checkpoint) : NULL;
}

static void share_summary(struct summary *copy, const struct summary *summary)
{
    *copy = *summary;
    if (copy->samples)
        samples_retain(copy->samples);
}

static struct restored_checkpoint *copy_restored(const struct restored_checkpoint *restored)
{
    struct restored_checkpoint *copy = malloc(sizeof(*copy));
    if (!copy)
        return NULL;
    *copy = *restored;
    shared_text_retain(copy->external_path);
    return copy;
}

struct checkpoint_stats *checkpoint_stats_copy(const struct checkpoint_stats *stats)
{
    struct checkpoint_stats *copy =
        checkpoint_stats_new(stats->job, stats->run, stats->history_count);
    if (!copy)
        return NULL;
    copy->taken_us = stats->taken_us;
    copy->enabled = stats->enabled;
    copy->counts = stats->counts;
    for (size_t i = 0; i < stats->history_count; i++)
        copy->history[i] = retain_entry(stats->history[i]);
    copy->latest_completed = retain_entry(stats->latest_completed);
    copy->latest_savepoint = retain_entry(stats->latest_savepoint);
    copy->latest_failed = retain_entry(stats->latest_failed);
    share_summary(&copy->summary.checkpointed_size, &stats->summary.checkpointed_size);
    share_summary(&copy->summary.state_size, &stats->summary.state_size);
    share_summary(&copy->summary.duration_ms, &stats->summary.duration_ms);
    share_summary(&copy->summary.processed_data, &stats->summary.processed_data);
    share_summary(&copy->summary.persisted_data, &stats->summary.persisted_data);
    if (!stats->latest_restored)
        return copy;
    copy->latest_restored = copy_restored(stats->latest_restored);
    if (copy->latest_restored)
        return copy;
    checkpoint_stats_release(copy);
    return NULL;
}

uint64_t checkpoint_stats_version(const struct checkpoint_stats *stats)
{
    const struct checkpoint_counts *const counts = &stats->counts;
    return (uint64_t)(counts->restored + counts->total + counts->completed + counts->failed);
}

struct checkpoint *checkpoint_stats_find(const struct checkpoint_stats *stats, int64_t id)
{
    struct checkpoint *const latest[] = {stats->latest_completed, stats->latest_savepoint,
                                         stats->latest_failed};
    for (size_t i = 0; i < stats->history_count; i++) {
        if (stats->history[i] && stats->history[i]->id == id)
            return stats->history[i];
    }
    for (size_t i = 0; i < sizeof latest / sizeof latest[0]; i++) {
        if (latest[i] && latest[i]->id == id)
            return latest[i];
    }
    return NULL;
}

static bool follow(struct checkpoint **slot)
{
    struct checkpoint *const old = *slot;
    if (!old || !old->changed)
        return false;
    struct checkpoint *newest = old->changed;
    while (newest->changed)
        newest = newest->changed;
    *slot = checkpoint_retain(newest);
    checkpoint_release(old);
    return true;
}

bool checkpoint_stats_follow(struct checkpoint_stats *stats)
{
    bool moved = false;
    for (size_t i = 0; i < stats->history_count; i++)
        moved |= follow(&stats->history[i]);
    moved |= follow(&stats->latest_completed);
    moved |= follow(&stats->latest_savepoint);
    moved |= follow(&stats->latest_failed);
    return moved;
}
