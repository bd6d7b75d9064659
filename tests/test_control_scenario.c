/* rooms: harness/control harness/cluster harness/implementations harness/scenario harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/control_stage.h"

/* Another scenario by a call, a job that a client moves, and the list of requests. */

static const char two_jobs[] = "title: another\n"
                               "why: to be loaded\n"
                               "flink: {rest.cache.checkpoint-statistics.timeout: 0 s}\n"
                               "jobmanager:\n"
                               "  A: {at 10 ms: completes 7}\n"
                               "  B: {exists: later}\n"
                               "  latency: 0 ms\n"
                               "clients: {C: {at 30 ms: latest completed checkpoint of A}}\n"
                               "claims: [fresh]\n";

#define SALTED_A "00000000000000ff00000000000a0000"

static int set_up(void **state)
{
    static struct control_stage stage;
    stage = (struct control_stage){.plan = small_plan(), .clock = {.now_us = 5, .frozen = false}};
    stage.plan.call_out_us = 0;
    stage.plan.call_back_us = 0;
    *state = &stage;
    return stage_open(&stage, 100) ? 0 : -1;
}

static int tear_down(void **state)
{
    stage_close(*state);
    return 0;
}

static json_t *load(struct control_stage *stage, const char *query)
{
    char target[100];
    snprintf(target, sizeof target, "/freshcheck/scenario%s", query);
    return stage_ask(stage, METHOD_POST, target, two_jobs, 200);
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

static int64_t number_of(const json_t *object, const char *key)
{
    assert_true(json_is_integer(json_object_get(object, key)));
    return json_integer_value(json_object_get(object, key));
}

static void test_what_is_served_is_told(void **state)
{
    json_t *root = stage_ask(*state, METHOD_GET, "/freshcheck/scenario", NULL, 200);
    assert_string_equal(text_of(root, "implementation"), "flink-1.20");
    assert_int_equal(number_of(root, "seed"), 1);
    assert_int_equal(number_of(root, "loads"), 0);
    assert_string_equal(text_of(root, "salt"), "0");
    json_decref(root);
}

static void test_a_loaded_scenario_begins_at_time_0_and_has_salted_ids(void **state)
{
    struct control_stage *stage = *state;
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=100ms");
    json_t *root = load(stage, "?implementation=reference&seed=9&salt=fF&name=x.yaml");
    assert_int_equal(number_of(root, "now_us"), 0);
    assert_string_equal(text_of(root, "scenario"), "x");
    assert_string_equal(text_of(root, "title"), "another");
    assert_string_equal(text_of(root, "implementation"), "reference");
    assert_int_equal(number_of(root, "seed"), 9);
    assert_string_equal(text_of(root, "salt"), "ff");
    assert_int_equal(number_of(root, "loads"), 1);
    json_decref(root);
    assert_ptr_equal(stage->loaded.implementation, implementation_find("reference"));
    assert_int_equal(stage->loaded.seed, 9);
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=9999000ns");
    assert_int_equal(stage_number(stage, "/jobs/" SALTED_A "/checkpoints", "latest.completed.id"),
                     INT64_MIN);
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=10ms");
    assert_int_equal(stage_number(stage, "/jobs/" SALTED_A "/checkpoints", "latest.completed.id"),
                     7);
}

static void test_nothing_of_the_scenario_before_is_left(void **state)
{
    struct control_stage *stage = *state;
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=100ms");
    stage_do(stage, METHOD_POST, "/freshcheck/faults/delay?by=1s");
    control_request_arrived(stage->control, 4, 1);
    json_t *root = stage_ask(stage, METHOD_GET, "/freshcheck/journal", NULL, 200);
    const int64_t end = number_of(root, "end");
    assert_true(end > 1);
    json_decref(root);
    json_decref(load(stage, ""));
    json_decref(load(stage, ""));
    root = stage_ask(stage, METHOD_GET, "/freshcheck/journal", NULL, 200);
    assert_true(number_of(root, "first") >= end);
    assert_int_equal(number_of(json_array_get(json_object_get(root, "lines"), 0), "at_us"), 0);
    json_decref(root);
    root = stage_ask(stage, METHOD_GET, "/freshcheck/faults", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(root, "faults")), 0);
    json_decref(root);
    root = stage_ask(stage, METHOD_GET, "/freshcheck/requests", NULL, 200);
    assert_int_equal(json_array_size(json_object_get(root, "lines")), 0);
    assert_int_equal(number_of(root, "first"), 2);
    json_decref(root);
    root = stage_ask(stage, METHOD_GET, "/freshcheck/scenario", NULL, 200);
    assert_int_equal(number_of(root, "loads"), 2);
    json_decref(root);
}

