#include "rest_endpoint/actions_internal.h"

#include <stdlib.h>

enum { CAPACITY_AT_FIRST = 16 };

void actions_free(struct action_queue *queue)
{
    struct endpoint_action action;
    while (actions_take(queue, &action))
        body_release(action.body);
    free(queue->items);
    queue->items = NULL;
    queue->capacity = 0;
}

bool actions_grow(struct action_queue *queue, size_t count)
{
    size_t capacity = queue->capacity ? queue->capacity : CAPACITY_AT_FIRST;
    while (capacity - queue->length < count)
        capacity *= 2;
    struct endpoint_action *items = malloc(capacity * sizeof(*items));
    if (!items)
        return false;
    for (size_t i = 0; i < queue->length; i++)
        items[i] = *actions_at(queue, i);
    free(queue->items);
    queue->items = items;
    queue->capacity = capacity;
    queue->first = 0;
    return true;
}

void actions_drop_replies(struct action_queue *queue, uint64_t request)
{
    size_t kept = 0;
    for (size_t i = 0; i < queue->length; i++) {
        struct endpoint_action *item = actions_at(queue, i);
        if (item->request == request)
            body_release(item->body);
        else
            *actions_at(queue, kept++) = *item;
    }
    queue->length = kept;
}
