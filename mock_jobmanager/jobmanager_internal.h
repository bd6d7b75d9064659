#ifndef FRESHCHECK_MOCK_JOBMANAGER_JOBMANAGER_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_JOBMANAGER_INTERNAL_H

#include "base/buffer.h"
#include "base/random.h"
#include "mock_jobmanager/checkpoint_files.h"
#include "mock_jobmanager/event_queue.h"
#include "mock_jobmanager/finished_store.h"
#include "mock_jobmanager/jobmanager.h"
#include "base/shared_text.h"
#include "mock_jobmanager/tracker.h"

/*
 * What the files of this room share. Functions that return bool return false when out of memory;
 * jobmanager_advance() then passes that on, and the run is worth nothing any more. Everything
 * happens at jobmanager->now_us.
 */

/* What can be scheduled, and what `subject` and `serial` of the event mean. */
enum happening {
    HAPPENS_PLAN_EVENT,      /* subject: see planned_event_at() */
    HAPPENS_PLANNED_TRIGGER, /* likewise: of an event that says how long its checkpoint takes */
    HAPPENS_BEAT,            /* subject: job; serial: its beat_serial */
    HAPPENS_MISHAP_RESTART,  /* likewise */
    HAPPENS_MISHAP_RESCALE,  /* likewise */
    HAPPENS_MISHAP_FAILOVER, /* likewise */
    HAPPENS_RECOVERY,        /* subject: job; serial: its recovery_serial */
    HAPPENS_END_OF_JOB,      /* likewise: a job that is being cancelled, or failing */
    HAPPENS_STOP,            /* likewise: a job whose savepoint is there has finished */
    HAPPENS_FORGETTING,      /* likewise: a job that ended long ago */
    HAPPENS_TRIMMING,        /* of ended jobs, when there are too many */
    HAPPENS_ACKNOWLEDGEMENT, /* subject: job; serial: of the pending checkpoint */
    HAPPENS_END,             /* likewise */
    HAPPENS_VISIBLE,         /* likewise */
    HAPPENS_DURABLE,         /* subject: job; serial: of the stored checkpoint */
    HAPPENS_CALL_ARRIVAL,    /* subject: slot of the call */
    HAPPENS_CALL_END,        /* likewise */
    HAPPENING_COUNT
};

/* What a client waits for. Checkpoints and savepoints are kept apart, stops are savepoints.
 * Source: Flink DispatcherCachedOperationsHandler, OperationKey. */
enum operation_sort { OPERATION_CHECKPOINT, OPERATION_SAVEPOINT };

struct operation_key {
    enum operation_sort sort;
    struct id job, trigger;
};

/* A checkpoint between its trigger and its end. */
struct pending_checkpoint {
    uint64_t serial; /* names it for good: an id may come again in a later run */
    int64_t id;
    enum checkpoint_type type;
    int64_t trigger_us;
    int64_t takes_us;     /* not by_plan: trigger to end */
    int32_t acknowledged; /* this many subtasks, in the order of the vertices */
    bool by_plan;         /* it ends when the plan says so, and nothing subsumes it */
    bool unnamed;         /* by_plan: the plan gave no id */
    bool fails;           /* not by_plan: how it ends */
    bool began;           /* to complete: every subtask has acknowledged */
    bool waits_to_show;   /* complete, and HAPPENS_VISIBLE is still to come */
    bool by_client;
    struct operation_key operation; /* by_client */
    struct job_order *order;        /* a client's savepoint; counted reference, or NULL */
    bool stops;                     /* order: the job finishes after it */
    struct shared_text *path;       /* set once it began; counted reference */
};

/* A checkpoint whose files exist. */
struct stored_checkpoint {
    uint64_t serial; /* of the pending one it was */
    int64_t id;
    uint64_t run;
    bool is_savepoint;
    bool durable;     /* recovery would find it */
    bool recoverable; /* it is in the store that the job would recover from now */
    int64_t trigger_ms;
    struct shared_text *path; /* counted reference */
};

/* A job that runs to its end after the savepoint that stops it. */
struct job_stop {
    bool under_way;
    struct operation_key operation;
    int64_t checkpoint, trigger_us;
    struct shared_text *path; /* counted reference */
};

/* The plan of a job that a client started, and what it points to. */
struct submission {
    struct job_plan plan;
    char *name;                  /* owned */
    struct job_vertex *vertices; /* owned */
};

enum { FAILURES_MAX = 16 }; /* Source: Flink web.exception-history-size. */

/* Why a job failed or restarted. */
struct job_failure {
    char *exception_class, *message; /* owned; message may be NULL */
    int64_t at_us;
    bool is_of_task;
    int32_t attempt; /* is_of_task */
};

