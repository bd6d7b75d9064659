/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <jansson.h>

#include "tests/support/report_cells.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"freshcheck\""

/*
 * Enough of XML 1.0 to tell text from markup: every tag is closed in order, every value is
 * quoted, every & begins a reference, and all of it is UTF-8 without forbidden characters.
 */
static void assert_well_formed(const char *xml)
{
    char open[16][32];
    size_t depth = 0;
    json_t *utf8 = json_string(xml);
    assert_non_null(utf8);
    json_decref(utf8);
    for (const char *c = xml; *c; c++) {
        assert_true((unsigned char)*c >= 0x20 || *c == '\n');
        assert_true(strncmp(c, "\xef\xbf\xbe", 3) != 0 && strncmp(c, "\xef\xbf\xbf", 3) != 0);
    }
    for (const char *c = strchr(xml, '\n'); c && *c; c++) {
        if (*c == '&')
            assert_true(strspn(c + 1, "#0123456789abcdefghijklmnopqrstuvwxyz") > 0 &&
                        c[1 + strspn(c + 1, "#0123456789abcdefghijklmnopqrstuvwxyz")] == ';');
        if (*c != '<') {
            assert_int_not_equal(*c, '>');
            continue;
        }
        const bool closes = c[1] == '/';
        const char *name = c + 1 + closes;
        const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz");
        assert_true(length > 0 && length < sizeof open[0] && depth < 16);
        bool quoted = false;
        for (c = name; quoted || *c != '>'; c++) {
            assert_true(*c && *c != '<');
            quoted ^= *c == '"';
        }
        if (closes) {
            assert_true(depth-- > 0);
            assert_memory_equal(open[depth], name, length);
        } else if (c[-1] != '/') {
            snprintf(open[depth++], sizeof open[0], "%.*s", (int)length, name);
        }
    }
    assert_int_equal(depth, 0);
}

static const char *junit(struct cells *cells)
{
    const char *xml = written(cells, report_junit);
    assert_well_formed(xml);
    return xml;
}

static void a_scenario_is_a_suite_and_an_implementation_a_case(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "reference");
    break_cell(&cells, add_cell(&cells, "s", "flink-1.17"), PROPERTY_FRESH, LAYER_CACHE, "c");
    add_cell(&cells, "t", "reference");
    assert_string_equal(
        junit(&cells),
        HEAD " tests=\"3\" failures=\"0\" errors=\"0\">\n"
             "  <testsuite name=\"s\" tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
             "    <testcase classname=\"s\" name=\"reference\"/>\n"
             "    <testcase classname=\"s\" name=\"flink-1.17\"><system-out>s on flink-1.17 breaks "
             "fresh&#10;  c Layer: cache.&#10;  2 of 9 times it was put to the test.&#10;&#10;"
             "</system-out></testcase>\n"
             "  </testsuite>\n"
             "  <testsuite name=\"t\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n"
             "    <testcase classname=\"t\" name=\"reference\"/>\n"
             "  </testsuite>\n"
             "</testsuites>\n");
    free_cells(&cells);
}

static void a_surprise_is_a_failure_with_the_difference_and_the_story(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "s", "r");
    break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "It was old.");
    make_surprising(&cells, i, "fresh should hold, but it broke");
    const char *xml = junit(&cells);
    assert_contains(xml, "tests=\"1\" failures=\"1\" errors=\"0\"");
    assert_contains(xml, "<failure message=\"fresh should hold, but it broke\" type=\"fresh\">"
                         "s on r breaks fresh&#10;");
    assert_contains(xml, "</failure></testcase>\n");
    free_cells(&cells);
}

static void every_case_tells_its_own_story_though_others_failed_alike(void **state)
{
    (void)state;
    struct cells cells = {.colour = true};
    for (int n = 0; n < 2; n++) {
        const size_t i = add_cell(&cells, "s", n ? "b" : "a");
        break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "It was old.");
        make_surprising(&cells, i, "fresh should hold, but it broke");
    }
    const char *xml = junit(&cells);
    assert_contains(xml, ">s on a breaks fresh&#10;");
    assert_contains(xml, ">s on b breaks fresh&#10;");
    free_cells(&cells);
}

static void without_a_difference_the_message_is_the_cause(void **state)
{
    (void)state;
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "a.jsonl", NULL), PROPERTY_FRESH, LAYER_CACHE,
               "It was old.");
    const char *xml = junit(&cells);
    assert_contains(xml, "<testcase classname=\"a.jsonl\" name=\"fresh\">"
                         "<failure message=\"It was old.\" type=\"fresh\">");
    free_cells(&cells);
}

static void what_is_undecided_is_no_pass_but_skipped(void **state)
{
    (void)state;
    struct cells cells = {0};
    leave_undecided(&cells, add_cell(&cells, "a.jsonl", NULL), PROPERTY_FRESH, "never read");
    const char *xml = junit(&cells);
    assert_contains(xml, "errors=\"0\" skipped=\"1\"");
    assert_contains(xml, "<skipped message=\"never read\" type=\"undecided\"/></testcase>");
    free_cells(&cells);
}

static void a_case_points_at_the_line_of_its_broken_claim_else_of_its_first(void **state)
{
    (void)state;
    static const struct text_place places[PROPERTY_COUNT] = {
        [PROPERTY_FRESH] = {7, 3}, [PROPERTY_RIGHT_JOB] = {9, 3}};
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "s", "a"), PROPERTY_RIGHT_JOB, LAYER_CACHE, "c");
    add_cell(&cells, "s", "b");
    add_cell(&cells, "s", "c");
    for (size_t i = 0; i < 2; i++)
        cells.results[i].places = places;
    for (size_t i = 0; i < 3; i++)
        cells.results[i].file = "s<.yaml";
    const char *xml = junit(&cells);
    assert_contains(xml, "skipped=\"0\" file=\"s&lt;.yaml\">\n    <testcase ");
    assert_contains(xml, "name=\"a\" file=\"s&lt;.yaml\" line=\"9\">");
    assert_contains(xml, "name=\"b\" file=\"s&lt;.yaml\" line=\"7\"/>");
    assert_contains(xml, "name=\"c\" file=\"s&lt;.yaml\"/>");
    free_cells(&cells);
}

