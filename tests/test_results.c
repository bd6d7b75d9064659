/* rooms: harness/command_line reports harness/scenario harness/client_models harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/results.h"
#include "tests/support/captured.h"

/* A scenario that claims `fresh` and `right-job`, of which flink-1.17 is expected to break the
 * first, in the graph cache. */
static const struct expected_failure breaks_fresh[] = {
    {.property = PROPERTY_FRESH, .layer = LAYER_GRAPH_CACHE, .why = "one cache for both"}};
static const struct expectation expectations[] = {
    {.implementation = "flink-1.17", .failures = breaks_fresh, .failure_count = 1}};

static struct plan plan_with_claims(void)
{
    struct plan plan = {.expectations = expectations, .expectation_count = 1};
    plan.claim.claimed[PROPERTY_FRESH] = true;
    plan.claim.claimed[PROPERTY_RIGHT_JOB] = true;
    return plan;
}

static struct judgement judgement_of(enum verdict fresh, enum layer layer, enum verdict right_job)
{
    struct judgement judgement = {.whole = fresh};
    for (int i = 0; i < PROPERTY_COUNT; i++)
        judgement.properties[i].verdict = VERDICT_FAIL; /* not claimed, so of no account */
    judgement.properties[PROPERTY_FRESH] =
        (struct property_verdict){.verdict = fresh, .layer = layer, .cause = "nobody asked"};
    judgement.properties[PROPERTY_RIGHT_JOB] =
        (struct property_verdict){.verdict = right_job, .cause = "nobody asked"};
    return judgement;
}

/* difference NULL: it is as expected. */
static void assert_outcome(const char *implementation, struct judgement judgement,
                           const char *difference, const char *reason)
{
    const struct plan plan = plan_with_claims();
    struct buffer told = {0};
    const char *why = "untouched";
    const bool fine =
        result_as_expected(&(struct expected_of){.plan = &plan, .implementation = implementation},
                           &judgement, &told, &why);
    char *text = buffer_take(&told);
    assert_int_equal(fine, difference == NULL);
    assert_string_equal(text, difference ? difference : "");
    if (reason)
        assert_string_equal(why, reason);
    else
        assert_null(why);
    free(text);
}

static void where_nothing_else_is_said_everything_must_pass(void **state)
{
    (void)state;
    assert_outcome("reference", judgement_of(VERDICT_PASS, LAYER_UNKNOWN, VERDICT_PASS), NULL,
                   NULL);
    assert_outcome("reference", judgement_of(VERDICT_FAIL, LAYER_ORIGIN, VERDICT_PASS),
                   "fresh should hold, but it broke", NULL);
    assert_outcome("reference", judgement_of(VERDICT_PASS, LAYER_UNKNOWN, VERDICT_UNKNOWN),
                   "right-job was never put to the test: nobody asked", NULL);
}

