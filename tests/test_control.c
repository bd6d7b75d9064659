/* rooms: harness/control harness/cluster harness/implementations harness/scenario harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "tests/support/control_stage.h"

/* The way of a call, the clock and the journal. */

static int64_t number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

/* --- the way of a call -------------------------------------------------------------------- */

static void test_other_paths_are_left_to_the_cluster(void **state)
{
    static const char *const others[] = {
        "/", "/jobs", "/freshchec", "/freshcheckx", "/v1/freshcheck", ""};
    struct control_answer answer;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(stage_call(*state, METHOD_GET, others[i], NULL, &answer),
                         CONTROL_NOT_MINE);
}

static void test_the_index_lists_every_call(void **state)
{
    static const char *const wanted[] = {
        "GET    /freshcheck/clock\n",
        "POST   /freshcheck/clock/advance?by=&to=\n",
        "POST   /freshcheck/jobs/:job/complete?checkpoint=&type=&takes=&durable-after=&in=\n",
        "POST   /freshcheck/faults/half?path=&count=&for=&in=\n",
        "DELETE /freshcheck/faults\n",
        "GET    /freshcheck/journal?from=&limit=\n",
        "GET    /freshcheck/requests?from=&limit=\n",
        "GET    /freshcheck/scenario\n",
        "POST   /freshcheck/scenario?implementation=&seed=&salt=&name=&clock=\n",
    };
    static const char *const targets[] = {"/freshcheck", "/freshcheck/", "/freshcheck//"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        struct control_answer answer;
        assert_int_equal(stage_call(*state, METHOD_GET, targets[i], NULL, &answer),
                         CONTROL_ANSWERED);
        assert_int_equal(answer.status, 200);
        assert_string_equal(answer.content_type, "text/plain; charset=UTF-8");
        char *text = buffer_take(&answer.body);
        for (size_t j = 0; j < sizeof wanted / sizeof wanted[0]; j++)
            assert_non_null(strstr(text, wanted[j]));
        free(text);
    }
}

static void test_an_unknown_path_is_not_found_and_the_nearest_is_named(void **state)
{
    stage_refused(*state, METHOD_GET, "/freshcheck/clok", NULL, 404, "did you mean 'clock'?");
    stage_refused(*state, METHOD_POST, "/freshcheck/jobs/J/restat", NULL, 404,
                  "did you mean 'jobs/:job/restart'?");
    stage_refused(*state, METHOD_GET, "/freshcheck/xyzzy", NULL, 404,
                  "there is no /freshcheck/xyzzy; GET /freshcheck lists what there is");
    stage_refused(*state, METHOD_GET, "/freshcheck/clock/advance/by/3s/x", NULL, 404,
                  "there is no");
    stage_refused(*state, METHOD_GET, "/freshcheck/jobs/J", NULL, 404, "there is no");
}

static void test_the_wrong_method_is_told_the_right_one(void **state)
{
    stage_refused(*state, METHOD_GET, "/freshcheck/clock/advance?by=1s", NULL, 405, "with POST");
    stage_refused(*state, METHOD_POST, "/freshcheck/journal", NULL, 405, "with GET");
    stage_refused(*state, METHOD_PATCH, "/freshcheck/faults", NULL, 405, "with ");
}

static void test_parameters_come_by_query_form_or_json(void **state)
{
    struct control_stage *stage = *state;
    static const struct {
        const char *target, *body;
    } ways[] = {
        {"/freshcheck/clock/advance?by=1s", NULL},
        {"/freshcheck/clock/advance?by=1+s", ""},
        {"/freshcheck/clock/advance?by=1%20s&", "  \n"},
        {"/freshcheck/clock/advance", "by=1s"},
        {"/freshcheck/clock/advance/?", "by=1%20s\n"},
        {"/freshcheck/clock/advance", "{\"by\":\"1 s\"}"},
        {"/freshcheck/clock/advance", " {\"by\": 1000}\n"},
    };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        json_t *root = stage_ask(stage, METHOD_POST, ways[i].target, ways[i].body, 200);
        assert_int_equal(number_of(root, "now_us"), ((int64_t)i + 1) * PLAN_SECOND);
        json_decref(root);
    }
}

