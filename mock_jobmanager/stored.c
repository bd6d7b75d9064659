#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/stored_internal.h"

/* What is not discarded with its job, per job. */
enum { STORED_FOR_GOOD_MAX = 1000 };

static void remove_at(struct job *job, size_t place)
{
    shared_text_release(job->stored[place].path);
    memmove(&job->stored[place], &job->stored[place + 1],
            (--job->stored_count - place) * sizeof *job->stored);
}

/* A run that counts from one again writes over the files of the run before. */
static void forget_overwritten(struct job *job, const char *path)
{
    for (size_t i = job->stored_count; i-- > 0;)
        if (strcmp(job->stored[i].path->bytes, path) == 0)
            remove_at(job, i);
}

static bool is_retained(const struct stored_checkpoint *stored)
{
    return stored->recoverable && !stored->is_savepoint;
}

/* Savepoints are never discarded, nor is what recovery has lost sight of. The oldest of too many
 * stay where they are, and the job forgets them. */
static void leave_oldest(struct jobmanager *jobmanager, struct job *job)
{
    size_t kept = 0, oldest = 0;
    for (size_t i = job->stored_count; i-- > 0;) {
        if (is_retained(&job->stored[i]))
            continue;
        kept++;
        oldest = i;
    }
    if (kept <= STORED_FOR_GOOD_MAX)
        return;
    checkpoint_files_leave(jobmanager->files, job->stored[oldest].path);
    remove_at(job, oldest);
}

static bool put_files(struct jobmanager *jobmanager, struct job *job,
                      const struct stored_checkpoint *added)
{
    if (checkpoint_has_no_files(added->path))
        return true;
    const struct checkpoint_file file = {.path = added->path,
                                         .id = added->id,
                                         .trigger_ms = added->trigger_ms,
                                         .is_savepoint = added->is_savepoint};
    if (!checkpoint_files_put(jobmanager->files, &file))
        return false;
    forget_overwritten(job, added->path->bytes);
    return true;
}

bool stored_add(struct jobmanager *jobmanager, struct job *job,
                const struct pending_checkpoint *pending)
{
    const struct stored_checkpoint added = {
        .serial = pending->serial,
        .id = pending->id,
        .run = job->run,
        .is_savepoint = checkpoint_type_is_savepoint(pending->type),
        .recoverable = true,
        .trigger_ms = epoch_ms(jobmanager, pending->trigger_us),
        .path = pending->path,
    };
    struct stored_checkpoint *const stored =
        vector_grow(job->stored, job->stored_count, &job->stored_capacity, sizeof *stored);
    if (!stored)
        return false;
    job->stored = stored;
    if (!put_files(jobmanager, job, &added))
        return false;
    shared_text_retain(added.path);
    job->stored[job->stored_count++] = added;
    leave_oldest(jobmanager, job);
    return true;
}

static struct stored_checkpoint *find_serial(const struct job *job, uint64_t serial)
{
    for (size_t i = job->stored_count; i-- > 0;)
        if (job->stored[i].serial == serial)
            return &job->stored[i];
    return NULL;
}

bool stored_has(const struct job *job, uint64_t serial)
{
    return find_serial(job, serial) != NULL;
}

static bool discard_at(struct jobmanager *jobmanager, struct job *job, size_t place)
{
    const struct stored_checkpoint *const stored = &job->stored[place];
    if (job->tracker && stored->run == job->run &&
        !jobmanager->config.quirks.discards_are_not_marked &&
        !tracker_discarded(job->tracker, stored->id))
        return false;
    if (!journal_stored(jobmanager, job, JOURNAL_DISCARDED, stored, stored->run))
        return false;
    checkpoint_files_remove(jobmanager->files, stored->path);
    remove_at(job, place);
    return true;
}

/* Savepoints take no part: nobody but their owner discards them, and one that completes pushes no
 * checkpoint out. Source: Flink CheckpointSubsumeHelper, CheckpointProperties.discardOnSubsumed. */
