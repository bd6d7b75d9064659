#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock_jobmanager/checkpoints_internal.h"
#include "mock_jobmanager/failures_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/stored_internal.h"

static const char initialization_exception[] =
    "org.apache.flink.runtime.client.JobInitializationException";

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
    const bool begun = origin.path && job_begins_afresh(jobmanager, job, 1) &&
                       job_restores(jobmanager, job, &origin);
    shared_text_release(origin.path);
    job->is_restored = true;
    return begun && job_comes_up(jobmanager, job);
}

static const struct checkpoint_file *find_file(const struct jobmanager *jobmanager,
                                               const char *path)
{
    return path && *path ? checkpoint_files_find(jobmanager->files, path) : NULL;
}

static bool begin_from_nothing(struct jobmanager *jobmanager, struct job *job)
{
    return job_begins_afresh(jobmanager, job, job_first_id(job)) && job_comes_up(jobmanager, job);
}

/* Text: Flink AbstractFsCheckpointStorageAccess.resolveCheckpointPointer, as it comes out of
 * DefaultJobMasterServiceProcess (shared/transcripts, job E). To be freed; NULL: out of memory. */
static char *missing_path(const char *path)
{
    static const char format[] =
        "Could not start the JobMaster.\n"
        "Caused by: java.util.concurrent.CompletionException: java.lang.RuntimeException: %s\n"
        "Caused by: java.lang.RuntimeException: %s\n"
        "Caused by: %s";
    static const char cause_format[] =
        "java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory '%s' on "
        "file system '%.*s'.";
    const size_t scheme = strcspn(path, ":");
    const bool has_scheme = path[scheme] == ':';
    const size_t cause_size = sizeof cause_format + strlen(path) + (has_scheme ? scheme : 4);
    const size_t size = sizeof format + 3 * cause_size;
    char *const cause = malloc(cause_size);
    char *const text = cause ? malloc(size) : NULL;
    if (text) {
        snprintf(cause, cause_size, cause_format, path, has_scheme ? (int)scheme : 4,
                 has_scheme ? path : "file");
        snprintf(text, size, format, cause, cause, cause);
    }
    free(cause);
    return text;
}

/* A job whose path is missing begins all the same, to fail before it has tasks. */
static bool begin_from_missing(struct jobmanager *jobmanager, struct job *job, const char *path)
{
    char *const failure = missing_path(path);
    if (!failure)
        return false;
    const bool begun = job_begins_afresh(jobmanager, job, job_first_id(job)) &&
                       job_failure_add(jobmanager, job, initialization_exception, failure, false);
    job->is_sparse = true;
    free(failure);
    return begun;
}

bool jobmanager_start_from(struct jobmanager *jobmanager, int64_t now_us, size_t job_index,
                           const char *path)
{
    assert(job_index < jobmanager->config.job_count);
    advance_now(jobmanager, now_us);
    struct job *const job = jobmanager->jobs[job_index];
    if (!job_is_absent(job))
        return true;
    if (!path || !*path)
        return begin_from_nothing(jobmanager, job);
    const struct checkpoint_file *const file = find_file(jobmanager, path);
    if (file)
        return begin_from(jobmanager, job, file);
    return begin_from_missing(jobmanager, job, path) && restore_fails(jobmanager, job, path) &&
           job_ends(jobmanager, job, JOB_FAILED);
}

/* Source: Flink DefaultJobMasterServiceProcess: without its savepoint a job leaves INITIALIZING
 * for FAILED. */
bool job_starts(struct jobmanager *jobmanager, struct job *job, const char *path)
{
    if (!path || !*path)
        return begin_from_nothing(jobmanager, job);
    const struct checkpoint_file *const file = find_file(jobmanager, path);
    if (file)
        return begin_from(jobmanager, job, file);
    return begin_from_missing(jobmanager, job, path) &&
           job_enters(jobmanager, job, JOB_INITIALIZING) && restore_fails(jobmanager, job, path) &&
           job_enters_end(jobmanager, job, JOB_FAILED);
}
