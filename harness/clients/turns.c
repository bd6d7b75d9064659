#include "harness/clients/turns.h"

#include <stdlib.h>

static const size_t nobody = SIZE_MAX;

bool turns_init(struct turns *turns, size_t client_count)
{
    const size_t room = client_count > 0 ? client_count : 1;
    *turns = (struct turns){.newest_due_us = INT64_MIN};
    turns->heap = calloc(room, sizeof *turns->heap);
    turns->line = calloc(room, sizeof *turns->line);
    return turns->heap && turns->line;
}

void turns_free(struct turns *turns)
{
    free(turns->heap);
    free(turns->line);
    *turns = (struct turns){0};
}

/* Written without branches: which of two comes first cannot be foretold, and a wrong guess of the
 * processor costs more than both comparisons. */
static bool comes_before(const struct instant *a, const struct instant *b)
{
    return (a->due_us < b->due_us) |
           ((a->due_us == b->due_us) & (a->first_ticket < b->first_ticket));
}

static void rise(struct turns *turns, size_t position, const struct instant *instant)
{
    while (position > 0) {
        const size_t parent = (position - 1) / 2;
        if (!comes_before(instant, &turns->heap[parent]))
            break;
        turns->heap[position] = turns->heap[parent];
        position = parent;
    }
    turns->heap[position] = *instant;
}

/* The gap at the top goes straight to the bottom, where the last one most likely belongs; from
 * there it rises if it must. */
static void take_first_instant(struct turns *turns)
{
    const struct instant last = turns->heap[--turns->count];
    size_t position = 0;
    size_t right;
    while ((right = 2 * position + 2) < turns->count) {
        const size_t child = right - comes_before(&turns->heap[right - 1], &turns->heap[right]);
        turns->heap[position] = turns->heap[child];
        position = child;
    }
    if (right == turns->count) {
        turns->heap[position] = turns->heap[right - 1];
        position = right - 1;
    }
    rise(turns, position, &last);
}

void turns_add(struct turns *turns, size_t client, int64_t due_us, uint64_t ticket)
{
    turns->line[client] = (struct in_line){.ticket = ticket, .next = nobody};
    if (due_us == turns->newest_due_us) {
        turns->line[turns->newest_last].next = client;
        turns->newest_last = client;
        return;
    }
    const struct instant instant = {.due_us = due_us, .first_ticket = ticket, .first = client};
    rise(turns, turns->count++, &instant);
    turns->newest_due_us = due_us;
    turns->newest_last = client;
}

int64_t turns_due(const struct turns *turns, uint64_t *ticket)
{
    if (turns->count == 0)
        return INT64_MAX;
    *ticket = turns->line[turns->heap[0].first].ticket;
    return turns->heap[0].due_us;
}

size_t turns_take(struct turns *turns)
{
    struct instant *instant = &turns->heap[0];
    const size_t client = instant->first;
    const size_t next = turns->line[client].next;
    if (next != nobody) {
        instant->first = next;
        return client;
    }
    /* The line is empty: nobody may join it any more. */
    if (client == turns->newest_last)
        turns->newest_due_us = INT64_MIN;
    take_first_instant(turns);
    return client;
}
