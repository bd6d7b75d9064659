#ifndef FRESHCHECK_HARNESS_TARGET_UNDER_WAY_H
#define FRESHCHECK_HARNESS_TARGET_UNDER_WAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/clients/clients.h"

/*
 * Requests that are not answered yet, by number. Numbers come one after the other, so there is a
 * slot for each from the oldest that waits to the newest. Zeroed is empty.
 */
struct under_way {
    struct sent_request {
        bool waits;
        int64_t sent_us;
        struct client_action asked;
    } * slots;       /* a ring; number N is in slot N modulo capacity */
    size_t capacity; /* a power of two; 0 at first */
    uint64_t first;  /* the oldest number that has a slot */
    size_t count;    /* of slots in use, also by those that do not wait any more */
    size_t waiting;
};

/* Puts in the next request; its number is one more than that of the one before. False: out of
 * memory. */
bool under_way_add(struct under_way *under_way, int64_t sent_us, const struct client_action *asked);

/* Takes a request out; false when it does not wait. */
bool under_way_take(struct under_way *under_way, uint64_t request, struct sent_request *sent);

/* The oldest that waits; NULL when none does. Valid until the next call. */
const struct sent_request *under_way_first(const struct under_way *under_way);

void under_way_free(struct under_way *under_way);

#endif
