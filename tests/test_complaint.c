/* rooms: base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/complaint.h"

static void assert_prints_with_length(struct complaints *complaints, const char *source,
                                      size_t source_length, const char *expected)
{
    struct buffer out = {0};
    complaints_print(complaints, "a.yaml", source, source_length, &out);
    char *text = buffer_take(&out);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
    complaints_free(complaints);
}

static void assert_prints(struct complaints *complaints, const char *source, const char *expected)
{
    assert_prints_with_length(complaints, source, strlen(source), expected);
}

static void test_a_complaint_shows_its_place_its_line_and_a_caret(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 2, 3, "found %s, expected %d", "x", 5);
    assert_prints(&complaints, "one\ntwo\nthree\n",
                  "a.yaml:2:3: found x, expected 5\n  two\n    ^\n");
}

static void test_the_first_and_the_last_line_are_found(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 1, 1, "first");
    complaints_add(&complaints, 3, 5, "last");
    assert_prints(&complaints, "one\ntwo\nthree",
                  "a.yaml:1:1: first\n  one\n  ^\na.yaml:3:5: last\n  three\n      ^\n");
}

static void test_without_a_line_only_the_file_is_named_and_without_a_column_no_caret(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 0, 0, "whole file");
    complaints_add(&complaints, 0, 9, "still the whole file");
    complaints_add(&complaints, 1, 0, "whole line");
    assert_prints(&complaints, "one\n",
                  "a.yaml: whole file\na.yaml: still the whole file\n"
                  "a.yaml:1: whole line\n  one\n");
}

static void test_without_a_source_and_past_its_end_no_line_is_shown(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 1, 1, "m");
    assert_prints_with_length(&complaints, NULL, 0, "a.yaml:1:1: m\n");
    complaints_add(&complaints, 2, 1, "empty last line");
    complaints_add(&complaints, 3, 1, "none");
    assert_prints(&complaints, "one\n", "a.yaml:2:1: empty last line\n  \n  ^\na.yaml:3:1: none\n");
}

static void test_complaints_come_in_order_of_place_and_equals_as_they_were_added(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 2, 2, "d");
    complaints_add(&complaints, 2, 1, "b");
    complaints_add(&complaints, 1, 9, "a");
    complaints_add(&complaints, 2, 1, "c");
    complaints_add(&complaints, 10, 1, "e");
    assert_prints_with_length(&complaints, NULL, 0,
                              "a.yaml:1:9: a\na.yaml:2:1: b\na.yaml:2:1: c\na.yaml:2:2: d\n"
                              "a.yaml:10:1: e\n");
}

static void test_two_complaints_about_one_line_both_show_it(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 2, 1, "a");
    complaints_add(&complaints, 2, 2, "b");
    assert_prints(&complaints, "one\ntwo",
                  "a.yaml:2:1: a\n  two\n  ^\na.yaml:2:2: b\n  two\n   ^\n");
}

static void test_columns_count_characters_and_not_bytes(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 1, 4, "m");
    assert_prints(&complaints, "\u00e4\u20ac\U0001f600x", /* 2, 3 and 4 bytes */
                  "a.yaml:1:4: m\n  \u00e4\u20ac\U0001f600x\n     ^\n");
}

static void test_what_could_steer_a_terminal_is_shown_as_a_question_mark(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 1, 1, "bad \x1b[31m\n");
    assert_prints(&complaints,
                  "\t\x1b[31m\x7f\xc2\x9f\u00a0 \xff"
                  "x\r\n",
                  "a.yaml:1:1: bad ?[31m?\n  ??[31m??\u00a0 ?x\n  ^\n");
}

static void test_a_zero_byte_in_the_source_is_shown_too(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 1, 3, "m");
    assert_prints_with_length(&complaints, "a\0b\n", 4, "a.yaml:1:3: m\n  a?b\n    ^\n");
}

static void test_a_carriage_return_at_the_end_is_no_part_of_the_line(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 1, 2, "m");
    assert_prints(&complaints, "ab\r\ncd", "a.yaml:1:2: m\n  ab\n   ^\n");
}

