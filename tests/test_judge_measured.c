/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"

/* What is measured: bounded-memory and settings-honoured. */

static void start(struct history *h, int64_t bound_ms, int64_t timeout_ms)
{
    struct claim claim = claim_all(bound_ms);
    claim.settings_known = true;
    claim.settings_timeout_us = timeout_ms * MS;
    claim.stats_entry_count_max = 2;
    claim.detail_entry_count_max = 3;
    history_start(h, &claim);
}

static void holds(struct history *h, enum call_kind cache, int64_t at_ms, uint64_t count)
{
    feed_fact(h,
              &(struct fact){
                  .kind = FACT_ENTRIES, .at_us = at_ms * MS, .call = cache, .entry_count = count});
}

static void test_a_cache_holds_as_many_entries_as_its_capacity_and_no_more(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0, 1000);
    expect_unknown(&h, PROPERTY_BOUNDED_MEMORY);
    reads(&h, "m", 10, 1);
    read_shown(&h, "m", JOB_B, 10, 10, &(struct shown){.run = 1, .latest = 1});
    holds(&h, CALL_STATISTICS, 10, 2);
    holds(&h, CALL_OTHER, 10, 3);
    expect_pass(&h, PROPERTY_BOUNDED_MEMORY);
    holds(&h, CALL_STATISTICS, 11, 3);
    expect_fail(&h, PROPERTY_BOUNDED_MEMORY, 1);
    const struct property_verdict *memory = verdict_on(&h, PROPERTY_BOUNDED_MEMORY);
    assert_int_equal(memory->layer, LAYER_STATISTICS_CACHE);
    assert_true(memory->worst_value == 3.0);
    assert_string_equal(memory->worst_unit, "entries");
    assert_string_equal(memory->cause,
                        "The cache of checkpoint statistics held 3 entries; its capacity is 2.");
    expect_event(memory, 0, 11, "cache", "has room for 2 checkpoint statistics");
    expect_event(memory, 1, 11, "cache", "holds 3 checkpoint statistics");
    holds(&h, CALL_OTHER, 12, 4);
    expect_fail(&h, PROPERTY_BOUNDED_MEMORY, 2);
    history_end(&h);
}

static void test_a_job_that_nobody_asks_for_leaves_after_two_timeouts(void **state)
{
    (void)state;
    for (int64_t late_ms = 0; late_ms <= 1; late_ms++) {
        struct history h;
        start(&h, 0, 100);
        reads(&h, "m", 10, 1);
        holds(&h, CALL_STATISTICS, 210 + late_ms, 1);
        if (late_ms == 0)
            expect_pass(&h, PROPERTY_BOUNDED_MEMORY);
        else
            expect_fail(&h, PROPERTY_BOUNDED_MEMORY, 1);
        holds(&h, CALL_STATISTICS, 220, 0);
        assert_int_equal(verdict_on(&h, PROPERTY_BOUNDED_MEMORY)->violations, late_ms);
        history_end(&h);
    }
}

static void test_a_request_that_is_not_told_apart_may_be_what_fills_a_cache(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0, 100);
    sends(&h, "m", PATH_OTHER, 10);
    holds(&h, CALL_STATISTICS, 20, 1);
    expect_pass(&h, PROPERTY_BOUNDED_MEMORY);
    holds(&h, CALL_STATISTICS, 21, 2);
    expect_fail(&h, PROPERTY_BOUNDED_MEMORY, 1);
    history_end(&h);
}

static void test_graphs_stay_for_two_refresh_intervals_whoever_asks(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0, 100);
    sends(&h, "b", PATH_JOB, 10);
    holds(&h, CALL_GRAPH, 5000, 1);
    answered_job(&h, "b", JOB_A, 10, 6000, "RUNNING");
    holds(&h, CALL_GRAPH, 12000, 1);
    expect_pass(&h, PROPERTY_BOUNDED_MEMORY);
    holds(&h, CALL_STATISTICS, 12000, 1);
    expect_fail(&h, PROPERTY_BOUNDED_MEMORY, 1);
    holds(&h, CALL_GRAPH, 12001, 1);
    expect_fail(&h, PROPERTY_BOUNDED_MEMORY, 2);
    history_end(&h);
}

static void test_without_the_options_no_number_of_entries_is_too_many(void **state)
{
    (void)state;
    struct history h;
    const struct claim claim = claim_all(0);
    history_start(&h, &claim);
    holds(&h, CALL_STATISTICS, 1, 1000000);
    expect_unknown(&h, PROPERTY_BOUNDED_MEMORY);
    expect_unknown(&h, PROPERTY_SETTINGS_HONOURED);
    history_end(&h);
}

