/* rooms: harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/recording/recording_scenario.h"

#define JOB_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define JOB_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HEADER                                                                                  \
    "{\"recording\":\"a \\\"small\\\" one\",\"flink_version\":\"1.20.3\",\"settings\":"         \
    "{\"web.refresh-interval\":1,\"rest.cache.checkpoint-statistics.timeout\":\"1500 micros\"," \
    "\"web.checkpoints.history\":\"2\"},\"time0_epoch_ms\":1000000}\n"
#define GET(seq, sent, done, path, status, body)                                              \
    "{\"seq\":" seq ",\"sent_ms\":" sent ",\"done_ms\":" done ",\"method\":\"GET\",\"path\":" \
    "\"/jobs/" path "\",\"status\":" status ",\"body\":\"" body "\"}\n"
#define ENTRY(id, trigger, ack)                                                       \
    "{\\\"id\\\":" id ",\\\"status\\\":\\\"COMPLETED\\\",\\\"is_savepoint\\\":false," \
    "\\\"trigger_timestamp\\\":" trigger ",\\\"latest_ack_timestamp\\\":" ack ","     \
    "\\\"state_size\\\":1}"
#define STATISTICS(latest, history)                                                                \
    "{\\\"counts\\\":{\\\"restored\\\":0,\\\"total\\\":2,\\\"in_progress\\\":0,\\\"completed\\\":" \
    "2,"                                                                                           \
    "\\\"failed\\\":0},\\\"latest\\\":{\\\"completed\\\":" latest "},\\\"history\\\":[" history    \
    "]}"
#define JOB(state, start)                                                                      \
    "{\\\"jid\\\":\\\"" JOB_A "\\\",\\\"state\\\":\\\"" state "\\\",\\\"start-time\\\":" start \
    ",\\\"now\\\":1000001}"
#define NOT_FOUND "{\\\"errors\\\":[\\\"Job " JOB_B " not found\\\"]}"

/* Job A begins before time 0, takes two checkpoints and ends; nobody ever finds B. */
static const char recording_text[] = HEADER GET("1", "1", "2", JOB_A, "200",
                                                JOB("RUNNING", "999900"))
    GET("2", "3.25", "4", JOB_A "/checkpoints", "200",
        STATISTICS(ENTRY("2", "999950", "999960"),
                   ENTRY("2", "999950", "999960") "," ENTRY("1", "999940", "999950")))
        GET("3", "5", "6", JOB_A "/checkpoints/details/2", "200", ENTRY("2", "999950", "999960"))
            GET("4", "7", "8", JOB_A "/checkpoints/config", "200", "{}")
                GET("5", "9", "10", JOB_A "/metrics", "200", "[]")
                    GET("6", "11", "12", JOB_B "/checkpoints", "404", NOT_FOUND)
                        GET("7", "13", "14", JOB_A, "200", JOB("FINISHED", "999900"));

static const char scenario_text[] =
    "title: \"a \\\"small\\\" one\"\n"
    "why: it came about in a cluster of Flink 1.20\n"
    "source: a recording; its time 0 is 100000 us after the start\n"
    "flink: {web.refresh-interval: 1 ms, rest.cache.checkpoint-statistics.timeout: 1500 micros, "
    "web.checkpoints.history: 2}\n"
    "jobmanager:\n"
    "  A:\n"
    "    id: \"" JOB_A "\"\n"
    "    at 0 ms: [runs]\n"
    "    at 40 ms: [triggers 1]\n"
    "    at 50 ms: [triggers 2, completes 1]\n"
    "    at 60 ms: [completes 2]\n"
    "    at 102.001 ms: [finishes]\n"
    "  B:\n"
    "    id: \"" JOB_B "\"\n"
    "    exists: later\n"
    "clients:\n"
    "  seq-1: {at 101 ms: job A}\n"
    "  seq-2: {at 103.250 ms: checkpoint statistics of A}\n"
    "  seq-3: {at 105 ms: details of checkpoint 2 of A}\n"
    "  seq-4: {at 107 ms: checkpoint configuration of A}\n"
    "  seq-6: {at 111 ms: checkpoint statistics of B}\n"
    "  seq-7: {at 113 ms: job A}\n";

