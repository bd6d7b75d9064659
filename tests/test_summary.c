/* rooms: gateway base */
#include "tests/support/test_prelude.h"

#include <math.h>

#include "gateway/summary.h"

static struct summary summary_with_histogram(void)
{
    struct summary summary = {.samples = samples_new()};
    assert_non_null(summary.samples);
    return summary;
}

static void add_all(struct summary *summary, const int64_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_true(summary_add(summary, values[i]));
}

/* Adds low, low+1 ... high. */
static void add_range(struct summary *summary, int64_t low, int64_t high)
{
    for (int64_t value = low; value <= high; value++)
        assert_true(summary_add(summary, value));
}

static void assert_percentiles(const struct summary *summary, double p50, double p90, double p95,
                               double p99, double p999)
{
    const double expected[SUMMARY_PERCENTILES] = {p50, p90, p95, p99, p999};
    double values[SUMMARY_PERCENTILES];
    assert_true(summary_percentiles(summary, values));
    for (int i = 0; i < SUMMARY_PERCENTILES; i++) {
        if (fabs(values[i] - expected[i]) > 1e-9)
            fail_msg("percentile %d is %.17g instead of %.17g", i, values[i], expected[i]);
    }
}

static void test_an_empty_summary_has_zeros_and_percentiles_that_are_no_numbers(void **state)
{
    (void)state;
    struct summary summary = summary_with_histogram();
    double values[SUMMARY_PERCENTILES] = {0};
    assert_int_equal(summary_average(&summary), 0);
    assert_true(summary_percentiles(&summary, values));
    for (int i = 0; i < SUMMARY_PERCENTILES; i++)
        assert_true(isnan(values[i]));
    samples_release(summary.samples);
}

static void test_one_value_is_everything(void **state)
{
    (void)state;
    struct summary summary = summary_with_histogram();
    assert_true(summary_add(&summary, 42));
    assert_int_equal(summary.min, 42);
    assert_int_equal(summary.max, 42);
    assert_int_equal(summary.sum, 42);
    assert_int_equal(summary.count, 1);
    assert_int_equal(summary_average(&summary), 42);
    assert_percentiles(&summary, 42, 42, 42, 42, 42);
    samples_release(summary.samples);
}

static void test_percentiles_are_those_that_commons_math_gave(void **state)
{
    (void)state;
    static const int64_t tens[] = {40, 10, 30, 20};
    struct summary summary = summary_with_histogram();
    add_all(&summary, tens, 4);
    assert_percentiles(&summary, 25.0, 40, 40, 40, 40);
    samples_release(summary.samples);

    summary = summary_with_histogram();
    add_range(&summary, 1, 10);
    assert_percentiles(&summary, 5.5, 9.9, 10.0, 10, 10);
    samples_release(summary.samples);
}

static void test_values_between_two_samples_are_interpolated(void **state)
{
    (void)state;
    struct summary summary = summary_with_histogram();
    add_range(&summary, 1, 2000);
    assert_percentiles(&summary, 1000.5, 1800.9, 1900.95, 1980.99, 1998.999);
    samples_release(summary.samples);
}

static void test_minimum_maximum_sum_and_average_follow_the_values(void **state)
{
    (void)state;
    static const int64_t values[] = {7, 3, 12};
    struct summary summary = {0};
    add_all(&summary, values, 3);
    assert_int_equal(summary.min, 3);
    assert_int_equal(summary.max, 12);
    assert_int_equal(summary.sum, 22);
    assert_int_equal(summary.count, 3);
    assert_int_equal(summary_average(&summary), 7);
}

static void test_negative_values_are_ignored_and_zero_is_not(void **state)
{
    (void)state;
    struct summary summary = summary_with_histogram();
    assert_true(summary_add(&summary, 5));
    assert_true(summary_add(&summary, -1));
    assert_true(summary_add(&summary, INT64_MIN));
    assert_int_equal(summary.count, 1);
    assert_int_equal(summary.min, 5);
    assert_true(summary_add(&summary, 0));
    assert_int_equal(summary.count, 2);
    assert_int_equal(summary.min, 0);
    assert_percentiles(&summary, 2.5, 5, 5, 5, 5);
    samples_release(summary.samples);
}

