/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"

static void start(struct history *h, int64_t bound_ms)
{
    const struct claim claim = claim_all(bound_ms);
    history_start(h, &claim);
}

static void test_a_completion_counts_only_if_it_ended_strictly_before_the_request(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    completes(&h, 100, 1);
    reads(&h, "m", 100, 0);
    expect_unknown(&h, PROPERTY_FRESH);
    read_shown(&h, "m", JOB_A, 100, 101, &(struct shown){.run = 1});
    expect_unknown(&h, PROPERTY_FRESH);
    reads(&h, "m", 101, 0);
    expect_fail(&h, PROPERTY_FRESH, 1);
    history_end(&h);
}

static void test_a_bounded_age_allows_exactly_its_bound(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000);
    completes(&h, 100, 1);
    reads(&h, "m", 3100, 0);
    expect_unknown(&h, PROPERTY_BOUNDED_AGE);
    assert_true(h.judgement.properties[PROPERTY_BOUNDED_AGE].has_worst);
    reads(&h, "m", 3101, 0);
    expect_fail(&h, PROPERTY_BOUNDED_AGE, 1);
    assert_true(h.judgement.properties[PROPERTY_BOUNDED_AGE].worst_value == 3001.0);
    assert_string_equal(h.judgement.properties[PROPERTY_BOUNDED_AGE].worst_unit, "ms");
    expect_unknown(&h, PROPERTY_FRESH);
    history_end(&h);
}

static void test_the_worst_age_is_that_of_the_first_checkpoint_missed_also_on_a_pass(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000);
    completes(&h, 100, 1);
    completes(&h, 200, 2);
    completes(&h, 300, 3);
    reads(&h, "m", 3150, 1);
    expect_pass(&h, PROPERTY_BOUNDED_AGE);
    assert_true(h.judgement.properties[PROPERTY_BOUNDED_AGE].worst_value == 2950.0);
    reads(&h, "m", 3151, 3);
    assert_true(verdict_on(&h, PROPERTY_BOUNDED_AGE)->worst_value == 2950.0);
    history_end(&h);
}

static void test_a_savepoint_makes_no_answer_stale(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    completes(&h, 100, 1);
    feed_fact(&h, &(struct fact){.kind = FACT_COMPLETED,
                                 .at_us = 200 * MS,
                                 .job = JOB_A,
                                 .run = 1,
                                 .checkpoint = 2,
                                 .is_savepoint = true});
    reads(&h, "m", 300, 1);
    expect_pass(&h, PROPERTY_FRESH);
    history_end(&h);
}

static void test_a_request_is_held_to_the_age_it_demanded_itself(void **state)
{
    (void)state;
    struct history h;
    struct exchange exchange;
    struct shown_answer answer;
    start(&h, 3000);
    completes(&h, 100, 1);
    show(&(struct shown){.run = 1}, JOB_A, &answer);
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 101, 101);
    exchange.seen = &answer.seen;
    exchange.bound_us = 0;
    feed_exchange(&h, &exchange);
    expect_fail(&h, PROPERTY_FRESH, 1);
    expect_unknown(&h, PROPERTY_BOUNDED_AGE);
    history_end(&h);
}

static void
test_where_only_the_age_is_claimed_it_answers_for_requests_that_demand_more(void **state)
{
    (void)state;
    struct history h;
    struct exchange exchange;
    struct shown_answer answer;
    struct claim claim = claim_all(3000);
    claim.claimed[PROPERTY_FRESH] = false;
    history_start(&h, &claim);
    completes(&h, 100, 1);
    show(&(struct shown){.run = 1}, JOB_A, &answer);
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 101, 101);
    exchange.seen = &answer.seen;
    exchange.bound_us = 0;
    feed_exchange(&h, &exchange);
    expect_fail(&h, PROPERTY_BOUNDED_AGE, 1);
    history_end(&h);
}

