#ifndef FRESHCHECK_HARNESS_CONTROL_JOURNAL_RING_H
#define FRESHCHECK_HARNESS_CONTROL_JOURNAL_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mock_jobmanager/journal.h"

/* The last lines of a journal. Lines are numbered from 1, and keep their number. */
struct journal_ring;

struct journal_ring *journal_ring_new(size_t lines_max); /* NULL: out of memory */
void journal_ring_free(struct journal_ring *ring);       /* NULL is allowed */

/* Copies the line; the oldest one leaves when there is no room. False: out of memory. */
bool journal_ring_add(struct journal_ring *ring, const struct journal_entry *entry);

/* Drops all lines; later ones go on with the next number. */
void journal_ring_clear(struct journal_ring *ring);

/* The numbers of the first line that is still there and of the next that will be added; equal when
 * there is none. */
uint64_t journal_ring_first(const struct journal_ring *ring);
uint64_t journal_ring_next(const struct journal_ring *ring);

/* A line that is still there. Valid until the next is added. */
const struct journal_entry *journal_ring_at(const struct journal_ring *ring, uint64_t number);

#endif
