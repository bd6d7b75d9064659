#ifndef FRESHCHECK_HARNESS_TARGET_BOUND_PLAN_H
#define FRESHCHECK_HARNESS_TARGET_BOUND_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"
#include "harness/scenario/plan.h"

/*
 * A plan as a cluster has to be asked it: its jobs under the ids that they have there, and one more
 * client, who starts and cancels the jobs that are the scenario's own.
 */
struct bound_plan {
    struct plan plan; /* what does not differ is shared with the plan it was made from */
    struct job_plan *jobs;
    struct client_plan *clients;
    struct client_step *steps;
    char **texts; /* owned */
    size_t text_count;
};

/*
 * @ids: one for each job.
 * @jar: "/jars/ID", which jobs are started from that come up in the course of the scenario; NULL: all
 *       its jobs are there already, and nobody's own.
 *
 * False: out of memory. To be freed in any case.
 */
bool bound_plan_make(struct bound_plan *bound, const struct plan *plan, const struct id *ids,
                     const char *jar);
void bound_plan_free(struct bound_plan *bound); /* zeroed is allowed */

#endif