static void test_a_trigger_answer_proves_a_completion_for_later_requests(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.latest = 311});
    trigger_says(&h, 20, 30, 312);
    read_shown(&h, "m", JOB_A, 30, 40, &(struct shown){.latest = 311});
    expect_verdict(&h, PROPERTY_FRESH, VERDICT_PASS, 0);
    read_shown(&h, "m", JOB_A, 41, 50, &(struct shown){.latest = 311, .version = 400});
    expect_fail(&h, PROPERTY_FRESH, 1);
    const struct property_verdict *fresh = verdict_on(&h, PROPERTY_FRESH);
    assert_int_equal(fresh->layer, LAYER_ORIGIN);
    expect_event(fresh, 0, 30, "t", "trigger status said that checkpoint 312 is completed");
    expect_event(fresh, 1, 41, "m", "GET /jobs/A/checkpoints  answered 311");
    expect_since(fresh, 0);
    assert_int_equal(fresh->witness[1].seq, 4);
    assert_string_equal(fresh->cause,
                        "Checkpoint 312 had been complete for 11.0 ms when the request was sent.");
    history_end(&h);
}

static void test_an_answer_proves_what_it_shows_for_later_requests(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.latest = 8});
    read_shown(&h, "n", JOB_A, 10, 20, &(struct shown){.latest = 7});
    expect_unknown(&h, PROPERTY_FRESH);
    read_shown(&h, "n", JOB_A, 11, 21, &(struct shown){.latest = 7});
    expect_fail(&h, PROPERTY_FRESH, 1);
    history_end(&h);
}

static void test_one_version_on_both_sides_of_a_proved_completion_comes_from_a_cache(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.latest = 7});
    trigger_says(&h, 20, 30, 8);
    read_shown(&h, "m", JOB_A, 40, 50, &(struct shown){.latest = 7});
    expect_fail(&h, PROPERTY_FRESH, 1);
    assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->layer, LAYER_CACHE);
    history_end(&h);
}

static void
test_an_old_version_never_seen_is_no_origin_where_a_dashboard_may_have_fetched(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    answered_job(&h, "b", JOB_A, 0, 10, "RUNNING");
    trigger_says(&h, 20, 30, 8);
    read_shown(&h, "m", JOB_A, 40, 50, &(struct shown){.latest = 7});
    assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->layer, LAYER_UNKNOWN);
    history_end(&h);
}

/* The example of the documentation, to the letter. */
static void test_the_witness_tells_who_filled_the_cache(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    completes(&h, 90, 10);
    sends(&h, "b", PATH_JOB, 100);
    call_at(&h, CALL_GRAPH, 100, 10);
    answered_job(&h, "b", JOB_A, 100, 100, "RUNNING");
    completes(&h, 200, 11);
    sends(&h, "m", PATH_STATISTICS, 300);
    reads(&h, "m", 300, 10);
    expect_fail(&h, PROPERTY_FRESH, 1);
    const struct property_verdict *fresh = verdict_on(&h, PROPERTY_FRESH);
    expect_event(fresh, 0, 100, "b", "GET /jobs/A  fetches the graph, which shows checkpoint 10");
    expect_event(fresh, 1, 200, "A", "checkpoint 11 completed");
    expect_event(fresh, 2, 300, "m",
                 "GET /jobs/A/checkpoints  answered 10, from the graph fetched at 100.0 ms");
    expect_since(fresh, 1);
    assert_int_equal(fresh->witness_count, 3);
    assert_int_equal(fresh->layer, LAYER_GRAPH_CACHE);
    assert_string_equal(fresh->cause,
                        "Checkpoint 11 had been complete for 100.0 ms when the request was sent.");
    history_end(&h);
}

