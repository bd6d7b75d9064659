/* rooms: harness/target harness/live harness/replay harness/conform harness/control harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "harness/target/proxied_history.h"
#include "tests/support/small_plan.h"

/*
 * Exchanges of clients and the truth of an origin, put onto one clock. The origin's machine is ahead
 * by a second; its time 0 is 100 us after that of the clients. Times of the truth below are the
 * origin's, times of exchanges the clients'.
 */
enum { AHEAD_US = 1000000, ZERO_US = 5000, LATER_US = 100 };

struct stage {
    struct plan plan;
    struct proxied_history history;
    struct origin_truth truth;
    struct fact facts[16];
    struct request_line requests[8];
    struct proxied_evidence evidence;
    struct run_result result;
    bool failed;
};

/* The offset is known to +- error_us. */
static void stage_begin(struct stage *stage, int64_t error_us)
{
    *stage = (struct stage){.plan = small_plan()};
    stage->truth.facts = stage->facts;
    stage->truth.requests = stage->requests;
    stage->evidence = (struct proxied_evidence){
        .plan = &stage->plan,
        .history = &stage->history,
        .truth = &stage->truth,
        .clocks = {.offset = {.least_us = AHEAD_US - error_us, .most_us = AHEAD_US + error_us},
                   .origin_zero_us = AHEAD_US + ZERO_US + LATER_US,
                   .our_zero_us = ZERO_US},
        .tags_pass = true,
    };
}

static void stage_end(struct stage *stage)
{
    proxied_history_free(&stage->history);
}

static void fact(struct stage *stage, enum fact_kind kind, int64_t at_us, int64_t checkpoint)
{
    stage->facts[stage->truth.fact_count++] = (struct fact){.kind = kind,
                                                            .at_us = at_us,
                                                            .job = stage->plan.jobs[0].id,
                                                            .run = 1,
                                                            .checkpoint = checkpoint,
                                                            .trigger_ms = checkpoint};
}

static void completes(struct stage *stage, int64_t at_us, int64_t checkpoint)
{
    fact(stage, FACT_BEGAN, at_us, checkpoint);
    fact(stage, FACT_COMPLETED, at_us, checkpoint);
}

static void request(struct stage *stage, uint64_t tag, int64_t arrived_us, int64_t left_us,
                    int status)
{
    stage->requests[stage->truth.request_count++] = (struct request_line){
        .tag = tag, .arrived_us = arrived_us, .left_us = left_us, .status = status};
}

/* A statistics answer that shows `latest`; 0: none. */
static void answer(struct stage *stage, uint64_t number, int64_t sent_us, int64_t done_us,
                   int status, int64_t latest)
{
    char entry[400], body[1400];
    snprintf(entry, sizeof entry,
             "{\"className\":\"completed\",\"id\":%lld,\"status\":\"COMPLETED\",\"is_savepoint\":"
             "false,\"trigger_timestamp\":%lld,\"latest_ack_timestamp\":1,\"state_size\":1,"
             "\"external_path\":\"file:/%lld\",\"discarded\":false}",
             (long long)latest, (long long)latest, (long long)latest);
    if (status == 200)
        snprintf(body, sizeof body,
                 "{\"counts\":{\"restored\":0,\"total\":%lld,\"in_progress\":0,\"completed\":%lld,"
                 "\"failed\":0},\"latest\":{\"completed\":%s,\"savepoint\":null,\"failed\":null,"
                 "\"restored\":null},\"history\":[%s]}",
                 (long long)latest, (long long)latest, latest ? entry : "null",
                 latest ? entry : "");
    else
        snprintf(body, sizeof body, "{\"errors\":[\"Internal server error.\"]}");
    const struct client_action asked = {.request = {.id = number,
                                                    .target = PLAN_J_STATISTICS,
                                                    .target_length = strlen(PLAN_J_STATISTICS)},
                                        .what = PATH_STATISTICS,
                                        .client = "reader",
                                        .bound_us = -1};
    const struct landing landing = {
        .status = status, .bytes = status ? body : "", .length = status ? strlen(body) : 0};
    const struct target_exchange exchange = {
        .asked = &asked, .sent_us = sent_us, .done_us = done_us, .landing = &landing};
    stage->failed |= !proxied_history_add(&stage->history, &exchange);
}

