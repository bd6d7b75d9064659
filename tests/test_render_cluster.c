/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/bodies/real_body.h"

#include "rest_endpoint/render.h"

/* An empty cluster, as the transcripts begin. */
static void an_empty_cluster_is_as_real_clusters_write_it(void **state)
{
    (void)state;
    static const char *const bodies[REAL_WIRES] = {
        "{\"taskmanagers\":1,\"slots-total\":8,\"slots-available\":8,\"jobs-running\":0,"
        "\"jobs-finished\":0,\"jobs-cancelled\":0,\"jobs-failed\":0,\"flink-version\":\"1.17.2\","
        "\"flink-commit\":\"c0027e5\"}",
        "{\"taskmanagers\":1,\"slots-total\":8,\"slots-available\":8,\"jobs-running\":0,"
        "\"jobs-finished\":0,\"jobs-cancelled\":0,\"jobs-failed\":0,\"flink-version\":\"1.20.3\","
        "\"flink-commit\":\"01e3a6d\"}",
        "{\"taskmanagers\":1,\"slots-total\":8,\"slots-available\":8,\"jobs-running\":0,"
        "\"jobs-finished\":0,\"jobs-cancelled\":0,\"jobs-failed\":0,\"flink-version\":\"2.3.0\","
        "\"flink-commit\":\"c0f8d1a\"}"};
    const struct job_list none = {.taskmanagers = 1, .slots_total = 8, .slots_available = 8};
    for (size_t i = 0; i < REAL_WIRES; i++) {
        struct buffer out = {0};
        render_overview(&none, real_wires[i], &out);
        assert_rendered(&out, bodies[i]);
    }
}

static void jobs_that_have_not_ended_count_as_running(void **state)
{
    (void)state;
    static const struct {
        enum job_status state;
        const char *counts;
    } cases[JOB_STATUS_COUNT] = {
#define RUNNING "\"jobs-running\":1,\"jobs-finished\":0,\"jobs-cancelled\":0,\"jobs-failed\":0"
        {JOB_INITIALIZING, RUNNING},
        {JOB_CREATED, RUNNING},
        {JOB_RUNNING, RUNNING},
        {JOB_FAILING, RUNNING},
        {JOB_CANCELLING, RUNNING},
        {JOB_RESTARTING, RUNNING},
        {JOB_SUSPENDED, RUNNING},
        {JOB_RECONCILING, RUNNING},
        {JOB_FINISHED,
         "\"jobs-running\":0,\"jobs-finished\":1,\"jobs-cancelled\":0,\"jobs-failed\":0"},
        {JOB_CANCELED,
         "\"jobs-running\":0,\"jobs-finished\":0,\"jobs-cancelled\":1,\"jobs-failed\":0"},
        {JOB_FAILED,
         "\"jobs-running\":0,\"jobs-finished\":0,\"jobs-cancelled\":0,\"jobs-failed\":1"},
    };
    for (size_t i = 0; i < JOB_STATUS_COUNT; i++) {
        struct job_line line = {.state = cases[i].state};
        const struct job_list list = {
            .lines = &line, .count = 1, .taskmanagers = 2, .slots_total = 3, .slots_available = 4};
        char expected[256];
        struct buffer out = {0};
        snprintf(expected, sizeof(expected),
                 "{\"taskmanagers\":2,\"slots-total\":3,\"slots-available\":4,%s,"
                 "\"flink-version\":\"1.17.2\",\"flink-commit\":\"c0027e5\"}",
                 cases[i].counts);
        render_overview(&list, &wire_1_17_2, &out);
        assert_rendered(&out, expected);
    }
}

