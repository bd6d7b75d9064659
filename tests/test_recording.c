/* rooms: harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "harness/recording/recording_internal.h"

#define JOB_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define JOB_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define STATISTICS(job) "/v1/jobs/" job "/checkpoints"
#define TRIGGERED(job) STATISTICS(job) "/cccccccccccccccccccccccccccccccc"

/* Time 0 is 1,000,000 ms since 1970, so an acknowledgement at 1,000,100 is at 100 ms. */
#define HEADER_OF(version, settings)                                                    \
    "{\"recording\":\"small\",\"flink_version\":\"" version "\",\"settings\":" settings \
    ",\"time0_epoch_ms\":1000000}\n"
#define HEADER HEADER_OF("1.20.3", "{\"rest.cache.checkpoint-statistics.timeout\":\"0s\"}")

static void add_line(struct buffer *file, json_t *line)
{
    char *bytes = json_dumps(line, JSON_COMPACT);
    buffer_text(file, bytes);
    buffer_char(file, '\n');
    free(bytes);
    json_decref(line);
}

static void add_get(struct buffer *file, int seq, double sent_ms, double done_ms, const char *path,
                    const char *body)
{
    add_line(file, json_pack("{s:i,s:f,s:f,s:s,s:s,s:i,s:{},s:s}", "seq", seq, "sent_ms", sent_ms,
                             "done_ms", done_ms, "method", "GET", "path", path, "status", 200,
                             "headers", "body", body));
}

/* A statistics answer that shows checkpoint `id` as completed, or none when it is 0. */
static void add_statistics(struct buffer *file, int seq, double sent_ms, double done_ms,
                           const char *job, int id, int64_t ack_ms)
{
    char path[100], body[2000], entry[600] = "null";
    if (id > 0)
        snprintf(entry, sizeof(entry),
                 "{\"id\":%d,\"status\":\"COMPLETED\",\"is_savepoint\":false,"
                 "\"trigger_timestamp\":%" PRId64 ",\"latest_ack_timestamp\":%" PRId64
                 ",\"state_size\":1,\"external_path\":\"file:/c/%s/chk-%d\",\"discarded\":false}",
                 id, ack_ms - 10, ack_ms, job, id);
    snprintf(path, sizeof(path), "/v1/jobs/%s/checkpoints", job);
    snprintf(body, sizeof(body),
             "{\"counts\":{\"restored\":0,\"total\":%d,\"in_progress\":0,\"completed\":%d,"
             "\"failed\":0},\"latest\":{\"completed\":%s},\"history\":[%s]}",
             id, id, entry, id > 0 ? entry : "");
    add_get(file, seq, sent_ms, done_ms, path, body);
}

static void add_triggered(struct buffer *file, int seq, double sent_ms, double done_ms, int id)
{
    char body[100];
    snprintf(body, sizeof(body),
             "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":%d}}", id);
    add_get(file, seq, sent_ms, done_ms, TRIGGERED(JOB_A), body);
}

static struct recording *read_bytes(const char *bytes, size_t length, struct complaints *complaints)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    rewind(file);
    return recording_take(file, complaints);
}

/* Reads what must hold without complaint, and empties the buffer. */
static struct recording *read_well(struct buffer *file)
{
    struct complaints complaints = {0};
    struct recording *recording = read_bytes(file->bytes, file->length, &complaints);
    if (complaints.count > 0)
        fail_msg("line %u: %s", complaints.items[0].line, complaints.items[0].message);
    assert_non_null(recording);
    buffer_free(file);
    return recording;
}

static void judge_own(struct recording *recording, struct judgement *judgement)
{
    struct claim claim;
    recording_own_claim(recording, &claim);
    assert_null(recording_judge(recording, &claim, judgement));
}

static void test_name_and_version_are_those_of_the_first_line(void **state)
{
    struct buffer file = {0};
    buffer_text(&file, HEADER);
    struct recording *recording = read_well(&file);
    assert_string_equal(recording_name(recording), "small");
    assert_string_equal(recording_flink_version(recording), "1.20.3");
    assert_int_equal(recording->exchange_count, 0);
    recording_free(recording);
    recording_free(NULL);
    (void)state;
}