static const struct property_verdict *fresh_of(struct stage *stage)
{
    assert_false(stage->failed);
    assert_true(proxied_history_trace(&stage->evidence));
    assert_null(proxied_history_judge(&stage->evidence, &stage->result));
    return &stage->result.judgement.properties[PROPERTY_FRESH];
}

/* --- who answered -------------------------------------------------------------------------- */

static enum reach reach_of(struct stage *stage, size_t index)
{
    assert_false(stage->failed);
    assert_true(proxied_history_trace(&stage->evidence));
    return stage->history.items[index].reach;
}

static void test_an_answer_is_the_origin_s_if_one_left_there_in_time(void **state)
{
    (void)state;
    /* Done at 3000, which is 2900 there; known to +- 50. */
    for (int64_t left_us = 2950; left_us <= 2951; left_us++) {
        struct stage stage;
        stage_begin(&stage, 50);
        answer(&stage, 1, 1000, 3000, 200, 0);
        request(&stage, 1, 2000, left_us, 200);
        assert_int_equal(reach_of(&stage, 0), left_us == 2950 ? REACHED_ORIGIN : STOPPED_SHORT);
        stage_end(&stage);
    }
}

static void test_an_answer_of_another_status_is_not_the_origin_s(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, 50);
    answer(&stage, 1, 1000, 3000, 200, 0);
    request(&stage, 1, 2000, 2500, 500); /* which made the proxy tell an old one */
    assert_int_equal(reach_of(&stage, 0), STOPPED_SHORT);
    stage_end(&stage);
}

static void test_a_request_that_never_came_stopped_short_where_numbers_pass(void **state)
{
    (void)state;
    for (int pass = 0; pass < 2; pass++) {
        struct stage stage;
        stage_begin(&stage, 50);
        stage.evidence.tags_pass = pass;
        answer(&stage, 1, 1000, 3000, 200, 0);
        assert_int_equal(reach_of(&stage, 0), pass ? STOPPED_SHORT : REACH_UNKNOWN);
        stage_end(&stage);
    }
}

static void test_one_of_two_tries_of_a_proxy_is_enough(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, 50);
    answer(&stage, 1, 1000, 3000, 200, 0);
    request(&stage, 1, 1500, -1, 0);
    request(&stage, 1, 2000, 2500, 200);
    assert_int_equal(reach_of(&stage, 0), REACHED_ORIGIN);
    assert_int_equal(stage.history.items[0].left_us, 2600); /* on the clients' clock */
    stage_end(&stage);
}

static void test_a_number_that_nobody_sent_is_nobody_s(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, 50);
    answer(&stage, 2, 1000, 3000, 200, 0);
    request(&stage, 1, 2000, 2500, 200);
    request(&stage, 9, 2000, 2500, 200);
    assert_int_equal(reach_of(&stage, 0), STOPPED_SHORT);
    stage_end(&stage);
}

/* --- clocks -------------------------------------------------------------------------------- */

static void test_requests_narrow_down_what_is_known_of_the_clocks(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, 500);
    answer(&stage, 1, 1000, 3000, 200, 0);
    request(&stage, 1, 910, 2890, 200); /* 10 us there, 10 us back */
    assert_int_equal(reach_of(&stage, 0), REACHED_ORIGIN);
    assert_int_equal(stage.evidence.clocks.offset.most_us, AHEAD_US + 10);
    assert_int_equal(stage.evidence.clocks.offset.least_us, AHEAD_US - 10);
    stage_end(&stage);
}

static void test_a_request_that_came_before_it_was_sent_contradicts_the_clocks(void **state)
{
    (void)state;
    for (int64_t arrived_us = 849; arrived_us <= 850; arrived_us++) {
        struct stage stage;
        stage_begin(&stage, 50);
        answer(&stage, 1, 1000, 3000, 200, 0);
        request(&stage, 1, arrived_us, 2500, 200);
        assert_int_equal(proxied_history_trace(&stage.evidence), arrived_us == 850);
        stage_end(&stage);
    }
}

