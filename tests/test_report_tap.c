/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/report_cells.h"

static void a_result_is_a_test_point(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    add_cell(&cells, "a.jsonl", NULL);
    assert_string_equal(written(&cells, report_tap), "TAP version 14\n"
                                                     "1..2\n"
                                                     "ok 1 - s on r: fresh\n"
                                                     "ok 2 - a.jsonl: fresh\n");
    free_cells(&cells);
}

static void no_results_are_an_empty_plan(void **state)
{
    (void)state;
    struct cells cells = {0};
    assert_string_equal(written(&cells, report_tap), "TAP version 14\n1..0\n");
    free_cells(&cells);
}

static void a_failure_has_its_properties_with_place_and_witness(void **state)
{
    (void)state;
    static const struct text_place places[PROPERTY_COUNT] = {[PROPERTY_FRESH] = {7, 3}};
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "s", "r");
    add_witness(break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "It was \"old\"."), 1500, "who",
                "GET \\", 4);
    break_cell(&cells, i, PROPERTY_RIGHT_JOB, LAYER_UNKNOWN, "Another's.");
    make_surprising(&cells, i, "both should hold");
    cells.results[i].file = "s.yaml";
    cells.results[i].places = places;
    cells.results[i].again = "run s.yaml";
    assert_string_equal(written(&cells, report_tap), "TAP version 14\n"
                                                     "1..1\n"
                                                     "not ok 1 - s on r: fresh\n"
                                                     "  ---\n"
                                                     "  message: \"both should hold\"\n"
                                                     "  file: \"s.yaml\"\n"
                                                     "  broken:\n"
                                                     "    - property: fresh\n"
                                                     "      layer: \"cache\"\n"
                                                     "      cause: \"It was \\\"old\\\".\"\n"
                                                     "      line: 7\n"
                                                     "      witness:\n"
                                                     "        - \"1.5 ms  who  GET \\\\ (seq 4)\"\n"
                                                     "    - property: right-job\n"
                                                     "      layer: \"unknown\"\n"
                                                     "      cause: \"Another's.\"\n"
                                                     "  again: \"freshcheck run s.yaml\"\n"
                                                     "  ...\n");
    free_cells(&cells);
}

static void what_breaks_as_expected_is_to_do_for_its_reason(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "s", "r");
    break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "It was old.");
    cells.results[i].reason = "known, see #7";
    assert_contains(written(&cells, report_tap),
                    "not ok 1 - s on r: fresh # TODO known, see \\#7\n  ---\n");
    cells.results[i].reason = NULL;
    assert_contains(written(&cells, report_tap), "fresh # TODO It was old.\n  ---\n");
    free_cells(&cells);
}

static void what_is_skipped_or_undecided_says_why(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    cells.results[0].skipped = "it needs virtual time";
    cells.results[0].judgement = NULL;
    leave_undecided(&cells, add_cell(&cells, "a.jsonl", NULL), PROPERTY_FRESH, "never read");
    const char *tap = written(&cells, report_tap);
    assert_contains(tap, "\nok 1 - s on r: fresh # SKIP it needs virtual time\n");
    assert_contains(tap, "\nok 2 - a.jsonl: fresh # SKIP undecided: never read\n");
    free_cells(&cells);
}

static void what_has_no_verdict_is_not_ok(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    cells.results[0].failure = "out of memory";
    cells.results[0].judgement = NULL;
    assert_contains(written(&cells, report_tap),
                    "\nnot ok 1 - s on r: fresh\n  ---\n  message: \"out of memory\"\n  ...\n");
    free_cells(&cells);
}

static void no_text_begins_a_line_or_a_directive(void **state)
{
    (void)state;
    static const char nasty[] = "a # TODO b\nnot ok 9\r\n  ...\nBail out!\xff\\";
    struct cells cells = {0};
    const size_t i = add_cell(&cells, nasty, nasty);
    cells.results[i].claim = nasty;
    cells.results[i].file = nasty;
    add_witness(break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, nasty), 1, "<who>\n#", nasty, 0);
    make_surprising(&cells, i, nasty);
    const char *tap = written(&cells, report_tap);
    assert_int_equal(occurrences(tap, "\nnot ok"), 1);
    assert_int_equal(occurrences(tap, "\n  ...\n"), 1);
    assert_lacks(tap, "\nBail");
    const char *first = strstr(tap, "not ok");
    assert_true(strstr(first, " # TODO") > strchr(first, '\n'));
    assert_contains(tap, "not ok 1 - a \\# TODO b?not ok 9??  ...?Bail out!?\\\\ on ");
    free_cells(&cells);
}

static void short_of_memory_it_is_whole_or_marked_as_failed(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "s", "r");
    add_witness(break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "c"), 1, "who", "what", 0);
    make_surprising(&cells, i, "d");
    cells.results[i].again = "run";
    assert_whole_or_failed(&cells, report_tap);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_is_a_test_point),
        cmocka_unit_test(no_results_are_an_empty_plan),
        cmocka_unit_test(a_failure_has_its_properties_with_place_and_witness),
        cmocka_unit_test(what_breaks_as_expected_is_to_do_for_its_reason),
        cmocka_unit_test(what_is_skipped_or_undecided_says_why),
        cmocka_unit_test(what_has_no_verdict_is_not_ok),
        cmocka_unit_test(no_text_begins_a_line_or_a_directive),
        cmocka_unit_test(short_of_memory_it_is_whole_or_marked_as_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
