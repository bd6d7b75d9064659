/* rooms: harness/cluster harness/implementations mock_jobmanager rest_endpoint gateway harness/client_models harness/judge base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>

#include "base/random.h"
#include "harness/cluster/cluster.h"
#include "rest_endpoint/body.h"
#include "tests/support/small_plan.h"

/* The short way from a cluster to an endpoint that nothing stands round, beside the long one. */

#define EPOCH_US (INT64_C(1000000) * PLAN_MS)

/* Stands round the reference and changes nothing. */
struct around {
    struct subject subject; /* first: a subject is one of these */
    struct subject *inner;
};

static struct subject *inner(struct subject *subject)
{
    return ((struct around *)subject)->inner;
}

static void around_free(struct subject *subject)
{
    inner(subject)->operations->free(inner(subject));
    free(subject);
}

static void around_set_wall_offset(struct subject *subject, int64_t offset_us)
{
    inner(subject)->operations->set_wall_offset(inner(subject), offset_us);
}

static int around_request(struct subject *subject, int64_t now_us, const struct request *request)
{
    return inner(subject)->operations->request(inner(subject), now_us, request);
}

static int around_fetched(struct subject *subject, int64_t now_us, uint64_t fetch,
                          struct fetch_result *result)
{
    return inner(subject)->operations->fetched(inner(subject), now_us, fetch, result);
}

static void around_abandon(struct subject *subject, int64_t now_us, uint64_t request)
{
    inner(subject)->operations->abandon(inner(subject), now_us, request);
}

static bool around_next(struct subject *subject, struct endpoint_action *action)
{
    return inner(subject)->operations->next(inner(subject), action);
}

static struct subject *start_around(void *context, const struct subject_options *options)
{
    static const struct subject_operations operations = {
        .free = around_free,
        .set_wall_offset = around_set_wall_offset,
        .request = around_request,
        .fetched = around_fetched,
        .abandon = around_abandon,
        .next = around_next,
    };
    (void)context;
    struct around *around = calloc(1, sizeof *around);
    assert_non_null(around);
    around->subject.operations = &operations;
    around->inner = implementation_start(implementation_find("reference"), options);
    assert_non_null(around->inner);
    assert_non_null(around->inner->endpoint);
    return &around->subject;
}

/* All that came out of one cluster comes out of the other. Returns the number of replies. */
static size_t expect_same(struct cluster *one, struct cluster *other)
{
    struct fact a, b;
    struct endpoint_action said, wanted;
    size_t count = 0;
    while (cluster_next_fact(one, &a)) {
        assert_true(cluster_next_fact(other, &b));
        assert_int_equal(a.kind, b.kind);
        assert_int_equal(a.at_us, b.at_us);
        assert_int_equal(a.fetch, b.fetch);
    }
    assert_false(cluster_next_fact(other, &b));
    for (; cluster_next_reply(one, &said); count++) {
        assert_true(cluster_next_reply(other, &wanted));
        assert_int_equal(said.request, wanted.request);
        assert_int_equal(said.status, wanted.status);
        assert_int_equal(said.unrouted, wanted.unrouted);
        assert_int_equal(said.age_us, wanted.age_us);
        assert_int_equal(body_serial(said.body), body_serial(wanted.body));
        body_release(said.body);
        body_release(wanted.body);
    }
    assert_false(cluster_next_reply(other, &wanted));
    return count;
}

/* Requests and abandonments in any order. */
static void live_through_both(struct cluster **clusters, uint64_t seed)
{
    static const char *const targets[] = {PLAN_J_STATISTICS, "/jobs/" PLAN_J, "/jobs/" PLAN_K,
                                          "/jobs/overview", "/none"};
    struct random random;
    size_t count = 0;
    random_seed(&random, seed);
    for (uint64_t id = 1; id <= 200; id++) {
        const char *target = targets[random_below(&random, 5)];
        const int64_t now_us = (int64_t)id * 2 * PLAN_MS;
        const uint64_t left = random_below(&random, 4 * id); /* mostly of nobody */
        for (size_t i = 0; i < 2; i++) {
            const struct request request = {
                .id = id, .target = target, .target_length = strlen(target)};
            while (cluster_due(clusters[i], NULL) <= now_us)
                assert_true(cluster_advance(clusters[i], cluster_due(clusters[i], NULL)));
            assert_true(cluster_request(clusters[i], now_us, &request));
        }
        count += expect_same(clusters[0], clusters[1]);
        for (size_t i = 0; i < 2; i++)
            cluster_abandon(clusters[i], now_us, left);
    }
    assert_true(count > 100);
}

static void an_endpoint_says_the_same_whether_or_not_something_stands_round_it(void **state)
{
    (void)state;
    const struct foreign_implementation source = {
        .name = "around", .summary = "", .start = start_around};
    struct implementation *around = implementation_from(&source);
    assert_non_null(around);
    struct plan plan = small_plan();
    for (uint64_t seed = 1; seed <= 20; seed++) {
        uint64_t tickets[2] = {0, 0};
        struct cluster *clusters[] = {
            cluster_new(&plan, implementation_find("reference"), seed, EPOCH_US, &tickets[0]),
            cluster_new(&plan, around, seed, EPOCH_US, &tickets[1])};
        assert_non_null(clusters[0]);
        assert_non_null(clusters[1]);
        live_through_both(clusters, seed);
        cluster_free(clusters[0]);
        cluster_free(clusters[1]);
    }
    implementation_free(around);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_endpoint_says_the_same_whether_or_not_something_stands_round_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
