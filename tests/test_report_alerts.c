/* rooms: reports harness/judge gateway base */
/* SARIF and GitHub's annotations: what is wrong at a line of a file. */
#include "tests/support/test_prelude.h"

#include <jansson.h>
#include <stdlib.h>

#include "tests/support/report_cells.h"

static const struct text_place places[PROPERTY_COUNT] = {
    [PROPERTY_FRESH] = {7, 3}, [PROPERTY_RIGHT_JOB] = {8, 0}};

/* A cell of s.yaml that breaks `fresh`, not as expected. */
static size_t add_broken(struct cells *cells, const char *implementation)
{
    const size_t i = add_cell(cells, "s", implementation);
    add_witness(break_cell(cells, i, PROPERTY_FRESH, LAYER_CACHE, "It was old."), 1500, "who",
                "what", 4);
    make_surprising(cells, i, "fresh should hold");
    cells->results[i].file = "s.yaml";
    cells->results[i].places = places;
    cells->results[i].again = "run s.yaml";
    return i;
}

/* The run of what is written: to be freed. */
static json_t *sarif(struct cells *cells)
{
    json_t *log = json_loads(written(cells, report_sarif), 0, NULL);
    assert_non_null(log);
    assert_string_equal(json_string_value(json_object_get(log, "version")), "2.1.0");
    json_t *run = json_incref(json_array_get(json_object_get(log, "runs"), 0));
    json_decref(log);
    return run;
}

static json_t *result_at(const json_t *run, size_t index)
{
    return json_array_get(json_object_get(run, "results"), index);
}

static const char *text_of(const json_t *object, const char *path)
{
    char step[64];
    for (; object && *path; path += *path == '/') {
        const size_t length = strcspn(path, "/");
        snprintf(step, sizeof step, "%.*s", (int)length, path);
        object = json_is_array(object) ? json_array_get(object, (size_t)atoi(step))
                                       : json_object_get(object, step);
        path += length;
    }
    assert_non_null(json_string_value(object));
    return json_string_value(object);
}

static json_int_t line_of(const json_t *result)
{
    const json_t *place = json_object_get(json_array_get(json_object_get(result, "locations"), 0),
                                          "physicalLocation");
    return json_integer_value(json_object_get(json_object_get(place, "region"), "startLine"));
}

/* Whether all was judged, whatever the verdict. */
static bool is_successful(const json_t *run)
{
    const json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);
    const json_t *value = json_object_get(invocation, "executionSuccessful");
    assert_true(json_is_boolean(value));
    return json_is_true(value);
}

static void a_broken_claim_is_a_result_at_its_line_with_its_witness(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_broken(&cells, "r");
    json_t *run = sarif(&cells);
    const json_t *result = result_at(run, 0);
    assert_int_equal(json_array_size(json_object_get(run, "results")), 1);
    assert_true(is_successful(run));
    assert_string_equal(text_of(result, "ruleId"), "fresh");
    assert_string_equal(text_of(result, "level"), "error");
    assert_string_equal(
        text_of(result, "message/text"),
        "s on r breaks fresh. It was old. Layer: cache. Not as expected: fresh should hold");
    assert_string_equal(text_of(result, "locations/0/physicalLocation/artifactLocation/uri"),
                        "s.yaml");
    assert_int_equal(line_of(result), 7);
    assert_string_equal(
        text_of(result, "codeFlows/0/threadFlows/0/locations/0/location/message/text"),
        "1.5 ms  who  what (seq 4)");
    assert_string_equal(text_of(result, "properties/again"), "freshcheck run s.yaml");
    json_decref(run);
    free_cells(&cells);
}

static void what_is_expected_comes_last_as_a_note_that_is_accepted(void **state)
{
    (void)state;
    struct cells cells = {0};
    const size_t i = add_broken(&cells, "known");
    cells.results[i].as_expected = true;
    cells.results[i].difference = NULL;
    cells.results[i].reason = "one cache";
    add_broken(&cells, "new");
    add_cell(&cells, "s", "good");
    json_t *run = sarif(&cells);
    assert_int_equal(json_array_size(json_object_get(run, "results")), 2);
    assert_string_equal(text_of(result_at(run, 0), "level"), "error");
    assert_int_equal(json_array_size(json_object_get(result_at(run, 0), "suppressions")), 0);
    assert_string_equal(text_of(result_at(run, 1), "level"), "note");
    assert_string_equal(text_of(result_at(run, 1), "suppressions/0/justification"), "one cache");
    json_decref(run);
    free_cells(&cells);
}

