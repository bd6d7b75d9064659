#ifndef FRESHCHECK_HARNESS_OBSERVER_DECIDERS_H
#define FRESHCHECK_HARNESS_OBSERVER_DECIDERS_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/clients/clients.h"
#include "harness/judge/history.h"

/*
 * The migrations of a plan: what becomes of answers on their way to them, and which answer each had
 * last when it decided. The judge is told of answers as they left.
 */
struct deciders {
    const struct plan *plan;
    struct decider {
        size_t client_index;
        uint64_t request;         /* whose answer it had last; 0: none so far */
        struct exchange exchange; /* without what it points to */
        int64_t shown;            /* see struct decision */
    } * items;
    size_t count;
    struct observation told; /* the last answer that was garbled */
};

bool deciders_start(struct deciders *deciders, const struct plan *plan); /* false: out of memory */
void deciders_free(struct deciders *deciders);

/* NULL: that client is no migration. */
struct decider *deciders_find(const struct deciders *deciders, size_t client_index);

/* An answer came for it; returns what it is told. Valid until the next call. */
const struct observation *deciders_hear(struct deciders *deciders, struct decider *decider,
                                        uint64_t request, const struct exchange *exchange);

/* What the judge is told of a choice. */
void deciders_tell(const struct deciders *deciders, int64_t now_us,
                   const struct client_action *action, struct decision *decision);

#endif