/* Reading `bytes` gives NULL and one complaint with this line and words. */
static void assert_refused(const char *bytes, unsigned line, const char *part)
{
    struct complaints complaints = {0};
    assert_null(read_bytes(bytes, strlen(bytes), &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.items[0].line, line);
    assert_int_equal(complaints.items[0].column, 0);
    if (!strstr(complaints.items[0].message, part))
        fail_msg("\"%s\" does not say \"%s\"", complaints.items[0].message, part);
    complaints_free(&complaints);
}

static void test_a_damaged_first_line_leaves_nothing_to_judge(void **state)
{
    assert_refused("", 0, "empty");
    assert_refused("\n\n", 0, "empty");
    assert_refused("no json\n", 1, "JSON object");
    assert_refused("[]\n", 1, "JSON object");
    assert_refused("{\"note\":\"a transcript\",\"at_ms\":1}\n", 1, "\"recording\"");
    assert_refused("{\"recording\":\"x\",\"settings\":{},\"time0_epoch_ms\":1}\n", 1,
                   "flink_version");
    assert_refused("{\"recording\":\"x\",\"flink_version\":117,\"settings\":{},"
                   "\"time0_epoch_ms\":1}\n",
                   1, "flink_version");
    assert_refused("{\"recording\":\"x\",\"flink_version\":\"1.17\",\"time0_epoch_ms\":1}\n", 1,
                   "settings");
    assert_refused("{\"recording\":\"x\",\"flink_version\":\"1.17\",\"settings\":{}}\n", 1,
                   "time0_epoch_ms");
    assert_refused("\n" HEADER_OF("1.20.3", "{\"web.refresh-interval\":\"3 lightyears\"}"), 2,
                   "web.refresh-interval: ");
    assert_refused(HEADER_OF("1.20.3", "{\"web.refresh-interval\":null}"), 1,
                   "web.refresh-interval: ");
    assert_refused(HEADER_OF("1.20.3", "{},\"settings\":{}"), 1, "JSON object");
    (void)state;
}

#define GOOD                                                                            \
    "{\"seq\":1,\"sent_ms\":1,\"done_ms\":2,\"method\":\"GET\",\"path\":\"/overview\"," \
    "\"status\":200,\"body\":\"\"}\n"

static void test_a_damaged_line_ends_reading_and_keeps_what_came_before(void **state)
{
    static const struct {
        const char *line, *part;
    } rows[] = {
        {"{\"sent_ms\":1}\n", "seq"},
        {"{\"seq\":-1}\n", "seq"},
        {"{\"seq\":1.5}\n", "seq"},
        {"{\"seq\":2,\"sent_ms\":\"1\"}\n", "sent_ms"},
        {"{\"seq\":2,\"sent_ms\":1e300}\n", "sent_ms"},
        {"{\"seq\":2,\"sent_ms\":3}\n", "done_ms"},
        {"{\"seq\":2,\"sent_ms\":3,\"done_ms\":2.999}\n", "before"},
        {"{\"seq\":2,\"sent_ms\":3,\"done_ms\":4}\n", "method"},
        {"{\"seq\":2,\"sent_ms\":3,\"done_ms\":4,\"method\":\"GET\"}\n", "path"},
        {"{\"seq\":2,\"sent_ms\":3,\"done_ms\":4,\"method\":\"GET\",\"path\":\"/\"}\n", "status"},
        {"{\"seq\":2,\"sent_ms\":3,\"done_ms\":4,\"method\":\"GET\",\"path\":\"/\","
         "\"status\":600,\"body\":\"\"}\n",
         "status"},
        {"{\"seq\":2,\"sent_ms\":3,\"done_ms\":4,\"method\":\"GET\",\"path\":\"/\","
         "\"status\":200}\n",
         "body"},
        {"{\"seq\":2,\"sent_ms\":3,\"done_ms\":4,\"method\":\"GET\",\"path\":\"/\","
         "\"status\":200,\"body\":\"\",\"client\":3}\n",
         "client"},
        {"{\"seq\":2,\"sent_ms\":3,\"done_ms\":4,\"method\":\"GET\",\"path\":\"/\","
         "\"status\":200,\"body\":\"\",\"headers\":[]}\n",
         "headers"},
        {"{\"seq\":2,\"sent_ms\":3,\"done_ms\":4,\"method\":\"GET\",\"path\":\"/\","
         "\"status\":200,\"body\":\"\",\"request\":1}\n",
         "request"},
        {"{\"note\":3,\"at_ms\":1}\n", "note"},
        {"{\"note\":\"x\"}\n", "at_ms"},
        {HEADER, "seq"},
        {"garbage\n", "JSON object"},
        {"{\"seq\":2,\"seq\":3}\n", "JSON object"},
        {"{\"seq\":2,\"sent_ms\"", "the file ends"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer file = {0};
        struct complaints complaints = {0};
        buffer_text(&file, HEADER GOOD);
        buffer_text(&file, rows[i].line);
        if (rows[i].line[strlen(rows[i].line) - 1] == '\n')
            buffer_text(&file, GOOD);
        struct recording *recording = read_bytes(file.bytes, file.length, &complaints);
        assert_non_null(recording);
        assert_int_equal(recording->exchange_count, 1);
        assert_int_equal(complaints.count, 1);
        assert_int_equal(complaints.items[0].line, 3);
        if (!strstr(complaints.items[0].message, rows[i].part))
            fail_msg("%s: \"%s\"", rows[i].line, complaints.items[0].message);
        complaints_free(&complaints);
        recording_free(recording);
        buffer_free(&file);
    }
    (void)state;
}

static void test_a_nul_byte_is_damage(void **state)
{
    static const char bytes[] = HEADER GOOD "{\"seq\":1\0}\n" GOOD;
    struct complaints complaints = {0};
    struct recording *recording = read_bytes(bytes, sizeof(bytes) - 1, &complaints);
    assert_int_equal(recording->exchange_count, 1);
    assert_int_equal(complaints.count, 1);
    complaints_free(&complaints);
    recording_free(recording);
    (void)state;
}

static void test_a_whole_last_line_needs_no_line_end(void **state)
{
    struct buffer file = {0};
    buffer_text(&file, HEADER GOOD GOOD);
    file.length--;
    struct recording *recording = read_well(&file);
    assert_int_equal(recording->exchange_count, 2);
    recording_free(recording);
    (void)state;
}

static void test_notes_empty_lines_and_unknown_members_are_passed_over(void **state)
{
    struct buffer file = {0};
    buffer_text(&file, HEADER "\n \r\n{\"note\":\"here\",\"at_ms\":1.5}\n");
    buffer_text(&file, "{\"seq\":1,\"sent_ms\":1,\"done_ms\":1,\"method\":\"POST\",\"path\":\"/x\","
                       "\"request\":null,\"status\":0,\"body\":\"\",\"weather\":[\"fine\"],"
                       "\"client\":\"mover\"}\n");
    struct recording *recording = read_well(&file);
    assert_int_equal(recording->exchange_count, 1);
    assert_string_equal(recording->clients.texts[0], "mover");
    recording_free(recording);
    (void)state;
}

static void test_exchanges_wait_until_no_earlier_one_can_come(void **state)
{
    static const struct line_order in[] = {
        {30, 7, 2}, {20, 8, 3}, {30, 9, 4}, {30, 6, 5}, {10, 1, 6}, {30, 6, 7}, {-5, 99, 8},
    };
    static const size_t out[] = {8, 6, 3, 5, 7, 2, 4};
    struct waiting waiting = {0};
    assert_null(waiting_first(&waiting));
    for (size_t i = 0; i < 7; i++)
        assert_true(waiting_put(&waiting, &(struct recorded_exchange){.order = in[i]}));
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(waiting_first(&waiting)->order.line, out[i]);
        assert_int_equal(waiting_take(&waiting).order.line, out[i]);
    }
    assert_null(waiting_first(&waiting));
    waiting_free(&waiting);
    (void)state;
}

/* The same exchanges, in any order of lines, give the same judgement. */
static void test_the_order_of_lines_changes_nothing(void **state)
{
    static const unsigned orders[][4] = {
        {0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}, {3, 0, 1, 2}, {1, 2, 3, 0},
    };
    struct judgement first = {0}, judgement = {0}; /* what a verdict does not need is not written */
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        struct buffer file = {0};
        buffer_text(&file, HEADER);
        for (size_t j = 0; j < 4; j++) {
            if (orders[i][j] == 0)
                add_statistics(&file, 1, 10, 20, JOB_A, 1, 1000000);
            else if (orders[i][j] == 1)
                add_statistics(&file, 2, 100, 110, JOB_A, 2, 1000100);
            else if (orders[i][j] == 2)
                add_statistics(&file, 3, 110.001, 120, JOB_A, 1, 1000000);
            else
                add_statistics(&file, 4, 500, 500, JOB_A, 2, 1000100);
        }
        struct recording *recording = read_well(&file);
        judge_own(recording, i == 0 ? &first : &judgement);
        assert_int_equal(
            recording->completions[0].checkpoint + recording->completions[1].checkpoint, 3);
        recording_free(recording);
        if (i == 0)
            assert_int_equal(first.properties[PROPERTY_FRESH].violations, 1);
        else
            assert_memory_equal(&first, &judgement, sizeof(first));
    }
    (void)state;
}

