/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "tests/support/mock_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EVENT(at_ms, what, ...)                                    \
    {                                                              \
        .at_us = (at_ms)*MS, .kind = JOB_EVENT_##what, __VA_ARGS__ \
    }

static const struct id unknown_job = {99, 99};
static const struct id trigger_a = {0xa, 1};
static const struct id none = {0, 0};

static void start(struct mock *mock, const struct job_event *events, size_t count)
{
    const struct jobmanager_config config = mock_config(&mock_job_j, 1, events, count);
    mock_start(mock, &config);
}

/* One completion at 100 ms; calls need 10 ms to arrive, 20 ms back, and time out after 1 s. */
static void start_slow(struct mock *mock, const struct fault *faults, size_t fault_count)
{
    static const struct job_event events[] = {EVENT(100, COMPLETES, .checkpoint = 1)};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, events, COUNT(events));
    config.call_out_us = 10 * MS;
    config.call_back_us = 20 * MS;
    config.call_timeout_us = 1000 * MS;
    config.faults = faults;
    config.fault_count = fault_count;
    mock_start(mock, &config);
}

static uint64_t send_statistics(struct mock *mock, int64_t now_us)
{
    return mock_send(mock, now_us,
                     &(struct fetch_request){.kind = FETCH_CHECKPOINT_STATS, .job = mock_job_j.id});
}

static bool take(struct mock *mock, uint64_t fetch, struct fetch_result *result)
{
    uint64_t delivered;
    if (!jobmanager_next_delivery(mock->jobmanager, &delivered, result))
        return false;
    assert_int_equal(delivered, fetch);
    return true;
}

/* The call's outcome, which must arrive at `at_us` and not a moment before. */
static enum fetch_outcome outcome_at(struct mock *mock, uint64_t fetch, int64_t at_us)
{
    struct fetch_result result = {0};
    mock_run(mock, at_us - 1);
    assert_false(take(mock, fetch, &result));
    mock_run(mock, at_us);
    assert_true(take(mock, fetch, &result));
    const enum fetch_outcome outcome = result.outcome;
    fetch_result_clear(&result);
    return outcome;
}

