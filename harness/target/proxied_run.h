#ifndef FRESHCHECK_HARNESS_TARGET_PROXIED_RUN_H
#define FRESHCHECK_HARNESS_TARGET_PROXIED_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/live/address.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"
#include "harness/target/origin.h"

/* A scenario whose clients read through a target, while its origin lives it; and its verdict. */

struct proxied_options {
    struct origin *origin;
    const struct address *target;
    const struct plan *plan; /* under the ids that the salt gives */
    struct origin_load load; /* the same scenario, for the origin */
    bool tags_pass;          /* the target hands on the numbers of requests */
    int stop_fd;             /* readable: ends it early; -1: nothing does */
};

enum proxied_end {
    PROXIED_JUDGED,
    PROXIED_UNDECIDED, /* no verdict, see why; others can be run */
    PROXIED_STOPPED,   /* stop_fd */
    PROXIED_DEAD,      /* the target or the origin is gone */
    PROXIED_BROKEN     /* out of memory, no timer */
};

struct proxied_outcome {
    enum proxied_end end;
    struct run_result result; /* PROXIED_JUDGED */
    char why[240];            /* else; one sentence */
    bool target_failed;       /* PROXIED_UNDECIDED: because the target failed requests */
    int64_t clock_error_us;   /* PROXIED_JUDGED: how well the origin's clock was known */
};

void proxied_run(const struct proxied_options *options, struct proxied_outcome *outcome);

/*
 * Whether a target leads to the origin at all, which must be known before anything is judged: a job
 * that only the origin knows, under this salt, is asked for through it. PROXIED_JUDGED: it does, and
 * *tags_pass says whether it hands on the numbers of requests.
 */
void proxied_probe(struct origin *origin, const struct address *target, uint64_t salt, int stop_fd,
                   bool *tags_pass, struct proxied_outcome *outcome);

#endif
