#ifndef FRESHCHECK_HARNESS_CONTROL_CONTROL_INTERNAL_H
#define FRESHCHECK_HARNESS_CONTROL_CONTROL_INTERNAL_H

#include "base/json_writer.h"
#include "harness/control/control.h"
#include "harness/control/journal_ring.h"
#include "harness/control/live_jobs.h"
#include "harness/control/request_log.h"

/*
 * The way of a call: request -> path and parameters (parameters.c) -> the call of that path
 * (calls.c) -> its function (clock_calls.c, job_calls.c, fault_calls.c, journal_calls.c,
 * request_calls.c, scenario_calls.c), which acts and writes the answer.
 */

enum { PARAMETERS_MAX = 12, SEGMENTS_MAX = 4, FAULTS_MAX = 256 };

/* A name and its value, from the query or the body; texts are owned by the asking. */
struct parameter {
    char *name, *value;
};

/* A fault as it was asked for, for the list of them. */
struct kept_fault {
    bool on_wire;
    struct fault fault;     /* not on_wire */
    struct id job;          /* not on_wire, and not of any job */
    struct wire_fault wire; /* on_wire */
};

struct control {
    struct control_config config;
    struct journal_ring *journal;
    struct request_log *requests;
    struct live_jobs live;
    struct plan *loaded; /* by a call, and owned; NULL: the first plan is still served */
    uint64_t load_count, salt;
    struct kept_fault faults[FAULTS_MAX];
    size_t fault_count;
};

/* One request on its way. */
struct asking {
    struct control *control;
    const struct call *call;
    char *path; /* behind /freshcheck/, cut into segments; owned */
    const char *segments[SEGMENTS_MAX];
    size_t segment_count;
    const char *body; /* as it came; borrowed, may be NULL */
    size_t body_length;
    struct parameter parameters[PARAMETERS_MAX];
    size_t parameter_count;
    struct control_clock clock;
    struct control_answer *answer;
    bool no_memory;
};

/* A call: what it is named, what it takes, and what does it. */
struct call {
    enum http_method method;
    const char *path;                   /* "jobs/:job/restart" */
    const char *const *parameters;      /* NULL-terminated names */
    bool (*run)(struct asking *asking); /* false: refused, or no_memory */
    int what;                           /* of those that one function does: which */
    const char *help;                   /* one line */
};

extern const struct call control_calls[]; /* in the order of the index */
extern const size_t control_call_count;

/* --- parameters.c --- */

/* Takes path and query apart. False: refused, or no_memory. */
bool asking_read(struct asking *asking, const struct request *request);

/* Takes parameters from the body, too. */
bool asking_read_body(struct asking *asking);
void asking_free(struct asking *asking);

const char *parameter_text(const struct asking *asking, const char *name); /* NULL: not given */

/* Each leaves the default where it is not given. False: refused. */
bool parameter_duration(struct asking *asking, const char *name, int64_t *us);
bool parameter_signed_duration(struct asking *asking, const char *name, int64_t *us);
bool parameter_number(struct asking *asking, const char *name, int64_t least, int64_t most,
                      int64_t *number);
/* One of `count` names; blanks and hyphens in it are the same. */
bool parameter_name(struct asking *asking, const char *name, const char *const *names, size_t count,
                    size_t *index);

/* Answers with an error of one sentence. Always false. */
bool asking_refuse(struct asking *asking, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* " Did you mean 'x'?", or nothing. `text` is where it is written. */
const char *did_you_mean(char text[96], const char *mistyped, const char *const *names,
                         size_t count);

/* Lets everything happen that is due now. */
bool asking_settle(struct asking *asking);

/* Begins the answer's object with "now_us"; the caller ends it. */
struct json_writer asking_answer(struct asking *asking);

/* Numbered lines of which the oldest may be gone. */
struct numbered_lines {
    uint64_t first, next; /* that is still there; that comes next */
    void (*write)(const struct control *control, struct json_writer *json, uint64_t number);
};

/* Answers with as many as the parameters `from` and `limit` ask for. */
bool answer_lines(struct asking *asking, const struct numbered_lines *lines);

/* The job that a name or an id means; SIZE_MAX after refusing. */
size_t asking_job_index(struct asking *asking, const char *text, struct id *id);

/* --- the calls --- */

bool call_show_index(struct asking *asking);
bool call_show_clock(struct asking *asking);
bool call_advance_clock(struct asking *asking);
bool call_freeze_clock(struct asking *asking);
bool call_resume_clock(struct asking *asking);
bool call_show_jobs(struct asking *asking);
bool call_job_event_happens(struct asking *asking); /* call->what: enum job_event_kind */
bool call_lose_leader(struct asking *asking);
bool call_show_faults(struct asking *asking);
bool call_add_fault(struct asking *asking);      /* call->what: enum fault_kind */
bool call_add_wire_fault(struct asking *asking); /* call->what: enum wire_fault_kind */
bool call_clear_faults(struct asking *asking);
bool call_show_journal(struct asking *asking);
bool call_show_requests(struct asking *asking);
bool call_show_scenario(struct asking *asking);
bool call_load_scenario(struct asking *asking);
bool call_start_job(struct asking *asking);

/* --- control.c: what belongs to the plan that is served --- */

void control_forget(struct control *control); /* journal, requests, jobs, faults, the loaded plan */
void control_keep_faults(struct control *control);

/* Keeps a fault for the list; false: refused. */
bool asking_keep_fault(struct asking *asking, const struct kept_fault *fault);

#endif
