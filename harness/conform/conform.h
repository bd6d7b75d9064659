#ifndef FRESHCHECK_HARNESS_CONFORM_CONFORM_H
#define FRESHCHECK_HARNESS_CONFORM_CONFORM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Does an answer agree with the one that a real cluster gave to the same request? What agreement
 * means is in docs/conform.md. Nothing here knows where either answer comes from.
 */

struct conform_header {
    const char *name;
    const char *value;
};

struct conform_exchange {
    const char *method;
    const char *path;
    int status;
    const struct conform_header *headers;
    size_t header_count;
    const char *body; /* may be NULL when body_length is 0 */
    size_t body_length;
};

/*
 * pointer: a JSON pointer into the body (RFC 6901), or "@status", "@headers/NAME", "@body".
 * recorded, answered: both values, long ones cut; NULL where there is none. Where `what` is about
 * the answer alone (a relation between its parts), `recorded` says what should hold.
 */
struct difference {
    char *pointer;
    char *recorded;
    char *answered;
    const char *what; /* static text: "the key is missing" */
};

enum { DIFFERENCES_MAX = 1000 };

struct differences {
    struct difference *items;
    size_t count, capacity;
    size_t left_out; /* how many more than DIFFERENCES_MAX there were */
};

/* Copies the texts; NULL is allowed for the last two. `what` stays borrowed. False when out of
 * memory. */
bool differences_add(struct differences *differences, const char *what, const char *pointer,
                     const char *recorded, const char *answered);

/* Leaves an empty list, which can be used again. */
void differences_free(struct differences *differences);

/*
 * Appends every difference to *out, which starts as {0}; no difference means agreement. False when
 * out of memory: what is in *out then is not all.
 */
bool conform_compare(const struct conform_exchange *recorded,
                     const struct conform_exchange *answered, struct differences *out);

/* The patterns (see conform_matches) of the pointers whose values must be literally the same. */
const char *const *conform_literal_pointers(size_t *count);

/* `*` stands for any text without '/', `**` for any text; all else for itself. */
bool conform_matches(const char *pattern, const char *text);

#endif
