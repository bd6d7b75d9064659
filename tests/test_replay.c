/* rooms: harness/replay harness/cluster harness/implementations harness/scenario harness/conform harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */

#include "tests/support/replay_fixture.h"

#include "base/text.h"
#include "harness/replay/replay_report.h"

/* A target that answers what a script says. */
struct script {
    const struct said *lines;
    size_t next;
    size_t silent_from; /* SIZE_MAX: never */
    struct conform_header headers[3];
    char *asked_path, *asked_body, *upload;
};

static enum target_outcome ask(void *context, const struct target_request *request,
                               struct conform_exchange *answer, const char **why)
{
    struct script *script = context;
    const struct said *line = &script->lines[script->next];
    if (script->next++ >= script->silent_from) {
        *why = "it sleeps";
        return TARGET_SILENT;
    }
    free(script->asked_path);
    free(script->asked_body);
    free(script->upload);
    script->asked_path = text_copy(request->path);
    script->asked_body = text_copy(request->body);
    script->upload = text_copy(request->upload_name);
    script->headers[0] = (struct conform_header){"Content-Type", "application/json; charset=UTF-8"};
    script->headers[1] = (struct conform_header){"Access-Control-Allow-Origin", "*"};
    script->headers[2] = (struct conform_header){"Content-Length", "7"};
    answer->status = line->status;
    answer->headers = script->headers;
    answer->header_count = 3;
    answer->body = line->body;
    answer->body_length = strlen(line->body);
    return TARGET_ANSWERED;
}

struct fixture {
    struct script script;
    struct transcript transcript;
    struct life *life;
    struct allowed *allowed;
    struct replay replay;
    enum replay_outcome outcome;
    const char *why;
};

static struct allowed *read_allowed(const char *text)
{
    struct complaints complaints = {0};
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "rb");
    struct allowed *allowed = allowed_read(file, &complaints);
    fclose(file);
    assert_int_equal(complaints.count, 0);
    return allowed;
}

/* `answers`: one for each exchange. */
static void replay(struct fixture *f, const struct said *said, const struct said *answers,
                   size_t count, const char *allowed, bool same_life)
{
    *f = (struct fixture){.script = {.lines = answers, .silent_from = SIZE_MAX}};
    read_said(said, count, &f->transcript);
    f->life = life_read(&f->transcript);
    f->allowed = allowed ? read_allowed(allowed) : NULL;
    const struct target target = {
        .context = &f->script, .lives_the_same_life = same_life, .ask = ask};
    f->outcome = replay_run(&f->transcript, f->life, &target, f->allowed, &f->replay, &f->why);
}

static void finish(struct fixture *f)
{
    replay_clear(&f->replay);
    life_free(f->life);
    transcript_clear(&f->transcript);
    allowed_free(f->allowed);
    free(f->script.asked_path);
    free(f->script.asked_body);
    free(f->script.upload);
}

#define VERSION                                                              \
    {                                                                        \
        10, "GET", "/v1/config", NULL, 200, "{\"flink-version\":\"1.20.3\"}" \
    }
#define LIST(at, id)                                                                          \
    {                                                                                         \
        at, "GET", "/v1/jobs/" JOB_A "/checkpoints", NULL, 200,                               \
            "{\"history\":[{\"id\":" #id ",\"status\":\"COMPLETED\",\"trigger_timestamp\":1," \
            "\"external_path\":\"file:/chk-" #id "\"}]}"                                      \
    }
#define STATUS(at, id)                                                                           \
    {                                                                                            \
        at, "GET", "/v1/jobs/" JOB_A "/checkpoints/00000000000000000000000000000001", NULL, 200, \
            "{\"operation\":{\"checkpointId\":" #id "}}"                                         \
    }

/* The only difference of the last exchange is at that pointer. */
static void assert_last_differs(const struct fixture *f, const char *pointer)
{
    assert_int_equal(f->outcome, REPLAY_DONE);
    const struct replayed *last = &f->replay.items[f->replay.count - 1];
    assert_int_equal(last->differences.count, 1);
    assert_string_equal(last->differences.items[0].pointer, pointer);
}