static void test_equal_answers_for_one_job_are_read_once(void **state)
{
    struct buffer file = {0};
    buffer_text(&file, HEADER);
    add_statistics(&file, 1, 1, 2, JOB_A, 0, 0);
    add_statistics(&file, 2, 3, 4, JOB_A, 0, 0);
    add_statistics(&file, 3, 5, 6, JOB_B, 0, 0);
    add_statistics(&file, 4, 7, 8, JOB_A, 1, 1000000);
    add_statistics(&file, 5, 9, 9, "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb", 0, 0);
    add_statistics(&file, 6, 10, 11, "bbbbbbbbbbbbbbbbaaaaaaaaaaaaaaaa", 0, 0);
    struct recording *recording = read_well(&file);
    assert_int_equal(recording->exchange_count, 6);
    assert_int_equal(recording->bodies.last_serial, 5);
    struct judgement judgement;
    judge_own(recording, &judgement);
    assert_int_equal(recording->bodies.last_serial, 5); /* nor by the second reading */
    recording_free(recording);
    (void)state;
}

static void test_a_body_that_is_no_answer_is_reported_and_reading_goes_on(void **state)
{
    struct buffer file = {0};
    struct complaints complaints = {0};
    buffer_text(&file, HEADER);
    add_get(&file, 1, 1, 2, STATISTICS(JOB_A), "<html>");
    add_get(&file, 2, 3, 4, STATISTICS(JOB_A), "<html>");
    add_statistics(&file, 3, 5, 6, JOB_A, 0, 0);
    struct recording *recording = read_bytes(file.bytes, file.length, &complaints);
    assert_int_equal(recording->exchange_count, 3);
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.items[0].line, 2);
    complaints_free(&complaints);
    recording_free(recording);
    buffer_free(&file);
    (void)state;
}

/* Reads that show checkpoint 1 are answered until `last_ms`; only a later answer says that 2 was
 * acknowledged at 100 ms. */
static void add_late_news(struct buffer *file, double last_ms)
{
    buffer_text(file, HEADER);
    add_statistics(file, 1, 10, 20, JOB_A, 1, 1000000);
    add_statistics(file, 2, last_ms, last_ms + 5, JOB_A, 1, 1000000);
    add_statistics(file, 3, 500, 510, JOB_A, 2, 1000100);
}

static void test_a_time_inside_a_later_answer_counts_250_ms_after_it(void **state)
{
    static const struct {
        double read_ms;
        enum verdict verdict;
    } rows[] = {{349.999, VERDICT_PASS}, {350, VERDICT_PASS}, {350.001, VERDICT_FAIL}};
    for (size_t i = 0; i < 3; i++) {
        struct buffer file = {0};
        struct judgement judgement;
        add_late_news(&file, rows[i].read_ms);
        struct recording *recording = read_well(&file);
        judge_own(recording, &judgement);
        assert_int_equal(judgement.properties[PROPERTY_FRESH].verdict, rows[i].verdict);
        assert_int_equal(judgement.whole, rows[i].verdict);
        recording_free(recording);
    }
    (void)state;
}

static void test_the_margin_is_the_claims(void **state)
{
    struct buffer file = {0};
    struct judgement judgement;
    struct claim claim;
    add_late_news(&file, 200);
    struct recording *recording = read_well(&file);
    recording_own_claim(recording, &claim);
    claim.margin_us = 99000;
    assert_null(recording_judge(recording, &claim, &judgement));
    assert_int_equal(judgement.properties[PROPERTY_FRESH].violations, 1);
    claim.margin_us = 100000;
    assert_null(recording_judge(recording, &claim, &judgement));
    assert_int_equal(judgement.properties[PROPERTY_FRESH].violations, 0);
    recording_free(recording);
    (void)state;
}

static void test_an_answer_that_showed_it_counts_at_once(void **state)
{
    struct buffer file = {0};
    struct judgement judgement;
    buffer_text(&file, HEADER);
    add_statistics(&file, 1, 100, 110, JOB_A, 2, 1000100);
    add_statistics(&file, 2, 111, 120, JOB_A, 1, 1000000);
    struct recording *recording = read_well(&file);
    assert_int_equal(recording->completions[0].shown.done_us, 110000);
    judge_own(recording, &judgement);
    assert_int_equal(judgement.properties[PROPERTY_FRESH].verdict, VERDICT_FAIL);
    recording_free(recording);
    (void)state;
}

static void test_a_trigger_that_says_completed_counts_at_once(void **state)
{
    struct buffer file = {0};
    struct judgement judgement;
    buffer_text(&file, HEADER);
    add_triggered(&file, 1, 100, 110, 2);
    add_statistics(&file, 2, 111, 120, JOB_A, 1, 1000000);
    struct recording *recording = read_well(&file);
    judge_own(recording, &judgement);
    assert_int_equal(judgement.properties[PROPERTY_FRESH].violations, 1);
    recording_free(recording);
    (void)state;
}

