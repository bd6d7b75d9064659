/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/report_cells.h"

static size_t add_stale(struct cells *cells, const char *subject, const char *implementation)
{
    const size_t index = add_cell(cells, subject, implementation);
    struct property_verdict *verdict = break_cell(cells, index, PROPERTY_FRESH, LAYER_GRAPH_CACHE,
                                                  "Checkpoint 11 had been complete for 100.0 ms.");
    verdict->has_worst = true;
    verdict->worst_value = 100;
    verdict->worst_unit = "ms";
    add_witness(verdict, 90000, "J", "checkpoint 11 completed", 0);
    add_witness(verdict, 1200000, "mover", "answered 10", 7);
    return index;
}

static void
a_broken_claim_is_told_with_its_witness_its_figures_and_how_to_see_it_again(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_stale(&cells, "hides", "flink-1.17");
    cells.results[i].reason = "both paths share the graph cache";
    cells.results[i].again = "run hides.yaml --implementation flink-1.17";
    assert_string_equal(
        written(&cells, report_failures),
        "hides on flink-1.17 breaks fresh\n"
        " 1   90.0 ms  J      checkpoint 11 completed\n"
        " 2 1200.0 ms  mover  answered 10  [seq 7]\n"
        "   J      1"
        ".....................................................................\n"
        "   mover  ....................................................................."
        "2\n"
        "          90.0 ms                                                      1200.0 "
        "ms\n"
        "  Checkpoint 11 had been complete for 100.0 ms. Layer: graph cache.\n"
        "  2 of 9 times it was put to the test; worst: 100.0 ms.\n"
        "  Expected: both paths share the graph cache\n"
        "  Again: freshcheck run hides.yaml --implementation flink-1.17\n"
        "\n");
    free_cells(&cells);
}

static void an_unknown_layer_is_not_named(void **state)
{
    (void)state;
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "s", "r"), PROPERTY_FRESH, LAYER_UNKNOWN, "It was old.");
    assert_lacks(written(&cells, report_failures), "Layer");
    free_cells(&cells);
}

static void what_holds_as_expected_is_not_told(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    leave_undecided(&cells, add_cell(&cells, "t", "r"), PROPERTY_FRESH, "nobody asked");
    assert_string_equal(written(&cells, report_failures), "");
    free_cells(&cells);
}

static void implementations_that_break_alike_are_told_once_and_named_together(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_stale(&cells, "s", "a");
    add_cell(&cells, "s", "fine");
    add_stale(&cells, "s", "b");
    add_stale(&cells, "s", "c");
    const char *text = written(&cells, report_failures);
    assert_contains(text, "s on a, b, c breaks fresh\n");
    assert_int_equal(occurrences(text, "breaks"), 1);
    assert_lacks(text, "fine");
    free_cells(&cells);
}

static void another_layer_property_scenario_or_surprise_is_told_for_itself(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_stale(&cells, "s", "first");
    const size_t layer = add_stale(&cells, "s", "layer");
    cells.judgements[layer].properties[PROPERTY_FRESH].layer = LAYER_ORIGIN;
    break_cell(&cells, add_stale(&cells, "s", "more"), PROPERTY_RIGHT_JOB, LAYER_CACHE, "c");
    make_surprising(&cells, add_stale(&cells, "s", "surprise"), "fresh should hold, but it broke");
    make_surprising(&cells, add_stale(&cells, "s", "other"), "fresh should break elsewhere");
    add_stale(&cells, "t", "first");
    cells.results[add_stale(&cells, "s", "namesake")].title = "another scenario of the same name";
    const char *text = written(&cells, report_failures);
    assert_contains(text, "s on first breaks fresh\n");
    assert_contains(text, "s on layer breaks fresh\n");
    assert_contains(text, "s on more breaks fresh\n");
    assert_contains(text, "s on more breaks right-job\n");
    assert_contains(text, "s on surprise breaks fresh\n");
    assert_contains(text, "s on other breaks fresh\n");
    assert_contains(text, "t on first breaks fresh\n");
    assert_contains(text, "s on namesake breaks fresh\n");
    free_cells(&cells);
}

