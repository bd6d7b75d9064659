/* rooms: harness/replay harness/conform harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/replay_fixture.h"

static const struct said hello[] = {
    {10, "GET", "/v1/config", NULL, 200, "{\"flink-version\":\"1.20.3\"}"},
    {20, "POST", "/v1/jobs/" JOB_A "/checkpoints", "{}", 202, "{\"request-id\":\"x\"}"},
    {5, "HEAD", "/v1/nosuch", NULL, 404, ""},
};

static void test_exchanges_come_in_the_order_of_their_sending(void **state)
{
    (void)state;
    struct transcript transcript = {0};
    read_said(hello, COUNT(hello), &transcript);
    assert_int_equal(transcript.count, 3);
    assert_int_equal(transcript.exchanges[0].seq, 3);
    assert_null(transcript.exchanges[0].body);
    assert_string_equal(transcript.exchanges[1].path, "/config");
    assert_int_equal(transcript.exchanges[1].sent_us, 10 * MS);
    assert_int_equal(transcript.exchanges[1].done_us, 12 * MS);
    assert_int_equal(transcript.exchanges[1].recorded.header_count, 3);
    assert_null(transcript.exchanges[1].request);
    assert_string_equal(transcript.exchanges[2].request, "{}");
    assert_string_equal(transcript.version, "1.20.3");
    transcript_clear(&transcript);
}

static void test_notes_and_the_head_of_a_recording_are_no_exchanges(void **state)
{
    (void)state;
    struct transcript transcript = {0};
    struct complaints complaints = {0};
    char *text = said_text(hello, 1);
    struct buffer whole = {0};
    buffer_printf(&whole, "{\"note\":\"begins\",\"at_ms\":0.5}\n{\"recording\":\"x\"}\n%s%c", text,
                  '\0');
    assert_true(read_text(whole.bytes, &transcript, &complaints));
    assert_int_equal(complaints.count, 0);
    assert_int_equal(transcript.count, 1);
    assert_int_equal(transcript.exchanges[0].line, 3);
    buffer_free(&whole);
    free(text);
    transcript_clear(&transcript);
}

#define SOUND                                                                                 \
    "\"seq\":1,\"sent_ms\":1,\"done_ms\":2,\"method\":\"GET\",\"path\":\"/\",\"status\":200," \
    "\"headers\":{},\"body\":\"\""

static void test_a_damaged_line_is_told_and_nothing_after_it_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *line, *complaint;
    } damaged[] = {
        {"{\"seq\":1", "no JSON object"},
        {"[1]", "no JSON object"},
        {"{" SOUND ",\"seq\":2}", "no JSON object"},
        {"{\"sent_ms\":1}", "\"seq\""},
        {"{\"seq\":-1}", "\"seq\""},
        {"{\"seq\":1,\"sent_ms\":\"1\"}", "\"sent_ms\""},
        {"{\"seq\":1,\"sent_ms\":1,\"done_ms\":-1}", "\"done_ms\""},
        {"{\"seq\":1,\"sent_ms\":2,\"done_ms\":1}", "before \"sent_ms\""},
        {"{\"seq\":1,\"sent_ms\":1,\"done_ms\":1}", "\"method\""},
        {"{\"seq\":1,\"sent_ms\":1,\"done_ms\":1,\"method\":\"GET\"}", "\"path\""},
        {"{\"seq\":1,\"sent_ms\":1,\"done_ms\":1,\"method\":\"GET\",\"path\":\"/\",\"status\":99}",
         "\"status\""},
        {"{\"note\":1,\"at_ms\":1}", "\"note\""},
        {"{\"note\":\"x\"}", "\"at_ms\""},
    };
    for (size_t i = 0; i < COUNT(damaged); i++) {
        struct transcript transcript = {0};
        struct complaints complaints = {0};
        struct buffer text = {0};
        buffer_printf(&text, "{" SOUND "}\n%s\n{" SOUND "}\n%c", damaged[i].line, '\0');
        assert_true(read_text(text.bytes, &transcript, &complaints));
        assert_int_equal(complaints.count, 1);
        if (!strstr(complaints.items[0].message, damaged[i].complaint))
            fail_msg("%s: %s", damaged[i].line, complaints.items[0].message);
        assert_int_equal(complaints.items[0].line, 2);
        assert_int_equal(transcript.count, 1);
        buffer_free(&text);
        complaints_free(&complaints);
        transcript_clear(&transcript);
    }
}

static void test_a_file_without_exchanges_is_no_transcript(void **state)
{
    (void)state;
    struct transcript transcript = {0};
    struct complaints complaints = {0};
    assert_true(read_text("{\"note\":\"x\",\"at_ms\":1}\n", &transcript, &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.items[0].line, 0);
    complaints_free(&complaints);
    transcript_clear(&transcript);
}

static void read_with_failures(void *context, bool may_fail)
{
    struct transcript transcript = {0};
    struct complaints complaints = {0};
    FILE *file = fmemopen(context, strlen(context), "rb");
    assert_non_null(file);
    const bool has_memory = transcript_read(file, &transcript, &complaints);
    fclose(file);
    if (!may_fail) {
        assert_true(has_memory);
        assert_int_equal(transcript.count, COUNT(hello));
    }
    complaints_free(&complaints);
    transcript_clear(&transcript);
}

static void test_running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    char *text = said_text(hello, COUNT(hello));
    assert_true(fail_each_allocation(read_with_failures, text) > 3);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchanges_come_in_the_order_of_their_sending),
        cmocka_unit_test(test_notes_and_the_head_of_a_recording_are_no_exchanges),
        cmocka_unit_test(test_a_damaged_line_is_told_and_nothing_after_it_is_read),
        cmocka_unit_test(test_a_file_without_exchanges_is_no_transcript),
        cmocka_unit_test(test_running_out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