static void test_completions_before_time_0_count(void **state)
{
    struct buffer file = {0};
    struct judgement judgement;
    buffer_text(&file, HEADER);
    add_statistics(&file, 1, 10, 20, JOB_A, 1, 990000);
    add_statistics(&file, 2, 30, 40, JOB_A, 2, 991000);
    struct recording *recording = read_well(&file);
    judge_own(recording, &judgement);
    assert_int_equal(judgement.properties[PROPERTY_FRESH].violations, 1);
    recording_free(recording);
    (void)state;
}

static void test_the_lag_counts_from_the_first_acknowledgement_that_is_missed(void **state)
{
    struct buffer file = {0};
    struct judgement judgement;
    buffer_text(&file, HEADER);
    add_statistics(&file, 1, 10, 20, JOB_B, 1, 1000000);
    add_statistics(&file, 2, 310, 320, JOB_A, 2, 1000300);
    add_statistics(&file, 3, 500, 510, JOB_A, 1, 1000000);
    add_statistics(&file, 4, 520, 530, JOB_A, 3, 1000180);
    struct recording *recording = read_well(&file);
    judge_own(recording, &judgement);
    assert_true(judgement.properties[PROPERTY_FRESH].has_worst);
    assert_true(judgement.properties[PROPERTY_FRESH].worst_value == 320);
    assert_int_equal(judgement.properties[PROPERTY_FRESH].worst_behind, 2);
    recording_free(recording);
    (void)state;
}

static void test_there_is_no_lag_where_nothing_was_read_or_nothing_completed(void **state)
{
    struct buffer file = {0};
    buffer_text(&file, HEADER);
    add_triggered(&file, 1, 100, 110, 2);
    add_statistics(&file, 2, 111, 120, JOB_A, 0, 0);
    struct recording *recording = read_well(&file);
    struct lag *lag = lag_new(recording);
    struct read_body body = {.seen = {.kind = OBSERVED_STATISTICS}};
    lag_add(lag, &(struct recorded_exchange){.sent_us = 111000, .body = &body});
    assert_int_equal(lag_worst_us(lag), -1);
    lag_free(lag);
    recording_free(recording);
    (void)state;
}

#define ENTRY(savepoint, status, ack, path)                           \
    "{\"id\":5,\"status\":\"" status "\",\"is_savepoint\":" savepoint \
    ",\"trigger_timestamp\":1,\"latest_ack_timestamp\":" ack          \
    ",\"state_size\":1,\"external_path\":\"" path "\"}"

