#ifndef FRESHCHECK_HARNESS_LIVE_SERVE_INTERNAL_H
#define FRESHCHECK_HARNESS_LIVE_SERVE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/cluster/cluster.h"
#include "harness/control/control.h"
#include "harness/live/clock.h"
#include "harness/live/live.h"
#include "harness/live/server.h"

/* Clusters that are served in one process: their loop (live_serve.c) and their controls
 * (serve_controls.c). */

struct service;

/* A cluster, its port and its controls. */
struct outlet {
    struct service *service;
    struct cluster *cluster;
    struct control *control;
    struct local_pages control_pages;
    struct request_book book;
    struct server *server;
};

struct service {
    const struct serve_options *options;
    uint64_t ticket;
    struct checkpoint_files *files;
    struct outlet outlets[LIVE_CLUSTERS_MAX];
    size_t outlet_count;
    struct plan without_jobs; /* of all clusters but the first */
    struct live_clock clock;
    int64_t epoch_us; /* at time 0 */
    int signal_fd;
    int loop_fd; /* epoll: servers, timer, signals */
    int64_t now_us;
    bool happened; /* something in a cluster, or time moved, since the servers last stepped */
    int64_t leave_real_us; /* INT64_MAX until a signal came */
    int signal;            /* the one that came; 0: none */
    bool lost_told;        /* that something was lost for lack of memory */
};

/* How a job comes up and goes that a client starts; NULL: at once. */
const struct job_pace *service_submitted_pace(const struct serve_options *options);
int64_t service_epoch_us(const struct serve_options *options); /* at a time 0 that is now */

/* Lets everything happen that is due. False: memory ran out, and something was lost; a call that has
 * found none is due again in the next turn. */
bool service_run_until(struct service *service, int64_t now_us);

/* Makes the controls of a cluster, and the book of its requests. False: out of memory. */
bool outlet_open_control(struct service *service, struct outlet *outlet, const struct plan *plan);

#endif
