/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <string.h>

#include "rest_endpoint/routes_internal.h"

#define JOB "0123456789abcdef0123456789ABCDEF"
#define JOB_LOWER "0123456789abcdef0123456789abcdef"
#define OTHER "ffffffffffffffffffffffffffffffff"

/* What the last find() was of: a fault points into it. */
static struct target last_target;

static enum route_outcome find(enum http_method method, const char *target, struct route *route,
                               struct route_fault *fault)
{
    *route = (struct route){.kind = ROUTE_COUNT};
    target_free(&last_target);
    return route_find(method, target, strlen(target), &last_target, route, fault);
}

static int forget_last_target(void **state)
{
    (void)state;
    target_free(&last_target);
    return 0;
}

static void every_route_is_found_bare_and_under_v1_and_with_more_slashes(void **state)
{
    (void)state;
    static const struct {
        enum http_method method;
        const char *path;
        enum route_kind kind;
    } cases[] = {
        {METHOD_GET, "jobs/" JOB "/checkpoints", ROUTE_STATISTICS},
        {METHOD_GET, "jobs/" JOB, ROUTE_JOB},
        {METHOD_GET, "jobs/" JOB "/checkpoints/details/5", ROUTE_DETAILS},
        {METHOD_GET, "jobs/" JOB "/checkpoints/details/5/subtasks/" OTHER, ROUTE_SUBTASKS},
        {METHOD_GET, "jobs/" JOB "/checkpoints/config", ROUTE_CHECKPOINT_CONFIG},
        {METHOD_GET, "jobs/" JOB "/checkpoints/" OTHER, ROUTE_TRIGGER_STATUS},
        {METHOD_GET, "jobs/" JOB "/savepoints/" OTHER, ROUTE_SAVEPOINT_STATUS},
        {METHOD_POST, "jobs/" JOB "/checkpoints", ROUTE_TRIGGER},
        {METHOD_POST, "jobs/" JOB "/savepoints", ROUTE_SAVEPOINT},
        {METHOD_POST, "jobs/" JOB "/stop", ROUTE_STOP},
        {METHOD_PATCH, "jobs/" JOB, ROUTE_CANCEL},
        {METHOD_GET, "jobs", ROUTE_JOB_IDS},
        {METHOD_GET, "jobs/overview", ROUTE_JOBS_OVERVIEW},
        {METHOD_GET, "overview", ROUTE_OVERVIEW},
        {METHOD_GET, "config", ROUTE_DASHBOARD_CONFIG},
        {METHOD_GET, "jobmanager/config", ROUTE_CONFIGURATION},
        {METHOD_GET, "taskmanagers", ROUTE_TASK_MANAGERS},
        {METHOD_GET, "taskmanagers/127.0.0.1:1-a", ROUTE_TASK_MANAGER},
        {METHOD_GET, "taskmanagers/metrics", ROUTE_NO_METRICS},
        {METHOD_GET, "taskmanagers/a/metrics", ROUTE_NO_METRICS},
        {METHOD_GET, "jobs/metrics", ROUTE_NO_METRICS},
        {METHOD_GET, "jobs/" JOB "/metrics", ROUTE_NO_METRICS},
        {METHOD_GET, "jobs/" JOB "/vertices/" OTHER "/metrics", ROUTE_NO_METRICS},
        {METHOD_GET, "jobs/" JOB "/vertices/" OTHER "/subtasks/metrics", ROUTE_NO_METRICS},
        {METHOD_GET, "jobs/" JOB "/vertices/" OTHER "/watermarks", ROUTE_WATERMARKS},
        {METHOD_GET, "jobmanager/metrics", ROUTE_JOBMANAGER_METRICS},
        {METHOD_GET, "jobmanager/environment", ROUTE_ENVIRONMENT},
        {METHOD_GET, "jobmanager/logs", ROUTE_NO_LOGS},
        {METHOD_GET, "jobmanager/thread-dump", ROUTE_NO_THREADS},
        {METHOD_GET, "applications/overview", ROUTE_APPLICATIONS},
        {METHOD_GET, "applications/" JOB, ROUTE_APPLICATION},
        {METHOD_GET, "applications/" JOB "/exceptions", ROUTE_APPLICATION_EXCEPTIONS},
        {METHOD_GET, "jars", ROUTE_JARS},
        {METHOD_POST, "jars/upload", ROUTE_JAR_UPLOAD},
        {METHOD_DELETE, "jars/a_b.jar", ROUTE_JAR_REMOVAL},
        {METHOD_POST, "jars/a_b.jar/run", ROUTE_RUN},
        {METHOD_GET, "jobs/" JOB "/config", ROUTE_JOB_CONFIG},
        {METHOD_GET, "jobs/" JOB "/exceptions", ROUTE_JOB_EXCEPTIONS},
        {METHOD_GET, "jobs/" JOB "/plan", ROUTE_JOB_PLAN},
        {METHOD_GET, "jobs/" JOB "/accumulators", ROUTE_JOB_ACCUMULATORS},
        {METHOD_GET, "jobs/" JOB "/status", ROUTE_JOB_STATUS},
        {METHOD_GET, "jobs/" JOB "/vertices/" OTHER, ROUTE_VERTEX},
        {METHOD_GET, "jobs/" JOB "/vertices/" OTHER "/subtasktimes", ROUTE_VERTEX_TIMES},
        {METHOD_GET, "jobs/" JOB "/vertices/" OTHER "/taskmanagers", ROUTE_VERTEX_TASK_MANAGERS},
        {METHOD_GET, "jobs/" JOB "/vertices/" OTHER "/accumulators", ROUTE_VERTEX_ACCUMULATORS},
        {METHOD_GET, "jobs/" JOB "/vertices/" OTHER "/subtasks/accumulators",
         ROUTE_SUBTASK_ACCUMULATORS},
        {METHOD_GET, "jobs/" JOB "/vertices/" OTHER "/backpressure", ROUTE_BACK_PRESSURE},
        {METHOD_GET, "jobs/" JOB "/yarn-cancel", ROUTE_CANCEL},
    };
    static const char *const before[] = {"", "/", "//", "/v1/", "v1/", "//v1/"};
    static const char *const after[] = {"", "/", "//", "?", "?a=/b", "/?mode=cancel"};
    bool seen[ROUTE_COUNT] = {false};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        seen[cases[i].kind] = true;
        for (size_t j = 0; j < 36; j++) {
            char target[256];
            struct route route;
            struct route_fault fault;
            strcpy(target, before[j / 6]);
            strcat(target, cases[i].path);
            strcat(target, after[j % 6]);
            if (find(cases[i].method, target, &route, &fault) != ROUTE_FOUND ||
                route.kind != cases[i].kind)
                fail_msg("not found: %s", target);
        }
    }
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        assert_true(seen[i]);
}

