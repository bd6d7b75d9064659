/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/support/conversation.h"

#include <stdio.h>

/* Each field of a cache policy on its own: the reference with one thing changed. */

static struct endpoint_config config_to_change(void)
{
    struct endpoint_config config = config_of("reference", NULL);
    config.stats.ttl_us = 100 * MS;
    return config;
}

#define START(talk, field, value)                       \
    struct endpoint_config config = config_to_change(); \
    config.stats.field = value;                         \
    assert_true(start_with(talk, &config))

static void an_answer_that_never_expires_is_always_used(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, ttl_us, NEVER_EXPIRES);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, INT64_C(1000000000000), 2, CHECKPOINTS_OF_A);
    assert_int_equal(latest_of(&talk, 2), 7);
    finish(&talk);
}

static void one_key_for_all_gives_a_job_anothers_answer(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, key, KEY_ANY_JOB);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, 2, 2, CHECKPOINTS_OF_B);
    assert_int_equal(talk.fetch_count, 1);
    assert_int_equal(latest_of(&talk, 2), 7);
    get(&talk, 100, 3, CHECKPOINTS_OF_B);
    assert_true(id_equal(talk.fetches[1].what.job, JOB_B));
    finish(&talk);
}

static void a_timeout_from_the_answer_on_lets_data_grow_older(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, start, START_AT_ANSWER);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 80, 0, 7);
    get(&talk, 179, 2, CHECKPOINTS_OF_A);
    assert_int_equal(latest_of(&talk, 2), 7);
    assert_int_equal(reply_to(&talk, 2)->age_us, 179 * MS);
    get(&talk, 180, 3, CHECKPOINTS_OF_A);
    assert_false(has_reply(&talk, 3));
    finish(&talk);
}

static void expiry_after_access_starts_again_at_each_hit(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, expiry, EXPIRE_AFTER_ACCESS);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, 99, 2, CHECKPOINTS_OF_A);
    get(&talk, 198, 3, CHECKPOINTS_OF_A);
    assert_int_equal(latest_of(&talk, 3), 7);
    get(&talk, 298, 4, CHECKPOINTS_OF_A);
    assert_false(has_reply(&talk, 4));
    finish(&talk);
}

static void joining_any_fetch_joins_one_older_than_the_timeout(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, join, JOIN_ANY_IN_FLIGHT);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 5000, 2, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 1);
    answer_latest(&talk, 5001, 0, 7);
    assert_int_equal(latest_of(&talk, 2), 7);
    finish(&talk);
}

static void joining_never_makes_a_fetch_of_each_request(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, join, JOIN_NEVER);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 0, 2, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, 2, 3, CHECKPOINTS_OF_A);
    assert_int_equal(latest_of(&talk, 3), 7);
    answer_latest(&talk, 3, 1, 8);
    assert_int_equal(latest_of(&talk, 2), 8);
    get(&talk, 4, 4, CHECKPOINTS_OF_A);
    assert_int_equal(latest_of(&talk, 4), 8);
    finish(&talk);
}

/* Two fetches; the later one answers first. Returns what is shown then. */
static int64_t shown_after_a_late_answer(enum cache_slot slot, enum cache_late late)
{
    struct conversation talk;
    struct endpoint_config config = config_of("reference", NULL);
    config.stats.join = JOIN_NEVER;
    config.stats.slot = slot;
    config.stats.late = late;
    assert_true(start_with(&talk, &config));
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 10, 2, CHECKPOINTS_OF_A);
    answer_latest(&talk, 20, 1, 9);
    answer_latest(&talk, 30, 0, 7);
    assert_int_equal(latest_of(&talk, 1), 7);
    assert_int_equal(latest_of(&talk, 2), 9);
    get(&talk, 31, 3, CHECKPOINTS_OF_A);
    int64_t shown = latest_of(&talk, 3);
    finish(&talk);
    return shown;
}

static void a_late_answer_takes_a_newer_ones_place_only_when_the_policy_says_so(void **state)
{
    (void)state;
    assert_int_equal(shown_after_a_late_answer(SLOT_HOLDS_ANSWER, LATE_ANSWER_DROPPED), 9);
    assert_int_equal(shown_after_a_late_answer(SLOT_HOLDS_ANSWER, LATE_ANSWER_STORED), 7);
    assert_int_equal(shown_after_a_late_answer(SLOT_HOLDS_FUTURE, LATE_ANSWER_DROPPED), 9);
    assert_int_equal(shown_after_a_late_answer(SLOT_HOLDS_FUTURE, LATE_ANSWER_STORED), 7);
}

