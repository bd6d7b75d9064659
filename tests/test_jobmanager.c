/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/mock_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EVENT(at_ms, what, ...)                                    \
    {                                                              \
        .at_us = (at_ms)*MS, .kind = JOB_EVENT_##what, __VA_ARGS__ \
    }

static void start(struct mock *mock, const struct job_event *events, size_t count)
{
    const struct jobmanager_config config = mock_config(&mock_job_j, 1, events, count);
    mock_start(mock, &config);
}

static void assert_latest(struct mock *mock, int64_t now_us, int64_t id)
{
    struct fetch_result result = mock_statistics(mock, now_us, mock_job_j.id);
    assert_int_equal(result.outcome, OUTCOME_OK);
    if (id == 0)
        assert_null(result.stats->latest_completed);
    else
        assert_int_equal(result.stats->latest_completed->id, id);
    fetch_result_clear(&result);
}

static void test_a_job_that_exists_at_start_runs_at_time_zero(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, NULL, 0);
    assert_int_equal(mock.log_count, 2);
    assert_int_equal(mock.log[0].kind, JOURNAL_RUN_BEGAN);
    assert_int_equal(mock.log[0].run, 1);
    assert_int_equal(mock.log[0].at_us, 0);
    assert_true(id_equal(mock.log[0].job_id, mock_job_j.id));
    assert_int_equal(mock.log[1].kind, JOURNAL_STATE);
    assert_int_equal(mock.log[1].state, JOB_RUNNING);
    assert_true(jobmanager_due(mock.jobmanager, NULL) == INT64_MAX);
    mock_stop(&mock);
}

static void test_a_completion_begins_is_stored_and_then_shows(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(90, COMPLETES, .checkpoint = 10, .takes_us = 50 * MS)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    assert_true(jobmanager_due(mock.jobmanager, NULL) == 40 * MS);
    mock_run(&mock, 90 * MS - 1);
    struct fetch_result result = mock_statistics(&mock, 90 * MS - 1, mock_job_j.id);
    assert_int_equal(result.stats->counts.in_progress, 1);
    assert_int_equal(result.stats->history[0]->trigger_ms, 1000040);
    assert_int_equal(result.stats->history[0]->acknowledged_count, 0);
    fetch_result_clear(&result);

    mock_run(&mock, 90 * MS);
    mock_assert_course(&mock, 10,
                       (enum journal_kind[]){JOURNAL_BEGAN, JOURNAL_DURABLE, JOURNAL_VISIBLE}, 3);
    const struct journal_entry *const visible = mock_line(&mock, JOURNAL_VISIBLE, 10, 0);
    assert_int_equal(visible->at_us, 90 * MS);
    assert_int_equal(visible->trigger_ms, 1000040);
    assert_false(visible->is_savepoint);
    assert_string_equal(visible->path, MOCK_J_PATH(10));

    result = mock_statistics(&mock, 90 * MS, mock_job_j.id);
    const struct checkpoint *const latest = result.stats->latest_completed;
    assert_int_equal(latest->id, 10);
    assert_int_equal(latest->latest_ack_ms, 1000090);
    assert_int_equal(latest->acknowledged_count, 3);
    assert_int_equal(latest->state_size, 100);
    assert_int_equal(latest->checkpointed_size, 100);
    assert_int_equal(latest->tasks[0].subtasks[0].state_size, 34);
    assert_int_equal(latest->tasks[1].subtasks[0].state_size, 33);
    assert_int_equal(checkpoint_duration_ms(latest), 50);
    assert_string_equal(latest->external_path->bytes, MOCK_J_PATH(10));
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_ids_may_jump_and_automatic_ones_follow_the_largest(void **state)
{
    (void)state;
    const struct job_event events[] = {
        EVENT(10, COMPLETES, 0), EVENT(20, COMPLETES, .checkpoint = 40),
        EVENT(30, COMPLETES, .checkpoint = 7), EVENT(40, COMPLETES, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 50 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, -1, 0)->checkpoint, 1);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, -1, 3)->checkpoint, 41);
    assert_latest(&mock, 50 * MS, 41);
    mock_stop(&mock);
}

static void test_events_at_one_instant_run_in_the_order_given(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 3),
                                       EVENT(10, COMPLETES, .checkpoint = 2),
                                       EVENT(5, COMPLETES, .checkpoint = 1)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 10 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, -1, 0)->checkpoint, 1);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, -1, 1)->checkpoint, 3);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, -1, 2)->checkpoint, 2);
    mock_stop(&mock);
}

