/* rooms: reports harness/judge gateway base */
#include "tests/support/test_prelude.h"

#include <string.h>

#include "reports/story.h"

static const struct id job = {1, 2};
static const struct raw_exchange get = {.method = "GET", .body = "{}", .body_length = 2};

/* A claim that is broken: 11 completed at 200 ms, and an answer (seq 7) of 300 ms lacks it. */
static struct judgement broken(void)
{
    struct judgement judgement = {.whole = VERDICT_FAIL};
    struct property_verdict *verdict = &judgement.properties[PROPERTY_FRESH];
    judgement.claim.claimed[PROPERTY_FRESH] = true;
    verdict->verdict = VERDICT_FAIL;
    verdict->witness[0] = (struct witness_event){.at_us = 200000, .who = "J"};
    verdict->witness[1] = (struct witness_event){.at_us = 300000, .who = "mover", .seq = 7};
    verdict->witness_count = 2;
    return judgement;
}

static bool hear_completion(const struct listener *listener, int64_t at_us, int64_t checkpoint)
{
    const struct fact fact = {
        .kind = FACT_COMPLETED, .at_us = at_us, .job = job, .checkpoint = checkpoint};
    return listener->fact(listener->context, &fact);
}

static bool hear_call(const struct listener *listener, enum fact_kind kind, int64_t at_us,
                      uint64_t fetch, uint64_t version)
{
    const struct fact fact = {.kind = kind,
                              .at_us = at_us,
                              .job = job,
                              .fetch = fetch,
                              .call = CALL_STATISTICS,
                              .version = version};
    return listener->fact(listener->context, &fact);
}

static bool hear_answer(const struct listener *listener, int64_t sent_us, uint64_t seq,
                        int64_t shown, uint64_t version)
{
    const struct observation seen = {.kind = OBSERVED_STATISTICS,
                                     .version = version,
                                     .has_latest_completed = shown > 0,
                                     .latest_completed = {.id = shown}};
    const struct exchange exchange = {.seq = seq,
                                      .client = "mover",
                                      .target = "/jobs/J/checkpoints",
                                      .path = PATH_STATISTICS,
                                      .job = job,
                                      .sent_us = sent_us,
                                      .left_us = sent_us,
                                      .done_us = sent_us + 1000,
                                      .status = 200,
                                      .seen = &seen};
    return listener->exchange(listener->context, &exchange, &get);
}

static void an_answer_is_stale_from_the_first_completion_that_it_lacks(void **state)
{
    (void)state;
    const struct judgement judgement = broken();
    struct story *story = story_new(&judgement);
    const struct listener listener = story_listener(story);
    assert_true(hear_completion(&listener, 90000, 10));
    assert_true(hear_completion(&listener, 200000, 11));
    assert_true(hear_completion(&listener, 250000, 12));
    assert_true(hear_answer(&listener, 300000, 7, 10, 1));
    assert_true(hear_answer(&listener, 301000, 8, 12, 3));
    story_finish(story);
    assert_int_equal(story->exchange_count, 2);
    assert_int_equal(story->exchanges[0].lacked_us, 200000);
    assert_int_equal(story->exchanges[0].newest, 12);
    assert_int_equal(story->exchanges[1].lacked_us, -1);
    story_free(story);
}

static void a_completion_counts_only_when_it_was_over_before_the_request(void **state)
{
    (void)state;
    const struct judgement judgement = broken();
    struct story *story = story_new(&judgement);
    const struct listener listener = story_listener(story);
    hear_completion(&listener, 200000, 11);
    hear_answer(&listener, 200000, 1, 0, 0);
    hear_answer(&listener, 200001, 2, 0, 0);
    story_finish(story);
    assert_int_equal(story->exchanges[0].lacked_us, -1);
    assert_int_equal(story->exchanges[1].lacked_us, 200000);
    story_free(story);
}

static void what_an_earlier_run_completed_is_not_lacked(void **state)
{
    (void)state;
    const struct judgement judgement = broken();
    struct story *story = story_new(&judgement);
    const struct listener listener = story_listener(story);
    const struct fact run = {.kind = FACT_RUN_BEGAN, .at_us = 210000, .job = job, .run = 2};
    hear_completion(&listener, 200000, 11);
    assert_true(listener.fact(listener.context, &run));
    hear_answer(&listener, 300000, 7, 0, 0);
    story_finish(story);
    assert_int_equal(story->exchanges[0].lacked_us, -1);
    story_free(story);
}

static void an_answer_comes_from_the_call_that_brought_its_state(void **state)
{
    (void)state;
    const struct judgement judgement = broken();
    struct story *story = story_new(&judgement);
    const struct listener listener = story_listener(story);
    hear_call(&listener, FACT_CALL_SENT, 100000, 41, 0);
    hear_call(&listener, FACT_CALL_TAKEN, 101000, 41, 1);
    hear_call(&listener, FACT_CALL_ENDED, 102000, 41, 1);
    hear_call(&listener, FACT_CALL_SENT, 250000, 42, 0);
    hear_call(&listener, FACT_CALL_TAKEN, 251000, 42, 2);
    hear_call(&listener, FACT_CALL_ENDED, 252000, 42, 2);
    hear_answer(&listener, 300000, 7, 10, 1);
    hear_answer(&listener, 301000, 8, 11, 2);
    story_finish(story);
    assert_int_equal(story->exchanges[0].fetch, 41);
    assert_int_equal(story->exchanges[1].fetch, 42);
    assert_int_equal(story->calls[0].taken_us, 101000);
    story_free(story);
}

