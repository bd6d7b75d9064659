/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "tests/support/mock_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EVENT(at_ms, what, ...)                                    \
    {                                                              \
        .at_us = (at_ms)*MS, .kind = JOB_EVENT_##what, __VA_ARGS__ \
    }

static const struct id trigger_a = {0xa, 1}, trigger_b = {0xb, 2};
static char directory[] = "file:///flink/savepoints/";

/* Orders of tests are not shared: nobody frees them. */
static struct job_order to_directory(void)
{
    return (struct job_order){.references = 1, .directory = directory, .interval_ms = -1};
}

static void start(struct mock *mock, const struct job_plan *plan, const struct job_event *events,
                  size_t count)
{
    const struct jobmanager_config config = mock_config(plan, 1, events, count);
    mock_start(mock, &config);
}

static void order(struct mock *mock, int64_t now_us, enum fetch_kind kind, struct id trigger,
                  struct job_order *order)
{
    uint64_t fetch;
    struct fetch_result result = {0};
    mock_send(
        mock, now_us,
        &(struct fetch_request){
            .kind = kind, .job = mock->config.jobs[0].id, .trigger = trigger, .order = order});
    mock_run(mock, now_us);
    assert_true(jobmanager_next_delivery(mock->jobmanager, &fetch, &result));
    assert_int_equal(result.outcome, OUTCOME_OK);
    fetch_result_clear(&result);
}

static struct fetch_result status(struct mock *mock, int64_t now_us, struct id trigger)
{
    return mock_ask(mock, now_us, FETCH_SAVEPOINT_STATUS, mock->config.jobs[0].id, trigger);
}

/* The location, copied; the savepoint must be there at `now_us` and not a moment before. */
static void location_at(struct mock *mock, int64_t now_us, struct id trigger, char text[128])
{
    struct fetch_result result = status(mock, now_us - 1, trigger);
    assert_int_equal(result.outcome, OUTCOME_OK);
    assert_false(result.operation.done);
    fetch_result_clear(&result);
    result = status(mock, now_us, trigger);
    assert_true(result.operation.done);
    assert_false(result.operation.failed);
    snprintf(text, 128, "%s", result.operation.location);
    fetch_result_clear(&result);
}

static enum job_status state_at(struct mock *mock, int64_t now_us)
{
    struct fetch_result result =
        mock_ask(mock, now_us, FETCH_EXECUTION_GRAPH, mock->config.jobs[0].id, (struct id){0});
    const enum job_status state = result.graph->state;
    fetch_result_clear(&result);
    return state;
}

static void assert_failure(struct mock *mock, int64_t now_us, struct id trigger, const char *part)
{
    struct fetch_result result = status(mock, now_us, trigger);
    assert_true(result.operation.failed);
    assert_string_equal(result.operation.exception_class,
                        "java.util.concurrent.CompletionException");
    assert_non_null(strstr(result.operation.failure, part));
    assert_null(result.operation.location);
    fetch_result_clear(&result);
}

static void test_a_savepoint_lies_in_the_directory_asked_for_and_in_its_format(void **state)
{
    (void)state;
    for (int native = 0; native < 2; native++) {
        struct mock mock;
        start(&mock, &mock_job_j, NULL, 0);
        struct job_order wanted = to_directory();
        wanted.native_format = native;
        order(&mock, 10 * MS, FETCH_TRIGGER_SAVEPOINT, trigger_a, &wanted);
        char location[128];
        location_at(&mock, 60 * MS, trigger_a, location);
        static const char prefix[] = "file:/flink/savepoints/savepoint-130923-";
        assert_memory_equal(location, prefix, sizeof prefix - 1);
        assert_int_equal(strlen(location), sizeof prefix - 1 + 12);
        struct fetch_result result = mock_statistics(&mock, 60 * MS, mock_job_j.id);
        const struct checkpoint *const shown = result.stats->latest_savepoint;
        assert_int_equal(shown->type, CHECKPOINT_SAVEPOINT);
        assert_int_equal(shown->native_format, native);
        assert_string_equal(shown->external_path->bytes, location);
        fetch_result_clear(&result);
        assert_string_equal(mock_line(&mock, JOURNAL_ANNOUNCED, 1, 0)->path, location);
        assert_int_equal(state_at(&mock, 60 * MS), JOB_RUNNING);
        mock_stop(&mock);
    }
}

