#ifndef FRESHCHECK_TESTS_ORACLE_TRUTH_H
#define FRESHCHECK_TESTS_ORACLE_TRUTH_H

#include "base/random.h"
#include "tests/oracle/story.h"

/* What really happened at the origin: known to whoever makes up a story, hidden from all others. */

enum { TRUTH_CHECKPOINTS = 4, NEVER_US = 1000 };

struct truth_checkpoint {
    int64_t id, trigger_ms, state_size;
    /* Triggered, began to complete, shows as completed, ended, deleted. NEVER_US: not at all. */
    int64_t triggered_us, began_us, visible_us, ended_us, discarded_us;
    bool is_savepoint, fails;
    char *path;
};

struct truth_run {
    int64_t began_us, over_us;
    bool is_restored;
    struct truth_checkpoint checkpoints[TRUTH_CHECKPOINTS];
    size_t count;
};

struct truth_job {
    struct truth_run runs[STORY_RUNS];
    size_t run_count;
};

struct truth {
    struct truth_job jobs[STORY_JOBS];
};

/* One in `n`. */
static inline bool one_in(struct random *random, uint64_t n)
{
    return random_below(random, n) == 0;
}

void truth_make(struct truth *truth, struct random *random, size_t job_count);
/* What the origin would tell at `at_us`. Entries go into answer->entries. */
void truth_show(const struct truth_job *job, int64_t at_us, struct answer *answer);

#endif
