/* rooms: reports harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>

#include "harness/virtual_time/run.h"
#include "reports/report.h"
#include "tests/support/small_plan.h"

static const struct run_options options = {.seed = 1, .parse_every = 1};

static struct run_result run(const struct plan *plan, const char *implementation)
{
    struct run_result result;
    const char *why = run_virtual(plan, implementation_find(implementation), &options, &result);
    assert_null(why);
    return result;
}

/* Everything about a result, as text to free(). */
static char *text_of(const struct run_result *result)
{
    const struct report_result line = {.subject = "small",
                                       .claim = "fresh",
                                       .judgement = &result->judgement,
                                       .measures = result->measures,
                                       .measure_count = result->measure_count};
    const struct report report = {.results = &line, .result_count = 1};
    struct buffer out = {0};
    report_json(&report, &out);
    buffer_printf(&out, "%llu reads, %llu fetches", (unsigned long long)result->reads,
                  (unsigned long long)result->fetches);
    char *text = buffer_take(&out);
    assert_non_null(text);
    return text;
}

static enum verdict verdict_on(const struct run_result *result, enum property property)
{
    return result->judgement.properties[property].verdict;
}

/* A dashboard's entry of 100 ms hides checkpoint 2, which completes at 200 ms, from a read at
 * 300 ms, where both share a cache. */
static const struct client_step read_at_300[] = {
    {.at_us = 300 * PLAN_MS, .kind = STEP_GET_STATISTICS}};
static const struct client_plan dashboard_and_reader[] = {
    {.name = "browser",
     .kind = CLIENT_DASHBOARD,
     .count = 1,
     .from_us = 100 * PLAN_MS,
     .until_us = PLAN_SECOND},
    {.name = "reader", .kind = CLIENT_SCRIPTED, .count = 1, .steps = read_at_300, .step_count = 1},
};

static struct plan hiding_plan(void)
{
    struct plan plan = small_plan();
    plan.clients = dashboard_and_reader;
    plan.client_count = 2;
    return plan;
}

static void a_shared_cache_hides_what_one_of_its_own_shows(void **state)
{
    (void)state;
    const struct plan plan = hiding_plan();
    const struct run_result good = run(&plan, "reference");
    const struct run_result bad = run(&plan, "flink-1.17");
    assert_int_equal(verdict_on(&good, PROPERTY_FRESH), VERDICT_PASS);
    assert_int_equal(verdict_on(&bad, PROPERTY_FRESH), VERDICT_FAIL);
    assert_int_equal(bad.judgement.properties[PROPERTY_FRESH].layer, LAYER_GRAPH_CACHE);
    assert_int_equal(good.reads, 7);
    assert_int_equal(bad.reads, 7);
}

static void one_run_gives_one_result(void **state)
{
    (void)state;
    const struct plan plan = hiding_plan();
    const struct run_result first = run(&plan, "flink-1.17");
    const struct run_result second = run(&plan, "flink-1.17");
    char *a = text_of(&first);
    char *b = text_of(&second);
    assert_string_equal(a, b);
    free(a);
    free(b);
}

/* A job with a rhythm, polled with jitter through a cache of 80 ms. */
static char *run_rhythm(uint64_t seed, uint32_t parse_every, bool write_bodies)
{
    const struct job_plan job = {.id = plan_jobs[0].id,
                                 .name = "J",
                                 .exists_at_start = true,
                                 .checkpointing = true,
                                 .vertices = plan_vertices,
                                 .vertex_count = 1,
                                 .rhythm = {.interval_us = 40 * PLAN_MS,
                                            .jitter_us = 30 * PLAN_MS,
                                            .takes_us = 5 * PLAN_MS,
                                            .takes_jitter_us = 20 * PLAN_MS,
                                            .checkpoint_failure_ppm = 100000,
                                            .savepoint_ppm = 50000,
                                            .restart_ppm = 50000,
                                            .failover_ppm = 20000,
                                            .ends_us = INT64_MAX}};
    const struct client_plan poller = {.name = "poller",
                                       .kind = CLIENT_POLLER,
                                       .count = 2,
                                       .until_us = 5 * PLAN_SECOND,
                                       .every_us = 30 * PLAN_MS,
                                       .jitter_us = 20 * PLAN_MS};
    struct plan plan = small_plan();
    struct run_result result;
    const struct run_options seeded = {
        .seed = seed, .parse_every = parse_every, .write_bodies = write_bodies};
    plan.jobs = &job;
    plan.job_count = 1;
    plan.event_count = 0;
    plan.clients = &poller;
    plan.client_count = 1;
    plan.end_us = 5 * PLAN_SECOND;
    plan.settings.stats_timeout_us = 80 * PLAN_MS;
    for (int i = 0; i < PROPERTY_COUNT; i++)
        plan.claim.claimed[i] = true;
    assert_null(run_virtual(&plan, implementation_find("flink-2.3"), &seeded, &result));
    assert_true(result.reads > 300);
    return text_of(&result);
}

