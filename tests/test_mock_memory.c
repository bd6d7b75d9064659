/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include "mock_jobmanager/tracker.h"
#include "tests/support/mock_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define EVENT(at_ms, what, ...)                                    \
    {                                                              \
        .at_us = (at_ms)*MS, .kind = JOB_EVENT_##what, __VA_ARGS__ \
    }

static const struct task_layout layout[] = {{{3, 4}, 2}};

/* What a snapshot says, for comparing before with after. */
static uint64_t fingerprint(struct tracker *tracker)
{
    struct checkpoint_stats *const stats = tracker_snapshot(tracker, 0, false);
    assert_non_null(stats);
    uint64_t sum = checkpoint_stats_version(stats) * 31 + (uint64_t)stats->counts.in_progress;
    sum = sum * 31 + stats->history_count;
    for (size_t i = 0; i < stats->history_count; i++) {
        const struct checkpoint *const entry = stats->history[i];
        sum = sum * 31 + (uint64_t)entry->id;
        sum = sum * 31 + (uint64_t)entry->status;
        sum = sum * 31 + (uint64_t)entry->acknowledged_count;
        sum = sum * 31 + entry->discarded;
    }
    sum = sum * 31 + (uint64_t)(stats->latest_completed ? stats->latest_completed->id : -1);
    sum = sum * 31 + (uint64_t)(stats->latest_failed ? stats->latest_failed->id : -1);
    sum = sum * 31 + (uint64_t)(stats->latest_restored ? stats->latest_restored->id : -1);
    sum = sum * 31 + (uint64_t)stats->summary.duration_ms.count;
    sum = sum * 31 + (uint64_t)stats->summary.persisted_data.count;
    checkpoint_stats_release(stats);
    return sum;
}

static bool report(struct tracker *tracker, size_t step, struct shared_text *path)
{
    const struct subtask_stats ack = {.ack_ms = 12, .state_size = 5, .checkpointed_size = 5};
    switch (step) {
    case 0:
        return tracker_pending(tracker, 1, CHECKPOINT_ALIGNED, 10, layout, 1);
    case 1:
        return tracker_acknowledge(tracker, 1, layout[0].vertex, 0, &ack);
    case 2:
        return tracker_completed(tracker, 1, path);
    case 3:
        return tracker_pending(tracker, 2, CHECKPOINT_SAVEPOINT, 20, layout, 1);
    case 4:
        return tracker_failed(tracker, 2, 25, "Task has failed.");
    case 5:
        return tracker_restored(tracker, 1, 30, false, path);
    case 6:
        return tracker_discarded(tracker, 1);
    default:
        return tracker_failed_without_pending(tracker);
    }
}

enum { REPORTS = 8 };

/* Each report fails once for every allocation it makes, changes nothing then, and works after. A
 * snapshot is held all the time, so that every change has to copy. */
static void test_a_report_without_memory_changes_nothing(void **state)
{
    (void)state;
    size_t failures = 0;
    struct tracker *const tracker = tracker_new(&(struct tracker_config){.history_count_max = 10});
    struct shared_text *const path = shared_text_new("file:/c/chk-1");
    for (size_t step = 0; step < REPORTS; step++) {
        struct checkpoint_stats *const held = tracker_snapshot(tracker, 0, false);
        for (unsigned n = 1;; n++) {
            const uint64_t before = fingerprint(tracker);
            failing_allocator_arm(n);
            const bool reported = report(tracker, step, path);
            if (!failing_allocator_fired()) {
                assert_true(reported);
                assert_int_not_equal(fingerprint(tracker), before);
                break;
            }
            assert_false(reported);
            assert_int_equal(fingerprint(tracker), before);
            failures++;
        }
        checkpoint_stats_release(held);
    }
    assert_true(failures > 8);
    tracker_free(tracker);
    assert_int_equal(path->references, 1);
    shared_text_release(path);
}

