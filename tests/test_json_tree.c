/* rooms: harness/recording harness/judge rest_endpoint gateway base */

#include "tests/support/test_prelude.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/recording/json_tree.h"

/* What the tree holds, as text with everything in it: kinds, names, spans. */
static void describe(const struct node *node, struct buffer *out)
{
    static const char kinds[] = "0ftirs[{";
    buffer_char(out, kinds[node->kind]);
    switch ((enum node_kind)node->kind) {
    case NODE_INTEGER:
        buffer_printf(out, "%" PRId64, node->as.integer);
        break;
    case NODE_REAL:
        buffer_printf(out, "%a", node->as.real);
        break;
    case NODE_TEXT:
        buffer_char(out, '\'');
        node_decode(node, out);
        buffer_char(out, '\'');
        break;
    case NODE_LIST:
    case NODE_OBJECT: {
        const struct node *child = node_first(node);
        for (size_t i = 0; i < node->as.count; i++, child = node_next(child)) {
            buffer_printf(out, " %.*s:", (int)child->name_length, child->name ? child->name : "");
            describe(child, out);
        }
        assert_ptr_equal(child, node_next(node));
        buffer_char(out, ']');
        break;
    }
    case NODE_NULL:
    case NODE_FALSE:
    case NODE_TRUE:
        break;
    }
}

static char *described(const struct json_tree *tree)
{
    struct buffer out = {0};
    describe(tree->nodes, &out);
    assert_ptr_equal(node_next(tree->nodes), tree->nodes + tree->count);
    return buffer_take(&out);
}

/* The scanner takes it, and jansson, made to by a letter that the scanner leaves alone, reads the
 * same. */
static void assert_scanned(const char *json, const char *expected)
{
    struct json_tree tree = {0}, other = {0};
    struct buffer unusual = {0};
    if (!json_tree_scan(&tree, json, strlen(json)))
        fail_msg("not taken: %s", json);
    char *scanned = described(&tree);
    assert_string_equal(scanned, expected);
    buffer_printf(&unusual, "[%s,\"\\u00e4\"]", json);
    assert_false(json_tree_scan(&other, unusual.bytes, unusual.length));
    assert_int_equal(json_tree_read(&other, unusual.bytes, unusual.length), JSON_READ);
    struct buffer out = {0};
    describe(node_first(other.nodes), &out);
    char *by_jansson = buffer_take(&out);
    assert_string_equal(by_jansson, expected);
    free(scanned);
    free(by_jansson);
    buffer_free(&unusual);
    json_tree_free(&tree);
    json_tree_free(&other);
}

static void test_the_scanner_and_jansson_read_the_same(void **state)
{
    assert_scanned("{}", "{]");
    assert_scanned(" [ ] ", "[]");
    assert_scanned("{\"a\":1,\"b\":[true,false,null],\"\":{\"a\":2}}",
                   "{ a:i1 b:[ :t :f :0] :{ a:i2]]");
    assert_scanned("[0,-0,-1,999999999999999999,-999999999999999999]",
                   "[ :i0 :i0 :i-1 :i999999999999999999 :i-999999999999999999]");
    assert_scanned("[\"\",\"x y\",\"\\\"\\\\\\/\\n\"]", "[ :s'' :s'x y' :s'\"\\/\n']");
    assert_scanned("[[[]],[{}]]", "[ :[ :[]] :[ :{]]]");
    assert_scanned("[\r\n\t1 , 2 ]", "[ :i1 :i2]");
    (void)state;
}

static void test_real_numbers_are_those_nearest_to_their_digits(void **state)
{
    static const char *const reals[] = {
        "0.0",
        "-0.0",
        "1.5",
        "0.1",
        "1517.5",
        "1e5",
        "1E-5",
        "1.0E10",
        "3e+2",
        "0.3e1",
        "123456789012.345",
        "0.000001",
        "4.9e-99",
        "9.99e99",
        "1e22",
        "1e23",
        "1e-22",
        "7e-23",
        "1.7976931348623157",
        "0.12345678901234567",
        "90071992.54740993",
    };
    for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
        char json[64], expected[64];
        snprintf(json, sizeof(json), "[%s]", reals[i]);
        snprintf(expected, sizeof(expected), "[ :r%a]", strtod(reals[i], NULL));
        assert_scanned(json, expected);
    }
    (void)state;
}

