/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/bodies/real_body.h"

#include "rest_endpoint/render.h"

#define FRAME "\\n\\tat freshcheck.rest_endpoint.answer(Native Method)\\n"

/* As 1.17.2 to 2.3.0 begin their answer for an unknown job. */
static void a_handler_error_is_one_text_from_class_to_trace(void **state)
{
    (void)state;
    struct buffer out = {0};
    render_handler_error("org.apache.flink.runtime.rest.NotFoundException",
                         "Job ffffffffffffffffffffffffffffffff not found", &out);
    assert_rendered(&out, "{\"errors\":[\"org.apache.flink.runtime.rest.NotFoundException: "
                          "Job ffffffffffffffffffffffffffffffff not found" FRAME "\"]}");
}

static void quotes_of_a_message_are_escaped(void **state)
{
    (void)state;
    struct buffer out = {0};
    render_handler_error("org.apache.flink.runtime.rest.handler.RestHandlerException",
                         "Cannot resolve path parameter (jobid) from value \"x\\y\".", &out);
    assert_rendered(&out, "{\"errors\":[\"org.apache.flink.runtime.rest.handler."
                          "RestHandlerException: Cannot resolve path parameter (jobid) from value "
                          "\\\"x\\\\y\\\"." FRAME "\"]}");
}

static void a_throwable_without_message_is_its_class_alone(void **state)
{
    (void)state;
    struct buffer out = {0};
    render_handler_error("java.util.concurrent.CancellationException", NULL, &out);
    assert_rendered(&out, "{\"errors\":[\"java.util.concurrent.CancellationException" FRAME "\"]}");
}

/* Begin and end are those of the transcripts' 500s, blank line before the end and all. */
static void an_internal_error_is_two_texts(void **state)
{
    (void)state;
    struct buffer out = {0};
    render_internal_error("java.lang.IllegalStateException",
                          "Flink does not support triggering incremental checkpoint explicitly. "
                          "See FLINK-33723.",
                          &out);
    assert_rendered(&out, "{\"errors\":[\"Internal server error.\",\"<Exception on server side:\\n"
                          "java.lang.IllegalStateException: Flink does not support triggering "
                          "incremental checkpoint explicitly. See FLINK-33723." FRAME
                          "\\nEnd of exception on server side>\"]}");
}

static void a_plain_error_is_the_sentence(void **state)
{
    (void)state;
    struct buffer out = {0};
    render_plain_error("Unable to load requested file /v2/overview.", &out);
    assert_rendered(&out, "{\"errors\":[\"Unable to load requested file /v2/overview.\"]}");
}

/* A client's bytes come back in "Not found: ..."; the answer must be JSON all the same. */
static void bytes_that_are_no_text_leave_valid_json(void **state)
{
    (void)state;
    struct buffer out = {0};
    render_plain_error("Not found: /\xff\x01\xc3", &out);
    assert_rendered(&out, "{\"errors\":[\"Not found: /\xef\xbf\xbd\\u0001\xef\xbf\xbd\"]}");
}

static void render_all(void *context, bool may_fail)
{
    (void)context;
    struct buffer parts[3] = {{0}};

    render_handler_error("a.B", "c", &parts[0]);
    render_internal_error("a.B", "c", &parts[1]);
    render_plain_error("c", &parts[2]);
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
    assert_true(fail_each_allocation(render_all, NULL) >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handler_error_is_one_text_from_class_to_trace),
        cmocka_unit_test(quotes_of_a_message_are_escaped),
        cmocka_unit_test(a_throwable_without_message_is_its_class_alone),
        cmocka_unit_test(an_internal_error_is_two_texts),
        cmocka_unit_test(a_plain_error_is_the_sentence),
        cmocka_unit_test(bytes_that_are_no_text_leave_valid_json),
        cmocka_unit_test(want_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
