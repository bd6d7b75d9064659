#include "harness/recording/json_tree.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/recording/json_tree_internal.h"

struct node *json_tree_add(struct json_tree *tree)
{
    if (tree->count == tree->capacity) {
        const size_t wanted = tree->capacity ? 2 * tree->capacity : 256;
        struct node *larger = wanted > SIZE_MAX / sizeof(*larger)
                                  ? NULL
                                  : realloc(tree->nodes, wanted * sizeof(*larger));
        if (!larger)
            return NULL;
        tree->nodes = larger;
        tree->capacity = wanted;
    }
    struct node *node = &tree->nodes[tree->count++];
    *node = (struct node){.span = 1};
    return node;
}

static bool add_value(struct json_tree *tree, const json_t *value, const char *name,
                      size_t name_length);

static bool add_children(struct json_tree *tree, const json_t *value)
{
    size_t i;
    json_t *child;
    json_array_foreach(value, i, child)
    {
        if (!add_value(tree, child, NULL, 0))
            return false;
    }
    /* jansson steps through an object that it does not change, yet wants it without const. */
    json_t *object = (json_t *)(uintptr_t)value;
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *name = json_object_iter_key(at);
        if (!add_value(tree, json_object_iter_value(at), name, json_object_iter_key_len(at)))
            return false;
    }
    return true;
}

static void take_scalar(struct node *node, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_INTEGER:
        node->kind = NODE_INTEGER;
        node->as.integer = json_integer_value(value);
        break;
    case JSON_REAL:
        node->kind = NODE_REAL;
        node->as.real = json_real_value(value);
        break;
    case JSON_STRING:
        node->kind = NODE_TEXT;
        node->as.text.bytes = json_string_value(value);
        node->as.text.length = json_string_length(value);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        node->kind = json_is_true(value) ? NODE_TRUE : NODE_FALSE;
        break;
    case JSON_ARRAY:
        node->kind = NODE_LIST;
        node->as.count = json_array_size(value);
        break;
    case JSON_OBJECT:
        node->kind = NODE_OBJECT;
        node->as.count = json_object_size(value);
        break;
    case JSON_NULL:
        break;
    }
}

/* As deep as jansson reads, which is 2048. */
static bool add_value(struct json_tree *tree, const json_t *value, const char *name,
                      size_t name_length)
{
    const size_t index = tree->count;
    struct node *node = json_tree_add(tree);
    if (!node || name_length > UINT32_MAX)
        return false;
    node->name = name;
    node->name_length = (uint32_t)name_length;
    take_scalar(node, value);
    if (!add_children(tree, value))
        return false;
    tree->nodes[index].span = tree->count - index;
    return true;
}

static void forget(struct json_tree *tree)
{
    json_decref(tree->kept);
    tree->kept = NULL;
    tree->count = 0;
}

static enum json_outcome read_by_jansson(struct json_tree *tree, const char *bytes, size_t length)
{
    json_error_t error;
    forget(tree);
    tree->kept = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
    if (!tree->kept)
        return json_error_code(&error) == json_error_out_of_memory ? JSON_NO_MEMORY : JSON_DAMAGED;
    return add_value(tree, tree->kept, NULL, 0) ? JSON_READ : JSON_NO_MEMORY;
}

enum json_outcome json_tree_read(struct json_tree *tree, const char *bytes, size_t length)
{
    forget(tree);
    switch (json_scan(tree, bytes, length)) {
    case SCAN_TAKEN:
        return JSON_READ;
    case SCAN_NO_MEMORY:
        return JSON_NO_MEMORY;
    case SCAN_UNUSUAL:
        break;
    }
    return read_by_jansson(tree, bytes, length);
}

bool json_tree_scan(struct json_tree *tree, const char *bytes, size_t length)
{
    forget(tree);
    return json_scan(tree, bytes, length) == SCAN_TAKEN;
}

void json_tree_free(struct json_tree *tree)
{
    json_decref(tree->kept);
    free(tree->nodes);
    *tree = (struct json_tree){0};
}

const struct node *node_get(const struct node *object, const char *name)
{
    if (!node_is(object, NODE_OBJECT))
        return NULL;
    const size_t length = strlen(name);
    const struct node *member = node_first(object);
    for (size_t i = 0; i < object->as.count; i++, member = node_next(member)) {
        if (member->name_length == length && memcmp(member->name, name, length) == 0)
            return member;
    }
    return NULL;
}

bool node_real(const struct node *node, double *value)
{
    const bool is_integer = node_is(node, NODE_INTEGER);
    if (!is_integer && !node_is(node, NODE_REAL))
        return false;
    *value = is_integer ? (double)node->as.integer : node->as.real;
    return true;
}

bool node_says(const struct node *node, const char *text)
{
    return node_is(node, NODE_TEXT) && node->as.text.length == strlen(text) &&
           memcmp(node->as.text.bytes, text, node->as.text.length) == 0;
}

void node_decode(const struct node *node, struct buffer *out)
{
    const char *at = node->as.text.bytes, *end = at + node->as.text.length;
    if (!node->is_escaped) {
        buffer_append(out, at, node->as.text.length);
        return;
    }
    /* What is decoded is never longer: room is made once. */
    char *to = buffer_reserve(out, node->as.text.length);
    if (!to)
        return;
    const char *start = to;
    while (at < end) {
        if (*at != '\\') {
            *to++ = *at++;
        } else {
            *to++ = json_unescape(at[1]);
            at += 2;
        }
    }
    out->length += (size_t)(to - start);
}

char *node_copy(const struct node *node)
{
    if (!node->is_escaped)
        return text_copy_length(node->as.text.bytes, node->as.text.length);
    struct buffer out = {0};
    node_decode(node, &out);
    char *copy = buffer_take(&out);
    buffer_free(&out);
    return copy;
}
