#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_STORIES_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_STORIES_H

#include <stddef.h>

#include "harness/command_line/results.h"
#include "reports/story.h"

/* Stories of failing results, for the report that shows them. Start with {0}. */
struct stories {
    struct story *items[200]; /* those not as expected first; no more has room in a report */
    size_t count;
};

/* A cell that is to be run again. */
struct told_cell {
    const struct plan *plan;
    const struct implementation *implementation;
};

/* Runs the failing results' cells again in virtual time, alike in all, and tells what happens.
 * `cells` go with `results`. What memory does not suffice for is not told. */
void stories_tell(struct stories *stories, const struct told_cell *cells,
                  struct report_result *results, size_t count, const struct run_options *options);

/* The story of a recording just judged; NULL: its judgement is no failure, or there is none. */
struct recording;
const struct story *stories_tell_recording(struct stories *stories, struct recording *recording,
                                           const struct judgement *judgement);
void stories_free(struct stories *stories);

#endif
