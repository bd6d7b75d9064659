#include "harness/observer/pending.h"

#include <stdlib.h>

/* Most are answered before as many others are sent; one that waits long keeps its own slot and is
 * in nobody's way. */
enum { SLOTS_FIRST = 64, SLOTS_TRIED = 8 };

bool pending_init(struct pending_list *list)
{
    *list = (struct pending_list){.slot_mask = SLOTS_FIRST - 1,
                                  .memory.item_size = sizeof(struct pending)};
    list->slots = calloc(SLOTS_FIRST, sizeof *list->slots);
    return list->slots != NULL;
}

void pending_free(struct pending_list *list)
{
    free(list->slots);
    slab_free(&list->memory);
}

static struct pending_slot *find(const struct pending_list *list, uint64_t wanted, uint64_t request)
{
    for (uint64_t step = 0; step < SLOTS_TRIED; step++) {
        struct pending_slot *slot = &list->slots[(request + step) & list->slot_mask];
        if (slot->request == wanted)
            return slot;
    }
    return NULL;
}

struct pending_slot *pending_find_beside(const struct pending_list *list, uint64_t request)
{
    return find(list, request, request);
}

static bool copy_slots(const struct pending_list *from, struct pending_list *to)
{
    for (size_t i = 0; i <= from->slot_mask; i++) {
        const struct pending_slot *old = &from->slots[i];
        struct pending_slot *slot = old->request != 0 ? find(to, 0, old->request) : NULL;
        if (slot)
            *slot = *old;
        else if (old->request != 0)
            return false;
    }
    return true;
}

static bool grow(struct pending_list *list)
{
    struct pending_list bigger = {.slot_mask = list->slot_mask};
    do {
        free(bigger.slots);
        bigger.slot_mask = 2 * bigger.slot_mask + 1;
        bigger.slots = calloc(bigger.slot_mask + 1, sizeof *bigger.slots);
    } while (bigger.slots && !copy_slots(list, &bigger));
    if (!bigger.slots)
        return false;
    free(list->slots);
    list->slots = bigger.slots;
    list->slot_mask = bigger.slot_mask;
    return true;
}

struct pending_slot *pending_slot_beside(struct pending_list *list, uint64_t request)
{
    for (;;) {
        struct pending_slot *slot = find(list, 0, request);
        if (slot)
            return slot;
        if (!grow(list))
            return NULL;
    }
}
