#include "harness/clients/turns.h"

#include <assert.h>
#include <stdlib.h>

/* A ticket and, below it, who drew it: one word, ordered by tickets. */
enum { CLIENT_BITS = 24 };
static const uint64_t client_mask = (UINT64_C(1) << CLIENT_BITS) - 1;
static const uint64_t nobody = UINT64_MAX;

__extension__ typedef __int128 rank;

bool turns_init(struct turns *turns, size_t client_count)
{
    const size_t room = client_count > 0 ? client_count : 1;
    *turns = (struct turns){.newest_due_us = INT64_MIN};
    if (room > client_mask)
        return false;
    turns->heap = calloc(room, sizeof *turns->heap);
    turns->next = calloc(room, sizeof *turns->next);
    return turns->heap && turns->next;
}

void turns_free(struct turns *turns)
{
    free(turns->heap);
    free(turns->next);
    *turns = (struct turns){0};
}

/* Without branches: which of two comes first cannot be foretold, and a wrong guess of the processor
 * costs more than the comparison. */
static bool comes_before(const struct instant *a, const struct instant *b)
{
    return ((rank)a->due_us << 64 | a->first) < ((rank)b->due_us << 64 | b->first);
}

static void rise(struct turns *turns, size_t position, struct instant instant)
{
    while (position > 0) {
        const size_t parent = (position - 1) / 2;
        if (!comes_before(&instant, &turns->heap[parent]))
            break;
        turns->heap[position] = turns->heap[parent];
        position = parent;
    }
    turns->heap[position] = instant;
}

/* Into the gap at the top, which goes straight to the bottom: a client's next turn is most likely
 * later than those of the others. From there it rises if it must. */
static void fill_gap(struct turns *turns, struct instant instant)
{
    struct instant *const heap = turns->heap;
    struct instant *gap = heap;
    size_t right = 2;
    while (right < turns->count) {
        const size_t child = right - comes_before(&heap[right - 1], &heap[right]);
        *gap = heap[child];
        gap = &heap[child];
        right = 2 * child + 2;
    }
    if (right == turns->count) {
        *gap = heap[right - 1];
        gap = &heap[right - 1];
    }
    rise(turns, (size_t)(gap - heap), instant);
}

void turns_add(struct turns *turns, size_t client, int64_t due_us, uint64_t ticket)
{
    const struct instant instant = {.due_us = due_us, .first = ticket << CLIENT_BITS | client};
    turns->next[client] = nobody;
    const bool joins = due_us == turns->newest_due_us;
    if (joins)
        turns->next[turns->newest_last] = instant.first;
    turns->newest_due_us = due_us;
    turns->newest_last = client;
    if (joins)
        return;
    assert(ticket >> (64 - CLIENT_BITS) == 0);
    if (!turns->has_gap) {
        rise(turns, turns->count++, instant);
        return;
    }
    turns->has_gap = false;
    fill_gap(turns, instant);
}

int64_t turns_due(const struct turns *turns, uint64_t *ticket)
{
    if (turns->count == 0)
        return INT64_MAX;
    *ticket = turns->heap[0].first >> CLIENT_BITS;
    return turns->heap[0].due_us;
}

size_t turns_take(struct turns *turns)
{
    assert(turns->count > 0 && !turns->has_gap);
    struct instant *instant = &turns->heap[0];
    const size_t client = instant->first & client_mask;
    const uint64_t next = turns->next[client];
    if (next != nobody) {
        instant->first = next;
        return client;
    }
    /* The line is empty: nobody may join it any more. */
    turns->has_gap = true;
    if (client == turns->newest_last)
        turns->newest_due_us = INT64_MIN;
    return client;
}

/* Nobody came to fill the gap: the last instant does. */
void turns_close(struct turns *turns)
{
    if (!turns->has_gap)
        return;
    turns->count--;
    turns->has_gap = false;
    if (turns->count > 0)
        fill_gap(turns, turns->heap[turns->count]);
}
