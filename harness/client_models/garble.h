#ifndef FRESHCHECK_HARNESS_CLIENT_MODELS_GARBLE_H
#define FRESHCHECK_HARNESS_CLIENT_MODELS_GARBLE_H

#include "harness/judge/observation.h"

/* What may become of a good answer on its way to a client, through no fault of the server: real
 * bugs. The status stays 200. */
#define GARBLE_MAP(X)                                                                  \
    X(TRUNCATED_BODY, "truncated body") /* the connection broke, and nobody said so */ \
    X(HTML_PAGE, "html page")           /* some proxy's own page */                    \
    X(UNKNOWN_TYPE, "unknown type")     /* a checkpoint_type of a later version */     \
    X(NO_LATEST, "no latest")           /* the member `latest` is not there */         \
    X(NO_HISTORY, "no history")         /* FLINK-32111 */

enum garble {
#define X(name, text) GARBLE_##name,
    GARBLE_MAP(X)
#undef X
        GARBLE_COUNT
};

const char *const *garble_names(void); /* GARBLE_COUNT of them */

/*
 * What is left of a good answer: an answer that cannot be decoded is OBSERVED_OTHER. `told` borrows
 * everything from `seen`, and is not to be cleared.
 */
void garble_answer(enum garble garble, const struct observation *seen, struct observation *told);

#endif
