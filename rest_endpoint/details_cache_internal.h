#ifndef FRESHCHECK_REST_ENDPOINT_DETAILS_CACHE_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_DETAILS_CACHE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rest_endpoint/body_internal.h"
#include "rest_endpoint/collections_internal.h"
#include "rest_endpoint/policy.h"

/*
 * Checkpoints that were looked at, so that they can still be shown when they have left the
 * history. No timeout; the least recently used leaves first.
 * Source: Flink CheckpointStatsCache.
 */
struct details_cache {
    const struct cache_policy *policy; /* borrowed; key and entry_count_max count */
    struct table entries;
    struct list used; /* most recently used first */
};

struct details_entry {
    struct table_node by_key;
    struct list in_used;
    struct id job;
    uint64_t run;
    int64_t id;
    struct checkpoint *checkpoint; /* counted reference */
    struct body_list bodies;
};

bool details_cache_init(struct details_cache *cache, const struct cache_policy *policy);
void details_cache_free(struct details_cache *cache);

/*
 * Keeps the checkpoint, found in this snapshot, in place of what was kept under the same key. One
 * in progress is not kept. Out of memory: it is not kept either.
 * Source: Flink CheckpointStatsCache.tryAdd.
 */
void details_cache_put(struct details_cache *cache, const struct checkpoint_stats *stats,
                       struct checkpoint *checkpoint);

/* The entry for this checkpoint of the snapshot's job, by what the key holds; NULL when there is
 * none. Borrowed until the next put. Source: Flink CheckpointStatsCache.tryGet. */
struct details_entry *details_cache_find(struct details_cache *cache,
                                         const struct checkpoint_stats *stats, int64_t id);

#endif
