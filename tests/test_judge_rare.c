/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"

/* Rare turns of events, most of them found by tests/oracle. */

static void start(struct history *h, int64_t bound_ms)
{
    struct claim claim = claim_all(bound_ms);
    claim.claimed[PROPERTY_RESTORE_WINDOW] = true;
    claim.restore_window_us = 10 * MS;
    history_start(h, &claim);
}

static void test_what_is_shown_before_the_journal_s_first_completion_is_a_phantom(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    run_begins(&h, 0, 1);
    reads(&h, "m", 5, 1);
    completes(&h, 6, 1);
    reads(&h, "m", 7, 1);
    expect_fail(&h, PROPERTY_NO_PHANTOM, 1);
    history_end(&h);
}

static void test_a_phantom_proves_no_completion_where_there_is_a_journal(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    run_begins(&h, 0, 1);
    reads(&h, "m", 5, 1);
    read_shown(&h, "n", JOB_A, 8, 9, &(struct shown){.run = 1});
    completes(&h, 10, 1);
    reads(&h, "m", 11, 1);
    expect_pass(&h, PROPERTY_FRESH);
    history_end(&h);
}

static void test_a_trigger_status_asked_before_a_run_began_proves_nothing_about_it(void **state)
{
    (void)state;
    for (int64_t sent_ms = 19; sent_ms <= 20; sent_ms++) {
        struct history h;
        start(&h, 0);
        fact(&h, FACT_COMPLETED, 5, 7);
        feed_fact(&h, &(struct fact){.kind = FACT_RUN_BEGAN,
                                     .at_us = 20 * MS,
                                     .job = JOB_A,
                                     .run = 2,
                                     .evidence = "seen in an earlier answer"});
        trigger_says(&h, sent_ms, 21, 7);
        read_shown(&h, "m", JOB_A, 30, 31, &(struct shown){.version = 1});
        if (sent_ms < 20)
            expect_unknown(&h, PROPERTY_FRESH);
        else
            expect_fail(&h, PROPERTY_FRESH, 1);
        history_end(&h);
    }
}

static void test_a_trigger_status_of_what_did_not_begin_in_this_run_proves_nothing(void **state)
{
    (void)state;
    for (uint64_t run = 1; run <= 2; run++) {
        struct history h;
        start(&h, 0);
        run_begins(&h, 0, 1);
        fact_of_run(&h, FACT_BEGAN, 5, JOB_A, 1, 6);
        run_begins(&h, 20, 2);
        fact_of_run(&h, FACT_BEGAN, 22, JOB_A, run, 7);
        trigger_says(&h, 23, 24, 7);
        read_shown(&h, "m", JOB_A, 30, 31, &(struct shown){.version = 1});
        if (run == 1)
            expect_unknown(&h, PROPERTY_FRESH);
        else
            expect_fail(&h, PROPERTY_FRESH, 1);
        history_end(&h);
    }
}

static void test_a_time_told_of_another_run_s_checkpoint_changes_nothing(void **state)
{
    (void)state;
    struct history h;
    char path[64];
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 1});
    feed_fact(&h, &(struct fact){.kind = FACT_COMPLETED,
                                 .at_us = 20 * MS,
                                 .job = JOB_A,
                                 .checkpoint = 1,
                                 .trigger_ms = trigger_of(2, 1),
                                 .evidence = "latest_ack_timestamp + 250 ms"});
    path_of(JOB_A, 1, path);
    const struct seen_checkpoint details = {.id = 1,
                                            .status = SEEN_COMPLETED,
                                            .trigger_ms = trigger_of(1, 1),
                                            .state_size = 100,
                                            .path = path};
    answered_details(&h, JOB_A, 1, 30, &details);
    expect_pass(&h, PROPERTY_CONSISTENT);
    history_end(&h);
}

static void test_an_error_is_ruled_out_by_any_sight_of_the_running_job_in_between(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    answered_error(&h, "m", PATH_STATISTICS, 0, 1, 404, ERROR_JOB_NOT_FOUND);
    answered_job(&h, "b", JOB_A, 2, 3, "RUNNING");
    answered_job(&h, "b", JOB_A, 4, 6, "RUNNING");
    answered_error(&h, "m", PATH_STATISTICS, 4, 7, 404, ERROR_JOB_NOT_FOUND);
    expect_fail(&h, PROPERTY_NO_KEPT_ERROR, 1);
    history_end(&h);
}

