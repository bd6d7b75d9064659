/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"

static void start(struct history *h, int64_t bound_ms)
{
    const struct claim claim = claim_all(bound_ms);
    history_start(h, &claim);
}

/* A statistics call that fails while request `client` waits for it. */
static void call_fails(struct history *h, enum call_kind kind, int64_t sent_ms, int64_t ended_ms)
{
    call_ends(h, kind, call_leaves(h, kind, sent_ms), ended_ms, 0, "timed out");
}

static void test_an_error_is_explained_by_a_call_that_failed_while_it_waited(void **state)
{
    (void)state;
    static const struct {
        int64_t sent_ms, done_ms;
        bool explained;
    } rows[] = {{100, 100, true}, {101, 200, false}, {50, 100, true}, {100, 200, true}};
    for (size_t i = 0; i < 4; i++) {
        struct history h;
        start(&h, 0);
        call_fails(&h, CALL_STATISTICS, 0, 100);
        answered_error(&h, "m", PATH_STATISTICS, rows[i].sent_ms, rows[i].done_ms, 500,
                       ERROR_TIMED_OUT);
        expect_unknown(&h, PROPERTY_UNDISTURBED);
        if (rows[i].explained)
            expect_unknown(&h, PROPERTY_NO_KEPT_ERROR);
        else
            expect_fail(&h, PROPERTY_NO_KEPT_ERROR, 1);
        history_end(&h);
    }
}

static void test_an_error_that_outlives_its_failure_was_kept(void **state)
{
    (void)state;
    struct history h;
    start(&h, 60000);
    call_at(&h, CALL_STATISTICS, 0, 5);
    call_fails(&h, CALL_STATISTICS, 900, 1000);
    answered_error(&h, "m", PATH_STATISTICS, 900, 1000, 500, ERROR_TIMED_OUT);
    reads(&h, "m", 1001, 5);
    expect_pass(&h, PROPERTY_NO_KEPT_ERROR);
    answered_error(&h, "m", PATH_STATISTICS, 2000, 2001, 500, ERROR_TIMED_OUT);
    expect_fail(&h, PROPERTY_NO_KEPT_ERROR, 1);
    const struct property_verdict *kept = verdict_on(&h, PROPERTY_NO_KEPT_ERROR);
    assert_int_equal(kept->layer, LAYER_STATISTICS_CACHE);
    assert_int_equal(kept->tested, 2);
    expect_event(kept, 0, 1000, "gateway",
                 "the call for checkpoint statistics of A fails: timed out");
    expect_event(kept, 1, 2000, "m", "GET /jobs/A/checkpoints  answered 500, timed out");
    expect_since(kept, 0);
    assert_string_equal(kept->cause,
                        "The failure had been over for 1.0 s when the request was sent.");
    history_end(&h);
}

static void test_a_dashboard_error_is_explained_by_graph_calls_only(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    call_at(&h, CALL_STATISTICS, 0, 5);
    call_fails(&h, CALL_GRAPH, 10, 20);
    answered_error(&h, "b", PATH_JOB, 10, 20, 500, ERROR_TIMED_OUT);
    expect_unknown(&h, PROPERTY_NO_KEPT_ERROR);
    call_fails(&h, CALL_STATISTICS, 30, 40);
    answered_error(&h, "b", PATH_JOB, 30, 40, 500, ERROR_TIMED_OUT);
    expect_fail(&h, PROPERTY_NO_KEPT_ERROR, 1);
    assert_int_equal(verdict_on(&h, PROPERTY_NO_KEPT_ERROR)->layer, LAYER_GRAPH_CACHE);
    history_end(&h);
}

static void test_where_statistics_come_from_graphs_a_graph_call_explains_them(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    call_fails(&h, CALL_GRAPH, 10, 20);
    answered_error(&h, "m", PATH_STATISTICS, 10, 20, 500, ERROR_TIMED_OUT);
    expect_unknown(&h, PROPERTY_NO_KEPT_ERROR);
    expect_unknown(&h, PROPERTY_UNDISTURBED);
    history_end(&h);
}

static void test_what_is_no_failure_needs_no_explanation(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum observed_error error;
    } rows[] = {{404, ERROR_NO_CHECKPOINT}, {404, ERROR_NOT_ENABLED}, {400, ERROR_OTHER}};
    for (size_t i = 0; i < 3; i++) {
        struct history h;
        start(&h, 0);
        call_at(&h, CALL_STATISTICS, 0, 5);
        call_fails(&h, CALL_STATISTICS, 10, 20);
        answered_error(&h, "m", PATH_STATISTICS, 100, 100, rows[i].status, rows[i].error);
        expect_pass(&h, PROPERTY_NO_KEPT_ERROR);
        expect_unknown(&h, PROPERTY_UNDISTURBED);
        history_end(&h);
    }
}

