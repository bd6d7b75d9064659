/* rooms: harness/conform harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/conform/conform.h"

enum { EXCHANGES_MAX = 32, HEADERS_MAX = 16, LEAVES_MAX = 4000 };

static const char *const transcripts[] = {"tests/transcripts/1.20.3.jsonl",
                                          "tests/transcripts/2.3.0.jsonl"};

struct spoken {
    json_t *line;
    struct conform_header headers[HEADERS_MAX];
    struct conform_exchange exchange;
};

struct transcript {
    struct spoken spoken[EXCHANGES_MAX];
    size_t count;
};

static const char *text_of(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));
    assert_non_null(text);
    return text;
}

static void take_exchange(struct spoken *spoken, json_t *line)
{
    const char *name;
    json_t *value;
    size_t count = 0;
    json_object_foreach(json_object_get(line, "headers"), name, value)
    {
        assert_true(count < HEADERS_MAX);
        spoken->headers[count++] = (struct conform_header){name, json_string_value(value)};
    }
    spoken->line = line;
    spoken->exchange = (struct conform_exchange){
        .method = text_of(line, "method"),
        .path = text_of(line, "path"),
        .status = (int)json_integer_value(json_object_get(line, "status")),
        .headers = spoken->headers,
        .header_count = count,
        .body = text_of(line, "body"),
        .body_length = strlen(text_of(line, "body")),
    };
}

static void load(struct transcript *transcript, const char *name)
{
    char *text = NULL;
    size_t capacity = 0;
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    transcript->count = 0;
    while (getline(&text, &capacity, file) > 0) {
        json_t *line = json_loads(text, 0, NULL);
        assert_non_null(line);
        assert_true(transcript->count < EXCHANGES_MAX);
        take_exchange(&transcript->spoken[transcript->count++], line);
    }
    free(text);
    fclose(file);
    assert_true(transcript->count > 20);
}

static void unload(struct transcript *transcript)
{
    for (size_t i = 0; i < transcript->count; i++)
        json_decref(transcript->spoken[i].line);
}

/* The last exchange of a path that has `part` in its body. */
static const struct conform_exchange *find(const struct transcript *transcript, const char *path,
                                           const char *part)
{
    for (size_t i = transcript->count; i > 0; i--) {
        const struct conform_exchange *exchange = &transcript->spoken[i - 1].exchange;
        if (strcmp(exchange->path, path) == 0 && strstr(exchange->body, part))
            return exchange;
    }
    fail_msg("no exchange of %s with %s", path, part);
    return NULL;
}

static void assert_agree(const struct conform_exchange *recorded,
                         const struct conform_exchange *answered)
{
    struct differences found = {0};
    assert_true(conform_compare(recorded, answered, &found));
    if (found.count > 0)
        fail_msg("%s: %s: %s: %s, %s", recorded->path, found.items[0].pointer, found.items[0].what,
                 found.items[0].recorded, found.items[0].answered);
    differences_free(&found);
}

static bool has_pointer(const struct differences *found, const char *pointer)
{
    for (size_t i = 0; i < found->count; i++) {
        if (strcmp(found->items[i].pointer, pointer) == 0)
            return true;
    }
    return false;
}

static void assert_differ(const struct conform_exchange *recorded,
                          const struct conform_exchange *answered, const char *pointer)
{
    struct differences found = {0};
    assert_true(conform_compare(recorded, answered, &found));
    if (!has_pointer(&found, pointer))
        fail_msg("nothing at %s, but %zu elsewhere (%s)", pointer, found.count,
                 found.count > 0 ? found.items[0].pointer : "");
    differences_free(&found);
}

static struct conform_exchange with_body(const struct conform_exchange *exchange, const char *body,
                                         size_t length)
{
    struct conform_exchange changed = *exchange;
    changed.body = body;
    changed.body_length = length;
    return changed;
}

static void test_each_exchange_agrees_with_itself(void **state)
{
    struct transcript transcript;
    for (size_t i = 0; i < 2; i++) {
        load(&transcript, transcripts[i]);
        for (size_t k = 0; k < transcript.count; k++)
            assert_agree(&transcript.spoken[k].exchange, &transcript.spoken[k].exchange);
        unload(&transcript);
    }
    (void)state;
}

