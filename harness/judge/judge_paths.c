#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/judge/judge_internal.h"

/* Who owns which checkpoint path. Several jobs may own one: in application mode with high
 * availability every job has the same id, and so the same directory (reference, R-33). */

/* FNV-1a. */
static uint64_t path_hash(const char *path)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *path; path++)
        hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
    return hash;
}

bool owner_add(struct judge *judge, const char *path, size_t job)
{
    uint64_t hash = path_hash(path);
    uint32_t first = number_map_find(&judge->owner_index, hash);
    for (uint32_t i = first; i != UINT32_MAX; i = judge->owners[i].next_same_hash) {
        if (judge->owners[i].job == job && strcmp(judge->owners[i].path, path) == 0)
            return true;
    }
    struct path_owner *owners =
        vector_grow(judge->owners, judge->owner_count, &judge->owner_capacity, sizeof *owners);
    if (!owners)
        return false;
    judge->owners = owners;
    char *copy = text_copy(path);
    if (!copy || !number_map_put(&judge->owner_index, hash, (uint32_t)judge->owner_count)) {
        free(copy);
        return false;
    }
    owners[judge->owner_count++] =
        (struct path_owner){.path = copy, .job = job, .next_same_hash = first};
    return true;
}

bool owner_add_record(struct judge *judge, const struct checkpoint_record *record, size_t job)
{
    return judge->job_count <= 1 || owner_add(judge, record->path, job);
}

bool owners_become_many(struct judge *judge)
{
    for (size_t i = 0; i < judge->job_count; i++) {
        for (size_t r = 0; r < judge->jobs[i].run_count; r++) {
            const struct run *run = &judge->jobs[i].runs[r];
            for (size_t k = 0; k < run->record_count; k++) {
                if (run->records[k].path && !owner_add(judge, run->records[k].path, i))
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
            for (size_t i = 0; i < judge->job_count; i++) {
                const struct job_state *job = &judge->jobs[i];
                if ((job->known || job == self) && id_equal(job->id, id))
                    return job;
            }
        }
        path += length + (path[length] == '/');
    }
    return NULL;
}

const struct job_state *owner_elsewhere(const struct judge *judge, const struct job_state *job,
                                        const char *path)
{
    if (judge->job_count <= 1)
        return NULL;
    size_t self = (size_t)(job - judge->jobs);
    const struct job_state *elsewhere = NULL;
    uint32_t i = number_map_find(&judge->owner_index, path_hash(path));
    for (; i != UINT32_MAX; i = judge->owners[i].next_same_hash) {
        if (strcmp(judge->owners[i].path, path) != 0)
            continue;
        if (judge->owners[i].job == self)
            return NULL;
        elsewhere = &judge->jobs[judge->owners[i].job];
    }
    /* Whoever showed it first, a path that names its job is that job's. */
    const struct job_state *named = job_in_path(judge, job, path);
    if (named == job)
        return NULL;
    return elsewhere ? elsewhere : named;
}
