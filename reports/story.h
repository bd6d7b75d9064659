#ifndef FRESHCHECK_REPORTS_STORY_H
#define FRESHCHECK_REPORTS_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/verdict.h"
#include "harness/judge/listener.h"

/*
 * What happened in one failing cell round the witness of its first broken property: what clients
 * asked and got, calls of the gateway, what the origin did. Plain data, and nothing about how it is
 * drawn. Times are microseconds of the run. All of it is bounded; what did not fit is counted.
 *
 * Made by a listener: story_new(), then everything that is heard, then story_finish().
 */

enum {
    STORY_EXCHANGES_MAX = 120,
    STORY_CALLS_MAX = 120,
    STORY_MARKS_MAX = 160,
    STORY_JOBS_MAX = 4,
    STORY_BUCKETS_MAX = 120,
    STORY_BODY_MAX = 6000 /* bytes of an answer */
};

struct story_job {
    struct id id;
    char name[40]; /* of the scenario; else its id, 32 digits */
};

struct story_exchange {
    uint64_t seq;
    char client[32];
    char method[8]; /* "": not known */
    char target[160];
    char cache_control[48]; /* "": none */
    enum exchange_path path;
    size_t job; /* index into the story's jobs; SIZE_MAX: none of them */
    int64_t sent_us, left_us, done_us;
    int64_t age_us;
    int status;        /* 0: no answer came */
    bool shows_latest; /* an answer with statistics: the next three mean something */
    int64_t shown;     /* its latest completed checkpoint; 0: none */
    int64_t newest;    /* what had completed when it was sent; 0: none */
    int64_t lacked_us; /* when the first one completed that it lacked; -1: it lacked none */
    uint64_t version;
    uint64_t fetch;     /* the call that brought the answer; 0: not known */
    bool is_witness;    /* the witness names it */
    char *headers;      /* of a witness's answer, a line each; owned; NULL: not known */
    char *body;         /* of a witness: the first STORY_BODY_MAX bytes; owned; NULL: not known */
    size_t body_length; /* of the whole */
};

struct story_call {
    uint64_t fetch;
    enum call_kind kind;
    size_t job;
    int64_t sent_us, taken_us, ended_us; /* -1: not in this story */
    bool failed;
    const char *outcome; /* static text, of a failure; may be NULL */
    uint64_t version;
};

/* Something that the origin did: any fact that is no call. */
struct story_mark {
    enum fact_kind kind;
    int64_t at_us;
    size_t job;
    uint64_t run;
    int64_t checkpoint;
    bool is_savepoint;
    bool is_concluded; /* from answers; not in the origin's own journal */
};

/* How long what a call brought may be used. */
struct story_cache {
    bool is_known;
    int64_t timeout_us;    /* 0: not at all */
    bool starts_at_answer; /* the timeout starts when the call ends; else when it is sent */
};

/* How stale answers were over time: the worst of each span of width_us from 0 on. */
struct story_series {
    int64_t width_us;
    size_t count;
    int64_t worst_us[STORY_BUCKETS_MAX]; /* -1: no answer */
};

struct story {
    enum property property; /* the first that is broken: the story is about its witness */
    int64_t from_us, until_us;
    struct story_job jobs[STORY_JOBS_MAX];
    size_t job_count;
    struct story_exchange *exchanges; /* in order of their ends */
    struct story_call *calls;         /* in order of their starts */
    struct story_mark *marks;         /* in order of time; completions before from_us too */
    size_t exchange_count, call_count, mark_count;
    uint64_t left_out; /* exchanges, calls and marks of the span that did not fit */
    struct story_cache graph_cache, statistics_cache;
    struct story_series series;

    /* While it is listened to only. */
    const struct judgement *judgement;
    struct story_truth *truths;
};

/* About a judgement that fails; it is borrowed until story_finish(). NULL: out of memory. */
struct story *story_new(const struct judgement *judgement);
void story_free(struct story *story); /* NULL is allowed */

/* Jobs without a name are called by the first 8 digits of their ids. */
void story_name_job(struct story *story, struct id id, const char *name);

/* What is to be told everything, once. */
struct listener story_listener(struct story *story);
void story_finish(struct story *story);

/* The first property that a judgement breaks; false: it breaks none. */
bool story_property(const struct judgement *judgement, enum property *property);

#endif
