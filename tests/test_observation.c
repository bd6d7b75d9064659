/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gateway/checkpoint_stats.h"
#include "harness/judge/observation.h"

static const struct id JOB = {1, 2};

struct parts {
    struct observation seen;
    struct seen_checkpoint entries[3];
};

/* 5 is in progress, 4 completed, 3 failed; 2 and 1 have left the history. */
static void fill(struct parts *parts)
{
    *parts = (struct parts){
        .entries = {{.id = 5, .status = SEEN_IN_PROGRESS, .trigger_ms = 50},
                    {.id = 4, .status = SEEN_COMPLETED, .trigger_ms = 40},
                    {.id = 3, .status = SEEN_FAILED, .trigger_ms = 30}},
        .seen = {.kind = OBSERVED_STATISTICS,
                 .total = 5,
                 .in_progress = 1,
                 .completed = 2,
                 .failed = 2,
                 .has_latest_completed = true,
                 .latest_completed = {.id = 4, .status = SEEN_COMPLETED, .trigger_ms = 40},
                 .has_latest_failed = true,
                 .latest_failed = {.id = 3, .status = SEEN_FAILED, .trigger_ms = 30},
                 .history_count = 3}};
    parts->seen.history = parts->entries;
}

static void expect_text(const struct observation *seen, const char *expected)
{
    char *text = observation_contradiction(seen, NULL, 0);
    if (!expected)
        assert_null(text);
    else
        assert_non_null(text);
    if (expected)
        assert_string_equal(text, expected);
    free(text);
}

static void test_an_answer_that_agrees_with_itself_has_no_contradiction(void **state)
{
    (void)state;
    struct parts parts;
    fill(&parts);
    expect_text(&parts.seen, NULL);
    const struct observation empty = {.kind = OBSERVED_STATISTICS};
    expect_text(&empty, NULL);
}

static void test_counts_must_add_up(void **state)
{
    (void)state;
    struct parts parts;
    fill(&parts);
    parts.seen.total = 6;
    expect_text(&parts.seen, "counts: total 6 is not in_progress 1 + completed 2 + failed 2");
}

static void test_no_status_is_listed_more_often_than_counted(void **state)
{
    (void)state;
    struct parts parts;
    fill(&parts);
    parts.seen.in_progress = 0;
    parts.seen.total = 4;
    expect_text(&parts.seen, "history lists 1 in progress, counted are 0");
    fill(&parts);
    parts.entries[0].status = SEEN_COMPLETED;
    parts.seen.completed = 1;
    parts.seen.failed = 3;
    parts.seen.total = 5;
    expect_text(&parts.seen, "history lists 2 completed, counted are 1");
}

static void test_ids_fall_through_the_history(void **state)
{
    (void)state;
    struct parts parts;
    fill(&parts);
    parts.entries[0].id = 4;
    parts.entries[0].trigger_ms = 40;
    parts.seen.has_latest_completed = true;
    parts.seen.latest_completed.id = 9;
    expect_text(&parts.seen, "history lists checkpoint 4 after 4");
}

static void test_latest_completed_is_a_completed_checkpoint_and_no_savepoint(void **state)
{
    (void)state;
    struct parts parts;
    fill(&parts);
    parts.seen.latest_completed.is_savepoint = true;
    expect_text(&parts.seen, "latest.completed is a savepoint (4)");
    fill(&parts);
    parts.seen.latest_completed.trigger_ms = 41;
    expect_text(&parts.seen, "latest.completed and history show checkpoint 4 differently");
    fill(&parts);
    parts.seen.latest_completed.id = 2;
    parts.seen.latest_completed.status = SEEN_FAILED;
    expect_text(&parts.seen, "latest.completed has another status");
}

static void test_latest_savepoint_is_a_savepoint(void **state)
{
    (void)state;
    struct parts parts;
    fill(&parts);
    parts.seen.has_latest_savepoint = true;
    parts.seen.latest_savepoint =
        (struct seen_checkpoint){.id = 1, .status = SEEN_COMPLETED, .is_savepoint = true};
    expect_text(&parts.seen, NULL);
    parts.seen.latest_savepoint.is_savepoint = false;
    expect_text(&parts.seen, "latest.savepoint is no savepoint (1)");
}