static void test_a_trigger_without_id_is_ended_by_the_next_end_without_id(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, TRIGGERS, 0), EVENT(20, ACKNOWLEDGES, 0),
                                       EVENT(30, COMPLETES, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    struct fetch_result result = mock_statistics(&mock, 20 * MS, mock_job_j.id);
    assert_int_equal(result.stats->history[0]->acknowledged_count, 1);
    fetch_result_clear(&result);
    mock_run(&mock, 30 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 1, 0)->at_us, 30 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 1, 0)->trigger_ms, 1000010);
    assert_int_equal(mock_count(&mock, JOURNAL_BEGAN), 1);
    mock_stop(&mock);
}

static void test_a_completion_begins_with_the_last_acknowledgement(void **state)
{
    (void)state;
    const struct job_event events[] = {
        EVENT(10, TRIGGERS, .checkpoint = 5),     EVENT(11, ACKNOWLEDGES, .checkpoint = 5),
        EVENT(12, ACKNOWLEDGES, .checkpoint = 5), EVENT(13, ACKNOWLEDGES, .checkpoint = 5),
        EVENT(14, ACKNOWLEDGES, .checkpoint = 5), EVENT(30, COMPLETES, .checkpoint = 5)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 12 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_BEGAN), 0);
    mock_run(&mock, 30 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_BEGAN, 5, 0)->at_us, 13 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_BEGAN), 1);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 5, 0)->at_us, 30 * MS);
    mock_stop(&mock);
}

static void test_a_named_subtask_acknowledges_before_its_turn(void **state)
{
    (void)state;
    const struct job_event events[] = {
        EVENT(10, TRIGGERS, .checkpoint = 5),
        EVENT(11, ACKNOWLEDGES, .checkpoint = 5, .subtask = 3),
        EVENT(12, ACKNOWLEDGES, .checkpoint = 5, .subtask = 3),
        EVENT(12, ACKNOWLEDGES, .checkpoint = 5, .subtask = 4),
        EVENT(13, ACKNOWLEDGES, .checkpoint = 5),
        EVENT(30, COMPLETES, .checkpoint = 5),
    };
    struct mock mock;
    start(&mock, events, COUNT(events));
    struct fetch_result result = mock_statistics(&mock, 12 * MS, mock_job_j.id);
    const struct checkpoint *pending = result.stats->history[0];
    assert_int_equal(pending->acknowledged_count, 1);
    assert_false(pending->tasks[0].subtasks[0].acknowledged);
    assert_true(pending->tasks[1].subtasks[0].acknowledged);
    fetch_result_clear(&result);
    result = mock_statistics(&mock, 30 * MS, mock_job_j.id);
    const struct checkpoint *completed = result.stats->history[0];
    assert_int_equal(completed->acknowledged_count, 3);
    assert_int_equal(completed->tasks[1].subtasks[0].ack_ms, 1000011);
    assert_int_equal(completed->checkpointed_size, 100);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_failed_checkpoint_says_when_and_why(void **state)
{
    (void)state;
    const struct job_event events[] = {
        EVENT(100, FAILS_CHECKPOINT, .checkpoint = 4, .takes_us = 60 * MS, .message = "Expired."),
        EVENT(200, FAILS_CHECKPOINT, 0), EVENT(300, FAILS_TO_TRIGGER, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 300 * MS);
    struct fetch_result result = mock_statistics(&mock, 300 * MS, mock_job_j.id);
    assert_int_equal(result.stats->counts.failed, 3);
    assert_int_equal(result.stats->counts.total, 3);
    assert_int_equal(result.stats->history_count, 2);
    assert_string_equal(result.stats->history[1]->failure_message, "Expired.");
    assert_int_equal(checkpoint_duration_ms(result.stats->history[1]), 60);
    assert_string_equal(result.stats->latest_failed->failure_message, "Task has failed.");
    assert_int_equal(result.stats->latest_failed->id, 5);
    fetch_result_clear(&result);
    assert_int_equal(mock_count(&mock, JOURNAL_FAILED), 3);
    mock_stop(&mock);
}

static void test_statistics_may_lag_the_announcement_by_the_gap(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(100, COMPLETES, .checkpoint = 1)};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, events, COUNT(events));
    config.quirks.announces_before_statistics = true;
    config.announce_gap_us = 8 * MS;
    struct mock mock;
    mock_start(&mock, &config);
    mock_run(&mock, 100 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_DURABLE, 1, 0)->at_us, 100 * MS);
    assert_latest(&mock, 108 * MS - 1, 0);
    assert_latest(&mock, 108 * MS, 1);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 1, 0)->at_us, 108 * MS);
    mock_stop(&mock);
}

static void test_who_ends_the_job_in_the_gap_finds_the_checkpoint_shown(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(100, COMPLETES, .checkpoint = 1),
                                       EVENT(104, IS_CANCELLED, 0)};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, events, COUNT(events));
    config.quirks.announces_before_statistics = true;
    config.announce_gap_us = 8 * MS;
    struct mock mock;
    mock_start(&mock, &config);
    mock_run(&mock, 200 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 1, 0)->at_us, 104 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_FAILED), 0);
    assert_latest(&mock, 200 * MS, 1);
    mock_stop(&mock);
}

