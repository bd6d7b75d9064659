#ifndef FRESHCHECK_REST_ENDPOINT_ACTIONS_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_ACTIONS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rest_endpoint/endpoint.h"

/* Actions that wait to be drained, first in first out, in a ring of memory that begins anew whenever
 * it is empty: most often it is, and then always the same memory is written. */
struct action_queue {
    struct endpoint_action *items;
    size_t capacity; /* a power of two, or 0 */
    size_t first, length;
};

void actions_free(struct action_queue *queue); /* releases the bodies in it */

bool actions_grow(struct action_queue *queue, size_t count);

/* Makes sure that `count` more can be pushed without failing. False when out of memory. */
static inline bool actions_reserve(struct action_queue *queue, size_t count)
{
    return queue->capacity - queue->length >= count || actions_grow(queue, count);
}

/* Where to write the next one. There must be room. */
struct endpoint_action *actions_push(struct action_queue *queue);

/* The one that was pushed last and not taken. There must be one. */
struct endpoint_action *actions_last(struct action_queue *queue);

bool actions_take(struct action_queue *queue, struct endpoint_action *action);

/* Removes the replies to this request. */
void actions_drop_replies(struct action_queue *queue, uint64_t request);

#endif
