/* rooms: harness/advice harness/flink_config rest_endpoint base */
/* What rules say, and both sides of each edge. */

#include "tests/support/test_prelude.h"

#include <stdlib.h>
#include <string.h>

#include "harness/advice/findings.h"

enum { MS = 1000, SECOND = 1000 * 1000 };

#define TIMEOUT "rest.cache.checkpoint-statistics.timeout"
#define RETAINED "execution.checkpointing.num-retained"

struct bench {
    struct config_entries entries;
    struct effective effective;
    struct load load;
    struct habits habits;
    struct findings findings;
};

/* Options as "key=value", up to the NULL. */
static void bench_open(struct bench *bench, const char *release, const char *const *options)
{
    *bench = (struct bench){0};
    for (; options && *options; options++) {
        char key[64] = "";
        const char *equals = strchr(*options, '=');
        memcpy(key, *options, (size_t)(equals - *options));
        assert_true(config_add_dynamic(&bench->entries, key, equals + 1));
    }
    assert_true(effective_resolve(&bench->effective, &bench->entries, flink_release_for(release)));
}

/* NULL: there is no such finding. */
static const struct finding *look(struct bench *bench, const char *id)
{
    const struct situation situation = {.entries = &bench->entries,
                                        .effective = &bench->effective,
                                        .load = &bench->load,
                                        .habits = &bench->habits};
    findings_free(&bench->findings);
    assert_non_null(finding_rule_find(id));
    assert_true(findings_find(&situation, &bench->findings));
    for (size_t i = 0; i < bench->findings.count; i++) {
        if (strcmp(bench->findings.items[i].rule->id, id) == 0)
            return &bench->findings.items[i];
    }
    return NULL;
}

static void bench_close(struct bench *bench)
{
    findings_free(&bench->findings);
    effective_free(&bench->effective);
    config_entries_free(&bench->entries);
}

static void assert_suggests(const struct finding *finding, const char *key, const char *value)
{
    assert_non_null(finding);
    assert_string_equal(finding->suggested_key, key);
    assert_string_equal(finding->suggested_value, value);
}

static void a_default_configuration_without_a_load_is_clean(void **state)
{
    (void)state;
    struct bench bench;
    for (const char *const *release = flink_releases(); *release; release++) {
        bench_open(&bench, *release, NULL);
        assert_null(look(&bench, "refused"));
        assert_int_equal(bench.findings.count, 0);
        bench_close(&bench);
    }
}

static void a_path_is_safe_until_its_age_reaches_the_life_of_a_checkpoint(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "2.3", (const char *const[]){TIMEOUT "=1 s", RETAINED "=3", NULL});
    bench.load = (struct load){.program_count = 1, .completion_interval_us = SECOND};
    bench.habits.reaction_us = SECOND - 1;
    assert_null(look(&bench, "path-may-be-deleted")); /* 2 s less 1 us, of (3 - 1) x 1 s */
    bench.habits.reaction_us = SECOND;
    assert_suggests(look(&bench, "path-may-be-deleted"), RETAINED, "4");
    assert_null(look(&bench, "path-already-deleted"));
    bench.habits.reaction_us = 2 * SECOND - 1;
    assert_non_null(look(&bench, "path-may-be-deleted"));
    assert_null(look(&bench, "path-already-deleted"));
    bench.habits.reaction_us = 2 * SECOND;
    assert_null(look(&bench, "path-may-be-deleted"));
    const struct finding *finding = look(&bench, "path-already-deleted");
    assert_suggests(finding, RETAINED, "5");
    assert_int_equal(finding->severity, SEVERITY_DANGER);
    assert_string_equal(
        finding->consequence,
        "A path can be 3 s old when it is used (kept 1 s, fetched within 0 s, used "
        "after 2 s), and a checkpoint lives for 3 s (3 retained, one each 1 s): even "
        "one that had just completed is deleted by then.");
    bench_close(&bench);
}

static void a_path_that_is_kept_for_ever_is_told_to_be_kept_for_less(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "1.20", (const char *const[]){TIMEOUT "=1000000 d", NULL});
    bench.load = (struct load){.program_count = 1, .completion_interval_us = SECOND};
    assert_suggests(look(&bench, "path-already-deleted"), TIMEOUT, "3 s");
    bench_close(&bench);
}

