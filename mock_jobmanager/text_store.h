#ifndef FRESHCHECK_MOCK_JOBMANAGER_TEXT_STORE_H
#define FRESHCHECK_MOCK_JOBMANAGER_TEXT_STORE_H

#include <stddef.h>

/* Texts that stay where they are until the store goes: journal lines point at paths long after
 * their checkpoint was discarded. */
struct text_chunk;

struct text_store {
    struct text_chunk *newest;
};

void text_store_free(struct text_store *store);
const char *text_store_copy(struct text_store *store, const char *text); /* NULL: out of memory */

#endif
