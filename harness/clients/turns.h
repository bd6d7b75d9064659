#ifndef FRESHCHECK_HARNESS_CLIENTS_TURNS_H
#define FRESHCHECK_HARNESS_CLIENTS_TURNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Who acts when: client numbers in order of (due, ticket), where later calls give higher tickets.
 * Programs that ask in step share one instant and stand in line there, so the heap holds instants
 * and not clients: a day of programs in step costs next to nothing.
 */
struct turns {
    struct instant {
        int64_t due_us;
        uint64_t first; /* in line: ticket and client; the others follow it */
    } * heap;           /* by (due_us, first) */
    uint64_t *next;     /* for each client who comes after it in its line: ticket and client */
    size_t count;       /* of instants */
    bool has_gap;       /* at heap[0]: the last of its line was taken, and is acting */
    /* The instant that was added last, while it is there: whoever is due then joins it. Lines at
     * one instant that were begun later hold later tickets only, so order is kept. */
    int64_t newest_due_us;
    size_t newest_last;
};

/* Room for this many clients. False when out of memory. */
bool turns_init(struct turns *turns, size_t client_count);
void turns_free(struct turns *turns);

/* Adds a client that is not there; its ticket is higher than all before it, and below 2^40. */
void turns_add(struct turns *turns, size_t client, int64_t due_us, uint64_t ticket);

/* When the first is due and its ticket; INT64_MAX when nobody is. */
int64_t turns_due(const struct turns *turns, uint64_t *ticket);

/* Takes the first client out; there must be one. It may leave a gap, which is cheaply filled by
 * whoever is added before turns_close(): most likely by itself. That must follow before the next
 * look. */
size_t turns_take(struct turns *turns);
void turns_close(struct turns *turns);

#endif
