/* rooms: harness/judge gateway base */

#include "tests/support/test_prelude.h"

#include "harness/judge/judge.h"
#include "harness/judge/judge_check.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"

/*
 * A check says at what kinds of answers it looks, and is not asked about others. Here every check is
 * asked about answers of all other kinds, in a history that has given it much to say: it must find
 * nothing in them and leave all as it was.
 */

static const struct id job_id = {1, 2};

static struct observation error_seen = {.kind = OBSERVED_ERROR, .error = ERROR_JOB_NOT_FOUND};
static struct observation job_seen = {.kind = OBSERVED_JOB};
static struct observation details_seen = {
    .kind = OBSERVED_DETAILS,
    .latest_completed = {.id = 9, .status = SEEN_COMPLETED, .trigger_ms = 7}};
static struct seen_checkpoint listed = {
    .id = 9, .status = SEEN_COMPLETED, .trigger_ms = 7, .path = (char[]){"/9"}};
static struct observation list_seen = {
    .kind = OBSERVED_STATISTICS,
    .version = 1,
    .history = &listed,
    .history_count = 1,
    .has_latest_completed = true,
    .latest_completed = {
        .id = 9, .status = SEEN_COMPLETED, .trigger_ms = 7, .path = (char[]){"/9"}}};

static const struct answer_case {
    enum answer_kind answer;
    enum exchange_path path;
    enum path_kind kind;
    int status;
    const struct observation *seen;
} cases[] = {
    {ANSWER_LIST, PATH_STATISTICS, KIND_STATISTICS, 200, &list_seen},
    {ANSWER_DETAILS, PATH_DETAILS, KIND_STATISTICS, 200, &details_seen},
    {ANSWER_REFUSED, PATH_STATISTICS, KIND_STATISTICS, 404, &error_seen},
    {ANSWER_REFUSED, PATH_DETAILS, KIND_STATISTICS, 500, &error_seen},
    {ANSWER_GRAPH, PATH_JOB, KIND_GRAPH, 200, &job_seen},
    {ANSWER_GRAPH, PATH_JOB, KIND_GRAPH, 404, &error_seen},
    {ANSWER_GRAPH, PATH_CONFIG, KIND_GRAPH, 500, &error_seen},
    {ANSWER_OTHER, PATH_OTHER, KIND_OTHER, 200, &error_seen},
    {ANSWER_OTHER, PATH_OTHER, KIND_OTHER, 500, &error_seen},
    {ANSWER_OTHER, PATH_TRIGGER_STATUS, KIND_TRIGGER, 404, &error_seen},
    {ANSWER_NONE, PATH_STATISTICS, KIND_STATISTICS, 0, NULL},
    {ANSWER_NONE, PATH_JOB, KIND_GRAPH, 0, NULL},
    {ANSWER_NONE, PATH_OTHER, KIND_OTHER, 0, NULL},
};

static void tell(struct judge *judge, const struct fact *fact)
{
    assert_true(judge_fact(judge, fact));
}

/* Of two jobs that are known; of one of them checkpoints completed and both kinds of calls failed. */
static struct judge *judge_of_busy_history(int64_t bound_us)
{
    struct claim claim = {.bound_us = bound_us,
                          .refresh_interval_us = 3000000,
                          .in_flight_max = 1,
                          .restore_window_us = 1000,
                          .settings_known = true,
                          .settings_timeout_us = bound_us};
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        claim.claimed[i] = true;
    struct judge *judge = judge_new(&claim);
    assert_non_null(judge);
    tell(judge, &(struct fact){.kind = FACT_RUN_BEGAN, .at_us = 1, .job = job_id, .run = 1});
    tell(judge, &(struct fact){.kind = FACT_JOB_KNOWN, .at_us = 2, .job = job_id, .run = 1});
    const struct id other = {3, 4}; /* to be mixed up with */
    tell(judge, &(struct fact){.kind = FACT_JOB_KNOWN, .at_us = 2, .job = other, .run = 1});
    for (int64_t id = 9; id <= 10; id++) {
        for (int kind = FACT_BEGAN; kind <= FACT_DURABLE; kind++)
            tell(judge, &(struct fact){.kind = (enum fact_kind)kind,
                                       .at_us = id,
                                       .job = job_id,
                                       .run = 1,
                                       .checkpoint = id,
                                       .trigger_ms = id - 2,
                                       .path = "/9"});
    }
    for (int call = CALL_GRAPH; call <= CALL_STATISTICS; call++) {
        struct fact fact = {.kind = FACT_CALL_SENT,
                            .at_us = 20,
                            .job = job_id,
                            .run = 1,
                            .fetch = (uint64_t)call + 1,
                            .call = (enum call_kind)call};
        tell(judge, &fact);
        fact.kind = FACT_CALL_ENDED;
        fact.call_failed = true;
        tell(judge, &fact);
    }
    return judge;
}

static void ask_about(const struct check *check, const struct answer_case *of, int64_t bound_us,
                      int64_t demanded_us)
{
    struct judge *judge = judge_of_busy_history(bound_us);
    struct job_state *job = state_job(judge, job_id);
    const struct exchange exchange = {.seq = 1,
                                      .path = of->path,
                                      .job = job_id,
                                      .checkpoint = 9,
                                      .sent_us = 9000000,
                                      .left_us = 9000001,
                                      .done_us = 9000002,
                                      .bound_us = demanded_us,
                                      .status = of->status,
                                      .seen = of->seen};
    struct look look = {.exchange = &exchange,
                        .seen = of->seen,
                        .job = job,
                        .current = job_current_run(job),
                        .run = job_current_run(job),
                        .kind = of->kind,
                        .answer = of->answer,
                        .is_list = of->answer == ANSWER_LIST,
                        .is_details = of->answer == ANSWER_DETAILS,
                        .overlapped = true,
                        .bound_us = demanded_us >= 0 ? demanded_us : bound_us,
                        .shown_id = of->answer == ANSWER_LIST ? 9 : 0,
                        .same_again = true,
                        .from_us = INT64_MIN,
                        .until_us = INT64_MAX,
                        .left_from_us = INT64_MIN,
                        .oldest_run_over_us = NOT_KNOWN_US};
    const uint64_t generation = job->generation;
    const uint64_t tested = judge->verdicts[check->property].tested;
    look.cutoff_us = exchange.sent_us - look.bound_us;
    check->look(judge, &look);
    assert_int_equal(look.tested, 0);
    assert_int_equal(look.violated, 0);
    assert_int_equal(judge->verdicts[check->property].tested, tested);
    assert_true(look.same_again);
    assert_int_equal(job->generation, generation);
    judge_free(judge);
}

static void test_a_check_finds_nothing_in_answers_that_it_does_not_look_at(void **state)
{
    size_t asked = 0;
    (void)state;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct check *check = judge_checks[i];
        assert_int_equal(check->look != NULL, check->looks_at != 0);
        for (size_t c = 0; check->look && c < sizeof cases / sizeof *cases; c++) {
            if (check->looks_at >> cases[c].answer & 1)
                continue;
            ask_about(check, &cases[c], 0, -1);
            ask_about(check, &cases[c], 1000, -1);
            ask_about(check, &cases[c], 1000, 10);
            asked += 3;
        }
    }
    assert_true(asked > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_check_finds_nothing_in_answers_that_it_does_not_look_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
