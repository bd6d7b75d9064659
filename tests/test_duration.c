/* rooms: base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/duration.h"

static void assert_reads(const char *text, int64_t expected_us)
{
    int64_t us = -1;
    const char *const complaint = duration_parse(text, strlen(text), &us);
    if (complaint)
        fail_msg("\"%s\": %s", text, complaint);
    if (us != expected_us)
        fail_msg("\"%s\": %lld us instead of %lld", text, (long long)us, (long long)expected_us);
}

static void assert_refuses(const char *text, const char *because)
{
    int64_t us = -1;
    const char *const complaint = duration_parse(text, strlen(text), &us);
    if (!complaint)
        fail_msg("\"%s\" was read as %lld us", text, (long long)us);
    else if (!strstr(complaint, because))
        fail_msg("\"%s\": the complaint does not say \"%s\": %s", text, because, complaint);
}

static void test_every_unit_is_known_by_each_of_its_names(void **state)
{
    (void)state;
    static const struct {
        const char *names[6];
        int64_t us;
    } units[] = {
        {{"d", "day", "days"}, INT64_C(86400000000)},
        {{"h", "hour", "hours"}, INT64_C(3600000000)},
        {{"min", "m", "minute", "minutes"}, 60000000},
        {{"s", "sec", "secs", "second", "seconds"}, 1000000},
        {{"ms", "milli", "millis", "millisecond", "milliseconds"}, 1000},
        {{"\u00b5s", "micro", "micros", "microsecond", "microseconds"}, 1},
    };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        for (int j = 0; j < 6 && units[i].names[j]; j++) {
            char text[40] = "7";
            assert_reads(strcat(text, units[i].names[j]), 7 * units[i].us);
            strcpy(text, "7 ");
            assert_reads(strcat(text, units[i].names[j]), 7 * units[i].us);
        }
    }
}

static void test_a_bare_number_means_milliseconds(void **state)
{
    (void)state;
    assert_reads("1500", 1500000);
    assert_reads("0", 0);
    assert_reads("007", 7000);
}

static void test_nanoseconds_are_cut_to_whole_microseconds(void **state)
{
    (void)state;
    assert_reads("999 ns", 0);
    assert_reads("1000 nano", 1);
    assert_reads("1999 nanos", 1);
    assert_reads("2000 nanosecond", 2);
    assert_reads("9223372036854775807 nanoseconds", INT64_C(9223372036854775));
}

static void test_units_may_be_of_any_case(void **state)
{
    (void)state;
    assert_reads("3 S", 3000000);
    assert_reads("3 Min", 180000000);
    assert_reads("3 \u00b5S", 3);
}

static void test_blanks_may_stand_around_and_between_but_not_within(void **state)
{
    (void)state;
    assert_reads(" \t3\r\n s \n", 3000000);
    assert_refuses("1 0 s", "unit");
    assert_refuses("3 m s", "unit");
    assert_refuses("\u00a03 s", "digit"); /* a no-break space is none to Java's trim */
}

static void test_only_as_many_bytes_as_given_are_read(void **state)
{
    (void)state;
    int64_t us = -1;
    assert_null(duration_parse("10 ms", 4, &us));
    assert_int_equal(us, 600000000);
    assert_null(duration_parse("10 ms", 1, &us));
    assert_int_equal(us, 1000);
}

static void test_what_flink_refuses_is_refused(void **state)
{
    (void)state;
    assert_refuses("", "empty");
    assert_refuses(" \t ", "empty");
    assert_refuses("-1 s", "digit");
    assert_refuses("+3s", "digit");
    assert_refuses("s", "digit");
    assert_refuses("PT3S", "digit");
    assert_refuses("\u0663 s", "digit"); /* an Arabic-Indic three */
    assert_refuses("1.5s", "unit");
    assert_refuses("3 us", "unit");
    assert_refuses("3 \u03bcs", "unit"); /* the Greek letter, not the micro sign */
    assert_refuses("1 h 30 m", "unit");
    assert_refuses("3 secondss", "unit");
    assert_refuses("3 secon", "unit");
    assert_refuses("3 seconds\"", "unit");
}

