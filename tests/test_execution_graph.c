/* rooms: gateway base */
#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gateway/execution_graph.h"
#include "gateway/gateway.h"

static const struct id job = {1, 2};

static void test_every_job_status_has_the_name_that_flink_gives_it(void **state)
{
    (void)state;
    static const char *const names[] = {
        "INITIALIZING", "CREATED",  "RUNNING",    "FAILING",   "FAILED",      "CANCELLING",
        "CANCELED",     "FINISHED", "RESTARTING", "SUSPENDED", "RECONCILING",
    };
    assert_int_equal(sizeof names / sizeof names[0], JOB_STATUS_COUNT);
    for (int i = 0; i < JOB_STATUS_COUNT; i++)
        assert_string_equal(job_status_name((enum job_status)i), names[i]);
}

static void test_every_execution_state_has_the_name_that_flink_gives_it(void **state)
{
    (void)state;
    static const char *const names[] = {
        "CREATED",   "SCHEDULED", "DEPLOYING", "RUNNING",     "FINISHED",
        "CANCELING", "CANCELED",  "FAILED",    "RECONCILING", "INITIALIZING",
    };
    assert_int_equal(sizeof names / sizeof names[0], EXECUTION_STATE_COUNT);
    for (int i = 0; i < EXECUTION_STATE_COUNT; i++)
        assert_string_equal(execution_state_name((enum execution_state)i), names[i]);
}

static void test_failed_canceled_and_finished_are_terminal_and_no_other(void **state)
{
    (void)state;
    for (int i = 0; i < JOB_STATUS_COUNT; i++) {
        const bool expected = i == JOB_FAILED || i == JOB_CANCELED || i == JOB_FINISHED;
        assert_int_equal(job_status_is_terminal((enum job_status)i), expected);
    }
}

static void test_every_fetch_and_every_outcome_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(fetch_kind_name(FETCH_EXECUTION_GRAPH), "execution graph");
    assert_string_equal(fetch_kind_name(FETCH_CANCEL_JOB), "cancellation");
    assert_string_equal(fetch_outcome_name(OUTCOME_OK), "ok");
    assert_string_equal(fetch_outcome_name(OUTCOME_JOB_NOT_FOUND), "job not found");
    assert_string_equal(fetch_outcome_name(OUTCOME_ALREADY_TERMINAL), "job has already ended");
    for (int i = 0; i < FETCH_KIND_COUNT; i++)
        assert_non_null(fetch_kind_name((enum fetch_kind)i));
    for (int i = 0; i < FETCH_OUTCOME_COUNT; i++)
        assert_non_null(fetch_outcome_name((enum fetch_outcome)i));
}

static void test_a_new_graph_has_a_name_of_its_own_and_vertices_that_did_not_start(void **state)
{
    (void)state;
    char name[] = "job";
    struct execution_graph *graph = execution_graph_new(job, name, 2);
    assert_non_null(graph);
    name[0] = 'X';
    assert_int_equal(graph->references, 1);
    assert_true(id_equal(graph->job, job));
    assert_string_equal(graph->name, "job");
    assert_int_equal(graph->end_ms, -1);
    assert_int_equal(graph->vertex_count, 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(graph->vertices[i].start_ms, -1);
        assert_int_equal(graph->vertices[i].end_ms, -1);
    }
    assert_null(graph->stats);
    execution_graph_release(graph);
}

static void test_a_graph_may_have_no_vertices(void **state)
{
    (void)state;
    struct execution_graph *graph = execution_graph_new(job, "", 0);
    assert_non_null(graph);
    assert_int_equal(graph->vertex_count, 0);
    execution_graph_release(graph);
    execution_graph_release(NULL);
}

static void test_a_graph_lives_until_its_last_holder_lets_go_and_then_frees_its_stats(void **state)
{
    (void)state;
    struct execution_graph *graph = execution_graph_new(job, "job", 1);
    assert_non_null(graph);
    graph->stats = checkpoint_stats_new(job, 1, 0);
    assert_non_null(graph->stats);
    struct checkpoint_stats *const stats = checkpoint_stats_retain(graph->stats);
    assert_ptr_equal(execution_graph_retain(graph), graph);
    execution_graph_release(graph);
    assert_string_equal(graph->name, "job");
    assert_int_equal(stats->references, 2);
    execution_graph_release(graph);
    assert_int_equal(stats->references, 1);
    checkpoint_stats_release(stats);
}

