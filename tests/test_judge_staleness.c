/* rooms: harness/advice harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"
#include "tests/support/staleness_theory.h"

/* How old answers were: the counting itself, and the judge against what theory says. */

static void test_a_step_holds_all_ages_up_to_the_next(void **state)
{
    (void)state;
    for (uint64_t step = 1; step + 1 < STALENESS_STEPS; step++) {
        const int64_t low_us = staleness_step_us(step), next_us = staleness_step_us(step + 1);
        struct staleness staleness = {0};
        assert_true(next_us > low_us);
        assert_true(step < 8 || (double)next_us <= (double)low_us * 1.1251);
        staleness_add(&staleness, low_us);
        staleness_add(&staleness, next_us - 1);
        assert_int_equal(staleness.steps[step], 2);
        staleness_add(&staleness, next_us);
        assert_int_equal(staleness.steps[step], 2);
        assert_int_equal(staleness.steps[step + 1], 1);
    }
}

static void test_the_last_step_holds_whatever_is_older(void **state)
{
    (void)state;
    struct staleness staleness = {0};
    staleness_add(&staleness, INT64_MAX);
    assert_int_equal(staleness.steps[STALENESS_STEPS - 1], 1);
    assert_true(staleness_quantile_us(&staleness, 0.5) == INT64_MAX);
}

static void test_quantiles_are_of_all_reads_and_reach_the_oldest(void **state)
{
    (void)state;
    struct staleness staleness = {0};
    assert_true(staleness_mean_us(&staleness) == 0);
    assert_int_equal(staleness_quantile_us(&staleness, 0.99), 0);
    staleness_add_fresh(&staleness, 89);
    staleness_add(&staleness, 0);
    for (int i = 0; i < 9; i++)
        staleness_add(&staleness, 4);
    staleness_add(&staleness, 1000);
    assert_int_equal(staleness.reads, 100);
    assert_int_equal(staleness.stale, 10);
    assert_true(staleness_mean_us(&staleness) == 10.36);
    assert_int_equal(staleness_quantile_us(&staleness, 0.90), 0);
    assert_int_equal(staleness_quantile_us(&staleness, 0.91), 4);
    assert_int_equal(staleness_quantile_us(&staleness, 0.99), 4);
    assert_int_equal(staleness_quantile_us(&staleness, 0.995), 1000);
    assert_int_equal(staleness_quantile_us(&staleness, 1), 1000);
}

enum { READS = 60000 };

/* Reads take no time, and nothing happens in the very instant of another thing but by chance. */
static void observe(const struct reading *load, struct staleness *staleness)
{
    static struct judgement judgement;
    struct random random;
    struct claim claim = {.bound_us = (int64_t)load->timeout_us};
    claim.claimed[PROPERTY_BOUNDED_AGE] = true;
    struct judge *judge = judge_new(&claim);
    assert_non_null(judge);
    random_seed(&random, 7);
    double now_us = 0, due_us = load->period_us, fetched_us = -1e18;
    int64_t completed = 0, cached = 0;
    for (uint64_t seq = 1; seq <= READS; seq++) {
        now_us += random_exponential(&random, load->timeout_us / load->rate);
        for (; due_us < now_us; due_us += load->poisson
                                              ? random_exponential(&random, load->period_us)
                                              : load->period_us)
            assert_true(judge_fact(judge, &(struct fact){.kind = FACT_COMPLETED,
                                                         .at_us = (int64_t)due_us,
                                                         .job = JOB_A,
                                                         .run = 1,
                                                         .checkpoint = ++completed}));
        if (now_us - fetched_us > load->timeout_us) {
            fetched_us = now_us;
            cached = completed;
        }
        struct shown_answer answer;
        struct exchange exchange = {.seq = seq,
                                    .client_index = SIZE_MAX,
                                    .path = PATH_STATISTICS,
                                    .job = JOB_A,
                                    .sent_us = (int64_t)now_us,
                                    .done_us = (int64_t)now_us,
                                    .left_us = (int64_t)now_us,
                                    .bound_us = -1,
                                    .status = 200,
                                    .seen = &answer.seen,
                                    .seen_serial = (uint64_t)cached + 1};
        show(&(struct shown){.run = 1, .latest = cached}, JOB_A, &answer);
        assert_true(judge_exchange(judge, &exchange));
    }
    judge_verdicts(judge, &judgement);
    *staleness = judgement.staleness;
    judge_free(judge);
}

/*
 * Reads of one entry hang together, so there are READS / (1 + rate) independent samples, of which
 * each varies by at most d (shares: by at most 1), and about a third of that as a standard
 * deviation. Allowed are five standard errors and what rounding to microseconds does.
 */
