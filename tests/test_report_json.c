/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <jansson.h>

#include <math.h>

#include "tests/support/report_cells.h"

/* The report as a reader gets it; strict, so that a member written twice is an error. */
static json_t *parsed(struct cells *cells)
{
    json_error_t error;
    json_t *root = json_loads(written(cells, report_json), JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s in %s", error.text, cells->out.bytes);
    return root;
}

static json_t *result_at(const json_t *root, size_t index)
{
    json_t *result = json_array_get(json_object_get(root, "results"), index);
    assert_non_null(result);
    return result;
}

static json_t *property_of(const json_t *result, const char *id)
{
    json_t *properties = json_object_get(result, "properties");
    for (size_t i = 0; i < json_array_size(properties); i++) {
        json_t *property = json_array_get(properties, i);
        if (strcmp(json_string_value(json_object_get(property, "id")), id) == 0)
            return property;
    }
    return NULL;
}

static void assert_text(const json_t *object, const char *key, const char *wanted)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    assert_string_equal(text, wanted);
}

static void assert_number(const json_t *object, const char *key, double wanted)
{
    const json_t *number = json_object_get(object, key);
    assert_true(json_is_number(number));
    assert_true(fabs(json_number_value(number) - wanted) < 1e-9);
}

static void a_result_has_the_members_that_the_design_names(void **state)
{
    (void)state;
    struct cells cells = {0};
    struct property_verdict *verdict = break_cell(&cells, add_cell(&cells, "hides", "flink-1.17"),
                                                  PROPERTY_FRESH, LAYER_GRAPH_CACHE, "It was old.");
    verdict->has_worst = true;
    verdict->worst_value = 100.25;
    verdict->worst_unit = "ms";
    add_witness(verdict, 90001, "J", "checkpoint 11 completed", 0);
    add_witness(verdict, 300000, "mover", "answered 10", 7);
    json_t *root = parsed(&cells);
    assert_text(root, "verdict", "fail");
    assert_int_equal(json_array_size(json_object_get(root, "results")), 1);
    const json_t *result = result_at(root, 0);
    assert_text(result, "subject", "hides");
    assert_text(result, "implementation", "flink-1.17");
    assert_text(result, "claim", "fresh");
    assert_text(result, "verdict", "fail");
    assert_true(json_is_true(json_object_get(result, "as_expected")));
    const json_t *fresh = property_of(result, "fresh");
    assert_text(fresh, "verdict", "fail");
    assert_number(fresh, "tested", 9);
    assert_number(fresh, "violations", 2);
    assert_number(json_object_get(fresh, "worst"), "value", 100.25);
    assert_text(json_object_get(fresh, "worst"), "unit", "ms");
    assert_text(fresh, "layer", "graph cache");
    assert_text(fresh, "cause", "It was old.");
    const json_t *witness = json_object_get(fresh, "witness");
    assert_int_equal(json_array_size(witness), 2);
    assert_number(json_array_get(witness, 0), "at_ms", 90.001);
    assert_null(json_object_get(json_array_get(witness, 0), "seq"));
    assert_text(json_array_get(witness, 1), "who", "mover");
    assert_text(json_array_get(witness, 1), "what", "answered 10");
    assert_number(json_array_get(witness, 1), "seq", 7);
    json_decref(root);
    free_cells(&cells);
}

