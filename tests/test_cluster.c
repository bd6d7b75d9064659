/* rooms: harness/cluster harness/implementations mock_jobmanager rest_endpoint gateway harness/client_models harness/judge base */
#include "tests/support/test_prelude.h"

#include <stdio.h>

#include "harness/cluster/cluster.h"
#include "rest_endpoint/body.h"
#include "tests/support/small_plan.h"

#define EPOCH_US (INT64_C(1000000) * PLAN_MS)

struct stage {
    struct plan plan;
    struct cluster *cluster;
    uint64_t ticket;
};

static void start_cluster(struct stage *stage, const char *implementation)
{
    stage->ticket = 0;
    stage->cluster =
        cluster_new(&stage->plan, implementation_find(implementation), 1, EPOCH_US, &stage->ticket);
    assert_non_null(stage->cluster);
}

/* Runs the origin up to and including an instant. */
static void advance(struct stage *stage, int64_t until_us)
{
    while (cluster_due(stage->cluster, NULL) <= until_us)
        assert_true(cluster_advance(stage->cluster, cluster_due(stage->cluster, NULL)));
}

static void ask(struct stage *stage, int64_t at_us, uint64_t id, const char *target)
{
    const struct request request = {.id = id, .target = target, .target_length = strlen(target)};
    assert_true(cluster_request(stage->cluster, at_us, &request));
}

static void assert_no_reply(struct stage *stage)
{
    struct endpoint_action reply;
    assert_false(cluster_next_reply(stage->cluster, &reply));
}

/* The one reply that is there; its text, until the next call. */
static const char *reply_to(struct stage *stage, uint64_t id, int status)
{
    static char text[8192];
    struct endpoint_action reply;
    size_t length = 0;
    assert_true(cluster_next_reply(stage->cluster, &reply));
    assert_int_equal(reply.request, id);
    assert_int_equal(reply.status, status);
    const char *bytes = body_bytes(reply.body, &length);
    snprintf(text, sizeof text, "%.*s", (int)length, bytes);
    body_release(reply.body);
    return text;
}

/* Takes facts up to the next one of this kind. */
static bool next_fact_of(struct stage *stage, enum fact_kind kind, struct fact *fact)
{
    while (cluster_next_fact(stage->cluster, fact)) {
        if (fact->kind == kind)
            return true;
    }
    return false;
}

static void a_request_travels_to_the_jobmanager_and_back(void **state)
{
    (void)state;
    struct stage stage = {.plan = small_plan()};
    start_cluster(&stage, "reference");
    advance(&stage, 60 * PLAN_MS);
    struct fact fact;
    while (cluster_next_fact(stage.cluster, &fact))
        continue;
    ask(&stage, 60 * PLAN_MS, 7, PLAN_J_STATISTICS);
    assert_no_reply(&stage);
    assert_true(cluster_next_fact(stage.cluster, &fact));
    assert_int_equal(fact.kind, FACT_CALL_SENT);
    assert_int_equal(fact.at_us, 60 * PLAN_MS);
    assert_int_equal(fact.call, CALL_STATISTICS);
    const uint64_t fetch = fact.fetch;
    assert_int_equal(cluster_due(stage.cluster, NULL), 61 * PLAN_MS);
    advance(&stage, 61 * PLAN_MS);
    assert_no_reply(&stage);
    assert_true(cluster_next_fact(stage.cluster, &fact));
    assert_int_equal(fact.kind, FACT_CALL_TAKEN);
    assert_int_equal(fact.fetch, fetch);
    assert_true(fact.version > 0);
    advance(&stage, 62 * PLAN_MS);
    assert_true(cluster_next_fact(stage.cluster, &fact));
    assert_int_equal(fact.kind, FACT_CALL_ENDED);
    assert_int_equal(fact.at_us, 62 * PLAN_MS);
    assert_false(fact.call_failed);
    assert_string_equal(fact.call_outcome, "ok");
    assert_non_null(strstr(reply_to(&stage, 7, 200), "\"latest\":{\"completed\":{"));
    assert_no_reply(&stage);
    cluster_free(stage.cluster);
}

static void what_is_cached_is_answered_without_a_call(void **state)
{
    (void)state;
    struct stage stage = {.plan = small_plan()};
    stage.plan.settings.stats_timeout_us = PLAN_SECOND;
    start_cluster(&stage, "flink-2.3");
    ask(&stage, 60 * PLAN_MS, 1, PLAN_J_STATISTICS);
    advance(&stage, 62 * PLAN_MS);
    reply_to(&stage, 1, 200);
    struct fact fact;
    while (cluster_next_fact(stage.cluster, &fact))
        continue;
    ask(&stage, 63 * PLAN_MS, 2, PLAN_J_STATISTICS);
    reply_to(&stage, 2, 200);
    assert_false(cluster_next_fact(stage.cluster, &fact));
    cluster_free(stage.cluster);
}

