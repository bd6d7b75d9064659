/* rooms: reports harness/advice harness/flink_config harness/judge rest_endpoint gateway base */
/* Findings and comparisons, word for word. */

#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "reports/findings_report.h"

enum { SECOND = 1000 * 1000, TEXT_MAX = 8192 };

static const struct load load = {
    .job_count = 1, .program_count = 1, .poll_interval_us = 4 * SECOND, .call_us = 1000};
static const struct habits habits = {0};

struct side {
    struct config_entries entries;
    struct effective effective;
    struct findings findings;
    struct predicted predicted; /* none, unless a test makes one */
    struct compared compared;
};

static void open_side(struct side *side, const char *name, const char *release, const char *text)
{
    struct complaints complaints = {0};
    *side = (struct side){0};
    assert_true(
        config_read(&side->entries, name, FORM_DEPLOYMENT, text, strlen(text), &complaints));
    assert_int_equal(complaints.count, 0);
    assert_true(effective_resolve(&side->effective, &side->entries, flink_release_for(release)));
    const struct situation situation = {&side->entries, &side->effective, &load, &habits};
    assert_true(findings_find(&situation, &side->findings));
    side->compared = (struct compared){name, &side->effective, &side->findings, &side->predicted};
}

static void close_side(struct side *side)
{
    findings_free(&side->findings);
    effective_free(&side->effective);
    config_entries_free(&side->entries);
}

#define DEPLOYMENT                                                         \
    "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nspec:\n" \
    "  flinkConfiguration:\n"
#define OLD_NAME DEPLOYMENT "    jobmanager.web.refresh-interval: \"4000\"\n"
#define TIMEOUT(value) DEPLOYMENT "    rest.cache.checkpoint-statistics.timeout: " value "\n"

static const char *ended(struct buffer *out)
{
    buffer_char(out, '\0');
    assert_false(out->failed);
    return out->bytes;
}

static void a_finding_has_its_places_and_what_removes_it(void **state)
{
    (void)state;
    struct side side;
    struct buffer out = {0};
    open_side(&side, "a.yaml", "2.1", OLD_NAME);
    report_findings(&side.findings, &side.effective, &out);
    assert_string_equal(
        ended(&out),
        "\nfindings\n"
        "  warning old-name-not-followed\n"
        "      jobmanager.web.refresh-interval sets the refresh interval to 4 s, but since 2.1 the "
        "timeout of checkpoint statistics does not follow that old name: it is 3 s.\n"
        "      web.refresh-interval: 4 s (a.yaml:5)\n"
        "      rest.cache.checkpoint-statistics.timeout: 3 s (default)\n"
        "      instead: rest.cache.checkpoint-statistics.timeout: 4 s\n"
        "      see it:  freshcheck run scenarios/findings/old-name-not-followed.yaml "
        "--implementation flink-2.3\n");
    buffer_free(&out);
    close_side(&side);
}

static void no_finding_is_said_so(void **state)
{
    (void)state;
    struct side side;
    struct buffer out = {0};
    open_side(&side, "a.yaml", "2.3", TIMEOUT("0 s"));
    report_findings(&side.findings, &side.effective, &out);
    assert_string_equal(ended(&out), "\nfindings\n  none, under this load\n");
    buffer_free(&out);
    close_side(&side);
}

static void findings_as_json_have_the_same(void **state)
{
    (void)state;
    struct side side;
    struct buffer out = {0};
    struct json_writer json = {.out = &out};
    open_side(&side, "a.yaml", "1.17", TIMEOUT("0 s"));
    json_begin_object(&json);
    report_findings_json(&side.findings, &side.effective, &json);
    json_end_object(&json);
    assert_string_equal(
        ended(&out),
        "{\"findings\":[{\"id\":\"timeout-unknown\",\"severity\":\"warning\",\"consequence\":"
        "\"Flink "
        "1.17.2 knows no rest.cache.checkpoint-statistics.timeout: answers are kept for the "
        "refresh "
        "interval of 3 s, not for 0 s.\",\"options\":[{\"option\":\"rest.cache.checkpoint-"
        "statistics.timeout\",\"value\":\"0 "
        "s\",\"source\":\"a.yaml\",\"line\":5},{\"option\":\"web."
        "refresh-interval\",\"value\":\"3 "
        "s\",\"source\":null}],\"suggestion\":{\"flink\":\"1.20.3\"}"
        ",\"scenario\":\"scenarios/findings/"
        "timeout-unknown.yaml\",\"implementation\":\"flink-1.17\"}"
        ",{\"id\":\"one-cache-for-both\",\"severity\":\"note\",\"consequence\":\"Flink 1.17.2 "
        "answers "
        "programs from the dashboard's cache: each fetch builds an execution graph of the whole "
        "job, "
        "and answers are up to 3 s old. No setting changes that.\",\"options\":[{\"option\":\"web."
        "refresh-interval\",\"value\":\"3 "
        "s\",\"source\":null}],\"suggestion\":{\"flink\":\"1.20.3\"}"
        ",\"scenario\":\"scenarios/findings/"
        "one-cache-for-both.yaml\",\"implementation\":\"flink-1.17"
        "\"}]}");
    buffer_free(&out);
    close_side(&side);
}

