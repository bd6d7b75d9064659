#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_DECISIONS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_DECISIONS_H

#include <stdint.h>

#include "harness/judge/history.h"

/* What clients decide. */

struct checkpoint_record;
struct job_state;
struct judge;
struct run;

/* A client's choice under the eyes of the checks. */
struct choice {
    const struct decision *decision;
    struct job_state *job;
    int64_t cutoff_us;                /* what had ended before had to be in the answer */
    struct checkpoint_record *record; /* of the job's that lies at the path; NULL: none */
    const struct run *run;            /* of that record */
};

/* For all checks that have a look at it. */
void decision_look(struct judge *judge, struct job_state *job, const struct decision *decision);

#endif
