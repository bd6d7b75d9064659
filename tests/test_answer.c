/* rooms: harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/recording/answer.h"

#define JOB "8af84de35a8345cca583a5be3b56f915"
#define TRIGGER "cf776d5a44c84d1c383f98f0d259be84"

#define COUNTS \
    "\"counts\":{\"restored\":1,\"total\":4,\"in_progress\":1,\"completed\":2,\"failed\":1}"
#define NO_LATEST \
    "\"latest\":{\"completed\":null,\"savepoint\":null,\"failed\":null,\"restored\":null}"
#define ENTRY(id, status, more)                                                            \
    "{\"className\":\"x\",\"id\":" id ",\"status\":\"" status "\",\"is_savepoint\":false," \
    "\"trigger_timestamp\":1000,\"latest_ack_timestamp\":1107,\"state_size\":42" more "}"
#define COMPLETED_ENTRY \
    ENTRY("1", "COMPLETED", ",\"external_path\":\"file:/c/chk-1\",\"discarded\":true")

static const char *read_text(enum exchange_path path, int status, const char *body,
                             struct observation *seen)
{
    return answer_read(path, status, body, strlen(body), seen);
}

/* The body is read well and says what `kind` says; the observation is for the caller to clear. */
static struct observation read_well(enum exchange_path path, const char *body,
                                    enum observation_kind kind)
{
    struct observation seen;
    const char *wrong = read_text(path, 200, body, &seen);
    if (wrong)
        fail_msg("%s", wrong);
    assert_int_equal(seen.kind, kind);
    return seen;
}

static void assert_refused(enum exchange_path path, const char *body, const char *part)
{
    struct observation seen;
    const char *wrong = read_text(path, 200, body, &seen);
    if (!wrong)
        fail_msg("taken: %s", body);
    if (!strstr(wrong, part))
        fail_msg("\"%s\" does not say \"%s\"", wrong, part);
    assert_int_equal(seen.kind, OBSERVED_OTHER);
    observation_clear(&seen);
}

static enum exchange_path path_of(const char *method, const char *target, int64_t *checkpoint)
{
    struct id job;
    return answer_path(method, target, strlen(target), &job, checkpoint);
}

static void test_each_path_is_told_from_the_others(void **state)
{
    static const struct {
        const char *method, *target;
        enum exchange_path path;
        int64_t checkpoint;
    } rows[] = {
        {"GET", "/jobs/" JOB, PATH_JOB, -1},
        {"GET", "/v1/jobs/" JOB, PATH_JOB, -1},
        {"GET", "//v1//jobs/" JOB "/", PATH_JOB, -1},
        {"GET", "/v1/jobs/" JOB "?x=/checkpoints", PATH_JOB, -1},
        {"PATCH", "/v1/jobs/" JOB, PATH_OTHER, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints", PATH_STATISTICS, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints?", PATH_STATISTICS, -1},
        {"HEAD", "/v1/jobs/" JOB "/checkpoints", PATH_OTHER, -1},
        {"POST", "/v1/jobs/" JOB "/checkpoints", PATH_TRIGGER, -1},
        {"POST", "/v1/jobs/" JOB "/checkpoints/config", PATH_OTHER, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints/config", PATH_CONFIG, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints/" TRIGGER, PATH_TRIGGER_STATUS, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints/foo", PATH_OTHER, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details/7", PATH_DETAILS, 7},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details/-7", PATH_DETAILS, -7},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details/9223372036854775807", PATH_DETAILS,
         INT64_MAX},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details/9223372036854775808", PATH_OTHER, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details/7x", PATH_OTHER, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details/-", PATH_OTHER, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details", PATH_OTHER, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details/7/subtasks/" TRIGGER, PATH_DETAILS, 7},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details/7/subtasks/1", PATH_OTHER, -1},
        {"GET", "/v1/jobs/" JOB "/checkpoints/details/7/subtasks/" TRIGGER "/x", PATH_OTHER, -1},
        {"GET", "/v1/jobs/" JOB "/exceptions", PATH_OTHER, -1},
        {"GET", "/v1/jobs/overview", PATH_OTHER, -1},
        {"GET", "/v1/jobs", PATH_OTHER, -1},
        {"GET", "/v1", PATH_OTHER, -1},
        {"GET", "", PATH_OTHER, -1},
        {"GET", "/a/b/c/d/e/f/g/h/i/j", PATH_OTHER, -1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t checkpoint = 0;
        enum exchange_path path = path_of(rows[i].method, rows[i].target, &checkpoint);
        if (path != rows[i].path || checkpoint != rows[i].checkpoint)
            fail_msg("%s %s is path %d, checkpoint %lld", rows[i].method, rows[i].target, path,
                     (long long)checkpoint);
    }
    (void)state;
}

