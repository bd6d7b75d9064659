/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"

/* Where the origin writes down who asked it, an answer to a request that never got there was given
 * by somebody in between, and so was what is wrong with it. */

static void start(struct history *h, int64_t bound_ms)
{
    const struct claim claim = claim_all(bound_ms);
    history_start(h, &claim);
}

/* `m` reads at `at_ms` and is told `latest`. */
static void read_that(struct history *h, enum reach reach, int64_t at_ms, int64_t latest)
{
    struct shown_answer answer;
    struct exchange exchange;
    show(&(struct shown){.run = 1, .latest = latest}, JOB_A, &answer);
    exchange_parts(h, &exchange, "m", PATH_STATISTICS, JOB_A, at_ms, at_ms + 1);
    exchange.seen = &answer.seen;
    exchange.reach = reach;
    feed_exchange(h, &exchange);
}

/* Checkpoint 1 is fetched at 11, 2 completes at 20. */
static void told_an_old_answer(struct history *h, enum reach reach)
{
    start(h, 0);
    completes(h, 10, 1);
    call_at(h, CALL_STATISTICS, 11, 1);
    read_that(h, REACHED_ORIGIN, 11, 1);
    completes(h, 20, 2);
    read_that(h, reach, 30, 1);
}

static void test_an_old_answer_to_a_request_that_stopped_short_is_the_proxy_s(void **state)
{
    static const struct {
        enum reach reach;
        enum layer layer;
    } cases[] = {{STOPPED_SHORT, LAYER_PROXY},
                 {REACHED_ORIGIN, LAYER_STATISTICS_CACHE},
                 {REACH_UNKNOWN, LAYER_STATISTICS_CACHE}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct history h;
        told_an_old_answer(&h, cases[i].reach);
        expect_fail(&h, PROPERTY_FRESH, 1);
        assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->layer, cases[i].layer);
        history_end(&h);
    }
}

static void test_the_witness_says_that_the_request_never_reached_the_origin(void **state)
{
    (void)state;
    struct history h;
    told_an_old_answer(&h, STOPPED_SHORT);
    const struct property_verdict *fresh = verdict_on(&h, PROPERTY_FRESH);
    expect_event(fresh, 0, 11, "gateway", "is asked for the statistics, which show checkpoint 1");
    expect_event(fresh, 2, 30, "m",
                 "GET /jobs/A/checkpoints  answered 1, by the proxy: the request never reached "
                 "the origin");
    expect_since(fresh, 1);
    history_end(&h);
}

static void test_the_layer_is_that_of_the_answer_which_is_described(void **state)
{
    (void)state;
    struct history h;
    told_an_old_answer(&h, REACHED_ORIGIN);
    read_that(&h, STOPPED_SHORT, 40, 1);
    expect_fail(&h, PROPERTY_FRESH, 2);
    assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->layer, LAYER_STATISTICS_CACHE);
    history_end(&h);
}

static void test_a_drop_seen_in_an_answer_of_the_proxy_is_the_proxy_s(void **state)
{
    (void)state;
    for (int short_of = 0; short_of < 2; short_of++) {
        struct history h;
        start(&h, 0);
        completes(&h, 10, 1);
        completes(&h, 20, 2);
        call_at(&h, CALL_STATISTICS, 21, 2);
        read_that(&h, REACHED_ORIGIN, 21, 2);
        read_that(&h, short_of ? STOPPED_SHORT : REACHED_ORIGIN, 30, 1);
        expect_fail(&h, PROPERTY_MONOTONIC, 1);
        assert_int_equal(verdict_on(&h, PROPERTY_MONOTONIC)->layer,
                         short_of ? LAYER_PROXY : LAYER_UNKNOWN);
        history_end(&h);
    }
}

static void test_a_kept_error_and_no_answer_at_all_are_the_proxy_s(void **state)
{
    (void)state;
    const struct observation error = {.kind = OBSERVED_ERROR, .error = ERROR_TIMED_OUT};
    struct history h;
    struct exchange exchange;
    start(&h, 0);
    const uint64_t fetch = call_leaves(&h, CALL_STATISTICS, 10);
    call_ends(&h, CALL_STATISTICS, fetch, 20, 0, "timed out");
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 30, 31);
    exchange.status = 500;
    exchange.seen = &error;
    exchange.reach = STOPPED_SHORT;
    feed_exchange(&h, &exchange);
    const struct property_verdict *kept = verdict_on(&h, PROPERTY_NO_KEPT_ERROR);
    assert_int_equal(kept->violations, 1);
    assert_int_equal(kept->layer, LAYER_PROXY);
    assert_non_null(strstr(kept->witness[kept->witness_count - 1].what,
                           "answered 500, timed out, by the proxy: the request never"));
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 40, 41);
    exchange.status = 0;
    exchange.reach = STOPPED_SHORT;
    feed_exchange(&h, &exchange);
    assert_int_equal(verdict_on(&h, PROPERTY_AVAILABLE)->layer, LAYER_PROXY);
    history_end(&h);
}

static void test_what_no_settings_could_make_right_stays_with_the_settings(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000);
    fact(&h, FACT_BEGAN, 10, 1);
    fact(&h, FACT_COMPLETED, 10, 1);
    read_that(&h, REACHED_ORIGIN, 11, 1);
    fact(&h, FACT_DISCARDED, 20, 1);
    read_that(&h, STOPPED_SHORT, 30, 1);
    expect_fail(&h, PROPERTY_LIVE_PATH, 1);
    assert_int_equal(verdict_on(&h, PROPERTY_LIVE_PATH)->layer, LAYER_SETTING);
    history_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_old_answer_to_a_request_that_stopped_short_is_the_proxy_s),
        cmocka_unit_test(test_the_witness_says_that_the_request_never_reached_the_origin),
        cmocka_unit_test(test_the_layer_is_that_of_the_answer_which_is_described),
        cmocka_unit_test(test_a_drop_seen_in_an_answer_of_the_proxy_is_the_proxy_s),
        cmocka_unit_test(test_a_kept_error_and_no_answer_at_all_are_the_proxy_s),
        cmocka_unit_test(test_what_no_settings_could_make_right_stays_with_the_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