static void test_what_cannot_be_read_is_told(void **state)
{
    static const struct {
        const char *query, *body, *sentence;
    } wrong[] = {
        {"?by=1s&by=2s", NULL, "by is given twice"},
        {"?by=1s", "by=1s", "by is given twice"},
        {"?by=1s", "{\"by\":\"1s\"}", "by is given twice"},
        {"?bye=1s", NULL, "has no parameter 'bye'; did you mean 'by'?"},
        {"?by=%", NULL, "is not well coded"},
        {"?by=%4", NULL, "is not well coded"},
        {"?by=%zz", NULL, "is not well coded"},
        {"?by=1%00s", NULL, "is not well coded"},
        {"?by=soon", NULL, "by=soon: "},
        {"?by=", NULL, "by=: "},
        {"?by=3651%20d", NULL, "more than ten years"},
        {"", "{\"by\":", "the body is no JSON"},
        {"", "{\"by\":1,\"by\":2}", "the body is no JSON"},
        {"", "[1]", "the body must be a JSON object"},
        {"", "{\"by\":null}", "by must be a text, a whole number or a boolean"},
        {"", "{\"by\":1.5}", "by must be a text, a whole number or a boolean"},
        {"?a=&b=&c=&d=&e=&f=&g=&h=&i=&j=&k=&l=&m=", NULL, "more than 12 parameters"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char target[100];
        snprintf(target, sizeof target, "/freshcheck/clock/advance%s", wrong[i].query);
        stage_refused(*state, METHOD_POST, target, wrong[i].body, 400, wrong[i].sentence);
    }
    assert_int_equal(((struct control_stage *)*state)->clock.now_us, 0);
}

/* --- the clock ---------------------------------------------------------------------------- */

static void test_the_clock_shows_both_times(void **state)
{
    struct control_stage *stage = *state;
    stage->clock.now_us = 1500;
    json_t *root = stage_ask(stage, METHOD_GET, "/freshcheck/clock", NULL, 200);
    assert_int_equal(number_of(root, "now_us"), 1500);
    assert_int_equal(number_of(root, "epoch_ms"), 1000001);
    assert_int_equal(number_of(root, "time_0_epoch_ms"), 1000000);
    assert_string_equal(json_string_value(json_object_get(root, "mode")), "manual");
    assert_true(json_is_true(json_object_get(root, "frozen")));
    json_decref(root);
}

static void test_advancing_lets_everything_happen_up_to_the_instant_and_no_further(void **state)
{
    struct control_stage *stage = *state;
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=49ms");
    assert_int_equal(stage_number(stage, PLAN_J_STATISTICS, "latest.completed.id"), INT64_MIN);
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?by=1ms");
    assert_int_equal(stage_number(stage, PLAN_J_STATISTICS, "latest.completed.id"), 1);
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=50ms");
    assert_int_equal(stage->clock.now_us, 50 * PLAN_MS);
}

static void test_time_goes_forward_only_and_by_one_way_of_saying(void **state)
{
    struct control_stage *stage = *state;
    stage->clock.now_us = 60 * INT64_C(1000000);
    stage_refused(stage, METHOD_POST, "/freshcheck/clock/advance", NULL, 400, "by=3s");
    stage_refused(stage, METHOD_POST, "/freshcheck/clock/advance?by=1s&to=2min", NULL, 400,
                  "by=3s");
    stage_refused(stage, METHOD_POST, "/freshcheck/clock/advance?to=59s", NULL, 400, "is over");
    stage_refused(stage, METHOD_POST, "/freshcheck/clock/advance?by=31d", NULL, 400,
                  "more than 30");
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?by=30d");
}

static void test_a_real_clock_freezes_and_resumes_and_a_manual_one_does_not_resume(void **state)
{
    struct control_stage *stage = *state;
    stage_refused(stage, METHOD_POST, "/freshcheck/clock/resume", NULL, 400, "manual");
    stage_do(stage, METHOD_POST, "/freshcheck/clock/freeze");
    stage->clock = (struct control_clock){.epoch_us = CONTROL_EPOCH_US};
    json_t *root = stage_ask(stage, METHOD_POST, "/freshcheck/clock/freeze", NULL, 200);
    assert_true(json_is_true(json_object_get(root, "frozen")));
    assert_string_equal(json_string_value(json_object_get(root, "mode")), "real");
    json_decref(root);
    root = stage_ask(stage, METHOD_POST, "/freshcheck/clock/resume", NULL, 200);
    assert_true(json_is_false(json_object_get(root, "frozen")));
    json_decref(root);
}

/* --- the journal -------------------------------------------------------------------------- */

static json_t *journal(struct control_stage *stage, const char *query)
{
    char target[64];
    snprintf(target, sizeof target, "/freshcheck/journal%s", query);
    return stage_ask(stage, METHOD_GET, target, NULL, 200);
}

static const json_t *line_of(const json_t *root, size_t index)
{
    return json_array_get(json_object_get(root, "lines"), index);
}

static void test_the_journal_tells_what_happened_in_numbered_lines(void **state)
{
    struct control_stage *stage = *state;
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=50ms");
    json_decref(stage_read(stage, PLAN_J_STATISTICS));
    json_t *root = journal(stage, "");
    const size_t count = json_array_size(json_object_get(root, "lines"));
    assert_int_equal(number_of(root, "first"), 1);
    assert_int_equal(number_of(root, "end"), count + 1);
    assert_int_equal(number_of(root, "next"), count + 1);
    const json_t *visible = NULL, *ended = NULL, *running = NULL;
    for (size_t i = 0; i < count; i++) {
        const json_t *line = line_of(root, i);
        const char *kind = json_string_value(json_object_get(line, "kind"));
        assert_int_equal(number_of(line, "line"), i + 1);
        if (strcmp(kind, "VISIBLE") == 0)
            visible = line;
        if (strcmp(kind, "CALL_ENDED") == 0)
            ended = line;
        if (strcmp(kind, "STATE") == 0)
            running = line;
    }
    assert_int_equal(number_of(visible, "at_us"), 50 * PLAN_MS);
    assert_int_equal(number_of(visible, "checkpoint"), 1);
    assert_int_equal(number_of(visible, "trigger_timestamp"), 1000040);
    assert_string_equal(json_string_value(json_object_get(visible, "job")), PLAN_J);
    assert_string_equal(json_string_value(json_object_get(visible, "what")), "completed");
    assert_true(json_is_string(json_object_get(visible, "external_path")));
    assert_string_equal(json_string_value(json_object_get(ended, "call")), "checkpoint statistics");
    assert_string_equal(json_string_value(json_object_get(ended, "outcome")), "ok");
    assert_int_equal(number_of(ended, "version"), 2);
    assert_string_equal(json_string_value(json_object_get(running, "state")), "RUNNING");
    json_decref(root);
}

static void test_the_journal_is_read_in_pieces(void **state)
{
    struct control_stage *stage = *state;
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=50ms");
    json_t *root = journal(stage, "?from=2&limit=2");
    assert_int_equal(json_array_size(json_object_get(root, "lines")), 2);
    assert_int_equal(number_of(line_of(root, 0), "line"), 2);
    assert_int_equal(number_of(root, "next"), 4);
    json_decref(root);
    root = journal(stage, "?from=1000");
    assert_int_equal(json_array_size(json_object_get(root, "lines")), 0);
    json_decref(root);
    stage_refused(stage, METHOD_GET, "/freshcheck/journal?from=0", NULL, 400, "from 1 to");
    stage_refused(stage, METHOD_GET, "/freshcheck/journal?from=-1", NULL, 400, "from 1 to");
    stage_refused(stage, METHOD_GET, "/freshcheck/journal?limit=10001", NULL, 400, "1 to 10000");
    stage_refused(stage, METHOD_GET, "/freshcheck/journal?limit=x", NULL, 400, "whole number");
}

static void test_a_full_journal_drops_its_first_lines_and_says_which(void **state)
{
    (void)state;
    for (int64_t max = 1; max <= 5; max++) {
        struct control_stage stage = {.plan = small_plan()};
        stage.plan.call_out_us = 0;
        stage.plan.call_back_us = 0;
        assert_true(stage_open(&stage, (size_t)max));
        stage_do(&stage, METHOD_POST, "/freshcheck/clock/advance?to=1s");
        json_t *root = journal(&stage, "?from=1");
        const int64_t first = number_of(root, "first");
        assert_true(first > 1);
        assert_int_equal(number_of(root, "end"), first + max);
        assert_int_equal(json_array_size(json_object_get(root, "lines")), max);
        assert_int_equal(number_of(line_of(root, 0), "line"), first);
        assert_int_equal(number_of(line_of(root, (size_t)max - 1), "at_us"), 200 * PLAN_MS);
        json_decref(root);
        for (int i = 0; i < 4; i++) { /* an odd number of lines each */
            json_decref(stage_read(&stage, PLAN_J_STATISTICS));
            root = journal(&stage, "");
            assert_int_equal(number_of(root, "end"), number_of(root, "first") + max);
            json_decref(root);
            assert_true(stage_advance(&stage, stage.clock.now_us + 5 * PLAN_SECOND));
        }
        stage_close(&stage);
    }
}

static void test_a_journal_of_no_lines_still_counts_them(void **state)
{
    (void)state;
    struct control_stage stage = {.plan = small_plan()};
    assert_true(stage_open(&stage, 0));
    stage_do(&stage, METHOD_POST, "/freshcheck/clock/advance?to=1s");
    json_t *root = journal(&stage, "");
    assert_true(number_of(root, "first") > 1);
    assert_int_equal(number_of(root, "end"), number_of(root, "first"));
    json_decref(root);
    stage_close(&stage);
}

/* --- memory ------------------------------------------------------------------------------- */

static void advance_and_read(void *context, bool may_fail)
{
    const char *const *target = context;
    struct control_stage stage = {.plan = small_plan(), .clock = {.manual = true}};
    struct control_answer answer;
    const bool open = stage_open(&stage, 100);
    assert_true(open || may_fail);
    for (size_t i = 0; open && i < 2; i++) {
        const enum control_outcome outcome =
            stage_call(&stage, i == 0 ? METHOD_POST : METHOD_GET, target[i], NULL, &answer);
        if (outcome == CONTROL_ANSWERED)
            buffer_free(&answer.body);
        else
            assert_true(may_fail && outcome == CONTROL_NO_MEMORY);
        if (outcome != CONTROL_ANSWERED)
            break;
    }
    stage_close(&stage);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"/freshcheck/clock/advance?to=100ms", "/freshcheck/journal"},
        {"/freshcheck/jobs/J/fail-checkpoint?message=no+room", "/freshcheck/jobs"},
        {"/freshcheck/faults/delay?by=1s&job=J", "/freshcheck/faults"},
        {"/freshcheck/faults/wrong?by=1s", "/freshcheck/"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const char *pair[] = {pairs[i][0], pairs[i][1]};
        assert_true(fail_each_allocation(advance_and_read, pair) > 10);
    }
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(test_other_paths_are_left_to_the_cluster),
        STAGED(test_the_index_lists_every_call),
        STAGED(test_an_unknown_path_is_not_found_and_the_nearest_is_named),
        STAGED(test_the_wrong_method_is_told_the_right_one),
        STAGED(test_parameters_come_by_query_form_or_json),
        STAGED(test_what_cannot_be_read_is_told),
        STAGED(test_the_clock_shows_both_times),
        STAGED(test_advancing_lets_everything_happen_up_to_the_instant_and_no_further),
        STAGED(test_time_goes_forward_only_and_by_one_way_of_saying),
        STAGED(test_a_real_clock_freezes_and_resumes_and_a_manual_one_does_not_resume),
        STAGED(test_the_journal_tells_what_happened_in_numbered_lines),
        STAGED(test_the_journal_is_read_in_pieces),
        cmocka_unit_test(test_a_full_journal_drops_its_first_lines_and_says_which),
        cmocka_unit_test(test_a_journal_of_no_lines_still_counts_them),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
