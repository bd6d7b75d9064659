#include <stdlib.h>

#include "base/text.h"
#include "harness/recording/recording_internal.h"

bool text_pool_add(struct text_pool *pool, const char *text, size_t length, size_t *index)
{
    struct digest digest = digest_start();
    digest_add(&digest, text, length);
    if (digest_table_find(&pool->indices, digest, index))
        return true;
    char **texts = recording_grow(pool->texts, pool->count, &pool->capacity, sizeof(*pool->texts));
    if (!texts)
        return false;
    pool->texts = texts;
    char *copy = text_copy_length(text, length);
    if (!copy || !digest_table_put(&pool->indices, digest, pool->count)) {
        free(copy);
        return false;
    }
    *index = pool->count;
    pool->texts[pool->count++] = copy;
    return true;
}

void text_pool_free(struct text_pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        free(pool->texts[i]);
    free(pool->texts);
    digest_table_free(&pool->indices);
    *pool = (struct text_pool){0};
}
