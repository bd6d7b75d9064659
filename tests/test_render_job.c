/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/bodies/real_body.h"

#include <math.h>

#include "rest_endpoint/render.h"

static const char *const job_statuses[] = {
#define X(name) #name,
    JOB_STATUS_MAP(X)
#undef X
};

static const char *const execution_states[] = {
#define X(name) #name,
    EXECUTION_STATE_MAP(X)
#undef X
};

static void read_vertex(const json_t *object, struct graph_vertex *vertex)
{
    vertex->id = id_member(object, "id");
    vertex->name = text_member(object, "name");
    vertex->parallelism = (int32_t)number_member(object, "parallelism");
    vertex->max_parallelism = (int32_t)number_member(object, "maxParallelism");
    vertex->state = (enum execution_state)index_of(text_member(object, "status"), execution_states,
                                                   EXECUTION_STATE_COUNT);
    vertex->start_ms = number_member(object, "start-time");
    vertex->end_ms = number_member(object, "end-time");
}

static void read_group(const json_t *vertices, struct execution_graph *graph)
{
    const json_t *group = json_object_get(json_array_get(vertices, 0), "slotSharingGroupId");
    if (group)
        graph->slot_sharing_group = parse_id(json_string_value(group));
}

/* The names of its vertices are the body's. */
static struct execution_graph *read_graph(const json_t *root)
{
    const json_t *vertices = member(root, "vertices"), *times = member(root, "timestamps");
    struct execution_graph *graph = execution_graph_new(
        id_member(root, "jid"), text_member(root, "name"), json_array_size(vertices));
    assert_non_null(graph);
    read_group(vertices, graph);
    graph->state =
        (enum job_status)index_of(text_member(root, "state"), job_statuses, JOB_STATUS_COUNT);
    graph->start_ms = number_member(root, "start-time");
    graph->end_ms = number_member(root, "end-time");
    for (size_t i = 0; i < JOB_STATUS_COUNT; i++)
        graph->state_ms[i] = number_member(times, job_statuses[i]);
    for (size_t i = 0; i < graph->vertex_count; i++)
        read_vertex(json_array_get(vertices, i), &graph->vertices[i]);
    return graph;
}

/* Puts the members of a map into the order of the names; they must be the same ones. */
static void reorder(json_t *object, const char *key, const char *const *names, size_t count)
{
    json_t *map = json_object_get(object, key), *ordered = json_object();
    assert_int_equal(json_object_size(map), count);
    for (size_t i = 0; i < count; i++)
        json_object_set(ordered, names[i], json_object_get(map, names[i]));
    assert_int_equal(json_object_size(ordered), count);
    json_object_set_new(object, key, ordered);
}

/* The body as it would be from a JobManager whose hash tables keep the order of declaration: it is
 * not the same in two runs of Flink. */
static char *settle(json_t *root)
{
    size_t i;
    json_t *vertex;

    reorder(root, "timestamps", job_statuses, JOB_STATUS_COUNT);
    reorder(root, "status-counts", execution_states, EXECUTION_STATE_COUNT);
    json_array_foreach(json_object_get(root, "vertices"), i, vertex)
    {
        reorder(vertex, "tasks", execution_states, EXECUTION_STATE_COUNT);
    }
    char *text = json_dumps(root, JSON_COMPACT);
    assert_non_null(text);
    return text;
}

/* The group's id as we wrote it, or "" for versions that have none. */
static void find_group(const char *ours, char group[ID_DIGITS + 1])
{
    const char *at = strstr(ours, "\"slotSharingGroupId\":\"");
    group[0] = '\0';
    if (at)
        snprintf(group, ID_DIGITS + 1, "%s", at + strlen("\"slotSharingGroupId\":\""));
}

static void assert_job_as_in(json_t *root, const struct endpoint_wire *wire)
{
    struct execution_graph *graph = read_graph(root);
    struct buffer out = {0};
    render_job(graph, number_member(root, "now"), wire, &out);
    char *ours = take_checked(&out);
    char *expected = settle(root);
    assert_string_equal(ours, expected);
    free(ours);
    free(expected);
    execution_graph_release(graph);
}

static void a_running_job_is_as_real_clusters_write_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < REAL_WIRES; i++) {
        char *body = real_body(real_wires[i], "job");
        json_t *root = parse_body(body);
        assert_int_equal(json_array_size(member(root, "vertices")), 2);
        assert_job_as_in(root, real_wires[i]);
        json_decref(root);
        free(body);
    }
}

