#ifndef FRESHCHECK_HARNESS_CONFORM_CONFORM_INTERNAL_H
#define FRESHCHECK_HARNESS_CONFORM_CONFORM_INTERNAL_H

#include <jansson.h>

#include "base/buffer.h"
#include "harness/conform/conform.h"

/* Where the items are once there is room for one more; NULL when out of memory, then they are
 * where they were. */
void *conform_grow(void *items, size_t count, size_t *capacity, size_t item_size);

/* Moves all of *from to the end of *to; *from is empty after. False when out of memory. */
bool differences_move(struct differences *to, struct differences *from);

/* The same for two values of a body; NULL: there is none. */
bool differences_add_values(struct differences *differences, const char *what, const char *pointer,
                            const json_t *recorded, const json_t *answered);

/* The same for two runs of bytes that are no JSON: shown as printable ASCII. */
bool differences_add_bytes(struct differences *differences, const char *what,
                           const struct conform_exchange *recorded,
                           const struct conform_exchange *answered);

/* Adds "/name" with the escapes of RFC 6901. */
void pointer_push(struct buffer *pointer, const char *name);
void pointer_push_index(struct buffer *pointer, size_t index);
void pointer_pop(struct buffer *pointer, size_t length); /* back to what it was at that length */

/* The pointer as text, "@body" for the root; borrowed. NULL when out of memory. */
const char *pointer_text(struct buffer *pointer);

/* Two values of the same JSON type: NULL, or in static text how their formats differ. */
const char *format_difference(const json_t *recorded, const json_t *answered);

/* True for 32 lower-case hexadecimal digits. */
bool format_is_id(const char *text);

/* Compares two texts of `errors` by what they say before the Java trace begins. False when out of
 * memory. */
bool error_text_same(const char *recorded, const char *answered, bool *same);

/* The trees, node by node. False when out of memory. */
bool compare_trees(const json_t *recorded, const json_t *answered, struct differences *out);

/* What must hold between the parts of an answer, unless the recorded one breaks it as well. */
bool compare_relations(const json_t *recorded, const json_t *answered, struct differences *out);

#endif