static void test_a_run_that_was_over_two_runs_ago_is_no_run_of_before(void **state)
{
    (void)state;
    for (int64_t over_ms = 19; over_ms <= 20; over_ms++) {
        struct history h;
        start(&h, 10);
        run_begins(&h, 0, 1);
        completes(&h, 5, 1);
        run_begins(&h, over_ms, 2);
        run_begins(&h, 25, 3);
        read_shown(&h, "m", JOB_A, 30, 31, &(struct shown){.run = 1, .latest = 1});
        if (over_ms < 20)
            expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
        else
            expect_pass(&h, PROPERTY_RIGHT_JOB);
        history_end(&h);
    }
}

static void test_what_an_earlier_run_completed_is_older_than_the_current_run_s_first(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    run_begins(&h, 0, 1);
    completes(&h, 5, 50);
    run_begins(&h, 10, 2);
    read_shown(&h, "m", JOB_A, 12, 13, &(struct shown){.run = 1, .latest = 50});
    assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->violations, 0);
    fact_of_run(&h, FACT_BEGAN, 20, JOB_A, 2, 1);
    fact_of_run(&h, FACT_COMPLETED, 20, JOB_A, 2, 1);
    read_shown(&h, "m", JOB_A, 20, 22, &(struct shown){.run = 1, .latest = 50});
    assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->violations, 0);
    read_shown(&h, "m", JOB_A, 21, 23, &(struct shown){.run = 1, .latest = 50});
    expect_fail(&h, PROPERTY_FRESH, 1);
    history_end(&h);
}

static void test_an_entry_of_an_older_run_is_not_taken_for_one_of_the_current_run(void **state)
{
    (void)state;
    struct history h;
    struct shown_answer answer;
    struct exchange exchange;
    start(&h, 30);
    run_begins(&h, 0, 1);
    completes(&h, 1, 5);
    run_begins(&h, 10, 2);
    fact_of_run(&h, FACT_BEGAN, 11, JOB_A, 2, 1);
    fact_of_run(&h, FACT_COMPLETED, 11, JOB_A, 2, 1);
    for (int64_t at_ms = 20; at_ms < 22; at_ms++) {
        show(&(struct shown){.run = 2, .latest = 1, .version = 3}, JOB_A, &answer);
        answer.seen.history_count = 2;
        path_of(JOB_A, 5, answer.paths[1]);
        answer.entries[1] = (struct seen_checkpoint){.id = 5,
                                                     .status = SEEN_COMPLETED,
                                                     .trigger_ms = trigger_of(1, 5),
                                                     .path = answer.paths[1]};
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, at_ms, at_ms);
        exchange.seen = &answer.seen;
        feed_exchange(&h, &exchange);
    }
    expect_pass(&h, PROPERTY_NO_PHANTOM);
    history_end(&h);
}

static void test_a_path_that_names_its_job_is_its_own_whoever_showed_it_first(void **state)
{
    (void)state;
    struct history h;
    struct exchange exchange;
    struct shown_answer answer;
    start(&h, 0);
    const struct id jobs[] = {JOB_B, JOB_A, JOB_A};
    for (size_t i = 0; i < 3; i++) {
        show(&(struct shown){.run = 1, .latest = 1}, JOB_A, &answer);
        snprintf(answer.paths[0], sizeof answer.paths[0],
                 "s3:/aaaaaaaaaaaaaaaa1111111111111111/chk-1");
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, jobs[i], 10 * (int64_t)i,
                       10 * (int64_t)i + 1);
        exchange.seen = &answer.seen;
        feed_exchange(&h, &exchange);
    }
    expect_pass(&h, PROPERTY_RIGHT_JOB);
    history_end(&h);
}

