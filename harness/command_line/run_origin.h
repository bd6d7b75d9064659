#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_RUN_ORIGIN_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_RUN_ORIGIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/live/live.h"

/* `run --target URL --origin URL`: the scenarios through somebody's proxy, with our mock behind. */
struct origin_options {
    const char *target, *origin; /* URLs */
    uint64_t seed;
    bool quiet; /* does not tell how far it is */
};

/*
 * Runs every cell that may be run live, one after another, its implementation at the origin. Where
 * nothing listens at an origin on this machine, it is started, and ended afterwards.
 *
 * Returns 0, or the exit code after one sentence on stderr: nothing is to be reported then.
 * @failures: one buffer for each cell, for the text of its failure, if it has one.
 * @failure_code: the exit code if any cell has one.
 */
int run_through_target(const struct origin_options *options, struct live_cell *cells,
                       size_t cell_count, struct buffer *failures, int *failure_code);

#endif
