#ifndef FRESHCHECK_BASE_SHARED_TEXT_H
#define FRESHCHECK_BASE_SHARED_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* A text that lives as long as somebody holds it: a path is needed by its checkpoint, by snapshots, by
 * the file system and by journal lines, and nobody knows who needs it last. Single-threaded. */
struct shared_text {
    uint32_t references;
    char bytes[];
};

struct shared_text *shared_text_new(const char *text);            /* a copy; NULL: out of memory */
struct shared_text *shared_text_retain(struct shared_text *text); /* NULL is allowed */
void shared_text_release(struct shared_text *text);               /* NULL is allowed */

/* Borrowed; NULL for NULL. */
static inline char *shared_text_bytes(struct shared_text *text)
{
    return text ? text->bytes : NULL;
}

#endif
