#ifndef FRESHCHECK_HARNESS_CONTROL_LIVE_JOBS_H
#define FRESHCHECK_HARNESS_CONTROL_LIVE_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "mock_jobmanager/journal.h"

/* The jobs that have not ended, as the journal tells. All zero: none. */
struct live_job {
    struct id id;
    size_t index; /* what events call it */
    uint64_t run;
    enum job_status state;
};

struct live_jobs {
    struct live_job *jobs; /* owned; in the order of their coming */
    size_t count, capacity;
};

void live_jobs_free(struct live_jobs *jobs);

/* Takes in one line of the journal. False: out of memory. */
bool live_jobs_take(struct live_jobs *jobs, const struct journal_entry *entry);

bool live_jobs_has(const struct live_jobs *jobs, struct id job);

#endif