static void test_a_stranger_proves_nothing_even_where_right_job_is_not_claimed(void **state)
{
    (void)state;
    for (int claimed = 0; claimed < 2; claimed++) {
        struct history h;
        struct claim claim = claim_all(0);
        struct exchange exchange;
        struct shown_answer answer;
        claim.claimed[PROPERTY_RIGHT_JOB] = claimed;
        history_start(&h, &claim);
        read_shown(&h, "m", JOB_B, 0, 1, &(struct shown){.run = 1, .latest = 9});
        show(&(struct shown){.run = 1, .latest = 9}, JOB_B, &answer);
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 2, 3);
        exchange.seen = &answer.seen;
        feed_exchange(&h, &exchange);
        read_shown(&h, "n", JOB_A, 4, 5, &(struct shown){.run = 1, .latest = 2, .version = 20});
        assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->violations, 0);
        history_end(&h);
    }
}

static void test_the_path_of_another_checkpoint_is_not_handed_out_as_this_one_s(void **state)
{
    (void)state;
    struct history h;
    struct exchange exchange;
    struct shown_answer answer;
    start(&h, 0);
    completes(&h, 1, 1);
    show(&(struct shown){.run = 1, .latest = 1}, JOB_B, &answer);
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 5, 5);
    exchange.seen = &answer.seen;
    feed_exchange(&h, &exchange);
    fact(&h, FACT_DISCARDED, 8, 1);
    expect_unknown(&h, PROPERTY_RESTORE_WINDOW);
    history_end(&h);
}

static void test_calls_that_end_out_of_order_span_the_time_from_the_first_sent(void **state)
{
    (void)state;
    struct history h;
    start(&h, 10);
    completes(&h, 0, 1);
    uint64_t slow = call_leaves(&h, CALL_STATISTICS, 0);
    uint64_t quick = call_leaves(&h, CALL_STATISTICS, 10);
    call_ends(&h, CALL_STATISTICS, quick, 11, 1, NULL);
    reads(&h, "m", 12, 1);
    call_ends(&h, CALL_STATISTICS, slow, 15, 1, NULL);
    expect_pass(&h, PROPERTY_BOUNDED_LOAD);
    history_end(&h);
}

static void test_where_calls_are_told_an_error_before_the_first_call_is_a_disturbance(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);

    judge_calls_are_told(h.judge);
    answered_error(&h, "m", PATH_STATISTICS, 0, 1, 500, ERROR_TIMED_OUT);
    expect_fail(&h, PROPERTY_UNDISTURBED, 1);
    history_end(&h);
}

static void test_a_shared_path_is_alive_if_the_checkpoint_last_handed_out_was(void **state)
{
    (void)state;
    for (int64_t last = 1; last <= 2; last++) {
        struct history h;
        char path[64];
        start(&h, 0);
        path_of(JOB_A, 1, path);
        run_begins(&h, 0, 1);
        completes(&h, 1, 1);
        if (last == 1)
            reads(&h, "m", 5, 1);
        fact(&h, FACT_DISCARDED, 6, 1);
        run_begins(&h, 10, 2);
        fact_of_run(&h, FACT_BEGAN, 11, JOB_A, 2, 1);
        fact_of_run(&h, FACT_COMPLETED, 11, JOB_A, 2, 1);
        if (last == 2)
            read_shown(&h, "m", JOB_A, 12, 12, &(struct shown){.run = 2, .latest = 1});
        fact_of_run(&h, FACT_DISCARDED, 13, JOB_A, 2, 1);
        feed_fact(&h,
                  &(struct fact){
                      .kind = FACT_RESTORE_FAILED, .at_us = 14 * MS, .job = JOB_A, .path = path});
        assert_int_equal(verdict_on(&h, PROPERTY_LIVE_PATH)->violations, 0);
        expect_fail(&h, PROPERTY_RESTORE_WINDOW, 1);
        history_end(&h);
    }
}

static void read_by_way_of(struct history *h, int64_t at_ms, int64_t latest, bool direct,
                           int64_t age_ms)
{
    struct shown_answer answer;
    struct exchange exchange;
    show(&(struct shown){.run = 1, .latest = latest}, JOB_A, &answer);
    exchange_parts(h, &exchange, direct ? "d" : "m", PATH_STATISTICS, JOB_A, at_ms, at_ms + 1);
    exchange.seen = &answer.seen;
    exchange.is_direct = direct;
    exchange.age_us = age_ms * MS;
    feed_exchange(h, &exchange);
}

