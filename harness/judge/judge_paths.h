#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_PATHS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/judge_runs.h"
#include "harness/judge/number_map.h"

/* Who owns which checkpoint path. */

struct job_state;
struct judge;

struct path_owner {
    const char *path; /* in judge->paths */
    size_t job;
    uint32_t next_same_hash;
};

struct path_owners {
    struct path_owner *items;
    size_t count, capacity;
    struct number_map index;
};

/* Where paths of a job's own begin: they hold its id. */
struct own_folder {
    const char *path; /* of one of them */
    size_t length;    /* up to the slash after that id; 0: none is known */
};

/* Stays as long as the judge; NULL: out of memory. */
char *path_copy(struct judge *judge, const char *path);

/* False: out of memory. */
bool owner_add(struct judge *judge, const char *path, size_t job);
/* A record came to have a path. While there is one job nothing is registered: there is nobody to
 * mix it up with. What was left out is made up for before the second job is added. */
bool owner_add_record(struct judge *judge, const struct checkpoint_record *record, size_t job);
bool owners_become_many(struct judge *judge);
/* Another job that `path` belongs to; NULL: none, or this job has it as well. */
const struct job_state *owner_elsewhere(const struct judge *judge, const struct job_state *job,
                                        const char *path);
/* Whose checkpoint a path is, of all jobs; NULL: nobody's that is known. */
const struct checkpoint_record *record_of_path(const struct judge *judge, const char *path);

#endif
