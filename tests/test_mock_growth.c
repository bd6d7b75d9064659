/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include <malloc.h>

#include "mock_jobmanager/checkpoint_files.h"
#include "tests/support/mock_fixture.h"

static const int64_t second_us = INT64_C(1000) * MS;
static char directory[] = "file:///flink/savepoints";

/* Bytes in use; 0 where an allocator of its own keeps no count (ASan). */
static size_t in_use(void)
{
    const struct mallinfo2 counts = mallinfo2();
    return counts.uordblks + counts.hblkhd;
}

/* Where nothing is counted, a shorter life shows as much: what is used or freed wrongly. */
static int64_t shortened(int64_t length)
{
    return in_use() > 0 ? length : length / 20;
}

static void drain(struct jobmanager *jobmanager)
{
    uint64_t fetch;
    struct fetch_result result;
    while (jobmanager_next_entry(jobmanager))
        continue;
    while (jobmanager_next_delivery(jobmanager, &fetch, &result))
        fetch_result_clear(&result);
}

static void advance(struct jobmanager *jobmanager, int64_t until_us)
{
    while (jobmanager_due(jobmanager, NULL) <= until_us) {
        assert_true(jobmanager_advance(jobmanager, until_us));
        drain(jobmanager);
    }
}

static void ask(struct jobmanager *jobmanager, int64_t now_us, enum fetch_kind kind,
                uint64_t number, struct job_order *order)
{
    const struct fetch_request request = {
        .kind = kind, .job = {1, number}, .trigger = {2, number}, .order = order};
    assert_true(jobmanager_call(jobmanager, now_us, number, &request));
    advance(jobmanager, now_us);
}

/* One job comes, checkpoints, restarts, leaves a savepoint and ends in one of three ways. */
static void one_job(struct jobmanager *jobmanager, uint64_t number)
{
    const int64_t from_us = (int64_t)number * 20 * second_us;
    struct job_order order = {.references = 1, .directory = directory, .interval_ms = 1000};
    ask(jobmanager, from_us, FETCH_RUN_JOB, number, &order);
    const size_t job = jobmanager_find_job(jobmanager, (struct id){1, number});
    assert_true(job != SIZE_MAX);
    const struct job_event events[] = {
        {.at_us = from_us + 2500 * MS, .job = job, .kind = JOB_EVENT_RESTARTS, .message = "why"},
        {.at_us = from_us + 6 * second_us,
         .job = job,
         .kind = number % 3 == 0 ? JOB_EVENT_FAILS : JOB_EVENT_FINISHES}};
    for (size_t i = 0; i < 2; i++)
        assert_true(jobmanager_add_event(jobmanager, from_us, &events[i]));
    const struct fault fault = {.kind = FAULT_DELAY,
                                .until_us = from_us + second_us,
                                .any_fetch = true,
                                .job = job,
                                .delay_us = MS};
    assert_true(jobmanager_add_fault(jobmanager, from_us, &fault));
    advance(jobmanager, from_us + 3 * second_us);
    ask(jobmanager, from_us + 3 * second_us, FETCH_TRIGGER_SAVEPOINT, number, &order);
    ask(jobmanager, from_us + 4 * second_us, FETCH_EXECUTION_GRAPH, number, NULL);
    ask(jobmanager, from_us + 4 * second_us, FETCH_SAVEPOINT_STATUS, number, NULL);
    if (number % 3 == 1)
        ask(jobmanager, from_us + 5 * second_us, FETCH_CANCEL_JOB, number, NULL);
    advance(jobmanager, from_us + 19 * second_us);
    assert_true(jobmanager_find_job(jobmanager, (struct id){1, number}) == SIZE_MAX);
}

