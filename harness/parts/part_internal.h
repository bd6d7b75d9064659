#ifndef FRESHCHECK_HARNESS_PARTS_PART_INTERNAL_H
#define FRESHCHECK_HARNESS_PARTS_PART_INTERNAL_H

#include "harness/parts/part.h"
#include "harness/parts/members_internal.h"

/* A part as it was read; its texts are those of the JSON tree. Starts as {0}. */
struct read_part {
    struct part part;
    const char **implementations, **settings; /* owned */
};

/* Reads what part_write() wrote. On failure too the result is to be released. */
bool part_read(const struct members *members, const struct place *at, const json_t *object,
               struct read_part *read);
void read_part_free(struct read_part *read);

#endif
