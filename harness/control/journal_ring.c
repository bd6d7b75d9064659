#include "harness/control/journal_ring.h"

#include <assert.h>
#include <stdlib.h>

#include "base/text.h"

enum { CAPACITY_AT_FIRST = 64 };

struct journal_ring {
    struct journal_entry *lines; /* line `number` is at number % capacity; paths are owned */
    size_t capacity;
    size_t lines_max;
    uint64_t first, next;
};

struct journal_ring *journal_ring_new(size_t lines_max)
{
    struct journal_ring *ring = calloc(1, sizeof *ring);
    if (!ring)
        return NULL;
    ring->lines_max = lines_max;
    ring->first = 1;
    ring->next = 1;
    return ring;
}

static struct journal_entry *line_at(const struct journal_ring *ring, uint64_t number)
{
    return &ring->lines[number % ring->capacity];
}

static void drop_first(struct journal_ring *ring)
{
    free((void *)(uintptr_t)line_at(ring, ring->first)->path);
    ring->first++;
}

void journal_ring_clear(struct journal_ring *ring)
{
    while (ring->lines_max > 0 && ring->first < ring->next)
        drop_first(ring);
}

void journal_ring_free(struct journal_ring *ring)
{
    if (!ring)
        return;
    journal_ring_clear(ring);
    free(ring->lines);
    free(ring);
}

static bool enlarge(struct journal_ring *ring)
{
    size_t capacity = ring->capacity ? 2 * ring->capacity : CAPACITY_AT_FIRST;
    if (capacity > ring->lines_max)
        capacity = ring->lines_max;
    struct journal_entry *lines = malloc(capacity * sizeof *lines);
    if (!lines)
        return false;
    for (uint64_t number = ring->first; number < ring->next; number++)
        lines[number % capacity] = *line_at(ring, number);
    free(ring->lines);
    ring->lines = lines;
    ring->capacity = capacity;
    return true;
}

bool journal_ring_add(struct journal_ring *ring, const struct journal_entry *entry)
{
    if (ring->lines_max == 0) {
        ring->first = ++ring->next;
        return true;
    }
    if (ring->next - ring->first == ring->capacity && ring->capacity < ring->lines_max &&
        !enlarge(ring))
        return false;
    /* The JobManager keeps a path only as long as it has a use for it. */
    struct journal_entry line = *entry;
    line.path = text_copy(entry->path);
    if (entry->path && !line.path)
        return false;
    if (ring->next - ring->first == ring->capacity)
        drop_first(ring);
    *line_at(ring, ring->next++) = line;
    return true;
}

uint64_t journal_ring_first(const struct journal_ring *ring)
{
    return ring->first;
}

uint64_t journal_ring_next(const struct journal_ring *ring)
{
    return ring->next;
}

const struct journal_entry *journal_ring_at(const struct journal_ring *ring, uint64_t number)
{
    assert(number >= ring->first && number < ring->next);
    return line_at(ring, number);
}
