#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/happening_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/operations_internal.h"
#include "mock_jobmanager/plan_internal.h"
#include "mock_jobmanager/stops_internal.h"
#include "mock_jobmanager/stored_internal.h"

/* Between trigger and end the subtasks report in at most this many steps, so that wide jobs do not
 * make simulated days long. */
enum { ACKNOWLEDGEMENT_STEPS_MAX = 4 };

/* Texts: Flink CheckpointFailureReason. */
static const char message_subsumed[] = "Checkpoint has been subsumed.";
static const char message_task_failed[] = "Task has failed.";
static const char exception_name[] = "org.apache.flink.runtime.checkpoint.CheckpointException";

void checkpoint_id_used(struct job *job, int64_t id)
{
    if (id >= job->next_id)
        job->next_id = id < INT64_MAX ? id + 1 : INT64_MAX;
}

struct pending_checkpoint *pending_by_serial(const struct job *job, uint64_t serial)
{
    for (size_t i = job->pending_count; i-- > 0;)
        if (job->pending[i].serial == serial)
            return &job->pending[i];
    return NULL;
}

struct pending_checkpoint *pending_by_id(const struct job *job, int64_t id)
{
    for (size_t i = job->pending_count; i-- > 0;)
        if (job->pending[i].id == id)
            return &job->pending[i];
    return NULL;
}

static void remove_pending(struct job *job, struct pending_checkpoint *pending)
{
    shared_text_release(pending->path);
    job_order_release(pending->order);
    const size_t place = (size_t)(pending - job->pending);
    memmove(pending, pending + 1, (--job->pending_count - place) * sizeof *pending);
}

void pending_forget_all(struct job *job)
{
    while (job->pending_count > 0)
        remove_pending(job, &job->pending[job->pending_count - 1]);
}

static int32_t step_count(const struct job *job)
{
    return job->subtask_count < ACKNOWLEDGEMENT_STEPS_MAX ? job->subtask_count
                                                          : ACKNOWLEDGEMENT_STEPS_MAX;
}

/* How many subtasks have reported once `step` steps are done. */
static int32_t acknowledged_after(const struct job *job, int32_t step)
{
    return (int32_t)((int64_t)job->subtask_count * step / step_count(job));
}

/* Schedules the next report that comes before the end; the end brings the last one itself. */
static bool schedule_acknowledgement(struct jobmanager *jobmanager, const struct job *job,
                                     const struct pending_checkpoint *pending)
{
    const int32_t steps = step_count(job);
    int32_t step = 1;
    while (step < steps && acknowledged_after(job, step) <= pending->acknowledged)
        step++;
    if (step >= steps)
        return true;
    return schedule(jobmanager, later(pending->trigger_us, pending->takes_us / steps * step),
                    HAPPENS_ACKNOWLEDGEMENT, job->index, pending->serial);
}

static bool schedule_course(struct jobmanager *jobmanager, const struct job *job,
                            const struct pending_checkpoint *pending)
{
    return schedule_acknowledgement(jobmanager, job, pending) &&
           schedule(jobmanager, later(pending->trigger_us, pending->takes_us), HAPPENS_END,
                    job->index, pending->serial);
}

