/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/mock_fixture.h"

static const struct id none = {0, 0};

static void start(struct mock *mock)
{
    const struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    mock_start(mock, &config);
}

static bool add(struct mock *mock, int64_t now_us, struct job_event event)
{
    return jobmanager_add_event(mock->jobmanager, now_us, &event);
}

static void test_an_added_event_happens_when_it_says_and_its_texts_were_copied(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock);
    char message[] = "no room";
    assert_true(add(&mock, 0,
                    (struct job_event){.at_us = 50 * MS,
                                       .kind = JOB_EVENT_FAILS_CHECKPOINT,
                                       .takes_us = 10 * MS,
                                       .message = message}));
    memset(message, 'x', sizeof message - 1);
    mock_run(&mock, 50 * MS - 1);
    assert_int_equal(mock_count(&mock, JOURNAL_FAILED), 0);
    mock_run(&mock, 50 * MS);
    assert_int_equal(mock_count(&mock, JOURNAL_FAILED), 1);
    struct fetch_result result = mock_statistics(&mock, 50 * MS, mock_job_j.id);
    assert_string_equal(result.stats->latest_failed->failure_message, "no room");
    assert_int_equal(result.stats->latest_failed->trigger_ms, 1000040);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_an_event_of_the_past_happens_now(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock);
    assert_true(
        add(&mock, 70 * MS, (struct job_event){.at_us = 20 * MS, .kind = JOB_EVENT_COMPLETES}));
    assert_int_equal(jobmanager_due(mock.jobmanager, NULL), 70 * MS);
    mock_run(&mock, 70 * MS);
    assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, 1, 0)->at_us, 70 * MS);
    mock_stop(&mock);
}

static void test_an_added_event_of_an_unknown_job_means_nothing(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock);
    assert_true(jobmanager_find_job(mock.jobmanager, mock_job_j.id) == 0);
    assert_true(jobmanager_find_job(mock.jobmanager, (struct id){9, 9}) == SIZE_MAX);
    assert_true(
        add(&mock, 0, (struct job_event){.at_us = MS, .job = 7, .kind = JOB_EVENT_COMPLETES}));
    mock_run(&mock, MS);
    assert_int_equal(mock_count(&mock, JOURNAL_VISIBLE), 0);
    mock_stop(&mock);
}

static enum fetch_outcome outcome(struct mock *mock, int64_t now_us)
{
    struct fetch_result result = mock_ask(mock, now_us, FETCH_EXECUTION_GRAPH, mock_job_j.id, none);
    const enum fetch_outcome outcome = result.outcome;
    fetch_result_clear(&result);
    return outcome;
}

static void test_an_added_fault_is_in_force_from_its_beginning_to_its_end(void **state)
{
    (void)state;
    struct mock mock;
    start(&mock);
    const struct fault fault = {.kind = FAULT_OUTCOME,
                                .from_us = 10 * MS,
                                .until_us = 20 * MS,
                                .any_fetch = true,
                                .any_job = true,
                                .outcome = OUTCOME_NO_LEADER};
    assert_true(jobmanager_add_fault(mock.jobmanager, 0, &fault));
    assert_int_equal(outcome(&mock, 10 * MS - 1), OUTCOME_OK);
    assert_int_equal(outcome(&mock, 10 * MS), OUTCOME_NO_LEADER);
    assert_int_equal(outcome(&mock, 20 * MS - 1), OUTCOME_NO_LEADER);
    assert_int_equal(outcome(&mock, 20 * MS), OUTCOME_OK);
    mock_stop(&mock);
}

static void test_clearing_ends_faults_of_the_plan_and_added_ones(void **state)
{
    (void)state;
    const struct fault fault = {.kind = FAULT_OUTCOME,
                                .until_us = INT64_MAX,
                                .any_fetch = true,
                                .any_job = true,
                                .outcome = OUTCOME_NO_LEADER};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    config.faults = &fault;
    config.fault_count = 1;
    struct mock mock;
    mock_start(&mock, &config);
    assert_true(jobmanager_add_fault(mock.jobmanager, 0, &fault));
    assert_int_equal(outcome(&mock, MS), OUTCOME_NO_LEADER);
    jobmanager_clear_faults(mock.jobmanager, MS);
    assert_int_equal(outcome(&mock, MS), OUTCOME_OK);
    mock_stop(&mock);
}

static void test_the_one_taskmanager_counts_slots_as_the_job_list_does(void **state)
{
    (void)state;
    for (int32_t configured = 0; configured <= 8; configured += 8) {
        struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
        config.slot_count = configured;
        struct mock mock;
        mock_start(&mock, &config);
        const int64_t now_us = 12345 * MS;
        struct fetch_result result = mock_ask(&mock, now_us, FETCH_TASK_MANAGERS, none, none);
        struct fetch_result jobs = mock_ask(&mock, now_us, FETCH_JOB_LIST, none, none);
        assert_int_equal(result.task_managers->count, 1);
        const struct task_manager *const line = &result.task_managers->lines[0];
        assert_string_equal(line->id, "127.0.0.1:36723-464ffa");
        assert_int_equal(line->slots, configured > 0 ? configured : 4);
        assert_int_equal(line->slots_free, line->slots - 2);
        assert_int_equal(line->heartbeat_ms, 1000000 + 10000);
        assert_int_equal(jobs.jobs->slots_total, line->slots);
        assert_int_equal(jobs.jobs->slots_available, line->slots_free);
        assert_true(mock_line(&mock, JOURNAL_CALL_SENT, -1, 0)->job == SIZE_MAX);
        fetch_result_clear(&result);
        fetch_result_clear(&jobs);
        mock_stop(&mock);
    }
}

static void add_things(void *context, bool may_fail)
{
    (void)context;
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    uint64_t ticket = 0;
    config.ticket = &ticket;
    const struct job_event restores = {
        .at_us = MS, .kind = JOB_EVENT_RESTORES, .checkpoint = 4, .path = "file:/x"};
    const struct job_event fails = {.kind = JOB_EVENT_FAILS_CHECKPOINT, .message = "no"};
    const struct fault fault = {.kind = FAULT_DELAY, .until_us = MS};
    const struct fetch_request ask = {.kind = FETCH_TASK_MANAGERS};
    struct jobmanager *const jobmanager = jobmanager_new(&config);
    bool lived = jobmanager && jobmanager_add_event(jobmanager, 0, &restores) &&
                 jobmanager_add_event(jobmanager, 0, &fails) &&
                 jobmanager_add_fault(jobmanager, 0, &fault) &&
                 jobmanager_call(jobmanager, 0, 1, &ask);
    while (lived && jobmanager_due(jobmanager, NULL) < 2 * MS)
        lived = jobmanager_advance(jobmanager, 2 * MS);
    assert_true(lived || may_fail);
    jobmanager_free(jobmanager);
}

static void test_without_memory_nothing_is_added_and_nothing_leaks(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(add_things, NULL) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_added_event_happens_when_it_says_and_its_texts_were_copied),
        cmocka_unit_test(test_an_event_of_the_past_happens_now),
        cmocka_unit_test(test_an_added_event_of_an_unknown_job_means_nothing),
        cmocka_unit_test(test_an_added_fault_is_in_force_from_its_beginning_to_its_end),
        cmocka_unit_test(test_clearing_ends_faults_of_the_plan_and_added_ones),
        cmocka_unit_test(test_the_one_taskmanager_counts_slots_as_the_job_list_does),
        cmocka_unit_test(test_without_memory_nothing_is_added_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
