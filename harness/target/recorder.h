#ifndef FRESHCHECK_HARNESS_TARGET_RECORDER_H
#define FRESHCHECK_HARNESS_TARGET_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/scenario/plan.h"
#include "harness/target/cluster_jobs.h"
#include "harness/target/discovery.h"
#include "harness/target/target_run.h"

/*
 * Records a cluster: which clients ask what, as a plan for target_run(), and the file that their
 * exchanges go to. What it wants to be told is its own; who listens to a run passes it on.
 */
struct recorder;

/* A cluster of somebody's own is asked at most so often. */
enum {
    RECORDER_CLIENTS_MAX = 64,            /* for each job */
    RECORDER_RATE_MAX = 100,              /* requests a second, each client */
    RECORDER_REQUESTS_A_SECOND_MAX = 1000 /* all clients together */
};

/* Everything is borrowed for the call of recorder_new() only. */
struct recorder_options {
    const char *name; /* of the recording */
    const struct discovered *cluster;
    const struct cluster_job *jobs; /* to be asked about */
    size_t job_count;
    size_t client_count; /* for each job */
    int64_t every_us;    /* between two requests of a client, on average */
    unsigned shares[POLLED_COUNT];
    int64_t trigger_every_us; /* 0: no checkpoints are triggered */
    int64_t duration_us;      /* INT64_MAX: until it is stopped */
};

struct recorder *recorder_new(const struct recorder_options *options); /* NULL: out of memory */
void recorder_free(struct recorder *recorder); /* closes the file; NULL is allowed */

/* What the clients do; lives as long as the recorder. Jobs are named by their
 * ids' first digits, clients by the job's place where there are several. */
const struct plan *recorder_plan(const struct recorder *recorder);

/* Writes the recording's first line, and each exchange; takes over the file. Those that the end of
 * the run cut off are left out: they say nothing about the cluster. False: recorder_failure(). */
bool recorder_began(struct recorder *recorder, int file, int64_t epoch_us);
bool recorder_ended(struct recorder *recorder, const struct target_exchange *exchange);

/* The errno of the write that failed; what was written before is whole. 0: none did. */
int recorder_failure(const struct recorder *recorder);

struct recorder_counts {
    uint64_t written; /* exchanges */
    uint64_t unanswered;
    uint64_t errors;     /* answers with a status from 400 up, or that cannot be read */
    uint64_t bytes;      /* of the answers' bodies */
    int64_t newest;      /* the newest completed checkpoint that any answer showed; 0: none */
    const char *failure; /* of the last exchange without an answer; NULL: there was none */
};

const struct recorder_counts *recorder_counts(const struct recorder *recorder);

#endif
