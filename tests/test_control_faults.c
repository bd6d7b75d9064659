/* rooms: harness/control harness/cluster harness/implementations harness/scenario harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/control_stage.h"

/* Faults by calls: at the gateway, where the cluster shows them, and on the wire. */

static void fault(struct control_stage *stage, const char *what)
{
    char target[200];
    snprintf(target, sizeof target, "/freshcheck/faults/%s", what);
    stage_do(stage, METHOD_POST, target);
}

static void advance(struct control_stage *stage, int64_t by_us)
{
    assert_true(stage_advance(stage, stage->clock.now_us + by_us));
}

/* Whether a read of J's statistics is answered at once; what comes of it is thrown away. */
static bool is_answered(struct control_stage *stage)
{
    struct endpoint_action reply;
    bool answered = false;
    const struct request request = {.id = ++stage->request_count,
                                    .target = PLAN_J_STATISTICS,
                                    .target_length = strlen(PLAN_J_STATISTICS)};
    assert_true(cluster_request(stage->cluster, stage->clock.now_us, &request));
    advance(stage, 0);
    while (cluster_next_reply(stage->cluster, &reply)) {
        answered |= reply.request == request.id && reply.status == 200;
        body_release(reply.body);
    }
    return answered;
}

static json_t *faults(struct control_stage *stage)
{
    json_t *root = stage_ask(stage, METHOD_GET, "/freshcheck/faults", NULL, 200);
    json_t *list = json_incref(json_object_get(root, "faults"));
    json_decref(root);
    return list;
}

static size_t fault_count(struct control_stage *stage)
{
    json_t *list = faults(stage);
    const size_t count = json_array_size(list);
    json_decref(list);
    return count;
}

static void test_a_failing_fetch_fails_for_its_time_and_no_longer(void **state)
{
    struct control_stage *stage = *state;
    fault(stage, "fail?fetch=checkpoint-statistics&outcome=timed-out&in=1s&for=2s");
    assert_true(is_answered(stage));
    advance(stage, 1000000);
    assert_false(is_answered(stage));
    advance(stage, 1999999);
    assert_false(is_answered(stage));
    advance(stage, 1);
    assert_true(is_answered(stage));
}

static void test_silence_and_delays_leave_a_request_waiting(void **state)
{
    static const char *const kinds[] = {"silence", "delay?by=1s", "slow-call?by=1s"};
    for (size_t i = 0; i < 3; i++) {
        fault(*state, kinds[i]);
        assert_false(is_answered(*state));
        stage_do(*state, METHOD_DELETE, "/freshcheck/faults");
        assert_true(is_answered(*state));
    }
}

static void test_a_fault_of_another_fetch_or_job_is_none(void **state)
{
    fault(*state, "silence?fetch=execution+graph");
    fault(*state, "silence?job=K");
    assert_true(is_answered(*state));
    fault(*state, "silence?job=J&fetch=checkpoint_statistics");
    assert_false(is_answered(*state));
}

static void test_a_busy_lock_hands_out_the_snapshot_before(void **state)
{
    struct control_stage *stage = *state;
    assert_int_equal(stage_number(stage, PLAN_J_STATISTICS, "counts.completed"), 0);
    fault(stage, "lock-busy?for=1s");
    advance(stage, 60 * PLAN_MS);
    assert_int_equal(stage_number(stage, PLAN_J_STATISTICS, "counts.completed"), 0);
    advance(stage, PLAN_SECOND);
    assert_int_equal(stage_number(stage, PLAN_J_STATISTICS, "counts.completed"), 2);
}

static void test_the_wall_clock_jumps_either_way(void **state)
{
    struct control_stage *stage = *state;
    fault(stage, "wall-clock?by=-10s");
    assert_int_equal(stage_number(stage, "/jobs/" PLAN_J, "now"), 990000);
    fault(stage, "wall-clock?by=1min");
    advance(stage, 4 * PLAN_SECOND);
    assert_int_equal(stage_number(stage, "/jobs/" PLAN_J, "now"), 1054000);
}

static void test_faults_are_listed_while_they_last(void **state)
{
    struct control_stage *stage = *state;
    fault(stage, "fail?for=1s&outcome=no-leader&job=K");
    fault(stage, "half?path=/jobs&count=2");
    json_t *list = faults(stage);
    assert_int_equal(json_array_size(list), 2);
    const json_t *first = json_array_get(list, 0), *second = json_array_get(list, 1);
    assert_string_equal(json_string_value(json_object_get(first, "fault")), "fail");
    assert_string_equal(json_string_value(json_object_get(first, "outcome")), "no leader");
    assert_string_equal(json_string_value(json_object_get(first, "job")), PLAN_K);
    assert_int_equal(json_integer_value(json_object_get(first, "until_us")), 1000000);
    assert_string_equal(json_string_value(json_object_get(second, "fault")), "half");
    assert_string_equal(json_string_value(json_object_get(second, "path")), "/jobs");
    assert_true(json_is_null(json_object_get(second, "until_us")));
    json_decref(list);
    advance(stage, 999999);
    assert_int_equal(fault_count(stage), 2);
    advance(stage, 1);
    assert_int_equal(fault_count(stage), 1);
}

