#include "harness/clients/turns.h"

#include <assert.h>
#include <stdlib.h>

enum { CLIENT_BITS = 24 };
static const uint64_t client_mask = (UINT64_C(1) << CLIENT_BITS) - 1;
static const struct turn never = {.due_us = INT64_MAX, .drawn = UINT64_MAX};

__extension__ typedef __int128 rank;

bool turns_init(struct turns *turns, size_t client_count)
{
    *turns = (struct turns){.place_count = 1};
    if (client_count > client_mask)
        return false;
    while (turns->place_count < client_count)
        turns->place_count *= 2;
    turns->rounds = malloc(2 * turns->place_count * sizeof *turns->rounds);
    for (size_t i = 0; turns->rounds && i < 2 * turns->place_count; i++)
        turns->rounds[i] = never;
    return turns->rounds != NULL;
}

void turns_free(struct turns *turns)
{
    free(turns->rounds);
    *turns = (struct turns){0};
}

/* Without branches: who wins cannot be foretold, and a wrong guess of the processor costs more than
 * the comparison. */
static struct turn winner_of(struct turn a, struct turn b)
{
    const bool b_wins = ((rank)b.due_us << 64 | b.drawn) < ((rank)a.due_us << 64 | a.drawn);
    return (struct turn){.due_us = b_wins ? b.due_us : a.due_us,
                         .drawn = b_wins ? b.drawn : a.drawn};
}

void turns_set(struct turns *turns, size_t client, int64_t due_us, uint64_t ticket)
{
    struct turn winner = {.due_us = due_us, .drawn = ticket << CLIENT_BITS | client};
    size_t place = turns->place_count + client;
    assert(client < turns->place_count && ticket >> (64 - CLIENT_BITS) == 0);
    turns->rounds[place] = winner;
    while (place > 1) {
        winner = winner_of(winner, turns->rounds[place ^ 1]);
        place /= 2;
        turns->rounds[place] = winner;
    }
}

int64_t turns_due(const struct turns *turns, uint64_t *ticket)
{
    *ticket = turns->rounds[1].drawn >> CLIENT_BITS;
    return turns->rounds[1].due_us;
}

size_t turns_first(const struct turns *turns)
{
    assert(turns->rounds[1].due_us != INT64_MAX);
    return turns->rounds[1].drawn & client_mask;
}
