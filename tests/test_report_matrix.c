/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/report_cells.h"

/* Two scenarios on two implementations; the second breaks both, as expected. */
static void two_by_two(struct cells *cells)
{
    add_cell(cells, "short", "reference");
    break_cell(cells, add_cell(cells, "short", "flink-1.17"), PROPERTY_FRESH, LAYER_GRAPH_CACHE,
               "it was old");
    add_cell(cells, "a_longer_name", "reference");
    const size_t last = add_cell(cells, "a_longer_name", "flink-1.17");
    break_cell(cells, last, PROPERTY_FRESH, LAYER_GRAPH_CACHE, "it was old");
    break_cell(cells, last, PROPERTY_RIGHT_JOB, LAYER_GRAPH_CACHE, "it was another's");
}

static void columns_stand_under_their_names_and_nothing_trails(void **state)
{
    (void)state;
    struct cells cells = {0};
    two_by_two(&cells);
    assert_string_equal(written(&cells, report_matrix),
                        "               reference  flink-1.17\n"
                        "short          pass       fresh\n"
                        "a_longer_name  pass       fresh +1\n"
                        "\n2 scenarios on 2 implementations: 4 cells, 2 with a broken claim, "
                        "all as expected.\n");
    free_cells(&cells);
}

static void a_cell_wider_than_its_heading_widens_the_column(void **state)
{
    (void)state;
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "s", "r"), PROPERTY_DASHBOARD_CACHED, LAYER_CACHE, "c");
    add_cell(&cells, "s", "f");
    assert_string_equal(written(&cells, report_matrix),
                        "   r                 f\n"
                        "s  dashboard-cached  pass\n"
                        "\n1 scenario on 2 implementations: 2 cells, 1 with a broken claim, "
                        "all as expected.\n");
    free_cells(&cells);
}

static void letters_of_two_bytes_take_one_column(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "f\u00fcr", "r");
    add_cell(&cells, "four", "r");
    assert_contains(written(&cells, report_matrix), "      r\nf\u00fcr   pass\nfour  pass\n");
    free_cells(&cells);
}

static void what_is_not_as_expected_is_marked_and_counted(void **state)
{
    (void)state;
    struct cells cells = {0};
    two_by_two(&cells);
    make_surprising(&cells, 0, "fresh should break, but it is pass");
    make_surprising(&cells, 3, "right-job should hold, but it broke");
    const char *text = written(&cells, report_matrix);
    assert_contains(text, "short          !! pass    fresh\n");
    assert_contains(text, "a_longer_name  pass       !! fresh +1\n");
    assert_contains(text, "2 with a broken claim, 2 NOT as expected (marked !!).\n");
    assert_int_equal(occurrences(text, "!! "), 2);
    free_cells(&cells);
}

static void an_undecided_cell_says_unknown(void **state)
{
    (void)state;
    struct cells cells = {0};
    leave_undecided(&cells, add_cell(&cells, "s", "r"), PROPERTY_FRESH, "nobody asked");
    assert_contains(written(&cells, report_matrix), "s  unknown\n");
    make_surprising(&cells, 0, "fresh was never put to the test");
    assert_contains(written(&cells, report_matrix), "s  !! unknown\n");
    free_cells(&cells);
}

static void a_skipped_cell_is_no_surprise_and_is_counted(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    add_cell(&cells, "t", "r");
    cells.results[1].skipped = "it needs virtual time";
    cells.results[1].as_expected = false;
    cells.results[1].judgement = NULL;
    const char *text = written(&cells, report_matrix);
    assert_contains(text, "\nt  skipped\n");
    assert_contains(text, "2 scenarios on 1 implementation: 2 cells, 0 with a broken claim, "
                          "1 skipped, all as expected.\n");
    assert_lacks(text, "!!");
    free_cells(&cells);
}

