#include <math.h>
#include <stdlib.h>

#include "harness/recording/answer.h"
#include "harness/recording/answer_internal.h"

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static bool is_boolean(const struct node *value)
{
    return node_is(value, NODE_TRUE) || node_is(value, NODE_FALSE);
}

static bool read_status(const struct node *value, enum seen_status *status)
{
    static const char *const names[] = {
        [SEEN_IN_PROGRESS] = "IN_PROGRESS",
        [SEEN_COMPLETED] = "COMPLETED",
        [SEEN_FAILED] = "FAILED",
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (node_says(value, names[i])) {
            *status = (enum seen_status)i;
            return true;
        }
    }
    return false;
}

/* Names: Flink RestAPICheckpointType, and SnapshotType before 1.18. */
static enum seen_type read_type(const struct node *value)
{
    static const char *const names[] = {
        [SEEN_TYPE_CHECKPOINT] = "CHECKPOINT",
        [SEEN_TYPE_UNALIGNED] = "UNALIGNED_CHECKPOINT",
        [SEEN_TYPE_SAVEPOINT] = "SAVEPOINT",
        [SEEN_TYPE_SYNC_SAVEPOINT] = "SYNC_SAVEPOINT",
    };
    for (size_t i = SEEN_TYPE_CHECKPOINT; i < COUNT_OF(names); i++) {
        if (node_says(value, names[i]))
            return (enum seen_type)i;
    }
    return SEEN_TYPE_UNKNOWN;
}

/* A member that may be missing, null or text. */
static const char *read_path(const struct node *object, char **path)
{
    const struct node *value = node_get(object, "external_path");
    if (!value || node_is(value, NODE_NULL))
        return NULL;
    if (!node_is(value, NODE_TEXT))
        return "\"external_path\" is neither text nor null";
    *path = node_copy(value);
    return *path ? NULL : answer_no_memory;
}

/* One entry of the history or of `latest`. Source: reference section 2.1, CheckpointStatistics. */
static const char *read_entry(const struct node *object, struct seen_checkpoint *entry)
{
    static const struct integer_member members[] = {
        INTEGER(seen_checkpoint, "", "id", id),
        INTEGER(seen_checkpoint, "", "trigger_timestamp", trigger_ms),
        INTEGER(seen_checkpoint, "", "latest_ack_timestamp", latest_ack_ms),
        INTEGER(seen_checkpoint, "", "state_size", state_size),
    };
    const struct node *is_savepoint = node_get(object, "is_savepoint");
    const struct node *discarded = node_get(object, "discarded");
    const char *wrong = answer_integers(object, members, COUNT_OF(members), entry);
    if (wrong)
        return wrong;
    if (!read_status(node_get(object, "status"), &entry->status))
        return "\"status\" of a checkpoint is missing or unknown";
    if (!is_boolean(is_savepoint))
        return "\"is_savepoint\" is missing or is neither true nor false";
    if (discarded && !is_boolean(discarded))
        return "\"discarded\" is neither true nor false";
    entry->is_savepoint = node_is(is_savepoint, NODE_TRUE);
    entry->discarded = node_is(discarded, NODE_TRUE);
    entry->type = read_type(node_get(object, "checkpoint_type"));
    return read_path(object, &entry->path);
}

/* A member of `latest`: an entry, or null where there is none yet. */
static const char *read_latest_entry(const struct node *latest, const char *name, bool *has,
                                     struct seen_checkpoint *entry)
{
    const struct node *value = node_get(latest, name);
    if (!value || node_is(value, NODE_NULL))
        return NULL;
    if (!node_is(value, NODE_OBJECT))
        return "a member of \"latest\" is neither a checkpoint nor null";
    *has = true;
    return read_entry(value, entry);
}

static const char *read_restored(const struct node *latest, struct observation *seen)
{
    static const struct integer_member members[] = {
        INTEGER(observation, "latest.restored.", "id", restored_id),
        INTEGER(observation, "latest.restored.", "restore_timestamp", restored_ms),
    };
    const struct node *restored = node_get(latest, "restored");
    if (!restored || node_is(restored, NODE_NULL))
        return NULL;
    const char *wrong = answer_integers(restored, members, COUNT_OF(members), seen);
    if (wrong)
        return wrong;
    seen->has_latest_restored = true;
    return read_path(restored, &seen->restored_path);
}

static const char *read_latest(const struct node *root, struct observation *seen)
{
    const struct node *latest = node_get(root, "latest");
    const char *wrong = NULL;
    if (!node_is(latest, NODE_OBJECT))
        return "\"latest\" is missing or is no object";
    wrong = read_latest_entry(latest, "completed", &seen->has_latest_completed,
                              &seen->latest_completed);
    if (!wrong)
        wrong = read_latest_entry(latest, "savepoint", &seen->has_latest_savepoint,
                                  &seen->latest_savepoint);
    if (!wrong)
        wrong = read_latest_entry(latest, "failed", &seen->has_latest_failed, &seen->latest_failed);
    return wrong ? wrong : read_restored(latest, seen);
}

