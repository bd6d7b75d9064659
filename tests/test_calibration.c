/* rooms: harness/live harness/control harness/observer harness/cluster harness/clients harness/implementations harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "harness/live/calibration.h"

#include "tests/support/test_prelude.h"

#include <stdio.h>

static void assert_ordered(const struct calibration_figures *figures)
{
    assert_true(figures->median_us >= 0);
    assert_true(figures->median_us <= figures->p99_us);
    assert_true(figures->p99_us <= figures->max_us);
}

/*
 * The bound is ten times what is promised, on the median: a busy machine delays some exchanges by
 * milliseconds, but not most. A client that waits for a timer (libcurl's are of 1 ms), for Nagle's
 * algorithm (40 ms) or for a poll of its own with every exchange fails it.
 */
static void test_the_client_adds_little_to_an_exchange(void **state)
{
    (void)state;
    struct calibration calibration;
    struct buffer text = {0};
    const char *why;
    assert_true(calibration_measure(CALIBRATION_EXCHANGES, &calibration, &why));
    assert_int_equal(calibration.exchange_count, CALIBRATION_EXCHANGES);
    assert_ordered(&calibration.sending);
    assert_ordered(&calibration.receiving);
    assert_ordered(&calibration.both);
    assert_true(calibration.both.max_us > 0);
    assert_true(calibration.both.median_us < 1000);
    calibration_describe(&calibration, &text);
    buffer_char(&text, '\0');
    print_message("%s%s\n", text.bytes, calibration.has_kernel_times ? "" : " (no kernel times)");
    buffer_free(&text);
}

static void measure(void *context, bool may_fail)
{
    (void)context;
    struct calibration calibration;
    const char *why;
    const bool fine = calibration_measure(1, &calibration, &why);
    assert_true(fine || may_fail);
    if (!fine)
        assert_non_null(why);
}

static void test_lack_of_memory_leaves_nothing(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(measure, NULL) > 8);
}

static void test_figures_are_told_in_one_sentence(void **state)
{
    (void)state;
    const struct calibration calibration = {
        .sending = {.median_us = 20, .p99_us = 30, .max_us = 40},
        .receiving = {.median_us = 41, .p99_us = 50, .max_us = 60},
        .both = {.median_us = 61, .p99_us = 93, .max_us = 100},
    };
    struct buffer text = {0};
    calibration_describe(&calibration, &text);
    buffer_char(&text, '\0');
    assert_string_equal(
        text.bytes, "the harness's own HTTP client adds up to 93 us to an exchange in 99 of 100 "
                    "(median 61 us: 20 before the request is out, 41 after the answer left) on "
                    "loopback");
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_client_adds_little_to_an_exchange),
        cmocka_unit_test(test_lack_of_memory_leaves_nothing),
        cmocka_unit_test(test_figures_are_told_in_one_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