static void test_the_snapshot_is_taken_when_the_call_arrives(void **state)
{
    (void)state;
    const int64_t sent_us[] = {90 * MS - 1, 90 * MS};
    for (size_t i = 0; i < 2; i++) {
        struct mock mock;
        start_slow(&mock, NULL, 0);
        const uint64_t fetch = send_statistics(&mock, sent_us[i]);
        struct fetch_result result = {0};
        mock_run(&mock, sent_us[i] + 30 * MS - 1);
        assert_false(take(&mock, fetch, &result));
        mock_run(&mock, sent_us[i] + 30 * MS);
        assert_true(take(&mock, fetch, &result));
        assert_int_equal(result.stats->counts.completed, i);
        assert_int_equal(result.stats->taken_us, sent_us[i] + 10 * MS);
        const struct journal_entry *const sent = mock_line(&mock, JOURNAL_CALL_SENT, -1, 0);
        const struct journal_entry *const taken = mock_line(&mock, JOURNAL_CALL_TAKEN, -1, 0);
        const struct journal_entry *const ended = mock_line(&mock, JOURNAL_CALL_ENDED, -1, 0);
        assert_int_equal(sent->at_us, sent_us[i]);
        assert_int_equal(sent->job, 0);
        assert_int_equal(sent->fetch, fetch);
        assert_int_equal(taken->at_us, sent_us[i] + 10 * MS);
        assert_int_equal(taken->version, checkpoint_stats_version(result.stats));
        assert_int_equal(taken->run, 1);
        assert_int_equal(ended->at_us, sent_us[i] + 30 * MS);
        assert_int_equal(ended->version, taken->version);
        assert_int_equal(ended->outcome, OUTCOME_OK);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

static void test_a_delay_comes_after_the_snapshot_and_a_slow_call_before(void **state)
{
    (void)state;
    const enum fault_kind kinds[] = {FAULT_DELAY, FAULT_SLOW_CALL};
    for (size_t i = 0; i < 2; i++) {
        const struct fault fault = {.kind = kinds[i],
                                    .until_us = INT64_MAX,
                                    .any_fetch = true,
                                    .any_job = true,
                                    .delay_us = 50 * MS};
        struct mock mock;
        start_slow(&mock, &fault, 1);
        const uint64_t fetch = send_statistics(&mock, 60 * MS);
        struct fetch_result result = {0};
        mock_run(&mock, 140 * MS - 1);
        assert_false(take(&mock, fetch, &result));
        mock_run(&mock, 140 * MS);
        assert_true(take(&mock, fetch, &result));
        assert_int_equal(result.stats->counts.completed, i);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

static void test_delays_add_up(void **state)
{
    (void)state;
    const struct fault faults[] = {{.kind = FAULT_DELAY,
                                    .until_us = INT64_MAX,
                                    .any_fetch = true,
                                    .any_job = true,
                                    .delay_us = 5 * MS},
                                   {.kind = FAULT_DELAY,
                                    .until_us = INT64_MAX,
                                    .any_job = true,
                                    .fetch = FETCH_CHECKPOINT_STATS,
                                    .delay_us = 3 * MS},
                                   {.kind = FAULT_DELAY,
                                    .until_us = INT64_MAX,
                                    .any_job = true,
                                    .fetch = FETCH_EXECUTION_GRAPH,
                                    .delay_us = 100 * MS}};
    struct mock mock;
    start_slow(&mock, faults, COUNT(faults));
    const uint64_t fetch = send_statistics(&mock, 0);
    assert_int_equal(outcome_at(&mock, fetch, 38 * MS), OUTCOME_OK);
    mock_stop(&mock);
}

static void test_a_fault_outcome_is_decided_on_arrival(void **state)
{
    (void)state;
    const struct fault fault = {.kind = FAULT_OUTCOME,
                                .from_us = 50 * MS,
                                .until_us = 60 * MS,
                                .any_fetch = true,
                                .any_job = true,
                                .outcome = OUTCOME_NO_LEADER};
    const struct {
        int64_t sent_us;
        enum fetch_outcome outcome;
    } cases[] = {{40 * MS - 1, OUTCOME_OK},
                 {40 * MS, OUTCOME_NO_LEADER},
                 {50 * MS - 1, OUTCOME_NO_LEADER},
                 {50 * MS, OUTCOME_OK}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mock mock;
        start_slow(&mock, &fault, 1);
        const uint64_t fetch = send_statistics(&mock, cases[i].sent_us);
        assert_int_equal(outcome_at(&mock, fetch, cases[i].sent_us + 30 * MS), cases[i].outcome);
        assert_int_equal(mock_count(&mock, JOURNAL_CALL_TAKEN), cases[i].outcome == OUTCOME_OK);
        assert_int_equal(mock_line(&mock, JOURNAL_CALL_ENDED, -1, 0)->outcome, cases[i].outcome);
        mock_stop(&mock);
    }
}

static void test_a_fault_spares_other_calls_and_other_jobs(void **state)
{
    (void)state;
    const struct fault faults[] = {{.kind = FAULT_OUTCOME,
                                    .until_us = INT64_MAX,
                                    .fetch = FETCH_EXECUTION_GRAPH,
                                    .any_job = true,
                                    .outcome = OUTCOME_FAILED},
                                   {.kind = FAULT_OUTCOME,
                                    .until_us = INT64_MAX,
                                    .any_fetch = true,
                                    .job = 1,
                                    .outcome = OUTCOME_FAILED}};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    config.faults = faults;
    config.fault_count = COUNT(faults);
    struct mock mock;
    mock_start(&mock, &config);
    struct fetch_result result = mock_statistics(&mock, 0, mock_job_j.id);
    assert_int_equal(result.outcome, OUTCOME_OK);
    fetch_result_clear(&result);
    result = mock_ask(&mock, 0, FETCH_EXECUTION_GRAPH, mock_job_j.id, none);
    assert_int_equal(result.outcome, OUTCOME_FAILED);
    mock_stop(&mock);
}

static void test_a_silent_call_times_out_after_the_timeout(void **state)
{
    (void)state;
    const struct fault fault = {
        .kind = FAULT_SILENCE, .until_us = INT64_MAX, .any_fetch = true, .any_job = true};
    struct mock mock;
    start_slow(&mock, &fault, 1);
    const uint64_t fetch = send_statistics(&mock, 7);
    assert_int_equal(outcome_at(&mock, fetch, 7 + 1000 * MS), OUTCOME_TIMED_OUT);
    assert_int_equal(mock_count(&mock, JOURNAL_CALL_TAKEN), 0);
    mock_stop(&mock);
}

static void test_an_answer_at_the_timeout_arrives_and_a_later_one_does_not(void **state)
{
    (void)state;
    const enum fault_kind kinds[] = {FAULT_DELAY, FAULT_SLOW_CALL};
    for (size_t kind = 0; kind < 2; kind++) {
        for (int64_t late_us = 0; late_us < 2; late_us++) {
            const struct fault fault = {.kind = kinds[kind],
                                        .until_us = INT64_MAX,
                                        .any_fetch = true,
                                        .any_job = true,
                                        .delay_us = 970 * MS + late_us};
            struct mock mock;
            start_slow(&mock, &fault, 1);
            const uint64_t fetch = send_statistics(&mock, 0);
            assert_int_equal(outcome_at(&mock, fetch, 1000 * MS),
                             late_us ? OUTCOME_TIMED_OUT : OUTCOME_OK);
            mock_stop(&mock);
        }
    }
}

static void test_a_call_that_arrives_after_its_timeout_still_does_its_work(void **state)
{
    (void)state;
    const struct fault fault = {.kind = FAULT_SLOW_CALL,
                                .until_us = INT64_MAX,
                                .fetch = FETCH_CANCEL_JOB,
                                .any_job = true,
                                .delay_us = 5000 * MS};
    struct mock mock;
    start_slow(&mock, &fault, 1);
    const uint64_t fetch = mock_send(
        &mock, 0, &(struct fetch_request){.kind = FETCH_CANCEL_JOB, .job = mock_job_j.id});
    assert_int_equal(outcome_at(&mock, fetch, 1000 * MS), OUTCOME_TIMED_OUT);
    assert_int_equal(mock_count(&mock, JOURNAL_STATE), 1);
    mock_run(&mock, 5010 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_STATE, -1, 2)->state, JOB_CANCELED);
    assert_int_equal(mock_count(&mock, JOURNAL_CALL_ENDED), 1);
    assert_true(jobmanager_due(mock.jobmanager, NULL) == INT64_MAX);
    mock_stop(&mock);
}

static void test_a_busy_lock_hands_out_the_previous_snapshot(void **state)
{
    (void)state;
    const struct fault fault = {
        .kind = FAULT_LOCK_BUSY, .from_us = 90 * MS, .until_us = 200 * MS, .any_job = true};
    const struct job_event events[] = {EVENT(50, COMPLETES, .checkpoint = 1),
                                       EVENT(100, COMPLETES, .checkpoint = 2)};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, events, COUNT(events));
    config.faults = &fault;
    config.fault_count = 1;
    struct mock mock;
    mock_start(&mock, &config);
    const int64_t asked_us[] = {60 * MS, 200 * MS - 1, 200 * MS};
    const int64_t latest[] = {1, 1, 2};
    for (size_t i = 0; i < COUNT(asked_us); i++) {
        struct fetch_result result = mock_statistics(&mock, asked_us[i], mock_job_j.id);
        assert_int_equal(result.stats->latest_completed->id, latest[i]);
        fetch_result_clear(&result);
    }
    mock_stop(&mock);
}

static void test_an_unknown_job_is_not_found(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, NULL, 0);
    const enum fetch_kind kinds[] = {FETCH_EXECUTION_GRAPH, FETCH_CHECKPOINT_STATS,
                                     FETCH_CANCEL_JOB};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct fetch_result result = mock_ask(&mock, 0, kinds[i], unknown_job, none);
        assert_int_equal(result.outcome, OUTCOME_JOB_NOT_FOUND);
        assert_null(result.graph);
    }
    assert_true(mock_line(&mock, JOURNAL_CALL_SENT, -1, 0)->job == SIZE_MAX);
    assert_true(id_equal(mock_line(&mock, JOURNAL_CALL_SENT, -1, 0)->job_id, unknown_job));
    assert_int_equal(mock_count(&mock, JOURNAL_CALL_TAKEN), 0);
    mock_stop(&mock);
}

