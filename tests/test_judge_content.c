/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"

static void start(struct history *h, int64_t bound_ms)
{
    const struct claim claim = claim_all(bound_ms);
    history_start(h, &claim);
}

static struct seen_checkpoint details_of(uint64_t run, int64_t id, char *path)
{
    return (struct seen_checkpoint){.id = id,
                                    .status = SEEN_COMPLETED,
                                    .trigger_ms = trigger_of(run, id),
                                    .state_size = 100 * id,
                                    .path = path};
}

static void completes_in_b(struct history *h, int64_t at_ms, int64_t checkpoint)
{
    fact_of_run(h, FACT_BEGAN, at_ms, JOB_B, 1, checkpoint);
    fact_of_run(h, FACT_COMPLETED, at_ms, JOB_B, 1, checkpoint);
}

static void test_details_with_another_job_s_path_are_of_the_wrong_job(void **state)
{
    (void)state;
    struct history h;
    char path[64];
    start(&h, 0);
    completes(&h, 10, 1);
    completes_in_b(&h, 20, 1);
    path_of(JOB_B, 1, path);
    const struct seen_checkpoint of_b = details_of(1, 1, path);
    answered_details(&h, JOB_B, 1, 100, &of_b);
    expect_pass(&h, PROPERTY_RIGHT_JOB);
    path_of(JOB_A, 1, path);
    answered_details(&h, JOB_B, 1, 200, &of_b);
    expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
    const struct property_verdict *right = verdict_on(&h, PROPERTY_RIGHT_JOB);
    assert_int_equal(right->layer, LAYER_DETAILS_CACHE);
    assert_string_equal(right->cause, "Checkpoint 1 in the answer about B belongs to A.");
    assert_int_equal(h.judgement.properties[PROPERTY_CONSISTENT].violations, 0);
    history_end(&h);
}

static void test_a_list_of_another_job_is_of_the_wrong_job(void **state)
{
    (void)state;
    struct history h;
    struct shown_answer answer;
    struct exchange exchange;
    start(&h, 0);
    completes(&h, 10, 1);
    completes_in_b(&h, 20, 1);
    show(&(struct shown){.run = 1, .latest = 1}, JOB_B, &answer);
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 100, 100);
    exchange.seen = &answer.seen;
    feed_exchange(&h, &exchange);
    expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
    history_end(&h);
}

static void test_a_job_may_be_restored_from_another_job_s_path(void **state)
{
    (void)state;
    struct history h;
    struct shown_answer answer;
    struct exchange exchange;
    char restored[64];
    start(&h, 0);
    completes(&h, 10, 1);
    completes_in_b(&h, 20, 1);
    show(&(struct shown){.run = 1, .latest = 1}, JOB_B, &answer);
    answer.seen.has_latest_restored = true;
    path_of(JOB_A, 1, restored);
    answer.seen.restored_path = restored;
    exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_B, 100, 100);
    exchange.seen = &answer.seen;
    feed_exchange(&h, &exchange);
    expect_pass(&h, PROPERTY_RIGHT_JOB);
    history_end(&h);
}

static void test_without_facts_a_path_belongs_to_who_showed_it_first(void **state)
{
    (void)state;
    struct history h;
    char path[] = "file:/somewhere/chk-1";
    start(&h, 0);
    const struct seen_checkpoint shown = details_of(0, 1, path);
    answered_details(&h, JOB_A, 1, 0, &shown);
    expect_unknown(&h, PROPERTY_RIGHT_JOB);
    answered_details(&h, JOB_A, 1, 10, &shown);
    expect_unknown(&h, PROPERTY_RIGHT_JOB);
    answered_details(&h, JOB_B, 1, 20, &shown);
    expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
    history_end(&h);
}

