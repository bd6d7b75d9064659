/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include "reports/text_internal.h"
#include "tests/support/report_cells.h"

/* What is drawn of a witness; width 0: no terminal. */
static const char *drawn(const struct property_verdict *verdict, size_t width)
{
    static char text[4096];
    const struct report report = {.width = width};
    struct buffer out = {0};
    text_timeline(&report, verdict, &out);
    assert_false(out.failed);
    snprintf(text, sizeof text, "%.*s", (int)out.length, out.length ? out.bytes : "");
    buffer_free(&out);
    return text;
}

static size_t widest_line(const char *text)
{
    size_t widest = 0;
    for (size_t length; *text; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        widest = length > widest ? length : widest;
    }
    return widest;
}

static void hides_newer(struct property_verdict *verdict)
{
    *verdict = (struct property_verdict){0};
    add_witness(verdict, 100000, "browser", "asks", 0);
    add_witness(verdict, 200000, "J", "completed", 0);
    verdict->witness[1].since = true;
    add_witness(verdict, 300000, "mover", "answered", 0);
}

static void events_stand_to_scale_in_the_lanes_of_those_who_took_part(void **state)
{
    (void)state;
    struct property_verdict verdict;
    hides_newer(&verdict);
    assert_string_equal(drawn(&verdict, 53),
                        "   browser  1........................................\n"
                        "   J        ....................2==== 100.0 ms ======\n"
                        "   mover    ........................................3\n"
                        "            100.0 ms            200.0 ms     300.0 ms\n");
}

static void it_is_as_wide_as_the_terminal_and_no_wider_than_120_columns(void **state)
{
    (void)state;
    struct property_verdict verdict;
    hides_newer(&verdict);
    assert_int_equal(widest_line(drawn(&verdict, 0)), 80);
    assert_int_equal(widest_line(drawn(&verdict, 80)), 80);
    assert_int_equal(widest_line(drawn(&verdict, 120)), 120);
    assert_int_equal(widest_line(drawn(&verdict, 121)), 120);
    assert_int_equal(widest_line(drawn(&verdict, 36)), 36);
    assert_string_equal(drawn(&verdict, 35), ""); /* 12 for the names, 23 for the lanes */
}

static void what_is_at_one_time_is_not_drawn_and_one_microsecond_is(void **state)
{
    (void)state;
    struct property_verdict verdict = {0};
    assert_false(text_timeline_is_drawn(&verdict));
    add_witness(&verdict, 5, "a", "asks", 0);
    assert_false(text_timeline_is_drawn(&verdict));
    add_witness(&verdict, 5, "b", "answers", 0);
    assert_false(text_timeline_is_drawn(&verdict));
    assert_string_equal(drawn(&verdict, 80), "");
    verdict.witness[1].at_us = 6;
    assert_true(text_timeline_is_drawn(&verdict));
    assert_contains(drawn(&verdict, 80), "   a  1....");
}

static void what_is_not_in_order_of_time_is_not_drawn(void **state)
{
    (void)state;
    struct property_verdict verdict;
    hides_newer(&verdict);
    verdict.witness[1].at_us = 99999;
    assert_false(text_timeline_is_drawn(&verdict));
    verdict.witness[1].at_us = 300001;
    assert_string_equal(drawn(&verdict, 80), "");
    verdict.witness[1].at_us = 300000;
    assert_true(text_timeline_is_drawn(&verdict));
}

static void what_is_close_together_keeps_its_order_at_both_ends(void **state)
{
    (void)state;
    struct property_verdict verdict = {0};
    add_witness(&verdict, 0, "a", "", 0);
    add_witness(&verdict, 1, "b", "", 0);
    add_witness(&verdict, 2, "c", "", 0);
    add_witness(&verdict, 3600000000 - 1, "d", "", 0);
    add_witness(&verdict, 3600000000, "e", "", 0);
    assert_string_equal(drawn(&verdict, 36), "   a  1.............................\n"
                                             "   b  .2............................\n"
                                             "   c  ..3...........................\n"
                                             "   d  ............................4.\n"
                                             "   e  .............................5\n"
                                             "      0.0 ms            3600000.0 ms\n");
}

