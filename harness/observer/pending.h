#ifndef FRESHCHECK_HARNESS_OBSERVER_PENDING_H
#define FRESHCHECK_HARNESS_OBSERVER_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slab.h"
#include "harness/judge/history.h"
#include "harness/judge/listener.h"

/* A request on its way. */
struct pending {
    void *spare;        /* the slab's, while nobody waits here */
    bool goes_by_names; /* see struct client_action */
    struct exchange exchange;
    struct raw_exchange raw;
};

/* Where a request waits. */
struct pending_slot {
    uint64_t request; /* 0: the slot is free */
    struct pending *pending;
};

/*
 * All that are on their way, by their numbers. These rise, so a request mostly stands in the slot
 * that its number names, or else in one of the few that follow.
 */
struct pending_list {
    struct pending_slot *slots;
    uint64_t slot_mask; /* a power of two of them, less one */
    /* Of what waits. The one that was answered last is taken first: most requests are answered at
     * once, and find everything that they write in the processor's nearest memory. */
    struct slab memory;
    size_t count;
};

bool pending_init(struct pending_list *list); /* false: out of memory */
void pending_free(struct pending_list *list); /* zeroed is allowed */

/* Where the number's own slot is taken. NULL: out of memory, or nobody. */
struct pending_slot *pending_slot_beside(struct pending_list *list, uint64_t request);
struct pending_slot *pending_find_beside(const struct pending_list *list, uint64_t request);

/* A request begins to wait; its number is above 0 and waits not yet. What is there is whatever the
 * one before it left. NULL: out of memory. */
static inline struct pending *pending_begin(struct pending_list *list, uint64_t request)
{
    struct pending_slot *slot = &list->slots[request & list->slot_mask];
    if (slot->request != 0)
        slot = pending_slot_beside(list, request);
    struct pending *pending = slot ? slab_take(&list->memory) : NULL;
    if (!pending)
        return NULL;
    *slot = (struct pending_slot){.request = request, .pending = pending};
    list->count++;
    return pending;
}

/* NULL: it does not wait. */
static inline struct pending_slot *pending_find(const struct pending_list *list, uint64_t request)
{
    struct pending_slot *slot = &list->slots[request & list->slot_mask];
    if (request == 0)
        return NULL;
    return slot->request == request ? slot : pending_find_beside(list, request);
}

/* What it holds stays as it is until somebody else waits there. */
static inline void pending_end(struct pending_list *list, struct pending_slot *slot)
{
    slab_give(&list->memory, slot->pending);
    list->count--;
    slot->request = 0;
}

#endif
