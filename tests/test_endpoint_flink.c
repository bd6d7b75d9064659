/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/support/conversation.h"

/* What released versions of Flink do, one named oddity a test. Source: reference 5 and 13. */

#define TIMEOUT "rest.cache.checkpoint-statistics.timeout"
#define SIZE "rest.cache.checkpoint-statistics.size"
#define INTERVAL "web.refresh-interval"

static void from_1_18_a_failure_is_kept_until_the_timeout_ends(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.18.0", TIMEOUT, "8 s", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_failure(&talk, 10, 0, OUTCOME_JOB_NOT_FOUND);
    get(&talk, 7999, 2, CHECKPOINTS_OF_A);
    get(&talk, 7999, 3, CHECKPOINTS_OF_A "/details/1");
    assert_int_equal(talk.fetch_count, 1);
    assert_int_equal(status_of(&talk, 2), 404);
    assert_int_equal(status_of(&talk, 3), 404);
    assert_ptr_equal(reply_to(&talk, 1)->body, reply_to(&talk, 2)->body);
    get(&talk, 8000, 4, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    finish(&talk);
}

static void the_graph_cache_drops_failures_in_every_version(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-2.3", NULL);
    get(&talk, 0, 1, DASHBOARD_OF_A);
    get(&talk, 1, 2, DASHBOARD_OF_A);
    answer_failure(&talk, 10, 0, OUTCOME_JOB_NOT_FOUND);
    assert_int_equal(status_of(&talk, 1), 404);
    assert_int_equal(status_of(&talk, 2), 404);
    get(&talk, 11, 3, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    finish(&talk);
}

static void in_1_17_programs_read_what_the_dashboard_fetched(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.17", INTERVAL, "3 s", TIMEOUT, "0", NULL);
    get(&talk, 100, 1, DASHBOARD_OF_A);
    answer_latest(&talk, 110, 0, 10);
    get(&talk, 3099, 2, CHECKPOINTS_OF_A);
    get(&talk, 3099, 3, CHECKPOINTS_OF_A "/details/10");
    assert_int_equal(talk.fetch_count, 1);
    assert_int_equal(latest_of(&talk, 2), 10);
    assert_int_equal(status_of(&talk, 3), 200);
    get(&talk, 3100, 4, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    assert_int_equal(talk.fetches[1].what.kind, FETCH_EXECUTION_GRAPH);
    finish(&talk);
}

static void in_1_17_a_failure_is_not_kept(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.17", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_failure(&talk, 1, 0, OUTCOME_JOB_NOT_FOUND);
    get(&talk, 2, 2, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    finish(&talk);
}

static void from_1_18_the_checkpoints_have_a_timeout_of_their_own(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.18", INTERVAL, "3000", TIMEOUT, "0 s", NULL);
    get(&talk, 100, 1, DASHBOARD_OF_A);
    answer_latest(&talk, 110, 0, 10);
    get(&talk, 300, 2, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetches[1].what.kind, FETCH_CHECKPOINT_STATS);
    answer_latest(&talk, 310, 1, 11);
    assert_int_equal(latest_of(&talk, 2), 11);
    finish(&talk);
}

static void a_slow_gateway_makes_dashboard_readers_cancel_each_other(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", INTERVAL, "100 ms", NULL);
    get(&talk, 0, 1, DASHBOARD_OF_A);
    get(&talk, 99, 2, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 1);
    get(&talk, 100, 3, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    for (uint64_t id = 1; id <= 2; id++) {
        assert_int_equal(status_of(&talk, id), 500);
        assert_says(&talk, id, "Internal server error.");
        assert_says(&talk, id, "java.util.concurrent.CancellationException");
    }
    assert_int_equal(usage_of(&talk).fetches_in_flight, 2);
    answer_latest(&talk, 150, 0, 7);
    assert_false(has_reply(&talk, 3));
    answer_latest(&talk, 190, 1, 8);
    assert_int_equal(status_of(&talk, 3), 200);
    assert_int_equal(talk.reply_count, 3);
    finish(&talk);
}

static void at_graph_timeout_0_every_overlap_in_2_3_is_a_cancellation(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-2.3", "rest.cache.execution-graph.timeout", "0 s", NULL);
    get(&talk, 0, 1, DASHBOARD_OF_A);
    get(&talk, 50, 2, DASHBOARD_OF_A);
    get(&talk, 100, 3, DASHBOARD_OF_A);
    answer_latest(&talk, 200, 0, 7);
    answer_latest(&talk, 250, 1, 7);
    answer_latest(&talk, 300, 2, 7);
    assert_int_equal(status_of(&talk, 1), 500);
    assert_int_equal(status_of(&talk, 2), 500);
    assert_int_equal(status_of(&talk, 3), 200);
    assert_int_equal(usage_of(&talk).graph_entries, 0);
    get(&talk, 301, 4, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 4);
    finish(&talk);
}

static void a_replaced_statistics_fetch_still_serves_those_who_wait_for_it(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", TIMEOUT, "100 ms", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    get(&talk, 99, 2, CHECKPOINTS_OF_A);
    get(&talk, 100, 3, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    answer_latest(&talk, 130, 1, 8);
    answer_latest(&talk, 140, 0, 7);
    assert_int_equal(latest_of(&talk, 1), 7);
    assert_int_equal(latest_of(&talk, 2), 7);
    assert_int_equal(latest_of(&talk, 3), 8);
    get(&talk, 199, 4, CHECKPOINTS_OF_A);
    assert_int_equal(latest_of(&talk, 4), 8);
    get(&talk, 200, 5, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 3);
    finish(&talk);
}

static void an_expired_answer_is_gone_while_its_successor_is_fetched(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", TIMEOUT, "100 ms", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    assert_int_equal(usage_of(&talk).stats_entries, 1);
    get(&talk, 100, 2, CHECKPOINTS_OF_A);
    assert_int_equal(usage_of(&talk).stats_entries, 0);
    finish(&talk);
}

static void at_timeout_0_or_size_0_each_request_has_a_fetch_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct conversation talk;
        start(&talk, "flink-1.20", i ? SIZE : TIMEOUT, "0", NULL);
        get(&talk, 0, 1, CHECKPOINTS_OF_A);
        get(&talk, 0, 2, CHECKPOINTS_OF_A);
        get(&talk, 5, 3, CHECKPOINTS_OF_A);
        assert_int_equal(talk.fetch_count, 3);
        answer_latest(&talk, 6, 2, 9);
        answer_latest(&talk, 7, 0, 7);
        answer_latest(&talk, 8, 1, 8);
        assert_int_equal(latest_of(&talk, 1), 7);
        assert_int_equal(latest_of(&talk, 2), 8);
        assert_int_equal(latest_of(&talk, 3), 9);
        assert_int_equal(usage_of(&talk).stats_entries, 0);
        finish(&talk);
    }
}

static void details_of_another_job_are_given_out_when_ones_own_left_the_history(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/1");
    answer_with(&talk, 1, 0,
                (struct fetch_result){.stats = stats_of(JOB_A, 1, 1, 1, "file:/of-a")});
    get(&talk, 2, 2, CHECKPOINTS_OF_B "/details/1");
    answer_with(&talk, 3, 1,
                (struct fetch_result){.stats = stats_of(JOB_B, 1, 5, 4, "file:/of-b")});
    assert_int_equal(status_of(&talk, 2), 200);
    assert_says(&talk, 2, "file:/of-a");
    finish(&talk);
}

static void details_of_a_dead_run_are_given_out_too(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-2.2", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/1");
    answer_with(&talk, 1, 0,
                (struct fetch_result){.stats = stats_of(JOB_A, 1, 1, 1, "file:/first-run")});
    get(&talk, 2, 2, CHECKPOINTS_OF_A "/details/1");
    struct checkpoint_stats *empty = checkpoint_stats_new(JOB_A, 2, 0);
    empty->enabled = true;
    answer_with(&talk, 3, 1, (struct fetch_result){.stats = empty});
    assert_int_equal(status_of(&talk, 2), 200);
    assert_says(&talk, 2, "file:/first-run");
    finish(&talk);
}

static void the_last_job_to_be_looked_at_owns_an_id_in_the_details_cache(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", TIMEOUT, "0", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A "/details/1");
    answer_with(&talk, 1, 0,
                (struct fetch_result){.stats = stats_of(JOB_A, 1, 1, 1, "file:/of-a")});
    get(&talk, 2, 2, CHECKPOINTS_OF_B "/details/1");
    answer_with(&talk, 3, 1,
                (struct fetch_result){.stats = stats_of(JOB_B, 1, 1, 1, "file:/of-b")});
    get(&talk, 4, 3, CHECKPOINTS_OF_A "/details/1");
    answer_with(&talk, 5, 2,
                (struct fetch_result){.stats = stats_of(JOB_A, 1, 5, 4, "file:/of-a")});
    assert_says(&talk, 3, "file:/of-b");
    assert_int_equal(usage_of(&talk).detail_entries, 1);
    finish(&talk);
}

static void setting_the_wall_clock_back_freezes_the_graph_cache_only(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    endpoint_set_wall_offset(talk.endpoint, INT64_C(7200000) * MS);
    get(&talk, 0, 1, DASHBOARD_OF_A);
    get(&talk, 0, 2, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    answer_latest(&talk, 1, 1, 7);
    endpoint_set_wall_offset(talk.endpoint, INT64_C(3600000) * MS);
    get(&talk, 5999, 3, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    get(&talk, 5999, 4, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 3);
    finish(&talk);
}

static void setting_the_wall_clock_forward_empties_the_graph_cache_only(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    get(&talk, 0, 1, DASHBOARD_OF_A);
    get(&talk, 0, 2, CHECKPOINTS_OF_A);
    answer_latest(&talk, 1, 0, 7);
    answer_latest(&talk, 1, 1, 7);
    endpoint_set_wall_offset(talk.endpoint, INT64_C(2998) * MS);
    get(&talk, 1, 3, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    endpoint_set_wall_offset(talk.endpoint, INT64_C(2999) * MS);
    get(&talk, 1, 4, DASHBOARD_OF_A);
    get(&talk, 1, 5, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 3);
    finish(&talk);
}

static void now_moves_from_answer_to_answer_of_one_cached_graph(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    endpoint_set_wall_offset(talk.endpoint, INT64_C(1000000) * MS);
    get(&talk, 0, 1, DASHBOARD_OF_A);
    answer_latest(&talk, 5, 0, 7);
    get(&talk, 20, 2, DASHBOARD_OF_A);
    get(&talk, 20, 3, DASHBOARD_OF_A);
    assert_int_equal(talk.fetch_count, 1);
    assert_says(&talk, 1, "\"now\":1000005,");
    assert_says(&talk, 2, "\"now\":1000020,");
    assert_ptr_equal(reply_to(&talk, 2)->body, reply_to(&talk, 3)->body);
    finish(&talk);
}

static void the_references_now_is_that_of_the_graph(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    get(&talk, 0, 1, DASHBOARD_OF_A);
    answer_latest(&talk, 5, 0, 7);
    get(&talk, 20, 2, DASHBOARD_OF_A);
    assert_says(&talk, 2, "\"now\":5,");
    finish(&talk);
}

/* Asks for list and details of checkpoint 7, has it discarded, and asks again. */
static void read_before_and_after_a_discard(struct conversation *talk, bool from_graph)
{
    struct checkpoint_stats *stats = stats_of(JOB_A, 1, 7, 7, "file:/a");
    struct checkpoint *entry = checkpoint_retain(stats->history[0]);
    struct checkpoint_stats *trackers = checkpoint_stats_retain(stats);
    struct fetch_result result = {0};
    if (from_graph)
        result.graph = graph_of(JOB_A, 1, stats);
    else
        result.stats = stats;
    get(talk, 0, 1, CHECKPOINTS_OF_A);
    get(talk, 0, 2, CHECKPOINTS_OF_A "/details/7");
    answer_with(talk, 1, 0, result);
    entry->changed = checkpoint_copy(entry);
    entry->changed->discarded = true;
    get(talk, 2, 4, CHECKPOINTS_OF_A "/details/7");
    get(talk, 2, 3, CHECKPOINTS_OF_A);
    get(talk, 2, 5, CHECKPOINTS_OF_A);
    assert_ptr_equal(trackers->history[0], entry);
    checkpoint_release(entry);
    checkpoint_stats_release(trackers);
}

static void a_discard_shows_in_a_cached_answer_and_not_in_one_given_before(void **state)
{
    (void)state;
    static const char *const sets[] = {"flink-1.17", "flink-1.20"};
    for (int i = 0; i < 2; i++) {
        struct conversation talk;
        start(&talk, sets[i], NULL);
        read_before_and_after_a_discard(&talk, i == 0);
        assert_int_equal(talk.fetch_count, 1);
        assert_says_not(&talk, 1, "\"discarded\":true");
        assert_says_not(&talk, 2, "\"discarded\":true");
        assert_says(&talk, 3, "\"discarded\":true");
        assert_says_not(&talk, 3, "\"discarded\":false");
        assert_says(&talk, 4, "\"discarded\":true");
        assert_ptr_equal(reply_to(&talk, 3)->body, reply_to(&talk, 5)->body);
        finish(&talk);
    }
}

static void the_references_cached_answer_does_not_move(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "reference", NULL);
    read_before_and_after_a_discard(&talk, false);
    assert_ptr_equal(reply_to(&talk, 1)->body, reply_to(&talk, 3)->body);
    assert_ptr_equal(reply_to(&talk, 2)->body, reply_to(&talk, 4)->body);
    assert_says_not(&talk, 3, "\"discarded\":true");
    finish(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_1_18_a_failure_is_kept_until_the_timeout_ends),
        cmocka_unit_test(the_graph_cache_drops_failures_in_every_version),
        cmocka_unit_test(in_1_17_programs_read_what_the_dashboard_fetched),
        cmocka_unit_test(in_1_17_a_failure_is_not_kept),
        cmocka_unit_test(from_1_18_the_checkpoints_have_a_timeout_of_their_own),
        cmocka_unit_test(a_slow_gateway_makes_dashboard_readers_cancel_each_other),
        cmocka_unit_test(at_graph_timeout_0_every_overlap_in_2_3_is_a_cancellation),
        cmocka_unit_test(a_replaced_statistics_fetch_still_serves_those_who_wait_for_it),
        cmocka_unit_test(an_expired_answer_is_gone_while_its_successor_is_fetched),
        cmocka_unit_test(at_timeout_0_or_size_0_each_request_has_a_fetch_of_its_own),
        cmocka_unit_test(details_of_another_job_are_given_out_when_ones_own_left_the_history),
        cmocka_unit_test(details_of_a_dead_run_are_given_out_too),
        cmocka_unit_test(the_last_job_to_be_looked_at_owns_an_id_in_the_details_cache),
        cmocka_unit_test(setting_the_wall_clock_back_freezes_the_graph_cache_only),
        cmocka_unit_test(setting_the_wall_clock_forward_empties_the_graph_cache_only),
        cmocka_unit_test(now_moves_from_answer_to_answer_of_one_cached_graph),
        cmocka_unit_test(the_references_now_is_that_of_the_graph),
        cmocka_unit_test(a_discard_shows_in_a_cached_answer_and_not_in_one_given_before),
        cmocka_unit_test(the_references_cached_answer_does_not_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