static void how_old_answers_were_is_told_where_it_is_known(void **state)
{
    (void)state;
    struct cells cells = {0};
    struct property_verdict *verdict = break_cell(&cells, add_cell(&cells, "hides", "flink-1.17"),
                                                  PROPERTY_FRESH, LAYER_GRAPH_CACHE, "It was old.");
    verdict->has_worst = true;
    verdict->worst_value = 8;
    verdict->worst_unit = "ms";
    json_t *root = parsed(&cells);
    assert_null(json_object_get(result_at(root, 0), "staleness"));
    assert_null(json_object_get(result_at(root, 0), "margin"));
    assert_null(json_object_get(json_object_get(property_of(result_at(root, 0), "fresh"), "worst"),
                                "checkpoints"));
    json_decref(root);
    verdict->worst_behind = 2;
    struct staleness *staleness = &cells.judgements[0].staleness;
    cells.judgements[0].margin = (struct margin){.us = 250000, .why = "finalising takes time"};
    staleness_add_fresh(staleness, 3);
    staleness_add(staleness, 8000);
    root = parsed(&cells);
    assert_number(json_object_get(property_of(result_at(root, 0), "fresh"), "worst"), "checkpoints",
                  2);
    const json_t *margin = json_object_get(result_at(root, 0), "margin");
    assert_true(json_number_value(json_object_get(margin, "value")) == 250);
    assert_string_equal(json_string_value(json_object_get(margin, "unit")), "ms");
    assert_string_equal(json_string_value(json_object_get(margin, "why")), "finalising takes time");
    const json_t *told = json_object_get(result_at(root, 0), "staleness");
    assert_number(told, "reads", 4);
    assert_number(told, "stale", 1);
    assert_number(told, "mean_ms", 2);
    assert_number(told, "p50_ms", 0);
    assert_number(told, "p99_ms", 8);
    assert_number(told, "max_ms", 8);
    assert_null(json_object_get(told, "expected"));
    json_decref(root);
    cells.judgements[0].expected = (struct expected_staleness){.timeout_us = 3000000,
                                                               .reads = 4,
                                                               .stale = 1.5,
                                                               .sum_us = 12000,
                                                               .least_sum_us = 8000,
                                                               .most_sum_us = 16000};
    root = parsed(&cells);
    told = json_object_get(json_object_get(result_at(root, 0), "staleness"), "expected");
    assert_number(told, "timeout_ms", 3000);
    assert_number(told, "share", 0.375);
    assert_number(told, "mean_ms", 3);
    assert_number(told, "least_mean_ms", 2);
    assert_number(told, "most_mean_ms", 4);
    json_decref(root);
    free_cells(&cells);
}

static void a_property_that_holds_has_neither_layer_nor_cause_nor_witness(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    json_t *root = parsed(&cells);
    const json_t *fresh = property_of(result_at(root, 0), "fresh");
    assert_text(fresh, "verdict", "pass");
    assert_int_equal(json_object_size(fresh), 4);
    json_decref(root);
    free_cells(&cells);
}

static void only_claimed_properties_are_listed(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    json_t *root = parsed(&cells);
    assert_int_equal(json_array_size(json_object_get(result_at(root, 0), "properties")), 2);
    assert_null(property_of(result_at(root, 0), "monotonic"));
    json_decref(root);
    free_cells(&cells);
}

static void a_recording_has_neither_implementation_nor_expectation(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a.jsonl", NULL);
    json_t *root = parsed(&cells);
    assert_null(json_object_get(result_at(root, 0), "implementation"));
    assert_null(json_object_get(result_at(root, 0), "as_expected"));
    json_decref(root);
    free_cells(&cells);
}

static void a_surprise_carries_its_difference(void **state)
{
    (void)state;
    struct cells cells = {0};
    make_surprising(&cells, add_cell(&cells, "s", "r"), "fresh should break, but it is pass");
    json_t *root = parsed(&cells);
    assert_true(json_is_false(json_object_get(result_at(root, 0), "as_expected")));
    assert_text(result_at(root, 0), "difference", "fresh should break, but it is pass");
    json_decref(root);
    free_cells(&cells);
}

static void without_a_verdict_the_result_is_unknown_and_says_why(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    cells.results[0].failure = "out of memory";
    cells.results[0].as_expected = false;
    add_cell(&cells, "t", "r");
    cells.results[1].skipped = "it needs virtual time";
    cells.results[0].judgement = cells.results[1].judgement = NULL;
    json_t *root = parsed(&cells);
    assert_text(result_at(root, 0), "verdict", "unknown");
    assert_text(result_at(root, 0), "failure", "out of memory");
    assert_text(result_at(root, 1), "verdict", "unknown");
    assert_text(result_at(root, 1), "skipped", "it needs virtual time");
    assert_null(json_object_get(result_at(root, 1), "as_expected"));
    for (size_t i = 0; i < 2; i++) {
        const json_t *properties = json_object_get(result_at(root, i), "properties");
        assert_true(json_is_array(properties));
        assert_int_equal(json_array_size(properties), 0);
    }
    json_decref(root);
    free_cells(&cells);
}

static void measures_are_listed_and_a_result_without_any_has_no_list(void **state)
{
    (void)state;
    static const struct measure measures[] = {
        {.name = "reprocessed needlessly", .value = 2400.5, .unit = "ms"},
        {.name = "checkpoints behind", .value = 3, .unit = "checkpoints"},
    };
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    cells.results[0].measures = measures;
    cells.results[0].measure_count = 2;
    add_cell(&cells, "t", "r");
    json_t *root = parsed(&cells);
    const json_t *list = json_object_get(result_at(root, 0), "measures");
    assert_int_equal(json_array_size(list), 2);
    assert_text(json_array_get(list, 0), "name", "reprocessed needlessly");
    assert_number(json_array_get(list, 0), "value", 2400.5);
    assert_text(json_array_get(list, 1), "unit", "checkpoints");
    assert_null(json_object_get(result_at(root, 1), "measures"));
    json_decref(root);
    free_cells(&cells);
}