static void test_directories_read_as_flink_writes_them(void **state)
{
    (void)state;
    static const struct {
        const char *asked, *prefix;
    } cases[] = {{"file:///a//", "file:/a/savepoint-"},
                 {"file:/a", "file:/a/savepoint-"},
                 {"/a/b", "file:/a/b/savepoint-"},
                 {"s3://bucket/a", "s3://bucket/a/savepoint-"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mock mock;
        start(&mock, &mock_job_j, NULL, 0);
        char asked[32], location[128];
        snprintf(asked, sizeof asked, "%s", cases[i].asked);
        struct job_order wanted = {.references = 1, .directory = asked};
        order(&mock, 0, FETCH_TRIGGER_SAVEPOINT, trigger_a, &wanted);
        location_at(&mock, 50 * MS, trigger_a, location);
        assert_memory_equal(location, cases[i].prefix, strlen(cases[i].prefix));
        mock_stop(&mock);
    }
}

static void test_two_savepoints_never_share_a_path(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, &mock_job_j, NULL, 0);
    struct job_order wanted = to_directory();
    char first[128], second[128];
    order(&mock, 0, FETCH_TRIGGER_SAVEPOINT, trigger_a, &wanted);
    location_at(&mock, 50 * MS, trigger_a, first);
    order(&mock, 50 * MS, FETCH_TRIGGER_SAVEPOINT, trigger_b, &wanted);
    location_at(&mock, 100 * MS, trigger_b, second);
    assert_string_not_equal(first, second);
    mock_stop(&mock);
}

static void test_checkpoints_and_savepoints_have_trigger_ids_of_their_own(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, &mock_job_j, NULL, 0);
    struct job_order wanted = to_directory();
    order(&mock, 0, FETCH_TRIGGER_CHECKPOINT, trigger_a, NULL);
    order(&mock, 0, FETCH_TRIGGER_SAVEPOINT, trigger_b, &wanted);
    struct fetch_result result = status(&mock, 0, trigger_a);
    assert_int_equal(result.outcome, OUTCOME_UNKNOWN_OPERATION);
    result = mock_ask(&mock, 0, FETCH_TRIGGER_STATUS, mock_job_j.id, trigger_b);
    assert_int_equal(result.outcome, OUTCOME_UNKNOWN_OPERATION);
    order(&mock, 0, FETCH_TRIGGER_SAVEPOINT, trigger_a, &wanted);
    result = mock_statistics(&mock, 0, mock_job_j.id);
    assert_int_equal(result.stats->counts.in_progress, 3);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_repeated_order_is_taken_once(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, &mock_job_j, NULL, 0);
    struct job_order wanted = to_directory();
    for (int i = 0; i < 3; i++)
        order(&mock, i, FETCH_TRIGGER_SAVEPOINT, trigger_a, &wanted);
    struct fetch_result result = mock_statistics(&mock, MS, mock_job_j.id);
    assert_int_equal(result.stats->counts.total, 1);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_what_came_of_a_savepoint_is_kept_for_five_minutes(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, &mock_job_j, NULL, 0);
    struct job_order wanted = to_directory();
    char location[128];
    const int64_t done_us = 50 * MS, kept_us = INT64_C(300) * 1000 * MS;
    order(&mock, 0, FETCH_TRIGGER_SAVEPOINT, trigger_a, &wanted);
    location_at(&mock, done_us, trigger_a, location);
    struct fetch_result result = status(&mock, done_us + kept_us - 1, trigger_a);
    assert_string_equal(result.operation.location, location);
    fetch_result_clear(&result);
    result = status(&mock, done_us + kept_us, trigger_a);
    assert_int_equal(result.outcome, OUTCOME_UNKNOWN_OPERATION);
    mock_stop(&mock);
}

static void test_a_savepoint_takes_as_long_as_the_jobs_checkpoints(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    plan.rhythm.takes_us = 7 * MS;
    struct mock mock;
    start(&mock, &plan, NULL, 0);
    struct job_order wanted = to_directory();
    char location[128];
    order(&mock, 0, FETCH_TRIGGER_SAVEPOINT, trigger_a, &wanted);
    location_at(&mock, 7 * MS, trigger_a, location);
    mock_stop(&mock);
}

static void test_a_savepoint_that_cancels_ends_the_job_when_it_is_there(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, &mock_job_j, NULL, 0);
    struct job_order wanted = to_directory();
    wanted.cancels_job = true;
    order(&mock, 0, FETCH_TRIGGER_SAVEPOINT, trigger_a, &wanted);
    assert_int_equal(state_at(&mock, 50 * MS - 1), JOB_RUNNING);
    char location[128];
    location_at(&mock, 50 * MS, trigger_a, location);
    assert_int_equal(state_at(&mock, 50 * MS), JOB_CANCELED);
    mock_stop(&mock);
}