static void what_has_no_verdict_or_should_have_broken_has_a_rule_of_its_own(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_cell(&cells, "s", "r");
    cells.results[0].failure = "the target died";
    cells.results[0].judgement = NULL;
    make_surprising(&cells, add_cell(&cells, "s", "q"), "fresh should break");
    json_t *run = sarif(&cells);
    assert_string_equal(text_of(result_at(run, 0), "ruleId"), "no-verdict");
    assert_string_equal(text_of(result_at(run, 0), "message/text"),
                        "s on r has no verdict. the target died");
    assert_string_equal(text_of(result_at(run, 1), "ruleId"), "not-as-expected");
    assert_false(is_successful(run));
    json_decref(run);
    free_cells(&cells);
}

static void fingerprints_stay_when_lines_move_and_differ_between_implementations(void **state)
{
    (void)state;
    static const struct text_place moved[PROPERTY_COUNT] = {[PROPERTY_FRESH] = {70, 30}};
    static const char path[] = "partialFingerprints/primaryLocationLineHash";
    struct cells cells = {0};
    add_broken(&cells, "r");
    add_broken(&cells, "q");
    cells.results[add_broken(&cells, "r")].places = moved;
    json_t *run = sarif(&cells);
    assert_string_equal(text_of(result_at(run, 0), path), text_of(result_at(run, 2), path));
    assert_string_not_equal(text_of(result_at(run, 0), path), text_of(result_at(run, 1), path));
    json_decref(run);
    free_cells(&cells);
}

