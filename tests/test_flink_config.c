/* rooms: harness/flink_config base */
#include <string.h>

#include "tests/support/test_prelude.h"

#include "harness/flink_config/effective.h"
#include "harness/flink_config/known_options.h"

struct reading {
    struct config_entries entries;
    struct complaints complaints;
    struct effective effective;
};

static bool read_text(struct reading *reading, const char *name, const char *text)
{
    const size_t length = strlen(text);
    return config_read(&reading->entries, name, config_form_of(name, text, length), text, length,
                       &reading->complaints);
}

static const struct effective_value *resolve(struct reading *reading, const char *release,
                                             enum flink_option option)
{
    effective_free(&reading->effective);
    assert_true(effective_resolve(&reading->effective, &reading->entries, release));
    return &reading->effective.values[option];
}

static void forget(struct reading *reading)
{
    effective_free(&reading->effective);
    config_entries_free(&reading->entries);
    complaints_free(&reading->complaints);
}

static void test_a_file_is_known_by_its_name_and_what_is_in_it(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        enum config_form form;
    } files[] = {
        {"conf/flink-conf.yaml", "[", FORM_FLINK_CONF},
        {"conf/config.yaml", "web: {timeout: 1}", FORM_YAML},
        {"x", "", FORM_YAML},
        {"x.conf", "a: b", FORM_FLINK_CONF},
        {"x", " \n[{", FORM_CLUSTER},
        {"job.yaml", "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment",
         FORM_DEPLOYMENT},
        {"job.json", "{\"apiVersion\": \"x\", \"kind\": \"FlinkSessionJob\"}", FORM_DEPLOYMENT},
        {"config.yaml", "# a FlinkDeployment has these too\nweb.timeout: 1", FORM_YAML},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        assert_int_equal(config_form_of(files[i].name, files[i].text, strlen(files[i].text)),
                         files[i].form);
}

static void test_a_value_has_the_place_of_its_first_letter(void **state)
{
    (void)state;
    struct reading old = {0}, new = {0};
    assert_true(
        read_text(&old, "flink-conf.yaml", "# \u00e4\n\u00e4 : x #\n web.timeout:   7\r\n"));
    assert_int_equal(old.entries.count, 2);
    assert_int_equal(old.entries.items[0].column, 5);
    assert_int_equal(old.entries.items[1].line, 3);
    assert_int_equal(old.entries.items[1].column, 17);
    assert_true(read_text(&new, "config.yaml", "\u00e4:\n  b: \"\u00e4\"\n  c:   7\n"));
    assert_string_equal(new.entries.items[1].key, "\u00e4.c");
    assert_int_equal(new.entries.items[1].line, 3);
    assert_int_equal(new.entries.items[1].column, 8);
    forget(&old);
    forget(&new);
}

static void test_lines_that_flink_skips_are_told_and_not_refused(void **state)
{
    (void)state;
    struct reading reading = {0};
    assert_true(read_text(&reading, "flink-conf.yaml",
                          "web:\n\n  \nweb.timeout:7\n: 5\na: \n# x\n \t# y\nb: c\n"));
    assert_int_equal(reading.entries.count, 1);
    assert_int_equal(reading.complaints.count, 4);
    assert_int_equal(reading.complaints.items[0].line, 1);
    assert_int_equal(reading.complaints.items[1].line, 4);
    assert_non_null(strstr(reading.complaints.items[2].message, "key is empty"));
    assert_non_null(strstr(reading.complaints.items[3].message, "value is empty"));
    forget(&reading);
}

static void test_a_refused_file_leaves_nothing_behind(void **state)
{
    (void)state;
    struct reading reading = {0};
    assert_true(read_text(&reading, "config.yaml", "web.timeout: 7\n"));
    assert_false(read_text(&reading, "config.yaml", "a: 1\nb: 2\nc:\n"));
    assert_int_equal(reading.entries.count, 1);
    assert_int_equal(reading.entries.source_count, 1);
    assert_int_equal(reading.complaints.count, 1);
    assert_int_equal(reading.complaints.items[0].line, 3);
    forget(&reading);
}

