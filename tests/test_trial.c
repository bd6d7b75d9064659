/* rooms: harness/trial harness/explore harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "harness/trial/trial.h"
#include "tests/support/small_plan.h"

/* One who reads once, after both completions. */
static const struct client_step reads_late[] = {
    {.at_us = 300 * PLAN_MS, .kind = STEP_GET_STATISTICS}};
static const struct client_step reads_twice[] = {
    {.at_us = 100 * PLAN_MS, .kind = STEP_GET_STATISTICS},
    {.at_us = 300 * PLAN_MS, .kind = STEP_GET_STATISTICS}};
static const struct client_plan one_read[] = {
    {.name = "script", .kind = CLIENT_SCRIPTED, .count = 1, .steps = reads_late, .step_count = 1}};
static const struct client_plan two_reads[] = {
    {.name = "script", .kind = CLIENT_SCRIPTED, .count = 1, .steps = reads_twice, .step_count = 2}};

/* Three events in "once", four in "twice" and "again"; all claim that answers are fresh. */
struct stage {
    struct plan once, twice, again;
};

static struct stage three_plans(void)
{
    struct stage stage = {small_plan(), small_plan(), small_plan()};
    stage.once.name = "once";
    stage.once.clients = one_read;
    stage.twice.name = "twice";
    stage.twice.clients = two_reads;
    stage.again.name = "again";
    stage.again.clients = two_reads;
    stage.once.client_count = stage.twice.client_count = stage.again.client_count = 1;
    return stage;
}

static struct trial_outcome put_on_trial(struct plan *const *plans, size_t count, const char *name,
                                         uint64_t seed_max)
{
    struct trial_outcome outcome;
    const char *why = "";
    struct trial *trial = trial_new(plans, count, &why);
    assert_non_null(trial);
    assert_null(why);
    assert_null(trial_run(trial, implementation_find(name), seed_max, &outcome));
    trial_free(trial);
    return outcome;
}

static void the_smallest_scenario_that_kills_is_named_and_of_two_the_first_by_name(void **state)
{
    struct stage stage = three_plans();
    struct plan *const plans[] = {&stage.twice, &stage.again, &stage.once};
    (void)state;
    const struct trial_outcome outcome = put_on_trial(plans, 3, "never-refresh", 0);
    assert_true(outcome.killed);
    assert_string_equal(outcome.scenario->name, "again");
    assert_int_equal(outcome.events, 4);
    assert_int_equal(outcome.property, PROPERTY_FRESH);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        assert_int_equal(outcome.by[i], i == PROPERTY_FRESH);
}

static void what_no_scenario_tells_apart_survives(void **state)
{
    struct stage stage = three_plans();
    struct plan *const plans[] = {&stage.once};
    (void)state;
    const struct trial_outcome outcome = put_on_trial(plans, 1, "never-refresh", 0);
    assert_false(outcome.killed);
    assert_null(outcome.scenario);
    assert_int_equal(outcome.seed, 0);
}

static void a_claim_that_the_reference_breaks_counts_for_nothing(void **state)
{
    struct stage stage = three_plans();
    const struct fault busy = {.kind = FAULT_LOCK_BUSY,
                               .from_us = 90 * PLAN_MS,
                               .until_us = PLAN_SECOND,
                               .any_job = true,
                               .any_fetch = true};
    struct plan *const plans[] = {&stage.twice};
    (void)state;
    stage.twice.faults = &busy; /* then nobody can be fresh */
    stage.twice.fault_count = 1;
    assert_false(put_on_trial(plans, 1, "never-refresh", 0).killed);
}

static void a_property_that_is_not_claimed_kills_nobody(void **state)
{
    struct stage stage = three_plans();
    struct plan *const plans[] = {&stage.twice};
    (void)state;
    assert_false(put_on_trial(plans, 1, "history-oldest-first", 0).killed);
    stage.twice.claim.claimed[PROPERTY_CONSISTENT] = true;
    const struct trial_outcome outcome = put_on_trial(plans, 1, "history-oldest-first", 0);
    assert_true(outcome.killed);
    assert_int_equal(outcome.property, PROPERTY_CONSISTENT);
}

static void what_survives_is_tried_on_made_up_scenarios(void **state)
{
    (void)state;
    const struct trial_outcome outcome = put_on_trial(NULL, 0, "never-refresh", 50);
    assert_true(outcome.killed);
    assert_null(outcome.scenario);
    assert_in_range(outcome.seed, 1, 50);
    assert_in_range(outcome.events, 1, 8);
    assert_true(outcome.by[outcome.property]);
}

static void try_short_of_memory(void *context, bool may_fail)
{
    struct stage *stage = context;
    struct plan *const plans[] = {&stage->twice};
    struct trial_outcome outcome;
    const char *why;
    struct trial *trial = trial_new(plans, 1, &why);
    assert_true(trial || may_fail);
    if (trial)
        why = trial_run(trial, implementation_find("never-refresh"), 0, &outcome);
    if (why)
        assert_true(may_fail);
    else
        assert_true(outcome.killed);
    trial_free(trial);
}

static void without_memory_there_is_no_outcome(void **state)
{
    struct stage stage = three_plans();
    (void)state;
    assert_true(fail_each_allocation(try_short_of_memory, &stage) > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_scenario_that_kills_is_named_and_of_two_the_first_by_name),
        cmocka_unit_test(what_no_scenario_tells_apart_survives),
        cmocka_unit_test(a_claim_that_the_reference_breaks_counts_for_nothing),
        cmocka_unit_test(a_property_that_is_not_claimed_kills_nobody),
        cmocka_unit_test(what_survives_is_tried_on_made_up_scenarios),
        cmocka_unit_test(without_memory_there_is_no_outcome),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