/* The witness spans 200 to 300 ms; 20 ms are added on both sides. */
static void what_lies_outside_the_span_is_not_told(void **state)
{
    (void)state;
    const struct judgement judgement = broken();
    struct story *story = story_new(&judgement);
    const struct listener listener = story_listener(story);
    hear_answer(&listener, 178999, 1, 1, 1); /* over at 179,999 */
    hear_answer(&listener, 179000, 2, 1, 1);
    hear_answer(&listener, 320000, 3, 1, 1);
    hear_answer(&listener, 320001, 4, 1, 1);
    story_finish(story);
    assert_int_equal(story->exchange_count, 2);
    assert_int_equal(story->exchanges[0].seq, 2);
    assert_int_equal(story->exchanges[1].seq, 3);
    assert_int_equal(story->left_out, 0);
    story_free(story);
}

static void a_crowd_leaves_room_for_the_witness_whose_body_alone_is_kept(void **state)
{
    (void)state;
    const struct judgement judgement = broken();
    struct story *story = story_new(&judgement);
    const struct listener listener = story_listener(story);
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(hear_answer(&listener, 210000, 100 + i, 10, 1));
    assert_true(hear_answer(&listener, 300000, 7, 10, 1));
    story_finish(story);
    assert_true(story->exchange_count < STORY_EXCHANGES_MAX);
    assert_int_equal(story->left_out, 1001 - story->exchange_count);
    const struct story_exchange *last = &story->exchanges[story->exchange_count - 1];
    assert_int_equal(last->seq, 7);
    assert_string_equal(last->body, "{}");
    assert_null(story->exchanges[0].body);
    story_free(story);
}

static void the_series_widens_and_keeps_the_worst(void **state)
{
    (void)state;
    const struct judgement judgement = broken();
    struct story *story = story_new(&judgement);
    const struct listener listener = story_listener(story);
    hear_completion(&listener, 1000, 1);
    hear_answer(&listener, 5000, 1, 0, 0);
    hear_answer(&listener, 3600000000, 2, 1, 1);
    story_finish(story);
    const struct story_series *series = &story->series;
    assert_int_equal(series->worst_us[0], 4000);
    assert_int_equal(series->worst_us[series->count - 1], 0);
    assert_int_equal(series->worst_us[1], -1);
    assert_true(series->width_us * (int64_t)series->count > 3600000000);
    assert_true(series->width_us * ((int64_t)series->count - 1) <= 3600001000);
    story_free(story);
}

static bool hear_trigger_status(const struct listener *listener, int64_t sent_us,
                                int64_t checkpoint, bool failed)
{
    const struct observation seen = {.kind = OBSERVED_TRIGGER_STATUS,
                                     .trigger_done = true,
                                     .trigger_failed = failed,
                                     .trigger_checkpoint = checkpoint};
    const struct exchange exchange = {.seq = 1,
                                      .target = "/jobs/J/checkpoints/T",
                                      .path = PATH_TRIGGER_STATUS,
                                      .job = job,
                                      .sent_us = sent_us,
                                      .done_us = sent_us + 1000,
                                      .status = 200,
                                      .seen = &seen};
    return listener->exchange(listener->context, &exchange, &get);
}

/* As in recordings: what statistics show later says less. */
static void a_trigger_that_is_done_tells_of_a_completion_once(void **state)
{
    (void)state;
    const struct judgement judgement = broken();
    struct story *story = story_new(&judgement);
    const struct listener listener = story_listener(story);
    const struct fact shown = {.kind = FACT_COMPLETED,
                               .at_us = 310000,
                               .job = job,
                               .checkpoint = 11,
                               .evidence = "seen in an earlier answer"};
    assert_true(hear_trigger_status(&listener, 200000, 12, true));
    assert_true(hear_trigger_status(&listener, 205000, 11, false));
    assert_true(hear_answer(&listener, 300000, 7, 0, 1));
    assert_true(listener.fact(listener.context, &shown));
    story_finish(story);
    assert_int_equal(story->exchanges[2].lacked_us, 206000);
    assert_int_equal(story->mark_count, 1);
    assert_int_equal(story->marks[0].at_us, 206000);
    assert_true(story->marks[0].is_concluded);
    story_free(story);
}

static void tell_short_of_memory(void *context, bool may_fail)
{
    const struct judgement *judgement = context;
    struct story *story = story_new(judgement);
    if (!story) {
        assert_true(may_fail);
        return;
    }
    const struct listener listener = story_listener(story);
    const bool heard =
        hear_completion(&listener, 200000, 11) && hear_answer(&listener, 300000, 7, 10, 1);
    assert_true(heard || may_fail);
    story_free(story);
}

static void a_story_without_memory_is_none(void **state)
{
    (void)state;
    struct judgement judgement = broken();
    assert_true(fail_each_allocation(tell_short_of_memory, &judgement) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_stale_from_the_first_completion_that_it_lacks),
        cmocka_unit_test(a_completion_counts_only_when_it_was_over_before_the_request),
        cmocka_unit_test(what_an_earlier_run_completed_is_not_lacked),
        cmocka_unit_test(an_answer_comes_from_the_call_that_brought_its_state),
        cmocka_unit_test(what_lies_outside_the_span_is_not_told),
        cmocka_unit_test(a_crowd_leaves_room_for_the_witness_whose_body_alone_is_kept),
        cmocka_unit_test(the_series_widens_and_keeps_the_worst),
        cmocka_unit_test(a_trigger_that_is_done_tells_of_a_completion_once),
        cmocka_unit_test(a_story_without_memory_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
