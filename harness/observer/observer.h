#ifndef FRESHCHECK_HARNESS_OBSERVER_OBSERVER_H
#define FRESHCHECK_HARNESS_OBSERVER_OBSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/clients/clients.h"
#include "harness/judge/history.h"
#include "harness/judge/verdict.h"
#include "harness/judge/listener.h"
#include "harness/scenario/plan.h"
#include "harness/observer/run_result.h"
#include "rest_endpoint/body.h"

/*
 * Watches one run: turns what clients send and get, and what the origin did, into the judge's
 * history. The same observer stands beside virtual time and beside live runs.
 *
 * Functions that return bool return false when the run is worth nothing; observer_failure() then
 * says why.
 */
struct observer;

/* parse_every: see struct run_options. NULL: out of memory. */
struct observer *observer_new(const struct plan *plan, uint32_t parse_every);
void observer_free(struct observer *observer); /* NULL is allowed */

/* See struct run_options; without it the first answer is the first. Before any answer. */
void observer_parse_first(struct observer *observer, uint64_t parse_first);

/* Who hears what the judge is told; borrowed. Before anything happens. */
void observer_tell(struct observer *observer, const struct listener *listener);

/* NULL, or one sentence (static text): what made the run worthless. */
const char *observer_failure(const struct observer *observer);

/* A client sends; to be told before the cluster is. */
bool observer_sent(struct observer *observer, int64_t now_us, const struct client_action *action);

/* A client decided, which action->choice tells. */
bool observer_decided(struct observer *observer, int64_t now_us,
                      const struct client_action *action);

/* A fact of the origin, in order of time. */
bool observer_fact(struct observer *observer, const struct fact *fact);

/* What the observer knew of an answered request, for passing the answer on to its client. */
struct observed_answer {
    size_t client_index;
    const struct observation *seen; /* valid until the next answer */
};

/* The answer to a request came, in this process: `body` is borrowed. A request that is not
 * waiting is a failure: an implementation answered twice, or answered what nobody asked. */
bool observer_answered(struct observer *observer, int64_t now_us, uint64_t request, int status,
                       struct body *body, struct observed_answer *answer);

/* The answer came over the wire (status 0: none came, the connection failed). */
bool observer_answered_bytes(struct observer *observer, int64_t now_us, uint64_t request,
                             int status, const char *bytes, size_t length,
                             struct observed_answer *answer);

/* How an answer came that is about to be told; else nothing is known of it. See struct exchange. */
struct answer_way {
    enum reach reach;
    int64_t left_us; /* REACHED_ORIGIN: when the answer left there */
    int64_t age_us;  /* what somebody in between said of it; 0: nothing */
};

/* Of a request that waits, before its answer is told as bytes. */
void observer_way(struct observer *observer, uint64_t request, const struct answer_way *way);

/* How many requests wait for an answer. */
size_t observer_waiting(const struct observer *observer);

/* Gives up on requests that still wait: each is an exchange without answer. */
bool observer_give_up(struct observer *observer, int64_t now_us);

/* Verdicts, counts and measures of all that was seen so far; clients NULL: without measures. */
void observer_result(const struct observer *observer, const struct clients *clients,
                     struct run_result *result);

#endif