static void a_cell_without_verdict_is_always_marked(void **state)
{
    (void)state;
    for (int expects = 0; expects < 2; expects++) {
        struct cells cells = {0};
        add_cell(&cells, "s", "r");
        cells.results[0].failure = "out of memory";
        cells.results[0].has_expectation = expects;
        cells.results[0].judgement = NULL;
        const char *text = written(&cells, report_matrix);
        assert_contains(text, "s  !! no verdict\n");
        assert_contains(text, "1 NOT as expected");
        free_cells(&cells);
    }
}

static void a_broken_mutant_has_no_mark_since_nothing_was_expected_of_it(void **state)
{
    (void)state;
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "s", "stampede"), PROPERTY_BOUNDED_LOAD, LAYER_CACHE, "c");
    cells.results[0].has_expectation = false;
    const char *text = written(&cells, report_matrix);
    assert_contains(text, "s  bounded-load\n");
    assert_lacks(text, "!!");
    free_cells(&cells);
}

static void a_property_that_is_not_claimed_stays_out_of_its_cell(void **state)
{
    (void)state;
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "s", "r"), PROPERTY_FRESH, LAYER_CACHE, "c");
    cells.judgements[0].claim.claimed[PROPERTY_FRESH] = false;
    cells.judgements[0].whole = VERDICT_PASS;
    const char *text = written(&cells, report_matrix);
    assert_contains(text, "s  pass\n");
    assert_contains(text, "0 with a broken claim");
    free_cells(&cells);
}

static void colours_are_there_only_when_asked_for_and_move_no_column(void **state)
{
    (void)state;
    struct cells cells = {0};
    two_by_two(&cells);
    make_surprising(&cells, 3, "right-job should hold, but it broke");
    assert_lacks(written(&cells, report_matrix), "\033");
    cells.colour = true;
    const char *text = written(&cells, report_matrix);
    assert_contains(text, "short          \033[32mpass\033[0m       \033[33mfresh\033[0m\n");
    assert_contains(text, "\033[1;31m!! fresh +1\033[0m\n");
    free_cells(&cells);
}

static void columns_that_find_no_room_on_the_terminal_stand_below(void **state)
{
    (void)state;
    struct cells cells = {.width = 20}; /* "short" and two columns of five with their gaps are 19 */
    add_cell(&cells, "short", "one");
    add_cell(&cells, "short", "two-2");
    add_cell(&cells, "short", "three");
    add_cell(&cells, "other", "one");
    break_cell(&cells, add_cell(&cells, "other", "two-2"), PROPERTY_FRESH, LAYER_CACHE, "c");
    add_cell(&cells, "other", "three");
    assert_contains(written(&cells, report_matrix), "       one   two-2\n"
                                                    "short  pass  pass\n"
                                                    "other  pass  fresh\n"
                                                    "\n"
                                                    "       three\n"
                                                    "short  pass\n"
                                                    "other  pass\n"
                                                    "\n2 scenarios");
    cells.width = 25;
    assert_contains(written(&cells, report_matrix), "one   two-2  three\n");
    cells.width = 24;
    assert_lacks(written(&cells, report_matrix), "two-2  three\n");
    cells.width = 0;
    assert_contains(written(&cells, report_matrix), "one   two-2  three\n");
    free_cells(&cells);
}

static void a_long_name_is_cut_where_else_no_column_would_fit(void **state)
{
    (void)state;
    struct cells cells = {.width = 30};
    add_cell(&cells, "a_scenario_with_quite_a_long_name", "reference");
    assert_contains(written(&cells, report_matrix), "\na_scenario_with_qui  pass\n");
    cells.width = 44; /* the name, the gap, and "reference" */
    assert_contains(written(&cells, report_matrix), "\na_scenario_with_quite_a_long_name  pass\n");
    cells.width = 43;
    assert_contains(written(&cells, report_matrix), "\na_scenario_with_quite_a_long_nam  pass\n");
    cells.width = 5; /* nothing fits: a third of it, and the column as it is */
    assert_contains(written(&cells, report_matrix), "\na  pass\n");
    free_cells(&cells);
}