static void test_what_is_unusual_or_wrong_is_left_to_jansson(void **state)
{
    static const struct {
        const char *json;
        enum json_outcome outcome;
    } rows[] = {
        {"[\"\\u0041\"]", JSON_READ},
        {"[\"\xc3\xa4\"]", JSON_READ},
        {"[1000000000000000000]", JSON_READ},
        {"[1e100]", JSON_READ},
        {"{\"\\n\":1}", JSON_READ},
        {"", JSON_DAMAGED},
        {"  ", JSON_DAMAGED},
        {"1", JSON_DAMAGED},
        {"\"a\"", JSON_DAMAGED},
        {"{", JSON_DAMAGED},
        {"{\"a\"}", JSON_DAMAGED},
        {"{\"a\":}", JSON_DAMAGED},
        {"{\"a\":1,}", JSON_DAMAGED},
        {"{\"a\":1 \"b\":2}", JSON_DAMAGED},
        {"{\"a\":1,\"b\":2,\"a\":3}", JSON_DAMAGED},
        {"{\"b\":{\"a\":1,\"a\":1}}", JSON_DAMAGED},
        {"{\"\":1,\"\":1}", JSON_DAMAGED},
        {"{a:1}", JSON_DAMAGED},
        {"[1,]", JSON_DAMAGED},
        {"[1 2]", JSON_DAMAGED},
        {"[1}", JSON_DAMAGED},
        {"[1]x", JSON_DAMAGED},
        {"[1][2]", JSON_DAMAGED},
        {"[01]", JSON_DAMAGED},
        {"[-]", JSON_DAMAGED},
        {"[+1]", JSON_DAMAGED},
        {"[.5]", JSON_DAMAGED},
        {"[1.]", JSON_DAMAGED},
        {"[1.e5]", JSON_DAMAGED},
        {"[1e]", JSON_DAMAGED},
        {"[1e+]", JSON_DAMAGED},
        {"[1e999]", JSON_DAMAGED},
        {"[9223372036854775808]", JSON_DAMAGED},
        {"[tru]", JSON_DAMAGED},
        {"[truee]", JSON_DAMAGED},
        {"[NaN]", JSON_DAMAGED},
        {"[\"\t\"]", JSON_DAMAGED},
        {"[\"a]", JSON_DAMAGED},
        {"[\"\\", JSON_DAMAGED},
        {"[\"\\x\"]", JSON_DAMAGED},
        {"[\"\\u0000\"]", JSON_DAMAGED},
        {"[\"\\ud800\"]", JSON_DAMAGED},
        {"[\"\xff\"]", JSON_DAMAGED},
        {"[\v1]", JSON_DAMAGED},
        {"// no\n[]", JSON_DAMAGED},
    };
    struct json_tree tree = {0};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const size_t length = strlen(rows[i].json);
        if (json_tree_scan(&tree, rows[i].json, length) ||
            json_tree_read(&tree, rows[i].json, length) != rows[i].outcome)
            fail_msg("%s", rows[i].json);
    }
    assert_false(json_tree_scan(&tree, "[1,\0]", 5));
    assert_int_equal(json_tree_read(&tree, "[1,\0]", 5), JSON_DAMAGED);
    json_tree_free(&tree);
    (void)state;
}

/* Every beginning of a text is damaged, and no byte beyond it is looked at. */
static void test_a_text_cut_at_any_byte_is_damaged(void **state)
{
    static const char whole[] = "{\"a\":[1.5e1,\"x\\n\",true],\"b\":null,\"c\":{\"d\":-12}}";
    struct json_tree tree = {0};
    for (size_t length = 0; length < sizeof(whole) - 1; length++) {
        char *cut = test_malloc(length + 1);
        memcpy(cut, whole, length);
        assert_int_equal(json_tree_read(&tree, cut, length), JSON_DAMAGED);
        test_free(cut);
    }
    assert_int_equal(json_tree_read(&tree, whole, sizeof(whole) - 1), JSON_READ);
    json_tree_free(&tree);
    (void)state;
}

/* `count` times `open`, then `close` as often. */
static void nest(struct buffer *json, const char *open, const char *close, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        buffer_text(json, open);
    for (unsigned i = 0; i < count; i++)
        buffer_text(json, close);
}

