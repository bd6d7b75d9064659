#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/failures_internal.h"
#include "mock_jobmanager/happening_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/operations_internal.h"
#include "mock_jobmanager/plan_internal.h"
#include "mock_jobmanager/stops_internal.h"
#include "mock_jobmanager/stored_internal.h"
#include "mock_jobmanager/submissions_internal.h"
#include "mock_jobmanager/tasks_internal.h"

/* Text: Flink CheckpointFailureReason. */
static const char message_suspended[] = "Checkpoint Coordinator is suspending.";

static char *new_directory(const struct job_plan *plan)
{
    if (plan->directory)
        return text_copy(plan->directory);
    static const char parent[] = "file:/flink/checkpoints/";
    char *const directory = malloc(sizeof parent + ID_DIGITS);
    if (!directory)
        return NULL;
    memcpy(directory, parent, sizeof parent - 1);
    id_format(plan->id, directory + sizeof parent - 1);
    return directory;
}

static void set_up_vertices(struct job *job)
{
    job->vertices = job->plan->vertices;
    job->vertex_count = job->plan->vertex_count;
    if (job->vertex_count > 0)
        return;
    job->only_vertex = (struct job_vertex){
        .id = {.high = ~job->plan->id.high, .low = job->plan->id.low},
        .name = "Source: Numbers -> Sink: Nowhere",
        .parallelism = 1,
    };
    job->vertices = &job->only_vertex;
    job->vertex_count = 1;
}

static bool set_up(struct jobmanager *jobmanager, struct job *job)
{
    set_up_vertices(job);
    job->layout = memory_zeroed(job->vertex_count, sizeof *job->layout);
    job->directory = new_directory(job->plan);
    if (!job->layout || !job->directory)
        return false;
    for (size_t i = 0; i < job->vertex_count; i++) {
        job->layout[i] = (struct task_layout){.vertex = job->vertices[i].id,
                                              .subtask_count = job->vertices[i].parallelism};
        job->subtask_count += job->vertices[i].parallelism;
    }
    struct random root;
    random_seed(&root, jobmanager->config.seed);
    random_fork(&root, job->index, &job->random);
    return true;
}

struct job *job_new(struct jobmanager *jobmanager, size_t index, const struct job_plan *plan)
{
    struct job *const job = memory_zeroed(1, sizeof *job);
    if (!job)
        return NULL;
    job->plan = plan;
    job->index = index;
    if (set_up(jobmanager, job))
        return job;
    job_free(jobmanager, job);
    return NULL;
}

void job_free(struct jobmanager *jobmanager, struct job *job)
{
    tracker_free(job->tracker);
    pending_forget_all(job);
    job_stop_forget(job);
    stored_leave_all(jobmanager, job);
    job_failures_forget(job);
    submission_free(job->submission);
    free(job->pending);
    free(job->layout);
    free(job->directory);
    free(job);
}

bool job_has_ended(const struct job *job)
{
    return job->known && job_status_is_terminal(job->state);
}

bool job_takes_checkpoints(const struct job *job)
{
    return job->known && job->state == JOB_RUNNING && job->tracker && !job->stop.under_way;
}

bool job_is_absent(const struct job *job)
{
    return !job->known || job_has_ended(job);
}

/* A job whose plan gives it a pace passes through every state, if only in no time. */
static bool has_pace(const struct job *job)
{
    const struct job_pace *const pace = &job->plan->pace;
    return pace->initializing_us > 0 || pace->created_us > 0 || pace->scheduled_us > 0 ||
           pace->deploying_us > 0 || pace->task_initializing_us > 0 || pace->restarting_us > 0 ||
           pace->cancelling_us > 0 || pace->failing_us > 0 || pace->finishing_us > 0;
}

bool job_enters(struct jobmanager *jobmanager, struct job *job, enum job_status state)
{
    job->state = state;
    job->changed_us = jobmanager->now_us;
    job->entered[state] = true;
    job->entered_us[state] = jobmanager->now_us;
    return journal_state(jobmanager, job);
}

