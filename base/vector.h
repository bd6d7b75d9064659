#ifndef FRESHCHECK_BASE_VECTOR_H
#define FRESHCHECK_BASE_VECTOR_H

#include <stddef.h>

/*
 * An array that grows by doubling. Returns it with room for one more than `count` items of
 * `item_size` bytes, moved where it had none; *capacity counts items. NULL: out of memory, and
 * nothing changed.
 */
void *vector_grow(void *items, size_t count, size_t *capacity, size_t item_size);

#endif
