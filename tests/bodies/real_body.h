#ifndef FRESHCHECK_TESTS_BODIES_REAL_BODY_H
#define FRESHCHECK_TESTS_BODIES_REAL_BODY_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/text.h"
#include "gateway/gateway.h"
#include "rest_endpoint/policy.h"

/*
 * Bodies that real clusters sent, and the structs that say the same. Values are looked up by
 * member name, so that order and text of what is rendered are proved by comparing bytes.
 */

static const struct endpoint_wire wire_1_17_2 = {
    .flink_version = "1.17.2",
    .flink_commit = "c0027e5",
    .flink_revision = "c0027e5 @ 2023-11-09T13:24:38+01:00",
    .hosts = true,
    .execution_mode = true,
    .root_exception = true,
    .restart_strategy = "Restart with fixed delay (1000 ms). #1000000 restart attempts.",
};

static const struct endpoint_wire wire_1_20_3 = {
    .flink_version = "1.20.3",
    .flink_commit = "01e3a6d",
    .flink_revision = "01e3a6d @ 2025-09-20T02:22:05+02:00",
    .unaligned_type = true,
    .web_rescale_feature = true,
    .job_type = true,
    .slot_sharing_group = true,
    .hosts = true,
    .endpoints = true,
    .failure_labels = true,
    .execution_mode = true,
    .root_exception = true,
    .restart_strategy = "Cluster level default restart strategy",
};

static const struct endpoint_wire wire_2_3_0 = {
    .flink_version = "2.3.0",
    .flink_commit = "c0f8d1a",
    .flink_revision = "c0f8d1a @ 2026-06-14T16:29:03+02:00",
    .unaligned_type = true,
    .web_rescale_feature = true,
    .job_type = true,
    .slot_sharing_group = true,
    .pending_operators = true,
    .typed_plan = true,
    .newest_job_first = true,
    .scheduler_type = true,
    .endpoints = true,
    .failure_labels = true,
    .restart_strategy = "Restart with fixed delay (PT1S). #1000000 restart attempts.",
};

static const struct endpoint_wire *const real_wires[] = {&wire_1_17_2, &wire_1_20_3, &wire_2_3_0};
enum { REAL_WIRES = sizeof(real_wires) / sizeof(real_wires[0]) };

/* The bytes of tests/bodies/VERSION/NAME.json, NUL-terminated, to free(). */
static inline char *real_body(const struct endpoint_wire *wire, const char *name)
{
    char path[128];
    snprintf(path, sizeof(path), "tests/bodies/%s/%s.json", wire->flink_version, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot read %s; run from the root of the tree", path);
    struct buffer text = {0};
    char part[4096];
    size_t count;
    while ((count = fread(part, 1, sizeof(part), file)) > 0)
        buffer_append(&text, part, count);
    fclose(file);
    char *bytes = buffer_take(&text);
    assert_non_null(bytes);
    return bytes;
}

static inline json_t *parse_body(const char *bytes)
{
    json_error_t error;
    json_t *root = json_loads(bytes, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s at %d in %s", error.text, error.position, bytes);
    return root;
}

/* True when the number at `text` has a point or an exponent. */
static inline bool is_real(const char *text, size_t length)
{
    return strcspn(text, ".eE") < length;
}

/* Byte for byte, except that a number with a point may be written in another way. */
static inline void assert_same_but_reals(const char *ours, const char *theirs)
{
    bool in_text = false;
    while (*ours || *theirs) {
        size_t length = in_text ? 0 : strspn(ours, "-+.eE0123456789");
        if (*ours != '-' && (*ours < '0' || *ours > '9'))
            length = 0;
        if (is_real(ours, length)) {
            char *ours_end, *theirs_end;
            assert_true(strtod(ours, &ours_end) == strtod(theirs, &theirs_end));
            ours = ours_end;
            theirs = theirs_end;
            continue;
        }
        size_t step = in_text && *ours == '\\' ? 2 : 1;
        if (strncmp(ours, theirs, step) != 0)
            fail_msg("ours: %.60s\njansson's: %.60s", ours, theirs);
        if (*ours == '"')
            in_text = !in_text;
        ours += step;
        theirs += step;
    }
}

/* What was rendered, checked: jansson reads it and writes the same, member for member. */
static inline char *take_checked(struct buffer *out)
{
    char *ours = buffer_take(out);
    assert_non_null(ours);
    json_t *root = parse_body(ours);
    char *theirs = json_dumps(root, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_non_null(theirs);
    assert_same_but_reals(ours, theirs);
    free(theirs);
    json_decref(root);
    return ours;
}

/* Takes the buffer's bytes and compares. */
static inline void assert_rendered(struct buffer *out, const char *expected)
{
    char *ours = take_checked(out);
    size_t same = 0;
    while (ours[same] && ours[same] == expected[same])
        same++;
    if (ours[same] || expected[same])
        fail_msg("at byte %zu\nrendered: %.120s\nexpected: %.120s", same, ours + same,
                 expected + same);
    free(ours);
}

/* A member that must be there; the readers below fail on what a body does not have. */
static inline const json_t *member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!value)
        fail_msg("no member %s", key);
    return value;
}

static inline int64_t number_member(const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static inline const char *text_member(const json_t *object, const char *key)
{
    return json_string_value(member(object, key)); /* NULL for null */
}

static inline bool bool_member(const json_t *object, const char *key)
{
    const json_t *value = member(object, key);
    assert_true(json_is_boolean(value));
    return json_is_true(value);
}

static inline struct id parse_id(const char *text)
{
    struct id id;
    assert_non_null(text);
    assert_true(id_parse(text, strlen(text), &id));
    return id;
}

static inline struct id id_member(const json_t *object, const char *key)
{
    return parse_id(text_member(object, key));
}

static inline size_t index_of(const char *text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0)
            return i;
    }
    fail_msg("unknown name %s", text);
    return 0;
}

