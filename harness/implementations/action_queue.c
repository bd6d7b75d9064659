#include "harness/implementations/action_queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/vector.h"

bool action_queue_reserve(struct action_queue *queue, size_t more)
{
    if (queue->first > 0) {
        memmove(queue->items, queue->items + queue->first, queue->count * sizeof *queue->items);
        queue->first = 0;
    }
    while (queue->count + more > queue->capacity) {
        void *items =
            vector_grow(queue->items, queue->capacity, &queue->capacity, sizeof *queue->items);
        if (!items)
            return false;
        queue->items = items;
    }
    return true;
}

void action_queue_push(struct action_queue *queue, const struct endpoint_action *action)
{
    queue->items[queue->first + queue->count++] = *action;
}

bool action_queue_pop(struct action_queue *queue, struct endpoint_action *action)
{
    if (queue->count == 0)
        return false;
    *action = queue->items[queue->first++];
    queue->count--;
    return true;
}

void action_queue_free(struct action_queue *queue)
{
    struct endpoint_action action;
    while (action_queue_pop(queue, &action)) {
        if (action.kind == ACTION_REPLY)
            body_release(action.body);
    }
    free(queue->items);
}
