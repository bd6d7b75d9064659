/* rooms: harness/target harness/live harness/replay harness/clients harness/observer harness/cluster harness/control harness/implementations harness/scenario harness/conform harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/target/bound_plan.h"
#include "harness/target/job_life.h"
#include "tests/scenario_texts.h"

static const struct id there = {0x11, 0x22}, there_too = {0x33, 0x44};
#define THERE "00000000000000110000000000000022"

static struct plan *load_parts(const char *jobs, const char *clients)
{
    char text[1000];
    snprintf(text, sizeof text, HEAD "jobmanager: %s\nclients: %s\n" CLAIMS, jobs, clients);
    return load(text);
}

/* --- what is the scenario's own -------------------------------------------------------------- */

static void what_a_scenario_may_not_do_to_a_job_of_others_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *jobs, *client, *what; /* NULL: nothing */
    } cases[] = {
        {"{J: {checkpoints: {every: 1 s}}}", "{at 1 s: [trigger a checkpoint of J, job J]}", NULL},
        {"{J: {}}", "{polls: J, every: 1 s}", NULL},
        {"{J: {at 50 ms: runs}}", "{at 1 s: job J}", "J is started at 50.0 ms"},
        {"{J: {at 50 ms: initializes}}", "{at 1 s: job J}", "J is started at 50.0 ms"},
        {"{J: {at 2 s: finishes}}", "{at 1 s: job J}", "J finishes at 2.0 s"},
        {"{J: {at 2 s: restarts}}", "{at 1 s: job J}", "J restarts at 2.0 s"},
        {"{J: {at 2 s: is cancelled}}", "{at 1 s: job J}", "J is cancelled at 2.0 s"},
        {"{J: {}}", "{at 1 s: cancel J}", "J is cancelled at 1.0 s"},
        {"{J: {}, K: {exists: later}}", "{migrates: J, to: K, at: 1 s}", "K is started"},
        {"{J: {}}", "{at 1 s: details of checkpoint 1 of J}",
         "J has a checkpoint of a given number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char clients[200];
        struct buffer what = {0};
        snprintf(clients, sizeof clients, "{c: %s}", cases[i].client);
        struct plan *plan = load_parts(cases[i].jobs, clients);
        assert_int_equal(job_life_is_own(plan, &what), cases[i].what != NULL);
        buffer_char(&what, '\0');
        assert_string_equal(what.bytes, cases[i].what ? cases[i].what : "");
        buffer_free(&what);
        plan_free(plan);
    }
}

static void assert_order(const char *jobs, const char *path, const char *order)
{
    struct plan *plan = load_parts(jobs, "{c: {at 5 s: job J}}");
    struct buffer out = {0};
    job_life_order(plan, 0, there, path, &out);
    buffer_char(&out, '\0');
    assert_string_equal(out.bytes, order);
    buffer_free(&out);
    plan_free(plan);
}

static void an_order_tells_the_program_the_life_of_its_job(void **state)
{
    (void)state;
    assert_order("{J: {}}", NULL,
                 "{\"jobId\":\"" THERE "\",\"programArgsList\":[\"--interval-ms\",\"0\","
                 "\"--snapshot-ms\",\"0\",\"--name\",\"J\"]}");
    /* Times count from the start of the job. */
    assert_order(
        "{J: {state size: 2 kB, checkpoints: {every: 400 ms, takes: 30 ms},"
        " at 1 s: runs, at 1500 ms: restarts, at 3 s: finishes}}",
        "file:/a",
        "{\"jobId\":\"" THERE "\",\"savepointPath\":\"file:/a\",\"programArgsList\":["
        "\"--interval-ms\",\"400\",\"--snapshot-ms\",\"30\",\"--state-bytes\",\"2000\","
        "\"--restart-after-ms\",\"500\",\"--finish-after-ms\",\"2000\",\"--name\",\"J\"]}");
}

/* --- ids ------------------------------------------------------------------------------------- */

#define JOBS "{J: {}, K: {at 300 ms: runs, at 900 ms: is cancelled}}"
#define CLIENTS                                                                              \
    "{a: {at 1 s: [GET /jobs/K/plan?a=b, GET /jobs/0123456789abcdef0123456789abcdef/plan]}," \
    " b: {polls: J, every: 1 s}}"

static void jobs_have_the_ids_of_the_cluster_in_paths_too(void **state)
{
    (void)state;
    struct plan *plan = load_parts(JOBS, CLIENTS);
    const struct id ids[] = {there_too, there};
    struct bound_plan bound;
    assert_true(bound_plan_make(&bound, plan, ids, NULL));
    assert_true(id_equal(bound.plan.jobs[0].id, there_too));
    assert_true(id_equal(bound.plan.jobs[1].id, there));
    assert_string_equal(bound.plan.jobs[1].name, "K");
    assert_int_equal(bound.plan.client_count, 2);
    assert_string_equal(bound.plan.clients[0].steps[0].target, "/jobs/" THERE "/plan?a=b");
    assert_string_equal(bound.plan.clients[0].steps[1].target,
                        "/jobs/0123456789abcdef0123456789abcdef/plan");
    assert_int_equal(bound.plan.clients[1].every_us, 1000000);
    bound_plan_free(&bound);
    plan_free(plan);
}

static void a_jar_brings_a_client_who_starts_and_cancels_jobs(void **state)
{
    (void)state;
    struct plan *plan = load_parts(JOBS, CLIENTS);
    const struct id ids[] = {there_too, there};
    struct bound_plan bound;
    assert_true(bound_plan_make(&bound, plan, ids, "/jars/7.jar"));
    assert_int_equal(bound.plan.client_count, 3);
    const struct client_plan *caller = &bound.plan.clients[2];
    assert_int_equal(caller->kind, CLIENT_SCRIPTED);
    assert_int_equal(caller->count, 1);
    assert_int_equal(caller->step_count, 2);
    assert_int_equal(caller->steps[0].at_us, 300000);
    assert_int_equal(caller->steps[0].kind, STEP_POST_TARGET);
    assert_string_equal(caller->steps[0].target, "/jars/7.jar/run");
    assert_non_null(strstr(caller->steps[0].body, "\"jobId\":\"" THERE "\""));
    assert_int_equal(caller->steps[1].at_us, 900000);
    assert_int_equal(caller->steps[1].kind, STEP_CANCEL);
    assert_int_equal(caller->steps[1].job, 1);
    bound_plan_free(&bound);
    plan_free(plan);
}

static void bind_all(void *context, bool may_fail)
{
    const struct id ids[] = {there, there_too};
    struct bound_plan bound;
    const bool made = bound_plan_make(&bound, context, ids, "/jars/7.jar");
    assert_true(made || may_fail);
    bound_plan_free(&bound);
}

static void binding_survives_every_failing_allocation(void **state)
{
    (void)state;
    struct plan *plan = load_parts(JOBS, CLIENTS);
    assert_true(fail_each_allocation(bind_all, plan) > 5);
    plan_free(plan);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_scenario_may_not_do_to_a_job_of_others_is_told),
        cmocka_unit_test(an_order_tells_the_program_the_life_of_its_job),
        cmocka_unit_test(jobs_have_the_ids_of_the_cluster_in_paths_too),
        cmocka_unit_test(a_jar_brings_a_client_who_starts_and_cancels_jobs),
        cmocka_unit_test(binding_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