static void test_a_scenario_may_start_with_the_clock_standing(void **state)
{
    struct control_stage *stage = *state;
    json_decref(load(stage, "?clock=frozen"));
    assert_true(stage->loaded.starts_frozen);
    json_t *root = stage_ask(stage, METHOD_GET, "/freshcheck/clock", NULL, 200);
    assert_true(json_is_true(json_object_get(root, "frozen")));
    assert_null(json_object_get(root, "time_0_monotonic_us"));
    assert_non_null(json_object_get(root, "monotonic_us"));
    json_decref(root);
    json_decref(load(stage, "?clock=running"));
    assert_false(stage->loaded.starts_frozen);
}

static void test_a_wrong_scenario_changes_nothing_and_every_fault_has_its_place(void **state)
{
    struct control_stage *stage = *state;
    const char *wrong = "title: t\nwhy: w\njobmanager: {J: {at 1 ms: completess 1}}\n"
                        "clients: {C: {at 2 ms: jobs}}\nclaims: [fresh, fersh]\n";
    json_t *root = stage_ask(stage, METHOD_POST, "/freshcheck/scenario?name=w.yaml", wrong, 400);
    const json_t *errors = json_object_get(root, "errors");
    assert_int_equal(json_array_size(errors), 2);
    assert_non_null(strstr(json_string_value(json_array_get(errors, 0)), "w.yaml:3:27: "));
    assert_non_null(strstr(json_string_value(json_array_get(errors, 1)), "w.yaml:5:17: "));
    json_decref(root);
    stage_refused(stage, METHOD_POST, "/freshcheck/scenario", NULL, 400, "scenario:");
    root = stage_ask(stage, METHOD_GET, "/freshcheck/scenario", NULL, 200);
    assert_int_equal(number_of(root, "loads"), 0);
    json_decref(root);
}

