#ifndef FRESHCHECK_HARNESS_ADVICE_STALE_TIME_H
#define FRESHCHECK_HARNESS_ADVICE_STALE_TIME_H

#include <stdbool.h>

/* How stale an answer is by its age, the time since its snapshot was taken. Times have any one
 * unit. An age of 0 or below is fresh. */
struct completions {
    double interval; /* between two of them, on the average; > 0 */
    bool at_random;  /* by Poisson; else steadily, at a phase that readers do not know */
};

/* The chance that the answer lacks a completion, and for how long on the average the first that it
 * lacks has been complete (0 where it lacks none). */
double stale_share_at(const struct completions *completions, double age);
double stale_time_at(const struct completions *completions, double age);

/* Their integrals over ages from 0 to `age`. */
double stale_share_within(const struct completions *completions, double age);
double stale_time_within(const struct completions *completions, double age);

#endif