static void test_faults_of_the_scenario_are_listed_and_cleared_too(void **state)
{
    (void)state;
    static const struct fault planned = {
        .kind = FAULT_SILENCE, .until_us = INT64_MAX, .any_fetch = true, .any_job = true};
    struct control_stage stage = {.plan = small_plan()};
    stage.plan.faults = &planned;
    stage.plan.fault_count = 1;
    assert_true(stage_open(&stage, 10));
    assert_int_equal(fault_count(&stage), 1);
    assert_false(is_answered(&stage));
    stage_do(&stage, METHOD_POST, "/freshcheck/faults/clear");
    assert_int_equal(fault_count(&stage), 0);
    assert_int_equal(stage.wire_clear_count, 1);
    stage_close(&stage);
}

static void test_a_fault_on_the_wire_goes_to_the_server(void **state)
{
    static const struct {
        const char *call;
        struct wire_fault wanted;
    } cases[] = {
        {"delay-answer?by=3s", {WIRE_DELAY, "", 5, INT64_MAX, 0, 3000000}},
        {"refuse?for=1s&in=1s", {WIRE_REFUSE, "", 1000005, 2000005, 0, 0}},
        {"reset?path=/jobs/", {WIRE_RESET, "/jobs/", 5, INT64_MAX, 0, 0}},
        {"half?count=1", {WIRE_HALF, "", 5, INT64_MAX, 1, 0}},
        {"wrong-json?count=2147483647", {WIRE_WRONG_JSON, "", 5, INT64_MAX, INT32_MAX, 0}},
        {"drip?by=20ms&path=/config", {WIRE_DRIP, "/config", 5, INT64_MAX, 0, 20000}},
    };
    struct control_stage *stage = *state;
    stage->clock.now_us = 5;
    stage->clock.frozen = false;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fault(stage, cases[i].call);
        assert_int_equal(stage->wire_count, i + 1);
        assert_int_equal(stage->wire.kind, cases[i].wanted.kind);
        assert_string_equal(stage->wire.path, cases[i].wanted.path);
        assert_int_equal(stage->wire.from_us, cases[i].wanted.from_us);
        assert_int_equal(stage->wire.until_us, cases[i].wanted.until_us);
        assert_int_equal(stage->wire.count, cases[i].wanted.count);
        assert_int_equal(stage->wire.delay_us, cases[i].wanted.delay_us);
    }
}

static void test_nobody_is_locked_out_by_a_refusal(void **state)
{
    static const char call[] = "/freshcheck/faults/refuse?for=1s";
    struct control_stage *stage = *state;
    stage_refused(stage, METHOD_POST, "/freshcheck/faults/refuse", NULL, 400, "for how long");
    stage_refused(stage, METHOD_POST, call, NULL, 400, "the clock stands");
    stage->clock.frozen = false;
    stage_do(stage, METHOD_POST, call);
    stage_tear_down(state);
    stage->has_neighbours = true;
    stage->clock.frozen = true;
    assert_true(stage_open(stage, 10));
    stage_do(stage, METHOD_POST, call);
}

static void test_what_is_no_fault_is_refused(void **state)
{
    static const char *const wrong[][2] = {
        {"delay", "say by how much"},
        {"drip", "say by how much"},
        {"wall-clock", "say by how much"},
        {"delay?by=-1s", "by=-1s"},
        {"silence?for=0", "for=0 is none"},
        {"fail?outcome=ok", "is no fault"},
        {"fail?outcome=timedout", "did you mean 'timed-out'?"},
        {"silence?fetch=job-lists", "did you mean 'job-list'?"},
        {"half?path=jobs", "the beginning of a path"},
        {"half?count=0", "whole number"},
        {"refuse?path=/jobs", "has no parameter 'path'"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char target[100];
        snprintf(target, sizeof target, "/freshcheck/faults/%s", wrong[i][0]);
        stage_refused(*state, METHOD_POST, target, NULL, 400, wrong[i][1]);
    }
    stage_refused(*state, METHOD_POST, "/freshcheck/faults/silence?job=X", NULL, 404, "neither");
    assert_int_equal(fault_count(*state), 0);
    assert_int_equal(((struct control_stage *)*state)->wire_count, 0);
    assert_true(is_answered(*state));
}

static void test_there_is_an_end_to_the_number_of_faults(void **state)
{
    struct control_stage *stage = *state;
    for (int i = 0; i < 256; i++)
        fault(stage, "lock-busy?job=K&for=1s");
    stage_refused(stage, METHOD_POST, "/freshcheck/faults/silence", NULL, 400, "256 faults");
    advance(stage, PLAN_SECOND);
    fault(stage, "silence");
    assert_int_equal(fault_count(stage), 1);
}

static void test_a_server_without_memory_is_told(void **state)
{
    struct control_stage *stage = *state;
    struct control_answer answer;
    stage->no_memory = true;
    assert_int_equal(stage_call(stage, METHOD_POST, "/freshcheck/faults/half", NULL, &answer),
                     CONTROL_NO_MEMORY);
    stage->no_memory = false;
    assert_int_equal(fault_count(stage), 0);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(test_a_failing_fetch_fails_for_its_time_and_no_longer),
        STAGED(test_silence_and_delays_leave_a_request_waiting),
        STAGED(test_a_fault_of_another_fetch_or_job_is_none),
        STAGED(test_a_busy_lock_hands_out_the_snapshot_before),
        STAGED(test_the_wall_clock_jumps_either_way),
        STAGED(test_faults_are_listed_while_they_last),
        cmocka_unit_test(test_faults_of_the_scenario_are_listed_and_cleared_too),
        STAGED(test_a_fault_on_the_wire_goes_to_the_server),
        STAGED(test_nobody_is_locked_out_by_a_refusal),
        STAGED(test_what_is_no_fault_is_refused),
        STAGED(test_there_is_an_end_to_the_number_of_faults),
        STAGED(test_a_server_without_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
