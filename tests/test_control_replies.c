/* rooms: harness/control harness/cluster harness/implementations harness/scenario harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include "harness/control/control_internal.h"
#include "harness/control/replies.h"
#include "tests/support/control_stage.h"

/* What the answers to control calls say, read back. */

/* The answer to a GET; released by the caller. */
static char *answer_to(struct control_stage *stage, const char *target, size_t *length)
{
    struct control_answer answer;
    assert_int_equal(stage_call(stage, METHOD_GET, target, NULL, &answer), CONTROL_ANSWERED);
    *length = answer.body.length;
    return buffer_take(&answer.body);
}

/* Completions, calls that succeed and fail, a discarded checkpoint, an end; and a call about no
 * job. */
static void let_things_happen(struct control_stage *stage)
{
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=100ms");
    json_decref(stage_read(stage, "/jobs/" PLAN_J));
    json_decref(stage_read(stage, PLAN_J_STATISTICS));
    json_decref(stage_read(stage, "/jobs"));
    stage_do(stage, METHOD_POST, "/freshcheck/faults/fail?outcome=no-leader");
    json_decref(stage_read(stage, PLAN_J_STATISTICS));
    stage_do(stage, METHOD_POST, "/freshcheck/clock/advance?to=500ms");
    stage_do(stage, METHOD_POST, "/freshcheck/jobs/J/discard?checkpoint=1");
    stage_do(stage, METHOD_POST, "/freshcheck/jobs/J/finish");
}

static void assert_same_entry(const struct journal_entry *read, const struct journal_entry *wanted)
{
    assert_int_equal(read->kind, wanted->kind);
    assert_int_equal(read->at_us, wanted->at_us);
    assert_true(id_equal(read->job_id, wanted->job_id));
    assert_int_equal(read->run, wanted->run);
    assert_int_equal(read->checkpoint, wanted->checkpoint);
    assert_int_equal(read->is_savepoint, wanted->is_savepoint);
    assert_int_equal(read->trigger_ms, wanted->trigger_ms);
    if (wanted->path)
        assert_string_equal(read->path, wanted->path);
    else
        assert_null(read->path);
    assert_int_equal(read->state, wanted->state);
    assert_int_equal(read->fetch, wanted->fetch);
    assert_int_equal(read->call, wanted->call);
    assert_int_equal(read->outcome, wanted->outcome);
    assert_int_equal(read->version, wanted->version);
}

static void test_the_journal_reads_back_as_it_was_written(void **state)
{
    struct control_stage *stage = *state;
    struct journal_page page;
    bool seen[JOURNAL_KIND_COUNT] = {false};
    size_t length, at = 0;
    let_things_happen(stage);
    char *bytes = answer_to(stage, "/freshcheck/journal", &length);
    assert_true(control_read_journal(bytes, length, &page));
    const struct journal_ring *ring = stage->control->journal;
    assert_int_equal(page.first, 1);
    assert_int_equal(page.end, journal_ring_next(ring));
    assert_int_equal(page.next, page.end);
    for (uint64_t line = page.first; line < page.end; line++) {
        const struct journal_entry *wanted = journal_ring_at(ring, line);
        if (wanted->job == SIZE_MAX)
            continue; /* of no job: left out */
        assert_true(at < page.count);
        assert_same_entry(&page.entries[at++], wanted);
        seen[wanted->kind] = true;
    }
    assert_int_equal(at, page.count);
    assert_true(page.count < page.end - page.first);
    assert_true(seen[JOURNAL_VISIBLE] && seen[JOURNAL_DISCARDED] && seen[JOURNAL_STATE] &&
                seen[JOURNAL_RUN_BEGAN] && seen[JOURNAL_CALL_ENDED]);
    journal_page_free(&page);
    free(bytes);
}

static void test_requests_read_back_answered_or_not(void **state)
{
    struct control_stage *stage = *state;
    struct request_page page;
    size_t length;
    control_request_arrived(stage->control, 41, 100);
    control_request_left(stage->control, control_request_arrived(stage->control, 42, 200), 250,
                         404);
    char *bytes = answer_to(stage, "/freshcheck/requests?from=1", &length);
    assert_true(control_read_requests(bytes, length, &page));
    assert_int_equal(page.count, 2);
    assert_int_equal(page.lines[0].tag, 41);
    assert_int_equal(page.lines[0].left_us, -1);
    assert_int_equal(page.lines[1].arrived_us, 200);
    assert_int_equal(page.lines[1].left_us, 250);
    assert_int_equal(page.lines[1].status, 404);
    assert_int_equal(page.next, 3);
    request_page_free(&page);
    free(bytes);
}

