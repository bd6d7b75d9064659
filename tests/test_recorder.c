/* rooms: harness/target harness/live harness/replay harness/clients harness/observer harness/cluster harness/control harness/implementations harness/scenario harness/conform harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "harness/target/recorder.h"

#include "tests/support/test_prelude.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rest_endpoint/endpoint.h"

/* A cluster, two jobs of which are recorded; and a file without a name. */
struct stage {
    struct written_setting setting;
    struct discovered cluster;
    struct cluster_job jobs[2];
    struct recorder_options options;
    FILE *file;
};

static char version[] = "1.20.3";

static void open_stage(struct stage *stage)
{
    *stage = (struct stage){
        .setting = {"web.refresh-interval", "3 s"},
        .jobs = {{.id = {UINT64_C(0x1234567890abcdef), 1}},
                 {.id = {UINT64_C(0xfedcba0987654321), 2}}},
    };
    stage->cluster = (struct discovered){
        .flink_version = version, .options = &stage->setting, .option_count = 1};
    stage->options = (struct recorder_options){
        .name = "tried",
        .cluster = &stage->cluster,
        .jobs = stage->jobs,
        .job_count = 2,
        .client_count = 3,
        .every_us = 200000,
        .shares = {[POLLED_STATISTICS] = 8, [POLLED_JOB] = 1},
        .duration_us = INT64_MAX,
    };
    stage->file = tmpfile();
    assert_non_null(stage->file);
}

/* A descriptor of the file for the recorder to take over. */
static int another_fd(const struct stage *stage)
{
    return fcntl(fileno(stage->file), F_DUPFD_CLOEXEC, 0);
}

static void read_file(struct stage *stage, char *text, size_t size)
{
    rewind(stage->file);
    text[fread(text, 1, size - 1, stage->file)] = '\0';
    fclose(stage->file);
}

static void test_each_job_has_its_readers_and_a_trigger_where_one_is_wanted(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage);
    stage.options.trigger_every_us = 1000000;
    stage.options.duration_us = 5000000;
    struct recorder *recorder = recorder_new(&stage.options);
    assert_non_null(recorder);
    const struct plan *plan = recorder_plan(recorder);
    static const char *const names[] = {"job1-reader", "job1-trigger", "job2-reader",
                                        "job2-trigger"};
    assert_string_equal(plan->jobs[1].name, "fedcba09");
    assert_int_equal(plan->job_count, 2);
    assert_int_equal(plan->client_count, 4);
    assert_int_equal(plan->end_us, 5000000);
    for (size_t i = 0; i < 4; i++) {
        const struct client_plan *client = &plan->clients[i];
        assert_string_equal(client->name, names[i]);
        assert_int_equal(client->job, i / 2);
        assert_int_equal(client->until_us, 5000000);
        assert_int_equal(client->kind, i % 2 ? CLIENT_TRIGGERER : CLIENT_POLLER);
        assert_int_equal(client->count, i % 2 ? 1 : 3);
        assert_int_equal(client->every_us, i % 2 ? 1000000 : 200000);
        assert_int_equal(client->shares[POLLED_STATISTICS], i % 2 ? 0 : 8);
    }
    recorder_free(recorder);
    stage.options.job_count = 1;
    stage.options.trigger_every_us = 0;
    recorder = recorder_new(&stage.options);
    assert_int_equal(recorder_plan(recorder)->client_count, 1);
    assert_string_equal(recorder_plan(recorder)->clients[0].name, "reader");
    recorder_free(recorder);
    fclose(stage.file);
}

static const struct client_action reads = {
    .request = {.method = METHOD_GET, .target = "/jobs/1/checkpoints"}, .client = "reader-1"};
static const struct client_action posts = {.request = {.method = METHOD_POST,
                                                       .target = "/jobs/1/checkpoints",
                                                       .body = "{\"triggerId\":\"5\"}"},
                                           .client = "trigger"};

