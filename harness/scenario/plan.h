#ifndef FRESHCHECK_HARNESS_SCENARIO_PLAN_H
#define FRESHCHECK_HARNESS_SCENARIO_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/place.h"
#include "harness/client_models/client_models.h"
#include "harness/client_models/garble.h"
#include "harness/judge/verdict.h"
#include "harness/scenario/museum.h"
#include "mock_jobmanager/timeline.h"
#include "rest_endpoint/policy.h"
#include "rest_endpoint/settings.h"

/* A scenario as the loader made it: everything checked, nothing left to find out while it runs.
 * All pointers are owned by the plan and live as long as it does. */

enum step_kind {
    STEP_GET_STATISTICS, /* "latest completed checkpoint of J" */
    STEP_GET_DETAILS,    /* "details of checkpoint 1 of J" */
    STEP_GET_SUBTASKS,   /* "subtasks of checkpoint 1 of J" */
    STEP_GET_CONFIG,     /* "checkpoint configuration of J" */
    STEP_GET_JOB,        /* "job J": the dashboard's path */
    STEP_GET_OVERVIEW,   /* "overview" */
    STEP_GET_JOBS,       /* "jobs" */
    STEP_TRIGGER,        /* "trigger a checkpoint of J" */
    STEP_TRIGGER_STATUS, /* "trigger status of J": of this client's last trigger */
    STEP_AWAIT_TRIGGER,  /* "await the trigger of J, then read": asks the status every `every_us`
                            until it is done, then reads the statistics at once */
    STEP_CANCEL,         /* "cancel J" */
    STEP_GET_TARGET,     /* "GET /any/path" */
    STEP_POST_TARGET     /* in no file: whoever runs a plan elsewhere starts its jobs by calls */
};

struct client_step {
    int64_t at_us;
    enum step_kind kind;
    size_t job; /* index into the plan's jobs; SIZE_MAX: none */
    int64_t checkpoint;
    const char *target;        /* STEP_GET_TARGET, STEP_POST_TARGET; `job`: whose path it is */
    const char *body;          /* STEP_POST_TARGET: JSON */
    const char *cache_control; /* NULL: the client's own */
};

enum client_kind {
    CLIENT_SCRIPTED,  /* its steps, each at its time */
    CLIENT_POLLER,    /* asks about a job at a steady rate, whether or not the last came back */
    CLIENT_DASHBOARD, /* GET /config once; then each refresh interval /overview, /jobs/overview, and
                         /jobs/:id of its job; the checkpoints tab once. Reference, section 8 */
    CLIENT_TRIGGERER, /* each `every_us` triggers a checkpoint of `job`, asks for its status until
                         it is done, and reads the statistics at once: read your own checkpoint. One
                         after the other. For recordings; no scenario has it */
    CLIENT_MIGRATION  /* reads the statistics, takes latest.completed.external_path (or what its
                         model makes of the answer), cancels the job, starts `to_job` from that */
};

/* What a poller asks for. */
enum polled {
    POLLED_STATISTICS, /* /jobs/:jobid/checkpoints */
    POLLED_DETAILS,    /* .../details/:checkpointid of the newest one it was shown; before it was
                          shown any, the statistics */
    POLLED_JOB,        /* /jobs/:jobid */
    POLLED_CONFIG,     /* .../checkpoints/config */
    POLLED_COUNT
};

struct client_plan {
    const char *name;
    enum client_kind kind;
    size_t count;              /* this many alike, named NAME-1, NAME-2...; 1: just NAME */
    size_t job;                /* all but SCRIPTED */
    size_t to_job;             /* MIGRATION, and the next three too: */
    enum client_model model;   /* who decides; NONE: it takes what `completed` shows, or nothing */
    int64_t watch_every_us;    /* it reads at this rhythm before `from_us`; 0: it does not */
    int64_t max_age_us;        /* it is to refuse what is older; 0: nothing is too old */
    int64_t from_us, until_us; /* POLLER, DASHBOARD, TRIGGERER: from included, until excluded */
    int64_t every_us,
        jitter_us;  /* POLLER, TRIGGERER (no jitter); DASHBOARD: 0 means the refresh interval */
    bool at_random; /* POLLER: by Poisson, one in `every_us`. In no file */
    const char *cache_control;       /* NULL: no such header */
    unsigned shares[POLLED_COUNT];   /* POLLER: how often each is asked, of their sum; all 0:
                                        statistics only */
    const struct client_step *steps; /* SCRIPTED: in order of time */
    size_t step_count;
};

/* Something that happens to good answers on their way to the clients that decide by them, from one
 * instant (included) to another (excluded). */
struct garbling {
    enum garble garble;
    int64_t from_us, until_us; /* INT64_MAX: for good */
    bool any_job;
    size_t job; /* when not any_job */
};

/* What a scenario expects of one implementation: the properties that break, and why. */
struct expected_failure {
    enum property property;
    enum layer layer; /* LAYER_UNKNOWN: not stated, any will do */
    const char *why;
};

struct expectation {
    const char *implementation; /* name; ranges and patterns are resolved by the loader */
    const struct expected_failure *failures;
    size_t failure_count;
};

struct plan {
    const char *file; /* as given */
    const char *name; /* file name without folder and ending: the subject in reports */
    const char *title, *why, *source;
    const struct museum_label *museum; /* NULL: it is no case of the museum */
    struct settings settings;
    const struct configuration_line *options; /* `flink:` as it was written */
    size_t option_count;

    const struct job_plan *jobs;
    size_t job_count;
    const struct job_event *events;
    size_t event_count;
    const struct fault *faults;
    size_t fault_count;
    const struct garbling *garblings;
    size_t garbling_count;
    int64_t call_out_us, call_back_us, announce_gap_us;
    bool latency_given; /* not the default latency */

    const struct client_plan *clients;
    size_t client_count;

    struct claim claim;
    struct text_place claim_places[PROPERTY_COUNT]; /* where each is claimed in the file */
    const struct expectation *expectations; /* implementations not named: everything passes */
    size_t expectation_count;

    int64_t end_us; /* nothing new happens from here on; the run ends when all is answered */
    bool live;      /* may be run live */
    const char *not_live_because; /* NULL when live */
    /* NULL: it can be run on a cluster that nobody controls, where jobs only live as they do. Else
     * the first thing that has to be made happen: "J completes 7 at 90 ms", "a fault". */
    const char *needs_origin_because;
};

/* An empty plan that lives in `arena` and takes it over; NULL when out of memory. */
struct arena;
struct plan *plan_new(struct arena *arena);
void plan_free(struct plan *plan); /* NULL is allowed */

/* What is expected of an implementation; NULL: that everything passes. */
const struct expectation *plan_expectation(const struct plan *plan, const char *implementation);

/* Events of jobs, faults, and steps or polling clients: what somebody has to read of a plan. */
size_t plan_size(const struct plan *plan);

#endif
