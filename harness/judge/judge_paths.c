#include "harness/judge/judge_paths.h"

#include <string.h>

#include "base/text.h"
#include "base/vector.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/number_map.h"

/* Who owns which checkpoint path. Several jobs may own one: in application mode with high
 * availability every job has the same id, and so the same directory (reference, R-33). */

char *path_copy(struct judge *judge, const char *path)
{
    return arena_text(judge->paths, path, strlen(path));
}

bool owner_add(struct judge *judge, const char *path, size_t job)
{
    uint64_t hash = text_hash(path);
    uint32_t first = number_map_find(&judge->owners.index, hash);
    for (uint32_t i = first; i != UINT32_MAX; i = judge->owners.items[i].next_same_hash) {
        if (judge->owners.items[i].job == job && strcmp(judge->owners.items[i].path, path) == 0)
            return true;
    }
    struct path_owner *owners = vector_grow(judge->owners.items, judge->owners.count,
                                            &judge->owners.capacity, sizeof *owners);
    if (!owners)
        return false;
    judge->owners.items = owners;
    const char *copy = path_copy(judge, path);
    if (!copy || !number_map_put(&judge->owners.index, hash, (uint32_t)judge->owners.count))
        return false;
    owners[judge->owners.count++] =
        (struct path_owner){.path = copy, .job = job, .next_same_hash = first};
    return true;
}

/* As that of a checkpoint that is known to be its own; what follows is too short to hold an id. */
static bool is_in_folder(const struct job_state *job, const char *path)
{
    return job->folder.length > 0 && strncmp(path, job->folder.path, job->folder.length) == 0 &&
           strlen(path + job->folder.length) < ID_DIGITS;
}

/*
 * The one id in the path is this job's. Nobody else can own it, whatever comes to be known, so it
 * need not be registered: it says so itself. Flink puts the job's id into its checkpoints' paths
 * unless told otherwise. Source: FsCheckpointStorageAccess.
 */
static bool names_itself(const struct job_state *job, const char *path)
{
    bool names_it = false;
    if (is_in_folder(job, path))
        return true;
    while (path) {
        const char *end = strchr(path, '/');
        const size_t length = end ? (size_t)(end - path) : strlen(path);
        struct id id;
        if (length == ID_DIGITS && memcmp(path, job->digits, ID_DIGITS) == 0)
            names_it = true;
        else if (length == ID_DIGITS && id_parse(path, length, &id) && !id_equal(id, job->id))
            return false;
        path = end ? end + 1 : NULL;
    }
    return names_it;
}

static void remember_folder(struct job_state *job, const char *path)
{
    const char *id = job->folder.length == 0 ? strstr(path, job->digits) : NULL;
    if (!id || id == path || id[-1] != '/' || id[ID_DIGITS] != '/')
        return;
    job->folder.path = path;
    job->folder.length = (size_t)(id - path) + ID_DIGITS + 1;
}

bool owner_add_record(struct judge *judge, const struct checkpoint_record *record, size_t job)
{
    if (judge->job_count <= 1)
        return true;
    if (!names_itself(&judge->jobs[job], record->path))
        return owner_add(judge, record->path, job);
    remember_folder(&judge->jobs[job], record->path);
    return true;
}

bool owners_become_many(struct judge *judge)
{
    for (size_t i = 0; i < judge->job_count; i++) {
        for (size_t r = 0; r < judge->jobs[i].run_count; r++) {
            const struct run *run = &judge->jobs[i].runs[r];
            for (size_t k = 0; k < run->record_count; k++) {
                const char *path = run->records[k].path;
                if (path && !names_itself(&judge->jobs[i], path) && !owner_add(judge, path, i))
                    return false;
            }
        }
    }
    return true;
}

/* The job of this history whose id is one component of the path; NULL: none. */
static const struct job_state *job_in_path(const struct judge *judge, const struct job_state *self,
                                           const char *path)
{
    while (*path) {
        size_t length = strcspn(path, "/");
        struct id id;
        if (length == ID_DIGITS && id_parse(path, length, &id)) {
            const struct job_state *job = state_find_job(judge, id);
            if (job && (job->known || job == self))
                return job;
        }
        path += length + (path[length] == '/');
    }
    return NULL;
}

const struct job_state *owner_elsewhere(const struct judge *judge, const struct job_state *job,
                                        const char *path)
{
    if (judge->job_count <= 1 || names_itself(job, path))
        return NULL;
    size_t self = (size_t)(job - judge->jobs);
    const struct job_state *elsewhere = NULL;
    uint32_t i = number_map_find(&judge->owners.index, text_hash(path));
    for (; i != UINT32_MAX; i = judge->owners.items[i].next_same_hash) {
        if (strcmp(judge->owners.items[i].path, path) != 0)
            continue;
        if (judge->owners.items[i].job == self)
            return NULL;
        elsewhere = &judge->jobs[judge->owners.items[i].job];
    }
    /* Whoever showed it first, a path that names its job is that job's. */
    const struct job_state *named = job_in_path(judge, job, path);
    if (named == job)
        return NULL;
    return elsewhere ? elsewhere : named;
}

static bool was_handed_out_later(const struct checkpoint_record *record,
                                 const struct checkpoint_record *than)
{
    const struct hand_out *one = &record->hand_out, *other = &than->hand_out;
    if (!one->done || !other->done)
        return one->done;
    return one->left_us > other->left_us ||
           (one->left_us == other->left_us && one->seq > other->seq);
}

/* Runs that count from one again, and jobs that share a folder, use a path again: then the
 * checkpoint that was handed out last. */
const struct checkpoint_record *record_of_path(const struct judge *judge, const char *path)
{
    const struct checkpoint_record *found = NULL;
    for (size_t i = 0; path && i < judge->job_count; i++) {
        const struct job_state *job = &judge->jobs[i];
        for (size_t r = job->run_count; r-- > 0;) {
            const struct run *run = &job->runs[r];
            for (size_t k = run->record_count; k-- > 0;) {
                const struct checkpoint_record *record = &run->records[k];
                if (record->path && strcmp(record->path, path) == 0 &&
                    (!found || was_handed_out_later(record, found)))
                    found = record;
            }
        }
    }
    return found;
}