static void test_the_job_in_a_target_is_read(void **state)
{
    struct id job, wanted;
    int64_t checkpoint;
    assert_true(id_parse(JOB, ID_DIGITS, &wanted));
    const char *target = "/v1/jobs/" JOB "/exceptions";
    answer_path("GET", target, strlen(target), &job, &checkpoint);
    assert_true(id_equal(job, wanted));
    answer_path("GET", "/v1/jobs/1", 10, &job, &checkpoint);
    assert_true(id_equal(job, (struct id){0}));
    (void)state;
}

static void test_statistics_are_read_member_by_member(void **state)
{
    struct observation seen = read_well(
        PATH_STATISTICS,
        "{" COUNTS ",\"latest\":{\"completed\":" COMPLETED_ENTRY
        ",\"savepoint\":null,\"failed\":" ENTRY(
            "2", "FAILED",
            "") ",\"restored\":{\"id\":9,\"restore_timestamp\":77,"
                "\"is_savepoint\":true,\"external_path\":\"file:/s\"}},\"history\":[" ENTRY(
                    "3", "IN_PROGRESS", "") "," ENTRY("2", "FAILED", "") "," COMPLETED_ENTRY "],"
                                                                         "\"unknown\":[1,2]}",
        OBSERVED_STATISTICS);
    assert_int_equal(seen.restored, 1);
    assert_int_equal(seen.total, 4);
    assert_int_equal(seen.in_progress, 1);
    assert_int_equal(seen.completed, 2);
    assert_int_equal(seen.failed, 1);
    assert_int_equal(seen.version, 8);
    assert_true(seen.has_latest_completed);
    assert_int_equal(seen.latest_completed.id, 1);
    assert_int_equal(seen.latest_completed.status, SEEN_COMPLETED);
    assert_int_equal(seen.latest_completed.trigger_ms, 1000);
    assert_int_equal(seen.latest_completed.latest_ack_ms, 1107);
    assert_int_equal(seen.latest_completed.state_size, 42);
    assert_string_equal(seen.latest_completed.path, "file:/c/chk-1");
    assert_true(seen.latest_completed.discarded);
    assert_false(seen.latest_completed.is_savepoint);
    assert_false(seen.has_latest_savepoint);
    assert_true(seen.has_latest_failed);
    assert_true(seen.has_latest_restored);
    assert_int_equal(seen.restored_id, 9);
    assert_int_equal(seen.restored_ms, 77);
    assert_string_equal(seen.restored_path, "file:/s");
    assert_int_equal(seen.history_count, 3);
    assert_int_equal(seen.history[0].status, SEEN_IN_PROGRESS);
    assert_null(seen.history[0].path);
    assert_false(seen.history[0].discarded);
    assert_int_equal(seen.history[2].id, 1);
    observation_clear(&seen);
    (void)state;
}

static void test_numbers_of_64_bits_are_exact(void **state)
{
    struct observation seen =
        read_well(PATH_DETAILS, ENTRY("9223372036854775807", "COMPLETED", ""), OBSERVED_DETAILS);
    assert_true(seen.latest_completed.id == INT64_MAX);
    observation_clear(&seen);
    assert_refused(PATH_DETAILS, ENTRY("9223372036854775808", "COMPLETED", ""), "JSON");
    assert_refused(PATH_DETAILS, ENTRY("1.0", "COMPLETED", ""), "\"id\"");
    assert_refused(PATH_DETAILS, ENTRY("1E3", "COMPLETED", ""), "\"id\"");
    (void)state;
}

