/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"

static void start(struct history *h, int64_t bound_ms)
{
    const struct claim claim = claim_all(bound_ms);
    history_start(h, &claim);
}

/* A dashboard request that has the graph fetched. */
static void dashboard_fetches(struct history *h, int64_t at_ms)
{
    sends(h, "b", PATH_JOB, at_ms);
    call_at(h, CALL_GRAPH, at_ms, 1);
    answered_job(h, "b", JOB_A, at_ms, at_ms, "RUNNING");
}

static void program_fetches(struct history *h, int64_t at_ms)
{
    sends(h, "m", PATH_STATISTICS, at_ms);
    call_at(h, CALL_STATISTICS, at_ms, 1);
    reads(h, "m", at_ms, 1);
}

static void test_two_graphs_are_fetched_a_refresh_interval_apart(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    dashboard_fetches(&h, 0);
    dashboard_fetches(&h, 3000);
    expect_pass(&h, PROPERTY_DASHBOARD_CACHED);
    assert_true(h.judgement.properties[PROPERTY_DASHBOARD_CACHED].worst_value == 1.0);
    dashboard_fetches(&h, 5999);
    expect_fail(&h, PROPERTY_DASHBOARD_CACHED, 1);
    const struct property_verdict *cached = verdict_on(&h, PROPERTY_DASHBOARD_CACHED);
    assert_int_equal(cached->tested, 3);
    assert_true(cached->worst_value == 2.0);
    assert_string_equal(cached->worst_unit, "calls");
    assert_int_equal(cached->layer, LAYER_GRAPH_CACHE);
    assert_string_equal(cached->cause,
                        "Two execution graphs were fetched 2.999 s apart; the refresh interval is "
                        "3.0 s.");
    history_end(&h);
}

static void test_a_call_that_ends_late_is_held_against_those_sent_after_it(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    sends(&h, "b", PATH_JOB, 0);
    uint64_t slow = call_leaves(&h, CALL_GRAPH, 0);
    uint64_t quick = call_leaves(&h, CALL_GRAPH, 2999);
    call_ends(&h, CALL_GRAPH, quick, 3100, 2, NULL);
    expect_unknown(&h, PROPERTY_DASHBOARD_CACHED);
    call_ends(&h, CALL_GRAPH, slow, 5000, 1, NULL);
    expect_fail(&h, PROPERTY_DASHBOARD_CACHED, 1);
    history_end(&h);
}

static void test_a_failed_graph_may_be_fetched_again_at_once(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    sends(&h, "b", PATH_JOB, 0);
    uint64_t fetch = call_leaves(&h, CALL_GRAPH, 0);
    call_ends(&h, CALL_GRAPH, fetch, 5, 0, "timed out");
    answered_error(&h, "b", PATH_JOB, 0, 5, 500, ERROR_TIMED_OUT);
    dashboard_fetches(&h, 10);
    expect_pass(&h, PROPERTY_DASHBOARD_CACHED);
    history_end(&h);
}

static void test_a_graph_is_fetched_only_while_a_dashboard_waits(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    dashboard_fetches(&h, 0);
    call_at(&h, CALL_GRAPH, 4000, 1);
    expect_fail(&h, PROPERTY_DASHBOARD_CACHED, 1);
    history_end(&h);
}

static void test_the_checkpoint_configuration_is_a_dashboard_request(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    sends(&h, "b", PATH_CONFIG, 0);
    call_at(&h, CALL_GRAPH, 0, 1);
    expect_unknown(&h, PROPERTY_DASHBOARD_CACHED);
    expect_unknown(&h, PROPERTY_MINIMAL_FETCH);
    history_end(&h);
}

static void test_where_requests_are_not_told_no_call_is_blamed_on_them(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    call_at(&h, CALL_GRAPH, 0, 1);
    answered_job(&h, "b", JOB_A, 0, 0, "RUNNING");
    expect_pass(&h, PROPERTY_DASHBOARD_CACHED);
    history_end(&h);
}

static void test_a_checkpoint_request_builds_no_graph(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    program_fetches(&h, 0);
    dashboard_fetches(&h, 10);
    expect_pass(&h, PROPERTY_MINIMAL_FETCH);
    expect_pass(&h, PROPERTY_ISOLATED);
    sends(&h, "m", PATH_STATISTICS, 5000);
    call_at(&h, CALL_GRAPH, 5000, 1);
    reads(&h, "m", 5000, 1);
    expect_fail(&h, PROPERTY_MINIMAL_FETCH, 1);
    expect_fail(&h, PROPERTY_ISOLATED, 1);
    expect_fail(&h, PROPERTY_DASHBOARD_CACHED, 1);
    const struct property_verdict *minimal = verdict_on(&h, PROPERTY_MINIMAL_FETCH);
    expect_event(minimal, 0, 5000, "m", "GET /jobs/A/checkpoints  is waiting");
    expect_event(minimal, 1, 5000, "gateway", "is asked for the execution graph of A");
    history_end(&h);
}

