#ifndef FRESHCHECK_REST_ENDPOINT_ACTIONS_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_ACTIONS_INTERNAL_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "rest_endpoint/endpoint.h"

/* Actions of one kind that wait to be drained, first in first out, in a ring of memory that begins
 * anew whenever it is empty: most often it is, and then always the same memory is written. */
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

static inline struct endpoint_action *actions_at(const struct action_queue *queue, size_t index)
{
    return &queue->items[(queue->first + index) & (queue->capacity - 1)];
}

/* Where to write the next one. There must be room. */
static inline struct endpoint_action *actions_push(struct action_queue *queue)
{
    assert(queue->length < queue->capacity);
    return actions_at(queue, queue->length++);
}

/* The one that was pushed last and not taken. There must be one. */
static inline struct endpoint_action *actions_last(struct action_queue *queue)
{
    assert(queue->length > 0);
    return actions_at(queue, queue->length - 1);
}

static inline bool actions_take(struct action_queue *queue, struct endpoint_action *action)
{
    if (queue->length == 0)
        return false;
    const struct endpoint_action *item = actions_at(queue, 0);
    if (item->kind == ACTION_REPLY)
        memcpy(action, item, offsetof(struct endpoint_action, fetch));
    else
        *action = *item;
    queue->length--;
    queue->first = queue->length > 0 ? (queue->first + 1) & (queue->capacity - 1) : 0;
    return true;
}

/* Removes the replies to this request from a queue of replies. */
void actions_drop_replies(struct action_queue *queue, uint64_t request);

#endif
