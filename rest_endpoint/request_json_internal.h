#ifndef FRESHCHECK_REST_ENDPOINT_REQUEST_JSON_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_REQUEST_JSON_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

/*
 * Reads a JSON object into a struct, member by member, as Jackson does for Flink's request bodies:
 * scalars are taken for each other where that makes sense, null means absent, the last of two
 * members of one name counts, and what follows the object is not looked at.
 * Source: Flink RestMapperUtils.
 */

enum member_kind {
    MEMBER_TEXT,    /* char *, owned */
    MEMBER_BOOLEAN, /* struct given_boolean */
    MEMBER_INT32,   /* struct given_int32 */
    MEMBER_ID,      /* struct given_id */
    MEMBER_CHOICE,  /* int: the index in `choices` */
    MEMBER_TEXTS,   /* struct given_texts; null counts as an empty one */
    MEMBER_MAP      /* an object of texts; `members` are those that are kept */
};

struct given_boolean {
    bool given, value;
};

struct given_int32 {
    bool given;
    int32_t value;
};

struct given_id {
    bool given;
    struct id value;
};

/* Texts one behind the other, each with its NUL; owned. */
struct given_texts {
    char *texts; /* NULL: none */
    size_t length, count;
};

struct member {
    const char *name;
    enum member_kind kind;
    size_t offset;              /* in the struct that is read into */
    const char *const *choices; /* MEMBER_CHOICE: ends with NULL */
    const struct member *members;
    size_t member_count; /* MEMBER_MAP */
    bool is_recent;      /* not known to versions that refuse what they do not know */
};

enum json_outcome { JSON_READ, JSON_MALFORMED, JSON_NO_MEMORY };

/* The struct is to be zeroed before. Owned texts may be there whatever the outcome.
 * `refuses_unknown`: a member that is not listed is an error, else it is skipped. */
enum json_outcome request_json_read(const char *text, size_t length, const struct member *members,
                                    size_t member_count, bool refuses_unknown, void *into);

#endif
