#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double, so that those who keep little take little, and those who keep much few. */
enum { FIRST_BLOCK_SIZE = 1024, BLOCK_SIZE_MAX = 64 * 1024, ALIGNMENT = 16 };

struct block {
    struct block *previous;
    size_t used, size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
    struct block *newest;
    bool failed;
};

struct arena *arena_new(void)
{
    return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    while (arena->newest) {
        struct block *block = arena->newest;
        arena->newest = block->previous;
        free(block);
    }
    free(arena);
}

static struct block *add_block(struct arena *arena, size_t bytes_min)
{
    size_t size = arena->newest ? 2 * arena->newest->size : FIRST_BLOCK_SIZE;
    if (size > BLOCK_SIZE_MAX)
        size = BLOCK_SIZE_MAX;
    if (size < bytes_min)
        size = bytes_min;
    if (size > SIZE_MAX - sizeof(struct block))
        return NULL;
    struct block *block = malloc(sizeof(*block) + size);
    if (!block)
        return NULL;
    *block = (struct block){.size = size, .previous = arena->newest};
    arena->newest = block;
    return block;
}

void *arena_zeroed(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX - ALIGNMENT) / size) {
        arena->failed = true;
        return NULL;
    }
    size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *block = arena->newest;
    if (!block || block->size - block->used < bytes)
        block = add_block(arena, bytes);
    if (!block) {
        arena->failed = true;
        return NULL;
    }
    void *memory = block->bytes + block->used;
    block->used += bytes;
    return memset(memory, 0, bytes);
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_zeroed(arena, length + 1, 1);
    if (copy && length != 0)
        memcpy(copy, text, length);
    return copy;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t more = *capacity ? 2 * *capacity : 8;
    void *moved = arena_zeroed(arena, more, size);
    if (!moved)
        return NULL;
    if (count != 0)
        memcpy(moved, items, count * size);
    *capacity = more;
    return moved;
}

bool arena_failed(const struct arena *arena)
{
    return arena->failed;
}
