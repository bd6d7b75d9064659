/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/support/conversation.h"

/* What Flink's dashboard asks for beside checkpoints: parts of a job and lists of the cluster. */

#define EXCEPTIONS_OF_A DASHBOARD_OF_A "/exceptions"
#define VERTEX_OF_A DASHBOARD_OF_A "/vertices/" VERTEX_ID
#define MISSING_ID "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"

/* Three failures, the newest at 30. */
static struct execution_graph *failed_graph(void)
{
    struct execution_graph *graph = graph_of(JOB_A, 100, stats_of(JOB_A, 1, 7, 7, "file:/a"));
    assert_non_null(graph);
    assert_true(execution_graph_make_failures(graph, 3));
    for (size_t i = 0; i < 3; i++) {
        graph->failures[i].exception_class = text_copy("a.B");
        graph->failures[i].at_ms = 30 - 10 * (int64_t)i;
    }
    return graph;
}

static struct execution_graph *graph_with_vertex(void)
{
    struct checkpoint_stats *stats = stats_of(JOB_A, 1, 7, 7, "file:/a");
    struct execution_graph *graph = stats ? execution_graph_new(JOB_A, "a job", 1) : NULL;
    if (!graph) {
        checkpoint_stats_release(stats);
        return NULL;
    }
    graph->stats = stats;
    graph->taken_ms = 50;
    graph->vertices[0] = (struct graph_vertex){
        .id = VERTEX, .name = "map", .parallelism = 2, .state = EXECUTION_RUNNING, .start_ms = 10};
    return graph;
}

static void exceptions_are_as_many_as_are_asked_for(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    get(&talk, 0, 1, EXCEPTIONS_OF_A);
    answer_with(&talk, 0, 0, (struct fetch_result){.graph = failed_graph()});
    assert_says(&talk, 1, "\"timestamp\":10,");
    assert_says(&talk, 1, "],\"truncated\":false}}");
    get(&talk, 0, 2, EXCEPTIONS_OF_A "?maxExceptions=3");
    assert_ptr_equal(reply_to(&talk, 1)->body, reply_to(&talk, 2)->body);
    get(&talk, 0, 3, EXCEPTIONS_OF_A "?maxExceptions=2");
    assert_says(&talk, 3, "\"timestamp\":20,");
    assert_says_not(&talk, 3, "\"timestamp\":10,");
    assert_says(&talk, 3, "],\"truncated\":true}}");
    get(&talk, 0, 4, EXCEPTIONS_OF_A "?maxExceptions=0");
    assert_says(&talk, 4, "\"entries\":[],\"truncated\":true}}");
    get(&talk, 0, 5, EXCEPTIONS_OF_A "?maxExceptions=-1");
    assert_int_equal(status_of(&talk, 5), 500);
    assert_says(&talk, 5, "java.lang.IllegalArgumentException: -1\\n");
    assert_int_equal(talk.fetch_count, 1);
    finish(&talk);
}

static void no_exception_has_a_label_where_versions_know_of_them(void **state)
{
    (void)state;
    static const struct {
        const char *set, *says;
    } cases[] = {{"flink-1.17", "\"timestamp\":10,"},
                 {"flink-1.18", "\"entries\":[],\"truncated\":false}}"}};
    for (size_t i = 0; i < 2; i++) {
        struct conversation talk;
        start(&talk, cases[i].set, NULL);
        get(&talk, 0, 1, EXCEPTIONS_OF_A "?failureLabelFilter=a:b");
        answer_with(&talk, 0, 0, (struct fetch_result){.graph = failed_graph()});
        assert_says(&talk, 1, cases[i].says);
        get(&talk, 0, 2, EXCEPTIONS_OF_A "?failureLabelFilter=a");
        assert_int_equal(status_of(&talk, 2), 400);
        assert_says(&talk, 2, "query parameter (failureLabelFilter) from value \\\"a\\\".");
        finish(&talk);
    }
}

static void what_is_asked_of_a_vertex_comes_from_the_graph(void **state)
{
    (void)state;
    static const struct {
        const char *under, *says;
    } cases[] = {
        {"", "\"name\":\"map\",\"parallelism\":2,"},
        {"/subtasktimes", "\"subtasks\":[{\"subtask\":0,"},
        {"/taskmanagers", "\"taskmanagers\":[{"},
        {"/accumulators", "\"user-accumulators\":[]"},
        {"/subtasks/accumulators", "\"parallelism\":2,"},
        {"/backpressure", "{\"status\":\"deprecated\"}"},
        {"/watermarks", "[]"},
    };
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    get(&talk, 0, 100, DASHBOARD_OF_A);
    answer_with(&talk, 0, 0, (struct fetch_result){.graph = graph_with_vertex()});
    for (uint64_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char target[256] = VERTEX_OF_A;
        get(&talk, 1, i, strcat(target, cases[i].under));
        assert_int_equal(status_of(&talk, i), 200);
        assert_says(&talk, i, cases[i].says);
        strcpy(target, DASHBOARD_OF_A "/vertices/" MISSING_ID);
        get(&talk, 1, 10 + i, strcat(target, cases[i].under));
        assert_int_equal(status_of(&talk, 10 + i), 404);
        assert_says(&talk, 10 + i, MISSING_ID);
    }
    assert_says(&talk, 10, "NotFoundException: JobVertex " MISSING_ID " not found\\n");
    assert_says(&talk, 11, "RestHandlerException: No vertex with ID '" MISSING_ID "' exists.\\n");
    assert_int_equal(talk.fetch_count, 1);
    finish(&talk);
}

