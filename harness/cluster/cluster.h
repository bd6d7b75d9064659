#ifndef FRESHCHECK_HARNESS_CLUSTER_CLUSTER_H
#define FRESHCHECK_HARNESS_CLUSTER_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/cluster/configuration.h"
#include "harness/implementations/implementation.h"
#include "harness/judge/history.h"
#include "harness/judge/verdict.h"
#include "harness/scenario/plan.h"
#include "mock_jobmanager/checkpoint_files.h"
#include "mock_jobmanager/journal.h"
#include "mock_jobmanager/timeline.h"

/*
 * One implementation before one mock JobManager: what clients talk to, in virtual time and live
 * alike. Feed and drain; time is an argument. After each feeding call drain replies and facts.
 */
struct cluster;

/* Pointers are borrowed and outlive the cluster. */
struct cluster_options {
    const struct plan *plan;
    const struct implementation *implementation;
    uint64_t seed;
    int64_t epoch_us; /* the wall clock at time 0 */
    uint64_t *ticket; /* see jobmanager_due() */
    /* What only those need who serve others; all zero: nothing of the kind. */
    const char *flink_version;                 /* what answers say; NULL: the implementation's */
    const struct configuration *configuration; /* NULL: none is shown, and no savepoint directory */
    struct checkpoint_files *files;            /* shared with other clusters; NULL: its own */
    const struct job_pace *submitted_pace;     /* see struct jobmanager_config */
};

struct cluster *cluster_open(const struct cluster_options *options); /* NULL: out of memory */

/* The same with nothing but these. `ticket` is borrowed, see jobmanager_due(). epoch_us: wall clock at time 0. NULL: no memory. */
struct cluster *cluster_new(const struct plan *plan, const struct implementation *implementation,
                            uint64_t seed, int64_t epoch_us, uint64_t *ticket);
void cluster_free(struct cluster *cluster); /* NULL is allowed */

/* False when out of memory: a run to be judged is then worth nothing and must be given up. One that
 * is only served may go on: a request or an event is lost, and whoever waits for it gets a 500. */
bool cluster_request(struct cluster *cluster, int64_t now_us, const struct request *request);
void cluster_abandon(struct cluster *cluster, int64_t now_us, uint64_t request);
bool cluster_start_from(struct cluster *cluster, int64_t now_us, size_t job, const char *path);

int64_t cluster_due(const struct cluster *cluster, uint64_t *ticket);
bool cluster_advance(struct cluster *cluster, int64_t now_us); /* one event, see jobmanager.h */

/* True of an implementation that is not built in. */
bool cluster_is_foreign(const struct cluster *cluster);

/* True when the implementation did something that ends a run: see struct conduct. */
bool cluster_misbehaved(struct cluster *cluster);

/*
 * Adds to what was judged whether the implementation is well-behaved: of one that is not built in,
 * and where it is claimed. The run is over then. `unreadable`: why an answer of it could not be read;
 * NULL: all could.
 */
void cluster_conclude(struct cluster *cluster, int64_t now_us, const char *unreadable,
                      struct judgement *judgement, uint64_t answers);

/* How much the implementation holds now. */
void cluster_measure(const struct cluster *cluster, struct endpoint_usage *usage);

/* Takes the next REPLY; false when there is none. */
bool cluster_next_reply(struct cluster *cluster, struct endpoint_action *reply);

/* See jobmanager.h: what is to happen besides the plan. */
bool cluster_add_event(struct cluster *cluster, int64_t now_us, const struct job_event *event);
bool cluster_add_fault(struct cluster *cluster, int64_t now_us, const struct fault *fault);
void cluster_clear_faults(struct cluster *cluster, int64_t now_us);
size_t cluster_find_job(const struct cluster *cluster, struct id job);

/* See jobmanager_next_entry(): the origin's journal as it is; whoever takes entries takes them from
 * cluster_next_fact(). */
const struct journal_entry *cluster_next_entry(struct cluster *cluster);

/* What a line of the journal means to the judge; false: nothing. The path is that of the line. */
bool cluster_fact_of(const struct journal_entry *entry, struct fact *fact);

/* What the origin did, for the judge. fact->path stays valid as long as the cluster. */
bool cluster_next_fact(struct cluster *cluster, struct fact *fact);

#endif
