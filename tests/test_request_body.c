/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <string.h>

#include "rest_endpoint/request_body_internal.h"

#define OTHER "ffffffffffffffffffffffffffffffff"

static bool parses_as(enum body_class class, const char *text, struct request_body *body)
{
    request_body_clear(body);
    return request_body_read(class, text, strlen(text), false, body) == JSON_READ;
}

static bool parses(const char *text, struct request_body *body)
{
    return parses_as(BODY_CLASS_CHECKPOINT_TRIGGER, text, body);
}

static void a_trigger_body_gives_type_and_id(void **state)
{
    (void)state;
    struct request_body request = {0};
    struct id other;
    id_parse(OTHER, ID_DIGITS, &other);
    assert_true(parses("", &request));
    assert_false(request.trigger.given || (request.checkpoint_type == CHECKPOINT_INCREMENTAL));
    assert_true(parses(
        " {\n\t\"checkpointType\" : \"INCREMENTAL\" , \"triggerId\":\"" OTHER "\"\r}  ", &request));
    assert_true((request.checkpoint_type == CHECKPOINT_INCREMENTAL));
    assert_true(request.trigger.given && id_equal(request.trigger.value, other));
    assert_true(parses("{\"checkpointType\":null,\"triggerId\":null}", &request));
    assert_false(request.trigger.given || (request.checkpoint_type == CHECKPOINT_INCREMENTAL));
    assert_true(parses("{\"checkpointT\\u0079pe\":\"\\u0049NCREMENTAL\"}", &request));
    assert_true((request.checkpoint_type == CHECKPOINT_INCREMENTAL));
    assert_true(
        parses("{\"checkpointType\":\"INCREMENTAL\",\"checkpointType\":\"FULL\"}", &request));
    assert_false((request.checkpoint_type == CHECKPOINT_INCREMENTAL));
}

static void members_that_are_not_known_are_skipped(void **state)
{
    (void)state;
    struct request_body request = {0};
    static const char *const values[] = {
        "1",
        "-0.5e+10",
        "0",
        "12E3",
        "true",
        "false",
        "null",
        "\"a\\\"\\\\\\n\"",
        "[]",
        "[1, 2]",
        "{}",
        "{\"triggerId\":\"inner\"}",
        "[{\"a\":[{}]}]",
        "\"a very long text that does not fit into what the reader keeps of it, and need not fit\"",
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char body[256] = "{\"other\":";
        strcat(body, values[i]);
        strcat(body, ",\"checkpointType\":\"INCREMENTAL\"}");
        if (!parses(body, &request) || !(request.checkpoint_type == CHECKPOINT_INCREMENTAL) ||
            request.trigger.given)
            fail_msg("not read: %s", body);
    }
    assert_true(parses("{} trailing", &request));
}

static void what_is_no_trigger_body_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        " ",
        "{not json",
        "{",
        "[]",
        "null",
        "\"text\"",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":tru}",
        "{\"a\":[1,]}",
        "{\"a\":[1}",
        "{\"a\":{\"b\"}}",
        "{\"a\":\"\x01\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"open}",
        "{\"checkpointType\":\"NOPE\"}",
        "{\"checkpointType\":\"full\"}",
        "{\"checkpointType\":\"\"}",
        "{\"checkpointType\":1}",
        "{\"checkpointType\":{}}",
        "{\"triggerId\":\"short\"}",
        "{\"triggerId\":\"" OTHER "f\"}",
        "{\"triggerId\":\"gfffffffffffffffffffffffffffffff\"}",
        "{\"triggerId\":7}",
    };
    struct request_body request = {0};
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        if (parses(bodies[i], &request))
            fail_msg("read: %s", bodies[i]);
    }
}

