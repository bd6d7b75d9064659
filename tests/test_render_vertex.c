/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/bodies/real_body.h"

#include <math.h>

#include "rest_endpoint/render.h"

/* One vertex, as running clusters show it. */

static const char *const execution_states[] = {
#define X(name) #name,
    EXECUTION_STATE_MAP(X)
#undef X
};

/* Back from how long each state lasted to when it was entered; returns when it was looked at. */
static int64_t read_life(const json_t *object, struct graph_subtask *subtask)
{
    const json_t *durations = member(object, "status-duration");
    int64_t at_ms = number_member(object, "start-time");
    subtask->state_ms[EXECUTION_DEPLOYING] = at_ms;
    subtask->state_ms[EXECUTION_SCHEDULED] = at_ms - number_member(durations, "SCHEDULED");
    subtask->state_ms[EXECUTION_CREATED] =
        subtask->state_ms[EXECUTION_SCHEDULED] - number_member(durations, "CREATED");
    at_ms += number_member(durations, "DEPLOYING");
    subtask->state_ms[EXECUTION_INITIALIZING] = at_ms;
    at_ms += number_member(durations, "INITIALIZING");
    subtask->state_ms[EXECUTION_RUNNING] = at_ms;
    return at_ms + number_member(durations, "RUNNING");
}

static void read_metrics(const json_t *object, struct vertex_metrics *metrics)
{
    const json_t *busy = member(object, "accumulated-busy-time");
    metrics->complete = bool_member(object, "read-bytes-complete");
    metrics->busy_ms = json_is_string(busy) ? NAN : json_real_value(busy);
}

static int64_t read_vertex(const json_t *root, struct execution_graph *graph)
{
    const json_t *subtask = json_array_get(member(root, "subtasks"), 0);
    struct graph_vertex *vertex = &graph->vertices[0];
    vertex->id = id_member(root, "id");
    vertex->name = text_member(root, "name");
    vertex->parallelism = (int32_t)number_member(root, "parallelism");
    vertex->max_parallelism = (int32_t)number_member(root, "maxParallelism");
    vertex->end_ms = -1;
    assert_int_equal(vertex->parallelism, 1);
    assert_true(execution_graph_make_subtasks(graph));
    vertex->subtasks[0].state = (enum execution_state)index_of(
        text_member(subtask, "status"), execution_states, EXECUTION_STATE_COUNT);
    vertex->subtasks[0].attempt = (int32_t)number_member(subtask, "attempt");
    read_metrics(member(subtask, "metrics"), &vertex->metrics);
    return read_life(subtask, &vertex->subtasks[0]);
}

static struct execution_graph *new_graph(const json_t *root, int64_t *now_ms)
{
    struct execution_graph *graph = execution_graph_new((struct id){1, 2}, "a job", 1);
    assert_non_null(graph);
    *now_ms = read_vertex(root, graph);
    graph->task_manager_id =
        text_member(json_array_get(member(root, "subtasks"), 0), "taskmanager-id");
    return graph;
}

static void a_vertex_is_as_real_clusters_show_it(void **state)
{
    (void)state;
    static const char *const endpoints[REAL_WIRES] = {"localhost:39217", "localhost:41665",
                                                      "localhost:44645"};
    for (size_t i = 0; i < REAL_WIRES; i++) {
        char *real = real_body(real_wires[i], "vertex");
        json_t *root = parse_body(real);
        int64_t now_ms;
        struct execution_graph *graph = new_graph(root, &now_ms);
        struct buffer out = {0};
        graph->task_manager_endpoint = endpoints[i];
        render_vertex_details(graph, &graph->vertices[0], now_ms, real_wires[i], &out);
        char *ours = take_checked(&out);
        json_t *rendered = parse_body(ours);
        /* Flink reads the clock once for each of these. */
        json_object_set_new(root, "now", json_integer(now_ms));
        if (!json_equal(rendered, root))
            fail_msg("%s\nours: %s\nreal: %s", real_wires[i]->flink_version, ours, real);
        json_decref(rendered);
        free(ours);
        execution_graph_release(graph);
        json_decref(root);
        free(real);
    }
}

