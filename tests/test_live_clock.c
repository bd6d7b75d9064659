/* rooms: harness/live */
#include "harness/live/clock.h"
#include "tests/support/test_prelude.h"

static const int64_t second_us = 1000000;
static const int64_t hour_us = INT64_C(3600) * 1000000;

/* Far enough apart that no machine is so slow as to mix them up. */
static void assert_between(int64_t from_us, int64_t now_us, int64_t until_us)
{
    assert_true(now_us >= from_us);
    assert_true(now_us < until_us);
}

static int start(void **state)
{
    static struct live_clock clock;
    *state = &clock;
    return live_clock_start(&clock) ? 0 : -1;
}

static int stop(void **state)
{
    live_clock_stop(*state);
    return 0;
}

static void what_a_clock_is_held_back_from_is_left_out_for_good(void **state)
{
    struct live_clock *const clock = *state;
    live_clock_advance(clock, hour_us);
    live_clock_hold(clock, second_us);
    assert_between(second_us, live_clock_now_us(clock), hour_us);
    const int64_t before_us = live_clock_now_us(clock);
    assert_true(live_clock_now_us(clock) >= before_us);
}

static void a_clock_that_is_not_past_it_is_not_held(void **state)
{
    struct live_clock *const clock = *state;
    live_clock_advance(clock, second_us);
    live_clock_hold(clock, hour_us);
    assert_between(second_us, live_clock_now_us(clock), hour_us);
    live_clock_hold(clock, INT64_MAX);
    assert_between(second_us, live_clock_now_us(clock), hour_us);
}

static void a_clock_that_stands_is_not_held(void **state)
{
    struct live_clock *const clock = *state;
    live_clock_advance(clock, hour_us);
    live_clock_freeze(clock, hour_us);
    live_clock_hold(clock, second_us);
    assert_int_equal(live_clock_now_us(clock), hour_us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_a_clock_is_held_back_from_is_left_out_for_good, start,
                                        stop),
        cmocka_unit_test_setup_teardown(a_clock_that_is_not_past_it_is_not_held, start, stop),
        cmocka_unit_test_setup_teardown(a_clock_that_stands_is_not_held, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
