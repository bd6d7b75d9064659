/* rooms: harness/control harness/cluster harness/implementations harness/scenario harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/control_stage.h"

/* Events of jobs, and the leader, by calls. The cluster has one job J that runs and no events of
 * its own, and K, which nobody has started. */

static int set_up(void **state)
{
    static struct control_stage stage;
    stage = (struct control_stage){.plan = small_plan(), .clock = {.manual = true, .frozen = true}};
    stage.plan.event_count = 0;
    stage.plan.call_out_us = 0;
    stage.plan.call_back_us = 0;
    *state = &stage;
    if (!stage_open(&stage, 1000))
        return -1;
    stage_do(&stage, METHOD_POST, "/freshcheck/clock/advance?to=1s");
    return 0;
}

static void event(struct control_stage *stage, const char *what)
{
    char target[200];
    snprintf(target, sizeof target, "/freshcheck/jobs/%s", what);
    stage_do(stage, METHOD_POST, target);
}

static int64_t statistic(struct control_stage *stage, const char *path)
{
    return stage_number(stage, PLAN_J_STATISTICS, path);
}

/* The state of a job, until the next call. */
static const char *state_of(struct control_stage *stage, const char *job)
{
    static char text[32];
    char target[64];
    snprintf(target, sizeof target, "/jobs/%s", job);
    json_t *root = stage_read(stage, target);
    const char *state = json_string_value(json_object_get(root, "state"));
    snprintf(text, sizeof text, "%s", state ? state : "none");
    json_decref(root);
    return text;
}

static void test_a_checkpoint_completes_at_once(void **state)
{
    event(*state, "J/complete");
    assert_int_equal(statistic(*state, "latest.completed.id"), 1);
    assert_int_equal(statistic(*state, "latest.completed.trigger_timestamp"), 1001000);
}

static void test_a_checkpoint_that_takes_time_is_pending_from_now_until_then(void **state)
{
    struct control_stage *stage = *state;
    json_t *root =
        stage_ask(stage, METHOD_POST, "/freshcheck/jobs/J/complete?takes=300ms", NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(root, "at_us")), 1300000);
    assert_string_equal(json_string_value(json_object_get(root, "job")), PLAN_J);
    assert_string_equal(json_string_value(json_object_get(root, "does")), "complete");
    json_decref(root);
    assert_int_equal(statistic(stage, "counts.in_progress"), 1);
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?by=299ms");
    assert_int_equal(statistic(stage, "counts.completed"), 0);
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?by=1ms");
    assert_int_equal(statistic(stage, "latest.completed.trigger_timestamp"), 1001000);
    assert_int_equal(statistic(stage, "counts.in_progress"), 0);
}

static void test_in_says_when_it_begins(void **state)
{
    struct control_stage *stage = *state;
    event(stage, "J/complete?in=2s&takes=300ms");
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=2999ms");
    assert_int_equal(statistic(stage, "counts.in_progress"), 0);
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=3s");
    assert_int_equal(statistic(stage, "counts.in_progress"), 1);
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=3300ms");
    assert_int_equal(statistic(stage, "counts.completed"), 1);
}

static void test_a_checkpoint_goes_through_its_life_step_by_step(void **state)
{
    struct control_stage *stage = *state;
    event(stage, "J/trigger?checkpoint=7&type=savepoint");
    assert_int_equal(statistic(stage, "counts.in_progress"), 1);
    event(stage, "J/acknowledge?checkpoint=7");
    event(stage, "J/complete?checkpoint=7");
    assert_int_equal(statistic(stage, "latest.savepoint.id"), 7);
    event(stage, "J/complete");
    assert_int_equal(statistic(stage, "latest.completed.id"), 8);
}

static void test_a_checkpoint_fails_with_its_message_or_before_it_is_pending(void **state)
{
    struct control_stage *stage = *state;
    event(stage, "J/fail-checkpoint?message=no+room%21");
    json_t *root = stage_read(stage, PLAN_J_STATISTICS);
    const json_t *failed = json_object_get(json_object_get(root, "latest"), "failed");
    assert_string_equal(json_string_value(json_object_get(failed, "failure_message")), "no room!");
    json_decref(root);
    event(stage, "J/fail-to-trigger");
    assert_int_equal(statistic(stage, "counts.failed"), 2);
}

static void test_a_discarded_checkpoint_is_named(void **state)
{
    struct control_stage *stage = *state;
    event(stage, "J/complete");
    stage_refused(stage, METHOD_POST, "/freshcheck/jobs/J/discard", NULL, 400, "which checkpoint");
    event(stage, "J/discard?checkpoint=1");
    json_t *root = stage_read(stage, PLAN_J_STATISTICS);
    const json_t *completed = json_object_get(json_object_get(root, "latest"), "completed");
    assert_true(json_is_true(json_object_get(completed, "discarded")));
    json_decref(root);
}

static void test_a_job_restarts_and_comes_back(void **state)
{
    struct control_stage *stage = *state;
    event(stage, "J/complete");
    event(stage, "J/restart?takes=2s&message=out+of+luck&exception=java.io.IOException");
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?by=1999ms");
    assert_string_equal(state_of(stage, PLAN_J), "RESTARTING");
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?by=1s");
    assert_int_equal(statistic(stage, "latest.restored.id"), 1);
}