static void a_slot_with_a_future_is_not_filled_by_the_fetch_it_replaced(void **state)
{
    (void)state;
    struct conversation talk;
    struct endpoint_config config = config_of("reference", NULL);
    config.stats.join = JOIN_NEVER;
    config.stats.slot = SLOT_HOLDS_FUTURE;
    config.stats.late = LATE_ANSWER_STORED;
    assert_true(start_with(&talk, &config));
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 10, 2, CHECKPOINTS_OF_A);
    answer_latest(&talk, 20, 0, 7);
    assert_int_equal(usage_of(&talk).stats_entries, 0);
    answer_latest(&talk, 30, 1, 9);
    assert_int_equal(usage_of(&talk).stats_entries, 1);
    finish(&talk);
}

static void a_replaced_fetch_does_not_fill_the_slot_after_its_successor_failed(void **state)
{
    (void)state;
    struct conversation talk;
    struct endpoint_config config = config_to_change();
    config.stats.join = JOIN_WHILE_FRESH;
    config.stats.slot = SLOT_HOLDS_FUTURE;
    assert_true(start_with(&talk, &config));
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 100, 2, CHECKPOINTS_OF_A);
    answer_failure(&talk, 101, 1, OUTCOME_TIMED_OUT);
    answer_latest(&talk, 102, 0, 7);
    assert_int_equal(latest_of(&talk, 1), 7);
    assert_int_equal(usage_of(&talk).stats_entries, 0);
    finish(&talk);
}

static void kept_failures_stay_and_dropped_ones_go(void **state)
{
    (void)state;
    for (int kept = 0; kept < 2; kept++) {
        struct conversation talk;
        START(&talk, failures, kept ? FAILURES_KEPT : FAILURES_DROPPED);
        get(&talk, 0, 1, CHECKPOINTS_OF_A);
        answer_failure(&talk, 1, 0, OUTCOME_TIMED_OUT);
        get(&talk, 99, 2, CHECKPOINTS_OF_A);
        assert_int_equal(status_of(&talk, 2), kept ? 500 : 0);
        finish(&talk);
    }
}

static void a_kept_not_found_names_the_job_that_is_asked_for(void **state)
{
    (void)state;
    struct conversation talk;
    struct endpoint_config config = config_of("flink-1.20", NULL);
    config.stats.key = KEY_ANY_JOB;
    assert_true(start_with(&talk, &config));
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_failure(&talk, 1, 0, OUTCOME_JOB_NOT_FOUND);
    get(&talk, 2, 2, CHECKPOINTS_OF_B);
    assert_says(&talk, 1, "Job " JOB_A_ID " not found");
    assert_says(&talk, 2, "Job " JOB_B_ID " not found");
    finish(&talk);
}

static void cancelled_waiters_are_told_at_once(void **state)
{
    (void)state;
    struct conversation talk;
    struct endpoint_config config = config_of("reference", NULL);
    config.stats.join = JOIN_NEVER;
    config.stats.replaced = REPLACED_IS_CANCELLED;
    assert_true(start_with(&talk, &config));
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 1, 2, CHECKPOINTS_OF_A);
    assert_int_equal(status_of(&talk, 1), 500);
    answer_latest(&talk, 2, 0, 7);
    assert_int_equal(usage_of(&talk).stats_entries, 0);
    answer_latest(&talk, 3, 1, 8);
    assert_int_equal(latest_of(&talk, 2), 8);
    finish(&talk);
}

static void an_uncached_dashboard_fetches_each_time(void **state)
{
    (void)state;
    struct conversation talk;
    struct endpoint_config config = config_of("reference", NULL);
    config.quirks.dashboard_uncached = true;
    assert_true(start_with(&talk, &config));
    get(&talk, 0, 1, DASHBOARD_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, 2, 2, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    assert_int_equal(talk.fetches[1].what.kind, FETCH_EXECUTION_GRAPH);
    assert_int_equal(status_of(&talk, 1), 200);
    assert_int_equal(usage_of(&talk).graph_entries, 0);
    finish(&talk);
}

static void ask_for_job(struct conversation *talk, int64_t at_ms, uint64_t number)
{
    char target[64];
    snprintf(target, sizeof(target), "/jobs/%032llx/checkpoints", (unsigned long long)number);
    get(talk, at_ms, number, target);
}

static void the_least_recently_used_job_leaves_first(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, entry_count_max, 2);
    for (uint64_t job = 1; job <= 2; job++) {
        ask_for_job(&talk, 0, job);
        answer_latest(&talk, 0, job - 1, 7);
    }
    ask_for_job(&talk, 1, 1);
    assert_int_equal(talk.fetch_count, 2);
    ask_for_job(&talk, 2, 3);
    answer_latest(&talk, 2, 2, 7);
    assert_int_equal(usage_of(&talk).stats_entries, 2);
    ask_for_job(&talk, 3, 1);
    assert_int_equal(talk.fetch_count, 3);
    ask_for_job(&talk, 3, 2);
    assert_int_equal(talk.fetch_count, 4);
    finish(&talk);
}

