#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_ERRORS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_ERRORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/observation.h"

/* Answers that are errors. */

struct look;

/* The first error of a kind since statistics last succeeded (histories without calls). */
struct first_error {
    int64_t done_us; /* NOT_KNOWN_US: none */
    uint64_t seq;
    size_t client;
    int status;
    int64_t healthy_us; /* end of the first GET /jobs/:jobid after it that showed the job running */
    uint64_t healthy_seq;
    size_t healthy_client;
};

/* What answers about one job were, as far as errors go. */
struct seen_errors {
    struct first_error first[ERROR_OTHER + 1];
    bool was_healthy; /* GET /jobs/:jobid showed it running */
};

/* Sets look->is_failure and look->is_explained, whatever is claimed. */
void look_for_failure(struct look *look);
bool look_is_cancelled(const struct look *look); /* because of another request, as it says */

#endif
