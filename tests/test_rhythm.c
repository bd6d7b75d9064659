/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/mock_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { JOBS = 4 };

static const int64_t second_us = 1000 * MS;

/* Everything that can happen by itself, often. */
static const struct job_rhythm busy_rhythm = {
    .first_us = 500 * MS,
    .interval_us = 1000 * MS,
    .jitter_us = 300 * MS,
    .takes_us = 400 * MS,
    .takes_jitter_us = 1500 * MS,
    .concurrent_max = 3,
    .checkpoint_failure_ppm = 100000,
    .trigger_failure_ppm = 50000,
    .savepoint_ppm = 100000,
    .restart_ppm = 20000,
    .rescale_ppm = 10000,
    .failover_ppm = 10000,
    .ends_us = INT64_MAX,
};

static void make_plans(struct job_plan *plans, size_t count, const struct job_rhythm *rhythm)
{
    for (size_t i = 0; i < count; i++) {
        plans[i] = mock_job_j;
        plans[i].id.low += i;
        plans[i].rhythm = *rhythm;
    }
}

static void start(struct mock *mock, const struct job_plan *plans, size_t count, uint64_t seed)
{
    struct jobmanager_config config = mock_config(plans, count, NULL, 0);
    config.seed = seed;
    mock_start(mock, &config);
}

static struct job_plan plan_with(const struct job_rhythm *rhythm)
{
    struct job_plan plan;
    make_plans(&plan, 1, rhythm);
    return plan;
}

static void test_a_plain_rhythm_triggers_on_its_grid(void **state)
{
    (void)state;
    const struct job_rhythm rhythm = {
        .first_us = 90 * MS, .interval_us = 100 * MS, .takes_us = 40 * MS, .ends_us = 390 * MS};
    const struct job_plan plan = plan_with(&rhythm);
    struct mock mock;
    start(&mock, &plan, 1, 1);
    mock_run(&mock, 10 * second_us);
    assert_int_equal(mock_count(&mock, JOURNAL_VISIBLE), 3);
    for (int64_t i = 0; i < 3; i++) {
        const struct journal_entry *const visible = mock_line(&mock, JOURNAL_VISIBLE, i + 1, 0);
        assert_int_equal(visible->at_us, (130 + 100 * i) * MS);
        assert_int_equal(visible->trigger_ms, 1000090 + 100 * i);
    }
    assert_true(jobmanager_due(mock.jobmanager, NULL) == INT64_MAX);
    mock_stop(&mock);
}

