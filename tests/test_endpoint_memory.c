/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/support/conversation.h"

/*
 * Whatever allocation fails: nothing crashes or leaks, every request gets at most one reply, one
 * that was accepted gets exactly one, and nobody gets an answer that is not his.
 */

struct accepted {
    bool requests[32];
};

static void ask(struct conversation *talk, struct accepted *accepted, int64_t at_ms, uint64_t id,
                const char *target)
{
    const struct request request = {.method = METHOD_GET, .target = target};
    accepted->requests[id] = ask_fully(talk, at_ms, id, &request) == 0;
}

/* Answers every fetch that is out, in order, until there is none. */
static void answer_all(struct conversation *talk, int64_t at_ms, size_t *answered)
{
    for (; *answered < talk->fetch_count; ++*answered) {
        const struct fetch_request *what = &talk->fetches[*answered].what;
        struct checkpoint_stats *stats = NULL;
        struct fetch_result result = {.outcome = OUTCOME_OK};
        if (what->kind == FETCH_JOB_LIST)
            result.jobs = job_list_new(0, 0);
        else if (what->kind == FETCH_CHECKPOINT_STATS || what->kind == FETCH_EXECUTION_GRAPH)
            stats =
                stats_of(what->job, 1, 3, 2, id_equal(what->job, JOB_A) ? "file:/a" : "file:/b");
        if (what->kind == FETCH_EXECUTION_GRAPH)
            result.graph = graph_of(what->job, at_ms, stats);
        else
            result.stats = stats;
        (void)answer_with(talk, at_ms, *answered, result);
    }
}

static void expect_one_reply_each(const struct conversation *talk, const struct accepted *accepted)
{
    for (uint64_t id = 0; id < 32; id++) {
        size_t count = 0;
        for (size_t i = 0; i < talk->reply_count; i++)
            count += talk->replies[i].request == id;
        assert_int_equal(count, accepted->requests[id]);
    }
}

static void expect_right_bodies(struct conversation *talk, bool may_fail)
{
    for (size_t i = 0; i < talk->reply_count; i++) {
        const struct endpoint_action *reply = &talk->replies[i];
        size_t length;
        const char *bytes = body_bytes(reply->body, &length);
        assert_true(bytes || may_fail);
        if (!may_fail && reply->request != 9)
            assert_int_equal(reply->status, 200);
        if (reply->request == 9)
            assert_int_equal(reply->status, 400);
        else
            assert_true(reply->status == 200 || reply->status == 500);
        const bool is_of_b = reply->request == 4 || reply->request == 14;
        if (bytes && reply->status == 200)
            assert_null(strstr(bytes, is_of_b ? "file:/a" : "file:/b"));
    }
}

/* Misses, joins, hits, the next batch, details, an error and lists. */
static void converse(struct conversation *talk, struct accepted *accepted)
{
    size_t answered = 0;
    ask(talk, accepted, 0, 1, CHECKPOINTS_OF_A);
    ask(talk, accepted, 1, 2, CHECKPOINTS_OF_A "/details/3");
    ask(talk, accepted, 150, 3, CHECKPOINTS_OF_A);
    ask(talk, accepted, 151, 4, CHECKPOINTS_OF_B);
    ask(talk, accepted, 152, 5, DASHBOARD_OF_A);
    ask(talk, accepted, 153, 6, CHECKPOINTS_OF_A "/config");
    answer_all(talk, 160, &answered);
    ask(talk, accepted, 170, 7, CHECKPOINTS_OF_A);
    ask(talk, accepted, 171, 8, CHECKPOINTS_OF_A "/details/2/subtasks/" VERTEX_ID);
    ask(talk, accepted, 172, 9, "/jobs/nobody");
    ask(talk, accepted, 173, 10, DASHBOARD_OF_A);
    ask(talk, accepted, 174, 11, "/jobs/overview");
    ask(talk, accepted, 175, 12, "/config");
    answer_all(talk, 180, &answered);
    ask(talk, accepted, 900, 13, CHECKPOINTS_OF_A);
    ask(talk, accepted, 901, 14, CHECKPOINTS_OF_B);
    ask(talk, accepted, 1005, 15, CHECKPOINTS_OF_A);
    endpoint_abandon(talk->endpoint, 1006 * MS, 13);
    accepted->requests[13] = false;
    answer_all(talk, 1010, &answered);
    assert_int_equal(usage_of(talk).waiting_requests, 0);
    assert_int_equal(usage_of(talk).fetches_in_flight, 0);
}

static void talk_with(void *context, bool may_fail)
{
    struct conversation talk;
    struct accepted accepted = {{false}};
    if (!start_with(&talk, context)) {
        assert_true(may_fail);
        return;
    }
    talk.may_fail = may_fail;
    converse(&talk, &accepted);
    expect_one_reply_each(&talk, &accepted);
    expect_right_bodies(&talk, may_fail);
    finish(&talk);
}