static void the_configuration_tells_the_interval_where_the_load_does_not(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "2.3",
               (const char *const[]){TIMEOUT "=10 s", "execution.checkpointing.interval=1 s",
                                     "execution.checkpointing.min-pause=5 s", NULL});
    bench.load.program_count = 1;
    assert_suggests(look(&bench, "answers-lag"), TIMEOUT, "2500 ms");
    bench.load.completion_interval_us = 10 * SECOND;
    assert_suggests(look(&bench, "answers-lag"), TIMEOUT, "5 s");
    bench.load.completion_interval_us = 10 * SECOND + 1;
    assert_null(look(&bench, "answers-lag"));
    bench_close(&bench);
}

static void readers_cancel_each_other_where_a_graph_takes_longer_than_it_is_kept(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "1.19", (const char *const[]){"web.refresh-interval=1000", NULL});
    bench.load = (struct load){.dashboard_count = 2, .call_us = SECOND};
    assert_null(look(&bench, "readers-cancel-each-other"));
    bench.load.call_us = SECOND + 1;
    assert_suggests(look(&bench, "readers-cancel-each-other"), "web.refresh-interval", "3000");
    bench.load.dashboard_count = 1;
    assert_null(look(&bench, "readers-cancel-each-other"));
    bench.load.vertex_count = 2; /* one page asks for the watermarks of both at once */
    assert_non_null(look(&bench, "readers-cancel-each-other"));
    bench_close(&bench);
}

static void programs_read_graphs_in_1_17_only(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct bench bench;
        bench_open(&bench, i == 0 ? "1.17" : "1.18", NULL);
        bench.load = (struct load){.program_count = 2, .call_us = 4 * SECOND};
        assert_int_equal(look(&bench, "readers-cancel-each-other") != NULL, i == 0);
        assert_int_equal(look(&bench, "one-cache-for-both") != NULL, i == 0);
        bench_close(&bench);
    }
}

static void calls_pile_up_when_more_than_one_is_under_way(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "2.3", (const char *const[]){TIMEOUT "=0", NULL});
    bench.load =
        (struct load){.program_count = 10, .poll_interval_us = SECOND, .call_us = 100 * MS};
    assert_null(look(&bench, "timeout-zero-piles-up"));
    bench.load.call_us = 101 * MS;
    assert_suggests(look(&bench, "timeout-zero-piles-up"), TIMEOUT, "200 ms");
    bench_close(&bench);
}

static void a_failure_that_is_kept_for_long_is_a_warning(void **state)
{
    (void)state;
    static const struct {
        const char *timeout;
        enum severity severity;
    } cases[] = {{TIMEOUT "=10 s", SEVERITY_NOTE}, {TIMEOUT "=10001 ms", SEVERITY_WARNING}};
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        bench_open(&bench, "2.3", (const char *const[]){cases[i].timeout, NULL});
        bench.load = (struct load){.program_count = 1, .poll_interval_us = SECOND};
        assert_int_equal(look(&bench, "failures-kept")->severity, cases[i].severity);
        bench.load.poll_interval_us = 11 * SECOND;
        assert_null(look(&bench, "failures-kept"));
        bench_close(&bench);
    }
}

static void what_is_refused_hides_all_other_findings(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "1.18",
               (const char *const[]){"web.refresh-interval=5 s", TIMEOUT "=1 h", NULL});
    bench.load = (struct load){.program_count = 1, .completion_interval_us = SECOND};
    const struct finding *finding = look(&bench, "refused");
    assert_suggests(finding, "web.refresh-interval", "5000");
    assert_string_equal(finding->consequence,
                        "Flink 1.18.1 does not start: Could not parse value '5 s' for key "
                        "'web.refresh-interval'.");
    assert_int_equal(bench.findings.count, 1);
    bench_close(&bench);
}

static void the_old_name_of_the_interval_is_not_followed_since_2_1(void **state)
{
    (void)state;
    static const char *const options[] = {"jobmanager.web.refresh-interval=60000", NULL};
    struct bench bench;
    bench_open(&bench, "2.0", options);
    assert_null(look(&bench, "old-name-not-followed"));
    bench_close(&bench);
    bench_open(&bench, "2.1", options);
    const struct finding *finding = look(&bench, "old-name-not-followed");
    assert_suggests(finding, TIMEOUT, "60 s");
    assert_string_equal(finding->consequence,
                        "jobmanager.web.refresh-interval sets the refresh interval to 1 min, but "
                        "since 2.1 the timeout of checkpoint statistics does not follow that old "
                        "name: it is 3 s.");
    bench_close(&bench);
}

