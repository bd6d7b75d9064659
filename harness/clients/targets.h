#ifndef FRESHCHECK_HARNESS_CLIENTS_TARGETS_H
#define FRESHCHECK_HARNESS_CLIENTS_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "harness/scenario/plan.h"

/* Request targets, written out once: sending a request formats nothing. */

/* A request target; the text is NULL where there is none, or no memory for it. */
struct target {
    const char *text;
    size_t length;
};

struct target target_of(const char *text);

struct job_targets {
    struct target job;        /* /jobs/:jobid */
    struct target statistics; /* /jobs/:jobid/checkpoints */
    struct target config;     /* /jobs/:jobid/checkpoints/config */
    struct target cancel;     /* /jobs/:jobid?mode=cancel */
};

struct targets {
    struct job_targets *jobs; /* one for each job of the plan */
    struct target *steps; /* one for each step of each scripted client plan; none where the target
                             is the job's, or depends on what the client did before */
    size_t *first_step;   /* of each client plan, into `steps` */
    struct arena *texts;  /* of all targets, and what else clients say */
    struct buffer draft;
};

bool targets_make(struct targets *targets, const struct plan *plan);
void targets_free(struct targets *targets);

/* Where to write a text; it is done with the next call of target_end(). */
struct buffer *target_begin(struct targets *targets);

/* The text that was written, which lives as long as the targets; none: out of memory. */
struct target target_end(struct targets *targets);

#endif
