/* rooms: mock_jobmanager gateway base */
#include "tests/support/mock_fixture.h"

/* What origins do that are broken on purpose, beside one that is not: each runs the same life. */

#define EVENT(ms, what, id)                                            \
    {                                                                  \
        .at_us = (ms)*MS, .kind = JOB_EVENT_##what, .checkpoint = (id) \
    }
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void live(struct mock *mock, const struct job_event *events, size_t count,
                 int64_t retained_count, struct origin_quirks quirks)
{
    struct jobmanager_config config = mock_config(&mock_job_j, 1, events, count);
    config.retained_count = retained_count;
    config.quirks = quirks;
    mock_start(mock, &config);
}

static void an_ended_job_is_found_once_it_is_archived(void **state)
{
    static const struct job_event events[] = {EVENT(10, COMPLETES, 1), EVENT(20, FINISHES, 0)};
    static const struct {
        int64_t at_ms;
        enum fetch_outcome outcome;
    } asked[] = {{19, OUTCOME_OK},
                 {20, OUTCOME_JOB_NOT_FOUND},
                 {119, OUTCOME_JOB_NOT_FOUND},
                 {120, OUTCOME_OK}};
    struct mock mock;
    (void)state;
    live(&mock, events, COUNT(events), 1,
         (struct origin_quirks){.ended_jobs_found_after_us = 100 * MS});
    for (size_t i = 0; i < COUNT(asked); i++) {
        struct fetch_result result = mock_statistics(&mock, asked[i].at_ms * MS, mock_job_j.id);
        assert_int_equal(result.outcome, asked[i].outcome);
        fetch_result_clear(&result);
    }
    mock_stop(&mock);
}

