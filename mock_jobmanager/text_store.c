#include "mock_jobmanager/text_store.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 16 * 1024 };

struct text_chunk {
    struct text_chunk *older;
    size_t used, capacity;
    char bytes[];
};

void text_store_free(struct text_store *store)
{
    while (store->newest) {
        struct text_chunk *const older = store->newest->older;
        free(store->newest);
        store->newest = older;
    }
}

/* A chunk with room for `size` more bytes; NULL when out of memory. */
static struct text_chunk *chunk_with_room(struct text_store *store, size_t size)
{
    struct text_chunk *const newest = store->newest;
    if (newest && newest->capacity - newest->used >= size)
        return newest;
    const size_t capacity = size > CHUNK_BYTES ? size : CHUNK_BYTES;
    struct text_chunk *const chunk = malloc(sizeof *chunk + capacity);
    if (!chunk)
        return NULL;
    *chunk = (struct text_chunk){.older = newest, .capacity = capacity};
    store->newest = chunk;
    return chunk;
}

const char *text_store_copy(struct text_store *store, const char *text)
{
    const size_t size = strlen(text) + 1;
    struct text_chunk *const chunk = chunk_with_room(store, size);
    if (!chunk)
        return NULL;
    char *const copy = chunk->bytes + chunk->used;
    memcpy(copy, text, size);
    chunk->used += size;
    return copy;
}
