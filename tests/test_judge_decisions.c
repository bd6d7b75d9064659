/* rooms: harness/judge gateway base */
#include "tests/support/history_builder.h"

/* right-restore, and what live-path and restore-window make of a chosen path. */

static void start(struct history *h, int64_t bound_ms)
{
    struct claim claim = claim_all(bound_ms);
    claim.claimed[PROPERTY_RESTORE_WINDOW] = true;
    claim.restore_window_us = 100 * MS;
    history_start(h, &claim);
    run_begins(h, 0, 1);
}

static void stored(struct history *h, int64_t at_ms, uint64_t run, int64_t checkpoint)
{
    fact_of_run(h, FACT_BEGAN, at_ms, JOB_A, run, checkpoint);
    fact_of_run(h, FACT_DURABLE, at_ms, JOB_A, run, checkpoint);
    fact_of_run(h, FACT_COMPLETED, at_ms, JOB_A, run, checkpoint);
}

/* The mover asked at sent_ms, and is answered and decides 4 ms later. */
static struct decision decides(int64_t sent_ms, enum decided kind, int64_t checkpoint)
{
    static char path[64];
    path_of(JOB_A, checkpoint, path);
    return (struct decision){.client = "mover",
                             .client_index = 9,
                             .job = JOB_A,
                             .starts = "K",
                             .at_us = (sent_ms + 4) * MS,
                             .kind = kind,
                             .path = kind == DECIDED_PATH ? path : NULL,
                             .checkpoint = checkpoint,
                             .reason = "so it said",
                             .grounds = GROUNDS_ANSWER,
                             .seq = 77,
                             .sent_us = sent_ms * MS,
                             .left_us = (sent_ms + 2) * MS,
                             .bound_us = -1,
                             .shown = checkpoint};
}

static void feed_decision(struct history *h, const struct decision *decision)
{
    h->failed = h->failed || !judge_decision(h->judge, decision);
}

static void starts_from(struct history *h, int64_t sent_ms, int64_t checkpoint)
{
    const struct decision decision = decides(sent_ms, DECIDED_PATH, checkpoint);
    feed_decision(h, &decision);
}

static void starts_from_nothing(struct history *h, int64_t sent_ms, enum grounds grounds)
{
    struct decision decision = decides(sent_ms, DECIDED_NOTHING, 0);
    decision.grounds = grounds;
    feed_decision(h, &decision);
}

static void starts_from_path(struct history *h, int64_t sent_ms, const char *path)
{
    struct decision decision = decides(sent_ms, DECIDED_PATH, 1);
    decision.path = path;
    feed_decision(h, &decision);
}

static void test_a_completion_counts_if_it_ended_before_the_request_was_sent(void **state)
{
    (void)state;
    static const struct {
        int64_t done_ms;
        bool wrong;
    } cases[] = {{299, true}, {300, false}};
    for (size_t i = 0; i < 2; i++) {
        struct history h;
        start(&h, 0);
        stored(&h, 100, 1, 5);
        stored(&h, cases[i].done_ms, 1, 7);
        starts_from(&h, 300, 5);
        expect_verdict(&h, PROPERTY_RIGHT_RESTORE, cases[i].wrong ? VERDICT_FAIL : VERDICT_PASS,
                       cases[i].wrong);
        history_end(&h);
    }
}

static void test_the_witness_tells_what_was_there_read_and_done(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    stored(&h, 100, 1, 5);
    stored(&h, 200, 1, 7);
    struct decision decision = decides(600, DECIDED_PATH, 5);
    decision.grounds = GROUNDS_ERROR;
    decision.shown = 0;
    feed_decision(&h, &decision);
    expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
    const struct property_verdict *verdict = verdict_on(&h, PROPERTY_RIGHT_RESTORE);
    assert_int_equal(verdict->witness_count, 3);
    expect_event(verdict, 0, 200, "A", "checkpoint 7 is there");
    expect_event(verdict, 1, 600, "mover", "GET /jobs/A/checkpoints  answered with an error");
    expect_event(verdict, 2, 604, "mover", "starts K from checkpoint 5: so it said");
    expect_since(verdict, 0);
    assert_string_equal(verdict->cause, "mover started K from checkpoint 5 although checkpoint 7 "
                                        "had been there for 400.0 ms.");
    assert_int_equal(verdict->layer, LAYER_CLIENT);
    assert_true(verdict->worst_value > 399.9 && verdict->worst_value < 400.1);
    history_end(&h);
}