static void test_without_facts_a_path_belongs_to_the_job_it_names(void **state)
{
    (void)state;
    struct history h;
    char of_a[] = "file:/x/aaaaaaaaaaaaaaaa1111111111111111/chk-2";
    char of_nobody[] = "file:/x/cccccccccccccccc3333333333333333/chk-2";
    start(&h, 0);
    answered_job(&h, "b", JOB_A, 0, 0, "RUNNING");
    answered_job(&h, "b", JOB_B, 0, 0, "RUNNING");
    const struct seen_checkpoint unknown = details_of(0, 2, of_nobody);
    answered_details(&h, JOB_B, 2, 10, &unknown);
    expect_pass(&h, PROPERTY_RIGHT_JOB);
    const struct seen_checkpoint shown = details_of(0, 2, of_a);
    answered_details(&h, JOB_A, 2, 20, &shown);
    expect_pass(&h, PROPERTY_RIGHT_JOB);
    answered_details(&h, JOB_B, 2, 30, &shown);
    expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
    history_end(&h);
}

static void test_details_must_be_of_the_checkpoint_asked_for(void **state)
{
    (void)state;
    struct history h;
    char path[64];
    start(&h, 0);
    path_of(JOB_A, 3, path);
    const struct seen_checkpoint shown = details_of(1, 3, path);
    answered_details(&h, JOB_A, 3, 0, &shown);
    answered_details(&h, JOB_A, 2, 10, &shown);
    expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
    assert_string_equal(verdict_on(&h, PROPERTY_RIGHT_JOB)->cause,
                        "Checkpoint 2 was asked for, and 3 answered.");
    history_end(&h);
}

static void test_an_earlier_run_may_be_shown_as_long_as_the_age_allows(void **state)
{
    (void)state;
    struct history h;
    start(&h, 1000);
    run_begins(&h, 0, 1);
    completes(&h, 10, 1);
    run_begins(&h, 100, 2);
    reads(&h, "m", 1100, 1);
    expect_pass(&h, PROPERTY_RIGHT_JOB);
    reads(&h, "m", 1101, 1);
    expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
    const struct property_verdict *right = verdict_on(&h, PROPERTY_RIGHT_JOB);
    expect_event(right, 0, 100, "A", "began a new run");
    expect_event(right, 1, 1101, "m",
                 "GET /jobs/A/checkpoints  answered checkpoint 1, file:/a/chk-1");
    expect_since(right, 0);
    history_end(&h);
}

static void test_the_same_id_and_path_in_a_new_run_are_told_apart_by_trigger_time(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    run_begins(&h, 0, 1);
    completes(&h, 10, 1);
    run_begins(&h, 100, 2);
    fact_of_run(&h, FACT_BEGAN, 200, JOB_A, 2, 1);
    fact_of_run(&h, FACT_COMPLETED, 200, JOB_A, 2, 1);
    read_shown(&h, "m", JOB_A, 300, 300, &(struct shown){.run = 2, .latest = 1});
    expect_pass(&h, PROPERTY_RIGHT_JOB);
    read_shown(&h, "m", JOB_A, 310, 310, &(struct shown){.run = 1, .latest = 1});
    expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
    history_end(&h);
}

static void test_an_answer_that_contradicts_itself_is_not_consistent(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    reads(&h, "m", 0, 1);
    expect_pass(&h, PROPERTY_CONSISTENT);
    read_shown(&h, "m", JOB_A, 10, 10,
               &(struct shown){.run = 1, .latest = 1, .contradiction = "one and one is three"});
    expect_fail(&h, PROPERTY_CONSISTENT, 1);
    assert_string_equal(verdict_on(&h, PROPERTY_CONSISTENT)->cause,
                        "The answer disagrees with itself: one and one is three.");
    history_end(&h);
}

static void test_details_must_agree_with_the_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct history h;
        char path[64], other[] = "file:/a/elsewhere";
        start(&h, 0);
        reads(&h, "m", 0, 3);
        path_of(JOB_A, 2, path);
        struct seen_checkpoint shown = details_of(1, 2, path);
        shown.trigger_ms += i == 1;
        shown.state_size += i == 2;
        shown.path = i == 3 ? other : path;
        answered_details(&h, JOB_A, 2, 10, &shown);
        if (i == 0)
            expect_pass(&h, PROPERTY_CONSISTENT);
        else
            expect_fail(&h, PROPERTY_CONSISTENT, 1);
        history_end(&h);
    }
}

