#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

static int64_t not_negative(int64_t value)
{
    return value > 0 ? value : 0;
}

void render_details(const struct checkpoint *checkpoint, const struct endpoint_wire *wire,
                    struct buffer *out)
{
    render_checkpoint(checkpoint, true, wire, out);
}

struct task_totals {
    int64_t latest_ack_ms; /* -1 while no subtask has acknowledged */
    int64_t checkpointed_size, state_size, processed_data, persisted_data;
    int32_t acknowledged_count;
};

/* Source: Flink TaskStateStats.reportSubtaskStats. */
static struct task_totals add_up(const struct task_stats *task)
{
    struct task_totals totals = {.latest_ack_ms = -1};

    for (int32_t i = 0; i < task->subtask_count; i++) {
        const struct subtask_stats *subtask = &task->subtasks[i];
        if (!subtask->acknowledged)
            continue;
        totals.acknowledged_count++;
        if (subtask->ack_ms > totals.latest_ack_ms)
            totals.latest_ack_ms = subtask->ack_ms;
        totals.checkpointed_size += not_negative(subtask->checkpointed_size);
        totals.state_size += not_negative(subtask->state_size);
        totals.processed_data += not_negative(subtask->processed_data);
        totals.persisted_data += not_negative(subtask->persisted_data);
    }
    return totals;
}

void render_task_members(struct json_writer *json, const struct checkpoint *checkpoint,
                         const struct task_stats *task)
{
    struct task_totals totals = add_up(task);
    int64_t duration_ms = totals.acknowledged_count == 0
                              ? -1
                              : not_negative(totals.latest_ack_ms - checkpoint->trigger_ms);

    json_member_int64(json, "id", checkpoint->id);
    json_member_text(json, "status", checkpoint_status_name(checkpoint->status));
    json_member_int64(json, "latest_ack_timestamp", totals.latest_ack_ms);
    json_member_int64(json, "checkpointed_size", totals.checkpointed_size);
    json_member_int64(json, "state_size", totals.state_size);
    json_member_int64(json, "end_to_end_duration", duration_ms);
    json_member_int64(json, "alignment_buffered", 0);
    json_member_int64(json, "processed_data", totals.processed_data);
    json_member_int64(json, "persisted_data", totals.persisted_data);
    json_member_int64(json, "num_subtasks", task->subtask_count);
    json_member_int64(json, "num_acknowledged_subtasks", totals.acknowledged_count);
}

/* Without histograms, so all percentiles are "NaN". Source: Flink TaskStateStats.
 * TaskStateStatsSummary. */
struct task_summary {
    struct summary checkpointed_size, state_size, ack_ms, sync_ms, async_ms;
    struct summary processed_data, persisted_data, alignment_ms, start_delay_ms;
};

static struct task_summary summarize(const struct task_stats *task)
{
    struct task_summary all = {0};

    for (int32_t i = 0; i < task->subtask_count; i++) {
        const struct subtask_stats *subtask = &task->subtasks[i];
        if (!subtask->acknowledged && !subtask->aborted)
            continue;
        /* Cannot run out of memory: there are no samples to keep. */
        summary_add(&all.checkpointed_size, subtask->checkpointed_size);
        summary_add(&all.state_size, subtask->state_size);
        summary_add(&all.ack_ms, subtask->ack_ms);
        summary_add(&all.sync_ms, subtask->sync_ms);
        summary_add(&all.async_ms, subtask->async_ms);
        summary_add(&all.processed_data, subtask->processed_data);
        summary_add(&all.persisted_data, subtask->persisted_data);
        summary_add(&all.alignment_ms, subtask->alignment_ms);
        summary_add(&all.start_delay_ms, subtask->start_delay_ms);
    }
    return all;
}

static void member_summary(struct json_writer *json, const char *key, const struct summary *summary)
{
    json_key(json, key);
    render_summary(summary, json->out);
    json->needs_comma = true;
}

/* Flink keeps the times of the acknowledgements and takes the trigger from them at the end.
 * Source: Flink TaskCheckpointStatisticDetailsHandler.createSummary. */
static void member_durations(struct json_writer *json, const struct summary *ack_ms,
                             int64_t trigger_ms)
{
    struct summary duration_ms = {
        .min = not_negative(ack_ms->min - trigger_ms),
        .max = not_negative(ack_ms->max - trigger_ms),
        .sum = not_negative(summary_average(ack_ms) - trigger_ms),
        .count = 1,
    };
    member_summary(json, "end_to_end_duration", &duration_ms);
}

static void render_task_summary(struct json_writer *json, const struct checkpoint *checkpoint,
                                const struct task_stats *task)
{
    struct task_summary all = summarize(task);

    json_member_object(json, "summary");
    member_summary(json, "checkpointed_size", &all.checkpointed_size);
    member_summary(json, "state_size", &all.state_size);
    member_durations(json, &all.ack_ms, checkpoint->trigger_ms);
    json_member_object(json, "checkpoint_duration");
    member_summary(json, "sync", &all.sync_ms);
    member_summary(json, "async", &all.async_ms);
    json_end_object(json);
    json_member_object(json, "alignment");
    json_key(json, "buffered");
    json_raw(json, ZERO_SUMMARY, sizeof(ZERO_SUMMARY) - 1);
    member_summary(json, "processed", &all.processed_data);
    member_summary(json, "persisted", &all.persisted_data);
    member_summary(json, "duration", &all.alignment_ms);
    json_end_object(json);
    member_summary(json, "start_delay", &all.start_delay_ms);
    json_end_object(json);
}

