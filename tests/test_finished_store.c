/* rooms: mock_jobmanager gateway base */
#include "tests/support/test_prelude.h"

#include "mock_jobmanager/finished_store.h"

static struct execution_graph *new_graph(uint64_t job, enum job_status state)
{
    struct execution_graph *const graph = execution_graph_new((struct id){0, job}, "J", 0);
    assert_non_null(graph);
    graph->state = state;
    return graph;
}

static void put(struct finished_store *store, uint64_t job, enum job_status state)
{
    struct execution_graph *const graph = new_graph(job, state);
    assert_true(finished_store_put(store, graph));
    execution_graph_release(graph);
}

static void test_an_empty_store_finds_nothing(void **state)
{
    (void)state;
    struct finished_store store = {0};
    assert_null(finished_store_find(&store, (struct id){0, 1}));
    finished_store_free(&store);
}

static void test_each_job_is_found_by_its_id_whatever_the_order(void **state)
{
    (void)state;
    struct finished_store store = {0};
    for (uint64_t i = 0; i < 50; i++)
        put(&store, (i * 37) % 50 * 2, JOB_FINISHED);
    for (uint64_t i = 0; i < 50; i++) {
        const struct execution_graph *const graph =
            finished_store_find(&store, (struct id){0, 2 * i});
        assert_non_null(graph);
        assert_int_equal(graph->job.low, 2 * i);
        assert_null(finished_store_find(&store, (struct id){0, 2 * i + 1}));
    }
    assert_int_equal(store.count, 50);
    finished_store_free(&store);
}

static void test_the_last_life_of_a_job_replaces_the_one_before(void **state)
{
    (void)state;
    struct finished_store store = {0};
    put(&store, 5, JOB_FAILED);
    put(&store, 5, JOB_FINISHED);
    assert_int_equal(store.count, 1);
    assert_int_equal(finished_store_find(&store, (struct id){0, 5})->state, JOB_FINISHED);
    finished_store_free(&store);
}

static void test_a_graph_outlives_the_store_while_somebody_holds_it(void **state)
{
    (void)state;
    struct finished_store store = {0};
    struct execution_graph *const graph = new_graph(5, JOB_CANCELED);
    assert_true(finished_store_put(&store, graph));
    assert_int_equal(graph->references, 2);
    finished_store_free(&store);
    assert_int_equal(graph->references, 1);
    execution_graph_release(graph);
}

static void test_without_memory_the_store_stays_as_it_was(void **state)
{
    (void)state;
    struct finished_store store = {0};
    struct execution_graph *const graph = new_graph(5, JOB_CANCELED);
    failing_allocator_arm(1);
    assert_false(finished_store_put(&store, graph));
    assert_true(failing_allocator_fired());
    assert_int_equal(store.count, 0);
    assert_int_equal(graph->references, 1);
    assert_true(finished_store_put(&store, graph));
    execution_graph_release(graph);
    finished_store_free(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_store_finds_nothing),
        cmocka_unit_test(test_each_job_is_found_by_its_id_whatever_the_order),
        cmocka_unit_test(test_the_last_life_of_a_job_replaces_the_one_before),
        cmocka_unit_test(test_a_graph_outlives_the_store_while_somebody_holds_it),
        cmocka_unit_test(test_without_memory_the_store_stays_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