static void test_a_stopped_job_runs_to_its_end_and_only_then_hands_out_the_savepoint(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    plan.pace.finishing_us = 30 * MS;
    const struct job_event events[] = {EVENT(5, COMPLETES, .checkpoint = 1)};
    struct mock mock;
    start(&mock, &plan, events, COUNT(events));
    struct job_order wanted = to_directory();
    order(&mock, 10 * MS, FETCH_STOP_WITH_SAVEPOINT, trigger_a, &wanted);
    assert_int_equal(state_at(&mock, 90 * MS - 1), JOB_RUNNING);
    char location[128];
    location_at(&mock, 90 * MS, trigger_a, location);
    assert_int_equal(state_at(&mock, 90 * MS), JOB_FINISHED);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 2, 0)->at_us, 60 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_ANNOUNCED, 2, 0)->at_us, 90 * MS);
    assert_non_null(mock_line(&mock, JOURNAL_DISCARDED, 1, 0));
    assert_null(mock_line(&mock, JOURNAL_DISCARDED, 2, 0));
    struct fetch_result result = mock_statistics(&mock, 90 * MS, plan.id);
    assert_int_equal(result.stats->latest_savepoint->type, CHECKPOINT_SYNC_SAVEPOINT);
    assert_string_equal(result.stats->latest_savepoint->external_path->bytes, location);
    fetch_result_clear(&result);
    assert_true(jobmanager_start_from(mock.jobmanager, 100 * MS, 0, location));
    mock_drain(&mock);
    assert_string_equal(mock_line(&mock, JOURNAL_RESTORED, 2, 0)->path, location);
    mock_stop(&mock);
}

static void test_without_a_pace_a_stopped_job_finishes_with_its_savepoint(void **state)
{
    (void)state;
    for (int first = 0; first < 2; first++) {
        struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
        config.quirks.announces_before_statistics = first;
        config.announce_gap_us = 5 * MS;
        struct mock mock;
        mock_start(&mock, &config);
        struct job_order wanted = to_directory();
        order(&mock, 0, FETCH_STOP_WITH_SAVEPOINT, trigger_a, &wanted);
        char location[128];
        location_at(&mock, 50 * MS, trigger_a, location);
        assert_int_equal(state_at(&mock, 50 * MS), JOB_FINISHED);
        mock_stop(&mock);
    }
}

static void test_a_stop_lets_nothing_else_be_under_way(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    plan.pace.finishing_us = 500 * MS;
    plan.rhythm =
        (struct job_rhythm){.first_us = 5 * MS, .interval_us = 20 * MS, .takes_us = 100 * MS};
    struct mock mock;
    start(&mock, &plan, NULL, 0);
    struct job_order wanted = to_directory();
    order(&mock, 10 * MS, FETCH_STOP_WITH_SAVEPOINT, trigger_a, &wanted);
    assert_int_equal(mock_line(&mock, JOURNAL_FAILED, 1, 0)->at_us, 10 * MS);
    order(&mock, 200 * MS, FETCH_TRIGGER_SAVEPOINT, trigger_b, &wanted);
    assert_failure(&mock, 200 * MS, trigger_b, "Not all required tasks are currently running.");
    mock_run(&mock, 2000 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_BEGAN), 1);
    mock_stop(&mock);
}

static void test_a_job_that_fails_while_it_stops_says_where_its_savepoint_is(void **state)
{
    (void)state;
    const struct job_event ends[] = {EVENT(70, RESTARTS, 0), EVENT(70, IS_CANCELLED, 0)};
    for (size_t i = 0; i < COUNT(ends); i++) {
        struct job_plan plan = mock_job_j;
        plan.pace.finishing_us = 30 * MS;
        struct mock mock;
        start(&mock, &plan, &ends[i], 1);
        struct job_order wanted = to_directory();
        order(&mock, 0, FETCH_STOP_WITH_SAVEPOINT, trigger_a, &wanted);
        assert_failure(&mock, 75 * MS, trigger_a,
                       "StopWithSavepointStoppingException: A savepoint has been created at: "
                       "file:/flink/savepoints/savepoint-130923-");
        mock_run(&mock, 500 * MS);
        assert_int_equal(state_at(&mock, 500 * MS), i == 0 ? JOB_RUNNING : JOB_CANCELED);
        mock_stop(&mock);
    }
}

static void test_a_stop_whose_savepoint_fails_leaves_the_job_as_it_was(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    plan.rhythm =
        (struct job_rhythm){.first_us = 50 * MS, .interval_us = 50 * MS, .takes_us = 10 * MS};
    const struct job_event events[] = {EVENT(5, FAILS_CHECKPOINT, .checkpoint = 1)};
    struct mock mock;
    start(&mock, &plan, events, COUNT(events));
    struct job_order wanted = to_directory();
    order(&mock, 0, FETCH_STOP_WITH_SAVEPOINT, trigger_a, &wanted);
    assert_failure(&mock, 5 * MS, trigger_a, "CheckpointException: Task has failed.");
    mock_run(&mock, 200 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 2, 0)->at_us, 65 * MS);
    mock_stop(&mock);
}