static void test_a_failure_that_nothing_explains_is_another_client_s_doing(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    call_at(&h, CALL_STATISTICS, 0, 5);
    answered_error(&h, "m", PATH_STATISTICS, 10, 20, 503, ERROR_UNAVAILABLE);
    expect_fail(&h, PROPERTY_UNDISTURBED, 1);
    expect_unknown(&h, PROPERTY_NO_KEPT_ERROR);
    history_end(&h);
}

static void test_a_cancelled_request_was_disturbed(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    sends(&h, "x", PATH_JOB, 0);
    call_leaves(&h, CALL_GRAPH, 0);
    sends(&h, "y", PATH_JOB, 50);
    call_leaves(&h, CALL_GRAPH, 50);
    answered_error(&h, "x", PATH_JOB, 0, 50, 500, ERROR_CANCELLED);
    expect_fail(&h, PROPERTY_UNDISTURBED, 1);
    const struct property_verdict *undisturbed = verdict_on(&h, PROPERTY_UNDISTURBED);
    assert_int_equal(undisturbed->layer, LAYER_GRAPH_CACHE);
    expect_event(undisturbed, 0, 0, "x", "GET /jobs/A  answered 500, cancelled");
    expect_event(undisturbed, 1, 50, "y", "GET /jobs/A  is sent");
    expect_since(undisturbed, undisturbed->witness_count);
    history_end(&h);
}

static void test_recordings_show_disturbance_by_cancellation_only(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    answered_error(&h, "x", PATH_JOB, 0, 50, 500, ERROR_TIMED_OUT);
    answered_job(&h, "y", JOB_A, 50, 60, "RUNNING");
    expect_unknown(&h, PROPERTY_UNDISTURBED);
    answered_job(&h, "y", JOB_A, 59, 70, "RUNNING");
    expect_pass(&h, PROPERTY_UNDISTURBED);
    answered_error(&h, "x", PATH_JOB, 80, 90, 500, ERROR_CANCELLED);
    expect_fail(&h, PROPERTY_UNDISTURBED, 1);
    history_end(&h);
}

static void test_a_recording_proves_a_kept_error_by_a_job_that_runs(void **state)
{
    (void)state;
    struct history h;
    start(&h, 5000);
    answered_error(&h, "m", PATH_STATISTICS, 0, 10, 404, ERROR_JOB_NOT_FOUND);
    answered_job(&h, "b", JOB_A, 20, 30, "RUNNING");
    answered_error(&h, "m", PATH_STATISTICS, 30, 40, 404, ERROR_JOB_NOT_FOUND);
    expect_unknown(&h, PROPERTY_NO_KEPT_ERROR);
    answered_error(&h, "m", PATH_STATISTICS, 31, 41, 404, ERROR_JOB_NOT_FOUND);
    expect_fail(&h, PROPERTY_NO_KEPT_ERROR, 1);
    const struct property_verdict *kept = verdict_on(&h, PROPERTY_NO_KEPT_ERROR);
    assert_int_equal(kept->layer, LAYER_CACHE);
    expect_event(kept, 0, 10, "m", "GET /jobs/A/checkpoints  answered 404, job not found");
    expect_event(kept, 1, 30, "b", "GET /jobs/A  answered 200, the job runs");
    expect_event(kept, 2, 31, "m", "GET /jobs/A/checkpoints  answered 404, job not found");
    expect_since(kept, 1);
    history_end(&h);
}

static void test_a_recording_proves_nothing_kept_in_these_cases(void **state)
{
    (void)state;
    static const char *const states[] = {"INITIALIZING", "FINISHED"};
    for (size_t i = 0; i < 2; i++) {
        struct history h;
        start(&h, 5000);
        answered_error(&h, "m", PATH_STATISTICS, 0, 10, 404, ERROR_JOB_NOT_FOUND);
        answered_job(&h, "b", JOB_A, 20, 30, states[i]);
        answered_error(&h, "m", PATH_STATISTICS, 40, 50, 404, ERROR_JOB_NOT_FOUND);
        expect_unknown(&h, PROPERTY_NO_KEPT_ERROR);
        history_end(&h);
    }
}

static void test_a_timeout_may_happen_twice(void **state)
{
    (void)state;
    struct history h;
    start(&h, 5000);
    answered_error(&h, "m", PATH_STATISTICS, 0, 10, 500, ERROR_TIMED_OUT);
    answered_job(&h, "b", JOB_A, 20, 30, "RUNNING");
    answered_error(&h, "m", PATH_STATISTICS, 40, 50, 500, ERROR_TIMED_OUT);
    expect_unknown(&h, PROPERTY_NO_KEPT_ERROR);
    history_end(&h);
}

