/* rooms: harness/advice harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "harness/judge/expected_staleness.h"
#include "tests/support/staleness_theory.h"

#define MS INT64_C(1000)

/* What one cache would have given, put beside what theory says and worked out by hand. */

static void test_an_entry_is_kept_up_to_its_timeout_and_stale_by_what_it_lacks(void **state)
{
    (void)state;
    static const struct expected_completion completions[] = {{-1000 * MS, 1}, {40 * MS, 50 * MS}};
    struct expected_entry entry = expected_entry(80 * MS, completions, 2);
    struct expected_staleness expected = {0};
    for (int64_t sent_ms = 10; sent_ms <= 90; sent_ms += 20)
        expected_request(&entry, sent_ms * MS, true);
    /* Filled at 10 ms: 10, 30, 50 (the very moment), 70 lacks it for 20 ms; at 90 it is fetched. */
    assert_int_equal(entry.phases[0].stale, 1);
    assert_true(entry.phases[0].sum_us == 20.0 * MS);
    /* Filled at 0: the same. At -10: fetched again at 70. At -60: at 30, and lives up to 110. */
    assert_int_equal(entry.phases[1].stale, 1);
    assert_int_equal(entry.phases[2].stale, 0);
    assert_int_equal(entry.phases[7].stale, 2);
    assert_true(entry.phases[7].sum_us == 60.0 * MS);
    expected_add(&expected, &entry);
    assert_int_equal(expected.timeout_us, 80 * MS);
    assert_int_equal(expected.reads, 5);
    assert_true(expected.least_sum_us == 0.0);
    assert_true(expected.most_sum_us == 60.0 * MS);
    assert_true(expected.stale == 6.0 / EXPECTED_PHASES);
    assert_true(expected.sum_us == 160.0 * MS / EXPECTED_PHASES);
}

static void test_reads_before_the_first_completion_do_not_count(void **state)
{
    (void)state;
    static const struct expected_completion completions[] = {{40 * MS, 50 * MS}};
    struct expected_entry entry = expected_entry(1000 * MS, completions, 1);
    expected_request(&entry, 50 * MS, true);
    assert_int_equal(entry.reads, 0);
    expected_request(&entry, 50 * MS + 1, true);
    assert_int_equal(entry.reads, 1);
    struct expected_entry never = expected_entry(1000 * MS, NULL, 0);
    expected_request(&never, 50 * MS, true);
    assert_int_equal(never.reads, 0);
}

static void test_requests_of_other_paths_fill_the_entry_and_do_not_count(void **state)
{
    (void)state;
    static const struct expected_completion completions[] = {{0, 1}, {40 * MS, 40 * MS}};
    struct expected_entry entry = expected_entry(100 * MS, completions, 2);
    expected_request(&entry, 10 * MS, false);
    expected_request(&entry, 60 * MS, true);
    assert_int_equal(entry.reads, 1);
    assert_int_equal(entry.phases[0].stale, 1);
    assert_true(entry.phases[0].sum_us == 20.0 * MS);
}

static void test_a_request_that_is_told_late_finds_nothing_missing(void **state)
{
    (void)state;
    static const struct expected_completion completions[] = {{0, 1}, {40 * MS, 45 * MS}};
    struct expected_entry entry = expected_entry(1, completions, 2);
    expected_request(&entry, 30 * MS, true);
    expected_request(&entry, 50 * MS, true);
    expected_request(&entry, 49 * MS, true);
    assert_int_equal(entry.reads, 3);
    assert_int_equal(entry.phases[0].stale, 0);
}

enum { READS = 60000, COMPLETIONS_MAX = 1000000 };

static struct expected_completion completions[COMPLETIONS_MAX];

static size_t complete(const struct reading *load, double until_us, struct random *random)
{
    size_t count = 0;
    for (double due_us = load->period_us; due_us < until_us && count < COMPLETIONS_MAX; count++) {
        completions[count] = (struct expected_completion){(int64_t)due_us, (int64_t)due_us};
        due_us += load->poisson ? random_exponential(random, load->period_us) : load->period_us;
    }
    assert_true(count < COMPLETIONS_MAX);
    return count;
}

/* Allowed is what the judge is allowed: see test_judge_staleness.c. */
static void test_regular_loads_give_what_theory_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < LOADS; i++) {
        const struct reading *load = &loads[i];
        const struct expected theirs = theory(load);
        const double error = 5.0 / 3 / sqrt(READS / (1 + load->rate));
        struct random random;
        random_seed(&random, 11);
        const size_t count = complete(load, load->timeout_us / load->rate * READS * 1.1, &random);
        struct expected_entry entry = expected_entry((int64_t)load->timeout_us, completions, count);
        struct expected_staleness ours = {0};
        double now_us = load->period_us;
        for (int read = 0; read < READS; read++) {
            now_us += random_exponential(&random, load->timeout_us / load->rate);
            expected_request(&entry, (int64_t)now_us, true);
        }
        expected_add(&ours, &entry);
        assert_int_equal(ours.reads, READS);
        assert_true(fabs(ours.stale / READS - theirs.share) <= error);
        assert_true(fabs(ours.sum_us / READS - theirs.mean_us) <= error * load->timeout_us + 1);
        assert_true(ours.least_sum_us <= ours.sum_us && ours.sum_us <= ours.most_sum_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_entry_is_kept_up_to_its_timeout_and_stale_by_what_it_lacks),
        cmocka_unit_test(test_reads_before_the_first_completion_do_not_count),
        cmocka_unit_test(test_requests_of_other_paths_fill_the_entry_and_do_not_count),
        cmocka_unit_test(test_a_request_that_is_told_late_finds_nothing_missing),
        cmocka_unit_test(test_regular_loads_give_what_theory_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