static void the_dashboard_config_is_as_real_clusters_write_it(void **state)
{
    (void)state;
    static const char *const bodies[REAL_WIRES] = {
        "{\"refresh-interval\":3000,\"timezone-name\":\"Coordinated Universal Time\","
        "\"timezone-offset\":0,\"flink-version\":\"1.17.2\",\"flink-revision\":\"c0027e5 @ "
        "2023-11-09T13:24:38+01:00\",\"features\":{\"web-submit\":true,\"web-cancel\":true,"
        "\"web-history\":false}}",
        "{\"refresh-interval\":3000,\"timezone-name\":\"Coordinated Universal Time\","
        "\"timezone-offset\":0,\"flink-version\":\"1.20.3\",\"flink-revision\":\"01e3a6d @ "
        "2025-09-20T02:22:05+02:00\",\"features\":{\"web-submit\":true,\"web-cancel\":true,"
        "\"web-rescale\":false,\"web-history\":false}}",
        "{\"refresh-interval\":3000,\"timezone-name\":\"Coordinated Universal Time\","
        "\"timezone-offset\":0,\"flink-version\":\"2.3.0\",\"flink-revision\":\"c0f8d1a @ "
        "2026-06-14T16:29:03+02:00\",\"features\":{\"web-submit\":true,\"web-cancel\":true,"
        "\"web-rescale\":false,\"web-history\":false}}"};
    for (size_t i = 0; i < REAL_WIRES; i++) {
        struct buffer out = {0};
        render_dashboard_config(3000, real_wires[i], &out);
        assert_rendered(&out, bodies[i]);
    }
}

static void a_trigger_is_answered_with_its_id(void **state)
{
    (void)state;
    struct buffer out = {0};
    render_trigger_response((struct id){0xabc, 1}, &out);
    assert_rendered(&out, "{\"request-id\":\"0000000000000abc0000000000000001\"}");
}

static void a_cancellation_is_answered_with_an_empty_object(void **state)
{
    (void)state;
    struct buffer out = {0};
    render_empty(&out);
    assert_rendered(&out, "{}");
}

static void assert_status(const struct fetch_result *result, const char *expected)
{
    struct buffer out = {0};
    render_trigger_status(result, &out);
    assert_rendered(&out, expected);
}

static void a_trigger_under_way_has_a_null_operation(void **state)
{
    (void)state;
    const struct fetch_result result = {.operation = {.checkpoint_id = 7}};
    assert_status(&result, "{\"status\":{\"id\":\"IN_PROGRESS\"},\"operation\":null}");
}

static void a_trigger_that_is_done_names_its_checkpoint(void **state)
{
    (void)state;
    const struct fetch_result result = {.operation = {.done = true, .checkpoint_id = 8}};
    assert_status(&result,
                  "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":8}}");
}

/* The shape is that of the transcripts, without the trace's many lines. */
static void a_trigger_that_failed_is_completed_with_a_cause(void **state)
{
    (void)state;
    char failure[] = "Task \"a\" has failed.";
    const struct fetch_result result = {
        .operation = {.done = true, .failed = true, .failure = failure}};
    static const char expected[] =
        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"failureCause\":{\"class\":"
        "\"java.util.concurrent.CompletionException\",\"stack-trace\":"
        "\"java.util.concurrent.CompletionException: Task \\\"a\\\" has failed.\\n"
        "\\tat freshcheck.rest_endpoint.answer(Native Method)\\n\","
        "\"serialized-throwable\":\"rO0ABX";
    struct buffer out = {0};
    render_trigger_status(&result, &out);
    assert_false(out.failed);
    assert_true(out.length > sizeof expected);
    assert_memory_equal(out.bytes, expected, sizeof expected - 1);
    assert_memory_equal(out.bytes + out.length - 4, "\"}}}", 4);
    buffer_free(&out);
}