static void facts_say_what_happened_to_a_checkpoint_in_order(void **state)
{
    (void)state;
    static const enum fact_kind wanted[] = {FACT_BEGAN, FACT_DURABLE, FACT_COMPLETED};
    struct stage stage = {.plan = small_plan()};
    struct fact fact;
    start_cluster(&stage, "reference");
    advance(&stage, 60 * PLAN_MS);
    size_t found = 0;
    int64_t last_us = 0;
    while (cluster_next_fact(stage.cluster, &fact)) {
        assert_true(fact.at_us >= last_us);
        last_us = fact.at_us;
        if (fact.checkpoint != 1)
            continue;
        assert_true(found < 3);
        assert_int_equal(fact.kind, wanted[found++]);
        assert_true(id_equal(fact.job, plan_jobs[0].id));
        assert_int_equal(fact.trigger_ms, EPOCH_US / 1000 + 40);
        assert_null(fact.evidence); /* the origin's own word */
    }
    assert_int_equal(found, 3);
    cluster_free(stage.cluster);
}

static void a_job_is_known_and_one_that_initializes_says_so(void **state)
{
    (void)state;
    const struct job_event events[] = {
        {.at_us = 10 * PLAN_MS, .job = 1, .kind = JOB_EVENT_INITIALIZES},
        {.at_us = 20 * PLAN_MS, .job = 1, .kind = JOB_EVENT_RUNS},
    };
    struct stage stage = {.plan = small_plan()};
    struct fact fact;
    stage.plan.events = events;
    start_cluster(&stage, "reference");
    assert_true(next_fact_of(&stage, FACT_JOB_KNOWN, &fact));
    assert_true(id_equal(fact.job, plan_jobs[0].id));
    advance(&stage, 30 * PLAN_MS);
    assert_true(next_fact_of(&stage, FACT_JOB_INITIALIZING, &fact));
    assert_int_equal(fact.at_us, 10 * PLAN_MS);
    assert_true(id_equal(fact.job, plan_jobs[1].id));
    assert_true(next_fact_of(&stage, FACT_JOB_KNOWN, &fact));
    assert_int_equal(fact.at_us, 20 * PLAN_MS);
    cluster_free(stage.cluster);
}

static void a_failed_call_is_a_fact_with_its_outcome(void **state)
{
    (void)state;
    const struct fault fault = {.kind = FAULT_OUTCOME,
                                .until_us = INT64_MAX,
                                .any_fetch = true,
                                .any_job = true,
                                .outcome = OUTCOME_NO_LEADER};
    struct stage stage = {.plan = small_plan()};
    struct fact fact;
    stage.plan.faults = &fault;
    stage.plan.fault_count = 1;
    start_cluster(&stage, "reference");
    ask(&stage, 0, 1, "/jobs/" PLAN_J);
    advance(&stage, 2 * PLAN_MS);
    assert_true(next_fact_of(&stage, FACT_CALL_SENT, &fact));
    assert_int_equal(fact.call, CALL_GRAPH);
    assert_true(next_fact_of(&stage, FACT_CALL_ENDED, &fact));
    assert_true(fact.call_failed);
    assert_string_equal(fact.call_outcome, "no leader");
    reply_to(&stage, 1, 503);
    cluster_free(stage.cluster);
}

static void calls_that_are_neither_graph_nor_statistics_are_told_apart(void **state)
{
    (void)state;
    struct stage stage = {.plan = small_plan()};
    struct fact fact;
    start_cluster(&stage, "reference");
    ask(&stage, 0, 1, "/jobs/overview");
    assert_true(next_fact_of(&stage, FACT_CALL_SENT, &fact));
    assert_int_equal(fact.call, CALL_OTHER);
    cluster_free(stage.cluster);
}

static void hundreds_of_waiting_requests_are_all_answered_once(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    struct stage stage = {.plan = small_plan()};
    struct endpoint_action reply;
    bool answered[COUNT + 1] = {false};
    start_cluster(&stage, "flink-1.20");
    for (uint64_t id = 1; id <= COUNT; id++)
        ask(&stage, 0, id, PLAN_J_STATISTICS);
    advance(&stage, 2 * PLAN_MS);
    /* Some are taken before it must grow again, so that the first no longer is where it was. */
    for (int i = 0; i < 50; i++) {
        assert_true(cluster_next_reply(stage.cluster, &reply));
        answered[reply.request] = true;
        body_release(reply.body);
    }
    for (uint64_t id = COUNT + 1; id <= COUNT + 300; id++)
        ask(&stage, 3 * PLAN_MS, id, "/nowhere"); /* answered at once, without a call */
    uint64_t last = COUNT;
    size_t count = 50;
    while (cluster_next_reply(stage.cluster, &reply)) {
        assert_true(reply.request > COUNT || !answered[reply.request]);
        if (reply.request <= COUNT)
            answered[reply.request] = true;
        else
            assert_int_equal(reply.request, ++last); /* after all others, in order */
        body_release(reply.body);
        count++;
    }
    assert_int_equal(count, COUNT + 300);
    cluster_free(stage.cluster);
}

