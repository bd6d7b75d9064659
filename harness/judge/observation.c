#include "harness/judge/observation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "gateway/checkpoint_stats.h"
#include "gateway/execution_graph.h"

const char *observed_error_name(enum observed_error error)
{
    static const char *const names[] = {
        [ERROR_NONE] = "no error",
        [ERROR_JOB_NOT_FOUND] = "job not found",
        [ERROR_NO_CHECKPOINT] = "no such checkpoint",
        [ERROR_NOT_ENABLED] = "checkpointing is not enabled",
        [ERROR_INITIALIZING] = "job is initializing",
        [ERROR_CANCELLED] = "cancelled",
        [ERROR_TIMED_OUT] = "timed out",
        [ERROR_UNAVAILABLE] = "unavailable",
        [ERROR_OTHER] = "failed",
    };
    return (size_t)error < sizeof names / sizeof *names ? names[error] : "failed";
}

static void free_paths(struct observation *observation)
{
    free(observation->latest_completed.path);
    free(observation->latest_savepoint.path);
    free(observation->latest_failed.path);
    free(observation->restored_path);
    for (size_t i = 0; i < observation->history_count; i++)
        free(observation->history[i].path);
}

void observation_clear(struct observation *observation)
{
    if (!observation->borrows)
        free_paths(observation);
    free(observation->error_text);
    free(observation->history);
    free(observation->contradiction);
    *observation = (struct observation){0};
}