static void wide_characters_take_two_columns(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "\xe5\x80\x89\xe5\xba\xab", "r");
    add_cell(&cells, "four", "r");
    assert_contains(written(&cells, report_matrix),
                    "      r\n\xe5\x80\x89\xe5\xba\xab  pass\nfour  pass\n");
    free_cells(&cells);
}

static void a_file_with_control_characters_as_implementation_breaks_no_line(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "./a\033[2J\n.so");
    assert_contains(written(&cells, report_matrix), "   ./a?[2J?.so\n");
    free_cells(&cells);
}

static void two_scenarios_of_one_name_have_a_row_each(void **state)
{
    (void)state;
    struct cells cells = {0};
    for (int i = 0; i < 2; i++) {
        add_cell(&cells, "same", "r");
        add_cell(&cells, "same", "f");
    }
    assert_contains(written(&cells, report_matrix),
                    "      r     f\nsame  pass  pass\nsame  pass  pass\n");
    free_cells(&cells);
}

static void no_results_no_matrix(void **state)
{
    (void)state;
    struct cells cells = {0};
    assert_string_equal(written(&cells, report_matrix), "");
    free_cells(&cells);
}

static void a_name_with_control_characters_breaks_no_line(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a\nb\033[2Jc\x7f", "r");
    const char *text = written(&cells, report_matrix);
    assert_contains(text, "\na?b?[2Jc?  pass\n");
    assert_lacks(text, "\033");
    free_cells(&cells);
}

static void
attention_is_needed_for_surprises_failures_and_refuted_claims_without_expectation(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "s", "r");
    struct report_result *result = &cells.results[i];
    assert_false(report_needs_attention(result));
    break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "c");
    assert_false(report_needs_attention(result)); /* as expected */
    result->as_expected = false;
    assert_true(report_needs_attention(result));
    result->has_expectation = false;
    assert_true(report_needs_attention(result));
    cells.judgements[i].whole = VERDICT_UNKNOWN;
    assert_false(report_needs_attention(result));
    cells.judgements[i].whole = VERDICT_PASS;
    assert_false(report_needs_attention(result));
    result->judgement = NULL;
    result->failure = "out of memory";
    assert_true(report_needs_attention(result));
    result->skipped = "not live";
    assert_false(report_needs_attention(result));
}

static void short_of_memory_it_is_whole_or_marked_as_failed(void **state)
{
    (void)state;
    struct cells cells = {0};
    two_by_two(&cells);
    assert_whole_or_failed(&cells, report_matrix);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_stand_under_their_names_and_nothing_trails),
        cmocka_unit_test(a_cell_wider_than_its_heading_widens_the_column),
        cmocka_unit_test(letters_of_two_bytes_take_one_column),
        cmocka_unit_test(what_is_not_as_expected_is_marked_and_counted),
        cmocka_unit_test(an_undecided_cell_says_unknown),
        cmocka_unit_test(a_skipped_cell_is_no_surprise_and_is_counted),
        cmocka_unit_test(a_cell_without_verdict_is_always_marked),
        cmocka_unit_test(a_broken_mutant_has_no_mark_since_nothing_was_expected_of_it),
        cmocka_unit_test(a_property_that_is_not_claimed_stays_out_of_its_cell),
        cmocka_unit_test(colours_are_there_only_when_asked_for_and_move_no_column),
        cmocka_unit_test(columns_that_find_no_room_on_the_terminal_stand_below),
        cmocka_unit_test(a_long_name_is_cut_where_else_no_column_would_fit),
        cmocka_unit_test(wide_characters_take_two_columns),
        cmocka_unit_test(a_file_with_control_characters_as_implementation_breaks_no_line),
        cmocka_unit_test(two_scenarios_of_one_name_have_a_row_each),
        cmocka_unit_test(no_results_no_matrix),
        cmocka_unit_test(a_name_with_control_characters_breaks_no_line),
        cmocka_unit_test(
            attention_is_needed_for_surprises_failures_and_refuted_claims_without_expectation),
        cmocka_unit_test(short_of_memory_it_is_whole_or_marked_as_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