/* Why something fails; NULL: the mock's choice. */
struct job_cause {
    const char *exception_class, *message;
};

/*
 * What the tasks of a job pass through, all together. Times to come are known in advance, so that
 * nothing has to happen for them.
 */
struct task_course {
    bool exist; /* all below but attempt_count means nothing before that */
    int32_t attempt, attempt_count;
    int64_t entered_us[EXECUTION_STATE_COUNT]; /* INT64_MAX: never */
    bool one_failed;                           /* the first; the others are cancelled for it */
    int64_t failed_us;
};

struct job {
    const struct job_plan *plan;
    struct submission *submission; /* owned; NULL: of the JobManager's plan */
    size_t index;                  /* never given to another job */
    char *directory;               /* owned */
    struct job_vertex only_vertex; /* for plans that name none */
    const struct job_vertex *vertices;
    size_t vertex_count;
    struct task_layout *layout; /* owned; vertex_count of them */
    int32_t subtask_count;

    struct job_failure failures[FAILURES_MAX]; /* of this run; newest last */
    size_t failure_count;

    bool known; /* all below means nothing before that */
    enum job_status state;
    enum job_status end; /* what CANCELLING or FAILING leads to */
    bool is_sparse;      /* it never came so far as to have vertices */
    bool is_restored;    /* what it starts from was restored before it came up */
    struct task_course tasks;
    uint64_t run;
    int64_t start_us, end_us, changed_us;
    bool entered[JOB_STATUS_COUNT];
    int64_t entered_us[JOB_STATUS_COUNT];
    struct tracker *tracker; /* NULL once the job has ended, and without checkpoint settings */
    int64_t next_id;

    struct pending_checkpoint *pending; /* in the order of their triggers */
    size_t pending_count, pending_capacity;
    struct stored_checkpoint *stored; /* in the order in which they were stored */
    size_t stored_count, stored_capacity;
    struct job_stop stop;
    bool has_origin; /* it started from `origin`, which is not its own to discard */
    struct stored_checkpoint origin;

    struct random random;
    uint64_t beat_serial;
    int64_t beat_us; /* the next beat before jitter */
    uint64_t recovery_serial;
};

struct operation {
    struct operation_key key;
    bool done, failed;
    int64_t checkpoint;
    char *location; /* of a savepoint; owned */
    char *failure;  /* owned */
    int64_t done_us;
    struct operation *next;                     /* of its bucket */
    struct operation *done_before, *done_after; /* done: in the order in which they ended */
};

struct operations {
    struct operation **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    size_t count;
    struct operation *done_first, *done_last;
};

struct call {
    uint64_t fetch;
    struct fetch_request request;
    size_t job;                 /* index or SIZE_MAX */
    int64_t deadline_us;        /* INT64_MAX: none */
    struct fetch_result result; /* what HAPPENS_CALL_END will deliver; owned */
    bool ended;                 /* before it arrived */
    size_t next_free;
};

/* An event of the plan, or one that was added and is given back once it has happened. */
struct planned_event {
    const struct job_event *event;
    uint64_t *serial; /* of the checkpoint that its planned trigger made, or 0 */
};

struct added_event {
    struct job_event event;
    uint64_t serial;
    char *path, *message, *exception_class; /* owned; what the event points to */
};

/* A line of the journal, and what keeps its path alive. */
struct journal_line {
    struct journal_entry entry;
    struct shared_text *path; /* counted reference, or NULL */
};

struct delivery {
    uint64_t fetch;
    struct fetch_result result; /* owned */
};

struct jobmanager {
    struct jobmanager_config config;
    int64_t now_us;
    uint64_t last_serial;
    struct job **jobs;                /* by rising index; those of the plan come first and stay */
    struct job **jobs_by_id;          /* by rising id, then by index */
    const struct job **jobs_by_start; /* room for all, in which a list of them is put into order */
    size_t job_count, job_capacity, by_id_capacity, by_start_capacity, next_index;
    struct event_queue queue;
    uint64_t *planned;          /* per event of the plan: see planned_event */
    struct added_event **added; /* NULL where one has happened; owned */
    size_t added_count, added_capacity;
    struct fault *faults;
    size_t fault_count, fault_capacity;
    struct shared_text **kept_paths; /* of jobs of the plan: journal lines point at them for good */
    size_t kept_path_count, kept_path_capacity;
    struct buffer path_text; /* where a path is written before it is kept */
    struct finished_store finished;
    struct checkpoint_files *files, *own_files; /* own_files: owned; NULL when the caller's */