bool checkpoint_triggered(struct jobmanager *jobmanager, struct job *job,
                          const struct checkpoint_trigger *trigger, uint64_t *serial)
{
    struct pending_checkpoint *const pending =
        vector_grow(job->pending, job->pending_count, &job->pending_capacity, sizeof *pending);
    if (!pending)
        return false;
    job->pending = pending;
    const int64_t id = trigger->id != 0 ? trigger->id : job->next_id;
    if (!tracker_pending(job->tracker, id, trigger->type, epoch_ms(jobmanager, trigger->trigger_us),
                         job->layout, job->vertex_count))
        return false;
    if (trigger->order && trigger->order->native_format)
        tracker_pending_is_native(job->tracker, id);
    checkpoint_id_used(job, id);
    struct pending_checkpoint *const added = &job->pending[job->pending_count++];
    *added = (struct pending_checkpoint){
        .serial = ++jobmanager->last_serial,
        .id = id,
        .type = trigger->type,
        .trigger_us = trigger->trigger_us,
        .takes_us = trigger->takes_us,
        .by_plan = trigger->by_plan,
        .unnamed = trigger->id == 0,
        .fails = trigger->fails,
        .by_client = trigger->by_client,
        .operation = trigger->operation,
        .order = job_order_retain(trigger->order),
        .stops = trigger->stops,
    };
    if (serial)
        *serial = added->serial;
    if (jobmanager->config.quirks.trigger_discards &&
        !checkpoint_type_is_savepoint(trigger->type) && !stored_makes_room(jobmanager, job))
        return false;
    return trigger->by_plan || schedule_course(jobmanager, job, added);
}

/* A path that a job's journal lines may point at; a counted reference, or NULL. */
struct shared_text *path_new(struct jobmanager *jobmanager, const struct job *job, const char *text)
{
    struct shared_text *const path = shared_text_new(text);
    const bool is_kept =
        job->index < jobmanager->config.job_count && !jobmanager->config.forgets_paths;
    if (!path || !is_kept)
        return path;
    struct shared_text **const kept =
        vector_grow(jobmanager->kept_paths, jobmanager->kept_path_count,
                    &jobmanager->kept_path_capacity, sizeof(struct shared_text *));
    if (!kept) {
        shared_text_release(path);
        return NULL;
    }
    jobmanager->kept_paths = kept;
    kept[jobmanager->kept_path_count++] = shared_text_retain(path);
    return path;
}

/* Flink's Path: a local directory has one slash after its scheme, whatever was asked for. */
static size_t write_directory(char *text, size_t size, const char *directory)
{
    const bool has_authority = strncmp(directory, "file:///", 8) == 0;
    const bool has_no_scheme = directory[0] == '/';
    size_t length =
        (size_t)snprintf(text, size, "%s%s", has_authority || has_no_scheme ? "file:" : "",
                         has_authority ? directory + 7 : directory);
    while (length > 0 && text[length - 1] == '/')
        length--;
    return length;
}

enum { SAVEPOINT_NAME_BYTES = sizeof "/savepoint-123456-123456789abc" };

/* Where a client wants its savepoint; the second half of its name is drawn until it is free.
 * Source: Flink AbstractFsCheckpointStorageAccess.initializeLocationForSavepoint. */
static struct shared_text *new_savepoint_path(struct jobmanager *jobmanager, const struct job *job,
                                              const struct pending_checkpoint *pending)
{
    const size_t size = strlen(pending->order->directory) + sizeof "file:" + SAVEPOINT_NAME_BYTES;
    char *const text = malloc(size);
    if (!text)
        return NULL;
    char digits[ID_DIGITS + 1];
    id_format(job->plan->id, digits);
    const size_t length = write_directory(text, size, pending->order->directory);
    struct random root, random;
    random_seed(&root, jobmanager->config.seed);
    random_fork(&root, ~pending->serial, &random);
    do {
        snprintf(text + length, size - length, "/savepoint-%.6s-%012" PRIx64, digits,
                 random_next(&random) >> 16);
    } while (checkpoint_files_find(jobmanager->files, text));
    struct shared_text *const path = path_new(jobmanager, job, text);
    free(text);
    return path;
}

/* What is shown for a path where there is none. Source: Flink
 * NonPersistentMetadataCheckpointStorageLocation.EXTERNAL_POINTER. */
static const char no_path[] = CHECKPOINT_PLACEHOLDER_PATH;

bool checkpoint_has_no_files(const struct shared_text *path)
{
    return strcmp(path->bytes, no_path) == 0;
}

