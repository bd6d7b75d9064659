#ifndef FRESHCHECK_REST_ENDPOINT_ANSWER_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_ANSWER_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slab.h"
#include "gateway/gateway.h"
#include "rest_endpoint/body_internal.h"
#include "rest_endpoint/collections_internal.h"
#include "rest_endpoint/routes_internal.h"

struct cache;
struct cache_entry;

/* The time of one event, on both clocks. */
struct moment {
    int64_t now_us;
    int64_t wall_us; /* since the epoch */
};

/* A request that has no answer yet. */
struct waiter {
    struct table_node by_request;
    struct list in_list; /* of an answer, or of a cache entry's next batch */
    uint64_t request;
    struct route route;
};

/*
 * One answer of the gateway, from the moment it is asked for. Pending ones belong to the
 * endpoint; once there, it belongs to the cache entry that stores it, or is freed.
 */
struct answer {
    struct table_node by_fetch;
    struct slab *memory; /* where it was taken from */
    uint64_t fetch;
    struct fetch_request what; /* its order is a counted reference */
    int64_t asked_us;          /* when the gateway was asked */
    int64_t start_us;          /* when its timeout starts, on the clock of its cache */

    /* While pending. */
    struct cache *cache;       /* NULL for what is not cached */
    struct cache_entry *entry; /* NULL for what is not cached, and once cancelled */
    struct list waiters;

    /* Once it is there. */
    struct fetch_result result;
    struct checkpoint_stats *stats; /* counted reference; from the result or from its graph */
    struct body_list bodies;
    uint64_t told_route; /* the number of the route that `told` is for; 0: none */
    struct body *told;   /* what handle_answer() says to that one each time; one of `bodies` */
};

/* NULL when out of memory. */
struct answer *answer_new(struct slab *memory, const struct fetch_request *what);
void answer_free(struct answer *answer); /* NULL is allowed; it must have no waiters */

/* Takes over what the result refers to and leaves that empty. One that is said to be there and is
 * not counts as a failed call. */
void answer_arrived(struct answer *answer, struct fetch_result *result);

/*
 * Moves its statistics on to the newest version of each entry, as Flink's shared objects do by
 * themselves (reference 4.5). The old snapshot stays as it is, for the bodies written from it.
 * False when out of memory.
 */
bool answer_follow(struct answer *answer);

#endif
