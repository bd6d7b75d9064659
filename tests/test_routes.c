/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <string.h>

#include "rest_endpoint/routes_internal.h"

#define JOB "0123456789abcdef0123456789ABCDEF"
#define JOB_LOWER "0123456789abcdef0123456789abcdef"
#define OTHER "ffffffffffffffffffffffffffffffff"

static enum route_outcome find(enum http_method method, const char *target, struct route *route,
                               struct route_fault *fault)
{
    *route = (struct route){.kind = ROUTE_COUNT};
    return route_find(method, target, strlen(target), route, fault);
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
        {METHOD_POST, "jobs/" JOB "/checkpoints", ROUTE_TRIGGER},
        {METHOD_PATCH, "jobs/" JOB, ROUTE_CANCEL},
        {METHOD_GET, "jobs", ROUTE_JOB_IDS},
        {METHOD_GET, "jobs/overview", ROUTE_JOBS_OVERVIEW},
        {METHOD_GET, "overview", ROUTE_OVERVIEW},
        {METHOD_GET, "config", ROUTE_DASHBOARD_CONFIG},
        {METHOD_GET, "jobs/" JOB "/config", ROUTE_JOB_CONFIG},
        {METHOD_GET, "jobs/" JOB "/exceptions", ROUTE_JOB_EXCEPTIONS},
        {METHOD_GET, "jobs/" JOB "/plan", ROUTE_JOB_PLAN},
        {METHOD_GET, "jobs/" JOB "/accumulators", ROUTE_JOB_ACCUMULATORS},
        {METHOD_GET, "jobs/" JOB "/status", ROUTE_JOB_STATUS},
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
        {"/jobs/" JOB "/checkpoints/details/1/subtasks/zz", "vertexid", "zz"},
        {"/jobs/x/checkpoints/details/y/subtasks/z", "jobid", "x"},
        {"/jobs/" JOB "/checkpoints/details/y/subtasks/z", "checkpointid", "y"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct route route;
        struct route_fault fault;
        assert_int_equal(find(METHOD_GET, cases[i].target, &route, &fault), ROUTE_BAD_PARAMETER);
        assert_string_equal(fault.parameter, cases[i].parameter);
        assert_int_equal(fault.value_length, strlen(cases[i].value));
        assert_memory_equal(fault.value, cases[i].value, fault.value_length);
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
    find(METHOD_GET, "/jobs/" JOB "/checkpoints/details/+0012", &route, &fault);
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
        {"?", ROUTE_STOP_REMOVED},          {"?mode", ROUTE_STOP_REMOVED},
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
        "?maxExceptions=20",
        "?maxExceptions=0",
        "?maxExceptions=007",
        "?maxException=x",
        "?maxExceptions",
        "?xmaxExceptions=x",
        "?a=b&c",
        "?maxExceptions=2147483647",
        "?maxExceptions=-2147483648",
        "?MAXEXCEPTIONS=x",
        "?maxExceptions=1&mode=nope",
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
        assert_int_equal(fault.value_length, strlen(bad[i]));
        assert_memory_equal(fault.value, bad[i], fault.value_length);
    }
    assert_int_equal(find(METHOD_GET, "/jobs/" JOB "/plan?maxExceptions=x", &route, &fault),
                     ROUTE_FOUND);
}

static bool parses(const char *body, struct trigger_request *request)
{
    return trigger_request_parse(body, strlen(body), request);
}

static void a_trigger_body_gives_type_and_id(void **state)
{
    (void)state;
    struct trigger_request request;
    struct id other;
    id_parse(OTHER, ID_DIGITS, &other);
    assert_true(parses("", &request));
    assert_false(request.has_trigger || request.incremental);
    assert_true(parses(
        " {\n\t\"checkpointType\" : \"INCREMENTAL\" , \"triggerId\":\"" OTHER "\"\r}  ", &request));
    assert_true(request.incremental);
    assert_true(request.has_trigger && id_equal(request.trigger, other));
    assert_true(parses("{\"checkpointType\":null,\"triggerId\":null}", &request));
    assert_false(request.has_trigger || request.incremental);
    assert_true(parses("{\"checkpointT\\u0079pe\":\"\\u0049NCREMENTAL\"}", &request));
    assert_true(request.incremental);
    assert_true(
        parses("{\"checkpointType\":\"INCREMENTAL\",\"checkpointType\":\"FULL\"}", &request));
    assert_false(request.incremental);
}

