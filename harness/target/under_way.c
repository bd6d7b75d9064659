#include "harness/target/under_way.h"

#include <assert.h>
#include <stdlib.h>

enum { CAPACITY_FIRST = 64 };

static struct sent_request *slot_of(const struct under_way *under_way, uint64_t request)
{
    return &under_way->slots[request & (under_way->capacity - 1)];
}

static bool grow(struct under_way *under_way)
{
    struct under_way larger = *under_way;
    larger.capacity = under_way->capacity ? 2 * under_way->capacity : CAPACITY_FIRST;
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (uint64_t i = 0; i < under_way->count; i++)
        *slot_of(&larger, under_way->first + i) = *slot_of(under_way, under_way->first + i);
    free(under_way->slots);
    *under_way = larger;
    return true;
}

bool under_way_add(struct under_way *under_way, int64_t sent_us, const struct client_action *asked)
{
    if (under_way->count == under_way->capacity && !grow(under_way))
        return false;
    if (under_way->count == 0)
        under_way->first = asked->request.id;
    assert(asked->request.id == under_way->first + under_way->count);
    *slot_of(under_way, asked->request.id) =
        (struct sent_request){.waits = true, .sent_us = sent_us, .asked = *asked};
    under_way->count++;
    under_way->waiting++;
    return true;
}

bool under_way_take(struct under_way *under_way, uint64_t request, struct sent_request *sent)
{
    if (request < under_way->first || request - under_way->first >= under_way->count)
        return false;
    struct sent_request *slot = slot_of(under_way, request);
    if (!slot->waits)
        return false;
    *sent = *slot;
    slot->waits = false;
    under_way->waiting--;
    while (under_way->count > 0 && !slot_of(under_way, under_way->first)->waits) {
        under_way->first++;
        under_way->count--;
    }
    return true;
}

const struct sent_request *under_way_first(const struct under_way *under_way)
{
    return under_way->count > 0 ? slot_of(under_way, under_way->first) : NULL;
}

void under_way_free(struct under_way *under_way)
{
    free(under_way->slots);
    *under_way = (struct under_way){0};
}
