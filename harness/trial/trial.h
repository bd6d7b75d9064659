#ifndef FRESHCHECK_HARNESS_TRIAL_TRIAL_H
#define FRESHCHECK_HARNESS_TRIAL_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/implementations/implementation.h"
#include "harness/scenario/plan.h"

/*
 * Puts broken implementations on trial: which scenarios tell one from the reference, and by which
 * property. A scenario kills when a property that it claims passes on the reference and fails there.
 */
struct trial;

/* What the reference makes of each scenario is found out here. Plans are borrowed, and outlive the
 * trial. NULL, with a sentence in *why (static text): out of memory, or a run without result. */
struct trial *trial_new(struct plan *const *plans, size_t plan_count, const char **why);
void trial_free(struct trial *trial); /* NULL is allowed */

struct trial_outcome {
    bool killed;
    bool by[PROPERTY_COUNT]; /* in any scenario */
    /* The smallest scenario that kills it, by plan_size() and then by name; NULL: none does. */
    const struct plan *scenario;
    uint64_t seed; /* without a scenario: made-up scenarios up to this one were tried; the last one
                      kills it when it is killed, */
    enum property property; /* by this property, */
    size_t events;          /* in so many events, made as small as it can be */
};

/*
 * Runs one broken implementation on every scenario, and where none kills it on scenarios made up
 * from seeds 1 to seed_max. Returns NULL, or why there is no outcome (static text).
 */
const char *trial_run(const struct trial *trial, const struct implementation *broken,
                      uint64_t seed_max, struct trial_outcome *outcome);

#endif