static void test_a_running_jobs_graph_shows_job_vertices_and_statistics(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 3)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    struct fetch_result result =
        mock_ask(&mock, 10 * MS, FETCH_EXECUTION_GRAPH, mock_job_j.id, none);
    const struct execution_graph *const graph = result.graph;
    assert_string_equal(graph->name, "J");
    assert_int_equal(graph->state, JOB_RUNNING);
    assert_int_equal(graph->start_ms, 1000000);
    assert_int_equal(graph->end_ms, -1);
    assert_int_equal(graph->state_ms[JOB_RUNNING], 1000000);
    assert_int_equal(graph->state_ms[JOB_FINISHED], 0);
    assert_int_equal(graph->taken_ms, 1000010);
    assert_int_equal(graph->vertex_count, 2);
    assert_string_equal(graph->vertices[1].name, "Sink");
    assert_int_equal(graph->vertices[0].state, EXECUTION_RUNNING);
    assert_true(graph->config.interval_ms == INT64_MAX);
    assert_string_equal(graph->config.state_backend, "HashMapStateBackend");
    assert_int_equal(graph->stats->latest_completed->id, 3);
    assert_int_equal(mock_line(&mock, JOURNAL_CALL_TAKEN, -1, 0)->version, 2);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_an_initializing_job_has_a_sparse_graph(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    plan.exists_at_start = false;
    const struct job_event events[] = {EVENT(5, INITIALIZES, 0), EVENT(10, FAILS_TO_TRIGGER, 0)};
    const struct jobmanager_config config = mock_config(&plan, 1, events, COUNT(events));
    struct mock mock;
    mock_start(&mock, &config);
    struct fetch_result result = mock_ask(&mock, 10 * MS, FETCH_EXECUTION_GRAPH, plan.id, none);
    assert_int_equal(result.outcome, OUTCOME_OK);
    assert_int_equal(result.graph->state, JOB_INITIALIZING);
    assert_int_equal(result.graph->vertex_count, 0);
    assert_int_equal(result.graph->stats->counts.total, 0);
    assert_true(result.graph->stats->enabled);
    assert_string_equal(result.graph->config.checkpoint_storage, "Unknown");
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_an_ended_jobs_answers_come_from_the_store_and_are_frozen(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, COMPLETES, .checkpoint = 9),
                                       EVENT(20, IS_CANCELLED, 0),
                                       EVENT(30, DISCARDS, .checkpoint = 9)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    struct fetch_result first = mock_statistics(&mock, 20 * MS, mock_job_j.id);
    struct fetch_result second = mock_statistics(&mock, 40 * MS, mock_job_j.id);
    assert_ptr_equal(first.stats, second.stats);
    assert_int_equal(second.stats->latest_completed->id, 9);
    assert_false(second.stats->latest_completed->discarded);
    assert_int_equal(mock_count(&mock, JOURNAL_DISCARDED), 1);
    struct fetch_result graph =
        mock_ask(&mock, 40 * MS, FETCH_EXECUTION_GRAPH, mock_job_j.id, none);
    assert_ptr_equal(graph.graph->stats, second.stats);
    assert_int_equal(graph.graph->state, JOB_CANCELED);
    assert_int_equal(graph.graph->end_ms, 1000020);
    assert_int_equal(graph.graph->state_ms[JOB_CANCELLING], 1000020);
    assert_int_equal(graph.graph->vertices[0].state, EXECUTION_CANCELED);
    fetch_result_clear(&first);
    fetch_result_clear(&second);
    fetch_result_clear(&graph);
    mock_stop(&mock);
}

