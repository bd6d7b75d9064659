/* rooms: harness/cluster harness/implementations mock_jobmanager rest_endpoint gateway harness/client_models harness/judge base */
#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <string.h>

#include "harness/cluster/configuration.h"

struct bench {
    struct configuration *configuration;
    struct settings settings;
    const char *why;
};

static int set_up(void **state)
{
    static struct bench bench;
    bench = (struct bench){.configuration = configuration_new()};
    settings_default(&bench.settings);
    *state = &bench;
    return bench.configuration ? 0 : -1;
}

static int tear_down(void **state)
{
    configuration_free(((struct bench *)*state)->configuration);
    return 0;
}

static enum configuration_outcome put(struct bench *bench, const char *option, const char *value)
{
    return configuration_put(bench->configuration, &bench->settings, option, value, &bench->why);
}

/* The value shown for a key; NULL: no such line. It must not be there twice. */
static const char *shown(const struct bench *bench, const char *key)
{
    size_t count;
    const char *value = NULL;
    const struct configuration_line *lines = configuration_lines(bench->configuration, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(lines[i].key, key) != 0)
            continue;
        assert_null(value);
        value = lines[i].value;
    }
    return value;
}

static void test_it_begins_as_a_session_clusters(void **state)
{
    struct bench *bench = *state;
    assert_string_equal(shown(bench, "jobmanager.rpc.address"), "127.0.0.1");
    assert_string_equal(configuration_savepoint_directory(bench->configuration),
                        "file:///flink/savepoints");
    assert_int_equal(configuration_slot_count(bench->configuration), 0);
    assert_int_equal(configuration_ended_kept_us(bench->configuration), 0);
    assert_int_equal(configuration_ended_kept_max(bench->configuration), 0);
    assert_null(shown(bench, "rest.cache.checkpoint-statistics.timeout"));
}

static void test_an_option_of_the_caches_is_taken_and_shown_as_written(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put(bench, "rest.cache.checkpoint-statistics.timeout", "1500 ms"),
                     CONFIGURATION_TAKEN);
    assert_int_equal(bench->settings.stats_timeout_us, 1500000);
    assert_string_equal(shown(bench, "rest.cache.checkpoint-statistics.timeout"), "1500 ms");
}

static void test_a_later_value_takes_the_place_of_an_earlier(void **state)
{
    struct bench *bench = *state;
    put(bench, "web.timeout", "1 s");
    put(bench, "web.timeout", "2 s");
    assert_string_equal(shown(bench, "web.timeout"), "2 s");
    put(bench, "parallelism.default", "4");
    assert_string_equal(shown(bench, "parallelism.default"), "4");
}

static void test_a_wrong_value_changes_nothing_and_is_told(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put(bench, "web.timeout", "soon"), CONFIGURATION_WRONG);
    assert_non_null(bench->why);
    assert_null(shown(bench, "web.timeout"));
    static const char *const wrong[][2] = {
        {"taskmanager.numberOfTaskSlots", "0"},   {"taskmanager.numberOfTaskSlots", "x"},
        {"jobstore.max-capacity", "2147483648"},  {"jobstore.expiration-time", "-1"},
        {"taskmanager.numberOfTaskSlots", "1 2"}, {"jobstore.expiration-time", ""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(put(bench, wrong[i][0], wrong[i][1]), CONFIGURATION_WRONG);
    assert_int_equal(configuration_slot_count(bench->configuration), 0);
}

static void test_slots_and_the_keeping_of_ended_jobs_are_taken(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put(bench, "taskmanager.numberOfTaskSlots", "1"), CONFIGURATION_TAKEN);
    assert_int_equal(put(bench, "jobstore.expiration-time", "60"), CONFIGURATION_TAKEN);
    assert_int_equal(put(bench, "jobstore.max-capacity", "2147483647"), CONFIGURATION_TAKEN);
    assert_int_equal(put(bench, "rest.server.max-content-length", "1000"), CONFIGURATION_TAKEN);
    assert_int_equal(configuration_slot_count(bench->configuration), 1);
    assert_int_equal(configuration_body_length_max(bench->configuration), 1000);
    assert_int_equal(configuration_ended_kept_us(bench->configuration), 60000000);
    assert_int_equal(configuration_ended_kept_max(bench->configuration), 2147483647);
}

