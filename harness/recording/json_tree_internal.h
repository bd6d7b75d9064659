#ifndef FRESHCHECK_HARNESS_RECORDING_JSON_TREE_INTERNAL_H
#define FRESHCHECK_HARNESS_RECORDING_JSON_TREE_INTERNAL_H

#include "harness/recording/json_tree.h"

/* A new last node with span 1, NODE_NULL; NULL when out of memory. Moves the others. */
struct node *json_tree_add(struct json_tree *tree);

/* SCAN_UNUSUAL: jansson has to say what it is. */
enum json_scanned { SCAN_TAKEN, SCAN_UNUSUAL, SCAN_NO_MEMORY };

/* Fills an empty tree. */
enum json_scanned json_scan(struct json_tree *tree, const char *bytes, size_t length);

/* What the letter after a backslash stands for; 0: it is none of the short escapes. */
char json_unescape(char letter);

#endif