static void test_an_answer_older_than_the_origin_s_own_was_kept_by_a_proxy(void **state)
{
    (void)state;
    for (int64_t sent_ms = 31; sent_ms <= 32; sent_ms++) {
        struct history h;
        start(&h, 0);
        completes(&h, 10, 1);
        read_by_way_of(&h, 11, 1, false, 0);
        completes(&h, 20, 2);
        read_by_way_of(&h, 30, 2, true, 0);
        read_by_way_of(&h, sent_ms, 1, false, 0);
        const struct property_verdict *fresh = verdict_on(&h, PROPERTY_FRESH);
        assert_int_equal(fresh->violations, 1);
        assert_int_equal(fresh->layer, sent_ms == 31 ? LAYER_CACHE : LAYER_PROXY);
        history_end(&h);
    }
}

static void test_an_answer_that_says_its_age_was_kept_by_a_proxy(void **state)
{
    (void)state;
    for (int64_t age_ms = 11; age_ms <= 12; age_ms++) {
        struct history h;
        start(&h, 0);
        completes(&h, 10, 1);
        read_by_way_of(&h, 11, 1, false, 0);
        completes(&h, 20, 2);
        read_by_way_of(&h, 30, 1, false, age_ms);
        assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->layer,
                         age_ms == 11 ? LAYER_CACHE : LAYER_PROXY);
        history_end(&h);
    }
}

static void test_a_name_too_long_for_a_witness_does_not_end_within_a_character(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    run_begins(&h, 0, 1);
    completes(&h, 1, 1);
    completes(&h, 2, 2);
    reads(&h, "a long name of thirty-0-bytes \u20ac", 5, 1);
    const struct property_verdict *verdict = verdict_on(&h, PROPERTY_FRESH);
    const char *who = verdict->witness[verdict->witness_count - 1].who;
    assert_string_equal(who, "a long name of thirty-0-bytes ?");
    history_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_shown_before_the_journal_s_first_completion_is_a_phantom),
        cmocka_unit_test(test_a_phantom_proves_no_completion_where_there_is_a_journal),
        cmocka_unit_test(test_a_trigger_status_asked_before_a_run_began_proves_nothing_about_it),
        cmocka_unit_test(test_a_trigger_status_of_what_did_not_begin_in_this_run_proves_nothing),
        cmocka_unit_test(test_a_time_told_of_another_run_s_checkpoint_changes_nothing),
        cmocka_unit_test(test_an_error_is_ruled_out_by_any_sight_of_the_running_job_in_between),
        cmocka_unit_test(test_a_run_that_was_over_two_runs_ago_is_no_run_of_before),
        cmocka_unit_test(test_what_an_earlier_run_completed_is_older_than_the_current_run_s_first),
        cmocka_unit_test(test_an_entry_of_an_older_run_is_not_taken_for_one_of_the_current_run),
        cmocka_unit_test(test_a_path_that_names_its_job_is_its_own_whoever_showed_it_first),
        cmocka_unit_test(test_a_stranger_proves_nothing_even_where_right_job_is_not_claimed),
        cmocka_unit_test(test_the_path_of_another_checkpoint_is_not_handed_out_as_this_one_s),
        cmocka_unit_test(test_calls_that_end_out_of_order_span_the_time_from_the_first_sent),
        cmocka_unit_test(test_where_calls_are_told_an_error_before_the_first_call_is_a_disturbance),
        cmocka_unit_test(test_an_answer_older_than_the_origin_s_own_was_kept_by_a_proxy),
        cmocka_unit_test(test_an_answer_that_says_its_age_was_kept_by_a_proxy),
        cmocka_unit_test(test_a_shared_path_is_alive_if_the_checkpoint_last_handed_out_was),
        cmocka_unit_test(test_a_name_too_long_for_a_witness_does_not_end_within_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
