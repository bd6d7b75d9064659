#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_KEEPER_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_KEEPER_H

#include <stdint.h>

/*
 * A process that has loaded a shared object and does nothing with it: for each run it forks a worker
 * in the state that loading left behind, so that nothing passes from run to run.
 */

enum { KEEPER_TEXT_MAX = 400 };

/* What it sends once, after loading. */
struct keeper_report {
    uint32_t misconduct; /* enum misconduct; MISCONDUCT_NONE: it is loaded */
    uint32_t takes;
    char text[KEEPER_TEXT_MAX]; /* what is wrong, as the end of a sentence; or the summary */
};

/* Never returns. `fd`: where the report goes and from where sockets for workers come. */
_Noreturn void keeper_run(int fd, const char *path);

#endif
