/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include <math.h>
#include <string.h>

#include "mock_jobmanager/tracker.h"

static const struct id job_id = {.high = 1, .low = 2};
static const struct id vertex_a = {.high = 3, .low = 4};
static const struct id vertex_b = {.high = 5, .low = 6};
static const struct task_layout layout[] = {{{3, 4}, 2}, {{5, 6}, 1}};

static struct tracker *new_tracker(size_t history_count_max)
{
    struct tracker *const tracker = tracker_new(&(struct tracker_config){
        .job = job_id,
        .run = 7,
        .history_count_max = history_count_max,
        .late_savepoint_is_checkpoint = true,
    });
    assert_non_null(tracker);
    return tracker;
}

static void pend_as(struct tracker *tracker, int64_t id, enum checkpoint_type type)
{
    assert_true(tracker_pending(tracker, id, type, 1000 * id, layout, 2));
}

static void pend(struct tracker *tracker, int64_t id)
{
    pend_as(tracker, id, CHECKPOINT_ALIGNED);
}

static void ack(struct tracker *tracker, int64_t id, struct id vertex, int32_t subtask,
                int64_t size)
{
    const struct subtask_stats report = {.ack_ms = 1000 * id + 10 * (subtask + 1),
                                         .checkpointed_size = size,
                                         .state_size = 2 * size,
                                         .processed_data = 3,
                                         .persisted_data = -1};
    assert_true(tracker_acknowledge(tracker, id, vertex, subtask, &report));
}

static void complete(struct tracker *tracker, int64_t id)
{
    struct shared_text *const path = shared_text_new("file:/c/chk");
    assert_non_null(path);
    assert_true(tracker_completed(tracker, id, path));
    shared_text_release(path);
}

static void pend_and_complete(struct tracker *tracker, int64_t id)
{
    pend(tracker, id);
    complete(tracker, id);
}

static struct checkpoint_stats *snap(struct tracker *tracker, int64_t now_us)
{
    struct checkpoint_stats *const stats = tracker_snapshot(tracker, now_us, false);
    assert_non_null(stats);
    return stats;
}

static void assert_counts(const struct checkpoint_stats *stats, int64_t restored, int64_t total,
                          int64_t in_progress, int64_t completed, int64_t failed)
{
    assert_int_equal(stats->counts.restored, restored);
    assert_int_equal(stats->counts.total, total);
    assert_int_equal(stats->counts.in_progress, in_progress);
    assert_int_equal(stats->counts.completed, completed);
    assert_int_equal(stats->counts.failed, failed);
}