static void test_a_graph_is_no_fault_while_a_dashboard_request_waits_too(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    sends(&h, "m", PATH_STATISTICS, 0);
    sends(&h, "b", PATH_JOB, 0);
    call_at(&h, CALL_GRAPH, 0, 1);
    call_at(&h, CALL_STATISTICS, 0, 1);
    answered_job(&h, "b", JOB_A, 0, 1, "RUNNING");
    read_shown(&h, "m", JOB_A, 0, 1, &(struct shown){.run = 1, .latest = 1});
    expect_pass(&h, PROPERTY_MINIMAL_FETCH);
    expect_pass(&h, PROPERTY_ISOLATED);
    history_end(&h);
}

static void test_isolation_needs_both_paths(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    program_fetches(&h, 0);
    expect_unknown(&h, PROPERTY_ISOLATED);
    assert_string_equal(h.judgement.properties[PROPERTY_ISOLATED].cause,
                        "only one of the two paths was read");
    history_end(&h);
}

static void test_checkpoints_out_of_the_dashboard_s_cache_are_not_isolated(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    dashboard_fetches(&h, 0);
    sends(&h, "m", PATH_STATISTICS, 10);
    reads(&h, "m", 10, 1);
    expect_fail(&h, PROPERTY_ISOLATED, 1);
    assert_int_equal(verdict_on(&h, PROPERTY_ISOLATED)->layer, LAYER_GRAPH_CACHE);
    program_fetches(&h, 20);
    reads(&h, "m", 30, 1);
    expect_fail(&h, PROPERTY_ISOLATED, 1);
    history_end(&h);
}

static void test_a_dashboard_request_that_fetches_statistics_is_not_isolated(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    program_fetches(&h, 0);
    sends(&h, "b", PATH_JOB, 10);
    call_at(&h, CALL_STATISTICS, 10, 1);
    answered_job(&h, "b", JOB_A, 10, 10, "RUNNING");
    expect_fail(&h, PROPERTY_ISOLATED, 1);
    assert_int_equal(verdict_on(&h, PROPERTY_ISOLATED)->layer, LAYER_STATISTICS_CACHE);
    history_end(&h);
}

static void test_an_error_that_only_the_other_path_explains_is_not_isolated(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    dashboard_fetches(&h, 0);
    program_fetches(&h, 5);
    uint64_t fetch = call_leaves(&h, CALL_GRAPH, 4000);
    call_ends(&h, CALL_GRAPH, fetch, 4010, 0, "timed out");
    answered_error(&h, "m", PATH_STATISTICS, 4000, 4010, 500, ERROR_TIMED_OUT);
    expect_fail(&h, PROPERTY_ISOLATED, 1);
    expect_unknown(&h, PROPERTY_UNDISTURBED);
    history_end(&h);
}

static void test_a_cancelled_request_is_no_fault_of_the_other_path(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    dashboard_fetches(&h, 0);
    program_fetches(&h, 5);
    uint64_t fetch = call_leaves(&h, CALL_STATISTICS, 4000);
    call_ends(&h, CALL_STATISTICS, fetch, 4010, 0, "timed out");
    answered_error(&h, "b", PATH_JOB, 4000, 4010, 500, ERROR_CANCELLED);
    expect_pass(&h, PROPERTY_ISOLATED);
    expect_fail(&h, PROPERTY_UNDISTURBED, 1);
    history_end(&h);
}

static void test_calls_per_job_are_one_and_one_per_timeout(void **state)
{
    (void)state;
    struct history h;
    start(&h, 1000);
    program_fetches(&h, 0);
    program_fetches(&h, 1000);
    program_fetches(&h, 2000);
    expect_pass(&h, PROPERTY_BOUNDED_LOAD);
    assert_true(h.judgement.properties[PROPERTY_BOUNDED_LOAD].worst_value == 3.0);
    program_fetches(&h, 2999);
    expect_fail(&h, PROPERTY_BOUNDED_LOAD, 1);
    assert_int_equal(verdict_on(&h, PROPERTY_BOUNDED_LOAD)->layer, LAYER_STATISTICS_CACHE);
    program_fetches(&h, 3000);
    expect_fail(&h, PROPERTY_BOUNDED_LOAD, 1);
    program_fetches(&h, 3001);
    expect_fail(&h, PROPERTY_BOUNDED_LOAD, 2);
    history_end(&h);
}

static void test_a_request_that_demands_more_pays_for_a_call_of_its_own(void **state)
{
    (void)state;
    for (int64_t demanded_ms = 0; demanded_ms <= 1000; demanded_ms += demanded_ms ? 1 : 999) {
        struct history h;
        struct exchange exchange;
        struct shown_answer answer;
        start(&h, 1000);
        program_fetches(&h, 0);
        call_at(&h, CALL_STATISTICS, 500, 1);
        show(&(struct shown){.run = 1, .latest = 1}, JOB_A, &answer);
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 500, 500);
        exchange.seen = &answer.seen;
        exchange.bound_us = demanded_ms * MS;
        feed_exchange(&h, &exchange);
        if (demanded_ms < 1000)
            expect_pass(&h, PROPERTY_BOUNDED_LOAD);
        else
            expect_fail(&h, PROPERTY_BOUNDED_LOAD, 1);
        history_end(&h);
    }
}

