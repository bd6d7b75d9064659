/* rooms: harness/scenario harness/client_models harness/judge rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "tests/scenario_texts.h"

static struct plan *load_job(const char *job)
{
    char text[1000];
    snprintf(text, sizeof(text), HEAD "jobmanager:\n  J: %s\n" CLIENT CLAIMS, job);
    return load(text);
}

static void test_what_is_not_said_has_its_documented_value(void **state)
{
    (void)state;
    struct plan *plan = load(HEAD "jobmanager: {J: {}, K: {}}\n" CLIENT CLAIMS);
    assert_null(plan->source);
    assert_int_equal(plan->call_out_us, 1000);
    assert_int_equal(plan->call_back_us, 1000);
    assert_int_equal(plan->announce_gap_us, 0);
    assert_false(plan->latency_given);
    assert_int_equal(plan->fault_count, 0);
    const struct job_plan *job = &plan->jobs[1];
    assert_int_equal(job->id.high, 0);
    assert_int_equal(job->id.low, 0xa0001);
    assert_null(job->directory);
    assert_true(job->exists_at_start);
    assert_true(job->checkpointing);
    assert_int_equal(job->state_size, 1000000);
    assert_int_equal(job->first_checkpoint_id, 1);
    assert_int_equal(job->rhythm.interval_us, 0);
    assert_int_equal(job->vertex_count, 2);
    assert_string_equal(job->vertices[0].name, "source");
    assert_int_equal(job->vertices[0].parallelism, 1);
    assert_string_equal(job->vertices[1].name, "sink");
    assert_int_equal(job->vertices[1].parallelism, 2);
    assert_false(id_equal(job->vertices[0].id, job->vertices[1].id));
    assert_false(id_equal(job->vertices[0].id, plan->jobs[0].vertices[0].id));
    assert_int_equal(plan->claim.in_flight_max, 1);
    assert_int_equal(plan->claim.refresh_interval_us, 3000000);
    assert_int_equal(plan->expectation_count, 0);
    plan_free(plan);
}

static void test_attributes_of_a_job_are_read(void **state)
{
    (void)state;
    struct plan *plan =
        load_job("{id: 0123456789ABCDEF0000000000000007, directory: s3://x/y, checkpointing: no,\n"
                 "      exists: later, state size: 1.5 MB, first checkpoint: 8,\n"
                 "      vertices: {one: 1, two: 20}}");
    const struct job_plan *job = &plan->jobs[0];
    assert_true(job->id.high == UINT64_C(0x0123456789abcdef));
    assert_int_equal(job->id.low, 7);
    assert_string_equal(job->directory, "s3://x/y");
    assert_false(job->checkpointing);
    assert_false(job->exists_at_start);
    assert_int_equal(job->state_size, 1500000);
    assert_int_equal(job->first_checkpoint_id, 8);
    assert_int_equal(job->vertex_count, 2);
    assert_string_equal(job->vertices[1].name, "two");
    assert_int_equal(job->vertices[1].parallelism, 20);
    plan_free(plan);
}

static void test_a_job_may_keep_its_checkpoints_nowhere(void **state)
{
    (void)state;
    struct plan *plan = load_job("{directory: none}");
    assert_string_equal(plan->jobs[0].directory, "");
    plan_free(plan);
}

static void test_sizes_have_units(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t bytes;
    } sizes[] = {{"0", 0},          {"123", 123},       {"5 B", 5},
                 {"1 kB", 1000},    {"2MB", 2000000},   {"1 KiB", 1024},
                 {"1.5 KiB", 1536}, {"1 MiB", 1 << 20}, {"3 GB", INT64_C(3000000000)},
                 {"1 GiB", 1 << 30}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char job[100];
        snprintf(job, sizeof(job), "{state size: %s}", sizes[i].text);
        struct plan *plan = load_job(job);
        assert_int_equal(plan->jobs[0].state_size, sizes[i].bytes);
        plan_free(plan);
    }
}

static void test_durations_have_units_and_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } durations[] = {{"0 s", 0},
                     {"7 us", 7},
                     {"90 ms", 90000},
                     {"0.5 ms", 500},
                     {"1.5 s", 1500000},
                     {"1.000001 s", 1000001},
                     {"2s", 2000000},
                     {"1 min", 60000000},
                     {"0.5 h", INT64_C(1800000000)},
                     {"0.0000019 s", 1},
                     {"10000 h", INT64_C(36000000000000)}};
    for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
        char text[300];
        snprintf(text, sizeof(text), HEAD "jobmanager: {J: {}, latency: %s}\n" CLIENT CLAIMS,
                 durations[i].text);
        struct plan *plan = load(text);
        assert_int_equal(plan->call_out_us, durations[i].us);
        assert_int_equal(plan->call_back_us, durations[i].us);
        assert_true(plan->latency_given);
        plan_free(plan);
    }
}

static void test_latency_may_differ_between_out_and_back(void **state)
{
    (void)state;
    struct plan *plan = load(HEAD "jobmanager: {J: {}, latency: {back: 200 ms}, "
                                  "announce gap: 30 ms}\n" CLIENT CLAIMS);
    assert_int_equal(plan->call_out_us, 1000);
    assert_int_equal(plan->call_back_us, 200000);
    assert_int_equal(plan->announce_gap_us, 30000);
    plan_free(plan);
}

struct phrase_case {
    const char *text;
    struct job_event event;
};

static const struct phrase_case phrase_cases[] = {
    {"initializes", {.kind = JOB_EVENT_INITIALIZES}},
    {"runs", {.kind = JOB_EVENT_RUNS}},
    {"triggers 5", {.kind = JOB_EVENT_TRIGGERS, .checkpoint = 5}},
    {"triggers", {.kind = JOB_EVENT_TRIGGERS}},
    {"triggers 5 as savepoint",
     {.kind = JOB_EVENT_TRIGGERS, .checkpoint = 5, .type = CHECKPOINT_SAVEPOINT}},
    {"triggers as stop-savepoint", {.kind = JOB_EVENT_TRIGGERS, .type = CHECKPOINT_SYNC_SAVEPOINT}},
    {"triggers 5 as unaligned checkpoint",
     {.kind = JOB_EVENT_TRIGGERS, .checkpoint = 5, .type = CHECKPOINT_UNALIGNED}},
    {"completes 10 taking 7 ms", {.kind = JOB_EVENT_COMPLETES, .checkpoint = 10, .takes_us = 7000}},
    {"completes taking 7 ms as checkpoint", {.kind = JOB_EVENT_COMPLETES, .takes_us = 7000}},
    {"completes 10 as savepoint taking 1 ms durable 50 ms later",
     {.kind = JOB_EVENT_COMPLETES,
      .checkpoint = 10,
      .type = CHECKPOINT_SAVEPOINT,
      .takes_us = 1000,
      .durable_after_us = 50000}},
    {"completes 9223372036854775807 taking 0 s",
     {.kind = JOB_EVENT_COMPLETES, .checkpoint = INT64_MAX}},
    {"fails 7 taking 30 ms because disk, all of it, is full",
     {.kind = JOB_EVENT_FAILS_CHECKPOINT,
      .checkpoint = 7,
      .takes_us = 30000,
      .message = "disk, all of it, is full"}},
    {"fails to trigger", {.kind = JOB_EVENT_FAILS_TO_TRIGGER}},
    {"restarts", {.kind = JOB_EVENT_RESTARTS, .takes_us = 100000}},
    {"restarts for 1 s", {.kind = JOB_EVENT_RESTARTS, .takes_us = 1000000}},
    {"rescales", {.kind = JOB_EVENT_RESCALES}},
    {"starts over", {.kind = JOB_EVENT_STARTS_OVER}},
    {"fails  over", {.kind = JOB_EVENT_FAILS_OVER}},
    {"restores 9", {.kind = JOB_EVENT_RESTORES, .checkpoint = 9}},
    {"restores 9 from file:/a b/chk-9",
     {.kind = JOB_EVENT_RESTORES, .checkpoint = 9, .path = "file:/a b/chk-9"}},
    {"finishes", {.kind = JOB_EVENT_FINISHES}},
    {"fails", {.kind = JOB_EVENT_FAILS}},
    {"is cancelled", {.kind = JOB_EVENT_IS_CANCELLED}},
};

static void test_every_phrase_of_a_job_is_an_event(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(phrase_cases) / sizeof(phrase_cases[0]); i++) {
        char job[200];
        snprintf(job, sizeof(job), "{exists: at the start, at 0.2 s: \"%s\"}",
                 phrase_cases[i].text);
        struct plan *plan = load_job(job);
        const struct job_event *expected = &phrase_cases[i].event;
        assert_int_equal(plan->event_count, 1);
        assert_int_equal(plan->events[0].at_us, 200000);
        assert_int_equal(plan->events[0].job, 0);
        assert_int_equal(plan->events[0].kind, expected->kind);
        assert_int_equal(plan->events[0].checkpoint, expected->checkpoint);
        assert_int_equal(plan->events[0].type, expected->type);
        assert_int_equal(plan->events[0].takes_us, expected->takes_us);
        assert_int_equal(plan->events[0].durable_after_us, expected->durable_after_us);
        assert_same_text(plan->events[0].path, expected->path);
        assert_same_text(plan->events[0].message, expected->message);
        plan_free(plan);
    }
}

static void test_acknowledged_and_discarded_checkpoints_are_known_before(void **state)
{
    (void)state;
    struct plan *plan = load_job("{at 10 ms: triggers 3 as savepoint, at 50 ms: acknowledges 3,\n"
                                 "      at 90 ms: completes 3, at 200 ms: discards 3}");
    assert_int_equal(plan->events[1].kind, JOB_EVENT_ACKNOWLEDGES);
    assert_int_equal(plan->events[1].checkpoint, 3);
    assert_int_equal(plan->events[3].kind, JOB_EVENT_DISCARDS);
    /* It completes as what it was triggered as. */
    assert_int_equal(plan->events[2].type, CHECKPOINT_SAVEPOINT);
    plan_free(plan);
}