static void paths_and_methods_that_do_not_exist_are_unknown(void **state)
{
    (void)state;
    static const struct {
        enum http_method method;
        const char *target;
    } cases[] = {
        {METHOD_GET, ""},
        {METHOD_GET, "/"},
        {METHOD_GET, "/v1"},
        {METHOD_GET, "/v2/jobs"},
        {METHOD_GET, "/v1/v1/jobs"},
        {METHOD_GET, "/job"},
        {METHOD_GET, "/jobsx"},
        {METHOD_GET, "/Jobs"},
        {METHOD_GET, "/jobs/" JOB "/checkpoint"},
        {METHOD_GET, "/jobs/" JOB "/checkpoints/details"
                     "/1/subtasks"},
        {METHOD_GET, "/jobs/" JOB "/checkpoints/details/1/subtasks/" OTHER "/x"},
        {METHOD_GET, "/jobs/" JOB "/checkpoints/details/1/subtasks/" OTHER "/x/y/z"},
        {METHOD_GET, "?jobs"},
        {METHOD_POST, "/jobs/" JOB},
        {METHOD_POST, "/config"},
        {METHOD_GET, "/jobs/" JOB "/status/x"},
        {METHOD_GET, "/jobs/" JOB "/Plan"},
        {METHOD_GET, "/jobs/" JOB "/configs"},
        {METHOD_GET, "/jobs/" JOB "/accumulator"},
        {METHOD_GET, "/jobs/" JOB "/exception"},
        {METHOD_GET, "/jobs/" JOB "/yarn"},
        {METHOD_PATCH, "/jobs/" JOB "/yarn-cancel"},
        {METHOD_POST, "/jobs/" JOB "/yarn-stop"},
        {METHOD_POST, "/jobs/" JOB "/plan"},
        {METHOD_PATCH, "/jobs/" JOB "/checkpoints"},
        {METHOD_OTHER, "/jobs/" JOB "/checkpoints"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct route route;
        struct route_fault fault;
        if (find(cases[i].method, cases[i].target, &route, &fault) != ROUTE_UNKNOWN)
            fail_msg("found: %s", cases[i].target);
    }
}

static void ids_are_read_from_the_path(void **state)
{
    (void)state;
    struct route route;
    struct route_fault fault;
    struct id job, other;
    id_parse(JOB_LOWER, ID_DIGITS, &job);
    id_parse(OTHER, ID_DIGITS, &other);
    assert_int_equal(
        find(METHOD_GET, "/jobs/" JOB "/checkpoints/details/-7/subtasks/" OTHER, &route, &fault),
        ROUTE_FOUND);
    assert_true(id_equal(route.job, job));
    assert_true(id_equal(route.vertex, other));
    assert_int_equal(route.checkpoint, -7);
    find(METHOD_GET, "/jobs/" JOB "/checkpoints/" OTHER, &route, &fault);
    assert_true(id_equal(route.trigger, other));
}

static void the_first_part_that_cannot_be_read_is_blamed(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        const char *parameter, *value;
    } cases[] = {
        {"/jobs/xyz", "jobid", "xyz"},
        {"/jobs/xyz/checkpoints?a=b", "jobid", "xyz"},
        {"/jobs//checkpoints", "jobid", ""},
        {"/jobs/xyz/config", "jobid", "xyz"},
        {"/jobs/xyz/exceptions?maxExceptions=x", "jobid", "xyz"},
        {"/jobs/overview/plan", "jobid", "overview"},
        {"/jobs/xyz/accumulators", "jobid", "xyz"},
        {"/jobs/xyz/status", "jobid", "xyz"},
        {"/jobs/xyz/yarn-cancel", "jobid", "xyz"},
        {"/jobs/xyz/yarn-stop", "jobid", "xyz"},
        {"/jobs/fffffffffffffffffffffffffffffff", "jobid", "fffffffffffffffffffffffffffffff"},
        {"/jobs/" JOB "0/", "jobid", JOB "0"},
        {"/jobs/" JOB "/checkpoints/nosuch", "triggerid", "nosuch"},
        {"/jobs/" JOB "/checkpoints/details", "triggerid", "details"},
        {"/jobs/" JOB "/checkpoints/details/abc", "checkpointid", "abc"},
        {"/jobs/" JOB "/checkpoints/details/9223372036854775808", "checkpointid",
         "9223372036854775808"},
        {"/jobs/" JOB "/checkpoints/details/-9223372036854775809", "checkpointid",
         "-9223372036854775809"},
        {"/jobs/" JOB "/checkpoints/details/-", "checkpointid", "-"},
        {"/jobs/" JOB "/checkpoints/details/1 ", "checkpointid", "1 "},
        {"/jobs/" JOB "/checkpoints/details/+1", "checkpointid", " 1"},
        {"/jobs/" JOB "/checkpoints/details/%31%20", "checkpointid", "1 "},
        {"/jobs/x%2579z", "jobid", "xyz"},
        {"/jobs/" JOB "/checkpoints/details/1/subtasks/zz", "vertexid", "zz"},
        {"/jobs/x/checkpoints/details/y/subtasks/z", "jobid", "x"},
        {"/jobs/" JOB "/checkpoints/details/y/subtasks/z", "checkpointid", "y"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct route route;
        struct route_fault fault;
        assert_int_equal(find(METHOD_GET, cases[i].target, &route, &fault), ROUTE_BAD_PARAMETER);
        assert_string_equal(fault.parameter, cases[i].parameter);
        assert_true(span_is(&fault.value, cases[i].value));
    }
}

static void checkpoint_ids_reach_to_both_ends_of_64_bits(void **state)
{
    (void)state;
    struct route route;
    struct route_fault fault;
    find(METHOD_GET, "/jobs/" JOB "/checkpoints/details/9223372036854775807", &route, &fault);
    assert_true(route.checkpoint == INT64_MAX);
    find(METHOD_GET, "/jobs/" JOB "/checkpoints/details/-9223372036854775808", &route, &fault);
    assert_true(route.checkpoint == INT64_MIN);
    find(METHOD_GET, "/jobs/" JOB "/checkpoints/details/%252B0012", &route, &fault);
    assert_int_equal(route.checkpoint, 12);
}

static void the_mode_of_a_cancellation_is_cancel_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        enum route_outcome outcome;
    } cases[] = {
        {"", ROUTE_FOUND},
        {"?", ROUTE_FOUND},
        {"?mode=cancel", ROUTE_FOUND},
        {"?mode=CANCEL", ROUTE_FOUND},
        {"?x=y&mode=cancel", ROUTE_FOUND},
        {"?xmode=stop", ROUTE_FOUND},
        {"?mode=stop", ROUTE_STOP_REMOVED},
        {"?mode=cancel&mode=stop", ROUTE_FOUND},
        {"?mode=cancel,stop", ROUTE_FOUND},
        {"?mode=stop;mode=cancel", ROUTE_STOP_REMOVED},
        {"?mode=cancel&mode=nope", ROUTE_BAD_QUERY},
        {"?%6d%6Fde=c%61ncel", ROUTE_FOUND},
        {"?mode=,", ROUTE_FOUND},
        {"?mode=cancel,,", ROUTE_FOUND},
        {"?mode=,cancel", ROUTE_BAD_QUERY},
        {"?=mode=stop", ROUTE_STOP_REMOVED},
        {"?mode=cancel#&mode=nope", ROUTE_FOUND},
        {"#?mode=nope", ROUTE_FOUND},
        {"?mode=", ROUTE_BAD_QUERY},
        {"?mode=cancels", ROUTE_BAD_QUERY},
        {"?x=y&mode=nope&z", ROUTE_BAD_QUERY},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char target[128] = "/jobs/" JOB;
        struct route route;
        struct route_fault fault;
        strcat(target, cases[i].query);
        assert_int_equal(find(METHOD_PATCH, target, &route, &fault), cases[i].outcome);
        strcpy(target, "/jobs/" JOB "/yarn-cancel");
        strcat(target, cases[i].query);
        assert_int_equal(find(METHOD_GET, target, &route, &fault), cases[i].outcome);
    }
}

