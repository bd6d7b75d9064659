#ifndef FRESHCHECK_REST_ENDPOINT_POLICY_H
#define FRESHCHECK_REST_ENDPOINT_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How a cache behaves, as data. Everything in which real implementations were seen to differ is a
 * field here; the logic knows no version names.
 */

enum cache_key {
    KEY_JOB,                   /* one entry a job */
    KEY_ANY_JOB,               /* one entry for all: broken on purpose */
    KEY_CHECKPOINT,            /* details by checkpoint id alone: Flink CheckpointStatsCache */
    KEY_JOB_RUN_AND_CHECKPOINT /* details by job, run and checkpoint */
};

/* When the timeout starts. */
enum cache_start {
    START_AT_REQUEST, /* when the gateway is asked: Flink, both caches */
    START_AT_ANSWER   /* when the answer arrives: data can be older than the timeout says */
};

enum cache_expiry { EXPIRE_AFTER_WRITE, EXPIRE_AFTER_ACCESS };

enum cache_clock { CACHE_CLOCK_MONOTONIC, CACHE_CLOCK_WALL };

/* What a slot holds while a fetch is under way. */
enum cache_slot {
    SLOT_HOLDS_FUTURE, /* the pending fetch replaces the old answer at once: Flink */
    SLOT_HOLDS_ANSWER  /* the old answer stays usable until a newer one is there */
};

/* What a request does that finds no usable answer and a fetch in flight. */
enum cache_join {
    JOIN_WHILE_FRESH,   /* shares the flight while its timeout runs, else starts its own: Flink */
    JOIN_NEXT_BATCH,    /* shares the flight when young enough, else shares the next one */
    JOIN_ANY_IN_FLIGHT, /* shares the flight however old it is */
    JOIN_NEVER          /* always starts its own */
};

/* What happens to the waiters of a flight that is replaced before it came back. */
enum cache_replaced { REPLACED_SERVES_ITS_WAITERS, REPLACED_IS_CANCELLED };

enum cache_failures { FAILURES_DROPPED, FAILURES_KEPT };

/* Whether an answer that arrives after a later-started one may take its place. */
enum cache_late { LATE_ANSWER_DROPPED, LATE_ANSWER_STORED };

enum cache_rendering {
    RENDER_PER_FETCH, /* bytes are made once and shared by all readers */
    RENDER_PER_ANSWER /* Flink: from objects that the tracker goes on changing (`discarded`, acks),
                         and with `now` read at each answer. Done anew only when a byte differs. */
};

#define NEVER_EXPIRES INT64_MAX

struct cache_policy {
    int64_t ttl_us;         /* an answer is usable while now - start < ttl_us; 0: never */
    size_t entry_count_max; /* least recently used leaves first; 0: nothing is kept */
    enum cache_key key;
    enum cache_start start;
    enum cache_expiry expiry;
    enum cache_clock clock;
    enum cache_slot slot;
    enum cache_join join;
    enum cache_replaced replaced;
    enum cache_failures failures;
    enum cache_late late;
    enum cache_rendering rendering;
};

/* What an implementation's answers look like, and what it asks the gateway for. */
struct endpoint_quirks {
    bool statistics_from_graph;   /* 1.17: /checkpoints reads the execution graph and its cache */
    bool dashboard_uncached;      /* broken on purpose: /jobs/:id and its parts fetch always */
    bool honours_cache_control;   /* request directives no-cache and max-age; Age in answers */
    bool details_outlive_history; /* an id cache answers for what left the history */
    bool refuses_incremental_trigger; /* 1.19+ */
    bool refuses_unknown_members;     /* up to 1.18, in request bodies: FLINK-33268 */
    bool takes_program_args; /* up to 1.20: programArgs in a body, program-args in a query */
};

/* Which members a version writes. Texts are borrowed and must outlive every endpoint and body.
 * Source: reference 2.1, 2.7, 2.8. */
struct endpoint_wire {
    const char *flink_version;    /* "1.20.3" */
    const char *flink_commit;     /* "01e3a6d" */
    const char *flink_revision;   /* "01e3a6d @ 2025-09-20T02:22:05+02:00" */
    bool unaligned_type;          /* 1.18+: checkpoint_type UNALIGNED_CHECKPOINT */
    bool web_rescale_feature;     /* 1.18+: in /config */
    bool job_type;                /* 1.20+: in /jobs/:id */
    bool slot_sharing_group;      /* 1.20+ */
    bool pending_operators;       /* 2.0+ */
    bool typed_plan;              /* 2.1+ */
    bool newest_job_first;        /* 2.1+: order of /jobs/overview */
    bool scheduler_type;          /* 2.3+ */
    bool applications;            /* 2.3+: a job belongs to one */
    bool assigned_tasks;          /* 2.3+: in /taskmanagers */
    bool hosts;                   /* up to 1.20: a task's host, "location" of an exception */
    bool endpoints;               /* 1.19+: the same with its port, as "endpoint" */
    bool failure_labels;          /* 1.18+: of exceptions */
    bool akka;                    /* 1.17: in /taskmanagers; else pekko */
    bool execution_mode;          /* up to 1.20: in /jobs/:id/config */
    bool root_exception;          /* up to 1.20: in /jobs/:id/exceptions, with its legacy members */
    const char *restart_strategy; /* of a started job, in /jobs/:id/config */
    const char *savepoint_directory_key; /* "state.savepoints.dir" */
};

/* One line of GET /jobmanager/config. */
struct configuration_line {
    const char *key, *value;
};

struct endpoint_config {
    struct cache_policy graph;   /* execution graphs, by job */
    struct cache_policy stats;   /* checkpoint statistics, by job */
    struct cache_policy details; /* single checkpoints, by id; ttl_us is not used */
    struct endpoint_quirks quirks;
    struct endpoint_wire wire;
    int64_t refresh_interval_ms; /* what /config tells the dashboard */
    uint64_t id_seed;            /* of the ids that it makes up for jobs, triggers and jars */
    /* Borrowed texts, which outlive the endpoint. */
    const char *savepoint_directory; /* where savepoints go by default; NULL: must be said */
    const struct configuration_line *configuration;
    size_t configuration_count;
};

#endif
