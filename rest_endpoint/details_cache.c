#include "rest_endpoint/details_cache_internal.h"

#include <stdlib.h>

#include "base/memory.h"

struct key {
    struct id job;
    uint64_t run;
    int64_t id;
};

bool details_cache_init(struct details_cache *cache, const struct cache_policy *policy)
{
    cache->policy = policy;
    list_init(&cache->used);
    return table_init(&cache->entries);
}

static void drop(struct details_cache *cache, struct details_entry *entry)
{
    table_remove(&cache->entries, &entry->by_key);
    list_remove(&entry->in_used);
    body_list_clear(&entry->bodies);
    checkpoint_release(entry->checkpoint);
    free(entry);
}

void details_cache_free(struct details_cache *cache)
{
    if (!cache->entries.buckets)
        return;
    while (!list_is_empty(&cache->used))
        drop(cache, CONTAINER_OF(cache->used.next, struct details_entry, in_used));
    table_free(&cache->entries);
}

/*
 * Flink's key is the checkpoint id and nothing else, so that jobs and runs of a job answer for
 * each other (reference 5.3).
 */
static struct key key_of(const struct details_cache *cache, const struct checkpoint_stats *stats,
                         int64_t id)
{
    struct key key = {.id = id};
    switch (cache->policy->key) {
    case KEY_JOB_RUN_AND_CHECKPOINT:
        key.job = stats->job;
        key.run = stats->run;
        break;
    case KEY_JOB:
        key.job = stats->job;
        break;
    case KEY_CHECKPOINT:
    case KEY_ANY_JOB:
        break;
    }
    return key;
}

static uint64_t hash_key(const struct key *key)
{
    return id_hash(key->job) ^ hash_number(key->run) ^ hash_number((uint64_t)key->id + 1);
}

static struct details_entry *find(const struct details_cache *cache, const struct key *key)
{
    struct table_node *node = table_chain(&cache->entries, hash_key(key));
    while (node) {
        struct details_entry *entry = CONTAINER_OF(node, struct details_entry, by_key);
        if (entry->id == key->id && entry->run == key->run && id_equal(entry->job, key->job))
            return entry;
        node = node->next;
    }
    return NULL;
}

static void mark_used(struct details_cache *cache, struct details_entry *entry)
{
    list_remove(&entry->in_used);
    list_push_front(&cache->used, &entry->in_used);
}

static void replace(struct details_entry *entry, struct checkpoint *checkpoint)
{
    if (entry->checkpoint == checkpoint)
        return;
    body_list_clear(&entry->bodies);
    checkpoint_release(entry->checkpoint);
    entry->checkpoint = checkpoint_retain(checkpoint);
}

static void add(struct details_cache *cache, const struct key *key, struct checkpoint *checkpoint)
{
    struct details_entry *entry = memory_zeroed(1, sizeof(*entry));
    if (!entry)
        return;
    entry->job = key->job;
    entry->run = key->run;
    entry->id = key->id;
    entry->checkpoint = checkpoint_retain(checkpoint);
    table_insert(&cache->entries, &entry->by_key, hash_key(key));
    list_push_front(&cache->used, &entry->in_used);
    if (cache->entries.count > cache->policy->entry_count_max)
        drop(cache, CONTAINER_OF(cache->used.previous, struct details_entry, in_used));
}

void details_cache_put(struct details_cache *cache, const struct checkpoint_stats *stats,
                       struct checkpoint *checkpoint)
{
    if (cache->policy->entry_count_max == 0 || checkpoint->status == CHECKPOINT_IN_PROGRESS)
        return;
    const struct key key = key_of(cache, stats, checkpoint->id);
    struct details_entry *entry = find(cache, &key);
    if (!entry) {
        add(cache, &key, checkpoint);
        return;
    }
    replace(entry, checkpoint);
    mark_used(cache, entry);
}

struct details_entry *details_cache_find(struct details_cache *cache,
                                         const struct checkpoint_stats *stats, int64_t id)
{
    const struct key key = key_of(cache, stats, id);
    struct details_entry *entry = find(cache, &key);
    if (entry)
        mark_used(cache, entry);
    return entry;
}