static struct tracker *new_tracker(const struct jobmanager *jobmanager, const struct job *job,
                                   uint64_t run)
{
    return tracker_new(&(struct tracker_config){
        .job = job->plan->id,
        .run = run,
        .history_count_max = jobmanager->config.history_count_max,
        .late_savepoint_is_checkpoint = jobmanager->config.quirks.late_savepoint_is_checkpoint,
        .failed_triggers_count_halfway = jobmanager->config.quirks.failed_triggers_count_halfway,
    });
}

static bool statistics_begin(const struct jobmanager *jobmanager, struct job *job, uint64_t run)
{
    struct tracker *const tracker = new_tracker(jobmanager, job, run);
    if (!tracker)
        return false;
    tracker_free(job->tracker);
    job->tracker = tracker;
    return true;
}

/* A new JobMaster: statistics begin empty, and nothing is pending. */
static bool begin_run(struct jobmanager *jobmanager, struct job *job)
{
    const bool keeps = jobmanager->config.quirks.failover_keeps_statistics && job->tracker;
    if (job->plan->checkpointing && !keeps && !statistics_begin(jobmanager, job, job->run + 1))
        return false;
    job->known = true;
    job->run++;
    pending_forget_all(job);
    job_stop_forget(job);
    job_failures_forget(job);
    tasks_forget(job);
    job->is_sparse = false;
    job->is_restored = false;
    job->start_us = jobmanager->now_us;
    job->end_us = -1;
    memset(job->entered, 0, sizeof job->entered);
    job->beat_serial = ++jobmanager->last_serial;
    job->recovery_serial = ++jobmanager->last_serial;
    return journal_run(jobmanager, job);
}

int64_t job_first_id(const struct job *job)
{
    return job->plan->first_checkpoint_id > 0 ? job->plan->first_checkpoint_id : 1;
}

bool job_begins_afresh(struct jobmanager *jobmanager, struct job *job, int64_t id)
{
    stored_forget(job, false);
    job->next_id = id;
    return begin_run(jobmanager, job);
}

static bool start_running(struct jobmanager *jobmanager, struct job *job, bool at_once)
{
    if (job->state != JOB_CREATED || !job->tasks.exist)
        tasks_are_created(jobmanager, job);
    tasks_are_scheduled(jobmanager, job, at_once);
    job->is_restored = false;
    return job_enters(jobmanager, job, JOB_RUNNING) && rhythm_begins(jobmanager, job);
}

static bool recover_after(struct jobmanager *jobmanager, struct job *job, int64_t takes_us)
{
    if (takes_us <= 0)
        return job_recovers(jobmanager, job);
    job->recovery_serial = ++jobmanager->last_serial;
    return schedule(jobmanager, later(jobmanager->now_us, takes_us), HAPPENS_RECOVERY, job->index,
                    job->recovery_serial);
}

static bool create(struct jobmanager *jobmanager, struct job *job)
{
    tasks_are_created(jobmanager, job);
    return job_enters(jobmanager, job, JOB_CREATED) &&
           recover_after(jobmanager, job, job->plan->pace.created_us);
}

bool job_comes_up(struct jobmanager *jobmanager, struct job *job)
{
    if (!has_pace(job))
        return start_running(jobmanager, job, true);
    job->is_restored = true; /* nothing is to be restored but what has been */
    return job_enters(jobmanager, job, JOB_INITIALIZING) &&
           recover_after(jobmanager, job, job->plan->pace.initializing_us);
}

bool job_initializes(struct jobmanager *jobmanager, struct job *job)
{
    if (!job_is_absent(job))
        return true;
    return job_begins_afresh(jobmanager, job, job_first_id(job)) &&
           job_enters(jobmanager, job, JOB_INITIALIZING);
}

bool job_exists(struct jobmanager *jobmanager, struct job *job)
{
    return job_begins_afresh(jobmanager, job, job_first_id(job)) &&
           start_running(jobmanager, job, true);
}