static void test_a_sum_past_the_range_wraps_around_as_in_java(void **state)
{
    (void)state;
    struct summary summary = {0};
    assert_true(summary_add(&summary, INT64_MAX));
    assert_true(summary_add(&summary, 1));
    assert_true(summary.sum == INT64_MIN);
}

static void test_without_a_histogram_percentiles_are_no_numbers(void **state)
{
    (void)state;
    struct summary summary = {0};
    double values[SUMMARY_PERCENTILES] = {0};
    assert_true(summary_add(&summary, 5));
    assert_true(summary_percentiles(&summary, values));
    for (int i = 0; i < SUMMARY_PERCENTILES; i++)
        assert_true(isnan(values[i]));
}

static void test_percentiles_see_the_last_ten_thousand_values_only(void **state)
{
    (void)state;
    struct summary summary = summary_with_histogram();
    add_range(&summary, 1, 10000);
    assert_percentiles(&summary, 5000.5, 9000.9, 9500.95, 9900.99, 9990.999);
    assert_true(summary_add(&summary, 10001));
    assert_percentiles(&summary, 5001.5, 9001.9, 9501.95, 9901.99, 9991.999);
    assert_int_equal(summary.min, 1);
    assert_int_equal(summary.count, 10001);
    samples_release(summary.samples);
}

static void test_a_snapshot_does_not_see_what_is_added_later(void **state)
{
    (void)state;
    struct summary tracker = summary_with_histogram();
    add_range(&tracker, 1, 10);
    struct summary snapshot = tracker;
    samples_retain(snapshot.samples);
    add_range(&tracker, 1000, 21000);
    samples_release(tracker.samples);
    assert_int_equal(snapshot.max, 10);
    assert_percentiles(&snapshot, 5.5, 9.9, 10.0, 10, 10);
    samples_release(snapshot.samples);
}

/* A fresh list sorts its whole window, one that was asked all along slides: both must agree. */
static void test_asked_after_each_value_or_only_once_percentiles_are_the_same(void **state)
{
    (void)state;
    struct summary asked = {.samples = samples_new()};
    uint64_t draw = 7;
    for (int i = 1; i <= SUMMARY_WINDOW + 300; i++) {
        draw = draw * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        assert_true(summary_add(&asked, (int64_t)(draw >> 33) % 1000));
        double slid[SUMMARY_PERCENTILES], sorted[SUMMARY_PERCENTILES];
        assert_true(summary_percentiles(&asked, slid));
        if (i % 977 != 0 && i <= SUMMARY_WINDOW)
            continue;
        /* A snapshot of one value less, then of all again: the first cannot use what is kept. */
        struct summary before = asked;
        before.count--;
        double of_before[SUMMARY_PERCENTILES];
        assert_true(summary_percentiles(&before, of_before));
        struct summary fresh = {.samples = samples_new()};
        const size_t first = i > SUMMARY_WINDOW ? (size_t)(i - SUMMARY_WINDOW) : 0;
        uint64_t again = 7;
        for (int k = 1; k <= i; k++) {
            again = again * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            if ((size_t)k > first)
                assert_true(summary_add(&fresh, (int64_t)(again >> 33) % 1000));
        }
        assert_true(summary_percentiles(&fresh, sorted));
        assert_memory_equal(slid, sorted, sizeof slid);
        samples_release(fresh.samples);
    }
    samples_release(asked.samples);
}

static int64_t value_of(int64_t i)
{
    return (int64_t)(((uint64_t)i * UINT64_C(0x9e3779b97f4a7c15)) >> 40);
}

static void add_up_to(struct summary *summary, int64_t from, int64_t until)
{
    for (int64_t i = from; i < until; i++)
        assert_true(summary_add(summary, value_of(i)));
}

/* Percentiles of the last values, from a summary that was never trimmed. */
static void expect_as_untrimmed(const struct summary *summary)
{
    struct summary fresh = {.samples = samples_new()};
    const int64_t first = summary->count > SUMMARY_WINDOW ? summary->count - SUMMARY_WINDOW : 0;
    add_up_to(&fresh, first, summary->count);
    double expected[SUMMARY_PERCENTILES], found[SUMMARY_PERCENTILES];
    assert_true(summary_percentiles(&fresh, expected));
    assert_true(summary_percentiles(summary, found));
    assert_memory_equal(found, expected, sizeof found);
    samples_release(fresh.samples);
}