static inline enum checkpoint_status read_status(const json_t *object)
{
    static const char *const names[] = {"IN_PROGRESS", "COMPLETED", "FAILED"};
    return (enum checkpoint_status)index_of(text_member(object, "status"), names, 3);
}

static inline enum checkpoint_type read_type(const json_t *object)
{
    static const char *const names[] = {"CHECKPOINT", "UNALIGNED_CHECKPOINT", "SAVEPOINT",
                                        "SYNC_SAVEPOINT"};
    return (enum checkpoint_type)index_of(text_member(object, "checkpoint_type"), names, 4);
}

/* A task's totals go to its first subtask; the others that acknowledged add nothing. */
static inline void read_task(const json_t *object, struct task_stats *task)
{
    int64_t acknowledged = number_member(object, "num_acknowledged_subtasks");

    for (int32_t i = 0; i < acknowledged; i++) {
        task->subtasks[i].acknowledged = true;
        task->subtasks[i].ack_ms = number_member(object, "latest_ack_timestamp");
    }
    task->subtasks[0].checkpointed_size = number_member(object, "checkpointed_size");
    task->subtasks[0].state_size = number_member(object, "state_size");
    task->subtasks[0].processed_data = number_member(object, "processed_data");
    task->subtasks[0].persisted_data = number_member(object, "persisted_data");
}

static inline struct checkpoint *new_checkpoint(const json_t *object)
{
    struct task_layout layout[4];
    size_t task_count = 0;
    const char *vertex;
    json_t *task, *tasks = json_object_get(object, "tasks");

    json_object_foreach(tasks, vertex, task)
    {
        layout[task_count].vertex = parse_id(vertex);
        layout[task_count++].subtask_count = (int32_t)number_member(task, "num_subtasks");
    }
    struct checkpoint *checkpoint =
        checkpoint_new(number_member(object, "id"), read_type(object),
                       number_member(object, "trigger_timestamp"), layout, task_count);
    assert_non_null(checkpoint);
    task_count = 0;
    json_object_foreach(tasks, vertex, task) read_task(task, &checkpoint->tasks[task_count++]);
    return checkpoint;
}

static inline struct shared_text *path_member(const json_t *object)
{
    const char *path = text_member(object, "external_path");
    return path ? shared_text_new(path) : NULL;
}

