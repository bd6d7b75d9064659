/* rooms: harness/recording harness/judge rest_endpoint gateway base */
/* libFuzzer entry: what our scanner takes, jansson must take too and read the same. */

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/recording/json_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void expect(bool held)
{
    if (!held)
        abort();
}

static void expect_text(const struct node *node, const json_t *value)
{
    struct buffer text = {0};
    node_decode(node, &text);
    expect(text.length == json_string_length(value) &&
           (text.length == 0 || memcmp(text.bytes, json_string_value(value), text.length) == 0));
    buffer_free(&text);
}

static void expect_same(const struct node *node, const json_t *value)
{
    const struct node *child = node_first(node);
    switch ((enum node_kind)node->kind) {
    case NODE_NULL:
        expect(json_is_null(value));
        break;
    case NODE_FALSE:
        expect(json_is_false(value));
        break;
    case NODE_TRUE:
        expect(json_is_true(value));
        break;
    case NODE_INTEGER:
        expect(json_is_integer(value) && json_integer_value(value) == node->as.integer);
        break;
    case NODE_REAL: {
        const double real = json_real_value(value);
        expect(json_is_real(value) && memcmp(&real, &node->as.real, sizeof(real)) == 0);
        break;
    }
    case NODE_TEXT:
        expect(json_is_string(value));
        expect_text(node, value);
        break;
    case NODE_LIST:
        expect(json_is_array(value) && json_array_size(value) == node->as.count);
        for (size_t i = 0; i < node->as.count; i++, child = node_next(child))
            expect_same(child, json_array_get(value, i));
        break;
    case NODE_OBJECT:
        expect(json_is_object(value) && json_object_size(value) == node->as.count);
        for (size_t i = 0; i < node->as.count; i++, child = node_next(child)) {
            const json_t *member = json_object_getn(value, child->name, child->name_length);
            expect(member != NULL);
            expect_same(child, member);
        }
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct json_tree tree = {0};
    json_error_t error;
    const char *text = (const char *)bytes;
    if (json_tree_scan(&tree, text, length)) {
        json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
        expect(root != NULL);
        expect_same(tree.nodes, root);
        json_decref(root);
    }
    (void)json_tree_read(&tree, text, length);
    json_tree_free(&tree);
    return 0;
}