/* A job whose start failed; from the transcripts of the three versions. */
#define FAILED_AT_ONCE_TIMES                                                                      \
    "\"start-time\":1795384781830,\"end-time\":1795384781837,\"duration\":7,"                     \
    "\"maxParallelism\":-1,\"now\":1795384781893,\"timestamps\":{\"INITIALIZING\":1795384781830," \
    "\"CREATED\":0,\"FAILED\":1795384781837,\"FAILING\":0,\"FINISHED\":0,\"RUNNING\":0,"          \
    "\"CANCELLING\":0,\"RECONCILING\":0,\"CANCELED\":0,\"RESTARTING\":0,\"SUSPENDED\":0},"        \
    "\"vertices\":[],\"status-counts\":{\"CANCELED\":0,\"FAILED\":0,\"FINISHED\":0,"              \
    "\"INITIALIZING\":0,\"SCHEDULED\":0,\"DEPLOYING\":0,\"RECONCILING\":0,\"CREATED\":0,"         \
    "\"CANCELING\":0,\"RUNNING\":0}"

static void a_job_without_execution_graph_has_no_vertices_and_no_plan(void **state)
{
    (void)state;
    static const char *const bodies[REAL_WIRES] = {
        "{\"jid\":\"000000000000000000000000000a0004\",\"name\":\"gen-job\",\"isStoppable\":false,"
        "\"state\":\"FAILED\"," FAILED_AT_ONCE_TIMES ",\"plan\":{}}",
        "{\"jid\":\"000000000000000000000000000a0004\",\"name\":\"gen-job\",\"isStoppable\":false,"
        "\"state\":\"FAILED\",\"job-type\":\"STREAMING\"," FAILED_AT_ONCE_TIMES ",\"plan\":{}}",
        "{\"jid\":\"000000000000000000000000000a0004\",\"application-id\":null,"
        "\"name\":\"gen-job\",\"isStoppable\":false,\"state\":\"FAILED\",\"job-type\":"
        "\"STREAMING\",\"schedulerType\":null," FAILED_AT_ONCE_TIMES ",\"plan\":{\"jid\":\"\","
        "\"name\":\"\",\"type\":\"\",\"nodes\":[]},\"pending-operators\":0}"};
    for (size_t i = 0; i < REAL_WIRES; i++) {
        json_t *root = parse_body(bodies[i]);
        assert_job_as_in(root, real_wires[i]);
        json_decref(root);
    }
}

static const struct id job = {0, 0xa0000};

/* Three vertices: created, running since 150, finished from 120 to 180. */
static struct execution_graph *new_graph(void)
{
    struct execution_graph *graph = execution_graph_new(job, "a \"job\"", 3);
    assert_non_null(graph);
    graph->state = JOB_RUNNING;
    graph->start_ms = 100;
    graph->state_ms[JOB_RUNNING] = 110;
    graph->vertices[0] = (struct graph_vertex){.id = {0, 1},
                                               .name = "in",
                                               .parallelism = 2,
                                               .max_parallelism = 128,
                                               .state = EXECUTION_CREATED,
                                               .start_ms = -1,
                                               .end_ms = -1};
    graph->vertices[1] = (struct graph_vertex){.id = {0, 2},
                                               .name = "a -> <b> & \"c\" -> d",
                                               .parallelism = 2,
                                               .max_parallelism = 128,
                                               .state = EXECUTION_RUNNING,
                                               .start_ms = 150,
                                               .end_ms = -1};
    graph->vertices[2] = (struct graph_vertex){.id = {0, 3},
                                               .name = "out",
                                               .parallelism = 5,
                                               .max_parallelism = 64,
                                               .state = EXECUTION_FINISHED,
                                               .start_ms = 120,
                                               .end_ms = 180};
    return graph;
}

static char *rendered_job(const struct execution_graph *graph, int64_t now_ms,
                          const struct endpoint_wire *wire)
{
    struct buffer out = {0};
    render_job(graph, now_ms, wire, &out);
    return take_checked(&out);
}

static void assert_contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no %s in %s", part, text);
}