static void test_the_clock_and_the_scenario_read_back(void **state)
{
    struct control_stage *stage = *state;
    struct control_clock clock;
    struct control_scenario scenario;
    size_t length;
    stage->clock = (struct control_clock){
        .now_us = 7, .monotonic_us = 1007, .zero_monotonic_us = 1000, .frozen = false};
    char *bytes = answer_to(stage, "/freshcheck/clock", &length);
    assert_true(control_read_clock(bytes, length, &clock));
    assert_int_equal(clock.now_us, 7);
    assert_int_equal(clock.monotonic_us, 1007);
    assert_int_equal(clock.zero_monotonic_us, 1000);
    assert_false(clock.frozen);
    free(bytes);
    stage->clock.frozen = true;
    bytes = answer_to(stage, "/freshcheck/clock", &length);
    assert_true(control_read_clock(bytes, length, &clock));
    assert_true(clock.frozen);
    assert_int_equal(clock.monotonic_us, 1007);
    free(bytes);
    stage->clock.manual = true;
    bytes = answer_to(stage, "/freshcheck/clock", &length);
    assert_null(strstr(bytes, "monotonic"));
    assert_true(control_read_clock(bytes, length, &clock));
    assert_true(clock.manual);
    free(bytes);
    stage->control->salt = UINT64_C(0xfedcba9876543210);
    stage->control->load_count = 3;
    bytes = answer_to(stage, "/freshcheck/scenario", &length);
    assert_true(control_read_scenario(bytes, length, &scenario));
    assert_int_equal(scenario.salt, UINT64_C(0xfedcba9876543210));
    assert_int_equal(scenario.loads, 3);
    free(bytes);
}

static void test_a_refusal_says_why(void **state)
{
    struct control_stage *stage = *state;
    size_t length;
    char *bytes = answer_to(stage, "/freshcheck/clok", &length);
    char *why = control_read_error(bytes, length);
    assert_non_null(strstr(why, "there is no /freshcheck/clok"));
    free(why);
    free(bytes);
    assert_null(control_read_error("[]", 2));
    assert_null(control_read_error("no JSON", 7));
}

/* As a server of somebody else might say it. */
static void test_other_answers_are_none(void **state)
{
    static const char *const others[] = {
        "",
        "<html>",
        "[]",
        "{}",
        "{\"lines\":[]}",
        "{\"first\":1,\"end\":1,\"next\":1}",
        "{\"first\":-1,\"end\":1,\"next\":1,\"lines\":[]}",
        "{\"first\":1,\"end\":2,\"next\":2,\"lines\":[{}]}",
        "{\"first\":1,\"end\":2,\"next\":2,\"lines\":[7]}",
        "{\"first\":1,\"end\":2,\"next\":2,\"lines\":[{\"line\":1,\"at_us\":1,\"kind\":\"NEWS\","
        "\"job\":\"" PLAN_J "\",\"run\":1}]}",
        "{\"first\":1,\"end\":2,\"next\":2,\"lines\":[{\"line\":1,\"at_us\":1,\"kind\":\"STATE\","
        "\"job\":\"" PLAN_J "\",\"run\":1,\"state\":\"ASLEEP\"}]}",
        "{\"first\":1,\"end\":2,\"next\":2,\"lines\":[{\"line\":1,\"at_us\":1,\"kind\":\"VISIBLE\","
        "\"job\":\"" PLAN_J "\",\"run\":1,\"external_path\":\"p\"}]}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const char *text = others[i];
        struct control_clock clock;
        struct control_scenario scenario;
        struct journal_page journal;
        struct request_page requests;
        assert_false(control_read_clock(text, strlen(text), &clock));
        assert_false(control_read_scenario(text, strlen(text), &scenario));
        assert_false(control_read_journal(text, strlen(text), &journal));
        assert_false(control_read_requests(text, strlen(text), &requests));
    }
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(test_the_journal_reads_back_as_it_was_written),
        STAGED(test_requests_read_back_answered_or_not),
        STAGED(test_the_clock_and_the_scenario_read_back),
        STAGED(test_a_refusal_says_why),
        cmocka_unit_test(test_other_answers_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