static void test_only_completed_checkpoints_of_the_job_asked_for_become_facts(void **state)
{
    static const struct {
        const char *checkpoint, *body;
        size_t completions;
    } rows[] = {
        {"5", ENTRY("false", "COMPLETED", "2", "file:/c/" JOB_A "/chk-5"), 1},
        {"5", ENTRY("false", "COMPLETED", "2", "file:/c/chk-5"), 1},
        {"5", ENTRY("false", "COMPLETED", "2", "file:/" JOB_B "/" JOB_A "/chk-5"), 1},
        {"5", ENTRY("false", "COMPLETED", "2", "file:/c/" JOB_B "/chk-5"), 0},
        {"6", ENTRY("false", "COMPLETED", "2", "file:/c/" JOB_A "/chk-5"), 0},
        {"5", ENTRY("true", "COMPLETED", "2", "file:/c/" JOB_A "/s"), 0},
        {"5", ENTRY("false", "FAILED", "2", "x"), 0},
        {"5", ENTRY("false", "IN_PROGRESS", "2", "x"), 0},
        {"5", ENTRY("false", "COMPLETED", "-1", "x"), 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer file = {0};
        char path[120];
        snprintf(path, sizeof(path), STATISTICS(JOB_A) "/details/%s", rows[i].checkpoint);
        buffer_text(&file, HEADER);
        add_get(&file, 1, 1, 2, path, rows[i].body);
        struct recording *recording = read_well(&file);
        if (recording->completion_count != rows[i].completions)
            fail_msg("row %zu gave %zu", i, recording->completion_count);
        recording_free(recording);
    }
    (void)state;
}

static void test_a_time_too_large_to_count_from_is_not_counted_from(void **state)
{
    struct buffer file = {0};
    struct judgement judgement;
    buffer_text(&file, HEADER);
    add_statistics(&file, 1, 10, 20, JOB_A, 1, INT64_MAX);
    add_statistics(&file, 2, 30, 40, JOB_A, 1, INT64_MAX);
    struct recording *recording = read_well(&file);
    judge_own(recording, &judgement);
    assert_int_equal(judgement.properties[PROPERTY_FRESH].violations, 0);
    recording_free(recording);
    (void)state;
}

static void test_the_own_claim_follows_from_version_and_settings(void **state)
{
    static const struct {
        const char *header;
        int64_t bound_us, refresh_interval_us;
    } rows[] = {
        {HEADER_OF("1.17.2", "{}"), 3000000, 3000000},
        {HEADER_OF("1.17.2", "{\"web.refresh-interval\":\"1\"}"), 1000, 1000},
        {HEADER_OF("1.17.2", "{\"web.refresh-interval\":500}"), 500000, 500000},
        {HEADER_OF("1.17.2", "{\"rest.cache.checkpoint-statistics.timeout\":\"0 s\"}"), 3000000,
         3000000},
        {HEADER_OF("1.18.0", "{\"rest.cache.checkpoint-statistics.timeout\":\"0 s\"}"), 0, 3000000},
        {HEADER_OF("1.20.3", "{\"rest.cache.checkpoint-statistics.timeout\":\"5 s\"}"), 5000000,
         3000000},
        {HEADER_OF("1.20.3", "{\"web.refresh-interval\":\"1 s\",\"parallelism.default\":{}}"),
         1000000, 1000000},
        {HEADER_OF("2.3.0", "{\"rest.cache.execution-graph.timeout\":\"7s\"}"), 3000000, 7000000},
        {HEADER_OF("2.2.1", "{\"rest.cache.execution-graph.timeout\":\"7s\"}"), 3000000, 3000000},
        {HEADER_OF("2.0.0", "{\"jobmanager.web.refresh-interval\":1500}"), 1500000, 1500000},
        {HEADER_OF("2.1.0", "{\"jobmanager.web.refresh-interval\":1500}"), 3000000, 1500000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer file = {0};
        struct claim claim;
        buffer_text(&file, rows[i].header);
        struct recording *recording = read_well(&file);
        recording_own_claim(recording, &claim);
        if (claim.bound_us != rows[i].bound_us ||
            claim.refresh_interval_us != rows[i].refresh_interval_us)
            fail_msg("row %zu: %lld %lld", i, (long long)claim.bound_us,
                     (long long)claim.refresh_interval_us);
        assert_int_equal(claim.margin_us, 250000);
        assert_false(claim.claimed[PROPERTY_RESTORE_WINDOW]);
        assert_true(claim.claimed[PROPERTY_RIGHT_JOB]);
        recording_free(recording);
    }
    (void)state;
}

/* A trigger says that 2 is complete; the read at line 4 misses it. `violating_end` is where that
 * line ends. */
static void add_broken(struct buffer *file, size_t *violating_end)
{
    buffer_text(file, HEADER);
    add_statistics(file, 1, 10, 20, JOB_A, 1, 1000000);
    add_triggered(file, 2, 100, 110, 2);
    add_statistics(file, 3, 120, 130, JOB_A, 1, 1000000);
    *violating_end = file->length;
    add_statistics(file, 4, 140, 150, JOB_A, 2, 1000100);
}

static void test_a_file_cut_at_any_byte_is_judged_by_what_is_left(void **state)
{
    struct buffer file = {0};
    size_t violating_end;
    add_broken(&file, &violating_end);
    for (size_t length = 0; length <= file.length; length++) {
        struct complaints complaints = {0};
        struct judgement judgement;
        struct recording *recording = read_bytes(file.bytes, length, &complaints);
        bool whole_line =
            length > 0 && (file.bytes[length - 1] == '\n' || file.bytes[length] == '\n');
        assert_int_equal(complaints.count, whole_line ? 0 : 1);
        complaints_free(&complaints);
        if (length < strlen(HEADER) - 1) {
            assert_null(recording);
            continue;
        }
        judge_own(recording, &judgement);
        /* The line end may be missing; the closing brace may not. */
        bool broken = length >= violating_end - 1;
        assert_int_equal(judgement.whole == VERDICT_FAIL, broken);
        recording_free(recording);
    }
    buffer_free(&file);
    (void)state;
}

static void read_and_judge(void *context, bool may_fail)
{
    const struct buffer *file = context;
    struct complaints complaints = {0};
    struct judgement judgement;
    struct claim claim;
    struct recording *recording = read_bytes(file->bytes, file->length, &complaints);
    assert_true(recording || may_fail);
    assert_true(!recording || complaints.count == 0);
    complaints_free(&complaints);
    if (!recording)
        return;
    recording_own_claim(recording, &claim);
    const char *wrong = recording_judge(recording, &claim, &judgement);
    if (wrong)
        assert_true(may_fail && strcmp(wrong, "out of memory") == 0);
    else
        assert_true(judgement.whole == VERDICT_FAIL ||
                    (may_fail && judgement.whole == VERDICT_UNKNOWN));
    recording_free(recording);
}

static void test_running_out_of_memory_gives_no_verdict_and_leaks_nothing(void **state)
{
    struct buffer file = {0};
    size_t violating_end;
    add_broken(&file, &violating_end);
    assert_true(fail_each_allocation(read_and_judge, &file) >= 15);
    buffer_free(&file);
    (void)state;
}

/* The only complaint that reading gives; the recording is there. */
static struct recording *read_with_complaint(struct buffer *file, unsigned line, const char *part)
{
    struct complaints complaints = {0};
    struct recording *recording = read_bytes(file->bytes, file->length, &complaints);
    assert_non_null(recording);
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.items[0].line, line);
    if (!strstr(complaints.items[0].message, part))
        fail_msg("\"%s\" does not say \"%s\"", complaints.items[0].message, part);
    complaints_free(&complaints);
    buffer_free(file);
    return recording;
}

static void test_a_version_that_is_not_known_is_told_and_judged(void **state)
{
    static const struct {
        const char *header, *part;
        int64_t bound_us;
    } rows[] = {
        {HEADER_OF("our-fork", "{\"rest.cache.checkpoint-statistics.timeout\":\"1s\"}"),
         "no version of Flink", 1000000},
        {HEADER_OF("", "{\"web.refresh-interval\":\"1s\"}"), "no version of Flink", 1000000},
        {HEADER_OF("2.4-SNAPSHOT", "{\"jobmanager.web.refresh-interval\":\"1s\"}"),
         "newer than 2.3", 3000000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer file = {0};
        struct claim claim;
        buffer_text(&file, rows[i].header);
        struct recording *recording = read_with_complaint(&file, 0, rows[i].part);
        assert_false(recording_is_damaged(recording));
        recording_own_claim(recording, &claim);
        assert_int_equal(claim.bound_us, rows[i].bound_us);
        recording_free(recording);
    }
    (void)state;
}

static void test_a_clock_that_goes_back_ends_reading(void **state)
{
    static const struct {
        double done_ms;
        int seq;
        bool went_back;
    } rows[] = {
        {4900, 3, false}, /* threads may come to the file a little late */
        {4899.999, 3, true},
        {4899.999, 1, false}, /* lines in another order than numbers */
        {1000, 3, true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer file = {0};
        buffer_text(&file, HEADER);
        add_statistics(&file, 2, 5000, 5010, JOB_A, 1, 1000000);
        add_statistics(&file, rows[i].seq, 900, rows[i].done_ms, JOB_A, 0, 0);
        struct recording *recording = rows[i].went_back
                                          ? read_with_complaint(&file, 3, "the clock went back")
                                          : read_well(&file);
        assert_int_equal(recording_is_damaged(recording), rows[i].went_back);
        assert_int_equal(recording->exchange_count, rows[i].went_back ? 1 : 2);
        recording_free(recording);
    }
    (void)state;
}

/* GET /jobs/:jobid, sent at 1000 ms and answered at 1010 ms by a clock that shows `now_ms`. */
static void add_job(struct buffer *file, int64_t now_ms)
{
    char body[200];
    snprintf(body, sizeof(body),
             "{\"jid\":\"" JOB_A "\",\"state\":\"RUNNING\",\"start-time\":1,\"now\":%" PRId64 "}",
             1000000 + now_ms);
    add_get(file, 1, 1000, 1010, "/v1/jobs/" JOB_A, body);
}

static void test_clocks_that_disagree_are_told_and_widen_the_margin(void **state)
{
    static const struct {
        int64_t now_ms;
        const char *part;
        int64_t margin_us;
    } rows[] = {
        {1000, NULL, 250000},
        {1010, NULL, 250000},
        {950, NULL, 250000},                           /* 950.999 at most: 49.001 ms behind */
        {949, "behind the clients' by 50 ms", 311000}, /* 50.001 to 61 */
        {948, "behind the clients' by 51 ms", 312000},
        {-59000, "behind the clients' by 59999 ms", 60260000},
        {1060, NULL, 250000},
        {1061, "ahead of the clients' by 51 ms", 250000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer file = {0};
        struct claim claim;
        buffer_text(&file, HEADER);
        add_job(&file, rows[i].now_ms);
        struct recording *recording =
            rows[i].part ? read_with_complaint(&file, 0, rows[i].part) : read_well(&file);
        recording_own_claim(recording, &claim);
        if (claim.margin_us != rows[i].margin_us)
            fail_msg("row %zu: %lld", i, (long long)claim.margin_us);
        recording_free(recording);
    }
    (void)state;
}

static void add_statistics_with(struct buffer *file, int seq, double at_ms, int id,
                                const char *header, const char *value)
{
    struct buffer plain = {0};
    json_error_t error;
    add_statistics(&plain, seq, at_ms, at_ms + 1, JOB_A, id, 1000100);
    json_t *line = json_loadb(plain.bytes, plain.length, JSON_DISABLE_EOF_CHECK, &error);
    json_object_set_new(json_object_get(line, "headers"), header, json_string(value));
    add_line(file, line);
    buffer_free(&plain);
}

/* Complete at 500 ms, since somebody saw it; the answer that lacks it arrives at 2001 ms. */
static void test_an_age_among_the_headers_tells_a_proxy(void **state)
{
    static const struct {
        const char *header, *value;
        enum layer layer;
    } rows[] = {{"age", "2", LAYER_PROXY}, /* since 0.001 ms, before it was complete */
                {"Age", "2", LAYER_PROXY},
                {"age", "1", LAYER_CACHE}, /* since 1001 ms: who was asked then kept it as well */
                {"age", "", LAYER_CACHE},
                {"age", "-2", LAYER_CACHE},
                {"age", "2 s", LAYER_CACHE},
                {"age", "99999999999999999999", LAYER_CACHE},
                {"x-age", "2", LAYER_CACHE}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer file = {0};
        struct judgement judgement;
        buffer_text(&file, HEADER);
        add_statistics(&file, 1, 100, 101, JOB_A, 0, 0);
        add_triggered(&file, 2, 499, 500, 1);
        add_statistics_with(&file, 3, 2000, 0, rows[i].header, rows[i].value);
        struct recording *recording = read_well(&file);
        judge_own(recording, &judgement);
        assert_int_equal(judgement.properties[PROPERTY_FRESH].violations, 1);
        if (judgement.properties[PROPERTY_FRESH].layer != rows[i].layer)
            fail_msg("row %zu: %s", i, layer_name(judgement.properties[PROPERTY_FRESH].layer));
        recording_free(recording);
    }
    (void)state;
}

static void test_a_request_without_an_answer_is_unanswered_and_proves_nothing(void **state)
{
    struct buffer file = {0};
    struct judgement judgement;
    buffer_text(&file, HEADER);
    add_statistics(&file, 1, 100, 101, JOB_A, 1, 1000100);
    add_line(&file, json_pack("{s:i,s:f,s:f,s:s,s:s,s:i,s:{},s:s}", "seq", 2, "sent_ms", 2000.0,
                              "done_ms", 7000.0, "method", "GET", "path", STATISTICS(JOB_A),
                              "status", 0, "headers", "body", ""));
    struct recording *recording = read_well(&file);
    judge_own(recording, &judgement);
    assert_int_equal(judgement.properties[PROPERTY_AVAILABLE].violations, 1);
    assert_int_equal(judgement.properties[PROPERTY_AVAILABLE].layer, LAYER_UNKNOWN);
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (i != PROPERTY_AVAILABLE)
            assert_int_not_equal(judgement.properties[i].verdict, VERDICT_FAIL);
    }
    assert_int_equal(judgement.properties[PROPERTY_FRESH].tested, 0);
    recording_free(recording);
    (void)state;
}

static void test_the_margin_says_what_it_is_for_and_how_far_the_clock_is_off(void **state)
{
    static const struct {
        int64_t now_ms; /* 0: nobody tells */
        const char *part;
    } rows[] = {{0, "no answer told the cluster's time"},
                {1005, "by 1 answer the cluster's clock is off by -5.0 to 6.0 ms"},
                {900, "is off by -110.0 to -99.0 ms"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer file = {0};
        struct complaints complaints = {0};
        struct judgement judgement;
        buffer_text(&file, HEADER);
        if (rows[i].now_ms)
            add_job(&file, rows[i].now_ms);
        add_statistics(&file, 3, 2000, 2001, JOB_A, 1, 1000100);
        struct recording *recording = read_bytes(file.bytes, file.length, &complaints);
        judge_own(recording, &judgement);
        assert_int_equal(judgement.margin.us, rows[i].now_ms == 900 ? 360000 : 250000);
        if (!strstr(judgement.margin.why, rows[i].part))
            fail_msg("row %zu: %s", i, judgement.margin.why);
        recording_free(recording);
        complaints_free(&complaints);
        buffer_free(&file);
    }
    (void)state;
}

static void test_an_answer_that_is_repeated_tells_no_time(void **state)
{
    struct buffer file = {0};
    buffer_text(&file, HEADER);
    add_job(&file, 1005);
    char body[200];
    snprintf(body, sizeof(body),
             "{\"jid\":\"" JOB_A "\",\"state\":\"RUNNING\",\"start-time\":1,\"now\":1001005}");
    add_get(&file, 2, 9000, 9010, "/v1/jobs/" JOB_A, body);
    struct recording *recording = read_well(&file);
    assert_int_equal(recording->clock.answers, 1);
    assert_int_equal(recording->clock.most_us, 5999);
    recording_free(recording);
    (void)state;
}

static void test_an_answer_that_was_kept_for_somebody_else_tells_no_time(void **state)
{
    static const char *const ages[] = {"0", "3", "soon"};
    for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
        struct buffer file = {0}, plain = {0};
        json_error_t error;
        buffer_text(&file, HEADER);
        add_job(&plain, -2000);
        json_t *line = json_loadb(plain.bytes, plain.length, JSON_DISABLE_EOF_CHECK, &error);
        json_object_set_new(json_object_get(line, "headers"), "age", json_string(ages[i]));
        add_line(&file, line);
        struct recording *recording = read_well(&file);
        assert_int_equal(recording->clock.answers, 0);
        assert_int_equal(recording_margin_us(recording), RECORDING_MARGIN_US);
        recording_free(recording);
        buffer_free(&plain);
    }
    (void)state;
}

static void test_moments_that_are_equal_never_make_a_violation(void **state)
{
    static const struct {
        double sent_ms;
        uint64_t violations;
    } rows[] = {{110, 0}, {110.001, 1}};
    for (size_t i = 0; i < 2; i++) {
        struct buffer file = {0};
        struct judgement judgement;
        buffer_text(&file, HEADER);
        add_statistics(&file, 1, 100, 110, JOB_A, 2, 1000100);
        add_statistics(&file, 2, rows[i].sent_ms, 120, JOB_A, 1, 1000000);
        add_statistics(&file, 3, 120, 120, JOB_A, 2, 1000100);
        add_statistics(&file, 3, 120, 120, JOB_A, 2, 1000100);
        struct recording *recording = read_well(&file);
        judge_own(recording, &judgement);
        assert_int_equal(judgement.properties[PROPERTY_FRESH].violations, rows[i].violations);
        assert_int_equal(judgement.properties[PROPERTY_MONOTONIC].violations, rows[i].violations);
        recording_free(recording);
    }
    (void)state;
}

static void test_a_million_jobs_are_refused_from_the_first_that_is_too_many(void **state)
{
    struct buffer file = {0};
    buffer_text(&file, HEADER);
    for (unsigned i = 0; i <= 100000; i++)
        buffer_printf(&file,
                      "{\"seq\":%u,\"sent_ms\":1,\"done_ms\":2,\"method\":\"GET\",\"path\":"
                      "\"/jobs/%032x\",\"status\":500,\"body\":\"\"}\n",
                      i, i + 1);
    struct recording *recording = read_with_complaint(&file, 100002, "100000");
    assert_true(recording_is_damaged(recording));
    assert_int_equal(recording->exchange_count, 100000);
    recording_free(recording);
    (void)state;
}

static void test_a_file_that_changes_between_the_readings_gives_no_verdict(void **state)
{
    struct buffer file = {0};
    struct judgement judgement;
    struct claim claim;
    size_t violating_end;
    add_broken(&file, &violating_end);
    for (unsigned change = 0; change < 3; change++) {
        struct complaints complaints = {0};
        struct recording *recording = read_bytes(file.bytes, file.length, &complaints);
        recording_own_claim(recording, &claim);
        assert_null(recording_judge(recording, &claim, &judgement));
        const int handle = fileno(recording->file);
        if (change == 0) /* cut off */
            assert_int_equal(ftruncate(handle, (off_t)violating_end), 0);
        else if (change == 1) /* damaged */
            assert_int_equal(pwrite(handle, "x", 1, (off_t)violating_end), 1);
        else /* another time, so that lines are later than they were */
            assert_int_equal(pwrite(handle, "-", 1, (off_t)strlen(HEADER) + 18), 1);
        const char *wrong = recording_judge(recording, &claim, &judgement);
        if (change < 2)
            assert_string_equal(wrong, "the file changed while it was read");
        recording_free(recording);
    }
    buffer_free(&file);
    (void)state;
}

static void test_lines_that_are_added_later_are_not_judged(void **state)
{
    struct buffer file = {0};
    struct complaints complaints = {0};
    struct judgement judgement;
    size_t violating_end;
    add_broken(&file, &violating_end);
    struct recording *recording = read_bytes(file.bytes, file.length, &complaints);
    assert_int_equal(pwrite(fileno(recording->file), "{\"seq\"", 6, (off_t)file.length), 6);
    judge_own(recording, &judgement);
    assert_int_equal(judgement.whole, VERDICT_FAIL);
    recording_free(recording);
    buffer_free(&file);
    (void)state;
}

static void test_a_pipe_is_copied_and_judged(void **state)
{
    struct buffer file = {0};
    struct complaints complaints = {0};
    struct judgement judgement;
    size_t violating_end;
    int ends[2];
    add_broken(&file, &violating_end);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], file.bytes, file.length), file.length);
    close(ends[1]);
    struct recording *recording = recording_take(fdopen(ends[0], "r"), &complaints);
    judge_own(recording, &judgement);
    assert_int_equal(judgement.whole, VERDICT_FAIL);
    recording_free(recording);
    buffer_free(&file);
    (void)state;
}

