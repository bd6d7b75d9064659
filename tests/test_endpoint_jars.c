/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/support/conversation.h"

#include <stdio.h>

/* Jars: uploaded, listed, run and removed. */

#define JOB_C_ID "000000000000000000000000000a0000"
#define RUN_PRETEND "/jars/pretend.jar/run"

static int send(struct conversation *talk, uint64_t id, enum http_method method, const char *target,
                const char *body)
{
    const struct request request = {.method = method, .target = target, .body = body};
    return ask_fully(talk, 0, id, &request);
}

static int upload(struct conversation *talk, int64_t at_ms, uint64_t id, const char *file_name)
{
    const struct upload upload = {1, file_name, NULL};
    const struct request request = {
        .method = METHOD_POST, .target = "/v1/jars/upload", .upload = &upload};
    return ask_fully(talk, at_ms, id, &request);
}

/* The jar's id, from the answer to its upload. */
static void read_id(const struct conversation *talk, uint64_t request, char id[128])
{
    static const char start[] = "{\"filename\":\"/flink/upload/flink-web-upload/";
    size_t whole = 0;
    const char *text = body_bytes(reply_to(talk, request)->body, &whole);
    assert_true(text && whole > sizeof start);
    assert_memory_equal(text, start, sizeof start - 1);
    text += sizeof start - 1;
    const size_t length = strcspn(text, "\"");
    assert_in_range(length, 1, 127);
    memcpy(id, text, length);
    id[length] = '\0';
    assert_string_equal(text + length, "\",\"status\":\"success\"}");
}

static void an_uploaded_jar_can_be_listed_run_and_removed(void **state)
{
    (void)state;
    char id[128], target[160], listed[256];
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    endpoint_set_wall_offset(talk.endpoint, INT64_C(1795384400000000));
    upload(&talk, 7, 1, "some/folder/job.jar");
    assert_int_equal(status_of(&talk, 1), 200);
    read_id(&talk, 1, id);
    assert_int_equal(strlen(id), 36 + 1 + strlen("job.jar"));
    assert_string_equal(id + 36, "_job.jar");
    assert_true(id[8] == '-' && id[13] == '-' && id[18] == '-' && id[23] == '-');

    get(&talk, 8, 2, "/jars");
    snprintf(
        listed, sizeof listed,
        "{\"address\":\"http://localhost:8081\",\"files\":[{\"id\":\"%s\",\"name\":\"job.jar\","
        "\"uploaded\":1795384400007,\"entry\":[]},{\"id\":\"pretend.jar\"",
        id);
    assert_says(&talk, 2, listed);

    snprintf(target, sizeof target, "/jars/%s/run", id);
    send(&talk, 3, METHOD_POST, target, "{\"jobId\":\"" JOB_C_ID "\"}");
    assert_int_equal(talk.fetches[0].what.kind, FETCH_RUN_JOB);
    answer_with(&talk, 9, 0, (struct fetch_result){.outcome = OUTCOME_OK});
    assert_int_equal(status_of(&talk, 3), 200);
    assert_string_equal(text_of(&talk, 3), "{\"jobid\":\"" JOB_C_ID "\"}");

    snprintf(target, sizeof target, "/jars/%s", id);
    send(&talk, 4, METHOD_DELETE, target, NULL);
    assert_int_equal(status_of(&talk, 4), 200);
    assert_string_equal(text_of(&talk, 4), "{}");
    send(&talk, 5, METHOD_DELETE, target, NULL);
    assert_int_equal(status_of(&talk, 5), 400);
    assert_says(&talk, 5, "_job.jar does not exist in /flink/upload/flink-web-upload.");
    get(&talk, 9, 6, "/jars");
    assert_says_not(&talk, 6, "job.jar");
    finish(&talk);
}

static void an_upload_is_exactly_one_jar(void **state)
{
    (void)state;
    static const struct upload none = {0, NULL, NULL};
    static const struct upload two = {2, "a.jar", NULL};
    static const struct {
        const struct upload *upload;
        const char *says;
    } cases[] = {
        {NULL, "RestHandlerException: Exactly 1 file must be sent, received 0."},
        {&none, "RestHandlerException: Exactly 1 file must be sent, received 0."},
        {&two, "RestHandlerException: Exactly 1 file must be sent, received 2."},
    };
    struct conversation talk;
    start(&talk, "flink-2.3", NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct request request = {
            .method = METHOD_POST, .target = "/jars/upload", .upload = cases[i].upload};
        ask_fully(&talk, 0, i, &request);
        assert_int_equal(status_of(&talk, i), 400);
        assert_says(&talk, i, cases[i].says);
    }
    upload(&talk, 0, 10, "job.zip");
    assert_says(&talk, 10, "RestHandlerException: Only Jar files are allowed.\\n");
    upload(&talk, 0, 11, ".jar");
    assert_int_equal(status_of(&talk, 11), 200);
    finish(&talk);
}