static void an_old_name_that_says_the_same_is_no_finding(void **state)
{
    (void)state;
    static const char *const said[] = {"state.checkpoints.num-retained=5",
                                       "state.checkpoints.num-retained=2"};
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        bench_open(&bench, "1.20", (const char *const[]){said[i], RETAINED "=2", NULL});
        const struct finding *finding = look(&bench, "old-name-hidden");
        assert_int_equal(finding != NULL, i == 0);
        if (finding)
            assert_suggests(finding, RETAINED, "5");
        bench_close(&bench);
    }
}

static void an_option_that_came_later_is_found_with_what_does_its_work(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "1.17", (const char *const[]){TIMEOUT "=3 s", NULL});
    assert_null(look(&bench, "timeout-unknown")); /* it makes no difference */
    bench_close(&bench);
    bench_open(&bench, "1.17", (const char *const[]){TIMEOUT "=0 s", NULL});
    const struct finding *finding = look(&bench, "timeout-unknown");
    assert_non_null(finding->entry);
    assert_null(finding->suggested_key);
    assert_string_equal(finding->suggested_release, flink_release_for("1.20"));
    bench_close(&bench);
}

static void a_new_name_is_found_where_only_the_old_one_counts(void **state)
{
    (void)state;
    static const struct {
        const char *release, *said, *also, *suggested_key, *suggested_value; /* NULL: no finding */
    } cases[] = {
        {"1.19", RETAINED "=3", NULL, "state.checkpoints.num-retained", "3"},
        {"1.20", RETAINED "=3", NULL, NULL, NULL},
        {"1.19", RETAINED "=3", "state.checkpoints.num-retained=3", NULL, NULL},
        {"1.19", RETAINED "=3", "state.checkpoints.num-retained=2",
         "state.checkpoints.num-retained", "3"},
        {"1.19", RETAINED "=0", NULL, NULL, NULL}, /* is 1, as the default */
        {"1.19", RETAINED "=0", "state.checkpoints.num-retained=2",
         "state.checkpoints.num-retained", "1"},
        {"1.19", RETAINED "=many", NULL, NULL, NULL},
        {"2.2", "completed-application-store.expiration-time=2 h", NULL, "jobstore.expiration-time",
         "7200"},
        {"2.3", "completed-application-store.expiration-time=2 h", NULL, NULL, NULL},
        {"2.2", "completed-application-store.max-capacity=5", NULL, "jobstore.max-capacity", "5"},
        {"2.2", "completed-application-store.max-capacity=-5", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bench bench;
        bench_open(&bench, cases[i].release,
                   (const char *const[]){cases[i].said, cases[i].also, NULL});
        const struct finding *finding = look(&bench, "new-name-unknown");
        assert_int_equal(finding != NULL, cases[i].suggested_key != NULL);
        if (finding)
            assert_suggests(finding, cases[i].suggested_key, cases[i].suggested_value);
        if (i == 0)
            assert_string_equal(finding->consequence,
                                "Flink 1.19.3 knows no " RETAINED ": 3 there does nothing, and "
                                "state.checkpoints.num-retained is 1.");
        bench_close(&bench);
    }
}

static void a_job_is_asked_about_before_or_after_it_is_forgotten(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "2.2", (const char *const[]){"jobstore.expiration-time=60", NULL});
    bench.habits.ended_after_us = 60 * SECOND - 1;
    assert_null(look(&bench, "ended-job-forgotten"));
    bench.habits.ended_after_us = 60 * SECOND;
    assert_suggests(look(&bench, "ended-job-forgotten"), "jobstore.expiration-time", "61");
    bench_close(&bench);
}

static void a_history_covers_what_is_asked_for_or_not(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "2.3", (const char *const[]){"web.checkpoints.history=5", NULL});
    bench.load = (struct load){.job_count = 2, .completion_interval_us = SECOND};
    bench.habits.details_after_us = 5 * SECOND - 1;
    assert_null(look(&bench, "details-of-another-job"));
    bench.habits.details_after_us = 5 * SECOND;
    assert_suggests(look(&bench, "details-of-another-job"), "web.checkpoints.history", "7");
    bench.load.job_count = 1;
    assert_null(look(&bench, "details-of-another-job"));
    bench_close(&bench);
}

static void a_call_is_given_up_when_it_takes_as_long_as_is_waited(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "1.19", (const char *const[]){"web.timeout=1000", NULL});
    bench.load.call_us = SECOND - 1;
    assert_null(look(&bench, "calls-time-out"));
    bench.load.call_us = SECOND;
    assert_suggests(look(&bench, "calls-time-out"), "web.timeout", "600000");
    bench_close(&bench);
}

