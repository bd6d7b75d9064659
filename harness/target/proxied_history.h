#ifndef FRESHCHECK_HARNESS_TARGET_PROXIED_HISTORY_H
#define FRESHCHECK_HARNESS_TARGET_PROXIED_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"
#include "harness/target/clock_offset.h"
#include "harness/target/origin.h"
#include "harness/target/target_run.h"

/*
 * What clients got through somebody's proxy, kept until it is known what was true at the origin
 * behind it: then both are put onto one clock and into one order, and judged.
 */
struct proxied_exchange {
    struct client_action asked; /* its client and target are owned, other texts are dropped */
    int64_t sent_us, done_us;
    int status;
    char *bytes; /* owned */
    size_t length;
    enum reach reach;
    int64_t left_us; /* REACHED_ORIGIN: when the answer left there */
    int64_t age_us;  /* what the answer says of itself, where no origin would; 0: nothing */
};

struct proxied_history { /* zeroed is empty */
    struct proxied_exchange *items;
    size_t count, capacity;
};

/* False: out of memory. */
bool proxied_history_add(struct proxied_history *history, const struct target_exchange *exchange);
void proxied_history_free(struct proxied_history *history);

struct proxied_clocks {
    struct clock_offset offset; /* of the origin's machine against ours */
    int64_t origin_zero_us;     /* time 0 of the truth, by the origin's machine */
    int64_t our_zero_us;        /* time 0 of the exchanges, by ours */
};

/* What is to be judged. */
struct proxied_evidence {
    const struct plan *plan;
    struct proxied_history *history;
    const struct origin_truth *truth;
    struct proxied_clocks clocks; /* what requests tell about them is learnt, too */
    bool tags_pass;               /* the target hands on the numbers of requests */
};

/*
 * Says of every exchange whether the origin gave its answer. False: the clocks contradict each
 * other.
 */
bool proxied_history_trace(struct proxied_evidence *evidence);

/* NULL with the result, or one sentence (static text) why there is none. To be traced before. */
const char *proxied_history_judge(const struct proxied_evidence *evidence,
                                  struct run_result *result);

#endif