static void files_are_uris_and_texts_have_no_links(void **state)
{
    (void)state;
    static const struct {
        const char *file, *uri;
    } cases[] = {
        {"./a/b.yaml", "a/b.yaml"},
        {"/a b.yaml", "file:///a%20b.yaml"},
        {"a:b%c#d?e[f]", "a%3Ab%25c%23d%3Fe%5Bf%5D"},
        {"\u00e9\xff", "%C3%A9%EF%BF%BD"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct cells cells = {0};
        const size_t i = add_broken(&cells, "{r} [x](y) \\");
        cells.results[i].file = cases[k].file;
        json_t *run = sarif(&cells);
        assert_string_equal(
            text_of(result_at(run, 0), "locations/0/physicalLocation/artifactLocation/uri"),
            cases[k].uri);
        assert_non_null(strstr(text_of(result_at(run, 0), "message/text"),
                               "s on {{r}} \\[x\\](y) \\\\ breaks"));
        json_decref(run);
        free_cells(&cells);
    }
}

static void an_annotation_is_a_command_with_its_place(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_broken(&cells, "r");
    assert_string_equal(written(&cells, report_github),
                        "::error file=s.yaml,line=7,col=3,title=s on r breaks fresh::It was old. "
                        "Layer: cache. Not as expected: fresh should hold%0A1.5 ms  who  what "
                        "(seq 4)%0AAgain: freshcheck run s.yaml\n");
    cells.results[0].places = NULL;
    assert_contains(written(&cells, report_github), "::error file=s.yaml,title=s on r");
    cells.results[0].file = NULL;
    assert_contains(written(&cells, report_github), "::error title=s on r");
    free_cells(&cells);
}

static void no_text_ends_a_command_or_begins_another(void **state)
{
    (void)state;
    static const char nasty[] = "a,b:c%d::e\n::warning::f%0A\r";
    struct cells cells = {0};
    const size_t i = add_cell(&cells, nasty, "r");
    add_witness(break_cell(&cells, i, PROPERTY_FRESH, LAYER_CACHE, nasty), 1, nasty, nasty, 0);
    cells.results[i].file = nasty;
    make_surprising(&cells, i, nasty);
    const char *text = written(&cells, report_github);
    assert_int_equal(occurrences(text, "\n"), 1);
    assert_contains(text, "::error file=a%2Cb%3Ac%25d%3A%3Ae?%3A%3Awarning%3A%3Af%250A?,title=a%2C"
                          "b%3Ac%25d%3A%3Ae?%3A%3Awarning%3A%3Af%250A? on r breaks fresh::a,b:"
                          "c%25d::e?::warning::f%250A?");
    free_cells(&cells);
}

/* As many cells alike as are asked for, written by `writer`. */
static struct buffer many(size_t count, void (*writer)(const struct report *, struct buffer *))
{
    struct cells cells = {0};
    struct buffer out = {0};
    struct report_result *results = calloc(count, sizeof *results);
    assert_non_null(results);
    add_broken(&cells, "r");
    for (size_t i = 0; i < count; i++)
        results[i] = cells.results[0];
    const struct report report = {
        .results = results, .result_count = count, .verdict = VERDICT_FAIL};
    writer(&report, &out);
    assert_false(out.failed);
    buffer_char(&out, '\0');
    free(results);
    return out;
}

static void ten_annotations_are_written_and_the_rest_is_counted(void **state)
{
    (void)state;
    for (size_t count = 10; count <= 2000; count += count == 10 ? 1 : 1989) {
        char notice[64];
        struct buffer out = many(count, report_github);
        snprintf(notice, sizeof notice, "::notice title=freshcheck::%zu more", count - 10);
        assert_int_equal(occurrences(out.bytes, "::error "), 10);
        assert_int_equal(occurrences(out.bytes, notice), count > 10);
        buffer_free(&out);
    }
}

static void a_run_has_25000_results_and_says_how_many_are_left_out(void **state)
{
    (void)state;
    struct buffer out = many(25003, report_sarif);
    assert_int_equal(occurrences(out.bytes, "\"ruleIndex\""), 25000);
    assert_contains(out.bytes, "\"3 more results were left out of this file.\"");
    buffer_free(&out);
}

static void short_of_memory_it_is_whole_or_marked_as_failed(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_broken(&cells, "r");
    assert_whole_or_failed(&cells, report_github);
    free_cells(&cells);
}

/* Explanations of all rules make it longer than what others compare whole. */
static void write_sarif(void *context, bool may_fail)
{
    struct cells *cells = context;
    const struct report report = {
        .results = cells->results, .result_count = cells->count, .verdict = VERDICT_FAIL};
    struct buffer out = {0};
    report_sarif(&report, &out);
    assert_true(may_fail || !out.failed);
    if (!out.failed) {
        assert_int_equal(out.length, cells->out.length);
        assert_memory_equal(out.bytes, cells->out.bytes, out.length);
    }
    buffer_free(&out);
}

static void short_of_memory_sarif_is_whole_or_marked_as_failed(void **state)
{
    (void)state;
    struct cells cells = {0};
    add_broken(&cells, "r");
    written(&cells, report_sarif);
    cells.out.length--;
    assert_true(fail_each_allocation(write_sarif, &cells) > 0);
    free_cells(&cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_claim_is_a_result_at_its_line_with_its_witness),
        cmocka_unit_test(what_is_expected_comes_last_as_a_note_that_is_accepted),
        cmocka_unit_test(what_has_no_verdict_or_should_have_broken_has_a_rule_of_its_own),
        cmocka_unit_test(fingerprints_stay_when_lines_move_and_differ_between_implementations),
        cmocka_unit_test(files_are_uris_and_texts_have_no_links),
        cmocka_unit_test(an_annotation_is_a_command_with_its_place),
        cmocka_unit_test(no_text_ends_a_command_or_begins_another),
        cmocka_unit_test(ten_annotations_are_written_and_the_rest_is_counted),
        cmocka_unit_test(a_run_has_25000_results_and_says_how_many_are_left_out),
        cmocka_unit_test(short_of_memory_it_is_whole_or_marked_as_failed),
        cmocka_unit_test(short_of_memory_sarif_is_whole_or_marked_as_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
