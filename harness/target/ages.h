#ifndef FRESHCHECK_HARNESS_TARGET_AGES_H
#define FRESHCHECK_HARNESS_TARGET_AGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/target/target_run.h"

/*
 * What exchanges prove about jobs, and how stale answers were, told while they end. A measurement
 * to look at, not a verdict: how long before a request was sent a newer checkpoint than the one
 * shown had its last acknowledgement. A later answer may prove that of earlier ones: the last few
 * thousand are corrected then. Takes the same memory however long it goes on.
 */
struct ages;

enum { AGES_SECONDS_MAX = 512, AGES_EVIDENCE_MAX = 48 };

struct job_age {
    int64_t newest;                   /* the newest checkpoint known to be complete; -1: none */
    char evidence[AGES_EVIDENCE_MAX]; /* who saw that, and in what */
    bool is_read;                     /* there was an answer about its checkpoints */
    int64_t behind_us;                /* of the last such answer; 0: it lacked nothing */
    int64_t worst_behind_us;          /* of all of them */
};

/* The jobs of a plan by their ids, in its order. NULL: out of memory. */
struct ages *ages_new(const struct id *jobs, size_t job_count);
void ages_free(struct ages *ages); /* NULL is allowed */

void ages_begin(struct ages *ages, int64_t epoch_us); /* the wall clock at time 0 */
void ages_tell(struct ages *ages, const struct target_exchange *exchange);

const struct job_age *ages_of(const struct ages *ages, size_t job);

/*
 * The worst age of the answers that ended in each second: that of now_us last, as many as `worst_us`
 * has room for and there have been. -1: no answer ended in it. Returns how many.
 */
size_t ages_seconds(const struct ages *ages, int64_t now_us, int64_t *worst_us,
                    size_t second_count_max);

#endif