static void test_the_first_separate_path_forgets_ended_jobs(void **state)
{
    (void)state;
    const enum job_event_kind ends[] = {JOB_EVENT_FINISHES, JOB_EVENT_FAILS,
                                        JOB_EVENT_IS_CANCELLED};
    for (size_t i = 0; i < COUNT(ends); i++) {
        const struct job_event end = {.at_us = 20 * MS, .kind = ends[i]};
        struct jobmanager_config config = mock_config(&mock_job_j, 1, &end, 1);
        config.quirks.forgets_ended_jobs = true;
        struct mock mock;
        mock_start(&mock, &config);
        struct fetch_result result = mock_statistics(&mock, 20 * MS - 1, mock_job_j.id);
        assert_int_equal(result.outcome, OUTCOME_OK);
        fetch_result_clear(&result);
        result = mock_statistics(&mock, 20 * MS, mock_job_j.id);
        assert_int_equal(result.outcome, OUTCOME_JOB_NOT_FOUND);
        result = mock_ask(&mock, 20 * MS, FETCH_EXECUTION_GRAPH, mock_job_j.id, none);
        assert_int_equal(result.outcome, OUTCOME_OK);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

static void test_the_status_of_a_job_is_told_whatever_it_is(void **state)
{
    (void)state;
    const struct job_plan later = {.id = {1, 1}, .name = "L"};
    const struct job_event events[] = {EVENT(10, INITIALIZES, 0), EVENT(20, RUNS, 0),
                                       EVENT(30, FINISHES, 0)};
    static const enum job_status told[] = {JOB_INITIALIZING, JOB_RUNNING, JOB_FINISHED};
    const struct jobmanager_config config = mock_config(&later, 1, events, COUNT(events));
    struct mock mock;
    mock_start(&mock, &config);
    struct fetch_result result = mock_ask(&mock, 5 * MS, FETCH_JOB_STATUS, later.id, none);
    assert_int_equal(result.outcome, OUTCOME_JOB_NOT_FOUND);
    for (size_t i = 0; i < COUNT(told); i++) {
        result = mock_ask(&mock, (10 * (int64_t)i + 15) * MS, FETCH_JOB_STATUS, later.id, none);
        assert_int_equal(result.outcome, OUTCOME_OK);
        assert_int_equal(result.job_state, told[i]);
    }
    mock_stop(&mock);
}

static void test_the_job_list_has_the_oldest_start_first(void **state)
{
    (void)state;
    struct job_plan jobs[] = {mock_job_j, mock_job_j, mock_job_j};
    for (size_t i = 0; i < COUNT(jobs); i++) {
        jobs[i].id.low = 50 - i;
        jobs[i].exists_at_start = i == 1;
    }
    const struct job_event events[] = {EVENT(10, RUNS, .job = 0), EVENT(15, FINISHES, .job = 1)};
    const struct jobmanager_config config = mock_config(jobs, COUNT(jobs), events, COUNT(events));
    struct mock mock;
    mock_start(&mock, &config);
    struct fetch_result result = mock_ask(&mock, 20 * MS, FETCH_JOB_LIST, none, none);
    const struct job_list *const list = result.jobs;
    assert_int_equal(list->count, 2);
    assert_int_equal(list->lines[0].job.low, 49);
    assert_int_equal(list->lines[0].state, JOB_FINISHED);
    assert_int_equal(list->lines[0].end_ms, 1000015);
    assert_int_equal(list->lines[0].tasks[EXECUTION_FINISHED], 3);
    assert_int_equal(list->lines[1].job.low, 50);
    assert_int_equal(list->lines[1].start_ms, 1000010);
    assert_int_equal(list->lines[1].last_modification_ms, 1000010);
    assert_int_equal(list->lines[1].tasks[EXECUTION_RUNNING], 3);
    assert_int_equal(list->lines[1].task_count, 3);
    assert_int_equal(list->taskmanagers, 1);
    assert_int_equal(list->slots_total, 6);
    assert_int_equal(list->slots_available, 4);
    fetch_result_clear(&result);
    assert_true(mock_line(&mock, JOURNAL_CALL_SENT, -1, 0)->job == SIZE_MAX);
    mock_stop(&mock);
}

static struct fetch_result trigger(struct mock *mock, int64_t now_us, struct id job)
{
    return mock_ask(mock, now_us, FETCH_TRIGGER_CHECKPOINT, job, trigger_a);
}

static struct fetch_result trigger_status(struct mock *mock, int64_t now_us, struct id job)
{
    return mock_ask(mock, now_us, FETCH_TRIGGER_STATUS, job, trigger_a);
}

static void test_a_client_triggers_a_checkpoint_and_asks_until_it_is_done(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, NULL, 0);
    assert_int_equal(trigger_status(&mock, 0, mock_job_j.id).outcome, OUTCOME_UNKNOWN_OPERATION);
    assert_int_equal(trigger(&mock, 10 * MS, mock_job_j.id).outcome, OUTCOME_OK);
    struct fetch_result result = trigger_status(&mock, 60 * MS - 1, mock_job_j.id);
    assert_int_equal(result.outcome, OUTCOME_OK);
    assert_false(result.operation.done);
    result = trigger_status(&mock, 60 * MS, mock_job_j.id);
    assert_true(result.operation.done);
    assert_false(result.operation.failed);
    assert_int_equal(result.operation.checkpoint_id, 1);
    mock_assert_course(
        &mock, 1,
        (enum journal_kind[]){JOURNAL_BEGAN, JOURNAL_DURABLE, JOURNAL_VISIBLE, JOURNAL_ANNOUNCED},
        4);
    mock_stop(&mock);
}

static void test_the_announcement_may_come_before_the_statistics(void **state)
{
    (void)state;
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    config.quirks.announces_before_statistics = true;
    config.announce_gap_us = 9 * MS;
    struct mock mock;
    mock_start(&mock, &config);
    trigger(&mock, 0, mock_job_j.id);
    assert_true(trigger_status(&mock, 50 * MS, mock_job_j.id).operation.done);
    struct fetch_result result = mock_statistics(&mock, 59 * MS - 1, mock_job_j.id);
    assert_null(result.stats->latest_completed);
    fetch_result_clear(&result);
    result = mock_statistics(&mock, 59 * MS, mock_job_j.id);
    assert_int_equal(result.stats->latest_completed->id, 1);
    fetch_result_clear(&result);
    mock_assert_course(
        &mock, 1,
        (enum journal_kind[]){JOURNAL_BEGAN, JOURNAL_DURABLE, JOURNAL_ANNOUNCED, JOURNAL_VISIBLE},
        4);
    mock_stop(&mock);
}

static void test_a_repeated_trigger_does_not_trigger_again(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, NULL, 0);
    assert_int_equal(trigger(&mock, 0, mock_job_j.id).outcome, OUTCOME_OK);
    assert_int_equal(trigger(&mock, 1, mock_job_j.id).outcome, OUTCOME_OK);
    mock_run(&mock, 1000 * MS);
    assert_int_equal(trigger(&mock, 1000 * MS, mock_job_j.id).outcome, OUTCOME_OK);
    mock_run(&mock, 2000 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_VISIBLE), 1);
    mock_stop(&mock);
}