static void compares(struct side *before, struct side *after, const char *wanted)
{
    struct buffer out = {0};
    report_comparison(&before->compared, &after->compared, &out);
    assert_string_equal(ended(&out), wanted);
    buffer_free(&out);
    close_side(before);
    close_side(after);
}

static void an_upgrade_that_drops_an_old_name_says_why(void **state)
{
    (void)state;
    struct side before, after;
    open_side(&before, "a.yaml", "2.0", OLD_NAME);
    open_side(&after, "a.yaml", "2.1", OLD_NAME);
    compares(
        &before, &after,
        "from a.yaml on Flink 2.0.1 to a.yaml on Flink 2.1.1\n\n"
        "changes\n"
        "  rest.cache.checkpoint-statistics.timeout: 4 s to 3 s,\n"
        "      because Flink 2.1.1 does not follow jobmanager.web.refresh-interval here, and "
        "takes its default\n"
        "      Programs get checkpoint statistics up to 3 s old instead of up to 4 s.\n"
        "\nfindings that come\n"
        "  warning old-name-not-followed\n"
        "      jobmanager.web.refresh-interval sets the refresh interval to 4 s, but since 2.1 "
        "the timeout of checkpoint statistics does not follow that old name: it is 3 s.\n"
        "\nfindings that go\n"
        "  note refresh-governs-programs\n"
        "      jobmanager.web.refresh-interval, which is for dashboards, has programs get "
        "answers up to 4 s old, too: the timeout of checkpoint statistics follows it unless "
        "set.\n");
}

static void an_option_that_a_release_has_of_its_own_says_so(void **state)
{
    (void)state;
    struct side before, after;
    struct buffer out = {0};
    open_side(&before, "a.yaml", "1.17", OLD_NAME);
    open_side(&after, "a.yaml", "2.3", OLD_NAME);
    compare_reason(&before.compared, &after.compared, OPTION_STATS_TIMEOUT, &out);
    assert_string_equal(ended(&out),
                        "Flink 1.17.2 had no such option and took the refresh interval, and 2.3.0 "
                        "has one, which does not follow jobmanager.web.refresh-interval");
    buffer_free(&out);
    close_side(&before);
    close_side(&after);
}

static void two_files_differ_by_what_sets_it(void **state)
{
    (void)state;
    struct side before, after;
    open_side(&before, "a.yaml", "2.3", TIMEOUT("1 s"));
    open_side(&after, "b.yaml", "2.3", TIMEOUT("0 s"));
    compares(&before, &after,
             "from a.yaml on Flink 2.3.0 to b.yaml on Flink 2.3.0\n\n"
             "changes\n"
             "  rest.cache.checkpoint-statistics.timeout: 1 s to 0 s,\n"
             "      because b.yaml:5 sets it\n"
             "      Programs get checkpoint statistics up to 0 s old instead of up to 1 s.\n");
}

static void predict_alike(struct side *side, double worst_us)
{
    side->predicted = (struct predicted){
        .made = true, .load = load, .prediction = {.staleness = {.worst_us = worst_us}}};
}

static void what_is_predicted_stands_between_the_changes_and_the_findings(void **state)
{
    (void)state;
    struct side before, after;
    open_side(&before, "a.yaml", "2.3", TIMEOUT("5 s"));
    open_side(&after, "b.yaml", "2.3", TIMEOUT("0 s"));
    predict_alike(&before, 5 * SECOND);
    predict_alike(&after, 0);
    compares(&before, &after,
             "from a.yaml on Flink 2.3.0 to b.yaml on Flink 2.3.0\n\n"
             "changes\n"
             "  rest.cache.checkpoint-statistics.timeout: 5 s to 0 s,\n"
             "      because b.yaml:5 sets it\n"
             "      Programs get checkpoint statistics up to 0 s old instead of up to 5 s.\n"
             "\nprediction for 1 job, each with\n"
             "  1 program asking steadily, one request in 4 s each\n"
             "  0 open dashboards, a checkpoint each 0 s, a call of the JobManager 1 ms\n"
             "  staleness at worst                5000.0 ms to 0.0 ms\n"
             "\nfindings that go\n"
             "  note failures-kept\n"
             "      One fetch that fails is everybody's answer for 5 s; a program that asks each "
             "4 s gets the same error again and again.\n"
             "  note polls-repeat\n"
             "      2 polls in a row, one each 4 s, get one and the same answer, kept for 5 s: "
             "asking that often shows nothing sooner.\n");
}