static void test_a_caret_stands_at_most_behind_the_last_character(void **state)
{
    (void)state;
    struct complaints complaints = {0};
    complaints_add(&complaints, 1, 3, "at the end");
    complaints_add(&complaints, 1, 4000000000, "far out");
    assert_prints(&complaints, "ab",
                  "a.yaml:1:3: at the end\n  ab\n    ^\n"
                  "a.yaml:1:4000000000: far out\n  ab\n    ^\n");
}

/* A line of `length` letters, a to z over and over. The caller frees it. */
static char *alphabet(size_t length)
{
    char *line = malloc(length + 1);
    assert_non_null(line);
    for (size_t i = 0; i < length; i++)
        line[i] = (char)('a' + i % 26);
    line[length] = '\0';
    return line;
}

static void assert_cut(size_t length, unsigned column, const char *left, size_t from, size_t to,
                       const char *right)
{
    char *line = alphabet(length);
    struct buffer expected = {0};
    buffer_printf(&expected, "a.yaml:1:%u: m\n  %s", column, left);
    buffer_append(&expected, line + from, to - from);
    buffer_printf(&expected, "%s\n%*s^\n", right,
                  (int)(2 + strlen(left) + (column - 1 < length ? column - 1 : length) - from), "");
    char *text = buffer_take(&expected);
    assert_non_null(text);
    struct complaints complaints = {0};
    complaints_add(&complaints, 1, column, "m");
    assert_prints(&complaints, line, text);
    free(text);
    free(line);
}

static void test_lines_over_160_characters_are_cut_around_the_column(void **state)
{
    (void)state;
    assert_cut(160, 160, "", 0, 160, "");
    assert_cut(161, 1, "", 0, 160, "...");
    assert_cut(161, 81, "", 0, 160, "...");
    assert_cut(161, 82, "...", 1, 161, "");
    assert_cut(161, 161, "...", 1, 161, "");
    assert_cut(1000, 81, "", 0, 160, "...");
    assert_cut(1000, 500, "...", 419, 579, "...");
    assert_cut(1000, 920, "...", 839, 999, "...");
    assert_cut(1000, 921, "...", 840, 1000, "");
    assert_cut(1000, 2000, "...", 840, 1000, "");
}

static void add_and_print(void *context, bool may_fail)
{
    (void)context;
    struct complaints complaints = {0};
    for (unsigned i = 0; i < 20; i++)
        complaints_add(&complaints, 20 - i, 1, "complaint %u", i);
    assert_true(may_fail || (!complaints.failed && complaints.count == 20));
    assert_int_equal(complaints.failed, complaints.count < 20);
    for (size_t i = 0; i < complaints.count; i++)
        assert_non_null(complaints.items[i].message);
    struct buffer out = {0};
    complaints_print(&complaints, "a.yaml", "source\n", 7, &out);
    assert_true(may_fail || !out.failed);
    buffer_free(&out);
    complaints_free(&complaints);
    assert_int_equal(complaints.count, 0);
}

static void test_each_allocation_may_fail(void **state)
{
    (void)state;
    assert_in_range(fail_each_allocation(add_and_print, NULL), 22, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_complaint_shows_its_place_its_line_and_a_caret),
        cmocka_unit_test(test_the_first_and_the_last_line_are_found),
        cmocka_unit_test(test_without_a_line_only_the_file_is_named_and_without_a_column_no_caret),
        cmocka_unit_test(test_without_a_source_and_past_its_end_no_line_is_shown),
        cmocka_unit_test(test_complaints_come_in_order_of_place_and_equals_as_they_were_added),
        cmocka_unit_test(test_two_complaints_about_one_line_both_show_it),
        cmocka_unit_test(test_columns_count_characters_and_not_bytes),
        cmocka_unit_test(test_what_could_steer_a_terminal_is_shown_as_a_question_mark),
        cmocka_unit_test(test_a_zero_byte_in_the_source_is_shown_too),
        cmocka_unit_test(test_a_carriage_return_at_the_end_is_no_part_of_the_line),
        cmocka_unit_test(test_a_caret_stands_at_most_behind_the_last_character),
        cmocka_unit_test(test_lines_over_160_characters_are_cut_around_the_column),
        cmocka_unit_test(test_each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
