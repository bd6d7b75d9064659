/* rooms: harness/advice harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/flink_config harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
/* Each rule: its scenario's settings have the finding, a clean configuration has not, the scenario
 * shows it, and no longer does once the suggestion is followed. */

#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/advice/findings.h"
#include "harness/scenario/scenario.h"
#include "harness/virtual_time/run.h"

enum { TEXT_MAX = 8192, OPTIONS_MAX = 16, MS = 1000, SECOND = 1000 * 1000 };

/* What stands behind each rule's scenario. */
struct stage {
    const char *id;
    struct load load;
    struct habits habits;
    const char *bad_key, *bad_value; /* what the scenario cannot be read with; NULL: nothing */
};

#define PROGRAM .job_count = 1, .program_count = 1

static const struct stage stages[] = {
    {.id = "refused", .load = {PROGRAM}, .bad_key = "web.refresh-interval", .bad_value = "0"},
    {.id = "path-already-deleted",
     .load = {PROGRAM, .completion_interval_us = SECOND, .call_us = 2 * MS},
     .habits = {.reaction_us = 500 * MS}},
    {.id = "path-may-be-deleted",
     .load = {PROGRAM, .completion_interval_us = SECOND, .call_us = 2 * MS},
     .habits = {.reaction_us = 1200 * MS}},
    {.id = "cancel-deletes-checkpoints", .habits = {.job_end = JOB_END_CANCELLED}},
    {.id = "finish-deletes-checkpoints", .habits = {.job_end = JOB_END_FINISHED}},
    {.id = "readers-cancel-each-other", .load = {.dashboard_count = 2, .call_us = 200 * MS}},
    {.id = "graph-timeout-zero", .load = {.dashboard_count = 2, .call_us = 200 * MS}},
    {.id = "calls-time-out", .load = {PROGRAM, .call_us = 200 * MS}},
    {.id = "timeout-zero-piles-up",
     .load =
         {.job_count = 1, .program_count = 8, .poll_interval_us = 200 * MS, .call_us = 100 * MS}},
    {.id = "size-zero", .load = {PROGRAM}},
    {.id = "size-below-jobs", .load = {.job_count = 2, .program_count = 1}},
    {.id = "timeout-unknown", .load = {PROGRAM}},
    {.id = "graph-timeout-unknown", .load = {.dashboard_count = 2, .call_us = 200 * MS}},
    {.id = "new-name-unknown", .load = {PROGRAM}},
    {.id = "old-name-not-followed", .load = {PROGRAM}},
    {.id = "old-name-hidden", .load = {PROGRAM}},
    {.id = "failures-kept", .load = {PROGRAM, .poll_interval_us = 250 * MS}},
    {.id = "not-found-remembered", .habits = {.asks_before_start = true}},
    {.id = "details-of-another-job",
     .load = {.job_count = 2, .completion_interval_us = 50 * MS},
     .habits = {.details_after_us = 300 * MS}},
    {.id = "own-checkpoint-missing", .habits = {.reads_own = true}},
    {.id = "refresh-governs-programs", .load = {PROGRAM}},
    {.id = "one-cache-for-both", .load = {PROGRAM}},
    {.id = "polls-repeat", .load = {PROGRAM, .poll_interval_us = 500 * MS}},
    {.id = "answers-lag", .load = {PROGRAM, .completion_interval_us = 400 * MS}},
    {.id = "ended-job-forgotten", .habits = {.ended_after_us = 2300 * MS}},
};
enum { STAGE_COUNT = sizeof stages / sizeof stages[0] };

/* Where a rule's scenario and its settings stand. */
struct scene {
    const struct stage *stage;
    const struct finding_rule *rule;
    char text[TEXT_MAX]; /* of the scenario */
    struct configuration_line changes[2];
    size_t change_count;
};

static size_t read_text(const char *name, char *text)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        fail_msg("%s is not there", name);
    const size_t length = fread(text, 1, TEXT_MAX - 1, file);
    assert_true(length > 0 && length < TEXT_MAX - 1);
    text[length] = '\0';
    fclose(file);
    return length;
}

static void scene_open(struct scene *scene, const struct stage *stage)
{
    *scene = (struct scene){.stage = stage, .rule = finding_rule_find(stage->id)};
    if (!scene->rule)
        fail_msg("there is no rule %s", stage->id);
    read_text(scene->rule->scenario, scene->text);
}

static void change(struct scene *scene, const char *key, const char *value)
{
    assert_true(scene->change_count < 2);
    scene->changes[scene->change_count++] = (struct configuration_line){key, value};
}

/* NULL: the scenario cannot be read with these options. */
static struct plan *plan_of(const struct scene *scene)
{
    struct complaints complaints = {0};
    struct plan *plan = scenario_parse_with(scene->text, strlen(scene->text), scene->rule->scenario,
                                            implementation_names(), scene->changes,
                                            scene->change_count, &complaints);
    assert_int_equal(complaints.count > 0, plan == NULL);
    complaints_free(&complaints);
    return plan;
}