struct shared_text *checkpoint_path_new(struct jobmanager *jobmanager, const struct job *job,
                                        int64_t id)
{
    if (*job->directory == '\0')
        return path_new(jobmanager, job, no_path);
    struct buffer *const text = &jobmanager->path_text;
    buffer_clear(text);
    buffer_text(text, job->directory);
    buffer_text(text, "/chk-");
    buffer_int64(text, id);
    buffer_char(text, '\0');
    return text->failed ? NULL : path_new(jobmanager, job, text->bytes);
}

/* Names: Flink AbstractFsCheckpointStorageAccess (chk-ID; savepoint-XXXXXX, here with the id for
 * the random part where nobody asked for it, so that paths tell what they are). */
static struct shared_text *new_path(struct jobmanager *jobmanager, const struct job *job,
                                    const struct pending_checkpoint *pending)
{
    if (pending->order)
        return new_savepoint_path(jobmanager, job, pending);
    char savepoint[96];
    if (checkpoint_type_is_savepoint(pending->type)) {
        char digits[ID_DIGITS + 1];
        id_format(job->plan->id, digits);
        snprintf(savepoint, sizeof savepoint, "file:/flink/savepoints/savepoint-%.6s-%" PRId64,
                 digits, pending->id);
        return path_new(jobmanager, job, savepoint);
    }
    return checkpoint_path_new(jobmanager, job, pending->id);
}

static bool begin(struct jobmanager *jobmanager, const struct job *job,
                  struct pending_checkpoint *pending)
{
    if (pending->began)
        return true;
    pending->path = new_path(jobmanager, job, pending);
    if (!pending->path)
        return false;
    pending->began = true;
    return journal_pending(jobmanager, job, JOURNAL_BEGAN, pending);
}

/* The part of `bytes` that subtask `ordinal` of `count` holds; the parts add up to the whole. */
static int64_t share_of(int64_t bytes, int32_t ordinal, int32_t count)
{
    return bytes / count + (ordinal < bytes % count);
}

static bool acknowledge_one(struct jobmanager *jobmanager, const struct job *job,
                            const struct pending_checkpoint *pending, size_t vertex,
                            int32_t subtask, int32_t ordinal)
{
    const int64_t ack_ms = epoch_ms(jobmanager, jobmanager->now_us);
    const int64_t took_ms = ack_ms - epoch_ms(jobmanager, pending->trigger_us);
    const int64_t size = share_of(job->plan->state_size, ordinal, job->subtask_count);
    const struct subtask_stats report = {
        .acknowledged = true,
        .ack_ms = ack_ms,
        .checkpointed_size = size,
        .state_size = size,
        .sync_ms = took_ms > 0,
        .async_ms = took_ms > 1 ? took_ms - 1 : 0,
    };
    return tracker_acknowledge(job->tracker, pending->id, job->vertices[vertex].id, subtask,
                               &report);
}

/* Subtasks report in the order of the vertices until `acknowledged` have. The last report begins
 * the completion: from then on a completed checkpoint is no phantom. */
bool checkpoint_acknowledged(struct jobmanager *jobmanager, struct job *job,
                             struct pending_checkpoint *pending, int32_t acknowledged)
{
    int32_t before = 0;
    for (size_t vertex = 0; vertex < job->vertex_count; vertex++) {
        const int32_t parallelism = job->vertices[vertex].parallelism;
        while (pending->acknowledged < acknowledged &&
               pending->acknowledged - before < parallelism) {
            if (!acknowledge_one(jobmanager, job, pending, vertex, pending->acknowledged - before,
                                 pending->acknowledged))
                return false;
            pending->acknowledged++;
        }
        before += parallelism;
    }
    return pending->acknowledged < job->subtask_count || begin(jobmanager, job, pending);
}