static void test_deep_and_wide_texts_are_read_too(void **state)
{
    static const struct {
        unsigned depth;
        bool scanned;
        enum json_outcome outcome;
    } rows[] = {{32, true, JSON_READ},
                {33, false, JSON_READ},
                {2000, false, JSON_READ},
                {100000, false, JSON_DAMAGED}};
    struct json_tree tree = {0};
    for (size_t i = 0; i < 4; i++) {
        struct buffer json = {0};
        nest(&json, "[", "]", rows[i].depth);
        assert_int_equal(json_tree_scan(&tree, json.bytes, json.length), rows[i].scanned);
        assert_int_equal(json_tree_read(&tree, json.bytes, json.length), rows[i].outcome);
        buffer_free(&json);
    }
    for (unsigned count = 256; count <= 257; count++) {
        struct buffer json = {0};
        for (unsigned i = 0; i < count; i++)
            buffer_printf(&json, "%c\"%u\":%u", i ? ',' : '{', i, i);
        buffer_char(&json, '}');
        assert_int_equal(json_tree_scan(&tree, json.bytes, json.length), count == 256);
        assert_int_equal(json_tree_read(&tree, json.bytes, json.length), JSON_READ);
        assert_int_equal(node_get(tree.nodes, "255")->as.integer, 255);
        json.bytes[json.length - 1] = ',';
        buffer_text(&json, "\"7\":7}");
        assert_int_equal(json_tree_read(&tree, json.bytes, json.length), JSON_DAMAGED);
        buffer_free(&json);
    }
    json_tree_free(&tree);
    (void)state;
}

static void test_members_are_found_by_name_and_what_is_missing_is_of_no_kind(void **state)
{
    static const char json[] = "{\"ab\":1,\"a\":2.5,\"b\":\"x\\n\",\"c\":[3]}";
    struct json_tree tree = {0};
    double real;
    assert_int_equal(json_tree_read(&tree, json, sizeof(json) - 1), JSON_READ);
    const struct node *root = tree.nodes;
    assert_int_equal(node_get(root, "ab")->as.integer, 1);
    assert_true(node_real(node_get(root, "a"), &real) && real == 2.5);
    assert_true(node_real(node_get(root, "ab"), &real) && real == 1);
    assert_false(node_real(node_get(root, "b"), &real));
    assert_false(node_real(NULL, &real));
    char *copy = node_copy(node_get(root, "b"));
    assert_string_equal(copy, "x\n");
    free(copy);
    assert_null(node_get(root, "x"));
    assert_null(node_get(root, ""));
    assert_null(node_get(node_get(root, "c"), "a"));
    assert_null(node_get(NULL, "a"));
    assert_false(node_is(NULL, NODE_NULL));
    assert_false(node_says(node_get(root, "b"), "x"));
    assert_false(node_says(NULL, "x"));
    json_tree_free(&tree);
    (void)state;
}

static void read_both_ways(void *context, bool may_fail)
{
    static const char *const texts[] = {"{\"a\":[1,\"x\",{}]}", "{\"a\":[1,\"\\u00e4\",{}]}"};
    for (size_t i = 0; i < 2; i++) {
        struct json_tree tree = {0};
        const enum json_outcome outcome = json_tree_read(&tree, texts[i], strlen(texts[i]));
        assert_true(outcome == JSON_READ || (may_fail && outcome == JSON_NO_MEMORY));
        json_tree_free(&tree);
    }
    (void)context;
}

static void test_running_out_of_memory_is_told_from_damage(void **state)
{
    assert_true(fail_each_allocation(read_both_ways, NULL) >= 2);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_scanner_and_jansson_read_the_same),
        cmocka_unit_test(test_real_numbers_are_those_nearest_to_their_digits),
        cmocka_unit_test(test_what_is_unusual_or_wrong_is_left_to_jansson),
        cmocka_unit_test(test_a_text_cut_at_any_byte_is_damaged),
        cmocka_unit_test(test_deep_and_wide_texts_are_read_too),
        cmocka_unit_test(test_members_are_found_by_name_and_what_is_missing_is_of_no_kind),
        cmocka_unit_test(test_running_out_of_memory_is_told_from_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