static void every_beginning_of_a_body_is_read_within_its_length(void **state)
{
    (void)state;
    static const char whole[] =
        "{\"a\":[1.5e-3,{\"b\":\"\\u0041\\n\"},true],\"triggerId\":\"" OTHER "\"}";
    struct request_body request = {0};
    for (size_t length = 1; length < sizeof(whole) - 1; length++) {
        char *body = test_malloc(length);
        memcpy(body, whole, length);
        assert_int_equal(
            request_body_read(BODY_CLASS_CHECKPOINT_TRIGGER, body, length, false, &request),
            JSON_MALFORMED);
        test_free(body);
    }
    assert_true(parses(whole, &request));
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    for (size_t depth = 100; depth <= 101; depth++) {
        char body[300] = "{\"a\":";
        struct request_body request = {0};
        memset(body + 5, '[', depth);
        memset(body + 5 + depth, ']', depth);
        strcpy(body + 5 + 2 * depth, "}");
        assert_int_equal(parses(body, &request), depth == 100);
    }
}

static void a_savepoint_body_gives_where_how_and_whether_to_cancel(void **state)
{
    (void)state;
    struct request_body body = {0};
    assert_true(parses_as(BODY_CLASS_SAVEPOINT_TRIGGER,
                          "{\"target-directory\":\"file:\\/\\/\\/s\\u00e4ve\\ud83d\\ude00\","
                          "\"cancel-job\":true,\"formatType\":\"NATIVE\",\"triggerId\":\"" OTHER
                          "\",\"drain\":[]}",
                          &body));
    assert_string_equal(body.directory, "file:///s\xc3\xa4ve\xf0\x9f\x98\x80");
    assert_true(body.cancel_job.value && body.trigger.given);
    assert_int_equal(body.format, FORMAT_NATIVE);
    assert_true(parses_as(BODY_CLASS_SAVEPOINT_TRIGGER,
                          "{\"target-directory\":\"a\",\"target-directory\":null}", &body));
    assert_null(body.directory);
    assert_int_equal(body.format, FORMAT_CANONICAL);
    assert_false(parses_as(BODY_CLASS_SAVEPOINT_TRIGGER, "{\"target-directory\":{}}", &body));
    request_body_clear(&body);
}

static void a_stop_body_has_names_of_its_own(void **state)
{
    (void)state;
    struct request_body body = {0};
    assert_true(parses_as(BODY_CLASS_STOP, "{\"targetDirectory\":\"a\",\"drain\":true}", &body));
    assert_string_equal(body.directory, "a");
    assert_true(body.drain.value);
    assert_true(parses_as(BODY_CLASS_STOP, "{\"target-directory\":\"a\"}", &body));
    assert_null(body.directory);
    request_body_clear(&body);
}

static void scalars_are_taken_for_each_other_as_jackson_does(void **state)
{
    (void)state;
    struct request_body body = {0};
    assert_true(parses_as(BODY_CLASS_JAR_RUN,
                          "{\"entryClass\":1.5,\"parallelism\":\"-7\","
                          "\"allowNonRestoredState\":\"true\",\"savepointPath\":false}",
                          &body));
    assert_string_equal(body.entry_class, "1.5");
    assert_string_equal(body.savepoint_path, "false");
    assert_int_equal(body.parallelism.value, -7);
    assert_true(body.allow_non_restored_state.value);
    assert_true(
        parses_as(BODY_CLASS_JAR_RUN, "{\"parallelism\":\"\",\"allowNonRestoredState\":0}", &body));
    assert_false(body.parallelism.given || body.allow_non_restored_state.value);
    assert_true(body.allow_non_restored_state.given);
    static const char *const bad[] = {
        "{\"parallelism\":2147483648}",
        "{\"parallelism\":\"x\"}",
        "{\"allowNonRestoredState\":\"yes\"}",
        "{\"allowNonRestoredState\":{}}",
        "{\"entryClass\":[]}",
        "{\"claimMode\":\"claim\"}",
        "{\"programArgsList\":\"a\"}",
        "{\"programArgsList\":[{}]}",
        "{\"programArgsList\":[\"a\"}",
        "{\"flinkConfiguration\":[]}",
        "{\"flinkConfiguration\":{\"a\":{}}}",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (parses_as(BODY_CLASS_JAR_RUN, bad[i], &body))
            fail_msg("read: %s", bad[i]);
    }
    request_body_clear(&body);
}

