#include "rest_endpoint/actions_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_AT_FIRST = 16 };

static struct endpoint_action *item_at(const struct action_queue *queue, size_t index)
{
    return &queue->items[(queue->first + index) & (queue->capacity - 1)];
}

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
        items[i] = *item_at(queue, i);
    free(queue->items);
    queue->items = items;
    queue->capacity = capacity;
    queue->first = 0;
    return true;
}

struct endpoint_action *actions_push(struct action_queue *queue)
{
    assert(queue->length < queue->capacity);
    return item_at(queue, queue->length++);
}

struct endpoint_action *actions_last(struct action_queue *queue)
{
    assert(queue->length > 0);
    return item_at(queue, queue->length - 1);
}

bool actions_take(struct action_queue *queue, struct endpoint_action *action)
{
    if (queue->length == 0)
        return false;
    const struct endpoint_action *item = item_at(queue, 0);
    if (item->kind == ACTION_REPLY)
        memcpy(action, item, offsetof(struct endpoint_action, fetch));
    else
        *action = *item;
    queue->length--;
    queue->first = queue->length > 0 ? (queue->first + 1) & (queue->capacity - 1) : 0;
    return true;
}

void actions_drop_replies(struct action_queue *queue, uint64_t request)
{
    size_t kept = 0;
    for (size_t i = 0; i < queue->length; i++) {
        struct endpoint_action *item = item_at(queue, i);
        if (item->kind == ACTION_REPLY && item->request == request)
            body_release(item->body);
        else
            *item_at(queue, kept++) = *item;
    }
    queue->length = kept;
}