static void test_a_target_that_answers_as_recorded_agrees(void **state)
{
    (void)state;
    static const struct said said[] = {VERSION, STATUS(20, 4), LIST(30, 4)};
    struct fixture f;
    replay(&f, said, said, COUNT(said), NULL, true);
    assert_int_equal(f.outcome, REPLAY_DONE);
    assert_int_equal(f.replay.count, 3);
    assert_int_equal(f.replay.agreeing, 3);
    finish(&f);
}

static void test_a_spoiled_answer_is_found_and_may_be_meant(void **state)
{
    (void)state;
    static const struct said said[] = {VERSION};
    static const struct said spoiled[] = {
        {10, "GET", "/v1/config", NULL, 200, "{\"flink-version\":null}"}};
    struct fixture f;
    replay(&f, said, spoiled, 1, NULL, false);
    assert_last_differs(&f, "/flink-version");
    assert_int_equal(f.replay.differing, 1);
    finish(&f);
    replay(&f, said, spoiled, 1, "1.20.3 GET /v1/config /flink-version it is meant\n", false);
    assert_last_differs(&f, "/flink-version");
    assert_int_equal(f.replay.deliberate, 1);
    assert_string_equal(f.replay.items[0].reasons[0]->reason, "it is meant");
    finish(&f);
    replay(&f, said, spoiled, 1, "1.18.* GET /v1/config /flink-version it is meant there\n", false);
    assert_int_equal(f.replay.differing, 1);
    finish(&f);
}

static void test_names_that_a_server_made_up_are_replaced_in_requests(void **state)
{
    (void)state;
    static const struct said said[] = {
        VERSION,
        {20, "POST", "/v1/jars/upload", "<multipart>", 200,
         "{\"filename\":\"/up/7e368585-7135-4b66-899a-21d1f46c8af2_gen.jar\"}"},
        {30, "POST", "/v1/jars/7e368585-7135-4b66-899a-21d1f46c8af2_gen.jar/run",
         "{\"savepointPath\":\"file:/s-1\"}", 200, "{\"jobid\":\"" JOB_A "\"}"},
    };
    static const struct said answers[] = {
        VERSION,
        {20, "", "", NULL, 200, "{\"filename\":\"/other/abc_gen.jar\"}"},
        {30, "", "", NULL, 200, "{\"jobid\":\"ffffffffffffffffffffffffffffffff\"}"},
    };
    struct fixture f;
    replay(&f, said, answers, COUNT(said), NULL, false);
    assert_int_equal(f.replay.agreeing, 3);
    assert_string_equal(f.script.asked_path, "/v1/jars/abc_gen.jar/run");
    assert_string_equal(f.script.asked_body, "{\"savepointPath\":\"file:/s-1\"}");
    finish(&f);
    replay(&f, said, answers, 2, NULL, false);
    assert_string_equal(f.script.upload, "gen.jar");
    finish(&f);
}

static void test_what_an_operation_made_is_in_the_next_list(void **state)
{
    (void)state;
    static const struct said said[] = {VERSION, STATUS(20, 4), LIST(30, 4)};
    static const struct said answers[] = {VERSION, STATUS(20, 5), LIST(30, 4)};
    struct fixture f;
    replay(&f, said, answers, COUNT(said), NULL, false);
    assert_last_differs(&f, "/history");
    finish(&f);
    /* Unless the recorded list lacks it as well. */
    static const struct said late[] = {VERSION, STATUS(20, 5), LIST(30, 4)};
    replay(&f, late, answers, COUNT(late), NULL, false);
    assert_int_equal(f.replay.agreeing, 3);
    finish(&f);
}

static void test_details_agree_with_the_list_once_a_checkpoint_has_ended(void **state)
{
    (void)state;
#define DETAILS(trigger)                                                             \
    {                                                                                \
        40, "GET", "/v1/jobs/" JOB_A "/checkpoints/details/4", NULL, 200,            \
            "{\"id\":4,\"status\":\"COMPLETED\",\"trigger_timestamp\":" #trigger "}" \
    }
    static const struct said said[] = {VERSION, LIST(30, 4), DETAILS(1)};
    static const struct said answers[] = {VERSION, LIST(30, 4), DETAILS(2)};
    struct fixture f;
    replay(&f, said, answers, COUNT(said), NULL, false);
    assert_last_differs(&f, "/trigger_timestamp");
    finish(&f);
}