#define COUNTS_OF(total, completed)                                                             \
    "\"counts\":{\"restored\":0,\"total\":" total ",\"in_progress\":0,\"completed\":" completed \
    ",\"failed\":0}"
#define SUMMARY(p50)                                                                              \
    "{" COUNTS_OF(                                                                                \
        "1", "1") ",\"latest\":{\"completed\":" COMPLETED_ENTRY "},\"history\":[" COMPLETED_ENTRY \
                  "],\"summary\":{\"state_size\":{\"min\":42,\"max\":42,\"avg\":42,\"p50\":" p50  \
                  ",\"p999\":42.0},\"unknown\":7}}"

static void test_percentiles_are_numbers_or_the_text_nan(void **state)
{
    static const char *const good[] = {SUMMARY("1.5"), SUMMARY("1.25E9"), SUMMARY("\"NaN\""),
                                       SUMMARY("1")};
    for (size_t i = 0; i < 4; i++) {
        struct observation seen = read_well(PATH_STATISTICS, good[i], OBSERVED_STATISTICS);
        observation_clear(&seen);
    }
    assert_refused(PATH_STATISTICS, SUMMARY("\"nan\""), "percentile");
    assert_refused(PATH_STATISTICS, SUMMARY("null"), "percentile");
    (void)state;
}