    struct operations operations;
    struct call *calls;
    size_t call_count, call_capacity, free_call; /* free_call: SIZE_MAX when none */
    struct delivery *deliveries;                 /* a queue from `first` on */
    size_t delivery_first, delivery_count, delivery_capacity;
    struct journal_line *journal; /* likewise */
    size_t journal_first, journal_count, journal_capacity;
    struct shared_text *taken_path; /* of the line taken last; counted reference, or NULL */
};

/* jobmanager.c */
bool schedule(struct jobmanager *jobmanager, int64_t due_us, enum happening what, size_t subject,
              uint64_t serial);
int64_t epoch_ms(const struct jobmanager *jobmanager, int64_t at_us);
int64_t later(int64_t at_us, int64_t by_us); /* at_us + by_us, at most INT64_MAX */

/* Time as a caller tells it: it never runs backwards. */
void advance_now(struct jobmanager *jobmanager, int64_t now_us);

/* Gives back what an array needs no more, when that is much. */
void *shrink(void *array, size_t count, size_t *capacity, size_t item_size);

/* Room for one more in a growing array; the new array, or NULL when out of memory. */
void *grow(void *array, size_t count, size_t *capacity, size_t item_size);

/* journal.c */
void journal_free(struct jobmanager *jobmanager);
bool journal_run(struct jobmanager *jobmanager, const struct job *job);
bool journal_state(struct jobmanager *jobmanager, const struct job *job);
bool journal_pending(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                     const struct pending_checkpoint *pending);
bool journal_stored(struct jobmanager *jobmanager, const struct job *job, enum journal_kind kind,
                    const struct stored_checkpoint *stored, uint64_t run);
bool journal_call(struct jobmanager *jobmanager, enum journal_kind kind, const struct call *call,
                  const struct fetch_result *result);

/* faults.c */
bool faults_load(struct jobmanager *jobmanager);
bool fault_in_force(const struct jobmanager *jobmanager, enum fault_kind kind,
                    const struct call *call, const struct fault **found);
int64_t fault_delay_us(const struct jobmanager *jobmanager, enum fault_kind kind,
                       const struct call *call);
bool fault_lock_busy(const struct jobmanager *jobmanager, size_t job);

/* jobs.c: which jobs there are */
struct job *job_at(const struct jobmanager *jobmanager, size_t index);   /* NULL: it is gone */
struct job *job_find(const struct jobmanager *jobmanager, struct id id); /* NULL: not known */
struct job *jobs_add(struct jobmanager *jobmanager, const struct job_plan *plan);
void jobs_remove(struct jobmanager *jobmanager, struct job *job); /* not one of the plan */
void jobs_free(struct jobmanager *jobmanager);

/* job.c: lives of a job */
struct job *job_new(struct jobmanager *jobmanager, size_t index, const struct job_plan *plan);
void job_free(struct jobmanager *jobmanager, struct job *job);
bool job_has_ended(const struct job *job);
bool job_is_absent(const struct job *job);         /* or has ended */
bool job_takes_checkpoints(const struct job *job); /* running, with checkpoint settings */
int64_t job_first_id(const struct job *job);
bool job_enters(struct jobmanager *jobmanager, struct job *job, enum job_status state);
/* A run that has nothing to do with the one before it; its first checkpoint gets this id. */
bool job_begins_afresh(struct jobmanager *jobmanager, struct job *job, int64_t id);
bool job_comes_up(struct jobmanager *jobmanager, struct job *job); /* a run that has begun */
bool job_exists(struct jobmanager *jobmanager, struct job *job);   /* it has been running before */
bool job_initializes(struct jobmanager *jobmanager, struct job *job);
bool job_runs(struct jobmanager *jobmanager, struct job *job);
bool job_restarts(struct jobmanager *jobmanager, struct job *job, int64_t takes_us,
                  const struct job_cause *cause); /* NULL: nothing failed */
bool job_starts_over(struct jobmanager *jobmanager, struct job *job, int64_t takes_us);
bool job_fails_over(struct jobmanager *jobmanager, struct job *job, int64_t takes_us);
bool job_recovers(struct jobmanager *jobmanager, struct job *job);
bool job_restores(struct jobmanager *jobmanager, struct job *job,
                  const struct stored_checkpoint *from); /* which becomes its origin */

/* job_starts.c: as a client wants it, from a path, or from nothing when it is NULL or "" */
bool job_starts(struct jobmanager *jobmanager, struct job *job, const char *path);