static void test_a_snapshot_without_memory_is_none_and_the_next_one_is_whole(void **state)
{
    (void)state;
    struct tracker *const tracker = tracker_new(&(struct tracker_config){.history_count_max = 10});
    struct shared_text *const path = shared_text_new("file:/c/chk-1");
    for (size_t step = 0; step < REPORTS; step++) {
        struct checkpoint_stats *const held = tracker_snapshot(tracker, 0, false);
        assert_true(report(tracker, step, path));
        for (unsigned n = 1;; n++) {
            failing_allocator_arm(n);
            struct checkpoint_stats *const stats = tracker_snapshot(tracker, 0, false);
            if (!failing_allocator_fired()) {
                assert_non_null(stats);
                checkpoint_stats_release(stats);
                break;
            }
            assert_null(stats);
        }
        checkpoint_stats_release(held);
    }
    tracker_free(tracker);
    shared_text_release(path);
}

static void make_tracker(void *context, bool may_fail)
{
    (void)context;
    struct tracker *const tracker = tracker_new(&(struct tracker_config){.history_count_max = 10});
    if (!may_fail)
        assert_non_null(tracker);
    tracker_free(tracker);
}

static void test_a_tracker_without_memory_is_none(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(make_tracker, NULL) >= 6);
}

static const struct job_rhythm rhythm = {
    .interval_us = 50 * MS,
    .takes_us = 20 * MS,
    .takes_jitter_us = 60 * MS,
    .concurrent_max = 2,
    .checkpoint_failure_ppm = 200000,
    .savepoint_ppm = 200000,
    .restart_ppm = 100000,
    .failover_ppm = 100000,
    .ends_us = 600 * MS,
};

static const struct job_event events[] = {
    EVENT(10, COMPLETES, .takes_us = 5 * MS),
    EVENT(20, COMPLETES, .type = CHECKPOINT_SAVEPOINT),
    EVENT(30, FAILS_CHECKPOINT, 0),
    EVENT(35, COMPLETES, .durable_after_us = 3 * MS),
    EVENT(40, RESTARTS, .takes_us = 5 * MS),
    EVENT(60, TRIGGERS, 0),
    EVENT(65, ACKNOWLEDGES, 0),
    EVENT(70, FAILS_OVER, 0),
    EVENT(80, RUNS, .job = 1),
    EVENT(90, RESTORES, .job = 1, .checkpoint = 3, .path = "file:/elsewhere"),
    EVENT(100, STARTS_OVER, 0),
    EVENT(110, COMPLETES, 0),
    EVENT(120, FINISHES, 0),
};

static const struct fetch_request requests[] = {
    {.kind = FETCH_CHECKPOINT_STATS},
    {.kind = FETCH_EXECUTION_GRAPH},
    {.kind = FETCH_JOB_LIST},
    {.kind = FETCH_TRIGGER_CHECKPOINT, .trigger = {1, 1}},
    {.kind = FETCH_TRIGGER_STATUS, .trigger = {1, 1}}};

static bool advance_to(struct jobmanager *jobmanager, int64_t until_us)
{
    while (jobmanager_due(jobmanager, NULL) <= until_us) {
        if (!jobmanager_advance(jobmanager, until_us))
            return false;
        const struct journal_entry *entry;
        while ((entry = jobmanager_next_entry(jobmanager)) != NULL)
            assert_true(entry->at_us <= until_us);
    }
    return true;
}

static bool ask_everything(struct jobmanager *jobmanager, int64_t now_us)
{
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct fetch_request request = requests[i];
        request.job = mock_job_j.id;
        request.trigger.low = (uint64_t)now_us;
        if (!jobmanager_call(jobmanager, now_us, i, &request))
            return false;
    }
    return true;
}

static bool live(struct jobmanager *jobmanager)
{
    for (int64_t now_us = 0; now_us < 130 * MS; now_us += 7 * MS)
        if (!advance_to(jobmanager, now_us) || !ask_everything(jobmanager, now_us))
            return false;
    const struct fetch_request cancel = {.kind = FETCH_CANCEL_JOB, .job = {5, 5}};
    return advance_to(jobmanager, 130 * MS) &&
           jobmanager_start_from(jobmanager, 130 * MS, 2, "file:/gone") &&
           jobmanager_start_from(jobmanager, 130 * MS, 0,
                                 "file:/flink/savepoints/savepoint-130923-2") &&
           advance_to(jobmanager, 700 * MS) && ask_everything(jobmanager, 700 * MS) &&
           jobmanager_call(jobmanager, 700 * MS, 9, &cancel) && advance_to(jobmanager, 900 * MS);
}