static void every_set_survives_each_allocation_failing(void **state)
{
    (void)state;
    for (size_t i = 0; i < policy_set_count(); i++) {
        const char *const options[] = {"web.refresh-interval", "100 ms", NULL};
        struct endpoint_config config = config_of(policy_set_name(policy_set_at(i)), options);
        config.graph.replaced = REPLACED_SERVES_ITS_WAITERS;
        assert_true(fail_each_allocation(talk_with, &config) > 60);
    }
}

/* A discard between two answers makes a snapshot of its own. */
static void follow_a_discard(void *context, bool may_fail)
{
    struct conversation talk;
    if (!start_with(&talk, context)) {
        assert_true(may_fail);
        return;
    }
    talk.may_fail = may_fail;
    struct checkpoint_stats *stats = stats_of(JOB_A, 1, 2, 1, "file:/a");
    struct restored_checkpoint *restored = stats ? calloc(1, sizeof(*restored)) : NULL;
    if (restored) {
        restored->external_path = shared_text_new("file:/restored");
        stats->latest_restored = restored;
    }
    struct checkpoint *entry = stats ? checkpoint_retain(stats->history[1]) : NULL;
    if (get(&talk, 0, 1, CHECKPOINTS_OF_A) == 0)
        (void)answer_with(&talk, 1, 0, (struct fetch_result){.stats = stats});
    else
        checkpoint_stats_release(stats);
    if (entry)
        entry->changed = checkpoint_copy(entry);
    if (entry && entry->changed)
        entry->changed->discarded = true;
    bool accepted = get(&talk, 2, 2, CHECKPOINTS_OF_A) == 0;
    if (!may_fail) {
        assert_true(accepted);
        assert_says(&talk, 2, "\"discarded\":true");
        assert_says(&talk, 2, "file:/restored");
    }
    checkpoint_release(entry);
    finish(&talk);
}

static void a_moving_snapshot_survives_each_allocation_failing(void **state)
{
    (void)state;
    struct endpoint_config config = config_of("flink-1.20", NULL);
    assert_true(fail_each_allocation(follow_a_discard, &config) > 30);
}

static void cancel_each_other(void *context, bool may_fail)
{
    struct conversation talk;
    if (!start_with(&talk, context)) {
        assert_true(may_fail);
        return;
    }
    talk.may_fail = may_fail;
    bool first = get(&talk, 0, 1, DASHBOARD_OF_A) == 0;
    bool second = get(&talk, 1, 2, DASHBOARD_OF_A) == 0;
    assert_int_equal(has_reply(&talk, 1), first && second);
    for (size_t i = 0; i < talk.fetch_count; i++)
        (void)answer_latest(&talk, 5, i, 7);
    assert_int_equal(has_reply(&talk, 1), first);
    assert_int_equal(has_reply(&talk, 2), second);
    finish(&talk);
}

static void cancelling_survives_each_allocation_failing(void **state)
{
    (void)state;
    const char *const options[] = {"rest.cache.execution-graph.timeout", "0", NULL};
    struct endpoint_config config = config_of("flink-2.3", options);
    assert_true(fail_each_allocation(cancel_each_other, &config) > 20);
}

static void a_hit_allocates_nothing(void **state)
{
    (void)state;
    static const char *const targets[] = {CHECKPOINTS_OF_A, DASHBOARD_OF_A,
                                          CHECKPOINTS_OF_A "/details/3",
                                          CHECKPOINTS_OF_A "/config"};
    struct conversation talk;
    struct accepted accepted = {{false}};
    size_t answered = 0;
    start(&talk, "reference", NULL);
    for (uint64_t i = 0; i < 4; i++)
        ask(&talk, &accepted, 0, i, targets[i]);
    answer_all(&talk, 1, &answered);
    failing_allocator_arm(1);
    for (uint64_t i = 0; i < 4; i++)
        ask(&talk, &accepted, 2, 10 + i, targets[i]);
    assert_false(failing_allocator_fired());
    assert_int_equal(talk.reply_count, 8);
    finish(&talk);
}

static void a_kept_failure_is_given_out_without_allocating(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    answer_failure(&talk, 1, 0, OUTCOME_JOB_NOT_FOUND);
    failing_allocator_arm(1);
    get(&talk, 2, 2, CHECKPOINTS_OF_A);
    assert_false(failing_allocator_fired());
    assert_int_equal(status_of(&talk, 2), 404);
    finish(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_survives_each_allocation_failing),
        cmocka_unit_test(a_moving_snapshot_survives_each_allocation_failing),
        cmocka_unit_test(cancelling_survives_each_allocation_failing),
        cmocka_unit_test(a_hit_allocates_nothing),
        cmocka_unit_test(a_kept_failure_is_given_out_without_allocating),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
