/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/bodies/real_body.h"

#include "rest_endpoint/render.h"

/*
 * GET /jobs/:jobid/exceptions. The traces in job_exceptions_two.json are cut to their first line
 * and given our one frame; all else is as real clusters sent it.
 */

/* What stands before the first frame, without the class. */
static char *read_message(const char *trace, const char *exception_class)
{
    const char *message = trace + strlen(exception_class) + 2;
    return text_copy_length(message, (size_t)(strchr(message, '\n') - message));
}

static void read_failure(const json_t *object, struct graph_failure *failure)
{
    const json_t *location = json_object_get(object, "location");
    failure->exception_class = text_copy(text_member(object, "exceptionName"));
    failure->message = read_message(text_member(object, "stacktrace"), failure->exception_class);
    failure->at_ms = number_member(object, "timestamp");
    failure->task_name = text_copy(text_member(object, "taskName"));
    failure->endpoint =
        text_copy(location ? json_string_value(location) : text_member(object, "endpoint"));
    failure->task_manager_id = text_copy(text_member(object, "taskManagerId"));
}

static struct execution_graph *read_graph(const json_t *root)
{
    const json_t *entries = member(member(root, "exceptionHistory"), "entries");
    struct execution_graph *graph = execution_graph_new((struct id){1, 2}, "a job", 0);
    assert_non_null(graph);
    assert_true(json_array_size(entries) >= 2);
    assert_true(execution_graph_make_failures(graph, json_array_size(entries)));
    for (size_t i = 0; i < graph->failure_count; i++)
        read_failure(json_array_get(entries, i), &graph->failures[i]);
    return graph;
}

static void the_failures_of_a_job_are_as_real_clusters_show_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < REAL_WIRES; i++) {
        char *body = real_body(real_wires[i], "job_exceptions_two");
        json_t *root = parse_body(body);
        struct execution_graph *graph = read_graph(root);
        struct buffer out = {0};
        render_job_exceptions(graph, graph->failure_count, false, real_wires[i], &out);
        assert_rendered(&out, body);
        execution_graph_release(graph);
        json_decref(root);
        free(body);
    }
}

static struct execution_graph *new_graph(void)
{
    struct execution_graph *graph = execution_graph_new((struct id){1, 2}, "a job", 0);
    assert_non_null(graph);
    assert_true(execution_graph_make_failures(graph, 2));
    graph->failures[0].exception_class = text_copy("a.B");
    graph->failures[0].at_ms = 7;
    graph->failures[1].exception_class = text_copy("a.C");
    return graph;
}

static void a_failure_that_is_of_no_task_names_none(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    struct buffer out = {0};
    render_job_exceptions(graph, 1, true, &wire_2_3_0, &out);
    assert_rendered(
        &out, "{\"exceptionHistory\":{\"entries\":[{\"exceptionName\":\"a.B\",\"stacktrace\":"
              "\"a.B\\n\\tat freshcheck.rest_endpoint.answer(Native Method)\\n\",\"timestamp\":7,"
              "\"failureLabels\":{},\"concurrentExceptions\":[]}],\"truncated\":true}}");
    execution_graph_release(graph);
}

static void the_newest_failure_is_the_root_even_when_no_entry_is_asked_for(void **state)
{
    (void)state;
    struct execution_graph *graph = new_graph();
    struct buffer out = {0};
    render_job_exceptions(graph, 0, true, &wire_1_17_2, &out);
    assert_rendered(&out,
                    "{\"root-exception\":\"a.B\\n\\tat freshcheck.rest_endpoint.answer(Native "
                    "Method)\\n\",\"timestamp\":7,\"all-exceptions\":[],\"truncated\":false,"
                    "\"exceptionHistory\":{\"entries\":[],\"truncated\":true}}");
    execution_graph_release(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_failures_of_a_job_are_as_real_clusters_show_them),
        cmocka_unit_test(a_failure_that_is_of_no_task_names_none),
        cmocka_unit_test(the_newest_failure_is_the_root_even_when_no_entry_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
