#ifndef FRESHCHECK_HARNESS_REPLAY_LIFE_INTERNAL_H
#define FRESHCHECK_HARNESS_REPLAY_LIFE_INTERNAL_H

#include "gateway/execution_graph.h"
#include "harness/replay/life.h"
#include "harness/replay/replay_internal.h"

/* Facts, as answers tell them: times in epoch milliseconds, texts borrowed from the transcript.
 * Functions that return bool return false when out of memory. */

/* More than any job has, so that a transcript that tells nonsense costs no more than this. */
enum { SUBTASKS_MAX = 32768, UNSEEN_MAX = 100000 };

/* Distinct times, in the order in which they were told. */
struct times {
    int64_t *ms;
    size_t count, capacity;
};

struct report_fact {
    struct id vertex;
    int32_t subtask; /* -1: not known which */
    int64_t ack_ms;
};

struct checkpoint_fact {
    int64_t id;
    enum checkpoint_type type;
    enum checkpoint_status status; /* the last that is known */
    int64_t trigger_ms;
    int64_t end_ms;           /* of a completed one the last acknowledgement */
    int64_t pending_shown_us; /* the last time that an answer showed it pending; -1: none did */
    int64_t size;
    const char *path, *message;
    int32_t reported; /* this many had acknowledged before the end, as far as is known */
    int64_t reported_ms;
    struct report_fact *reports;
    size_t report_count, report_capacity;
    bool by_client;
    /* by_client: the operation was over after the one and at the other; INT64_MAX: not told. */
    int64_t undone_us, done_us;
};

struct failure_fact {
    int64_t at_ms;
    const char *exception_class;
    char *message; /* owned */
};

/* One answer of GET /jobs/:jobid/checkpoints. */
struct counts_fact {
    int64_t asked_us;
    int64_t completed, failed;
};

struct job_fact {
    struct id id;
    size_t run; /* the exchange that started it; SIZE_MAX: it ran before */
    const char *name;
    const json_t *vertices;               /* an array of /jobs/:jobid */
    int64_t entered_ms[JOB_STATUS_COUNT]; /* the first time; 0: never */
    struct times restarting, running;
    int64_t deploying_ms; /* the first task's start */
    int64_t deploys_for_ms, initializes_for_ms;
    int64_t interval_ms;    /* INT64_MAX: no periodic checkpoints */
    int64_t restored_first; /* the id that its first run began from; 0: from nothing */
    struct times restored;
    struct checkpoint_fact *checkpoints; /* by rising id */
    size_t checkpoint_count, checkpoint_capacity;
    struct failure_fact *failures; /* by rising time */
    size_t failure_count, failure_capacity;
    struct counts_fact *counts;
    size_t counts_count, counts_capacity;
    int64_t stopped_by; /* the savepoint of a stop; 0: it was not stopped */
    bool cancelled;     /* at a client's wish */
};

struct life {
    const struct transcript *transcript;
    int64_t epoch_us;
    int64_t *asked_us; /* one for each exchange */
    struct job_fact *jobs;
    size_t job_count, job_capacity;

    struct plan plan; /* its arrays are these */
    struct job_plan *job_plans;
    struct job_vertex *vertices;
    struct job_event *events;
    size_t event_count, event_capacity;
    struct configuration_line *options;
    char slots[24]; /* the value of one of them */
};

/* life_clock.c */
void life_set_clock(struct life *life); /* the epoch and asked_us */
int64_t life_time_us(const struct life *life, int64_t epoch_ms);
/* The exchange was at that time, as far as that is possible; those after it follow. */
void life_ask_at(struct life *life, size_t exchange, int64_t at_us);

/* life_jobs.c */
struct job_fact *life_job(const struct life *life, struct id id); /* NULL: never started */
bool life_gather_jobs(struct life *life);
bool times_add(struct times *times, int64_t ms);

/* life_checkpoints.c */
bool life_gather_checkpoints(struct life *life, struct job_fact *job, size_t exchange,
                             const char *rest);
/* The fact about a checkpoint, made when there is none; NULL: out of memory. */
struct checkpoint_fact *checkpoint_fact(struct job_fact *job, int64_t id);

/* life_requests.c: what clients asked for */
bool life_gather_requests(struct life *life);

/* life_plan.c, life_events.c: from facts to the plan */
bool life_make_plan(struct life *life);
bool life_add_job_events(struct life *life, size_t index);
bool life_add_event(struct life *life, struct job_event event);

#endif
