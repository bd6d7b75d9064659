#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_EXPLORE_PROGRESS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_EXPLORE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/explore/workers.h"

/* How far an exploration is, on stderr: on a terminal one line that is written anew, elsewhere a
 * line now and then. */
struct explore_progress {
    bool quiet;
    uint64_t seeds;   /* 0: as many as fit into the time */
    int64_t begun_us; /* of a clock that never goes back, as all times here */
    int64_t until_us; /* INT64_MAX: all seeds, however long they take */
    int64_t told_us;  /* last */
    bool is_on_terminal;
    bool has_line; /* on the terminal, to be ended or written over */
};

void explore_progress_begin(struct explore_progress *progress, int64_t now_us);
void explore_progress_tell(struct explore_progress *progress, int64_t now_us,
                           const struct work_progress *work);
void explore_progress_end(
    struct explore_progress *progress); /* nothing of it stays on a terminal */

#endif
