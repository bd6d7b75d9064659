/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/report_cells.h"

static void a_line_says_file_claim_verdict_and_how_close_it_was(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a.jsonl", NULL);
    struct property_verdict *fresh = &cells.judgements[0].properties[PROPERTY_FRESH];
    fresh->has_worst = true;
    fresh->worst_value = 2940.4;
    fresh->worst_unit = "ms";
    add_cell(&cells, "longer.jsonl", NULL);
    cells.results[1].claim = "age 3 s";
    assert_string_equal(written(&cells, report_recordings),
                        "a.jsonl       fresh       pass; worst lag seen 2940 ms over 5 reads\n"
                        "longer.jsonl  age 3 s     pass\n");
    free_cells(&cells);
}

static void the_figure_is_that_of_the_claim_judged_by(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a.jsonl", NULL);
    cells.judgements[0].claim.bound_us = 3000000;
    cells.judgements[0].properties[PROPERTY_FRESH].has_worst = true;
    cells.judgements[0].properties[PROPERTY_BOUNDED_AGE] = (struct property_verdict){
        .tested = 7, .has_worst = true, .worst_value = 12, .worst_unit = "ms"};
    assert_lacks(written(&cells, report_recordings), "worst"); /* it was not chosen */
    cells.judgements[0].claim.claimed[PROPERTY_BOUNDED_AGE] = true;
    assert_contains(written(&cells, report_recordings), "; worst lag seen 12 ms over 7 reads\n");
    cells.judgements[0].properties[PROPERTY_BOUNDED_AGE].tested = 0;
    assert_lacks(written(&cells, report_recordings), "worst");
    free_cells(&cells);
}

static void all_broken_claims_are_named_with_their_counts(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a.jsonl", NULL);
    break_cell(&cells, 0, PROPERTY_NO_KEPT_ERROR, LAYER_CACHE, "c");
    break_cell(&cells, 0, PROPERTY_AVAILABLE, LAYER_CACHE, "c");
    break_cell(&cells, 0, PROPERTY_CONSISTENT, LAYER_CACHE, "c");
    cells.judgements[0].claim.claimed[PROPERTY_CONSISTENT] = false;
    assert_string_equal(written(&cells, report_recordings),
                        "a.jsonl  fresh       fail  no-kept-error (2 of 9), available (2 of 9)\n");
    free_cells(&cells);
}

static void what_is_undecided_says_why(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a.jsonl", NULL);
    cells.judgements[0].whole = VERDICT_UNKNOWN;
    struct property_verdict *fresh = &cells.judgements[0].properties[PROPERTY_FRESH];
    *fresh = (struct property_verdict){.verdict = VERDICT_UNKNOWN, .cause = "nothing was read"};
    assert_string_equal(written(&cells, report_recordings),
                        "a.jsonl  fresh       unknown  fresh: nothing was read\n");
    free_cells(&cells);
}

static void where_the_claims_own_property_was_not_chosen_another_says_why(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a.jsonl", NULL);
    cells.judgements[0].claim.claimed[PROPERTY_FRESH] = false;
    cells.judgements[0].properties[PROPERTY_FRESH].verdict = VERDICT_UNKNOWN;
    leave_undecided(&cells, 0, PROPERTY_RIGHT_JOB, "one\033 job");
    assert_string_equal(written(&cells, report_recordings),
                        "a.jsonl  fresh       unknown  right-job: one? job\n");
    free_cells(&cells);
}

static void on_a_terminal_what_is_said_is_folded_to_its_width(void **state)
{
    (void)state;
    struct cells cells = {.width = 60};
    add_cell(&cells, "a.jsonl", NULL);
    struct property_verdict *fresh =
        break_cell(&cells, 0, PROPERTY_FRESH, LAYER_CACHE, "It was old.");
    fresh->has_worst = true;
    fresh->worst_value = 2606.3;
    fresh->worst_unit = "ms";
    leave_undecided(&cells, 0, PROPERTY_NO_PHANTOM, "when that begins only its journal tells");
    const char *text = written(&cells, report_properties);
    assert_contains(text, "9       2  2606 ms: longest\n"
                          "                                            time that a\n");
    assert_contains(text, "unknown  when that begins only its journal\n"
                          "                           tells\n");
    add_cell(&cells, "b\033.jsonl", NULL);
    cells.judgements[1].margin = (struct margin){.us = 250000, .why = "the last acknowledgement"};
    assert_string_equal(written(&cells, report_margins),
                        "In b?.jsonl times inside answers count 250 ms later: the\n"
                        "last acknowledgement.\n");
    free_cells(&cells);
}

static void a_margin_is_told_once_for_all_that_have_it(void **state)
{
    (void)state;
    struct cells cells = {0};
    for (int i = 0; i < 4; i++)
        add_cell(&cells, i == 2 ? "c.jsonl" : "a.jsonl", NULL);
    assert_string_equal(written(&cells, report_margins), "");
    for (int i = 0; i < 3; i++)
        cells.judgements[i].margin = (struct margin){.us = i == 2 ? 300400 : 250000, .why = "w"};
    assert_string_equal(written(&cells, report_margins),
                        "In 2 recordings times inside answers count 250 ms later: w.\n"
                        "In c.jsonl times inside answers count 300 ms later: w.\n");
    cells.judgements[2].margin.us = cells.judgements[3].margin.us = 250000;
    snprintf(cells.judgements[3].margin.why, sizeof cells.judgements[3].margin.why, "w");
    assert_string_equal(written(&cells, report_margins),
                        "Times inside answers count 250 ms later: w.\n");
    free_cells(&cells);
}

