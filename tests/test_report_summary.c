/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>

#include "tests/support/report_cells.h"

static void counts_come_first_then_failures_then_what_was_expected(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "good");
    size_t i = add_cell(&cells, "s", "known");
    break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "It was old.");
    cells.results[i].reason = "one cache";
    i = add_cell(&cells, "s", "bad");
    add_witness(break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "It was old."), 1500, "who",
                "what <b>", 0);
    make_surprising(&cells, i, "fresh should hold");
    cells.results[i].again = "run s";
    assert_string_equal(
        written(&cells, report_summary),
        "## freshcheck: not as expected\n\n"
        "| passed | failed | as expected | undecided | without a verdict | skipped |\n"
        "| ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| 1 | 1 | 1 | 0 | 0 | 0 |\n"
        "\n### s on bad\n"
        "\nfresh should hold\n"
        "\n**fresh**: It was old. Layer&#58; cache.\n"
        "\n<pre>\n1.5 ms  who  what &#60;b&#62;\n</pre>\n"
        "\n<pre>\nfreshcheck run s\n</pre>\n"
        "\n<details><summary>broken as expected</summary>\n\n"
        "- s on known breaks fresh: one cache\n"
        "\n</details>\n");
    free_cells(&cells);
}

static void the_heading_is_what_the_exit_code_goes_by(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "good");
    assert_non_null(strstr(written(&cells, report_summary), "## freshcheck: all as expected\n"));
    const size_t i = add_cell(&cells, "s", "known");
    break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "It was old.");
    cells.results[i].reason = "one cache";
    assert_non_null(strstr(written(&cells, report_summary), "## freshcheck: all as expected\n"));
    make_surprising(&cells, i, "fresh should hold");
    assert_non_null(strstr(written(&cells, report_summary), "## freshcheck: not as expected\n"));
    for (size_t k = 0; k < cells.count; k++)
        cells.results[k].has_expectation = false;
    assert_non_null(strstr(written(&cells, report_summary), "## freshcheck: fail\n"));
    free_cells(&cells);
}

static void no_text_is_markup(void **state)
{
    (void)state;
    static const char nasty[] = "<b>&amp; [x](y) ![i](j) *s* _e_ `c` | # \n## $m$ @all http://x ~~";
    struct cells cells = {0};
    const size_t i = add_cell(&cells, nasty, nasty);
    add_witness(break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, nasty), 1, "<who>\n#", nasty, 0);
    make_surprising(&cells, i, nasty);
    const char *summary = written(&cells, report_summary);
    assert_lacks(summary, "<b>");
    assert_lacks(summary, "&amp;");
    assert_int_equal(occurrences(summary, "\n## "), 0); /* its own is the first line */
    const char *heading = strstr(summary, "\n### ") + 5, *end = strchr(heading, '\n');
    for (const char *c = heading; c < end; c++)
        assert_null(strchr("<>*_[]()`|$@:~!", *c));
    free_cells(&cells);
}

/* `count` failures under one cell's name; what is written, of at most `byte_count_max` bytes. */
static struct buffer summary_of(size_t count, size_t byte_count_max)
{
    struct cells cells = {0};
    struct buffer out = {0};
    struct report_result *results = calloc(count, sizeof *results);
    assert_non_null(results);
    break_cell(&cells, add_cell(&cells, "s", "r"), PROPERTY_FRESH, LAYER_CACHE, "It was old.");
    make_surprising(&cells, 0, "fresh should hold");
    for (size_t i = 0; i < count; i++)
        results[i] = cells.results[0];
    const struct report report = {.results = results,
                                  .result_count = count,
                                  .verdict = VERDICT_FAIL,
                                  .byte_count_max = byte_count_max};
    report_summary(&report, &out);
    assert_false(out.failed);
    buffer_char(&out, '\0');
    free(results);
    return out;
}

static void it_ends_before_1_mib_and_says_how_many_are_left_out(void **state)
{
    (void)state;
    struct buffer out = summary_of(20000, 0);
    const size_t told = occurrences(out.bytes, "\n### ");
    char notice[128];
    assert_true(out.length - 1 <= 1 << 20);
    assert_true(out.length - 1 > (1 << 20) - 1024);
    snprintf(notice, sizeof notice, "\n%zu more were left out, since", 20000 - told);
    assert_contains(out.bytes, notice);
    buffer_free(&out);
}

static void it_is_never_larger_than_asked_for_and_whole_where_it_fits(void **state)
{
    (void)state;
    struct buffer all = summary_of(3, 0);
    for (size_t most = 1; most < all.length + 300; most++) {
        struct buffer out = summary_of(3, most);
        assert_true(out.length - 1 <= most);
        if (occurrences(out.bytes, "\n### ") == 3)
            assert_string_equal(out.bytes, all.bytes);
        else
            assert_true(out.length == 1 || strstr(out.bytes, " more were left out"));
        buffer_free(&out);
    }
    buffer_free(&all);
}

static void short_of_memory_it_is_whole_or_marked_as_failed(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "s", "r");
    add_witness(break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "c"), 1, "who", "what", 0);
    make_surprising(&cells, i, "d");
    break_cell(&cells, add_cell(&cells, "s", "q"), PROPERTY_FRESH, LAYER_CACHE, "c");
    assert_whole_or_failed(&cells, report_summary);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_come_first_then_failures_then_what_was_expected),
        cmocka_unit_test(the_heading_is_what_the_exit_code_goes_by),
        cmocka_unit_test(no_text_is_markup),
        cmocka_unit_test(it_ends_before_1_mib_and_says_how_many_are_left_out),
        cmocka_unit_test(it_is_never_larger_than_asked_for_and_whole_where_it_fits),
        cmocka_unit_test(short_of_memory_it_is_whole_or_marked_as_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