static void the_oldest_jar_leaves_when_there_are_more_than_a_thousand(void **state)
{
    (void)state;
    char first[128], second[128], target[160];
    struct conversation talk;
    start(&talk, "flink-2.3", NULL);
    upload(&talk, 0, 1, "first.jar");
    upload(&talk, 0, 2, "second.jar");
    read_id(&talk, 1, first);
    read_id(&talk, 2, second);
    assert_string_not_equal(first, second);
    for (uint64_t i = 0; i < 999; i++) {
        upload(&talk, 0, 10, "other.jar");
        body_release(talk.replies[--talk.reply_count].body);
    }
    snprintf(target, sizeof target, "/jars/%s", first);
    send(&talk, 3, METHOD_DELETE, target, NULL);
    assert_int_equal(status_of(&talk, 3), 400);
    snprintf(target, sizeof target, "/jars/%s", second);
    send(&talk, 4, METHOD_DELETE, target, NULL);
    assert_int_equal(status_of(&talk, 4), 200);
    finish(&talk);
}

static void the_pretend_jar_stays(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-2.3", NULL);
    send(&talk, 1, METHOD_DELETE, "/jars/pretend.jar", NULL);
    assert_int_equal(status_of(&talk, 1), 500);
    assert_says(&talk, 1, "Failed to delete jar /flink/upload/flink-web-upload/pretend.jar.");
    send(&talk, 2, METHOD_POST, RUN_PRETEND, NULL);
    assert_int_equal(talk.fetch_count, 1);
    finish(&talk);
}

static void a_run_is_ordered_as_its_body_says(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-2.3", NULL);
    send(&talk, 1, METHOD_POST, RUN_PRETEND "?savepointPath=file:/other&parallelism=3",
         "{\"entryClass\":\"GenJob\",\"programArgsList\":[\"/flink/ctl\",\"1000\"],"
         "\"jobId\":\"" JOB_C_ID "\",\"savepointPath\":\"file:/s\",\"parallelism\":2,"
         "\"allowNonRestoredState\":true,\"claimMode\":\"NO_CLAIM\",\"flinkConfiguration\":"
         "{\"pipeline.name\":\"my job\",\"execution.checkpointing.interval\":\"1500 ms\"}}");
    const struct fetch_request *what = &talk.fetches[0].what;
    struct id job;
    id_parse(JOB_C_ID, ID_DIGITS, &job);
    assert_true(id_equal(what->job, job));
    assert_string_equal(what->order->savepoint_path, "file:/s");
    assert_string_equal(what->order->name, "my job");
    assert_int_equal(what->order->parallelism, 2);
    assert_int_equal(what->order->interval_ms, 1500);
    assert_true(what->order->allows_non_restored_state);
    answer_with(&talk, 1, 0, (struct fetch_result){.outcome = OUTCOME_OK});
    assert_string_equal(text_of(&talk, 1),
                        "{\"jobid\":\"" JOB_C_ID "\",\"applicationId\":\"" JOB_C_ID "\"}");
    finish(&talk);
}

static void what_the_body_leaves_open_the_query_says(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.17", NULL);
    send(&talk, 1, METHOD_POST,
         RUN_PRETEND "?savepointPath=file%3A%2Fa+b&allowNonRestoredState=TRUE&parallelism=3"
                     "&entry-class=X&programArg=a,b",
         "{\"savepointPath\":\"\"}");
    const struct job_order *order = talk.fetches[0].what.order;
    assert_string_equal(order->savepoint_path, "file:/a b");
    assert_int_equal(order->parallelism, 3);
    assert_true(order->allows_non_restored_state);
    send(&talk, 2, METHOD_POST, RUN_PRETEND "?savepointPath=", NULL);
    order = talk.fetches[1].what.order;
    assert_null(order->savepoint_path);
    assert_null(order->name);
    assert_int_equal(order->parallelism, 0);
    assert_int_equal(order->interval_ms, -1);
    assert_false(id_equal(talk.fetches[0].what.job, talk.fetches[1].what.job));
    finish(&talk);
}