static void of_a_configuration_two_options_are_kept(void **state)
{
    (void)state;
    struct request_body body = {0};
    assert_true(parses_as(BODY_CLASS_JAR_RUN,
                          "{\"flinkConfiguration\":{\"a\":1,\"pipeline.name\":\"n\",\"b\":null,"
                          "\"execution.checkpointing.interval\":\"2 s\"},"
                          "\"programArgsList\":[\"x\",1,null],\"claimMode\":\"CLAIM\"}",
                          &body));
    assert_string_equal(body.job_name, "n");
    assert_string_equal(body.interval, "2 s");
    assert_int_equal(body.arguments.count, 3);
    assert_memory_equal(body.arguments.texts,
                        "x\0"
                        "1\0",
                        5);
    assert_int_equal(body.arguments.length, 5);
    request_body_clear(&body);
}

static void a_member_that_is_not_known_is_an_error_where_a_version_says_so(void **state)
{
    (void)state;
    static const char text[] = "{\"unknownField\": 1}";
    for (int class = 0; class < BODY_CLASS_COUNT; class ++) {
        struct request_body body = {0};
        assert_int_equal(
            request_body_read((enum body_class) class, text, sizeof text - 1, true, &body),
            JSON_MALFORMED);
        assert_int_equal(
            request_body_read((enum body_class) class, text, sizeof text - 1, false, &body),
            JSON_READ);
    }
}

static void the_claim_mode_is_not_known_where_unknown_members_are_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"claimMode\": \"CLAIM\"}";
    struct request_body body = {0};
    assert_int_equal(request_body_read(BODY_CLASS_JAR_RUN, text, sizeof text - 1, true, &body),
                     JSON_MALFORMED);
    assert_int_equal(request_body_read(BODY_CLASS_JAR_RUN, text, sizeof text - 1, false, &body),
                     JSON_READ);
}

static void read_run(void *context, bool may_fail)
{
    (void)context;
    static const char text[] =
        "{\"x\":\"skipped\",\"savepointPath\":\"a long path to a savepoint\","
        "\"savepointPath\":\"another\",\"flinkConfiguration\":{\"pipeline.name\":\"a\"},"
        "\"programArgsList\":[\"--interval-ms\",100]}";
    struct request_body body = {0};
    const enum json_outcome outcome =
        request_body_read(BODY_CLASS_JAR_RUN, text, sizeof text - 1, true, &body);
    assert_true(outcome == JSON_MALFORMED || (may_fail && outcome == JSON_NO_MEMORY));
    request_body_clear(&body);
    const enum json_outcome skipping =
        request_body_read(BODY_CLASS_JAR_RUN, text, sizeof text - 1, false, &body);
    assert_true(skipping == JSON_READ || (may_fail && skipping == JSON_NO_MEMORY));
    request_body_clear(&body);
}

static void every_allocation_failing_in_turn_is_told_from_a_malformed_body(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(read_run, NULL) >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trigger_body_gives_type_and_id),
        cmocka_unit_test(members_that_are_not_known_are_skipped),
        cmocka_unit_test(what_is_no_trigger_body_is_refused),
        cmocka_unit_test(every_beginning_of_a_body_is_read_within_its_length),
        cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(a_savepoint_body_gives_where_how_and_whether_to_cancel),
        cmocka_unit_test(a_stop_body_has_names_of_its_own),
        cmocka_unit_test(scalars_are_taken_for_each_other_as_jackson_does),
        cmocka_unit_test(of_a_configuration_two_options_are_kept),
        cmocka_unit_test(a_member_that_is_not_known_is_an_error_where_a_version_says_so),
        cmocka_unit_test(the_claim_mode_is_not_known_where_unknown_members_are_refused),
        cmocka_unit_test(every_allocation_failing_in_turn_is_told_from_a_malformed_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