static void a_capacity_of_0_keeps_nothing_and_still_answers(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, entry_count_max, 0);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    assert_int_equal(latest_of(&talk, 1), 7);
    assert_int_equal(usage_of(&talk).stats_entries, 0);
    get(&talk, 2, 2, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    finish(&talk);
}

static void a_dead_jobs_entry_leaves_after_two_timeouts_and_not_before(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, ttl_us, 100 * MS);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, 50, 2, CHECKPOINTS_OF_A);
    get(&talk, 249, 3, "/config");
    assert_int_equal(usage_of(&talk).stats_entries, 1);
    get(&talk, 250, 4, "/config");
    assert_int_equal(usage_of(&talk).stats_entries, 0);
    finish(&talk);
}

static void many_dead_entries_leave_a_few_at_a_time(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, failures, FAILURES_KEPT);
    for (uint64_t job = 1; job <= 100; job++) {
        ask_for_job(&talk, 0, job);
        answer_failure(&talk, 0, job - 1, OUTCOME_JOB_NOT_FOUND);
    }
    assert_int_equal(usage_of(&talk).stats_entries, 100);
    size_t left = 100;
    for (uint64_t i = 0; left > 0; i++) {
        get(&talk, 200, 1000 + i, "/config");
        assert_true(usage_of(&talk).stats_entries < left);
        left = usage_of(&talk).stats_entries;
        assert_true(i > 0 || left > 0);
    }
    finish(&talk);
}

static void an_entry_that_is_waited_for_is_not_dropped(void **state)
{
    (void)state;
    struct conversation talk;
    START(&talk, entry_count_max, 1);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    get(&talk, 100, 2, CHECKPOINTS_OF_A);
    get(&talk, 250, 3, CHECKPOINTS_OF_B);
    answer_latest(&talk, 251, 2, 5);
    get(&talk, 252, 4, CHECKPOINTS_OF_A);
    answer_latest(&talk, 260, 1, 8);
    assert_int_equal(latest_of(&talk, 2), 8);
    assert_int_equal(usage_of(&talk).stats_entries, 1);
    assert_int_equal(talk.fetch_count, 4);
    answer_latest(&talk, 261, 3, 9);
    assert_int_equal(latest_of(&talk, 4), 9);
    finish(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_never_expires_is_always_used),
        cmocka_unit_test(one_key_for_all_gives_a_job_anothers_answer),
        cmocka_unit_test(a_timeout_from_the_answer_on_lets_data_grow_older),
        cmocka_unit_test(expiry_after_access_starts_again_at_each_hit),
        cmocka_unit_test(joining_any_fetch_joins_one_older_than_the_timeout),
        cmocka_unit_test(joining_never_makes_a_fetch_of_each_request),
        cmocka_unit_test(a_late_answer_takes_a_newer_ones_place_only_when_the_policy_says_so),
        cmocka_unit_test(a_slot_with_a_future_is_not_filled_by_the_fetch_it_replaced),
        cmocka_unit_test(a_replaced_fetch_does_not_fill_the_slot_after_its_successor_failed),
        cmocka_unit_test(kept_failures_stay_and_dropped_ones_go),
        cmocka_unit_test(a_kept_not_found_names_the_job_that_is_asked_for),
        cmocka_unit_test(cancelled_waiters_are_told_at_once),
        cmocka_unit_test(an_uncached_dashboard_fetches_each_time),
        cmocka_unit_test(the_least_recently_used_job_leaves_first),
        cmocka_unit_test(a_capacity_of_0_keeps_nothing_and_still_answers),
        cmocka_unit_test(a_dead_jobs_entry_leaves_after_two_timeouts_and_not_before),
        cmocka_unit_test(many_dead_entries_leave_a_few_at_a_time),
        cmocka_unit_test(an_entry_that_is_waited_for_is_not_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
