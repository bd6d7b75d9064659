#ifndef FRESHCHECK_HARNESS_JUDGE_HISTORY_H
#define FRESHCHECK_HARNESS_JUDGE_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "harness/judge/observation.h"

/*
 * What was seen: facts about the origin, and exchanges of clients. The judge's only input, from
 * virtual time, from live runs and from recordings alike. Times are microseconds on one clock.
 *
 * Facts say how they are known: from the origin's own journal (exact), or concluded from answers.
 */

enum fact_kind {
    FACT_BEGAN,     /* `checkpoint` began to complete */
    FACT_COMPLETED, /* its completion had ended by at_us: statistics show it, or somebody knew */
    FACT_DURABLE,   /* it is in the store */
    FACT_DISCARDED, /* its path is dead from at_us on */
    FACT_RUN_BEGAN, /* the job's run `run` began; earlier runs are over */
    FACT_RESTORED,  /* the run started from checkpoint `checkpoint` at `path` */
    FACT_RESTORE_FAILED,   /* `path` was dead */
    FACT_JOB_KNOWN,        /* the job exists and is not initializing, running or ended */
    FACT_JOB_INITIALIZING, /* the job exists, and cannot be asked yet */
    FACT_CALL_SENT,        /* the endpoint asked the gateway: `call`, `fetch` */
    FACT_CALL_TAKEN,       /* the JobManager handled it, giving snapshot `version` */
    FACT_CALL_ENDED,       /* the answer arrived; `call_failed` */
    FACT_ENTRIES           /* the cache that `call` fills (CALL_OTHER: that of details) holds
                              `entry_count` from at_us on; `job` means nothing */
};
enum { FACT_KIND_COUNT = FACT_ENTRIES + 1 };

enum call_kind { CALL_GRAPH, CALL_STATISTICS, CALL_OTHER };

struct fact {
    enum fact_kind kind;
    int64_t at_us;
    struct id job;
    size_t job_hint; /* as in struct exchange */
    uint64_t run;    /* 0 where runs are not known */
    int64_t checkpoint;
    bool is_savepoint;
    int64_t trigger_ms; /* epoch; 0 when not known */
    const char *path;   /* copied by the judge; may be NULL */
    uint64_t fetch;
    enum call_kind call;
    bool call_failed;
    const char *call_outcome; /* static text: "timed out" */
    uint64_t version;
    uint64_t entry_count;
    const char *evidence; /* static text, NULL for the origin's own journal:
                             "seen in an earlier answer", "latest_ack_timestamp + 250 ms" */
    uint64_t seq;         /* of the exchange that the fact was concluded from; 0: none */
};

enum exchange_path {
    PATH_STATISTICS, /* /jobs/:jobid/checkpoints */
    PATH_DETAILS,    /* .../details/:checkpointid, with or without /subtasks/:vertexid */
    PATH_JOB,        /* /jobs/:jobid: the dashboard's path */
    PATH_TRIGGER,    /* POST .../checkpoints */
    PATH_TRIGGER_STATUS,
    PATH_CONFIG, /* .../checkpoints/config: served from the graph cache */
    PATH_OTHER
};

/* Whether a request got as far as the origin, where the origin writes down who asked it. An answer
 * to one that did not was given by somebody in between. */
enum reach { REACH_UNKNOWN, REACHED_ORIGIN, STOPPED_SHORT };

/* One question and its answer. Everything pointed to is borrowed for the call. */
struct exchange {
    uint64_t seq; /* the recording's number, or one of the harness's own; rising with done_us */
    const char *client; /* name; NULL when not known (then every exchange is a client of its own) */
    size_t client_index; /* distinct per client; SIZE_MAX when not known */
    enum exchange_path path;
    const char *target; /* as sent, for witnesses */
    struct id job;
    size_t job_hint;    /* the how-manieth judge_name_job() named it: spares looking it up. Only a
                        hint: 0 or anything else is never wrong */
    int64_t checkpoint; /* PATH_DETAILS: the one asked for */
    int64_t sent_us, done_us;
    int64_t left_us;  /* when the answer left the server; sent_us when not known */
    int64_t bound_us; /* what this request itself demanded (Cache-Control); -1: nothing */
    int64_t age_us;   /* the answer's `Age`, where somebody in between put it there; 0: nobody */
    bool is_direct;   /* asked at the origin's own address, where another one is under test */
    enum reach reach;
    int status; /* HTTP; 0: no answer came */
    const struct observation *seen;
    uint64_t
        seen_serial; /* equal, non-zero serials promise equal observations: spares looking twice */
};

/* How a client decided from what a job goes on. */
enum decided { DECIDED_REFUSE, DECIDED_NOTHING, DECIDED_PATH };

/* What the answer was worth that a client decided on. */
enum grounds {
    GROUNDS_ANSWER,      /* it could be read */
    GROUNDS_NOT_ENABLED, /* 404: checkpointing is off */
    GROUNDS_ERROR,       /* any other error */
    GROUNDS_UNREADABLE,  /* 200, and it cannot be decoded or lacks what matters */
    GROUNDS_SILENCE      /* none came */
};

/* A client decided from which checkpoint of `job` it starts another job. Everything pointed to is
 * borrowed for the call. */
struct decision {
    const char *client;
    size_t client_index;
    struct id job;
    const char *starts; /* name of the job that it starts */
    int64_t at_us;
    enum decided kind;
    const char *path;   /* DECIDED_PATH */
    int64_t checkpoint; /* DECIDED_PATH: as the client takes it; 0: it does not know */
    const char *reason; /* the client's, one sentence; may be NULL */
    enum grounds grounds;
    int64_t now_ms;     /* epoch, the client's clock at at_us */
    int64_t max_age_ms; /* it must refuse what is older; 0: nothing is too old */
    /* The last answer that it had: */
    uint64_t seq;
    int64_t sent_us, left_us;
    int64_t bound_us; /* what its request demanded; -1: nothing */
    int64_t shown;    /* the largest number under `latest` as the answer left; 0: none */
};

#endif
