/* rooms: harness/scenario harness/client_models harness/judge rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/scenario_texts.h"

static struct plan *load_clients(const char *clients)
{
    char text[1000];
    snprintf(text, sizeof(text),
             HEAD "jobmanager: {J: {at 90 ms: completes 1}, K: {exists: later}}\n"
                  "clients: %s\n" CLAIMS,
             clients);
    return load(text);
}

static struct plan *load_top(const char *top)
{
    char text[1000];
    snprintf(text, sizeof(text), HEAD JOB CLIENT "%s\n", top);
    return load(text);
}

static const char sketch[] =
    "title: A dashboard's entry hides a newer checkpoint from a program\n"
    "why: one cache for both, so programs inherit web.refresh-interval (FLINK-32469)\n"
    "flink: {web.refresh-interval: 3 s, rest.cache.checkpoint-statistics.timeout: 0 s}\n"
    "jobmanager:\n"
    "  J: {at 90 ms: completes 10, at 200 ms: completes 11}\n"
    "clients:\n"
    "  browser: {dashboard: J, from: 100 ms}\n"
    "  mover:   {at 300 ms: latest completed checkpoint of J}\n"
    "claims: [fresh, dashboard-cached]\n"
    "expect: {flink-1.17: {fresh: both paths share the graph cache}}\n";

static void check_sketch(const struct plan *plan)
{
    assert_string_equal(plan->title, "A dashboard's entry hides a newer checkpoint from a program");
    assert_int_equal(plan->settings.refresh_interval_us, 3000000);
    assert_int_equal(plan->settings.stats_timeout_us, 0);
    assert_int_equal(plan->option_count, 2);
    assert_string_equal(plan->options[0].key, "web.refresh-interval");
    assert_string_equal(plan->options[0].value, "3 s");
    assert_string_equal(plan->options[1].value, "0 s");
    assert_int_equal(plan->job_count, 1);
    assert_string_equal(plan->jobs[0].name, "J");
    assert_int_equal(plan->event_count, 2);
    assert_int_equal(plan->events[0].at_us, 90000);
    assert_int_equal(plan->events[0].kind, JOB_EVENT_COMPLETES);
    assert_int_equal(plan->events[0].checkpoint, 10);
    assert_int_equal(plan->events[1].checkpoint, 11);
    assert_int_equal(plan->client_count, 2);
    assert_string_equal(plan->clients[0].name, "browser");
    assert_int_equal(plan->clients[0].kind, CLIENT_DASHBOARD);
    assert_int_equal(plan->clients[0].from_us, 100000);
    assert_int_equal(plan->clients[1].kind, CLIENT_SCRIPTED);
    assert_int_equal(plan->clients[1].step_count, 1);
    assert_int_equal(plan->clients[1].steps[0].kind, STEP_GET_STATISTICS);
    assert_true(plan->claim.claimed[PROPERTY_FRESH]);
    assert_true(plan->claim.claimed[PROPERTY_DASHBOARD_CACHED]);
    assert_false(plan->claim.claimed[PROPERTY_AVAILABLE]);
    assert_int_equal(plan->claim.bound_us, 0);
    const struct expectation *expected = plan_expectation(plan, "flink-1.17");
    assert_non_null(expected);
    assert_int_equal(expected->failure_count, 1);
    assert_int_equal(expected->failures[0].property, PROPERTY_FRESH);
    assert_int_equal(expected->failures[0].layer, LAYER_UNKNOWN);
    assert_string_equal(expected->failures[0].why, "both paths share the graph cache");
    assert_null(plan_expectation(plan, "flink-1.18"));
}

static void test_the_sketch_of_the_design_loads_as_written(void **state)
{
    (void)state;
    struct plan *plan = load(sketch);
    check_sketch(plan);
    plan_free(plan);
}

static void test_a_byte_order_mark_and_windows_line_ends_change_nothing(void **state)
{
    (void)state;
    struct buffer text = {0};
    buffer_text(&text, "\xef\xbb\xbf");
    for (const char *c = sketch; *c; c++) {
        if (*c == '\n')
            buffer_char(&text, '\r');
        buffer_char(&text, *c);
    }
    struct plan *plan = load_length(text.bytes, text.length, "one.yaml");
    check_sketch(plan);
    plan_free(plan);
    buffer_free(&text);
}

static void test_json_is_read_too(void **state)
{
    (void)state;
    struct plan *plan =
        load("{\"title\": \"t\", \"why\": \"w\",\n"
             " \"jobmanager\": {\"J\": {\"at 90 ms\": [\"completes 10\", \"completes 11\"]}},\n"
             " \"clients\": {\"c\": {\"at 100 ms\": \"job J\"}}, \"claims\": [\"fresh\"]}\n");
    assert_int_equal(plan->event_count, 2);
    assert_int_equal(plan->events[1].checkpoint, 11);
    plan_free(plan);
}

static void test_the_name_is_the_file_name_without_folder_and_ending(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"scenarios/one.yaml", "one"}, {"one", "one"},     {"/a/b.c/two", "two"},
        {"two.x.yaml", "two.x"},       {".yaml", ".yaml"}, {"", ""},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct plan *plan = load_length(sketch, strlen(sketch), files[i][0]);
        assert_string_equal(plan->file, files[i][0]);
        assert_string_equal(plan->name, files[i][1]);
        plan_free(plan);
    }
}

static void test_texts_are_folded_to_one_line(void **state)
{
    (void)state;
    struct plan *plan = load(
        "title: |\n  one\n\n  two\nwhy: >\n  three\n  four\nsource: \" x \"\n" JOB CLIENT CLAIMS);
    assert_string_equal(plan->title, "one two");
    assert_string_equal(plan->why, "three four");
    assert_string_equal(plan->source, "x");
    plan_free(plan);
}

struct step_case {
    const char *text;
    struct client_step step;
};

static const struct step_case step_cases[] = {
    {"latest completed checkpoint of J", {.kind = STEP_GET_STATISTICS}},
    {"checkpoint statistics of K", {.kind = STEP_GET_STATISTICS, .job = 1}},
    {"details of checkpoint 7 of J", {.kind = STEP_GET_DETAILS, .checkpoint = 7}},
    {"subtasks of checkpoint 7 of K", {.kind = STEP_GET_SUBTASKS, .job = 1, .checkpoint = 7}},
    {"checkpoint configuration of J", {.kind = STEP_GET_CONFIG}},
    {"job K", {.kind = STEP_GET_JOB, .job = 1}},
    {"overview", {.kind = STEP_GET_OVERVIEW, .job = SIZE_MAX}},
    {"jobs", {.kind = STEP_GET_JOBS, .job = SIZE_MAX}},
    {"trigger a checkpoint of J", {.kind = STEP_TRIGGER}},
    {"cancel J", {.kind = STEP_CANCEL}},
    {"GET /jobs/overview", {.kind = STEP_GET_TARGET, .job = SIZE_MAX, .target = "/jobs/overview"}},
    {"GET /v1/jobs/K/checkpoints?x=1",
     {.kind = STEP_GET_TARGET,
      .job = 1,
      .target = "/v1/jobs/000000000000000000000000000a0001/checkpoints?x=1"}},
    {"GET /jobs/J", {.kind = STEP_GET_TARGET, .target = "/jobs/000000000000000000000000000a0000"}},
    {"GET /jobs/Jay", {.kind = STEP_GET_TARGET, .job = SIZE_MAX, .target = "/jobs/Jay"}},
    {"job J with no-cache", {.kind = STEP_GET_JOB, .cache_control = "no-cache"}},
    {"overview with max-age=0",
     {.kind = STEP_GET_OVERVIEW, .job = SIZE_MAX, .cache_control = "max-age=0"}},
    {"GET /x with max-age=12",
     {.kind = STEP_GET_TARGET, .job = SIZE_MAX, .target = "/x", .cache_control = "max-age=12"}},
};

static void test_every_phrase_of_a_client_is_a_step(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(step_cases) / sizeof(step_cases[0]); i++) {
        char clients[200];
        snprintf(clients, sizeof(clients), "{c: {at 300 ms: \"%s\"}}", step_cases[i].text);
        struct plan *plan = load_clients(clients);
        assert_int_equal(plan->clients[0].step_count, 1);
        const struct client_step *seen = plan->clients[0].steps, *expected = &step_cases[i].step;
        assert_int_equal(seen->at_us, 300000);
        assert_int_equal(seen->kind, expected->kind);
        assert_true(seen->job == expected->job);
        assert_int_equal(seen->checkpoint, expected->checkpoint);
        assert_same_text(seen->target, expected->target);
        assert_same_text(seen->cache_control, expected->cache_control);
        plan_free(plan);
    }
}

static void test_a_trigger_can_be_asked_for_and_awaited(void **state)
{
    (void)state;
    struct plan *plan = load_clients("{c: {at 100 ms: trigger a checkpoint of J,\n"
                                     "  at 200 ms: \"await the trigger of J, then read\",\n"
                                     "  at 150 ms: trigger status of J}}");
    const struct client_step *steps = plan->clients[0].steps;
    assert_int_equal(steps[0].kind, STEP_TRIGGER);
    assert_int_equal(steps[1].kind, STEP_TRIGGER_STATUS);
    assert_int_equal(steps[2].kind, STEP_AWAIT_TRIGGER);
    plan_free(plan);
}

static void test_steps_are_in_order_of_time_and_ties_in_order_of_the_file(void **state)
{
    (void)state;
    struct plan *plan = load_clients("{c: {at 200 ms: [jobs, overview], at 100 ms: job J,\n"
                                     "  at 0.2 s: job K}}");
    static const enum step_kind expected[] = {STEP_GET_JOB, STEP_GET_JOBS, STEP_GET_OVERVIEW,
                                              STEP_GET_JOB};
    assert_int_equal(plan->clients[0].step_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(plan->clients[0].steps[i].kind, expected[i]);
    plan_free(plan);
}

static void test_every_kind_of_client_is_read(void **state)
{
    (void)state;
    struct plan *plan = load_clients(
        "{d: {dashboard: K, from: 1 s, until: 2 s, every: 500 ms, count: 3},\n"
        "  p: {polls: J, every: 100 ms, jitter: 20 ms, until: 3 s, cache-control: max-age=1},\n"
        "  m: {migrates: J, to: K, at: 2.5 s}}");
    const struct client_plan *clients = plan->clients;
    assert_int_equal(plan->client_count, 3);
    assert_int_equal(clients[0].kind, CLIENT_DASHBOARD);
    assert_int_equal(clients[0].job, 1);
    assert_int_equal(clients[0].count, 3);
    assert_int_equal(clients[0].from_us, 1000000);
    assert_int_equal(clients[0].until_us, 2000000);
    assert_int_equal(clients[0].every_us, 500000);
    assert_int_equal(clients[1].kind, CLIENT_POLLER);
    assert_int_equal(clients[1].job, 0);
    assert_int_equal(clients[1].count, 1);
    assert_int_equal(clients[1].from_us, 0);
    assert_int_equal(clients[1].every_us, 100000);
    assert_int_equal(clients[1].jitter_us, 20000);
    assert_string_equal(clients[1].cache_control, "max-age=1");
    assert_int_equal(clients[2].kind, CLIENT_MIGRATION);
    assert_int_equal(clients[2].job, 0);
    assert_int_equal(clients[2].to_job, 1);
    assert_int_equal(clients[2].from_us, 2500000);
    assert_null(clients[2].cache_control);
    plan_free(plan);
}

static void test_a_migration_may_decide_by_a_model(void **state)
{
    (void)state;
    struct plan *plan = load_clients(
        "{m: {migrates: J, to: K, at: 2.5 s, as: lyft, watches every: 500 ms, max age: 1 h}}");
    assert_int_equal(plan->clients[0].model, CLIENT_MODEL_LYFT);
    assert_int_equal(plan->clients[0].watch_every_us, 500000);
    assert_int_equal(plan->clients[0].max_age_us, INT64_C(3600000000));
    plan_free(plan);
    plan = load_clients("{m: {migrates: J, to: K, at: 2.5 s}}");
    assert_int_equal(plan->clients[0].model, CLIENT_MODEL_NONE);
    plan_free(plan);
}

static void test_a_poller_may_ask_for_more_than_statistics(void **state)
{
    (void)state;
    struct plan *plan = load_clients(
        "{p: {polls: J, every: 1 s, asks: {job: 1000, statistics: 8, configuration: 3}},\n"
        "  q: {polls: J, every: 1 s, asks: {details: 1}}, r: {polls: J, every: 1 s}}");
    static const unsigned expected[][POLLED_COUNT] = {
        {[POLLED_STATISTICS] = 8, [POLLED_JOB] = 1000, [POLLED_CONFIG] = 3},
        {[POLLED_DETAILS] = 1},
        {0},
    };
    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(plan->clients[i].shares, expected[i], sizeof expected[i]);
    plan_free(plan);
}

static void test_the_end_comes_one_second_after_the_last_planned_thing(void **state)
{
    (void)state;
    static const struct {
        const char *clients;
        int64_t end_us;
    } cases[] = {
        {"{c: {at 2 s: jobs}}", 3000000},
        {"{c: {polls: J, every: 1 s, from: 3 s}}", 4000000},
        {"{c: {polls: J, every: 1 s, until: 5 s}}", 6000000},
        {"{c: {dashboard: J}}", 1090000},
        {"{c: {migrates: J, to: K, at: 7 s}}", 8000000},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan *plan = load_clients(cases[i].clients);
        assert_int_equal(plan->end_us, cases[i].end_us);
        plan_free(plan);
    }
}

static void test_clients_without_until_go_on_to_the_end(void **state)
{
    (void)state;
    struct plan *plan = load(HEAD JOB "clients: {a: {polls: J, every: 1 s}, b: {dashboard: J, "
                                      "until: 5 s}}\nends: 4 s\n" CLAIMS);
    assert_int_equal(plan->end_us, 4000000);
    assert_int_equal(plan->clients[0].until_us, 4000000);
    assert_int_equal(plan->clients[1].until_us, 4000000);
    plan_free(plan);
}

static void test_up_to_8_s_a_scenario_may_run_live(void **state)
{
    (void)state;
    struct plan *plan = load_top(CLAIMS "ends: 8 s");
    assert_true(plan->live);
    assert_null(plan->not_live_because);
    plan_free(plan);
    plan = load_top(CLAIMS "ends: 8.000001 s");
    assert_false(plan->live);
    assert_string_equal(plan->not_live_because, "it takes more than 8 s");
    plan_free(plan);
}

static void test_whether_it_may_run_live_can_be_said(void **state)
{
    (void)state;
    struct plan *plan = load_top(CLAIMS "ends: 20 s\nlive: yes");
    assert_true(plan->live);
    assert_null(plan->not_live_because);
    plan_free(plan);
    plan = load_top(CLAIMS "live: no, because it rains, mostly");
    assert_false(plan->live);
    assert_string_equal(plan->not_live_because, "it rains, mostly");
    plan_free(plan);
}

static void test_bounded_age_is_the_timeout_unless_said(void **state)
{
    (void)state;
    static const struct {
        const char *top;
        int64_t bound_us;
        bool fresh;
    } cases[] = {
        {"claims: [bounded-age]", 3000000, false},
        {"flink: {web.refresh-interval: 7 s}\nclaims: [bounded-age]", 7000000, false},
        {"flink: {rest.cache.checkpoint-statistics.timeout: 2 s}\nclaims: [bounded-age]", 2000000,
         false},
        {"claims: [{bounded-age: 4 s}]", 4000000, false},
        {"claims: [fresh, {bounded-age: 4 s}]", 4000000, true},
        {"claims: [bounded-age, fresh]", 3000000, true},
        {"claims: [fresh]", 0, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan *plan = load_top(cases[i].top);
        assert_int_equal(plan->claim.bound_us, cases[i].bound_us);
        assert_int_equal(plan->claim.claimed[PROPERTY_FRESH], cases[i].fresh);
        plan_free(plan);
    }
}

static void test_claims_know_where_they_are_written(void **state)
{
    (void)state;
    struct plan *plan = load_top("claims:\n"
                                 "  - {bounded-age: 3 s, restore-window: 1 s}\n"
                                 "  - available");
    const struct text_place *places = plan->claim_places;
    const unsigned line = places[PROPERTY_BOUNDED_AGE].line;
    assert_true(line > 1);
    assert_int_equal(places[PROPERTY_BOUNDED_AGE].column, 6);
    assert_int_equal(places[PROPERTY_RESTORE_WINDOW].line, line);
    assert_int_equal(places[PROPERTY_RESTORE_WINDOW].column, 24);
    assert_int_equal(places[PROPERTY_AVAILABLE].line, line + 1);
    assert_int_equal(places[PROPERTY_AVAILABLE].column, 5);
    assert_int_equal(places[PROPERTY_FRESH].line, 0);
    plan_free(plan);
}

static void test_claims_carry_what_they_need_to_know(void **state)
{
    (void)state;
    struct plan *plan = load_top("flink: {web.refresh-interval: 2 s}\n"
                                 "claims: [{restore-window: 1 s, bounded-load: {in flight: 4}, "
                                 "converges: 1500 ms}]");
    assert_true(plan->claim.claimed[PROPERTY_CONVERGES]);
    assert_int_equal(plan->claim.settled_from_us, 1500000);
    assert_true(plan->claim.claimed[PROPERTY_RESTORE_WINDOW]);
    assert_true(plan->claim.claimed[PROPERTY_BOUNDED_LOAD]);
    assert_int_equal(plan->claim.restore_window_us, 1000000);
    assert_int_equal(plan->claim.in_flight_max, 4);
    assert_int_equal(plan->claim.refresh_interval_us, 2000000);
    assert_int_equal(plan->claim.margin_us, 0);
    plan_free(plan);
}

/* How many failures are expected of each implementation, as one digit each. */
static void check_failures(const char *expect, const char *digits)
{
    char top[600];
    snprintf(top, sizeof(top), "claims: [fresh, available, consistent]\nexpect:\n%s", expect);
    struct plan *plan = load_top(top);
    for (size_t i = 0; implementations[i]; i++) {
        const struct expectation *found = plan_expectation(plan, implementations[i]);
        size_t count = found ? found->failure_count : 0;
        assert_int_equal(count, digits[i] - '0');
    }
    assert_null(plan_expectation(plan, "nobody"));
    plan_free(plan);
}

