#ifndef FRESHCHECK_HARNESS_FLINK_CONFIG_YAML_TREE_H
#define FRESHCHECK_HARNESS_FLINK_CONFIG_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/complaint.h"

/*
 * A YAML file as nodes with places, read as the snakeyaml-engine of Flink reads it: YAML 1.2, core
 * schema, anchors and aliases, no key twice.
 */

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

/* What a scalar means by the core schema. */
enum yaml_type { YAML_STRING, YAML_NULL, YAML_BOOLEAN, YAML_INTEGER, YAML_FLOAT };

struct yaml_node {
    enum yaml_kind kind;
    enum yaml_type type;     /* TEXT */
    char *text;              /* TEXT: NUL-terminated, no NUL inside */
    unsigned line, column;   /* from 1; the column in characters */
    struct yaml_node *key;   /* where the parent is a map */
    struct yaml_node *first; /* LIST, MAP; an alias shares them with its anchor */
    struct yaml_node *next;
    size_t weight;                 /* nodes to be visited below and with it */
    struct yaml_node *made_before; /* for freeing */
};

struct yaml_file {
    struct yaml_node **documents; /* each the top node; NULL: an empty document */
    size_t document_count;
    struct yaml_node *last_made;
};

/* False after a complaint, or when out of memory (complaints->failed). Free it in both cases. */
bool yaml_read(struct yaml_file *file, const char *bytes, size_t length,
               struct complaints *complaints);
void yaml_free(struct yaml_file *file);

/* Complains of keys that come twice in one map, and returns false then. yaml_read() does it. */
bool yaml_refuse_duplicates(const struct yaml_file *file, struct complaints *complaints);

/* The value of a key of a map; NULL when it has none, or `map` is no map (or NULL). */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Type of a plain scalar. Source: snakeyaml-engine CoreScalarResolver. */
enum yaml_type yaml_plain_type(const char *text);

/* The text that Flink makes of a node: what Java prints for numbers, a flow list for lists. */
void yaml_print(const struct yaml_node *node, struct buffer *out);

#endif