static void test_what_disagrees_with_itself_is_noted(void **state)
{
    static const struct {
        const char *body;
        bool contradicts;
    } rows[] = {
        {SUMMARY("42.0"), false},
        {SUMMARY("4.2E1"), false},
        {SUMMARY("1.25E9"), true},
        {"{" COUNTS_OF("0", "0") "," NO_LATEST ",\"history\":[]}", false},
        {"{" COUNTS_OF("9", "0") "," NO_LATEST ",\"history\":[]}", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct observation seen = read_well(PATH_STATISTICS, rows[i].body, OBSERVED_STATISTICS);
        if (!!seen.contradiction != rows[i].contradicts)
            fail_msg("%s: %s", rows[i].body, seen.contradiction);
        observation_clear(&seen);
    }
    (void)state;
}

static void test_statistics_of_a_wrong_shape_are_refused(void **state)
{
    assert_refused(PATH_STATISTICS, "{" NO_LATEST ",\"history\":[]}", "counts.restored");
    assert_refused(PATH_STATISTICS,
                   "{\"counts\":{\"restored\":0,\"total\":\"9\"}," NO_LATEST ",\"history\":[]}",
                   "counts.total");
    assert_refused(PATH_STATISTICS, "{" COUNTS ",\"history\":[]}", "latest");
    assert_refused(PATH_STATISTICS, "{" COUNTS ",\"latest\":{\"completed\":7},\"history\":[]}",
                   "latest");
    assert_refused(PATH_STATISTICS, "{" COUNTS ",\"latest\":{\"restored\":{}},\"history\":[]}",
                   "restored");
    assert_refused(PATH_STATISTICS, "{" COUNTS "," NO_LATEST "}", "history");
    assert_refused(PATH_STATISTICS, "{" COUNTS "," NO_LATEST ",\"history\":[null]}", "history");
    assert_refused(PATH_STATISTICS,
                   "{" COUNTS "," NO_LATEST ",\"history\":[" COMPLETED_ENTRY
                   "," ENTRY("2", "DONE", "") "]}",
                   "status");
    assert_refused(PATH_STATISTICS, "{" COUNTS "," NO_LATEST ",\"history\":[],\"summary\":1}",
                   "summary");
    assert_refused(PATH_DETAILS, ENTRY("1", "COMPLETED", ",\"external_path\":5"), "path");
    assert_refused(PATH_DETAILS, ENTRY("1", "COMPLETED", ",\"discarded\":null"), "discarded");
    assert_refused(PATH_DETAILS,
                   "{\"id\":1,\"status\":\"COMPLETED\",\"trigger_timestamp\":1,"
                   "\"latest_ack_timestamp\":1,\"state_size\":1,\"is_savepoint\":\"false\"}",
                   "is_savepoint");
    (void)state;
}

static void test_what_is_no_json_object_is_refused_without_harm(void **state)
{
    char deep[100000];
    struct observation seen;
    memset(deep, '[', sizeof(deep) - 1);
    deep[sizeof(deep) - 1] = '\0';
    assert_refused(PATH_STATISTICS, deep, "JSON");
    assert_refused(PATH_STATISTICS, "", "JSON");
    assert_refused(PATH_STATISTICS, "[]", "object");
    assert_refused(PATH_STATISTICS, "<html>502</html>", "JSON");
    assert_refused(PATH_JOB, "{\"jid\":\"" JOB "\",\"jid\":\"" JOB "\"}", "JSON");
    assert_refused(PATH_DETAILS, ENTRY("1", "COMPLETED", ",\"external_path\":\"a\\u0000b\""),
                   "JSON");
    assert_non_null(answer_read(PATH_STATISTICS, 200, "{\0}", 3, &seen));
    observation_clear(&seen);
    assert_non_null(answer_read(PATH_STATISTICS, 200, "{}x", 3, &seen));
    observation_clear(&seen);
    (void)state;
}

static void test_details_carry_one_entry_whatever_its_status(void **state)
{
    struct observation seen =
        read_well(PATH_DETAILS, ENTRY("5", "IN_PROGRESS", ""), OBSERVED_DETAILS);
    assert_true(seen.has_latest_completed);
    assert_int_equal(seen.latest_completed.id, 5);
    assert_int_equal(seen.latest_completed.status, SEEN_IN_PROGRESS);
    observation_clear(&seen);
    (void)state;
}

static void test_one_task_of_a_checkpoint_says_nothing_about_the_whole(void **state)
{
    struct observation seen = read_well(
        PATH_DETAILS, "{\"id\":5,\"status\":\"COMPLETED\",\"subtasks\":[]}", OBSERVED_OTHER);
    assert_false(seen.has_latest_completed);
    observation_clear(&seen);
    (void)state;
}

#define JOB_BODY(state) "{\"jid\":\"" JOB "\",\"state\":\"" state "\",\"start-time\":5,\"now\":9}"

static void test_a_job_is_initializing_running_or_ended(void **state)
{
    static const struct {
        const char *body, *name;
        bool initializing, terminal;
    } rows[] = {
        {JOB_BODY("INITIALIZING"), "INITIALIZING", true, false},
        {JOB_BODY("RUNNING"), "RUNNING", false, false},
        {JOB_BODY("SUSPENDED"), "SUSPENDED", false, false},
        {JOB_BODY("FINISHED"), "FINISHED", false, true},
        {JOB_BODY("CANCELED"), "CANCELED", false, true},
        {JOB_BODY("FAILED"), "FAILED", false, true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct observation seen = read_well(PATH_JOB, rows[i].body, OBSERVED_JOB);
        assert_string_equal(seen.job_state, rows[i].name);
        assert_int_equal(seen.job_initializing, rows[i].initializing);
        assert_int_equal(seen.job_terminal, rows[i].terminal);
        assert_int_equal(seen.job_start_ms, 5);
        assert_int_equal(seen.job_now_ms, 9);
        observation_clear(&seen);
    }
    assert_refused(PATH_JOB, JOB_BODY("A_STATE_THAT_IS_LONG"), "state");
    assert_refused(PATH_JOB, "{\"state\":\"RUNNING\",\"start-time\":5,\"now\":9}", "jid");
    assert_refused(PATH_JOB, "{\"jid\":\"" JOB "\",\"state\":\"RUNNING\",\"now\":9}", "start-time");
    (void)state;
}

static void test_a_trigger_is_under_way_done_or_failed(void **state)
{
    struct observation seen =
        read_well(PATH_TRIGGER_STATUS, "{\"status\":{\"id\":\"IN_PROGRESS\"},\"operation\":null}",
                  OBSERVED_TRIGGER_STATUS);
    assert_false(seen.trigger_done);
    observation_clear(&seen);
    seen = read_well(PATH_TRIGGER_STATUS,
                     "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":312}}",
                     OBSERVED_TRIGGER_STATUS);
    assert_true(seen.trigger_done);
    assert_false(seen.trigger_failed);
    assert_int_equal(seen.trigger_checkpoint, 312);
    observation_clear(&seen);
    seen = read_well(PATH_TRIGGER_STATUS,
                     "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"failureCause\":{}}}",
                     OBSERVED_TRIGGER_STATUS);
    assert_true(seen.trigger_done);
    assert_true(seen.trigger_failed);
    observation_clear(&seen);
    assert_refused(PATH_TRIGGER_STATUS, "{\"status\":{\"id\":\"FAILED\"}}", "status.id");
    assert_refused(PATH_TRIGGER_STATUS, "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":null}",
                   "operation");
    assert_refused(PATH_TRIGGER_STATUS,
                   "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":\"3\"}}",
                   "checkpointId");
    (void)state;
}

