#ifndef FRESHCHECK_HARNESS_EXPLORE_EXPLORE_H
#define FRESHCHECK_HARNESS_EXPLORE_EXPLORE_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/explore/exploration.h"
#include "harness/explore/workers.h"
#include "harness/implementations/implementation.h"

/* `count` seeds: first, first + step, ... */
struct seed_row {
    uint64_t first, step, count;
};

/* Bodies are read back in one of so many reads, and compared with the data they are written from. */
enum { EXPLORE_PARSE_EVERY = 1000 };

struct explorer {
    const struct implementation *implementation;
    struct seed_row seeds;
    const bool *wanted;   /* PROPERTY_COUNT: what counts of what is judged; NULL: all of it */
    uint32_t parse_every; /* see struct run_options */
    size_t worker_count;
    bool (*goes_on)(void *context, const struct work_progress *progress); /* see struct work */
    void *context;
};

/*
 * Runs the scenario of each seed and adds what came of it to `exploration`, which does not depend on
 * the number of workers. False: some seed has no result, and `trouble` says which and why.
 */
bool explore_seeds(const struct explorer *explorer, struct exploration *exploration,
                   char trouble[TROUBLE_MAX]);

/* Makes all its failures small that have not been made so; likewise. */
bool explore_shrink(const struct explorer *explorer, struct exploration *exploration,
                    char trouble[TROUBLE_MAX]);

#endif