static void test_expectations_name_one_a_range_or_a_pattern(void **state)
{
    (void)state;
    check_failures("  reference: {fresh: x}", "1000000000");
    check_failures("  flink-1.18..flink-2.0: {fresh: x}", "0001111000");
    check_failures("  flink-2.3..flink-2.3: {fresh: x}", "0000000001");
    check_failures("  flink-*: {fresh: x}", "0111111111");
    check_failures("  \"*\": {fresh: x, available: y}", "2222222222");
    check_failures("  \"*-1.*\": {fresh: x}", "0111110000");
    check_failures("  \"*1.18*\": {fresh: x}", "0011000000");
}

static void test_an_implementation_named_twice_has_both_failures(void **state)
{
    (void)state;
    check_failures("  flink-*: {fresh: x}\n  flink-1.18.0: {available: {layer: origin, why: y}}",
                   "0121111111");
}

static void test_an_expected_failure_may_name_its_layer(void **state)
{
    (void)state;
    struct plan *plan =
        load_top(CLAIMS "expect: {flink-2.0: {fresh: {layer: graph cache, why: x}}}");
    const struct expectation *expected = plan_expectation(plan, "flink-2.0");
    assert_int_equal(expected->failures[0].layer, LAYER_GRAPH_CACHE);
    assert_string_equal(expected->failures[0].why, "x");
    plan_free(plan);
}

