#ifndef FRESHCHECK_BASE_MEMORY_H
#define FRESHCHECK_BASE_MEMORY_H

#include <stddef.h>

/*
 * Zeroed memory to free(), for small objects that come and go: as calloc(), which in glibc up to
 * 2.40 passes by the cache of freed blocks and so takes several times as long. NULL: out of
 * memory, or count * size is too much.
 */
void *memory_zeroed(size_t count, size_t size);

#endif
