/* rooms: harness/judge gateway base */
#include "tests/support/history_builder.h"

/* converges: all is quiet from 1000 ms on. */

enum { QUIET_MS = 1000, TIMEOUT_MS = 100, INTERVAL_MS = 300 };

static void start(struct history *h)
{
    struct claim claim = claim_all(TIMEOUT_MS);
    claim.claimed[PROPERTY_CONVERGES] = true;
    claim.settled_from_us = QUIET_MS * MS;
    claim.refresh_interval_us = INTERVAL_MS * MS;
    history_start(h, &claim);
    run_begins(h, 0, 1);
    fact(h, FACT_JOB_KNOWN, 0, 0);
}

static const struct property_verdict *fails_by(struct history *h, enum layer layer)
{
    const struct property_verdict *verdict = verdict_on(h, PROPERTY_CONVERGES);
    assert_int_equal(verdict->verdict, VERDICT_FAIL);
    assert_int_equal(verdict->layer, layer);
    assert_true(verdict->witness_count > 0);
    return verdict;
}

static void test_a_failure_counts_from_the_stated_time_on(void **state)
{
    (void)state;
    static const enum exchange_path paths[] = {PATH_STATISTICS, PATH_DETAILS, PATH_JOB,
                                               PATH_CONFIG};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct history h;
        start(&h);
        answered_error(&h, "m", paths[i], QUIET_MS - 1, QUIET_MS + 5, 500, ERROR_TIMED_OUT);
        expect_unknown(&h, PROPERTY_CONVERGES);
        answered_error(&h, "m", paths[i], QUIET_MS, QUIET_MS + 5, 500, ERROR_TIMED_OUT);
        expect_fail(&h, PROPERTY_CONVERGES, 1);
        history_end(&h);
    }
}

static void test_who_is_to_blame_calls_tell(void **state)
{
    (void)state;
    for (int fails = 0; fails < 2; fails++) {
        struct history h;
        start(&h);
        const uint64_t call = call_leaves(&h, CALL_STATISTICS, QUIET_MS);
        call_ends(&h, CALL_STATISTICS, call, QUIET_MS + 2, 1, fails ? "timed out" : NULL);
        answered_error(&h, "m", PATH_STATISTICS, QUIET_MS, QUIET_MS + 5, 500, ERROR_TIMED_OUT);
        fails_by(&h, fails ? LAYER_ORIGIN : LAYER_STATISTICS_CACHE);
        history_end(&h);
    }
}

static void test_what_is_no_failure_of_the_path_is_none_here(void **state)
{
    (void)state;
    struct history h;
    start(&h);
    answered_error(&h, "m", PATH_DETAILS, 1000, 1001, 404, ERROR_NO_CHECKPOINT);
    answered_error(&h, "m", PATH_STATISTICS, 1000, 1001, 404, ERROR_NOT_ENABLED);
    answered_error(&h, "m", PATH_JOB, 1000, 1001, 500, ERROR_CANCELLED);
    answered_error(&h, "m", PATH_OTHER, 1000, 1001, 500, ERROR_OTHER);
    expect_pass(&h, PROPERTY_CONVERGES);
    assert_int_equal(verdict_on(&h, PROPERTY_CONVERGES)->tested, 3);
    history_end(&h);
}

static void test_that_a_job_is_not_ready_the_jobmanager_may_say_itself(void **state)
{
    (void)state;
    for (int fails = 0; fails < 2; fails++) {
        struct history h;
        start(&h);
        const uint64_t call = call_leaves(&h, CALL_STATISTICS, QUIET_MS);
        call_ends(&h, CALL_STATISTICS, call, QUIET_MS + 2, 1, fails ? "initializing" : NULL);
        answered_error(&h, "m", PATH_STATISTICS, QUIET_MS, QUIET_MS + 5, 500, ERROR_INITIALIZING);
        expect_verdict(&h, PROPERTY_CONVERGES, fails ? VERDICT_PASS : VERDICT_FAIL, !fails);
        history_end(&h);
    }
}

static void test_a_request_that_is_never_answered_is_a_failure(void **state)
{
    (void)state;
    struct history h;
    start(&h);
    answered_error(&h, "m", PATH_JOB, QUIET_MS - 1, 9000, 0, ERROR_NONE);
    expect_unknown(&h, PROPERTY_CONVERGES);
    answered_error(&h, "m", PATH_JOB, QUIET_MS, 9000, 0, ERROR_NONE);
    const struct property_verdict *verdict = fails_by(&h, LAYER_UNKNOWN);
    expect_event(verdict, 0, QUIET_MS, "m", "GET /jobs/A  is sent");
    assert_string_equal(verdict->witness[1].what, "GET /jobs/A  was never answered");
    history_end(&h);
}