static void a_restart_and_a_rescale_wipe_the_statistics_of_the_same_run(void **state)
{
    static const enum job_event_kind kinds[] = {JOB_EVENT_RESTARTS, JOB_EVENT_RESCALES};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
        const bool wipes = i % 2 == 0;
        const struct job_event events[] = {
            EVENT(10, COMPLETES, 7), {.at_us = 20 * MS, .kind = kinds[i / 2], .takes_us = MS}};
        struct mock mock;
        live(&mock, events, COUNT(events), 1,
             (struct origin_quirks){.restart_wipes_statistics = wipes});
        struct fetch_result result = mock_statistics(&mock, 30 * MS, mock_job_j.id);
        assert_int_equal(result.stats->counts.completed, wipes ? 0 : 1);
        assert_int_equal(result.stats->counts.restored, 1);
        assert_int_equal(result.stats->run, 1);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

static void after_a_failover_the_old_statistics_go_on(void **state)
{
    static const struct job_event events[] = {EVENT(10, COMPLETES, 7), EVENT(20, FAILS_OVER, 0)};
    (void)state;
    for (int keeps = 0; keeps < 2; keeps++) {
        struct mock mock;
        live(&mock, events, COUNT(events), 1,
             (struct origin_quirks){.failover_keeps_statistics = keeps == 1});
        struct fetch_result result = mock_statistics(&mock, 30 * MS, mock_job_j.id);
        assert_int_equal(result.stats->latest_completed != NULL, keeps);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

static void while_a_checkpoint_is_under_way_the_last_snapshot_is_handed_out(void **state)
{
    static const struct job_event events[] = {EVENT(10, COMPLETES, 1), EVENT(20, COMPLETES, 2),
                                              EVENT(30, TRIGGERS, 3), EVENT(50, COMPLETES, 3)};
    static const struct {
        int64_t at_ms, shown, broken_shown;
    } asked[] = {{15, 1, 1}, {40, 2, 1}, {60, 3, 3}};
    (void)state;
    for (int broken = 0; broken < 2; broken++) {
        struct mock mock;
        live(&mock, events, COUNT(events), 1,
             (struct origin_quirks){.lock_busy_while_checkpointing = broken == 1});
        for (size_t i = 0; i < COUNT(asked); i++) {
            struct fetch_result result = mock_statistics(&mock, asked[i].at_ms * MS, mock_job_j.id);
            assert_int_equal(result.stats->latest_completed->id,
                             broken ? asked[i].broken_shown : asked[i].shown);
            fetch_result_clear(&result);
        }
        mock_stop(&mock);
    }
}

static void triggers_that_fail_count_in_one_place_only(void **state)
{
    static const struct job_event events[] = {EVENT(10, FAILS_TO_TRIGGER, 0)};
    (void)state;
    for (int broken = 0; broken < 2; broken++) {
        struct mock mock;
        live(&mock, events, COUNT(events), 1,
             (struct origin_quirks){.failed_triggers_count_halfway = broken == 1});
        struct fetch_result result = mock_statistics(&mock, 20 * MS, mock_job_j.id);
        assert_int_equal(result.stats->counts.failed, 1);
        assert_int_equal(result.stats->counts.total, 1 - broken);
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

static void a_discarded_checkpoint_is_not_marked(void **state)
{
    static const struct job_event events[] = {EVENT(10, COMPLETES, 1), EVENT(20, DISCARDS, 1)};
    (void)state;
    for (int broken = 0; broken < 2; broken++) {
        struct mock mock;
        live(&mock, events, COUNT(events), 1,
             (struct origin_quirks){.discards_are_not_marked = broken == 1});
        struct fetch_result result = mock_statistics(&mock, 30 * MS, mock_job_j.id);
        assert_int_equal(result.stats->latest_completed->discarded, !broken);
        assert_non_null(mock_line(&mock, JOURNAL_DISCARDED, 1, 0));
        fetch_result_clear(&result);
        mock_stop(&mock);
    }
}

/* When checkpoint 1 goes, of one or two that are retained. */
static int64_t first_discarded_ms(struct origin_quirks quirks, int64_t retained_count)
{
    static const struct job_event events[] = {
        EVENT(10, COMPLETES, 1),
        EVENT(20, COMPLETES, 2),
        {.at_us = 30 * MS,
         .kind = JOB_EVENT_TRIGGERS,
         .checkpoint = 3,
         .type = CHECKPOINT_SAVEPOINT},
        {.at_us = 40 * MS,
         .kind = JOB_EVENT_COMPLETES,
         .checkpoint = 3,
         .type = CHECKPOINT_SAVEPOINT},
        EVENT(50, TRIGGERS, 4),
        EVENT(90, COMPLETES, 4),
    };
    struct mock mock;
    live(&mock, events, COUNT(events), retained_count, quirks);
    mock_run(&mock, 100 * MS);
    const struct journal_entry *gone = mock_line(&mock, JOURNAL_DISCARDED, 1, 0);
    const int64_t at_ms = gone ? gone->at_us / MS : -1;
    mock_stop(&mock);
    return at_ms;
}

static void the_oldest_goes_when_the_next_completes_and_not_before(void **state)
{
    (void)state;
    assert_int_equal(first_discarded_ms((struct origin_quirks){0}, 2), 90);
    assert_int_equal(first_discarded_ms((struct origin_quirks){.trigger_discards = true}, 2), 50);
    assert_int_equal(first_discarded_ms((struct origin_quirks){.savepoint_discards = true}, 2), 40);
    assert_int_equal(first_discarded_ms((struct origin_quirks){0}, 3), -1);
    assert_int_equal(first_discarded_ms((struct origin_quirks){.trigger_discards = true}, 3), -1);
}

static void what_is_shown_before_it_is_stored_is_lost_with_the_jobmanager(void **state)
{
    static const int64_t failover_ms[] = {59, 61}; /* stored at 60 ms */
    (void)state;
    for (size_t i = 0; i < COUNT(failover_ms); i++) {
        const struct job_event events[] = {EVENT(5, COMPLETES, 1), EVENT(10, COMPLETES, 2),
                                           EVENT(failover_ms[i], FAILS_OVER, 0)};
        struct mock mock;
        live(&mock, events, COUNT(events), 3,
             (struct origin_quirks){.shown_before_durable_us = 50 * MS});
        struct fetch_result result = mock_statistics(&mock, 20 * MS, mock_job_j.id);
        assert_int_equal(result.stats->latest_completed->id, 2);
        fetch_result_clear(&result);
        mock_run(&mock, 100 * MS);
        const bool is_lost = mock_line(&mock, JOURNAL_DISCARDED, 2, 0) != NULL;
        assert_int_equal(is_lost, failover_ms[i] < 60);
        assert_int_equal(mock_line(&mock, JOURNAL_RESTORED, -1, 0)->checkpoint, is_lost ? 1 : 2);
        mock_stop(&mock);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ended_job_is_found_once_it_is_archived),
        cmocka_unit_test(a_restart_and_a_rescale_wipe_the_statistics_of_the_same_run),
        cmocka_unit_test(after_a_failover_the_old_statistics_go_on),
        cmocka_unit_test(while_a_checkpoint_is_under_way_the_last_snapshot_is_handed_out),
        cmocka_unit_test(triggers_that_fail_count_in_one_place_only),
        cmocka_unit_test(a_discarded_checkpoint_is_not_marked),
        cmocka_unit_test(the_oldest_goes_when_the_next_completes_and_not_before),
        cmocka_unit_test(what_is_shown_before_it_is_stored_is_lost_with_the_jobmanager),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