static void test_the_layer_of_an_old_answer_follows_the_call_that_brought_it(void **state)
{
    (void)state;
    static const struct {
        int64_t taken_ms;
        enum layer layer;
    } rows[] = {{199, LAYER_STATISTICS_CACHE}, {200, LAYER_ORIGIN}, {201, LAYER_ORIGIN}};
    for (size_t i = 0; i < 3; i++) {
        struct history h;
        start(&h, 0);
        completes(&h, 90, 10);
        uint64_t fetch = call_leaves(&h, CALL_STATISTICS, 100);
        if (rows[i].taken_ms < 200)
            call_taken(&h, CALL_STATISTICS, fetch, rows[i].taken_ms, 10);
        completes(&h, 200, 11);
        if (rows[i].taken_ms >= 200)
            call_taken(&h, CALL_STATISTICS, fetch, rows[i].taken_ms, 10);
        call_ends(&h, CALL_STATISTICS, fetch, 250, 10, NULL);
        reads(&h, "m", 300, 10);
        expect_fail(&h, PROPERTY_FRESH, 1);
        assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->layer, rows[i].layer);
        history_end(&h);
    }
}

static void test_an_answer_that_lists_what_it_misses_is_no_old_snapshot(void **state)
{
    (void)state;
    for (int told = 0; told <= 1; told++) {
        struct history h;
        struct exchange exchange;
        struct shown_answer answer;
        start(&h, 0);
        if (told)
            judge_calls_are_told(h.judge);
        completes(&h, 90, 9);
        completes(&h, 100, 10);
        show(&(struct shown){.run = 1, .latest = 10}, JOB_A, &answer);
        answer.seen.latest_completed = answer.entries[1];
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 200, 200);
        exchange.seen = &answer.seen;
        feed_exchange(&h, &exchange);
        expect_fail(&h, PROPERTY_NUMERIC_LATEST, 1);
        assert_int_equal(verdict_on(&h, PROPERTY_FRESH)->layer,
                         told ? LAYER_ENDPOINT : LAYER_UNKNOWN);
        history_end(&h);
    }
}

static void test_the_violation_described_is_the_one_sent_first(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    completes(&h, 100, 1);
    read_shown(&h, "x", JOB_A, 300, 310, &(struct shown){.run = 1});
    read_shown(&h, "y", JOB_A, 200, 320, &(struct shown){.run = 1});
    read_shown(&h, "z", JOB_A, 250, 330, &(struct shown){.run = 1});
    expect_fail(&h, PROPERTY_FRESH, 3);
    const struct property_verdict *fresh = verdict_on(&h, PROPERTY_FRESH);
    assert_int_equal(fresh->witness_count, 2);
    expect_event(fresh, 1, 200, "y", "GET /jobs/A/checkpoints  answered none");
    history_end(&h);
}

static void test_nothing_is_shown_before_its_completion_began(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    completes(&h, 100, 1);
    reads(&h, "m", 199, 1);
    expect_pass(&h, PROPERTY_NO_PHANTOM);
    reads(&h, "m", 199, 2);
    expect_fail(&h, PROPERTY_NO_PHANTOM, 1);
    fact(&h, FACT_BEGAN, 200, 2);
    reads(&h, "m", 200, 2);
    expect_fail(&h, PROPERTY_NO_PHANTOM, 1);
    history_end(&h);
}

static void test_an_answer_that_left_before_a_completion_began_showed_a_phantom(void **state)
{
    (void)state;
    struct history h;
    struct exchange exchange;
    struct shown_answer answer;
    start(&h, 0);
    completes(&h, 100, 1);
    fact(&h, FACT_BEGAN, 200, 2);
    show(&(struct shown){.run = 1, .latest = 2}, JOB_A, &answer);
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 150, 250);
    exchange.seen = &answer.seen;
    exchange.left_us = 200 * MS;
    feed_exchange(&h, &exchange);
    expect_pass(&h, PROPERTY_NO_PHANTOM);
    exchange.left_us = 199 * MS;
    feed_exchange(&h, &exchange);
    expect_fail(&h, PROPERTY_NO_PHANTOM, 1);
    history_end(&h);
}

static void test_without_the_origin_s_journal_phantoms_are_unknown(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.latest = 3});
    expect_unknown(&h, PROPERTY_NO_PHANTOM);
    history_end(&h);
}