static void test_something_completed_is_shown_exactly_when_it_is_counted(void **state)
{
    (void)state;
    struct parts parts;
    fill(&parts);
    parts.seen.has_latest_completed = false;
    expect_text(&parts.seen, "2 completed are counted, and latest shows none");
    const struct observation uncounted = {.has_latest_completed = true,
                                          .latest_completed = {.id = 1, .status = SEEN_COMPLETED}};
    expect_text(&uncounted, "0 completed are counted, and latest shows one");
    const struct observation failed = {.has_latest_failed = true,
                                       .latest_failed = {.id = 1, .status = SEEN_FAILED}};
    expect_text(&failed, "latest.failed is shown, and none is counted");
}

static void test_a_trigger_may_fail_without_an_entry(void **state)
{
    (void)state;
    const struct observation seen = {.total = 1, .failed = 1};
    expect_text(&seen, NULL);
}

static void test_a_summary_lies_within_its_own_bounds(void **state)
{
    (void)state;
    static const struct {
        struct seen_summary summary;
        bool agrees;
    } rows[] = {
        {{"x", 1, 9, 5, 5, 9}, true},    {{"x", 1, 9, 1, 1, 1}, true},
        {{"x", 1, 9, 9, 9, 9}, true},    {{"x", 0, 0, 0, NAN, NAN}, true},
        {{"x", 1, 9, 0, 5, 9}, false},   {{"x", 1, 9, 10, 5, 9}, false},
        {{"x", 1, 9, 5, 0.5, 9}, false}, {{"x", 1, 9, 5, 5, 9.5}, false},
        {{"x", 1, 9, 5, 6, 5}, false},
    };
    const struct observation seen = {.kind = OBSERVED_STATISTICS};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = observation_contradiction(&seen, &rows[i].summary, 1);
        if (rows[i].agrees)
            assert_null(text);
        else
            assert_string_equal(text, "summary of x is outside its own bounds");
        free(text);
    }
}

static void test_all_contradictions_are_told_in_one_text(void **state)
{
    (void)state;
    struct parts parts;
    fill(&parts);
    parts.seen.total = 6;
    parts.seen.latest_completed.is_savepoint = true;
    expect_text(&parts.seen, "counts: total 6 is not in_progress 1 + completed 2 + failed 2; "
                             "latest.completed is a savepoint (4)");
}

static struct checkpoint *checkpoint_at(int64_t id, enum checkpoint_type type,
                                        enum checkpoint_status status)
{
    struct checkpoint *checkpoint = checkpoint_new(id, type, 100 * id, NULL, 0);
    if (!checkpoint)
        return NULL;
    checkpoint->status = status;
    checkpoint->state_size = 7 * id;
    checkpoint->latest_ack_ms = 100 * id + 9;
    if (status == CHECKPOINT_COMPLETED)
        checkpoint->external_path = shared_text_new("file:/chk");
    return checkpoint;
}

/* 3 in progress, 2 a savepoint, 1 completed and discarded; restored from 9. */
static struct checkpoint_stats *some_statistics(void)
{
    struct checkpoint_stats *stats = checkpoint_stats_new(JOB, 1, 3);
    stats->enabled = true;
    stats->counts =
        (struct checkpoint_counts){.restored = 1, .total = 3, .in_progress = 1, .completed = 2};
    stats->history[0] = checkpoint_at(3, CHECKPOINT_ALIGNED, CHECKPOINT_IN_PROGRESS);
    stats->history[1] = checkpoint_at(2, CHECKPOINT_SYNC_SAVEPOINT, CHECKPOINT_COMPLETED);
    stats->history[2] = checkpoint_at(1, CHECKPOINT_UNALIGNED, CHECKPOINT_COMPLETED);
    stats->history[2]->discarded = true;
    stats->latest_completed = checkpoint_retain(stats->history[2]);
    stats->latest_savepoint = checkpoint_retain(stats->history[1]);
    stats->latest_restored = calloc(1, sizeof *stats->latest_restored);
    *stats->latest_restored = (struct restored_checkpoint){
        .id = 9, .restore_ms = 55, .external_path = shared_text_new("file:/restored")};
    return stats;
}

