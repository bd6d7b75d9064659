/* rooms: harness/implementations harness/client_models rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "harness/implementations/implementation_internal.h"
#include "tests/support/conversation.h"

/* What stands round the reference, from both sides: who asks, and the JobManager. */

struct exchange_of {
    struct subject *subject;
    bool may_fail;
    struct endpoint_action fetches[SAID_MAX], replies[SAID_MAX];
    size_t fetch_count, reply_count;
};

static bool open_talk(struct exchange_of *talk, const struct implementation *implementation,
                      const char *timeout)
{
    struct settings settings;
    settings_default(&settings);
    assert_null(settings_put(&settings, "rest.cache.checkpoint-statistics.timeout", timeout));
    memset(talk, 0, sizeof *talk);
    talk->subject =
        implementation_start(implementation, &(struct subject_options){.settings = &settings});
    return talk->subject != NULL;
}

static void begin_talk(struct exchange_of *talk, const char *name, const char *timeout)
{
    const struct implementation *implementation = implementation_find(name);
    assert_non_null(implementation);
    assert_true(open_talk(talk, implementation, timeout));
}

static void end_talk(struct exchange_of *talk)
{
    for (size_t i = 0; i < talk->reply_count; i++)
        body_release(talk->replies[i].body);
    talk->subject->operations->free(talk->subject);
}

static void take_all(struct exchange_of *talk)
{
    struct endpoint_action action;
    while (talk->subject->operations->next(talk->subject, &action)) {
        if (action.kind == ACTION_FETCH)
            talk->fetches[talk->fetch_count++] = action;
        else
            talk->replies[talk->reply_count++] = action;
        assert_true(talk->fetch_count < SAID_MAX && talk->reply_count < SAID_MAX);
    }
}

static void asks(struct exchange_of *talk, int64_t at_ms, uint64_t id, const char *target)
{
    const struct request request = {
        .id = id, .method = METHOD_GET, .target = target, .target_length = strlen(target)};
    const int outcome = talk->subject->operations->request(talk->subject, at_ms * MS, &request);
    assert_true(outcome == 0 || talk->may_fail);
    take_all(talk);
}

static void comes_back(struct exchange_of *talk, int64_t at_ms, size_t index,
                       struct fetch_result result)
{
    assert_true(index < talk->fetch_count);
    const int outcome = talk->subject->operations->fetched(talk->subject, at_ms * MS,
                                                           talk->fetches[index].fetch, &result);
    assert_true(outcome == 0 || talk->may_fail);
    take_all(talk);
}

static struct fetch_result brings(const struct endpoint_action *fetch, int64_t latest)
{
    struct checkpoint_stats *stats = stats_of(fetch->what.job, 1, latest, 1, "file:/a");
    struct fetch_result result = {.outcome = OUTCOME_OK};
    if (fetch->what.kind == FETCH_EXECUTION_GRAPH)
        result.graph = graph_of(fetch->what.job, 1, stats);
    else
        result.stats = stats;
    if (!result.graph && !result.stats)
        result.outcome = OUTCOME_FAILED;
    return result;
}

static void brings_latest(struct exchange_of *talk, int64_t at_ms, size_t index, int64_t latest)
{
    comes_back(talk, at_ms, index, brings(&talk->fetches[index], latest));
}

static void times_out(struct exchange_of *talk, int64_t at_ms, size_t index)
{
    comes_back(talk, at_ms, index, (struct fetch_result){.outcome = OUTCOME_TIMED_OUT});
}

static const struct endpoint_action *answer_to(const struct exchange_of *talk, uint64_t id)
{
    for (size_t i = 0; i < talk->reply_count; i++) {
        if (talk->replies[i].request == id)
            return &talk->replies[i];
    }
    return NULL;
}

static int64_t shown_to(const struct exchange_of *talk, uint64_t id)
{
    const struct endpoint_action *answer = answer_to(talk, id);
    const struct checkpoint_stats *stats =
        answer && answer->status == 200 ? body_statistics(answer->body) : NULL;
    return stats && stats->latest_completed ? stats->latest_completed->id : -1;
}

/* --- around ----------------------------------------------------------------------------------- */