static void at_one_time_two_lanes_share_a_column_and_one_lane_takes_two(void **state)
{
    (void)state;
    struct property_verdict verdict = {0};
    add_witness(&verdict, 0, "a", "", 0);
    add_witness(&verdict, 0, "b", "", 0);
    add_witness(&verdict, 0, "a", "", 0);
    add_witness(&verdict, 1000, "b", "", 0);
    add_witness(&verdict, 1000, "b", "", 0);
    assert_string_equal(drawn(&verdict, 30), "   a  13......................\n"
                                             "   b  2.....................45\n"
                                             "      0.0 ms            1.0 ms\n");
}

static void a_stretch_too_short_for_its_length_is_drawn_without(void **state)
{
    (void)state;
    struct property_verdict verdict;
    hides_newer(&verdict);
    verdict.witness[1].at_us = 299999;
    assert_contains(drawn(&verdict, 53), "   J        .......................................2=\n");
    verdict.witness[1].since = false;
    assert_contains(drawn(&verdict, 53), "   J        .......................................2.\n");
}

static void a_stretch_that_begins_with_the_last_event_or_after_it_is_none(void **state)
{
    (void)state;
    struct property_verdict verdict;
    hides_newer(&verdict);
    verdict.witness[1].at_us = verdict.witness[2].at_us;
    assert_lacks(drawn(&verdict, 80), "=");
    hides_newer(&verdict);
    verdict.witness[1].since = false;
    verdict.witness[2].since = true;
    assert_lacks(drawn(&verdict, 80), "=");
}

static void one_who_waits_for_himself_has_the_stretch_between_his_events(void **state)
{
    (void)state;
    struct property_verdict verdict = {0};
    add_witness(&verdict, 254000, "script", "was told", 0);
    verdict.witness[0].since = true;
    add_witness(&verdict, 254100, "script", "answered none", 0);
    assert_string_equal(drawn(&verdict, 40), "   script  1========= 0.1 ms ==========2\n"
                                             "           254.0 ms             254.1 ms\n");
}

static void long_and_strange_names_are_cut_and_cannot_talk_to_the_terminal(void **state)
{
    (void)state;
    struct property_verdict verdict = {0};
    add_witness(&verdict, 0, "\033[31mabcdefghijklmnopqrstuvwxy", "", 0);
    add_witness(&verdict, 1000, "\xe5\x80\x89\xe5\xba\xab", "", 0);
    const char *text = drawn(&verdict, 60);
    assert_contains(text, "   ?[31mabcdefghijklmno  1....");
    assert_contains(text, "   \xe5\x80\x89\xe5\xba\xab                  .....");
}

static void times_without_room_are_left_out_and_the_first_goes_first(void **state)
{
    (void)state;
    struct property_verdict verdict = {0};
    add_witness(&verdict, 1000000000000000, "a", "", 0);
    add_witness(&verdict, 1000000000002000, "b", "", 0);
    add_witness(&verdict, 1000000000004000, "a", "", 0);
    assert_contains(drawn(&verdict, 34), "\n      1000000000000.0 ms\n");
}

static void only_the_stretch_is_coloured(void **state)
{
    (void)state;
    struct property_verdict verdict;
    hides_newer(&verdict);
    struct buffer out = {0};
    text_timeline(&(struct report){.width = 53, .colour = true}, &verdict, &out);
    buffer_char(&out, '\0');
    assert_contains(out.bytes, "..2\033[1;31m==== 100.0 ms ======\033[0m\n");
    assert_int_equal(occurrences(out.bytes, "\033"), 2);
    buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_stand_to_scale_in_the_lanes_of_those_who_took_part),
        cmocka_unit_test(it_is_as_wide_as_the_terminal_and_no_wider_than_120_columns),
        cmocka_unit_test(what_is_at_one_time_is_not_drawn_and_one_microsecond_is),
        cmocka_unit_test(what_is_not_in_order_of_time_is_not_drawn),
        cmocka_unit_test(what_is_close_together_keeps_its_order_at_both_ends),
        cmocka_unit_test(at_one_time_two_lanes_share_a_column_and_one_lane_takes_two),
        cmocka_unit_test(a_stretch_too_short_for_its_length_is_drawn_without),
        cmocka_unit_test(a_stretch_that_begins_with_the_last_event_or_after_it_is_none),
        cmocka_unit_test(one_who_waits_for_himself_has_the_stretch_between_his_events),
        cmocka_unit_test(long_and_strange_names_are_cut_and_cannot_talk_to_the_terminal),
        cmocka_unit_test(times_without_room_are_left_out_and_the_first_goes_first),
        cmocka_unit_test(only_the_stretch_is_coloured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
