#ifndef FRESHCHECK_HARNESS_JUDGE_OBSERVATION_H
#define FRESHCHECK_HARNESS_JUDGE_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

/* What a client can read off one answer, and nothing else. Made from bytes by harness/recording's
 * reader, or from the data that the bytes are written from (observation_of_...). */

enum seen_status { SEEN_IN_PROGRESS, SEEN_COMPLETED, SEEN_FAILED };

/* `checkpoint_type`. A name that is none of these, or none at all, is unknown. */
enum seen_type {
    SEEN_TYPE_UNKNOWN,
    SEEN_TYPE_CHECKPOINT,
    SEEN_TYPE_UNALIGNED,
    SEEN_TYPE_SAVEPOINT,
    SEEN_TYPE_SYNC_SAVEPOINT
};

struct seen_checkpoint {
    int64_t id;
    enum seen_status status;
    enum seen_type type; /* for clients that go by it; nothing is judged by it */
    bool is_savepoint;
    bool discarded;
    int64_t trigger_ms;
    int64_t latest_ack_ms; /* -1: none */
    int64_t state_size;
    char *path; /* external_path; owned; NULL when null or absent */
};

enum observation_kind {
    OBSERVED_STATISTICS,     /* GET /jobs/:jobid/checkpoints */
    OBSERVED_DETAILS,        /* GET .../checkpoints/details/:checkpointid */
    OBSERVED_JOB,            /* GET /jobs/:jobid */
    OBSERVED_TRIGGER_STATUS, /* GET .../checkpoints/:triggerid */
    OBSERVED_ERROR,          /* any answer with status >= 400 */
    OBSERVED_OTHER           /* 2xx or 3xx of any other route */
};

enum observed_error {
    ERROR_NONE,
    ERROR_JOB_NOT_FOUND, /* 404, "Job <id> not found" */
    ERROR_NO_CHECKPOINT, /* 404, details of a checkpoint or task that is not there */
    ERROR_NOT_ENABLED,   /* 404, checkpointing is off */
    ERROR_INITIALIZING,  /* 500, JobMaster not ready */
    ERROR_CANCELLED,     /* 500, CancellationException */
    ERROR_TIMED_OUT,     /* 500, TimeoutException */
    ERROR_UNAVAILABLE,   /* 503 */
    ERROR_OTHER
};

const char *observed_error_name(enum observed_error error); /* "job not found" */

struct observation {
    bool borrows; /* paths belong to the snapshot: see observation_of_statistics() */
    enum observation_kind kind;
    enum observed_error error; /* OBSERVED_ERROR */
    char *error_text; /* OBSERVED_ERROR: first line of the first error; owned; may be NULL */

    /* OBSERVED_STATISTICS */
    int64_t restored, total, in_progress, completed, failed; /* counts */
    uint64_t version; /* restored + total + completed + failed */
    bool has_latest_completed, has_latest_savepoint, has_latest_failed, has_latest_restored;
    bool lacks_latest; /* the member `latest` was lost on the way: see client_models/garble.h */
    struct seen_checkpoint latest_completed, latest_savepoint, latest_failed;
    int64_t restored_id;
    int64_t restored_ms;
    char *restored_path;             /* owned; may be NULL */
    struct seen_checkpoint *history; /* owned; newest first, as in the answer */
    size_t history_count;
    char *contradiction; /* what in the answer disagrees with itself, in words; NULL: nothing.
                            Owned. See observation_contradiction() */
    /* OBSERVED_DETAILS: the one entry is latest_completed, whatever its status */

    /* OBSERVED_JOB */
    bool job_initializing, job_terminal;
    char job_state[16];   /* "RUNNING" */
    int64_t job_start_ms; /* epoch */
    int64_t job_now_ms;   /* epoch, `now` */

    /* OBSERVED_TRIGGER_STATUS */
    bool trigger_done, trigger_failed;
    int64_t trigger_checkpoint;
};

void observation_clear(struct observation *observation);

/* summary numbers that observation_contradiction() also looks at, where the reader has them */
struct seen_summary {
    const char *name; /* "state_size" */
    int64_t min, max, avg;
    double p50, p999; /* NaN when not a number */
};

/*
 * What in a statistics answer disagrees with itself: counts that do not add up, more entries of a
 * status than counted, a savepoint as latest.completed, history out of order, a summary outside
 * its own bounds. Returns text to free(), or NULL when all agrees (or memory ran out).
 * `latest` below the largest completed id is numeric-latest's business, not this one's.
 */
char *observation_contradiction(const struct observation *observation,
                                const struct seen_summary *summaries, size_t summary_count);

struct checkpoint;
struct checkpoint_stats;
struct execution_graph;

/* What the bytes of an answer say, read off the data they are written from. Paths are borrowed:
 * the data must live as long as the observation. False when out of memory. */
bool observation_of_statistics(const struct checkpoint_stats *stats,
                               struct observation *observation);
void observation_of_details(const struct checkpoint *checkpoint, struct observation *observation);
void observation_of_job(const struct execution_graph *graph, int64_t now_ms,
                        struct observation *observation);

#endif
