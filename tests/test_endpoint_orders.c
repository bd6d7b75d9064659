/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"
#include "tests/support/conversation.h"

/* What a client orders: checkpoints, savepoints and stops, and how they are going. */

#define SAVEPOINTS_OF_A "/jobs/" JOB_A_ID "/savepoints"
#define STOP_OF_A "/jobs/" JOB_A_ID "/stop"
#define TRIGGER_ID "dddddddddddddddddddddddddddddddd"

static const struct id TRIGGER = {UINT64_C(0xdddddddddddddddd), UINT64_C(0xdddddddddddddddd)};

static struct endpoint_config config_with_directory(const char *set)
{
    struct endpoint_config config = config_of(set, NULL);
    config.savepoint_directory = "file:///default";
    return config;
}

static int post(struct conversation *talk, int64_t at_ms, uint64_t id, const char *target,
                const char *body)
{
    const struct request request = {.method = METHOD_POST, .target = target, .body = body};
    return ask_fully(talk, at_ms, id, &request);
}

static void a_savepoint_is_ordered_as_its_body_says(void **state)
{
    (void)state;
    struct conversation talk;
    const struct endpoint_config config = config_with_directory("flink-1.20");
    assert_true(start_with(&talk, &config));
    post(&talk, 0, 1, SAVEPOINTS_OF_A,
         "{\"target-directory\":\"file:///there\",\"cancel-job\":true,\"formatType\":\"NATIVE\","
         "\"triggerId\":\"" TRIGGER_ID "\"}");
    const struct fetch_request *what = &talk.fetches[0].what;
    assert_int_equal(what->kind, FETCH_TRIGGER_SAVEPOINT);
    assert_true(id_equal(what->job, JOB_A) && id_equal(what->trigger, TRIGGER));
    assert_string_equal(what->order->directory, "file:///there");
    assert_true(what->order->native_format && what->order->cancels_job && !what->order->drain);
    answer_with(&talk, 1, 0, (struct fetch_result){.outcome = OUTCOME_OK});
    assert_int_equal(status_of(&talk, 1), 202);
    assert_string_equal(text_of(&talk, 1), "{\"request-id\":\"" TRIGGER_ID "\"}");
    finish(&talk);
}

static void without_a_body_a_savepoint_goes_where_savepoints_go(void **state)
{
    (void)state;
    struct conversation talk;
    const struct endpoint_config config = config_with_directory("flink-1.17");
    assert_true(start_with(&talk, &config));
    post(&talk, 0, 1, SAVEPOINTS_OF_A, NULL);
    post(&talk, 0, 2, SAVEPOINTS_OF_A, "{\"target-directory\":null}");
    const struct fetch_request *first = &talk.fetches[0].what;
    const struct fetch_request *second = &talk.fetches[1].what;
    assert_string_equal(first->order->directory, "file:///default");
    assert_string_equal(second->order->directory, "file:///default");
    assert_false(first->order->native_format || first->order->cancels_job);
    assert_false(id_equal(first->trigger, second->trigger));
    finish(&talk);
}

static void a_stop_may_drain(void **state)
{
    (void)state;
    struct conversation talk;
    const struct endpoint_config config = config_with_directory("flink-2.3");
    assert_true(start_with(&talk, &config));
    post(&talk, 0, 1, STOP_OF_A, "{\"targetDirectory\":\"file:///there\",\"drain\":true}");
    const struct fetch_request *what = &talk.fetches[0].what;
    assert_int_equal(what->kind, FETCH_STOP_WITH_SAVEPOINT);
    assert_string_equal(what->order->directory, "file:///there");
    assert_true(what->order->drain && !what->order->cancels_job);
    answer_with(&talk, 1, 0, (struct fetch_result){.outcome = OUTCOME_OK});
    assert_int_equal(status_of(&talk, 1), 202);
    finish(&talk);
}