static void a_refresh_interval_governs_programs_when_it_is_longer_than_usual(void **state)
{
    (void)state;
    static const char *const intervals[] = {"web.refresh-interval=3000",
                                            "web.refresh-interval=3001"};
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        bench_open(&bench, "2.3", (const char *const[]){intervals[i], NULL});
        bench.load.program_count = 1;
        assert_int_equal(look(&bench, "refresh-governs-programs") != NULL, i == 1);
        bench_close(&bench);
    }
}

static void a_timeout_that_the_refresh_interval_cannot_be_needs_another_release(void **state)
{
    (void)state;
    static const char *const timeouts[] = {TIMEOUT "=1 ms", TIMEOUT "=999 micros"};
    for (size_t i = 0; i < 2; i++) {
        struct bench bench;
        bench_open(&bench, "1.17", (const char *const[]){timeouts[i], NULL});
        const struct finding *finding = look(&bench, "timeout-unknown");
        assert_int_equal(finding->suggested_release != NULL, i == 1);
        assert_int_equal(finding->suggested_key != NULL, i == 0);
        bench_close(&bench);
    }
}

static void the_worst_comes_first(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "2.3", (const char *const[]){TIMEOUT "=1 h", NULL});
    bench.load = (struct load){
        .program_count = 1, .poll_interval_us = SECOND, .completion_interval_us = SECOND};
    look(&bench, "refused");
    assert_true(bench.findings.count >= 3);
    for (size_t i = 1; i < bench.findings.count; i++)
        assert_true(bench.findings.items[i - 1].severity >= bench.findings.items[i].severity);
    assert_string_equal(bench.findings.items[0].rule->id, "path-already-deleted");
    bench_close(&bench);
}

static void every_rule_is_found_by_its_name_and_says_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < finding_rule_count(); i++) {
        const struct finding_rule *rule = finding_rule_at(i);
        assert_ptr_equal(finding_rule_find(rule->id), rule);
        assert_true(strlen(rule->statement) > 10 && strlen(rule->explanation) > 10);
        assert_true(strlen(severity_name(rule->severity)) > 0);
    }
    assert_null(finding_rule_find("fresh"));
}

static void find_short_of_memory(void *context, bool may_fail)
{
    struct bench *bench = context;
    const struct situation situation = {.entries = &bench->entries,
                                        .effective = &bench->effective,
                                        .load = &bench->load,
                                        .habits = &bench->habits};
    struct findings findings;
    const bool found = findings_find(&situation, &findings);
    assert_true(found || may_fail);
    if (found)
        assert_true(findings.count >= 3);
    findings_free(&findings);
}

static void running_out_of_memory_is_told(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "2.3", (const char *const[]){TIMEOUT "=1 h", NULL});
    bench.load = (struct load){
        .program_count = 1, .poll_interval_us = SECOND, .completion_interval_us = SECOND};
    assert_true(fail_each_allocation(find_short_of_memory, &bench) > 3);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_default_configuration_without_a_load_is_clean),
        cmocka_unit_test(a_path_is_safe_until_its_age_reaches_the_life_of_a_checkpoint),
        cmocka_unit_test(a_path_that_is_kept_for_ever_is_told_to_be_kept_for_less),
        cmocka_unit_test(the_configuration_tells_the_interval_where_the_load_does_not),
        cmocka_unit_test(readers_cancel_each_other_where_a_graph_takes_longer_than_it_is_kept),
        cmocka_unit_test(programs_read_graphs_in_1_17_only),
        cmocka_unit_test(calls_pile_up_when_more_than_one_is_under_way),
        cmocka_unit_test(a_failure_that_is_kept_for_long_is_a_warning),
        cmocka_unit_test(what_is_refused_hides_all_other_findings),
        cmocka_unit_test(the_old_name_of_the_interval_is_not_followed_since_2_1),
        cmocka_unit_test(an_old_name_that_says_the_same_is_no_finding),
        cmocka_unit_test(an_option_that_came_later_is_found_with_what_does_its_work),
        cmocka_unit_test(a_new_name_is_found_where_only_the_old_one_counts),
        cmocka_unit_test(a_job_is_asked_about_before_or_after_it_is_forgotten),
        cmocka_unit_test(a_history_covers_what_is_asked_for_or_not),
        cmocka_unit_test(a_call_is_given_up_when_it_takes_as_long_as_is_waited),
        cmocka_unit_test(a_refresh_interval_governs_programs_when_it_is_longer_than_usual),
        cmocka_unit_test(a_timeout_that_the_refresh_interval_cannot_be_needs_another_release),
        cmocka_unit_test(the_worst_comes_first),
        cmocka_unit_test(every_rule_is_found_by_its_name_and_says_what_it_is),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