static void members_that_are_not_known_are_skipped(void **state)
{
    (void)state;
    struct trigger_request request;
    static const char *const values[] = {
        "1",
        "-0.5e+10",
        "0",
        "12E3",
        "true",
        "false",
        "null",
        "\"a\\\"\\\\\\n\"",
        "[]",
        "[1, 2]",
        "{}",
        "{\"triggerId\":\"inner\"}",
        "[{\"a\":[{}]}]",
        "\"a very long text that does not fit into what the reader keeps of it, and need not fit\"",
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char body[256] = "{\"other\":";
        strcat(body, values[i]);
        strcat(body, ",\"checkpointType\":\"INCREMENTAL\"}");
        if (!parses(body, &request) || !request.incremental || request.has_trigger)
            fail_msg("not read: %s", body);
    }
    assert_true(parses("{} trailing", &request));
}

static void what_is_no_trigger_body_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        " ",
        "{not json",
        "{",
        "[]",
        "null",
        "\"text\"",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":tru}",
        "{\"a\":[1,]}",
        "{\"a\":[1}",
        "{\"a\":{\"b\"}}",
        "{\"a\":\"\x01\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"open}",
        "{\"checkpointType\":\"NOPE\"}",
        "{\"checkpointType\":\"full\"}",
        "{\"checkpointType\":\"\"}",
        "{\"checkpointType\":1}",
        "{\"checkpointType\":{}}",
        "{\"triggerId\":\"short\"}",
        "{\"triggerId\":\"" OTHER "f\"}",
        "{\"triggerId\":\"gfffffffffffffffffffffffffffffff\"}",
        "{\"triggerId\":7}",
    };
    struct trigger_request request;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        if (parses(bodies[i], &request))
            fail_msg("read: %s", bodies[i]);
    }
}

static void every_beginning_of_a_body_is_read_within_its_length(void **state)
{
    (void)state;
    static const char whole[] =
        "{\"a\":[1.5e-3,{\"b\":\"\\u0041\\n\"},true],\"triggerId\":\"" OTHER "\"}";
    struct trigger_request request;
    for (size_t length = 1; length < sizeof(whole) - 1; length++) {
        char *body = test_malloc(length);
        memcpy(body, whole, length);
        assert_false(trigger_request_parse(body, length, &request));
        test_free(body);
    }
    assert_true(parses(whole, &request));
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    for (size_t depth = 100; depth <= 101; depth++) {
        char body[300] = "{\"a\":";
        struct trigger_request request;
        memset(body + 5, '[', depth);
        memset(body + 5 + depth, ']', depth);
        strcpy(body + 5 + 2 * depth, "}");
        assert_int_equal(parses(body, &request), depth == 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_found_bare_and_under_v1_and_with_more_slashes),
        cmocka_unit_test(paths_and_methods_that_do_not_exist_are_unknown),
        cmocka_unit_test(ids_are_read_from_the_path),
        cmocka_unit_test(the_first_part_that_cannot_be_read_is_blamed),
        cmocka_unit_test(checkpoint_ids_reach_to_both_ends_of_64_bits),
        cmocka_unit_test(the_mode_of_a_cancellation_is_cancel_or_refused),
        cmocka_unit_test(yarns_stop_is_refused_unless_it_asks_to_cancel),
        cmocka_unit_test(the_most_exceptions_are_a_number_of_32_bits),
        cmocka_unit_test(a_trigger_body_gives_type_and_id),
        cmocka_unit_test(members_that_are_not_known_are_skipped),
        cmocka_unit_test(what_is_no_trigger_body_is_refused),
        cmocka_unit_test(every_beginning_of_a_body_is_read_within_its_length),
        cmocka_unit_test(nesting_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