/* Two subtasks: one runs, one has failed; of 7 records the first has 4. */
static struct execution_graph *new_pair(void)
{
    struct execution_graph *graph = execution_graph_new((struct id){1, 2}, "a job", 1);
    assert_non_null(graph);
    struct graph_vertex *vertex = &graph->vertices[0];
    *vertex = (struct graph_vertex){.id = {0, 3},
                                    .name = "map",
                                    .parallelism = 2,
                                    .max_parallelism = 128,
                                    .state = EXECUTION_FAILED,
                                    .start_ms = 10,
                                    .end_ms = 60,
                                    .metrics = {.read_records = 7, .busy_ms = 5.0}};
    assert_true(execution_graph_make_subtasks(graph));
    vertex->subtasks[0] = (struct graph_subtask){.state = EXECUTION_RUNNING,
                                                 .state_ms = {[EXECUTION_CREATED] = 10,
                                                              [EXECUTION_SCHEDULED] = 12,
                                                              [EXECUTION_DEPLOYING] = 15,
                                                              [EXECUTION_INITIALIZING] = 20,
                                                              [EXECUTION_RUNNING] = 30}};
    vertex->subtasks[1] = (struct graph_subtask){
        .state = EXECUTION_FAILED,
        .attempt = 3,
        .state_ms = {
            [EXECUTION_CREATED] = 10, [EXECUTION_DEPLOYING] = 18, [EXECUTION_FAILED] = 60}};
    graph->task_manager_endpoint = "localhost:1";
    graph->task_manager_id = "tm";
    return graph;
}

static char *rendered(vertex_renderer *render, const struct execution_graph *graph,
                      const struct endpoint_wire *wire)
{
    struct buffer out = {0};
    render(graph, &graph->vertices[0], 100, wire, &out);
    return take_checked(&out);
}

#define assert_contains(text, part)               \
    do {                                          \
        if (!strstr(text, part))                  \
            fail_msg("no %s\nin %s", part, text); \
    } while (0)

static void each_subtask_has_its_own_times(void **state)
{
    (void)state;
    struct execution_graph *graph = new_pair();
    char *text = rendered(render_vertex_details, graph, &wire_2_3_0);
    assert_contains(text, "{\"subtask\":0,\"status\":\"RUNNING\",\"attempt\":0,\"endpoint\":"
                          "\"localhost:1\",\"start-time\":15,\"end-time\":-1,\"duration\":85,");
    assert_contains(text, "\"read-records\":4,");
    assert_contains(text, "\"status-duration\":{\"CREATED\":2,\"SCHEDULED\":3,\"DEPLOYING\":5,"
                          "\"INITIALIZING\":10,\"RUNNING\":70},\"start_time\":15}");
    assert_contains(text, "{\"subtask\":1,\"status\":\"FAILED\",\"attempt\":3,\"endpoint\":"
                          "\"localhost:1\",\"start-time\":18,\"end-time\":60,\"duration\":42,");
    assert_contains(text, "\"status-duration\":{\"CREATED\":8,\"SCHEDULED\":-1,\"DEPLOYING\":42,"
                          "\"INITIALIZING\":-1,\"RUNNING\":-1},\"start_time\":18}");
    free(text);
    execution_graph_release(graph);
}

static void what_subtasks_have_is_summed_and_spread(void **state)
{
    (void)state;
    struct execution_graph *graph = new_pair();
    char *text = rendered(render_vertex_details, graph, &wire_2_3_0);
    assert_contains(text, "\"aggregated\":{\"metrics\":{");
    assert_contains(text, "\"read-records\":{\"p25\":3,\"min\":3,\"avg\":3,\"median\":3,\"max\":4,"
                          "\"sum\":7,\"p95\":4,\"p75\":4}");
    assert_contains(text, "\"accumulated-busy-time\":{\"p25\":2,\"min\":2,\"avg\":2,\"median\":2,"
                          "\"max\":2,\"sum\":4,\"p95\":2,\"p75\":2}");
    assert_contains(text, "\"CREATED\":{\"p25\":2,\"min\":2,\"avg\":5,\"median\":5,\"max\":8,"
                          "\"sum\":10,\"p95\":8,\"p75\":8}");
    free(text);
    execution_graph_release(graph);
}

