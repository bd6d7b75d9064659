#ifndef FRESHCHECK_HARNESS_ADVICE_PREDICT_H
#define FRESHCHECK_HARNESS_ADVICE_PREDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "rest_endpoint/policy.h"

/*
 * What settings mean for a stated load: closed forms, each under the assumptions stated in
 * docs/configuration.md. Pure.
 */

/* What uses the cluster, alike for each of its jobs. Counts are at most LOAD_COUNT_MAX, times at
 * most LOAD_TIME_MAX_US; see load_complaint(). */
enum { LOAD_COUNT_MAX = 100000 };
#define LOAD_TIME_MAX_US (INT64_C(30) * 24 * 3600 * 1000000)

struct load {
    int64_t job_count;
    int64_t vertex_count;           /* of a job */
    int64_t history_count;          /* checkpoints that an answer lists */
    int64_t program_count;          /* that read the checkpoint statistics of a job */
    int64_t poll_interval_us;       /* of each of them */
    bool polls_at_random;           /* by Poisson; else steadily, evenly spread */
    int64_t dashboard_count;        /* browser tabs with a job's page open, evenly spread */
    int64_t completion_interval_us; /* between completed checkpoints of a job */
    bool completes_at_random;       /* by Poisson; else steadily */
    int64_t call_us; /* from the REST server to the JobManager and back; the snapshot is taken
                              half way */
    int64_t statistics_work_us, graph_work_us; /* of a JobMaster's main thread, for each fetch */
};

/* One job, one program that asks once a second, one dashboard, a checkpoint a minute. */
struct load load_default(void);

/* NULL, or what is wrong with it (static text). */
const char *load_complaint(const struct load *load);

enum prediction_basis {
    BASIS_NONE, /* no closed form holds: rates and staleness are not known and are 0 */
    BASIS_CLOSED_FORM,
    BASIS_SIMULATED
};

/* Of reads of checkpoint statistics that were answered: for how long the first checkpoint that an
 * answer lacked had been complete when its request was sent; 0 where it lacked none. */
struct staleness_prediction {
    double worst_us; /* however clients behave; INFINITY: no bound */
    double mean_us;
    double stale_share; /* 0..1: lacked one */
};

/* Calls that the REST server makes, of the whole cluster, a second. */
struct fetch_rates {
    double statistics, graphs;
    double other; /* /overview and /jobs/overview, which no cache holds */
};

struct prediction {
    enum prediction_basis basis;
    struct staleness_prediction staleness;
    struct fetch_rates fetches_per_s;
    double statistics_error_share; /* of answers of /checkpoints that are errors because of other */
    double job_error_share;        /* readers; the same of /jobs/:jobid */
    double main_thread_share;      /* of one job's JobMaster; above 1: more than it can do */
    double statistics_bytes, job_bytes; /* of one answer */
    double cache_bytes; /* of all answers that both caches hold at most, as written */
};

/* A prediction and what it is for. `made` is false where the release refuses the configuration, or
 * no prediction could be had. */
struct predicted {
    bool made;
    struct load load;
    struct prediction prediction;
};

/* `load` has no complaint. False when out of memory. */
bool predict(const struct endpoint_config *config, const struct load *load,
             struct prediction *prediction);

/* What follows from the rates of a prediction, however these were found: main_thread_share. */
void prediction_settle(const struct endpoint_config *config, const struct load *load,
                       struct prediction *prediction);

#endif
