#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/failures_internal.h"
#include "mock_jobmanager/happening_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/plan_internal.h"
#include "mock_jobmanager/tasks_internal.h"

enum { SAVEPOINT_TAKES_TIMES = 10 };

static bool schedule_beat(struct jobmanager *jobmanager, struct job *job)
{
    const struct job_rhythm *const rhythm = &job->plan->rhythm;
    if (rhythm->ends_us > 0 && job->beat_us >= rhythm->ends_us)
        return true;
    const int64_t jitter_us =
        rhythm->jitter_us > 0 ? random_between(&job->random, 0, rhythm->jitter_us) : 0;
    const int64_t due_us = later(job->beat_us, jitter_us);
    return schedule(jobmanager, due_us > jobmanager->now_us ? due_us : jobmanager->now_us,
                    HAPPENS_BEAT, job->index, job->beat_serial);
}

bool rhythm_begins(struct jobmanager *jobmanager, struct job *job)
{
    const struct job_rhythm *const rhythm = &job->plan->rhythm;
    job->beat_serial = ++jobmanager->last_serial;
    if (rhythm->interval_us <= 0 || !job->tracker)
        return true;
    job->beat_us = later(jobmanager->now_us, rhythm->first_us);
    return schedule_beat(jobmanager, job);
}

/* A beat that finds too many under way is left out. Savepoints do not count, nor do checkpoints
 * whose end only the plan knows.
 * Source: Flink CheckpointRequestDecider (which postpones instead: the next one then comes a little
 * earlier than here). */
static bool has_room(const struct job *job)
{
    const int32_t concurrent_max = job->plan->rhythm.concurrent_max;
    int32_t running = 0;
    for (size_t i = 0; i < job->pending_count; i++) {
        const struct pending_checkpoint *const pending = &job->pending[i];
        running += !pending->by_plan && !pending->waits_to_show &&
                   !checkpoint_type_is_savepoint(pending->type);
    }
    return running < (concurrent_max > 0 ? concurrent_max : 1);
}

/* What a beat brings, drawn in full each time, so that one chance moves no other's numbers. */
struct beat {
    bool is_savepoint, trigger_fails, fails;
    bool mishaps[HAPPENING_COUNT];
    int64_t takes_us, mishap_after_us;
};

static struct beat draw_beat(struct job *job)
{
    const struct job_rhythm *const rhythm = &job->plan->rhythm;
    struct random *const random = &job->random;
    struct beat beat = {0};
    beat.is_savepoint = random_chance(random, rhythm->savepoint_ppm);
    beat.trigger_fails = random_chance(random, rhythm->trigger_failure_ppm);
    beat.fails = random_chance(random, rhythm->checkpoint_failure_ppm);
    beat.mishaps[HAPPENS_MISHAP_RESTART] = random_chance(random, rhythm->restart_ppm);
    beat.mishaps[HAPPENS_MISHAP_RESCALE] = random_chance(random, rhythm->rescale_ppm);
    beat.mishaps[HAPPENS_MISHAP_FAILOVER] = random_chance(random, rhythm->failover_ppm);
    beat.takes_us = rhythm->takes_us;
    if (rhythm->takes_jitter_us > 0)
        beat.takes_us = later(beat.takes_us, random_between(random, 0, rhythm->takes_jitter_us));
    beat.mishap_after_us = random_between(random, 0, beat.takes_us > 0 ? beat.takes_us : 0);
    if (beat.is_savepoint)
        beat.takes_us *= SAVEPOINT_TAKES_TIMES;
    return beat;
}

static bool schedule_mishaps(struct jobmanager *jobmanager, const struct job *job,
                             const struct beat *beat)
{
    static const enum happening mishaps[] = {HAPPENS_MISHAP_RESTART, HAPPENS_MISHAP_RESCALE,
                                             HAPPENS_MISHAP_FAILOVER};
    for (size_t i = 0; i < sizeof mishaps / sizeof mishaps[0]; i++) {
        if (beat->mishaps[mishaps[i]] &&
            !schedule(jobmanager, later(jobmanager->now_us, beat->mishap_after_us), mishaps[i],
                      job->index, job->beat_serial))
            return false;
    }
    return true;
}

/* A trigger that fails has used its id up (real_bugs.md, section 7). */
static bool fail_to_trigger(struct jobmanager *jobmanager, struct job *job)
{
    const struct pending_checkpoint failed = {.id = job->next_id, .trigger_us = jobmanager->now_us};
    checkpoint_id_used(job, failed.id);
    return tracker_failed_without_pending(job->tracker) &&
           journal_pending(jobmanager, job, JOURNAL_FAILED, &failed);
}

/* Before all tasks run a trigger fails, and its id was not drawn yet. Common in the first second of
 * a job (reference, section 13). Source: Flink CheckpointCoordinator.startTriggeringCheckpoint. */
static bool fail_too_early(struct jobmanager *jobmanager, const struct job *job)
{
    const struct pending_checkpoint failed = {.trigger_us = jobmanager->now_us};
    return tracker_failed_without_pending(job->tracker) &&
           journal_pending(jobmanager, job, JOURNAL_FAILED, &failed);
}

static bool trigger(struct jobmanager *jobmanager, struct job *job, const struct beat *beat)
{
    if (!tasks_all_run(jobmanager, job))
        return fail_too_early(jobmanager, job);
    if (!beat->is_savepoint && !has_room(job))
        return true;
    if (beat->trigger_fails)
        return fail_to_trigger(jobmanager, job);
    const struct checkpoint_trigger drawn = {
        .type = beat->is_savepoint ? CHECKPOINT_SAVEPOINT : CHECKPOINT_ALIGNED,
        .trigger_us = jobmanager->now_us,
        .takes_us = beat->takes_us,
        .fails = beat->fails,
    };
    return checkpoint_triggered(jobmanager, job, &drawn, NULL);
}

/* Only now is the next beat scheduled, so that the queue stays short however long the run. */
bool rhythm_beats(struct jobmanager *jobmanager, struct job *job)
{
    if (!job_takes_checkpoints(job))
        return true;
    const struct beat beat = draw_beat(job);
    job->beat_us = later(job->beat_us, job->plan->rhythm.interval_us);
    return schedule_beat(jobmanager, job) && trigger(jobmanager, job, &beat) &&
           schedule_mishaps(jobmanager, job, &beat);
}

bool rhythm_mishap(struct jobmanager *jobmanager, struct job *job, enum happening what)
{
    const int64_t down_us = random_between(&job->random, 0, job->plan->rhythm.interval_us);
    if (what == HAPPENS_MISHAP_FAILOVER)
        return job_fails_over(jobmanager, job, down_us);
    const struct job_cause cause = {0};
    return job_restarts(jobmanager, job, down_us, what == HAPPENS_MISHAP_RESTART ? &cause : NULL);
}