/* job_ends.c */
bool job_leaves(struct jobmanager *jobmanager, struct job *job, enum job_status end);
bool job_ends(struct jobmanager *jobmanager, struct job *job, enum job_status state); /* now */
bool job_enters_end(struct jobmanager *jobmanager, struct job *job, enum job_status state);
bool job_is_forgotten(struct jobmanager *jobmanager, struct job *job);
bool jobs_are_trimmed(struct jobmanager *jobmanager);

/* tasks.c */
void tasks_forget(struct job *job);
void tasks_are_created(const struct jobmanager *jobmanager, struct job *job);
void tasks_are_scheduled(const struct jobmanager *jobmanager, struct job *job, bool at_once);
void tasks_are_cancelled(const struct jobmanager *jobmanager, struct job *job);
void one_task_fails(const struct jobmanager *jobmanager, struct job *job);
void tasks_end(const struct jobmanager *jobmanager, struct job *job, enum job_status end);
bool tasks_all_run(const struct jobmanager *jobmanager, const struct job *job);
int64_t tasks_changed_us(const struct jobmanager *jobmanager, const struct job *job);
void count_tasks(const struct jobmanager *jobmanager, const struct job *job,
                 int32_t counts[EXECUTION_STATE_COUNT]);
bool show_tasks(const struct jobmanager *jobmanager, const struct job *job,
                struct execution_graph *graph); /* false: out of memory */

/* failures.c */
bool job_fails_of(struct jobmanager *jobmanager, struct job *job,
                  const struct job_cause *cause); /* of a task; NULL: of nothing */
bool job_failure_add(struct jobmanager *jobmanager, struct job *job, const char *exception_class,
                     const char *message, bool is_of_task);
void job_failures_forget(struct job *job);
bool show_failures(const struct jobmanager *jobmanager, const struct job *job,
                   struct execution_graph *graph); /* false: out of memory */

/* submissions.c */
void submission_free(struct submission *submission); /* NULL is allowed */
bool take_run(struct jobmanager *jobmanager, const struct call *call, struct fetch_result *result);

/* submission_arguments.c: what the program is told; -1 and NULL where it is not. `name` is the
 * order's. */
struct program_arguments {
    const char *name;
    int64_t interval_ms, snapshot_ms, state_bytes, finish_after_ms, restart_after_ms, parallelism;
};
void program_arguments_read(const struct job_order *order, struct program_arguments *arguments);

/* checkpoints.c: from trigger to end */
struct checkpoint_trigger {
    int64_t id; /* 0: the next one */
    enum checkpoint_type type;
    int64_t trigger_us;
    int64_t takes_us;
    bool by_plan, fails, by_client;
    struct operation_key operation;
    struct job_order *order; /* borrowed; NULL: not of a client's savepoint */
    bool stops;
};

bool checkpoint_triggered(struct jobmanager *jobmanager, struct job *job,
                          const struct checkpoint_trigger *trigger, uint64_t *serial);
struct shared_text *path_new(struct jobmanager *jobmanager, const struct job *job,
                             const char *text);
/* Whether it stands for none: the checkpoint stays in the JobManager's memory. */
bool checkpoint_has_no_files(const struct shared_text *path);
/* The path of checkpoint `id` of a job, likewise. */
struct shared_text *checkpoint_path_new(struct jobmanager *jobmanager, const struct job *job,
                                        int64_t id);
void pending_forget_all(struct job *job);
void checkpoint_id_used(struct job *job, int64_t id);
struct pending_checkpoint *pending_by_serial(const struct job *job, uint64_t serial);
struct pending_checkpoint *pending_by_id(const struct job *job, int64_t id);
bool checkpoint_acknowledged(struct jobmanager *jobmanager, struct job *job,
                             struct pending_checkpoint *pending, int32_t acknowledged);
bool checkpoint_subtask_acknowledged(struct jobmanager *jobmanager, const struct job *job,
                                     const struct pending_checkpoint *pending, int32_t ordinal);
bool checkpoint_acknowledges(struct jobmanager *jobmanager, struct job *job, uint64_t serial);
bool checkpoint_completed(struct jobmanager *jobmanager, struct job *job,
                          struct pending_checkpoint *pending, int64_t durable_after_us);
bool checkpoint_failed(struct jobmanager *jobmanager, struct job *job,
                       struct pending_checkpoint *pending, const char *message);
bool checkpoint_fails(struct jobmanager *jobmanager, struct job *job,
                      struct pending_checkpoint *pending, const char *message);
bool checkpoint_ends(struct jobmanager *jobmanager, struct job *job, uint64_t serial);
bool checkpoint_shows(struct jobmanager *jobmanager, struct job *job, uint64_t serial);
bool checkpoints_show_now(struct jobmanager *jobmanager, struct job *job);
bool checkpoints_fail_all(struct jobmanager *jobmanager, struct job *job, const char *message);