static void live_with_failures(void *context, bool may_fail)
{
    const struct origin_quirks *const quirks = context;
    struct job_plan plans[] = {mock_job_j, mock_job_j, mock_job_j};
    plans[1].id = (struct id){5, 5};
    plans[1].rhythm = rhythm;
    plans[1].exists_at_start = false;
    plans[1].vertex_count = 0;
    plans[1].directory = "file:/own";
    plans[2].id = (struct id){6, 6};
    plans[2].exists_at_start = false;
    struct jobmanager_config config = mock_config(plans, 3, events, COUNT(events));
    uint64_t ticket = 0;
    config.ticket = &ticket;
    config.quirks = *quirks;
    config.announce_gap_us = MS;
    config.call_out_us = MS;
    config.call_back_us = MS;
    struct jobmanager *const jobmanager = jobmanager_new(&config);
    const bool lived = jobmanager && live(jobmanager);
    if (!may_fail)
        assert_true(lived);
    if (lived) {
        uint64_t fetch;
        struct fetch_result result;
        while (jobmanager_next_delivery(jobmanager, &fetch, &result))
            fetch_result_clear(&result);
    }
    jobmanager_free(jobmanager);
}

static void test_a_jobmanager_without_memory_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    struct origin_quirks quirks[] = {{0},
                                     {.announces_before_statistics = true},
                                     {.shown_before_durable_us = 1000,
                                      .restart_wipes_statistics = true,
                                      .trigger_discards = true,
                                      .savepoint_discards = true}};
    for (size_t i = 0; i < COUNT(quirks); i++)
        assert_true(fail_each_allocation(live_with_failures, &quirks[i]) > 300);
}

enum { CALLS = 3 };

/* How often each of the calls was answered; they are numbered from one. */
static void count_answers(struct jobmanager *jobmanager, size_t counts[CALLS + 1])
{
    uint64_t fetch;
    struct fetch_result result;
    while (jobmanager_next_delivery(jobmanager, &fetch, &result)) {
        assert_in_range(fetch, 1, CALLS);
        counts[fetch]++;
        fetch_result_clear(&result);
    }
}

/* The allocation `n` of those that the first call makes fails; false: it makes fewer. */
static bool call_with_failure(const struct fetch_request *request, unsigned n)
{
    const struct job_plan plan = mock_job_j;
    const struct jobmanager_config config = mock_config(&plan, 1, NULL, 0);
    struct mock mock;
    size_t counts[CALLS + 1] = {0};
    mock_start(&mock, &config);
    mock_send(&mock, 0, request);
    failing_allocator_arm(n);
    while (jobmanager_due(mock.jobmanager, NULL) <= 0)
        (void)jobmanager_advance(mock.jobmanager, 0);
    const bool failed = failing_allocator_fired();
    for (size_t i = 1; i < CALLS; i++)
        mock_send(&mock, 0, request);
    mock_run(&mock, 0);
    count_answers(mock.jobmanager, counts);
    for (size_t i = 1; i <= CALLS; i++)
        assert_int_equal(counts[i], 1);
    mock_stop(&mock);
    return failed;
}

static void test_a_call_without_memory_is_answered_once_and_so_are_those_after_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct fetch_request request = {.kind = requests[i].kind, .job = mock_job_j.id};
        unsigned n = 1;
        while (call_with_failure(&request, n))
            n++;
        assert_true(n > 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_report_without_memory_changes_nothing),
        cmocka_unit_test(test_a_snapshot_without_memory_is_none_and_the_next_one_is_whole),
        cmocka_unit_test(test_a_tracker_without_memory_is_none),
        cmocka_unit_test(test_a_jobmanager_without_memory_says_so_and_leaks_nothing),
        cmocka_unit_test(test_a_call_without_memory_is_answered_once_and_so_are_those_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