static void test_the_release_says_which_file_counts(void **state)
{
    (void)state;
    struct reading reading = {0};
    assert_true(read_text(&reading, "flink-conf.yaml", "web.timeout: 1\n"));
    assert_int_equal(resolve(&reading, "2.0.1", OPTION_CALL_TIMEOUT)->number, 1000);
    assert_string_equal(reading.effective.missing_file, "config.yaml");
    assert_true(read_text(&reading, "config.yaml", "web.timeout: 2\n"));
    assert_int_equal(resolve(&reading, "1.18.1", OPTION_CALL_TIMEOUT)->number, 1000);
    assert_int_equal(resolve(&reading, "1.20.3", OPTION_CALL_TIMEOUT)->number, 1000);
    assert_null(reading.effective.missing_file);
    assert_int_equal(resolve(&reading, "2.0.1", OPTION_CALL_TIMEOUT)->number, 2000);
    assert_null(reading.effective.missing_file);
    forget(&reading);
    assert_true(read_text(&reading, "config.yaml", "web.timeout: 2\n"));
    assert_int_equal(resolve(&reading, "1.18.1", OPTION_CALL_TIMEOUT)->number, 2000);
    assert_string_equal(reading.effective.missing_file, "flink-conf.yaml");
    assert_null(resolve(&reading, "1.19.3", OPTION_CALL_TIMEOUT)->refusal);
    assert_null(reading.effective.missing_file);
    forget(&reading);
}

static void test_what_a_release_does_not_know_is_the_refresh_interval_there(void **state)
{
    (void)state;
    struct reading reading = {0};
    assert_true(read_text(&reading, "flink-conf.yaml",
                          "web.refresh-interval: 5000\n"
                          "rest.cache.checkpoint-statistics.timeout: 1 s\n"
                          "rest.cache.execution-graph.timeout: 2 s\n"));
    const struct effective_value *value = resolve(&reading, "1.17.2", OPTION_STATS_TIMEOUT);
    assert_false(value->exists);
    assert_null(value->entry);
    assert_int_equal(value->number, 5000000);
    assert_int_equal(resolve(&reading, "2.2.1", OPTION_GRAPH_TIMEOUT)->number, 5000000);
    assert_int_equal(resolve(&reading, "2.3.0", OPTION_GRAPH_TIMEOUT)->number, 2000000);
    assert_int_equal(resolve(&reading, "2.3.0", OPTION_STATS_TIMEOUT)->number, 1000000);
    forget(&reading);
}

static void test_the_origin_of_a_value_is_told(void **state)
{
    (void)state;
    struct reading reading = {0};
    assert_true(read_text(&reading, "config.yaml", "jobmanager.web.refresh-interval: 1500\n"));
    const struct effective_value *value = resolve(&reading, "2.0.1", OPTION_REFRESH_INTERVAL);
    assert_int_equal(value->origin, VALUE_BY_DEPRECATED);
    assert_string_equal(value->key, "jobmanager.web.refresh-interval");
    value = resolve(&reading, "2.0.1", OPTION_STATS_TIMEOUT);
    assert_int_equal(value->origin, VALUE_BY_FALLBACK);
    assert_int_equal(value->number, 1500000);
    value = resolve(&reading, "2.1.1", OPTION_STATS_TIMEOUT);
    assert_int_equal(value->origin, VALUE_DEFAULT);
    assert_int_equal(value->number, 3000000);
    assert_null(value->entry);
    forget(&reading);
}

static void test_a_manifest_says_its_version_and_its_options(void **state)
{
    (void)state;
    struct reading reading = {0};
    static const char manifest[] = "apiVersion: v1\nkind: ConfigMap\n---\n"
                                   "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\n"
                                   "spec:\n  flinkVersion: v1_20\n  flinkConfiguration:\n"
                                   "    web.timeout: \"7\"\n    web.checkpoints.history: 5\n---\n"
                                   "kind: FlinkSessionJob\nspec: {job: {}}\n";
    assert_true(read_text(&reading, "job.yaml", manifest));
    assert_string_equal(reading.entries.claimed_version, "1.20");
    assert_int_equal(reading.entries.count, 2);
    assert_int_equal(reading.entries.items[0].line, 9);
    assert_int_equal(reading.complaints.count, 1); /* the number that is no text */
    forget(&reading);
    assert_false(read_text(&reading, "job.yaml",
                           "apiVersion: a\nkind: FlinkDeployment\nspec: {}\n---\n"
                           "kind: FlinkDeployment\nspec: {}\n"));
    assert_false(read_text(&reading, "job.yaml", "apiVersion: a # FlinkDeployment\nkind: Pod\n"));
    assert_false(read_text(&reading, "job.yaml", "apiVersion: a\nkind: FlinkDeployment\n"));
    forget(&reading);
}

