#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_HEAP_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_HEAP_H

#include <stdint.h>

/*
 * How many bytes the process has of malloc() and what stands on it (calloc, strdup, operator new),
 * to the byte: what was freed does not count, wherever the allocator keeps it. Not counted: memory
 * mapped by mmap() itself, and what other threads have freed.
 */
uint64_t heap_bytes(void);

#endif