static void what_there_is_nothing_of_is_empty_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *target, *says;
    } cases[] = {
        {"/jobs/metrics", "[]"},
        {"/taskmanagers/metrics?get=a", "[]"},
        {"/taskmanagers/any/metrics", "[]"},
        {DASHBOARD_OF_A "/metrics?get=lastCheckpointSize", "[]"},
        {VERTEX_OF_A "/metrics", "[]"},
        {VERTEX_OF_A "/subtasks/metrics?get=numRecordsIn,busyTimeMsPerSecond", "[]"},
        {"/jobmanager/logs", "{\"logs\":[]}"},
        {"/jobmanager/thread-dump", "{\"threadInfos\":[]}"},
        {"/jobmanager/environment",
         "{\"jvm\":{\"version\":\"none\",\"arch\":\"none\",\"options\":[]},\"classpath\":[]}"},
        {"/jobmanager/metrics?get=Status.JVM.Memory.Mapped.Count,nope",
         "[{\"id\":\"Status.JVM.Memory.Mapped.Count\",\"value\":\"0\"}]"},
        {"/jobmanager/metrics?get=nope", "[]"},
    };
    struct conversation talk;
    start(&talk, "flink-2.3", NULL);
    for (uint64_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        get(&talk, 0, i, cases[i].target);
        assert_int_equal(status_of(&talk, i), 200);
        assert_string_equal(text_of(&talk, i), cases[i].says);
    }
    get(&talk, 0, 50, "/jobmanager/metrics");
    assert_says(&talk, 50, "[{\"id\":\"Status.JVM.Memory.Heap.Used\"},{\"id\":\"");
    assert_int_equal(talk.fetch_count, 0);
    finish(&talk);
}

static struct fetch_result two_task_managers(void)
{
    struct task_manager_list *list = task_manager_list_new(2);
    assert_non_null(list);
    strcpy(list->lines[0].id, "127.0.0.1:1-a");
    strcpy(list->lines[1].id, "127.0.0.1:2-b");
    list->lines[1].slots = list->lines[1].slots_free = 4;
    return (struct fetch_result){.task_managers = list};
}

static void a_task_manager_is_found_by_its_id(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    get(&talk, 0, 1, "/taskmanagers/127.0.0.1:2-b");
    answer_with(&talk, 1, 0, two_task_managers());
    assert_int_equal(status_of(&talk, 1), 200);
    assert_says(&talk, 1, "{\"id\":\"127.0.0.1:2-b\",");
    assert_says(&talk, 1, "\"slotsNumber\":4,");
    assert_says(&talk, 1, "\"nettyShuffleMemorySegmentsTotal\":2048,");
    assert_says(&talk, 1, "\"garbageCollectors\":[]},\"allocatedSlots\":[]}");
    get(&talk, 0, 2, "/taskmanagers/127.0.0.1:2-bb");
    answer_with(&talk, 1, 1, two_task_managers());
    assert_int_equal(status_of(&talk, 2), 404);
    assert_says(&talk, 2, "RestHandlerException: Could not find TaskExecutor 127.0.0.1:2-bb.\\n");
    get(&talk, 0, 3, "/taskmanagers");
    answer_with(&talk, 1, 2, two_task_managers());
    assert_says(&talk, 3, "{\"taskmanagers\":[{\"id\":\"127.0.0.1:1-a\",");
    finish(&talk);
}

/* One job runs, the other was cancelled before. */
static struct fetch_result two_jobs(void)
{
    struct job_list *jobs = job_list_new(2, sizeof "first" + sizeof "second");
    assert_non_null(jobs);
    jobs->taken_ms = 100;
    jobs->lines[0] = (struct job_line){.job = JOB_B,
                                       .name = job_list_name(jobs, "first"),
                                       .state = JOB_CANCELED,
                                       .start_ms = 10,
                                       .end_ms = 40,
                                       .last_modification_ms = 40};
    jobs->lines[1] = (struct job_line){.job = JOB_A,
                                       .name = job_list_name(jobs, "second"),
                                       .state = JOB_RESTARTING,
                                       .start_ms = 60,
                                       .end_ms = -1,
                                       .last_modification_ms = 70};
    return (struct fetch_result){.jobs = jobs};
}