static void assert_history(const struct checkpoint_stats *stats, size_t count, const int64_t *ids)
{
    assert_int_equal(stats->history_count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(stats->history[i]->id, ids[i]);
}

static void test_a_new_tracker_shows_nothing(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    struct checkpoint_stats *const stats = snap(tracker, 5);
    assert_counts(stats, 0, 0, 0, 0, 0);
    assert_int_equal(stats->history_count, 0);
    assert_null(stats->latest_completed);
    assert_null(stats->latest_savepoint);
    assert_null(stats->latest_failed);
    assert_null(stats->latest_restored);
    assert_true(stats->enabled);
    assert_int_equal(stats->run, 7);
    assert_int_equal(stats->taken_us, 5);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

/* Source: Flink CheckpointStatsTrackerTest.testCheckpointTracking. */
static void test_reports_move_counts_history_and_latest(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend_and_complete(tracker, 0);
    pend(tracker, 1);
    assert_true(tracker_failed(tracker, 1, 1300, "Task has failed."));
    pend_as(tracker, 2, CHECKPOINT_SAVEPOINT);
    complete(tracker, 2);
    pend(tracker, 3);
    struct shared_text *const path = shared_text_new("file:/c/chk-81");
    assert_non_null(path);
    assert_true(tracker_restored(tracker, 81, 123, false, path));
    shared_text_release(path);

    struct checkpoint_stats *stats = snap(tracker, 0);
    assert_counts(stats, 1, 4, 1, 2, 1);
    assert_history(stats, 4, (int64_t[]){3, 2, 1, 0});
    assert_int_equal(stats->history[0]->status, CHECKPOINT_IN_PROGRESS);
    assert_int_equal(stats->history[2]->status, CHECKPOINT_FAILED);
    assert_int_equal(stats->latest_completed->id, 0);
    assert_int_equal(stats->latest_savepoint->id, 2);
    assert_int_equal(stats->latest_failed->id, 1);
    assert_int_equal(stats->latest_failed->failure_ms, 1300);
    assert_string_equal(stats->latest_failed->failure_message, "Task has failed.");
    assert_int_equal(checkpoint_duration_ms(stats->latest_failed), 300);
    assert_int_equal(stats->latest_restored->id, 81);
    assert_int_equal(stats->latest_restored->restore_ms, 123);
    assert_string_equal(stats->latest_restored->external_path->bytes, "file:/c/chk-81");
    assert_int_equal(stats->summary.state_size.count, 2);
    assert_int_equal(checkpoint_stats_version(stats), 8);
    checkpoint_stats_release(stats);

    assert_true(tracker_failed_without_pending(tracker));
    stats = snap(tracker, 0);
    assert_counts(stats, 1, 5, 1, 2, 2);
    assert_int_equal(stats->history_count, 4);
    assert_int_equal(stats->latest_failed->id, 1);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

/* Source: Flink CheckpointStatsTrackerTest.testTrackerWithoutHistory. */
static void test_without_history_counts_summary_and_latest_still_work(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(0);
    pend_and_complete(tracker, 1);
    pend(tracker, 2);
    struct checkpoint_stats *const stats = snap(tracker, 0);
    assert_counts(stats, 0, 2, 1, 1, 0);
    assert_int_equal(stats->history_count, 0);
    assert_int_equal(stats->latest_completed->id, 1);
    assert_int_equal(stats->summary.state_size.count, 1);
    assert_ptr_equal(checkpoint_stats_find(stats, 1), stats->latest_completed);
    assert_null(checkpoint_stats_find(stats, 2));
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

/* Source: Flink CheckpointStatsHistoryTest.testCheckpointHistory. */
static void test_history_keeps_trigger_order_and_drops_the_oldest(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(3);
    for (int64_t id = 0; id < 3; id++)
        pend(tracker, id);
    struct checkpoint_stats *stats = snap(tracker, 0);
    assert_history(stats, 3, (int64_t[]){2, 1, 0});
    checkpoint_stats_release(stats);

    pend(tracker, 3);
    complete(tracker, 2);
    complete(tracker, 1);
    stats = snap(tracker, 0);
    assert_history(stats, 3, (int64_t[]){3, 2, 1});
    assert_int_equal(stats->history[2]->status, CHECKPOINT_COMPLETED);
    assert_int_equal(stats->history[0]->status, CHECKPOINT_IN_PROGRESS);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

static void test_a_pending_one_out_of_the_ring_still_becomes_latest_and_counts(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(2);
    pend_as(tracker, 5, CHECKPOINT_SAVEPOINT);
    pend(tracker, 6);
    assert_true(tracker_failed(tracker, 6, 6100, NULL));
    pend_and_complete(tracker, 7);
    ack(tracker, 5, vertex_a, 0, 100);
    complete(tracker, 5);
    struct checkpoint_stats *const stats = snap(tracker, 0);
    assert_history(stats, 2, (int64_t[]){7, 6});
    assert_int_equal(stats->latest_savepoint->id, 5);
    assert_int_equal(stats->latest_savepoint->state_size, 200);
    assert_int_equal(stats->latest_completed->id, 7);
    assert_counts(stats, 0, 3, 0, 2, 1);
    assert_int_equal(stats->summary.state_size.count, 2);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

static void test_the_latest_outlives_its_place_in_the_ring(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(1);
    pend_and_complete(tracker, 1);
    pend(tracker, 2);
    struct checkpoint_stats *const stats = snap(tracker, 0);
    assert_history(stats, 1, (int64_t[]){2});
    assert_int_equal(stats->latest_completed->id, 1);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

static void test_latest_is_the_largest_id_whatever_completes_last(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    for (int64_t id = 8; id <= 11; id++)
        pend(tracker, id);
    complete(tracker, 10);
    complete(tracker, 9);
    assert_true(tracker_failed(tracker, 11, 11100, NULL));
    assert_true(tracker_failed(tracker, 8, 11200, NULL));
    struct checkpoint_stats *const stats = snap(tracker, 0);
    assert_int_equal(stats->latest_completed->id, 10);
    assert_int_equal(stats->latest_failed->id, 11);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

static void complete_savepoints_out_of_order(struct tracker *tracker)
{
    pend_and_complete(tracker, 7);
    pend_as(tracker, 8, CHECKPOINT_SAVEPOINT);
    pend_as(tracker, 9, CHECKPOINT_SYNC_SAVEPOINT);
    complete(tracker, 9);
    complete(tracker, 8);
}

static void test_a_late_savepoint_is_filed_as_a_checkpoint(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    complete_savepoints_out_of_order(tracker);
    struct checkpoint_stats *const stats = snap(tracker, 0);
    assert_int_equal(stats->latest_savepoint->id, 9);
    assert_int_equal(stats->latest_completed->id, 8);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

static void test_a_late_savepoint_is_filed_nowhere_once_that_is_mended(void **state)
{
    (void)state;
    struct tracker *const tracker =
        tracker_new(&(struct tracker_config){.job = job_id, .history_count_max = 10});
    complete_savepoints_out_of_order(tracker);
    struct checkpoint_stats *const stats = snap(tracker, 0);
    assert_int_equal(stats->latest_savepoint->id, 9);
    assert_int_equal(stats->latest_completed->id, 7);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

/* Source: Flink CheckpointStatsCountsTest.testCompleteOrFailWithoutInProgressCheckpoint. */
static void test_ends_of_unknown_checkpoints_count_and_never_go_below_zero(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    complete(tracker, 4);
    assert_true(tracker_failed(tracker, 5, 0, NULL));
    struct checkpoint_stats *const stats = snap(tracker, 0);
    assert_counts(stats, 0, 0, 0, 1, 1);
    assert_int_equal(stats->history_count, 0);
    assert_null(stats->latest_completed);
    assert_null(stats->latest_failed);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

/* Source: Flink PendingCheckpointStatsTest.testReportSubtaskStats. */
static void test_acknowledgements_add_up_and_bad_ones_change_nothing(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend(tracker, 1);
    ack(tracker, 1, vertex_a, 0, 10);
    ack(tracker, 1, vertex_a, 0, 10);
    ack(tracker, 1, job_id, 0, 10);
    ack(tracker, 1, vertex_a, 2, 10);
    ack(tracker, 1, vertex_a, -1, 10);
    ack(tracker, 2, vertex_a, 1, 10);
    struct checkpoint_stats *stats = snap(tracker, 0);
    assert_int_equal(stats->history[0]->acknowledged_count, 1);
    assert_int_equal(stats->history[0]->subtask_count, 3);
    checkpoint_stats_release(stats);

    ack(tracker, 1, vertex_b, 0, 30);
    ack(tracker, 1, vertex_a, 1, 20);
    complete(tracker, 1);
    stats = snap(tracker, 0);
    const struct checkpoint *const entry = stats->latest_completed;
    assert_int_equal(entry->acknowledged_count, 3);
    assert_int_equal(entry->checkpointed_size, 60);
    assert_int_equal(entry->state_size, 120);
    assert_int_equal(entry->processed_data, 9);
    assert_int_equal(entry->persisted_data, 0);
    assert_int_equal(entry->latest_ack_ms, 1020);
    assert_true(entry->tasks[0].subtasks[1].acknowledged);
    assert_int_equal(entry->tasks[0].subtasks[1].checkpointed_size, 20);
    assert_int_equal(stats->summary.duration_ms.max, 20);
    assert_string_equal(entry->external_path->bytes, "file:/c/chk");
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

/* Source: Flink CheckpointStatsTrackerTest.testCreateSnapshot. */
static void test_a_report_after_the_failure_is_shown_as_aborted_and_not_counted(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend(tracker, 1);
    ack(tracker, 1, vertex_b, 0, 10);
    assert_true(tracker_failed(tracker, 1, 1500, "Task has failed."));
    ack(tracker, 1, vertex_a, 1, 10);
    ack(tracker, 1, vertex_b, 0, 10); /* acknowledged before */
    struct checkpoint_stats *const stats = snap(tracker, 1);
    const struct checkpoint *const failed = stats->history[0];
    assert_int_equal(failed->acknowledged_count, 1);
    assert_int_equal(failed->checkpointed_size, 10);
    assert_false(failed->tasks[0].subtasks[0].aborted);
    assert_true(failed->tasks[0].subtasks[1].aborted);
    assert_false(failed->tasks[0].subtasks[1].acknowledged);
    assert_int_equal(failed->tasks[0].subtasks[1].ack_ms, 1020);
    assert_int_equal(failed->tasks[0].subtasks[1].checkpointed_size, 0);
    assert_true(failed->tasks[1].subtasks[0].acknowledged);
    assert_false(failed->tasks[1].subtasks[0].aborted);
    checkpoint_stats_release(stats);
    tracker_free(tracker);
}

static void test_the_same_snapshot_is_given_until_something_is_reported(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    struct checkpoint_stats *snapshots[4];
    size_t count = 0;
    snapshots[count++] = snap(tracker, 1);
    struct checkpoint_stats *const again = snap(tracker, 2);
    assert_ptr_equal(again, snapshots[0]);
    checkpoint_stats_release(again);

    pend(tracker, 1);
    snapshots[count++] = snap(tracker, 3);
    complete(tracker, 1);
    snapshots[count++] = snap(tracker, 4);
    assert_true(tracker_restored(tracker, 1, 4, false, NULL));
    snapshots[count++] = snap(tracker, 5);
    for (size_t i = 1; i < count; i++) {
        assert_ptr_not_equal(snapshots[i], snapshots[i - 1]);
        assert_int_equal(checkpoint_stats_version(snapshots[i]),
                         checkpoint_stats_version(snapshots[i - 1]) + 1);
    }
    for (size_t i = 0; i < count; i++)
        checkpoint_stats_release(snapshots[i]);
    tracker_free(tracker);
}

static void test_a_busy_lock_gives_the_previous_snapshot_however_old(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend(tracker, 1);
    struct checkpoint_stats *const first = tracker_snapshot(tracker, 1, true);
    assert_int_equal(first->history_count, 1);
    complete(tracker, 1);
    pend(tracker, 2);
    struct checkpoint_stats *const busy = tracker_snapshot(tracker, 2, true);
    assert_ptr_equal(busy, first);
    struct checkpoint_stats *const free_again = tracker_snapshot(tracker, 3, false);
    assert_int_equal(free_again->history_count, 2);
    assert_int_equal(free_again->taken_us, 3);
    checkpoint_stats_release(first);
    checkpoint_stats_release(busy);
    checkpoint_stats_release(free_again);
    tracker_free(tracker);
}

static void test_a_snapshot_stays_frozen_and_can_follow_acknowledgements(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend(tracker, 1);
    struct checkpoint_stats *const given = snap(tracker, 1);
    ack(tracker, 1, vertex_a, 0, 10);
    ack(tracker, 1, vertex_a, 1, 10);
    assert_int_equal(given->history[0]->acknowledged_count, 0);
    assert_int_equal(checkpoint_current(given->history[0])->acknowledged_count, 2);

    assert_true(checkpoint_stats_follow(given));
    assert_int_equal(given->history[0]->acknowledged_count, 2);
    ack(tracker, 1, vertex_b, 0, 10);
    assert_int_equal(given->history[0]->acknowledged_count, 2);
    assert_true(checkpoint_stats_follow(given));
    assert_int_equal(given->history[0]->acknowledged_count, 3);
    assert_false(checkpoint_stats_follow(given));
    checkpoint_stats_release(given);
    tracker_free(tracker);
}

static void test_a_fresh_snapshot_shows_acknowledgements_without_a_new_version(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend(tracker, 1);
    struct checkpoint_stats *const before = snap(tracker, 1);
    ack(tracker, 1, vertex_a, 0, 10);
    struct checkpoint_stats *const after = snap(tracker, 2);
    assert_int_equal(before->history[0]->acknowledged_count, 0);
    assert_int_equal(after->history[0]->acknowledged_count, 1);
    assert_int_equal(after->taken_us, 2);
    assert_int_equal(checkpoint_stats_version(after), checkpoint_stats_version(before));
    checkpoint_stats_release(before);
    checkpoint_stats_release(after);
    tracker_free(tracker);
}

static void test_a_completion_replaces_the_entry_and_is_not_followed(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend(tracker, 1);
    pend(tracker, 2);
    struct checkpoint_stats *const given = snap(tracker, 1);
    ack(tracker, 1, vertex_a, 0, 10);
    complete(tracker, 1);
    assert_true(tracker_failed(tracker, 2, 0, NULL));
    checkpoint_stats_follow(given);
    assert_int_equal(given->history[0]->status, CHECKPOINT_IN_PROGRESS);
    assert_int_equal(given->history[1]->status, CHECKPOINT_IN_PROGRESS);
    assert_int_equal(given->history[1]->acknowledged_count, 1);
    struct checkpoint_stats *const now = snap(tracker, 2);
    assert_int_equal(now->history[0]->status, CHECKPOINT_FAILED);
    assert_int_equal(now->history[1]->status, CHECKPOINT_COMPLETED);
    checkpoint_stats_release(given);
    checkpoint_stats_release(now);
    tracker_free(tracker);
}

static void test_a_discard_shows_everywhere_without_a_new_version(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend_and_complete(tracker, 1);
    struct checkpoint_stats *const before = snap(tracker, 1);
    assert_true(tracker_discarded(tracker, 1));
    assert_true(tracker_discarded(tracker, 1));
    assert_true(tracker_discarded(tracker, 99));
    assert_false(before->latest_completed->discarded);
    struct checkpoint_stats *const after = snap(tracker, 2);
    assert_true(after->latest_completed->discarded);
    assert_ptr_equal(after->latest_completed, after->history[0]);
    assert_int_equal(checkpoint_stats_version(after), checkpoint_stats_version(before));
    assert_true(checkpoint_stats_follow(before));
    assert_true(before->history[0]->discarded);
    assert_true(before->latest_completed->discarded);
    checkpoint_stats_release(before);
    checkpoint_stats_release(after);
    tracker_free(tracker);
}

static void test_a_discard_reaches_snapshots_that_still_show_what_left_the_ring(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(1);
    pend_and_complete(tracker, 1);
    struct checkpoint_stats *const given = snap(tracker, 1);
    pend_and_complete(tracker, 2);
    checkpoint_stats_release(snap(tracker, 2));
    assert_true(tracker_discarded(tracker, 1));
    assert_false(given->history[0]->discarded);
    assert_true(checkpoint_stats_follow(given));
    assert_true(given->history[0]->discarded);
    checkpoint_stats_release(given);
    pend_and_complete(tracker, 3);
    pend_and_complete(tracker, 4);
    tracker_free(tracker);
}

static void test_a_busy_lock_still_shows_discards_and_keeps_the_time_of_the_snapshot(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend_and_complete(tracker, 1);
    checkpoint_stats_release(snap(tracker, 1));
    pend_and_complete(tracker, 2);
    assert_true(tracker_discarded(tracker, 1));
    struct checkpoint_stats *const busy = tracker_snapshot(tracker, 9, true);
    assert_int_equal(busy->taken_us, 1);
    assert_int_equal(busy->history_count, 1);
    assert_true(busy->latest_completed->discarded);
    checkpoint_stats_release(busy);
    tracker_free(tracker);
}

static void test_an_old_snapshot_keeps_its_summary(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    pend(tracker, 1);
    ack(tracker, 1, vertex_a, 0, 10);
    complete(tracker, 1);
    struct checkpoint_stats *const before = snap(tracker, 1);
    pend(tracker, 2);
    ack(tracker, 2, vertex_a, 0, 30);
    complete(tracker, 2);
    struct checkpoint_stats *const after = snap(tracker, 2);
    double values[SUMMARY_PERCENTILES];
    assert_true(summary_percentiles(&before->summary.checkpointed_size, values));
    assert_true(fabs(values[SUMMARY_P99] - 10) < 1e-9);
    assert_true(summary_percentiles(&after->summary.checkpointed_size, values));
    assert_true(fabs(values[SUMMARY_P99] - 30) < 1e-9);
    assert_int_equal(before->summary.checkpointed_size.max, 10);
    assert_int_equal(after->summary.checkpointed_size.sum, 40);
    checkpoint_stats_release(before);
    tracker_free(tracker);
    assert_int_equal(after->summary.checkpointed_size.max, 30);
    checkpoint_stats_release(after);
}

static void test_ids_near_the_largest_number_are_compared_as_numbers(void **state)
{
    (void)state;
    struct tracker *const tracker = new_tracker(10);
    const int64_t ids[] = {9,        10, 99, 100, INT64_C(2147483648), INT64_C(9007199254740993),
                           INT64_MAX};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        assert_true(tracker_pending(tracker, ids[i], CHECKPOINT_ALIGNED, 0, layout, 2));
        complete(tracker, ids[i]);
        struct checkpoint_stats *const stats = snap(tracker, 0);
        assert_true(stats->latest_completed->id == ids[i]);
        checkpoint_stats_release(stats);
    }
    tracker_free(tracker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_tracker_shows_nothing),
        cmocka_unit_test(test_reports_move_counts_history_and_latest),
        cmocka_unit_test(test_without_history_counts_summary_and_latest_still_work),
        cmocka_unit_test(test_history_keeps_trigger_order_and_drops_the_oldest),
        cmocka_unit_test(test_a_pending_one_out_of_the_ring_still_becomes_latest_and_counts),
        cmocka_unit_test(test_the_latest_outlives_its_place_in_the_ring),
        cmocka_unit_test(test_latest_is_the_largest_id_whatever_completes_last),
        cmocka_unit_test(test_a_late_savepoint_is_filed_as_a_checkpoint),
        cmocka_unit_test(test_a_late_savepoint_is_filed_nowhere_once_that_is_mended),
        cmocka_unit_test(test_ends_of_unknown_checkpoints_count_and_never_go_below_zero),
        cmocka_unit_test(test_acknowledgements_add_up_and_bad_ones_change_nothing),
        cmocka_unit_test(test_a_report_after_the_failure_is_shown_as_aborted_and_not_counted),
        cmocka_unit_test(test_the_same_snapshot_is_given_until_something_is_reported),
        cmocka_unit_test(test_a_busy_lock_gives_the_previous_snapshot_however_old),
        cmocka_unit_test(test_a_snapshot_stays_frozen_and_can_follow_acknowledgements),
        cmocka_unit_test(test_a_fresh_snapshot_shows_acknowledgements_without_a_new_version),
        cmocka_unit_test(test_a_completion_replaces_the_entry_and_is_not_followed),
        cmocka_unit_test(test_a_discard_shows_everywhere_without_a_new_version),
        cmocka_unit_test(test_a_discard_reaches_snapshots_that_still_show_what_left_the_ring),
        cmocka_unit_test(test_a_busy_lock_still_shows_discards_and_keeps_the_time_of_the_snapshot),
        cmocka_unit_test(test_an_old_snapshot_keeps_its_summary),
        cmocka_unit_test(test_ids_near_the_largest_number_are_compared_as_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