static void what_is_refused_is_a_change_and_what_stays_is_named(void **state)
{
    (void)state;
    struct side before, after;
    open_side(&before, "a.yaml", "1.20", DEPLOYMENT "    web.refresh-interval: 5 s\n");
    open_side(&after, "a.yaml", "1.19", DEPLOYMENT "    web.refresh-interval: 5 s\n");
    struct buffer out = {0};
    assert_true(compare_differs(&before.compared, &after.compared, OPTION_REFRESH_INTERVAL));
    compare_reason(&before.compared, &after.compared, OPTION_REFRESH_INTERVAL, &out);
    buffer_char(&out, ' ');
    compare_consequence(&before.compared, &after.compared, OPTION_REFRESH_INTERVAL, &out);
    assert_string_equal(ended(&out), "Flink 1.19.3 says: Could not parse value '5 s' for key "
                                     "'web.refresh-interval'. The JobManager does not start.");
    buffer_free(&out);
    close_side(&before);
    open_side(&before, "a.yaml", "1.18", DEPLOYMENT "    web.refresh-interval: 5 s\n");
    report_comparison(&before.compared, &after.compared, &out);
    assert_non_null(strstr(ended(&out), "\nfindings that stay\n  refused\n"));
    buffer_free(&out);
    close_side(&before);
    close_side(&after);
}

static void the_same_twice_changes_nothing(void **state)
{
    (void)state;
    struct side before, after;
    open_side(&before, "a.yaml", "2.3", TIMEOUT("1 s"));
    open_side(&after, "a.yaml", "2.3", TIMEOUT("1 s"));
    compares(&before, &after,
             "from a.yaml on Flink 2.3.0 to a.yaml on Flink 2.3.0\n\n"
             "changes\n  none that bear on checkpoint answers\n");
}

struct writing {
    struct side before, after;
    char whole[TEXT_MAX];
    size_t length;
};

static void compare_short_of_memory(void *context, bool may_fail)
{
    struct writing *writing = context;
    struct buffer out = {0};
    report_comparison_json(&writing->before.compared, &writing->after.compared, &out);
    report_comparison(&writing->before.compared, &writing->after.compared, &out);
    assert_true(may_fail || !out.failed);
    if (!out.failed && writing->length > 0) {
        assert_int_equal(out.length, writing->length);
        assert_memory_equal(out.bytes, writing->whole, out.length);
    }
    buffer_free(&out);
}

static void a_comparison_is_whole_or_failed(void **state)
{
    (void)state;
    struct writing writing = {0};
    struct buffer out = {0};
    open_side(&writing.before, "a.yaml", "2.0", OLD_NAME);
    open_side(&writing.after, "a.yaml", "2.1", OLD_NAME);
    predict_alike(&writing.before, 4 * SECOND);
    predict_alike(&writing.after, 3 * SECOND);
    report_comparison_json(&writing.before.compared, &writing.after.compared, &out);
    assert_true(memcmp(out.bytes, "{\"before\":{\"name\":\"a.yaml\",\"flink\":\"2.0.1\"", 41) == 0);
    report_comparison(&writing.before.compared, &writing.after.compared, &out);
    assert_true(out.length <= TEXT_MAX);
    memcpy(writing.whole, out.bytes, out.length);
    writing.length = out.length;
    buffer_free(&out);
    assert_true(fail_each_allocation(compare_short_of_memory, &writing) > 3);
    close_side(&writing.before);
    close_side(&writing.after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_has_its_places_and_what_removes_it),
        cmocka_unit_test(no_finding_is_said_so),
        cmocka_unit_test(findings_as_json_have_the_same),
        cmocka_unit_test(an_upgrade_that_drops_an_old_name_says_why),
        cmocka_unit_test(an_option_that_a_release_has_of_its_own_says_so),
        cmocka_unit_test(two_files_differ_by_what_sets_it),
        cmocka_unit_test(what_is_predicted_stands_between_the_changes_and_the_findings),
        cmocka_unit_test(what_is_refused_is_a_change_and_what_stays_is_named),
        cmocka_unit_test(the_same_twice_changes_nothing),
        cmocka_unit_test(a_comparison_is_whole_or_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
