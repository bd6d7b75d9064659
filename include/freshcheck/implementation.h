#ifndef FRESHCHECK_IMPLEMENTATION_H
#define FRESHCHECK_IMPLEMENTATION_H

#include <stddef.h>
#include <stdint.h>

/*
 * A cache and handlers of your own, to be tried by freshcheck:
 *
 *     cc -shared -fPIC -o mycache.so mycache.c
 *     freshcheck run --implementation ./mycache.so
 *
 * A shared object defines one symbol, freshcheck_implementation (at the end of this file): a table
 * of functions. freshcheck loads it into a process of its own, feeds it requests of clients and
 * answers of a JobManager, and drains what it wants done: fetch something, answer a request.
 *
 * In the smallest case it is a cache. A request that needs checkpoint statistics or an execution
 * graph comes with the id of its job. The object answers it with REPLY from something that it
 * fetched (freshcheck's handlers write the body, as Flink's would), or asks by FETCH for something
 * newer. Who wants bytes instead has the written document come along with what was fetched, and
 * answers with REPLY_BYTES. Who has handlers of his own gets method, target, Cache-Control and body
 * of the request as they were sent. Whatever else is asked is answered by freshcheck's reference.
 *
 * Time is an argument: microseconds since an arbitrary origin, never decreasing. Whole hours pass
 * in a moment, so a clock that the object reads itself tells it nothing, and it must not wait.
 *
 * Threads: all calls come from one thread, one after the other. Instances: open() and close() come
 * in pairs and do not overlap; there are several of them in one process (see docs/your-own-cache.md
 * about leaks), so whatever belongs to an instance is to hang on the pointer that open() returned.
 * Order: open, then any number of (wall_clock, request, fetched, abandon, tidy), each followed by
 * next until it returns 0, then close.
 *
 * What freshcheck hands over is borrowed until the function returns, and must not be written to.
 * Texts end in a NUL that their length does not count.
 *
 * Versions: members are only ever added at the end of a struct, and `size` says how many bytes of it
 * there are. What cannot be done that way gets another FRESHCHECK_ABI_VERSION.
 */

