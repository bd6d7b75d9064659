#ifndef FRESHCHECK_HARNESS_TARGET_CLUSTER_JOBS_H
#define FRESHCHECK_HARNESS_TARGET_CLUSTER_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "harness/target/calls.h"

/*
 * Jobs of a cluster, by calls that no cache answers, so that nothing is measured that was not there
 * before: GET /jobs/overview, POST /jars/:jarid/run, PATCH /jobs/:jobid.
 */
struct cluster_job {
    struct id id;
    char *name; /* as its program calls it, or ""; anything may be in it; owned */
    bool runs;  /* RUNNING, and so are all its tasks */
    bool has_ended;
};

struct cluster_jobs {
    struct cluster_job *jobs; /* in the order in which the cluster lists them */
    size_t count;
};

/* Each tells *why as call_target() does. */
enum call cluster_jobs_list(struct target target, struct cluster_jobs *jobs, const char **why);
void cluster_jobs_free(struct cluster_jobs *jobs); /* zeroed is allowed */
const struct cluster_job *cluster_jobs_find(const struct cluster_jobs *jobs,
                                            struct id id); /* or NULL */

/* How often a job takes checkpoints; INT64_MAX: never by itself. */
enum call cluster_job_interval(struct target target, struct id job, int64_t *interval_us,
                               const char **why);

/* `jar`: "/jars/ID"; `order`: the body, see job_life.h. */
enum call cluster_job_start(struct target target, const char *jar, const char *order,
                            const char **why);
enum call cluster_job_cancel(struct target target, struct id job, const char **why);

/*
 * Uploads a jar that the caller read. *path is "/jars/ID", to be freed. To be taken away again with
 * cluster_jar_delete().
 */
enum call cluster_jar_upload(struct target target, const char *name, const char *bytes,
                             size_t length, char **path, const char **why);
enum call cluster_jar_delete(struct target target, const char *path, const char **why);

#endif