static void two_instances_answer_by_turns_from_caches_of_their_own(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "two-instances", "10 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, 5);
    asks(&talk, 1000, 2, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    brings_latest(&talk, 1001, 1, 7);
    asks(&talk, 2000, 3, CHECKPOINTS_OF_A);
    asks(&talk, 2001, 4, CHECKPOINTS_OF_A);
    assert_int_equal(shown_to(&talk, 3), 5);
    assert_int_equal(shown_to(&talk, 4), 7);
    end_talk(&talk);
}

static void an_answer_sent_twice_is_the_same_one(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "answers-twice", "10 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, 5);
    assert_int_equal(talk.reply_count, 2);
    assert_int_equal(talk.replies[1].request, 1);
    assert_ptr_equal(talk.replies[0].body, talk.replies[1].body);
    end_talk(&talk);
}

/* --- between ---------------------------------------------------------------------------------- */

static void a_call_made_twice_is_answered_once(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "calls-made-twice", "0 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    assert_true(talk.fetches[0].fetch != talk.fetches[1].fetch);
    brings_latest(&talk, 5, 1, 9); /* nobody waits for the second */
    assert_null(answer_to(&talk, 1));
    brings_latest(&talk, 6, 0, 8);
    assert_int_equal(shown_to(&talk, 1), 8);
    end_talk(&talk);
}

static void of_two_that_try_again_the_first_to_come_back_answers(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "failure-tried-twice", "0 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    times_out(&talk, 5, 0);
    assert_null(answer_to(&talk, 1));
    assert_int_equal(talk.fetch_count, 3);
    brings_latest(&talk, 6, 2, 8);
    brings_latest(&talk, 7, 1, 9);
    assert_int_equal(talk.reply_count, 1);
    assert_int_equal(shown_to(&talk, 1), 8);
    end_talk(&talk);
}

static void an_open_breaker_refuses_for_a_second_without_a_call(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "breaker-stays-open", "0 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    times_out(&talk, 5, 0);
    asks(&talk, 1004, 2, CHECKPOINTS_OF_A);
    assert_int_equal(answer_to(&talk, 2)->status, 500);
    assert_int_equal(talk.fetch_count, 1);
    asks(&talk, 1005, 3, CHECKPOINTS_OF_A);
    assert_int_equal(talk.fetch_count, 2);
    end_talk(&talk);
}

static void a_breaker_opens_one_path_and_a_shared_one_both(void **state)
{
    static const struct {
        const char *name;
        size_t calls;
    } wanted[] = {{"breaker-stays-open", 2}, {"breaker-for-both", 1}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct exchange_of talk;
        begin_talk(&talk, wanted[i].name, "0 s");
        asks(&talk, 0, 1, DASHBOARD_OF_A);
        times_out(&talk, 5, 0);
        asks(&talk, 10, 2, CHECKPOINTS_OF_A);
        assert_int_equal(talk.fetch_count, wanted[i].calls);
        end_talk(&talk);
    }
}

static void a_torn_snapshot_has_new_counts_over_an_old_list(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "torn-snapshot", "0 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, 5);
    asks(&talk, 10, 2, CHECKPOINTS_OF_A);
    brings_latest(&talk, 11, 1, 6);
    const struct checkpoint_stats *torn = body_statistics(answer_to(&talk, 2)->body);
    assert_int_equal(torn->latest_completed->id, 5);
    assert_int_equal(torn->counts.completed, 6);
    end_talk(&talk);
}

static void after_a_call_that_was_given_up_answers_are_off_by_one(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "answers-off-by-one", "0 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, 5);
    asks(&talk, 10, 2, CHECKPOINTS_OF_A);
    times_out(&talk, 20, 1);
    asks(&talk, 30, 3, CHECKPOINTS_OF_B);
    brings_latest(&talk, 31, 2, 77);
    asks(&talk, 40, 4, CHECKPOINTS_OF_A);
    brings_latest(&talk, 41, 3, 6);
    assert_int_equal(shown_to(&talk, 3), 5);
    assert_int_equal(shown_to(&talk, 4), 77);
    end_talk(&talk);
}

static void what_fails_is_told_as_last_seen_or_as_nothing(void **state)
{
    static const struct {
        const char *name;
        int64_t shown;
        int status;
    } wanted[] = {{"last-seen-on-failure", 5, 200}, {"nothing-on-failure", -1, 200}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct exchange_of talk;
        begin_talk(&talk, wanted[i].name, "0 s");
        asks(&talk, 0, 1, CHECKPOINTS_OF_A);
        brings_latest(&talk, 1, 0, 5);
        asks(&talk, 10, 2, CHECKPOINTS_OF_A);
        times_out(&talk, 11, 1);
        assert_int_equal(answer_to(&talk, 2)->status, wanted[i].status);
        assert_int_equal(shown_to(&talk, 2), wanted[i].shown);
        end_talk(&talk);
    }
}

static void what_is_never_given_back_is_measured(void **state)
{
    struct exchange_of talk;
    struct endpoint_usage usage;
    (void)state;
    begin_talk(&talk, "ended-jobs-kept", "10 ms");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, 5);
    asks(&talk, 1000, 2, CHECKPOINTS_OF_B);
    brings_latest(&talk, 1001, 1, 5);
    talk.subject->operations->measure(talk.subject, &usage);
    assert_int_equal(usage.stats_entries, 2);
    end_talk(&talk);
    begin_talk(&talk, "failed-loads-leak", "10 ms");
    for (uint64_t i = 0; i < 3; i++) {
        asks(&talk, 100 * (int64_t)i, i + 1, CHECKPOINTS_OF_A);
        times_out(&talk, 100 * (int64_t)i + 1, i);
    }
    talk.subject->operations->measure(talk.subject, &usage);
    assert_int_equal(usage.stats_entries, 3);
    end_talk(&talk);
}

