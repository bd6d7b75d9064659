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
        text, "{\"prediction\":{\"basis\":\"simulated\",\"load\":{\"jobs\":2,\"programs\":1,"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prediction_is_a_short_table),
        cmocka_unit_test(what_is_not_the_case_is_left_out),
        cmocka_unit_test(as_json_it_has_all_numbers),
        cmocka_unit_test(no_prediction_and_no_bound_are_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