#define JOB "/v1/jobs/000000000000000000000000000a0000"

/* Both routes of one answer, and an ended job's answers, the first and the last by turns. */
static void test_answers_of_the_same_state_agree(void **state)
{
    struct transcript transcript;
    for (size_t i = 0; i < 2; i++) {
        load(&transcript, transcripts[i]);
        const struct conform_exchange *overview = find(&transcript, "/v1/overview", "");
        assert_agree(overview, find(&transcript, "/overview", ""));
        size_t pairs = 0;
        for (size_t k = 0; k < transcript.count; k++) {
            const struct conform_exchange *exchange = &transcript.spoken[k].exchange;
            if (strcmp(exchange->path, JOB) != 0 || !strstr(exchange->body, "\"FINISHED\",\""))
                continue;
            assert_agree(exchange, find(&transcript, JOB, "\"state\":\"FINISHED\""));
            assert_agree(find(&transcript, JOB, "\"state\":\"FINISHED\""), exchange);
            pairs++;
        }
        assert_true(pairs >= 2);
        unload(&transcript);
    }
    (void)state;
}

/* A body with the first `old` after the first `after` replaced; to free(). */
static char *replaced(const char *body, const char *after, const char *old, const char *new)
{
    const char *at = strstr(body, after);
    at = at ? strstr(at, old) : NULL;
    if (!at)
        fail_msg("no %s after %s", old, after);
    const size_t size = strlen(body) + strlen(new) + 1;
    char *text = malloc(size);
    assert_non_null(text);
    snprintf(text, size, "%.*s%s%s", (int)(at - body), body, new, at + strlen(old));
    return text;
}

static const struct {
    const char *path, *part, *after, *old, *new, *pointer;
} mutations[] = {
    {JOB "/checkpoints", "", "", "\"restored\":", "\"restart\":", "/counts/restored"},
    {JOB "/checkpoints", "", "", "\"restored\":", "\"restart\":", "/counts/restart"},
    {JOB "/checkpoints", "", "", "\"counts\":{", "\"counts\":{\"a/~\":1,", "/counts/a~1~0"},
    {JOB "/checkpoints", "", "alignment_buffered", "\"p50\":0.0", "\"p50\":0",
     "/summary/alignment_buffered/p50"},
    {JOB "/checkpoints", "", "alignment_buffered", "\"p50\":0.0", "\"p50\":\"NaN\"",
     "/summary/alignment_buffered/p50"},
    {JOB "/checkpoints", "", "state_size", "\"min\":", "\"min\":9", "/summary/state_size/max"},
    {JOB "/checkpoints", "", "\"history\":", "\"id\":", "\"id\":-", "/history/0/id"},
    {JOB "/checkpoints", "", "", "\"className\":\"completed\"", "\"className\":\"done\"",
     "/latest/completed/className"},
    {JOB "/checkpoints", "", "", "\"status\":\"COMPLETED\"", "\"status\":\"FAILED\"",
     "/latest/completed/status"},
    {JOB "/checkpoints", "", "", "\"savepointFormat\":null", "\"savepointFormat\":\"NATIVE\"",
     "/latest/completed/savepointFormat"},
    {JOB "/checkpoints", "", "", "\"latest_ack_timestamp\":1",
     "\"latest_ack_timestamp\":", "/latest/completed/latest_ack_timestamp"},
    {JOB "/checkpoints", "", "", "\"trigger_timestamp\":1", "\"trigger_timestamp\":2",
     "/latest/completed/latest_ack_timestamp"},
    {JOB "/checkpoints", "", "", "\"file:/", "\"/", "/latest/completed/external_path"},
    {JOB "/checkpoints", "", "", "\"completed\":2", "\"completed\":9", "@body"},
    {JOB "/checkpoints/config", "", "", "\"interval\":1000", "\"interval\":9223372036854775807",
     "/interval"},
    {JOB "/checkpoints/config", "", "", "exactly_once", "EXACTLY_ONCE", "/mode"},
    {JOB "/checkpoints/details/3", "", "", "cbc357cc", "CBC357CC",
     "/tasks/CBC357CCb763df2852fee8c4fc7d55f2"},
    {JOB, "\"FINISHED\"", "", "000000a0000\"", "00000a0000\"", "/jid"},
    {JOB, "\"FINISHED\"", "", "\"state\":\"FINISHED\"", "\"state\":\"RUNNING\"", "/state"},
    {JOB, "\"FINISHED\"", "", "\"start-time\":1", "\"start-time\":2", "/now"},
    {JOB, "\"FINISHED\"", "", "\"maxParallelism\":-1", "\"maxParallelism\":128", "/maxParallelism"},
    {JOB, "\"FINISHED\"", "", "\"RUNNING\":1", "\"RUNNING\":0,\"X\":1", "/timestamps/X"},
    {"/v1/jobs/xyz/checkpoints", "", "", "jobid", "job", "/errors/0"},
    {"/v1/jobs/xyz/checkpoints", "", "", "\"]", "\",\"more\"]", "/errors"},
    {"/v1/jobs/ffffffffffffffffffffffffffffffff/status", "", "", "FlinkJobNotFoundException",
     "TimeoutException", "/errors/1"},
};

