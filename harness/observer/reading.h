#ifndef FRESHCHECK_HARNESS_OBSERVER_READING_H
#define FRESHCHECK_HARNESS_OBSERVER_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/recording/json_tree.h"
#include "rest_endpoint/body.h"

/* What a body says, remembered: a cached answer is looked at once. */
struct remembered {
    uint64_t content;  /* a number of its own for what it says */
    struct body *body; /* counted reference */
    struct observation seen;
};

/* A body is looked for among the few of its group; there the oldest makes room. */
enum { REMEMBERED_GROUPS = 16, REMEMBERED_IN_GROUP = 4 };

struct remembered_group {
    size_t count;              /* so many of its items hold something, the first ones */
    size_t oldest;             /* of its items */
    struct remembered *newest; /* NULL: none holds anything */
};

/* Reads answers. Zeroed is empty. */
struct reading {
    struct remembered_group groups[REMEMBERED_GROUPS];
    struct remembered *items;  /* of one group after the other; owned; NULL until one is needed */
    struct observation parsed; /* the last answer read from bytes alone */
    struct body *parsed_body;  /* where it was read from, kept; NULL: not known */
    struct observation looked_at; /* the last one whose data was looked at; owns nothing */
    struct json_tree tree;
    uint64_t last_content;
    const char *failure; /* NULL, or one sentence (static text) why the last answer was not read */
};

void reading_free(struct reading *reading);

/* Reads an answer from its bytes. NULL: see failure. Valid until the next call. */
const struct observation *reading_parse(struct reading *reading, enum exchange_path path,
                                        int status, const char *bytes, size_t length);

/*
 * What a body says: read off the data that its bytes are written from where that is known, else off
 * the bytes; from memory when it was seen before. With `compare` bytes that need not be
 * read are read too, and must say the same as the data. Equal *content promises equal observations,
 * 0 promises nothing. NULL: see failure. Valid until the next call.
 */
const struct observation *reading_of_body(struct reading *reading, enum exchange_path path,
                                          int status, struct body *body, bool compare,
                                          uint64_t *content);

#endif