static void test_where_nothing_is_known_of_the_clocks_nothing_is_judged(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, 50);
    stage.evidence.clocks.offset = clock_offset_unknown();
    assert_false(proxied_history_trace(&stage.evidence));
    stage.evidence.tags_pass = false;
    assert_false(proxied_history_trace(&stage.evidence));
    stage_end(&stage);
}

/* A completion at T there is at T + 100 on the clients' clock, and told 50 later. */
static void test_a_completion_counts_only_when_it_was_over_by_either_clock(void **state)
{
    (void)state;
    for (int64_t completed_us = 849; completed_us <= 850; completed_us++) {
        struct stage stage;
        stage_begin(&stage, 50);
        stage.evidence.tags_pass = false;
        completes(&stage, completed_us, 1);
        answer(&stage, 1, 1000, 3000, 200, 0);
        const struct property_verdict *fresh = fresh_of(&stage);
        assert_int_equal(fresh->verdict, completed_us == 849 ? VERDICT_FAIL : VERDICT_UNKNOWN);
        stage_end(&stage);
    }
}

/* Shown at 3000, which is 2900 there, or 2950. */
static void test_a_phantom_is_one_only_by_either_clock(void **state)
{
    (void)state;
    for (int64_t began_us = 2950; began_us <= 2951; began_us++) {
        struct stage stage;
        stage_begin(&stage, 50);
        stage.evidence.tags_pass = false;
        stage.plan.claim.claimed[PROPERTY_NO_PHANTOM] = true;
        completes(&stage, 100, 1);
        completes(&stage, began_us, 2);
        answer(&stage, 1, 1000, 3000, 200, 2);
        fresh_of(&stage);
        assert_int_equal(stage.result.judgement.properties[PROPERTY_NO_PHANTOM].verdict,
                         began_us == 2950 ? VERDICT_PASS : VERDICT_FAIL);
        stage_end(&stage);
    }
}

static void test_what_happened_when_nobody_asked_any_more_is_left_out(void **state)
{
    (void)state;
    for (int64_t at_us = 9850; at_us <= 9851; at_us++) {
        struct stage stage;
        stage_begin(&stage, 50);
        stage.plan.end_us = 10000;
        fact(&stage, FACT_CALL_SENT, at_us + 50, 0);
        fresh_of(&stage);
        assert_int_equal(stage.result.fetches, at_us == 9850);
        stage_end(&stage);
    }
}

/* --- layers -------------------------------------------------------------------------------- */

static void test_an_old_answer_of_the_proxy_is_the_proxy_s(void **state)
{
    (void)state;
    for (int came = 0; came < 2; came++) {
        struct stage stage;
        stage_begin(&stage, 50);
        completes(&stage, 500, 1);
        answer(&stage, 1, 1000, 3000, 200, 0);
        if (came)
            request(&stage, 1, 2000, 2500, 200);
        const struct property_verdict *fresh = fresh_of(&stage);
        assert_int_equal(fresh->verdict, VERDICT_FAIL);
        assert_int_equal(fresh->layer, came ? LAYER_UNKNOWN : LAYER_PROXY);
        stage_end(&stage);
    }
}

/* A graph is fetched while only a statistics request waits: the endpoint's doing, unless the proxy
 * asks by itself. */
static void test_calls_are_laid_at_nobody_s_door_where_the_proxy_asks_by_itself(void **state)
{
    (void)state;
    for (int by_itself = 0; by_itself < 2; by_itself++) {
        struct stage stage;
        stage_begin(&stage, 50);
        stage.plan.claim.claimed[PROPERTY_MINIMAL_FETCH] = true;
        answer(&stage, 1, 1000, 3000, 200, 0);
        fact(&stage, FACT_CALL_SENT, 2000, 0);
        request(&stage, 1, 2000, 2500, 200);
        if (by_itself)
            request(&stage, 1, 2600, 2800, 200);
        fresh_of(&stage);
        const struct property_verdict *minimal =
            &stage.result.judgement.properties[PROPERTY_MINIMAL_FETCH];
        assert_int_equal(minimal->verdict, by_itself ? VERDICT_UNKNOWN : VERDICT_FAIL);
        assert_int_equal(stage.result.judgement.whole, by_itself ? VERDICT_UNKNOWN : VERDICT_FAIL);
        stage_end(&stage);
    }
}