static void test_an_error_is_forgotten_once_statistics_were_answered_well(void **state)
{
    (void)state;
    struct history h;
    start(&h, 5000);
    answered_error(&h, "m", PATH_STATISTICS, 0, 10, 404, ERROR_JOB_NOT_FOUND);
    answered_job(&h, "b", JOB_A, 20, 30, "RUNNING");
    reads(&h, "m", 40, 0);
    expect_pass(&h, PROPERTY_NO_KEPT_ERROR);
    answered_error(&h, "m", PATH_STATISTICS, 50, 60, 404, ERROR_JOB_NOT_FOUND);
    expect_pass(&h, PROPERTY_NO_KEPT_ERROR);
    history_end(&h);
}

/* As in a recording of Flink 1.18.0: GET /jobs/:jobid goes on showing a finished job as running. */
static void test_a_job_that_was_well_before_its_first_error_may_have_ended(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    answered_job(&h, "b", JOB_A, 0, 10, "RUNNING");
    answered_error(&h, "m", PATH_STATISTICS, 20, 30, 404, ERROR_JOB_NOT_FOUND);
    answered_job(&h, "b", JOB_A, 40, 50, "RUNNING");
    answered_error(&h, "m", PATH_STATISTICS, 60, 70, 404, ERROR_JOB_NOT_FOUND);
    expect_unknown(&h, PROPERTY_NO_KEPT_ERROR);
    expect_fail(&h, PROPERTY_AVAILABLE, 2);
    history_end(&h);
}

static void test_a_job_must_be_known_before_the_request_to_be_missed(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    answered_job(&h, "b", JOB_A, 0, 100, "FINISHED");
    answered_error(&h, "m", PATH_STATISTICS, 100, 110, 404, ERROR_JOB_NOT_FOUND);
    expect_unknown(&h, PROPERTY_AVAILABLE);
    reads(&h, "m", 101, 0);
    expect_pass(&h, PROPERTY_AVAILABLE);
    answered_error(&h, "m", PATH_STATISTICS, 102, 110, 404, ERROR_JOB_NOT_FOUND);
    expect_fail(&h, PROPERTY_AVAILABLE, 1);
    history_end(&h);
}

/* The job is known from 20 ms on; a call that had left before still brings the news of then. */
static void test_who_shares_a_call_from_before_the_job_was_known_may_be_refused(void **state)
{
    (void)state;
    static const struct {
        int64_t call_ms, bound_ms;
        uint64_t violations;
    } cases[] = {{10, 50, 0}, {20, 50, 0}, {21, 50, 1}, {10, 20, 0}, {9, 20, 1}, {10, 0, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct history h;
        start(&h, cases[i].bound_ms);
        uint64_t fetch = 0;
        if (cases[i].call_ms <= 20)
            fetch = call_leaves(&h, CALL_STATISTICS, cases[i].call_ms);
        feed_fact(&h, &(struct fact){.kind = FACT_JOB_KNOWN, .at_us = 20 * MS, .job = JOB_A});
        if (fetch == 0)
            fetch = call_leaves(&h, CALL_STATISTICS, cases[i].call_ms);
        call_ends(&h, CALL_STATISTICS, fetch, 40, 0, "job not found");
        answered_error(&h, "m", PATH_STATISTICS, 30, 40, 404, ERROR_JOB_NOT_FOUND);
        verdict_on(&h, PROPERTY_AVAILABLE);
        assert_int_equal(h.judgement.properties[PROPERTY_AVAILABLE].violations,
                         cases[i].violations);
        assert_int_equal(h.judgement.properties[PROPERTY_AVAILABLE].tested, 1);
        history_end(&h);
    }
}

/* Ended before the request was sent: that answer was kept. */
static void test_a_call_that_had_ended_before_the_request_excuses_nothing(void **state)
{
    (void)state;
    struct history h;
    start(&h, 50);
    uint64_t fetch = call_leaves(&h, CALL_STATISTICS, 10);
    feed_fact(&h, &(struct fact){.kind = FACT_JOB_KNOWN, .at_us = 20 * MS, .job = JOB_A});
    call_ends(&h, CALL_STATISTICS, fetch, 29, 0, "job not found");
    answered_error(&h, "m", PATH_STATISTICS, 30, 40, 404, ERROR_JOB_NOT_FOUND);
    expect_fail(&h, PROPERTY_AVAILABLE, 1);
    history_end(&h);
}

static void test_a_fact_makes_a_job_known_from_its_own_instant_on(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    fact(&h, FACT_JOB_KNOWN, 100, 0);
    answered_error(&h, "m", PATH_STATISTICS, 99, 110, 404, ERROR_JOB_NOT_FOUND);
    expect_unknown(&h, PROPERTY_AVAILABLE);
    answered_error(&h, "m", PATH_STATISTICS, 100, 110, 404, ERROR_JOB_NOT_FOUND);
    expect_fail(&h, PROPERTY_AVAILABLE, 1);
    history_end(&h);
}

static void test_a_job_that_initializes_again_may_be_refused(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    fact(&h, FACT_JOB_KNOWN, 0, 0);
    fact(&h, FACT_JOB_INITIALIZING, 50, 0);
    answered_error(&h, "m", PATH_STATISTICS, 40, 60, 404, ERROR_JOB_NOT_FOUND);
    expect_unknown(&h, PROPERTY_AVAILABLE);
    history_end(&h);
}

static void test_the_layer_of_a_missing_answer_is_the_origin_when_a_call_failed_for_it(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    fact(&h, FACT_JOB_KNOWN, 0, 0);
    call_fails(&h, CALL_STATISTICS, 10, 20);
    answered_error(&h, "m", PATH_STATISTICS, 10, 20, 404, ERROR_JOB_NOT_FOUND);
    expect_fail(&h, PROPERTY_AVAILABLE, 1);
    assert_int_equal(verdict_on(&h, PROPERTY_AVAILABLE)->layer, LAYER_ORIGIN);
    history_end(&h);
}

static void test_no_answer_at_all_is_a_missing_answer_and_nothing_else(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    answered_error(&h, "m", PATH_JOB, 0, 10, 0, ERROR_OTHER);
    expect_fail(&h, PROPERTY_AVAILABLE, 1);
    assert_string_equal(verdict_on(&h, PROPERTY_AVAILABLE)->cause,
                        "The request was never answered.");
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (i != PROPERTY_AVAILABLE)
            assert_int_equal(h.judgement.properties[i].tested, 0);
    }
    history_end(&h);
}

