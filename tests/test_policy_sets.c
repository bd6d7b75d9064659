/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <string.h>

#include "rest_endpoint/policy_sets.h"

static struct endpoint_config configured(const char *name, const char *option, const char *value)
{
    struct settings settings;
    struct endpoint_config config;
    settings_default(&settings);
    if (option)
        assert_null(settings_put(&settings, option, value));
    const struct policy_set *set = policy_set_find(name);
    assert_non_null(set);
    policy_set_configure(set, &settings, &config);
    return config;
}

static void the_sets_are_listed_from_the_reference_to_the_newest(void **state)
{
    (void)state;
    static const char *const names[] = {"reference",  "flink-1.17", "flink-1.18.0", "flink-1.18",
                                        "flink-1.19", "flink-1.20", "flink-2.0",    "flink-2.1",
                                        "flink-2.2",  "flink-2.3"};
    assert_int_equal(policy_set_count(), 10);
    for (size_t i = 0; i < 10; i++) {
        const struct policy_set *set = policy_set_at(i);
        assert_string_equal(policy_set_name(set), names[i]);
        assert_ptr_equal(policy_set_find(names[i]), set);
        assert_true(strlen(policy_set_summary(set)) > 10);
        assert_null(strchr(policy_set_summary(set), '\n'));
    }
    assert_null(policy_set_at(10));
    assert_null(policy_set_find("flink-1.16"));
    assert_null(policy_set_find("flink"));
}

static void the_statistics_timeout_is_the_options_or_the_intervals(void **state)
{
    (void)state;
    for (size_t i = 0; i < policy_set_count(); i++) {
        const char *name = policy_set_name(policy_set_at(i));
        assert_int_equal(configured(name, NULL, NULL).stats.ttl_us, 3000000);
        assert_int_equal(configured(name, "web.refresh-interval", "1500").stats.ttl_us, 1500000);
        assert_int_equal(
            configured(name, "rest.cache.checkpoint-statistics.timeout", "0").stats.ttl_us, 0);
    }
}

static void from_2_1_the_intervals_old_name_leaves_the_statistics_timeout_alone(void **state)
{
    (void)state;
    static const char *const option = "jobmanager.web.refresh-interval";
    assert_int_equal(configured("flink-1.18", option, "1500").stats.ttl_us, 1500000);
    assert_int_equal(configured("flink-2.0", option, "1500").stats.ttl_us, 1500000);
    assert_int_equal(configured("flink-2.1", option, "1500").stats.ttl_us, 3000000);
    assert_int_equal(configured("flink-2.3", option, "1500").stats.ttl_us, 3000000);
    assert_int_equal(configured("flink-2.3", option, "1500").graph.ttl_us, 1500000);
    assert_int_equal(configured("reference", option, "1500").stats.ttl_us, 1500000);
}

static void only_2_3_and_the_reference_have_a_graph_timeout(void **state)
{
    (void)state;
    static const char *const option = "rest.cache.execution-graph.timeout";
    for (size_t i = 0; i < policy_set_count(); i++) {
        const char *name = policy_set_name(policy_set_at(i));
        const bool has_option = i == 0 || i == policy_set_count() - 1;
        assert_int_equal(configured(name, option, "0").graph.ttl_us, has_option ? 0 : 3000000);
        assert_int_equal(configured(name, "web.refresh-interval", "1 s").graph.ttl_us, 1000000);
    }
}

static void capacities_come_from_the_options(void **state)
{
    (void)state;
    assert_int_equal(configured("flink-1.20", "rest.cache.checkpoint-statistics.size", "0")
                         .stats.entry_count_max,
                     0);
    assert_int_equal(configured("reference", NULL, NULL).stats.entry_count_max, 1000);
    assert_int_equal(configured("reference", NULL, NULL).graph.entry_count_max, 1000);
    assert_true(configured("flink-1.20", NULL, NULL).graph.entry_count_max == SIZE_MAX);
    assert_int_equal(
        configured("flink-1.20", "web.checkpoints.history", "2").details.entry_count_max, 2);
    assert_int_equal(configured("reference", "web.refresh-interval", "2 s").refresh_interval_ms,
                     2000);
}