/* A completion at 500 is there by 600 on the clients' clock, and told at 650 at the latest. */
static void test_where_numbers_do_not_pass_an_age_names_the_proxy(void **state)
{
    (void)state;
    for (int64_t age_us = 2350; age_us <= 2351; age_us++) {
        struct stage stage;
        stage_begin(&stage, 50);
        stage.evidence.tags_pass = false;
        completes(&stage, 500, 1);
        answer(&stage, 1, 1000, 3000, 200, 0);
        stage.history.items[0].age_us = age_us;
        assert_int_equal(fresh_of(&stage)->layer, age_us == 2351 ? LAYER_PROXY : LAYER_UNKNOWN);
        stage_end(&stage);
    }
}

static void test_an_answer_that_cannot_be_read_leaves_no_verdict(void **state)
{
    (void)state;
    struct stage stage;
    stage_begin(&stage, 50);
    answer(&stage, 1, 1000, 3000, 200, 0);
    memset(stage.history.items[0].bytes, '<', stage.history.items[0].length);
    assert_true(proxied_history_trace(&stage.evidence));
    assert_non_null(proxied_history_judge(&stage.evidence, &stage.result));
    stage_end(&stage);
}

/* --- memory -------------------------------------------------------------------------------- */

static void judge_all(void *context, bool may_fail)
{
    struct stage stage;
    (void)context;
    stage_begin(&stage, 50);
    completes(&stage, 500, 1);
    answer(&stage, 1, 1000, 3000, 200, 0);
    answer(&stage, 2, 4000, 5000, 500, 0);
    request(&stage, 1, 2000, 2500, 200);
    if (stage.failed) {
        assert_true(may_fail);
    } else {
        assert_true(proxied_history_trace(&stage.evidence));
        const char *why = proxied_history_judge(&stage.evidence, &stage.result);
        assert_true(why == NULL || may_fail);
        /* Out of memory it is nobody's fault, and never a pass. */
        if (why == NULL)
            assert_int_not_equal(stage.result.judgement.whole, VERDICT_PASS);
    }
    stage_end(&stage);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(judge_all, NULL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_is_the_origin_s_if_one_left_there_in_time),
        cmocka_unit_test(test_an_answer_of_another_status_is_not_the_origin_s),
        cmocka_unit_test(test_a_request_that_never_came_stopped_short_where_numbers_pass),
        cmocka_unit_test(test_one_of_two_tries_of_a_proxy_is_enough),
        cmocka_unit_test(test_a_number_that_nobody_sent_is_nobody_s),
        cmocka_unit_test(test_requests_narrow_down_what_is_known_of_the_clocks),
        cmocka_unit_test(test_a_request_that_came_before_it_was_sent_contradicts_the_clocks),
        cmocka_unit_test(test_where_nothing_is_known_of_the_clocks_nothing_is_judged),
        cmocka_unit_test(test_a_completion_counts_only_when_it_was_over_by_either_clock),
        cmocka_unit_test(test_a_phantom_is_one_only_by_either_clock),
        cmocka_unit_test(test_what_happened_when_nobody_asked_any_more_is_left_out),
        cmocka_unit_test(test_an_old_answer_of_the_proxy_is_the_proxy_s),
        cmocka_unit_test(test_calls_are_laid_at_nobody_s_door_where_the_proxy_asks_by_itself),
        cmocka_unit_test(test_where_numbers_do_not_pass_an_age_names_the_proxy),
        cmocka_unit_test(test_an_answer_that_cannot_be_read_leaves_no_verdict),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
