/* rooms: harness/explore harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/generate_internal.h"
#include "harness/explore/smallest.h"
#include "harness/explore/tally.h"
#include "harness/explore/write.h"
#include "harness/scenario/scenario.h"
#include "harness/virtual_time/run.h"

#ifdef __SANITIZE_ADDRESS__
enum { WRITTEN_SEEDS = 15 };
#else
enum { WRITTEN_SEEDS = 150 };
#endif

static const struct run_options run_options = {.seed = EXPLORE_RUN_SEED};

static struct plan *plan_of_seed(struct choices *choices, uint64_t seed)
{
    choices_draw(choices, seed);
    struct plan *plan = explore_generate(choices);
    assert_non_null(plan);
    return plan;
}

/* To be freed. */
static char *written(const struct plan *plan)
{
    struct buffer out = {0};
    explore_write(plan, &out);
    char *text = buffer_take(&out);
    assert_non_null(text);
    return text;
}

static struct run_result result_of(const struct plan *plan, const char *implementation)
{
    static struct run_result result;
    memset(&result, 0, sizeof result);
    assert_null(run_virtual(plan, implementation_find(implementation), &run_options, &result));
    return result;
}

static struct plan *loaded(const char *text)
{
    static const char *const names[] = {NULL};
    struct complaints complaints = {0};
    struct plan *plan = scenario_parse(text, strlen(text), "generated.yaml", names, &complaints);
    if (!plan) {
        struct buffer out = {0};
        complaints_print(&complaints, "generated.yaml", text, strlen(text), &out);
        print_error("%.*s\n%s\n", (int)out.length, out.bytes, text);
        buffer_free(&out);
    }
    complaints_free(&complaints);
    assert_non_null(plan);
    return plan;
}

static void test_nothing_but_zeros_is_the_simplest_scenario(void **state)
{
    (void)state;
    struct choices *choices = choices_new();
    struct plan *plan = explore_generate(choices);
    assert_non_null(plan);
    assert_int_equal(plan->job_count, 1);
    assert_int_equal(plan->event_count, 1);
    assert_int_equal(plan->events[0].kind, JOB_EVENT_COMPLETES);
    assert_int_equal(plan->fault_count, 0);
    assert_int_equal(plan->client_count, 1);
    assert_int_equal(plan->clients[0].step_count, 1);
    assert_int_equal(plan->clients[0].steps[0].kind, STEP_GET_STATISTICS);
    assert_true(plan->claim.claimed[PROPERTY_FRESH]);
    const struct run_result result = result_of(plan, "reference");
    assert_int_equal(result.judgement.whole, VERDICT_PASS);
    plan_free(plan);
    choices_free(choices);
}

static void test_what_was_drawn_can_be_played_back(void **state)
{
    (void)state;
    struct choices *choices = choices_new();
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct plan *drawn = plan_of_seed(choices, seed);
        size_t count;
        const uint64_t *taken = choices_taken(choices, &count);
        uint64_t *kept = malloc(count * sizeof *kept);
        assert_non_null(kept);
        memcpy(kept, taken, count * sizeof *kept);
        choices_replay(choices, kept, count);
        struct plan *played = explore_generate(choices);
        char *first = written(drawn), *second = written(played);
        assert_string_equal(first, second);
        free(first);
        free(second);
        free(kept);
        plan_free(drawn);
        plan_free(played);
    }
    choices_free(choices);
}

/* The loader accepts it, and it does the same: also what is not written can be seen there. */
static void test_what_is_written_loads_to_the_same_scenario(void **state)
{
    (void)state;
    struct choices *choices = choices_new();
    for (uint64_t seed = 1; seed <= WRITTEN_SEEDS; seed++) {
        struct plan *drawn = plan_of_seed(choices, seed);
        char *text = written(drawn);
        struct plan *read = loaded(text);
        read->title = drawn->title;
        read->why = drawn->why;
        char *again = written(read);
        assert_string_equal(again, text);
        assert_memory_equal(&read->claim, &drawn->claim, sizeof read->claim);
        assert_int_equal(read->live, drawn->live);
        const struct run_result first = result_of(drawn, "flink-1.18");
        const struct run_result second = result_of(read, "flink-1.18");
        assert_memory_equal(&first, &second, sizeof first);
        free(text);
        free(again);
        plan_free(drawn);
        plan_free(read);
    }
    choices_free(choices);
}