#define ONE(text) "{\"errors\":[\"" text "\"]}"
#define TWO(text) "{\"errors\":[\"Internal server error.\",\"<Exception:\\n" text "\\n\\tat x>\"]}"

static void test_errors_are_told_apart_by_status_and_text(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum observed_error error;
    } rows[] = {
        {404, ONE("org.x.NotFoundException: Job " JOB " not found\\n\\tat y"), ERROR_JOB_NOT_FOUND},
        {404, ONE("Job 8af8 not found; Job " JOB " not found"), ERROR_JOB_NOT_FOUND},
        {404, ONE("Job 8af84de35a8345cca583a5be3b56f9 not found"), ERROR_OTHER},
        {404, ONE("Job " JOB " could not be stopped"), ERROR_OTHER},
        {404, ONE("Not found: /v1/jobs/" JOB "/checkpoints"), ERROR_OTHER},
        {500, TWO("org.apache.FlinkJobNotFoundException: Could not find Flink job"),
         ERROR_JOB_NOT_FOUND},
        {404, ONE("E: Could not find checkpointing statistics for checkpoint 3."),
         ERROR_NO_CHECKPOINT},
        {404, ONE("E: There is no checkpoint statistics for task f."), ERROR_NO_CHECKPOINT},
        {404, ONE("There is no checkpoint operation with triggerId=f"), ERROR_OTHER},
        {404, ONE("E: Checkpointing has not been enabled."), ERROR_NOT_ENABLED},
        {404, ONE("Checkpointing is not enabled for this job (f)."), ERROR_NOT_ENABLED},
        {404, ONE("Checkpointing was not enabled for job f."), ERROR_NOT_ENABLED},
        {500, TWO("java.util.concurrent.CancellationException"), ERROR_CANCELLED},
        {500,
         TWO("UnavailableDispatcherOperationException: Unable to get JobMasterGateway for "
             "initializing job. The requested operation is not available while the JobManager "
             "is initializing."),
         ERROR_INITIALIZING},
        {500, TWO("java.util.concurrent.TimeoutException: Invocation of [...]"), ERROR_TIMED_OUT},
        {503, ONE("Service temporarily unavailable due to an ongoing leader election."),
         ERROR_UNAVAILABLE},
        {503, "", ERROR_UNAVAILABLE},
        {500, TWO("java.lang.IllegalStateException"), ERROR_OTHER},
        {413, "", ERROR_OTHER},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct observation seen;
        assert_null(read_text(PATH_STATISTICS, rows[i].status, rows[i].body, &seen));
        assert_int_equal(seen.kind, OBSERVED_ERROR);
        if (seen.error != rows[i].error)
            fail_msg("%s is error %d", rows[i].body, seen.error);
        observation_clear(&seen);
    }
    (void)state;
}

