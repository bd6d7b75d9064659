#include "mock_jobmanager/jobmanager_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Texts: Flink CheckpointFailureReason. */
static const char message_suspended[] = "Checkpoint Coordinator is suspending.";
static const char message_shut_down[] = "CheckpointCoordinator shutdown.";

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
    job->layout = calloc(job->vertex_count, sizeof *job->layout);
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
    struct job *const job = calloc(1, sizeof *job);
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
    (void)jobmanager;
    tracker_free(job->tracker);
    pending_forget_all(job);
    job_stop_forget(job);
    stored_forget(job, false);
    stored_free(job);
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

static bool enter(struct jobmanager *jobmanager, struct job *job, enum job_status state)
{
    job->state = state;
    job->changed_us = jobmanager->now_us;
    job->entered[state] = true;
    job->entered_us[state] = jobmanager->now_us;
    return journal_state(jobmanager, job);
}

static struct tracker *new_tracker(const struct jobmanager *jobmanager, const struct job *job)
{
    return tracker_new(&(struct tracker_config){
        .job = job->plan->id,
        .run = job->run + 1,
        .history_count_max = jobmanager->config.history_count_max,
        .late_savepoint_is_checkpoint = jobmanager->config.quirks.late_savepoint_is_checkpoint,
    });
}

/* A new JobMaster: statistics begin empty, and nothing is pending. */
static bool begin_run(struct jobmanager *jobmanager, struct job *job)
{
    struct tracker *tracker = NULL;
    if (job->plan->checkpointing) {
        tracker = new_tracker(jobmanager, job);
        if (!tracker)
            return false;
    }
    tracker_free(job->tracker);
    job->tracker = tracker;
    job->known = true;
    job->run++;
    pending_forget_all(job);
    job_stop_forget(job);
    job->start_us = jobmanager->now_us;
    job->end_us = -1;
    memset(job->entered, 0, sizeof job->entered);
    job->beat_serial = ++jobmanager->last_serial;
    job->recovery_serial = ++jobmanager->last_serial;
    return journal_run(jobmanager, job);
}

static int64_t first_id(const struct job *job)
{
    return job->plan->first_checkpoint_id > 0 ? job->plan->first_checkpoint_id : 1;
}

/* A run that has nothing to do with the one before it. */
static bool begin_afresh(struct jobmanager *jobmanager, struct job *job, int64_t id)
{
    stored_forget(job, false);
    job->next_id = id;
    return begin_run(jobmanager, job);
}

static bool start_running(struct jobmanager *jobmanager, struct job *job)
{
    return enter(jobmanager, job, JOB_RUNNING) && rhythm_begins(jobmanager, job);
}

static bool is_absent(const struct job *job)
{
    return !job->known || job_has_ended(job);
}

bool job_initializes(struct jobmanager *jobmanager, struct job *job)
{
    if (!is_absent(job))
        return true;
    return begin_afresh(jobmanager, job, first_id(job)) && enter(jobmanager, job, JOB_INITIALIZING);
}

bool job_runs(struct jobmanager *jobmanager, struct job *job)
{
    if (is_absent(job) && !begin_afresh(jobmanager, job, first_id(job)))
        return false;
    if (job->entered[JOB_RUNNING] && job->state == JOB_RUNNING)
        return true;
    job->recovery_serial = ++jobmanager->last_serial;
    return start_running(jobmanager, job);
}

static bool restore(struct jobmanager *jobmanager, struct job *job,
                    const struct stored_checkpoint *from)
{
    if (job->tracker &&
        !tracker_restored(job->tracker, from->id, epoch_ms(jobmanager, jobmanager->now_us),
                          from->is_savepoint, from->path->bytes))
        return false;
    checkpoint_id_used(job, from->id);
    return journal_stored(jobmanager, job, JOURNAL_RESTORED, from, job->run);
}

bool job_recovers(struct jobmanager *jobmanager, struct job *job)
{
    const struct stored_checkpoint *const latest = stored_latest(job);
    if (latest && !restore(jobmanager, job, latest))
        return false;
    return start_running(jobmanager, job);
}

/* Comes back after `takes_us`, or at once. */
static bool recover_later(struct jobmanager *jobmanager, struct job *job, int64_t takes_us,
                          enum job_status meanwhile)
{
    if (takes_us <= 0 && meanwhile == JOB_INITIALIZING)
        return job_recovers(jobmanager, job);
    if (!enter(jobmanager, job, meanwhile))
        return false;
    if (takes_us <= 0)
        return job_recovers(jobmanager, job);
    job->recovery_serial = ++jobmanager->last_serial;
    return schedule(jobmanager, later(jobmanager->now_us, takes_us), HAPPENS_RECOVERY, job->index,
                    job->recovery_serial);
}