static void test_given_options_go_before_the_scenarios_own(void **state)
{
    (void)state;
    const struct configuration_line given[] = {{"web.refresh-interval", "5 s"},
                                               {"web.checkpoints.history", "3"}};
    struct complaints complaints = {0};
    struct plan *plan =
        scenario_parse_with(sketch, strlen(sketch), "f", implementations, given, 2, &complaints);
    assert_non_null(plan);
    assert_int_equal(plan->settings.refresh_interval_us, 5000000);
    assert_int_equal(plan->settings.stats_timeout_us, 0); /* the scenario's own */
    assert_int_equal(plan->settings.history_count_max, 3);
    assert_int_equal(plan->option_count, 3);
    assert_string_equal(plan->options[1].key, "web.refresh-interval");
    assert_string_equal(plan->options[1].value, "5 s");
    plan_free(plan);
    complaints_free(&complaints);
}

static void test_a_given_option_that_is_wrong_is_told_without_a_place(void **state)
{
    (void)state;
    const struct configuration_line given = {"web.timeot", "1 s"};
    struct complaints complaints = {0};
    assert_null(
        scenario_parse_with(sketch, strlen(sketch), "f", implementations, &given, 1, &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.items[0].line, 0);
    assert_string_equal(complaints.items[0].message, "-D web.timeot=1 s: unknown option");
    complaints_free(&complaints);
}

static void test_the_label_of_a_case_of_the_museum_is_read(void **state)
{
    (void)state;
    struct plan *plan = load(HEAD "museum: {number: L-06, hall: readers and load, "
                                  "evidence: read in the source}\n" JOB CLIENT CLAIMS);
    assert_non_null(plan->museum);
    assert_string_equal(plan->museum->number, "L-06");
    assert_int_equal(plan->museum->hall, MUSEUM_HALL_READERS);
    assert_int_equal(plan->museum->evidence, MUSEUM_EVIDENCE_READ);
    plan_free(plan);
    plan = load(HEAD JOB CLIENT CLAIMS);
    assert_null(plan->museum);
    plan_free(plan);
}

static void test_every_scenario_of_this_tree_loads(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob("scenarios/*.yaml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 16);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char text[16384];
        FILE *file = fopen(found.gl_pathv[i], "r");
        assert_non_null(file);
        size_t length = fread(text, 1, sizeof(text), file);
        fclose(file);
        assert_true(length < sizeof(text));
        struct plan *plan = load_length(text, length, found.gl_pathv[i]);
        assert_non_null(plan->source);
        plan_free(plan);
    }
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_sketch_of_the_design_loads_as_written),
        cmocka_unit_test(test_a_byte_order_mark_and_windows_line_ends_change_nothing),
        cmocka_unit_test(test_json_is_read_too),
        cmocka_unit_test(test_the_name_is_the_file_name_without_folder_and_ending),
        cmocka_unit_test(test_texts_are_folded_to_one_line),
        cmocka_unit_test(test_every_phrase_of_a_client_is_a_step),
        cmocka_unit_test(test_a_trigger_can_be_asked_for_and_awaited),
        cmocka_unit_test(test_steps_are_in_order_of_time_and_ties_in_order_of_the_file),
        cmocka_unit_test(test_every_kind_of_client_is_read),
        cmocka_unit_test(test_a_migration_may_decide_by_a_model),
        cmocka_unit_test(test_a_poller_may_ask_for_more_than_statistics),
        cmocka_unit_test(test_the_end_comes_one_second_after_the_last_planned_thing),
        cmocka_unit_test(test_clients_without_until_go_on_to_the_end),
        cmocka_unit_test(test_up_to_8_s_a_scenario_may_run_live),
        cmocka_unit_test(test_whether_it_may_run_live_can_be_said),
        cmocka_unit_test(test_bounded_age_is_the_timeout_unless_said),
        cmocka_unit_test(test_claims_know_where_they_are_written),
        cmocka_unit_test(test_claims_carry_what_they_need_to_know),
        cmocka_unit_test(test_expectations_name_one_a_range_or_a_pattern),
        cmocka_unit_test(test_an_implementation_named_twice_has_both_failures),
        cmocka_unit_test(test_an_expected_failure_may_name_its_layer),
        cmocka_unit_test(test_given_options_go_before_the_scenarios_own),
        cmocka_unit_test(test_a_given_option_that_is_wrong_is_told_without_a_place),
        cmocka_unit_test(test_the_label_of_a_case_of_the_museum_is_read),
        cmocka_unit_test(test_every_scenario_of_this_tree_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