static void test_an_answer_of_a_cluster_is_a_list_of_keys_and_values(void **state)
{
    (void)state;
    struct reading reading = {0};
    assert_true(read_text(&reading, "a", "[{\"key\":\"web.timeout\",\"value\":\"7 s\"}]"));
    assert_int_equal(resolve(&reading, "1.20.3", OPTION_CALL_TIMEOUT)->number, 7000000);
    forget(&reading);
    assert_false(read_text(&reading, "a", "[{\"key\":\"web.timeout\"}]"));
    assert_false(read_text(&reading, "a", "[1]"));
    assert_false(read_text(&reading, "a", "[{\"key\":\"a\",\"value\":[1]}]"));
    assert_int_equal(reading.complaints.count, 3);
    forget(&reading);
}

static void test_what_a_cluster_has_goes_behind_what_is_dynamic_and_has_no_place(void **state)
{
    (void)state;
    struct reading reading = {0};
    assert_true(config_add_cluster(&reading.entries, "web.timeout", "1 s"));
    assert_true(config_add_cluster(&reading.entries, "web.timeout", "2 s"));
    assert_int_equal(reading.entries.source_count, 1);
    assert_true(reading.entries.items[0].superseded);
    const struct effective_value *value = resolve(&reading, "2.3.0", OPTION_CALL_TIMEOUT);
    assert_int_equal(value->number, 2000000);
    assert_string_equal(value->entry->source, "cluster");
    assert_int_equal(value->entry->line, 0);
    assert_null(reading.effective.missing_file);
    assert_true(config_add_dynamic(&reading.entries, "web.timeout", "3 s"));
    value = resolve(&reading, "1.20.3", OPTION_CALL_TIMEOUT);
    assert_int_equal(value->number, 3000000);
    assert_string_equal(value->entry->source, "-D");
    forget(&reading);
}

static void test_a_version_stands_for_the_release_next_to_it(void **state)
{
    (void)state;
    assert_string_equal(flink_release_for("1.20"), "1.20.3");
    assert_string_equal(flink_release_for("1.20.0"), "1.20.3");
    assert_string_equal(flink_release_for("v1_20"), "1.20.3");
    assert_string_equal(flink_release_for("2.4"), "2.3.0");
    assert_string_equal(flink_release_for("2.3-SNAPSHOT"), "2.3.0");
    assert_string_equal(flink_release_for("1.9"), "1.17.2");
    assert_string_equal(flink_release_for("1.99"), "1.20.3");
    static const char *const none[] = {"", "v", "1", "1.", ".1", "new", "1.20x", "1,20"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_null(flink_release_for(none[i]));
    struct effective effective;
    struct config_entries entries = {0};
    assert_false(effective_resolve(&effective, &entries, "1.20"));
}

static void test_options_are_known_by_release_and_typos_by_the_nearest(void **state)
{
    (void)state;
    const struct known_option *graph = known_option_find("rest.cache.execution-graph.timeout");
    assert_non_null(graph);
    assert_false(known_option_is_in(graph, "2.2.1"));
    assert_true(known_option_is_in(graph, "2.3.0"));
    assert_string_equal(known_option_first(known_option_find("web.ssl.enabled")), "1.17");
    assert_string_equal(known_option_last(known_option_find("web.ssl.enabled")), "1.20");
    assert_null(known_option_find("web.timeou"));
    assert_string_equal(known_option_nearest("web.timeou"), "web.timeout");
    assert_string_equal(known_option_nearest("Web.Refresh-Interval"), "web.refresh-interval");
    assert_string_equal(known_option_nearest("rest.cache.checkpoint-statistic.timeout"),
                        "rest.cache.checkpoint-statistics.timeout");
    assert_null(known_option_nearest("my.company.setting"));
    assert_null(known_option_nearest("metrics.reporter.prom.port"));
    assert_null(known_option_nearest(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_is_known_by_its_name_and_what_is_in_it),
        cmocka_unit_test(test_a_value_has_the_place_of_its_first_letter),
        cmocka_unit_test(test_lines_that_flink_skips_are_told_and_not_refused),
        cmocka_unit_test(test_a_refused_file_leaves_nothing_behind),
        cmocka_unit_test(test_the_release_says_which_file_counts),
        cmocka_unit_test(test_what_a_release_does_not_know_is_the_refresh_interval_there),
        cmocka_unit_test(test_the_origin_of_a_value_is_told),
        cmocka_unit_test(test_a_manifest_says_its_version_and_its_options),
        cmocka_unit_test(test_an_answer_of_a_cluster_is_a_list_of_keys_and_values),
        cmocka_unit_test(test_what_a_cluster_has_goes_behind_what_is_dynamic_and_has_no_place),
        cmocka_unit_test(test_a_version_stands_for_the_release_next_to_it),
        cmocka_unit_test(test_options_are_known_by_release_and_typos_by_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
