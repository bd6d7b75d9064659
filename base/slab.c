#include "base/slab.h"

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Blocks double, so that a short run takes little and a long one seldom. */
enum { ITEMS_AT_FIRST = 8, ITEMS_MAX = 128 };

struct slab_block {
    struct slab_block *before;
    size_t item_count;
    alignas(max_align_t) char items[];
};

static bool add_block(struct slab *slab)
{
    size_t count = slab->blocks ? 2 * slab->blocks->item_count : ITEMS_AT_FIRST;
    if (count > ITEMS_MAX)
        count = ITEMS_MAX;
    assert(slab->item_size >= sizeof(void *) && slab->item_size <= SIZE_MAX / (2 * ITEMS_MAX));
    struct slab_block *block = malloc(sizeof *block + count * slab->item_size);
    if (!block)
        return false;
    block->before = slab->blocks;
    block->item_count = count;
    slab->blocks = block;
    slab->fresh = block->items;
    slab->fresh_count = count;
    return true;
}

void *slab_take_fresh(struct slab *slab)
{
    if (slab->fresh_count == 0 && !add_block(slab))
        return NULL;
    void *item = slab->fresh;
    slab->fresh += slab->item_size;
    slab->fresh_count--;
    return item;
}

void slab_free(struct slab *slab)
{
    while (slab->blocks) {
        struct slab_block *block = slab->blocks;
        slab->blocks = block->before;
        free(block);
    }
    *slab = (struct slab){.item_size = slab->item_size};
}