/* Reads of ever new answers: what is remembered of them stays within its bound. */
static void test_memory_does_not_grow_with_distinct_answers(void **state)
{
    struct bodies bodies = {0};
    static char body[20000];
    for (unsigned i = 0; i < 4000; i++) {
        const char *unreadable = NULL;
        snprintf(body, sizeof(body), "{\"a\":\"%u%19000d\"}", i, 1);
        const struct node text = {.kind = NODE_TEXT,
                                  .as.text = {.bytes = body, .length = strlen(body)}};
        const struct body_request request = {.path = PATH_OTHER, .status = 200, .text = &text};
        struct read_body *read = bodies_read(&bodies, &request, &unreadable);
        struct read_body *again = bodies_read(&bodies, &request, &unreadable);
        assert_ptr_equal(read, again);
        body_unref(read);
        body_unref(again);
        assert_true(bodies.size <= BODIES_SIZE_MAX);
    }
    assert_true(bodies.size > BODIES_SIZE_MAX / 2);
    bodies_free(&bodies);
    (void)state;
}

static void test_an_answer_larger_than_all_that_is_remembered_is_read_and_forgotten(void **state)
{
    struct bodies bodies = {0};
    const char *unreadable = NULL;
    char *bytes = test_calloc(1, BODIES_SIZE_MAX);
    const struct node text = {.kind = NODE_TEXT,
                              .as.text = {.bytes = bytes, .length = BODIES_SIZE_MAX}};
    const struct body_request request = {.path = PATH_OTHER, .status = 200, .text = &text};
    struct read_body *body = bodies_read(&bodies, &request, &unreadable);
    assert_int_equal(body->references, 1);
    assert_int_equal(bodies.size, 0);
    body_unref(body);
    bodies_free(&bodies);
    test_free(bytes);
    (void)state;
}

