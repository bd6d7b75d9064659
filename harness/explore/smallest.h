#ifndef FRESHCHECK_HARNESS_EXPLORE_SMALLEST_H
#define FRESHCHECK_HARNESS_EXPLORE_SMALLEST_H

#include <stdbool.h>

#include "base/choices.h"
#include "harness/explore/exploration.h"
#include "harness/implementations/implementation.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"

/* What a failure is a failure of. */
struct failure_kind {
    enum property property;
    enum layer layer;
};

/* One that hangs is waited for each time, for seconds: after so many of those runs the smallest so far
 * will do. Counted and not timed, so that what is found is the same everywhere. */
enum { HUNG_RUNS_MAX = 20 };

/* How long it is worth while. */
struct effort {
    size_t tries_max; /* runs */
    /* Before each run; false: the smallest so far will do. May be NULL. */
    bool (*goes_on)(void *context);
    void *context;
};

/*
 * Gives the failure the smallest sequence of choices that can be found with that effort and still
 * breaks the property at that layer. Deterministic, as long as it goes on. False: out of memory;
 * then it stays as it was.
 */
bool explore_make_small(struct choices *choices, const struct implementation *implementation,
                        struct failure_kind kind, const struct effort *effort,
                        struct exploration_failure *failure);

/*
 * The plan that shows the failure, by its smallest choices where it has them, else by its seed.
 * Beside what breaks it claims what it puts to the test. `result` is what running it gave. To be
 * freed by plan_free(); NULL: out of memory.
 */
struct plan *explore_show(struct choices *choices, const struct implementation *implementation,
                          const struct exploration_failure *failure, struct run_result *result);

#endif