static void test_lines_say_what_was_asked_and_what_came(void **state)
{
    (void)state;
    struct stage stage;
    char text[4096];
    open_stage(&stage);
    struct recorder *recorder = recorder_new(&stage.options);
    assert_true(recorder_began(recorder, another_fd(&stage), INT64_C(1700000000000123)));
    const struct flight_header headers[] = {{"Age", "1"}, {"X-A", "b"}};
    const struct landing answer = {
        .status = 200, .headers = headers, .header_count = 2, .bytes = "{\"a\":1}", .length = 7};
    const struct landing error = {.status = 503, .bytes = "", .length = 0};
    const struct landing silence = {.bytes = "", .failure = "no answer came in time"};
    const struct observation seen = {
        .kind = OBSERVED_STATISTICS, .has_latest_completed = true, .latest_completed = {.id = 12}};
    const struct observation failed = {.kind = OBSERVED_ERROR};
    const struct target_exchange exchanges[] = {
        {.asked = &reads, .sent_us = 1, .done_us = 2500, .landing = &answer, .seen = &seen},
        {.asked = &posts, .sent_us = 2, .done_us = 3000, .landing = &error, .seen = &failed},
        {.asked = &reads, .sent_us = 3, .done_us = 4000, .landing = &answer},
        {.asked = &reads, .sent_us = 4, .done_us = 5000, .landing = &silence},
        {.asked = &reads, .sent_us = 5, .done_us = 6000, .landing = &silence, .cut_off = true},
    };
    for (size_t i = 0; i < 5; i++)
        assert_true(recorder_ended(recorder, &exchanges[i]));
    const struct recorder_counts *counts = recorder_counts(recorder);
    assert_int_equal(counts->written, 4);
    assert_int_equal(counts->unanswered, 1);
    assert_int_equal(counts->errors, 2);
    assert_int_equal(counts->bytes, 14);
    assert_int_equal(counts->newest, 12);
    assert_string_equal(counts->failure, "no answer came in time");
    assert_int_equal(recorder_failure(recorder), 0);
    recorder_free(recorder);
    read_file(&stage, text, sizeof text);
    assert_string_equal(
        text,
        "{\"recording\":\"tried\",\"flink_version\":\"1.20.3\",\"settings\":{"
        "\"web.refresh-interval\":\"3 s\"},\"time0_epoch_ms\":1700000000000.123}\n"
        "{\"seq\":1,\"sent_ms\":0.001,\"done_ms\":2.500,\"client\":\"reader-1\",\"method\":\"GET\","
        "\"path\":\"/jobs/1/checkpoints\",\"status\":200,\"headers\":{\"age\":\"1\",\"x-a\":\"b\"},"
        "\"body\":\"{\\\"a\\\":1}\"}\n"
        "{\"seq\":2,\"sent_ms\":0.002,\"done_ms\":3.000,\"client\":\"trigger\",\"method\":\"POST\","
        "\"path\":\"/jobs/1/checkpoints\",\"request\":\"{\\\"triggerId\\\":\\\"5\\\"}\","
        "\"status\":503,\"headers\":{},\"body\":\"\"}\n"
        "{\"seq\":3,\"sent_ms\":0.003,\"done_ms\":4.000,\"client\":\"reader-1\",\"method\":\"GET\","
        "\"path\":\"/jobs/1/checkpoints\",\"status\":200,\"headers\":{\"age\":\"1\",\"x-a\":\"b\"},"
        "\"body\":\"{\\\"a\\\":1}\"}\n"
        "{\"seq\":4,\"sent_ms\":0.004,\"done_ms\":5.000,\"client\":\"reader-1\",\"method\":\"GET\","
        "\"path\":\"/jobs/1/checkpoints\",\"status\":0,\"headers\":{},\"body\":\"\"}\n");
}

static void test_a_full_disk_is_told_at_the_head_and_at_a_line(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage);
    struct recorder *recorder = recorder_new(&stage.options);
    assert_false(recorder_began(recorder, open("/dev/full", O_WRONLY | O_CLOEXEC), 0));
    assert_int_equal(recorder_failure(recorder), ENOSPC);
    recorder_free(recorder);
    recorder = recorder_new(&stage.options);
    const int file = another_fd(&stage);
    const struct landing error = {.status = 503, .bytes = ""};
    const struct target_exchange exchange = {.asked = &reads, .landing = &error};
    assert_true(recorder_began(recorder, file, 0));
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_int_equal(dup2(full, file), file);
    assert_false(recorder_ended(recorder, &exchange));
    assert_int_equal(recorder_failure(recorder), ENOSPC);
    assert_int_equal(recorder_counts(recorder)->written, 0);
    recorder_free(recorder);
    close(full);
    fclose(stage.file);
}

static void record_one(void *context, bool may_fail)
{
    struct stage *stage = context;
    const struct flight_header headers[] = {{"A", "b"}};
    const struct landing answer = {
        .status = 200, .headers = headers, .header_count = 1, .bytes = "{}", .length = 2};
    const struct target_exchange exchange = {.asked = &posts, .landing = &answer};
    struct recorder *recorder = recorder_new(&stage->options);
    if (!recorder) {
        assert_true(may_fail);
        return;
    }
    const bool fine =
        recorder_began(recorder, another_fd(stage), 0) && recorder_ended(recorder, &exchange);
    assert_true(fine || (may_fail && recorder_failure(recorder) == ENOMEM));
    assert_int_equal(recorder_counts(recorder)->written, fine);
    recorder_free(recorder);
}

static void test_lack_of_memory_leaves_nothing(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage);
    assert_true(fail_each_allocation(record_one, &stage) > 12);
    fclose(stage.file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_job_has_its_readers_and_a_trigger_where_one_is_wanted),
        cmocka_unit_test(test_lines_say_what_was_asked_and_what_came),
        cmocka_unit_test(test_a_full_disk_is_told_at_the_head_and_at_a_line),
        cmocka_unit_test(test_lack_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
