/* rooms: harness/virtual_time harness/observer harness/cluster harness/clients harness/shared_object harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/shared_object/shared_object.h"
#include "harness/virtual_time/run.h"
#include "tests/support/small_plan.h"

/* Objects that hang are given up after this. What these objects do takes no time at all. */
static const struct call_limits limits = {.processor_us = 60000, .asleep_us = 100000};

static const struct run_options options = {.seed = 1, .parse_every = 1};

static struct shared_object *load(const char *name, char why[512])
{
    char path[256];
    const char *build = getenv("BUILD");
    snprintf(path, sizeof path, "./%s/tests/shared_objects/%s.so", build ? build : "build/gcc",
             name);
    return shared_object_load(path, &limits, why, 512);
}

static const struct client_step reads[] = {
    {.at_us = 100 * PLAN_MS, .kind = STEP_GET_STATISTICS},
    {.at_us = 300 * PLAN_MS, .kind = STEP_GET_STATISTICS},
};
static const struct client_plan reader[] = {
    {.name = "reader", .kind = CLIENT_SCRIPTED, .count = 1, .steps = reads, .step_count = 2},
};

static struct run_result run(const struct shared_object *object)
{
    struct run_result result;
    struct plan plan = small_plan();
    plan.clients = reader;
    plan.client_count = 1;
    assert_null(run_virtual(&plan, shared_object_implementation(object), &options, &result));
    return result;
}

static const struct property_verdict *conduct_in(const struct run_result *result)
{
    assert_true(result->judgement.claim.claimed[PROPERTY_WELL_BEHAVED]);
    return &result->judgement.properties[PROPERTY_WELL_BEHAVED];
}

/* Misconduct has its name and says in which call; and the next run has it again, for it has a worker
 * of its own. */
static void expect_misconduct(const char *name, enum layer misconduct, const char *says)
{
    char why[512];
    struct shared_object *object = load(name, why);
    if (!object)
        fail_msg("%s: %s", name, why);
    for (int i = 0; i < 2; i++) {
        const struct run_result result = run(object);
        const struct property_verdict *verdict = conduct_in(&result);
        if (verdict->verdict != VERDICT_FAIL)
            fail_msg("%s is well-behaved", name);
        assert_int_equal(result.judgement.whole, VERDICT_FAIL);
        if (verdict->layer != misconduct || !strstr(verdict->cause, says))
            fail_msg("%s: %s, not %s with '%s'", name, verdict->cause, layer_name(misconduct),
                     says);
    }
    shared_object_unload(object);
}