/* The files that jobs leave behind are kept up to a bound, which is reached first. */
static void test_ten_thousand_jobs_come_and_go_and_memory_is_what_it_was(void **state)
{
    (void)state;
    struct job_plan submitted = mock_job_j;
    submitted.rhythm = (struct job_rhythm){.interval_us = second_us, .takes_us = 20 * MS};
    submitted.pace = (struct job_pace){.initializing_us = MS, .cancelling_us = MS};
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    uint64_t ticket = 0;
    config.ticket = &ticket;
    config.submitted = &submitted;
    config.ended_kept_us = 10 * second_us;
    struct jobmanager *const jobmanager = jobmanager_new(&config);
    assert_non_null(jobmanager);
    drain(jobmanager);
    uint64_t number = 0;
    while (number < (uint64_t)shortened(CHECKPOINT_FILES_LEFT_MAX))
        one_job(jobmanager, number++);
    const size_t before = in_use();
    while (number < (uint64_t)shortened(10000))
        one_job(jobmanager, number++);
    assert_true(in_use() <= before + before / 50);
    jobmanager_free(jobmanager);
}

static void test_a_job_that_runs_for_long_needs_no_more_memory(void **state)
{
    (void)state;
    struct job_plan plan = mock_job_j;
    plan.rhythm = (struct job_rhythm){
        .interval_us = 100 * MS, .takes_us = 20 * MS, .savepoint_ppm = 100000, .restart_ppm = 1000};
    struct jobmanager_config config = mock_config(&plan, 1, NULL, 0);
    uint64_t ticket = 0;
    config.ticket = &ticket;
    config.forgets_paths = true;
    struct jobmanager *const jobmanager = jobmanager_new(&config);
    assert_non_null(jobmanager);
    advance(jobmanager, shortened(4000) * second_us);
    const size_t before = in_use();
    advance(jobmanager, shortened(16000) * second_us);
    assert_true(in_use() <= before + before / 50);
    jobmanager_free(jobmanager);
}

static void test_a_crowd_of_jobs_gives_back_what_it_needed(void **state)
{
    (void)state;
    struct job_plan submitted = mock_job_j;
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    uint64_t ticket = 0;
    config.ticket = &ticket;
    config.submitted = &submitted;
    config.ended_kept_us = second_us;
    struct jobmanager *const jobmanager = jobmanager_new(&config);
    assert_non_null(jobmanager);
    drain(jobmanager);
    const size_t before = in_use();
    const uint64_t crowd = (uint64_t)shortened(3000);
    for (int64_t round = 0; round < 3; round++) {
        for (uint64_t number = 0; number < crowd; number++)
            ask(jobmanager, round * 1000 * second_us, FETCH_RUN_JOB, number, NULL);
        for (uint64_t number = 0; number < crowd; number++)
            ask(jobmanager, round * 1000 * second_us, FETCH_CANCEL_JOB, number, NULL);
        advance(jobmanager, (round * 1000 + 500) * second_us);
    }
    assert_true(in_use() <= before + 40 * 1024);
    jobmanager_free(jobmanager);
}

static void ask_for_unknown(struct jobmanager *jobmanager, int64_t now_us, uint64_t count)
{
    for (uint64_t number = 0; number < count; number++)
        ask(jobmanager, now_us, FETCH_TRIGGER_CHECKPOINT, number, NULL);
}

static void test_what_came_of_many_triggers_is_given_back(void **state)
{
    (void)state;
    struct jobmanager_config config = mock_config(&mock_job_j, 1, NULL, 0);
    uint64_t ticket = 0;
    config.ticket = &ticket;
    struct jobmanager *const jobmanager = jobmanager_new(&config);
    assert_non_null(jobmanager);
    drain(jobmanager);
    ask_for_unknown(jobmanager, 0, 1);
    const size_t before = in_use();
    ask_for_unknown(jobmanager, 0, (uint64_t)shortened(20000));
    for (int64_t i = 0; i < 12; i++) /* each finds a smaller table */
        ask_for_unknown(jobmanager, 400 * second_us + i, 1);
    assert_true(in_use() <= before + 2048); /* a slab keeps its block, however many there were */
    jobmanager_free(jobmanager);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ten_thousand_jobs_come_and_go_and_memory_is_what_it_was),
        cmocka_unit_test(test_a_job_that_runs_for_long_needs_no_more_memory),
        cmocka_unit_test(test_a_crowd_of_jobs_gives_back_what_it_needed),
        cmocka_unit_test(test_what_came_of_many_triggers_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
