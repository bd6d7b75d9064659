#ifndef FRESHCHECK_REST_ENDPOINT_ERROR_MEMO_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_ERROR_MEMO_INTERNAL_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/id.h"

struct body;
struct error_kind;

/*
 * The bodies of the last few errors. Who asks for what is not there asks again, and writing an
 * error, with its stack trace and the same in Java's own bytes, takes longer than any other answer.
 */
enum { ERRORS_KEPT = 16 };

/* Zeroed is empty. */
struct error_memo {
    struct kept_error {
        const struct error_kind *kind; /* NULL: empty. Borrowed: kinds are constants */
        struct id id;
        char *message;
        struct body *body; /* counted reference */
    } items[ERRORS_KEPT];
    size_t oldest;
};

void error_memo_free(struct error_memo *memo);

/* The body of this error of this id, with this message; with any when that is NULL. Borrowed; NULL
 * when it is not known. */
struct body *error_recall(const struct error_memo *memo, const struct error_kind *kind,
                          struct id id, const char *message);

/* Takes the NUL-terminated message out of its buffer. */
void error_keep(struct error_memo *memo, const struct error_kind *kind, struct id id,
                struct buffer *message, struct body *body);

#endif