static void test_details_of_a_checkpoint_no_list_showed_are_compared_with_nothing(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    const struct seen_checkpoint shown = details_of(1, 2, NULL);
    answered_details(&h, JOB_A, 2, 10, &shown);
    expect_unknown(&h, PROPERTY_CONSISTENT);
    history_end(&h);
}

static void test_latest_is_the_largest_number_that_is_no_savepoint(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct history h;
        struct exchange exchange;
        struct shown_answer answer;
        start(&h, 0);
        show(&(struct shown){.run = 1, .latest = 10}, JOB_A, &answer);
        if (i > 0)
            answer.seen.latest_completed = answer.entries[1];
        answer.entries[0].is_savepoint = i == 2;
        answer.entries[0].status = i == 3 ? SEEN_IN_PROGRESS : SEEN_COMPLETED;
        exchange_parts(&h, &exchange, "m", PATH_STATISTICS, JOB_A, 0, 0);
        exchange.seen = &answer.seen;
        feed_exchange(&h, &exchange);
        if (i == 1)
            expect_fail(&h, PROPERTY_NUMERIC_LATEST, 1);
        else
            expect_pass(&h, PROPERTY_NUMERIC_LATEST);
        history_end(&h);
    }
}

static void read_left(struct history *h, int64_t sent_ms, int64_t left_ms, bool discarded)
{
    struct exchange exchange;
    struct shown_answer answer;
    show(&(struct shown){.run = 1, .latest = 1, .discarded = discarded}, JOB_A, &answer);
    exchange_parts(h, &exchange, "m", PATH_STATISTICS, JOB_A, sent_ms, left_ms + 50);
    exchange.left_us = left_ms * MS;
    exchange.seen = &answer.seen;
    feed_exchange(h, &exchange);
}

static void test_a_path_is_dead_from_the_instant_it_was_discarded(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    completes(&h, 10, 1);
    fact(&h, FACT_DISCARDED, 100, 1);
    read_left(&h, 50, 99, false);
    expect_pass(&h, PROPERTY_LIVE_PATH);
    read_left(&h, 50, 100, true);
    expect_pass(&h, PROPERTY_LIVE_PATH);
    read_left(&h, 50, 100, false);
    expect_fail(&h, PROPERTY_LIVE_PATH, 1);
    expect_since(verdict_on(&h, PROPERTY_LIVE_PATH), 1); /* it was asked for at 50 */
    assert_int_equal(verdict_on(&h, PROPERTY_LIVE_PATH)->layer, LAYER_UNKNOWN);
    history_end(&h);
}

static void test_a_dead_path_within_the_age_allowed_is_a_matter_of_settings(void **state)
{
    (void)state;
    for (int64_t late = 0; late <= 1; late++) {
        struct history h;
        start(&h, 1000);
        completes(&h, 10, 1);
        completes(&h, 100, 2);
        fact(&h, FACT_DISCARDED, 100, 1);
        reads(&h, "m", 1100 + late, 1);
        expect_fail(&h, PROPERTY_LIVE_PATH, 1);
        assert_int_equal(verdict_on(&h, PROPERTY_LIVE_PATH)->layer,
                         late ? LAYER_UNKNOWN : LAYER_SETTING);
        history_end(&h);
    }
}

static void test_recordings_know_a_path_is_dead_once_an_answer_said_so(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    read_shown(&h, "m", JOB_A, 0, 10, &(struct shown){.latest = 1});
    expect_unknown(&h, PROPERTY_LIVE_PATH);
    read_shown(&h, "m", JOB_A, 20, 30, &(struct shown){.latest = 1, .discarded = true});
    read_shown(&h, "m", JOB_A, 30, 40, &(struct shown){.latest = 1});
    expect_pass(&h, PROPERTY_LIVE_PATH);
    read_shown(&h, "m", JOB_A, 31, 41, &(struct shown){.latest = 1});
    expect_fail(&h, PROPERTY_LIVE_PATH, 1);
    history_end(&h);
}

