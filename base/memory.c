#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void *memory_zeroed(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    /* Not malloc(): compilers make calloc() of that and memset(). */
    void *memory = realloc(NULL, bytes);
    return memory ? memset(memory, 0, bytes) : NULL;
}