static void test_misconduct_has_its_name(void **state)
{
    static const struct {
        const char *name;
        enum layer misconduct;
        const char *says;
    } bad[] = {
        {"crashes", LAYER_CRASHED,
         "SIGSEGV in request(), by a pointer that is NULL, at GET /jobs/"},
        {"crashes_on_open", LAYER_CRASHED, "SIGSEGV in open()"},
        {"aborts", LAYER_CRASHED, "SIGABRT in fetched()"},
        {"is_killed", LAYER_CRASHED, "SIGKILL"},
        {"hangs", LAYER_HUNG, "did not come back from request() after 0.1 s of processor time"},
        {"sleeps", LAYER_HUNG, "did not come back from fetched() after 0.1 s, asleep"},
        {"endless", LAYER_HUNG, "no end of actions in next()"},
        {"exits", LAYER_EXITED, "called exit(3) in fetched()"},
        {"quits", LAYER_EXITED, "ended its process with code 4"},
        {"leaks", LAYER_LEAKED, "bytes still allocated after close()"},
        {"leaks_itself", LAYER_LEAKED, "bytes still allocated after close()"},
        {"prints", LAYER_WROTE_TO_STDOUT, "wrote 20 bytes to standard output"},
        {"answers_twice", LAYER_ANSWERED_TWICE, "answered request 1, which it had answered before"},
        {"answers_nobody", LAYER_ANSWERED_NOBODY,
         "answered request 1000000, which nobody had made"},
        {"answers_untaken", LAYER_ANSWERED_NOBODY, "answered request 1 and did not take it"},
        {"never_answers", LAYER_NEVER_ANSWERED, "took 2 requests that it did not answer"},
        {"writes_past_action", LAYER_WROTE_PAST_BUFFER, "wrote in next()"},
        {"writes_before_action", LAYER_WROTE_PAST_BUFFER, "wrote in next()"},
        {"writes_to_request", LAYER_WROTE_PAST_BUFFER, "wrote in request()"},
        {"reads_past_request", LAYER_READ_PAST_BUFFER, "read in request()"},
        {"unknown_action", LAYER_BROKE_CONTRACT, "no action of kind 77"},
        {"fetches_twice", LAYER_BROKE_CONTRACT, "FETCH 1 has a name that is in use"},
        {"replies_too_early", LAYER_BROKE_CONTRACT,
         "FETCH 1, which was released, has brought nothing"},
        {"dangling_body", LAYER_CRASHED, "the reading of its reply's body"},
        {"answers_rubbish", LAYER_BROKE_CONTRACT, "JSON"},
        {"no_instance", LAYER_BROKE_CONTRACT, "open() returned NULL"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_misconduct(bad[i].name, bad[i].misconduct, bad[i].says);
}

static void test_what_is_no_misconduct_passes(void **state)
{
    static const char *const good[] = {"plain", "bytes", "not_mine", "keeps_a_library"};
    char why[512];
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct shared_object *object = load(good[i], why);
        assert_non_null(object);
        const struct run_result result = run(object);
        if (conduct_in(&result)->verdict != VERDICT_PASS)
            fail_msg("%s: %s", good[i], conduct_in(&result)->cause);
        assert_int_equal(result.judgement.properties[PROPERTY_FRESH].verdict, VERDICT_PASS);
        assert_int_equal(result.judgement.whole, VERDICT_PASS);
        shared_object_unload(object);
    }
}

static void test_a_request_that_cannot_be_taken_is_a_failure_for_its_client(void **state)
{
    char why[512];
    (void)state;
    struct shared_object *object = load("no_memory", why);
    assert_non_null(object);
    const struct run_result result = run(object);
    assert_int_equal(conduct_in(&result)->verdict, VERDICT_PASS);
    assert_int_equal(result.tally.statistics.errors, 2);
    shared_object_unload(object);
}

static void test_what_is_no_implementation_is_not_loaded(void **state)
{
    static const struct {
        const char *name, *says;
    } bad[] = {
        {"wrong_version",
         "wrong-version: it was built for freshcheck/implementation.h of version 2"},
        {"wrong_size", "wrong-version: the size of its freshcheck_implementation, 8 bytes"},
        {"missing_symbol", "missing-symbol: it does not define 'freshcheck_implementation'"},
        {"missing_function",
         "missing-symbol: its freshcheck_implementation has no function 'next'"},
        {"undefined_symbol", "missing-symbol: "},
        {"there_is_no_such_file", "not-loadable: "},
        {"../../../../tests/shared_objects/plain.c", "not-loadable: "},
        {"exits_on_load", "exited: ended its process with code 7 while it was loaded"},
        {"crashes_on_load", "crashed: ended by SIGABRT while it was loaded"},
        {"hangs_on_load", "hung: it does not come back from being loaded"},
    };
    char why[512];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_null(load(bad[i].name, why));
        if (strncmp(why, bad[i].says, strlen(bad[i].says)) != 0)
            fail_msg("%s: %s", bad[i].name, why);
    }
}

static void test_the_same_run_gives_the_same_result(void **state)
{
    char why[512];
    (void)state;
    struct shared_object *object = load("leaks", why);
    assert_non_null(object);
    const struct run_result first = run(object);
    const struct run_result second = run(object);
    assert_string_equal(conduct_in(&first)->cause, conduct_in(&second)->cause);
    assert_int_equal(conduct_in(&first)->tested, conduct_in(&second)->tested);
    shared_object_unload(object);
}

struct memory_case {
    const struct shared_object *object;
};

/* Out of memory is no result, and nobody's misconduct. */
static void run_without_memory(void *context, bool may_fail)
{
    const struct memory_case *memory = context;
    struct run_result result;
    struct plan plan = small_plan();
    plan.clients = reader;
    plan.client_count = 1;
    const char *why =
        run_virtual(&plan, shared_object_implementation(memory->object), &options, &result);
    if (!why) {
        if (conduct_in(&result)->verdict != VERDICT_PASS)
            fail_msg("%s", conduct_in(&result)->cause);
        return;
    }
    assert_true(may_fail);
    assert_string_equal(why, "out of memory");
}

static void test_any_allocation_may_fail(void **state)
{
    char why[512];
    (void)state;
    struct shared_object *object = load("bytes", why);
    assert_non_null(object);
    struct memory_case memory = {object};
    assert_true(fail_each_allocation(run_without_memory, &memory) > 10);
    shared_object_unload(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misconduct_has_its_name),
        cmocka_unit_test(test_what_is_no_misconduct_passes),
        cmocka_unit_test(test_a_request_that_cannot_be_taken_is_a_failure_for_its_client),
        cmocka_unit_test(test_what_is_no_implementation_is_not_loaded),
        cmocka_unit_test(test_the_same_run_gives_the_same_result),
        cmocka_unit_test(test_any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