static void a_cluster_of_others_agrees_unless_it_decides_otherwise(void **state)
{
    (void)state;
    static const struct {
        const char *implementation;
        enum verdict fresh, right_job;
        const char *difference; /* NULL: it agrees */
    } cases[] = {
        {"reference", VERDICT_PASS, VERDICT_PASS, NULL},
        {"reference", VERDICT_UNKNOWN, VERDICT_UNKNOWN, NULL},
        {"reference", VERDICT_FAIL, VERDICT_UNKNOWN,
         "fresh should hold as on reference, but it broke"},
        {"flink-1.17", VERDICT_FAIL, VERDICT_PASS, NULL},
        {"flink-1.17", VERDICT_UNKNOWN, VERDICT_PASS, NULL},
        {"flink-1.17", VERDICT_PASS, VERDICT_FAIL,
         "fresh should break as on flink-1.17 (one cache for both), but it held; right-job should "
         "hold as on flink-1.17, but it broke"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct plan plan = plan_with_claims();
        /* Answers alone do not tell the layer that the scenario names. */
        const struct judgement judgement =
            judgement_of(cases[i].fresh, LAYER_CACHE, cases[i].right_job);
        struct buffer told = {0};
        const char *why;
        const bool agrees = result_agrees(
            &(struct expected_of){.plan = &plan, .implementation = cases[i].implementation},
            &judgement, &told, &why);
        char *text = buffer_take(&told);
        assert_int_equal(agrees, cases[i].difference == NULL);
        assert_string_equal(text, cases[i].difference ? cases[i].difference : "");
        free(text);
    }
}

static void an_expected_failure_must_happen_in_its_layer(void **state)
{
    (void)state;
    static const char why[] = "one cache for both";
    assert_outcome("flink-1.17", judgement_of(VERDICT_FAIL, LAYER_GRAPH_CACHE, VERDICT_PASS), NULL,
                   why);
    assert_outcome("flink-1.17", judgement_of(VERDICT_FAIL, LAYER_ORIGIN, VERDICT_PASS),
                   "fresh should break in the layer 'graph cache', but it was 'origin'", why);
    assert_outcome("flink-1.17", judgement_of(VERDICT_PASS, LAYER_UNKNOWN, VERDICT_PASS),
                   "fresh should break (one cache for both), but it is pass", why);
    assert_outcome("flink-1.17", judgement_of(VERDICT_UNKNOWN, LAYER_UNKNOWN, VERDICT_PASS),
                   "fresh should break (one cache for both), but it is unknown", why);
}

static void all_differences_are_told(void **state)
{
    (void)state;
    assert_outcome("flink-1.17", judgement_of(VERDICT_PASS, LAYER_UNKNOWN, VERDICT_FAIL),
                   "fresh should break (one cache for both), but it is pass; "
                   "right-job should hold, but it broke",
                   "one cache for both");
}

static void an_expectation_without_a_layer_takes_any(void **state)
{
    (void)state;
    const struct expected_failure failure = {.property = PROPERTY_FRESH, .why = "w"};
    const struct expectation expectation = {
        .implementation = "x", .failures = &failure, .failure_count = 1};
    struct plan plan = plan_with_claims();
    plan.expectations = &expectation;
    const struct judgement judgement = judgement_of(VERDICT_FAIL, LAYER_ORIGIN, VERDICT_PASS);
    struct buffer told = {0};
    const char *why;
    assert_true(result_as_expected(&(struct expected_of){.plan = &plan, .implementation = "x"},
                                   &judgement, &told, &why));
    buffer_free(&told);
}

static void the_reason_is_that_of_the_first_expected_failure(void **state)
{
    (void)state;
    static const struct expected_failure failures[] = {
        {.property = PROPERTY_RIGHT_JOB, .why = "one key for all"},
        {.property = PROPERTY_FRESH, .why = "it is never asked again"},
    };
    const struct expectation expectation = {
        .implementation = "x", .failures = failures, .failure_count = 2};
    struct plan plan = plan_with_claims();
    plan.expectations = &expectation;
    const struct judgement judgement = judgement_of(VERDICT_FAIL, LAYER_CACHE, VERDICT_FAIL);
    struct buffer told = {0};
    const char *why = NULL;
    assert_true(result_as_expected(&(struct expected_of){.plan = &plan, .implementation = "x"},
                                   &judgement, &told, &why));
    assert_string_equal(why, "it is never asked again"); /* in the order of properties */
    buffer_free(&told);
}

static struct report_result result_with(const struct judgement *judgement)
{
    return (struct report_result){.subject = "s", .claim = "fresh", .judgement = judgement};
}

static void
the_whole_is_fail_before_unknown_before_pass_and_skipped_cells_do_not_count(void **state)
{
    (void)state;
    const struct judgement pass = {.whole = VERDICT_PASS};
    const struct judgement broken = {.whole = VERDICT_FAIL};
    const struct judgement unknown = {.whole = VERDICT_UNKNOWN};
    struct report_result results[3] = {result_with(&pass), result_with(&pass), result_with(&pass)};
    assert_int_equal(results_verdict(results, 3), VERDICT_PASS);
    results[1].judgement = &unknown;
    assert_int_equal(results_verdict(results, 3), VERDICT_UNKNOWN);
    results[2].judgement = &broken;
    assert_int_equal(results_verdict(results, 3), VERDICT_FAIL);
    results[2].skipped = "not live";
    results[1].skipped = "not live";
    assert_int_equal(results_verdict(results, 3), VERDICT_PASS);
    results[1].skipped = NULL;
    results[1].judgement = &broken; /* left over from nothing: there is no verdict */
    results[1].failure = "out of memory";
    assert_int_equal(results_verdict(results, 3), VERDICT_UNKNOWN);
}

static void where_nothing_was_run_nothing_passed(void **state)
{
    (void)state;
    struct report_result result = {.skipped = "not live"};
    assert_int_equal(results_verdict(&result, 1), VERDICT_UNKNOWN);
    assert_int_equal(results_verdict(NULL, 0), VERDICT_UNKNOWN);
}

static void the_format_is_text_or_json(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        bool fine;
    } cases[] = {{NULL, true}, {"text", true}, {"json", true}, {"JSON", false}, {"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct output_options options = {.format = cases[i].format};
        struct captured err;
        capture(&err, stderr);
        const bool fine = output_options_check(&options);
        release(&err);
        assert_int_equal(fine, cases[i].fine);
        assert_int_equal(strlen(err.text) > 0, !fine);
    }
}

static void a_report_has_a_format_that_there_is_and_a_file(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"json=a=b", ""},
        {"jnuit=a.xml", "no report format 'jnuit'; did you mean 'junit'?"},
        {"=a.xml", "no report format ''"},
        {"junit", "takes FORMAT=FILE such as junit=FILE, not 'junit'"},
        {"junit=", "takes FORMAT=FILE such as junit=FILE, not 'junit='"},
        {"junitx=a", "no report format 'junitx'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *reports[] = {"junit=fine.xml", cases[i].text};
        const struct output_options options = {.reports = {reports, 2}};
        struct captured err;
        capture(&err, stderr);
        const bool fine = output_options_check(&options);
        release(&err);
        assert_int_equal(fine, cases[i].said[0] == '\0');
        assert_non_null(strstr(err.text, cases[i].said));
    }
}