/* --- in front --------------------------------------------------------------------------------- */

static void a_second_cache_of_the_same_timeout_doubles_the_age(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "two-caches", "100 ms");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, 5);
    asks(&talk, 100, 2, CHECKPOINTS_OF_A); /* the first one has expired, the second has not */
    assert_int_equal(shown_to(&talk, 2), 5);
    asks(&talk, 101, 3, CHECKPOINTS_OF_A);
    assert_null(answer_to(&talk, 3));
    end_talk(&talk);
}

static void what_has_expired_is_given_out_while_one_new_answer_is_fetched(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "old-while-refreshing", "100 ms");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, 5);
    asks(&talk, 100000, 2, CHECKPOINTS_OF_A);
    asks(&talk, 100001, 3, CHECKPOINTS_OF_A);
    assert_int_equal(shown_to(&talk, 2), 5);
    assert_int_equal(shown_to(&talk, 3), 5);
    assert_int_equal(talk.fetch_count, 2);
    brings_latest(&talk, 100500, 1, 9);
    asks(&talk, 100501, 4, CHECKPOINTS_OF_A);
    assert_int_equal(shown_to(&talk, 4), 9);
    assert_int_equal(talk.reply_count, 4);
    end_talk(&talk);
}

static void a_refresh_that_takes_too_long_never_lands(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "refresh-never-lands", "100 ms");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, 5);
    asks(&talk, 1000, 2, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1101, 1, 9);
    asks(&talk, 1102, 3, CHECKPOINTS_OF_A);
    assert_int_equal(shown_to(&talk, 3), 5);
    brings_latest(&talk, 1202, 2, 10); /* no longer than the timeout */
    asks(&talk, 1203, 4, CHECKPOINTS_OF_A);
    assert_int_equal(shown_to(&talk, 4), 10);
    end_talk(&talk);
}

static void a_failed_refresh_gives_the_old_answer_another_timeout(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "failed-refresh-keeps-lease", "100 ms");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, 5);
    asks(&talk, 1000, 2, CHECKPOINTS_OF_A);
    times_out(&talk, 1001, 1);
    assert_int_equal(shown_to(&talk, 2), 5);
    asks(&talk, 1100, 3, CHECKPOINTS_OF_A);
    assert_int_equal(shown_to(&talk, 3), 5);
    asks(&talk, 1101, 4, CHECKPOINTS_OF_A);
    assert_null(answer_to(&talk, 4));
    end_talk(&talk);
}

