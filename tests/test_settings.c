/* rooms: rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <string.h>

#include "rest_endpoint/settings.h"

#define INTERVAL "web.refresh-interval"
#define OLD_INTERVAL "jobmanager.web.refresh-interval"
#define STATS_TIMEOUT "rest.cache.checkpoint-statistics.timeout"
#define GRAPH_TIMEOUT "rest.cache.execution-graph.timeout"
#define STATS_SIZE "rest.cache.checkpoint-statistics.size"
#define HISTORY "web.checkpoints.history"
#define OLD_HISTORY "jobmanager.web.checkpoints.history"

static struct settings with(const char *option, const char *value)
{
    struct settings settings;
    settings_default(&settings);
    assert_null(settings_put(&settings, option, value));
    return settings;
}

static void refused(const char *option, const char *value, const char *why)
{
    struct settings settings, before;
    memset(&settings, 0, sizeof(settings));
    settings_default(&settings);
    memcpy(&before, &settings, sizeof(settings));
    const char *fault = settings_put(&settings, option, value);
    if (!fault)
        fail_msg("%s: %s was taken", option, value);
    if (why)
        assert_string_equal(fault, why);
    assert_memory_equal(&settings, &before, sizeof(settings));
}

static void the_defaults_are_flinks(void **state)
{
    (void)state;
    struct settings settings;
    settings_default(&settings);
    assert_int_equal(settings.refresh_interval_us, 3000000);
    assert_int_equal(settings_stats_timeout_us(&settings), 3000000);
    assert_int_equal(settings.stats_entry_count_max, 1000);
    assert_int_equal(settings.history_count_max, 10);
    assert_int_equal(settings.call_timeout_us, 600000000);
    assert_int_equal(settings.retained_count, 1);
    assert_false(settings.refresh_interval_given || settings.stats_timeout_given ||
                 settings.graph_timeout_given);
}

static void each_option_sets_its_field(void **state)
{
    (void)state;
    assert_int_equal(with(INTERVAL, "1500").refresh_interval_us, 1500000);
    assert_true(with(INTERVAL, "1500").refresh_interval_given);
    assert_int_equal(with(OLD_INTERVAL, "2 s").refresh_interval_us, 2000000);
    assert_int_equal(with(STATS_TIMEOUT, "100 ms").stats_timeout_us, 100000);
    assert_true(with(STATS_TIMEOUT, "0").stats_timeout_given);
    assert_int_equal(with(GRAPH_TIMEOUT, "0 s").graph_timeout_us, 0);
    assert_true(with(GRAPH_TIMEOUT, "0 s").graph_timeout_given);
    assert_int_equal(with(STATS_SIZE, "0").stats_entry_count_max, 0);
    assert_int_equal(with(STATS_SIZE, " 2147483647 ").stats_entry_count_max, 2147483647);
    assert_int_equal(with("web.timeout", "5 min").call_timeout_us, 300000000);
    assert_int_equal(with(HISTORY, "3").history_count_max, 3);
    assert_int_equal(with(OLD_HISTORY, "4").history_count_max, 4);
    assert_int_equal(with("state.checkpoints.num-retained", "2").retained_count, 2);
    assert_int_equal(with("execution.checkpointing.num-retained", "5").retained_count, 5);
    assert_int_equal(with("jobstore.expiration-time", "60").ended_kept_us, 60000000);
}

static void the_retention_says_whose_checkpoints_go_with_the_job(void **state)
{
    (void)state;
    static const char option[] = "execution.checkpointing.externalized-checkpoint-retention";
    assert_false(with(option, "RETAIN_ON_CANCELLATION").cancelled_lose_checkpoints);
    assert_true(with(option, "delete_on_cancellation").cancelled_lose_checkpoints);
    assert_false(with(option, "DELETE_ON_CANCELLATION").failed_lose_checkpoints);
    assert_true(with(option, "NO_EXTERNALIZED_CHECKPOINTS").failed_lose_checkpoints);
    refused(option, "NEVER", NULL);
}

static void every_listed_name_is_known_and_no_other(void **state)
{
    (void)state;
    struct settings settings;
    settings_default(&settings);
    size_t count = 0;
    for (const char *const *name = settings_option_names(); *name; name++, count++)
        assert_true(!settings_put(&settings, *name, "7") ||
                    !settings_put(&settings, *name, "RETAIN_ON_CANCELLATION"));
    assert_int_equal(count, 12);
    refused("web.refresh-intervall", "7", "unknown option");
    refused("", "7", "unknown option");
    refused("WEB.TIMEOUT", "7", "unknown option");
}

static void the_refresh_interval_must_be_a_millisecond_at_least(void **state)
{
    (void)state;
    assert_int_equal(with(INTERVAL, "1 ms").refresh_interval_us, 1000);
    assert_int_equal(with(INTERVAL, "1999 micros").refresh_interval_us, 1000);
    refused(INTERVAL, "0", NULL);
    refused(INTERVAL, "999 micros", NULL);
    refused(OLD_INTERVAL, "0 s", NULL);
    refused(INTERVAL, "-1 s", NULL);
    refused(INTERVAL, "", NULL);
    refused(INTERVAL, "1.5 s", NULL);
}

static void values_that_are_no_numbers_or_durations_are_refused(void **state)
{
    (void)state;
    refused(STATS_TIMEOUT, "soon", NULL);
    refused(GRAPH_TIMEOUT, "-1 s", NULL);
    refused("web.timeout", "1 h 30 m", NULL);
    refused(STATS_SIZE, "-1", "the number must not be negative");
    refused(STATS_SIZE, "-", "a whole number was expected");
    refused(STATS_SIZE, "1k", "a whole number was expected");
    refused(STATS_SIZE, "1 2", "a whole number was expected");
    refused(STATS_SIZE, "", "a whole number was expected");
    refused(STATS_SIZE, "2147483648", "the number is too large");
    refused(STATS_SIZE, "99999999999999999999", "the number is too large");
    refused(HISTORY, "-1", "the number must not be negative");
    refused(OLD_HISTORY, "x", NULL);
    refused("state.checkpoints.num-retained", "--1", "a whole number was expected");
    refused("execution.checkpointing.num-retained", "-", NULL);
}

static void fewer_than_one_retained_is_one(void **state)
{
    (void)state;
    static const char *const few[] = {"0", "-1", " -7", "1"};
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++) {
        struct settings settings = with("execution.checkpointing.num-retained", "5");
        assert_null(settings_put(&settings, "state.checkpoints.num-retained", "6"));
        assert_null(settings_put(&settings, "execution.checkpointing.num-retained", few[i]));
        assert_int_equal(settings.retained_count, 1);
        assert_int_equal(settings.old_retained_count, 6);
        assert_null(settings_put(&settings, "state.checkpoints.num-retained", few[i]));
        assert_int_equal(settings.old_retained_count, 1);
    }
}

static void the_new_name_of_retained_is_none_of_the_old_one(void **state)
{
    (void)state;
    assert_int_equal(with("execution.checkpointing.num-retained", "5").old_retained_count, 1);
    assert_int_equal(with("state.checkpoints.num-retained", "5").old_retained_count, 5);
}

static void the_statistics_timeout_falls_back_to_the_refresh_interval(void **state)
{
    (void)state;
    struct settings settings = with(INTERVAL, "1 s");
    assert_int_equal(settings_stats_timeout_us(&settings), 1000000);
    assert_null(settings_put(&settings, STATS_TIMEOUT, "0"));
    assert_int_equal(settings_stats_timeout_us(&settings), 0);
}

static void an_old_name_counts_only_without_the_new_one_in_any_order(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {INTERVAL, OLD_INTERVAL},
        {HISTORY, OLD_HISTORY},
        {"execution.checkpointing.num-retained", "state.checkpoints.num-retained"},
    };
    for (size_t i = 0; i < 3; i++) {
        for (int new_first = 0; new_first < 2; new_first++) {
            struct settings settings;
            settings_default(&settings);
            assert_null(settings_put(&settings, pairs[i][!new_first], new_first ? "1" : "2"));
            assert_null(settings_put(&settings, pairs[i][new_first], new_first ? "2" : "1"));
            const int64_t values[] = {settings.refresh_interval_us / 1000,
                                      settings.history_count_max, settings.retained_count};
            assert_int_equal(values[i], 1);
            assert_false(settings.refresh_interval_by_old_name);
        }
    }
    assert_true(with(OLD_INTERVAL, "1").refresh_interval_by_old_name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_flinks),
        cmocka_unit_test(each_option_sets_its_field),
        cmocka_unit_test(the_retention_says_whose_checkpoints_go_with_the_job),
        cmocka_unit_test(every_listed_name_is_known_and_no_other),
        cmocka_unit_test(the_refresh_interval_must_be_a_millisecond_at_least),
        cmocka_unit_test(values_that_are_no_numbers_or_durations_are_refused),
        cmocka_unit_test(fewer_than_one_retained_is_one),
        cmocka_unit_test(the_new_name_of_retained_is_none_of_the_old_one),
        cmocka_unit_test(the_statistics_timeout_falls_back_to_the_refresh_interval),
        cmocka_unit_test(an_old_name_counts_only_without_the_new_one_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
