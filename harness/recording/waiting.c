#include <stdlib.h>

#include "harness/recording/recording_internal.h"

/* A heap: no exchange is later than the two below it. */

void exchange_release(struct recorded_exchange *exchange)
{
    body_unref(exchange->body);
    free(exchange->target);
    *exchange = (struct recorded_exchange){0};
}

static bool earlier(const struct waiting *waiting, size_t a, size_t b)
{
    return line_order_earlier(&waiting->items[a].order, &waiting->items[b].order);
}

static void swap(struct waiting *waiting, size_t a, size_t b)
{
    const struct recorded_exchange kept = waiting->items[a];
    waiting->items[a] = waiting->items[b];
    waiting->items[b] = kept;
}

bool waiting_put(struct waiting *waiting, const struct recorded_exchange *exchange)
{
    struct recorded_exchange *items =
        recording_grow(waiting->items, waiting->count, &waiting->capacity, sizeof(*items));
    if (!items)
        return false;
    waiting->items = items;
    size_t at = waiting->count++;
    items[at] = *exchange;
    for (; at > 0 && earlier(waiting, at, (at - 1) / 2); at = (at - 1) / 2)
        swap(waiting, at, (at - 1) / 2);
    return true;
}

const struct recorded_exchange *waiting_first(const struct waiting *waiting)
{
    return waiting->count > 0 ? &waiting->items[0] : NULL;
}

struct recorded_exchange waiting_take(struct waiting *waiting)
{
    const struct recorded_exchange first = waiting->items[0];
    waiting->items[0] = waiting->items[--waiting->count];
    for (size_t at = 0;;) {
        size_t next = 2 * at + 1;
        if (next + 1 < waiting->count && earlier(waiting, next + 1, next))
            next++;
        if (next >= waiting->count || !earlier(waiting, next, at))
            return first;
        swap(waiting, at, next);
        at = next;
    }
}

void waiting_free(struct waiting *waiting)
{
    for (size_t i = 0; i < waiting->count; i++)
        exchange_release(&waiting->items[i]);
    free(waiting->items);
    *waiting = (struct waiting){0};
}
