/* rooms: harness/target harness/live harness/replay harness/clients harness/observer harness/cluster harness/control harness/implementations harness/scenario harness/conform harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/target/cluster_jobs.h"
#include "harness/target/discovery.h"
#include "harness/target/settings_fit.h"
#include "tests/support/fake_cluster.h"

#define CONFIG(status, body)           \
    {                                  \
        "GET", "/config", status, body \
    }
#define OPTIONS(status, body)                     \
    {                                             \
        "GET", "/jobmanager/config", status, body \
    }
#define VERSION "{\"flink-version\":\"1.20.3\"}"
#define ID_1 "000000000000000000000000000000a1"
#define ID_2 "000000000000000000000000000000a2"

static enum call ask_who(const struct fake_answer *answers, size_t count,
                         struct discovered *discovered, const char **why)
{
    struct fake_cluster cluster = {.answers = answers, .count = count};
    return discover(fake_target(&cluster), discovered, why);
}

static void a_cluster_tells_its_version_and_what_bears_on_the_caches(void **state)
{
    (void)state;
    static const struct fake_answer answers[] = {
        CONFIG(200, VERSION),
        OPTIONS(200, "[{\"key\":\"web.refresh-interval\",\"value\":\"5 s\"},"
                     "{\"key\":\"rest.port\",\"value\":\"8081\"},"
                     "{\"key\":\"web.timeout\",\"value\":\"soon\"},"
                     "{\"key\":\"rest.cache.checkpoint-statistics.timeout\",\"value\":\"0s\"}]")};
    struct discovered discovered;
    const char *why;
    assert_int_equal(ask_who(answers, 2, &discovered, &why), CALL_ANSWERED);
    assert_string_equal(discovered.flink_version, "1.20.3");
    assert_int_equal(discovered.settings.refresh_interval_us, 5000000);
    assert_int_equal(discovered.settings.stats_timeout_us, 0);
    assert_int_equal(discovered.option_count, 2);
    assert_string_equal(discovered.options[0].option, "web.refresh-interval");
    assert_string_equal(discovered.options[1].value, "0s");
    discovered_free(&discovered);
}

static void what_is_no_jobmanager_is_told_from_nobody_at_all(void **state)
{
    (void)state;
    static const struct {
        struct fake_answer answers[2];
        enum call outcome;
    } cases[] = {
        {{CONFIG(0, ""), OPTIONS(200, "[]")}, CALL_SILENT},
        {{CONFIG(200, VERSION), OPTIONS(0, "")}, CALL_SILENT},
        {{CONFIG(404, VERSION), OPTIONS(200, "[]")}, CALL_REFUSED},
        {{CONFIG(200, "<html>"), OPTIONS(200, "[]")}, CALL_REFUSED},
        {{CONFIG(200, "{\"flink-version\":1}"), OPTIONS(200, "[]")}, CALL_REFUSED},
        {{CONFIG(200, "[]"), OPTIONS(200, "[]")}, CALL_REFUSED},
        {{CONFIG(200, VERSION), OPTIONS(200, "{}")}, CALL_REFUSED},
        {{CONFIG(200, VERSION), OPTIONS(200, "[1]")}, CALL_REFUSED},
        {{CONFIG(200, VERSION), OPTIONS(200, "[{\"key\":\"a\"}]")}, CALL_REFUSED},
        {{CONFIG(200, VERSION), OPTIONS(200, "[]")}, CALL_ANSWERED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct discovered discovered;
        const char *why = NULL;
        assert_int_equal(ask_who(cases[i].answers, 2, &discovered, &why), cases[i].outcome);
        assert_true(cases[i].outcome == CALL_ANSWERED || why);
        discovered_free(&discovered);
    }
}

static void discover_all(void *context, bool may_fail)
{
    const struct fake_answer *answers = context;
    struct discovered discovered;
    const char *why;
    const enum call outcome = ask_who(answers, 2, &discovered, &why);
    assert_true(outcome == CALL_ANSWERED || (may_fail && outcome == CALL_NO_MEMORY));
    discovered_free(&discovered);
}

static void a_discovery_survives_every_failing_allocation(void **state)
{
    (void)state;
    static const struct fake_answer answers[] = {
        CONFIG(200, VERSION), OPTIONS(200, "[{\"key\":\"web.refresh-interval\",\"value\":\"5 s\"},"
                                           "{\"key\":\"a\",\"value\":\"b\"}]")};
    assert_true(fail_each_allocation(discover_all, (void *)(uintptr_t)answers) > 5);
}

/* --- settings -------------------------------------------------------------------------------- */