static struct recording *read_text(const char *text)
{
    struct complaints complaints = {0};
    FILE *file = tmpfile();
    fwrite(text, 1, strlen(text), file);
    rewind(file);
    struct recording *recording = recording_take(file, &complaints);
    complaints_free(&complaints);
    return recording;
}

static const char *convert(const char *text, const struct judgement *judgement, struct buffer *out,
                           size_t *left_out)
{
    struct recording *recording = read_text(text);
    assert_non_null(recording);
    const char *wrong = recording_scenario(recording, judgement, "flink-1.20", out, left_out);
    recording_free(recording);
    buffer_char(out, '\0');
    return wrong;
}

static struct judgement judgement_of(enum property property, enum verdict verdict)
{
    struct judgement judgement = {.claim.bound_us = 1500};
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        judgement.claim.claimed[i] = true;
        judgement.properties[i].verdict = VERDICT_UNKNOWN;
    }
    judgement.properties[PROPERTY_BOUNDED_AGE].verdict = VERDICT_PASS;
    judgement.properties[property].verdict = verdict;
    return judgement;
}

static void test_answers_become_deeds_and_requests_become_clients(void **state)
{
    struct buffer out = {0};
    size_t left_out;
    const struct judgement judgement = judgement_of(PROPERTY_RIGHT_JOB, VERDICT_FAIL);
    assert_null(convert(recording_text, &judgement, &out, &left_out));
    assert_int_equal(left_out, 1);
    if (strncmp(out.bytes, scenario_text, strlen(scenario_text)) != 0)
        assert_string_equal(out.bytes, scenario_text);
    assert_string_equal(out.bytes + strlen(scenario_text),
                        "claims: [{bounded-age: 1500 us}, right-job]\n"
                        "expect:\n"
                        "  flink-1.20: {right-job: as in the recording}\n");
    buffer_free(&out);
    (void)state;
}

static void test_where_nothing_fails_nothing_is_expected(void **state)
{
    struct buffer out = {0};
    size_t left_out;
    const struct judgement judgement = judgement_of(PROPERTY_RIGHT_JOB, VERDICT_PASS);
    assert_null(convert(recording_text, &judgement, &out, &left_out));
    assert_non_null(strstr(out.bytes, "\nclaims: [{bounded-age: 1500 us}, right-job]\n"));
    assert_null(strstr(out.bytes, "expect"));
    buffer_free(&out);
    (void)state;
}

static void test_a_recording_without_reads_becomes_no_scenario(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {HEADER, "asks for no job"},
        {HEADER GET("1", "1", "2", "overview", "200", "{}"), "asks for no job"},
        {HEADER GET("1", "1", "2", JOB_A "/checkpoints/cccccccccccccccccccccccccccccccc", "200",
                    "{\\\"status\\\":{\\\"id\\\":\\\"IN_PROGRESS\\\"}}"),
         "nobody reads"},
    };
    const struct judgement judgement = judgement_of(PROPERTY_RIGHT_JOB, VERDICT_PASS);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer out = {0};
        size_t left_out;
        const char *wrong = convert(rows[i].text, &judgement, &out, &left_out);
        if (!wrong || !strstr(wrong, rows[i].part))
            fail_msg("row %zu: %s", i, wrong ? wrong : "taken");
        buffer_free(&out);
    }
    (void)state;
}

static void convert_once(void *context, bool may_fail)
{
    struct buffer out = {0};
    size_t left_out;
    const struct judgement judgement = judgement_of(PROPERTY_RIGHT_JOB, VERDICT_PASS);
    struct recording *recording = read_text(recording_text);
    assert_true(recording || may_fail);
    const char *wrong =
        recording ? recording_scenario(recording, &judgement, "x", &out, &left_out) : NULL;
    assert_true(!wrong || (may_fail && strcmp(wrong, "out of memory") == 0));
    recording_free(recording);
    buffer_free(&out);
    (void)context;
}

static void test_running_out_of_memory_is_told(void **state)
{
    assert_true(fail_each_allocation(convert_once, NULL) >= 30);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_become_deeds_and_requests_become_clients),
        cmocka_unit_test(test_where_nothing_fails_nothing_is_expected),
        cmocka_unit_test(test_a_recording_without_reads_becomes_no_scenario),
        cmocka_unit_test(test_running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
