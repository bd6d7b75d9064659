#include "mock_jobmanager/jobmanager_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Texts: Flink CheckpointFailureReason. */
static const char message_suspended[] = "Checkpoint Coordinator is suspending.";
static const char message_shut_down[] = "CheckpointCoordinator shutdown.";

/* Source: Flink jobstore.expiration-time. */
static const int64_t ended_kept_default_us = INT64_C(3600) * 1000 * 1000;

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
    job_failures_forget(job);
    job->is_sparse = false;
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

/* The ended jobs that are kept: those of the plan for good unless something else is said. */
static bool schedule_forgetting(struct jobmanager *jobmanager, const struct job *job)
{
    const bool is_of_plan = !job->submission;
    int64_t kept_us = jobmanager->config.ended_kept_us;
    if (kept_us <= 0 && is_of_plan)
        return true;
    if (kept_us <= 0)
        kept_us = ended_kept_default_us;
    return schedule(jobmanager, later(jobmanager->now_us, kept_us), HAPPENS_FORGETTING, job->index,
                    job->recovery_serial);
}

/* Not at once: whoever ended the job still speaks of it. */
static bool schedule_trimming(struct jobmanager *jobmanager)
{
    const size_t kept_max = jobmanager->config.ended_kept_max;
    return kept_max == 0 || jobmanager->finished.count <= kept_max ||
           schedule(jobmanager, jobmanager->now_us, HAPPENS_TRIMMING, 0, 0);
}

static struct job *first_ended(const struct jobmanager *jobmanager)
{
    struct job *first = NULL;
    for (size_t i = 0; i < jobmanager->job_count; i++) {
        struct job *const job = jobmanager->jobs[i];
        if (job_has_ended(job) && (!first || job->end_us < first->end_us))
            first = job;
    }
    return first;
}

/* Source: Flink FileExecutionGraphInfoStore, MemoryExecutionGraphInfoStore (maximum capacity). */
bool jobs_are_trimmed(struct jobmanager *jobmanager)
{
    while (jobmanager->finished.count > jobmanager->config.ended_kept_max) {
        struct job *const first = first_ended(jobmanager);
        if (!first)
            return true;
        job_is_forgotten(jobmanager, first);
    }
    return true;
}

static bool enter_terminal(struct jobmanager *jobmanager, struct job *job, enum job_status state)
{
    job->end_us = jobmanager->now_us;
    return enter(jobmanager, job, state) && archive(jobmanager, job) &&
           schedule_forgetting(jobmanager, job) && schedule_trimming(jobmanager);
}

/* All that was held for the job is given back. A job of the plan stays in its place, unknown. */
bool job_is_forgotten(struct jobmanager *jobmanager, struct job *job)
{
    finished_store_remove(&jobmanager->finished, job->plan->id);
    if (job->submission) {
        jobs_remove(jobmanager, job);
        return true;
    }
    job->known = false;
    stored_leave_all(jobmanager, job);
    job_failures_forget(job);
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
    return enter_terminal(jobmanager, job, state);
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
        missing.path && journal_stored(jobmanager, job, JOURNAL_RESTORE_FAILED, &missing, job->run);
    shared_text_release(missing.path);
    return failed;
}

/* The checkpoint that lies at a path, to be a job's origin. */
static struct stored_checkpoint origin_of(const struct checkpoint_file *file)
{
    return (struct stored_checkpoint){
        .id = file->id,
        .is_savepoint = file->is_savepoint,
        .durable = true,
        .recoverable = true,
        .trigger_ms = file->trigger_ms,
    };
}

/* Source: Flink CheckpointCoordinator.restoreSavepoint: the checkpoint id counter goes on from the
 * restored id. */
static bool begin_from(struct jobmanager *jobmanager, struct job *job,
                       const struct checkpoint_file *file)
{
    struct stored_checkpoint origin = origin_of(file);
    origin.path = path_new(jobmanager, job, file->path->bytes);
    const bool begun = origin.path && begin_afresh(jobmanager, job, 1) &&
                       job_restores(jobmanager, job, &origin) && start_running(jobmanager, job);
    shared_text_release(origin.path);
    return begun;
}

static const struct checkpoint_file *find_file(const struct jobmanager *jobmanager,
                                               const char *path)
{
    return path && *path ? checkpoint_files_find(jobmanager->files, path) : NULL;
}

/* A missing path fails the job before it runs. */
bool jobmanager_start_from(struct jobmanager *jobmanager, int64_t now_us, size_t job_index,
                           const char *path)
{
    assert(job_index < jobmanager->config.job_count);
    advance_now(jobmanager, now_us);
    struct job *const job = jobmanager->jobs[job_index];
    const struct checkpoint_file *const file = find_file(jobmanager, path);
    if (!is_absent(job))
        return true;
    if (file)
        return begin_from(jobmanager, job, file);
    if (!begin_afresh(jobmanager, job, first_id(job)))
        return false;
    if (!path || !*path)
        return start_running(jobmanager, job);
    job->is_sparse = true;
    return restore_fails(jobmanager, job, path) && job_ends(jobmanager, job, JOB_FAILED);
}

/* Source: Flink DefaultJobMasterServiceProcess: without its savepoint a job leaves INITIALIZING
 * for FAILED. */
static bool fails_to_initialize(struct jobmanager *jobmanager, struct job *job, const char *path,
                                const char *failure)
{
    job->is_sparse = true;
    return enter(jobmanager, job, JOB_INITIALIZING) && restore_fails(jobmanager, job, path) &&
           job_failure_add(jobmanager, job, initialization_exception, failure, false) &&
           enter_terminal(jobmanager, job, JOB_FAILED);
}

bool job_starts(struct jobmanager *jobmanager, struct job *job, const char *path,
                const char *failure)
{
    const struct checkpoint_file *const file = find_file(jobmanager, path);
    if (file)
        return begin_from(jobmanager, job, file);
    if (!begin_afresh(jobmanager, job, first_id(job)))
        return false;
    if (!path || !*path)
        return start_running(jobmanager, job);
    return fails_to_initialize(jobmanager, job, path, failure);
}
