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
_Static_assert(ROUTE_MEMO_SLOTS == 256, "slot_of() gives eight bits");

/* Eight bytes at a time, the last of which may overlap with those before. Each place has a factor of
 * its own, so that no product waits for another. Length is at least 8. */
static size_t slot_of(const char *target, size_t length)
{
    const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t place = UINT64_C(0xff51afd7ed558ccd);
    uint64_t hash = (load_eight(target + length - 8) ^ length) * factor;
    for (size_t i = 0; i + 8 <= length; i += 8, place += 2 * factor)
        hash += load_eight(target + i) * place;
    return (size_t)((hash ^ hash >> 32) * factor >>
                    56); /* the bits that all others have gone into */
}

static bool same_bytes(const char *a, const char *b, size_t length)
{
    uint64_t difference = load_eight(a + length - 8) ^ load_eight(b + length - 8);
    for (size_t i = 0; i + 8 <= length; i += 8)
        difference |= load_eight(a + i) ^ load_eight(b + i);
    return difference == 0;
}

const struct route *route_recall(const struct route_memo *memo, enum http_method method,
                                 const char *target, size_t length)
{
    if (method != METHOD_GET || length < 8 || length > ROUTE_MEMO_LENGTH_MAX)
        return NULL;
    const size_t slot = slot_of(target, length);
    if (memo->lengths[slot] != length || !same_bytes(memo->slots[slot].target, target, length))
        return NULL;
    return &memo->slots[slot].route;
}

void route_remember(struct route_memo *memo, enum http_method method, const char *target,
                    size_t length, const struct route *route)
{
    if (method != METHOD_GET || length < 8 || length > ROUTE_MEMO_LENGTH_MAX)
        return;
    const size_t slot = slot_of(target, length);
    memo->lengths[slot] = (uint8_t)length;
    memcpy(memo->slots[slot].target, target, length);
    memo->slots[slot].route = *route;
}
