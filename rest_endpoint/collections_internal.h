#ifndef FRESHCHECK_REST_ENDPOINT_COLLECTIONS_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_COLLECTIONS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A list and a hash table whose links sit inside the things they hold: putting something in
 * allocates nothing and so cannot fail.
 */

/* The thing that `pointer` is the member `member` of. */
#define CONTAINER_OF(pointer, type, member) \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* A ring of links; the list itself is the link that holds nothing. */
struct list {
    struct list *previous, *next;
};

static inline void list_init(struct list *list)
{
    list->previous = list;
    list->next = list;
}

static inline bool list_is_empty(const struct list *list)
{
    return list->next == list;
}

static inline void list_remove(struct list *link)
{
    link->previous->next = link->next;
    link->next->previous = link->previous;
    list_init(link);
}

static inline void list_push_front(struct list *list, struct list *link)
{
    link->previous = list;
    link->next = list->next;
    list->next->previous = link;
    list->next = link;
}

static inline void list_push_back(struct list *list, struct list *link)
{
    list_push_front(list->previous, link);
}

/* Moves all of `from` to the end of `to`; `from` is empty afterwards. */
static inline void list_append(struct list *to, struct list *from)
{
    if (list_is_empty(from))
        return;
    from->next->previous = to->previous;
    from->previous->next = to;
    to->previous->next = from->next;
    to->previous = from->previous;
    list_init(from);
}

struct table_node {
    struct table_node *next; /* with the same remainder of the hash */
    uint64_t hash;
};

struct table {
    struct table_node **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
};

bool table_init(struct table *table); /* false when out of memory */
void table_free(struct table *table); /* what it holds belongs to others */
void table_grow(struct table *table); /* table_insert() does when it is time */
void table_remove(struct table *table, struct table_node *node);

/* A node that it holds, to take everything out one by one; NULL when there is none. The cursor
 * starts at 0 and spares looking twice at what is empty. */
struct table_node *table_any(const struct table *table, size_t *cursor);

/* The chain in which a node with this hash must be; follow `next` and compare. */
static inline struct table_node *table_chain(const struct table *table, uint64_t hash)
{
    return table->buckets[hash & (table->bucket_count - 1)];
}

static inline void table_link(struct table *table, struct table_node *node)
{
    struct table_node **chain = &table->buckets[node->hash & (table->bucket_count - 1)];
    node->next = *chain;
    *chain = node;
}

static inline void table_insert(struct table *table, struct table_node *node, uint64_t hash)
{
    if (table->count >= table->bucket_count)
        table_grow(table);
    node->hash = hash;
    table_link(table, node);
    table->count++;
}

static inline uint64_t hash_number(uint64_t number)
{
    uint64_t mixed = number * UINT64_C(0x9e3779b97f4a7c15);
    return mixed ^ (mixed >> 32);
}

#endif
