/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "base/random.h"
#include "tests/support/history_builder.h"
#include "tests/support/same_judgement.h"

/*
 * Reads of an observation that was judged a moment ago are only counted. Here the same random
 * histories are fed twice, once with serials, so that repeats are counted, and once without, so
 * that every read is looked at. Nothing may differ.
 */

enum { STEPS = 160, CLIENTS = 3 };

struct walk {
    struct random random;
    struct history h;
    bool with_serials;
    int64_t now_ms;
    uint64_t run;
    int64_t newest; /* checkpoint completed in this run */
    int64_t cached; /* what a cache would still show of it */
    uint64_t open_call;
};

static int64_t draw(struct walk *w, int64_t low, int64_t high)
{
    return random_between(&w->random, low, high);
}

static void read_some(struct walk *w)
{
    static const char *const clients[CLIENTS] = {"m", "n", NULL};
    struct shown_answer answer;
    struct exchange exchange;
    const struct shown shown = {
        .run = w->run, .latest = draw(w, w->cached, w->newest), .discarded = draw(w, 0, 15) == 0};
    int64_t waited_ms = draw(w, 0, 5) == 0 ? draw(w, 1, 3) : 0;
    int64_t sent_ms = w->now_ms < waited_ms ? 0 : w->now_ms - waited_ms;
    show(&shown, JOB_A, &answer);
    exchange_parts(&w->h, &exchange, clients[draw(w, 0, CLIENTS - 1)], PATH_STATISTICS, JOB_A,
                   sent_ms, w->now_ms);
    exchange.left_us = draw(w, sent_ms, w->now_ms) * MS;
    exchange.seen = &answer.seen;
    exchange.bound_us = draw(w, 0, 9) == 0 ? draw(w, 0, 30) * MS : -1;
    exchange.seen_serial =
        w->with_serials ? w->run * 1000 + 2 * (uint64_t)shown.latest + (uint64_t)shown.discarded + 1
                        : 0;
    if (draw(w, 0, 9) == 0)
        sends(&w->h, "n", PATH_STATISTICS, w->now_ms);
    feed_exchange(&w->h, &exchange);
}

static void ask_origin(struct walk *w)
{
    enum call_kind kind = draw(w, 0, 3) == 0 ? CALL_GRAPH : CALL_STATISTICS;
    if (w->open_call == 0) {
        w->open_call = call_leaves(&w->h, CALL_STATISTICS, w->now_ms);
        return;
    }
    if (draw(w, 0, 2) == 0)
        call_at(&w->h, kind, w->now_ms, (uint64_t)w->newest);
    call_ends(&w->h, CALL_STATISTICS, w->open_call, w->now_ms, (uint64_t)w->newest,
              draw(w, 0, 3) == 0 ? "timed out" : NULL);
    w->open_call = 0;
}

static void change_something(struct walk *w, bool with_facts)
{
    switch (draw(w, 0, 9)) {
    case 0:
    case 1:
        w->newest++;
        if (!with_facts)
            trigger_says(&w->h, w->now_ms, w->now_ms, w->newest);
        else
            fact_of_run(&w->h, FACT_BEGAN, w->now_ms, JOB_A, w->run, w->newest);
        if (with_facts)
            fact_of_run(&w->h, FACT_COMPLETED, w->now_ms, JOB_A, w->run, w->newest);
        return;
    case 2:
        w->cached = w->newest;
        return;
    case 3:
        if (with_facts && w->newest > 1)
            fact_of_run(&w->h, FACT_DISCARDED, w->now_ms, JOB_A, w->run, w->newest - 1);
        return;
    case 4:
        if (!with_facts || draw(w, 0, 3) > 0)
            return;
        run_begins(&w->h, w->now_ms, ++w->run);
        w->newest = w->cached = 0;
        return;
    case 5:
        answered_error(&w->h, "m", PATH_STATISTICS, w->now_ms, w->now_ms, 500, ERROR_TIMED_OUT);
        return;
    case 6:
        answered_job(&w->h, "m", JOB_A, w->now_ms, w->now_ms, "RUNNING");
        return;
    case 7:
        fact_of_run(&w->h, FACT_JOB_KNOWN, w->now_ms, draw(w, 0, 1) ? JOB_A : JOB_B, 0, 0);
        return;
    default:
        if (with_facts)
            ask_origin(w);
    }
}

static void take_walk(uint64_t seed, bool with_serials, struct judgement *judgement)
{
    struct walk w = {.with_serials = with_serials, .run = 1};
    random_seed(&w.random, seed);
    struct claim claim = claim_all(draw(&w, 0, 1) ? draw(&w, 1, 40) : 0);
    claim.claimed[PROPERTY_RESTORE_WINDOW] = true;
    claim.restore_window_us = 10 * MS;
    history_start(&w.h, &claim);
    bool with_facts = draw(&w, 0, 2) > 0;
    if (with_facts)
        run_begins(&w.h, 0, 1);
    for (int step = 0; step < STEPS; step++) {
        w.now_ms += draw(&w, 0, 3) == 0;
        if (draw(&w, 0, 5) == 0)
            change_something(&w, with_facts);
        else
            read_some(&w);
        if (draw(&w, 0, 40) == 0)
            verdict_on(&w.h, PROPERTY_FRESH);
    }
    verdict_on(&w.h, PROPERTY_FRESH);
    *judgement = w.h.judgement;
    history_end(&w.h);
}

static void test_counting_repeats_changes_no_verdict(void **state)
{
    (void)state;
    static struct judgement counted, looked;
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        take_walk(seed, true, &counted);
        take_walk(seed, false, &looked);
        expect_same_judgement(seed, &counted, &looked);
    }
}

/* Each read shows one more than the one before, a millisecond apart. */
static void read_many(struct history *h, int64_t count, int64_t horizon_ms)
{
    for (int64_t i = 1; i <= count; i++) {
        if (horizon_ms >= 0)
            judge_horizon(h->judge, (i - horizon_ms) * MS);
        reads(h, "m", i, i);
    }
}

static void test_what_a_client_saw_is_remembered_back_to_the_horizon(void **state)
{
    enum { READS = 1000, HORIZON_MS = 20 };
    (void)state;
    /* 990 was answered at 990 ms: a request sent then overlaps it, one sent later does not. */
    for (int64_t shown = READS - 11; shown <= READS - 10; shown++) {
        struct history h;
        struct claim claim = claim_all(5000);
        history_start(&h, &claim);
        read_many(&h, READS, HORIZON_MS);
        read_shown(&h, "m", JOB_A, READS - 9, READS + 1,
                   &(struct shown){.run = 1, .latest = shown});
        expect_verdict(&h, PROPERTY_MONOTONIC, shown < READS - 10 ? VERDICT_FAIL : VERDICT_PASS,
                       shown < READS - 10);
        assert_int_equal(h.judgement.properties[PROPERTY_MONOTONIC].tested, READS);
        history_end(&h);
    }
}

static void read_within_horizon(void *context, bool may_fail)
{
    struct history h;
    struct claim claim = claim_all(5000);
    (void)context;
    history_start(&h, &claim);
    if (!h.failed)
        read_many(&h, 40, 2);
    assert_true(may_fail || !h.failed);
    history_end(&h);
}

static void test_a_horizon_survives_each_allocation_that_fails(void **state)
{
    (void)state;
    fail_each_allocation(read_within_horizon, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counting_repeats_changes_no_verdict),
        cmocka_unit_test(test_what_a_client_saw_is_remembered_back_to_the_horizon),
        cmocka_unit_test(test_a_horizon_survives_each_allocation_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