static void durations_run_until_the_end_or_now(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    char *text = rendered_job(graph, 200, &wire_1_17_2);
    assert_contains(text, "\"start-time\":100,\"end-time\":-1,\"duration\":100,");
    assert_contains(text, "\"now\":200,");
    assert_contains(text, "\"start-time\":-1,\"end-time\":-1,\"duration\":-1,");
    assert_contains(text, "\"start-time\":150,\"end-time\":-1,\"duration\":50,");
    assert_contains(text, "\"start-time\":120,\"end-time\":180,\"duration\":60,");
    free(text);
    graph->state = JOB_CANCELED;
    graph->end_ms = 190;
    text = rendered_job(graph, 200, &wire_1_17_2);
    assert_contains(text, "\"state\":\"CANCELED\",\"start-time\":100,\"end-time\":190,"
                          "\"duration\":90,");
    free(text);
    execution_graph_release(graph);
}

static void subtasks_and_vertices_are_counted_by_state(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    graph->vertices[0].state = EXECUTION_FINISHED;
    char *text = rendered_job(graph, 200, &wire_1_17_2);
    assert_contains(text, "\"tasks\":{\"CREATED\":0,\"SCHEDULED\":0,\"DEPLOYING\":0,\"RUNNING\":0,"
                          "\"FINISHED\":5,\"CANCELING\":0,\"CANCELED\":0,\"FAILED\":0,"
                          "\"RECONCILING\":0,\"INITIALIZING\":0}");
    assert_contains(text, "\"status-counts\":{\"CREATED\":0,\"SCHEDULED\":0,\"DEPLOYING\":0,"
                          "\"RUNNING\":1,\"FINISHED\":2,\"CANCELING\":0,");
    free(text);
    execution_graph_release(graph);
}

static void the_plan_chains_the_vertices_from_the_last_to_the_first(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    char *text = rendered_job(graph, 200, &wire_1_17_2);
    assert_contains(
        text,
        "\"plan\":{\"jid\":\"000000000000000000000000000a0000\",\"name\":\"a \\\"job\\\"\","
        "\"type\":\"STREAMING\",\"nodes\":["
        "{\"id\":\"00000000000000000000000000000003\",\"parallelism\":5,\"operator\":\"\","
        "\"operator_strategy\":\"\",\"description\":\"out<br/>\",\"inputs\":[{\"num\":0,"
        "\"id\":\"00000000000000000000000000000002\",\"ship_strategy\":\"REBALANCE\","
        "\"exchange\":\"pipelined_bounded\"}],\"optimizer_properties\":{}},"
        "{\"id\":\"00000000000000000000000000000002\",\"parallelism\":2,\"operator\":\"\","
        "\"operator_strategy\":\"\",\"description\":\"a<br/>+- &lt;b&gt; &amp; &quot;c&quot;<br/>"
        "   +- d<br/>\",\"inputs\":[{\"num\":0,\"id\":\"00000000000000000000000000000001\","
        "\"ship_strategy\":\"FORWARD\",\"exchange\":\"pipelined_bounded\"}],"
        "\"optimizer_properties\":{}},"
        "{\"id\":\"00000000000000000000000000000001\",\"parallelism\":2,\"operator\":\"\","
        "\"operator_strategy\":\"\",\"description\":\"in<br/>\",\"optimizer_properties\":{}}]}");
    free(text);
    execution_graph_release(graph);
}

static void all_vertices_of_a_job_share_the_slot_group_of_the_graph(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    char first[ID_DIGITS + 1], other[ID_DIGITS + 1];
    graph->slot_sharing_group = (struct id){1, 2};
    char *text = rendered_job(graph, 200, &wire_1_20_3);
    find_group(text, first);
    find_group(strstr(text, "slotSharingGroupId") + 1, other);
    assert_string_equal(first, "00000000000000010000000000000002");
    assert_string_equal(first, other);
    free(text);
    text = rendered_job(graph, 200, &wire_1_17_2);
    assert_null(strstr(text, "slotSharingGroupId"));
    free(text);
    execution_graph_release(graph);
}

static void tasks_are_counted_by_the_state_of_each(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    struct graph_vertex *vertex = &graph->vertices[2];
    assert_int_equal(vertex->parallelism, 5);
    assert_true(execution_graph_make_subtasks(graph));
    for (int i = 0; i < 5; i++)
        vertex->subtasks[i].state = i < 2 ? EXECUTION_RUNNING : EXECUTION_INITIALIZING;
    char *text = rendered_job(graph, 200, &wire_1_17_2);
    assert_contains(text, "\"tasks\":{\"CREATED\":0,\"SCHEDULED\":0,\"DEPLOYING\":0,\"RUNNING\":2,"
                          "\"FINISHED\":0,\"CANCELING\":0,\"CANCELED\":0,\"FAILED\":0,"
                          "\"RECONCILING\":0,\"INITIALIZING\":3}");
    free(text);
    execution_graph_release(graph);
}