static void test_each_known_mutation_is_found_at_its_place(void **state)
{
    struct transcript transcript;
    for (size_t i = 0; i < 2; i++) {
        load(&transcript, transcripts[i]);
        for (size_t k = 0; k < sizeof(mutations) / sizeof(mutations[0]); k++) {
            const struct conform_exchange *exchange =
                find(&transcript, mutations[k].path, mutations[k].part);
            char *body =
                replaced(exchange->body, mutations[k].after, mutations[k].old, mutations[k].new);
            const struct conform_exchange changed = with_body(exchange, body, strlen(body));
            assert_differ(exchange, &changed, mutations[k].pointer);
            free(body);
        }
        unload(&transcript);
    }
    (void)state;
}

static void assert_bodies(const char *recorded, const char *answered, const char *pointer)
{
    const struct conform_exchange wanted = {.method = "GET",
                                            .path = "/v1/x",
                                            .status = 200,
                                            .body = recorded,
                                            .body_length = strlen(recorded)};
    const struct conform_exchange given = with_body(&wanted, answered, strlen(answered));
    if (pointer)
        assert_differ(&wanted, &given, pointer);
    else
        assert_agree(&wanted, &given);
}

#define ID_1 "cbc357ccb763df2852fee8c4fc7d55f2"
#define ID_2 "69e0ddb5967fa158203236ac5766dbb1"