/* A cache that keeps a snapshot for `kept_ms`, asked each 10 ms about a job that completes one each
 * 35 ms. */
static void poll_cache(struct history *h, int64_t kept_ms)
{
    int64_t completed = 0, cached = 0, fetched_ms = -100000;
    for (int64_t at_ms = 1; at_ms < 20000; at_ms++) {
        if (at_ms % 35 == 0)
            completes(h, at_ms, ++completed);
        if (at_ms % 10 != 1)
            continue;
        if (at_ms - fetched_ms >= kept_ms) {
            fetched_ms = at_ms;
            cached = completed;
        }
        h->serial = (uint64_t)cached + 1;
        read_shown(h, "m", JOB_A, at_ms, at_ms, &(struct shown){.run = 1, .latest = cached});
    }
}

static void test_the_timeout_is_measured_from_outside(void **state)
{
    (void)state;
    static const struct {
        int64_t configured_ms, kept_ms;
        enum verdict expected;
    } rows[] = {{3000, 3000, VERDICT_PASS}, {1500, 1500, VERDICT_PASS}, {0, 0, VERDICT_PASS},
                {1500, 3000, VERDICT_FAIL}, {3000, 1500, VERDICT_FAIL}, {0, 3000, VERDICT_FAIL},
                {3000, 0, VERDICT_FAIL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct history h;
        start(&h, rows[i].configured_ms, rows[i].configured_ms);
        poll_cache(&h, rows[i].kept_ms);
        const struct property_verdict *settings = verdict_on(&h, PROPERTY_SETTINGS_HONOURED);
        if (settings->verdict != rows[i].expected)
            print_error("row %zu: %s\n", i, settings->cause);
        assert_int_equal(settings->verdict, rows[i].expected);
        assert_int_equal(settings->violations, rows[i].expected == VERDICT_FAIL);
        history_end(&h);
    }
}

static void test_what_was_measured_is_told(void **state)
{
    (void)state;
    struct history h;
    start(&h, 1500, 1500);
    poll_cache(&h, 3000);
    const struct property_verdict *settings = verdict_on(&h, PROPERTY_SETTINGS_HONOURED);
    assert_string_equal(settings->cause, "The options resolve to a timeout of 1.5 s; measured were "
                                         "2.986 s or more, and 3.01 s or less.");
    assert_true(settings->worst_value == 1486.0);
    assert_int_equal(settings->witness_count, 2);
    history_end(&h);
}

static void test_too_few_reads_measure_nothing(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000, 3000);
    completes(&h, 1, 1);
    reads(&h, "m", 10, 1);
    completes(&h, 1000, 2);
    reads(&h, "m", 2000, 1);
    reads(&h, "m", 9000, 2);
    expect_unknown(&h, PROPERTY_SETTINGS_HONOURED);
    completes(&h, 9500, 3);
    reads(&h, "m", 15000, 3);
    expect_unknown(&h, PROPERTY_SETTINGS_HONOURED);
    assert_string_equal(h.judgement.properties[PROPERTY_SETTINGS_HONOURED].cause,
                        "snapshots were kept for 1.0 s or more, and 13.0 s or less, which leaves "
                        "open whether it is the 3.0 s of the options");
    history_end(&h);
}

/* 50 ms are allowed for. */
static void test_one_answer_that_is_too_old_refutes_the_timeout_by_itself(void **state)
{
    (void)state;
    for (unsigned over_ms = 0; over_ms <= 1; over_ms++) {
        struct history h;
        start(&h, 3000, 100);
        completes(&h, 1, 1);
        completes(&h, 1000, 2);
        reads(&h, "m", 1150 + over_ms, 1);
        expect_verdict(&h, PROPERTY_SETTINGS_HONOURED, over_ms ? VERDICT_FAIL : VERDICT_UNKNOWN,
                       over_ms);
        history_end(&h);
    }
}

/* Its snapshot is not this job's: neither its age nor when it came says how long one is kept. */
static void test_what_belongs_to_another_job_measures_nothing(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000, 100);
    completes(&h, 1, 1);
    completes(&h, 2, 2);
    for (int64_t id = 3; id <= 9; id++)
        fact_of_run(&h, FACT_COMPLETED, 3, JOB_B, 1, id);
    completes(&h, 1000, 3);
    read_shown(&h, "m", JOB_A, 1010, 1011, &(struct shown){.run = 1, .latest = 2});
    struct shown_answer answer;
    struct exchange exchange;
    show(&(struct shown){.run = 1, .latest = 1}, JOB_A, &answer);
    snprintf(answer.paths[0], sizeof answer.paths[0], "file:/b/chk-9");
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 2000, 2001);
    exchange.seen = &answer.seen;
    feed_exchange(&h, &exchange);
    expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
    expect_unknown(&h, PROPERTY_SETTINGS_HONOURED);
    history_end(&h);
}