static void test_a_phantom_shows_before_it_is_durable_and_recovery_misses_it(void **state)
{
    (void)state;
    const struct job_event events[] = {
        EVENT(10, COMPLETES, .checkpoint = 19),
        EVENT(100, COMPLETES, .checkpoint = 20, .durable_after_us = 50 * MS),
        EVENT(120, FAILS_OVER, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    assert_latest(&mock, 100 * MS, 20);
    assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), 0);
    mock_run(&mock, 300 * MS);
    assert_null(mock_line(&mock, JOURNAL_DURABLE, 20, 0));
    assert_int_equal(mock_line(&mock, JOURNAL_RESTORED, -1, 0)->checkpoint, 19);
    mock_stop(&mock);
}

static void test_a_late_store_is_durable_when_it_says(void **state)
{
    (void)state;
    const struct job_event events[] = {
        EVENT(10, COMPLETES, .checkpoint = 19),
        EVENT(100, COMPLETES, .checkpoint = 20, .durable_after_us = 50 * MS)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 150 * MS - 1);
    assert_null(mock_line(&mock, JOURNAL_DURABLE, 20, 0));
    mock_run(&mock, 150 * MS);
    mock_assert_course(&mock, 20,
                       (enum journal_kind[]){JOURNAL_BEGAN, JOURNAL_VISIBLE, JOURNAL_DURABLE}, 3);
    assert_int_equal(mock_line(&mock, JOURNAL_DISCARDED, 19, 0)->at_us, 150 * MS);
    mock_stop(&mock);
}