static void test_what_may_change_and_what_may_not(void **state)
{
    static const struct {
        const char *recorded, *answered, *pointer;
    } rows[] = {
        {"{\"a\":1,\"b\":true}", "{\"b\":false,\"a\":2}", NULL},
        {"{\"a\":999999999999}", "{\"a\":1000000000000}", "/a"},
        {"{\"a\":9999999999999}", "{\"a\":10000000000000}", "/a"},
        {"{\"a\":1000000000000}", "{\"a\":9999999999999}", NULL},
        {"{\"a\":0}", "{\"a\":-1}", "/a"},
        {"{\"a\":1517.5}", "{\"a\":1.25E9}", NULL},
        {"{\"a\":1517.5}", "{\"a\":1517}", "/a"},
        {"{\"a\":{}}", "{\"a\":null}", "/a"},
        {"{\"a\":true}", "{\"a\":\"true\"}", "/a"},
        {"{\"a\":\"\"}", "{\"a\":\"x\"}", "/a"},
        {"{\"a\":\"" ID_1 "\"}", "{\"a\":\"" ID_2 "\"}", NULL},
        {"{\"a\":\"" ID_1 "\"}", "{\"a\":\"" ID_1 "0\"}", "/a"},
        {"{\"a\":\"file:/a\"}", "{\"a\":\"s3://b\"}", NULL},
        {"{\"a\":[1]}", "{\"a\":[]}", NULL},
        {"{\"history\":[1]}", "{\"history\":[]}", "/history"},
        {"{\"history\":[1]}", "{\"history\":[2,3]}", NULL},
        {"{\"history\":[1,\"x\"]}", "{\"history\":[2,\"y\",null]}", "/history/2"},
        {"{\"tasks\":{\"" ID_1 "\":1}}", "{\"tasks\":{\"" ID_2 "\":2}}", NULL},
        {"{\"tasks\":{\"" ID_1 "\":1}}", "{\"tasks\":{}}", "/tasks"},
        {"{\"tasks\":{\"" ID_1 "\":1}}", "{\"tasks\":{\"x\":2}}", "/tasks/x"},
        {"{\"errors\":[\"Job " ID_1 " not found\\n\\tat a\"]}",
         "{\"errors\":[\"Job " ID_2 " not found\\n\\tat b\"]}", NULL},
        {"{\"errors\":[\"checkpoint 9.\"]}", "{\"errors\":[\"checkpoint 10.\"]}", NULL},
        {"{\"errors\":[\"from value 9.\"]}", "{\"errors\":[\"from value 10.\"]}", "/errors/0"},
        {"{\"errors\":[\"a\"]}", "{\"errors\":[1]}", "/errors/0"},
        {"{\"start-time\":2,\"now\":2}", "{\"start-time\":3,\"now\":3}", NULL},
        {"{\"start-time\":2,\"now\":2}", "{\"start-time\":3,\"now\":2}", "/now"},
        {"{\"start-time\":3,\"now\":2}", "{\"start-time\":9,\"now\":2}", NULL},
        {"{\"start-time\":3,\"end-time\":-1}", "{\"start-time\":9,\"end-time\":-1}", NULL},
        {"[1]", "{}", "@body"},
        {"<html>", "<p>", NULL},
        {"<html>", "{}", "@body"},
        {"<html>", "", "@body"},
        {"", "x", "@body"},
        {"{}", "", "@body"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_bodies(rows[i].recorded, rows[i].answered, rows[i].pointer);
    (void)state;
}

static void test_history_out_of_order_is_a_contradiction(void **state)
{
    struct transcript transcript;
    load(&transcript, transcripts[0]);
    const struct conform_exchange *exchange =
        find(&transcript, JOB "/checkpoints", "\"className\":\"failed\"");
    json_t *root = json_loads(exchange->body, 0, NULL);
    json_t *history = json_object_get(root, "history");
    assert_int_equal(json_array_append(history, json_array_get(history, 0)), 0);
    assert_int_equal(json_array_remove(history, 0), 0);
    char *body = json_dumps(root, JSON_COMPACT);
    const struct conform_exchange changed = with_body(exchange, body, strlen(body));
    assert_differ(exchange, &changed, "@body");
    free(body);
    json_decref(root);
    unload(&transcript);
    (void)state;
}

static void test_status_and_headers_must_be_the_same(void **state)
{
    static const struct conform_header wanted[] = {{"content-type", "application/json"},
                                                   {"access-control-allow-origin", "*"},
                                                   {"content-length", "2"}};
    static const struct conform_header given[] = {{"Content-Type", "application/json"},
                                                  {"Access-Control-Allow-Origin", "*"},
                                                  {"Content-Length", "3"},
                                                  {"x-other", "1"}};
    static const struct conform_header other[] = {{"content-type", "text/html"},
                                                  {"content-length", "2"}};
    const struct conform_exchange recorded = {"GET", "/", 200, wanted, 3, "{}", 2};
    const struct conform_exchange same = {"GET", "/", 200, given, 4, "{}", 2};
    const struct conform_exchange changed = {"GET", "/", 404, other, 2, "{}", 2};
    const struct conform_exchange bare = {"GET", "/", 200, wanted, 2, "{}", 2};
    assert_agree(&recorded, &same);
    assert_differ(&recorded, &changed, "@status");
    assert_differ(&recorded, &changed, "@headers/content-type");
    assert_differ(&recorded, &changed, "@headers/access-control-allow-origin");
    assert_differ(&recorded, &bare, "@headers/content-length");
    assert_differ(&bare, &recorded, "@headers/content-length");
    (void)state;
}

/* What is done to the leaf in turn. */
enum harm { REMOVE, MAKE_OBJECT, MAKE_OTHER_SCALAR, HARM_COUNT };

static json_t *harmed_value(enum harm harm, const json_t *leaf)
{
    if (harm == MAKE_OBJECT)
        return json_object();
    return json_is_null(leaf) ? json_string("") : json_null();
}

/* Harms leaf number *left of a copy of a body; false when there are fewer. */
static bool harm_leaf(json_t *value, enum harm harm, size_t *left)
{
    const char *key;
    json_t *member;
    void *next;
    size_t index;
    json_object_foreach_safe(value, next, key, member)
    {
        const bool leaf = !json_is_object(member) && !json_is_array(member);
        if (!leaf && harm_leaf(member, harm, left))
            return true;
        if (!leaf || (*left)-- > 0)
            continue;
        if (harm == REMOVE)
            json_object_del(value, key);
        else
            json_object_set_new(value, key, harmed_value(harm, member));
        return true;
    }
    json_array_foreach(value, index, member)
    {
        if (harm_leaf(member, harm, left))
            return true;
    }
    return false;
}

/* A long answer repeats its entries: its first leaves are all tried, of the others one in 23. */
enum { LEAVES_ALL_TRIED = 60, LEAVES_STEP = 23 };

/* Returns how many leaves were harmed. */
static size_t harm_each_leaf(const struct conform_exchange *exchange, const json_t *root,
                             enum harm harm)
{
    size_t harmed = 0;
    for (size_t i = 0; i < LEAVES_MAX; i += i < LEAVES_ALL_TRIED ? 1 : LEAVES_STEP) {
        size_t left = i;
        struct differences found = {0};
        json_t *copy = json_deep_copy(root);
        if (!harm_leaf(copy, harm, &left)) {
            json_decref(copy);
            return harmed;
        }
        harmed++;
        char *body = json_dumps(copy, JSON_COMPACT);
        const struct conform_exchange changed = with_body(exchange, body, strlen(body));
        assert_true(conform_compare(exchange, &changed, &found));
        if (found.count == 0)
            fail_msg("%s: harm %d of leaf %zu is not found", exchange->path, harm, i);
        differences_free(&found);
        free(body);
        json_decref(copy);
    }
    fail_msg("%s has too many leaves", exchange->path);
    return 0;
}

static void test_a_leaf_removed_or_of_another_type_is_found_anywhere(void **state)
{
    struct transcript transcript;
    for (size_t i = 0; i < 2; i++) {
        size_t leaves = 0;
        load(&transcript, transcripts[i]);
        for (size_t k = 0; k < transcript.count; k++) {
            const struct conform_exchange *exchange = &transcript.spoken[k].exchange;
            json_t *root = json_loads(exchange->body, 0, NULL);
            for (int harm = 0; root && harm < HARM_COUNT; harm++)
                leaves += harm_each_leaf(exchange, root, (enum harm)harm);
            json_decref(root);
        }
        assert_true(leaves > 1500);
        unload(&transcript);
    }
    (void)state;
}

static void test_bytes_that_are_no_json_are_a_difference(void **state)
{
    static const struct {
        const char *body;
        size_t length;
    } rows[] = {
        {"{\"a\":1", 6},
        {"{\"a\":1,\"a\":1}", 13},
        {"{\"a\":\"\xff\xfe\"}", 10},
        {"{\"a\":\"\xed\xa0\x80\"}", 11},
        {"{\"a\":1}\0", 8},
        {"{\"a\0\":1}", 8},
        {"{\"a\":\"\\u0000\"}", 14},
        {"{\"a\":1e999}", 11},
        {"{\"a\":99999999999999999999}", 26},
        {"{\"a\":NaN}", 9},
        {"\0", 1},
    };
    const struct conform_exchange recorded = {"GET", "/", 200, NULL, 0, "{\"a\":1}", 7};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct conform_exchange hostile = with_body(&recorded, rows[i].body, rows[i].length);
        assert_differ(&recorded, &hostile, "@body");
        struct differences found = {0};
        assert_true(conform_compare(&hostile, &recorded, &found));
        differences_free(&found);
    }
    (void)state;
}

/* Of each, `count` opening and closing brackets around `inner`. */
static char *nested(size_t count, const char *inner)
{
    char *text = malloc(2 * count + strlen(inner) + 1);
    assert_non_null(text);
    memset(text, '[', count);
    strcpy(text + count, inner);
    memset(text + count + strlen(inner), ']', count);
    text[2 * count + strlen(inner)] = '\0';
    return text;
}

static void test_deep_bodies_are_compared_or_refused(void **state)
{
    char *deep = nested(2000, "1,2"), *other = nested(2000, "null,{}"), *deeper = nested(9000, "1");
    assert_bodies(deep, deep, NULL);
    struct differences found = {0};
    const struct conform_exchange recorded = {"GET", "/", 200, NULL, 0, deep, strlen(deep)};
    const struct conform_exchange answered = with_body(&recorded, other, strlen(other));
    assert_true(conform_compare(&recorded, &answered, &found));
    assert_int_equal(found.count, 2);
    differences_free(&found);
    assert_bodies(deep, deeper, "@body");
    free(deep);
    free(other);
    free(deeper);
    (void)state;
}

static void test_a_thousand_differences_are_listed_and_the_rest_counted(void **state)
{
    enum { ELEMENTS = DIFFERENCES_MAX + 7 };
    char body[2 * ELEMENTS + 2] = "[";
    for (size_t i = 0; i < ELEMENTS; i++)
        memcpy(body + 1 + 2 * i, "0,", 2);
    body[2 * ELEMENTS] = ']';
    const struct conform_exchange recorded = {"GET", "/", 200, NULL, 0, "[\"a\"]", 5};
    const struct conform_exchange answered = with_body(&recorded, body, 2 * ELEMENTS + 1);
    struct differences found = {0};
    assert_true(conform_compare(&recorded, &answered, &found));
    assert_int_equal(found.count, DIFFERENCES_MAX);
    assert_int_equal(found.left_out, 7);
    differences_free(&found);
    (void)state;
}

static void test_long_values_are_cut_between_characters(void **state)
{
    char body[600] = "{\"status\":\"";
    for (size_t i = 0; i < 200; i++)
        strcat(body, "\xc3\xa4");
    strcat(body, "\"}");
    const struct conform_exchange recorded = {"GET", "/", 200, NULL, 0, "{\"status\":\"A\"}", 14};
    const struct conform_exchange answered = with_body(&recorded, body, strlen(body));
    struct differences found = {0};
    assert_true(conform_compare(&recorded, &answered, &found));
    assert_int_equal(found.count, 1);
    assert_string_equal(found.items[0].recorded, "\"A\"");
    /* A quotation mark and 79 letters of two bytes: the 80th would go past 160. */
    assert_int_equal(strlen(found.items[0].answered), 1 + 79 * 2 + 3);
    differences_free(&found);
    (void)state;
}

static void compare_short_of_memory(void *context, bool may_fail)
{
    const struct conform_exchange *pair = context;
    struct differences found = {0};
    const bool compared = conform_compare(&pair[0], &pair[1], &found);
    if (!may_fail)
        assert_true(compared);
    if (compared)
        assert_int_equal(found.count, 7);
    differences_free(&found);
}

static void test_running_out_of_memory_is_told_and_leaks_nothing(void **state)
{
    static const char wanted[] =
        "{\"errors\":[\"a\"],\"tasks\":{\"" ID_1 "\":1},\"h\":[{\"x\":1}],\"status\":\"A\","
        "\"now\":5,\"start-time\":1}";
    static const char given[] =
        "{\"errors\":[\"b\"],\"tasks\":{\"" ID_1 "\":1.5},\"h\":[{\"x\":null},{}],"
        "\"status\":\"B\",\"now\":5,\"start-time\":9}";
    struct conform_exchange pair[] = {
        {"GET", "/", 200, NULL, 0, wanted, sizeof(wanted) - 1},
        {"GET", "/", 202, NULL, 0, given, sizeof(given) - 1},
    };
    assert_true(fail_each_allocation(compare_short_of_memory, pair) > 20);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_exchange_agrees_with_itself),
        cmocka_unit_test(test_answers_of_the_same_state_agree),
        cmocka_unit_test(test_each_known_mutation_is_found_at_its_place),
        cmocka_unit_test(test_what_may_change_and_what_may_not),
        cmocka_unit_test(test_history_out_of_order_is_a_contradiction),
        cmocka_unit_test(test_status_and_headers_must_be_the_same),
        cmocka_unit_test(test_a_leaf_removed_or_of_another_type_is_found_anywhere),
        cmocka_unit_test(test_bytes_that_are_no_json_are_a_difference),
        cmocka_unit_test(test_deep_bodies_are_compared_or_refused),
        cmocka_unit_test(test_a_thousand_differences_are_listed_and_the_rest_counted),
        cmocka_unit_test(test_long_values_are_cut_between_characters),
        cmocka_unit_test(test_running_out_of_memory_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