static void test_an_answer_that_did_not_show_it_is_not_the_clients_fault(void **state)
{
    (void)state;
    static const enum layer layers[] = {LAYER_UNKNOWN, LAYER_CLIENT};
    for (int64_t shown = 6; shown <= 7; shown++) {
        struct history h;
        start(&h, 0);
        stored(&h, 100, 1, 6);
        stored(&h, 200, 1, 7);
        struct decision decision = decides(300, DECIDED_PATH, 6);
        decision.shown = shown;
        feed_decision(&h, &decision);
        assert_int_equal(verdict_on(&h, PROPERTY_RIGHT_RESTORE)->layer, layers[shown - 6]);
        history_end(&h);
    }
}

static void test_an_answer_may_be_as_old_as_is_claimed_or_demanded(void **state)
{
    (void)state;
    static const struct {
        int64_t bound_ms, demanded_ms, asked_ms;
        bool wrong;
    } cases[] = {{50, -1, 250, false}, {50, -1, 251, true}, {50, 0, 201, true},
                 {50, 0, 200, false},  {0, -1, 201, true},  {0, 50, 250, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct history h;
        start(&h, cases[i].bound_ms);
        stored(&h, 100, 1, 5);
        stored(&h, 200, 1, 7);
        struct decision decision = decides(cases[i].asked_ms, DECIDED_PATH, 5);
        decision.bound_us = cases[i].demanded_ms < 0 ? -1 : cases[i].demanded_ms * MS;
        feed_decision(&h, &decision);
        expect_verdict(&h, PROPERTY_RIGHT_RESTORE, cases[i].wrong ? VERDICT_FAIL : VERDICT_PASS,
                       cases[i].wrong);
        history_end(&h);
    }
}

/* Where no age is claimed at all, the one that the options resolve to. */
static void test_without_a_claim_the_configured_age_holds(void **state)
{
    (void)state;
    for (int known = 0; known < 2; known++) {
        struct history h;
        struct claim claim = claim_all(0);
        claim.claimed[PROPERTY_FRESH] = claim.claimed[PROPERTY_BOUNDED_AGE] = false;
        claim.settings_known = known;
        claim.settings_timeout_us = 3000 * MS;
        history_start(&h, &claim);
        run_begins(&h, 0, 1);
        stored(&h, 100, 1, 5);
        stored(&h, 200, 1, 7);
        starts_from(&h, 3000, 5);
        expect_verdict(&h, PROPERTY_RIGHT_RESTORE, known ? VERDICT_PASS : VERDICT_FAIL, !known);
        history_end(&h);
    }
}

static void test_what_is_not_stored_yet_or_is_deleted_need_not_be_restored(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    stored(&h, 100, 1, 5);
    completes(&h, 200, 7); /* shown, and not durable */
    starts_from(&h, 300, 5);
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    fact(&h, FACT_DURABLE, 350, 7);
    starts_from(&h, 350, 5);
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    fact(&h, FACT_DISCARDED, 404, 7);
    starts_from(&h, 400, 5);
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    history_end(&h);

    start(&h, 0);
    stored(&h, 100, 1, 5);
    stored(&h, 200, 1, 7);
    starts_from(&h, 351, 5);
    expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
    history_end(&h);
}

static void test_savepoints_count_like_checkpoints(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    stored(&h, 100, 1, 10);
    char path[64];
    path_of(JOB_A, 11, path);
    for (int kind = 0; kind < 2; kind++)
        feed_fact(&h, &(struct fact){.kind = kind ? FACT_COMPLETED : FACT_DURABLE,
                                     .at_us = 200 * MS,
                                     .job = JOB_A,
                                     .run = 1,
                                     .checkpoint = 11,
                                     .is_savepoint = true,
                                     .path = path});
    starts_from(&h, 300, 11);
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    starts_from(&h, 400, 10);
    expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
    history_end(&h);
}

static void test_nothing_is_right_only_where_there_is_nothing(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    starts_from_nothing(&h, 50, GROUNDS_ANSWER);
    starts_from_nothing(&h, 60, GROUNDS_NOT_ENABLED);
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    assert_int_equal(verdict_on(&h, PROPERTY_RIGHT_RESTORE)->tested, 2);
    stored(&h, 100, 1, 5);
    starts_from_nothing(&h, 100, GROUNDS_ANSWER);
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    starts_from_nothing(&h, 101, GROUNDS_ANSWER);
    expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
    assert_string_equal(verdict_on(&h, PROPERTY_RIGHT_RESTORE)->cause,
                        "mover started K from nothing although checkpoint 5 had been there for "
                        "1.0 ms.");
    history_end(&h);
}

static void test_what_says_nothing_is_no_reason_to_start_from_nothing(void **state)
{
    (void)state;
    static const enum grounds grounds[] = {GROUNDS_ERROR, GROUNDS_UNREADABLE, GROUNDS_SILENCE};
    for (size_t i = 0; i < 3; i++) {
        struct history h;
        start(&h, 0);
        starts_from_nothing(&h, 50, grounds[i]);
        expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
        assert_int_equal(verdict_on(&h, PROPERTY_RIGHT_RESTORE)->layer, LAYER_CLIENT);
        history_end(&h);
    }
}

static void test_who_refuses_does_nothing_wrong(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    stored(&h, 100, 1, 5);
    const struct decision decision = decides(300, DECIDED_REFUSE, 0);
    feed_decision(&h, &decision);
    expect_unknown(&h, PROPERTY_RIGHT_RESTORE);
    history_end(&h);
}

static void test_a_run_that_was_over_is_somebody_elses(void **state)
{
    (void)state;
    static const struct {
        int64_t asked_ms;
        bool restored, wrong;
    } cases[] = {{300, false, false}, /* the runs changed as it asked: either is right */
                 {301, false, true},
                 {301, true, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct history h;
        start(&h, 0);
        stored(&h, 100, 1, 50);
        run_begins(&h, 300, 2);
        if (cases[i].restored)
            fact_of_run(&h, FACT_RESTORED, 300, JOB_A, 2, 50);
        starts_from(&h, cases[i].asked_ms, 50);
        expect_verdict(&h, PROPERTY_RIGHT_RESTORE, cases[i].wrong ? VERDICT_FAIL : VERDICT_PASS,
                       cases[i].wrong);
        history_end(&h);
    }
}

static void test_what_was_restored_has_to_be_restored_again(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    stored(&h, 100, 1, 40);
    run_begins(&h, 300, 2);
    fact_of_run(&h, FACT_RESTORED, 300, JOB_A, 2, 40);
    starts_from_nothing(&h, 300, GROUNDS_ANSWER); /* overlaps the restore */
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    starts_from_nothing(&h, 301, GROUNDS_ANSWER);
    expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
    fact_of_run(&h, FACT_DISCARDED, 400, JOB_A, 1, 40); /* its files go: nothing is left */
    starts_from_nothing(&h, 500, GROUNDS_ANSWER);
    expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
    history_end(&h);
}

static void test_an_older_one_than_was_restored_is_too_old(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    stored(&h, 100, 1, 39);
    stored(&h, 200, 1, 40);
    run_begins(&h, 300, 2);
    fact_of_run(&h, FACT_RESTORED, 300, JOB_A, 2, 40);
    starts_from(&h, 400, 40);
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    starts_from(&h, 500, 39);
    expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
    history_end(&h);
}

static void test_numbers_that_begin_anew_are_told_apart_by_their_run(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    stored(&h, 100, 1, 1);
    stored(&h, 200, 1, 2);
    run_begins(&h, 300, 2);
    stored(&h, 400, 2, 1); /* uses the path of the first run's again */
    starts_from(&h, 500, 1);
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    starts_from(&h, 600, 2);
    expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
    assert_string_equal(verdict_on(&h, PROPERTY_RIGHT_RESTORE)->cause,
                        "mover started K from a checkpoint of a run that was over.");
    history_end(&h);
}

static void test_what_is_no_checkpoint_of_the_job_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *path, *cause;
    } cases[] = {
        {"file:/b/chk-3", "mover started K from a checkpoint of another job."},
        {"null", "mover started K from a path where no checkpoint ever was."},
        {"<checkpoint-not-externally-addressable>",
         "mover started K from a placeholder, which is no path."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct history h;
        start(&h, 0);
        fact_of_run(&h, FACT_COMPLETED, 10, JOB_B, 1, 3);
        starts_from_path(&h, 300, cases[i].path);
        expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
        assert_string_equal(verdict_on(&h, PROPERTY_RIGHT_RESTORE)->cause, cases[i].cause);
        assert_int_equal(verdict_on(&h, PROPERTY_RIGHT_RESTORE)->layer, LAYER_CLIENT);
        history_end(&h);
    }
}

static void test_another_jobs_is_right_where_the_job_was_restored_from_it(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    fact_of_run(&h, FACT_COMPLETED, 10, JOB_B, 1, 3);
    feed_fact(&h, &(struct fact){.kind = FACT_RESTORED,
                                 .at_us = 20 * MS,
                                 .job = JOB_A,
                                 .run = 1,
                                 .checkpoint = 3,
                                 .path = "file:/b/chk-3"});
    starts_from_path(&h, 300, "file:/b/chk-3");
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    stored(&h, 350, 1, 4);
    starts_from_path(&h, 351, "file:/b/chk-3");
    expect_fail(&h, PROPERTY_RIGHT_RESTORE, 1);
    history_end(&h);
}

static void test_the_limit_of_age_is_kept_to_the_millisecond(void **state)
{
    (void)state;
    for (unsigned over = 0; over < 2; over++) {
        struct history h;
        start(&h, 0);
        stored(&h, 100, 1, 5);
        struct decision decision = decides(300, DECIDED_PATH, 5);
        decision.max_age_ms = 1000;
        decision.now_ms = trigger_of(1, 5) + 1000 + over;
        feed_decision(&h, &decision);
        expect_verdict(&h, PROPERTY_RIGHT_RESTORE, over ? VERDICT_FAIL : VERDICT_PASS, over);
        history_end(&h);
    }
}

static void test_a_path_that_was_dead_before_it_asked_is_the_clients_fault(void **state)
{
    (void)state;
    for (int64_t asked_ms = 250; asked_ms <= 251; asked_ms++) {
        struct history h;
        start(&h, 0);
        stored(&h, 100, 1, 5);
        fact(&h, FACT_DISCARDED, 250, 5);
        starts_from(&h, asked_ms, 5);
        expect_verdict(&h, PROPERTY_LIVE_PATH, asked_ms > 250 ? VERDICT_FAIL : VERDICT_PASS,
                       asked_ms > 250);
        if (asked_ms > 250)
            assert_int_equal(verdict_on(&h, PROPERTY_LIVE_PATH)->layer, LAYER_CLIENT);
        history_end(&h);
    }
}

static void test_the_chosen_path_has_to_live_for_the_window(void **state)
{
    (void)state;
    for (unsigned more_ms = 0; more_ms < 2; more_ms++) {
        struct history h;
        start(&h, 0);
        stored(&h, 100, 1, 5);
        starts_from(&h, 300, 5); /* the answer left at 302 ms, and 100 ms are needed */
        fact(&h, FACT_DISCARDED, 401 + (int64_t)more_ms, 5);
        expect_verdict(&h, PROPERTY_RESTORE_WINDOW, more_ms ? VERDICT_PASS : VERDICT_FAIL,
                       !more_ms);
        history_end(&h);
    }
}

/* Trap 10: it died after a right answer. */
static void test_a_restore_that_failed_later_is_a_matter_of_the_window(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    stored(&h, 100, 1, 5);
    starts_from(&h, 300, 5);
    fact(&h, FACT_DISCARDED, 310, 5);
    fact(&h, FACT_RESTORE_FAILED, 320, 5);
    expect_pass(&h, PROPERTY_LIVE_PATH);
    expect_pass(&h, PROPERTY_RIGHT_RESTORE);
    expect_fail(&h, PROPERTY_RESTORE_WINDOW, 1);
    history_end(&h);
}

static void test_without_a_journal_nobody_can_tell(void **state)
{
    (void)state;
    struct history h;
    const struct claim claim = claim_all(0);
    history_start(&h, &claim);
    reads(&h, "mover", 100, 5);
    starts_from(&h, 300, 4);
    expect_unknown(&h, PROPERTY_RIGHT_RESTORE);
    history_end(&h);
}

static void decide_short_of_memory(void *context, bool may_fail)
{
    struct history h;
    const struct claim claim = claim_all(0);
    (void)context;
    history_start(&h, &claim);
    if (h.judge) {
        run_begins(&h, 0, 1);
        stored(&h, 100, 1, 5);
        fact_of_run(&h, FACT_RESTORED, 200, JOB_A, 1, 5);
        starts_from_nothing(&h, 300, GROUNDS_ANSWER);
        judge_verdicts(h.judge, &h.judgement);
        assert_int_equal(h.judgement.properties[PROPERTY_RIGHT_RESTORE].verdict,
                         h.failed ? VERDICT_UNKNOWN : VERDICT_FAIL);
    }
    assert_true(!h.failed || may_fail);
    history_end(&h);
}

static void test_short_of_memory_nothing_is_decided(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(decide_short_of_memory, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_completion_counts_if_it_ended_before_the_request_was_sent),
        cmocka_unit_test(test_the_witness_tells_what_was_there_read_and_done),
        cmocka_unit_test(test_an_answer_that_did_not_show_it_is_not_the_clients_fault),
        cmocka_unit_test(test_an_answer_may_be_as_old_as_is_claimed_or_demanded),
        cmocka_unit_test(test_without_a_claim_the_configured_age_holds),
        cmocka_unit_test(test_what_is_not_stored_yet_or_is_deleted_need_not_be_restored),
        cmocka_unit_test(test_savepoints_count_like_checkpoints),
        cmocka_unit_test(test_nothing_is_right_only_where_there_is_nothing),
        cmocka_unit_test(test_what_says_nothing_is_no_reason_to_start_from_nothing),
        cmocka_unit_test(test_who_refuses_does_nothing_wrong),
        cmocka_unit_test(test_a_run_that_was_over_is_somebody_elses),
        cmocka_unit_test(test_what_was_restored_has_to_be_restored_again),
        cmocka_unit_test(test_an_older_one_than_was_restored_is_too_old),
        cmocka_unit_test(test_numbers_that_begin_anew_are_told_apart_by_their_run),
        cmocka_unit_test(test_what_is_no_checkpoint_of_the_job_is_wrong),
        cmocka_unit_test(test_another_jobs_is_right_where_the_job_was_restored_from_it),
        cmocka_unit_test(test_the_limit_of_age_is_kept_to_the_millisecond),
        cmocka_unit_test(test_a_path_that_was_dead_before_it_asked_is_the_clients_fault),
        cmocka_unit_test(test_the_chosen_path_has_to_live_for_the_window),
        cmocka_unit_test(test_a_restore_that_failed_later_is_a_matter_of_the_window),
        cmocka_unit_test(test_without_a_journal_nobody_can_tell),
        cmocka_unit_test(test_short_of_memory_nothing_is_decided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