static void metrics_are_those_of_the_vertex(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    graph->vertices[0].metrics = (struct vertex_metrics){.complete = true,
                                                         .read_bytes = 1,
                                                         .write_bytes = 2,
                                                         .read_records = 3,
                                                         .write_records = 4,
                                                         .backpressured_ms = 5,
                                                         .idle_ms = 6,
                                                         .busy_ms = NAN};
    char *text = rendered_job(graph, 200, &wire_1_20_3);
    assert_contains(
        text,
        "\"metrics\":{\"read-bytes\":1,\"read-bytes-complete\":true,\"write-bytes\":2,"
        "\"write-bytes-complete\":true,\"read-records\":3,\"read-records-complete\":true,"
        "\"write-records\":4,\"write-records-complete\":true,\"accumulated-backpressured-time\":5,"
        "\"accumulated-idle-time\":6,\"accumulated-busy-time\":\"NaN\"}");
    free(text);
    execution_graph_release(graph);
}

static void a_job_without_a_plan_shows_none_though_it_has_vertices(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    graph->has_plan = false;
    char *text = rendered_job(graph, 200, &wire_1_20_3);
    assert_contains(text, "\"plan\":{}}");
    free(text);
    text = rendered_job(graph, 200, &wire_2_3_0);
    assert_contains(text, "\"plan\":{\"jid\":\"\",\"name\":\"\",\"type\":\"\",\"nodes\":[]}");
    assert_contains(text, "\"application-id\":null");
    free(text);
    execution_graph_release(graph);
}

static void read_line(const json_t *object, struct job_list *list, struct job_line *line)
{
    static const char *const states[EXECUTION_STATE_COUNT] = {
        "created",   "scheduled", "deploying", "running",     "finished",
        "canceling", "canceled",  "failed",    "reconciling", "initializing"};
    const json_t *tasks = member(object, "tasks");

    line->job = id_member(object, "jid");
    line->name = job_list_name(list, text_member(object, "name"));
    line->state =
        (enum job_status)index_of(text_member(object, "state"), job_statuses, JOB_STATUS_COUNT);
    line->start_ms = number_member(object, "start-time");
    line->end_ms = number_member(object, "end-time");
    line->last_modification_ms = number_member(object, "last-modification");
    line->task_count = (int32_t)number_member(tasks, "total");
    for (size_t i = 0; i < EXECUTION_STATE_COUNT; i++)
        line->tasks[i] = (int32_t)number_member(tasks, states[i]);
}

static struct job_list *read_list(const json_t *root, bool backwards)
{
    const json_t *jobs = member(root, "jobs");
    size_t count = json_array_size(jobs);
    size_t name_bytes = 0;
    for (size_t i = 0; i < count; i++)
        name_bytes += strlen(text_member(json_array_get(jobs, i), "name")) + 1;
    struct job_list *list = job_list_new(count, name_bytes);
    assert_non_null(list);
    for (size_t i = 0; i < count; i++)
        read_line(json_array_get(jobs, backwards ? count - 1 - i : i), list, &list->lines[i]);
    return list;
}

/* 2.3.0 is given its jobs the other way round, and must sort them. */
static void all_jobs_are_as_real_clusters_write_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < REAL_WIRES; i++) {
        char *body = real_body(real_wires[i], "jobs_overview");
        json_t *root = parse_body(body);
        struct job_list *list = read_list(root, real_wires[i]->newest_job_first);
        struct buffer out = {0};
        assert_int_equal(list->count, 5);
        render_jobs_overview(list, 1, real_wires[i], &out);
        assert_rendered(&out, body);
        job_list_release(list);
        json_decref(root);
        free(body);
    }
}

/* Started at 5, 9, 5 and not over. */
static struct job_list *new_list(void)
{
    static const int64_t starts[] = {5, 9, 5};
    struct job_list *list = job_list_new(3, 3 * sizeof "j");
    assert_non_null(list);
    for (size_t i = 0; i < 3; i++) {
        list->lines[i] = (struct job_line){.job = {0, 3 - i},
                                           .name = job_list_name(list, "j"),
                                           .state = JOB_RUNNING,
                                           .start_ms = starts[i],
                                           .end_ms = -1};
    }
    list->lines[1].state = JOB_CANCELLING;
    return list;
}

