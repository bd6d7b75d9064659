#include "harness/judge/judge_floors.h"

#include <string.h>

#include "base/vector.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"
#include "harness/judge/number_map.h"

/* What answers had shown by when: everybody's, and each client's. */

const struct floor *floor_before(const struct floors *floors, int64_t sent_us)
{
    const struct floor *items = floors_items(floors);
    size_t low = 0, high = floors->count;
    if (high > 0 && items[high - 1].done_us < sent_us)
        return &items[high - 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (items[middle].done_us < sent_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &items[low - 1] : NULL;
}

struct floors *client_floors(const struct run *run, size_t client)
{
    uint32_t index = number_map_find(&run->floors_of, client);
    return index == UINT32_MAX ? NULL : &run->per_client[index];
}

struct floors *client_floors_make(struct run *run, size_t client)
{
    struct floors *found = client_floors(run, client);
    if (found)
        return found;
    struct floors *items =
        vector_grow(run->per_client, run->client_count, &run->client_capacity, sizeof *items);
    if (!items)
        return NULL;
    run->per_client = items;
    if (!number_map_put(&run->floors_of, client, (uint32_t)run->client_count))
        return NULL;
    items[run->client_count] = (struct floors){0};
    return &items[run->client_count++];
}

enum { FORGOTTEN_FROM = 4 };

static struct floor *items_of(struct floors *floors)
{
    return floors->many ? floors->many : floors->few;
}

/* Forgets what no request still to come can be compared with: all but the last floor before the
 * horizon. Only where that is half of them or more: then the rest is moved seldom enough. */
static void forget_floors(struct floors *floors, int64_t horizon_us)
{
    struct floor *items = items_of(floors);
    size_t dead = floors->count / 2;
    if (floors->count < FORGOTTEN_FROM || items[dead].done_us >= horizon_us)
        return;
    while (dead + 1 < floors->count && items[dead + 1].done_us < horizon_us)
        dead++;
    floors->count -= dead;
    memmove(items, items + dead, floors->count * sizeof *items);
}

/* With room for one more; NULL: out of memory. */
static struct floor *grow_floors(struct floors *floors)
{
    if (!floors->many && floors->count < FLOORS_FEW)
        return floors->few;
    struct floor *many = vector_grow(floors->many, floors->count, &floors->capacity, sizeof *many);
    if (!many)
        return NULL;
    if (!floors->many)
        memcpy(many, floors->few, sizeof floors->few);
    floors->many = many;
    return many;
}

static bool raise_floor(struct floors *floors, const struct exchange *exchange,
                        const struct shown_state *shown)
{
    struct shown_state *top = &floors->top;
    struct floor *items = grow_floors(floors);
    if (!items)
        return false;
    if (floors->count == 0)
        floors->since_us = exchange->done_us;
    if (floors->count == 0 || shown->id > top->id)
        top->id = shown->id;
    if (floors->count == 0 || shown->version > top->version)
        top->version = shown->version;
    items[floors->count++] = (struct floor){.done_us = exchange->done_us,
                                            .id = top->id,
                                            .version = top->version,
                                            .shown = *shown,
                                            .seq = exchange->seq,
                                            .client = exchange->client_index};
    return true;
}

bool client_floor_raise(const struct judge *judge, struct floors *own,
                        const struct exchange *exchange, const struct shown_state *shown)
{
    forget_floors(own, judge->horizon_us);
    return raise_floor(own, exchange, shown);
}

bool absorb_floors(struct judge *judge, struct look *look)
{
    const struct shown_state shown = {.id = look->shown_id, .version = look->seen->version};
    if (!look->run)
        return true;
    const bool raises = floors_are_below(&look->run->everyone, &shown);
    if (raises && !raise_floor(&look->run->everyone, look->exchange, &shown))
        return false;
    look->job->generation += raises;
    look->taught += raises;
    if (!compares_client(&judge->claim, look->exchange))
        return true;
    struct floors *own = client_floors_make(look->run, look->exchange->client_index);
    return own && (!floors_are_below(own, &shown) ||
                   client_floor_raise(judge, own, look->exchange, &shown));
}