static void one_seed_gives_one_result_and_another_another(void **state)
{
    (void)state;
    char *first = run_rhythm(1, 1, false);
    char *again = run_rhythm(1, 1, false);
    char *other = run_rhythm(2, 1, false);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    free(first);
    free(again);
    free(other);
}

static void whether_bodies_are_written_or_parsed_back_changes_nothing(void **state)
{
    (void)state;
    char *each = run_rhythm(7, 1, false);
    char *some = run_rhythm(7, 3, false);
    char *none = run_rhythm(7, 0, false);
    char *written = run_rhythm(7, 0, true);
    assert_string_equal(each, some);
    assert_string_equal(each, none);
    assert_string_equal(each, written);
    free(each);
    free(some);
    free(none);
    free(written);
}

/* Who answers first with an old state out of a cache that never refreshes: the first two read it
 * at 100 ms, before checkpoint 2. */
static const char *first_stale_reader(const struct client_plan *clients, size_t client_count)
{
    static char who[32];
    struct plan plan = small_plan();
    plan.clients = clients;
    plan.client_count = client_count;
    const struct run_result result = run(&plan, "never-refresh");
    const struct property_verdict *fresh = &result.judgement.properties[PROPERTY_FRESH];
    assert_int_equal(fresh->verdict, VERDICT_FAIL);
    assert_true(fresh->witness_count > 0);
    for (size_t i = 0; i < fresh->witness_count; i++) {
        if (fresh->witness[i].at_us == 300 * PLAN_MS)
            memcpy(who, fresh->witness[i].who, sizeof who);
    }
    return who;
}

static void clients_of_one_instant_act_in_the_order_they_were_scheduled(void **state)
{
    (void)state;
    static const struct client_step twice[] = {
        {.at_us = 100 * PLAN_MS, .kind = STEP_GET_STATISTICS},
        {.at_us = 300 * PLAN_MS, .kind = STEP_GET_STATISTICS},
    };
    const struct client_plan both_twice[] = {
        {.name = "first", .kind = CLIENT_SCRIPTED, .count = 1, .steps = twice, .step_count = 2},
        {.name = "second", .kind = CLIENT_SCRIPTED, .count = 1, .steps = twice, .step_count = 2},
    };
    const struct client_plan second_once[] = {
        {.name = "first", .kind = CLIENT_SCRIPTED, .count = 1, .steps = twice, .step_count = 2},
        {.name = "second",
         .kind = CLIENT_SCRIPTED,
         .count = 1,
         .steps = twice + 1,
         .step_count = 1},
    };
    assert_string_equal(first_stale_reader(both_twice, 2), "first");
    /* `first` is scheduled for 300 ms only at 100 ms, `second` from the start. */
    assert_string_equal(first_stale_reader(second_once, 2), "second");
}

static struct run_result run_migration(int64_t at_us, const char *implementation)
{
    const struct client_plan mover = {.name = "mover",
                                      .kind = CLIENT_MIGRATION,
                                      .count = 1,
                                      .job = 0,
                                      .to_job = 1,
                                      .from_us = at_us};
    const struct client_step early = {.at_us = 100 * PLAN_MS, .kind = STEP_GET_STATISTICS};
    const struct client_plan clients[] = {
        {.name = "early", .kind = CLIENT_SCRIPTED, .count = 1, .steps = &early, .step_count = 1},
        mover};
    struct plan plan = small_plan();
    plan.clients = clients;
    plan.client_count = 2;
    return run(&plan, implementation);
}

static void a_migration_is_measured(void **state)
{
    (void)state;
    const struct run_result good = run_migration(300 * PLAN_MS, "reference");
    const struct run_result bad = run_migration(300 * PLAN_MS, "never-refresh");
    assert_int_equal(good.measure_count, 2);
    assert_true(good.measures[0].value == 0);
    assert_true(good.measures[1].value == 0);
    assert_true(bad.measures[0].value == 150); /* triggered at 40 ms and at 190 ms */
    assert_true(bad.measures[1].value == 1);
}