/* Out of turn: it is not counted here, and the tracker ignores that it reports again in its turn. */
bool checkpoint_subtask_acknowledged(struct jobmanager *jobmanager, const struct job *job,
                                     const struct pending_checkpoint *pending, int32_t ordinal)
{
    int32_t before = 0;
    for (size_t vertex = 0; vertex < job->vertex_count; vertex++) {
        const int32_t parallelism = job->vertices[vertex].parallelism;
        if (ordinal - before < parallelism)
            return acknowledge_one(jobmanager, job, pending, vertex, ordinal - before, ordinal);
        before += parallelism;
    }
    return true;
}

bool checkpoint_acknowledges(struct jobmanager *jobmanager, struct job *job, uint64_t serial)
{
    struct pending_checkpoint *const pending = pending_by_serial(job, serial);
    if (!pending)
        return true;
    int32_t step = 1;
    while (acknowledged_after(job, step) <= pending->acknowledged)
        step++;
    return checkpoint_acknowledged(jobmanager, job, pending, acknowledged_after(job, step)) &&
           schedule_acknowledgement(jobmanager, job, pending);
}

/* A stop is announced when the job has finished. */
static bool announce(struct jobmanager *jobmanager, const struct job *job,
                     const struct pending_checkpoint *pending)
{
    if (!pending->by_client || pending->stops)
        return true;
    return operation_succeeds(jobmanager, pending->operation, pending->id,
                              pending->order ? pending->path->bytes : NULL) &&
           journal_pending(jobmanager, job, JOURNAL_ANNOUNCED, pending);
}

/* Source: Flink CheckpointCoordinator.dropSubsumedCheckpoints: savepoints are never subsumed. What
 * the plan speaks of ends as the plan says. */
static bool subsume_pending(struct jobmanager *jobmanager, struct job *job, int64_t completed)
{
    for (size_t i = 0; i < job->pending_count;) {
        struct pending_checkpoint *const pending = &job->pending[i];
        if (pending->by_plan || pending->waits_to_show || pending->id >= completed ||
            checkpoint_type_is_savepoint(pending->type)) {
            i++;
            continue;
        }
        if (!checkpoint_failed(jobmanager, job, pending, message_subsumed))
            return false;
    }
    return true;
}

static bool show(struct jobmanager *jobmanager, struct job *job, struct pending_checkpoint *shown)
{
    const int64_t id = shown->id;
    const bool is_savepoint = checkpoint_type_is_savepoint(shown->type);
    if (!tracker_completed(job->tracker, id, shown->path) ||
        !journal_pending(jobmanager, job, JOURNAL_VISIBLE, shown))
        return false;
    /* It may have been discarded in the gap before it showed. */
    if (!stored_has(job, shown->serial) && !tracker_discarded(job->tracker, id))
        return false;
    remove_pending(job, shown);
    return is_savepoint || subsume_pending(jobmanager, job, id);
}

static bool show_and_announce(struct jobmanager *jobmanager, struct job *job,
                              struct pending_checkpoint *pending)
{
    const struct pending_checkpoint completed = *pending;
    const bool announces_first = jobmanager->config.quirks.announces_before_statistics;
    const int64_t gap_us = jobmanager->config.announce_gap_us;
    if (!announces_first)
        return show(jobmanager, job, pending) && announce(jobmanager, job, &completed);
    if (!announce(jobmanager, job, pending))
        return false;
    if (gap_us <= 0 || completed.stops)
        return show(jobmanager, job, pending);
    pending->waits_to_show = true;
    return schedule(jobmanager, later(jobmanager->now_us, gap_us), HAPPENS_VISIBLE, job->index,
                    completed.serial);
}

/* What a client wanted done once its savepoint is there. Source: Flink SchedulerBase
 * .triggerSavepoint, StopWithSavepointTerminationManager. */
static bool follow_order(struct jobmanager *jobmanager, struct job *job,
                         const struct pending_checkpoint *completed)
{
    if (completed->stops)
        return job_stop_has_savepoint(jobmanager, job, completed);
    return !completed->order || !completed->order->cancels_job ||
           job_leaves(jobmanager, job, JOB_CANCELED);
}