/* Which run a list without entries shows cannot be told once there were two: however often it is
 * read, it says nothing of how long the snapshot before it was kept. */
static void
test_a_list_whose_run_cannot_be_told_measures_nothing_when_it_is_read_again(void **state)
{
    (void)state;
    struct history h;
    start(&h, 300, 300);
    run_begins(&h, 0, 1);
    run_begins(&h, 1, 2);
    fact_of_run(&h, FACT_BEGAN, 2, JOB_A, 2, 1);
    fact_of_run(&h, FACT_COMPLETED, 2, JOB_A, 2, 1);
    fact_of_run(&h, FACT_BEGAN, 3, JOB_A, 2, 2);
    fact_of_run(&h, FACT_COMPLETED, 3, JOB_A, 2, 2);
    h.serial = 1;
    read_shown(&h, "m", JOB_A, 10, 10, &(struct shown){.run = 2, .latest = 1});
    h.serial = 2;
    for (int64_t at_ms = 20; at_ms < 290; at_ms++)
        read_shown(&h, "m", JOB_A, at_ms, at_ms, &(struct shown){.run = 2, .version = 5});
    h.serial = 3;
    read_shown(&h, "m", JOB_A, 290, 290, &(struct shown){.run = 2, .latest = 2, .version = 6});
    read_shown(&h, "m", JOB_A, 291, 291, &(struct shown){.run = 2, .latest = 2, .version = 6});
    h.serial = 4;
    read_shown(&h, "m", JOB_A, 310, 310, &(struct shown){.run = 2, .latest = 2, .version = 7});
    assert_int_not_equal(verdict_on(&h, PROPERTY_SETTINGS_HONOURED)->verdict, VERDICT_FAIL);
    history_end(&h);
}

static void test_a_request_that_demands_its_own_age_interrupts_the_measurement(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000, 3000);
    for (int64_t id = 1; id <= 4; id++) {
        struct shown_answer answer;
        struct exchange exchange;
        completes(&h, 100 * id, id);
        show(&(struct shown){.run = 1, .latest = id}, JOB_A, &answer);
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 100 * id + 10, 100 * id + 11);
        exchange.seen = &answer.seen;
        exchange.bound_us = 0;
        feed_exchange(&h, &exchange);
    }
    expect_unknown(&h, PROPERTY_SETTINGS_HONOURED);
    history_end(&h);
}

/* Kept for 0.2 s: too short for a timeout of 3 s, unless somebody had it fetched anew. */
static void test_so_does_one_for_details(void **state)
{
    (void)state;
    for (int64_t bound_us = -1; bound_us <= 0; bound_us++) {
        const struct seen_checkpoint shown = {.id = 1, .status = SEEN_COMPLETED};
        const struct observation seen = {.kind = OBSERVED_DETAILS, .latest_completed = shown};
        struct exchange exchange;
        struct history h;
        start(&h, 3000, 3000);
        reads(&h, "m", 3190, 1);
        reads(&h, "m", 3200, 2);
        exchange_parts(&h, &exchange, "d", PATH_DETAILS, JOB_A, 3300, 3300);
        exchange.seen = &seen;
        exchange.bound_us = bound_us;
        feed_exchange(&h, &exchange);
        reads(&h, "m", 3400, 3);
        if (bound_us < 0)
            expect_fail(&h, PROPERTY_SETTINGS_HONOURED, 1);
        else
            expect_unknown(&h, PROPERTY_SETTINGS_HONOURED);
        history_end(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_cache_holds_as_many_entries_as_its_capacity_and_no_more),
        cmocka_unit_test(test_a_job_that_nobody_asks_for_leaves_after_two_timeouts),
        cmocka_unit_test(test_a_request_that_is_not_told_apart_may_be_what_fills_a_cache),
        cmocka_unit_test(test_graphs_stay_for_two_refresh_intervals_whoever_asks),
        cmocka_unit_test(test_without_the_options_no_number_of_entries_is_too_many),
        cmocka_unit_test(test_the_timeout_is_measured_from_outside),
        cmocka_unit_test(test_what_was_measured_is_told),
        cmocka_unit_test(test_too_few_reads_measure_nothing),
        cmocka_unit_test(test_one_answer_that_is_too_old_refutes_the_timeout_by_itself),
        cmocka_unit_test(test_what_belongs_to_another_job_measures_nothing),
        cmocka_unit_test(
            test_a_list_whose_run_cannot_be_told_measures_nothing_when_it_is_read_again),
        cmocka_unit_test(test_a_request_that_demands_its_own_age_interrupts_the_measurement),
        cmocka_unit_test(test_so_does_one_for_details),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
