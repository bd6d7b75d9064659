#include "harness/shared_object/heap.h"

#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>

/* There with the address sanitizer only, whose allocator mallinfo2() knows nothing of. */
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

/*
 * glibc keeps some freed blocks of each size for the thread that freed them, and mallinfo2() counts
 * those as used (malloc.c, struct tcache_perthread_struct: 7 blocks of each of 64 sizes). Asking for
 * more of each and freeing them leaves that store full, so that two counts differ by what was
 * allocated in between and nothing else.
 */
static void fill_store_of_freed(void)
{
    enum { SIZE_MAX_KEPT = 1040, STEP = 16, BLOCKS = 16 };
    for (size_t size = STEP / 2; size <= SIZE_MAX_KEPT; size += STEP) {
        void *volatile blocks[BLOCKS];
        for (size_t i = 0; i < BLOCKS; i++)
            blocks[i] = malloc(size);
        for (size_t i = 0; i < BLOCKS; i++)
            free(blocks[i]);
    }
}

uint64_t heap_bytes(void)
{
    if (__sanitizer_get_current_allocated_bytes)
        return __sanitizer_get_current_allocated_bytes();
    fill_store_of_freed();
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}