static void test_both_lists_of_jobs_show_the_same_and_an_ended_job_stays_ended(void **state)
{
    (void)state;
#define JOBS(state) "{\"jobs\":[{\"id\":\"" JOB_A "\",\"status\":\"" state "\"}]}"
#define OVERVIEW(state) "{\"jobs\":[{\"jid\":\"" JOB_A "\",\"state\":\"" state "\"}]}"
    static const struct said said[] = {
        VERSION,
        {30, "GET", "/v1/jobs", NULL, 200, JOBS("FINISHED")},
        {32, "GET", "/v1/jobs/overview", NULL, 200, OVERVIEW("FINISHED")},
    };
    static const struct said apart[] = {
        VERSION,
        {30, "", "", NULL, 200, JOBS("FINISHED")},
        {32, "", "", NULL, 200, OVERVIEW("RUNNING")},
    };
    struct fixture f;
    replay(&f, said, apart, COUNT(said), NULL, false);
    const struct replayed *last = &f.replay.items[2];
    assert_true(last->differences.count >= 2); /* not as recorded, and not as a moment before */
    for (size_t i = 0; i < last->differences.count; i++)
        assert_string_equal(last->differences.items[i].pointer, "/jobs/0/state");
    finish(&f);
    static const struct said later[] = {
        VERSION,
        {30, "GET", "/v1/jobs/" JOB_A, NULL, 200, "{\"state\":\"FAILED\"}"},
        {900, "GET", "/v1/jobs/" JOB_A, NULL, 200, "{\"state\":\"FAILED\"}"},
    };
    static const struct said back[] = {
        VERSION,
        {30, "", "", NULL, 200, "{\"state\":\"FAILED\"}"},
        {900, "", "", NULL, 200, "{\"state\":\"RUNNING\"}"},
    };
    replay(&f, later, back, COUNT(later), NULL, false);
    assert_int_equal(f.replay.items[2].differences.count, 2);
    finish(&f);
}

static void test_a_job_restores_from_where_it_was_told_to_start(void **state)
{
    (void)state;
#define START                                                                   \
    {                                                                           \
        20, "POST", "/v1/jars/x/run", "{\"savepointPath\":\"file:/s-1\"}", 200, \
            "{\"jobid\":\"" JOB_A "\"}"                                         \
    }
#define RESTORED(path)                                                              \
    {                                                                               \
        30, "GET", "/v1/jobs/" JOB_A "/checkpoints", NULL, 200,                     \
            "{\"latest\":{\"restored\":{\"id\":4,\"external_path\":\"" path "\"}}}" \
    }
    static const struct said said[] = {VERSION, START, RESTORED("file:/s-1")};
    static const struct said answers[] = {VERSION, START, RESTORED("file:/s-2")};
    struct fixture f;
    replay(&f, said, answers, COUNT(said), NULL, false);
    assert_last_differs(&f, "/latest/restored/external_path");
    finish(&f);
}

static void test_only_the_same_life_has_the_same_numbers(void **state)
{
    (void)state;
    static const struct said said[] = {VERSION, LIST(30, 4)};
    static const struct said answers[] = {VERSION, LIST(30, 5)};
    struct fixture f;
    replay(&f, said, answers, COUNT(said), NULL, false);
    assert_int_equal(f.replay.agreeing, 2);
    finish(&f);
    replay(&f, said, answers, COUNT(said), NULL, true);
    assert_last_differs(&f, "/history/0/id");
    finish(&f);
}

static void test_a_silent_target_is_no_agreement(void **state)
{
    (void)state;
    static const struct said said[] = {VERSION, LIST(30, 4)};
    struct fixture f = {.script = {.lines = said, .silent_from = 1}};
    read_said(said, COUNT(said), &f.transcript);
    f.life = life_read(&f.transcript);
    const struct target target = {.context = &f.script, .ask = ask};
    assert_int_equal(replay_run(&f.transcript, f.life, &target, NULL, &f.replay, &f.why),
                     REPLAY_SILENT);
    assert_string_equal(f.why, "it sleeps");
    finish(&f);
}