bool job_restarts(struct jobmanager *jobmanager, struct job *job, int64_t takes_us)
{
    if (!job->known || job->state != JOB_RUNNING)
        return true;
    job->beat_serial = ++jobmanager->last_serial;
    if (!job_stop_fails(jobmanager, job))
        return false;
    if (job->tracker && (!checkpoints_show_now(jobmanager, job) ||
                         !checkpoints_fail_all(jobmanager, job, message_suspended)))
        return false;
    return recover_later(jobmanager, job, takes_us, JOB_RESTARTING);
}

static bool leave_run(struct jobmanager *jobmanager, struct job *job)
{
    operations_forget(jobmanager, job->plan->id);
    return !job->tracker || checkpoints_show_now(jobmanager, job);
}

bool job_starts_over(struct jobmanager *jobmanager, struct job *job, int64_t takes_us)
{
    return leave_run(jobmanager, job) && begin_afresh(jobmanager, job, 1) &&
           recover_later(jobmanager, job, takes_us, JOB_INITIALIZING);
}

bool job_fails_over(struct jobmanager *jobmanager, struct job *job, int64_t takes_us)
{
    if (is_absent(job))
        return true;
    if (!leave_run(jobmanager, job))
        return false;
    stored_forget(job, true);
    return begin_run(jobmanager, job) && recover_later(jobmanager, job, takes_us, JOB_INITIALIZING);
}

static bool archive(struct jobmanager *jobmanager, struct job *job)
{
    struct execution_graph *const graph = show_graph(jobmanager, job, false);
    if (!graph)
        return false;
    const bool kept = finished_store_put(&jobmanager->finished, graph);
    execution_graph_release(graph);
    tracker_free(job->tracker);
    job->tracker = NULL;
    return kept;
}

/* The state on the way to a terminal one. Source: Flink JobStatus. */
static bool pass_through(struct jobmanager *jobmanager, struct job *job, enum job_status end)
{
    if (end == JOB_CANCELED)
        return enter(jobmanager, job, JOB_CANCELLING);
    if (end == JOB_FAILED)
        return enter(jobmanager, job, JOB_FAILING);
    return true;
}

/* Retained checkpoints of a finished job go before its last snapshot is taken, and so are marked
 * in it (reference, section 13, and the recordings of finished jobs); RETAIN_ON_CANCELLATION keeps
 * those of cancelled and failed ones. */
bool job_ends(struct jobmanager *jobmanager, struct job *job, enum job_status state)
{
    assert(job_status_is_terminal(state));
    if (is_absent(job))
        return true;
    job->beat_serial = ++jobmanager->last_serial;
    job->recovery_serial = ++jobmanager->last_serial;
    if (!job_stop_fails(jobmanager, job) || !pass_through(jobmanager, job, state))
        return false;
    if (job->tracker && (!checkpoints_show_now(jobmanager, job) ||
                         !checkpoints_fail_all(jobmanager, job, message_shut_down)))
        return false;
    if (state == JOB_FINISHED && !stored_discard_retained(jobmanager, job))
        return false;
    job->end_us = jobmanager->now_us;
    return enter(jobmanager, job, state) && archive(jobmanager, job);
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

static bool restore_fails(struct jobmanager *jobmanager, struct job *job, const char *path)
{
    const struct stored_checkpoint missing = {.path = path_new(jobmanager, job, path)};
    const bool failed =
        missing.path &&
        journal_stored(jobmanager, job, JOURNAL_RESTORE_FAILED, &missing, job->run) &&
        job_ends(jobmanager, job, JOB_FAILED);
    shared_text_release(missing.path);
    return failed;
}

static bool start_from(struct jobmanager *jobmanager, struct job *job, const char *path,
                       const struct stored_checkpoint *origin)
{
    if (!begin_afresh(jobmanager, job, origin ? 1 : first_id(job)))
        return false;
    if (path && *path && !origin)
        return restore_fails(jobmanager, job, path);
    if (origin && !job_restores(jobmanager, job, origin))
        return false;
    return start_running(jobmanager, job);
}

/* Source: Flink CheckpointCoordinator.restoreSavepoint: the checkpoint id counter goes on from the
 * restored id, and a missing path fails the job before it runs. */
bool jobmanager_start_from(struct jobmanager *jobmanager, int64_t now_us, size_t job_index,
                           const char *path)
{
    assert(job_index < jobmanager->config.job_count);
    advance_now(jobmanager, now_us);
    struct job *const job = jobmanager->jobs[job_index];
    if (!is_absent(job))
        return true;
    const struct stored_checkpoint *const found =
        path && *path ? stored_by_path(jobmanager, path) : NULL;
    if (!found)
        return start_from(jobmanager, job, path, NULL);
    const struct stored_checkpoint origin = *found;
    shared_text_retain(origin.path);
    const bool started = start_from(jobmanager, job, path, &origin);
    shared_text_release(origin.path);
    return started;
}
