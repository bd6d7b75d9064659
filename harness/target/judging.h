#ifndef FRESHCHECK_HARNESS_TARGET_JUDGING_H
#define FRESHCHECK_HARNESS_TARGET_JUDGING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/complaint.h"
#include "harness/judge/verdict.h"

/*
 * Judges what was recorded so far, again and again, while the recording goes on. Recordings are
 * judged in two readings, since later answers prove what earlier ones lacked, so each judging
 * starts anew. It happens in a child process, so that neither a long judging nor a fault in it
 * holds up the clients. Time is an argument, in microseconds.
 */
struct judging;

struct judging_task {
    int file;       /* the recording, opened for reading for this alone; borrowed */
    bool has_bound; /* judged by this age instead of the recording's own claim */
    int64_t bound_us;
};

struct judging_result {
    const char *failure; /* there is no judgement: why, in static text; else NULL */
    struct judgement judgement;
};

struct judging *judging_new(const struct judging_task *task); /* NULL: out of memory */
void judging_free(struct judging *judging); /* ends what is under way; NULL is allowed */

/*
 * Takes a result that is there, and starts the next judging when it is due: when the last has
 * ended and ten times as long as it took has passed since, but at least a second; the first after
 * three tenths of one. Never waits.
 * True when a result was taken.
 */
bool judging_step(struct judging *judging, int64_t now_us);

/* Readable when a result can be taken; -1 while nothing is under way. */
int judging_fd(const struct judging *judging);

/* The last result, and when it was begun: what was in the file by then was judged. Failure and
 * judgement of different attempts never mix. NULL: none yet. */
const struct judging_result *judging_last(const struct judging *judging, int64_t *begun_us);

/* Judges all that is in the file here and now; complaints are what is odd about it. */
void judging_run(const struct judging_task *task, struct complaints *complaints,
                 struct judging_result *result);

#endif