static void test_retention_keeps_the_newest_and_leaves_savepoints_alone(void **state)
{
    (void)state;
    const struct job_event events[] = {
        EVENT(10, COMPLETES, .checkpoint = 1), EVENT(20, COMPLETES, .checkpoint = 2),
        EVENT(30, COMPLETES, .checkpoint = 3, .type = CHECKPOINT_SAVEPOINT),
        EVENT(40, COMPLETES, .checkpoint = 4)};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, events, COUNT(events));
    config.retained_count = 2;
    struct mock mock;
    mock_start(&mock, &config);
    mock_run(&mock, 40 * MS - 1);
    assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), 0);
    assert_string_equal(mock_line(&mock, JOURNAL_VISIBLE, 3, 0)->path,
                        "file:/flink/savepoints/savepoint-130923-3");
    assert_true(mock_line(&mock, JOURNAL_VISIBLE, 3, 0)->is_savepoint);
    mock_run(&mock, 40 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), 1);
    const struct journal_entry *const discarded = mock_line(&mock, JOURNAL_DISCARDED, 1, 0);
    assert_string_equal(discarded->path, MOCK_J_PATH(1));
    assert_true(discarded < mock_line(&mock, JOURNAL_VISIBLE, 4, 0));
    assert_true(discarded > mock_line(&mock, JOURNAL_DURABLE, 4, 0));
    struct fetch_result result = mock_statistics(&mock, 40 * MS, mock_job_j.id);
    assert_true(checkpoint_stats_find(result.stats, 1)->discarded);
    assert_false(checkpoint_stats_find(result.stats, 2)->discarded);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_discard_by_plan_kills_the_path_once(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 1),
                                       EVENT(20, DISCARDS, .checkpoint = 1),
                                       EVENT(30, DISCARDS, .checkpoint = 1)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 40 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), 1);
    struct fetch_result result = mock_statistics(&mock, 40 * MS, mock_job_j.id);
    assert_true(result.stats->latest_completed->discarded);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_restart_fails_what_is_pending_and_restores_the_latest(void **state)
{
    (void)state;
    const struct job_event events[] = {
        EVENT(10, COMPLETES, .checkpoint = 1),
        EVENT(20, COMPLETES, .checkpoint = 2, .type = CHECKPOINT_SAVEPOINT), EVENT(30, TRIGGERS, 0),
        EVENT(40, RESTARTS, .takes_us = 25 * MS), EVENT(70, COMPLETES, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 65 * MS - 1);
    assert_int_equal(mock_line(&mock, JOURNAL_STATE, -1, 1)->state, JOB_RESTARTING);
    assert_null(mock_line(&mock, JOURNAL_RESTORED, -1, 0));
    struct fetch_result result = mock_statistics(&mock, 65 * MS - 1, mock_job_j.id);
    assert_string_equal(result.stats->latest_failed->failure_message,
                        "Checkpoint Coordinator is suspending.");
    assert_int_equal(result.stats->latest_completed->id, 1);
    fetch_result_clear(&result);

    mock_run(&mock, 70 * MS);
    const struct journal_entry *const restored = mock_line(&mock, JOURNAL_RESTORED, 2, 0);
    assert_int_equal(restored->at_us, 65 * MS);
    assert_int_equal(restored->run, 1);
    assert_true(restored->is_savepoint);
    assert_int_equal(mock_line(&mock, JOURNAL_STATE, -1, 2)->state, JOB_RUNNING);
    assert_non_null(mock_line(&mock, JOURNAL_VISIBLE, 4, 0));
    result = mock_statistics(&mock, 70 * MS, mock_job_j.id);
    assert_int_equal(result.stats->counts.restored, 1);
    assert_int_equal(result.stats->counts.completed, 3);
    assert_int_equal(result.stats->counts.failed, 1);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_checkpoint_under_way_when_the_job_restarts_is_lost(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(100, COMPLETES, .checkpoint = 1, .takes_us = 80 * MS),
                                       EVENT(50, RESTARTS, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 200 * MS);
    mock_assert_course(&mock, 1, (enum journal_kind[]){JOURNAL_FAILED}, 1);
    assert_null(mock_line(&mock, JOURNAL_RESTORED, -1, 0));
    mock_stop(&mock);
}

static void test_a_rescale_loses_no_counts(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 40),
                                       EVENT(20, RESCALES, 0), EVENT(30, COMPLETES, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 30 * MS);
    struct fetch_result result = mock_statistics(&mock, 30 * MS, mock_job_j.id);
    assert_int_equal(result.stats->counts.completed, 2);
    assert_int_equal(result.stats->counts.restored, 1);
    assert_int_equal(result.stats->latest_completed->id, 41);
    assert_int_equal(result.stats->run, 1);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_losing_the_jobmanager_empties_statistics_and_ids_go_on(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 40),
                                       EVENT(20, FAILS_OVER, .takes_us = 5 * MS),
                                       EVENT(30, COMPLETES, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    struct fetch_result result = mock_statistics(&mock, 25 * MS - 1, mock_job_j.id);
    assert_int_equal(result.outcome, OUTCOME_JOB_INITIALIZING);
    result = mock_statistics(&mock, 25 * MS, mock_job_j.id);
    assert_int_equal(result.stats->run, 2);
    assert_int_equal(result.stats->counts.completed, 0);
    assert_int_equal(result.stats->counts.restored, 1);
    assert_null(result.stats->latest_completed);
    assert_int_equal(result.stats->latest_restored->id, 40);
    assert_string_equal(result.stats->latest_restored->external_path->bytes, MOCK_J_PATH(40));
    fetch_result_clear(&result);
    assert_latest(&mock, 30 * MS, 41);
    assert_int_equal(mock_line(&mock, JOURNAL_DISCARDED, 40, 0)->run, 1);
    assert_int_equal(mock_line(&mock, JOURNAL_RESTORED, 40, 0)->run, 2);
    mock_stop(&mock);
}

static void test_starting_over_counts_from_one_in_a_new_run(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 50),
                                       EVENT(20, STARTS_OVER, 0), EVENT(30, COMPLETES, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 30 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_RUN_BEGAN, -1, 1)->run, 2);
    assert_null(mock_line(&mock, JOURNAL_RESTORED, -1, 0));
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 1, 0)->run, 2);
    assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), 0);
    assert_latest(&mock, 30 * MS, 1);
    mock_stop(&mock);
}

static void test_a_job_appears_initializes_and_runs(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    plan.exists_at_start = false;
    plan.first_checkpoint_id = 500;
    const struct job_event events[] = {EVENT(5, COMPLETES, 0), EVENT(10, INITIALIZES, 0),
                                       EVENT(20, FAILS_TO_TRIGGER, 0), EVENT(30, RUNS, 0),
                                       EVENT(40, COMPLETES, 0)};
    const struct jobmanager_config config = mock_config(&plan, 1, events, COUNT(events));
    struct mock mock;
    mock_start(&mock, &config);
    assert_int_equal(mock.log_count, 0);
    struct fetch_result result = mock_statistics(&mock, 10 * MS - 1, plan.id);
    assert_int_equal(result.outcome, OUTCOME_JOB_NOT_FOUND);
    result = mock_statistics(&mock, 10 * MS, plan.id);
    assert_int_equal(result.outcome, OUTCOME_JOB_INITIALIZING);
    mock_run(&mock, 30 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_RUN_BEGAN), 1);
    result = mock_statistics(&mock, 30 * MS, plan.id);
    assert_int_equal(result.stats->counts.failed, 1);
    assert_int_equal(result.stats->history_count, 0);
    assert_null(result.stats->latest_failed);
    fetch_result_clear(&result);
    assert_latest(&mock, 40 * MS, 500);
    mock_stop(&mock);
}