static void test_observed_staleness_is_what_theory_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < LOADS; i++) {
        const struct reading *load = &loads[i];
        const struct expected expected = theory(load);
        const double error = 5.0 / 3 / sqrt(READS / (1 + load->rate));
        struct staleness seen;
        observe(load, &seen);
        const double share = (double)seen.stale / (double)seen.reads;
        const double mean_us = staleness_mean_us(&seen);
        if (fabs(share - expected.share) > error ||
            fabs(mean_us - expected.mean_us) > error * load->timeout_us + 1)
            print_error("load %zu: share %f for %f, mean %f for %f ms\n", i, share, expected.share,
                        mean_us / 1000, expected.mean_us / 1000);
        assert_true(fabs(share - expected.share) <= error);
        assert_true(fabs(mean_us - expected.mean_us) <= error * load->timeout_us + 1);
        assert_true((double)seen.max_us <= load->timeout_us + 1);
        assert_true(staleness_quantile_us(&seen, 1 - expected.share - error) == 0);
    }
}

static void test_the_smallest_bound_that_would_have_passed_passes(void **state)
{
    (void)state;
    for (int64_t bound_ms = 40; bound_ms <= 42; bound_ms++) {
        struct history h;
        struct claim claim = claim_all(bound_ms);
        history_start(&h, &claim);
        for (int64_t id = 1; id <= 5; id++)
            completes(&h, 10 * id, id);
        reads(&h, "m", 51, 5);
        reads(&h, "m", 61, 1);
        const struct property_verdict *age = verdict_on(&h, PROPERTY_BOUNDED_AGE);
        assert_true(age->worst_value == 41.0);
        assert_int_equal(age->worst_behind, 4);
        assert_int_equal(age->verdict, bound_ms < 41 ? VERDICT_FAIL : VERDICT_PASS);
        assert_int_equal(h.judgement.staleness.reads, 2);
        assert_int_equal(h.judgement.staleness.stale, 1);
        history_end(&h);
    }
}

static void test_every_property_with_a_measure_tells_its_smallest_bound(void **state)
{
    (void)state;
    struct history h;
    struct claim claim = claim_all(0);
    claim.claimed[PROPERTY_RESTORE_WINDOW] = true;
    claim.restore_window_us = 5 * MS;
    history_start(&h, &claim);
    judge_calls_are_told(h.judge);
    run_begins(&h, 0, 1);
    reads(&h, "m", 1, 2);
    completes(&h, 3, 2);
    assert_true(verdict_on(&h, PROPERTY_NO_PHANTOM)->worst_value == 2.0);
    completes(&h, 4, 3);
    completes(&h, 4, 5);
    reads(&h, "m", 5, 5);
    reads(&h, "m", 6, 3);
    assert_true(verdict_on(&h, PROPERTY_MONOTONIC)->worst_value == 2.0);
    reads(&h, "m", 7, 5);
    fact(&h, FACT_DISCARDED, 20, 5);
    assert_true(verdict_on(&h, PROPERTY_RESTORE_WINDOW)->worst_value == 13.0);
    assert_int_equal(verdict_on(&h, PROPERTY_RESTORE_WINDOW)->verdict, VERDICT_PASS);
    assert_true(verdict_on(&h, PROPERTY_LIVE_PATH)->worst_value == 0.0);
    reads(&h, "m", 24, 5);
    assert_true(verdict_on(&h, PROPERTY_LIVE_PATH)->worst_value == 4.0);
    uint64_t fetch = call_leaves(&h, CALL_STATISTICS, 30);
    call_ends(&h, CALL_STATISTICS, fetch, 31, 0, "timed out");
    reads(&h, "m", 32, 5);
    assert_true(verdict_on(&h, PROPERTY_NO_KEPT_ERROR)->worst_value == 0.0);
    answered_error(&h, "m", PATH_STATISTICS, 36, 36, 500, ERROR_TIMED_OUT);
    assert_true(verdict_on(&h, PROPERTY_NO_KEPT_ERROR)->worst_value == 5.0);
    run_begins(&h, 40, 2);
    read_shown(&h, "m", JOB_A, 43, 43, &(struct shown){.run = 1, .latest = 5});
    assert_true(verdict_on(&h, PROPERTY_RIGHT_JOB)->worst_value == 3.0);
    assert_true(verdict_on(&h, PROPERTY_NUMERIC_LATEST)->worst_value == 0.0);
    history_end(&h);
}

static void test_a_property_says_what_its_measure_is_if_it_has_one(void **state)
{
    (void)state;
    assert_non_null(property_quantity(PROPERTY_FRESH));
    assert_non_null(property_quantity(PROPERTY_RESTORE_WINDOW));
    assert_null(property_quantity(PROPERTY_AVAILABLE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_step_holds_all_ages_up_to_the_next),
        cmocka_unit_test(test_the_last_step_holds_whatever_is_older),
        cmocka_unit_test(test_quantiles_are_of_all_reads_and_reach_the_oldest),
        cmocka_unit_test(test_observed_staleness_is_what_theory_says),
        cmocka_unit_test(test_the_smallest_bound_that_would_have_passed_passes),
        cmocka_unit_test(test_every_property_with_a_measure_tells_its_smallest_bound),
        cmocka_unit_test(test_a_property_says_what_its_measure_is_if_it_has_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
