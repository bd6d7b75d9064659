/* rooms: reports harness/advice harness/flink_config harness/judge rest_endpoint gateway base */
/* Predictions, word for word. */

#include "tests/support/test_prelude.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/prediction_report.h"

static const struct predicted two_jobs = {
    .made = true,
    .load = {.job_count = 2,
             .program_count = 1,
             .poll_interval_us = 1000000,
             .polls_at_random = true,
             .dashboard_count = 3,
             .completion_interval_us = 60000000,
             .call_us = 5000,
             .history_count = 10},
    .prediction = {.basis = BASIS_SIMULATED,
                   .staleness = {.worst_us = 3000000, .mean_us = 18720, .stale_share = 0.01875},
                   .fetches_per_s = {.statistics = 0.5, .graphs = 1.25, .other = 4},
                   .job_error_share = 0.125,
                   .main_thread_share = 0.00256,
                   .statistics_bytes = 6219,
                   .job_bytes = 5000,
                   .cache_bytes = 34876},
};

static char *text_of(const struct predicted *predicted)
{
    struct buffer out = {0};
    report_prediction(predicted, &out);
    buffer_char(&out, '\0');
    return buffer_take(&out);
}

static void assert_text(const struct predicted *predicted, const char *expected)
{
    char *text = text_of(predicted);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void a_prediction_is_a_short_table(void **state)
{
    (void)state;
    assert_text(
        &two_jobs,
        "\nprediction for 2 jobs, each with\n"
        "  1 program asking at random, one request in 1 s each\n"
        "  3 open dashboards, a checkpoint each 1 min, a call of the JobManager 5 ms\n"
        "  staleness of checkpoints    at worst 3000.0 ms, mean 18.7 ms, 1.9 % of reads are "
        "stale\n"
        "  cancelled by other readers  0.0 % of /checkpoints, 12.5 % of /jobs/:jobid\n"
        "  calls a second              0.50 for statistics, 1.25 for graphs, 4.00 for "
        "overviews\n"
        "  a job's main thread         0.26 % busy with them\n"
        "  bytes                       6219 an answer of /checkpoints, 5000 of "
        "/jobs/:jobid; caches hold 34876\n"
        "  counted in a run in virtual time: no formula holds for this\n");
}

static void what_is_not_the_case_is_left_out(void **state)
{
    (void)state;
    struct predicted other = two_jobs;
    other.prediction.basis = BASIS_CLOSED_FORM;
    other.prediction.job_error_share = 0;
    other.prediction.staleness.worst_us = INFINITY;
    other.load.polls_at_random = false;
    other.load.completes_at_random = true;
    other.load.job_count = other.load.dashboard_count = 1;
    char *text = text_of(&other);
    assert_non_null(text);
    assert_null(strstr(text, "cancelled"));
    assert_null(strstr(text, "virtual"));
    assert_non_null(strstr(text, " for 1 job, "));
    assert_non_null(strstr(text, " 1 open dashboard, a checkpoint each 1 min on the average"));
    assert_non_null(strstr(text, "asking steadily"));
    assert_non_null(strstr(text, "checkpoints    no bound, mean"));
    free(text);
    other.made = false;
    assert_text(&other, "");
}

static char *json_of(const struct predicted *predicted)
{
    struct buffer out = {0};
    struct json_writer json = {.out = &out};
    json_begin_object(&json);
    report_prediction_json(predicted, &json);
    json_end_object(&json);
    buffer_char(&out, '\0');
    return buffer_take(&out);
}

static void as_json_it_has_all_numbers(void **state)
{
    (void)state;
    char *text = json_of(&two_jobs);
    assert_non_null(text);
    assert_string_equal(
        text,
        "{\"prediction\":{\"basis\":\"simulated\",\"load\":{\"jobs\":2,\"programs\":1,"
        "\"poll_interval_ms\":1000.000,\"polls_at_random\":true,\"dashboards\":3,"
        "\"checkpoint_interval_ms\":60000.000,\"call_ms\":5.000,\"history\":10},"
        "\"staleness\":{\"worst_ms\":3000.000,\"mean_ms\":18.720,\"share\":0.018750},"
        "\"calls_per_second\":{\"statistics\":0.500000,\"graphs\":1.250000,\"overviews\":4.000000},"
        "\"statistics_error_share\":0.000000,\"job_error_share\":0.125000,"
        "\"main_thread_share\":0.002560,\"statistics_bytes\":6219,\"job_bytes\":5000,"
        "\"cache_bytes\":34876}}");
    free(text);
}

static void no_prediction_and_no_bound_are_null(void **state)
{
    (void)state;
    struct predicted other = two_jobs;
    other.prediction.staleness.worst_us = INFINITY;
    char *text = json_of(&other);
    assert_non_null(strstr(text, "\"worst_ms\":null,"));
    free(text);
    other.made = false;
    text = json_of(&other);
    assert_string_equal(text, "{\"prediction\":null}");
    free(text);
}

/* two_jobs, where some things have become worse. */
static struct predicted worse(void)
{
    struct predicted other = two_jobs;
    other.load.completion_interval_us = 10000000;
    other.prediction.staleness =
        (struct staleness_prediction){.worst_us = INFINITY, .mean_us = 25000, .stale_share = 0.05};
    other.prediction.fetches_per_s = (struct fetch_rates){2, 2.5, 8};
    other.prediction.statistics_error_share = 0.01;
    other.prediction.job_error_share = 0.25;
    other.prediction.main_thread_share = 0.01;
    other.prediction.statistics_bytes = 9000;
    other.prediction.cache_bytes = 40000;
    return other;
}

static void of_two_only_what_changes_is_told(void **state)
{
    (void)state;
    const struct predicted other = worse();
    struct buffer out = {0};
    report_prediction_changes(&two_jobs, &other, &out);
    buffer_char(&out, '\0');
    assert_false(out.failed);
    assert_string_equal(
        out.bytes, "\nprediction for 2 jobs, each with\n"
                   "  1 program asking at random, one request in 1 s each\n"
                   "  3 open dashboards, a checkpoint each 10 s, a call of the JobManager 5 ms\n"
                   "  a checkpoint each                 60000.0 ms to 10000.0 ms\n"
                   "  staleness at worst                3000.0 ms to no bound\n"
                   "  staleness, mean                   18.7 ms to 25.0 ms\n"
                   "  reads that are stale              1.9 % to 5.0 %\n"
                   "  calls a second for statistics     0.50 to 2.00\n"
                   "  calls a second for graphs         1.25 to 2.50\n"
                   "  calls a second for overviews      4.00 to 8.00\n"
                   "  /checkpoints cancelled by others  0.0 % to 1.0 %\n"
                   "  /jobs/:jobid cancelled by others  12.5 % to 25.0 %\n"
                   "  a job's main thread               0.26 % to 1.00 %\n"
                   "  bytes of /checkpoints             6219 to 9000\n"
                   "  bytes that caches hold            34876 to 40000\n");
    buffer_free(&out);
}

static void of_two_alike_or_not_made_nothing_is_told(void **state)
{
    (void)state;
    struct predicted other = two_jobs;
    struct buffer out = {0};
    other.prediction.staleness.mean_us += 29; /* 18.749 ms is written as 18.7 */
    report_prediction_changes(&two_jobs, &other, &out);
    assert_int_equal(out.length, 0);
    other.prediction.staleness.mean_us += 2;
    report_prediction_changes(&two_jobs, &other, &out);
    assert_true(out.length > 0);
    buffer_free(&out);
    other = worse();
    other.made = false;
    report_prediction_changes(&two_jobs, &other, &out);
    report_prediction_changes(&other, &two_jobs, &out);
    assert_int_equal(out.length, 0);
    buffer_free(&out);
}

static void assert_changes(const struct predicted *after, const char *expected)
{
    struct buffer out = {0};
    struct json_writer json = {.out = &out};
    json_begin_object(&json);
    report_prediction_changes_json(&two_jobs, after, &json);
    json_end_object(&json);
    buffer_char(&out, '\0');
    assert_false(out.failed);
    assert_string_equal(out.bytes, expected);
    buffer_free(&out);
}

#define LOAD                                                    \
    "{\"jobs\":2,\"programs\":1,\"poll_interval_ms\":1000.000," \
    "\"polls_at_random\":true,\"dashboards\":3,"                \
    "\"checkpoint_interval_ms\":60000.000,\"call_ms\":5.000,\"history\":10}"

static void changes_as_json_have_more_digits(void **state)
{
    (void)state;
    struct predicted other = two_jobs;
    assert_changes(&other, "{\"prediction\":{\"load\":" LOAD ",\"changes\":[]}}");
    other.prediction.staleness.worst_us = INFINITY;
    other.prediction.staleness.mean_us += 1;
    other.prediction.fetches_per_s.graphs = 1.251;
    assert_changes(&other, "{\"prediction\":{\"load\":" LOAD ",\"changes\":["
                           "{\"figure\":\"staleness.worst_ms\",\"before\":3000.000,"
                           "\"after\":null},"
                           "{\"figure\":\"staleness.mean_ms\",\"before\":18.720,"
                           "\"after\":18.721},"
                           "{\"figure\":\"calls_per_second.graphs\",\"before\":1.250000,"
                           "\"after\":1.251000}]}}");
    other.made = false;
    assert_changes(&other, "{\"prediction\":null}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prediction_is_a_short_table),
        cmocka_unit_test(what_is_not_the_case_is_left_out),
        cmocka_unit_test(as_json_it_has_all_numbers),
        cmocka_unit_test(no_prediction_and_no_bound_are_null),
        cmocka_unit_test(of_two_only_what_changes_is_told),
        cmocka_unit_test(of_two_alike_or_not_made_nothing_is_told),
        cmocka_unit_test(changes_as_json_have_more_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