static void no_text_can_break_out_of_its_string(void **state)
{
    (void)state;
    static const char nasty[] = "\",\"verdict\":\"pass\" \\ \n\t\x01\x7f </script>";
    struct cells cells = {0};
    const size_t i = add_cell(&cells, nasty, nasty);
    struct property_verdict *verdict = break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, nasty);
    add_witness(verdict, 1, "\"who\"\n", nasty, 0);
    make_surprising(&cells, i, nasty);
    cells.results[i].claim = nasty;
    json_t *root = parsed(&cells);
    const json_t *result = result_at(root, 0);
    assert_text(result, "subject", nasty);
    assert_text(result, "implementation", nasty);
    assert_text(result, "claim", nasty);
    assert_text(result, "difference", nasty);
    assert_text(result, "verdict", "fail");
    const json_t *fresh = property_of(result, "fresh");
    assert_text(fresh, "cause", nasty);
    assert_text(json_array_get(json_object_get(fresh, "witness"), 0), "who", "\"who\"\n");
    assert_text(json_array_get(json_object_get(fresh, "witness"), 0), "what", nasty);
    json_decref(root);
    free_cells(&cells);
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a\xff\xc0\xaf\xed\xa0\x80z \u20ac", "r");
    json_t *root = parsed(&cells);
    const char *subject = json_string_value(json_object_get(result_at(root, 0), "subject"));
    assert_contains(subject, "a\ufffd");
    assert_contains(subject, "z \u20ac");
    json_decref(root);
    free_cells(&cells);
}

static void a_figure_that_is_no_number_is_null(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    struct property_verdict *fresh = &cells.judgements[0].properties[PROPERTY_FRESH];
    fresh->has_worst = true;
    fresh->worst_value = NAN;
    json_t *root = parsed(&cells);
    const json_t *worst = json_object_get(property_of(result_at(root, 0), "fresh"), "worst");
    assert_true(json_is_null(json_object_get(worst, "value")));
    assert_true(json_is_null(json_object_get(worst, "unit")));
    json_decref(root);
    free_cells(&cells);
}

static void it_is_one_line_and_has_no_colours(void **state)
{
    (void)state;
    struct cells cells = {.colour = true};
    break_cell(&cells, add_cell(&cells, "s", "r"), PROPERTY_FRESH, LAYER_CACHE, "a\nb");
    const char *text = written(&cells, report_json);
    assert_int_equal(occurrences(text, "\n"), 1);
    assert_int_equal(text[strlen(text) - 1], '\n');
    assert_lacks(text, "\033");
    free_cells(&cells);
}

static void no_results_are_an_empty_list(void **state)
{
    (void)state;
    struct cells cells = {0};
    assert_string_equal(written(&cells, report_json), "{\"verdict\":\"fail\",\"results\":[]}\n");
    free_cells(&cells);
}

static void short_of_memory_it_is_whole_or_marked_as_failed(void **state)
{
    (void)state;
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "s", "r"), PROPERTY_FRESH, LAYER_CACHE, "c");
    assert_whole_or_failed(&cells, report_json);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_result_has_the_members_that_the_design_names),
        cmocka_unit_test(how_old_answers_were_is_told_where_it_is_known),
        cmocka_unit_test(a_property_that_holds_has_neither_layer_nor_cause_nor_witness),
        cmocka_unit_test(only_claimed_properties_are_listed),
        cmocka_unit_test(a_recording_has_neither_implementation_nor_expectation),
        cmocka_unit_test(a_surprise_carries_its_difference),
        cmocka_unit_test(without_a_verdict_the_result_is_unknown_and_says_why),
        cmocka_unit_test(measures_are_listed_and_a_result_without_any_has_no_list),
        cmocka_unit_test(no_text_can_break_out_of_its_string),
        cmocka_unit_test(bytes_that_are_no_utf8_are_replaced),
        cmocka_unit_test(a_figure_that_is_no_number_is_null),
        cmocka_unit_test(it_is_one_line_and_has_no_colours),
        cmocka_unit_test(no_results_are_an_empty_list),
        cmocka_unit_test(short_of_memory_it_is_whole_or_marked_as_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
