#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_FETCHES_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_FETCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/judge_terms.h"
#include "harness/judge/verdict.h"

/* Calls of the gateway, and which of them an answer came from. */

struct job_state;
struct judge;
struct look;
struct news;

struct call {
    uint64_t fetch;
    enum path_kind kind;
    int64_t sent_us, taken_us, ended_us; /* NOT_KNOWN_US until then */
    uint64_t version;
    bool failed;
    const char *outcome; /* static */
    size_t job;
    size_t client; /* whose request had it made, as far as can be told */
    enum exchange_path path;
    bool asked_for; /* client and path mean something */
};

/* The last call of each kind that brought a version. */
struct brought {
    uint64_t version;
    struct call last[2]; /* by kind; ended_us NOT_KNOWN_US: none */
};

struct failure {
    int64_t sent_us, ended_us;
    const char *outcome;
};

struct call_tally {
    uint64_t sent, in_flight, succeeded;
    uint64_t in_flight_most;
    uint64_t over;   /* calls sent while as many as are allowed were in flight */
    int64_t over_us; /* the first of them */
    int64_t last_us; /* the last call was sent, of any outcome */
    int64_t busy_us; /* the call before the first of them was sent */
    int64_t first_sent_us, last_sent_us; /* of successful ones */
    int64_t first_success_us;            /* end of the first; NOT_KNOWN_US: none */
    struct failure *failures;
    size_t failure_count, failure_capacity;
    int64_t *success_us; /* graph: when each successful one was sent, in order */
    size_t success_count, success_capacity;
};

/* Those of one job. */
struct job_calls {
    struct call_tally of[2]; /* by kind */
    struct brought *brought;
    size_t brought_count, brought_capacity;
};

struct calls_in_flight {
    struct call *items;
    size_t count, capacity;
    struct call ended; /* the call that a fact in the making is about */
};

/* What the origin's own address showed of a job. */
struct direct_answer {
    int64_t done_us;  /* end of the first answer that showed ... */
    uint64_t version; /* ... this or more; 0: none */
};

void job_calls_free(struct job_calls *calls); /* what they own */

/* A fact about a call. False: out of memory. */
bool fetch_fact(struct judge *judge, struct job_state *job, const struct fact *fact,
                struct news *news);
/* The call that the answer with this version most likely came from; NULL: not known. */
const struct call *fetch_of_version(const struct job_state *job, uint64_t version);
/* A call of that kind failed and ended within [from_us, to_us]. */
bool fetch_failed_within(const struct job_state *job, enum path_kind kind, int64_t from_us,
                         int64_t to_us);
/* True when checkpoint statistics of this job come out of execution graphs. */
bool fetch_statistics_from_graphs(const struct job_state *job);
/* The calls that answers of such a path come from. */
enum path_kind fetch_source_kind(const struct job_state *job, enum path_kind kind);
enum layer fetch_cache_layer(const struct job_state *job, enum path_kind kind);
/* Somebody in between had kept the answer since before then: Flink sends no `Age`, so who does
 * stands in between, and had it for that long (RFC 9111, section 5.1). */
bool fetch_is_aged(const struct look *look, int64_t since_us);
/* Which layer an answer with an old version came from; since: what it lacks was there by then. */
enum layer fetch_layer_of_old(const struct judge *judge, const struct look *look, int64_t since_us);

#endif