static void a_file_that_is_no_terminal_gets_no_colours(void **state)
{
    (void)state;
    struct captured out;
    capture(&out, stdout);
    const bool colour = output_wants_colour(&(struct output_options){0});
    release(&out);
    assert_false(colour);
}

static void a_report_that_cannot_be_written_never_hides_a_verdict(void **state)
{
    (void)state;
    static const int codes[][2] = {{EXIT_AS_CLAIMED, EXIT_CANNOT_WRITE},
                                   {EXIT_REFUTED, EXIT_REFUTED},
                                   {EXIT_UNDECIDED, EXIT_UNDECIDED}};
    const struct report report = {.verdict = VERDICT_PASS};
    const char *reports[] = {"json=/nonexistent/report.xml"};
    const struct output_options nowhere[] = {{.junit = "/nonexistent/report.xml"},
                                             {.reports = {reports, 1}}};
    const struct output_options none = {0};
    for (size_t i = 0; i < 6; i++) {
        struct captured err;
        capture(&err, stderr);
        const int code = output_reports(&nowhere[i / 3], &report, codes[i % 3][0]);
        release(&err);
        assert_int_equal(code, codes[i % 3][1]);
        assert_non_null(strstr(err.text, "cannot write /nonexistent/report.xml"));
        assert_int_equal(output_reports(&none, &report, codes[i % 3][0]), codes[i % 3][0]);
    }
}

static void text_is_printed_whole_or_not_at_all(void **state)
{
    (void)state;
    struct captured out, err;
    struct buffer text = {0};
    struct buffer cut = {0};
    buffer_append(&text, "a\0b\n", 4);
    buffer_text(&cut, "half");
    cut.failed = true;
    capture(&out, stdout);
    capture(&err, stderr);
    const int code = output_print(&text, EXIT_REFUTED);
    const int cut_code = output_print(&cut, EXIT_AS_CLAIMED);
    release(&err);
    release(&out);
    assert_int_equal(code, EXIT_REFUTED);
    assert_int_equal(cut_code, EXIT_INTERNAL);
    assert_memory_equal(out.text, "a\0b\n", 5);
    assert_string_equal(err.text, "freshcheck: out of memory\n");
    assert_null(text.bytes);
    assert_null(cut.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nothing_else_is_said_everything_must_pass),
        cmocka_unit_test(a_cluster_of_others_agrees_unless_it_decides_otherwise),
        cmocka_unit_test(an_expected_failure_must_happen_in_its_layer),
        cmocka_unit_test(all_differences_are_told),
        cmocka_unit_test(an_expectation_without_a_layer_takes_any),
        cmocka_unit_test(the_reason_is_that_of_the_first_expected_failure),
        cmocka_unit_test(
            the_whole_is_fail_before_unknown_before_pass_and_skipped_cells_do_not_count),
        cmocka_unit_test(where_nothing_was_run_nothing_passed),
        cmocka_unit_test(the_format_is_text_or_json),
        cmocka_unit_test(a_file_that_is_no_terminal_gets_no_colours),
        cmocka_unit_test(a_report_has_a_format_that_there_is_and_a_file),
        cmocka_unit_test(a_report_that_cannot_be_written_never_hides_a_verdict),
        cmocka_unit_test(text_is_printed_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