/*
 * Source: Flink CheckpointCoordinator.completePendingCheckpoint: store, then statistics
 * (FLINK-25958); up to 2.1 the future of the trigger is completed in between, since 2.2 after
 * (FLINK-38408). `durable_after_us` is the order of before FLINK-25958: shown first, stored later.
 */
bool checkpoint_completed(struct jobmanager *jobmanager, struct job *job,
                          struct pending_checkpoint *pending, int64_t durable_after_us)
{
    if (durable_after_us <= 0)
        durable_after_us = jobmanager->config.quirks.shown_before_durable_us;
    if (!checkpoint_acknowledged(jobmanager, job, pending, job->subtask_count) ||
        !stored_add(jobmanager, job, pending))
        return false;
    const struct pending_checkpoint completed = *pending;
    const bool stored = durable_after_us > 0
                            ? schedule(jobmanager, later(jobmanager->now_us, durable_after_us),
                                       HAPPENS_DURABLE, job->index, completed.serial)
                            : stored_becomes_durable(jobmanager, job, completed.serial);
    if (!stored)
        return false;
    shared_text_retain(completed.path);
    job_order_retain(completed.order);
    const bool done =
        show_and_announce(jobmanager, job, pending) && follow_order(jobmanager, job, &completed);
    shared_text_release(completed.path);
    job_order_release(completed.order);
    return done;
}

bool checkpoint_failed(struct jobmanager *jobmanager, struct job *job,
                       struct pending_checkpoint *pending, const char *message)
{
    const char *const reason = message ? message : message_task_failed;
    if (!tracker_failed(job->tracker, pending->id, epoch_ms(jobmanager, jobmanager->now_us),
                        reason) ||
        !journal_pending(jobmanager, job, JOURNAL_FAILED, pending))
        return false;
    const struct pending_checkpoint failed = *pending;
    remove_pending(job, pending);
    if (!failed.by_client)
        return true;
    char text[sizeof exception_name + 256];
    snprintf(text, sizeof text, "%s: %s", exception_name, reason);
    return operation_fails(jobmanager, failed.operation, text);
}

/* One that fails alone: the job runs on, and takes checkpoints again when it was to end with it. */
bool checkpoint_fails(struct jobmanager *jobmanager, struct job *job,
                      struct pending_checkpoint *pending, const char *message)
{
    const bool ends_job = pending->stops || (pending->order && pending->order->cancels_job);
    return checkpoint_failed(jobmanager, job, pending, message) &&
           (!ends_job || rhythm_begins(jobmanager, job));
}

bool checkpoint_ends(struct jobmanager *jobmanager, struct job *job, uint64_t serial)
{
    struct pending_checkpoint *const pending = pending_by_serial(job, serial);
    if (!pending)
        return true;
    if (pending->fails)
        return checkpoint_fails(jobmanager, job, pending, NULL);
    return checkpoint_completed(jobmanager, job, pending, 0);
}

bool checkpoint_shows(struct jobmanager *jobmanager, struct job *job, uint64_t serial)
{
    struct pending_checkpoint *const pending = pending_by_serial(job, serial);
    return !pending || show(jobmanager, job, pending);
}

/* Nothing comes between the two lines in Flink: who ends or suspends the job finds both done. */
bool checkpoints_show_now(struct jobmanager *jobmanager, struct job *job)
{
    for (size_t i = 0; i < job->pending_count;) {
        if (!job->pending[i].waits_to_show) {
            i++;
            continue;
        }
        if (!show(jobmanager, job, &job->pending[i]))
            return false;
        i = 0; /* others may have been subsumed */
    }
    return true;
}

bool checkpoints_fail_all(struct jobmanager *jobmanager, struct job *job, const char *message)
{
    while (job->pending_count > 0)
        if (!checkpoint_failed(jobmanager, job, &job->pending[0], message))
            return false;
    return true;
}