static const char *read_history(const struct node *root, struct observation *seen)
{
    const struct node *history = node_get(root, "history");
    if (!node_is(history, NODE_LIST))
        return "\"history\" is missing or is no list";
    size_t count = history->as.count;
    if (count == 0)
        return NULL;
    seen->history = calloc(count, sizeof(*seen->history));
    if (!seen->history)
        return answer_no_memory;
    const char *wrong = NULL;
    const struct node *entry = node_first(history);
    for (size_t i = 0; i < count && !wrong; i++, entry = node_next(entry)) {
        seen->history_count = i + 1;
        wrong = node_is(entry, NODE_OBJECT) ? read_entry(entry, &seen->history[i])
                                            : "an entry of \"history\" is no checkpoint";
    }
    return wrong;
}

static const char *read_counts(const struct node *root, struct observation *seen)
{
    static const struct integer_member members[] = {
        INTEGER(observation, "counts.", "restored", restored),
        INTEGER(observation, "counts.", "total", total),
        INTEGER(observation, "counts.", "in_progress", in_progress),
        INTEGER(observation, "counts.", "completed", completed),
        INTEGER(observation, "counts.", "failed", failed),
    };
    const struct node *counts = node_get(root, "counts");
    const char *wrong = answer_integers(counts, members, COUNT_OF(members), seen);
    if (wrong)
        return wrong;
    /* Grows by one at each report to the tracker. Source: reference section 13. Unsigned, since
     * nothing keeps an answer from holding numbers that overflow. */
    seen->version = (uint64_t)seen->restored + (uint64_t)seen->total + (uint64_t)seen->completed +
                    (uint64_t)seen->failed;
    return NULL;
}

/* Jackson writes a percentile of nothing as the text "NaN". Source: reference section 1. */
static bool read_percentile(const struct node *summary, const char *name, double *value)
{
    const struct node *member = node_get(summary, name);
    *value = (double)NAN;
    return node_real(member, value) || node_says(member, "NaN");
}

static const char *read_summary(const struct node *object, struct seen_summary *summary)
{
    static const struct integer_member members[] = {
        INTEGER(seen_summary, "summary: ", "min", min),
        INTEGER(seen_summary, "summary: ", "max", max),
        INTEGER(seen_summary, "summary: ", "avg", avg),
    };
    const char *wrong = answer_integers(object, members, COUNT_OF(members), summary);
    if (wrong)
        return wrong;
    if (read_percentile(object, "p50", &summary->p50) &&
        read_percentile(object, "p999", &summary->p999))
        return NULL;
    return "a percentile in \"summary\" is neither a number nor \"NaN\"";
}

static const char *const summary_names[] = {
    "checkpointed_size",  "state_size",     "end_to_end_duration",
    "alignment_buffered", "processed_data", "persisted_data",
};

static const char *read_summaries(const struct node *root, struct seen_summary *summaries,
                                  size_t *count)
{
    const struct node *object = node_get(root, "summary");
    if (object && !node_is(object, NODE_OBJECT))
        return "\"summary\" is no object";
    for (size_t i = 0; i < COUNT_OF(summary_names); i++) {
        const struct node *member = node_get(object, summary_names[i]);
        if (!member)
            continue;
        summaries[*count].name = summary_names[i];
        const char *wrong = read_summary(member, &summaries[*count]);
        if (wrong)
            return wrong;
        ++*count;
    }
    return NULL;
}

const char *answer_read_statistics(const struct node *root, struct observation *seen)
{
    struct seen_summary summaries[COUNT_OF(summary_names)] = {0};
    size_t summary_count = 0;
    seen->kind = OBSERVED_STATISTICS;
    const char *wrong = read_counts(root, seen);
    if (!wrong)
        wrong = read_latest(root, seen);
    if (!wrong)
        wrong = read_history(root, seen);
    if (!wrong)
        wrong = read_summaries(root, summaries, &summary_count);
    if (wrong)
        return wrong;
    seen->contradiction = observation_contradiction(seen, summaries, summary_count);
    return NULL;
}

const char *answer_read_details(const struct node *root, struct observation *seen)
{
    /* Answers about one task carry a list of its subtasks and no trigger time. */
    if (node_is(node_get(root, "subtasks"), NODE_LIST) && !node_get(root, "trigger_timestamp"))
        return NULL;
    seen->kind = OBSERVED_DETAILS;
    seen->has_latest_completed = true;
    return read_entry(root, &seen->latest_completed);
}