static void test_wrong_parameters_are_told(void **state)
{
    static const struct {
        const char *query, *sentence;
    } wrong[] = {
        {"?implementation=refrence", "did you mean 'reference'?"},
        {"?salt=12345678901234567", "up to 16 hexadecimal digits"},
        {"?salt=", "up to 16 hexadecimal digits"},
        {"?salt=g", "up to 16 hexadecimal digits"},
        {"?seed=-1", "a whole number"},
        {"?clock=slow", "clock=slow is unknown"},
        {"?title=x", "has no parameter 'title'"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char target[100];
        snprintf(target, sizeof target, "/freshcheck/scenario%s", wrong[i].query);
        stage_refused(*state, METHOD_POST, target, two_jobs, 400, wrong[i].sentence);
    }
}

static void test_where_clusters_share_a_clock_none_is_loaded(void **state)
{
    struct control_stage *stage = *state;
    stage_close(stage);
    stage->has_neighbours = true;
    assert_true(stage_open(stage, 100));
    stage_refused(stage, METHOD_POST, "/freshcheck/scenario", two_jobs, 409, "share");
}

/* --- starting a job ----------------------------------------------------------------------- */

static void test_a_job_starts_from_a_path_or_from_nothing(void **state)
{
    struct control_stage *stage = *state;
    char target[200];
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=100ms");
    json_t *root = stage_read(stage, PLAN_J_STATISTICS);
    const json_t *latest = json_object_get(json_object_get(root, "latest"), "completed");
    snprintf(target, sizeof target, "/freshcheck/jobs/K/start?path=%s",
             text_of(latest, "external_path"));
    json_decref(root);
    root = stage_ask(stage, METHOD_POST, target, NULL, 200);
    assert_string_equal(text_of(root, "job"), PLAN_K);
    assert_int_equal(number_of(root, "now_us"), 100 * PLAN_MS);
    json_decref(root);
    assert_int_equal(stage_number(stage, "/jobs/" PLAN_K "/checkpoints", "latest.restored.id"), 1);
    json_decref(load(stage, ""));
    stage_do(stage, METHOD_POST, "/freshcheck/jobs/B/start");
    assert_int_equal(stage_number(stage, "/jobs/000000000000000000000000000a0001/checkpoints",
                                  "latest.restored.id"),
                     INT64_MIN);
}

static void test_an_unknown_job_does_not_start(void **state)
{
    stage_refused(*state, METHOD_POST, "/freshcheck/jobs/L/start", NULL, 404, "neither");
}

/* --- requests ----------------------------------------------------------------------------- */

static json_t *requests(struct control_stage *stage, const char *query)
{
    char target[100];
    snprintf(target, sizeof target, "/freshcheck/requests%s", query);
    return stage_ask(stage, METHOD_GET, target, NULL, 200);
}

static void test_requests_are_listed_with_when_they_came_and_left(void **state)
{
    struct control_stage *stage = *state;
    const uint64_t first = control_request_arrived(stage->control, 70, 1000);
    const uint64_t second = control_request_arrived(stage->control, 71, 2000);
    control_request_left(stage->control, second, 2500, 200);
    json_t *root = requests(stage, "");
    const json_t *lines = json_object_get(root, "lines");
    assert_int_equal(first, 1);
    assert_int_equal(json_array_size(lines), 2);
    assert_int_equal(number_of(json_array_get(lines, 0), "request"), 70);
    assert_int_equal(number_of(json_array_get(lines, 0), "arrived_us"), 1000);
    assert_true(json_is_null(json_object_get(json_array_get(lines, 0), "left_us")));
    assert_int_equal(number_of(json_array_get(lines, 1), "left_us"), 2500);
    assert_int_equal(number_of(json_array_get(lines, 1), "status"), 200);
    json_decref(root);
    root = requests(stage, "?from=2&limit=1");
    assert_int_equal(json_array_size(json_object_get(root, "lines")), 1);
    assert_int_equal(number_of(root, "next"), 3);
    json_decref(root);
}

static void test_the_oldest_requests_make_room_and_are_not_touched_any_more(void **state)
{
    struct control_stage *stage = *state;
    for (uint64_t tag = 1; tag <= 101; tag++)
        assert_int_equal(control_request_arrived(stage->control, tag, 0), tag);
    control_request_left(stage->control, 1, 5, 200);
    control_request_left(stage->control, 102, 5, 200);
    control_request_left(stage->control, 101, 6, 204);
    json_t *root = requests(stage, "");
    const json_t *lines = json_object_get(root, "lines");
    assert_int_equal(number_of(root, "first"), 2);
    assert_int_equal(json_array_size(lines), 100);
    assert_true(json_is_null(json_object_get(json_array_get(lines, 0), "left_us")));
    assert_int_equal(number_of(json_array_get(lines, 99), "status"), 204);
    json_decref(root);
}

/* --- memory ------------------------------------------------------------------------------- */

/* Whatever fails, the cluster that is served then is whole, and answers. */
static void load_and_read(void *context, bool may_fail)
{
    const char *body = context;
    struct control_stage stage = {.plan = small_plan(), .clock = {.manual = true, .frozen = true}};
    struct control_answer answer;
    if (!stage_open(&stage, 100)) {
        assert_true(may_fail);
        stage_close(&stage);
        return;
    }
    control_request_arrived(stage.control, 1, 1);
    const enum control_outcome outcome =
        stage_call(&stage, METHOD_POST, "/freshcheck/scenario?salt=1", body, &answer);
    if (outcome == CONTROL_ANSWERED)
        buffer_free(&answer.body);
    else
        assert_true(may_fail);
    if (!may_fail)
        json_decref(stage_ask(&stage, METHOD_GET, "/freshcheck/scenario", NULL, 200));
    stage_close(&stage);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    char right[sizeof two_jobs];
    char wrong[] = "title: t\nwhy: w\nclaims: [fersh]\n";
    memcpy(right, two_jobs, sizeof two_jobs);
    assert_true(fail_each_allocation(load_and_read, right) > 50);
    assert_true(fail_each_allocation(load_and_read, wrong) > 20);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(test_what_is_served_is_told),
        STAGED(test_a_loaded_scenario_begins_at_time_0_and_has_salted_ids),
        STAGED(test_nothing_of_the_scenario_before_is_left),
        STAGED(test_a_scenario_may_start_with_the_clock_standing),
        STAGED(test_a_wrong_scenario_changes_nothing_and_every_fault_has_its_place),
        STAGED(test_wrong_parameters_are_told),
        STAGED(test_where_clusters_share_a_clock_none_is_loaded),
        STAGED(test_a_job_starts_from_a_path_or_from_nothing),
        STAGED(test_an_unknown_job_does_not_start),
        STAGED(test_requests_are_listed_with_when_they_came_and_left),
        STAGED(test_the_oldest_requests_make_room_and_are_not_touched_any_more),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