static void an_abandoned_request_is_not_answered(void **state)
{
    (void)state;
    struct stage stage = {.plan = small_plan()};
    start_cluster(&stage, "reference");
    ask(&stage, 0, 1, PLAN_J_STATISTICS);
    ask(&stage, 0, 2, PLAN_J_STATISTICS);
    cluster_abandon(stage.cluster, PLAN_MS, 1);
    advance(&stage, 10 * PLAN_MS);
    reply_to(&stage, 2, 200);
    assert_no_reply(&stage);
    cluster_free(stage.cluster);
}

static void replies_that_nobody_took_go_with_the_cluster(void **state)
{
    (void)state;
    struct stage stage = {.plan = small_plan()};
    start_cluster(&stage, "reference");
    ask(&stage, 0, 1, "/nowhere");
    ask(&stage, 0, 2, PLAN_J_STATISTICS); /* and a call on its way */
    cluster_free(stage.cluster);
    cluster_free(NULL);
}

static void a_job_is_started_from_a_path_or_fails_where_nothing_is(void **state)
{
    (void)state;
    struct stage stage = {.plan = small_plan()};
    struct fact fact;
    char path[256];
    start_cluster(&stage, "reference");
    advance(&stage, 60 * PLAN_MS);
    assert_true(next_fact_of(&stage, FACT_COMPLETED, &fact));
    snprintf(path, sizeof path, "%s", fact.path);
    assert_true(cluster_start_from(stage.cluster, 60 * PLAN_MS, 1, path));
    assert_true(next_fact_of(&stage, FACT_RESTORED, &fact));
    assert_true(id_equal(fact.job, plan_jobs[1].id));
    assert_int_equal(fact.checkpoint, 1);
    assert_string_equal(fact.path, path);
    cluster_free(stage.cluster);
    start_cluster(&stage, "reference");
    assert_true(cluster_start_from(stage.cluster, 10 * PLAN_MS, 1, "file:/gone"));
    assert_true(next_fact_of(&stage, FACT_RESTORE_FAILED, &fact));
    assert_true(id_equal(fact.job, plan_jobs[1].id));
    cluster_free(stage.cluster);
}

/* `now` of a GET /jobs/J, as epoch milliseconds since the start of the run. */
static long long now_shown(struct stage *stage, int64_t at_us, uint64_t id)
{
    ask(stage, at_us, id, "/jobs/" PLAN_J);
    advance(stage, at_us + 2 * PLAN_MS);
    const char *now = strstr(reply_to(stage, id, 200), "\"now\":");
    long long epoch_ms = 0;
    assert_non_null(now);
    assert_int_equal(sscanf(now, "\"now\":%lld", &epoch_ms), 1);
    return epoch_ms - EPOCH_US / 1000;
}

static void the_endpoint_is_told_of_the_wall_clock_and_its_jumps(void **state)
{
    (void)state;
    const struct fault jump = {.kind = FAULT_WALL_CLOCK,
                               .from_us = 10 * PLAN_SECOND,
                               .until_us = INT64_MAX,
                               .delay_us = -400 * PLAN_MS};
    struct stage stage = {.plan = small_plan()};
    stage.plan.faults = &jump;
    stage.plan.fault_count = 1;
    start_cluster(&stage, "flink-2.3");
    const long long before = now_shown(&stage, 5 * PLAN_SECOND, 1);
    const long long after = now_shown(&stage, 10 * PLAN_SECOND, 2);
    assert_true(before >= 5000 && before <= 5002);
    assert_true(after >= 9600 && after <= 9602);
    cluster_free(stage.cluster);
}

static void make_and_read(void *context, bool may_fail)
{
    const struct plan plan = small_plan();
    uint64_t ticket = 0;
    struct endpoint_action reply;
    struct fact fact;
    const struct request request = {
        .id = 1, .target = PLAN_J_STATISTICS, .target_length = strlen(PLAN_J_STATISTICS)};
    (void)context;
    struct cluster *cluster =
        cluster_new(&plan, implementation_find("flink-2.3"), 1, EPOCH_US, &ticket);
    assert_true(cluster || may_fail);
    bool fine = cluster != NULL;
    while (fine && cluster_due(cluster, NULL) <= 60 * PLAN_MS)
        fine = cluster_advance(cluster, 60 * PLAN_MS);
    fine = fine && cluster_request(cluster, 60 * PLAN_MS, &request);
    while (fine && cluster_due(cluster, NULL) <= 70 * PLAN_MS)
        fine = cluster_advance(cluster, 70 * PLAN_MS);
    assert_true(fine || may_fail);
    while (cluster && cluster_next_fact(cluster, &fact))
        continue;
    size_t replies = 0;
    while (cluster && cluster_next_reply(cluster, &reply)) {
        assert_true(reply.status == 200 || may_fail);
        body_release(reply.body);
        replies++;
    }
    assert_true(replies == 1 || !fine);
    cluster_free(cluster);
}