struct fit {
    const char *wanted_key, *wanted, *had_key, *had, *version;
    const char *why; /* NULL: it fits */
};

#define STATS "rest.cache.checkpoint-statistics.timeout"
#define GRAPH "rest.cache.execution-graph.timeout"
#define REFRESH "web.refresh-interval"
#define RETAINED "execution.checkpointing.num-retained"
#define OLD_RETAINED "state.checkpoints.num-retained"
#define OLD_REFRESH "jobmanager.web.refresh-interval"

static void check_fit(const struct fit *fit, bool claims_an_age)
{
    struct plan plan = {.claim.claimed[PROPERTY_FRESH] = claims_an_age};
    struct settings had;
    struct buffer why = {0};
    const struct configuration_line line = {fit->wanted_key, fit->wanted};
    settings_default(&plan.settings);
    settings_default(&had);
    if (fit->wanted_key) {
        assert_null(settings_put(&plan.settings, fit->wanted_key, fit->wanted));
        plan.options = &line;
        plan.option_count = 1;
    }
    if (fit->had_key)
        assert_null(settings_put(&had, fit->had_key, fit->had));
    assert_int_equal(settings_fit(&plan, &had, fit->version, &why), fit->why == NULL);
    buffer_char(&why, '\0');
    assert_string_equal(why.bytes, fit->why ? fit->why : "");
    buffer_free(&why);
}

static void a_target_is_set_as_the_scenario_wants_it_or_it_is_told_how_not(void **state)
{
    (void)state;
    static const struct fit fits[] = {
        {NULL, NULL, NULL, NULL, "1.20.3", NULL},
        /* The new name of this option does nothing before 1.20. */
        {OLD_RETAINED, "3", RETAINED, "3", "1.20.3", NULL},
        {OLD_RETAINED, "3", OLD_RETAINED, "3", "1.19.3", NULL},
        {OLD_RETAINED, "3", RETAINED, "3", "1.19.3",
         "needs " OLD_RETAINED " = 3; the target has 1 (default)"},
        {STATS, "0 s", STATS, "0", "1.20.3", NULL},
        {STATS, "0 s", NULL, NULL, "1.20.3", "needs " STATS " = 0 s; the target has 3 s (default)"},
        {STATS, "0 s", STATS, "500ms", "1.20.3", "needs " STATS " = 0 s; the target has 500 ms"},
        /* What the scenario does not speak of is the default all the same, for this one. */
        {NULL, NULL, STATS, "0", "1.20.3", "needs " STATS " = 3 s; the target has 0 s"},
        {NULL, NULL, REFRESH, "5 s", "1.20.3", "needs " STATS " = 3 s; the target has 5 s"},
        {STATS, "5 s", REFRESH, "5 s", "1.20.3", NULL},
        /* The old name of the interval is no fallback from 2.1 on. */
        {STATS, "5 s", OLD_REFRESH, "5 s", "2.0.1", NULL},
        {STATS, "5 s", OLD_REFRESH, "5 s", "2.1.0",
         "needs " STATS " = 5 s; the target has 3 s (default)"},
        {GRAPH, "3 s", NULL, NULL, "2.3.0", NULL},
        {GRAPH, "0 s", NULL, NULL, "2.3.0", "needs " GRAPH " = 0 s; the target has 3 s (default)"},
        {"web.checkpoints.history", "2", NULL, NULL, "1.20.3",
         "needs web.checkpoints.history = 2; the target has 10 (default)"},
        {NULL, NULL, "web.checkpoints.history", "2", "1.20.3", NULL},
        {"execution.checkpointing.num-retained", "2", "state.checkpoints.num-retained", "2",
         "1.20.3", NULL},
    };
    for (size_t i = 0; i < sizeof fits / sizeof fits[0]; i++)
        check_fit(&fits[i], true);
}

static void a_timeout_that_nothing_is_claimed_of_may_be_any(void **state)
{
    (void)state;
    static const struct fit unspoken = {NULL, NULL, STATS, "0", "1.20.3", NULL};
    static const struct fit spoken = {STATS, "3 s",    STATS,
                                      "0",   "1.20.3", "needs " STATS " = 3 s; the target has 0 s"};
    check_fit(&unspoken, false);
    check_fit(&spoken, false);
}

/* --- jobs ------------------------------------------------------------------------------------ */

#define TASKS(running) "\"tasks\":{\"total\":3,\"running\":" running "}"