static void render_all(void *context, bool may_fail)
{
    (void)context;
    struct job_line line = {.state = JOB_RUNNING};
    const struct job_list list = {.lines = &line, .count = 1};
    char failure[] = "x";
    const struct fetch_result failed = {
        .operation = {.done = true, .failed = true, .failure = failure}};
    struct buffer parts[4] = {{0}};

    render_overview(&list, &wire_1_20_3, &parts[0]);
    render_dashboard_config(1, &wire_1_20_3, &parts[1]);
    render_trigger_response((struct id){1, 2}, &parts[2]);
    render_trigger_status(&failed, &parts[3]);
    for (size_t i = 0; i < 4; i++) {
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
    assert_true(fail_each_allocation(render_all, NULL) >= 5);
}

/* The bytes of a running 2.3.0, with a heartbeat of its own. */
static void task_managers_are_as_a_running_cluster_shows_them(void **state)
{
    (void)state;
    const struct endpoint_wire wire = {.assigned_tasks = true};
    struct task_manager line = {.id = "127.0.0.1:36209-ecf5c0",
                                .rpc_port = 36209,
                                .data_port = 44645,
                                .heartbeat_ms = INT64_C(1795384685284),
                                .slots = 8,
                                .slots_free = 8};
    const struct task_manager_list list = {.references = 1, .lines = &line, .count = 1};
    struct buffer out = {0};
    render_task_managers(&list, &wire, &out);
    assert_rendered(
        &out,
        "{\"taskmanagers\":[{\"id\":\"127.0.0.1:36209-ecf5c0\",\"path\":\"pekko.tcp://"
        "flink@127.0.0.1:36209/user/rpc/"
        "taskmanager_0\",\"dataPort\":44645,\"jmxPort\":-1,\"timeSinceLastHeartbeat\":"
        "1795384685284,\"slotsNumber\":8,\"freeSlots\":8,\"assignedTasks\":0,\"totalResource\":{"
        "\"cpuCores\":2.0,\"taskHeapMemory\":256,\"taskOffHeapMemory\":0,\"managedMemory\":64,"
        "\"networkMemory\":64,\"extendedResources\":{}},\"freeResource\":{\"cpuCores\":2.0,"
        "\"taskHeapMemory\":256,\"taskOffHeapMemory\":0,\"managedMemory\":64,\"networkMemory\":64,"
        "\"extendedResources\":{}},\"hardware\":{\"cpuCores\":2,\"physicalMemory\":25276514304,"
        "\"freeMemory\":405471232,\"managedMemory\":67108864},\"memoryConfiguration\":{"
        "\"frameworkHeap\":67108864,\"taskHeap\":268435456,\"frameworkOffHeap\":67108864,"
        "\"taskOffHeap\":0,\"networkMemory\":67108864,\"managedMemory\":67108864,\"jvmMetaspace\":"
        "134217728,\"jvmOverhead\":67108864,\"totalFlinkMemory\":536870912,\"totalProcessMemory\":"
        "738197504}}]}");
}

static void up_to_1_17_a_task_manager_lives_in_akka_and_its_tasks_are_not_counted(void **state)
{
    (void)state;
    const struct endpoint_wire wire = {.akka = true};
    struct task_manager line = {.id = "t", .slots = 8, .slots_free = 6};
    const struct task_manager_list list = {.references = 1, .lines = &line, .count = 1};
    struct buffer out = {0};
    render_task_managers(&list, &wire, &out);
    buffer_char(&out, '\0');
    assert_non_null(strstr(out.bytes, "\"akka.tcp://flink@127.0.0.1:0/user/rpc/taskmanager_0\""));
    assert_null(strstr(out.bytes, "assignedTasks"));
    assert_non_null(
        strstr(out.bytes, "\"freeResource\":{\"cpuCores\":1.5,\"taskHeapMemory\":192,"));
    buffer_free(&out);
}

static void the_configuration_is_a_list_of_keys_and_values(void **state)
{
    (void)state;
    static const struct configuration_line lines[] = {{"rest.port", "8081"}, {"a", "\"b\""}};
    struct buffer out = {0};
    render_configuration(lines, 2, &out);
    assert_rendered(&out, "[{\"key\":\"rest.port\",\"value\":\"8081\"},"
                          "{\"key\":\"a\",\"value\":\"\\\"b\\\"\"}]");
    render_configuration(NULL, 0, &out);
    assert_rendered(&out, "[]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_cluster_is_as_real_clusters_write_it),
        cmocka_unit_test(jobs_that_have_not_ended_count_as_running),
        cmocka_unit_test(the_dashboard_config_is_as_real_clusters_write_it),
        cmocka_unit_test(a_trigger_is_answered_with_its_id),
        cmocka_unit_test(a_cancellation_is_answered_with_an_empty_object),
        cmocka_unit_test(a_trigger_under_way_has_a_null_operation),
        cmocka_unit_test(a_trigger_that_is_done_names_its_checkpoint),
        cmocka_unit_test(a_trigger_that_failed_is_completed_with_a_cause),
        cmocka_unit_test(want_of_memory_is_told_and_leaks_nothing),
        cmocka_unit_test(task_managers_are_as_a_running_cluster_shows_them),
        cmocka_unit_test(up_to_1_17_a_task_manager_lives_in_akka_and_its_tasks_are_not_counted),
        cmocka_unit_test(the_configuration_is_a_list_of_keys_and_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
