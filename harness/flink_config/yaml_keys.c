#include <stdlib.h>
#include <string.h>

#include "harness/flink_config/yaml_tree.h"

static int compare_keys(const void *left, const void *right)
{
    const struct yaml_node *a = *(const struct yaml_node *const *)left;
    const struct yaml_node *b = *(const struct yaml_node *const *)right;
    const int order = strcmp(a->key->text, b->key->text);
    if (order != 0)
        return order;
    return a->key->line != b->key->line
               ? (a->key->line < b->key->line ? -1 : 1)
               : (a->key->column > b->key->column) - (a->key->column < b->key->column);
}

/* One map; those within it are nodes of their own. False when out of memory. */
static bool find_duplicates(const struct yaml_node *map, struct complaints *complaints)
{
    size_t count = 0;
    for (const struct yaml_node *child = map->first; child; child = child->next)
        count++;
    const struct yaml_node **sorted = count > 1 ? calloc(count, sizeof *sorted) : NULL;
    if (count > 1 && !sorted)
        return false;
    size_t filled = 0;
    for (const struct yaml_node *child = map->first; sorted && child; child = child->next)
        sorted[filled++] = child;
    if (sorted)
        qsort(sorted, count, sizeof *sorted, compare_keys);
    for (size_t i = 1; i < filled; i++) {
        if (strcmp(sorted[i - 1]->key->text, sorted[i]->key->text) == 0)
            complaints_add(complaints, sorted[i]->key->line, sorted[i]->key->column,
                           "found duplicate key %s: Flink does not start", sorted[i]->key->text);
    }
    free(sorted);
    return true;
}

bool yaml_refuse_duplicates(const struct yaml_file *file, struct complaints *complaints)
{
    const size_t count_before = complaints->count;
    for (const struct yaml_node *node = file->last_made; node; node = node->made_before) {
        if (node->kind == YAML_MAP && !find_duplicates(node, complaints)) {
            complaints->failed = true;
            return false;
        }
    }
    return complaints->count == count_before && !complaints->failed;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (const struct yaml_node *child = map->first; child; child = child->next) {
        if (strcmp(child->key->text, key) == 0)
            return child;
    }
    return NULL;
}