static void with_no_directory_at_all_the_option_and_the_property_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *set, *target, *says;
    } cases[] = {
        {"flink-1.17", SAVEPOINTS_OF_A,
         "RestHandlerException: Config key [state.savepoints.dir] is not set. Property "
         "[target-directory] must be provided.\\n"},
        {"flink-1.19", STOP_OF_A, "[state.savepoints.dir] is not set. Property [targetDirectory]"},
        {"flink-1.20", STOP_OF_A,
         "[execution.checkpointing.savepoint-dir] is not set. Property [targetDirectory]"},
        {"flink-2.3", SAVEPOINTS_OF_A, "[execution.checkpointing.savepoint-dir] is not set."},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct conversation talk;
        start(&talk, cases[i].set, NULL);
        post(&talk, 0, 1, cases[i].target, "{}");
        assert_int_equal(status_of(&talk, 1), 400);
        assert_says(&talk, 1, cases[i].says);
        assert_int_equal(talk.fetch_count, 0);
        finish(&talk);
    }
}

static void a_savepoints_status_tells_its_location_or_its_failure(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    for (uint64_t i = 0; i < 4; i++)
        get(&talk, 0, i, SAVEPOINTS_OF_A "/" TRIGGER_ID);
    assert_int_equal(talk.fetches[0].what.kind, FETCH_SAVEPOINT_STATUS);
    assert_true(id_equal(talk.fetches[0].what.trigger, TRIGGER));
    answer_with(&talk, 1, 0, (struct fetch_result){.outcome = OUTCOME_OK});
    assert_string_equal(text_of(&talk, 0),
                        "{\"status\":{\"id\":\"IN_PROGRESS\"},\"operation\":null}");
    answer_with(
        &talk, 1, 1,
        (struct fetch_result){.operation = {.done = true, .location = text_copy("file:/s")}});
    assert_string_equal(
        text_of(&talk, 1),
        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"file:/s\"}}");
    answer_with(&talk, 1, 2,
                (struct fetch_result){.operation = {.done = true,
                                                    .failed = true,
                                                    .exception_class = "a.b.Broken",
                                                    .failure = text_copy("no")}});
    assert_says(&talk, 2,
                "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"failure-cause\":{\"class\":"
                "\"a.b.Broken\",\"stack-trace\":\"a.b.Broken: no\\n");
    answer_failure(&talk, 1, 3, OUTCOME_UNKNOWN_OPERATION);
    assert_int_equal(status_of(&talk, 3), 404);
    assert_says(&talk, 3,
                "RestHandlerException: There is no savepoint operation with triggerId=" TRIGGER_ID
                " for job " JOB_A_ID ".\\n");
    finish(&talk);
}

static void bodies_that_do_not_fit_name_what_they_should_be(void **state)
{
    (void)state;
    static const struct {
        const char *target, *body, *says;
    } cases[] = {
        {CHECKPOINTS_OF_A, "{\"checkpointType\": \"NOPE\"}", "CheckpointTriggerRequestBody.\\n"},
        {SAVEPOINTS_OF_A, "{\"formatType\": \"NOPE\"}", "SavepointTriggerRequestBody.\\n"},
        {STOP_OF_A, "{", "StopWithSavepointRequestBody.\\n"},
        {"/jobs/xyz/stop", "[]", "StopWithSavepointRequestBody.\\n"},
    };
    struct conversation talk;
    start(&talk, "flink-2.3", NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        post(&talk, 0, i, cases[i].target, cases[i].body);
        assert_int_equal(status_of(&talk, i), 400);
        assert_says(&talk, i, "RestHandlerException: Request did not match expected format ");
        assert_says(&talk, i, cases[i].says);
    }
    finish(&talk);
}

static void a_request_that_needs_no_body_refuses_one_that_is_no_object(void **state)
{
    (void)state;
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    get(&talk, 0, 1, CHECKPOINTS_OF_A);
    const struct request request = {.target = CHECKPOINTS_OF_A, .body = "x"};
    ask_fully(&talk, 0, 2, &request);
    assert_int_equal(status_of(&talk, 2), 400);
    assert_says(&talk, 2, "Request did not match expected format EmptyRequestBody.");
    const struct request good = {.target = CHECKPOINTS_OF_A, .body = "{\"a\":1}"};
    ask_fully(&talk, 0, 3, &good);
    assert_false(has_reply(&talk, 3));
    finish(&talk);
}

