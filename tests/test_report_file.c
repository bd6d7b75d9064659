/* rooms: harness/parts reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "harness/parts/report_file.h"
#include "tests/support/report_cells.h"

typedef void writer(const struct report *, struct buffer *);

static char *taken(writer *write, const struct report *report)
{
    struct buffer out = {0};
    write(report, &out);
    char *text = buffer_take(&out);
    assert_non_null(text);
    return text;
}

static struct report report_of(const struct cells *cells)
{
    return (struct report){.results = cells->results,
                           .result_count = cells->count,
                           .verdict = VERDICT_FAIL,
                           .program = "freshcheck"};
}

static struct report_file *read_text(const char *json)
{
    struct buffer complaint = {0};
    struct report_file *file = report_file_read(json, strlen(json), &complaint);
    if (!file)
        fail_msg("%.*s in %s", (int)complaint.length, complaint.bytes, json);
    buffer_free(&complaint);
    return file;
}

/* Every writer makes the same of what was read back. */
static void assert_comes_back(const struct cells *cells)
{
    static writer *const writers[] = {
        report_json,       report_failures,   report_matrix,    report_measures, report_junit,
        report_properties, report_recordings, report_staleness, report_margins,  report_tap,
        report_sarif,      report_github,     report_summary};
    const struct report report = report_of(cells);
    char *json = taken(report_json, &report);
    struct report_file *file = read_text(json);
    struct report back = *report_file_report(file);
    back.program = report.program;
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        if (writers[i] == report_matrix && !cells->results[0].implementation)
            continue; /* recordings have no matrix */
        char *was = taken(writers[i], &report), *is = taken(writers[i], &back);
        assert_string_equal(is, was);
        free(was);
        free(is);
    }
    report_file_free(file);
    free(json);
}

static void a_matrix_comes_back(void **state)
{
    (void)state;
    static const struct measure measures[] = {
        {.name = "reprocessed needlessly", .value = 2400, .unit = "ms"},
        {.name = "behind", .value = 3, .unit = "checkpoints"},
    };
    struct cells cells = {0};
    struct property_verdict *verdict = break_cell(&cells, add_cell(&cells, "hides", "flink-1.17"),
                                                  PROPERTY_FRESH, LAYER_GRAPH_CACHE, "It was old.");
    verdict->has_worst = true;
    verdict->worst_value = 1948.125;
    verdict->worst_unit = "ms";
    verdict->worst_behind = 2;
    add_witness(verdict, 90001, "J", "checkpoint 11 completed", 0);
    verdict->witness[0].since = true;
    add_witness(verdict, 300000, "mover", "answered 10", 7);
    cells.results[0].reason = "both paths share the graph cache";
    cells.results[0].again = "run hides.yaml --implementation flink-1.17";
    static const struct text_place places[PROPERTY_COUNT] = {
        [PROPERTY_FRESH] = {12, 10}, [PROPERTY_RIGHT_JOB] = {13, 0}};
    cells.results[0].file = "scenarios/hides.yaml";
    cells.results[0].places = places;
    cells.results[0].measures = measures;
    cells.results[0].measure_count = 2;
    add_cell(&cells, "hides", "reference");
    break_cell(&cells, add_cell(&cells, "late", "flink-1.17"), PROPERTY_RIGHT_JOB, LAYER_UNKNOWN,
               "It was another's.");
    make_surprising(&cells, 2, "right-job should hold, but it broke");
    leave_undecided(&cells, add_cell(&cells, "late", "reference"), PROPERTY_MONOTONIC,
                    "never read");
    make_surprising(&cells, 3, "monotonic was never put to the test");
    assert_comes_back(&cells);
    free_cells(&cells);
}

static void what_has_no_verdict_comes_back(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    cells.results[0].failure = "out of memory";
    cells.results[0].as_expected = false;
    add_cell(&cells, "s", "t");
    cells.results[1].skipped = "it needs virtual time";
    cells.judgements[0] = cells.judgements[1] = (struct judgement){0};
    assert_comes_back(&cells);
    free_cells(&cells);
}

