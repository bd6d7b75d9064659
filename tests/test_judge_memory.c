/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "tests/support/history_builder.h"

/* A bit of everything: two jobs, two runs, calls, failures, several clients, all violations. */
static void feed_everything(struct history *h)
{
    run_begins(h, 0, 1);
    fact(h, FACT_JOB_KNOWN, 0, 0);
    for (int64_t id = 20; id > 0; id -= 2)
        completes(h, 1, id);
    for (int64_t id = 1; id < 20; id += 2)
        completes(h, 1, id);
    sends(h, "m", PATH_STATISTICS, 10);
    call_at(h, CALL_STATISTICS, 10, 20);
    reads(h, "m", 10, 20);
    for (int64_t at_ms = 11; at_ms < 40; at_ms++) {
        completes(h, at_ms, at_ms + 10);
        sends(h, "b", PATH_JOB, at_ms);
        call_at(h, CALL_GRAPH, at_ms, (uint64_t)at_ms);
        answered_job(h, "b", JOB_A, at_ms, at_ms, "RUNNING");
        reads(h, at_ms % 2 ? "m" : "n", at_ms, at_ms);
    }
    for (int64_t at_ms = 40; at_ms < 52; at_ms++) {
        uint64_t fetch = call_leaves(h, CALL_STATISTICS, at_ms);
        call_leaves(h, CALL_STATISTICS, at_ms);
        call_ends(h, CALL_STATISTICS, fetch, at_ms, 0, "timed out");
    }
    answered_error(h, "m", PATH_STATISTICS, 60, 60, 500, ERROR_TIMED_OUT);
    fact(h, FACT_DISCARDED, 60, 20);
    reads(h, "m", 61, 20);
    run_begins(h, 70, 2);
    reads(h, "m", 75, 20);
    for (int64_t id = 1; id < 12; id++)
        fact_of_run(h, FACT_COMPLETED, 80, JOB_B, 1, id);
    char path[64];
    path_of(JOB_B, 1, path);
    const struct seen_checkpoint stranger = {.id = 1, .status = SEEN_COMPLETED, .path = path};
    answered_details(h, JOB_A, 1, 90, &stranger);
    read_shown(h, "x", JOB_B, 95, 95, &(struct shown){.run = 1, .latest = 30});
}

static void feed_as_recorded(struct history *h)
{
    answered_error(h, "m", PATH_STATISTICS, 0, 1, 404, ERROR_JOB_NOT_FOUND);
    answered_job(h, "b", JOB_A, 2, 3, "RUNNING");
    answered_error(h, "m", PATH_STATISTICS, 4, 5, 404, ERROR_JOB_NOT_FOUND);
    for (int64_t id = 1; id < 12; id++)
        read_shown(h, "m", JOB_A, 10 * id, 10 * id + 1, &(struct shown){.run = 1, .latest = id});
    trigger_says(h, 200, 201, 12);
    read_shown(h, "m", JOB_A, 210, 211, &(struct shown){.run = 1, .latest = 11});
    for (uint64_t run = 2; run < 12; run++)
        read_shown(h, "m", JOB_A, (int64_t)(300 + 10 * run), (int64_t)(301 + 10 * run),
                   &(struct shown){.run = run, .latest = 1, .version = 20 - run});
    char path[64];
    path_of(JOB_A, 30, path);
    const struct seen_checkpoint details = {.id = 30, .status = SEEN_COMPLETED, .path = path};
    answered_details(h, JOB_A, 30, 500, &details);
}

struct plan {
    void (*feed)(struct history *h);
    int64_t bound_ms;
    size_t failing; /* properties that fail when there is memory */
};

static void judge_all(void *context, bool may_fail)
{
    const struct plan *plan = context;
    struct history h;
    struct claim claim = claim_all(plan->bound_ms);
    claim.claimed[PROPERTY_RESTORE_WINDOW] = true;
    claim.restore_window_us = 100 * MS;
    history_start(&h, &claim);
    if (!h.failed)
        plan->feed(&h);
    if (h.judge)
        judge_verdicts(h.judge, &h.judgement);
    if (h.failed && h.judge) {
        assert_int_equal(h.judgement.whole, VERDICT_UNKNOWN);
        for (size_t i = 0; i < PROPERTY_COUNT; i++) {
            assert_int_equal(h.judgement.properties[i].verdict, VERDICT_UNKNOWN);
            assert_string_equal(h.judgement.properties[i].cause, "out of memory while judging");
        }
        /* From here on nothing is taken in, and nothing breaks. */
        assert_false(judge_fact(h.judge, &(struct fact){.kind = FACT_JOB_KNOWN}));
        assert_false(judge_exchange(h.judge, &(struct exchange){.path = PATH_OTHER}));
        assert_false(judge_sent(h.judge, &(struct exchange){.path = PATH_OTHER}));
        assert_false(judge_name_job(h.judge, JOB_A, "A"));
    }
    if (h.failed)
        assert_true(may_fail);
    size_t failing = 0;
    for (size_t i = 0; i < PROPERTY_COUNT && !h.failed; i++)
        failing += h.judgement.properties[i].verdict == VERDICT_FAIL;
    if (!h.failed)
        assert_int_equal(failing, plan->failing);
    history_end(&h);
}

static void test_a_judge_without_memory_knows_nothing_and_breaks_nothing(void **state)
{
    (void)state;
    struct plan plans[] = {{feed_everything, 0, 8},
                           {feed_everything, 5, 7},
                           {feed_as_recorded, 0, 3},
                           {feed_as_recorded, 5, 3}};
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        assert_true(fail_each_allocation(judge_all, &plans[i]) > 20);
}

static void test_reads_of_one_observation_take_no_memory(void **state)
{
    (void)state;
    for (int64_t bound_ms = 0; bound_ms <= 1000; bound_ms += 1000) {
        struct history h;
        const struct claim claim = claim_all(bound_ms);
        history_start(&h, &claim);
        completes(&h, 1, 1);
        completes(&h, 1, 2);
        for (int64_t at_ms = 10; at_ms < 20; at_ms++)
            reads(&h, at_ms % 2 ? "m" : "n", at_ms, 2);
        failing_allocator_arm(1);
        for (int64_t at_ms = 20; at_ms < 2000; at_ms++) {
            h.serial = at_ms % 3 == 0 ? 0 : 1;
            reads(&h, at_ms % 2 ? "m" : "n", at_ms, 2);
        }
        assert_false(failing_allocator_fired());
        assert_false(h.failed);
        history_end(&h);
    }
}

static void test_freeing_nothing_is_allowed(void **state)
{
    (void)state;
    judge_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_judge_without_memory_knows_nothing_and_breaks_nothing),
        cmocka_unit_test(test_reads_of_one_observation_take_no_memory),
        cmocka_unit_test(test_freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
