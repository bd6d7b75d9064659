/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/bodies/real_body.h"

#include "rest_endpoint/policy_sets.h"
#include "rest_endpoint/render.h"

static const struct id job = {0, 0xa0000};

/* The job of the bodies: two vertices, the second of two subtasks. */
static struct execution_graph *new_graph(void)
{
    static const struct id source = {UINT64_C(0xcbc357ccb763df28), UINT64_C(0x52fee8c4fc7d55f2)};
    static const struct id sink = {UINT64_C(0x69e0ddb5967fa158), UINT64_C(0x203236ac5766dbb1)};
    struct execution_graph *graph = execution_graph_new(job, "gen-job", 2);
    assert_non_null(graph);
    graph->state = JOB_RUNNING;
    graph->vertices[0] = (struct graph_vertex){.id = source,
                                               .name = "Source: Sequence Source -> controlled-map",
                                               .parallelism = 1,
                                               .max_parallelism = 128,
                                               .state = EXECUTION_RUNNING,
                                               .start_ms = 1,
                                               .end_ms = -1};
    graph->vertices[1] = (struct graph_vertex){.id = sink,
                                               .name = "drop -> Sink: sink",
                                               .parallelism = 2,
                                               .max_parallelism = 128,
                                               .state = EXECUTION_RUNNING,
                                               .start_ms = 1,
                                               .end_ms = -1};
    return graph;
}

/* A job that could not be started has no execution graph. */
static struct execution_graph *new_sparse_graph(void)
{
    const struct id failed = {0, 0xa0004};
    struct execution_graph *graph = execution_graph_new(failed, "gen-job", 0);
    assert_non_null(graph);
    graph->state = JOB_FAILED;
    return graph;
}

enum part { CONFIG, EXCEPTIONS, PLAN, ACCUMULATORS, STATUS, PART_COUNT };

static void render_part(enum part part, const struct execution_graph *graph,
                        const struct endpoint_wire *wire, struct buffer *out)
{
    switch (part) {
    case CONFIG:
        render_job_config(graph, wire, out);
        break;
    case EXCEPTIONS:
        render_job_exceptions(graph, graph->failure_count, false, wire, out);
        break;
    case PLAN:
        render_job_plan(graph, wire, out);
        break;
    case ACCUMULATORS:
        render_job_accumulators(out);
        break;
    case STATUS:
        render_job_status(graph->state, out);
        break;
    case PART_COUNT:
        break;
    }
}

static struct endpoint_wire wire_of(const char *name)
{
    const struct policy_set *set = policy_set_find(name);
    struct settings settings;
    struct endpoint_config config;
    assert_non_null(set);
    settings_default(&settings);
    policy_set_configure(set, &settings, &config);
    return config.wire;
}

static void assert_parts_as_seen(const struct endpoint_wire *wire)
{
    static const char *const names[PART_COUNT] = {"job_config", "job_exceptions", "job_plan",
                                                  "job_accumulators", "job_status"};
    struct execution_graph *graph = new_graph();
    for (size_t i = 0; i < PART_COUNT; i++) {
        char *body = real_body(wire, names[i]);
        struct buffer out = {0};
        render_part((enum part)i, graph, wire, &out);
        assert_rendered(&out, body);
        free(body);
    }
    execution_graph_release(graph);
}

static void the_parts_of_a_running_job_are_as_real_clusters_write_them(void **state)
{
    (void)state;
    static const char *const sets[] = {"flink-1.17", "flink-1.18", "flink-1.20", "flink-2.3",
                                       "reference"};
    for (size_t i = 0; i < REAL_WIRES; i++)
        assert_parts_as_seen(real_wires[i]);
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        const struct endpoint_wire wire = wire_of(sets[i]);
        assert_parts_as_seen(&wire);
    }
}

static void every_set_has_the_members_of_its_side_of_2_0(void **state)
{
    (void)state;
    for (size_t i = 0; i < policy_set_count(); i++) {
        const struct endpoint_wire wire = wire_of(policy_set_name(policy_set_at(i)));
        const bool before_2_0 = wire.flink_version[0] == '1';
        assert_int_equal(wire.execution_mode, before_2_0);
        assert_int_equal(wire.root_exception, before_2_0);
        assert_non_null(wire.restart_strategy);
    }
}

#define FAILED_JOB \
    "{\"jid\":\"000000000000000000000000000a0004\",\"name\":\"gen-job\",\"execution-config\":{"
#define DEFAULTS                                                                             \
    "\"restart-strategy\":\"Cluster level default restart strategy\",\"job-parallelism\":1," \
    "\"object-reuse-mode\":false,\"user-config\":{}}}"

/* From the transcripts of the three versions. */
static void a_job_without_execution_graph_has_a_config_of_defaults_and_no_plan(void **state)
{
    (void)state;
    static const char *const configs[REAL_WIRES] = {
        FAILED_JOB "\"execution-mode\":\"PIPELINED\"," DEFAULTS,
        FAILED_JOB "\"execution-mode\":\"PIPELINED\"," DEFAULTS, FAILED_JOB DEFAULTS};
    static const char *const plans[REAL_WIRES] = {
        "{\"plan\":{}}", "{\"plan\":{}}",
        "{\"plan\":{\"jid\":\"\",\"name\":\"\",\"type\":\"\",\"nodes\":[]}}"};
    struct execution_graph *graph = new_sparse_graph();
    for (size_t i = 0; i < REAL_WIRES; i++) {
        struct buffer out = {0};
        render_job_config(graph, real_wires[i], &out);
        assert_rendered(&out, configs[i]);
        render_job_plan(graph, real_wires[i], &out);
        assert_rendered(&out, plans[i]);
    }
    execution_graph_release(graph);
}

static void the_status_is_the_state_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < JOB_STATUS_COUNT; i++) {
        char wanted[64];
        struct buffer out = {0};
        snprintf(wanted, sizeof(wanted), "{\"status\":\"%s\"}",
                 job_status_name((enum job_status)i));
        render_job_status((enum job_status)i, &out);
        assert_rendered(&out, wanted);
    }
}

static void a_name_is_escaped(void **state)
{
    (void)state;
    struct execution_graph *graph = execution_graph_new(job, "a \"job\"\n", 0);
    struct buffer out = {0};
    assert_non_null(graph);
    render_job_config(graph, &wire_2_3_0, &out);
    assert_rendered(&out, "{\"jid\":\"000000000000000000000000000a0000\","
                          "\"name\":\"a \\\"job\\\"\\n\",\"execution-config\":{" DEFAULTS);
    execution_graph_release(graph);
}

static void render_all(void *context, bool may_fail)
{
    for (size_t i = 0; i < PART_COUNT; i++) {
        struct buffer out = {0};
        render_part((enum part)i, context, &wire_1_17_2, &out);
        assert_true(may_fail || !out.failed);
        char *text = buffer_take(&out);
        if (text)
            json_decref(parse_body(text));
        free(text);
        buffer_free(&out);
    }
}

static void want_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    assert_true(fail_each_allocation(render_all, graph) > 0);
    execution_graph_release(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_of_a_running_job_are_as_real_clusters_write_them),
        cmocka_unit_test(every_set_has_the_members_of_its_side_of_2_0),
        cmocka_unit_test(a_job_without_execution_graph_has_a_config_of_defaults_and_no_plan),
        cmocka_unit_test(the_status_is_the_state_by_its_name),
        cmocka_unit_test(a_name_is_escaped),
        cmocka_unit_test(want_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