static void a_recording_comes_back_with_how_stale_it_was(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "a.jsonl", NULL);
    cells.results[0].title = NULL;
    struct judgement *judgement = &cells.judgements[0];
    judgement->margin = (struct margin){.us = 250001, .why = "finalising takes time"};
    staleness_add_fresh(&judgement->staleness, 3);
    staleness_add(&judgement->staleness, 8000);
    staleness_add(&judgement->staleness, 1234567);
    staleness_add(&judgement->staleness, 1);
    judgement->expected = (struct expected_staleness){.timeout_us = 3000000,
                                                      .reads = 6,
                                                      .stale = 1.5,
                                                      .sum_us = 12000,
                                                      .least_sum_us = 8000,
                                                      .most_sum_us = 16000.7};
    assert_comes_back(&cells);
    free_cells(&cells);
}

static void odd_texts_and_figures_come_back(void **state)
{
    (void)state;
    static const char nasty[] = "\",\"verdict\":\"pass\" \\ \n\t\x01\x7f </script> \u20ac";
    struct cells cells = {0};
    const size_t i = add_cell(&cells, "\xff\xc3", nasty);
    struct property_verdict *verdict = break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, nasty);
    verdict->has_worst = true;
    verdict->worst_value = (double)NAN;
    verdict->worst_unit = NULL;
    add_witness(verdict, -1, "\"who\"\n", nasty, 0);
    add_witness(verdict, 3999999999999999, "", "", INT64_MAX);
    verdict->tested = verdict->violations = INT64_MAX;
    make_surprising(&cells, i, nasty);
    cells.results[i].again = nasty;
    const struct report report = report_of(&cells);
    char *json = taken(report_json, &report);
    struct report_file *file = read_text(json);
    char *again = taken(report_json, report_file_report(file));
    assert_string_equal(again, json);
    verdict->has_worst = false; /* nothing prints it otherwise */
    free(again);
    free(json);
    report_file_free(file);
    assert_comes_back(&cells);
    free_cells(&cells);
}

static void an_exploration_comes_back_as_it_stands(void **state)
{
    (void)state;
    static const char json[] = "{\"verdict\":\"pass\",\"results\":[],\"exploration\":{\"b\":1,"
                               "\"a\":[2,{\"c\":\"\u20ac\"}]}}\n";
    struct report_file *file = read_text(json);
    char *again = taken(report_json, report_file_report(file));
    assert_string_equal(again, json);
    free(again);
    report_file_free(file);
}

static void no_results_come_back(void **state)
{
    (void)state;
    struct report_file *file = read_text("{\"verdict\":\"unknown\",\"results\":[]}");
    assert_int_equal(report_file_report(file)->result_count, 0);
    assert_int_equal(report_file_report(file)->verdict, VERDICT_UNKNOWN);
    report_file_free(file);
    report_file_free(NULL);
}

/* --- what is refused ------------------------------------------------------------------------- */

static void assert_refused(const char *json, const char *wanted)
{
    struct buffer complaint = {0};
    struct report_file *file = report_file_read(json, strlen(json), &complaint);
    buffer_char(&complaint, '\0');
    if (file || strcmp(complaint.bytes, wanted) != 0)
        fail_msg("%s gave: %s", json, file ? "a report" : complaint.bytes);
    buffer_free(&complaint);
}

static void what_is_no_json_is_refused_with_line_and_column(void **state)
{
    (void)state;
    assert_refused("", "line 1, column 0: '[' or '{' expected near end of file");
    assert_refused("{\"verdict\":\n \"pass\",}",
                   "line 2, column 9: string or '}' expected near '}'");
    assert_refused("{\"verdict\":\"pass\",\"results\":[]} x",
                   "line 1, column 33: end of file expected near 'x'");
    assert_refused("{\"verdict\":\"pass\",\"verdict\":\"pass\",\"results\":[]}",
                   "line 1, column 27: duplicate object key near '\"verdict\"'");
    assert_refused("{\"verdict\":\"pa\\u0000ss\"}",
                   "line 1, column 23: \\u0000 is not allowed without JSON_ALLOW_NUL near "
                   "'\"pa\\u0000ss\"'");
}