static void test_endless_answers_that_say_nothing_are_told_a_few_times_only(void **state)
{
    for (int count = 20; count <= 22; count++) {
        struct buffer file = {0};
        struct complaints complaints = {0};
        buffer_text(&file, HEADER);
        for (int i = 0; i < count; i++) {
            char body[20];
            snprintf(body, sizeof(body), "<html>%d", i);
            add_get(&file, i, i, i + 1, STATISTICS(JOB_A), body);
        }
        struct recording *recording = read_bytes(file.bytes, file.length, &complaints);
        assert_false(recording_is_damaged(recording));
        assert_int_equal(complaints.count, count > 20 ? 21 : 20);
        if (count == 22)
            assert_string_equal(complaints.items[20].message,
                                "up to here 2 more answers like these say nothing");
        complaints_free(&complaints);
        recording_free(recording);
        buffer_free(&file);
    }
    (void)state;
}

static void test_lines_longer_than_the_first_room_for_them_are_read(void **state)
{
    static const size_t lengths[] = {1, 262143, 262144, 262145, 1000000};
    struct buffer file = {0};
    struct line_reader lines = {.file = tmpfile()};
    const char *line;
    size_t length;
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 1; j < lengths[i]; j++)
            buffer_char(&file, (char)('a' + i));
        buffer_char(&file, '\n');
    }
    buffer_text(&file, "no line end");
    fwrite(file.bytes, 1, file.length, lines.file);
    rewind(lines.file);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(line_reader_next(&lines, &line, &length), LINE_READ);
        assert_int_equal(length, lengths[i]);
        assert_int_equal(line[length - 1], '\n');
        assert_true(length == 1 || (line[0] == (char)('a' + i) && line[length - 2] == line[0]));
        assert_int_equal(lines.number, i + 1);
    }
    assert_int_equal(line_reader_next(&lines, &line, &length), LINE_READ);
    assert_memory_equal(line, "no line end", length);
    assert_int_equal(line_reader_next(&lines, &line, &length), LINE_NONE);
    assert_int_equal(line_reader_next(&lines, &line, &length), LINE_NONE);
    fclose(lines.file);
    line_reader_free(&lines);
    buffer_free(&file);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_and_version_are_those_of_the_first_line),
        cmocka_unit_test(test_a_damaged_first_line_leaves_nothing_to_judge),
        cmocka_unit_test(test_a_damaged_line_ends_reading_and_keeps_what_came_before),
        cmocka_unit_test(test_a_nul_byte_is_damage),
        cmocka_unit_test(test_a_whole_last_line_needs_no_line_end),
        cmocka_unit_test(test_notes_empty_lines_and_unknown_members_are_passed_over),
        cmocka_unit_test(test_exchanges_wait_until_no_earlier_one_can_come),
        cmocka_unit_test(test_the_order_of_lines_changes_nothing),
        cmocka_unit_test(test_equal_answers_for_one_job_are_read_once),
        cmocka_unit_test(test_a_body_that_is_no_answer_is_reported_and_reading_goes_on),
        cmocka_unit_test(test_a_time_inside_a_later_answer_counts_250_ms_after_it),
        cmocka_unit_test(test_the_margin_is_the_claims),
        cmocka_unit_test(test_an_answer_that_showed_it_counts_at_once),
        cmocka_unit_test(test_a_trigger_that_says_completed_counts_at_once),
        cmocka_unit_test(test_completions_before_time_0_count),
        cmocka_unit_test(test_the_lag_counts_from_the_first_acknowledgement_that_is_missed),
        cmocka_unit_test(test_there_is_no_lag_where_nothing_was_read_or_nothing_completed),
        cmocka_unit_test(test_only_completed_checkpoints_of_the_job_asked_for_become_facts),
        cmocka_unit_test(test_a_time_too_large_to_count_from_is_not_counted_from),
        cmocka_unit_test(test_the_own_claim_follows_from_version_and_settings),
        cmocka_unit_test(test_a_file_cut_at_any_byte_is_judged_by_what_is_left),
        cmocka_unit_test(test_running_out_of_memory_gives_no_verdict_and_leaks_nothing),
        cmocka_unit_test(test_a_version_that_is_not_known_is_told_and_judged),
        cmocka_unit_test(test_a_clock_that_goes_back_ends_reading),
        cmocka_unit_test(test_clocks_that_disagree_are_told_and_widen_the_margin),
        cmocka_unit_test(test_an_age_among_the_headers_tells_a_proxy),
        cmocka_unit_test(test_a_request_without_an_answer_is_unanswered_and_proves_nothing),
        cmocka_unit_test(test_the_margin_says_what_it_is_for_and_how_far_the_clock_is_off),
        cmocka_unit_test(test_an_answer_that_is_repeated_tells_no_time),
        cmocka_unit_test(test_an_answer_that_was_kept_for_somebody_else_tells_no_time),
        cmocka_unit_test(test_moments_that_are_equal_never_make_a_violation),
        cmocka_unit_test(test_a_million_jobs_are_refused_from_the_first_that_is_too_many),
        cmocka_unit_test(test_a_file_that_changes_between_the_readings_gives_no_verdict),
        cmocka_unit_test(test_lines_that_are_added_later_are_not_judged),
        cmocka_unit_test(test_a_pipe_is_copied_and_judged),
        cmocka_unit_test(test_memory_does_not_grow_with_distinct_answers),
        cmocka_unit_test(test_an_answer_larger_than_all_that_is_remembered_is_read_and_forgotten),
        cmocka_unit_test(test_endless_answers_that_say_nothing_are_told_a_few_times_only),
        cmocka_unit_test(test_lines_longer_than_the_first_room_for_them_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