static void test_a_restore_by_plan_moves_the_ids_on(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, RESTORES, .checkpoint = 42,
                                             .path = "file:/elsewhere/savepoint-1",
                                             .type = CHECKPOINT_SAVEPOINT),
                                       EVENT(20, COMPLETES, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 20 * MS);
    assert_string_equal(mock_line(&mock, JOURNAL_RESTORED, 42, 0)->path,
                        "file:/elsewhere/savepoint-1");
    struct fetch_result result = mock_statistics(&mock, 20 * MS, mock_job_j.id);
    assert_true(result.stats->latest_restored->is_savepoint);
    assert_int_equal(result.stats->latest_completed->id, 43);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_restore_of_what_was_never_seen_here_has_the_path_it_would_have(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, RESTORES, .checkpoint = 5)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 10 * MS);
    assert_string_equal(mock_line(&mock, JOURNAL_RESTORED, 5, 0)->path, MOCK_J_PATH(5));
    struct fetch_result result = mock_statistics(&mock, 10 * MS, mock_job_j.id);
    assert_int_equal(result.stats->latest_restored->id, 5);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void run_to_end(struct mock *mock, enum job_event_kind end)
{
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 8),
                                       EVENT(20, TRIGGERS, 0),
                                       {.at_us = 30 * MS, .kind = end}};
    start(mock, events, COUNT(events));
    mock_run(mock, 30 * MS);
}

static void test_a_finished_job_discards_what_it_retained_and_says_so(void **state)
{
    (void)state;
    struct mock mock;
    run_to_end(&mock, JOB_EVENT_FINISHES);
    assert_int_equal(mock_line(&mock, JOURNAL_DISCARDED, 8, 0)->at_us, 30 * MS);
    struct fetch_result result = mock_statistics(&mock, 30 * MS, mock_job_j.id);
    assert_int_equal(result.stats->latest_completed->id, 8);
    assert_true(result.stats->latest_completed->discarded);
    assert_int_equal(result.stats->counts.in_progress, 0);
    assert_int_equal(result.stats->counts.failed, 1);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_failed_or_cancelled_job_keeps_what_it_retained(void **state)
{
    (void)state;
    const enum job_event_kind ends[] = {JOB_EVENT_FAILS, JOB_EVENT_IS_CANCELLED};
    const enum job_status through[] = {JOB_FAILING, JOB_CANCELLING};
    const enum job_status at_last[] = {JOB_FAILED, JOB_CANCELED};
    for (size_t i = 0; i < 2; i++) {
        struct mock mock;
        run_to_end(&mock, ends[i]);
        assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), 0);
        assert_int_equal(mock_line(&mock, JOURNAL_STATE, -1, 1)->state, through[i]);
        assert_int_equal(mock_line(&mock, JOURNAL_STATE, -1, 2)->state, at_last[i]);
        struct fetch_result result = mock_statistics(&mock, 30 * MS, mock_job_j.id);
        assert_false(result.stats->latest_completed->discarded);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

static void test_retention_may_give_up_what_a_cancelled_or_failed_job_retained(void **state)
{
    (void)state;
    const enum job_event_kind ends[] = {JOB_EVENT_FAILS, JOB_EVENT_IS_CANCELLED};
    for (size_t i = 0; i < 4; i++) {
        const bool cancelled = i % 2 == 1, loses_cancelled = i / 2 == 1;
        const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 8),
                                           {.at_us = 30 * MS, .kind = ends[cancelled]}};
        struct jobmanager_config config = mock_config(&mock_job_j, 1, events, COUNT(events));
        config.cancelled_lose_checkpoints = loses_cancelled;
        config.failed_lose_checkpoints = !loses_cancelled;
        struct mock mock;
        mock_start(&mock, &config);
        mock_run(&mock, 40 * MS);
        assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), cancelled == loses_cancelled);
        mock_stop(&mock);
    }
}

