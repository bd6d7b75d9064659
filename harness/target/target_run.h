#ifndef FRESHCHECK_HARNESS_TARGET_TARGET_RUN_H
#define FRESHCHECK_HARNESS_TARGET_TARGET_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/clients/clients.h"
#include "harness/judge/history.h"
#include "harness/live/address.h"
#include "harness/live/flights.h"
#include "harness/scenario/plan.h"

/*
 * Lets the clients of a plan ask a server that somebody else runs, in real time, and tells of every
 * exchange as it ends. One thread, one loop, one clock: microseconds since the run began.
 *
 * A request is stamped before it leaves, and an answer after its last byte came, so neither time
 * flatters the target or blackens it; by how much they miss is measured (calibration.h).
 */

/* One exchange that is over. Everything is borrowed for the call. */
struct target_exchange {
    const struct client_action *asked;
    int64_t sent_us, done_us;
    const struct landing *landing;  /* status 0: no answer came */
    const struct observation *seen; /* what the client was told; NULL: the body is not readable */
    const char *unread_because;     /* seen is NULL: why (static text) */
    bool cut_off;                   /* the run ended before an answer could come: nobody failed */
};

/* Who wants to know. Each may be NULL. False ends the run: with TARGET_GIVEN_UP. */
struct target_listener {
    void *context;
    bool (*began)(void *context, int64_t epoch_us); /* the wall clock at time 0 */
    bool (*sent)(void *context, int64_t now_us, const struct client_action *action);
    bool (*ended)(void *context, const struct target_exchange *exchange);
    bool (*starts_job)(void *context, int64_t now_us, const struct client_action *action);
    bool (*tick)(void *context, int64_t now_us); /* every tick_us */
};

struct target_run_options {
    const struct address *address;
    const struct plan *plan; /* its jobs have the ids that the target knows them by */
    uint64_t seed;
    struct target_listener listener;
    int64_t tick_us;     /* 0: no ticks */
    int64_t patience_us; /* how long answers may be missing after the plan's end; 0: 5 s */
    int64_t *zero_us;  /* NULL, or set, before anything is told, to what live_clock_real_us() is at
                            time 0 */
    int stop_fd;       /* readable: ends the run early; -1: nothing does */
    bool tag_requests; /* every request says its number, in a header that serve writes into its
                          journal */
};

enum target_end {
    TARGET_DONE,     /* plan->end_us has come, and all is answered or patience at its end */
    TARGET_STOPPED,  /* stop_fd: nothing more was sent; what was under way had a second more */
    TARGET_GIVEN_UP, /* a listener returned false */
    TARGET_BROKEN    /* *why: out of memory, no timer */
};

/*
 * At the end (see enum target_end for how long after it) what is still not answered is told as an
 * exchange that was cut off. A request that fails is an exchange without an answer, and the run
 * goes on. After TARGET_GIVEN_UP and TARGET_BROKEN nothing more is told.
 */
enum target_end target_run(const struct target_run_options *options, const char **why);

#endif
