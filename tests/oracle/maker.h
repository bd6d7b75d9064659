#ifndef FRESHCHECK_TESTS_ORACLE_MAKER_H
#define FRESHCHECK_TESTS_ORACLE_MAKER_H

#include "tests/oracle/truth.h"

/* Shared by the files that make up stories. */

/* What a server does wrong in one story. */
enum mood {
    MOOD_STALE,    /* old snapshots */
    MOOD_EARLY,    /* what has not happened yet */
    MOOD_MIXED,    /* entries of other jobs, runs and checkpoints */
    MOOD_CONFUSED, /* answers that disagree with themselves */
    MOOD_FAILING,  /* errors, with and without a reason */
    MOOD_WASTEFUL, /* calls that nobody needs, of the wrong kind */
    MOOD_DEAF,     /* requests that are never answered */
    MOOD_COUNT
};

struct maker {
    struct story *story;
    struct truth truth;
    struct random random;
    struct random late; /* what came to be told later: all else is drawn as it was without it */
    bool moods[MOOD_COUNT];
    uint64_t serial, fetch;
};

static inline uint64_t below(struct maker *m, uint64_t bound)
{
    return random_below(&m->random, bound);
}

static inline int64_t between(struct maker *m, int64_t low, int64_t high)
{
    return random_between(&m->random, low, high);
}

static inline bool chance(struct maker *m, uint64_t n)
{
    return one_in(&m->random, n);
}

void add_step(struct story *story, enum step_kind kind, int64_t at_us, int rank, size_t index);
void add_facts(struct maker *m); /* of the journal, or such as answers tell */
void add_entry_counts(struct maker *m);
void add_decisions(struct maker *m);
void add_calls(struct maker *m); /* for the answers that are there, and idle ones */

#endif