static void test_an_observation_says_what_the_snapshot_says(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = some_statistics();
    struct observation seen;
    assert_true(observation_of_statistics(stats, &seen));
    assert_int_equal(seen.kind, OBSERVED_STATISTICS);
    assert_int_equal(seen.version, 1 + 3 + 2);
    assert_int_equal(seen.history_count, 3);
    assert_int_equal(seen.history[0].status, SEEN_IN_PROGRESS);
    assert_null(seen.history[0].path);
    assert_true(seen.history[1].is_savepoint);
    assert_false(seen.history[1].discarded);
    assert_true(seen.has_latest_completed);
    assert_int_equal(seen.latest_completed.id, 1);
    assert_true(seen.latest_completed.discarded);
    assert_int_equal(seen.latest_completed.trigger_ms, 100);
    assert_int_equal(seen.latest_completed.latest_ack_ms, 109);
    assert_int_equal(seen.latest_completed.state_size, 7);
    assert_string_equal(seen.latest_completed.path, "file:/chk");
    assert_ptr_equal(seen.latest_completed.path, stats->latest_completed->external_path->bytes);
    assert_int_equal(seen.latest_savepoint.id, 2);
    assert_false(seen.has_latest_failed);
    assert_true(seen.has_latest_restored);
    assert_int_equal(seen.restored_id, 9);
    assert_int_equal(seen.restored_ms, 55);
    assert_string_equal(seen.restored_path, "file:/restored");
    assert_null(seen.contradiction);
    observation_clear(&seen);
    assert_null(seen.history);
    checkpoint_stats_release(stats);
}

static void test_a_snapshot_s_contradiction_is_found_too(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = some_statistics();
    struct observation seen;
    stats->counts.total = 9;
    assert_true(observation_of_statistics(stats, &seen));
    assert_non_null(seen.contradiction);
    observation_clear(&seen);
    checkpoint_stats_release(stats);
}

static void observe(void *context, bool may_fail)
{
    struct observation seen;
    if (!observation_of_statistics(context, &seen)) {
        assert_true(may_fail);
        assert_null(seen.history);
        return;
    }
    assert_non_null(seen.contradiction);
    observation_clear(&seen);
}

static void test_without_memory_there_is_no_observation(void **state)
{
    (void)state;
    struct checkpoint_stats *stats = some_statistics();
    stats->counts.total = 9;
    assert_true(fail_each_allocation(observe, stats) >= 2);
    checkpoint_stats_release(stats);
}

static void test_every_error_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i <= ERROR_OTHER; i++) {
        for (int k = 0; k < i; k++)
            assert_string_not_equal(observed_error_name((enum observed_error)i),
                                    observed_error_name((enum observed_error)k));
    }
    assert_string_equal(observed_error_name(ERROR_JOB_NOT_FOUND), "job not found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_that_agrees_with_itself_has_no_contradiction),
        cmocka_unit_test(test_counts_must_add_up),
        cmocka_unit_test(test_no_status_is_listed_more_often_than_counted),
        cmocka_unit_test(test_ids_fall_through_the_history),
        cmocka_unit_test(test_latest_completed_is_a_completed_checkpoint_and_no_savepoint),
        cmocka_unit_test(test_latest_savepoint_is_a_savepoint),
        cmocka_unit_test(test_something_completed_is_shown_exactly_when_it_is_counted),
        cmocka_unit_test(test_a_trigger_may_fail_without_an_entry),
        cmocka_unit_test(test_a_summary_lies_within_its_own_bounds),
        cmocka_unit_test(test_all_contradictions_are_told_in_one_text),
        cmocka_unit_test(test_an_observation_says_what_the_snapshot_says),
        cmocka_unit_test(test_a_snapshot_s_contradiction_is_found_too),
        cmocka_unit_test(test_without_memory_there_is_no_observation),
        cmocka_unit_test(test_every_error_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
