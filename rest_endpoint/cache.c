#include "rest_endpoint/cache_internal.h"

#include <assert.h>

/* More than one call can add, so that what has piled up goes away. */
enum { TIDIED_PER_CALL = 32 };

bool cache_init(struct cache *cache, const struct cache_policy *policy)
{
    cache->policy = policy;
    cache->stored_count = 0;
    cache->memory = (struct slab){.item_size = sizeof(struct cache_entry)};
    list_init(&cache->stored);
    return table_init(&cache->entries);
}

static void drop_stored(struct cache *cache, struct cache_entry *entry)
{
    if (!entry->stored)
        return;
    answer_free(entry->stored);
    entry->stored = NULL;
    list_remove(&entry->in_stored);
    cache->stored_count--;
}

void cache_free(struct cache *cache)
{
    if (!cache->entries.buckets)
        return;
    size_t cursor = 0;
    for (struct table_node *node; (node = table_any(&cache->entries, &cursor)) != NULL;) {
        struct cache_entry *entry = CONTAINER_OF(node, struct cache_entry, by_job);
        assert(entry->pending_count == 0 && list_is_empty(&entry->next_batch));
        drop_stored(cache, entry);
        cache_drop_if_empty(cache, entry);
    }
    table_free(&cache->entries);
    slab_free(&cache->memory);
}

void cache_drop_if_empty(struct cache *cache, struct cache_entry *entry)
{
    if (entry->stored || entry->pending_count > 0 || !list_is_empty(&entry->next_batch))
        return;
    table_remove(&cache->entries, &entry->by_job);
    slab_give(&cache->memory, entry);
}

static struct id key_of(const struct cache *cache, struct id job)
{
    return cache->policy->key == KEY_ANY_JOB ? (struct id){0} : job;
}

static struct cache_entry *find(const struct cache *cache, struct id job)
{
    const struct id key = key_of(cache, job);
    struct table_node *node = table_chain(&cache->entries, id_hash(key));
    while (node) {
        struct cache_entry *entry = CONTAINER_OF(node, struct cache_entry, by_job);
        if (id_equal(entry->job, key))
            return entry;
        node = node->next;
    }
    return NULL;
}

static int64_t clock_us(const struct cache *cache, const struct moment *moment)
{
    return cache->policy->clock == CACHE_CLOCK_WALL ? moment->wall_us : moment->now_us;
}

/*
 * The timeout's own end is too late, a client's max-age is not.
 * Source: Flink DefaultExecutionGraphCache (valid while now < start + ttl), Guava
 * LocalCache.isExpired (expired when now - write >= ttl); RFC 9111, 5.2.1.1 (no more than).
 */
static bool is_usable(const struct cache *cache, const struct answer *answer,
                      const struct moment *moment, const struct freshness *freshness)
{
    return !freshness->must_be_new &&
           clock_us(cache, moment) - answer->start_us < cache->policy->ttl_us &&
           moment->now_us - answer->asked_us <= freshness->max_age_us;
}

static void mark_used(struct cache *cache, struct cache_entry *entry, const struct moment *moment)
{
    entry->used_us = moment->now_us;
    if (cache->stored.next != &entry->in_stored) {
        list_remove(&entry->in_stored);
        list_push_front(&cache->stored, &entry->in_stored);
    }
    if (cache->policy->expiry == EXPIRE_AFTER_ACCESS)
        entry->stored->start_us = clock_us(cache, moment);
}

/* What to do about a fetch that is under way when nothing stored will do. */
static enum cache_finding consider_pending(const struct cache *cache,
                                           const struct cache_entry *entry,
                                           const struct moment *moment,
                                           const struct freshness *freshness)
{
    switch (cache->policy->join) {
    case JOIN_WHILE_FRESH:
        /* A cache without room does not keep the future either: Guava evicts it at once. */
        if (cache->policy->entry_count_max > 0 &&
            is_usable(cache, entry->pending, moment, freshness))
            return CACHE_JOIN;
        return CACHE_ASK;
    case JOIN_NEXT_BATCH:
        if (is_usable(cache, entry->pending, moment, freshness))
            return CACHE_JOIN;
        return CACHE_NEXT_BATCH;
    case JOIN_ANY_IN_FLIGHT:
        return CACHE_JOIN;
    case JOIN_NEVER:
        break;
    }
    return CACHE_ASK;
}