static void a_flight_without_a_job_answers_for_another_job(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "flight-without-job", "0 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    asks(&talk, 1, 2, CHECKPOINTS_OF_B);
    assert_int_equal(talk.fetch_count, 1);
    brings_latest(&talk, 5, 0, 7);
    assert_int_equal(shown_to(&talk, 2), 7);
    assert_ptr_equal(answer_to(&talk, 1)->body, answer_to(&talk, 2)->body);
    end_talk(&talk);
}

static void whoever_is_followed_may_go_away(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "flight-without-job", "0 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    asks(&talk, 1, 2, CHECKPOINTS_OF_B);
    asks(&talk, 2, 3, CHECKPOINTS_OF_B);
    talk.subject->operations->abandon(talk.subject, 3 * MS, 1);
    talk.subject->operations->abandon(talk.subject, 3 * MS, 2);
    brings_latest(&talk, 5, 0, 7);
    assert_int_equal(talk.reply_count, 1);
    assert_int_equal(shown_to(&talk, 3), 7);
    end_talk(&talk);
}

static void a_forgotten_waiter_gets_no_answer_and_others_do(void **state)
{
    struct exchange_of talk;
    (void)state;
    begin_talk(&talk, "waiters-forgotten", "0 s");
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    asks(&talk, 1, 2, CHECKPOINTS_OF_A);
    brings_latest(&talk, 5, 0, 7);
    assert_int_equal(talk.reply_count, 1);
    asks(&talk, 6, 3, CHECKPOINTS_OF_A);
    brings_latest(&talk, 7, 1, 8);
    assert_int_equal(shown_to(&talk, 3), 8);
    end_talk(&talk);
}