static void test_trimming_changes_no_percentile_of_a_summary_or_of_its_snapshots(void **state)
{
    (void)state;
    for (int held = 0; held < 2; held++) {
        struct summary tracker = summary_with_histogram(), snapshot = {0};
        for (int64_t i = 0; i < 5 * SUMMARY_WINDOW; i += 500) {
            add_up_to(&tracker, i, i + 500);
            if (held && i % 4000 == 0) {
                samples_release(snapshot.samples);
                snapshot = tracker;
                samples_retain(snapshot.samples);
            }
            assert_true(summary_trim(&tracker));
            if (i % 7500 == 0)
                expect_as_untrimmed(&tracker);
            if (held && i % 10500 == 0)
                expect_as_untrimmed(&snapshot);
        }
        samples_release(snapshot.samples);
        samples_release(tracker.samples);
    }
}

static void trim_shared(void *context, bool may_fail)
{
    struct summary *const summary = context;
    struct summary tried = *summary;
    samples_retain(tried.samples); /* of the trimmed one */
    const bool trimmed = summary_trim(&tried);
    assert_true(trimmed || may_fail);
    assert_int_equal(tried.samples != summary->samples, trimmed);
    samples_release(tried.samples);
}

static void test_without_memory_a_shared_summary_stays_as_it_was(void **state)
{
    (void)state;
    struct summary summary = summary_with_histogram();
    add_up_to(&summary, 0, 3 * SUMMARY_WINDOW);
    assert_int_equal(fail_each_allocation(trim_shared, &summary), 2);
    expect_as_untrimmed(&summary);
    samples_release(summary.samples);
}

static void test_nothing_may_be_released(void **state)
{
    (void)state;
    samples_release(NULL);
}

static void add_and_ask(void *context, bool may_fail)
{
    (void)context;
    struct summary summary = {.samples = samples_new()};
    if (!summary.samples) {
        assert_true(may_fail);
        return;
    }
    int64_t added = 0;
    for (int64_t value = 1; value <= 200; value++) {
        const int64_t max = summary.max;
        if (summary_add(&summary, value)) {
            added++;
        } else {
            assert_true(may_fail);
            assert_int_equal(summary.max, max);
        }
    }
    assert_int_equal(summary.count, added);
    assert_true(added == 200 || may_fail);
    double values[SUMMARY_PERCENTILES];
    assert_true(summary_percentiles(&summary, values) || may_fail);
    samples_release(summary.samples);
}

static void test_each_allocation_may_fail(void **state)
{
    (void)state;
    assert_in_range(fail_each_allocation(add_and_ask, NULL), 5, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_summary_has_zeros_and_percentiles_that_are_no_numbers),
        cmocka_unit_test(test_one_value_is_everything),
        cmocka_unit_test(test_percentiles_are_those_that_commons_math_gave),
        cmocka_unit_test(test_values_between_two_samples_are_interpolated),
        cmocka_unit_test(test_minimum_maximum_sum_and_average_follow_the_values),
        cmocka_unit_test(test_negative_values_are_ignored_and_zero_is_not),
        cmocka_unit_test(test_a_sum_past_the_range_wraps_around_as_in_java),
        cmocka_unit_test(test_without_a_histogram_percentiles_are_no_numbers),
        cmocka_unit_test(test_percentiles_see_the_last_ten_thousand_values_only),
        cmocka_unit_test(test_a_snapshot_does_not_see_what_is_added_later),
        cmocka_unit_test(test_asked_after_each_value_or_only_once_percentiles_are_the_same),
        cmocka_unit_test(test_trimming_changes_no_percentile_of_a_summary_or_of_its_snapshots),
        cmocka_unit_test(test_without_memory_a_shared_summary_stays_as_it_was),
        cmocka_unit_test(test_nothing_may_be_released),
        cmocka_unit_test(test_each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