static void test_events_are_in_order_of_time_and_ties_in_order_of_the_file(void **state)
{
    (void)state;
    struct plan *plan = load_job("{at 200 ms: [completes 2, completes 3], at 90 ms: completes 1,\n"
                                 "      at 0.2 s: completes 4}");
    assert_int_equal(plan->event_count, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(plan->events[i].checkpoint, i + 1);
    plan_free(plan);
}

static void test_a_completion_takes_20_ms_or_the_time_since_the_event_before(void **state)
{
    (void)state;
    struct plan *plan = load_job("{at 19 ms: completes 1, at 39 ms: completes 2,\n"
                                 "      at 80 ms: completes 3, at 99 ms: completes 4}");
    assert_int_equal(plan->events[0].takes_us, 19000);
    assert_int_equal(plan->events[1].takes_us, 20000);
    assert_int_equal(plan->events[2].takes_us, 20000);
    assert_int_equal(plan->events[3].takes_us, 19000);
    plan_free(plan);
}

static void test_completes_alone_ends_what_was_triggered_without_an_id(void **state)
{
    (void)state;
    struct plan *plan = load_job("{at 50 ms: triggers, at 90 ms: completes, at 150 ms: completes}");
    assert_int_equal(plan->events[1].takes_us, 0);
    assert_int_equal(plan->events[2].takes_us, 20000); /* a new one of its own */
    plan_free(plan);
}

static void test_what_was_triggered_is_lost_with_the_tasks(void **state)
{
    (void)state;
    static const char *const losses[] = {"restarts", "rescales"};
    for (size_t i = 0; i < 2; i++) {
        char job[160];
        snprintf(job, sizeof job,
                 "{at 100 ms: triggers, at 200 ms: %s, at 500 ms: completes taking 7 ms}",
                 losses[i]);
        struct plan *plan = load_job(job);
        assert_int_equal(plan->events[2].takes_us, 7000);
        plan_free(plan);
    }
}

static void test_a_job_exists_later_when_its_first_phrase_brings_it_about(void **state)
{
    (void)state;
    struct plan *plan = load(HEAD "jobmanager:\n"
                                  "  A: {at 500 ms: completes 1, at 200 ms: runs}\n"
                                  "  B: {at 200 ms: initializes, at 300 ms: runs}\n"
                                  "  C: {at 200 ms: completes 1}\n"
                                  "  D: {exists: at the start, at 300 ms: runs}\n"
                                  "clients: {c: {at 100 ms: jobs}}\n" CLAIMS);
    assert_false(plan->jobs[0].exists_at_start);
    assert_false(plan->jobs[1].exists_at_start);
    assert_true(plan->jobs[2].exists_at_start);
    assert_true(plan->jobs[3].exists_at_start);
    plan_free(plan);
}

static void test_a_rhythm_is_read(void **state)
{
    (void)state;
    struct plan *plan =
        load_job("{checkpoints: {every: 1 s, first: 500 ms, jitter: 100 ms, takes: 50 ms,\n"
                 "      takes jitter: 20 ms, concurrent: 2, failures: 5 %, trigger failures: 1 %,\n"
                 "      savepoints: 0.5 %, restarts: 2 %, rescales: 3%, failovers: 100 %,\n"
                 "      until: 4 s}}");
    const struct job_rhythm *rhythm = &plan->jobs[0].rhythm;
    assert_int_equal(rhythm->interval_us, 1000000);
    assert_int_equal(rhythm->first_us, 500000);
    assert_int_equal(rhythm->jitter_us, 100000);
    assert_int_equal(rhythm->takes_us, 50000);
    assert_int_equal(rhythm->takes_jitter_us, 20000);
    assert_int_equal(rhythm->concurrent_max, 2);
    assert_int_equal(rhythm->checkpoint_failure_ppm, 50000);
    assert_int_equal(rhythm->trigger_failure_ppm, 10000);
    assert_int_equal(rhythm->savepoint_ppm, 5000);
    assert_int_equal(rhythm->restart_ppm, 20000);
    assert_int_equal(rhythm->rescale_ppm, 30000);
    assert_int_equal(rhythm->failover_ppm, 1000000);
    assert_int_equal(rhythm->ends_us, 4000000);
    assert_int_equal(plan->end_us, 5000000);
    plan_free(plan);
}

static void test_a_rhythm_begins_after_one_interval_and_never_ends_unless_said(void **state)
{
    (void)state;
    struct plan *plan = load_job("{checkpoints: {every: 300 ms}}");
    assert_int_equal(plan->jobs[0].rhythm.first_us, 300000);
    assert_int_equal(plan->jobs[0].rhythm.concurrent_max, 1);
    assert_true(plan->jobs[0].rhythm.ends_us == INT64_MAX);
    plan_free(plan);
}

struct fault_case {
    const char *text;
    struct fault fault;
};

static const struct fault_case fault_cases[] = {
    {"{from: 1 s, until: 1.5 s, fetch: checkpoint statistics, fails: timed out}",
     {.kind = FAULT_OUTCOME,
      .from_us = 1000000,
      .until_us = 1500000,
      .fetch = FETCH_CHECKPOINT_STATS,
      .any_job = true,
      .outcome = OUTCOME_TIMED_OUT}},
    {"{fails: no leader}",
     {.kind = FAULT_OUTCOME,
      .until_us = INT64_MAX,
      .any_fetch = true,
      .any_job = true,
      .outcome = OUTCOME_NO_LEADER}},
    {"{delays: 200 ms, job: K, fetch: execution graph}",
     {.kind = FAULT_DELAY,
      .until_us = INT64_MAX,
      .fetch = FETCH_EXECUTION_GRAPH,
      .job = 1,
      .delay_us = 200000}},
    {"{slows the call: 200 ms}",
     {.kind = FAULT_SLOW_CALL,
      .until_us = INT64_MAX,
      .any_fetch = true,
      .any_job = true,
      .delay_us = 200000}},
    {"{answers: never, fetch: checkpoint trigger}",
     {.kind = FAULT_SILENCE,
      .until_us = INT64_MAX,
      .fetch = FETCH_TRIGGER_CHECKPOINT,
      .any_job = true}},
    {"{from: 2 s, until: 3 s, lock: busy, job: J}",
     {.kind = FAULT_LOCK_BUSY, .from_us = 2000000, .until_us = 3000000, .any_fetch = true}},
    {"{from: 1 s, wall clock: -1 h}",
     {.kind = FAULT_WALL_CLOCK,
      .from_us = 1000000,
      .until_us = INT64_MAX,
      .any_fetch = true,
      .any_job = true,
      .delay_us = -INT64_C(3600000000)}},
    {"{wall clock: +90 s}",
     {.kind = FAULT_WALL_CLOCK,
      .until_us = INT64_MAX,
      .any_fetch = true,
      .any_job = true,
      .delay_us = 90000000}},
};

static void test_every_fault_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(fault_cases) / sizeof(fault_cases[0]); i++) {
        char text[500];
        snprintf(text, sizeof(text),
                 HEAD "jobmanager: {faults: [%s], J: {}, K: {}}\n" CLIENT CLAIMS,
                 fault_cases[i].text);
        struct plan *plan = load(text);
        assert_int_equal(plan->fault_count, 1);
        const struct fault *seen = plan->faults, *expected = &fault_cases[i].fault;
        assert_int_equal(seen->kind, expected->kind);
        assert_true(seen->from_us == expected->from_us && seen->until_us == expected->until_us);
        assert_int_equal(seen->any_fetch, expected->any_fetch);
        assert_int_equal(seen->fetch, expected->fetch);
        assert_int_equal(seen->any_job, expected->any_job);
        assert_int_equal(seen->job, expected->job);
        assert_true(seen->delay_us == expected->delay_us);
        assert_int_equal(seen->outcome, expected->outcome);
        plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_not_said_has_its_documented_value),
        cmocka_unit_test(test_attributes_of_a_job_are_read),
        cmocka_unit_test(test_a_job_may_keep_its_checkpoints_nowhere),
        cmocka_unit_test(test_sizes_have_units),
        cmocka_unit_test(test_durations_have_units_and_decimals),
        cmocka_unit_test(test_latency_may_differ_between_out_and_back),
        cmocka_unit_test(test_every_phrase_of_a_job_is_an_event),
        cmocka_unit_test(test_acknowledged_and_discarded_checkpoints_are_known_before),
        cmocka_unit_test(test_events_are_in_order_of_time_and_ties_in_order_of_the_file),
        cmocka_unit_test(test_a_completion_takes_20_ms_or_the_time_since_the_event_before),
        cmocka_unit_test(test_completes_alone_ends_what_was_triggered_without_an_id),
        cmocka_unit_test(test_what_was_triggered_is_lost_with_the_tasks),
        cmocka_unit_test(test_a_job_exists_later_when_its_first_phrase_brings_it_about),
        cmocka_unit_test(test_a_rhythm_is_read),
        cmocka_unit_test(test_a_rhythm_begins_after_one_interval_and_never_ends_unless_said),
        cmocka_unit_test(test_every_fault_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
