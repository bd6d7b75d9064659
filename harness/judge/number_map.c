#include "harness/judge/number_map.h"

#include <stdlib.h>

#include "base/memory.h"

/* Open addressing with linear steps; at most half full, so that steps stay few. */
struct number_slot {
    uint64_t key;
    uint32_t index_plus_one; /* 0: free */
};

void number_map_free(struct number_map *map)
{
    free(map->slots);
    *map = (struct number_map){0};
}

/* Spreads keys that differ only in high bits (Fibonacci hashing). */
static size_t first_slot(const struct number_map *map, uint64_t key)
{
    return (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (map->slot_count - 1);
}

static struct number_slot *slot_of(const struct number_map *map, uint64_t key)
{
    size_t at = first_slot(map, key);
    while (map->slots[at].index_plus_one && map->slots[at].key != key)
        at = (at + 1) & (map->slot_count - 1);
    return &map->slots[at];
}

uint32_t number_map_find(const struct number_map *map, uint64_t key)
{
    if (map->slot_count == 0)
        return UINT32_MAX;
    return slot_of(map, key)->index_plus_one - 1;
}

static bool make_room(struct number_map *map)
{
    if (2 * (map->used + 1) <= map->slot_count)
        return true;
    struct number_map larger = {.slot_count = map->slot_count ? 2 * map->slot_count : 16};
    larger.slots = memory_zeroed(larger.slot_count, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < map->slot_count; i++) {
        if (map->slots[i].index_plus_one)
            *slot_of(&larger, map->slots[i].key) = map->slots[i];
    }
    larger.used = map->used;
    free(map->slots);
    *map = larger;
    return true;
}

bool number_map_put(struct number_map *map, uint64_t key, uint32_t index)
{
    if (!make_room(map))
        return false;
    struct number_slot *slot = slot_of(map, key);
    map->used += slot->index_plus_one == 0;
    *slot = (struct number_slot){.key = key, .index_plus_one = index + 1};
    return true;
}