static void test_a_job_can_be_brought_back_to_life_in_a_new_run(void **state)
{
    (void)state;
    struct mock mock;
    const struct job_event events[] = {
        EVENT(10, COMPLETES, .checkpoint = 12), EVENT(20, FAILS, 0), EVENT(30, INITIALIZES, 0),
        EVENT(31, RESTORES, .checkpoint = 12),  EVENT(32, RUNS, 0),  EVENT(40, COMPLETES, 0)};
    start(&mock, events, COUNT(events));
    mock_run(&mock, 40 * MS);
    assert_string_equal(mock_line(&mock, JOURNAL_RESTORED, 12, 0)->path, MOCK_J_PATH(12));
    struct fetch_result result = mock_statistics(&mock, 40 * MS, mock_job_j.id);
    assert_int_equal(result.stats->run, 2);
    assert_int_equal(result.stats->latest_completed->id, 13);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static const struct job_plan *two_jobs(void)
{
    static struct job_plan jobs[2];
    jobs[0] = mock_job_j;
    jobs[1] = mock_job_j;
    jobs[1].id = (struct id){7, 7};
    jobs[1].name = "K";
    jobs[1].exists_at_start = false;
    jobs[1].first_checkpoint_id = 500;
    return jobs;
}

static void test_a_job_started_from_a_live_path_goes_on_with_its_ids(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 60),
                                       EVENT(20, IS_CANCELLED, 0), EVENT(40, COMPLETES, .job = 1)};
    const struct jobmanager_config config = mock_config(two_jobs(), 2, events, COUNT(events));
    struct mock mock;
    mock_start(&mock, &config);
    mock_run(&mock, 30 * MS);
    assert_true(jobmanager_start_from(mock.jobmanager, 30 * MS, 1, MOCK_J_PATH(60)));
    mock_run(&mock, 40 * MS);
    const struct journal_entry *const restored = mock_line(&mock, JOURNAL_RESTORED, 60, 0);
    assert_int_equal(restored->job, 1);
    assert_int_equal(restored->at_us, 30 * MS);
    assert_string_equal(restored->path, MOCK_J_PATH(60));
    assert_non_null(mock_line(&mock, JOURNAL_VISIBLE, 61, 0));
    assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), 0);
    mock_stop(&mock);
}

static void test_a_job_started_from_a_dead_path_fails(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 60),
                                       EVENT(15, COMPLETES, .checkpoint = 61)};
    const struct jobmanager_config config = mock_config(two_jobs(), 2, events, COUNT(events));
    struct mock mock;
    mock_start(&mock, &config);
    mock_run(&mock, 30 * MS);
    assert_true(jobmanager_start_from(mock.jobmanager, 30 * MS, 1, MOCK_J_PATH(60)));
    mock_drain(&mock);
    assert_string_equal(mock_line(&mock, JOURNAL_RESTORE_FAILED, -1, 0)->path, MOCK_J_PATH(60));
    assert_null(mock_line(&mock, JOURNAL_RESTORED, -1, 0));
    struct fetch_result result =
        mock_ask(&mock, 30 * MS, FETCH_EXECUTION_GRAPH, (struct id){7, 7}, (struct id){0});
    assert_int_equal(result.graph->state, JOB_FAILED);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_what_stays_in_memory_has_no_path_that_a_job_could_start_from(void **state)
{
    (void)state;
    static const char placeholder[] = "<checkpoint-not-externally-addressable>";
    struct job_plan plans[2] = {two_jobs()[0], two_jobs()[1]};
    plans[0].directory = "";
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 60),
                                       EVENT(15, COMPLETES, .checkpoint = 61),
                                       EVENT(20, FAILS_OVER, 0)};
    struct jobmanager_config config = mock_config(plans, 2, events, COUNT(events));
    config.retained_count = 2;
    struct mock mock;
    mock_start(&mock, &config);
    mock_run(&mock, 18 * MS);
    struct fetch_result result = mock_statistics(&mock, 18 * MS, plans[0].id);
    assert_string_equal(result.stats->latest_completed->external_path->bytes, placeholder);
    fetch_result_clear(&result);
    mock_run(&mock, 30 * MS);
    assert_non_null(mock_line(&mock, JOURNAL_RESTORED, 61, 0)); /* the job itself has it */
    assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), 0);
    assert_true(jobmanager_start_from(mock.jobmanager, 30 * MS, 1, placeholder));
    mock_drain(&mock);
    assert_string_equal(mock_line(&mock, JOURNAL_RESTORE_FAILED, -1, 0)->path, placeholder);
    mock_stop(&mock);
}

static void test_a_job_started_from_no_path_starts_from_nothing(void **state)
{
    (void)state;
    const char *const paths[] = {NULL, ""};
    for (size_t i = 0; i < 2; i++) {
        const struct jobmanager_config config = mock_config(two_jobs(), 2, NULL, 0);
        struct mock mock;
        mock_start(&mock, &config);
        assert_true(jobmanager_start_from(mock.jobmanager, 5, 1, paths[i]));
        assert_true(jobmanager_start_from(mock.jobmanager, 6, 0, paths[i])); /* runs already */
        mock_drain(&mock);
        assert_int_equal(mock_count(&mock, JOURNAL_RUN_BEGAN), 2);
        assert_int_equal(mock_line(&mock, JOURNAL_STATE, -1, 1)->state, JOB_RUNNING);
        mock_stop(&mock);
    }
}

