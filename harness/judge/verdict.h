#ifndef FRESHCHECK_HARNESS_JUDGE_VERDICT_H
#define FRESHCHECK_HARNESS_JUDGE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/expected_staleness.h"
#include "harness/judge/staleness.h"

/* The verdict model: what the judge says and every report writer reads. */

#define PROPERTY_MAP(X)                       \
    X(FRESH, "fresh")                         \
    X(BOUNDED_AGE, "bounded-age")             \
    X(NO_PHANTOM, "no-phantom")               \
    X(MONOTONIC, "monotonic")                 \
    X(DASHBOARD_CACHED, "dashboard-cached")   \
    X(ISOLATED, "isolated")                   \
    X(MINIMAL_FETCH, "minimal-fetch")         \
    X(BOUNDED_LOAD, "bounded-load")           \
    X(NO_KEPT_ERROR, "no-kept-error")         \
    X(RIGHT_JOB, "right-job")                 \
    X(UNDISTURBED, "undisturbed")             \
    X(AVAILABLE, "available")                 \
    X(CONSISTENT, "consistent")               \
    X(NUMERIC_LATEST, "numeric-latest")       \
    X(LIVE_PATH, "live-path")                 \
    X(RESTORE_WINDOW, "restore-window")       \
    X(RIGHT_RESTORE, "right-restore")         \
    X(BOUNDED_MEMORY, "bounded-memory")       \
    X(SETTINGS_HONOURED, "settings-honoured") \
    X(CONVERGES, "converges")                 \
    X(WELL_BEHAVED, "well-behaved")

enum property {
#define X(name, id) PROPERTY_##name,
    PROPERTY_MAP(X)
#undef X
        PROPERTY_COUNT
};

const char *property_id(enum property property); /* "fresh" */
bool property_find(const char *id, enum property *property);
const char *property_statement(enum property property);   /* one sentence: what it says */
const char *property_quantity(enum property property);    /* what `worst` tells; NULL: has none */
const char *property_explanation(enum property property); /* paragraphs, for `explain` */
const char *const *property_ids(void); /* PROPERTY_COUNT of them, for suggestions */

enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_UNKNOWN };
const char *verdict_name(enum verdict verdict); /* "pass" */

/* Where a violation comes from, as far as the evidence goes. */
enum layer {
    LAYER_UNKNOWN,
    LAYER_GRAPH_CACHE,
    LAYER_STATISTICS_CACHE,
    LAYER_CACHE, /* a cache, which one cannot be told */
    LAYER_DETAILS_CACHE,
    LAYER_ORIGIN,   /* a fetch made after the completion brought the old state */
    LAYER_PROXY,    /* a cache between the client and the JobManager's REST server */
    LAYER_SETTING,  /* no implementation could keep it with these settings */
    LAYER_ENDPOINT, /* handlers, routing: neither cache nor origin */
    LAYER_CLIENT,   /* who asked had what it needed, and did something else */
    /* well-behaved: no place, but what the implementation did. */
    LAYER_CRASHED,
    LAYER_HUNG,
    LAYER_EXITED,
    LAYER_WROTE_PAST_BUFFER,
    LAYER_READ_PAST_BUFFER,
    LAYER_ANSWERED_TWICE,
    LAYER_ANSWERED_NOBODY,
    LAYER_NEVER_ANSWERED,
    LAYER_BROKE_CONTRACT,
    LAYER_LEAKED,
    LAYER_WROTE_TO_STDOUT
};
enum { LAYER_COUNT = LAYER_WROTE_TO_STDOUT + 1 };
const char *layer_name(enum layer layer); /* "statistics cache"; "unknown" */
bool layer_find(const char *name, enum layer *layer);

enum { WITNESS_EVENTS_MAX = 6, WITNESS_TEXT_MAX = 160 };

/* One line of a witness, in plain words. */
struct witness_event {
    int64_t at_us;
    char who[32];                /* a client, a job, "gateway" */
    char what[WITNESS_TEXT_MAX]; /* "checkpoint 11 completed" */
    uint64_t seq;                /* of the exchange, 0 when it is none */
    bool since; /* from here on what the last event did was wrong: a completion that it lacks */
};

struct property_verdict {
    enum verdict verdict;
    uint64_t tested;     /* how often the history put it to the test */
    uint64_t violations; /* how many of those broke it */
    /* The smallest bound that would have passed, also on a pass: see property_quantity(). For
     * restore-window the largest. */
    bool has_worst; /* worst_value means something */
    double worst_value;
    const char *worst_unit; /* static text: "ms", "calls", "checkpoints" */
    /* fresh, bounded-age: how often `latest` had moved on beyond what an answer showed, at most. */
    uint64_t worst_behind;
    enum layer layer; /* VERDICT_FAIL only */
    size_t witness_count;
    char cause[2 * WITNESS_TEXT_MAX]; /* one sentence; on `unknown` why it cannot be decided */
    struct witness_event witness[WITNESS_EVENTS_MAX]; /* of the first violation, in order of time */
};

/* What is promised. */
struct claim {
    int64_t bound_us;            /* 0: fresh; else bounded-age with this age */
    int64_t refresh_interval_us; /* dashboard-cached: at most one fetch per this */
    int64_t in_flight_max;       /* bounded-load at timeout 0 */
    int64_t restore_window_us;   /* restore-window; 0: not claimed */
    int64_t settled_from_us;     /* converges: nothing keeps any path from answering from here on */
    int64_t margin_us;           /* added to the end of completions known only from timestamps */
    /* What the options resolve to; nothing of it means anything unless settings_known. */
    bool settings_known;
    int64_t settings_timeout_us;                           /* of checkpoint statistics */
    int64_t stats_entry_count_max, detail_entry_count_max; /* bounded-memory */
    bool claimed[PROPERTY_COUNT]; /* judged; the others stay out of the report and the whole */
};

/* What was added to times inside answers before they counted against a read. */
struct margin {
    int64_t us; /* 0: no such times were used */
    char why[2 * WITNESS_TEXT_MAX];
};

struct judgement {
    enum verdict whole;   /* see judge_whole() */
    struct margin margin; /* set by whoever concludes from such times */
    struct claim claim;
    struct property_verdict properties[PROPERTY_COUNT];
    struct staleness staleness;
    struct expected_staleness expected; /* set where the timeout is known, by whoever knows it */
};

#endif