static void layers_of_properties_that_hold_part_nobody(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_stale(&cells, "s", "a");
    const size_t other = add_stale(&cells, "s", "b");
    cells.judgements[other].properties[PROPERTY_RIGHT_JOB].layer = LAYER_CACHE;
    assert_contains(written(&cells, report_failures), "s on a, b breaks fresh\n");
    free_cells(&cells);
}

static void a_surprise_says_what_differs_instead_of_the_scenarios_reason(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_stale(&cells, "s", "r");
    cells.results[i].reason = "a reason";
    make_surprising(&cells, i, "fresh should break in the layer 'origin'");
    const char *text = written(&cells, report_failures);
    assert_contains(text, "  Not as expected: fresh should break in the layer 'origin'\n");
    assert_lacks(text, "a reason");
    free_cells(&cells);
}

static void a_surprise_without_a_broken_claim_names_what_is_undecided(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "s", "r");
    leave_undecided(&cells, i, PROPERTY_FRESH, "nobody asked");
    make_surprising(&cells, i, "fresh was never put to the test: nobody asked");
    assert_string_equal(written(&cells, report_failures),
                        "s on r is not as expected\n"
                        "  fresh is unknown: nobody asked\n"
                        "  Not as expected: fresh was never put to the test: nobody asked\n"
                        "\n");
    free_cells(&cells);
}

static void a_result_without_verdict_says_why_and_a_skipped_one_nothing(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    cells.results[0].failure = "out of memory";
    cells.results[0].judgement = NULL;
    add_cell(&cells, "s", "f");
    cells.results[1].skipped = "it needs virtual time";
    cells.results[1].judgement = NULL;
    assert_string_equal(written(&cells, report_failures),
                        "s on r has no verdict\n  out of memory\n\n");
    free_cells(&cells);
}

static void failures_without_verdict_are_each_told(void **state)
{
    (void)state;
    struct cells cells = {0};
    for (int i = 0; i < 2; i++) {
        add_cell(&cells, "s", i ? "b" : "a");
        cells.results[i].failure = "out of memory";
    }
    const char *text = written(&cells, report_failures);
    assert_contains(text, "s on a has no verdict\n");
    assert_contains(text, "s on b has no verdict\n");
    free_cells(&cells);
}

static void a_recording_has_no_implementation_in_its_heading(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_stale(&cells, "a.jsonl", NULL);
    assert_contains(written(&cells, report_failures), "a.jsonl breaks fresh\n");
    free_cells(&cells);
}

static void nothing_in_a_witness_can_talk_to_the_terminal_or_break_a_line(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "s\033", "r");
    struct property_verdict *verdict =
        break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, "of \033]0;title\007");
    add_witness(verdict, 1, "who\r", "path \033[31m\n", 0);
    cells.results[i].again = "run\nrm";
    cells.results[i].reason = "why\033";
    const char *text = written(&cells, report_failures);
    assert_lacks(text, "\033");
    assert_lacks(text, "\007");
    assert_lacks(text, "\r");
    assert_contains(text, "who?  path ?[31m?\n");
    assert_contains(text, "  Again: freshcheck run?rm\n");
    free_cells(&cells);
}

static void on_a_terminal_sentences_are_folded_to_its_width_and_commands_are_not(void **state)
{
    (void)state;
    struct cells cells = {.width = 40};
    const size_t i = add_stale(&cells, "hides", "flink-1.17");
    cells.results[i].reason = "both paths share the graph cache, and its timeout";
    cells.results[i].again = "run a/folder/with/a/long/name.yaml --implementation flink-1.17";
    const char *text = written(&cells, report_failures);
    assert_contains(text, "\n 1   90.0 ms  J      checkpoint 11\n                     completed\n");
    assert_contains(text,
                    "  Checkpoint 11 had been complete for\n  100.0 ms. Layer: graph cache.\n");
    assert_contains(text, "  Expected: both paths share the graph\n  cache, and its timeout\n");
    assert_contains(text, "run a/folder/with/a/long/name.yaml --implementation flink-1.17\n");
    free_cells(&cells);
}