static void test_a_job_seen_running_as_the_error_arrived_proves_nothing(void **state)
{
    (void)state;
    struct history h;
    start(&h, 5000);
    answered_error(&h, "m", PATH_STATISTICS, 0, 10, 404, ERROR_JOB_NOT_FOUND);
    answered_job(&h, "b", JOB_A, 5, 10, "RUNNING");
    answered_error(&h, "m", PATH_STATISTICS, 20, 30, 404, ERROR_JOB_NOT_FOUND);
    expect_unknown(&h, PROPERTY_NO_KEPT_ERROR);
    history_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_error_is_explained_by_a_call_that_failed_while_it_waited),
        cmocka_unit_test(test_an_error_that_outlives_its_failure_was_kept),
        cmocka_unit_test(test_a_dashboard_error_is_explained_by_graph_calls_only),
        cmocka_unit_test(test_where_statistics_come_from_graphs_a_graph_call_explains_them),
        cmocka_unit_test(test_what_is_no_failure_needs_no_explanation),
        cmocka_unit_test(test_a_failure_that_nothing_explains_is_another_client_s_doing),
        cmocka_unit_test(test_a_cancelled_request_was_disturbed),
        cmocka_unit_test(test_recordings_show_disturbance_by_cancellation_only),
        cmocka_unit_test(test_a_recording_proves_a_kept_error_by_a_job_that_runs),
        cmocka_unit_test(test_a_recording_proves_nothing_kept_in_these_cases),
        cmocka_unit_test(test_a_timeout_may_happen_twice),
        cmocka_unit_test(test_an_error_is_forgotten_once_statistics_were_answered_well),
        cmocka_unit_test(test_a_job_that_was_well_before_its_first_error_may_have_ended),
        cmocka_unit_test(test_a_job_must_be_known_before_the_request_to_be_missed),
        cmocka_unit_test(test_who_shares_a_call_from_before_the_job_was_known_may_be_refused),
        cmocka_unit_test(test_a_call_that_had_ended_before_the_request_excuses_nothing),
        cmocka_unit_test(test_a_fact_makes_a_job_known_from_its_own_instant_on),
        cmocka_unit_test(test_a_job_that_initializes_again_may_be_refused),
        cmocka_unit_test(
            test_the_layer_of_a_missing_answer_is_the_origin_when_a_call_failed_for_it),
        cmocka_unit_test(test_no_answer_at_all_is_a_missing_answer_and_nothing_else),
        cmocka_unit_test(test_a_job_seen_running_as_the_error_arrived_proves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