static void test_a_job_without_settings_takes_no_checkpoints(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    plan.checkpointing = false;
    const struct job_event events[] = {EVENT(10, COMPLETES, 0), EVENT(15, FAILS_TO_TRIGGER, 0),
                                       EVENT(20, RESTARTS, 0)};
    const struct jobmanager_config config = mock_config(&plan, 1, events, COUNT(events));
    struct mock mock;
    mock_start(&mock, &config);
    mock_run(&mock, 30 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_VISIBLE), 0);
    struct fetch_result result = mock_statistics(&mock, 30 * MS, plan.id);
    assert_int_equal(result.outcome, OUTCOME_OK);
    assert_false(result.stats->enabled);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_things_keep_the_instant_at_which_they_were_due(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 1),
                                       EVENT(20, COMPLETES, .checkpoint = 2)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    assert_true(jobmanager_advance(mock.jobmanager, 10 * MS - 1));
    mock_drain(&mock);
    assert_int_equal(mock_count(&mock, JOURNAL_VISIBLE), 0);
    assert_true(jobmanager_advance(mock.jobmanager, 500 * MS));
    mock_drain(&mock);
    assert_int_equal(mock_count(&mock, JOURNAL_VISIBLE), 1);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 1, 0)->at_us, 10 * MS);
    mock_stop(&mock);
}

static void test_the_wall_clock_is_off_while_its_faults_are_in_force(void **state)
{
    (void)state;
    const struct fault faults[] = {
        {.kind = FAULT_WALL_CLOCK, .from_us = 10, .until_us = INT64_MAX, .delay_us = 500},
        {.kind = FAULT_WALL_CLOCK, .from_us = 20, .until_us = 30, .delay_us = -700}};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    config.faults = faults;
    config.fault_count = COUNT(faults);
    struct mock mock;
    mock_start(&mock, &config);
    const int64_t instants[] = {9, 10, 19, 20, 29, 30};
    const int64_t shifts[] = {0, 500, 500, -200, -200, 500};
    for (size_t i = 0; i < COUNT(instants); i++)
        assert_int_equal(jobmanager_wall_shift_us(mock.jobmanager, instants[i]), shifts[i]);
    mock_stop(&mock);
}

static void test_a_checkpoint_triggered_before_time_zero_is_pending_from_the_start(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .takes_us = 50 * MS)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    assert_int_equal(jobmanager_due(mock.jobmanager, NULL), 0);
    mock_run(&mock, 10 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 1, 0)->trigger_ms, 1000000 - 40);
    mock_stop(&mock);
}

static void test_an_end_without_id_leaves_checkpoints_of_other_events_alone(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(100, COMPLETES, .takes_us = 80 * MS),
                                       EVENT(50, COMPLETES, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 100 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 2, 0)->at_us, 50 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 1, 0)->at_us, 100 * MS);
    mock_stop(&mock);
}

static void test_a_completion_subsumes_earlier_ones_but_not_what_the_plan_speaks_of(void **state)
{
    (void)state;
    const struct job_event events[] = {
        EVENT(10, TRIGGERS, .checkpoint = 2),
        EVENT(20, COMPLETES, .checkpoint = 3, .type = CHECKPOINT_SAVEPOINT),
        EVENT(30, COMPLETES, .checkpoint = 4)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    const struct id operation = {1, 1};
    mock_ask(&mock, 0, FETCH_TRIGGER_CHECKPOINT, mock_job_j.id, operation);
    mock_run(&mock, 30 * MS - 1);
    assert_int_equal(mock_count(&mock, JOURNAL_FAILED), 0);
    struct fetch_result result = mock_statistics(&mock, 40 * MS, mock_job_j.id);
    assert_int_equal(mock_line(&mock, JOURNAL_FAILED, 1, 0)->at_us, 30 * MS);
    assert_string_equal(result.stats->latest_failed->failure_message,
                        "Checkpoint has been subsumed.");
    assert_int_equal(checkpoint_stats_find(result.stats, 2)->status, CHECKPOINT_IN_PROGRESS);
    fetch_result_clear(&result);
    result = mock_ask(&mock, 40 * MS, FETCH_TRIGGER_STATUS, mock_job_j.id, operation);
    assert_true(result.operation.failed);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_discard_in_the_gap_shows_with_the_completion(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(100, COMPLETES, .checkpoint = 1),
                                       EVENT(104, DISCARDS, .checkpoint = 1)};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, events, COUNT(events));
    config.quirks.announces_before_statistics = true;
    config.announce_gap_us = 8 * MS;
    struct mock mock;
    mock_start(&mock, &config);
    struct fetch_result result = mock_statistics(&mock, 108 * MS, mock_job_j.id);
    assert_true(result.stats->latest_completed->discarded);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_job_that_ends_while_it_is_down_does_not_come_back(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, RESTARTS, .takes_us = 50 * MS),
                                       EVENT(20, FAILS, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    mock_run(&mock, 100 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_STATE, -1, 3)->state, JOB_FAILED);
    assert_int_equal(mock_count(&mock, JOURNAL_STATE), 4);
    mock_stop(&mock);
}