/* What cannot even be read is refused as Flink refuses it. */
static enum verdict verdict_of(const struct scene *scene,
                               const struct implementation *implementation)
{
    const struct run_options options = {.seed = 1, .parse_every = 1};
    struct run_result result;
    struct plan *plan = plan_of(scene);
    if (!plan)
        return VERDICT_FAIL;
    assert_null(run_virtual(plan, implementation, &options, &result));
    plan_free(plan);
    return result.judgement.whole;
}

static const char *release_of(const struct scene *scene)
{
    return flink_release_for(strchr(scene->rule->implementation, '-') + 1);
}

/* The options of the scenario as it stands, and what was changed. */
static void collect_options(const struct scene *scene, struct config_entries *entries)
{
    struct scene unchanged = *scene;
    unchanged.change_count = 0;
    struct plan *plan = plan_of(&unchanged);
    assert_non_null(plan);
    for (size_t i = 0; i < plan->option_count; i++)
        assert_true(config_add_dynamic(entries, plan->options[i].key, plan->options[i].value));
    for (size_t i = 0; i < scene->change_count; i++)
        assert_true(config_add_dynamic(entries, scene->changes[i].key, scene->changes[i].value));
    plan_free(plan);
}

/* A copy of the finding with this id, without its sentence; false: there is none. */
static bool finds(const struct scene *scene, const struct config_entries *entries,
                  const char *release, struct finding *copy)
{
    struct effective effective;
    struct findings findings;
    assert_true(effective_resolve(&effective, entries, release));
    const struct situation situation = {.entries = entries,
                                        .effective = &effective,
                                        .load = &scene->stage->load,
                                        .habits = &scene->stage->habits};
    assert_true(findings_find(&situation, &findings));
    bool found = false;
    for (size_t i = 0; i < findings.count; i++) {
        if (findings.items[i].rule != scene->rule)
            continue;
        found = true;
        assert_true(strlen(findings.items[i].consequence) > 20);
        assert_true(findings.items[i].option_count > 0);
        *copy = findings.items[i];
    }
    findings_free(&findings);
    effective_free(&effective);
    return found;
}

static bool has_finding(const struct scene *scene, const char *release, struct finding *copy)
{
    struct config_entries entries = {0};
    collect_options(scene, &entries);
    const bool found = finds(scene, &entries, release, copy);
    config_entries_free(&entries);
    return found;
}

static void every_rule_has_a_stage(void **state)
{
    (void)state;
    assert_int_equal(finding_rule_count(), STAGE_COUNT);
    for (size_t i = 0; i < STAGE_COUNT; i++)
        assert_string_equal(finding_rule_at(i)->id, stages[i].id);
}

static void each_finding_is_found_and_its_scenario_shows_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        struct scene scene;
        struct finding finding;
        scene_open(&scene, &stages[i]);
        if (stages[i].bad_key)
            change(&scene, stages[i].bad_key, stages[i].bad_value);
        if (!has_finding(&scene, release_of(&scene), &finding))
            fail_msg("%s is not found", stages[i].id);
        if (verdict_of(&scene, implementation_find(scene.rule->implementation)) != VERDICT_FAIL)
            fail_msg("%s does not show it", scene.rule->scenario);
    }
}

static void what_is_suggested_removes_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        struct scene scene;
        struct finding finding, again;
        scene_open(&scene, &stages[i]);
        if (stages[i].bad_key)
            change(&scene, stages[i].bad_key, stages[i].bad_value);
        assert_true(has_finding(&scene, release_of(&scene), &finding));
        scene.change_count = 0;
        if (finding.suggested_key)
            change(&scene, finding.suggested_key, finding.suggested_value);
        const char *release =
            finding.suggested_release ? finding.suggested_release : release_of(&scene);
        if (!finding.suggested_key && !finding.suggested_release)
            continue;
        if (has_finding(&scene, release, &again))
            fail_msg("%s stays", stages[i].id);
        const struct implementation *implementation =
            finding.suggested_release ? implementation_for_flink(release)
                                      : implementation_find(scene.rule->implementation);
        if (verdict_of(&scene, implementation) != VERDICT_PASS)
            fail_msg("%s still shows it", scene.rule->scenario);
    }
}

static void each_clean_configuration_is_clean_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        struct stage stage = stages[i];
        /* No setting helps; another end does. */
        if (stage.habits.job_end == JOB_END_FINISHED)
            stage.habits.job_end = JOB_END_CANCELLED;
        struct scene scene;
        struct finding finding;
        char name[128], text[TEXT_MAX];
        struct config_entries entries = {0};
        struct complaints complaints = {0};
        scene_open(&scene, &stage);
        snprintf(name, sizeof name, "tests/configurations/findings/%s-clean.yaml", stages[i].id);
        const size_t length = read_text(name, text);
        assert_true(config_read(&entries, name, config_form_of(name, text, length), text, length,
                                &complaints));
        assert_int_equal(complaints.count, 0);
        assert_non_null(entries.claimed_version);
        if (finds(&scene, &entries, flink_release_for(entries.claimed_version), &finding))
            fail_msg("%s is not clean", name);
        complaints_free(&complaints);
        config_entries_free(&entries);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_a_stage),
        cmocka_unit_test(each_finding_is_found_and_its_scenario_shows_it),
        cmocka_unit_test(what_is_suggested_removes_it),
        cmocka_unit_test(each_clean_configuration_is_clean_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