enum cache_finding cache_look_up(struct cache *cache, const struct moment *moment, struct id job,
                                 const struct freshness *freshness, struct cache_entry **found)
{
    struct cache_entry *entry = find(cache, job);
    *found = entry;
    if (!entry)
        return CACHE_ASK;
    if (entry->stored && is_usable(cache, entry->stored, moment, freshness)) {
        mark_used(cache, entry, moment);
        return CACHE_USABLE;
    }
    if (!entry->pending)
        return CACHE_ASK;
    return consider_pending(cache, entry, moment, freshness);
}

struct cache_entry *cache_entry_for(struct cache *cache, struct id job)
{
    struct cache_entry *entry = find(cache, job);
    if (entry)
        return entry;
    entry = slab_take(&cache->memory);
    if (!entry)
        return NULL;
    *entry = (struct cache_entry){.job = key_of(cache, job)};
    list_init(&entry->in_stored);
    list_init(&entry->next_batch);
    table_insert(&cache->entries, &entry->by_job, id_hash(entry->job));
    return entry;
}

/*
 * Source: Flink DefaultExecutionGraphCache.getExecutionGraphInternal, which cancels the future it
 * replaces even though others wait for it; Guava's cache of 1.18 and later, which does not.
 */
struct answer *cache_begin(struct cache *cache, struct cache_entry *entry, struct answer *answer,
                           const struct moment *moment)
{
    struct answer *replaced = entry->pending;
    if (cache->policy->slot == SLOT_HOLDS_FUTURE)
        drop_stored(cache, entry);
    answer->cache = cache;
    answer->entry = entry;
    answer->asked_us = moment->now_us;
    answer->start_us = clock_us(cache, moment);
    entry->pending = answer;
    entry->pending_count++;
    if (!replaced || cache->policy->replaced == REPLACED_SERVES_ITS_WAITERS)
        return NULL;
    replaced->entry = NULL;
    entry->pending_count--;
    return replaced;
}

static bool may_be_stored(const struct cache *cache, const struct cache_entry *entry,
                          const struct answer *answer, bool was_replaced)
{
    const struct cache_policy *policy = cache->policy;
    if (policy->ttl_us <= 0 || policy->entry_count_max == 0)
        return false;
    if (answer->result.outcome != OUTCOME_OK && policy->failures == FAILURES_DROPPED)
        return false;
    if (policy->slot == SLOT_HOLDS_FUTURE && entry->pending)
        return false;
    const bool is_late = (entry->stored && entry->stored->fetch > answer->fetch) ||
                         (policy->slot == SLOT_HOLDS_FUTURE && was_replaced);
    return !is_late || policy->late == LATE_ANSWER_STORED;
}

static void store(struct cache *cache, struct cache_entry *entry, struct answer *answer,
                  const struct moment *moment)
{
    drop_stored(cache, entry);
    if (cache->policy->start == START_AT_ANSWER)
        answer->start_us = clock_us(cache, moment);
    entry->stored = answer;
    entry->used_us = moment->now_us;
    list_push_front(&cache->stored, &entry->in_stored);
    cache->stored_count++;
}

static void evict_one(struct cache *cache)
{
    struct cache_entry *entry = cache_least_recently_used(cache);
    drop_stored(cache, entry);
    cache_drop_if_empty(cache, entry);
}

struct cache_entry *cache_end(struct cache *cache, struct answer *answer,
                              const struct moment *moment)
{
    struct cache_entry *entry = answer->entry;
    const bool was_replaced = entry->pending != answer;
    answer->entry = NULL;
    entry->pending_count--;
    if (!was_replaced)
        entry->pending = NULL;

    if (may_be_stored(cache, entry, answer, was_replaced)) {
        store(cache, entry, answer, moment);
        if (cache->stored_count > cache->policy->entry_count_max)
            evict_one(cache);
    } else {
        answer_free(answer);
    }
    if (!entry->pending && !list_is_empty(&entry->next_batch))
        return entry;
    cache_drop_if_empty(cache, entry);
    return NULL;
}

void cache_drop_unused(struct cache *cache, int64_t now_us)
{
    for (int i = 0; i < TIDIED_PER_CALL && !cache_is_tidy(cache, now_us); i++)
        evict_one(cache);
}