static void test_subtasks_report_evenly_between_trigger_and_end(void **state)
{
    (void)state;
    const struct job_rhythm rhythm = {
        .first_us = 0, .interval_us = second_us, .takes_us = 30 * MS, .ends_us = 1};
    const struct job_plan plan = plan_with(&rhythm);
    struct mock mock;
    start(&mock, &plan, 1, 1);
    const int64_t asked_us[] = {10 * MS - 1, 10 * MS, 20 * MS - 1, 20 * MS};
    const int32_t acknowledged[] = {0, 1, 1, 2};
    for (size_t i = 0; i < COUNT(asked_us); i++) {
        struct fetch_result result = mock_statistics(&mock, asked_us[i], plan.id);
        assert_int_equal(result.stats->history[0]->acknowledged_count, acknowledged[i]);
        fetch_result_clear(&result);
    }
    mock_run(&mock, 30 * MS - 1);
    assert_int_equal(mock_count(&mock, JOURNAL_BEGAN), 0);
    struct fetch_result result = mock_statistics(&mock, 30 * MS, plan.id);
    assert_int_equal(result.stats->latest_completed->acknowledged_count, 3);
    assert_int_equal(result.stats->latest_completed->latest_ack_ms, 1000030);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_wide_job_reports_in_a_few_steps(void **state)
{
    (void)state;
    const struct job_vertex wide = {{5, 5}, "Wide", 1000};
    const struct job_rhythm rhythm = {.interval_us = second_us, .takes_us = 40 * MS, .ends_us = 1};
    struct job_plan plan = plan_with(&rhythm);
    plan.vertices = &wide;
    plan.vertex_count = 1;
    struct mock mock;
    start(&mock, &plan, 1, 1);
    size_t events = 0;
    while (jobmanager_due(mock.jobmanager, NULL) < INT64_MAX) {
        assert_true(jobmanager_advance(mock.jobmanager, second_us));
        events++;
    }
    assert_int_equal(events, 5); /* the beat, three steps, the end */
    struct fetch_result result = mock_statistics(&mock, 50 * MS, plan.id);
    assert_int_equal(result.stats->latest_completed->acknowledged_count, 1000);
    assert_int_equal(result.stats->latest_completed->state_size, 100);
    fetch_result_clear(&result);
    mock_stop(&mock);
}

static void test_a_beat_is_left_out_while_too_many_are_under_way(void **state)
{
    (void)state;
    for (int32_t concurrent_max = 0; concurrent_max <= 3; concurrent_max++) {
        const struct job_rhythm rhythm = {.interval_us = 100 * MS,
                                          .takes_us = 250 * MS,
                                          .concurrent_max = concurrent_max,
                                          .ends_us = 300 * MS};
        const struct job_plan plan = plan_with(&rhythm);
        struct mock mock;
        start(&mock, &plan, 1, 1);
        struct fetch_result result = mock_statistics(&mock, 210 * MS, plan.id);
        assert_int_equal(result.stats->counts.in_progress, concurrent_max > 1 ? concurrent_max : 1);
        fetch_result_clear(&result);
        mock_run(&mock, second_us);
        assert_int_equal(mock_count(&mock, JOURNAL_FAILED), 0);
        mock_stop(&mock);
    }
}

static void test_a_restart_begins_the_rhythm_anew(void **state)
{
    (void)state;
    const struct job_rhythm rhythm = {
        .interval_us = 100 * MS, .takes_us = 10 * MS, .ends_us = 400 * MS};
    const struct job_plan plan = plan_with(&rhythm);
    const struct job_event restart = {.at_us = 50 * MS, .kind = JOB_EVENT_RESTARTS};
    const struct jobmanager_config config = mock_config(&plan, 1, &restart, 1);
    struct mock mock;
    mock_start(&mock, &config);
    mock_run(&mock, second_us);
    const int64_t completed_us[] = {10 * MS, 60 * MS, 160 * MS, 260 * MS, 360 * MS};
    assert_int_equal(mock_count(&mock, JOURNAL_VISIBLE), COUNT(completed_us));
    for (size_t i = 0; i < COUNT(completed_us); i++)
        assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, -1, i)->at_us, completed_us[i]);
    mock_stop(&mock);
}

static void test_jitter_delays_triggers_by_at_most_itself(void **state)
{
    (void)state;
    const struct job_rhythm rhythm = {.interval_us = 1000 * MS,
                                      .jitter_us = 200 * MS,
                                      .takes_us = MS,
                                      .ends_us = 200 * second_us};
    const struct job_plan plan = plan_with(&rhythm);
    struct mock mock;
    start(&mock, &plan, 1, 3);
    mock_run(&mock, 300 * second_us);
    int64_t least = INT64_MAX, most = 0;
    for (int64_t i = 0; i < 200; i++) {
        const int64_t late_us =
            mock_line(&mock, JOURNAL_VISIBLE, i + 1, 0)->at_us - MS - i * second_us;
        least = late_us < least ? late_us : least;
        most = late_us > most ? late_us : most;
    }
    assert_true(least >= 0 && least < 50 * MS);
    assert_true(most <= 200 * MS && most > 150 * MS);
    mock_stop(&mock);
}