static void test_each_vertex_has_as_many_subtasks_as_its_parallelism(void **state)
{
    (void)state;
    static const int32_t parallelisms[] = {2, 0, 3};
    struct execution_graph *graph = execution_graph_new(job, "job", 3);
    assert_non_null(graph);
    for (int i = 0; i < 3; i++) {
        assert_null(graph->vertices[i].subtasks);
        graph->vertices[i].parallelism = parallelisms[i];
    }
    assert_true(execution_graph_make_subtasks(graph));
    for (int32_t i = 0; i < 3; i++)
        for (int32_t j = 0; j < parallelisms[i]; j++) {
            assert_int_equal(graph->vertices[i].subtasks[j].attempt, 0);
            graph->vertices[i].subtasks[j].attempt = 10 * i + j;
        }
    for (int32_t i = 0; i < 3; i++)
        for (int32_t j = 0; j < parallelisms[i]; j++)
            assert_int_equal(graph->vertices[i].subtasks[j].attempt, 10 * i + j);
    execution_graph_release(graph);
}

static void test_a_job_list_has_copies_of_the_names_of_its_lines(void **state)
{
    (void)state;
    char name[] = "first";
    struct job_list *list = job_list_new(2, sizeof "first" + sizeof "second");
    assert_non_null(list);
    assert_int_equal(list->references, 1);
    assert_int_equal(list->count, 2);
    assert_null(list->lines[0].name);
    list->lines[0].name = job_list_name(list, name);
    name[0] = 'X';
    list->lines[1].name = job_list_name(list, "second");
    assert_ptr_equal(job_list_retain(list), list);
    job_list_release(list);
    assert_string_equal(list->lines[0].name, "first");
    assert_string_equal(list->lines[1].name, "second");
    job_list_release(list);
    job_list_release(NULL);
}

static void test_clearing_a_result_releases_what_it_holds_and_leaves_nothing(void **state)
{
    (void)state;
    struct fetch_result result = {.outcome = OUTCOME_FAILED};
    result.graph = execution_graph_new(job, "job", 0);
    result.stats = checkpoint_stats_new(job, 1, 0);
    result.jobs = job_list_new(0, 0);
    assert_true(result.graph && result.stats && result.jobs);
    struct job_list *const jobs = job_list_retain(result.jobs);
    struct checkpoint_stats *const stats = checkpoint_stats_retain(result.stats);
    struct execution_graph *const graph = execution_graph_retain(result.graph);
    fetch_result_clear(&result);
    assert_null(result.graph);
    assert_null(result.stats);
    assert_null(result.jobs);
    assert_int_equal(jobs->references, 1);
    assert_int_equal(stats->references, 1);
    assert_int_equal(graph->references, 1);
    fetch_result_clear(&result);
    job_list_release(jobs);
    checkpoint_stats_release(stats);
    execution_graph_release(graph);
}

static void build_and_release(void *context, bool may_fail)
{
    (void)context;
    struct execution_graph *graph = execution_graph_new(job, "job", 3);
    struct job_list *list = job_list_new(3, 0);
    assert_true(may_fail || (graph && list));
    assert_true(!graph || execution_graph_make_subtasks(graph) || may_fail);
    execution_graph_release(graph);
    job_list_release(list);
}

static void test_each_allocation_may_fail(void **state)
{
    (void)state;
    assert_int_equal(fail_each_allocation(build_and_release, NULL), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_job_status_has_the_name_that_flink_gives_it),
        cmocka_unit_test(test_every_execution_state_has_the_name_that_flink_gives_it),
        cmocka_unit_test(test_failed_canceled_and_finished_are_terminal_and_no_other),
        cmocka_unit_test(test_every_fetch_and_every_outcome_has_a_name),
        cmocka_unit_test(test_a_new_graph_has_a_name_of_its_own_and_vertices_that_did_not_start),
        cmocka_unit_test(test_a_graph_may_have_no_vertices),
        cmocka_unit_test(test_a_graph_lives_until_its_last_holder_lets_go_and_then_frees_its_stats),
        cmocka_unit_test(test_each_vertex_has_as_many_subtasks_as_its_parallelism),
        cmocka_unit_test(test_a_job_list_has_copies_of_the_names_of_its_lines),
        cmocka_unit_test(test_clearing_a_result_releases_what_it_holds_and_leaves_nothing),
        cmocka_unit_test(test_each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
