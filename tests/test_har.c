/* rooms: harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "harness/recording/har_internal.h"
#include "harness/recording/recording.h"

#define JOB "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define STATISTICS "/jobs/" JOB "/checkpoints"

#define ENTRY(start, time, url, more, content)                                              \
    "{\"startedDateTime\":\"" start "\",\"time\":" time ",\"request\":{\"method\":\"GET\"," \
    "\"url\":\"" url "\"},\"response\":{\"status\":200,\"headers\":[{\"name\":\"Age\","     \
    "\"value\":\"3\"}],\"content\":{" content "}}" more "}"
#define ARCHIVE(entries) "{\"log\":{\"version\":\"1.2\",\"entries\":[" entries "]}}"

static const struct har_cluster nothing_known;

static bool read_archive(const char *bytes, const struct har_cluster *cluster,
                         struct buffer *recording, struct har_tally *tally,
                         struct complaints *complaints)
{
    char part[4096];
    size_t count;
    FILE *file = tmpfile();
    const bool read = har_read(bytes, strlen(bytes), "x.har", cluster, file, tally, complaints);
    rewind(file);
    while ((count = fread(part, 1, sizeof(part), file)) > 0)
        buffer_append(recording, part, count);
    buffer_char(recording, '\0');
    fclose(file);
    return read;
}

/* The recording that an archive becomes, as its lines. */
static size_t read_lines(const char *bytes, const struct har_cluster *cluster, json_t *lines[],
                         size_t count_max, struct har_tally *tally)
{
    struct buffer recording = {0};
    struct complaints complaints = {0};
    size_t count = 0;
    if (!read_archive(bytes, cluster, &recording, tally, &complaints))
        fail_msg("%s", complaints.items[0].message);
    for (char *line = strtok(recording.bytes, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(count < count_max);
        lines[count] = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(lines[count++]);
    }
    buffer_free(&recording);
    return count;
}

static void assert_member(const json_t *line, const char *name, const char *expected)
{
    const char *text = json_string_value(json_object_get(line, name));
    assert_non_null(text);
    assert_string_equal(text, expected);
}

static double number(const json_t *line, const char *name)
{
    assert_true(json_is_number(json_object_get(line, name)));
    return json_number_value(json_object_get(line, name));
}

static void free_lines(json_t *lines[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_decref(lines[i]);
}

static void test_calls_become_exchanges_in_order_of_completion(void **state)
{
    json_t *lines[4];
    struct har_tally tally;
    const size_t count = read_lines(
        ARCHIVE(ENTRY("2024-05-01T10:00:00.100Z", "900.5", "http://h:8081" STATISTICS "?x=1", "",
                      "\"text\":\"{\\\"a\\\":1}\"") "," ENTRY("2024-05-01T12:00:00.200+02:00", "10",
                                                              "http://h:8081/overview",
                                                              ",\"_initiator\":{}", "\"size\":0")),
        &nothing_known, lines, 4, &tally);
    assert_int_equal(count, 3);
    assert_member(lines[0], "recording", "x.har");
    assert_member(lines[0], "flink_version", "unknown");
    assert_true(number(lines[0], "time0_epoch_ms") == 1714557600100.0);
    assert_int_equal(number(lines[1], "seq"), 2);
    assert_true(number(lines[1], "sent_ms") == 100);
    assert_true(number(lines[1], "done_ms") == 110.999); /* it may have begun 0.999 ms later */
    assert_member(lines[1], "path", "/overview");
    assert_member(lines[1], "body", "");
    assert_int_equal(number(lines[2], "seq"), 1);
    assert_true(number(lines[2], "sent_ms") == 0);
    assert_true(number(lines[2], "done_ms") == 901.499);
    assert_member(lines[2], "path", STATISTICS "?x=1");
    assert_member(lines[2], "body", "{\"a\":1}");
    assert_member(lines[2], "method", "GET");
    assert_int_equal(number(lines[2], "status"), 200);
    assert_member(json_object_get(lines[2], "headers"), "age", "3");
    assert_int_equal(tally.entries, 2);
    assert_int_equal(tally.foreign + tally.kept, 0);
    assert_int_equal(tally.hosts, 1);
    assert_false(tally.knows_cluster);
    free_lines(lines, count);
    (void)state;
}

static void test_what_is_no_call_of_flinks_is_left_out_and_counted(void **state)
{
    json_t *lines[4];
    struct har_tally tally;
    const size_t count = read_lines(
        ARCHIVE(ENTRY(
            "2024-05-01T10:00:00Z", "1", "http://h:8081/main.js", "",
            "\"text\":\"x\"") "," ENTRY("2024-05-01T10:00:00Z", "1", "http://h:8081/config.js", "",
                                        "") "," ENTRY("2024-05-01T10:00:00Z", "1", "http://h:8081",
                                                      "",
                                                      "") "," ENTRY("2024-05-01T10:00:00Z", "1",
                                                                    "http://h:8081/jobs",
                                                                    ",\"_fromCache\":\"disk\"",
                                                                    "") "," ENTRY("2024-05-01T10:"
                                                                                  "00:00Z",
                                                                                  "1",
                                                                                  "https://other/"
                                                                                  "jobs",
                                                                                  ",\"_fromCache\":"
                                                                                  "null",
                                                                                  "") "," ENTRY("20"
                                                                                                "24"
                                                                                                "-0"
                                                                                                "5-"
                                                                                                "01"
                                                                                                "T1"
                                                                                                "0:"
                                                                                                "00"
                                                                                                ":0"
                                                                                                "1"
                                                                                                "Z",
                                                                                                "1",
                                                                                                "ht"
                                                                                                "tp"
                                                                                                "s:"
                                                                                                "//"
                                                                                                "h/"
                                                                                                "pr"
                                                                                                "ox"
                                                                                                "y/"
                                                                                                "ap"
                                                                                                "p_"
                                                                                                "1/"
                                                                                                "v1"
                                                                                                "/j"
                                                                                                "ob"
                                                                                                "s",
                                                                                                "",
                                                                                                "")),
        &nothing_known, lines, 4, &tally);
    assert_int_equal(count, 3);
    assert_member(lines[1], "path", "/jobs");
    assert_member(lines[2], "path", "/v1/jobs");
    assert_int_equal(tally.entries, 6);
    assert_int_equal(tally.foreign, 3);
    assert_int_equal(tally.kept, 1);
    assert_int_equal(tally.hosts, 2);
    free_lines(lines, count);
    (void)state;
}

static void test_what_is_sent_and_what_is_base64_is_read(void **state)
{
    static const char archive[] = ARCHIVE(
        "{\"startedDateTime\":\"2024-05-01T10:00:00.000001Z\",\"time\":0.25,\"request\":{"
        "\"method\":"
        "\"POST\",\"url\":\"http://h" STATISTICS "\",\"postData\":{\"mimeType\":\"a/b\",\"text\":"
        "\"{}\"}},\"response\":{\"status\":0,\"content\":{\"text\":\"eyJhIjoi\\nw6QifQ==\","
        "\"encoding\":\"base64\"}}}");
    json_t *lines[2];
    struct har_tally tally;
    const size_t count = read_lines(archive, &nothing_known, lines, 2, &tally);
    assert_int_equal(count, 2);
    assert_member(lines[1], "method", "POST");
    assert_member(lines[1], "request", "{}");
    assert_member(lines[1], "body", "{\"a\":\"\xc3\xa4\"}");
    assert_int_equal(number(lines[1], "status"), 0);
    assert_true(number(lines[1], "done_ms") == 0.25);
    free_lines(lines, count);
    (void)state;
}

static void test_what_is_known_of_the_cluster_goes_into_the_first_line(void **state)
{
    static const struct written_setting settings[] = {{"web.refresh-interval", "5s"}};
    static const struct har_cluster cluster = {"1.20.3", settings, 1};
    static const char own[] =
        "{\"log\":{\"_recording\":{\"recording\":\"mine\",\"flink_version\":\"2.3.0\",\"settings\":"
        "{\"a\":\"b\",\"c\":3},\"time0_epoch_ms\":1000.5},\"entries\":[]}}";
    json_t *lines[1];
    struct har_tally tally;
    assert_int_equal(read_lines(ARCHIVE(""), &cluster, lines, 1, &tally), 1);
    assert_member(lines[0], "flink_version", "1.20.3");
    assert_member(json_object_get(lines[0], "settings"), "web.refresh-interval", "5s");
    assert_false(tally.knows_cluster);
    json_decref(lines[0]);
    assert_int_equal(read_lines(own, &cluster, lines, 1, &tally), 1);
    assert_member(lines[0], "recording", "mine");
    assert_member(lines[0], "flink_version", "2.3.0");
    assert_int_equal(json_object_size(json_object_get(lines[0], "settings")), 2);
    assert_member(json_object_get(lines[0], "settings"), "c", "3");
    assert_true(number(lines[0], "time0_epoch_ms") == 1000.5);
    assert_true(tally.knows_cluster);
    json_decref(lines[0]);
    (void)state;
}

static void test_dates_are_read_as_iso_8601_has_them(void **state)
{
    static const struct {
        const char *text;
        int64_t us, step_us; /* -1: no date */
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0, 1000000},
        {"1970-01-01T00:00:01.5Z", 1500000, 100000},
        {"1970-01-01T00:00:00.123456Z", 123456, 1},
        {"1970-01-01T00:00:00.1234569Z", 123456, 1},
        {"1970-01-01T01:00:00+01:00", 0, 1000000},
        {"1970-01-01T01:00:00+0100", 0, 1000000},
        {"1969-12-31T23:00:00-01:00", -1, 0},
        {"1970-01-01T00:30:00-01:30", INT64_C(7200000000), 1000000},
        {"2024-02-29T12:00:00Z", INT64_C(1709208000000000), 1000000},
        {"2024-02-29T12:00:00", -1, 0},
        {"2024-02-29 12:00:00Z", -1, 0},
        {"2024-13-01T12:00:00Z", -1, 0},
        {"2024-00-01T12:00:00Z", -1, 0},
        {"2024-01-32T12:00:00Z", -1, 0},
        {"2024-01-01T24:00:00Z", -1, 0},
        {"2024-01-01T12:60:00Z", -1, 0},
        {"2024-01-01T12:00:00.Z", -1, 0},
        {"2024-01-01T12:00:00Zx", -1, 0},
        {"2024-01-01T12:00:00+1", -1, 0},
        {"2024-01-01T12:00:00+24:00", -1, 0},
        {"2024-1-01T12:00:00Z", -1, 0},
        {"", -1, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct node text = {
            .kind = NODE_TEXT, .as.text = {.bytes = rows[i].text, .length = strlen(rows[i].text)}};
        int64_t us = 0, step_us;
        const bool is_date = har_date(&text, &us, &step_us);
        if (is_date != (rows[i].us >= 0) || (is_date && us != rows[i].us) ||
            (is_date && step_us != rows[i].step_us))
            fail_msg("%s: %" PRId64, rows[i].text, us);
    }
    int64_t us, step_us;
    assert_false(har_date(NULL, &us, &step_us));
    (void)state;
}

static void test_base64_is_decoded_or_refused(void **state)
{
    static const struct {
        const char *text, *bytes; /* NULL: refused */
    } rows[] = {{"", ""},        {"Zg==", "f"},          {"Zm8=", "fo"},
                {"Zm9v", "foo"}, {"Zm9v\r\nYg", "foob"}, {"Z*==", NULL},
                {"Zm-v", NULL}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer out = {0};
        const bool decoded = har_decode_base64(rows[i].text, strlen(rows[i].text), &out);
        assert_int_equal(decoded, rows[i].bytes != NULL);
        if (decoded) {
            assert_int_equal(out.length, strlen(rows[i].bytes));
            assert_true(out.length == 0 || memcmp(out.bytes, rows[i].bytes, out.length) == 0);
        }
        buffer_free(&out);
    }
    (void)state;
}

#define WITH(start, time, request, response)                                        \
    ARCHIVE("{\"startedDateTime\":" start ",\"time\":" time ",\"request\":" request \
            ",\"response\":" response "}")
#define DATE "\"2024-01-01T12:00:00Z\""
#define REQUEST "{\"method\":\"GET\",\"url\":\"http://h/jobs\"}"

static void test_damage_is_named_with_its_entry(void **state)
{
    static const struct {
        const char *archive, *part;
    } rows[] = {
        {"", "no valid JSON"},
        {"{\"log\":", "no valid JSON"},
        {"[]", "log.entries"},
        {"{\"log\":{\"entries\":{}}}", "log.entries"},
        {ARCHIVE("1"), "entry 1: \"request.url\""},
        {ARCHIVE(ENTRY("2024-01-01T12:00:00Z", "1", "http://h/jobs", "", "") ",{}"),
         "entry 2: \"request.url\""},
        {WITH("\"yesterday\"", "1", REQUEST, "{\"status\":200}"), "startedDateTime"},
        {WITH(DATE, "-1", REQUEST, "{\"status\":200}"), "\"time\""},
        {WITH(DATE, "\"1\"", REQUEST, "{\"status\":200}"), "\"time\""},
        {WITH(DATE, "1e20", REQUEST, "{\"status\":200}"), "\"time\""},
        {WITH(DATE, "1", "{\"url\":\"http://h/jobs\"}", "{\"status\":200}"), "request.method"},
        {WITH(DATE, "1", "{\"method\":\"GET\",\"url\":\"/jobs\",\"postData\":{\"text\":1}}",
              "{\"status\":200}"),
         "request.postData.text"},
        {WITH(DATE, "1", REQUEST, "{}"), "response.status"},
        {WITH(DATE, "1", REQUEST, "{\"status\":600}"), "response.status"},
        {WITH(DATE, "1", REQUEST, "{\"status\":200,\"content\":{\"text\":{}}}"),
         "response.content.text"},
        {WITH(DATE, "1", REQUEST,
              "{\"status\":200,\"content\":{\"text\":\"?\",\"encoding\":\"base64\"}}"),
         "exchange 1 is no base64"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer recording = {0};
        struct complaints complaints = {0};
        struct har_tally tally;
        if (read_archive(rows[i].archive, &nothing_known, &recording, &tally, &complaints))
            fail_msg("taken: %s", rows[i].archive);
        assert_int_equal(complaints.count, 1);
        if (!strstr(complaints.items[0].message, rows[i].part))
            fail_msg("row %zu: %s", i, complaints.items[0].message);
        complaints_free(&complaints);
        buffer_free(&recording);
    }
    (void)state;
}

/* The recording as an archive, and that as a recording again. */
static void go_round(const char *recording, struct buffer *archive, struct buffer *again)
{
    struct complaints complaints = {0};
    struct har_tally tally;
    char part[4096];
    size_t count;
    FILE *in = fmemopen((void *)(uintptr_t)recording, strlen(recording), "r"), *out = tmpfile();
    if (!har_write(in, out, &complaints))
        fail_msg("%s", complaints.items[0].message);
    rewind(out);
    while ((count = fread(part, 1, sizeof(part), out)) > 0)
        buffer_append(archive, part, count);
    buffer_char(archive, '\0');
    fclose(in);
    fclose(out);
    assert_true(read_archive(archive->bytes, &nothing_known, again, &tally, &complaints));
    assert_true(tally.knows_cluster);
}

static void test_a_recording_comes_back_as_it_was(void **state)
{
    static const char recording[] =
        "{\"recording\":\"r\\u00e4\",\"flink_version\":\"1.20.3\",\"settings\":{\"a.b\":\"c\"},"
        "\"time0_epoch_ms\":1795385634952.062}\n"
        "{\"note\":\"it \\\"fails\\\"\",\"at_ms\":2.500}\n"
        "{\"seq\":7,\"sent_ms\":-1.500,\"done_ms\":3.001,\"client\":\"mover\",\"method\":\"POST\","
        "\"path\":\"/v1/jobs/x/checkpoints?a=b\",\"request\":\"{\\\"a\\\":1}\",\"status\":202,"
        "\"headers\":{\"content-type\":\"application/"
        "json\",\"age\":\"3\"},\"body\":\"\\u00e4\\n\"}\n"
        "{\"seq\":3,\"sent_ms\":2.000,\"done_ms\":12345678.901,\"method\":\"GET\",\"path\":\"/"
        "jobs\","
        "\"status\":0,\"headers\":{},\"body\":\"\"}\n";
    struct buffer archive = {0}, again = {0}, plain = {0};
    go_round(recording, &archive, &again);
    for (const char *at = recording; *at; at++) { /* the writer writes UTF-8 as it is */
        const bool is_escape = strncmp(at, "\\u00e4", 6) == 0;
        if (is_escape)
            buffer_text(&plain, "\xc3\xa4");
        else
            buffer_char(&plain, *at);
        at += is_escape ? 5 : 0;
    }
    buffer_char(&plain, '\0');
    assert_string_equal(again.bytes, plain.bytes);
    json_t *root = json_loads(archive.bytes, JSON_REJECT_DUPLICATES, NULL);
    const json_t *log = json_object_get(root, "log");
    assert_member(log, "version", "1.2");
    assert_int_equal(json_array_size(json_object_get(log, "entries")), 2);
    const json_t *entry = json_array_get(json_object_get(log, "entries"), 0);
    assert_member(entry, "startedDateTime", "2026-11-22T22:13:54.950562Z");
    json_decref(root);
    buffer_free(&archive);
    buffer_free(&again);
    buffer_free(&plain);
    (void)state;
}

static void test_what_is_no_recording_becomes_no_archive(void **state)
{
    static const char head[] = "{\"recording\":\"x\",\"flink_version\":\"1.20.3\",\"settings\":{},"
                               "\"time0_epoch_ms\":1}\n";
    static const char *const rows[] = {"\n", "x\n", "{}\n", "[]\n", "{}\n"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct complaints complaints = {0};
        char bytes[300];
        snprintf(bytes, sizeof(bytes), "%s%s", i >= 3 ? head : "", rows[i]);
        FILE *in = fmemopen(bytes, strlen(bytes), "r"), *out = tmpfile();
        assert_false(har_write(in, out, &complaints));
        assert_int_equal(complaints.count, 1);
        complaints_free(&complaints);
        fclose(in);
        fclose(out);
    }
    (void)state;
}

static void read_once(void *context, bool may_fail)
{
    static const char archive[] =
        ARCHIVE(ENTRY("2024-05-01T10:00:00Z", "1", "http://h" STATISTICS, ",\"_client\":\"a\"",
                      "\"text\":\"e30=\",\"encoding\":\"base64\""));
    struct complaints complaints = {0};
    struct buffer recording = {0};
    struct har_tally tally;
    FILE *out = tmpfile();
    const bool read =
        har_read(archive, strlen(archive), "x", &nothing_known, out, &tally, &complaints);
    assert_true(read || may_fail);
    assert_true(read || complaints.count > 0 || complaints.failed);
    fclose(out);
    complaints_free(&complaints);
    buffer_free(&recording);
    (void)context;
}

static void write_once(void *context, bool may_fail)
{
    static char recording[] =
        "{\"recording\":\"x\",\"flink_version\":\"1\",\"settings\":{},\"time0_epoch_ms\":1}\n"
        "{\"note\":\"n\",\"at_ms\":1}\n"
        "{\"seq\":1,\"sent_ms\":1,\"done_ms\":2,\"method\":\"GET\",\"path\":\"/"
        "jobs\",\"status\":200,"
        "\"headers\":{\"a\":\"b\"},\"body\":\"\\u00e4\"}\n";
    struct complaints complaints = {0};
    FILE *in = fmemopen(recording, strlen(recording), "r"), *out = tmpfile();
    const bool written = har_write(in, out, &complaints);
    assert_true(written || may_fail);
    assert_true(written || complaints.count > 0 || complaints.failed);
    fclose(in);
    fclose(out);
    complaints_free(&complaints);
    (void)context;
}

static void test_running_out_of_memory_is_told(void **state)
{
    assert_true(fail_each_allocation(read_once, NULL) >= 15);
    assert_true(fail_each_allocation(write_once, NULL) >= 5);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_become_exchanges_in_order_of_completion),
        cmocka_unit_test(test_what_is_no_call_of_flinks_is_left_out_and_counted),
        cmocka_unit_test(test_what_is_sent_and_what_is_base64_is_read),
        cmocka_unit_test(test_what_is_known_of_the_cluster_goes_into_the_first_line),
        cmocka_unit_test(test_dates_are_read_as_iso_8601_has_them),
        cmocka_unit_test(test_base64_is_decoded_or_refused),
        cmocka_unit_test(test_damage_is_named_with_its_entry),
        cmocka_unit_test(test_a_recording_comes_back_as_it_was),
        cmocka_unit_test(test_what_is_no_recording_becomes_no_archive),
        cmocka_unit_test(test_running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