static void short_of_memory_it_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(make_and_read, NULL) > 20);
}

/* The id that a cluster of this seed makes up for its first trigger. */
static const char *first_trigger(struct stage *stage, uint64_t seed)
{
    const struct cluster_options options = {.plan = &stage->plan,
                                            .implementation = implementation_find("flink-1.20"),
                                            .seed = seed,
                                            .epoch_us = EPOCH_US,
                                            .ticket = &stage->ticket};
    const struct request request = {.id = 1,
                                    .method = METHOD_POST,
                                    .target = PLAN_J_STATISTICS,
                                    .target_length = strlen(PLAN_J_STATISTICS)};
    stage->cluster = cluster_open(&options);
    assert_non_null(stage->cluster);
    assert_true(cluster_request(stage->cluster, 0, &request));
    advance(stage, 10 * PLAN_MS);
    const char *text = reply_to(stage, 1, 202);
    cluster_free(stage->cluster);
    return text;
}

static void made_up_ids_go_by_the_seed(void **state)
{
    (void)state;
    struct stage stage = {.plan = small_plan()};
    char first[100];
    snprintf(first, sizeof first, "%s", first_trigger(&stage, 1));
    assert_string_equal(first_trigger(&stage, 1), first);
    assert_string_not_equal(first_trigger(&stage, 2), first);
}

/* How many answers of this id there are up to an instant, and the status of the last. Memory may
 * run out on the way. */
static size_t answers_to(struct cluster *cluster, uint64_t id, int64_t until_us, int *status)
{
    struct endpoint_action reply;
    size_t count = 0;
    while (cluster_due(cluster, NULL) <= until_us)
        (void)cluster_advance(cluster, cluster_due(cluster, NULL));
    while (cluster_next_reply(cluster, &reply)) {
        if (reply.request == id) {
            *status = reply.status;
            count++;
        }
        body_release(reply.body);
    }
    return count;
}

/* Fails allocation `countdown` of a request's way; false when there was none. */
static bool lose_one(unsigned countdown)
{
    struct stage stage = {.plan = small_plan()};
    int status = 0;
    start_cluster(&stage, "flink-1.20");
    advance(&stage, 60 * PLAN_MS);
    struct request request = {
        .id = 1, .target = PLAN_J_STATISTICS, .target_length = strlen(PLAN_J_STATISTICS)};
    failing_allocator_arm(countdown);
    const bool taken = cluster_request(stage.cluster, 60 * PLAN_MS, &request);
    const size_t count = answers_to(stage.cluster, 1, 70 * PLAN_MS, &status);
    const bool fired = failing_allocator_fired();
    assert_true(count == 1 || (fired && !taken && count == 0));
    assert_true(count == 0 || status == 200 || (fired && status == 500));
    request.id = 2;
    assert_true(cluster_request(stage.cluster, 80 * PLAN_MS, &request));
    assert_int_equal(answers_to(stage.cluster, 2, 90 * PLAN_MS, &status), 1);
    assert_int_equal(status, 200);
    cluster_free(stage.cluster);
    return fired;
}

static void short_of_memory_it_loses_one_answer_at_most(void **state)
{
    (void)state;
    unsigned countdown = 1;
    while (lose_one(countdown))
        countdown++;
    assert_true(countdown > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_travels_to_the_jobmanager_and_back),
        cmocka_unit_test(what_is_cached_is_answered_without_a_call),
        cmocka_unit_test(facts_say_what_happened_to_a_checkpoint_in_order),
        cmocka_unit_test(a_job_is_known_and_one_that_initializes_says_so),
        cmocka_unit_test(a_failed_call_is_a_fact_with_its_outcome),
        cmocka_unit_test(calls_that_are_neither_graph_nor_statistics_are_told_apart),
        cmocka_unit_test(hundreds_of_waiting_requests_are_all_answered_once),
        cmocka_unit_test(an_abandoned_request_is_not_answered),
        cmocka_unit_test(replies_that_nobody_took_go_with_the_cluster),
        cmocka_unit_test(a_job_is_started_from_a_path_or_fails_where_nothing_is),
        cmocka_unit_test(the_endpoint_is_told_of_the_wall_clock_and_its_jumps),
        cmocka_unit_test(made_up_ids_go_by_the_seed),
        cmocka_unit_test(short_of_memory_it_loses_one_answer_at_most),
        cmocka_unit_test(short_of_memory_it_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
