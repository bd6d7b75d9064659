#include "tests/oracle/truth.h"

#include <string.h>

enum { STYLES = 3, IDS = 16 };

/* By style: with the id of the job in it, without, and one folder for all jobs. */
#define PATHS(folder)                                                                       \
    {                                                                                       \
        folder "0", folder "1", folder "2", folder "3", folder "4", folder "5", folder "6", \
            folder "7", folder "8", folder "9", folder "10", folder "11", folder "12",      \
            folder "13", folder "14", folder "15"                                           \
    }
static char paths[STYLES][STORY_JOBS][IDS][64] = {
    {PATHS("s3://c/aaaaaaaaaaaaaaaa1111111111111111/chk-"),
     PATHS("s3://c/bbbbbbbbbbbbbbbb2222222222222222/chk-")},
    {PATHS("s3://c/a/chk-"), PATHS("s3://c/b/chk-")},
    {PATHS("s3://c/all/chk-"), PATHS("s3://c/all/chk-")}};

static void make_checkpoint(struct truth_checkpoint *checkpoint, struct random *random,
                            int64_t over_us)
{
    checkpoint->began_us = checkpoint->triggered_us + (int64_t)random_below(random, 2);
    checkpoint->visible_us = checkpoint->began_us + (int64_t)random_below(random, 2);
    checkpoint->ended_us = checkpoint->visible_us + (int64_t)random_below(random, 3);
    checkpoint->discarded_us = NEVER_US;
    checkpoint->is_savepoint = one_in(random, 8);
    checkpoint->fails = one_in(random, 10);
    if (checkpoint->ended_us > over_us) { /* the run is over before */
        checkpoint->began_us = checkpoint->visible_us = checkpoint->ended_us = NEVER_US;
        if (checkpoint->triggered_us > over_us)
            checkpoint->triggered_us = NEVER_US;
    } else if (!checkpoint->fails && one_in(random, 3)) {
        checkpoint->discarded_us = checkpoint->ended_us + (int64_t)random_below(random, 8);
    }
}

static void make_run(struct truth_job *job, size_t at, int64_t first_id, size_t style, size_t owner,
                     struct random *random)
{
    struct truth_run *run = &job->runs[at];
    int64_t id = first_id, triggered_us = run->began_us;
    run->count = random_below(random, TRUTH_CHECKPOINTS + 1);
    for (size_t i = 0; i < run->count; i++) {
        struct truth_checkpoint *checkpoint = &run->checkpoints[i];
        triggered_us += (int64_t)random_below(random, 5);
        *checkpoint = (struct truth_checkpoint){.id = id,
                                                .trigger_ms = 1000 * (int64_t)(at + 1) + id,
                                                .state_size = 10 * id,
                                                .triggered_us = triggered_us,
                                                .path = paths[style][owner][id % IDS]};
        make_checkpoint(checkpoint, random, run->over_us);
        id += 1 + one_in(random, 5);
    }
}

static int64_t last_id(const struct truth_run *run)
{
    return run->count > 0 ? run->checkpoints[run->count - 1].id : 0;
}

void truth_make(struct truth *truth, struct random *random, size_t job_count)
{
    size_t style = random_below(random, STYLES);
    for (size_t i = 0; i < job_count; i++) {
        struct truth_job *job = &truth->jobs[i];
        job->run_count = 1 + one_in(random, 4);
        job->run_count += job->run_count == 2 && one_in(random, 3);
        for (size_t r = 0; r < job->run_count; r++)
            job->runs[r].began_us = r == 0 ? 0 : 3 + 6 * (int64_t)r + random_between(random, 0, 4);
        for (size_t r = 0; r < job->run_count; r++) {
            bool last = r + 1 == job->run_count;
            job->runs[r].over_us = last ? NEVER_US : job->runs[r + 1].began_us;
            job->runs[r].is_restored = r > 0 && !one_in(random, 4);
            int64_t first = r > 0 && one_in(random, 2) ? last_id(&job->runs[r - 1]) + 1 : 1;
            make_run(job, r, first, style, i, random);
        }
    }
}

static enum seen_status status_at(const struct truth_checkpoint *checkpoint, int64_t at_us)
{
    if (checkpoint->visible_us > at_us)
        return SEEN_IN_PROGRESS;
    return checkpoint->fails ? SEEN_FAILED : SEEN_COMPLETED;
}

static void count(struct observation *seen, const struct seen_checkpoint *shown)
{
    seen->total++;
    seen->in_progress += shown->status == SEEN_IN_PROGRESS;
    seen->completed += shown->status == SEEN_COMPLETED;
    seen->failed += shown->status == SEEN_FAILED;
    if (shown->status == SEEN_FAILED) {
        seen->has_latest_failed = true;
        seen->latest_failed = *shown;
    } else if (shown->status == SEEN_COMPLETED && shown->is_savepoint) {
        seen->has_latest_savepoint = true;
        seen->latest_savepoint = *shown;
    } else if (shown->status == SEEN_COMPLETED) {
        seen->has_latest_completed = true;
        seen->latest_completed = *shown;
    }
}

static const struct truth_run *run_at(const struct truth_job *job, int64_t at_us)
{
    size_t at = job->run_count - 1;
    while (at > 0 && job->runs[at].began_us > at_us)
        at--;
    return &job->runs[at];
}

void truth_show(const struct truth_job *job, int64_t at_us, struct answer *answer)
{
    const struct truth_run *run = run_at(job, at_us);
    struct observation *seen = &answer->seen;
    *seen = (struct observation){.borrows = true, .kind = OBSERVED_STATISTICS};
    struct seen_checkpoint rising[TRUTH_CHECKPOINTS];
    size_t shown_count = 0;
    for (size_t i = 0; i < run->count; i++) {
        const struct truth_checkpoint *checkpoint = &run->checkpoints[i];
        if (checkpoint->triggered_us > at_us)
            continue;
        struct seen_checkpoint *shown = &rising[shown_count++];
        *shown = (struct seen_checkpoint){.id = checkpoint->id,
                                          .status = status_at(checkpoint, at_us),
                                          .is_savepoint = checkpoint->is_savepoint,
                                          .trigger_ms = checkpoint->trigger_ms,
                                          .state_size = checkpoint->state_size};
        if (shown->status == SEEN_COMPLETED)
            shown->path = checkpoint->path;
        shown->discarded = checkpoint->discarded_us <= at_us;
        count(seen, shown);
    }
    seen->history = answer->entries;
    seen->history_count = shown_count;
    for (size_t i = 0; i < shown_count; i++)
        answer->entries[i] = rising[shown_count - 1 - i];
    seen->restored = run->is_restored;
    seen->has_latest_restored = run->is_restored;
    seen->restored_ms = run->is_restored ? 1000 * (run - job->runs + 1) : 0;
    seen->version = (uint64_t)(seen->restored + seen->total + seen->completed + seen->failed);
}