static void test_a_request_sent_after_an_answer_sees_no_older_state(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 9});
    expect_unknown(&h, PROPERTY_MONOTONIC);
    read_shown(&h, "n", JOB_A, 10, 20, &(struct shown){.run = 1, .latest = 8});
    expect_unknown(&h, PROPERTY_MONOTONIC);
    read_shown(&h, "n", JOB_A, 11, 21, &(struct shown){.run = 1, .latest = 9});
    expect_pass(&h, PROPERTY_MONOTONIC);
    read_shown(&h, "n", JOB_A, 11, 22, &(struct shown){.run = 1, .latest = 8});
    expect_fail(&h, PROPERTY_MONOTONIC, 1);
    history_end(&h);
}

static void test_a_smaller_version_alone_is_an_older_state(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 9, .version = 21});
    read_shown(&h, "m", JOB_A, 20, 30, &(struct shown){.run = 1, .latest = 9, .version = 20});
    expect_fail(&h, PROPERTY_MONOTONIC, 1);
    const struct property_verdict *monotonic = verdict_on(&h, PROPERTY_MONOTONIC);
    expect_event(monotonic, 0, 10, "m", "GET /jobs/A/checkpoints  answered 9 (snapshot 21)");
    expect_event(monotonic, 1, 20, "m", "GET /jobs/A/checkpoints  answered 9 (snapshot 20)");
    expect_since(monotonic, 0);
    history_end(&h);
}

static void test_with_an_age_each_client_is_compared_with_itself(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 9});
    read_shown(&h, "n", JOB_A, 20, 30, &(struct shown){.run = 1, .latest = 8});
    expect_unknown(&h, PROPERTY_MONOTONIC);
    read_shown(&h, "m", JOB_A, 40, 50, &(struct shown){.run = 1, .latest = 8});
    expect_fail(&h, PROPERTY_MONOTONIC, 1);
    history_end(&h);
}

static void test_with_an_age_a_client_without_a_name_is_compared_with_nobody(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000);
    read_shown(&h, NULL, JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 9});
    read_shown(&h, NULL, JOB_A, 20, 30, &(struct shown){.run = 1, .latest = 8});
    expect_unknown(&h, PROPERTY_MONOTONIC);
    history_end(&h);
}

static void test_a_drop_without_anything_newer_is_no_new_run(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 5, .latest = 9});
    read_shown(&h, "m", JOB_A, 20, 30, &(struct shown){.run = 5, .latest = 2});
    expect_fail(&h, PROPERTY_MONOTONIC, 1);
    history_end(&h);
}

/* Repeated observations are counted without being looked at: nothing may change by that. */
static void test_repeated_observations_are_judged_like_any_other(void **state)
{
    (void)state;
    for (uint64_t serial = 0; serial <= 1; serial++) {
        struct history h;
        start(&h, 100);
        completes(&h, 100, 1);
        h.serial = serial;
        for (int64_t at_ms = 110; at_ms < 400; at_ms++)
            reads(&h, at_ms % 2 ? "m" : "n", at_ms, 1);
        h.serial = 2 * serial;
        completes(&h, 400, 2);
        for (int64_t at_ms = 400; at_ms < 600; at_ms++)
            reads(&h, at_ms % 2 ? "m" : "n", at_ms, 1);
        expect_fail(&h, PROPERTY_BOUNDED_AGE, 99);
        const struct property_verdict *age = verdict_on(&h, PROPERTY_BOUNDED_AGE);
        assert_int_equal(age->tested, 199 + 200);
        assert_true(age->worst_value == 199.0);
        expect_event(age, age->witness_count - 1, 501, "m", "GET /jobs/A/checkpoints  answered 1");
        expect_pass(&h, PROPERTY_MONOTONIC);
        assert_int_equal(verdict_on(&h, PROPERTY_MONOTONIC)->tested, 290 + 200 - 2);
        history_end(&h);
    }
}