static void a_line_that_just_fits_is_not_folded(void **state)
{
    (void)state;
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "s", "r"), PROPERTY_FRESH, LAYER_UNKNOWN, "four by four");
    cells.width = 14;
    assert_contains(written(&cells, report_failures), "\n  four by four\n");
    cells.width = 13;
    assert_contains(written(&cells, report_failures), "\n  four by\n  four\n");
    free_cells(&cells);
}

static void a_word_wider_than_the_terminal_stays_whole(void **state)
{
    (void)state;
    struct cells cells = {.width = 8};
    break_cell(&cells, add_cell(&cells, "s", "r"), PROPERTY_FRESH, LAYER_UNKNOWN,
               "a supercalifragilistic word");
    assert_contains(written(&cells, report_failures), "\n  a\n  supercalifragilistic\n  word\n");
    free_cells(&cells);
}

static void a_word_longer_than_any_is_cut_between_characters(void **state)
{
    (void)state;
    struct cells cells = {.width = 80};
    char word[1200];
    for (size_t i = 0; i < sizeof word - 1; i += 2)
        memcpy(word + i, "\xc3\xa4", 2);
    word[sizeof word - 2] = '\0';
    const size_t i = add_stale(&cells, "s", "r");
    cells.results[i].reason = word;
    assert_lacks(written(&cells, report_failures), "?");
    word[0] = ' '; /* the same with the characters one byte further on */
    word[1] = 'x';
    memmove(word + 1, word + 2, sizeof word - 2);
    assert_lacks(written(&cells, report_failures), "?");
    free_cells(&cells);
}

static void colours_are_there_only_when_asked_for(void **state)
{
    (void)state;
    struct cells cells = {0};
    make_surprising(&cells, add_stale(&cells, "s", "r"), "d");
    add_stale(&cells, "t", "r");
    assert_lacks(written(&cells, report_failures), "\033");
    cells.colour = true;
    const char *text = written(&cells, report_failures);
    assert_contains(text, "\033[1;31ms on r breaks fresh\033[0m\n");
    assert_contains(text, "\033[1mt on r breaks fresh\033[0m\n");
    free_cells(&cells);
}

static void short_of_memory_it_is_whole_or_marked_as_failed(void **state)
{
    (void)state;
    struct cells cells = {0};
    cells.results[add_stale(&cells, "s", "r")].again = "run s.yaml";
    assert_whole_or_failed(&cells, report_failures);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_broken_claim_is_told_with_its_witness_its_figures_and_how_to_see_it_again),
        cmocka_unit_test(an_unknown_layer_is_not_named),
        cmocka_unit_test(on_a_terminal_sentences_are_folded_to_its_width_and_commands_are_not),
        cmocka_unit_test(a_line_that_just_fits_is_not_folded),
        cmocka_unit_test(a_word_wider_than_the_terminal_stays_whole),
        cmocka_unit_test(a_word_longer_than_any_is_cut_between_characters),
        cmocka_unit_test(what_holds_as_expected_is_not_told),
        cmocka_unit_test(implementations_that_break_alike_are_told_once_and_named_together),
        cmocka_unit_test(another_layer_property_scenario_or_surprise_is_told_for_itself),
        cmocka_unit_test(layers_of_properties_that_hold_part_nobody),
        cmocka_unit_test(a_surprise_says_what_differs_instead_of_the_scenarios_reason),
        cmocka_unit_test(a_surprise_without_a_broken_claim_names_what_is_undecided),
        cmocka_unit_test(a_result_without_verdict_says_why_and_a_skipped_one_nothing),
        cmocka_unit_test(failures_without_verdict_are_each_told),
        cmocka_unit_test(a_recording_has_no_implementation_in_its_heading),
        cmocka_unit_test(nothing_in_a_witness_can_talk_to_the_terminal_or_break_a_line),
        cmocka_unit_test(colours_are_there_only_when_asked_for),
        cmocka_unit_test(short_of_memory_it_is_whole_or_marked_as_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