static void test_results_of_triggers_are_kept_for_five_minutes(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, NULL, 0);
    const int64_t done_us = 50 * MS, kept_us = INT64_C(300) * 1000 * MS;
    trigger(&mock, 0, mock_job_j.id);
    assert_int_equal(trigger_status(&mock, done_us + kept_us - 1, mock_job_j.id).outcome,
                     OUTCOME_OK);
    assert_int_equal(trigger_status(&mock, done_us + kept_us, mock_job_j.id).outcome,
                     OUTCOME_UNKNOWN_OPERATION);
    mock_stop(&mock);
}

static void test_triggering_an_unknown_or_ended_job_is_acknowledged_and_fails(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, FINISHES, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    const struct id ids[] = {unknown_job, mock_job_j.id};
    for (size_t i = 0; i < COUNT(ids); i++) {
        assert_int_equal(trigger(&mock, 20 * MS, ids[i]).outcome, OUTCOME_OK);
        struct fetch_result result = trigger_status(&mock, 20 * MS, ids[i]);
        assert_int_equal(result.outcome, OUTCOME_OK);
        assert_true(result.operation.done);
        assert_true(result.operation.failed);
        char digits[ID_DIGITS + 1], expected[200];
        id_format(ids[i], digits);
        snprintf(expected, sizeof expected,
                 "org.apache.flink.runtime.messages.FlinkJobNotFoundException: "
                 "Could not find Flink job (%s)",
                 digits);
        assert_string_equal(result.operation.failure, expected);
        fetch_result_clear(&result);
    }
    assert_int_equal(mock_count(&mock, JOURNAL_ANNOUNCED), 0);
    mock_stop(&mock);
}

