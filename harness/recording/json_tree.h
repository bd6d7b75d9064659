#ifndef FRESHCHECK_HARNESS_RECORDING_JSON_TREE_H
#define FRESHCHECK_HARNESS_RECORDING_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/*
 * JSON text as a tree, read in place: names and texts point into the bytes.
 *
 * What recordings and answers look like is read by a scanner of our own, many times as fast as
 * jansson. It is strict, and it takes no decision against a text: whatever it does not know
 * (escapes by number, letters beyond ASCII, numbers past 18 digits, deep nesting, a member that
 * comes twice, any error) is left to jansson, whose word is final.
 */
enum node_kind {
    NODE_NULL,
    NODE_FALSE,
    NODE_TRUE,
    NODE_INTEGER,
    NODE_REAL,
    NODE_TEXT,
    NODE_LIST,
    NODE_OBJECT
};

/* A value. Children follow their parent in memory; `span` steps over a value and all below it. */
struct node {
    uint8_t kind;    /* enum node_kind */
    bool is_escaped; /* NODE_TEXT: holds escapes, see node_decode() */
    uint32_t name_length;
    const char *name; /* of a member; not terminated */
    union {
        int64_t integer;
        double real;
        struct {
            const char *bytes; /* not terminated */
            size_t length;
        } text;
        size_t count; /* of a list's or an object's children */
    } as;
    size_t span;
};

/* Starts as {0}; may be used for one text after the other. */
struct json_tree {
    struct node *nodes; /* the first is the root */
    size_t count, capacity;
    struct json_t *kept; /* what jansson read last */
};

enum json_outcome { JSON_READ, JSON_DAMAGED, JSON_NO_MEMORY };

/*
 * Reads one object or list. The nodes live until the next call and as long as the bytes.
 * Members that come twice, invalid UTF-8 and NUL bytes are damage.
 */
enum json_outcome json_tree_read(struct json_tree *tree, const char *bytes, size_t length);
void json_tree_free(struct json_tree *tree);

/* The scanner alone, for tests: false also for what jansson would take, or when out of memory. */
bool json_tree_scan(struct json_tree *tree, const char *bytes, size_t length);

/* Below, NULL is a member that is not there: it is of no kind and has no members. */

static inline bool node_is(const struct node *node, enum node_kind kind)
{
    return node && node->kind == kind;
}

/* A member of an object by name; NULL when there is none or it is no object. */
const struct node *node_get(const struct node *object, const char *name);

/* The children of a list or an object: from node_first() on, `as.count` times node_next(). */
static inline const struct node *node_first(const struct node *parent)
{
    return parent + 1;
}

static inline const struct node *node_next(const struct node *child)
{
    return child + child->span;
}

/* Numbers of both kinds as a double; false for anything else. */
bool node_real(const struct node *node, double *value);

/* Whether it is this text. `text` holds nothing that JSON would escape. */
bool node_says(const struct node *node, const char *text);

/* Appends a NODE_TEXT as the text it stands for. */
void node_decode(const struct node *node, struct buffer *out);

/* The same as text to free(); NULL when out of memory. */
char *node_copy(const struct node *node);

#endif
