#ifndef FRESHCHECK_REST_ENDPOINT_ROUTE_MEMO_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_ROUTE_MEMO_INTERNAL_H

#include "rest_endpoint/routes_internal.h"

/*
 * Programs and dashboards ask for the same few targets again and again; reading a target takes
 * longer than anything else that a cached answer needs. So routes of GET are remembered by the
 * bytes of their target. A memo forgets, and never answers wrongly: the bytes are compared.
 */
enum { ROUTE_MEMO_SLOTS = 512, ROUTE_MEMO_LENGTH_MAX = 88 };

struct cache;

struct route_memo {
    uint8_t lengths[ROUTE_MEMO_SLOTS]; /* of the targets; 0: the slot is empty, its memory unset */
    struct remembered_route {
        char target[ROUTE_MEMO_LENGTH_MAX];
        struct route route;
        struct cache *cache; /* that it is served from; NULL: none */
    } * slots;
    uint64_t last_number;
};

bool route_memo_init(struct route_memo *memo); /* of a zeroed one; false when out of memory */
void route_memo_free(struct route_memo *memo);

/* NULL when it is not known from before; else good until the next one is remembered. */
const struct remembered_route *route_recall(const struct route_memo *memo, enum http_method method,
                                            const char *target, size_t length);

/* What route_find() found, which gets a number of its own. */
void route_remember(struct route_memo *memo, enum http_method method, const char *target,
                    size_t length, const struct route *route, struct cache *cache);

#endif
