#ifndef FRESHCHECK_HARNESS_REHEARSAL_REHEARSE_H
#define FRESHCHECK_HARNESS_REHEARSAL_REHEARSE_H

#include "harness/advice/predict.h"
#include "harness/implementations/implementation.h"

/*
 * Lives through a stated load in virtual time and counts: for where no closed form holds, and to
 * hold those that there are to what comes of it.
 */
struct rehearsal {
    const struct implementation *implementation;
    const struct settings *settings;
    const struct load *load; /* has no complaint */
    int64_t duration_us;
    uint64_t seed; /* of phases, of what comes at random */
};

/* What was seen beside the averages. */
struct rehearsal_facts {
    uint64_t reads, stale_reads; /* of checkpoint statistics */
    double oldest_us;            /* the worst staleness that was seen */
};

/* A day, or as much of it as takes about `second_count` seconds of this machine's time. */
int64_t rehearsal_duration_us(const struct load *load, int64_t refresh_interval_us,
                              int64_t second_count);

/*
 * Fills in all of a prediction, with BASIS_SIMULATED; the worst staleness stays what the policy
 * allows. Returns NULL, or one sentence that says why there is no result (static text).
 */
const char *rehearse(const struct rehearsal *rehearsal, struct prediction *prediction,
                     struct rehearsal_facts *facts);

/* The closed form where one holds, else a rehearsal of a few seconds' work at most. As above. */
const char *predict_or_rehearse(const struct implementation *implementation,
                                const struct settings *settings, const struct load *load,
                                struct prediction *prediction);

#endif