static void from_2_3_on_each_job_is_an_application(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-2.3", NULL);
    get(&talk, 0, 1, "/applications/overview");
    answer_with(&talk, 1, 0, two_jobs());
    assert_string_equal(
        text_of(&talk, 1),
        "{\"applications\":[{\"id\":\"" JOB_A_ID "\",\"name\":\"SingleJobApplication(second)\","
        "\"start-time\":60,\"end-time\":-1,\"duration\":40,\"status\":\"RUNNING\",\"jobs\":{"
        "\"RESTARTING\":1}},{\"id\":\"" JOB_B_ID "\",\"name\":\"SingleJobApplication(first)\","
        "\"start-time\":10,\"end-time\":40,\"duration\":30,\"status\":\"CANCELED\",\"jobs\":{"
        "\"CANCELED\":1}}]}");
    get(&talk, 0, 2, "/applications/" JOB_B_ID);
    answer_with(&talk, 1, 1, two_jobs());
    assert_says(&talk, 2,
                "{\"id\":\"" JOB_B_ID "\",\"name\":\"SingleJobApplication(first)\",\"status\":"
                "\"CANCELED\",\"start-time\":10,\"end-time\":40,\"duration\":30,\"timestamps\":{"
                "\"CREATED\":10,\"FAILING\":0,\"FAILED\":0,\"RUNNING\":10,\"CANCELED\":40,"
                "\"CANCELING\":0,\"FINISHED\":0},\"jobs\":[{\"jid\":\"" JOB_B_ID "\",");
    get(&talk, 0, 3, "/applications/" JOB_B_ID "/exceptions");
    answer_with(&talk, 1, 2, two_jobs());
    assert_string_equal(text_of(&talk, 3), "{\"exceptionHistory\":{\"entries\":[]}}");
    get(&talk, 0, 4, "/applications/" MISSING_ID);
    answer_with(&talk, 1, 3, two_jobs());
    assert_int_equal(status_of(&talk, 4), 404);
    get(&talk, 0, 5, "/applications/xyz");
    assert_says(&talk, 5, "Cannot resolve path parameter (applicationid) from value \\\"xyz\\\".");
    finish(&talk);
}

static void before_2_3_there_are_no_applications(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-2.2", NULL);
    get(&talk, 0, 1, "/applications/overview");
    get(&talk, 0, 2, "/applications/overview");
    get(&talk, 0, 3, "/applications/xyz");
    assert_true(reply_to(&talk, 1)->unrouted && reply_to(&talk, 2)->unrouted);
    assert_true(reply_to(&talk, 3)->unrouted);
    finish(&talk);
}

static void ask_for_parts(void *context, bool may_fail)
{
    static const char *const targets[] = {VERTEX_OF_A, VERTEX_OF_A "/taskmanagers",
                                          EXCEPTIONS_OF_A "?maxExceptions=1&maxExceptions=2",
                                          DASHBOARD_OF_A "/vertices/" MISSING_ID};
    struct conversation talk;
    bool taken[5];
    if (!start_with(&talk, context)) {
        assert_true(may_fail);
        return;
    }
    talk.may_fail = may_fail;
    for (uint64_t i = 0; i < 4; i++)
        taken[i] = get(&talk, 0, i, targets[i]) == 0;
    for (size_t i = 0; i < talk.fetch_count; i++)
        (void)answer_with(&talk, 1, i, (struct fetch_result){.graph = graph_with_vertex()});
    taken[4] = get(&talk, 1, 4, "/jobmanager/metrics?get=a&get=b") == 0;
    for (uint64_t i = 0; i < 5; i++)
        assert_int_equal(has_reply(&talk, i), taken[i]);
    finish(&talk);
}

static void parts_survive_each_allocation_failing(void **state)
{
    (void)state;
    struct endpoint_config config = config_of("flink-1.20", NULL);
    assert_true(fail_each_allocation(ask_for_parts, &config) > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exceptions_are_as_many_as_are_asked_for),
        cmocka_unit_test(no_exception_has_a_label_where_versions_know_of_them),
        cmocka_unit_test(what_is_asked_of_a_vertex_comes_from_the_graph),
        cmocka_unit_test(what_there_is_nothing_of_is_empty_at_once),
        cmocka_unit_test(a_task_manager_is_found_by_its_id),
        cmocka_unit_test(from_2_3_on_each_job_is_an_application),
        cmocka_unit_test(before_2_3_there_are_no_applications),
        cmocka_unit_test(parts_survive_each_allocation_failing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