static void test_a_refused_text_leaves_the_result_alone(void **state)
{
    (void)state;
    int64_t us = 42;
    assert_non_null(duration_parse("3 x", 3, &us));
    assert_non_null(duration_parse("9999999999999999999", 19, &us));
    assert_non_null(duration_parse("9223372036854775807 d", 21, &us));
    assert_int_equal(us, 42);
}

static void test_the_largest_durations_are_read_and_the_next_ones_refused(void **state)
{
    (void)state;
    assert_reads("9223372036854775806 micros", INT64_MAX - 1);
    assert_refuses("9223372036854775807 micros", "too long");
    assert_refuses("9223372036854775808 ns", "64 bits");
    assert_refuses("99999999999999999999999 s", "64 bits");
    assert_reads("9223372036854775 ms", INT64_C(9223372036854775000));
    assert_refuses("9223372036854776 ms", "too long");
    assert_reads("106751991 d", INT64_C(9223372022400000000));
    assert_refuses("106751992 d", "too long");
}

static void assert_read_as(enum duration_grammar grammar, const char *text, int64_t expected_us)
{
    int64_t us = 0;
    const char *fault = duration_parse_as(grammar, text, strlen(text), &us);
    if (fault)
        fail_msg("\"%s\": %s", text, fault);
    assert_int_equal(us, expected_us);
}

static void assert_refused_as(enum duration_grammar grammar, const char *text, const char *why)
{
    int64_t us = 77;
    const char *fault = duration_parse_as(grammar, text, strlen(text), &us);
    if (!fault)
        fail_msg("\"%s\" was read", text);
    assert_non_null(strstr(fault, why));
    assert_int_equal(us, 77);
}

/* Source: what TimeUtils of 1.20.3, 2.0.1 and 2.1.1 answered. */
static void test_what_flink_can_hold_is_clipped_and_what_it_cannot_is_refused(void **state)
{
    (void)state;
    assert_read_as(DURATION_64_BIT, "9223372036854775807 s", INT64_MAX);
    assert_read_as(DURATION_64_BIT, "153722867280912930 m", INT64_MAX);
    assert_refused_as(DURATION_64_BIT, "153722867280912931 m", "longer than");
    assert_refused_as(DURATION_64_BIT, "9223372036854775808", "64 bits");
    assert_read_as(DURATION_BIG, "9223372036854775808", INT64_MAX);
    assert_read_as(DURATION_BIG, "00000000000000000000000000000000000000000000000005 s", 5000000);
    assert_read_as(DURATION_BIG, "99999999999999999999 ns", INT64_C(99999999999999999));
    assert_refused_as(DURATION_BIG, "9223372036854775808 s", "longer than");
    assert_refused_as(DURATION_BIG, "999999999999999999999999999999999999999999 ns", "longer than");
}