static void what_completes_at_the_instant_of_a_call_is_seen_by_it(void **state)
{
    (void)state;
    /* Asked at 199 ms, the call arrives at 200 ms: the completion was scheduled first. */
    const struct run_result seen = run_migration(199 * PLAN_MS, "reference");
    assert_true(seen.measures[1].value == 0);
    const struct run_result missed = run_migration(199 * PLAN_MS - 1, "reference");
    assert_true(missed.measures[1].value == 1);
}

static struct run_result run_late_reader(int64_t at_us, const struct fault *fault)
{
    const struct client_step step = {.at_us = at_us, .kind = STEP_GET_STATISTICS};
    const struct client_plan reader = {
        .name = "reader", .kind = CLIENT_SCRIPTED, .count = 1, .steps = &step, .step_count = 1};
    struct plan plan = small_plan();
    plan.clients = &reader;
    plan.client_count = 1;
    plan.faults = fault;
    plan.fault_count = fault != NULL;
    plan.settings.call_timeout_us = 60 * PLAN_SECOND;
    return run(&plan, "reference");
}

static void clients_fall_silent_at_the_end_and_what_was_asked_before_is_answered(void **state)
{
    (void)state;
    const struct fault slow = {.kind = FAULT_DELAY,
                               .until_us = INT64_MAX,
                               .any_fetch = true,
                               .any_job = true,
                               .delay_us = 30 * PLAN_SECOND};
    const struct fault silence = {
        .kind = FAULT_SILENCE, .until_us = INT64_MAX, .any_fetch = true, .any_job = true};
    assert_int_equal(run_late_reader(PLAN_SECOND - 1, NULL).reads, 1);
    assert_int_equal(run_late_reader(PLAN_SECOND, NULL).reads, 0);
    assert_int_equal(run_late_reader(PLAN_SECOND - 1, &slow).reads, 1);
    assert_int_equal(run_late_reader(PLAN_SECOND - 1, &silence).reads, 1); /* its timeout ends it */
}

static void time_never_runs_backwards_for_a_script_that_waited(void **state)
{
    (void)state;
    /* The trigger is awaited beyond the time of the next steps; checkpoint 2 completes meanwhile,
     * so a read in the past would be taken for one that may show checkpoint 1. */
    static const struct client_step steps[] = {
        {.at_us = 100 * PLAN_MS, .kind = STEP_TRIGGER},
        {.at_us = 110 * PLAN_MS, .kind = STEP_AWAIT_TRIGGER},
        {.at_us = 120 * PLAN_MS, .kind = STEP_GET_STATISTICS},
        {.at_us = 130 * PLAN_MS, .kind = STEP_GET_JOB},
    };
    const struct client_plan client = {
        .name = "waits", .kind = CLIENT_SCRIPTED, .count = 1, .steps = steps, .step_count = 4};
    const struct fault slow = {.kind = FAULT_DELAY,
                               .until_us = INT64_MAX,
                               .fetch = FETCH_TRIGGER_STATUS,
                               .any_job = true,
                               .delay_us = 300 * PLAN_MS};
    struct plan plan = small_plan();
    plan.clients = &client;
    plan.client_count = 1;
    plan.faults = &slow;
    plan.fault_count = 1;
    plan.end_us = 3 * PLAN_SECOND;
    const struct run_result result = run(&plan, "reference");
    assert_int_equal(verdict_on(&result, PROPERTY_FRESH), VERDICT_PASS);
    assert_true(result.reads >= 5);
}

static void without_clients_nothing_is_decided(void **state)
{
    (void)state;
    const struct plan plan = small_plan();
    const struct run_result result = run(&plan, "reference");
    assert_int_equal(result.judgement.whole, VERDICT_UNKNOWN);
    assert_int_equal(result.reads, 0);
    assert_int_equal(result.fetches, 0);
}