static void yarns_stop_is_refused_unless_it_asks_to_cancel(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        enum route_outcome outcome;
    } cases[] = {
        {"", ROUTE_STOP_REMOVED},           {"/", ROUTE_STOP_REMOVED},
        {"?", ROUTE_STOP_REMOVED},          {"?mode", ROUTE_BAD_QUERY},
        {"?mode=stop", ROUTE_STOP_REMOVED}, {"?mode=cancel", ROUTE_FOUND},
        {"?mode=nope", ROUTE_BAD_QUERY},
    };
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        char target[128];
        struct route route;
        struct route_fault fault;
        strcpy(target, i % 2 ? "/jobs/" JOB "/yarn-stop" : "/v1/jobs/" JOB "/yarn-stop");
        strcat(target, cases[i / 2].query);
        assert_int_equal(find(METHOD_GET, target, &route, &fault), cases[i / 2].outcome);
        assert_int_equal(route.kind, ROUTE_CANCEL);
    }
}

static void the_most_exceptions_are_a_number_of_32_bits(void **state)
{
    (void)state;
    static const char *const good[] = {
        "?maxExceptions=20",         "?maxExceptions=0",
        "?maxExceptions=007",        "?maxException=x",
        "?maxExceptions=%2B1",       "?maxExceptions=1&maxExceptions=2",
        "?xmaxExceptions=x",         "?a=b&c",
        "?maxExceptions=2147483647", "?maxExceptions=-2147483648",
        "?MAXEXCEPTIONS=x",          "?maxExceptions=1&mode=nope",
    };
    static const char *const bad[] = {
        "",   "x",          "1x",          "1.5", "+1",  " 1",
        "1 ", "2147483648", "-2147483649", "-",   "0x1", "99999999999999999999"};
    struct route route;
    struct route_fault fault;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        char target[128] = "/jobs/" JOB "/exceptions";
        strcat(target, good[i]);
        if (find(METHOD_GET, target, &route, &fault) != ROUTE_FOUND)
            fail_msg("refused: %s", target);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char target[128] = "/jobs/" JOB "/exceptions?failureLabelFilter=a:b&maxExceptions=";
        strcat(target, bad[i]);
        strcat(target, "&maxExceptions=1");
        if (find(METHOD_GET, target, &route, &fault) != ROUTE_BAD_QUERY)
            fail_msg("taken: %s", target);
        assert_string_equal(fault.parameter, "maxExceptions");
        assert_int_equal(fault.value.length, strlen(bad[i]) + 2);
    }
    assert_int_equal(find(METHOD_GET, "/jobs/" JOB "/plan?maxExceptions=x", &route, &fault),
                     ROUTE_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_route_is_found_bare_and_under_v1_and_with_more_slashes,
                                  forget_last_target),
        cmocka_unit_test_teardown(paths_and_methods_that_do_not_exist_are_unknown,
                                  forget_last_target),
        cmocka_unit_test_teardown(ids_are_read_from_the_path, forget_last_target),
        cmocka_unit_test_teardown(the_first_part_that_cannot_be_read_is_blamed, forget_last_target),
        cmocka_unit_test_teardown(checkpoint_ids_reach_to_both_ends_of_64_bits, forget_last_target),
        cmocka_unit_test_teardown(the_mode_of_a_cancellation_is_cancel_or_refused,
                                  forget_last_target),
        cmocka_unit_test_teardown(yarns_stop_is_refused_unless_it_asks_to_cancel,
                                  forget_last_target),
        cmocka_unit_test_teardown(the_most_exceptions_are_a_number_of_32_bits, forget_last_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