static bool subsume_oldest(struct jobmanager *jobmanager, struct job *job, int64_t kept)
{
    for (;;) {
        int64_t retained = 0;
        size_t oldest = 0;
        for (size_t i = 0; i < job->stored_count; i++) {
            if (!is_retained(&job->stored[i]))
                continue;
            if (retained++ == 0 || job->stored[i].id < job->stored[oldest].id)
                oldest = i;
        }
        if (retained <= kept)
            return true;
        if (!discard_at(jobmanager, job, oldest))
            return false;
    }
}

static int64_t retained_max(const struct jobmanager *jobmanager)
{
    return jobmanager->config.retained_count > 1 ? jobmanager->config.retained_count : 1;
}

/* Before that one is there: only an origin that is broken does so. */
bool stored_makes_room(struct jobmanager *jobmanager, struct job *job)
{
    return subsume_oldest(jobmanager, job, retained_max(jobmanager) - 1);
}

bool stored_becomes_durable(struct jobmanager *jobmanager, struct job *job, uint64_t serial)
{
    struct stored_checkpoint *const stored = find_serial(job, serial);
    if (!stored || !stored->recoverable || job_has_ended(job))
        return true;
    stored->durable = true;
    const bool takes_place = stored->is_savepoint && jobmanager->config.quirks.savepoint_discards;
    return journal_stored(jobmanager, job, JOURNAL_DURABLE, stored, stored->run) &&
           subsume_oldest(jobmanager, job, retained_max(jobmanager) - takes_place);
}

bool stored_discard_id(struct jobmanager *jobmanager, struct job *job, int64_t id)
{
    for (size_t i = job->stored_count; i-- > 0;)
        if (job->stored[i].id == id)
            return discard_at(jobmanager, job, i);
    return true;
}

bool stored_discard_retained(struct jobmanager *jobmanager, struct job *job)
{
    for (size_t i = 0; i < job->stored_count;) {
        if (!is_retained(&job->stored[i])) {
            i++;
            continue;
        }
        if (!discard_at(jobmanager, job, i))
            return false;
    }
    return true;
}

/* What was shown before it was stored is lost with its JobManager, where that is said of it. */
bool stored_discard_volatile(struct jobmanager *jobmanager, struct job *job)
{
    if (jobmanager->config.quirks.shown_before_durable_us == 0)
        return true;
    for (size_t i = job->stored_count; i-- > 0;) {
        if (!job->stored[i].durable && !discard_at(jobmanager, job, i))
            return false;
    }
    return true;
}

/* What the next recovery will not find: all, or only what never became durable. Files stay. */
void stored_forget(struct job *job, bool only_volatile)
{
    for (size_t i = 0; i < job->stored_count; i++)
        if (!only_volatile || !job->stored[i].durable)
            job->stored[i].recoverable = false;
    if (only_volatile)
        return;
    job->has_origin = false;
    shared_text_release(job->origin.path);
    job->origin.path = NULL;
}

/* The job goes, its files stay where they are. */
void stored_leave_all(struct jobmanager *jobmanager, struct job *job)
{
    stored_forget(job, false);
    while (job->stored_count > 0) {
        checkpoint_files_leave(jobmanager->files, job->stored[0].path);
        remove_at(job, 0);
    }
    free(job->stored);
    job->stored = NULL;
    job->stored_capacity = 0;
}

/* Savepoints take part (FLINK-10354), and so does the one that the job was started from.
 * Source: Flink CompletedCheckpointStore.getLatestCheckpoint. */
const struct stored_checkpoint *stored_latest(const struct job *job)
{
    const struct stored_checkpoint *latest = job->has_origin ? &job->origin : NULL;
    for (size_t i = 0; i < job->stored_count; i++) {
        const struct stored_checkpoint *const stored = &job->stored[i];
        if (stored->recoverable && stored->durable && (!latest || stored->id > latest->id))
            latest = stored;
    }
    return latest;
}

const struct stored_checkpoint *stored_by_id(const struct job *job, int64_t id)
{
    for (size_t i = job->stored_count; i-- > 0;)
        if (job->stored[i].id == id)
            return &job->stored[i];
    return NULL;
}
