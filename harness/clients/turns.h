#ifndef FRESHCHECK_HARNESS_CLIENTS_TURNS_H
#define FRESHCHECK_HARNESS_CLIENTS_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A client's next turn. Of two at one instant the lower ticket comes first. */
struct turn {
    int64_t due_us; /* INT64_MAX: it has none */
    uint64_t drawn; /* ticket and, below it, the client: one word, ordered by tickets */
};

/*
 * Who acts when. A tournament: clients stand in pairs, of each pair the one whose turn comes first
 * goes on to the next round, and the winner is who acts next. A client's new turn is played through
 * the rounds from its own place upwards, against opponents that are known beforehand, so that the
 * processor need not wait for one round before it looks at the next.
 */
struct turns {
    struct turn *rounds; /* [1]: the winner; those who met for [i] are [2 i] and [2 i + 1] */
    size_t place_count;  /* of the first round, from here on; a power of two */
};

/* Room for this many clients, below 2^24; nobody has a turn. False when out of memory. */
bool turns_init(struct turns *turns, size_t client_count);
void turns_free(struct turns *turns);

/* A client's only turn from now on. Tickets are below 2^40. */
void turns_set(struct turns *turns, size_t client, int64_t due_us, uint64_t ticket);

/* When the first is due and its ticket; INT64_MAX when nobody is. */
int64_t turns_due(const struct turns *turns, uint64_t *ticket);

/* Whose turn comes first; there must be one. */
size_t turns_first(const struct turns *turns);

#endif
