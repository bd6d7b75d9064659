#ifndef FRESHCHECK_HARNESS_LIVE_LIVE_H
#define FRESHCHECK_HARNESS_LIVE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/cluster/configuration.h"
#include "harness/implementations/implementation.h"
#include "harness/live/server.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"

/* One scenario on one implementation, to be run over real HTTP. */
struct live_cell {
    const struct plan *plan;
    const struct implementation *implementation;
    struct run_result result; /* only where failure is NULL */
    const char *failure;      /* NULL, or one sentence why there is no result (static text) */
};

/* Who is told how much of the plans' time has passed, at each turn of the loop. */
struct live_watcher {
    void (*passed)(void *context, int64_t passed_us);
    void *context;
};

/*
 * Runs all cells at once in real time, each a server of its own on loopback and clients over
 * libcurl, in one thread and one loop with one clock. Takes as long as the longest plan, and up to
 * 5 s more while answers are missing; those count as requests that were never answered.
 * Every answer is read from its bytes. Returns NULL, or one sentence why nothing could be run.
 */
const char *live_run(struct live_cell *cells, size_t cell_count, const struct run_options *options,
                     const struct live_watcher *watcher); /* NULL: nobody is told */

/* What to serve. Pointers are borrowed. */
struct serve_options {
    const struct plan *plan; /* of the first cluster; others have its settings, and no jobs */
    const struct implementation *implementation;
    const char *flink_version;                 /* what answers say; NULL: the implementation's */
    const struct configuration *configuration; /* NULL: none is shown */
    const struct local_pages *site;            /* a dashboard's files; NULL: none */
    size_t journal_lines_max;                  /* what GET /freshcheck/journal can look back at */
    uint64_t seed;
    uint16_t port;                  /* of the first cluster, the others' follow; 0: any free ones */
    size_t cluster_count;           /* 1 to LIVE_CLUSTERS_MAX; 0 means 1 */
    void (*listens)(void *context); /* called once it does; NULL: its addresses go to stderr */
    void *listens_context;
    bool manual_clock; /* time stands at 0, in the year 2026, until a control call moves it */
};

enum { LIVE_CLUSTERS_MAX = 16 };

/*
 * Serves mock clusters on 127.0.0.1 until SIGINT or SIGTERM: one file system of checkpoints and
 * one clock for all. Exit code as in the command line.
 */
int live_serve(const struct serve_options *options);

#endif
