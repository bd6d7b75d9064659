#ifndef FRESHCHECK_REST_ENDPOINT_CACHE_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_CACHE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rest_endpoint/answer_internal.h"
#include "rest_endpoint/cache_control_internal.h"
#include "rest_endpoint/policy.h"

/*
 * A cache of gateway answers by job: one algorithm, driven by a policy. It decides; asking the
 * gateway and replying is the endpoint's part.
 */
struct cache {
    const struct cache_policy *policy; /* borrowed */
    struct table entries;
    struct slab memory; /* of entries */
    struct list stored; /* entries that hold an answer, most recently used first */
    size_t stored_count;
};

struct cache_entry {
    struct table_node by_job;
    struct list in_stored; /* linked only while `stored` is set */
    struct id job;
    struct answer *stored;  /* owned; NULL when there is none */
    struct answer *pending; /* the newest fetch under way; NULL when there is none */
    size_t pending_count;   /* all fetches under way, replaced ones too */
    struct list next_batch; /* waiters that share the fetch after the pending one */
    int64_t used_us;        /* when `stored` was last stored or found */
};

bool cache_init(struct cache *cache, const struct cache_policy *policy);
void cache_free(struct cache *cache); /* nothing may be pending, nobody may wait */

enum cache_finding {
    CACHE_USABLE,     /* entry->stored answers */
    CACHE_JOIN,       /* entry->pending will */
    CACHE_NEXT_BATCH, /* wait in entry->next_batch */
    CACHE_ASK         /* the gateway has to be asked; the entry may be NULL */
};

enum cache_finding cache_look_up(struct cache *cache, const struct moment *moment, struct id job,
                                 const struct freshness *freshness, struct cache_entry **entry);

/* The job's entry, made when there is none; NULL when out of memory. */
struct cache_entry *cache_entry_for(struct cache *cache, struct id job);

/* Frees an entry that holds nothing and for which nobody waits. */
void cache_drop_if_empty(struct cache *cache, struct cache_entry *entry);

/*
 * The gateway is being asked. Returns the pending answer whose waiters are to be cancelled, or
 * NULL; it has left the cache then, and what it brings is for nobody.
 */
struct answer *cache_begin(struct cache *cache, struct cache_entry *entry, struct answer *answer,
                           const struct moment *moment);

/*
 * The answer is there and its waiters were served: stores or frees it. Returns the entry when a
 * batch waits there for the next fetch, else NULL.
 */
struct cache_entry *cache_end(struct cache *cache, struct answer *answer,
                              const struct moment *moment);

/* There must be one. */
static inline struct cache_entry *cache_least_recently_used(const struct cache *cache)
{
    return CONTAINER_OF(cache->stored.previous, struct cache_entry, in_stored);
}

/* Holds no answer that nobody used for two timeouts. */
static inline bool cache_is_tidy(const struct cache *cache, int64_t now_us)
{
    const int64_t ttl_us = cache->policy->ttl_us;
    return cache->stored_count == 0 || ttl_us > INT64_MAX / 2 ||
           now_us - cache_least_recently_used(cache)->used_us < 2 * ttl_us;
}

void cache_drop_unused(struct cache *cache, int64_t now_us); /* it is not tidy */

/* Drops answers that nobody used for two timeouts; a bounded number of them. */
static inline void cache_tidy(struct cache *cache, int64_t now_us)
{
    if (!cache_is_tidy(cache, now_us))
        cache_drop_unused(cache, now_us);
}

#endif
