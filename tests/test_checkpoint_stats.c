/* rooms: gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gateway/checkpoint_stats.h"

static const struct id job = {1, 2};
static const struct task_layout layout[] = {{{0, 1}, 2}, {{0, 2}, 3}};

static struct checkpoint *new_checkpoint(int64_t id)
{
    struct checkpoint *checkpoint = checkpoint_new(id, CHECKPOINT_ALIGNED, 1000, layout, 2);
    assert_non_null(checkpoint);
    return checkpoint;
}

static struct checkpoint_stats *new_stats(size_t history_count)
{
    struct checkpoint_stats *stats = checkpoint_stats_new(job, 1, history_count);
    assert_non_null(stats);
    return stats;
}

/* Makes the next version of an entry, as a tracker does. */
static struct checkpoint *change(struct checkpoint *checkpoint)
{
    checkpoint->changed = checkpoint_copy(checkpoint);
    assert_non_null(checkpoint->changed);
    return checkpoint->changed;
}

static void test_a_new_checkpoint_is_in_progress_and_nobody_has_acknowledged(void **state)
{
    (void)state;
    struct checkpoint *checkpoint = checkpoint_new(7, CHECKPOINT_SAVEPOINT, 1000, layout, 2);
    assert_non_null(checkpoint);
    assert_int_equal(checkpoint->references, 1);
    assert_int_equal(checkpoint->id, 7);
    assert_int_equal(checkpoint->status, CHECKPOINT_IN_PROGRESS);
    assert_int_equal(checkpoint->type, CHECKPOINT_SAVEPOINT);
    assert_int_equal(checkpoint->trigger_ms, 1000);
    assert_int_equal(checkpoint->latest_ack_ms, -1);
    assert_int_equal(checkpoint->subtask_count, 5);
    assert_int_equal(checkpoint->acknowledged_count, 0);
    assert_int_equal(checkpoint->task_count, 2);
    assert_true(id_equal(checkpoint->tasks[1].vertex, layout[1].vertex));
    assert_int_equal(checkpoint->tasks[1].subtask_count, 3);
    for (int i = 0; i < 3; i++)
        assert_false(checkpoint->tasks[1].subtasks[i].acknowledged);
    checkpoint_release(checkpoint);
}

static void test_a_checkpoint_may_have_no_tasks_and_a_task_no_subtasks(void **state)
{
    (void)state;
    static const struct task_layout none = {{0, 1}, 0};
    struct checkpoint *empty = checkpoint_new(1, CHECKPOINT_ALIGNED, 0, NULL, 0);
    struct checkpoint *idle = checkpoint_new(1, CHECKPOINT_ALIGNED, 0, &none, 1);
    assert_non_null(empty);
    assert_non_null(idle);
    struct checkpoint *copy = checkpoint_copy(empty);
    assert_non_null(copy);
    assert_int_equal(idle->subtask_count, 0);
    checkpoint_release(copy);
    checkpoint_release(idle);
    checkpoint_release(empty);
}

static void test_a_copy_shares_nothing_but_the_path_with_the_original(void **state)
{
    (void)state;
    struct checkpoint *original = new_checkpoint(7);
    original->external_path = shared_text_new("/path");
    original->failure_message = text_copy("why");
    original->tasks[1].subtasks[2].ack_ms = 1500;
    struct checkpoint *next = change(original);
    struct checkpoint *copy = checkpoint_copy(original);
    assert_non_null(copy);

    original->id = 8;
    original->failure_message[0] = 'X';
    original->tasks[1].vertex = job;
    original->tasks[1].subtasks[2].ack_ms = 0;
    checkpoint_retain(original);
    assert_int_equal(copy->references, 1);
    assert_null(copy->changed);
    assert_int_equal(copy->id, 7);
    assert_ptr_equal(copy->external_path, original->external_path);
    assert_int_equal(copy->external_path->references, 3);
    assert_string_equal(copy->failure_message, "why");
    assert_true(id_equal(copy->tasks[1].vertex, layout[1].vertex));
    assert_int_equal(copy->tasks[1].subtasks[2].ack_ms, 1500);
    assert_ptr_equal(original->changed, next);
    checkpoint_release(original);
    checkpoint_release(original);
    assert_string_equal(copy->external_path->bytes, "/path");
    checkpoint_release(copy);
}