static void restore_fails(struct history *h, int64_t at_ms)
{
    char path[64];
    path_of(JOB_A, 1, path);
    feed_fact(h, &(struct fact){.kind = FACT_RESTORE_FAILED,
                                .at_us = at_ms * MS,
                                .job = JOB_B,
                                .run = 1,
                                .checkpoint = 1,
                                .path = path});
}

static void test_a_job_started_from_a_path_that_was_handed_out_dead_breaks_live_path(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    completes(&h, 10, 1);
    fact(&h, FACT_DISCARDED, 20, 1);
    reads(&h, "m", 30, 1);
    restore_fails(&h, 40);
    expect_fail(&h, PROPERTY_LIVE_PATH, 2);
    history_end(&h);
}

static void test_a_path_that_died_after_it_was_handed_out_is_the_window_s_business(void **state)
{
    (void)state;
    for (int claimed = 0; claimed <= 1; claimed++) {
        struct history h;
        struct claim claim = claim_all(0);
        claim.claimed[PROPERTY_RESTORE_WINDOW] = claimed;
        claim.restore_window_us = 1000 * MS;
        history_start(&h, &claim);
        completes(&h, 10, 1);
        reads(&h, "m", 20, 1);
        fact(&h, FACT_DISCARDED, 30, 1);
        restore_fails(&h, 40);
        if (claimed) {
            expect_pass(&h, PROPERTY_LIVE_PATH);
            expect_fail(&h, PROPERTY_RESTORE_WINDOW, 1);
        } else {
            expect_fail(&h, PROPERTY_LIVE_PATH, 1);
            assert_int_equal(verdict_on(&h, PROPERTY_LIVE_PATH)->layer, LAYER_SETTING);
        }
        history_end(&h);
    }
}

static void test_a_path_must_live_for_the_whole_window(void **state)
{
    (void)state;
    for (int64_t lived_ms = 0; lived_ms <= 1000; lived_ms += lived_ms == 1 ? 998 : 1) {
        struct history h;
        struct claim claim = claim_all(0);
        claim.claimed[PROPERTY_RESTORE_WINDOW] = true;
        claim.restore_window_us = 1000 * MS;
        history_start(&h, &claim);
        completes(&h, 10, 1);
        h.serial = 1;
        for (int64_t at_ms = 50; at_ms <= 100; at_ms++)
            reads(&h, "m", at_ms, 1);
        fact(&h, FACT_DISCARDED, 100 + lived_ms, 1);
        if (lived_ms == 0 || lived_ms == 1000)
            expect_pass(&h, PROPERTY_RESTORE_WINDOW);
        else
            expect_fail(&h, PROPERTY_RESTORE_WINDOW, 1);
        assert_int_equal(verdict_on(&h, PROPERTY_RESTORE_WINDOW)->tested, 1);
        history_end(&h);
    }
}

static void test_a_stranger_s_details_are_not_inconsistent_as_well(void **state)
{
    (void)state;
    struct history h;
    char path[64];
    start(&h, 0);
    completes(&h, 10, 1);
    completes_in_b(&h, 20, 1);
    read_shown(&h, "m", JOB_B, 30, 30, &(struct shown){.run = 1, .latest = 1});
    path_of(JOB_A, 1, path);
    struct seen_checkpoint of_a = details_of(1, 1, path);
    of_a.state_size = 7;
    answered_details(&h, JOB_B, 1, 100, &of_a);
    expect_fail(&h, PROPERTY_RIGHT_JOB, 1);
    expect_pass(&h, PROPERTY_CONSISTENT);
    history_end(&h);
}

static void test_an_announced_run_is_the_only_run_there_is(void **state)
{
    (void)state;
    struct history h;
    start(&h, 0);
    run_begins(&h, 0, 1);
    completes(&h, 10, 1);
    reads(&h, "m", 20, 1);
    expect_unknown(&h, PROPERTY_RIGHT_JOB);
    run_begins(&h, 30, 2);
    reads(&h, "m", 30, 1);
    expect_pass(&h, PROPERTY_RIGHT_JOB);
    history_end(&h);
}