static inline struct checkpoint *read_checkpoint(const json_t *object)
{
    struct checkpoint *checkpoint = new_checkpoint(object);
    const char *format = text_member(object, "savepointFormat");

    checkpoint->status = read_status(object);
    checkpoint->native_format = format && strcmp(format, "NATIVE") == 0;
    checkpoint->latest_ack_ms = number_member(object, "latest_ack_timestamp");
    checkpoint->checkpointed_size = number_member(object, "checkpointed_size");
    checkpoint->state_size = number_member(object, "state_size");
    checkpoint->processed_data = number_member(object, "processed_data");
    checkpoint->persisted_data = number_member(object, "persisted_data");
    checkpoint->subtask_count = (int32_t)number_member(object, "num_subtasks");
    checkpoint->acknowledged_count = (int32_t)number_member(object, "num_acknowledged_subtasks");
    if (checkpoint->status == CHECKPOINT_COMPLETED) {
        checkpoint->external_path = path_member(object);
        checkpoint->discarded = bool_member(object, "discarded");
    } else if (checkpoint->status == CHECKPOINT_FAILED) {
        checkpoint->failure_ms = number_member(object, "failure_timestamp");
        checkpoint->failure_message = text_copy(text_member(object, "failure_message"));
    }
    return checkpoint;
}

static inline struct checkpoint *read_latest(const json_t *latest, const char *key)
{
    const json_t *object = member(latest, key);
    return json_is_null(object) ? NULL : read_checkpoint(object);
}

static inline struct restored_checkpoint *read_restored(const json_t *object)
{
    if (json_is_null(object))
        return NULL;
    struct restored_checkpoint *restored = calloc(1, sizeof(*restored));
    assert_non_null(restored);
    restored->id = number_member(object, "id");
    restored->restore_ms = number_member(object, "restore_timestamp");
    restored->is_savepoint = bool_member(object, "is_savepoint");
    restored->external_path = path_member(object);
    return restored;
}

static inline void read_counts(const json_t *object, struct checkpoint_counts *counts)
{
    counts->restored = number_member(object, "restored");
    counts->total = number_member(object, "total");
    counts->in_progress = number_member(object, "in_progress");
    counts->completed = number_member(object, "completed");
    counts->failed = number_member(object, "failed");
}

/* Empties the summaries, and gives each samples of its own. */
static inline void start_summaries(struct checkpoint_stats *stats)
{
    struct summary *summaries[] = {&stats->summary.checkpointed_size, &stats->summary.state_size,
                                   &stats->summary.duration_ms, &stats->summary.processed_data,
                                   &stats->summary.persisted_data};
    for (size_t i = 0; i < sizeof(summaries) / sizeof(summaries[0]); i++) {
        summaries[i]->samples = samples_new();
        assert_non_null(summaries[i]->samples);
    }
}

static inline void summarize_one(struct checkpoint_stats *stats, int64_t size, int64_t duration_ms)
{
    assert_true(summary_add(&stats->summary.checkpointed_size, size));
    assert_true(summary_add(&stats->summary.state_size, size));
    assert_true(summary_add(&stats->summary.duration_ms, duration_ms));
    assert_true(summary_add(&stats->summary.processed_data, 0));
    assert_true(summary_add(&stats->summary.persisted_data, 0));
}

/* Everything but the summaries, which a body does not say enough about. */
static inline struct checkpoint_stats *read_statistics(const json_t *root)
{
    const json_t *history = member(root, "history"), *latest = member(root, "latest");
    struct checkpoint_stats *stats =
        checkpoint_stats_new((struct id){1, 2}, 1, json_array_size(history));
    assert_non_null(stats);
    stats->enabled = true;
    read_counts(member(root, "counts"), &stats->counts);
    for (size_t i = 0; i < stats->history_count; i++)
        stats->history[i] = read_checkpoint(json_array_get(history, i));
    stats->latest_completed = read_latest(latest, "completed");
    stats->latest_savepoint = read_latest(latest, "savepoint");
    stats->latest_failed = read_latest(latest, "failed");
    stats->latest_restored = read_restored(member(latest, "restored"));
    start_summaries(stats);
    return stats;
}

#endif