static void hosts_left_and_endpoints_came(void **state)
{
    (void)state;
    struct execution_graph *graph = new_pair();
    char *text = rendered(render_vertex_times, graph, &wire_1_17_2);
    assert_contains(text,
                    "{\"id\":\"00000000000000000000000000000003\",\"name\":\"map\",\"now\":100,"
                    "\"subtasks\":[{\"subtask\":0,\"host\":\"localhost\",\"duration\":88,"
                    "\"timestamps\":{\"CREATED\":10,\"SCHEDULED\":12,");
    assert_contains(text, "{\"subtask\":1,\"host\":\"localhost\",\"duration\":-1,");
    free(text);
    graph->task_manager_endpoint = NULL;
    text = rendered(render_vertex_times, graph, &wire_1_20_3);
    assert_contains(text, "\"host\":\"(unassigned)\",\"endpoint\":\"(unassigned)\",");
    free(text);
    execution_graph_release(graph);
}

static void a_task_manager_has_all_tasks(void **state)
{
    (void)state;
    struct execution_graph *graph = new_pair();
    char *text = rendered(render_vertex_task_managers, graph, &wire_2_3_0);
    assert_contains(text, "\"taskmanagers\":[{\"endpoint\":\"localhost:1\",\"status\":\"FAILED\","
                          "\"start-time\":10,\"end-time\":60,\"duration\":50,\"metrics\":{");
    assert_contains(text, "\"status-counts\":{\"CREATED\":0,\"SCHEDULED\":0,\"DEPLOYING\":0,"
                          "\"RUNNING\":1,");
    assert_contains(text, "\"taskmanager-id\":\"tm\",\"aggregated\":{");
    free(text);
    execution_graph_release(graph);
}

static void there_are_no_accumulators_and_no_back_pressure(void **state)
{
    (void)state;
    struct execution_graph *graph = new_pair();
    char *text = rendered(render_vertex_accumulators, graph, &wire_2_3_0);
    assert_string_equal(text,
                        "{\"id\":\"00000000000000000000000000000003\",\"user-accumulators\":[]}");
    free(text);
    text = rendered(render_subtask_accumulators, graph, &wire_2_3_0);
    assert_contains(text,
                    "\"parallelism\":2,\"subtasks\":[{\"subtask\":0,\"attempt\":0,\"endpoint\":"
                    "\"localhost:1\",\"user-accumulators\":[]},{\"subtask\":1,\"attempt\":3,");
    free(text);
    text = rendered(render_back_pressure, graph, &wire_2_3_0);
    assert_string_equal(text, "{\"status\":\"deprecated\"}");
    free(text);
    execution_graph_release(graph);
}

static void a_vertex_without_subtasks_speaks_for_them(void **state)
{
    (void)state;
    struct execution_graph *graph = new_pair();
    graph->vertices[0].subtasks = NULL;
    char *text = rendered(render_vertex_details, graph, &wire_2_3_0);
    assert_contains(text, "{\"subtask\":1,\"status\":\"FAILED\",\"attempt\":0,\"endpoint\":"
                          "\"localhost:1\",\"start-time\":10,\"end-time\":60,\"duration\":50,");
    free(text);
    execution_graph_release(graph);
}

static void render_without_memory(void *context, bool may_fail)
{
    static vertex_renderer *const renderers[] = {render_vertex_details, render_vertex_task_managers,
                                                 render_vertex_times};
    for (size_t i = 0; i < 3; i++) {
        const struct execution_graph *graph = context;
        struct buffer out = {0};
        renderers[i](graph, &graph->vertices[0], 100, &wire_1_20_3, &out);
        assert_true(may_fail || !out.failed);
        buffer_free(&out);
    }
}

static void every_allocation_failing_in_turn_shows(void **state)
{
    (void)state;
    struct execution_graph *graph = new_pair();
    assert_true(fail_each_allocation(render_without_memory, graph) > 5);
    execution_graph_release(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vertex_is_as_real_clusters_show_it),
        cmocka_unit_test(each_subtask_has_its_own_times),
        cmocka_unit_test(what_subtasks_have_is_summed_and_spread),
        cmocka_unit_test(hosts_left_and_endpoints_came),
        cmocka_unit_test(a_task_manager_has_all_tasks),
        cmocka_unit_test(there_are_no_accumulators_and_no_back_pressure),
        cmocka_unit_test(a_vertex_without_subtasks_speaks_for_them),
        cmocka_unit_test(every_allocation_failing_in_turn_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