static void a_result_without_verdict_is_an_error(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    cells.results[0].failure = "out of memory";
    cells.results[0].judgement = NULL;
    const char *xml = junit(&cells);
    assert_contains(xml, "failures=\"0\" errors=\"1\" skipped=\"0\">");
    assert_contains(
        xml, "<error message=\"out of memory\" type=\"no-verdict\">s on r has no verdict&#10;");
    assert_contains(xml, "</error>");
    free_cells(&cells);
}

static void a_skipped_case_says_why_and_is_no_failure(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    cells.results[0].skipped = "it needs virtual time";
    cells.results[0].judgement = NULL;
    const char *xml = junit(&cells);
    assert_contains(xml, "failures=\"0\" errors=\"0\" skipped=\"1\"");
    assert_contains(xml, "<skipped message=\"it needs virtual time\"/></testcase>\n");
    free_cells(&cells);
}

static void no_text_can_break_out_of_its_place(void **state)
{
    (void)state;
    static const char nasty[] = "\"/><x a='1'>&amp;]]></testcase>\n\t\r\x01\x1b\x7f";
    struct cells cells = {0};
    const size_t i = add_cell(&cells, nasty, nasty);
    add_witness(break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, nasty), 1, "<who>", nasty, 0);
    make_surprising(&cells, i, nasty);
    const char *xml = junit(&cells);
    assert_contains(xml, "name=\"&quot;/&gt;&lt;x a='1'&gt;&amp;amp;]]&gt;&lt;/testcase&gt;"
                         "&#10;&#9;&#13;??\x7f\"");
    assert_lacks(xml, "<x");
    assert_lacks(xml, "<who");
    assert_int_equal(occurrences(xml, "</testcase>"), 1);
    free_cells(&cells);
}

static void what_xml_cannot_hold_becomes_a_question_mark_byte_by_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"\u00e9\u20ac\U0001f600", "\u00e9\u20ac\U0001f600"}, /* letters of 2, 3 and 4 bytes */
        {"\xff", "?"},
        {"\x80", "?"},
        {"\xc1\xbf", "??"},               /* longer form than needed */
        {"\xc2\x80", "\xc2\x80"},         /* the first of two bytes */
        {"\xe0\x9f\xbf", "???"},          /* longer form than needed */
        {"\xe0\xa0\x80", "\xe0\xa0\x80"}, /* the first of three bytes */
        {"\xed\x9f\xbf", "\xed\x9f\xbf"}, /* the last before the surrogates */
        {"\xed\xa0\x80", "???"},          /* the first surrogate */
        {"\xed\xbf\xbf", "???"},          /* the last one */
        {"\xee\x80\x80", "\xee\x80\x80"}, /* the first after them */
        {"\xef\xbf\xbd", "?"},            /* U+FFFD: was a byte before it was JSON */
        {"\xef\xbf\xbe", "???"},          /* U+FFFE */
        {"\xef\xbf\xbf", "???"},          /* U+FFFF */
        {"\xf0\x8f\xbf\xbf", "????"},     /* longer form than needed */
        {"\xf0\x90\x80\x80", "\xf0\x90\x80\x80"},
        {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"}, /* U+10FFFF */
        {"\xf4\x90\x80\x80", "????"},             /* past it */
        {"\xf5\x80\x80\x80", "????"},
        {"\xe2\x82", "??"}, /* cut off by the end */
        {"\xe2\x82z", "??z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cells cells = {0};
        char wanted[64];
        add_cell(&cells, cases[i].text, "r");
        snprintf(wanted, sizeof wanted, "<testsuite name=\"%s\" tests", cases[i].shown);
        assert_contains(junit(&cells), wanted);
        free_cells(&cells);
    }
}

static void no_results_are_an_empty_list(void **state)
{
    (void)state;
    struct cells cells = {0};
    assert_string_equal(junit(&cells), HEAD " tests=\"0\" failures=\"0\" errors=\"0\">\n"
                                            "</testsuites>\n");
    free_cells(&cells);
}

static void short_of_memory_it_is_whole_or_marked_as_failed(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "s", "r");
    add_witness(break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "c"), 1, "who", "what", 0);
    make_surprising(&cells, i, "d");
    assert_whole_or_failed(&cells, report_junit);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_is_a_suite_and_an_implementation_a_case),
        cmocka_unit_test(a_surprise_is_a_failure_with_the_difference_and_the_story),
        cmocka_unit_test(every_case_tells_its_own_story_though_others_failed_alike),
        cmocka_unit_test(without_a_difference_the_message_is_the_cause),
        cmocka_unit_test(what_is_undecided_is_no_pass_but_skipped),
        cmocka_unit_test(a_case_points_at_the_line_of_its_broken_claim_else_of_its_first),
        cmocka_unit_test(a_result_without_verdict_is_an_error),
        cmocka_unit_test(a_skipped_case_says_why_and_is_no_failure),
        cmocka_unit_test(no_text_can_break_out_of_its_place),
        cmocka_unit_test(what_xml_cannot_hold_becomes_a_question_mark_byte_by_byte),
        cmocka_unit_test(no_results_are_an_empty_list),
        cmocka_unit_test(short_of_memory_it_is_whole_or_marked_as_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
