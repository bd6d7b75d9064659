#ifndef FRESHCHECK_HARNESS_ADVICE_ADVISE_H
#define FRESHCHECK_HARNESS_ADVICE_ADVISE_H

#include "harness/advice/findings.h"

/*
 * Which settings meet what is wanted, with the fewest calls of the JobManager. Pure. What it says
 * was found by predict() with the values as the release reads them.
 */

enum want_kind {
    WANT_STALENESS,      /* of reads of checkpoint statistics, at worst, in microseconds */
    WANT_MEAN_STALENESS, /* on the average, in microseconds */
    WANT_CALLS,          /* for statistics and graphs, of the whole cluster, a second */
    WANT_COUNT
};

/* Each is a most. Below 0: not wanted. */
struct wants {
    double at_most[WANT_COUNT];
};

struct wants wants_none(void);
const char *want_name(enum want_kind kind); /* "staleness", "fetches-per-second" */

/* What a prediction says of it. */
double want_measure(const struct prediction *prediction, enum want_kind kind);

enum { ADVISED_CHANGES_MAX = 3 };

struct advised_change {
    enum flink_option option;
    const char *key;                  /* as the release calls it */
    char value[SUGGESTED_LENGTH_MAX]; /* as the release reads it */
};

/* Settings that meet wants. No change: those that there are do. */
struct advised {
    struct advised_change changes[ADVISED_CHANGES_MAX];
    size_t change_count;
    struct prediction prediction; /* with BASIS_NONE only the worst staleness is known */
    /* A danger that the settings of still fewer calls would bring; NULL: none was passed by. */
    const struct finding_rule *avoided;
};

struct advice {
    bool met;
    struct advised best; /* where `met` */
    /* Where not: why, as a sentence (owned); and what meets each want alone, where it can be. */
    char *because;
    bool alone_met[WANT_COUNT];
    struct advised alone[WANT_COUNT];
};

/*
 * The situation is that of the findings, with a load as it was stated. Options that are set are kept
 * where they need not change. False when out of memory. Free the advice in both cases.
 */
bool advise(const struct situation *situation, const struct wants *wants, struct advice *advice);
void advice_free(struct advice *advice);

#endif