/* A result of the whole, with a member added or one replaced. */
static void assert_result_refused(const char *member, const char *json, const char *wanted)
{
    json_error_t error;
    json_t *root = json_loads(
        "{\"verdict\":\"fail\",\"results\":[{\"subject\":\"s\",\"claim\":\"fresh\",\"verdict\":"
        "\"fail\","
        "\"as_expected\":true,\"properties\":[{\"id\":\"fresh\",\"verdict\":\"fail\",\"tested\":2,"
        "\"violations\":1,\"layer\":\"origin\",\"witness\":[{\"at_ms\":1.5,\"who\":\"J\",\"what\":"
        "\"w\"}]}]}]}",
        0, &error);
    assert_non_null(root);
    json_t *result = json_array_get(json_object_get(root, "results"), 0);
    char *whole = json_dumps(root, JSON_COMPACT);
    report_file_free(read_text(whole));
    free(whole);
    json_t *value = json_loads(json, JSON_DECODE_ANY, &error);
    assert_non_null(value);
    json_t *target = result;
    if (member[0] == '.') {
        target = json_array_get(json_object_get(result, "properties"), 0);
        member++;
    }
    assert_int_equal(json_object_set_new(target, member, value), 0);
    whole = json_dumps(root, JSON_COMPACT);
    assert_refused(whole, wanted);
    free(whole);
    json_decref(root);
}

static void what_is_no_report_is_refused_with_its_place(void **state)
{
    (void)state;
    assert_refused("[]", "an object is wanted here");
    assert_refused("{\"results\":[]}", "verdict: this member is missing");
    assert_refused("{\"verdict\":\"pass\"}", "results: this member is missing");
    assert_refused("{\"verdict\":\"pass\",\"results\":{}}", "results: a list is wanted here");
    assert_refused("{\"verdict\":\"maybe\",\"results\":[]}",
                   "verdict: 'maybe' is neither pass, fail nor unknown");
    assert_refused("{\"verdict\":\"pass\",\"results\":[7]}",
                   "results[0]: an object is wanted here");
    assert_refused("{\"verdict\":\"pass\",\"results\":[],\"more\":1}",
                   "more: there is no member of this name");
    assert_result_refused("colour", "1", "results[0].colour: there is no member of this name");
    assert_result_refused("subject", "1", "results[0].subject: a text is wanted here");
    assert_result_refused("as_expected", "\"yes\"",
                          "results[0].as_expected: true or false is wanted here");
    assert_result_refused(".id", "\"frehs\"",
                          "results[0].properties[0].id: there is no property 'frehs'");
    assert_result_refused(
        ".tested", "-1",
        "results[0].properties[0].tested: a whole number from 0 up is wanted here");
    assert_result_refused(
        ".tested", "1.5",
        "results[0].properties[0].tested: a whole number from 0 up is wanted here");
    assert_result_refused(".layer", "\"moon\"",
                          "results[0].properties[0].layer: there is no layer 'moon'");
    assert_result_refused(".worst", "{\"value\":\"1\",\"unit\":\"ms\"}",
                          "results[0].properties[0].worst.value: a number is wanted here");
    assert_result_refused(".witness", "[{\"at_ms\":5e12,\"who\":\"\",\"what\":\"\"}]",
                          "results[0].properties[0].witness[0].at_ms: a time in milliseconds is "
                          "wanted here");
    assert_result_refused(
        ".witness", "[{},{},{},{},{},{},{}]",
        "results[0].properties[0].witness: no more than 6 events are wanted here");
    assert_result_refused("margin", "{\"value\":1,\"unit\":\"s\",\"why\":\"w\"}",
                          "results[0].margin: its unit is ms");
    assert_result_refused("measures", "[{\"name\":\"n\",\"value\":true,\"unit\":\"u\"}]",
                          "results[0].measures[0].value: a number is wanted here");
}