static void test_orders_that_cannot_be_carried_out_say_why(void **state)
{
    (void)state;
    struct job_plan plain = mock_job_j, without = mock_job_j, absent = mock_job_j;
    without.checkpointing = false;
    absent.exists_at_start = false;
    const struct job_event restarts = EVENT(1, RESTARTS, .takes_us = 100 * MS),
                           finishes = EVENT(1, FINISHES, 0), initializes = EVENT(1, INITIALIZES, 0);
    const struct {
        const struct job_plan *plan;
        const struct job_event *event;
        const char *failure;
    } cases[] = {
        {&plain, &restarts, "task Source (1/2) of job 1309239b681e474d9fce933559e350b1 is not"},
        {&plain, &finishes,
         "FlinkJobNotFoundException: Could not find Flink job (1309239b681e474d9fce933559e350b1)"},
        {&without, NULL, "IllegalStateException: Job 1309239b681e474d9fce933559e350b1 is not a"},
        {&absent, NULL, "FlinkJobNotFoundException: Could not find Flink job"},
        {&absent, &initializes, "UnavailableDispatcherOperationException: Unable to get"},
    };
    const enum fetch_kind kinds[] = {FETCH_TRIGGER_SAVEPOINT, FETCH_STOP_WITH_SAVEPOINT};
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (size_t kind = 0; kind < 2; kind++) {
            struct mock mock;
            start(&mock, cases[i].plan, cases[i].event, cases[i].event != NULL);
            struct job_order wanted = to_directory();
            order(&mock, 10 * MS, kinds[kind], trigger_a, &wanted);
            assert_failure(&mock, 10 * MS, trigger_a, cases[i].failure);
            mock_stop(&mock);
        }
    }
}

static void order_things(void *context, bool may_fail)
{
    (void)context;
    struct job_plan plan = mock_job_j;
    plan.pace.finishing_us = 30 * MS;
    const struct job_event events[] = {EVENT(200, RESTARTS, 0)};
    struct jobmanager_config config = mock_config(&plan, 1, events, COUNT(events));
    uint64_t ticket = 0;
    config.ticket = &ticket;
    struct job_order wanted = to_directory();
    struct jobmanager *const jobmanager = jobmanager_new(&config);
    bool lived = jobmanager != NULL;
    for (uint64_t step = 0; lived && step < 12; step++) {
        const struct fetch_request request = {.kind = step % 2 ? FETCH_SAVEPOINT_STATUS
                                                               : (step == 6 || step == 10
                                                                      ? FETCH_STOP_WITH_SAVEPOINT
                                                                      : FETCH_TRIGGER_SAVEPOINT),
                                              .job = plan.id,
                                              .trigger = {step / 2, 1},
                                              .order = step % 2 ? NULL : &wanted};
        const int64_t now_us = (int64_t)step * 20 * MS;
        lived = jobmanager_call(jobmanager, now_us, step, &request);
        while (lived && jobmanager_due(jobmanager, NULL) <= now_us)
            lived = jobmanager_advance(jobmanager, now_us);
    }
    while (lived && jobmanager_due(jobmanager, NULL) < 900 * MS)
        lived = jobmanager_advance(jobmanager, 900 * MS);
    assert_true(lived || may_fail);
    jobmanager_free(jobmanager);
    assert_int_equal(wanted.references, 1);
}

static void test_without_memory_orders_are_lost_and_nothing_leaks(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(order_things, NULL) > 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_savepoint_lies_in_the_directory_asked_for_and_in_its_format),
        cmocka_unit_test(test_directories_read_as_flink_writes_them),
        cmocka_unit_test(test_two_savepoints_never_share_a_path),
        cmocka_unit_test(test_checkpoints_and_savepoints_have_trigger_ids_of_their_own),
        cmocka_unit_test(test_a_repeated_order_is_taken_once),
        cmocka_unit_test(test_what_came_of_a_savepoint_is_kept_for_five_minutes),
        cmocka_unit_test(test_a_savepoint_takes_as_long_as_the_jobs_checkpoints),
        cmocka_unit_test(test_a_savepoint_that_cancels_ends_the_job_when_it_is_there),
        cmocka_unit_test(test_a_stopped_job_runs_to_its_end_and_only_then_hands_out_the_savepoint),
        cmocka_unit_test(test_without_a_pace_a_stopped_job_finishes_with_its_savepoint),
        cmocka_unit_test(test_a_stop_lets_nothing_else_be_under_way),
        cmocka_unit_test(test_a_job_that_fails_while_it_stops_says_where_its_savepoint_is),
        cmocka_unit_test(test_a_stop_whose_savepoint_fails_leaves_the_job_as_it_was),
        cmocka_unit_test(test_orders_that_cannot_be_carried_out_say_why),
        cmocka_unit_test(test_without_memory_orders_are_lost_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
