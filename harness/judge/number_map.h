#ifndef FRESHCHECK_HARNESS_JUDGE_NUMBER_MAP_H
#define FRESHCHECK_HARNESS_JUDGE_NUMBER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From a number to an index, for looking things up that live in arrays. Start with {0}. */
struct number_map {
    struct number_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t used;
};

void number_map_free(struct number_map *map);

/* The index stored under `key`, or UINT32_MAX. */
uint32_t number_map_find(const struct number_map *map, uint64_t key);

/* Stores or replaces. `index` must be below UINT32_MAX. False: out of memory, nothing changed. */
bool number_map_put(struct number_map *map, uint64_t key, uint32_t index);

#endif