static void test_a_job_ends_in_each_way(void **state)
{
    static const char *const ways[][2] = {
        {"finish", "FINISHED"}, {"fail", "FAILED"}, {"cancel", "CANCELED"}};
    for (size_t i = 0; i < 3; i++) {
        char call[32];
        struct control_stage *stage = *state;
        snprintf(call, sizeof call, "J/%s", ways[i][0]);
        event(stage, call);
        assert_string_equal(state_of(stage, PLAN_J), ways[i][1]);
        json_t *root = stage_ask(stage, METHOD_GET, "/freshcheck/jobs", NULL, 200);
        assert_int_equal(json_array_size(json_object_get(root, "jobs")), 0);
        json_decref(root);
        stage_tear_down(state);
        set_up(state);
    }
}

static void test_a_job_of_the_plan_can_be_started(void **state)
{
    struct control_stage *stage = *state;
    event(stage, "K/initialize");
    event(stage, "K/run");
    assert_string_equal(state_of(stage, PLAN_K), "RUNNING");
    json_t *root = stage_ask(stage, METHOD_GET, "/freshcheck/jobs", NULL, 200);
    const json_t *second = json_array_get(json_object_get(root, "jobs"), 1);
    assert_string_equal(json_string_value(json_object_get(second, "name")), "K");
    assert_string_equal(json_string_value(json_object_get(second, "id")), PLAN_K);
    assert_string_equal(json_string_value(json_object_get(second, "state")), "RUNNING");
    json_decref(root);
}

static void test_a_job_is_named_by_id_too_and_an_unknown_one_is_not_found(void **state)
{
    struct control_stage *stage = *state;
    event(stage, PLAN_J "/complete");
    assert_int_equal(statistic(stage, "counts.completed"), 1);
    stage_refused(stage, METHOD_POST, "/freshcheck/jobs/X/complete", NULL, 404, "neither the id");
    stage_refused(stage, METHOD_POST, "/freshcheck/jobs/00000000000000000000000000000001/complete",
                  NULL, 404, "there is no job 0000");
}

static void test_a_job_that_has_ended_or_not_begun_is_refused_what_it_cannot_do(void **state)
{
    struct control_stage *stage = *state;
    stage_refused(stage, METHOD_POST, "/freshcheck/jobs/K/complete", NULL, 409,
                  "job K has ended or was not started; it cannot complete now");
    event(stage, "J/finish");
    stage_refused(stage, METHOD_POST, "/freshcheck/jobs/J/cancel", NULL, 409, "cannot cancel now");
    assert_string_equal(state_of(stage, PLAN_J), "FINISHED");
    /* By then it may be there. */
    event(stage, "K/complete?in=2s");
    event(stage, "K/run");
    event(stage, "K/complete");
}

static void test_what_an_event_cannot_take_is_refused(void **state)
{
    struct control_stage *stage = *state;
    stage_refused(stage, METHOD_POST, "/freshcheck/jobs/J/complete?type=savepint", NULL, 400,
                  "type=savepint is unknown; did you mean 'savepoint'?");
    stage_refused(stage, METHOD_POST, "/freshcheck/jobs/J/complete?checkpoint=0", NULL, 400,
                  "whole number");
    stage_refused(stage, METHOD_POST, "/freshcheck/jobs/J/finish?takes=1s", NULL, 400,
                  "has no parameter 'takes'");
    stage_refused(stage, METHOD_POST, "/freshcheck/jobs/J/trigger?in=-1s", NULL, 400, "in=-1s");
    assert_int_equal(statistic(stage, "counts.total"), 0);
}

static void test_the_names_of_types_may_be_written_with_blanks_hyphens_or_capitals(void **state)
{
    event(*state, "J/complete?type=SYNC_SAVEPOINT");
    event(*state, "J/complete?type=sync-savepoint");
    event(*state, "J/complete?type=Sync+savepoint");
    assert_int_equal(statistic(*state, "latest.savepoint.id"), 3);
}

static void test_without_a_leader_calls_fail_and_jobs_come_back_later(void **state)
{
    struct control_stage *stage = *state;
    event(stage, "J/complete");
    json_t *root = stage_ask(stage, METHOD_POST, "/freshcheck/leader/lose?for=5s", NULL, 200);
    assert_int_equal(json_integer_value(json_object_get(root, "jobs")), 1);
    assert_int_equal(json_integer_value(json_object_get(root, "back_us")), 6000000);
    json_decref(root);
    assert_int_equal(statistic(stage, "counts.completed"), INT64_MIN);
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?by=5s");
    assert_string_equal(state_of(stage, PLAN_J), "RUNNING");
    assert_int_equal(statistic(stage, "counts.completed"), 0);
    assert_int_equal(statistic(stage, "latest.restored.id"), 1);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(test_a_checkpoint_completes_at_once),
        STAGED(test_a_checkpoint_that_takes_time_is_pending_from_now_until_then),
        STAGED(test_in_says_when_it_begins),
        STAGED(test_a_checkpoint_goes_through_its_life_step_by_step),
        STAGED(test_a_checkpoint_fails_with_its_message_or_before_it_is_pending),
        STAGED(test_a_discarded_checkpoint_is_named),
        STAGED(test_a_job_restarts_and_comes_back),
        STAGED(test_a_job_ends_in_each_way),
        STAGED(test_a_job_of_the_plan_can_be_started),
        STAGED(test_a_job_is_named_by_id_too_and_an_unknown_one_is_not_found),
        STAGED(test_a_job_that_has_ended_or_not_begun_is_refused_what_it_cannot_do),
        STAGED(test_what_an_event_cannot_take_is_refused),
        STAGED(test_the_names_of_types_may_be_written_with_blanks_hyphens_or_capitals),
        STAGED(test_without_a_leader_calls_fail_and_jobs_come_back_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