static void test_a_trigger_while_the_job_restarts_fails_and_counts(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, RESTARTS, .takes_us = 100 * MS)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    trigger(&mock, 20 * MS, mock_job_j.id);
    struct fetch_result result = trigger_status(&mock, 20 * MS, mock_job_j.id);
    assert_true(result.operation.failed);
    assert_non_null(strstr(result.operation.failure, "required tasks are currently running."));
    fetch_result_clear(&result);
    result = mock_statistics(&mock, 20 * MS, mock_job_j.id);
    assert_int_equal(result.stats->counts.failed, 1);
    assert_int_equal(result.stats->history_count, 0);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_restart_fails_the_triggered_checkpoint(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(10, RESTARTS, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    trigger(&mock, 0, mock_job_j.id);
    struct fetch_result result = trigger_status(&mock, 10 * MS, mock_job_j.id);
    assert_true(result.operation.failed);
    assert_string_equal(result.operation.failure,
                        "org.apache.flink.runtime.checkpoint.CheckpointException: "
                        "Checkpoint Coordinator is suspending.");
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_new_jobmanager_knows_no_old_triggers(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(100, FAILS_OVER, 0)};
    struct mock mock;
    start(&mock, events, COUNT(events));
    trigger(&mock, 0, mock_job_j.id);
    assert_true(trigger_status(&mock, 100 * MS - 1, mock_job_j.id).operation.done);
    assert_int_equal(trigger_status(&mock, 100 * MS, mock_job_j.id).outcome,
                     OUTCOME_UNKNOWN_OPERATION);
    mock_stop(&mock);
}

static void test_cancelling_ends_the_job_once_and_says_what_it_had_reached(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock, NULL, 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(mock_ask(&mock, 5 * MS, FETCH_CANCEL_JOB, mock_job_j.id, none).outcome,
                         OUTCOME_OK);
    assert_int_equal(mock_line(&mock, JOURNAL_STATE, -1, 1)->state, JOB_CANCELLING);
    assert_int_equal(mock_line(&mock, JOURNAL_STATE, -1, 2)->state, JOB_CANCELED);
    assert_int_equal(mock_count(&mock, JOURNAL_STATE), 3);
    mock_stop(&mock);

    const struct job_event events[] = {EVENT(1, FINISHES, 0)};
    start(&mock, events, COUNT(events));
    const struct fetch_result result =
        mock_ask(&mock, 5 * MS, FETCH_CANCEL_JOB, mock_job_j.id, none);
    assert_int_equal(result.outcome, OUTCOME_ALREADY_TERMINAL);
    assert_int_equal(result.job_state, JOB_FINISHED);
    mock_stop(&mock);
}

static void test_many_calls_in_flight_keep_their_answers_apart(void **state)
{
    (void)state;
    struct mock mock;
    start_slow(&mock, NULL, 0);
    for (int round = 0; round < 3; round++) {
        const int64_t now_us = round * 1000 * MS;
        uint64_t first = 0;
        for (int i = 0; i < 20; i++) {
            const uint64_t fetch = send_statistics(&mock, now_us + i);
            first = first ? first : fetch;
        }
        mock_run(&mock, now_us + 500 * MS);
        for (uint64_t i = 0; i < 20; i++) {
            struct fetch_result result = {0};
            assert_true(take(&mock, first + i, &result));
            assert_non_null(result.stats);
            fetch_result_clear(&result);
        }
    }
    mock_stop(&mock);
}

static void test_what_nobody_took_is_released_with_the_jobmanager(void **state)
{
    (void)state;
    struct mock mock;
    start_slow(&mock, NULL, 0);
    send_statistics(&mock, 0);
    mock_run(&mock, 50 * MS);
    send_statistics(&mock, 50 * MS);
    mock_run(&mock, 65 * MS);
    send_statistics(&mock, 65 * MS);
    mock_stop(&mock);
}

static void test_a_call_that_arrives_at_its_timeout_is_answered(void **state)
{
    (void)state;
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    config.call_timeout_us = 10 * MS;
    for (int64_t late_us = 0; late_us < 2; late_us++) {
        config.call_out_us = 10 * MS + late_us;
        struct mock mock;
        mock_start(&mock, &config);
        const uint64_t fetch = send_statistics(&mock, 0);
        assert_int_equal(outcome_at(&mock, fetch, 10 * MS),
                         late_us ? OUTCOME_TIMED_OUT : OUTCOME_OK);
        mock_stop(&mock);
    }
}

static void test_an_answer_names_the_run_it_was_taken_from(void **state)
{
    (void)state;
    const struct job_event events[] = {EVENT(15, FAILS_OVER, 0)};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, events, COUNT(events));
    config.call_out_us = config.call_back_us = 10 * MS;
    struct mock mock;
    mock_start(&mock, &config);
    const uint64_t fetch = send_statistics(&mock, 0);
    assert_int_equal(outcome_at(&mock, fetch, 20 * MS), OUTCOME_OK);
    assert_int_equal(mock_line(&mock, JOURNAL_RUN_BEGAN, -1, 1)->run, 2);
    assert_int_equal(mock_line(&mock, JOURNAL_CALL_ENDED, -1, 0)->run, 1);
    mock_stop(&mock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_snapshot_is_taken_when_the_call_arrives),
        cmocka_unit_test(test_a_delay_comes_after_the_snapshot_and_a_slow_call_before),
        cmocka_unit_test(test_delays_add_up),
        cmocka_unit_test(test_a_fault_outcome_is_decided_on_arrival),
        cmocka_unit_test(test_a_fault_spares_other_calls_and_other_jobs),
        cmocka_unit_test(test_a_silent_call_times_out_after_the_timeout),
        cmocka_unit_test(test_an_answer_at_the_timeout_arrives_and_a_later_one_does_not),
        cmocka_unit_test(test_a_call_that_arrives_after_its_timeout_still_does_its_work),
        cmocka_unit_test(test_a_busy_lock_hands_out_the_previous_snapshot),
        cmocka_unit_test(test_an_unknown_job_is_not_found),
        cmocka_unit_test(test_a_running_jobs_graph_shows_job_vertices_and_statistics),
        cmocka_unit_test(test_an_initializing_job_has_a_sparse_graph),
        cmocka_unit_test(test_an_ended_jobs_answers_come_from_the_store_and_are_frozen),
        cmocka_unit_test(test_the_first_separate_path_forgets_ended_jobs),
        cmocka_unit_test(test_the_status_of_a_job_is_told_whatever_it_is),
        cmocka_unit_test(test_the_job_list_has_the_oldest_start_first),
        cmocka_unit_test(test_a_client_triggers_a_checkpoint_and_asks_until_it_is_done),
        cmocka_unit_test(test_the_announcement_may_come_before_the_statistics),
        cmocka_unit_test(test_a_repeated_trigger_does_not_trigger_again),
        cmocka_unit_test(test_results_of_triggers_are_kept_for_five_minutes),
        cmocka_unit_test(test_triggering_an_unknown_or_ended_job_is_acknowledged_and_fails),
        cmocka_unit_test(test_a_trigger_while_the_job_restarts_fails_and_counts),
        cmocka_unit_test(test_a_restart_fails_the_triggered_checkpoint),
        cmocka_unit_test(test_a_new_jobmanager_knows_no_old_triggers),
        cmocka_unit_test(test_cancelling_ends_the_job_once_and_says_what_it_had_reached),
        cmocka_unit_test(test_many_calls_in_flight_keep_their_answers_apart),
        cmocka_unit_test(test_what_nobody_took_is_released_with_the_jobmanager),
        cmocka_unit_test(test_a_call_that_arrives_at_its_timeout_is_answered),
        cmocka_unit_test(test_an_answer_names_the_run_it_was_taken_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