static void test_chances_of_one_million_always_happen(void **state)
{
    (void)state;
    const struct job_rhythm always[] = {
        {.interval_us = second_us, .takes_us = MS, .checkpoint_failure_ppm = 1000000},
        {.interval_us = second_us, .takes_us = MS, .trigger_failure_ppm = 1000000},
        {.interval_us = second_us, .takes_us = MS, .savepoint_ppm = 1000000},
        {.interval_us = second_us, .takes_us = MS, .restart_ppm = 1000000},
        {.interval_us = second_us, .takes_us = MS, .rescale_ppm = 1000000},
        {.interval_us = second_us, .takes_us = MS, .failover_ppm = 1000000}};
    const enum journal_kind seen[] = {JOURNAL_FAILED, JOURNAL_FAILED, JOURNAL_VISIBLE,
                                      JOURNAL_STATE,  JOURNAL_STATE,  JOURNAL_RUN_BEGAN};
    for (size_t i = 0; i < COUNT(always); i++) {
        const struct job_plan plan = plan_with(&always[i]);
        struct mock mock;
        start(&mock, &plan, 1, 5);
        const size_t before = mock_count(&mock, seen[i]);
        mock_run(&mock, 20 * second_us);
        assert_true(mock_count(&mock, seen[i]) >= before + 5);
        if (i == 1)
            assert_int_equal(mock_line(&mock, JOURNAL_FAILED, -1, 3)->checkpoint, 4);
        if (i == 2) {
            assert_true(mock_line(&mock, JOURNAL_VISIBLE, -1, 0)->is_savepoint);
            assert_int_equal(mock_line(&mock, JOURNAL_VISIBLE, -1, 0)->at_us, 10 * MS);
        }
        mock_stop(&mock);
    }
}

static void assert_equal_logs(const struct mock *a, const struct mock *b)
{
    assert_int_equal(a->log_count, b->log_count);
    for (size_t i = 0; i < a->log_count; i++) {
        const struct journal_entry *const x = &a->log[i], *const y = &b->log[i];
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->at_us, y->at_us);
        assert_int_equal(x->job, y->job);
        assert_int_equal(x->run, y->run);
        assert_int_equal(x->checkpoint, y->checkpoint);
        assert_int_equal(x->state, y->state);
    }
}

static void test_the_same_seed_gives_the_same_history_and_another_seed_another(void **state)
{
    (void)state;
    struct job_plan plans[JOBS];
    make_plans(plans, JOBS, &busy_rhythm);
    struct mock mocks[3];
    const uint64_t seeds[] = {41, 41, 42};
    for (size_t i = 0; i < 3; i++) {
        start(&mocks[i], plans, JOBS, seeds[i]);
        mock_run(&mocks[i], 600 * second_us);
    }
    assert_equal_logs(&mocks[0], &mocks[1]);
    assert_true(mocks[0].log_count != mocks[2].log_count);
    for (size_t i = 0; i < 3; i++)
        mock_stop(&mocks[i]);
}

static size_t lines_of_job(const struct mock *mock, size_t job, const struct journal_entry **lines)
{
    size_t count = 0;
    for (size_t i = 0; i < mock->log_count; i++)
        if (mock->log[i].job == job)
            lines[count++] = &mock->log[i];
    return count;
}

static void test_one_jobs_draws_move_no_other_job(void **state)
{
    (void)state;
    struct job_plan plans[2];
    make_plans(plans, 2, &busy_rhythm);
    struct mock both, alone;
    start(&both, plans, 2, 9);
    mock_run(&both, 300 * second_us);
    plans[1].rhythm.restart_ppm = 500000;
    start(&alone, plans, 2, 9);
    mock_run(&alone, 300 * second_us);
    const struct journal_entry **const a = calloc(both.log_count, sizeof *a);
    const struct journal_entry **const b = calloc(alone.log_count, sizeof *b);
    const size_t count = lines_of_job(&both, 0, a);
    assert_int_equal(lines_of_job(&alone, 0, b), count);
    for (size_t i = 0; i < count; i++)
        assert_true(a[i]->at_us == b[i]->at_us && a[i]->kind == b[i]->kind);
    free(a);
    free(b);
    mock_stop(&both);
    mock_stop(&alone);
}

/* Plain checkpoints complete in rising order; only savepoints may finish late. */
static void assert_rising(const struct mock *mock)
{
    int64_t plain[JOBS] = {0};
    uint64_t run[JOBS] = {0};
    size_t late_savepoints = 0;
    for (size_t i = 0; i < mock->log_count; i++) {
        const struct journal_entry *const entry = &mock->log[i];
        if (entry->kind != JOURNAL_VISIBLE)
            continue;
        if (entry->run != run[entry->job])
            plain[entry->job] = 0;
        run[entry->job] = entry->run;
        if (entry->is_savepoint) {
            late_savepoints += entry->checkpoint < plain[entry->job];
            continue;
        }
        assert_true(entry->checkpoint > plain[entry->job]);
        plain[entry->job] = entry->checkpoint;
    }
    assert_true(late_savepoints > 0);
}