static void test_a_repeated_observation_is_no_excuse_for_a_client_who_saw_more(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000);
    for (int64_t at_ms = 0; at_ms < 5; at_ms++) {
        h.serial = 1;
        reads(&h, "m", 10 * at_ms, 7);
        reads(&h, "n", 10 * at_ms + 1, 7);
    }
    h.serial = 2;
    reads(&h, "m", 60, 8);
    h.serial = 1;
    reads(&h, "n", 70, 7);
    expect_pass(&h, PROPERTY_MONOTONIC);
    reads(&h, "n", 71, 7);
    reads(&h, "m", 72, 7);
    expect_fail(&h, PROPERTY_MONOTONIC, 1);
    reads(&h, "n", 73, 7);
    reads(&h, "m", 74, 7);
    expect_fail(&h, PROPERTY_MONOTONIC, 2);
    history_end(&h);
}

static void test_the_whole_follows_the_claim_s_own_property(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    verdict_on(&h, PROPERTY_FRESH);
    assert_int_equal(h.judgement.whole, VERDICT_UNKNOWN);
    reads(&h, "m", 10, 0);
    verdict_on(&h, PROPERTY_FRESH);
    assert_int_equal(h.judgement.whole, VERDICT_UNKNOWN);
    completes(&h, 20, 1);
    reads(&h, "m", 30, 1);
    verdict_on(&h, PROPERTY_FRESH);
    assert_int_equal(h.judgement.whole, VERDICT_PASS);
    reads(&h, "m", 40, 0);
    verdict_on(&h, PROPERTY_FRESH);
    assert_int_equal(h.judgement.whole, VERDICT_FAIL);
    history_end(&h);
}

static void test_the_whole_follows_other_paths_where_no_statistics_were_read(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    sends(&h, "b", PATH_JOB, 0);
    call_at(&h, CALL_GRAPH, 0, 1);
    answered_job(&h, "b", JOB_A, 0, 0, "RUNNING");
    expect_pass(&h, PROPERTY_DASHBOARD_CACHED);
    assert_int_equal(h.judgement.whole, VERDICT_PASS);
    history_end(&h);
}

static void test_a_request_sent_between_two_answers_is_held_to_the_first_only(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 8});
    read_shown(&h, "m", JOB_A, 11, 20, &(struct shown){.run = 1, .latest = 9});
    read_shown(&h, "m", JOB_A, 15, 30, &(struct shown){.run = 1, .latest = 8});
    expect_pass(&h, PROPERTY_MONOTONIC);
    read_shown(&h, "m", JOB_A, 15, 31, &(struct shown){.run = 1, .latest = 7});
    expect_fail(&h, PROPERTY_MONOTONIC, 1);
    history_end(&h);
}

static void test_a_newer_trigger_without_a_drop_is_no_new_run(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 5, .version = 10});
    read_shown(&h, "m", JOB_A, 20, 30, &(struct shown){.run = 2, .latest = 5, .version = 11});
    read_shown(&h, "m", JOB_A, 40, 50, &(struct shown){.run = 1, .latest = 5, .version = 10});
    expect_fail(&h, PROPERTY_MONOTONIC, 1);
    history_end(&h);
}

static void test_an_answer_of_an_earlier_run_is_old_whatever_its_number(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.run = 1, .latest = 9});
    read_shown(&h, "m", JOB_A, 20, 30, &(struct shown){.run = 2, .latest = 1});
    read_shown(&h, "m", JOB_A, 40, 50, &(struct shown){.run = 1, .latest = 9});
    read_shown(&h, "m", JOB_A, 60, 70, &(struct shown){.run = 2, .latest = 1});
    expect_fail(&h, PROPERTY_FRESH, 1);
    assert_int_equal(h.judgement.properties[PROPERTY_MONOTONIC].violations, 0);
    history_end(&h);
}

