#ifndef FRESHCHECK_HARNESS_PARTS_MEMBERS_INTERNAL_H
#define FRESHCHECK_HARNESS_PARTS_MEMBERS_INTERNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/*
 * Members of JSON objects by name and kind. Each reader returns false after a complaint with its
 * place; a member that need not be there leaves its target as it was.
 */
struct place {
    const struct place *above; /* NULL: the whole */
    const char *name;          /* of a member; NULL: an element of a list, */
    size_t index;              /* this one */
};

enum need { OPTIONAL, REQUIRED };

struct members {
    struct buffer *complaint;
};

bool members_complain(const struct members *members, const struct place *at, const char *format,
                      ...) __attribute__((format(printf, 3, 4)));

/* True when it is an object with no other members than those named; the list ends with NULL. */
bool members_object(const struct members *members, const struct place *at, const json_t *value,
                    const char *const *names);

bool members_text(const struct members *members, const struct place *at, const json_t *object,
                  const char *name, enum need need, const char **text);
/* Into an array of `size` bytes; longer ones are refused. */
bool members_short_text(const struct members *members, const struct place *at, const json_t *object,
                        const char *name, enum need need, char *text, size_t size);
bool members_count(const struct members *members, const struct place *at, const json_t *object,
                   const char *name, enum need need, uint64_t *count);
bool members_bool(const struct members *members, const struct place *at, const json_t *object,
                  const char *name, enum need need, bool *value);
bool members_number(const struct members *members, const struct place *at, const json_t *object,
                    const char *name, enum need need, double *value); /* null: not a number */
/* A time in milliseconds with three digits behind the point. */
bool members_time(const struct members *members, const struct place *at, const json_t *object,
                  const char *name, enum need need, int64_t *us);
bool members_list(const struct members *members, const struct place *at, const json_t *object,
                  const char *name, enum need need, const json_t **list);

/* Parses JSON text; NULL after the complaint. To be released by json_decref(). */
json_t *members_parse(const struct members *members, const char *bytes, size_t length);

#endif
