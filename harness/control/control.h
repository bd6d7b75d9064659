#ifndef FRESHCHECK_HARNESS_CONTROL_CONTROL_H
#define FRESHCHECK_HARNESS_CONTROL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/cluster/cluster.h"
#include "harness/control/wire_fault.h"
#include "rest_endpoint/endpoint.h"

/*
 * What can be asked of a served mock cluster besides what Flink knows, under /freshcheck: its
 * clock, what happens to its jobs, faults, and the journal of what really happened. One for each
 * cluster. Bytes in, bytes out: no socket, no clock; what it needs of those it gets as ports.
 */
struct control;

struct control_clock {
    int64_t now_us;            /* since time 0 */
    int64_t epoch_us;          /* the wall clock at time 0 */
    bool manual;               /* it never goes by itself */
    bool frozen;               /* it stands now; a manual one always does */
    int64_t monotonic_us;      /* CLOCK_MONOTONIC of this machine, now */
    int64_t zero_monotonic_us; /* and at time 0; means nothing while it is frozen */
};

/* Another scenario that is to be served, from time 0 on. */
struct control_load {
    struct plan *plan; /* the latency that it does not give may be changed */
    const struct implementation *implementation;
    uint64_t seed;
    bool starts_frozen;
};

/* What it acts on, besides the cluster. */
struct control_ports {
    void *context;
    void (*read_clock)(void *context, struct control_clock *clock);
    /* Sets the time forward, and lets everything happen that is due up to and at it. The present:
     * what is due now. False: out of memory. */
    bool (*advance)(void *context, int64_t to_us);
    void (*freeze)(void *context);
    void (*resume)(void *context);
    bool (*add_wire_fault)(void *context, const struct wire_fault *fault); /* false: no memory */
    void (*clear_wire_faults)(void *context);
    /* Puts a cluster of this plan in the place of the one there is, at time 0, and returns it. What
     * waits for an answer of the old one is turned away. NULL: out of memory, and nothing changed. */
    struct cluster *(*load)(void *context, const struct control_load *load);
};

struct control_config {
    struct cluster *cluster; /* borrowed */
    const struct plan *plan; /* the cluster's: its jobs have names, its faults are listed */
    const struct implementation *implementation; /* the cluster's */
    uint64_t seed;                               /* the cluster's */
    struct control_ports ports;                  /* the context is borrowed */
    size_t
        journal_lines_max; /* the journal keeps the last ones, and so does the list of requests */
    bool has_neighbours;   /* whose controls move the same clock */
};

struct control *control_new(const struct control_config *config); /* NULL: out of memory */
void control_free(struct control *control);                       /* NULL is allowed */

/* Takes what the cluster has written down. To be called whenever it was advanced, so that nothing
 * piles up there. False: out of memory. */
bool control_take_entries(struct control *control);

/* A request came that bears its sender's number, and its answer left. The first returns what the
 * second is to be given; 0: it could not be written down. */
uint64_t control_request_arrived(struct control *control, uint64_t tag, int64_t now_us);
void control_request_left(struct control *control, uint64_t line, int64_t now_us, int status);

struct control_answer {
    int status;
    const char *content_type;
    struct buffer body; /* owned by the caller */
};

enum control_outcome {
    CONTROL_NOT_MINE, /* another path: ask the cluster */
    CONTROL_ANSWERED,
    CONTROL_NO_MEMORY /* no answer; what was asked may be half done */
};

enum control_outcome control_request(struct control *control, const struct request *request,
                                     struct control_answer *answer);

#endif