static void test_a_new_run_writes_over_the_files_of_the_one_before(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, 0), EVENT(20, STARTS_OVER, 0),
                                       EVENT(30, COMPLETES, 0), EVENT(40, COMPLETES, 0)};
    const struct jobmanager_config config = mock_config(two_jobs(), 2, events, COUNT(events));
    struct mock mock;
    mock_start(&mock, &config);
    mock_run(&mock, 40 * MS);
    assert_true(jobmanager_start_from(mock.jobmanager, 50 * MS, 1, MOCK_J_PATH(1)));
    mock_drain(&mock);
    assert_non_null(mock_line(&mock, JOURNAL_RESTORE_FAILED, -1, 0));
    mock_stop(&mock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_job_that_exists_at_start_runs_at_time_zero),
        cmocka_unit_test(test_a_completion_begins_is_stored_and_then_shows),
        cmocka_unit_test(test_ids_may_jump_and_automatic_ones_follow_the_largest),
        cmocka_unit_test(test_events_at_one_instant_run_in_the_order_given),
        cmocka_unit_test(test_a_trigger_without_id_is_ended_by_the_next_end_without_id),
        cmocka_unit_test(test_a_completion_begins_with_the_last_acknowledgement),
        cmocka_unit_test(test_a_named_subtask_acknowledges_before_its_turn),
        cmocka_unit_test(test_a_failed_checkpoint_says_when_and_why),
        cmocka_unit_test(test_statistics_may_lag_the_announcement_by_the_gap),
        cmocka_unit_test(test_who_ends_the_job_in_the_gap_finds_the_checkpoint_shown),
        cmocka_unit_test(test_a_phantom_shows_before_it_is_durable_and_recovery_misses_it),
        cmocka_unit_test(test_a_late_store_is_durable_when_it_says),
        cmocka_unit_test(test_retention_keeps_the_newest_and_leaves_savepoints_alone),
        cmocka_unit_test(test_a_discard_by_plan_kills_the_path_once),
        cmocka_unit_test(test_a_restart_fails_what_is_pending_and_restores_the_latest),
        cmocka_unit_test(test_a_checkpoint_under_way_when_the_job_restarts_is_lost),
        cmocka_unit_test(test_a_rescale_loses_no_counts),
        cmocka_unit_test(test_losing_the_jobmanager_empties_statistics_and_ids_go_on),
        cmocka_unit_test(test_starting_over_counts_from_one_in_a_new_run),
        cmocka_unit_test(test_a_job_appears_initializes_and_runs),
        cmocka_unit_test(test_a_restore_by_plan_moves_the_ids_on),
        cmocka_unit_test(test_a_restore_of_what_was_never_seen_here_has_the_path_it_would_have),
        cmocka_unit_test(test_a_finished_job_discards_what_it_retained_and_says_so),
        cmocka_unit_test(test_a_failed_or_cancelled_job_keeps_what_it_retained),
        cmocka_unit_test(test_retention_may_give_up_what_a_cancelled_or_failed_job_retained),
        cmocka_unit_test(test_a_job_can_be_brought_back_to_life_in_a_new_run),
        cmocka_unit_test(test_a_job_started_from_a_live_path_goes_on_with_its_ids),
        cmocka_unit_test(test_a_job_started_from_a_dead_path_fails),
        cmocka_unit_test(test_what_stays_in_memory_has_no_path_that_a_job_could_start_from),
        cmocka_unit_test(test_a_job_started_from_no_path_starts_from_nothing),
        cmocka_unit_test(test_a_job_without_settings_takes_no_checkpoints),
        cmocka_unit_test(test_things_keep_the_instant_at_which_they_were_due),
        cmocka_unit_test(test_the_wall_clock_is_off_while_its_faults_are_in_force),
        cmocka_unit_test(test_a_checkpoint_triggered_before_time_zero_is_pending_from_the_start),
        cmocka_unit_test(test_an_end_without_id_leaves_checkpoints_of_other_events_alone),
        cmocka_unit_test(test_a_completion_subsumes_earlier_ones_but_not_what_the_plan_speaks_of),
        cmocka_unit_test(test_a_discard_in_the_gap_shows_with_the_completion),
        cmocka_unit_test(test_a_job_that_ends_while_it_is_down_does_not_come_back),
        cmocka_unit_test(test_a_new_run_writes_over_the_files_of_the_one_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
