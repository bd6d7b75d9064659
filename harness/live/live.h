#ifndef FRESHCHECK_HARNESS_LIVE_LIVE_H
#define FRESHCHECK_HARNESS_LIVE_LIVE_H

#include <stddef.h>
#include <stdint.h>

#include "harness/implementations/implementation.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"

/* One scenario on one implementation, to be run over real HTTP. */
struct live_cell {
    const struct plan *plan;
    const struct implementation *implementation;
    struct run_result result; /* only where failure is NULL */
    const char *failure;      /* NULL, or one sentence why there is no result (static text) */
};

/*
 * Runs all cells at once in real time, each a server of its own on loopback and clients over
 * libcurl, in one thread and one loop with one clock. Takes as long as the longest plan, and up to
 * 5 s more while answers are missing; those count as requests that were never answered.
 * Every answer is read from its bytes. Returns NULL, or one sentence why nothing could be run.
 */
const char *live_run(struct live_cell *cells, size_t cell_count, const struct run_options *options);

/* Serves a plan on 127.0.0.1 until SIGINT or SIGTERM. Exit code as in the command line. */
int live_serve(const struct plan *plan, const struct implementation *implementation, uint64_t seed,
               uint16_t port);

#endif
