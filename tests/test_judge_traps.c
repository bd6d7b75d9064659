/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"

/* What a naive checker would call bugs (survey of real problems, section 7): no alarm in any. */

static void start(struct history *h, int64_t bound_ms)
{
    struct claim claim = claim_all(bound_ms);
    claim.claimed[PROPERTY_RESTORE_WINDOW] = true;
    claim.restore_window_us = 10 * MS;
    history_start(h, &claim);
}

static void test_1_a_request_that_overlaps_a_completion_may_show_either_state(void **state)
{
    (void)state;
    for (int64_t latest = 6; latest <= 7; latest++) {
        struct history h;
        start(&h, 0);
        completes(&h, 10, 6);
        fact(&h, FACT_BEGAN, 90, 7);
        fact(&h, FACT_COMPLETED, 100, 7);
        struct shown_answer answer;
        struct exchange exchange;
        show(&(struct shown){.run = 1, .latest = latest}, JOB_A, &answer);
        answer.seen.history_count = (size_t)(latest - 5);
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 100, 110);
        exchange.seen = &answer.seen;
        feed_exchange(&h, &exchange);
        expect_pass(&h, PROPERTY_FRESH);
        expect_no_alarm(&h);
        history_end(&h);
    }
}

static void test_2_after_a_jobmanager_loss_latest_is_null_and_counts_begin_at_0(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    run_begins(&h, 0, 1);
    completes(&h, 10, 1);
    reads(&h, "m", 20, 1);
    run_begins(&h, 30, 2);
    read_shown(&h, "m", JOB_A, 40, 40, &(struct shown){.version = 1, .restored_ms = 5});
    expect_no_alarm(&h);
    fact_of_run(&h, FACT_BEGAN, 50, JOB_A, 2, 2);
    fact_of_run(&h, FACT_COMPLETED, 50, JOB_A, 2, 2);
    read_shown(&h, "m", JOB_A, 60, 60, &(struct shown){.version = 1, .restored_ms = 5});
    expect_fail(&h, PROPERTY_FRESH, 1);
    history_end(&h);
}

static void test_2_a_recording_tells_that_loss_by_the_restore_time(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 40, .restored_ms = 5});
    read_shown(&h, "m", JOB_A, 20, 30, &(struct shown){.version = 1, .restored_ms = 6});
    expect_no_alarm(&h);
    read_shown(&h, "m", JOB_A, 40, 50, &(struct shown){.run = 2, .latest = 2, .restored_ms = 6});
    expect_pass(&h, PROPERTY_MONOTONIC);
    expect_no_alarm(&h);
    history_end(&h);
}

static void test_3_after_a_stateless_restart_ids_begin_at_1(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    for (int64_t id = 1; id <= 50; id++)
        read_shown(&h, "m", JOB_A, 10 * id, 10 * id + 5, &(struct shown){.run = 1, .latest = id});
    read_shown(&h, "m", JOB_A, 600, 610, &(struct shown){.run = 2, .latest = 1});
    read_shown(&h, "m", JOB_A, 620, 630, &(struct shown){.run = 2, .latest = 2});
    expect_pass(&h, PROPERTY_MONOTONIC);
    expect_pass(&h, PROPERTY_FRESH);
    expect_no_alarm(&h);
    read_shown(&h, "m", JOB_A, 640, 650, &(struct shown){.run = 2, .latest = 1});
    expect_fail(&h, PROPERTY_MONOTONIC, 1);
    history_end(&h);
}

static void test_3_an_older_run_s_completion_that_comes_to_light_late_does_not_count(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 50});
    read_shown(&h, "m", JOB_A, 20, 30, &(struct shown){.run = 2, .latest = 1});
    feed_fact(&h, &(struct fact){.kind = FACT_COMPLETED,
                                 .at_us = 40 * MS,
                                 .job = JOB_A,
                                 .checkpoint = 50,
                                 .trigger_ms = trigger_of(1, 50),
                                 .evidence = "latest_ack_timestamp + 250 ms"});
    read_shown(&h, "m", JOB_A, 60, 70, &(struct shown){.run = 2, .latest = 1});
    expect_no_alarm(&h);
    history_end(&h);
}