static void a_job_runs_when_all_its_tasks_do(void **state)
{
    (void)state;
    static const struct fake_answer answers[] = {
        {"GET", "/jobs/overview", 200,
         "{\"jobs\":[{\"jid\":\"" ID_1 "\",\"state\":\"RUNNING\"," TASKS(
             "3") "},"
                  "{\"jid\":\"" ID_2 "\",\"state\":\"RUNNING\"," TASKS(
                      "2") "},"
                           "{\"jid\":\"000000000000000000000000000000a3\",\"state\":"
                           "\"CANCELED\"," TASKS("0") "}]}"}};
    struct fake_cluster cluster = {.answers = answers, .count = 1};
    struct cluster_jobs jobs;
    const char *why;
    assert_int_equal(cluster_jobs_list(fake_target(&cluster), &jobs, &why), CALL_ANSWERED);
    assert_int_equal(jobs.count, 3);
    assert_true(jobs.jobs[0].runs && !jobs.jobs[1].runs && !jobs.jobs[2].runs);
    assert_true(!jobs.jobs[0].has_ended && !jobs.jobs[1].has_ended && jobs.jobs[2].has_ended);
    assert_ptr_equal(cluster_jobs_find(&jobs, (struct id){0, 0xa2}), &jobs.jobs[1]);
    assert_null(cluster_jobs_find(&jobs, (struct id){0, 0xa4}));
    cluster_jobs_free(&jobs);
}

static void a_jar_has_the_path_that_its_file_there_says(void **state)
{
    (void)state;
    static const struct fake_answer answers[] = {
        {"POST", "/jars/upload", 200,
         "{\"filename\":\"/tmp/flink-web-upload/77_job.jar\",\"status\":\"success\"}"},
        {"DELETE", "/jars/77_job.jar", 200, "{}"},
        {"POST", "/jars/77_job.jar/run", 200, "{\"jobid\":\"" ID_1 "\"}"},
        {"PATCH", "/jobs/" ID_1 "?mode=cancel", 202, "{}"}};
    struct fake_cluster cluster = {.answers = answers, .count = 4};
    const struct target target = fake_target(&cluster);
    char *path;
    const char *why;
    assert_int_equal(cluster_jar_upload(target, "job.jar", "PK", 2, &path, &why), CALL_ANSWERED);
    assert_string_equal(path, "/jars/77_job.jar");
    assert_int_equal(cluster_job_start(target, path, "{\"a\":1}", &why), CALL_ANSWERED);
    assert_string_equal(cluster.last_body, "{\"a\":1}");
    assert_int_equal(cluster_job_cancel(target, (struct id){0, 0xa1}, &why), CALL_ANSWERED);
    assert_int_equal(cluster_job_cancel(target, (struct id){0, 0xa2}, &why), CALL_REFUSED);
    assert_int_equal(cluster_jar_delete(target, path, &why), CALL_ANSWERED);
    free(path);
}

static void how_often_a_job_takes_checkpoints_is_in_its_configuration(void **state)
{
    (void)state;
    static const struct fake_answer answers[] = {
        {"GET", "/jobs/" ID_1 "/checkpoints/config", 200, "{\"interval\":400}"},
        {"GET", "/jobs/" ID_2 "/checkpoints/config", 200, "{\"interval\":9223372036854775807}"}};
    struct fake_cluster cluster = {.answers = answers, .count = 2};
    const struct target target = fake_target(&cluster);
    const char *why;
    int64_t interval_us;
    assert_int_equal(cluster_job_interval(target, (struct id){0, 0xa1}, &interval_us, &why),
                     CALL_ANSWERED);
    assert_int_equal(interval_us, 400000);
    assert_int_equal(cluster_job_interval(target, (struct id){0, 0xa2}, &interval_us, &why),
                     CALL_ANSWERED);
    assert_true(interval_us == INT64_MAX);
    assert_int_equal(cluster_job_interval(target, (struct id){0, 0xa3}, &interval_us, &why),
                     CALL_REFUSED);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cluster_tells_its_version_and_what_bears_on_the_caches),
        cmocka_unit_test(what_is_no_jobmanager_is_told_from_nobody_at_all),
        cmocka_unit_test(a_discovery_survives_every_failing_allocation),
        cmocka_unit_test(a_target_is_set_as_the_scenario_wants_it_or_it_is_told_how_not),
        cmocka_unit_test(a_timeout_that_nothing_is_claimed_of_may_be_any),
        cmocka_unit_test(a_job_runs_when_all_its_tasks_do),
        cmocka_unit_test(a_jar_has_the_path_that_its_file_there_says),
        cmocka_unit_test(how_often_a_job_takes_checkpoints_is_in_its_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
