#ifndef FRESHCHECK_HARNESS_IMPLEMENTATIONS_ACTION_QUEUE_H
#define FRESHCHECK_HARNESS_IMPLEMENTATIONS_ACTION_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "rest_endpoint/endpoint.h"

/* Actions that wait outside of an endpoint, in the order in which they arose: a wrapper's own, or what
 * came out of one. Zeroed is empty. */
struct action_queue {
    struct endpoint_action *items;
    size_t first, count, capacity;
};

/* Room for `more` further ones; false when out of memory. */
bool action_queue_reserve(struct action_queue *queue, size_t more);
void action_queue_push(struct action_queue *queue, const struct endpoint_action *action);
bool action_queue_pop(struct action_queue *queue, struct endpoint_action *action);
void action_queue_free(struct action_queue *queue); /* with the bodies of its replies */

/* Requests and calls of a wrapper's own have numbers that neither clients nor endpoints give. */
#define OWN_NUMBER (UINT64_C(1) << 63)

#endif