static void test_failed_calls_do_not_count_as_load(void **state)
{
    (void)state;
    struct history h;
    start(&h, 1000);
    program_fetches(&h, 0);
    for (int i = 0; i < 5; i++)
        call_ends(&h, CALL_STATISTICS, call_leaves(&h, CALL_STATISTICS, 10), 20, 0, "timed out");
    expect_pass(&h, PROPERTY_BOUNDED_LOAD);
    history_end(&h);
}

static void test_at_timeout_0_calls_in_flight_are_bounded(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    program_fetches(&h, 0);
    uint64_t first = call_leaves(&h, CALL_STATISTICS, 10);
    call_leaves(&h, CALL_STATISTICS, 20);
    call_ends(&h, CALL_STATISTICS, first, 30, 1, NULL);
    call_leaves(&h, CALL_STATISTICS, 40);
    expect_pass(&h, PROPERTY_BOUNDED_LOAD);
    assert_true(h.judgement.properties[PROPERTY_BOUNDED_LOAD].worst_value == 2.0);
    call_leaves(&h, CALL_STATISTICS, 50);
    expect_fail(&h, PROPERTY_BOUNDED_LOAD, 1);
    expect_event(verdict_on(&h, PROPERTY_BOUNDED_LOAD), 0, 40, "gateway",
                 "is asked for checkpoint statistics of A");
    expect_event(verdict_on(&h, PROPERTY_BOUNDED_LOAD), 1, 50, "gateway",
                 "is asked again while as many calls as allowed (2) are under way");
    history_end(&h);
}

static void test_where_statistics_come_from_graphs_those_calls_are_the_load(void **state)
{
    (void)state;
    struct history h;
    start(&h, 1000);
    for (int64_t at_ms = 0; at_ms <= 1999; at_ms += 1999) {
        sends(&h, "m", PATH_STATISTICS, at_ms);
        call_at(&h, CALL_GRAPH, at_ms, 1);
        reads(&h, "m", at_ms, 1);
    }
    expect_pass(&h, PROPERTY_BOUNDED_LOAD);
    call_at(&h, CALL_GRAPH, 1999, 1);
    expect_fail(&h, PROPERTY_BOUNDED_LOAD, 1);
    assert_int_equal(verdict_on(&h, PROPERTY_BOUNDED_LOAD)->layer, LAYER_GRAPH_CACHE);
    history_end(&h);
}

static void test_without_a_record_of_calls_load_is_unknown_and_says_why(void **state)
{
    (void)state;
    static const enum property needy[] = {PROPERTY_DASHBOARD_CACHED, PROPERTY_ISOLATED,
                                          PROPERTY_MINIMAL_FETCH, PROPERTY_BOUNDED_LOAD};
    struct history h;
    start(&h, 0);
    reads(&h, "m", 0, 1);
    answered_job(&h, "b", JOB_A, 0, 1, "RUNNING");
    for (size_t i = 0; i < 4; i++) {
        expect_unknown(&h, needy[i]);
        assert_string_equal(
            h.judgement.properties[needy[i]].cause,
            "it takes the origin's own record of what it was asked, which is not told here");
    }
    history_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_graphs_are_fetched_a_refresh_interval_apart),
        cmocka_unit_test(test_a_call_that_ends_late_is_held_against_those_sent_after_it),
        cmocka_unit_test(test_a_failed_graph_may_be_fetched_again_at_once),
        cmocka_unit_test(test_a_graph_is_fetched_only_while_a_dashboard_waits),
        cmocka_unit_test(test_the_checkpoint_configuration_is_a_dashboard_request),
        cmocka_unit_test(test_where_requests_are_not_told_no_call_is_blamed_on_them),
        cmocka_unit_test(test_a_checkpoint_request_builds_no_graph),
        cmocka_unit_test(test_a_graph_is_no_fault_while_a_dashboard_request_waits_too),
        cmocka_unit_test(test_isolation_needs_both_paths),
        cmocka_unit_test(test_checkpoints_out_of_the_dashboard_s_cache_are_not_isolated),
        cmocka_unit_test(test_a_dashboard_request_that_fetches_statistics_is_not_isolated),
        cmocka_unit_test(test_an_error_that_only_the_other_path_explains_is_not_isolated),
        cmocka_unit_test(test_a_cancelled_request_is_no_fault_of_the_other_path),
        cmocka_unit_test(test_calls_per_job_are_one_and_one_per_timeout),
        cmocka_unit_test(test_a_request_that_demands_more_pays_for_a_call_of_its_own),
        cmocka_unit_test(test_failed_calls_do_not_count_as_load),
        cmocka_unit_test(test_at_timeout_0_calls_in_flight_are_bounded),
        cmocka_unit_test(test_where_statistics_come_from_graphs_those_calls_are_the_load),
        cmocka_unit_test(test_without_a_record_of_calls_load_is_unknown_and_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