static void test_of_a_job_that_is_not_known_nothing_is_asked(void **state)
{
    (void)state;
    struct history h;
    start(&h);
    fact(&h, FACT_JOB_INITIALIZING, 1500, 0);
    answered_error(&h, "m", PATH_STATISTICS, 1600, 1601, 500, ERROR_INITIALIZING);
    expect_unknown(&h, PROPERTY_CONVERGES);
    fact(&h, FACT_JOB_KNOWN, 1700, 0);
    answered_error(&h, "m", PATH_STATISTICS, 1699, 1701, 500, ERROR_INITIALIZING);
    expect_unknown(&h, PROPERTY_CONVERGES);
    answered_error(&h, "m", PATH_STATISTICS, 1700, 1701, 500, ERROR_INITIALIZING);
    expect_fail(&h, PROPERTY_CONVERGES, 1);
    history_end(&h);
}

static void test_a_list_may_be_as_old_as_one_timeout(void **state)
{
    (void)state;
    for (uint64_t serial = 0; serial < 2; serial++) {
        struct history h;
        start(&h);
        h.serial = serial;
        completes(&h, 1500, 1);
        completes(&h, 1600, 2);
        reads(&h, "m", 1600 + TIMEOUT_MS, 1);
        expect_pass(&h, PROPERTY_CONVERGES);
        reads(&h, "m", 1600 + TIMEOUT_MS + 1, 1);
        reads(&h, "m", 1600 + TIMEOUT_MS + 2, 1);
        expect_fail(&h, PROPERTY_CONVERGES, 2);
        history_end(&h);
    }
}

/* The same answer, read again and again: it is looked at anew when the time has come. */
static void test_a_list_read_often_is_judged_from_the_stated_time_on(void **state)
{
    (void)state;
    struct history h;
    start(&h);
    h.serial = 7;
    completes(&h, 10, 1);
    for (int64_t at_ms = QUIET_MS - 50; at_ms < QUIET_MS + 50; at_ms++)
        reads(&h, "m", at_ms, 1);
    expect_pass(&h, PROPERTY_CONVERGES);
    assert_int_equal(verdict_on(&h, PROPERTY_CONVERGES)->tested, 50);
    history_end(&h);
}

static void test_the_configured_timeout_goes_before_the_claimed_age(void **state)
{
    (void)state;
    struct history h;
    struct claim claim = claim_all(0);
    claim.claimed[PROPERTY_CONVERGES] = claim.settings_known = true;
    claim.settings_timeout_us = TIMEOUT_MS * MS;
    history_start(&h, &claim);
    run_begins(&h, 0, 1);
    fact(&h, FACT_JOB_KNOWN, 0, 0);
    completes(&h, 1600, 1);
    reads(&h, "m", 1600 + TIMEOUT_MS, 0);
    expect_pass(&h, PROPERTY_CONVERGES);
    reads(&h, "m", 1600 + TIMEOUT_MS + 1, 0);
    expect_fail(&h, PROPERTY_CONVERGES, 1);
    history_end(&h);
}

static void test_a_page_comes_from_a_graph_of_this_interval(void **state)
{
    (void)state;
    struct history h;
    start(&h);
    answered_job(&h, "b", JOB_A, 1000, 1001, "RUNNING");
    call_at(&h, CALL_GRAPH, 1100, 1);
    answered_job(&h, "b", JOB_A, 1100 + INTERVAL_MS, 1500, "RUNNING");
    expect_pass(&h, PROPERTY_CONVERGES);
    answered_job(&h, "b", JOB_A, 1100 + INTERVAL_MS + 1, 1500, "RUNNING");
    const struct property_verdict *verdict = fails_by(&h, LAYER_GRAPH_CACHE);
    expect_event(verdict, 0, 1100, "gateway", "is asked for the execution graph of A");
    history_end(&h);
}

static void test_before_the_stated_time_nothing_is_put_to_the_test(void **state)
{
    (void)state;
    struct history h;
    start(&h);
    completes(&h, 10, 1);
    reads(&h, "m", 900, 0);
    expect_unknown(&h, PROPERTY_CONVERGES);
    assert_string_equal(verdict_on(&h, PROPERTY_CONVERGES)->cause,
                        "no request about a job was sent after all had become quiet");
    history_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failure_counts_from_the_stated_time_on),
        cmocka_unit_test(test_who_is_to_blame_calls_tell),
        cmocka_unit_test(test_what_is_no_failure_of_the_path_is_none_here),
        cmocka_unit_test(test_that_a_job_is_not_ready_the_jobmanager_may_say_itself),
        cmocka_unit_test(test_a_request_that_is_never_answered_is_a_failure),
        cmocka_unit_test(test_of_a_job_that_is_not_known_nothing_is_asked),
        cmocka_unit_test(test_a_list_may_be_as_old_as_one_timeout),
        cmocka_unit_test(test_a_list_read_often_is_judged_from_the_stated_time_on),
        cmocka_unit_test(test_the_configured_timeout_goes_before_the_claimed_age),
        cmocka_unit_test(test_a_page_comes_from_a_graph_of_this_interval),
        cmocka_unit_test(test_before_the_stated_time_nothing_is_put_to_the_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