#define ID_LINE(digit, state) \
    "{\"id\":\"0000000000000000000000000000000" digit "\",\"status\":\"" state "\"}"

static void job_ids_come_in_the_order_of_the_list_up_to_2_0(void **state)
{
    (void)state;
    struct job_list *list = new_list();
    struct buffer out = {0};
    render_job_ids(list, &wire_1_20_3, &out);
    assert_rendered(&out, "{\"jobs\":[" ID_LINE("3", "RUNNING") "," ID_LINE(
                              "2", "CANCELLING") "," ID_LINE("1", "RUNNING") "]}");
    job_list_release(list);
}

static void newer_jobs_come_first_from_2_1_on_and_ids_decide_a_tie(void **state)
{
    (void)state;
    struct job_list *list = new_list();
    struct buffer out = {0};
    render_job_ids(list, &wire_2_3_0, &out);
    assert_rendered(&out, "{\"jobs\":[" ID_LINE("2", "CANCELLING") "," ID_LINE(
                              "1", "RUNNING") "," ID_LINE("3", "RUNNING") "]}");
    job_list_release(list);
}

static void a_job_that_is_not_over_has_lasted_until_now(void **state)
{
    (void)state;
    struct job_list *list = new_list();
    struct buffer out = {0};
    render_jobs_overview(list, 29, &wire_1_17_2, &out);
    char *text = take_checked(&out);
    assert_contains(text, "\"start-time\":9,\"end-time\":-1,\"duration\":20,");
    free(text);
    job_list_release(list);
}

static void no_jobs_make_an_empty_array(void **state)
{
    (void)state;
    struct job_list *list = job_list_new(0, 0);
    struct buffer out = {0};
    assert_non_null(list);
    render_job_ids(list, &wire_2_3_0, &out);
    assert_rendered(&out, "{\"jobs\":[]}");
    render_jobs_overview(list, 1, &wire_1_17_2, &out);
    assert_rendered(&out, "{\"jobs\":[]}");
    job_list_release(list);
}

struct inputs {
    struct execution_graph *graph;
    struct job_list *list;
};

static void render_all(void *context, bool may_fail)
{
    const struct inputs *inputs = context;
    struct buffer parts[3] = {{0}};

    render_job(inputs->graph, 200, &wire_2_3_0, &parts[0]);
    render_job_ids(inputs->list, &wire_2_3_0, &parts[1]);
    render_jobs_overview(inputs->list, 200, &wire_2_3_0, &parts[2]);
    for (size_t i = 0; i < 3; i++) {
        assert_true(may_fail || !parts[i].failed);
        char *text = buffer_take(&parts[i]);
        if (text)
            json_decref(parse_body(text));
        free(text);
    }
}

static void want_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    struct inputs inputs = {new_graph(), new_list()};
    assert_true(fail_each_allocation(render_all, &inputs) >= 8);
    execution_graph_release(inputs.graph);
    job_list_release(inputs.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_job_is_as_real_clusters_write_it),
        cmocka_unit_test(a_job_without_execution_graph_has_no_vertices_and_no_plan),
        cmocka_unit_test(durations_run_until_the_end_or_now),
        cmocka_unit_test(subtasks_and_vertices_are_counted_by_state),
        cmocka_unit_test(the_plan_chains_the_vertices_from_the_last_to_the_first),
        cmocka_unit_test(all_vertices_of_a_job_share_the_slot_group_of_the_graph),
        cmocka_unit_test(tasks_are_counted_by_the_state_of_each),
        cmocka_unit_test(metrics_are_those_of_the_vertex),
        cmocka_unit_test(a_job_without_a_plan_shows_none_though_it_has_vertices),
        cmocka_unit_test(all_jobs_are_as_real_clusters_write_them),
        cmocka_unit_test(job_ids_come_in_the_order_of_the_list_up_to_2_0),
        cmocka_unit_test(newer_jobs_come_first_from_2_1_on_and_ids_decide_a_tie),
        cmocka_unit_test(a_job_that_is_not_over_has_lasted_until_now),
        cmocka_unit_test(no_jobs_make_an_empty_array),
        cmocka_unit_test(want_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