/* What disagrees, one after the other, with "; " between. */
static void disagree(struct buffer *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void disagree(struct buffer *out, const char *format, ...)
{
    va_list arguments;
    if (out->length > 0)
        buffer_text(out, "; ");
    va_start(arguments, format);
    buffer_vprintf(out, format, arguments);
    va_end(arguments);
}

/*
 * Every report to the tracker keeps total = in progress + completed + failed: a trigger that
 * fails before it is pending raises both failed and total.
 * Source: Flink CheckpointStatsCounts; FLINK-26049 is the defect that broke it.
 */
static void check_counts(const struct observation *seen, struct buffer *out)
{
    if (seen->total != seen->in_progress + seen->completed + seen->failed)
        disagree(out, "counts: total %lld is not in_progress %lld + completed %lld + failed %lld",
                 (long long)seen->total, (long long)seen->in_progress, (long long)seen->completed,
                 (long long)seen->failed);
}

/* The history is a ring: it may hold fewer of a status than were counted, never more. */
static void check_history_counts(const struct observation *seen, struct buffer *out)
{
    static const char *const words[] = {[SEEN_IN_PROGRESS] = "in progress",
                                        [SEEN_COMPLETED] = "completed",
                                        [SEEN_FAILED] = "failed"};
    const int64_t counted[] = {[SEEN_IN_PROGRESS] = seen->in_progress,
                               [SEEN_COMPLETED] = seen->completed,
                               [SEEN_FAILED] = seen->failed};
    int64_t listed[3] = {0};
    for (size_t i = 0; i < seen->history_count; i++)
        listed[seen->history[i].status]++;
    for (size_t i = 0; i < 3; i++) {
        if (listed[i] > counted[i])
            disagree(out, "history lists %lld %s, counted are %lld", (long long)listed[i], words[i],
                     (long long)counted[i]);
    }
}

/* Slots are in order of triggering, ids rise with it, and rendering starts with the youngest.
 * Source: Flink CheckpointStatsHistory. */
static void check_history_order(const struct observation *seen, struct buffer *out)
{
    for (size_t i = 1; i < seen->history_count; i++) {
        if (seen->history[i].id >= seen->history[i - 1].id) {
            disagree(out, "history lists checkpoint %lld after %lld",
                     (long long)seen->history[i].id, (long long)seen->history[i - 1].id);
            return;
        }
    }
}

static void check_latest_entry(const struct observation *seen, const char *name,
                               const struct seen_checkpoint *latest, enum seen_status status,
                               struct buffer *out)
{
    if (latest->status != status)
        disagree(out, "latest.%s has another status", name);
    for (size_t i = 0; i < seen->history_count; i++) {
        const struct seen_checkpoint *entry = &seen->history[i];
        if (entry->id != latest->id)
            continue;
        if (entry->status != latest->status || entry->trigger_ms != latest->trigger_ms)
            disagree(out, "latest.%s and history show checkpoint %lld differently", name,
                     (long long)latest->id);
    }
}

/* A completed savepoint belongs under latest.savepoint only. Flink itself files one that completes
 * out of order as latest.completed. Source: Flink CheckpointStatsHistory, reference section 4.4. */
static void check_latest(const struct observation *seen, struct buffer *out)
{
    if (seen->has_latest_completed) {
        if (seen->latest_completed.is_savepoint)
            disagree(out, "latest.completed is a savepoint (%lld)",
                     (long long)seen->latest_completed.id);
        check_latest_entry(seen, "completed", &seen->latest_completed, SEEN_COMPLETED, out);
    }
    if (seen->has_latest_savepoint) {
        if (!seen->latest_savepoint.is_savepoint)
            disagree(out, "latest.savepoint is no savepoint (%lld)",
                     (long long)seen->latest_savepoint.id);
        check_latest_entry(seen, "savepoint", &seen->latest_savepoint, SEEN_COMPLETED, out);
    }
    if (seen->has_latest_failed)
        check_latest_entry(seen, "failed", &seen->latest_failed, SEEN_FAILED, out);

    bool shows_completed = seen->has_latest_completed || seen->has_latest_savepoint;
    if (shows_completed != (seen->completed > 0))
        disagree(out, "%lld completed are counted, and latest shows %s", (long long)seen->completed,
                 shows_completed ? "one" : "none");
    if (seen->has_latest_failed && seen->failed == 0)
        disagree(out, "latest.failed is shown, and none is counted");
}

static void check_summary(const struct seen_summary *summary, struct buffer *out)
{
    bool average_inside = summary->min <= summary->avg && summary->avg <= summary->max;
    bool low_inside = isnan(summary->p50) || summary->p50 >= (double)summary->min;
    bool high_inside = isnan(summary->p999) || summary->p999 <= (double)summary->max;
    bool ordered = isnan(summary->p50) || isnan(summary->p999) || summary->p50 <= summary->p999;
    if (!average_inside || !low_inside || !high_inside || !ordered)
        disagree(out, "summary of %s is outside its own bounds", summary->name);
}

/* False when out of memory; *text is NULL when all agrees. */
static bool find_contradiction(const struct observation *seen, const struct seen_summary *summaries,
                               size_t summary_count, char **text)
{
    struct buffer out = {0};
    *text = NULL;
    check_counts(seen, &out);
    check_history_counts(seen, &out);
    check_history_order(seen, &out);
    check_latest(seen, &out);
    for (size_t i = 0; i < summary_count; i++)
        check_summary(&summaries[i], &out);
    if (out.length == 0 && !out.failed)
        return true;
    *text = buffer_take(&out);
    return *text != NULL;
}

char *observation_contradiction(const struct observation *observation,
                                const struct seen_summary *summaries, size_t summary_count)
{
    char *text;
    find_contradiction(observation, summaries, summary_count, &text);
    return text;
}

static void see_checkpoint(const struct checkpoint *checkpoint, struct seen_checkpoint *seen)
{
    static const enum seen_status statuses[] = {[CHECKPOINT_IN_PROGRESS] = SEEN_IN_PROGRESS,
                                                [CHECKPOINT_COMPLETED] = SEEN_COMPLETED,
                                                [CHECKPOINT_FAILED] = SEEN_FAILED};
    static const enum seen_type types[] = {[CHECKPOINT_ALIGNED] = SEEN_TYPE_CHECKPOINT,
                                           [CHECKPOINT_UNALIGNED] = SEEN_TYPE_UNALIGNED,
                                           [CHECKPOINT_SAVEPOINT] = SEEN_TYPE_SAVEPOINT,
                                           [CHECKPOINT_SYNC_SAVEPOINT] = SEEN_TYPE_SYNC_SAVEPOINT};
    *seen = (struct seen_checkpoint){
        .id = checkpoint->id,
        .status = statuses[checkpoint->status],
        .type = types[checkpoint->type],
        .is_savepoint = checkpoint_type_is_savepoint(checkpoint->type),
        .discarded = checkpoint->discarded,
        .trigger_ms = checkpoint->trigger_ms,
        .latest_ack_ms = checkpoint->latest_ack_ms,
        .state_size = checkpoint->state_size,
        .path = shared_text_bytes(checkpoint->external_path),
    };
}

static void see_latest(const struct checkpoint *checkpoint, bool *has, struct seen_checkpoint *seen)
{
    *has = checkpoint != NULL;
    if (checkpoint)
        see_checkpoint(checkpoint, seen);
}

static void see_restored(const struct restored_checkpoint *restored, struct observation *seen)
{
    seen->has_latest_restored = restored != NULL;
    if (!restored)
        return;
    seen->restored_id = restored->id;
    seen->restored_ms = restored->restore_ms;
    seen->restored_path = shared_text_bytes(restored->external_path);
}

static bool see_history(const struct checkpoint_stats *stats, struct observation *seen)
{
    if (stats->history_count == 0)
        return true;
    seen->history = memory_zeroed(stats->history_count, sizeof *seen->history);
    if (!seen->history)
        return false;
    seen->history_count = stats->history_count;
    for (size_t i = 0; i < stats->history_count; i++)
        see_checkpoint(stats->history[i], &seen->history[i]);
    return true;
}

/* Percentiles are left out here: they cost a sort, and the bytes are checked by the reader. */
static struct seen_summary see_summary(const char *name, const struct summary *summary)
{
    return (struct seen_summary){.name = name,
                                 .min = summary->min,
                                 .max = summary->max,
                                 .avg = summary_average(summary),
                                 .p50 = NAN,
                                 .p999 = NAN};
}

bool observation_of_statistics(const struct checkpoint_stats *stats,
                               struct observation *observation)
{
    *observation = (struct observation){
        .borrows = true,
        .kind = OBSERVED_STATISTICS,
        .restored = stats->counts.restored,
        .total = stats->counts.total,
        .in_progress = stats->counts.in_progress,
        .completed = stats->counts.completed,
        .failed = stats->counts.failed,
        .version = checkpoint_stats_version(stats),
    };
    const struct seen_summary summaries[] = {
        see_summary("checkpointed_size", &stats->summary.checkpointed_size),
        see_summary("state_size", &stats->summary.state_size),
        see_summary("end_to_end_duration", &stats->summary.duration_ms),
        see_summary("processed_data", &stats->summary.processed_data),
        see_summary("persisted_data", &stats->summary.persisted_data),
    };
    see_restored(stats->latest_restored, observation);
    see_latest(stats->latest_completed, &observation->has_latest_completed,
               &observation->latest_completed);
    see_latest(stats->latest_savepoint, &observation->has_latest_savepoint,
               &observation->latest_savepoint);
    see_latest(stats->latest_failed, &observation->has_latest_failed, &observation->latest_failed);
    if (!see_history(stats, observation) ||
        !find_contradiction(observation, summaries, sizeof summaries / sizeof *summaries,
                            &observation->contradiction)) {
        observation_clear(observation);
        return false;
    }
    return true;
}

void observation_of_details(const struct checkpoint *checkpoint, struct observation *observation)
{
    *observation = (struct observation){
        .borrows = true,
        .kind = OBSERVED_DETAILS,
        .has_latest_completed = true,
    };
    see_checkpoint(checkpoint, &observation->latest_completed);
}

void observation_of_job(const struct execution_graph *graph, int64_t now_ms,
                        struct observation *observation)
{
    *observation = (struct observation){
        .borrows = true,
        .kind = OBSERVED_JOB,
        .job_initializing = graph->state == JOB_INITIALIZING,
        .job_terminal = job_status_is_terminal(graph->state),
        .job_start_ms = graph->start_ms,
        .job_now_ms = now_ms,
    };
    const char *state = job_status_name(graph->state);
    memcpy(observation->job_state, state, strlen(state)); /* there is room: INITIALIZING */
}
