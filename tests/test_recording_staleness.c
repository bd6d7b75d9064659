/* rooms: harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "harness/recording/recording.h"

/* How stale a recording's answers should have been: tests/test_expected_staleness.c has the cache
 * itself. Time 0 is 1,000,000 ms since 1970; the timeout is 1 s; a margin of 250 ms is added to
 * acknowledgements. Checkpoint 1 is acknowledged at 100 ms, 2 at 400 ms. */

#define JOB "/jobs/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void add_head(struct buffer *file, const char *version, const char *timeout)
{
    buffer_printf(
        file,
        "{\"recording\":\"small\",\"flink_version\":\"%s\",\"settings\":{"
        "\"web.refresh-interval\":\"1 s\","
        "\"rest.cache.checkpoint-statistics.timeout\":\"%s\"},\"time0_epoch_ms\":1000000}\n",
        version, timeout);
}

static void add_answer(struct buffer *file, int seq, int sent_ms, const char *path,
                       const char *body)
{
    buffer_printf(file,
                  "{\"seq\":%d,\"sent_ms\":%d,\"done_ms\":%d,\"method\":\"GET\",\"path\":\"%s\","
                  "\"status\":200,\"body\":\"",
                  seq, sent_ms, sent_ms + 1, path);
    for (const char *c = body; *c; c++)
        buffer_printf(file, "%s%c", *c == '"' ? "\\" : "", *c);
    buffer_text(file, "\"}\n");
}

static void add_read(struct buffer *file, int seq, int sent_ms, int latest)
{
    char body[1000];
    const int ack_ms = latest == 1 ? 100 : 400;
    snprintf(body, sizeof body,
             "{\"counts\":{\"restored\":0,\"total\":%d,\"in_progress\":0,\"completed\":%d,"
             "\"failed\":0},\"latest\":{\"completed\":{\"id\":%d,\"status\":\"COMPLETED\","
             "\"is_savepoint\":false,\"trigger_timestamp\":%d,\"latest_ack_timestamp\":%d,"
             "\"state_size\":1,\"external_path\":null,\"discarded\":false}},\"history\":[]}",
             latest, latest, latest, 1000000 + ack_ms - 10, 1000000 + ack_ms);
    add_answer(file, seq, sent_ms, JOB "/checkpoints", body);
}

static void add_trigger(struct buffer *file, int seq, int sent_ms, int checkpoint)
{
    char body[100];
    snprintf(body, sizeof body,
             "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":%d}}", checkpoint);
    add_answer(file, seq, sent_ms, JOB "/checkpoints/cccccccccccccccccccccccccccccccc", body);
}

static struct judgement judged(struct buffer *bytes)
{
    struct judgement judgement;
    struct claim claim;
    struct complaints complaints = {0};
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(bytes->bytes, 1, bytes->length, file), bytes->length);
    rewind(file);
    struct recording *recording = recording_take(file, &complaints);
    assert_non_null(recording);
    recording_own_claim(recording, &claim);
    assert_null(recording_judge(recording, &claim, &judgement));
    recording_free(recording);
    complaints_free(&complaints);
    buffer_free(bytes);
    return judgement;
}

static void add_reads(struct buffer *file)
{
    add_read(file, 1, 360, 1);
    add_read(file, 3, 900, 1);
    add_read(file, 4, 1400, 2);
}

static void test_one_cache_is_expected_by_when_it_was_filled(void **state)
{
    (void)state;
    struct buffer file = {0};
    add_head(&file, "1.20.3", "1 s");
    add_reads(&file);
    const struct judgement judgement = judged(&file);
    const struct expected_staleness *expected = &judgement.expected;
    assert_true(judgement.staleness.sum_us == 250e3);
    assert_int_equal(expected->timeout_us, 1000000);
    assert_int_equal(expected->reads, 3);
    /* Filled 0, 125 or 250 ms before the first read: 2 is missing at 900 ms. 375 ms: 1 is missing,
     * at 360 ms and 900 ms. Earlier: 1 is missing at 360 ms, and 900 ms finds a new entry. */
    assert_true(expected->sum_us == (3 * 250e3 + (10e3 + 550e3) + 4 * 10e3) / 8);
    assert_true(expected->least_sum_us == 10e3);
    assert_true(expected->most_sum_us == 560e3);
    assert_true(expected->stale == (3 * 1 + 2 + 4 * 1) / 8.0);
}

static void test_a_trigger_that_is_done_makes_its_checkpoint_count(void **state)
{
    (void)state;
    struct buffer file = {0};
    add_head(&file, "1.20.3", "1 s");
    add_read(&file, 1, 360, 1);
    add_trigger(&file, 2, 499, 2);
    add_read(&file, 3, 900, 1);
    add_read(&file, 4, 1400, 2);
    const struct judgement judgement = judged(&file);
    assert_true(judgement.staleness.sum_us == 400e3);
    assert_true(judgement.expected.sum_us == (3 * 400e3 + 560e3 + 4 * 10e3) / 8);
}

static void test_so_does_one_whose_checkpoint_no_answer_showed(void **state)
{
    (void)state;
    struct buffer file = {0};
    add_head(&file, "1.20.3", "1 s");
    add_reads(&file);
    add_trigger(&file, 5, 1499, 3);
    add_read(&file, 6, 1600, 2);
    const struct judgement judgement = judged(&file);
    assert_true(judgement.staleness.sum_us == 250e3 + 100e3);
    /* All entries are younger than 700 ms by then, and from before 1500 ms. */
    assert_true(judgement.expected.sum_us == (3 * 250e3 + 560e3 + 4 * 10e3) / 8 + 100e3);
}

static void test_before_1_18_a_dashboard_fills_the_entry_too(void **state)
{
    (void)state;
    for (int is_old = 0; is_old < 2; is_old++) {
        struct buffer file = {0};
        add_head(&file, is_old ? "1.17.2" : "1.20.3", "1 s");
        add_answer(&file, 0, 50, JOB, "{}");
        add_reads(&file);
        const struct judgement judgement = judged(&file);
        /* Filled at 50 ms or -75: 1 is missing at 360 ms and 900 ms. Up to 575 ms before: at 360
         * ms only. Earlier: it is new at 360 ms, and 2 is missing at 900 ms. */
        const double old = 2 * 560e3 + 4 * 10e3 + 2 * 250e3;
        const double own = 3 * 250e3 + 560e3 + 4 * 10e3;
        assert_true(judgement.expected.sum_us == (is_old ? old : own) / 8);
    }
}

static void test_nothing_is_expected_without_a_timeout(void **state)
{
    (void)state;
    static const char *const heads[][2] = {{"1.20.3", "0 s"}, {"unknown", "1 s"}};
    for (size_t i = 0; i < 2; i++) {
        struct buffer file = {0};
        add_head(&file, heads[i][0], heads[i][1]);
        add_reads(&file);
        const struct judgement judgement = judged(&file);
        assert_int_equal(judgement.staleness.reads, 3);
        assert_int_equal(judgement.expected.reads, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_cache_is_expected_by_when_it_was_filled),
        cmocka_unit_test(test_a_trigger_that_is_done_makes_its_checkpoint_count),
        cmocka_unit_test(test_so_does_one_whose_checkpoint_no_answer_showed),
        cmocka_unit_test(test_before_1_18_a_dashboard_fills_the_entry_too),
        cmocka_unit_test(test_nothing_is_expected_without_a_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