/* History from its newest entry, ids given; all completed checkpoints but the first, a savepoint.
 */
static char *contradiction_of(struct observation *seen, const int64_t *ids, size_t count,
                              struct seen_checkpoint *entries)
{
    seen->history = entries;
    seen->history_count = count;
    for (size_t i = 0; i < count; i++)
        entries[i] = (struct seen_checkpoint){.id = ids[i], .status = SEEN_COMPLETED};
    return observation_contradiction(seen, NULL, 0);
}

static void test_4_a_job_may_go_on_with_another_job_s_numbers(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    run_begins(&h, 0, 1);
    completes(&h, 10, 501);
    struct shown_answer answer;
    struct exchange exchange;
    show(&(struct shown){.run = 1, .latest = 501, .version = 2}, JOB_A, &answer);
    answer.seen.history_count = 1;
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 20, 20);
    exchange.seen = &answer.seen;
    feed_exchange(&h, &exchange);
    expect_pass(&h, PROPERTY_FRESH);
    expect_no_alarm(&h);
    history_end(&h);
    /* One checkpoint was counted, and its number is 501. */
    struct seen_checkpoint entries[1];
    struct observation seen = {.kind = OBSERVED_STATISTICS,
                               .restored = 1,
                               .total = 1,
                               .completed = 1,
                               .has_latest_completed = true,
                               .latest_completed = {.id = 501, .status = SEEN_COMPLETED}};
    const int64_t ids[] = {501};
    assert_null(contradiction_of(&seen, ids, 1, entries));
}

static void test_5_a_savepoint_newer_or_older_than_the_latest_checkpoint_is_fine(void **state)
{
    (void)state;
    for (int64_t savepoint = 1; savepoint <= 9; savepoint += 8) {
        struct history h;
        struct shown_answer answer;
        struct exchange exchange;
        start(&h, 0);
        completes(&h, 10, 5);
        feed_fact(&h, &(struct fact){.kind = FACT_COMPLETED,
                                     .at_us = 20 * MS,
                                     .job = JOB_A,
                                     .run = 1,
                                     .checkpoint = savepoint,
                                     .is_savepoint = true});
        show(&(struct shown){.run = 1, .latest = 5}, JOB_A, &answer);
        answer.seen.history_count = 1;
        answer.seen.has_latest_savepoint = true;
        answer.seen.latest_savepoint = (struct seen_checkpoint){
            .id = savepoint, .status = SEEN_COMPLETED, .is_savepoint = true};
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 30, 30);
        exchange.seen = &answer.seen;
        feed_exchange(&h, &exchange);
        expect_pass(&h, PROPERTY_FRESH);
        expect_no_alarm(&h);
        history_end(&h);
    }
}

static void test_6_the_latest_savepoint_may_have_left_the_history(void **state)
{
    (void)state;
    struct seen_checkpoint entries[2];
    struct observation seen = {
        .kind = OBSERVED_STATISTICS,
        .total = 12,
        .completed = 12,
        .has_latest_completed = true,
        .latest_completed = {.id = 16, .status = SEEN_COMPLETED},
        .has_latest_savepoint = true,
        .latest_savepoint = {.id = 5, .status = SEEN_COMPLETED, .is_savepoint = true}};
    const int64_t ids[] = {16, 15};
    assert_null(contradiction_of(&seen, ids, 2, entries));
}

static void test_7_a_failed_entry_may_change_after_the_fact(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    struct shown_answer answer;
    struct exchange exchange;
    for (int64_t size = 0; size < 2; size++) {
        show(&(struct shown){.run = 1, .latest = 2}, JOB_A, &answer);
        answer.entries[0].status = SEEN_FAILED;
        answer.entries[0].state_size = size;
        answer.seen.latest_completed = answer.entries[1];
        answer.seen.has_latest_failed = true;
        answer.seen.latest_failed = answer.entries[0];
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 10 * size, 10 * size + 1);
        exchange.seen = &answer.seen;
        feed_exchange(&h, &exchange);
    }
    struct seen_checkpoint failed = answer.entries[0];
    failed.state_size = 99;
    answered_details(&h, JOB_A, 2, 30, &failed);
    expect_pass(&h, PROPERTY_CONSISTENT);
    expect_no_alarm(&h);
    history_end(&h);
}