/* stored.c: checkpoints with files */
bool stored_add(struct jobmanager *jobmanager, struct job *job,
                const struct pending_checkpoint *pending);
bool stored_becomes_durable(struct jobmanager *jobmanager, struct job *job, uint64_t serial);
bool stored_has(const struct job *job, uint64_t serial);
bool stored_discard_id(struct jobmanager *jobmanager, struct job *job, int64_t id);
bool stored_discard_retained(struct jobmanager *jobmanager, struct job *job);
bool stored_discard_volatile(struct jobmanager *jobmanager, struct job *job);
bool stored_makes_room(struct jobmanager *jobmanager, struct job *job); /* for one more */
void stored_forget(struct job *job, bool only_volatile);
void stored_leave_all(struct jobmanager *jobmanager, struct job *job);
const struct stored_checkpoint *stored_latest(const struct job *job); /* or NULL */
const struct stored_checkpoint *stored_by_id(const struct job *job, int64_t id);

/* plan_events.c, added_events.c, rhythm.c */
bool plan_load(struct jobmanager *jobmanager);
bool plan_schedule(struct jobmanager *jobmanager, const struct job_event *event, size_t subject);
struct planned_event planned_event_at(const struct jobmanager *jobmanager, size_t subject);
bool plan_event_happens(struct jobmanager *jobmanager, size_t subject);
bool planned_trigger_happens(struct jobmanager *jobmanager, size_t subject);
void added_event_is_over(struct jobmanager *jobmanager, size_t subject);
void added_events_free(struct jobmanager *jobmanager);
bool rhythm_begins(struct jobmanager *jobmanager, struct job *job);
bool rhythm_beats(struct jobmanager *jobmanager, struct job *job);
bool rhythm_mishap(struct jobmanager *jobmanager, struct job *job, enum happening what);

/* operations.c */
struct operation *operation_find(struct jobmanager *jobmanager, struct operation_key key);
bool operation_add(struct jobmanager *jobmanager, struct operation_key key);
bool operation_succeeds(struct jobmanager *jobmanager, struct operation_key key, int64_t checkpoint,
                        const char *location); /* false: out of memory */
bool operation_fails(struct jobmanager *jobmanager, struct operation_key key,
                     const char *failure); /* likewise */
void operations_forget(struct jobmanager *jobmanager, struct id job);
void operations_free(struct jobmanager *jobmanager);

/* triggers.c: what clients want done to a job's checkpoints */
bool take_trigger(struct jobmanager *jobmanager, const struct call *call,
                  struct fetch_result *result);
bool take_trigger_status(struct jobmanager *jobmanager, const struct call *call,
                         struct fetch_result *result);
bool take_savepoint(struct jobmanager *jobmanager, const struct call *call,
                    struct fetch_result *result);
bool take_stop(struct jobmanager *jobmanager, const struct call *call, struct fetch_result *result);
bool take_savepoint_status(struct jobmanager *jobmanager, const struct call *call,
                           struct fetch_result *result);

/* stops.c: a job that ends with a savepoint */
bool job_stop_begins(struct jobmanager *jobmanager, struct job *job);
bool job_stop_has_savepoint(struct jobmanager *jobmanager, struct job *job,
                            const struct pending_checkpoint *completed);
bool job_stop_ends(struct jobmanager *jobmanager, struct job *job);
bool job_stop_fails(struct jobmanager *jobmanager, struct job *job);
void job_stop_forget(struct job *job);

/* graphs.c: what the JobManager shows; NULL when out of memory */
struct checkpoint_stats *show_statistics(struct jobmanager *jobmanager, const struct job *job,
                                         bool lock_busy);
struct execution_graph *show_graph(struct jobmanager *jobmanager, const struct job *job,
                                   bool lock_busy);
struct job_list *show_jobs(const struct jobmanager *jobmanager);

/* task_managers.c */
struct slots {
    int32_t total, free;
};

extern const char task_manager_id[];
extern const char task_manager_endpoint[];
struct slots count_slots(const struct jobmanager *jobmanager);
struct task_manager_list *show_task_managers(const struct jobmanager *jobmanager); /* or NULL */

/* calls.c */
struct job *known_job(const struct jobmanager *jobmanager, const struct call *call); /* or NULL */
bool call_arrives(struct jobmanager *jobmanager, size_t slot);
bool call_ends(struct jobmanager *jobmanager, size_t slot);
void calls_free(struct jobmanager *jobmanager);

#endif