/* Every number larger than what fits, or every one the largest: still a scenario that runs. */
static void test_any_sequence_of_numbers_is_a_scenario(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    static uint64_t numbers[COUNT];
    struct choices *choices = choices_new();
    for (uint64_t step = 1; step <= 8; step++) {
        for (size_t i = 0; i < COUNT; i++)
            numbers[i] = i % step == 0 ? UINT64_MAX : i * step;
        choices_replay(choices, numbers, COUNT);
        struct plan *plan = explore_generate(choices);
        assert_non_null(plan);
        const struct run_result result = result_of(plan, "reference");
        for (size_t i = 0; i < PROPERTY_COUNT; i++)
            assert_int_not_equal(result.judgement.properties[i].verdict, VERDICT_FAIL);
        plan_free(plan);
    }
    choices_free(choices);
}

static void test_what_breaks_is_made_small_and_breaks_still(void **state)
{
    static const struct {
        const char *name;
        enum property breaks;
    } cases[] = {{"stampede", PROPERTY_BOUNDED_LOAD},
                 {"never-refresh", PROPERTY_BOUNDED_AGE},
                 {"failures-kept", PROPERTY_NO_KEPT_ERROR}};
    static struct run_result result;
    const struct effort effort = {.tries_max = 4000};
    struct choices *choices = choices_new();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct implementation *implementation = implementation_find(cases[i].name);
        const struct property_verdict *verdict = &result.judgement.properties[cases[i].breaks];
        struct plan *plan = NULL;
        uint64_t seed = 0;
        do {
            plan_free(plan);
            assert_null(explore_seed(choices, ++seed, implementation, 0, &plan, &result));
        } while (!plan->claim.claimed[cases[i].breaks] || verdict->verdict != VERDICT_FAIL);
        const struct failure_kind kind = {cases[i].breaks, verdict->layer};
        struct exploration_failure failure = {.found = true, .seed = seed};
        plan_free(plan);
        assert_true(explore_make_small(choices, implementation, kind, &effort, &failure));
        plan = explore_show(choices, implementation, &failure, &result);
        free(failure.choices);
        assert_non_null(plan);
        assert_int_equal(verdict->layer, kind.layer);
        assert_int_equal(verdict->verdict, VERDICT_FAIL);
        assert_true(plan->claim.claimed[cases[i].breaks]);
        assert_in_range(plan_size(plan), 1, 8);
        plan_free(plan);
    }
    choices_free(choices);
}

/* So many runs more are wanted; afterwards nobody asks for one again. */
static bool wants_more(void *context)
{
    int *left = context;
    assert_true(*left >= 0);
    return (*left)-- > 0;
}

static void test_what_nobody_waits_for_stays_as_small_as_it_got(void **state)
{
    const struct implementation *implementation = implementation_find("stampede");
    const struct failure_kind kind = {PROPERTY_BOUNDED_LOAD, LAYER_STATISTICS_CACHE};
    size_t counts[3];
    struct choices *choices = choices_new();
    (void)state;
    for (int i = 0; i < 3; i++) {
        int left = i == 2 ? INT_MAX : i * 30;
        const struct effort effort = {4000, wants_more, &left};
        struct exploration_failure failure = {.found = true, .seed = 2};
        assert_true(explore_make_small(choices, implementation, kind, &effort, &failure));
        assert_true(left == -1 || i == 2);
        counts[i] = failure.choice_count;
        free(failure.choices);
    }
    assert_true(counts[0] > counts[1]);
    assert_true(counts[1] > counts[2]);
    choices_free(choices);
}

/* The reference, but for what is said of its conduct at the end of each run. */
struct misbehaved {
    struct conduct conduct;
    struct subject_operations operations;
    size_t starts;
};

static struct misbehaved misbehaved;

static const struct conduct *conclude(struct subject *subject, int64_t now_us, bool ends)
{
    static const struct conduct none;
    (void)subject, (void)now_us;
    return ends ? &misbehaved.conduct : &none;
}

static struct subject *start_misbehaved(void *context, const struct subject_options *options)
{
    struct subject *subject = implementation_start(implementation_find("reference"), options);
    (void)context;
    assert_non_null(subject);
    misbehaved.starts++;
    misbehaved.operations = *subject->operations;
    misbehaved.operations.conclude = conclude;
    subject->operations = &misbehaved.operations;
    return subject;
}