static void test_8_numbers_have_gaps(void **state)
{
    (void)state;
    struct seen_checkpoint entries[3];
    struct observation seen = {.kind = OBSERVED_STATISTICS,
                               .total = 9,
                               .completed = 3,
                               .failed = 6,
                               .has_latest_completed = true,
                               .latest_completed = {.id = 9, .status = SEEN_COMPLETED}};
    const int64_t ids[] = {9, 4, 1};
    assert_null(contradiction_of(&seen, ids, 3, entries));
}

static void test_9_behind_one_address_two_clients_may_see_7_then_6(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000);
    completes(&h, 10, 6);
    completes(&h, 20, 7);
    struct shown shown = {.run = 1, .latest = 7};
    for (int64_t id = 4; id <= 5; id++)
        completes(&h, 20, id);
    read_shown(&h, "m", JOB_A, 30, 30, &shown);
    shown.latest = 6;
    read_shown(&h, "n", JOB_A, 40, 40, &shown);
    expect_no_alarm(&h);
    history_end(&h);
}

static void test_10_a_path_may_die_right_after_a_correct_answer(void **state)
{
    (void)state;
    struct history h;
    struct claim claim = claim_all(0);
    history_start(&h, &claim);
    completes(&h, 10, 1);
    reads(&h, "m", 20, 1);
    completes(&h, 21, 2);
    fact(&h, FACT_DISCARDED, 21, 1);
    reads(&h, "m", 30, 2);
    expect_pass(&h, PROPERTY_LIVE_PATH);
    expect_no_alarm(&h);
    history_end(&h);
}

static void test_11_restored_and_completed_may_have_one_number(void **state)
{
    (void)state;
    struct history h;
    struct shown_answer answer;
    struct exchange exchange;
    start(&h, 0);
    completes(&h, 10, 1);
    show(&(struct shown){.run = 1, .latest = 1, .restored_ms = 7}, JOB_A, &answer);
    answer.seen.restored_id = 1;
    answer.seen.restored_path = answer.paths[0];
    assert_null(observation_contradiction(&answer.seen, NULL, 0));
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 20, 20);
    exchange.seen = &answer.seen;
    feed_exchange(&h, &exchange);
    expect_pass(&h, PROPERTY_FRESH);
    expect_no_alarm(&h);
    history_end(&h);
}

static void test_12_a_job_whose_checkpointing_is_off_answers_404(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    fact(&h, FACT_JOB_KNOWN, 0, 0);
    call_ends(&h, CALL_STATISTICS, call_leaves(&h, CALL_STATISTICS, 1), 2, 0, "timed out");
    answered_error(&h, "m", PATH_STATISTICS, 10, 10, 404, ERROR_NOT_ENABLED);
    expect_pass(&h, PROPERTY_AVAILABLE);
    expect_no_alarm(&h);
    history_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_1_a_request_that_overlaps_a_completion_may_show_either_state),
        cmocka_unit_test(test_2_after_a_jobmanager_loss_latest_is_null_and_counts_begin_at_0),
        cmocka_unit_test(test_2_a_recording_tells_that_loss_by_the_restore_time),
        cmocka_unit_test(test_3_after_a_stateless_restart_ids_begin_at_1),
        cmocka_unit_test(test_3_an_older_run_s_completion_that_comes_to_light_late_does_not_count),
        cmocka_unit_test(test_4_a_job_may_go_on_with_another_job_s_numbers),
        cmocka_unit_test(test_5_a_savepoint_newer_or_older_than_the_latest_checkpoint_is_fine),
        cmocka_unit_test(test_6_the_latest_savepoint_may_have_left_the_history),
        cmocka_unit_test(test_7_a_failed_entry_may_change_after_the_fact),
        cmocka_unit_test(test_8_numbers_have_gaps),
        cmocka_unit_test(test_9_behind_one_address_two_clients_may_see_7_then_6),
        cmocka_unit_test(test_10_a_path_may_die_right_after_a_correct_answer),
        cmocka_unit_test(test_11_restored_and_completed_may_have_one_number),
        cmocka_unit_test(test_12_a_job_whose_checkpointing_is_off_answers_404),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