static void flinks_two_caches_differ_in_clock_failures_and_cancelling(void **state)
{
    (void)state;
    for (size_t i = 1; i < policy_set_count(); i++) {
        const struct endpoint_config config =
            configured(policy_set_name(policy_set_at(i)), NULL, NULL);
        assert_int_equal(config.graph.clock, CACHE_CLOCK_WALL);
        assert_int_equal(config.graph.failures, FAILURES_DROPPED);
        assert_int_equal(config.graph.replaced, REPLACED_IS_CANCELLED);
        assert_int_equal(config.stats.clock, CACHE_CLOCK_MONOTONIC);
        assert_int_equal(config.stats.failures, FAILURES_KEPT);
        assert_int_equal(config.stats.replaced, REPLACED_SERVES_ITS_WAITERS);
        assert_int_equal(config.details.key, KEY_CHECKPOINT);
        assert_false(config.quirks.honours_cache_control);
        assert_int_equal(config.quirks.statistics_from_graph, i == 1);
        assert_int_equal(config.quirks.refuses_incremental_trigger, i >= 4);
    }
}

static void the_reference_keeps_no_failure_cancels_nobody_and_batches(void **state)
{
    (void)state;
    const struct endpoint_config config = configured("reference", NULL, NULL);
    const struct cache_policy *policies[] = {&config.graph, &config.stats};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(policies[i]->key, KEY_JOB);
        assert_int_equal(policies[i]->join, JOIN_NEXT_BATCH);
        assert_int_equal(policies[i]->slot, SLOT_HOLDS_ANSWER);
        assert_int_equal(policies[i]->start, START_AT_REQUEST);
        assert_int_equal(policies[i]->clock, CACHE_CLOCK_MONOTONIC);
        assert_int_equal(policies[i]->failures, FAILURES_DROPPED);
        assert_int_equal(policies[i]->late, LATE_ANSWER_DROPPED);
        assert_int_equal(policies[i]->replaced, REPLACED_SERVES_ITS_WAITERS);
        assert_int_equal(policies[i]->rendering, RENDER_PER_FETCH);
    }
    assert_int_equal(config.details.key, KEY_JOB_RUN_AND_CHECKPOINT);
    assert_true(config.quirks.honours_cache_control && config.quirks.details_outlive_history);
}

static void a_version_writes_what_it_is_known_to_write(void **state)
{
    (void)state;
    static const struct {
        const char *name, *version, *commit;
        int member_count; /* of the eight that came in one version or another */
    } cases[] = {
        {"flink-1.17", "1.17.2", "c0027e5", 0}, {"flink-1.18.0", "1.18.0", "a5548cc", 2},
        {"flink-1.18", "1.18.1", "a8c8b1c", 2}, {"flink-1.19", "1.19.3", "4105f8d", 2},
        {"flink-1.20", "1.20.3", "01e3a6d", 4}, {"flink-2.0", "2.0.1", "1192b3e", 5},
        {"flink-2.1", "2.1.1", "074f8c5", 7},   {"flink-2.2", "2.2.1", "450c63e", 7},
        {"flink-2.3", "2.3.0", "c0f8d1a", 8},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct endpoint_wire wire = configured(cases[i].name, NULL, NULL).wire;
        assert_string_equal(wire.flink_version, cases[i].version);
        assert_string_equal(wire.flink_commit, cases[i].commit);
        assert_non_null(wire.flink_revision);
        assert_int_equal(wire.unaligned_type + wire.web_rescale_feature + wire.job_type +
                             wire.slot_sharing_group + wire.pending_operators + wire.typed_plan +
                             wire.newest_job_first + wire.scheduler_type,
                         cases[i].member_count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sets_are_listed_from_the_reference_to_the_newest),
        cmocka_unit_test(the_statistics_timeout_is_the_options_or_the_intervals),
        cmocka_unit_test(from_2_1_the_intervals_old_name_leaves_the_statistics_timeout_alone),
        cmocka_unit_test(only_2_3_and_the_reference_have_a_graph_timeout),
        cmocka_unit_test(capacities_come_from_the_options),
        cmocka_unit_test(flinks_two_caches_differ_in_clock_failures_and_cancelling),
        cmocka_unit_test(the_reference_keeps_no_failure_cancels_nobody_and_batches),
        cmocka_unit_test(a_version_writes_what_it_is_known_to_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
