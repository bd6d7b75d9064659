#include "rest_endpoint/route_memo_internal.h"

#include <stdlib.h>
#include <string.h>

static uint64_t load_eight(const char *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

bool route_memo_init(struct route_memo *memo)
{
    memo->slots = malloc(ROUTE_MEMO_SLOTS * sizeof *memo->slots);
    return memo->slots != NULL;
}

void route_memo_free(struct route_memo *memo)
{
    free(memo->slots);
    memo->slots = NULL;
}

_Static_assert(ROUTE_MEMO_LENGTH_MAX <= UINT8_MAX, "lengths are bytes");
_Static_assert(ROUTE_MEMO_SLOTS == 512, "slot_of() gives nine bits");

/*
 * Of targets that begin as most do, the first and the last digits of the job's id, and what ends the
 * target: what is left out tells few apart, and two in one slot cost no more than reading one again.
 * Length is at least 8.
 */
static size_t slot_of(const char *target, size_t length)
{
    enum { BEFORE_ID = sizeof "/jobs/" - 1, LAST_DIGITS = BEFORE_ID + ID_DIGITS - 8 };
    uint64_t hash = (load_eight(target + length - 8) + length) * UINT64_C(0x9e3779b97f4a7c15);
    if (length >= BEFORE_ID + ID_DIGITS) {
        const uint64_t last = load_eight(target + LAST_DIGITS);
        hash += (load_eight(target + BEFORE_ID) ^ (last << 29 | last >> 35)) *
                UINT64_C(0xff51afd7ed558ccd);
    }
    return (size_t)(hash >> 55);
}

const struct remembered_route *route_recall(const struct route_memo *memo, enum http_method method,
                                            const char *target, size_t length)
{
    if (method != METHOD_GET || length < 8 || length > ROUTE_MEMO_LENGTH_MAX)
        return NULL;
    const size_t slot = slot_of(target, length);
    if (memo->lengths[slot] != length || memcmp(memo->slots[slot].target, target, length) != 0)
        return NULL;
    return &memo->slots[slot];
}

void route_remember(struct route_memo *memo, enum http_method method, const char *target,
                    size_t length, const struct route *route, struct cache *cache)
{
    if (method != METHOD_GET || length < 8 || length > ROUTE_MEMO_LENGTH_MAX)
        return;
    const size_t slot = slot_of(target, length);
    struct remembered_route *remembered = &memo->slots[slot];
    memo->lengths[slot] = (uint8_t)length;
    memcpy(remembered->target, target, length);
    remembered->route = *route;
    remembered->route.number = ++memo->last_number;
    remembered->cache = cache;
}