static void test_the_current_version_is_the_last_of_the_chain(void **state)
{
    (void)state;
    struct checkpoint *first = new_checkpoint(1);
    assert_ptr_equal(checkpoint_current(first), first);
    struct checkpoint *last = change(change(first));
    assert_ptr_equal(checkpoint_current(first), last);
    checkpoint_release(first);
}

static void test_releasing_a_version_keeps_those_that_someone_else_holds(void **state)
{
    (void)state;
    struct checkpoint *first = new_checkpoint(1);
    struct checkpoint *second = checkpoint_retain(change(first));
    struct checkpoint *third = change(second);
    checkpoint_release(first);
    assert_int_equal(second->references, 1);
    assert_ptr_equal(checkpoint_current(second), third);
    checkpoint_release(second);
    checkpoint_release(NULL);
}

static void test_a_chain_of_a_million_versions_is_released_without_deep_recursion(void **state)
{
    (void)state;
    struct checkpoint *first = checkpoint_new(1, CHECKPOINT_ALIGNED, 0, NULL, 0);
    assert_non_null(first);
    struct checkpoint *last = first;
    for (int i = 0; i < 1000000; i++)
        last = change(last);
    checkpoint_release(first);
}

static void test_the_duration_ends_with_the_last_acknowledgement_or_with_the_failure(void **state)
{
    (void)state;
    struct checkpoint checkpoint = {.trigger_ms = 1000, .latest_ack_ms = -1, .failure_ms = 1700};
    checkpoint.status = CHECKPOINT_IN_PROGRESS;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), -1);
    checkpoint.status = CHECKPOINT_COMPLETED;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), -1);
    checkpoint.status = CHECKPOINT_FAILED;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), 700);

    checkpoint.latest_ack_ms = 1300;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), 700);
    checkpoint.status = CHECKPOINT_IN_PROGRESS;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), 300);
    checkpoint.status = CHECKPOINT_COMPLETED;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), 300);
}

static void test_a_duration_is_never_shorter_than_nothing(void **state)
{
    (void)state;
    struct checkpoint checkpoint = {.trigger_ms = 1000, .latest_ack_ms = 999, .failure_ms = 999};
    checkpoint.status = CHECKPOINT_IN_PROGRESS;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), 0);
    checkpoint.status = CHECKPOINT_COMPLETED;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), 0);
    checkpoint.status = CHECKPOINT_FAILED;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), 0);
    checkpoint.failure_ms = 1001;
    assert_int_equal(checkpoint_duration_ms(&checkpoint), 1);
}

static void test_both_kinds_of_savepoint_are_savepoints(void **state)
{
    (void)state;
    assert_true(checkpoint_type_is_savepoint(CHECKPOINT_SAVEPOINT));
    assert_true(checkpoint_type_is_savepoint(CHECKPOINT_SYNC_SAVEPOINT));
    assert_false(checkpoint_type_is_savepoint(CHECKPOINT_ALIGNED));
    assert_false(checkpoint_type_is_savepoint(CHECKPOINT_UNALIGNED));
}

static void test_a_new_snapshot_is_empty_with_room_for_its_history(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = checkpoint_stats_new(job, 3, 2);
    assert_non_null(stats);
    assert_int_equal(stats->references, 1);
    assert_true(id_equal(stats->job, job));
    assert_int_equal(stats->run, 3);
    assert_false(stats->enabled);
    assert_int_equal(stats->history_count, 2);
    assert_null(stats->history[0]);
    assert_null(stats->history[1]);
    assert_null(stats->latest_completed);
    assert_null(checkpoint_stats_find(stats, 0));
    assert_false(checkpoint_stats_follow(stats));
    checkpoint_stats_release(stats);
    checkpoint_stats_release(NULL);
}

static void test_the_version_counts_every_report_and_leaves_out_the_ones_in_progress(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = new_stats(0);
    assert_int_equal(checkpoint_stats_version(stats), 0);
    stats->counts = (struct checkpoint_counts){
        .restored = 1, .total = 10, .in_progress = 1000, .completed = 100, .failed = 10000};
    assert_int_equal(checkpoint_stats_version(stats), 10111);
    checkpoint_stats_release(stats);
}

