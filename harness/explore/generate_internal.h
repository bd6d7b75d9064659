#ifndef FRESHCHECK_HARNESS_EXPLORE_GENERATE_INTERNAL_H
#define FRESHCHECK_HARNESS_EXPLORE_GENERATE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/explore/generate.h"
#include "base/arena.h"

/* Shared by the files that make up a plan. */

enum {
    MS = 1000,
    JOBS_MAX = 3,
    JOB_EVENTS_MAX = 24,
    FAULTS_MAX = 8,
    CLIENTS_MAX = 5,
    STEPS_MAX = 24,
};

/* What is decided about a job before its life and its clients are drawn, for both depend on it. */
struct job_traits {
    bool is_triggered; /* clients trigger checkpoints of it: then no event names a number */
    bool is_target;    /* a migration brings it about */
};

struct making {
    struct choices *choices;
    struct arena *arena;
    struct plan *plan;
    struct job_plan *jobs; /* the plan's */
    struct job_traits traits[JOBS_MAX];
    /* Jobs and faults are over by then; the plan goes on until all has become quiet. */
    int64_t chaos_end_us;
    int64_t settled_us; /* all is quiet from here on */
};

/* A time in [low, high]: mostly whole milliseconds after low, so that things meet in one instant
 * often. */
int64_t draw_time_us(struct choices *choices, int64_t low_us, int64_t high_us);

void draw_settings(struct making *making);
void draw_jobs(struct making *making);   /* without their lives; at least one */
void draw_lives(struct making *making);  /* rhythms and events */
void draw_faults(struct making *making); /* and latencies */
void draw_clients(struct making *making);

/* For how long the path of any answer is alive after it, at least; 0: nothing can be said. */
int64_t path_life_us(const struct plan *plan);

/* When all is quiet, if jobs do nothing any more from then on. */
int64_t settled_from_us(const struct plan *plan, int64_t chaos_end_us);

/* What the reference promises of a plan that is complete but for its claim. */
void promise(struct plan *plan, int64_t settled_us);

#endif
