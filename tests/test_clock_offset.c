/* rooms: harness/target */
#include "tests/support/test_prelude.h"

#include "harness/target/clock_offset.h"

/* By how much another clock is ahead, out of readings that lie between two of ours. */

static void test_of_nothing_nothing_is_known(void **state)
{
    (void)state;
    struct clock_offset offset = clock_offset_unknown();
    assert_false(clock_offset_is_possible(&offset));
    clock_offset_learn(&offset, 100, 1100, INT64_MAX);
    assert_false(clock_offset_is_possible(&offset)); /* one side alone does not do */
    clock_offset_learn(&offset, INT64_MIN, 1100, 200);
    assert_true(clock_offset_is_possible(&offset));
}

static void test_a_round_trip_leaves_half_of_itself_open(void **state)
{
    (void)state;
    struct clock_offset offset = clock_offset_unknown();
    clock_offset_learn(&offset, 100, 1130, 160);
    assert_int_equal(offset.most_us, 1030);
    assert_int_equal(offset.least_us, 970);
    assert_int_equal(clock_offset_middle_us(&offset), 1000);
    assert_int_equal(clock_offset_error_us(&offset), 30);
}

static void test_every_reading_holds_and_the_tightest_counts(void **state)
{
    (void)state;
    struct clock_offset offset = clock_offset_unknown();
    clock_offset_learn(&offset, 100, 1130, 160);
    clock_offset_learn(&offset, 200, 1205, 300); /* came soon, left late: at most 1005 */
    clock_offset_learn(&offset, 400, 1490, 495); /* the reverse: at least 995 */
    assert_int_equal(offset.most_us, 1005);
    assert_int_equal(offset.least_us, 995);
    clock_offset_learn(&offset, 0, 5000, 9000); /* a slow one teaches nothing */
    assert_int_equal(clock_offset_error_us(&offset), 5);
}

static void test_the_error_is_never_rounded_down(void **state)
{
    (void)state;
    struct clock_offset offset = {.least_us = 10, .most_us = 13};
    const int64_t middle_us = clock_offset_middle_us(&offset);
    const int64_t error_us = clock_offset_error_us(&offset);
    assert_true(middle_us - error_us <= 10);
    assert_true(middle_us + error_us >= 13);
}

static void test_a_clock_that_was_set_leaves_no_offset(void **state)
{
    (void)state;
    for (int64_t step_us = 60; step_us <= 61; step_us++) {
        struct clock_offset offset = clock_offset_unknown();
        clock_offset_learn(&offset, 100, 1130, 160); /* 970 to 1030 */
        clock_offset_learn(&offset, 1100, 2130 + step_us, 1160);
        assert_int_equal(clock_offset_is_possible(&offset), step_us == 60);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_nothing_nothing_is_known),
        cmocka_unit_test(test_a_round_trip_leaves_half_of_itself_open),
        cmocka_unit_test(test_every_reading_holds_and_the_tightest_counts),
        cmocka_unit_test(test_the_error_is_never_rounded_down),
        cmocka_unit_test(test_a_clock_that_was_set_leaves_no_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