static void test_the_layer_of_a_drop_follows_the_call_that_brought_it(void **state)
{
    (void)state;
    for (int64_t taken_ms = 19; taken_ms <= 20; taken_ms++) {
        struct history h;
        start(&h, 0);
        uint64_t fetch = call_leaves(&h, CALL_STATISTICS, 5);
        if (taken_ms < 20)
            call_taken(&h, CALL_STATISTICS, fetch, taken_ms, 8);
        read_shown(&h, "m", JOB_A, 10, 20, &(struct shown){.run = 1, .latest = 9});
        if (taken_ms >= 20)
            call_taken(&h, CALL_STATISTICS, fetch, taken_ms, 8);
        call_ends(&h, CALL_STATISTICS, fetch, 30, 8, NULL);
        read_shown(&h, "m", JOB_A, 40, 40, &(struct shown){.run = 1, .latest = 8});
        expect_fail(&h, PROPERTY_MONOTONIC, 1);
        assert_int_equal(verdict_on(&h, PROPERTY_MONOTONIC)->layer,
                         taken_ms < 20 ? LAYER_STATISTICS_CACHE : LAYER_ORIGIN);
        history_end(&h);
    }
}

static void test_a_savepoint_shown_as_latest_checkpoint_proves_no_checkpoint(void **state)
{
    (void)state;
    struct history h;
    struct exchange exchange;
    struct shown_answer answer;
    start(&h, 0);
    show(&(struct shown){.latest = 8}, JOB_A, &answer);
    answer.seen.latest_completed.is_savepoint = true;
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 0, 10);
    exchange.seen = &answer.seen;
    feed_exchange(&h, &exchange);
    read_shown(&h, "m", JOB_A, 20, 30, &(struct shown){.latest = 7, .version = 9});
    expect_unknown(&h, PROPERTY_FRESH);
    history_end(&h);
}

static void test_a_trigger_that_failed_or_goes_on_proves_nothing(void **state)
{
    (void)state;
    for (int failed = 0; failed <= 1; failed++) {
        struct history h;
        struct exchange exchange;
        const struct observation seen = {.kind = OBSERVED_TRIGGER_STATUS,
                                         .trigger_done = failed,
                                         .trigger_failed = failed,
                                         .trigger_checkpoint = 5};
        start(&h, 0);
        exchange_parts(&h, &exchange, "t", PATH_TRIGGER_STATUS, JOB_A, 0, 10);
        exchange.seen = &seen;
        feed_exchange(&h, &exchange);
        reads(&h, "m", 20, 4);
        expect_unknown(&h, PROPERTY_FRESH);
        history_end(&h);
    }
}

static void test_a_target_is_shown_with_the_names_of_jobs_and_without_the_version(void **state)
{
    (void)state;
    struct history h;
    struct exchange exchange;
    struct shown_answer answer;
    start(&h, 0);
    completes(&h, 10, 1);
    show(&(struct shown){.run = 1}, JOB_A, &answer);
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 20, 20);
    exchange.seen = &answer.seen;
    exchange.target = "/jobs/cccccccccccccccc3333333333333333/aaaaaaaaaaaaaaaa1111111111111111?x=1";
    feed_exchange(&h, &exchange);
    expect_event(verdict_on(&h, PROPERTY_FRESH), 1, 20, "m",
                 "GET /jobs/cccccccccccccccc3333333333333333/A?x=1  answered none");
    history_end(&h);

    start(&h, 0);
    completes(&h, 10, 1);
    exchange.target = NULL;
    feed_exchange(&h, &exchange);
    expect_event(verdict_on(&h, PROPERTY_FRESH), 1, 20, "m",
                 "GET /jobs/A/checkpoints  answered none");
    history_end(&h);
}

static void read_at_us(struct history *h, int64_t at_us)
{
    struct exchange exchange;
    struct shown_answer answer;
    show(&(struct shown){.run = 1, .latest = 1}, JOB_A, &answer);
    exchange_parts(h, &exchange, "m", PATH_STATISTICS, JOB_A, 0, 0);
    exchange.sent_us = exchange.left_us = exchange.done_us = at_us;
    exchange.seen = &answer.seen;
    exchange.seen_serial = 1;
    feed_exchange(h, &exchange);
}

