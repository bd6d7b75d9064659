/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include <math.h>
#include <stdio.h>

#include "tests/support/mock_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EVENT(at_ms, what, ...)                                    \
    {                                                              \
        .at_us = (at_ms)*MS, .kind = JOB_EVENT_##what, __VA_ARGS__ \
    }

static const struct id none = {0, 0}, trigger_a = {0xa, 1};
static const int64_t epoch_ms = 1000000;

static struct job_plan paced(void)
{
    struct job_plan plan = mock_job_j;
    plan.exists_at_start = false;
    plan.pace = (struct job_pace){.initializing_us = 10 * MS,
                                  .created_us = 20 * MS,
                                  .scheduled_us = 30 * MS,
                                  .deploying_us = 40 * MS,
                                  .task_initializing_us = 50 * MS,
                                  .restarting_us = 100 * MS,
                                  .cancelling_us = 7 * MS,
                                  .failing_us = 9 * MS,
                                  .finishing_us = 11 * MS};
    return plan;
}

static void start(struct mock *mock, const struct job_plan *plan, const struct job_event *events,
                  size_t count)
{
    const struct jobmanager_config config = mock_config(plan, 1, events, count);
    mock_start(mock, &config);
}

static struct fetch_result graph_at(struct mock *mock, int64_t now_us)
{
    struct fetch_result result =
        mock_ask(mock, now_us, FETCH_EXECUTION_GRAPH, mock->config.jobs[0].id, none);
    assert_int_equal(result.outcome, OUTCOME_OK);
    return result;
}

/* What the job and its last subtask are in at an instant. */
static void assert_states(struct mock *mock, int64_t now_us, enum job_status job,
                          enum execution_state vertex, enum execution_state task)
{
    struct fetch_result result = graph_at(mock, now_us);
    const struct execution_graph *const graph = result.graph;
    assert_int_equal(graph->state, job);
    assert_int_equal(graph->vertex_count, 2);
    assert_int_equal(graph->vertices[1].state, vertex);
    assert_int_equal(graph->vertices[1].subtasks[0].state, task);
    assert_true(graph->vertices[1].subtasks[0].state_ms[task] > 0);
    fetch_result_clear(&result);
}

