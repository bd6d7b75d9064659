/* rooms: harness/target harness/conform harness/recording harness/judge rest_endpoint gateway base */
#include "harness/target/discovery.h"

#include "tests/support/test_prelude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A target of a few words. */
struct stand_in {
    const char *config, *options;
    int status;
    bool is_silent;
};

static const struct conform_header html[] = {{"Content-type", "text/html"}};

static enum target_outcome ask(void *context, const struct target_request *request,
                               struct conform_exchange *answer, const char **why)
{
    const struct stand_in *stand_in = context;
    const char *body = strcmp(request->path, "/config") == 0              ? stand_in->config
                       : strcmp(request->path, "/jobmanager/config") == 0 ? stand_in->options
                                                                          : NULL;
    assert_non_null(body);
    assert_string_equal(request->method, "GET");
    if (stand_in->is_silent) {
        *why = "nobody is there";
        return TARGET_SILENT;
    }
    *answer = (struct conform_exchange){.status = stand_in->status,
                                        .headers = html,
                                        .header_count = 1,
                                        .body = body,
                                        .body_length = strlen(body)};
    return TARGET_ANSWERED;
}

static struct stand_in cluster(void)
{
    return (struct stand_in){
        .status = 200,
        .config = "{\"refresh-interval\":3000,\"flink-version\":\"1.20.3\"}",
        .options = "[{\"key\":\"web.refresh-interval\",\"value\":\"1500\"},"
                   "{\"key\":\"rest.cache.checkpoint-statistics.timeout\",\"value\":\"0s\"},"
                   "{\"key\":\"web.checkpoints.history\",\"value\":\"many\"},"
                   "{\"key\":\"s3.access-key\",\"value\":\"abc\"},"
                   "{\"key\":\"execution.checkpointing.interval\",\"value\":\"1 s\"}]",
    };
}

static enum call ask_who(struct stand_in *stand_in, struct discovered *discovered, const char **why)
{
    return discover((struct target){.context = stand_in, .ask = ask}, discovered, why);
}

static void test_version_and_options_are_read(void **state)
{
    (void)state;
    struct stand_in stand_in = cluster();
    struct discovered discovered;
    const char *why;
    assert_int_equal(ask_who(&stand_in, &discovered, &why), CALL_ANSWERED);
    assert_string_equal(discovered.flink_version, "1.20.3");
    assert_int_equal(discovered.settings.refresh_interval_us, 1500000);
    assert_int_equal(discovered.settings.stats_timeout_us, 0);
    assert_int_equal(discovered.settings.history_count_max, 10);
    static const char *const expected[][2] = {
        {"web.refresh-interval", "1500"},
        {"rest.cache.checkpoint-statistics.timeout", "0s"},
        {"execution.checkpointing.interval", "1 s"},
    };
    assert_int_equal(discovered.option_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(discovered.options[i].option, expected[i][0]);
        assert_string_equal(discovered.options[i].value, expected[i][1]);
    }
    discovered_free(&discovered);
}

static void test_all_options_are_taken_over_where_all_are_wanted(void **state)
{
    (void)state;
    struct stand_in stand_in = cluster();
    struct discovered discovered;
    const char *why;
    assert_int_equal(
        discover_every_option((struct target){.context = &stand_in, .ask = ask}, &discovered, &why),
        CALL_ANSWERED);
    assert_string_equal(discovered.flink_version, "1.20.3");
    assert_int_equal(discovered.option_count, 5);
    assert_string_equal(discovered.options[2].option, "web.checkpoints.history");
    assert_string_equal(discovered.options[2].value, "many");
    assert_string_equal(discovered.options[3].option, "s3.access-key");
    discovered_free(&discovered);
}

static void check_refused(struct stand_in stand_in, const char *sentence)
{
    struct discovered discovered;
    const char *why;
    assert_int_equal(ask_who(&stand_in, &discovered, &why), CALL_REFUSED);
    assert_string_equal(why, sentence);
    discovered_free(&discovered);
}

static void test_what_came_instead_of_flinks_answer_is_told(void **state)
{
    (void)state;
    struct stand_in stand_in = cluster();
    stand_in.config = "<html>\n\x1b[2JWelcome";
    check_refused(stand_in, "no REST API of Flink answers there: GET /config gives 200 text/html "
                            "'<html>..[2JWelcome'");
    stand_in = cluster();
    stand_in.config = "{\"version\":1}";
    check_refused(stand_in, "no REST API of Flink answers there: GET /config gives 200 text/html "
                            "'{\"version\":1}'");
    stand_in = cluster();
    stand_in.status = 404;
    stand_in.config = "";
    check_refused(stand_in,
                  "no REST API of Flink answers there: GET /config gives 404 text/html ''");
    static const char *const no_options[] = {"{}", "[{\"key\":\"a\"}]", "[1]",
                                             "[{\"key\":\"a\",\"value\":1}]"};
    for (size_t i = 0; i < 4; i++) {
        char sentence[200];
        stand_in = cluster();
        stand_in.options = no_options[i];
        snprintf(sentence, sizeof sentence,
                 "no REST API of Flink answers there: GET /jobmanager/config gives 200 text/html "
                 "'%s'",
                 no_options[i]);
        check_refused(stand_in, sentence);
    }
}

static void test_silence_is_told_as_the_target_tells_it(void **state)
{
    (void)state;
    struct stand_in stand_in = cluster();
    struct discovered discovered;
    const char *why;
    stand_in.is_silent = true;
    assert_int_equal(ask_who(&stand_in, &discovered, &why), CALL_SILENT);
    assert_string_equal(why, "nobody is there");
    discovered_free(&discovered);
}

static void discover_it(void *context, bool may_fail)
{
    struct discovered discovered;
    const char *why;
    const enum call outcome = ask_who(context, &discovered, &why);
    assert_true(outcome == CALL_ANSWERED || (may_fail && outcome == CALL_NO_MEMORY));
    if (outcome == CALL_NO_MEMORY)
        assert_string_equal(why, "out of memory");
    discovered_free(&discovered);
}

static void test_lack_of_memory_leaves_nothing(void **state)
{
    (void)state;
    struct stand_in stand_in = cluster();
    assert_true(fail_each_allocation(discover_it, &stand_in) >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_version_and_options_are_read),
        cmocka_unit_test(test_all_options_are_taken_over_where_all_are_wanted),
        cmocka_unit_test(test_what_came_instead_of_flinks_answer_is_told),
        cmocka_unit_test(test_silence_is_told_as_the_target_tells_it),
        cmocka_unit_test(test_lack_of_memory_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
