#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_REPEATS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/judge_floors.h"
#include "harness/judge/staleness.h"
#include "harness/judge/verdict.h"

/* Reads that are bound to do the same as one before: those are only counted. */

struct job_state;
struct judge;
struct look;

/* What one read did to the verdicts, for reads that are bound to do the same. */
struct repeat {
    uint64_t serial; /* 0: nothing remembered */
    uint64_t generation;
    int64_t bound_us;
    int64_t from_us, until_us; /* holds for requests sent from one on and before the other, */
    int64_t left_from_us;      /* and answers that left from here on */
    uint32_t tested, violated; /* whether one was accompanied is found out for each */
    enum property grows;       /* whose worst value grows while ...; PROPERTY_COUNT: nobody's */
    int64_t grows_from_us;     /* ... the answer stays the same; NOT_KNOWN_US: none */
    bool demanding;
    bool has_age;     /* its staleness is known; 0 unless it grows */
    int64_t shown_id; /* as ages go */
    bool tells_run;   /* which run it shows; then: */
    size_t shown_run;
    struct shown_state shown;
    size_t run;               /* of the path handed out */
    int64_t checkpoint;       /* 0: none was handed out */
    size_t age_run;           /* whose completions make it grow */
    uint64_t count;           /* reads not yet in the verdicts, */
    uint64_t overlapped;      /* as many of them overlapped another; the last of them: */
    int64_t sent_us, left_us; /* INT64_MIN: none */
    uint64_t seq;
    size_t client;
};

/* What was only counted so far. */
void repeat_add(const struct job_state *job, struct property_verdict *verdicts,
                struct staleness *staleness);
void repeat_settle(struct judge *judge, struct job_state *job); /* something is about to change */
/* *own: what the client had seen, where it is compared with itself and was seen before. */
bool repeat_holds(const struct judge *judge, const struct job_state *job,
                  const struct exchange *exchange, struct floors **own);
/* One that holds. False: out of memory. */
bool repeat_count(struct judge *judge, struct job_state *job, const struct exchange *exchange,
                  struct floors *own);
void repeat_remember(struct judge *judge, struct look *look);
/* A younger answer than the claim does. */
bool demands_more(const struct judge *judge, const struct exchange *exchange);

#endif
