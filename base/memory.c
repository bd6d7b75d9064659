#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void *memory_zeroed(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    void *memory = malloc(bytes);
    /* Says that the pointer may be another now: else compilers make one calloc() of both calls. */
    __asm__("" : "+r"(memory));
    return memory ? memset(memory, 0, bytes) : NULL;
}