static void test_entries_are_found_in_the_history_and_among_the_latest(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = new_stats(3);
    stats->history[0] = new_checkpoint(9);
    stats->history[2] = new_checkpoint(8);
    stats->latest_completed = new_checkpoint(5);
    stats->latest_savepoint = new_checkpoint(4);
    stats->latest_failed = new_checkpoint(3);
    assert_ptr_equal(checkpoint_stats_find(stats, 9), stats->history[0]);
    assert_ptr_equal(checkpoint_stats_find(stats, 8), stats->history[2]);
    assert_ptr_equal(checkpoint_stats_find(stats, 5), stats->latest_completed);
    assert_ptr_equal(checkpoint_stats_find(stats, 4), stats->latest_savepoint);
    assert_ptr_equal(checkpoint_stats_find(stats, 3), stats->latest_failed);
    assert_null(checkpoint_stats_find(stats, 6));
    checkpoint_stats_release(stats);
}

static void test_following_moves_every_slot_to_its_newest_version_once(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = new_stats(2);
    struct checkpoint *shared = new_checkpoint(5);
    stats->history[0] = new_checkpoint(6);
    stats->history[1] = shared;
    stats->latest_completed = checkpoint_retain(shared);
    stats->latest_savepoint = new_checkpoint(4);
    stats->latest_failed = new_checkpoint(3);
    struct checkpoint *const untouched = stats->history[0];
    struct checkpoint *const newest = change(change(shared));
    struct checkpoint *const savepoint = change(stats->latest_savepoint);
    struct checkpoint *const failed = change(stats->latest_failed);

    assert_true(checkpoint_stats_follow(stats));
    assert_ptr_equal(stats->history[0], untouched);
    assert_ptr_equal(stats->history[1], newest);
    assert_ptr_equal(stats->latest_completed, newest);
    assert_ptr_equal(stats->latest_savepoint, savepoint);
    assert_ptr_equal(stats->latest_failed, failed);
    assert_int_equal(newest->references, 2);
    assert_false(checkpoint_stats_follow(stats));
    checkpoint_stats_release(stats);
}

static void test_following_leaves_other_snapshots_where_they_are(void **state)
{
    (void)state;
    struct checkpoint *entry = new_checkpoint(5);
    struct checkpoint_stats *moved = new_stats(1), *still = new_stats(1);
    moved->history[0] = entry;
    still->history[0] = checkpoint_retain(entry);
    struct checkpoint *const next = change(entry);
    assert_true(checkpoint_stats_follow(moved));
    assert_ptr_equal(still->history[0], entry);
    assert_ptr_equal(moved->history[0], next);
    checkpoint_stats_release(moved);
    assert_true(checkpoint_stats_follow(still));
    assert_ptr_equal(still->history[0], next);
    checkpoint_stats_release(still);
}

static void test_any_one_slot_that_moves_is_reported(void **state)
{
    (void)state;
    for (int slot = 0; slot < 4; slot++) {
        struct checkpoint_stats *stats = new_stats(1);
        struct checkpoint **const slots[] = {&stats->history[0], &stats->latest_completed,
                                             &stats->latest_savepoint, &stats->latest_failed};
        for (int i = 0; i < 4; i++)
            *slots[i] = new_checkpoint(i);
        change(*slots[slot]);
        assert_true(checkpoint_stats_follow(stats));
        assert_false(checkpoint_stats_follow(stats));
        checkpoint_stats_release(stats);
    }
}

static void test_a_snapshot_lives_until_its_last_holder_lets_go(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = new_stats(1);
    stats->history[0] = new_checkpoint(5);
    assert_ptr_equal(checkpoint_stats_retain(stats), stats);
    checkpoint_stats_release(stats);
    assert_int_equal(stats->history[0]->id, 5);
    checkpoint_stats_release(stats);
}

/* A snapshot with everything that it can own; NULL when out of memory. */
static struct checkpoint_stats *full_stats(void)
{
    struct checkpoint_stats *stats = checkpoint_stats_new(job, 1, 1);
    if (!stats)
        return NULL;
    stats->history[0] = checkpoint_new(5, CHECKPOINT_ALIGNED, 0, layout, 2);
    stats->latest_restored = calloc(1, sizeof *stats->latest_restored);
    if (stats->latest_restored)
        stats->latest_restored->external_path = shared_text_new("/restored");
    struct summary *const summaries[] = {
        &stats->summary.checkpointed_size, &stats->summary.state_size, &stats->summary.duration_ms,
        &stats->summary.processed_data, &stats->summary.persisted_data};
    for (int i = 0; i < 5; i++)
        summaries[i]->samples = samples_new();
    if (!stats->history[0])
        return stats;
    stats->history[0]->external_path = shared_text_new("/path");
    stats->history[0]->failure_message = text_copy("why");
    stats->latest_completed = checkpoint_copy(stats->history[0]);
    return stats;
}