static void members_that_are_not_known_are_refused_up_to_1_18(void **state)
{
    (void)state;
    static const struct {
        const char *set;
        bool refuses;
    } cases[] = {{"flink-1.17", true},  {"flink-1.18.0", true}, {"flink-1.18", true},
                 {"flink-1.19", false}, {"flink-2.3", false},   {"reference", false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct conversation talk;
        start(&talk, cases[i].set, NULL);
        post(&talk, 0, 1, CHECKPOINTS_OF_A, "{\"unknownField\": 1}");
        assert_int_equal(status_of(&talk, 1), cases[i].refuses ? 400 : 0);
        finish(&talk);
    }
}

static void files_are_taken_where_they_are_asked_for_and_nowhere_else(void **state)
{
    (void)state;
    static const struct upload file = {1, "a.jar", NULL};
    static const struct upload attribute = {0, NULL, "name"};
    static const struct upload json = {0, NULL, "request"};
    static const struct {
        const char *target;
        const struct upload *upload;
        const char *says;
    } cases[] = {
        {CHECKPOINTS_OF_A, &file, "{\"errors\":[\"File upload not allowed\"]}"},
        {CHECKPOINTS_OF_A, &attribute, "{\"errors\":[\"Received unknown attribute name.\"]}"},
        {"/jobs/overview", &file, "{\"errors\":[\"POST request not allowed\"]}"},
        {"/nowhere", &json, "{\"errors\":[\"POST request not allowed\"]}"},
        {CHECKPOINTS_OF_A, &json, NULL},
    };
    struct conversation talk;
    start(&talk, "flink-1.20", NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct request request = {
            .method = METHOD_POST, .target = cases[i].target, .upload = cases[i].upload};
        ask_fully(&talk, 0, i, &request);
        assert_int_equal(status_of(&talk, i), cases[i].says ? 400 : 0);
        if (cases[i].says)
            assert_string_equal(text_of(&talk, i), cases[i].says);
    }
    finish(&talk);
}

static void order_and_ask(void *context, bool may_fail)
{
    struct conversation talk;
    if (!start_with(&talk, context)) {
        assert_true(may_fail);
        return;
    }
    talk.may_fail = may_fail;
    bool taken[4] = {
        post(&talk, 0, 0, SAVEPOINTS_OF_A, "{\"target-directory\":\"file:///there\"}") == 0,
        post(&talk, 0, 1, STOP_OF_A, NULL) == 0,
        post(&talk, 0, 2, SAVEPOINTS_OF_A, "[]") == 0,
        get(&talk, 0, 3, SAVEPOINTS_OF_A "/" TRIGGER_ID "?a=1&a=2&a=%41") == 0,
    };
    for (size_t i = 0; i < talk.fetch_count; i++) {
        const struct job_order *order = talk.fetches[i].what.order;
        if (order)
            assert_non_null(order->directory);
        (void)answer_with(&talk, 1, i,
                          (struct fetch_result){.operation = {.done = true, .failed = true}});
    }
    for (uint64_t i = 0; i < 4; i++)
        assert_int_equal(has_reply(&talk, i), taken[i]);
    finish(&talk);
}

static void orders_survive_each_allocation_failing(void **state)
{
    (void)state;
    struct endpoint_config config = config_with_directory("flink-2.3");
    assert_true(fail_each_allocation(order_and_ask, &config) > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_savepoint_is_ordered_as_its_body_says),
        cmocka_unit_test(without_a_body_a_savepoint_goes_where_savepoints_go),
        cmocka_unit_test(a_stop_may_drain),
        cmocka_unit_test(with_no_directory_at_all_the_option_and_the_property_are_named),
        cmocka_unit_test(a_savepoints_status_tells_its_location_or_its_failure),
        cmocka_unit_test(bodies_that_do_not_fit_name_what_they_should_be),
        cmocka_unit_test(a_request_that_needs_no_body_refuses_one_that_is_no_object),
        cmocka_unit_test(members_that_are_not_known_are_refused_up_to_1_18),
        cmocka_unit_test(files_are_taken_where_they_are_asked_for_and_nowhere_else),
        cmocka_unit_test(orders_survive_each_allocation_failing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