/* Source: Flink SubtaskCheckpointStatistics.CompletedSubtaskCheckpointStatistics. */
static void render_acknowledged_subtask(struct json_writer *json, int32_t index,
                                        const struct checkpoint *checkpoint,
                                        const struct subtask_stats *subtask)
{
    json_begin_object(json);
    json_member_text(json, "className", "completed");
    json_member_int64(json, "index", index);
    json_member_int64(json, "ack_timestamp", subtask->ack_ms);
    json_member_int64(json, "end_to_end_duration",
                      not_negative(subtask->ack_ms - checkpoint->trigger_ms));
    json_member_int64(json, "checkpointed_size", subtask->checkpointed_size);
    json_member_int64(json, "state_size", subtask->state_size);
    json_member_object(json, "checkpoint");
    json_member_int64(json, "sync", subtask->sync_ms);
    json_member_int64(json, "async", subtask->async_ms);
    json_end_object(json);
    json_member_object(json, "alignment");
    json_member_int64(json, "buffered", 0);
    json_member_int64(json, "processed", subtask->processed_data);
    json_member_int64(json, "persisted", subtask->persisted_data);
    json_member_int64(json, "duration", subtask->alignment_ms);
    json_end_object(json);
    json_member_int64(json, "start_delay", subtask->start_delay_ms);
    json_member_bool(json, "unaligned_checkpoint", checkpoint->type == CHECKPOINT_UNALIGNED);
    json_member_bool(json, "aborted", subtask->aborted);
    json_member_text(json, "status", "completed");
    json_end_object(json);
}

/* Class and status differ in Flink too.
 * Source: Flink SubtaskCheckpointStatistics.PendingSubtaskCheckpointStatistics. */
static void render_pending_subtask(struct json_writer *json, int32_t index)
{
    json_begin_object(json);
    json_member_text(json, "className", "pending");
    json_member_int64(json, "index", index);
    json_member_text(json, "status", "pending_or_failed");
    json_end_object(json);
}

static const struct task_stats *find_task(const struct checkpoint *checkpoint, struct id vertex)
{
    for (size_t i = 0; i < checkpoint->task_count; i++) {
        if (id_equal(checkpoint->tasks[i].vertex, vertex))
            return &checkpoint->tasks[i];
    }
    return NULL;
}

bool render_subtasks(const struct checkpoint *checkpoint, struct id vertex, struct buffer *out)
{
    const struct task_stats *task = find_task(checkpoint, vertex);
    struct json_writer json = {.out = out};

    if (!task)
        return false;
    json_begin_object(&json);
    render_task_members(&json, checkpoint, task);
    render_task_summary(&json, checkpoint, task);
    json_member_array(&json, "subtasks");
    for (int32_t i = 0; i < task->subtask_count; i++) {
        if (task->subtasks[i].acknowledged || task->subtasks[i].aborted)
            render_acknowledged_subtask(&json, i, checkpoint, &task->subtasks[i]);
        else
            render_pending_subtask(&json, i);
    }
    json_end_array(&json);
    json_end_object(&json);
    return true;
}

void render_checkpoint_config(const struct execution_graph *graph, struct buffer *out)
{
    const struct checkpoint_config *config = &graph->config;
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    json_member_text(&json, "mode", config->exactly_once ? "exactly_once" : "at_least_once");
    json_member_int64(&json, "interval", config->interval_ms);
    json_member_int64(&json, "timeout", config->timeout_ms);
    json_member_int64(&json, "min_pause", config->min_pause_ms);
    json_member_int64(&json, "max_concurrent", config->max_concurrent);
    json_member_object(&json, "externalization");
    json_member_bool(&json, "enabled", config->externalized);
    json_member_bool(&json, "delete_on_cancellation", config->delete_on_cancellation);
    json_end_object(&json);
    json_member_text(&json, "state_backend", config->state_backend);
    json_member_text(&json, "checkpoint_storage", config->checkpoint_storage);
    json_member_bool(&json, "unaligned_checkpoints", config->unaligned);
    json_member_int64(&json, "tolerable_failed_checkpoints", config->tolerable_failed);
    json_member_int64(&json, "aligned_checkpoint_timeout", config->aligned_timeout_ms);
    json_member_bool(&json, "checkpoints_after_tasks_finish",
                     config->checkpoints_after_tasks_finish);
    json_member_bool(&json, "state_changelog_enabled", config->changelog_enabled);
    json_member_int64(&json, "changelog_periodic_materialization_interval",
                      config->changelog_interval_ms);
    json_member_text(&json, "changelog_storage", config->changelog_storage);
    json_end_object(&json);
}
