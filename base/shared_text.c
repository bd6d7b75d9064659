#include "base/shared_text.h"

#include <stdlib.h>
#include <string.h>

struct shared_text *shared_text_new(const char *text)
{
    const size_t size = strlen(text) + 1;
    struct shared_text *const shared = malloc(sizeof *shared + size);
    if (!shared)
        return NULL;
    shared->references = 1;
    memcpy(shared->bytes, text, size);
    return shared;
}

struct shared_text *shared_text_retain(struct shared_text *text)
{
    if (text)
        text->references++;
    return text;
}

void shared_text_release(struct shared_text *text)
{
    if (text && --text->references == 0)
        free(text);
}
