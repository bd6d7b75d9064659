#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_PLAIN_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_PLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/verdict.h"

struct judge;
struct job_state;
struct look;

enum { EXCHANGE_PATH_COUNT = PATH_OTHER + 1 };

/* What a plain answer did to the verdicts, for those that are bound to do the same: a page of a job,
 * an error, or an answer about one checkpoint. See judge_plain.c. */
struct plain {
    uint64_t says;                  /* what all of them say; 0: nothing remembered */
    struct seen_checkpoint details; /* ... of one checkpoint; its path is that of its record */
    uint64_t generation;
    int64_t from_us, until_us;  /* holds for requests sent from one on and before the other, */
    int64_t left_from_us;       /* and answers that left from here on */
    bool is_failure;            /* ... during which a call failed, then: */
    uint8_t source;             /* of this enum path_kind */
    bool may_be_disturbed;      /* those that were accompanied put `undisturbed` to the test */
    uint32_t tested;            /* by each of them, besides that */
    uint64_t count, overlapped; /* answers not yet in the verdicts; as many were accompanied */
};

bool plain_holds(const struct judge *judge, const struct job_state *job,
                 const struct exchange *exchange);
void plain_count(struct job_state *job, const struct exchange *exchange);
void plain_remember(struct judge *judge, const struct look *look);
/* What was only counted so far. */
void plain_add(const struct plain *plain, struct property_verdict *verdicts);

#endif
