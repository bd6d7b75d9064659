#ifndef FRESHCHECK_HARNESS_RECORDING_ANSWER_INTERNAL_H
#define FRESHCHECK_HARNESS_RECORDING_ANSWER_INTERNAL_H

#include "harness/judge/observation.h"
#include "harness/recording/json_tree.h"

/* Readers of one kind of body each. They return NULL or a sentence of static text; what they have
 * filled in so far is then for the caller to clear. */
const char *answer_read_statistics(const struct node *root, struct observation *seen);
const char *answer_read_details(const struct node *root, struct observation *seen);

/* Errors never fail to be errors: without a body (NULL) the status alone decides. */
const char *answer_read_error(int status, const struct node *root, struct observation *seen);

/* A member that must be an integer; `wrong` is the sentence when it is not. */
struct integer_member {
    const char *name;
    size_t offset; /* of the int64_t in the struct that is filled in */
    const char *wrong;
};

/* For tables: INTEGER(observation, "counts.", "total", total) */
#define INTEGER(type, where, name, field)                           \
    {                                                               \
        name, offsetof(struct type, field),                         \
            "\"" where name "\" is missing or is no 64-bit integer" \
    }

const char *answer_integers(const struct node *object, const struct integer_member *members,
                            size_t count, void *out);

#endif