static void test_an_error_keeps_the_first_line_of_its_first_sentence(void **state)
{
    struct observation seen;
    assert_null(read_text(PATH_JOB, 404, ONE("first line\\n\\tat second"), &seen));
    assert_string_equal(seen.error_text, "first line");
    observation_clear(&seen);
    assert_null(read_text(PATH_JOB, 413, "", &seen));
    assert_null(seen.error_text);
    observation_clear(&seen);
    (void)state;
}

static void test_an_error_without_a_list_of_sentences_is_still_an_error(void **state)
{
    static const char *const bodies[] = {
        "<html>", "{}", "{\"errors\":[]}", "{\"errors\":[7]}", "{\"errors\":\"x\"}", "[]"};
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct observation seen;
        assert_non_null(read_text(PATH_STATISTICS, 503, bodies[i], &seen));
        assert_int_equal(seen.kind, OBSERVED_ERROR);
        assert_int_equal(seen.error, ERROR_UNAVAILABLE);
        observation_clear(&seen);
    }
    (void)state;
}

static void test_the_status_decides_what_kind_of_answer_it_is(void **state)
{
    static const int other[] = {0, 101, 199, 300, 308, 399};
    struct observation seen;
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        assert_null(read_text(PATH_STATISTICS, other[i], "not looked at", &seen));
        assert_int_equal(seen.kind, OBSERVED_OTHER);
        observation_clear(&seen);
    }
    assert_null(read_text(PATH_OTHER, 200, "not looked at", &seen));
    observation_clear(&seen);
    assert_null(read_text(PATH_JOB, 400, "", &seen));
    assert_int_equal(seen.kind, OBSERVED_ERROR);
    observation_clear(&seen);
    (void)state;
}

static void read_all(void *context, bool may_fail)
{
    static const char statistics[] =
        "{" COUNTS ",\"latest\":{\"completed\":" COMPLETED_ENTRY ",\"restored\":{\"id\":9,"
        "\"restore_timestamp\":77,\"external_path\":\"file:/s\"}},\"history\":[" COMPLETED_ENTRY
        "]}";
    struct observation seen;
    const char *wrong = read_text(PATH_STATISTICS, 200, statistics, &seen);
    assert_true(!wrong || (may_fail && wrong == answer_no_memory));
    assert_int_equal(seen.kind, wrong ? OBSERVED_OTHER : OBSERVED_STATISTICS);
    observation_clear(&seen);
    wrong = read_text(PATH_STATISTICS, 404, ONE("gone"), &seen);
    assert_true(!wrong || (may_fail && wrong == answer_no_memory));
    assert_int_equal(seen.kind, OBSERVED_ERROR);
    observation_clear(&seen);
    (void)context;
}

static void test_running_out_of_memory_is_said_and_leaks_nothing(void **state)
{
    assert_true(fail_each_allocation(read_all, NULL) >= 5);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_path_is_told_from_the_others),
        cmocka_unit_test(test_the_job_in_a_target_is_read),
        cmocka_unit_test(test_statistics_are_read_member_by_member),
        cmocka_unit_test(test_numbers_of_64_bits_are_exact),
        cmocka_unit_test(test_percentiles_are_numbers_or_the_text_nan),
        cmocka_unit_test(test_what_disagrees_with_itself_is_noted),
        cmocka_unit_test(test_statistics_of_a_wrong_shape_are_refused),
        cmocka_unit_test(test_what_is_no_json_object_is_refused_without_harm),
        cmocka_unit_test(test_details_carry_one_entry_whatever_its_status),
        cmocka_unit_test(test_one_task_of_a_checkpoint_says_nothing_about_the_whole),
        cmocka_unit_test(test_a_job_is_initializing_running_or_ended),
        cmocka_unit_test(test_a_trigger_is_under_way_done_or_failed),
        cmocka_unit_test(test_errors_are_told_apart_by_status_and_text),
        cmocka_unit_test(test_an_error_keeps_the_first_line_of_its_first_sentence),
        cmocka_unit_test(test_an_error_without_a_list_of_sentences_is_still_an_error),
        cmocka_unit_test(test_the_status_decides_what_kind_of_answer_it_is),
        cmocka_unit_test(test_running_out_of_memory_is_said_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