#ifdef __cplusplus
extern "C" {
#endif

#define FRESHCHECK_ABI_VERSION 1u

/* What a request needs, and what can be fetched. Also bits: see `takes`. */
enum freshcheck_data {
    FRESHCHECK_STATISTICS = 1, /* of a job's checkpoints: cheap. GET /jobs/:jobid/checkpoints,
                                  .../details/:checkpointid, .../subtasks/:vertexid */
    FRESHCHECK_GRAPH = 2,      /* a job's execution graph: costly. GET /jobs/:jobid, .../plan,
                                  .../vertices/:vertexid, and the rest of the dashboard */
    FRESHCHECK_OTHER = 4       /* everything else: lists of jobs, triggers, errors of clients. For
                                  handlers of your own; there is nothing to fetch for it */
};

#define FRESHCHECK_JOB_DIGITS 32

/* What the configuration resolves to; see Flink's option names in docs/configuration.md. */
struct freshcheck_settings {
    size_t size;
    int64_t statistics_timeout_us; /* rest.cache.checkpoint-statistics.timeout: an answer may be
                                       shown while it is younger; 0: never a second time */
    uint64_t statistics_jobs_max;  /* rest.cache.checkpoint-statistics.size: so many jobs at most;
                                       0: nothing is kept */
    int64_t graph_timeout_us;      /* web.refresh-interval, or the timeout of execution graphs */
    uint64_t graph_jobs_max;
};

#define FRESHCHECK_ANY_AGE INT64_MAX

struct freshcheck_request {
    size_t size;
    uint64_t id;                         /* freshcheck's name for it, rising */
    uint32_t needs;                      /* one of enum freshcheck_data */
    char job[FRESHCHECK_JOB_DIGITS + 1]; /* lower case; "" with FRESHCHECK_OTHER */
    int64_t age_max_us; /* what Cache-Control demands: the answer's fetch began no longer ago than
                           this. -1: it began after this request (no-cache). FRESHCHECK_ANY_AGE: it
                           demands nothing, and the timeout decides alone */
    const char *method; /* "GET" */
    const char *target; /* path and query as sent */
    size_t target_length;
    const char *cache_control; /* that header as sent; NULL: there was none */
    const char *body;          /* NULL: there was none */
    size_t body_length;
};

/* What the JobManager answered to a FETCH. */
struct freshcheck_fetched {
    size_t size;
    uint64_t fetch; /* your name for it. It can be replied from until you RELEASE it */
    uint32_t data;  /* as you asked */
    char job[FRESHCHECK_JOB_DIGITS + 1];
    int ok;           /* 0: the call failed (no such job, timed out, ...); what is replied from it
                         is the error that Flink would answer */
    uint64_t version; /* with ok: rises with every change of the job's checkpoint statistics */
    int status;       /* of the document; 0: the FETCH named no target */
    const char *body; /* the document that FETCH named by its target: JSON; else NULL */
    size_t body_length;
};

enum freshcheck_action_kind {
    FRESHCHECK_FETCH = 1,   /* ask the JobManager: fetch, data, job; perhaps target */
    FRESHCHECK_REPLY,       /* answer `request` from what `fetch` brought */
    FRESHCHECK_REPLY_BYTES, /* answer `request` with status and body */
    FRESHCHECK_RELEASE      /* what `fetch` brought is not needed any more */
};

/* What you want done. What the kind does not need is left as it is: zero. Pointers are borrowed
 * until the next call of any function of the object. */
struct freshcheck_action {
    size_t size; /* of the room that there is; set by freshcheck */
    uint32_t kind;
    uint32_t data;    /* FETCH: FRESHCHECK_STATISTICS or FRESHCHECK_GRAPH */
    uint64_t request; /* REPLY, REPLY_BYTES: one that was taken, is not answered, not abandoned */
    uint64_t fetch;   /* FETCH: your name for it, not 0, one that nothing unreleased has;
                         REPLY, RELEASE: of something that was fetched and not released */
    char job[FRESHCHECK_JOB_DIGITS + 1]; /* FETCH */
    const char *target; /* FETCH: the document of this path and query is to come along; must be
                             one that is made of `data` and `job`. NULL: none */
    size_t target_length;
    int status;       /* REPLY_BYTES: HTTP, 200 to 599 */
    const char *body; /* REPLY_BYTES: JSON */
    size_t body_length;
};

/* What request() returns. */
enum freshcheck_taking {
    FRESHCHECK_TAKEN = 0,    /* exactly one REPLY or REPLY_BYTES will come for it */
    FRESHCHECK_NOT_MINE = 1, /* the reference's own handlers and caches are to answer it */
    FRESHCHECK_FAILED = -1   /* out of memory, say: it is answered 500, no reply will come */
};

struct freshcheck_implementation {
    uint32_t abi_version; /* FRESHCHECK_ABI_VERSION */
    uint32_t size;        /* sizeof(struct freshcheck_implementation) */
    const char *summary;  /* one line about it; may be NULL */
    uint32_t takes;       /* bits of enum freshcheck_data: requests that need anything else are
                             never shown to it */

    /* An instance; NULL when out of memory. */
    void *(*open)(const struct freshcheck_settings *settings);

    /* A client asks. */
    int (*request)(void *self, int64_t now_us, const struct freshcheck_request *request);

    /* The JobManager answered. What is answered more than once for one FETCH does not exist. */
    void (*fetched)(void *self, int64_t now_us, const struct freshcheck_fetched *fetched);

    /* The client of a request that was taken went away: it must not be answered any more. */
    void (*abandon)(void *self, int64_t now_us, uint64_t request);

    /* Takes the next thing to be done, in the order they arose: fills `action`, which comes zeroed
     * but for its size, and returns 1; 0 when there is none. */
    int (*next)(void *self, struct freshcheck_action *action);

    /* Frees the instance and everything that hangs on it. Nothing is outstanding from here on. */
    void (*close)(void *self);

    /* NULL is allowed. What to add to now_us for epoch microseconds, told before anything else and
     * whenever it changes: a wall clock is set, both ways. */
    void (*wall_clock)(void *self, int64_t offset_us);

    /* NULL is allowed. Called after each of the calls above, and before what is not released is
     * counted, for `bounded-memory`: time has passed, perhaps without a call, and a job that nobody
     * asks for is to leave a cache. */
    void (*tidy)(void *self, int64_t now_us);
};

/* What your shared object defines. */
extern __attribute__((visibility("default")))
const struct freshcheck_implementation freshcheck_implementation;

#ifdef __cplusplus
}
#endif

#endif
