#ifndef FRESHCHECK_BASE_SLAB_H
#define FRESHCHECK_BASE_SLAB_H

#include <stddef.h>

/*
 * Memory for many things of one size that come and go: it is taken for some of them at once, and
 * given back when the slab is freed. Start with {.item_size = sizeof(struct thing)}, which must be
 * no less than that of a pointer.
 */
struct slab {
    size_t item_size;
    void *spare; /* given back; each begins with the next */
    char *fresh; /* never taken so far, */
    size_t fresh_count;
    struct slab_block *blocks;
};

void *slab_take_fresh(struct slab *slab); /* nothing is spare */

/* Not cleared; NULL: out of memory. */
static inline void *slab_take(struct slab *slab)
{
    void *item = slab->spare;
    if (!item)
        return slab_take_fresh(slab);
    slab->spare = *(void **)item;
    return item;
}

/* Of what it held the first pointer's worth is lost, the rest stays until it is taken again. */
static inline void slab_give(struct slab *slab, void *item)
{
    *(void **)item = slab->spare;
    slab->spare = item;
}

void slab_free(struct slab *slab); /* with all that was taken from it */

#endif
