#ifndef FRESHCHECK_HARNESS_JUDGE_LISTENER_H
#define FRESHCHECK_HARNESS_JUDGE_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/judge/history.h"

/* What an exchange was on the wire, as far as it is known. Everything is borrowed for the call. */
struct raw_exchange {
    const char *method;        /* "GET"; NULL: not known */
    const char *cache_control; /* of the request; NULL: it had none */
    const char *headers;       /* of the answer, a line each; NULL: not known */
    const char *body;          /* of the answer, no NUL at its end; NULL: not known, or no answer */
    size_t body_length;
};

/*
 * Who wants to hear everything that the judge is told, in the same order: of one failing cell, to
 * tell its story. Functions return false when they ran out of memory: the run is given up.
 */
struct listener {
    void *context;
    bool (*fact)(void *context, const struct fact *fact);
    bool (*exchange)(void *context, const struct exchange *exchange,
                     const struct raw_exchange *raw);
};

#endif