static void test_a_repeated_observation_turns_stale_on_the_microsecond(void **state)
{
    (void)state;
    struct history h;
    start(&h, 3000);
    completes(&h, 10, 1);
    completes(&h, 20, 2);
    for (int64_t at_us = 2000 * MS; at_us < 2010 * MS; at_us += MS)
        read_at_us(&h, at_us);
    read_at_us(&h, 3020 * MS);
    expect_pass(&h, PROPERTY_BOUNDED_AGE);
    read_at_us(&h, 3020 * MS + 1);
    expect_fail(&h, PROPERTY_BOUNDED_AGE, 1);
    history_end(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_completion_counts_only_if_it_ended_strictly_before_the_request),
        cmocka_unit_test(test_a_bounded_age_allows_exactly_its_bound),
        cmocka_unit_test(test_the_worst_age_is_that_of_the_first_checkpoint_missed_also_on_a_pass),
        cmocka_unit_test(test_a_savepoint_makes_no_answer_stale),
        cmocka_unit_test(test_a_request_is_held_to_the_age_it_demanded_itself),
        cmocka_unit_test(
            test_where_only_the_age_is_claimed_it_answers_for_requests_that_demand_more),
        cmocka_unit_test(test_a_trigger_answer_proves_a_completion_for_later_requests),
        cmocka_unit_test(test_an_answer_proves_what_it_shows_for_later_requests),
        cmocka_unit_test(test_one_version_on_both_sides_of_a_proved_completion_comes_from_a_cache),
        cmocka_unit_test(
            test_an_old_version_never_seen_is_no_origin_where_a_dashboard_may_have_fetched),
        cmocka_unit_test(test_the_witness_tells_who_filled_the_cache),
        cmocka_unit_test(test_the_layer_of_an_old_answer_follows_the_call_that_brought_it),
        cmocka_unit_test(test_an_answer_that_lists_what_it_misses_is_no_old_snapshot),
        cmocka_unit_test(test_the_violation_described_is_the_one_sent_first),
        cmocka_unit_test(test_nothing_is_shown_before_its_completion_began),
        cmocka_unit_test(test_an_answer_that_left_before_a_completion_began_showed_a_phantom),
        cmocka_unit_test(test_without_the_origin_s_journal_phantoms_are_unknown),
        cmocka_unit_test(test_a_request_sent_after_an_answer_sees_no_older_state),
        cmocka_unit_test(test_a_smaller_version_alone_is_an_older_state),
        cmocka_unit_test(test_with_an_age_each_client_is_compared_with_itself),
        cmocka_unit_test(test_with_an_age_a_client_without_a_name_is_compared_with_nobody),
        cmocka_unit_test(test_a_drop_without_anything_newer_is_no_new_run),
        cmocka_unit_test(test_repeated_observations_are_judged_like_any_other),
        cmocka_unit_test(test_a_repeated_observation_is_no_excuse_for_a_client_who_saw_more),
        cmocka_unit_test(test_the_whole_follows_the_claim_s_own_property),
        cmocka_unit_test(test_the_whole_follows_other_paths_where_no_statistics_were_read),
        cmocka_unit_test(test_a_request_sent_between_two_answers_is_held_to_the_first_only),
        cmocka_unit_test(test_a_newer_trigger_without_a_drop_is_no_new_run),
        cmocka_unit_test(test_an_answer_of_an_earlier_run_is_old_whatever_its_number),
        cmocka_unit_test(test_the_layer_of_a_drop_follows_the_call_that_brought_it),
        cmocka_unit_test(test_a_savepoint_shown_as_latest_checkpoint_proves_no_checkpoint),
        cmocka_unit_test(test_a_trigger_that_failed_or_goes_on_proves_nothing),
        cmocka_unit_test(test_a_target_is_shown_with_the_names_of_jobs_and_without_the_version),
        cmocka_unit_test(test_a_repeated_observation_turns_stale_on_the_microsecond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