static void only_what_it_is_about_is_kept(void **state)
{
    static const struct {
        const char *name, *target;
        enum fetch_outcome outcome;
        size_t calls; /* of two requests, half a second apart */
    } wanted[] = {
        {"proxy-keeps-errors", CHECKPOINTS_OF_A, OUTCOME_TIMED_OUT, 1},
        {"proxy-keeps-errors", DASHBOARD_OF_A, OUTCOME_TIMED_OUT, 1},
        {"proxy-keeps-errors", CHECKPOINTS_OF_A, OUTCOME_JOB_NOT_FOUND, 2},
        {"not-found-kept", CHECKPOINTS_OF_A, OUTCOME_JOB_NOT_FOUND, 1},
        {"not-found-kept", CHECKPOINTS_OF_A "?pretty=1", OUTCOME_JOB_NOT_FOUND, 1},
        {"not-found-kept", DASHBOARD_OF_A, OUTCOME_JOB_NOT_FOUND, 2},
        {"not-found-kept", CHECKPOINTS_OF_A, OUTCOME_TIMED_OUT, 2},
        {"details-kept-for-ever", CHECKPOINTS_OF_A "/details/1", OUTCOME_JOB_NOT_FOUND, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct exchange_of talk;
        begin_talk(&talk, wanted[i].name, "0 s");
        asks(&talk, 0, 1, wanted[i].target);
        comes_back(&talk, 1, 0, (struct fetch_result){.outcome = wanted[i].outcome});
        asks(&talk, 500, 2, wanted[i].target);
        assert_int_equal(talk.fetch_count, wanted[i].calls);
        end_talk(&talk);
    }
}

/* --- a test that cannot fail ------------------------------------------------------------------ */

/* Asks twice, and whenever the gateway is asked brings the next of two snapshots. True: both
 * answers show what they have to. */
static bool answers_twice_as(const char *name, const char *timeout, int64_t second_ms,
                             const int64_t brought[2], const int64_t wanted[2])
{
    struct exchange_of talk;
    begin_talk(&talk, name, timeout);
    asks(&talk, 0, 1, CHECKPOINTS_OF_A);
    brings_latest(&talk, 1, 0, brought[0]);
    asks(&talk, second_ms, 2, CHECKPOINTS_OF_A);
    if (talk.fetch_count > 1)
        brings_latest(&talk, second_ms + 1, 1, brought[1]);
    const bool passes = shown_to(&talk, 1) == wanted[0] && shown_to(&talk, 2) == wanted[1];
    end_talk(&talk);
    return passes;
}

/* Source: Flink AbstractCheckpointStatsHandlerTest.testRetrieveSnapshotFromCache: its cache has no
 * expiry, and both of its snapshots are the same object (real bug R-28). */
static bool passes_flinks_own_test(const char *name)
{
    static const int64_t same[] = {5, 5};
    return answers_twice_as(name, "1 h", 1000, same, same);
}

/* The timeout ends, and the next answer has to be the new one. */
static bool passes_a_test_of_freshness(const char *name)
{
    static const int64_t newer[] = {5, 6};
    return answers_twice_as(name, "1 s", 1000, newer, newer);
}

static void flinks_own_test_cannot_tell_a_cache_that_never_refreshes(void **state)
{
    (void)state;
    assert_true(passes_flinks_own_test("reference"));
    assert_true(passes_flinks_own_test("never-refresh"));
    assert_true(passes_a_test_of_freshness("reference"));
    assert_false(passes_a_test_of_freshness("never-refresh"));
}

/* --- memory ----------------------------------------------------------------------------------- */

/* Two jobs, a failure, answers out of turn, and one who goes away. */
static void live_a_while(void *context, bool may_fail)
{
    static const char *const targets[] = {CHECKPOINTS_OF_A, CHECKPOINTS_OF_B, DASHBOARD_OF_A,
                                          CHECKPOINTS_OF_A "/details/1", CHECKPOINTS_OF_A};
    struct exchange_of talk;
    if (!open_talk(&talk, context, "10 ms")) {
        assert_true(may_fail);
        return;
    }
    talk.may_fail = may_fail;
    size_t back = 0;
    for (uint64_t i = 0; i < 10; i++) {
        asks(&talk, 8 * (int64_t)i, i + 1, targets[i % 5]);
        if (i == 3)
            talk.subject->operations->abandon(talk.subject, 8 * (int64_t)i * MS, i + 1);
        for (; i % 2 == 1 && back < talk.fetch_count; back++) {
            if (back % 4 == 2)
                times_out(&talk, 8 * (int64_t)i + 1, back);
            else
                brings_latest(&talk, 8 * (int64_t)i + 1, back, (int64_t)i + 2);
        }
    }
    struct endpoint_usage usage;
    talk.subject->operations->measure(talk.subject, &usage);
    end_talk(&talk);
}

static void each_survives_every_failing_allocation(void **state)
{
    (void)state;
    for (size_t i = 0; i < implementation_count(); i++) {
        union {
            const struct implementation *implementation;
            void *context;
        } as = {implementation_at(i)};
        if (as.implementation->wrap || as.implementation->alter)
            assert_true(fail_each_allocation(live_a_while, as.context) > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_instances_answer_by_turns_from_caches_of_their_own),
        cmocka_unit_test(an_answer_sent_twice_is_the_same_one),
        cmocka_unit_test(a_call_made_twice_is_answered_once),
        cmocka_unit_test(of_two_that_try_again_the_first_to_come_back_answers),
        cmocka_unit_test(an_open_breaker_refuses_for_a_second_without_a_call),
        cmocka_unit_test(a_breaker_opens_one_path_and_a_shared_one_both),
        cmocka_unit_test(a_torn_snapshot_has_new_counts_over_an_old_list),
        cmocka_unit_test(after_a_call_that_was_given_up_answers_are_off_by_one),
        cmocka_unit_test(what_fails_is_told_as_last_seen_or_as_nothing),
        cmocka_unit_test(what_is_never_given_back_is_measured),
        cmocka_unit_test(a_second_cache_of_the_same_timeout_doubles_the_age),
        cmocka_unit_test(what_has_expired_is_given_out_while_one_new_answer_is_fetched),
        cmocka_unit_test(a_refresh_that_takes_too_long_never_lands),
        cmocka_unit_test(a_failed_refresh_gives_the_old_answer_another_timeout),
        cmocka_unit_test(a_flight_without_a_job_answers_for_another_job),
        cmocka_unit_test(whoever_is_followed_may_go_away),
        cmocka_unit_test(a_forgotten_waiter_gets_no_answer_and_others_do),
        cmocka_unit_test(only_what_it_is_about_is_kept),
        cmocka_unit_test(flinks_own_test_cannot_tell_a_cache_that_never_refreshes),
        cmocka_unit_test(each_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