static void a_text_too_long_is_refused_and_one_byte_less_is_not(void **state)
{
    (void)state;
    char who[64];
    memset(who, 'x', sizeof who);
    for (int length = 31; length <= 32; length++) {
        struct buffer json = {0}, complaint = {0};
        buffer_printf(
            &json,
            "{\"verdict\":\"fail\",\"results\":[{\"subject\":\"s\",\"claim\":\"c\",\"verdict\":"
            "\"fail\",\"properties\":[{\"id\":\"fresh\",\"verdict\":\"fail\",\"tested\":1,"
            "\"violations\":1,\"layer\":\"origin\",\"witness\":[{\"at_ms\":1,\"who\":"
            "\"%.*s\",\"what\":\"w\"}]}]}]}",
            length, who);
        struct report_file *file = report_file_read(json.bytes, json.length, &complaint);
        assert_true((file != NULL) == (length == 31));
        buffer_char(&complaint, '\0');
        assert_string_equal(complaint.bytes, length == 31 ? ""
                                                          : "results[0].properties[0].witness[0]."
                                                            "who: a text of less than 32 bytes is "
                                                            "wanted here");
        report_file_free(file);
        buffer_free(&json);
        buffer_free(&complaint);
    }
}

static void a_verdict_that_its_result_speaks_against_is_refused(void **state)
{
    (void)state;
    assert_result_refused("verdict", "\"pass\"",
                          "results[0]: its verdict is pass, but a property fails");
    assert_result_refused("properties", "[]",
                          "results[0]: its verdict is fail, but no property fails");
    assert_result_refused("failure", "\"out of memory\"",
                          "results[0]: what was not judged has the verdict unknown");
    assert_result_refused("difference", "\"d\"",
                          "results[0]: it has a difference, and is as expected");
    assert_result_refused("properties",
                          "[{\"id\":\"fresh\",\"verdict\":\"fail\",\"tested\":1,\"violations\":1,"
                          "\"layer\":\"origin\"},"
                          "{\"id\":\"fresh\",\"verdict\":\"pass\",\"tested\":1,\"violations\":0}]",
                          "results[0].properties[1].id: 'fresh' is out of order, or comes again");
    assert_result_refused("properties",
                          "[{\"id\":\"fresh\",\"verdict\":\"pass\",\"tested\":1,\"violations\":0,"
                          "\"layer\":\"origin\"}]",
                          "results[0].properties[0].layer: only what failed has a layer");
}

struct memory_context {
    char *json;
};

static void read_short_of_memory(void *context, bool may_fail)
{
    const struct memory_context *memory = context;
    struct buffer complaint = {0};
    struct report_file *file = report_file_read(memory->json, strlen(memory->json), &complaint);
    if (!may_fail)
        assert_non_null(file);
    if (complaint.length > 0)
        fail_msg("%.*s", (int)complaint.length, complaint.bytes);
    if (file) {
        struct buffer out = {0};
        report_json(report_file_report(file), &out);
        assert_true(out.failed || (out.length == strlen(memory->json) &&
                                   memcmp(out.bytes, memory->json, out.length) == 0));
        buffer_free(&out);
    }
    report_file_free(file);
    buffer_free(&complaint);
}

static void short_of_memory_there_is_no_report_and_no_complaint(void **state)
{
    (void)state;
    static const struct measure measure = {.name = "behind", .value = 3, .unit = "checkpoints"};
    struct cells cells = {0};
    break_cell(&cells, add_cell(&cells, "s", "r"), PROPERTY_FRESH, LAYER_CACHE, "c");
    cells.results[0].measures = &measure;
    cells.results[0].measure_count = 1;
    const struct report report = report_of(&cells);
    struct memory_context context = {taken(report_json, &report)};
    /* Of jansson's own no one fails here: it takes some for a wrong byte, and says so. */
    assert_int_equal(fail_each_allocation(read_short_of_memory, &context), 6);
    free(context.json);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_matrix_comes_back),
        cmocka_unit_test(what_has_no_verdict_comes_back),
        cmocka_unit_test(a_recording_comes_back_with_how_stale_it_was),
        cmocka_unit_test(odd_texts_and_figures_come_back),
        cmocka_unit_test(an_exploration_comes_back_as_it_stands),
        cmocka_unit_test(no_results_come_back),
        cmocka_unit_test(what_is_no_json_is_refused_with_line_and_column),
        cmocka_unit_test(what_is_no_report_is_refused_with_its_place),
        cmocka_unit_test(a_text_too_long_is_refused_and_one_byte_less_is_not),
        cmocka_unit_test(a_verdict_that_its_result_speaks_against_is_refused),
        cmocka_unit_test(short_of_memory_there_is_no_report_and_no_complaint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