static void each_property_has_a_line_with_its_smallest_bound(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a.jsonl", NULL);
    struct property_verdict *fresh =
        break_cell(&cells, 0, PROPERTY_FRESH, LAYER_CACHE, "It was old.");
    fresh->has_worst = true;
    fresh->worst_value = 2606.3;
    fresh->worst_unit = "ms";
    fresh->worst_behind = 7;
    leave_undecided(&cells, 0, PROPERTY_NO_PHANTOM, "nobody\033 knows");
    assert_string_equal(
        written(&cells, report_properties),
        "property          verdict   tested  broken  smallest bound that would have passed\n"
        "fresh             fail           9       2  2606 ms, 7 checkpoints behind: longest time "
        "that a checkpoint newer than the one shown had been complete\n"
        "no-phantom        unknown  nobody? knows\n"
        "right-job         pass           5       0\n"
        "\n");
    assert_whole_or_failed(&cells, report_properties);
    cells.results[0].failure = "it is no recording";
    assert_string_equal(written(&cells, report_properties), "");
    free_cells(&cells);
}

static void staleness_stands_beside_what_was_to_be_expected(void **state)
{
    (void)state;
    struct cells cells = {0};
    for (int i = 0; i < 4; i++)
        add_cell(&cells, i == 0 ? "a.jsonl" : "longer.jsonl", NULL);
    for (int i = 0; i < 3; i++) {
        struct staleness *staleness = &cells.judgements[i].staleness;
        staleness_add_fresh(staleness, 30);
        for (int read = 0; read < 10; read++)
            staleness_add(staleness, 1000000);
    }
    cells.judgements[0].expected = (struct expected_staleness){.timeout_us = 3000000,
                                                               .reads = 40,
                                                               .stale = 9.5,
                                                               .sum_us = 40 * 260.4e3,
                                                               .least_sum_us = 40 * 240e3,
                                                               .most_sum_us = 40 * 281e3};
    cells.results[2].failure = "it is no recording";
    assert_whole_or_failed(&cells, report_staleness);
    assert_string_equal(
        written(&cells, report_staleness),
        "a.jsonl       10 of 40 answers lacked a checkpoint; on average of all by 250 ms, 99 in "
        "100 by 1000 or less, at most 1000; one cache of 3.0 s asked at the same times: 260 ms "
        "(240 to 281)\n"
        "longer.jsonl  10 of 40 answers lacked a checkpoint; on average of all by 250 ms, 99 in "
        "100 by 1000 or less, at most 1000\n");
    free_cells(&cells);
}

static void without_a_verdict_the_line_says_why(void **state)
{
    (void)state;
    struct cells cells = {0};
    for (int i = 0; i < 2; i++) {
        add_cell(&cells, "a.jsonl", NULL);
        cells.results[i].judgement = NULL;
    }
    cells.results[0].failure = "it is no recording";
    cells.results[1].skipped = "it was not asked for";
    assert_string_equal(written(&cells, report_recordings),
                        "a.jsonl  fresh       no verdict: it is no recording\n"
                        "a.jsonl  fresh       skipped: it was not asked for\n");
    free_cells(&cells);
}

static void a_file_name_is_aligned_by_letters_and_cannot_talk_to_the_terminal(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "\u00e4\033.jsonl", NULL);
    add_cell(&cells, "ab.jsonl", NULL);
    assert_string_equal(written(&cells, report_recordings), "\u00e4?.jsonl  fresh       pass\n"
                                                            "ab.jsonl  fresh       pass\n");
    free_cells(&cells);
}

static void colours_are_there_only_when_asked_for(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "pass", NULL);
    break_cell(&cells, add_cell(&cells, "fail", NULL), PROPERTY_FRESH, LAYER_CACHE, "c");
    break_cell(&cells, add_cell(&cells, "known", NULL), PROPERTY_FRESH, LAYER_CACHE, "c");
    cells.results[2].has_expectation = true;
    assert_lacks(written(&cells, report_recordings), "\033");
    cells.colour = true;
    const char *text = written(&cells, report_recordings);
    assert_contains(text, "pass   fresh       \033[32mpass\033[0m\n");
    assert_contains(text, "fail   fresh       \033[1;31mfail\033[0m");
    assert_contains(text, "known  fresh       \033[33mfail\033[0m");
    free_cells(&cells);
}

static void short_of_memory_it_is_whole_or_marked_as_failed(void **state)
{
    (void)state;
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "a.jsonl", NULL), PROPERTY_FRESH, LAYER_CACHE, "c");
    assert_whole_or_failed(&cells, report_recordings);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_file_claim_verdict_and_how_close_it_was),
        cmocka_unit_test(the_figure_is_that_of_the_claim_judged_by),
        cmocka_unit_test(all_broken_claims_are_named_with_their_counts),
        cmocka_unit_test(what_is_undecided_says_why),
        cmocka_unit_test(where_the_claims_own_property_was_not_chosen_another_says_why),
        cmocka_unit_test(on_a_terminal_what_is_said_is_folded_to_its_width),
        cmocka_unit_test(a_margin_is_told_once_for_all_that_have_it),
        cmocka_unit_test(each_property_has_a_line_with_its_smallest_bound),
        cmocka_unit_test(staleness_stands_beside_what_was_to_be_expected),
        cmocka_unit_test(without_a_verdict_the_line_says_why),
        cmocka_unit_test(a_file_name_is_aligned_by_letters_and_cannot_talk_to_the_terminal),
        cmocka_unit_test(colours_are_there_only_when_asked_for),
        cmocka_unit_test(short_of_memory_it_is_whole_or_marked_as_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
