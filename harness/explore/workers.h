#ifndef FRESHCHECK_HARNESS_EXPLORE_WORKERS_H
#define FRESHCHECK_HARNESS_EXPLORE_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/explore/exploration.h"

/*
 * Processes that share a row of tasks. Each takes the next task that nobody has taken, adds what
 * came of it to an exploration of its own, and hands that back when nothing is left. Explorations
 * are joined, so what comes out does not depend on how many processes there were or on who was
 * faster. A process that dies takes nothing with it but the promise that all is well: its end is
 * told with the task that it was at.
 */

enum { TROUBLE_MAX = 200 };

/* So far, while they work. */
struct work_progress {
    uint64_t done, count;    /* tasks: so far, and in all */
    uint32_t tested, broken; /* properties: bit i for property i */
};

/* By it a task shows that it is alive. */
struct pulse;

/* To be called now and then by a task that may take minutes. False: nobody waits for the rest any
 * more, so it ends with what it has. */
bool pulse_beat(struct pulse *pulse);

struct work {
    uint64_t count; /* of tasks: 0 .. count-1, taken in this order */
    size_t worker_count;
    /* One task, in a process of its own. False: `trouble` says why there is no result. */
    bool (*run)(void *context, uint64_t index, struct exploration *into, struct pulse *pulse,
                char trouble[TROUBLE_MAX]);
    /* About ten times a second, in the process that waits; false: no further task is taken. Those
     * under way are ended, so that what was done is always the first so many. May be NULL. */
    bool (*goes_on)(void *context, const struct work_progress *progress);
    void *context;
    /* A process that neither ends a task nor beats the pulse for so long is ended; 0: minutes. */
    int silence_ms_max;
};

/*
 * Adds what the tasks came to to `exploration`. False: something went wrong, and `trouble` says
 * what; then *index is the first task without a result, or `count` when it was none of them, and
 * whatever was done by processes that did not die is in `exploration` all the same.
 */
bool work_through(const struct work *work, struct exploration *exploration, uint64_t *index,
                  char trouble[TROUBLE_MAX]);

#endif