static void test_the_new_name_of_a_directory_takes_the_place_of_the_old(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put(bench, "execution.checkpointing.savepoint-dir", "s3://b/s"),
                     CONFIGURATION_TAKEN);
    assert_null(shown(bench, "state.savepoints.dir"));
    assert_string_equal(configuration_savepoint_directory(bench->configuration), "s3://b/s");
    put(bench, "state.savepoints.dir", "");
    assert_null(shown(bench, "execution.checkpointing.savepoint-dir"));
    assert_null(configuration_savepoint_directory(bench->configuration));
}

static void test_an_option_without_meaning_here_is_shown_all_the_same(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(put(bench, "execution.checkpointing.min-pause", "1 s"), CONFIGURATION_SHOWN);
    assert_string_equal(shown(bench, "execution.checkpointing.min-pause"), "1 s");
}

static void test_a_slip_is_near_what_was_meant_and_other_options_are_not(void **state)
{
    (void)state;
    static const char *const near[][2] = {
        {"rest.cache.checkpoint-statistics.timout", "rest.cache.checkpoint-statistics.timeout"},
        {"web.refreshinterval", "web.refresh-interval"},
        {"state.savepoint.dir", "state.savepoints.dir"},
        {"taskmanager.numberofTaskSlot", "taskmanager.numberOfTaskSlots"},
    };
    for (size_t i = 0; i < sizeof near / sizeof near[0]; i++)
        assert_string_equal(configuration_nearest(near[i][0]), near[i][1]);
    static const char *const far[] = {
        "execution.checkpointing.min-pause", "state.checkpoints.dir", "state.backend.type",
        "taskmanager.memory.flink.size",     "web.submit.enable",     "rest.port",
        "execution.checkpointing.dir",
    };
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
        assert_null(configuration_nearest(far[i]));
}

static void test_there_is_an_end_to_the_number_of_options(void **state)
{
    struct bench *bench = *state;
    enum configuration_outcome outcome = CONFIGURATION_SHOWN;
    size_t count = 0;
    for (int i = 0; i < 1000 && outcome == CONFIGURATION_SHOWN; i++) {
        char option[16];
        snprintf(option, sizeof option, "x.%d", i);
        outcome = put(bench, option, "1");
    }
    configuration_lines(bench->configuration, &count);
    assert_int_equal(outcome, CONFIGURATION_WRONG);
    assert_int_equal(count, 256);
    assert_int_equal(put(bench, "x.0", "2"), CONFIGURATION_SHOWN);
}

static void make_and_put(void *context, bool may_fail)
{
    (void)context;
    struct settings settings;
    const char *why;
    settings_default(&settings);
    struct configuration *configuration = configuration_new();
    assert_true(configuration || may_fail);
    if (!configuration)
        return;
    const enum configuration_outcome outcome =
        configuration_put(configuration, &settings, "web.timeout", "1 s", &why);
    assert_true(outcome == CONFIGURATION_TAKEN || (may_fail && outcome == CONFIGURATION_NO_MEMORY));
    configuration_free(configuration);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    fail_each_allocation(make_and_put, NULL);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(test_it_begins_as_a_session_clusters),
        FRESH(test_an_option_of_the_caches_is_taken_and_shown_as_written),
        FRESH(test_a_later_value_takes_the_place_of_an_earlier),
        FRESH(test_a_wrong_value_changes_nothing_and_is_told),
        FRESH(test_slots_and_the_keeping_of_ended_jobs_are_taken),
        FRESH(test_the_new_name_of_a_directory_takes_the_place_of_the_old),
        FRESH(test_an_option_without_meaning_here_is_shown_all_the_same),
        cmocka_unit_test(test_a_slip_is_near_what_was_meant_and_other_options_are_not),
        FRESH(test_there_is_an_end_to_the_number_of_options),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