static void test_iso_8601_is_read_where_no_digit_comes_first(void **state)
{
    (void)state;
    assert_refused_as(DURATION_BIG, "PT5S", "begin with a digit");
    assert_read_as(DURATION_ISO, "PT5S", 5000000);
    assert_read_as(DURATION_ISO, " pt5s ", 5000000);
    assert_read_as(DURATION_ISO, "P1D", INT64_C(86400000000));
    assert_read_as(DURATION_ISO, "P1DT2H3M4.005S", INT64_C(93784005000));
    assert_read_as(DURATION_ISO, "PT0,5S", 500000);
    assert_read_as(DURATION_ISO, "PT5.S", 5000000);
    assert_read_as(DURATION_ISO, "PT1H-30M", INT64_C(1800000000));
    assert_read_as(DURATION_ISO, "-PT-5S", 5000000);
    assert_read_as(DURATION_ISO, "+PT+5S", 5000000);
    assert_read_as(DURATION_ISO, "PT9223372036854775807S", INT64_MAX);
    assert_refused_as(DURATION_ISO, "PT9223372036854775808S", "ISO-8601");
    assert_refused_as(DURATION_ISO, "PT-5S", "negative");
    assert_refused_as(DURATION_ISO, "-PT5S", "negative");
    static const char *const wrong[] = {"P",
                                        "PT",
                                        "P1DT",
                                        "PT1D",
                                        "P1H",
                                        "PT5",
                                        "PTS",
                                        "PT1S1M",
                                        "PT1M1M",
                                        "PT0.5M",
                                        "PT1.1234567890S",
                                        "P1W",
                                        "PT.S",
                                        "PT.5S",
                                        "P1Y",
                                        "P-",
                                        "-",
                                        "PT 5S"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused_as(DURATION_ISO, wrong[i], "ISO-8601");
}

static void assert_prints(int64_t us, const char *expected)
{
    struct buffer out = {0};
    duration_print(&out, us);
    char *text = buffer_take(&out);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void test_below_one_second_milliseconds_are_printed(void **state)
{
    (void)state;
    assert_prints(0, "0.0 ms");
    assert_prints(1, "0.001 ms");
    assert_prints(300000, "300.0 ms");
    assert_prints(8900, "8.9 ms");
    assert_prints(8090, "8.09 ms");
    assert_prints(999999, "999.999 ms");
}

static void test_from_one_second_on_seconds_are_printed(void **state)
{
    (void)state;
    assert_prints(1000000, "1.0 s");
    assert_prints(2884000, "2.884 s");
    assert_prints(2999999, "2.999 s");
    assert_prints(59999999, "59.999 s");
}

static void test_from_one_minute_on_minutes_are_printed_too(void **state)
{
    (void)state;
    assert_prints(60000000, "1 min 0.0 s");
    assert_prints(INT64_C(3664000000), "61 min 4.0 s");
    assert_prints(119999000, "1 min 59.999 s");
}

static void test_negative_durations_have_a_sign_in_front(void **state)
{
    (void)state;
    assert_prints(-1500, "-1.5 ms");
    assert_prints(-61000000, "-1 min 1.0 s");
    assert_prints(INT64_MIN, "-153722867280 min 54.775 s");
}

static void test_a_duration_is_named_exactly_in_its_largest_unit(void **state)
{
    (void)state;
    static const struct {
        int64_t us;
        const char *name;
    } cases[] = {{0, "0 s"},
                 {1, "1 us"},
                 {1001, "1001 us"},
                 {1500000, "1500 ms"},
                 {60000000, "1 min"},
                 {61000000, "61 s"},
                 {INT64_C(7200000000), "2 h"},
                 {INT64_C(86400000000), "1 d"},
                 {INT64_MAX - 1, "9223372036854775806 us"},
                 {INT64_MAX, "for ever"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};
        duration_name(&out, cases[i].us);
        buffer_char(&out, '\0');
        assert_string_equal(out.bytes, cases[i].name);
        buffer_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_unit_is_known_by_each_of_its_names),
        cmocka_unit_test(test_a_bare_number_means_milliseconds),
        cmocka_unit_test(test_nanoseconds_are_cut_to_whole_microseconds),
        cmocka_unit_test(test_units_may_be_of_any_case),
        cmocka_unit_test(test_blanks_may_stand_around_and_between_but_not_within),
        cmocka_unit_test(test_only_as_many_bytes_as_given_are_read),
        cmocka_unit_test(test_what_flink_refuses_is_refused),
        cmocka_unit_test(test_a_refused_text_leaves_the_result_alone),
        cmocka_unit_test(test_the_largest_durations_are_read_and_the_next_ones_refused),
        cmocka_unit_test(test_what_flink_can_hold_is_clipped_and_what_it_cannot_is_refused),
        cmocka_unit_test(test_iso_8601_is_read_where_no_digit_comes_first),
        cmocka_unit_test(test_below_one_second_milliseconds_are_printed),
        cmocka_unit_test(test_from_one_second_on_seconds_are_printed),
        cmocka_unit_test(test_from_one_minute_on_minutes_are_printed_too),
        cmocka_unit_test(test_negative_durations_have_a_sign_in_front),
        cmocka_unit_test(test_a_duration_is_named_exactly_in_its_largest_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