static void every_implementation_runs_every_kind_of_client(void **state)
{
    (void)state;
    static const struct client_step steps[] = {
        {.at_us = 60 * PLAN_MS, .kind = STEP_GET_DETAILS, .checkpoint = 1},
        {.at_us = 60 * PLAN_MS, .kind = STEP_GET_SUBTASKS, .checkpoint = 1},
        {.at_us = 60 * PLAN_MS, .kind = STEP_GET_CONFIG},
        {.at_us = 60 * PLAN_MS, .kind = STEP_GET_JOBS, .job = SIZE_MAX},
        {.at_us = 60 * PLAN_MS, .kind = STEP_GET_TARGET, .job = SIZE_MAX, .target = "/nowhere"},
        {.at_us = 70 * PLAN_MS, .kind = STEP_TRIGGER},
        {.at_us = 71 * PLAN_MS, .kind = STEP_AWAIT_TRIGGER},
    };
    const struct client_plan clients[] = {
        {.name = "script", .kind = CLIENT_SCRIPTED, .count = 1, .steps = steps, .step_count = 7},
        {.name = "poller",
         .kind = CLIENT_POLLER,
         .count = 2,
         .until_us = PLAN_SECOND,
         .every_us = 7 * PLAN_MS},
        dashboard_and_reader[0],
        {.name = "mover",
         .kind = CLIENT_MIGRATION,
         .count = 1,
         .job = 0,
         .to_job = 1,
         .from_us = 500 * PLAN_MS},
    };
    struct plan plan = small_plan();
    plan.clients = clients;
    plan.client_count = 4;
    for (int i = 0; i < PROPERTY_COUNT; i++)
        plan.claim.claimed[i] = true;
    for (size_t i = 0; i < implementation_count(); i++) {
        const char *name = implementation_name(implementation_at(i));
        const struct run_result result = run(&plan, name);
        if (strcmp(name, "answers-twice") == 0) /* which ends the run */
            assert_int_equal(result.judgement.properties[PROPERTY_WELL_BEHAVED].verdict,
                             VERDICT_FAIL);
        else
            assert_true(result.reads > (strcmp(name, "waiters-forgotten") == 0 ? 100 : 290));
    }
}

/* --- memory ---------------------------------------------------------------------------------- */

struct small_run {
    bool known;
    struct run_result result; /* with memory enough */
};

static void run_small(void *context, bool may_fail)
{
    const struct client_step steps[] = {
        {.at_us = 60 * PLAN_MS, .kind = STEP_GET_STATISTICS},
        {.at_us = 70 * PLAN_MS, .kind = STEP_GET_DETAILS, .checkpoint = 1},
    };
    const struct client_plan clients[] = {
        {.name = "script", .kind = CLIENT_SCRIPTED, .count = 1, .steps = steps, .step_count = 2},
        {.name = "mover",
         .kind = CLIENT_MIGRATION,
         .count = 1,
         .job = 0,
         .to_job = 1,
         .from_us = 300 * PLAN_MS},
    };
    struct small_run *small = context;
    struct plan plan = small_plan();
    struct run_result result;
    plan.clients = clients;
    plan.client_count = 2;
    const char *why = run_virtual(&plan, implementation_find("flink-2.3"), &options, &result);
    if (why) {
        assert_true(may_fail);
        assert_string_equal(why, "out of memory");
        return;
    }
    if (!small->known)
        small->result = result;
    small->known = true;
    assert_int_equal(result.judgement.whole, small->result.judgement.whole);
    assert_int_equal(result.reads, small->result.reads);
    assert_int_equal(result.fetches, small->result.fetches);
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &result.judgement.properties[i];
        const struct property_verdict *known = &small->result.judgement.properties[i];
        assert_int_equal(verdict->verdict, known->verdict);
        assert_int_equal(verdict->tested, known->tested);
    }
    assert_true(result.measures[1].value == small->result.measures[1].value);
}

static void short_of_memory_there_is_the_same_result_or_a_sentence(void **state)
{
    (void)state;
    struct small_run small = {0};
    run_small(&small, false);
    assert_true(fail_each_allocation(run_small, &small) > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shared_cache_hides_what_one_of_its_own_shows),
        cmocka_unit_test(one_run_gives_one_result),
        cmocka_unit_test(one_seed_gives_one_result_and_another_another),
        cmocka_unit_test(whether_bodies_are_written_or_parsed_back_changes_nothing),
        cmocka_unit_test(clients_of_one_instant_act_in_the_order_they_were_scheduled),
        cmocka_unit_test(a_migration_is_measured),
        cmocka_unit_test(what_completes_at_the_instant_of_a_call_is_seen_by_it),
        cmocka_unit_test(clients_fall_silent_at_the_end_and_what_was_asked_before_is_answered),
        cmocka_unit_test(time_never_runs_backwards_for_a_script_that_waited),
        cmocka_unit_test(without_clients_nothing_is_decided),
        cmocka_unit_test(every_implementation_runs_every_kind_of_client),
        cmocka_unit_test(short_of_memory_there_is_the_same_result_or_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