static void test_a_path_marked_discarded_was_not_handed_out(void **state)
{
    (void)state;
    struct history h;
    struct claim claim = claim_all(0);
    claim.claimed[PROPERTY_RESTORE_WINDOW] = true;
    claim.restore_window_us = 1000 * MS;
    history_start(&h, &claim);
    completes(&h, 10, 1);
    read_shown(&h, "m", JOB_A, 20, 20, &(struct shown){.run = 1, .latest = 1, .discarded = true});
    fact(&h, FACT_DISCARDED, 30, 1);
    expect_unknown(&h, PROPERTY_RESTORE_WINDOW);
    history_end(&h);
}

static void test_a_path_that_died_as_it_was_handed_out_was_dead(void **state)
{
    (void)state;
    struct history h;
    struct claim claim = claim_all(0);
    claim.claimed[PROPERTY_RESTORE_WINDOW] = true;
    claim.restore_window_us = 1000 * MS;
    history_start(&h, &claim);
    completes(&h, 10, 1);
    fact(&h, FACT_DISCARDED, 20, 1);
    reads(&h, "m", 20, 1);
    restore_fails(&h, 40);
    expect_fail(&h, PROPERTY_LIVE_PATH, 2);
    expect_pass(&h, PROPERTY_RESTORE_WINDOW);
    history_end(&h);
}

/* Version 3, in order or with a fault: as the content of an answer, or in its `latest`. */
static void read_twin(struct history *h, int64_t at_ms, enum property fault, bool is_direct,
                      uint64_t version)
{
    struct shown_answer answer;
    struct exchange exchange;
    show(&(struct shown){.run = 1,
                         .latest = 3,
                         .version = version,
                         .contradiction = fault == PROPERTY_CONSISTENT ? "5 is not 4" : NULL},
         JOB_A, &answer);
    if (fault == PROPERTY_NUMERIC_LATEST)
        answer.seen.latest_completed = answer.entries[1];
    exchange_parts(h, &exchange, "m", PATH_STATISTICS, JOB_A, at_ms, at_ms);
    exchange.seen = &answer.seen;
    exchange.is_direct = is_direct;
    feed_exchange(h, &exchange);
}

static void test_a_sound_twin_tells_that_a_fault_came_in_on_the_way(void **state)
{
    enum { NONE = PROPERTY_COUNT };
    static const struct {
        int64_t twin_ms; /* the faulty one comes at 10 */
        uint64_t version;
        bool is_direct, twin_is_direct, calls_are_told;
        enum layer layer;
    } rows[] = {
        {5, 3, false, false, false, LAYER_ENDPOINT}, {15, 3, false, false, false, LAYER_ENDPOINT},
        {5, 4, false, false, false, LAYER_UNKNOWN},  {15, 4, false, false, false, LAYER_UNKNOWN},
        {5, 3, false, true, false, LAYER_PROXY},     {15, 3, false, true, false, LAYER_PROXY},
        {15, 3, true, true, false, LAYER_ENDPOINT},  {15, 3, true, false, false, LAYER_ENDPOINT},
        {15, 4, false, false, true, LAYER_ENDPOINT}};
    static const enum property faults[] = {PROPERTY_CONSISTENT, PROPERTY_NUMERIC_LATEST};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        struct history h;
        const enum property fault = faults[i % 2];
        start(&h, 1000);
        if (rows[i / 2].calls_are_told)
            judge_calls_are_told(h.judge);
        if (rows[i / 2].twin_ms < 10)
            read_twin(&h, rows[i / 2].twin_ms, (enum property)NONE, rows[i / 2].twin_is_direct,
                      rows[i / 2].version);
        read_twin(&h, 10, fault, rows[i / 2].is_direct, 3);
        if (rows[i / 2].twin_ms > 10)
            read_twin(&h, rows[i / 2].twin_ms, (enum property)NONE, rows[i / 2].twin_is_direct,
                      rows[i / 2].version);
        expect_fail(&h, fault, 1);
        assert_int_equal(verdict_on(&h, fault)->layer, rows[i / 2].layer);
        history_end(&h);
    }
}