static void runs_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *target, *body, *says;
    } cases[] = {
        {"/jars/no.jar/run", "{}",
         "RestHandlerException: Jar file /flink/upload/flink-web-upload/no.jar does not exist\\n"},
        {RUN_PRETEND, "{\"parallelism\":\"x\"}",
         "Request did not match expected format JarRunRequestBody."},
        {RUN_PRETEND "?parallelism=x", "",
         "Cannot resolve query parameter (parallelism) from value \\\"x\\\"."},
        {RUN_PRETEND "?savepointPath=a&savepointPath=b", "", "Expected only one value ["},
        {RUN_PRETEND "?program-args=a", "{\"programArgsList\":[\"a\"]}", "Confusing request: "},
        {RUN_PRETEND "?programArg=a", "{\"programArgs\":\"a\"}", "Confusing request: "},
        {"/jars/a%252Fb/run", "{}",
         "Cannot resolve path parameter (jarid) from value \\\"a/b\\\"."},
        {RUN_PRETEND, "{\"flinkConfiguration\":{\"execution.checkpointing.interval\":\"soon\"}}",
         "Could not execute application.\\n"},
    };
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        send(&talk, i, METHOD_POST, cases[i].target, cases[i].body);
        assert_int_equal(status_of(&talk, i), 400);
        assert_says(&talk, i, cases[i].says);
    }
    assert_int_equal(talk.fetch_count, 0);
    finish(&talk);
}

static void a_failed_submission_tells_what_it_failed_of(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    send(&talk, 1, METHOD_POST, RUN_PRETEND, NULL);
    send(&talk, 2, METHOD_POST, RUN_PRETEND, NULL);
    send(&talk, 3, METHOD_POST, RUN_PRETEND, NULL);
    answer_with(&talk, 1, 0,
                (struct fetch_result){.outcome = OUTCOME_NOT_SUBMITTED,
                                      .failure = text_copy("java.io.FileNotFoundException: no")});
    assert_int_equal(status_of(&talk, 1), 400);
    assert_says(&talk, 1, "RestHandlerException: Could not execute application.\\n");
    assert_says(&talk, 1, "\\nCaused by: java.io.FileNotFoundException: no\\n");
    answer_failure(&talk, 1, 1, OUTCOME_NOT_SUBMITTED);
    assert_int_equal(status_of(&talk, 2), 400);
    answer_failure(&talk, 1, 2, OUTCOME_NO_LEADER);
    assert_int_equal(status_of(&talk, 3), 503);
    finish(&talk);
}

static void upload_and_run(void *context, bool may_fail)
{
    struct conversation talk;
    if (!start_with(&talk, context)) {
        assert_true(may_fail);
        return;
    }
    talk.may_fail = may_fail;
    bool taken[5] = {
        upload(&talk, 0, 0, "a.jar") == 0,
        get(&talk, 0, 1, "/jars") == 0,
        send(&talk, 2, METHOD_POST,
             RUN_PRETEND "?savepointPath=file:/a&allowNonRestoredState=true&entry-class=X",
             "{\"flinkConfiguration\":{\"pipeline.name\":\"n\"}}") == 0,
        send(&talk, 3, METHOD_POST, "/jars/no.jar/run", NULL) == 0,
        send(&talk, 4, METHOD_POST, RUN_PRETEND "?savepointPath=a&savepointPath=b", NULL) == 0,
    };
    for (size_t i = 0; i < talk.fetch_count; i++)
        (void)answer_with(&talk, 1, i, (struct fetch_result){.outcome = OUTCOME_OK});
    for (uint64_t i = 0; i < 5; i++)
        assert_int_equal(has_reply(&talk, i), taken[i]);
    finish(&talk);
}

static void jars_survive_each_allocation_failing(void **state)
{
    (void)state;
    struct endpoint_config config = config_of("flink-1.20", NULL);
    assert_true(fail_each_allocation(upload_and_run, &config) > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_uploaded_jar_can_be_listed_run_and_removed),
        cmocka_unit_test(an_upload_is_exactly_one_jar),
        cmocka_unit_test(the_oldest_jar_leaves_when_there_are_more_than_a_thousand),
        cmocka_unit_test(the_pretend_jar_stays),
        cmocka_unit_test(a_run_is_ordered_as_its_body_says),
        cmocka_unit_test(what_the_body_leaves_open_the_query_says),
        cmocka_unit_test(runs_that_cannot_be_are_refused),
        cmocka_unit_test(a_failed_submission_tells_what_it_failed_of),
        cmocka_unit_test(jars_survive_each_allocation_failing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