bool job_runs(struct jobmanager *jobmanager, struct job *job)
{
    const bool was_absent = job_is_absent(job);
    if (was_absent && !job_begins_afresh(jobmanager, job, job_first_id(job)))
        return false;
    if (was_absent)
        return job_comes_up(jobmanager, job);
    if (job->state == JOB_RUNNING)
        return true;
    job->recovery_serial = ++jobmanager->last_serial;
    if (has_pace(job) && job->state == JOB_INITIALIZING)
        return create(jobmanager, job);
    return start_running(jobmanager, job, false);
}

static bool restore(struct jobmanager *jobmanager, struct job *job,
                    const struct stored_checkpoint *from)
{
    if (job->tracker &&
        !tracker_restored(job->tracker, from->id, epoch_ms(jobmanager, jobmanager->now_us),
                          from->is_savepoint, from->path))
        return false;
    checkpoint_id_used(job, from->id);
    return journal_stored(jobmanager, job, JOURNAL_RESTORED, from, job->run);
}

bool job_restores(struct jobmanager *jobmanager, struct job *job,
                  const struct stored_checkpoint *from)
{
    const struct stored_checkpoint before = job->origin;
    job->origin = *from;
    shared_text_retain(job->origin.path);
    shared_text_release(before.path);
    job->has_origin = true;
    return restore(jobmanager, job, &job->origin);
}

/* The next step on the way to RUNNING. */
bool job_recovers(struct jobmanager *jobmanager, struct job *job)
{
    if (job->state == JOB_CREATED)
        return start_running(jobmanager, job, false);
    const struct stored_checkpoint *const latest = job->is_restored ? NULL : stored_latest(job);
    if (latest && !restore(jobmanager, job, latest))
        return false;
    if (has_pace(job) && job->state == JOB_INITIALIZING)
        return create(jobmanager, job);
    return start_running(jobmanager, job, false);
}

bool job_restarts(struct jobmanager *jobmanager, struct job *job, int64_t takes_us,
                  const struct job_cause *cause)
{
    if (!job->known || job->state != JOB_RUNNING)
        return true;
    job->beat_serial = ++jobmanager->last_serial;
    if (!job_stop_fails(jobmanager, job) || !job_fails_of(jobmanager, job, cause))
        return false;
    if (job->tracker && (!checkpoints_show_now(jobmanager, job) ||
                         !checkpoints_fail_all(jobmanager, job, message_suspended)))
        return false;
    if (jobmanager->config.quirks.restart_wipes_statistics && job->tracker &&
        !statistics_begin(jobmanager, job, job->run))
        return false;
    if (cause)
        one_task_fails(jobmanager, job);
    else
        tasks_are_cancelled(jobmanager, job);
    return job_enters(jobmanager, job, JOB_RESTARTING) &&
           recover_after(jobmanager, job, takes_us > 0 ? takes_us : job->plan->pace.restarting_us);
}

static bool leave_run(struct jobmanager *jobmanager, struct job *job)
{
    operations_forget(jobmanager, job->plan->id);
    return !job->tracker || checkpoints_show_now(jobmanager, job);
}

/* A new JobMaster needs a while, or none without a pace. */
static bool take_over(struct jobmanager *jobmanager, struct job *job, int64_t takes_us)
{
    const int64_t initializing_us = takes_us > 0 ? takes_us : job->plan->pace.initializing_us;
    if (initializing_us <= 0 && !has_pace(job))
        return job_recovers(jobmanager, job);
    return job_enters(jobmanager, job, JOB_INITIALIZING) &&
           recover_after(jobmanager, job, initializing_us);
}

bool job_starts_over(struct jobmanager *jobmanager, struct job *job, int64_t takes_us)
{
    return leave_run(jobmanager, job) && job_begins_afresh(jobmanager, job, 1) &&
           take_over(jobmanager, job, takes_us);
}

bool job_fails_over(struct jobmanager *jobmanager, struct job *job, int64_t takes_us)
{
    if (job_is_absent(job))
        return true;
    if (!leave_run(jobmanager, job) || !stored_discard_volatile(jobmanager, job))
        return false;
    stored_forget(job, true);
    return begin_run(jobmanager, job) && take_over(jobmanager, job, takes_us);
}
