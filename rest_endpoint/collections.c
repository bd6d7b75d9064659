#include "rest_endpoint/collections_internal.h"

#include <stdlib.h>

#include "base/memory.h"

enum { BUCKET_COUNT_AT_FIRST = 16 };

bool table_init(struct table *table)
{
    table->count = 0;
    table->bucket_count = BUCKET_COUNT_AT_FIRST;
    table->buckets = memory_zeroed(table->bucket_count, sizeof(struct table_node *));
    return table->buckets != NULL;
}

void table_free(struct table *table)
{
    free(table->buckets);
    table->buckets = NULL;
}

/* Without memory for it the chains get longer, and nothing else happens. */
void table_grow(struct table *table)
{
    size_t old_count = table->bucket_count;
    struct table_node **old = table->buckets;
    struct table_node **buckets = memory_zeroed(old_count * 2, sizeof(struct table_node *));
    if (!buckets)
        return;
    table->buckets = buckets;
    table->bucket_count = old_count * 2;
    for (size_t i = 0; i < old_count; i++) {
        struct table_node *node = old[i];
        while (node) {
            struct table_node *next = node->next;
            table_link(table, node);
            node = next;
        }
    }
    free(old);
}

void table_remove(struct table *table, struct table_node *node)
{
    struct table_node **at = &table->buckets[node->hash & (table->bucket_count - 1)];
    while (*at != node)
        at = &(*at)->next;
    *at = node->next;
    node->next = NULL;
    table->count--;
}

struct table_node *table_any(const struct table *table, size_t *cursor)
{
    for (; *cursor < table->bucket_count; ++*cursor) {
        if (table->buckets[*cursor])
            return table->buckets[*cursor];
    }
    return NULL;
}
