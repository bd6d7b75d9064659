#ifndef FRESHCHECK_HARNESS_TARGET_JOB_LIFE_H
#define FRESHCHECK_HARNESS_TARGET_JOB_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/id.h"
#include "harness/scenario/plan.h"

/*
 * The life of a scenario's job on a cluster that nobody controls: what calls and what arguments of
 * its program can bring about. See plan->needs_origin_because for what cannot.
 */
struct job_life {
    int64_t starts_us;   /* 0: before the scenario begins; INT64_MAX: a migration starts it */
    int64_t finishes_us; /* INT64_MAX: never; the same below */
    int64_t restarts_us;
    int64_t cancelled_us;
};

void job_life_read(const struct plan *plan, size_t job, struct job_life *life);

/*
 * Whether a scenario does something to a job that nobody may do to one that is not its own, or
 * speaks of its beginning. Appends what: "J finishes at 2.0 s".
 */
bool job_life_is_own(const struct plan *plan, struct buffer *what);

/* The body of POST /jars/:jarid/run that starts it, without a savepoint where `path` is NULL. */
void job_life_order(const struct plan *plan, size_t job, struct id id, const char *path,
                    struct buffer *out);

#endif