static void build_and_release(void *context, bool may_fail)
{
    (void)context;
    struct checkpoint_stats *stats = full_stats();
    assert_true(stats || may_fail);
    if (!may_fail) {
        assert_non_null(stats->latest_completed);
        assert_string_equal(stats->latest_completed->external_path->bytes, "/path");
    }
    checkpoint_stats_release(stats);
}

static void test_each_allocation_may_fail(void **state)
{
    (void)state;
    /* Snapshot, entry, restored 2, samples 5, texts 2, copy 2. */
    assert_int_equal(fail_each_allocation(build_and_release, NULL), 13);
}

static void test_a_copy_is_whole_or_not_there(void **state)
{
    (void)state;
    struct checkpoint *original = new_checkpoint(5);
    original->external_path = shared_text_new("/path");
    original->failure_message = text_copy("why");
    for (unsigned n = 1; n <= 2; n++) {
        failing_allocator_arm(n);
        struct checkpoint *const copy = checkpoint_copy(original);
        assert_true(failing_allocator_fired());
        assert_null(copy);
    }
    checkpoint_release(original);
}

static void test_a_copied_snapshot_says_the_same_and_follows_alone(void **state)
{
    (void)state;
    struct checkpoint_stats *original = full_stats();
    struct checkpoint_stats *copy = checkpoint_stats_copy(original);
    assert_non_null(copy);
    assert_int_equal(checkpoint_stats_version(copy), checkpoint_stats_version(original));
    assert_ptr_equal(copy->latest_completed, original->latest_completed);
    assert_ptr_equal(copy->latest_restored->external_path,
                     original->latest_restored->external_path);

    struct checkpoint *before = original->latest_completed;
    before->changed = checkpoint_copy(before);
    assert_true(checkpoint_stats_follow(copy));
    assert_ptr_equal(original->latest_completed, before);
    assert_ptr_equal(copy->latest_completed, before->changed);
    checkpoint_stats_release(original);
    checkpoint_stats_release(copy);
}

static void copy_and_release(void *context, bool may_fail)
{
    struct checkpoint_stats *copy = checkpoint_stats_copy(context);
    assert_true(copy || may_fail);
    checkpoint_stats_release(copy);
}

static void test_each_allocation_of_a_copied_snapshot_may_fail(void **state)
{
    (void)state;
    struct checkpoint_stats *original = full_stats();
    assert_int_equal(fail_each_allocation(copy_and_release, original), 2);
    checkpoint_stats_release(original);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_checkpoint_is_in_progress_and_nobody_has_acknowledged),
        cmocka_unit_test(test_a_checkpoint_may_have_no_tasks_and_a_task_no_subtasks),
        cmocka_unit_test(test_a_copy_shares_nothing_but_the_path_with_the_original),
        cmocka_unit_test(test_the_current_version_is_the_last_of_the_chain),
        cmocka_unit_test(test_releasing_a_version_keeps_those_that_someone_else_holds),
        cmocka_unit_test(test_a_chain_of_a_million_versions_is_released_without_deep_recursion),
        cmocka_unit_test(test_the_duration_ends_with_the_last_acknowledgement_or_with_the_failure),
        cmocka_unit_test(test_a_duration_is_never_shorter_than_nothing),
        cmocka_unit_test(test_both_kinds_of_savepoint_are_savepoints),
        cmocka_unit_test(test_a_new_snapshot_is_empty_with_room_for_its_history),
        cmocka_unit_test(test_the_version_counts_every_report_and_leaves_out_the_ones_in_progress),
        cmocka_unit_test(test_entries_are_found_in_the_history_and_among_the_latest),
        cmocka_unit_test(test_following_moves_every_slot_to_its_newest_version_once),
        cmocka_unit_test(test_following_leaves_other_snapshots_where_they_are),
        cmocka_unit_test(test_any_one_slot_that_moves_is_reported),
        cmocka_unit_test(test_a_snapshot_lives_until_its_last_holder_lets_go),
        cmocka_unit_test(test_each_allocation_may_fail),
        cmocka_unit_test(test_a_copy_is_whole_or_not_there),
        cmocka_unit_test(test_a_copied_snapshot_says_the_same_and_follows_alone),
        cmocka_unit_test(test_each_allocation_of_a_copied_snapshot_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
