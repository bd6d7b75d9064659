#include "rest_endpoint/route_memo_internal.h"

#include <string.h>

static uint64_t load_eight(const char *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

_Static_assert(ROUTE_MEMO_SLOTS == 256, "slot_of() gives eight bits");

/* Eight bytes at a time; the last eight may overlap with those before. Length is at least 8. */
static size_t slot_of(const char *target, size_t length)
{
    uint64_t hash = load_eight(target + length - 8) ^ length;
    for (size_t i = 0; i + 8 <= length; i += 8)
        hash = (hash ^ load_eight(target + i)) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(hash >> 56); /* the bits that all others have gone into */
}

static bool same_bytes(const char *a, const char *b, size_t length)
{
    uint64_t difference = load_eight(a + length - 8) ^ load_eight(b + length - 8);
    for (size_t i = 0; i + 8 <= length; i += 8)
        difference |= load_eight(a + i) ^ load_eight(b + i);
    return difference == 0;
}

enum route_outcome route_recall(struct route_memo *memo, enum http_method method,
                                const char *target, size_t length, struct route *route,
                                struct route_fault *fault)
{
    if (method != METHOD_GET || length < 8 || length > ROUTE_MEMO_LENGTH_MAX)
        return route_find(method, target, length, route, fault);
    struct remembered_route *slot = &memo->slots[slot_of(target, length)];
    if (slot->length == length && same_bytes(slot->target, target, length)) {
        *route = slot->route;
        return ROUTE_FOUND;
    }
    const enum route_outcome outcome = route_find(method, target, length, route, fault);
    if (outcome != ROUTE_FOUND)
        return outcome;
    slot->length = length;
    memcpy(slot->target, target, length);
    slot->route = *route;
    return ROUTE_FOUND;
}