static void test_reports_show_what_differs_and_which_lines_are_stale(void **state)
{
    (void)state;
    static const struct said said[] = {VERSION, LIST(30, 4)};
    static const struct said answers[] = {
        {10, "", "", NULL, 200, "{\"flink-version\":7}"},
        {30, "", "", NULL, 500, "{\"errors\":[]}"},
    };
    struct fixture f;
    replay(&f, said, answers, COUNT(said),
           "* GET /v1/config ** meant\n* GET /x /y old\n2.* GET /x /z later\n", false);
    const struct replay_result result = {
        .subject = "file", .version = "1.20.3", .target = "script", .replay = &f.replay};
    const struct replay_report report = {
        .results = &result, .count = 1, .allowed = f.allowed, .lists_allowed = true};
    assert_int_equal(replay_report_uses(&report, allowed_at(f.allowed, 0)), 1);
    assert_true(replay_report_is_stale(&report, allowed_at(f.allowed, 1)));
    assert_false(replay_report_is_stale(&report, allowed_at(f.allowed, 2)));
    struct buffer out = {0};
    replay_report_text(&report, &out);
    buffer_char(&out, '\0');
    assert_non_null(strstr(out.bytes, "0 agree, 1 differ deliberately, 1 differ"));
    assert_non_null(strstr(out.bytes, "@status: the status is another\n"
                                      "      recorded 200\n      answered 500\n"));
    assert_non_null(strstr(out.bytes, "never used: line 2"));
    buffer_clear(&out);
    replay_report_json(&report, &out);
    json_t *json = json_loadb(out.bytes, out.length, 0, NULL);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "verdict")), "fail");
    assert_int_equal(json_array_size(json_object_get(json, "deliberate")), 3);
    json_decref(json);
    buffer_free(&out);
    finish(&f);
}

struct memory_test {
    struct fixture f;
    const struct said *said;
};

static void replay_with_failures(void *context, bool may_fail)
{
    struct memory_test *test = context;
    struct replay done = {0};
    const char *why;
    test->f.script.next = 0;
    const struct target target = {
        .context = &test->f.script, .lives_the_same_life = true, .ask = ask};
    const enum replay_outcome outcome =
        replay_run(&test->f.transcript, test->f.life, &target, test->f.allowed, &done, &why);
    assert_true(outcome == REPLAY_DONE || may_fail);
    replay_clear(&done);
}

static void test_running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    static const struct said said[] = {VERSION, STATUS(20, 4), LIST(30, 4), START};
    static const struct said answers[] = {VERSION, STATUS(20, 5), LIST(30, 4), START};
    struct memory_test test = {.f.script = {.lines = answers, .silent_from = SIZE_MAX}};
    read_said(said, COUNT(said), &test.f.transcript);
    test.f.life = life_read(&test.f.transcript);
    test.f.allowed = read_allowed("* GET /v1/jobs/* /history meant\n");
    assert_true(fail_each_allocation(replay_with_failures, &test) > 20);
    finish(&test.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_target_that_answers_as_recorded_agrees),
        cmocka_unit_test(test_a_spoiled_answer_is_found_and_may_be_meant),
        cmocka_unit_test(test_names_that_a_server_made_up_are_replaced_in_requests),
        cmocka_unit_test(test_what_an_operation_made_is_in_the_next_list),
        cmocka_unit_test(test_details_agree_with_the_list_once_a_checkpoint_has_ended),
        cmocka_unit_test(test_both_lists_of_jobs_show_the_same_and_an_ended_job_stays_ended),
        cmocka_unit_test(test_a_job_restores_from_where_it_was_told_to_start),
        cmocka_unit_test(test_only_the_same_life_has_the_same_numbers),
        cmocka_unit_test(test_a_silent_target_is_no_agreement),
        cmocka_unit_test(test_reports_show_what_differs_and_which_lines_are_stale),
        cmocka_unit_test(test_running_out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