/* In how many runs something else is made small that no run shows. */
static size_t runs_with(const char *conduct)
{
    const struct foreign_implementation source = {
        .name = "misbehaved", .summary = "", .start = start_misbehaved};
    const struct effort effort = {.tries_max = HUNG_RUNS_MAX + 1};
    const struct failure_kind never = {PROPERTY_FRESH, LAYER_CACHE};
    struct implementation *implementation = implementation_from(&source);
    struct choices *choices = choices_new();
    struct exploration_failure failure = {.found = true, .seed = 1};
    misbehaved = (struct misbehaved){.conduct = {.kind = conduct, .cause = "was seen", .calls = 1}};
    assert_true(explore_make_small(choices, implementation, never, &effort, &failure));
    free(failure.choices);
    choices_free(choices);
    implementation_free(implementation);
    return misbehaved.starts;
}

static void test_what_hangs_is_not_waited_for_over_and_over(void **state)
{
    (void)state;
    assert_int_equal(runs_with("hung"), HUNG_RUNS_MAX);
    assert_int_equal(runs_with("crashed"), HUNG_RUNS_MAX + 1);
}

static void make_small(void *context, bool may_fail)
{
    struct choices *choices = choices_new();
    const struct implementation *implementation = implementation_find("reference");
    const struct failure_kind kind = {PROPERTY_FRESH, LAYER_CACHE};
    const struct effort effort = {.tries_max = 2};
    struct exploration_failure failure = {.found = true, .seed = 1};
    struct run_result result;
    (void)context;
    if (choices) {
        const bool small = explore_make_small(choices, implementation, kind, &effort, &failure);
        struct plan *plan = explore_show(choices, implementation, &failure, &result);
        assert_true((small && plan) || may_fail);
        assert_true(small == (failure.choices != NULL));
        plan_free(plan);
    }
    free(failure.choices);
    choices_free(choices);
}

static void make_one(void *context, bool may_fail)
{
    struct choices *choices = choices_new();
    struct buffer out = {0};
    (void)context;
    if (choices) {
        choices_draw(choices, 3);
        struct plan *plan = explore_generate(choices);
        assert_true(plan || may_fail);
        if (plan)
            explore_write(plan, &out);
        assert_true(!out.failed || may_fail);
        plan_free(plan);
    }
    buffer_free(&out);
    choices_free(choices);
}

/* Checkpoints every 100 ms, of which three are retained: a path is handed out for 200 ms more. */
static void test_delays_at_one_time_all_take_from_the_life_of_a_path(void **state)
{
    const struct job_plan job = {.rhythm = {.interval_us = 100 * MS, .concurrent_max = 1}};
    const struct fault delays[] = {{.kind = FAULT_DELAY, .delay_us = 10 * MS},
                                   {.kind = FAULT_DELAY, .delay_us = 50 * MS}};
    struct plan plan = {.jobs = &job, .job_count = 1, .faults = delays};
    (void)state;
    settings_default(&plan.settings);
    assert_null(settings_put(&plan.settings, "state.checkpoints.num-retained", "3"));
    assert_null(settings_put(&plan.settings, "rest.cache.checkpoint-statistics.timeout", "0 ms"));
    assert_int_equal(path_life_us(&plan), 200 * MS);
    plan.fault_count = 1;
    assert_int_equal(path_life_us(&plan), 190 * MS);
    plan.fault_count = 2;
    assert_int_equal(path_life_us(&plan), 140 * MS);
}

static void test_without_memory_there_is_no_plan(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(make_one, NULL) > 5);
    assert_true(fail_each_allocation(make_small, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_but_zeros_is_the_simplest_scenario),
        cmocka_unit_test(test_what_was_drawn_can_be_played_back),
        cmocka_unit_test(test_what_is_written_loads_to_the_same_scenario),
        cmocka_unit_test(test_any_sequence_of_numbers_is_a_scenario),
        cmocka_unit_test(test_what_breaks_is_made_small_and_breaks_still),
        cmocka_unit_test(test_what_nobody_waits_for_stays_as_small_as_it_got),
        cmocka_unit_test(test_what_hangs_is_not_waited_for_over_and_over),
        cmocka_unit_test(test_delays_at_one_time_all_take_from_the_life_of_a_path),
        cmocka_unit_test(test_without_memory_there_is_no_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