static void test_a_job_comes_up_state_by_state_and_then_its_tasks(void **state)
{
    (void)state;
    const struct job_plan plan = paced();
    const struct job_event events[] = {EVENT(1000, RUNS, 0)};
    struct mock mock;
    start(&mock, &plan, events, COUNT(events));
    struct fetch_result result = graph_at(&mock, 1010 * MS - 1);
    assert_int_equal(result.graph->state, JOB_INITIALIZING);
    assert_int_equal(result.graph->vertex_count, 0);
    assert_false(result.graph->has_plan);
    fetch_result_clear(&result);
    const struct {
        int64_t from_ms;
        enum job_status job;
        enum execution_state vertex, task;
    } stretches[] = {
        {1010, JOB_CREATED, EXECUTION_CREATED, EXECUTION_CREATED},
        {1030, JOB_RUNNING, EXECUTION_CREATED, EXECUTION_SCHEDULED},
        {1060, JOB_RUNNING, EXECUTION_CREATED, EXECUTION_DEPLOYING},
        {1100, JOB_RUNNING, EXECUTION_INITIALIZING, EXECUTION_INITIALIZING},
        {1150, JOB_RUNNING, EXECUTION_RUNNING, EXECUTION_RUNNING},
    };
    for (size_t i = 0; i < COUNT(stretches); i++) {
        const int64_t from_us = stretches[i].from_ms * MS;
        if (i > 0)
            assert_states(&mock, from_us - 1, stretches[i - 1].job, stretches[i - 1].vertex,
                          stretches[i - 1].task);
        assert_states(&mock, from_us, stretches[i].job, stretches[i].vertex, stretches[i].task);
    }
    result = graph_at(&mock, 2000 * MS);
    static const int64_t job_ms[JOB_STATUS_COUNT] = {[JOB_INITIALIZING] = epoch_ms + 1000,
                                                     [JOB_CREATED] = epoch_ms + 1010,
                                                     [JOB_RUNNING] = epoch_ms + 1030};
    assert_memory_equal(result.graph->state_ms, job_ms, sizeof job_ms);
    static const int64_t task_ms[EXECUTION_STATE_COUNT] = {[EXECUTION_CREATED] = epoch_ms + 1010,
                                                           [EXECUTION_SCHEDULED] = epoch_ms + 1030,
                                                           [EXECUTION_DEPLOYING] = epoch_ms + 1060,
                                                           [EXECUTION_INITIALIZING] =
                                                               epoch_ms + 1100,
                                                           [EXECUTION_RUNNING] = epoch_ms + 1150};
    for (size_t vertex = 0; vertex < 2; vertex++) {
        const struct graph_vertex *const shown = &result.graph->vertices[vertex];
        for (int32_t i = 0; i < shown->parallelism; i++) {
            assert_int_equal(shown->subtasks[i].attempt, 0);
            assert_memory_equal(shown->subtasks[i].state_ms, task_ms, sizeof task_ms);
        }
        assert_int_equal(shown->start_ms, epoch_ms + 1060);
        assert_int_equal(shown->end_ms, -1);
    }
    fetch_result_clear(&result);
    result = mock_ask(&mock, 2000 * MS, FETCH_JOB_LIST, none, none);
    assert_int_equal(result.jobs->lines[0].last_modification_ms, epoch_ms + 1150);
    assert_int_equal(result.jobs->lines[0].tasks[EXECUTION_RUNNING], 3);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_snapshot_knows_when_its_tasks_will_be_deployed(void **state)
{
    (void)state;
    const struct job_plan plan = paced();
    const struct job_event events[] = {EVENT(0, RUNS, 0), EVENT(50, IS_CANCELLED, 0)};
    struct mock mock;
    start(&mock, &plan, events, COUNT(events));
    const int64_t starts_ms[] = {-1, epoch_ms + 60, -1};
    for (int64_t i = 0; i < 3; i++) {
        struct fetch_result result = graph_at(&mock, (29 + i * 15) * MS);
        assert_int_equal(result.graph->vertices[0].start_ms, starts_ms[i]);
        fetch_result_clear(&result);
    }
    mock_stop(&mock);
}

static void test_a_job_that_exists_at_the_start_has_been_running_before(void **state)
{
    (void)state;
    struct job_plan plan = paced();
    plan.exists_at_start = true;
    struct mock mock;
    start(&mock, &plan, NULL, 0);
    assert_states(&mock, 0, JOB_RUNNING, EXECUTION_RUNNING, EXECUTION_RUNNING);
    assert_int_equal(mock_count(&mock, JOURNAL_STATE), 1);
    mock_stop(&mock);
}

static void test_triggers_fail_until_all_tasks_run(void **state)
{
    (void)state;
    struct job_plan plan = paced();
    plan.rhythm =
        (struct job_rhythm){.first_us = 50 * MS, .interval_us = 100 * MS, .takes_us = 10 * MS};
    const struct job_event events[] = {EVENT(0, RUNS, 0)};
    for (int64_t late = 0; late < 2; late++) {
        struct mock mock;
        start(&mock, &plan, events, COUNT(events));
        mock_ask(&mock, 150 * MS - 1 + late, FETCH_TRIGGER_CHECKPOINT, plan.id, trigger_a);
        struct fetch_result result =
            mock_ask(&mock, 170 * MS, FETCH_TRIGGER_STATUS, plan.id, trigger_a);
        assert_int_equal(result.operation.failed, late == 0);
        if (late == 0)
            assert_non_null(strstr(result.operation.failure, "Not all required tasks"));
        else
            assert_int_equal(result.operation.checkpoint_id, 1);
        fetch_result_clear(&result);
        /* The beat of 80 ms was too early too, and used up no id. */
        result = mock_statistics(&mock, 170 * MS, plan.id);
        assert_int_equal(result.stats->counts.failed, late == 0 ? 2 : 1);
        assert_int_equal(result.stats->history_count, late == 0 ? 0 : 1);
        fetch_result_clear(&result);
        result = mock_statistics(&mock, 190 * MS, plan.id);
        assert_int_equal(result.stats->latest_completed->id, late == 0 ? 1 : 2);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

static void test_a_restart_shows_what_failed_and_what_was_cancelled_for_it(void **state)
{
    (void)state;
    const struct job_plan plan = paced();
    const struct job_event events[] = {
        EVENT(0, RUNS, 0), EVENT(500, COMPLETES, .checkpoint = 3),
        EVENT(1000, RESTARTS, .exception_class = "java.io.IOException", .message = "no disk")};
    struct mock mock;
    start(&mock, &plan, events, COUNT(events));
    struct fetch_result result = graph_at(&mock, 1050 * MS);
    const struct execution_graph *graph = result.graph;
    assert_int_equal(graph->state, JOB_RESTARTING);
    assert_int_equal(graph->vertices[0].state, EXECUTION_FAILED);
    assert_int_equal(graph->vertices[0].subtasks[0].state, EXECUTION_FAILED);
    assert_int_equal(graph->vertices[0].subtasks[0].state_ms[EXECUTION_FAILED], epoch_ms + 1000);
    assert_int_equal(graph->vertices[0].subtasks[0].state_ms[EXECUTION_CANCELED], 0);
    assert_int_equal(graph->vertices[0].subtasks[1].state, EXECUTION_CANCELED);
    assert_int_equal(graph->vertices[0].end_ms, epoch_ms + 1007);
    assert_int_equal(graph->vertices[1].state, EXECUTION_CANCELED);
    assert_int_equal(graph->vertices[1].end_ms, epoch_ms + 1007);
    assert_int_equal(graph->failure_count, 1);
    assert_string_equal(graph->failures[0].exception_class, "java.io.IOException");
    assert_string_equal(graph->failures[0].message, "no disk");
    assert_int_equal(graph->failures[0].at_ms, epoch_ms + 1000);
    assert_string_equal(graph->failures[0].task_name, "Source (1/2) - execution #0");
    assert_string_equal(graph->failures[0].endpoint, "localhost:41665");
    assert_string_equal(graph->failures[0].task_manager_id, "127.0.0.1:36723-464ffa");
    fetch_result_clear(&result);
    result = mock_ask(&mock, 1050 * MS, FETCH_JOB_LIST, none, none);
    assert_int_equal(result.jobs->lines[0].tasks[EXECUTION_FAILED], 1);
    assert_int_equal(result.jobs->lines[0].tasks[EXECUTION_CANCELED], 2);
    fetch_result_clear(&result);
    result = graph_at(&mock, 1100 * MS - 1);
    assert_int_equal(result.graph->state, JOB_RESTARTING);
    fetch_result_clear(&result);
    /* It still has its slots. */
    assert_states(&mock, 1100 * MS, JOB_RUNNING, EXECUTION_CREATED, EXECUTION_DEPLOYING);
    assert_non_null(mock_line(&mock, JOURNAL_RESTORED, 3, 0));
    result = graph_at(&mock, 1500 * MS);
    assert_int_equal(result.graph->vertices[1].subtasks[0].attempt, 1);
    assert_int_equal(result.graph->vertices[0].start_ms, epoch_ms + 1100);
    assert_int_equal(result.graph->vertices[0].end_ms, -1);
    assert_int_equal(result.graph->failure_count, 1);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_an_event_may_say_how_long_a_restart_takes(void **state)
{
    (void)state;
    const struct job_plan plan = paced();
    const struct job_event events[] = {EVENT(0, RUNS, 0), EVENT(500, RESTARTS, .takes_us = 3 * MS)};
    struct mock mock;
    start(&mock, &plan, events, COUNT(events));
    struct fetch_result result = graph_at(&mock, 503 * MS - 1);
    assert_int_equal(result.graph->state, JOB_RESTARTING);
    assert_string_equal(result.graph->failures[0].exception_class, "java.lang.RuntimeException");
    fetch_result_clear(&result);
    assert_states(&mock, 503 * MS, JOB_RUNNING, EXECUTION_CREATED, EXECUTION_DEPLOYING);
    mock_stop(&mock);
}

static void test_a_rescale_is_no_failure(void **state)
{
    (void)state;
    const struct job_plan plan = paced();
    const struct job_event events[] = {EVENT(0, RUNS, 0), EVENT(500, RESCALES, 0)};
    struct mock mock;
    start(&mock, &plan, events, COUNT(events));
    struct fetch_result result = graph_at(&mock, 520 * MS);
    assert_int_equal(result.graph->state, JOB_RESTARTING);
    assert_int_equal(result.graph->failure_count, 0);
    assert_int_equal(result.graph->vertices[0].state, EXECUTION_CANCELED);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_the_latest_sixteen_failures_are_kept_newest_first(void **state)
{
    (void)state;
    const struct job_plan plan = mock_job_j;
    struct mock mock;
    start(&mock, &plan, NULL, 0);
    for (int64_t i = 1; i <= 17; i++) {
        char message[8];
        snprintf(message, sizeof message, "%d", (int)i);
        const struct job_event event = EVENT(i, RESTARTS, .message = message);
        assert_true(jobmanager_add_event(mock.jobmanager, 0, &event));
    }
    struct fetch_result result = graph_at(&mock, 16 * MS);
    assert_int_equal(result.graph->failure_count, 16);
    assert_string_equal(result.graph->failures[15].message, "1");
    fetch_result_clear(&result);
    result = graph_at(&mock, 17 * MS);
    assert_int_equal(result.graph->failure_count, 16);
    assert_string_equal(result.graph->failures[0].message, "17");
    assert_string_equal(result.graph->failures[0].task_name, "Source (1/2) - execution #16");
    assert_string_equal(result.graph->failures[15].message, "2");
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_new_jobmanager_has_no_history_of_failures(void **state)
{
    (void)state;
    const struct job_plan plan = paced();
    const struct job_event events[] = {EVENT(0, RUNS, 0), EVENT(500, COMPLETES, .checkpoint = 3),
                                       EVENT(600, RESTARTS, 0), EVENT(1000, FAILS_OVER, 0)};
    struct mock mock;
    start(&mock, &plan, events, COUNT(events));
    struct fetch_result result = graph_at(&mock, 1010 * MS - 1);
    assert_int_equal(result.graph->state, JOB_INITIALIZING);
    fetch_result_clear(&result);
    assert_states(&mock, 1010 * MS, JOB_CREATED, EXECUTION_CREATED, EXECUTION_CREATED);
    assert_int_equal(mock_line(&mock, JOURNAL_RESTORED, 3, 1)->at_us, 1010 * MS);
    result = graph_at(&mock, 2000 * MS);
    assert_int_equal(result.graph->state, JOB_RUNNING);
    assert_int_equal(result.graph->failure_count, 0);
    assert_int_equal(result.graph->vertices[0].subtasks[0].attempt, 0);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_job_needs_its_time_to_be_cancelled_or_to_fail(void **state)
{
    (void)state;
    const struct {
        enum job_event_kind kind;
        enum job_status way, end;
        int64_t takes_us;
        enum execution_state first, others;
    } cases[] = {
        {JOB_EVENT_IS_CANCELLED, JOB_CANCELLING, JOB_CANCELED, 7 * MS, EXECUTION_CANCELED,
         EXECUTION_CANCELED},
        {JOB_EVENT_FAILS, JOB_FAILING, JOB_FAILED, 9 * MS, EXECUTION_FAILED, EXECUTION_CANCELED}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct job_plan plan = paced();
        const struct job_event events[] = {
            EVENT(0, RUNS, 0),
            EVENT(490, TRIGGERS, 0),
            {.at_us = 500 * MS, .kind = cases[i].kind, .message = "why"}};
        struct mock mock;
        start(&mock, &plan, events, COUNT(events));
        assert_states(&mock, 500 * MS, cases[i].way, EXECUTION_CANCELING, EXECUTION_CANCELING);
        assert_int_equal(mock_line(&mock, JOURNAL_FAILED, 1, 0)->at_us, 500 * MS);
        const int64_t end_us = 500 * MS + cases[i].takes_us;
        struct fetch_result result = graph_at(&mock, end_us - 1);
        assert_int_equal(result.graph->state, cases[i].way);
        fetch_result_clear(&result);
        result = graph_at(&mock, end_us);
        assert_int_equal(result.graph->state, cases[i].end);
        assert_int_equal(result.graph->end_ms, epoch_ms + end_us / MS);
        assert_int_equal(result.graph->vertices[0].subtasks[0].state, cases[i].first);
        assert_int_equal(result.graph->vertices[0].subtasks[1].state, cases[i].others);
        assert_int_equal(result.graph->vertices[1].end_ms, epoch_ms + 507);
        assert_int_equal(result.graph->failure_count, cases[i].end == JOB_FAILED);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

static void test_cancelling_twice_takes_no_longer(void **state)
{
    (void)state;
    struct job_plan plan = paced();
    plan.exists_at_start = true;
    struct mock mock;
    start(&mock, &plan, NULL, 0);
    for (int64_t at_us = 0; at_us < 14 * MS; at_us += 5 * MS) {
        struct fetch_result result = mock_ask(&mock, at_us, FETCH_CANCEL_JOB, plan.id, none);
        assert_int_equal(result.outcome, OUTCOME_OK);
    }
    struct fetch_result result = graph_at(&mock, 14 * MS);
    assert_int_equal(result.graph->end_ms, epoch_ms + 7);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_job_that_has_no_tasks_yet_is_cancelled_at_once(void **state)
{
    (void)state;
    const struct job_plan plan = paced();
    const struct job_event events[] = {EVENT(0, RUNS, 0)};
    const int64_t at_us[] = {5 * MS, 15 * MS};
    for (size_t i = 0; i < COUNT(at_us); i++) {
        struct mock mock;
        start(&mock, &plan, events, COUNT(events));
        mock_ask(&mock, at_us[i], FETCH_CANCEL_JOB, plan.id, none);
        struct fetch_result result = graph_at(&mock, at_us[i]);
        assert_int_equal(result.graph->state, JOB_CANCELED);
        fetch_result_clear(&result);
        mock_run(&mock, 5000 * MS);
        assert_int_equal(mock_count(&mock, JOURNAL_STATE), 3 + i);
        mock_stop(&mock);
    }
}

static void test_who_submits_a_job_waits_until_it_is_initialized(void **state)
{
    (void)state;
    const struct job_plan plan = paced();
    struct mock mock;
    start(&mock, &plan, NULL, 0);
    mock_send(&mock, 0, &(struct fetch_request){.kind = FETCH_RUN_JOB, .job = plan.id});
    uint64_t fetch;
    struct fetch_result result = {0};
    mock_run(&mock, 10 * MS - 1);
    assert_false(jobmanager_next_delivery(mock.jobmanager, &fetch, &result));
    mock_run(&mock, 10 * MS);
    assert_true(jobmanager_next_delivery(mock.jobmanager, &fetch, &result));
    assert_int_equal(result.outcome, OUTCOME_OK);
    result = graph_at(&mock, 10 * MS);
    assert_int_equal(result.graph->state, JOB_CREATED);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_metrics_are_unknown_at_first_and_rise_with_time(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    const struct job_event events[] = {EVENT(10000, FINISHES, 0)};
    struct mock mock;
    start(&mock, &plan, events, COUNT(events));
    struct fetch_result result = graph_at(&mock, 500 * MS - 1);
    assert_false(result.graph->vertices[0].metrics.complete);
    assert_true(result.graph->vertices[0].metrics.busy_ms < 0.5);
    fetch_result_clear(&result);
    result = graph_at(&mock, 500 * MS);
    assert_true(result.graph->vertices[0].metrics.complete);
    assert_true(isnan(result.graph->vertices[0].metrics.busy_ms));
    assert_int_equal(result.graph->vertices[0].metrics.write_records, 0);
    fetch_result_clear(&result);
    int64_t before = 0;
    for (int64_t now_ms = 2000; now_ms <= 12000; now_ms += 2000) {
        result = graph_at(&mock, now_ms * MS);
        const struct vertex_metrics *const first = &result.graph->vertices[0].metrics,
                                           *const last = &result.graph->vertices[1].metrics;
        const int64_t ran_ms = now_ms < 10000 ? now_ms : 10000;
        assert_true(first->complete && !isnan(first->busy_ms));
        assert_int_equal(first->write_records, ran_ms * 400 / 1000);
        assert_true(first->write_records > before || now_ms > 10000);
        before = first->write_records;
        assert_int_equal(first->read_records, 0);
        assert_int_equal(last->read_records, first->write_records);
        assert_int_equal(last->read_bytes, first->write_bytes);
        assert_int_equal(last->write_records, 0);
        fetch_result_clear(&result);
    }
    mock_stop(&mock);
}

static bool advance(struct jobmanager *jobmanager, int64_t until_us)
{
    while (jobmanager_due(jobmanager, NULL) <= until_us) {
        if (!jobmanager_advance(jobmanager, until_us))
            return false;
        while (jobmanager_next_entry(jobmanager))
            continue;
    }
    return true;
}

static void live(void *context, bool may_fail)
{
    (void)context;
    const struct job_plan plan = paced();
    const struct job_event events[] = {
        EVENT(0, RUNS, 0),          EVENT(300, COMPLETES, 0), EVENT(400, RESTARTS, .message = "a"),
        EVENT(1000, FAILS_OVER, 0), EVENT(1500, TRIGGERS, 0), EVENT(1600, FAILS, .message = "b")};
    struct jobmanager_config config = mock_config(&plan, 1, events, COUNT(events));
    uint64_t ticket = 0;
    config.ticket = &ticket;
    struct jobmanager *const jobmanager = jobmanager_new(&config);
    bool lived = jobmanager != NULL;
    for (int64_t now_us = 0; lived && now_us < 2000 * MS; now_us += 450 * MS)
        lived =
            advance(jobmanager, now_us) &&
            jobmanager_call(jobmanager, now_us, 1,
                            &(struct fetch_request){.kind = FETCH_EXECUTION_GRAPH, .job = plan.id});
    lived = lived && advance(jobmanager, 3000 * MS);
    assert_true(lived || may_fail);
    jobmanager_free(jobmanager);
}

static void test_without_memory_a_life_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(live, NULL) > 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_job_comes_up_state_by_state_and_then_its_tasks),
        cmocka_unit_test(test_a_snapshot_knows_when_its_tasks_will_be_deployed),
        cmocka_unit_test(test_a_job_that_exists_at_the_start_has_been_running_before),
        cmocka_unit_test(test_triggers_fail_until_all_tasks_run),
        cmocka_unit_test(test_a_restart_shows_what_failed_and_what_was_cancelled_for_it),
        cmocka_unit_test(test_an_event_may_say_how_long_a_restart_takes),
        cmocka_unit_test(test_a_rescale_is_no_failure),
        cmocka_unit_test(test_the_latest_sixteen_failures_are_kept_newest_first),
        cmocka_unit_test(test_a_new_jobmanager_has_no_history_of_failures),
        cmocka_unit_test(test_a_job_needs_its_time_to_be_cancelled_or_to_fail),
        cmocka_unit_test(test_cancelling_twice_takes_no_longer),
        cmocka_unit_test(test_a_job_that_has_no_tasks_yet_is_cancelled_at_once),
        cmocka_unit_test(test_who_submits_a_job_waits_until_it_is_initialized),
        cmocka_unit_test(test_metrics_are_unknown_at_first_and_rise_with_time),
        cmocka_unit_test(test_without_memory_a_life_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