static void assert_in_order_of_time(const struct mock *mock)
{
    for (size_t i = 1; i < mock->log_count; i++)
        assert_true(mock->log[i].at_us >= mock->log[i - 1].at_us);
}

/* Within a run no id is completed twice, and nothing is discarded that never was durable. */
static void assert_lives(const struct mock *mock)
{
    for (size_t i = 0; i < mock->log_count; i++) {
        const struct journal_entry *const entry = &mock->log[i];
        if (entry->kind != JOURNAL_DISCARDED && entry->kind != JOURNAL_VISIBLE)
            continue;
        size_t durable = 0, same = 0;
        for (size_t j = i; j-- > 0;) {
            const struct journal_entry *const earlier = &mock->log[j];
            if (earlier->job != entry->job || earlier->run != entry->run ||
                earlier->checkpoint != entry->checkpoint)
                continue;
            durable += earlier->kind == JOURNAL_DURABLE;
            same += earlier->kind == entry->kind;
        }
        assert_int_equal(durable, 1);
        assert_int_equal(same, 0);
    }
}

static void test_what_happens_by_itself_is_what_flink_could_do(void **state)
{
    (void)state;
    struct job_plan plans[JOBS];
    make_plans(plans, JOBS, &busy_rhythm);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct mock mock;
        start(&mock, plans, JOBS, seed);
        mock_run(&mock, 300 * second_us);
        assert_rising(&mock);
        assert_in_order_of_time(&mock);
        assert_lives(&mock);
        assert_true(mock_count(&mock, JOURNAL_RESTORED) > 0);
        mock_stop(&mock);
    }
}

static void test_counts_add_up_at_every_moment(void **state)
{
    (void)state;
    const struct job_plan plan = plan_with(&busy_rhythm);
    struct mock mock;
    start(&mock, &plan, 1, 17);
    for (int64_t now_us = 0; now_us < 300 * second_us; now_us += 777 * MS) {
        struct fetch_result result = mock_statistics(&mock, now_us, plan.id);
        if (result.outcome == OUTCOME_OK) {
            const struct checkpoint_counts *const counts = &result.stats->counts;
            assert_int_equal(counts->total,
                             counts->in_progress + counts->completed + counts->failed);
            assert_int_equal(result.stats->summary.state_size.count, counts->completed);
        } else {
            assert_int_equal(result.outcome, OUTCOME_JOB_INITIALIZING);
        }
        fetch_result_clear(&result);
    }
    mock_stop(&mock);
}

static void test_the_queue_stays_short_however_long_the_run(void **state)
{
    (void)state;
    const struct job_plan plan = plan_with(&busy_rhythm);
    struct mock mock;
    start(&mock, &plan, 1, 23);
    uint64_t ticket_before = mock.ticket;
    assert_true(ticket_before < 3);
    mock_run(&mock, second_us);
    assert_true(mock.ticket < 20);
    mock_stop(&mock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plain_rhythm_triggers_on_its_grid),
        cmocka_unit_test(test_subtasks_report_evenly_between_trigger_and_end),
        cmocka_unit_test(test_a_wide_job_reports_in_a_few_steps),
        cmocka_unit_test(test_a_beat_is_left_out_while_too_many_are_under_way),
        cmocka_unit_test(test_a_restart_begins_the_rhythm_anew),
        cmocka_unit_test(test_jitter_delays_triggers_by_at_most_itself),
        cmocka_unit_test(test_chances_of_one_million_always_happen),
        cmocka_unit_test(test_the_same_seed_gives_the_same_history_and_another_seed_another),
        cmocka_unit_test(test_one_jobs_draws_move_no_other_job),
        cmocka_unit_test(test_what_happens_by_itself_is_what_flink_could_do),
        cmocka_unit_test(test_counts_add_up_at_every_moment),
        cmocka_unit_test(test_the_queue_stays_short_however_long_the_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
