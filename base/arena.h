#ifndef FRESHCHECK_BASE_ARENA_H
#define FRESHCHECK_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory that is released all at once. Running out of it is sticky: arena_failed() tells at the
 * end, and each caller only has to leave NULL alone.
 */
struct arena;

struct arena *arena_new(void);        /* NULL: out of memory */
void arena_free(struct arena *arena); /* NULL is allowed */

/* `count` things of `size` bytes, all zero; NULL when out of memory. */
void *arena_zeroed(struct arena *arena, size_t count, size_t size);

/* A copy with a NUL behind it; NULL when out of memory. */
char *arena_text(struct arena *arena, const char *text, size_t length);

/*
 * The array `items` of *capacity things, `count` of them in use, with room for at least one more.
 * Moves it when it must. NULL when out of memory.
 */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

bool arena_failed(const struct arena *arena);

#endif