/* A request sent before the first violation so far becomes the one described. */
static void test_a_twin_says_nothing_of_a_violation_that_is_no_longer_described(void **state)
{
    (void)state;
    struct history h;
    start(&h, 1000);
    read_twin(&h, 10, (enum property)PROPERTY_COUNT, false, 3);
    read_twin(&h, 30, PROPERTY_CONSISTENT, false, 4);
    char path[64];
    path_of(JOB_A, 3, path);
    struct seen_checkpoint details = details_of(1, 3, path);
    details.state_size++;
    answered_details(&h, JOB_A, 3, 20, &details);
    read_twin(&h, 40, (enum property)PROPERTY_COUNT, false, 4);
    expect_fail(&h, PROPERTY_CONSISTENT, 2);
    assert_int_equal(verdict_on(&h, PROPERTY_CONSISTENT)->layer, LAYER_UNKNOWN);
    history_end(&h);
}

static void test_details_of_another_trigger_time_were_kept_by_number_alone(void **state)
{
    (void)state;
    for (int64_t later = 0; later <= 1; later++) {
        struct history h;
        char path[64];
        start(&h, 1000);
        reads(&h, "m", 0, 3);
        path_of(JOB_A, 3, path);
        struct seen_checkpoint details = details_of(1, 3, path);
        details.trigger_ms += later;
        details.state_size += 1 - later;
        answered_details(&h, JOB_A, 3, 20, &details);
        expect_fail(&h, PROPERTY_CONSISTENT, 1);
        assert_int_equal(verdict_on(&h, PROPERTY_CONSISTENT)->layer,
                         later ? LAYER_DETAILS_CACHE : LAYER_UNKNOWN);
        history_end(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_details_with_another_job_s_path_are_of_the_wrong_job),
        cmocka_unit_test(test_a_list_of_another_job_is_of_the_wrong_job),
        cmocka_unit_test(test_a_job_may_be_restored_from_another_job_s_path),
        cmocka_unit_test(test_without_facts_a_path_belongs_to_who_showed_it_first),
        cmocka_unit_test(test_without_facts_a_path_belongs_to_the_job_it_names),
        cmocka_unit_test(test_details_must_be_of_the_checkpoint_asked_for),
        cmocka_unit_test(test_an_earlier_run_may_be_shown_as_long_as_the_age_allows),
        cmocka_unit_test(test_the_same_id_and_path_in_a_new_run_are_told_apart_by_trigger_time),
        cmocka_unit_test(test_an_answer_that_contradicts_itself_is_not_consistent),
        cmocka_unit_test(test_details_must_agree_with_the_list),
        cmocka_unit_test(test_details_of_a_checkpoint_no_list_showed_are_compared_with_nothing),
        cmocka_unit_test(test_latest_is_the_largest_number_that_is_no_savepoint),
        cmocka_unit_test(test_a_path_is_dead_from_the_instant_it_was_discarded),
        cmocka_unit_test(test_a_dead_path_within_the_age_allowed_is_a_matter_of_settings),
        cmocka_unit_test(test_recordings_know_a_path_is_dead_once_an_answer_said_so),
        cmocka_unit_test(test_a_job_started_from_a_path_that_was_handed_out_dead_breaks_live_path),
        cmocka_unit_test(test_a_path_that_died_after_it_was_handed_out_is_the_window_s_business),
        cmocka_unit_test(test_a_path_must_live_for_the_whole_window),
        cmocka_unit_test(test_a_stranger_s_details_are_not_inconsistent_as_well),
        cmocka_unit_test(test_an_announced_run_is_the_only_run_there_is),
        cmocka_unit_test(test_a_path_marked_discarded_was_not_handed_out),
        cmocka_unit_test(test_a_path_that_died_as_it_was_handed_out_was_dead),
        cmocka_unit_test(test_a_sound_twin_tells_that_a_fault_came_in_on_the_way),
        cmocka_unit_test(test_a_twin_says_nothing_of_a_violation_that_is_no_longer_described),
        cmocka_unit_test(test_details_of_another_trigger_time_were_kept_by_number_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
