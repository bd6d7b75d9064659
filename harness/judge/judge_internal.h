#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_INTERNAL_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "harness/judge/judge.h"
#include "harness/judge/judge_plain.h"
#include "harness/judge/number_map.h"

/* Shared by the files of this room: what the judge remembers, and how a check is plugged in. */

enum { LABEL_MAX = 32, TARGET_MAX = 96, CLIENT_COUNT_MAX = 1 << 20 };
#define NOT_KNOWN_US INT64_MAX

/* Who asks for what, as far as calls of the gateway go. The first two match a call_kind. */
enum path_kind { KIND_GRAPH, KIND_STATISTICS, KIND_TRIGGER, KIND_OTHER, PATH_KIND_COUNT };

/* What came of a request, as far as checks choose by it what they look at. */
enum answer_kind {
    ANSWER_LIST,    /* a good one of .../checkpoints */
    ANSWER_DETAILS, /* a good one about one checkpoint */
    ANSWER_REFUSED, /* another one of those two paths */
    ANSWER_GRAPH,   /* of a path that is served from execution graphs, good or not */
    ANSWER_OTHER,   /* of any other path */
    ANSWER_NONE,    /* of any path */
    ANSWER_KIND_COUNT
};

/* Sets of them. */
enum {
    OF_LISTS = 1 << ANSWER_LIST,
    OF_CHECKPOINTS = OF_LISTS | 1 << ANSWER_DETAILS,
    OF_STATISTICS = OF_CHECKPOINTS | 1 << ANSWER_REFUSED,
    OF_GRAPHS = 1 << ANSWER_GRAPH,
    OF_SILENCE = 1 << ANSWER_NONE
};

/* Who handed a path to a client, last. */
struct hand_out {
    bool done;
    int64_t left_us;
    uint64_t seq;
    size_t client;
};

/* One checkpoint of one run. */
struct checkpoint_record {
    int64_t id;
    int64_t trigger_ms; /* 0: not known */
    int64_t began_us, completed_us, durable_us,
        discarded_us;          /* by facts; NOT_KNOWN_US: not so far */
    int64_t seen_discarded_us; /* end of the first answer that marked it so */
    uint64_t seen_discarded_seq;
    bool listed; /* some list showed it completed; then: */
    int64_t state_size;
    char *path;       /* may be NULL */
    bool vouched_for; /* a list showed it, and every check of its content was content with it */
    struct hand_out hand_out;
    bool window_tested, window_broken; /* restore-window counts a path once */
    int64_t first_shown_us;            /* by a list; NOT_KNOWN_US: not so far */
};

enum how_known { KNOWN_BY_FACT, KNOWN_BY_TRIGGER_STATUS, KNOWN_BY_ANSWER };

/* A completion with a larger id than all before it in its run. */
struct completion {
    int64_t at_us;
    int64_t id;
    enum how_known how;
    const char *evidence; /* static */
    uint64_t seq;
    size_t client;
};

/* What a list shows of the job's state: the latest completed checkpoint, and the version. */
struct shown_state {
    int64_t id;
    uint64_t version;
};

/* From done_us on, answers had shown this much: running maxima of both numbers. */
struct floor {
    int64_t done_us;
    int64_t id;
    uint64_t version;
    struct shown_state shown; /* what the answer that raised the floor showed itself */
    uint64_t seq;
    size_t client;
};

/* Most clients raise theirs a few times: those need no memory of their own. */
enum { FLOORS_FEW = 3 };

struct floors {
    struct shown_state top; /* the last floor's; count > 0 */
    int64_t since_us;       /* end of the first answer of all; count > 0 */
    size_t count, capacity;
    struct floor *many; /* owned; NULL: they are in `few` */
    struct floor few[FLOORS_FEW];
};

static inline const struct floor *floors_items(const struct floors *floors)
{
    return floors->many ? floors->many : floors->few;
}

/* One life of a job under its id. */
struct run {
    uint64_t number; /* 0: not known, or told from answers */
    int64_t began_us;
    /* What it was restored from last, by facts. */
    int64_t restored_us; /* NOT_KNOWN_US: it was not */
    int64_t restored_id;
    const char *restored_path;
    int64_t older_trigger_ms; /* told from answers: triggers up to this one are of older runs */
    int64_t newest_trigger_ms, newest_restored_ms; /* in answers so far */
    struct checkpoint_record *records;             /* by id */
    size_t record_count, record_capacity;
    struct completion *completions; /* at_us and id both rise */
    size_t completion_count, completion_capacity;
    struct floors everyone;
    struct number_map floors_of; /* client -> index into per_client */
    struct floors *per_client;
    size_t client_count, client_capacity;
};

/* A call of the gateway. */
struct call {
    uint64_t fetch;
    enum path_kind kind;
    int64_t sent_us, taken_us, ended_us; /* NOT_KNOWN_US until then */
    uint64_t version;
    bool failed;
    const char *outcome; /* static */
    size_t job;
    size_t client; /* whose request had it made, as far as can be told */
    enum exchange_path path;
    bool asked_for; /* client and path mean something */
};

/* The last call of each kind that brought a version. */
struct brought {
    uint64_t version;
    struct call last[2]; /* by kind; ended_us NOT_KNOWN_US: none */
};

struct failure {
    int64_t sent_us, ended_us;
    const char *outcome;
};

struct call_tally {
    uint64_t sent, in_flight, succeeded;
    uint64_t in_flight_most;
    uint64_t over;   /* calls sent while as many as are allowed were in flight */
    int64_t over_us; /* the first of them */
    int64_t last_us; /* the last call was sent, of any outcome */
    int64_t busy_us; /* the call before the first of them was sent */
    int64_t first_sent_us, last_sent_us; /* of successful ones */
    int64_t first_success_us;            /* end of the first; NOT_KNOWN_US: none */
    struct failure *failures;
    size_t failure_count, failure_capacity;
    int64_t *success_us; /* graph: when each successful one was sent, in order */
    size_t success_count, success_capacity;
};

/* The last request of a kind that is waiting. */
struct waiter {
    int64_t sent_us;
    size_t client;
    enum exchange_path path;
};

/* What one read did to the verdicts, for reads that are bound to do the same. See
 * judge_repeats.c. */
struct repeat {
    uint64_t serial; /* 0: nothing remembered */
    uint64_t generation;
    int64_t bound_us;
    int64_t from_us, until_us; /* holds for requests sent from one on and before the other, */
    int64_t left_from_us;      /* and answers that left from here on */
    uint32_t tested, violated; /* whether one was accompanied is found out for each */
    enum property grows;       /* whose worst value grows while ...; PROPERTY_COUNT: nobody's */
    int64_t grows_from_us;     /* ... the answer stays the same; NOT_KNOWN_US: none */
    bool demanding;
    bool has_age;     /* its staleness is known; 0 unless it grows */
    int64_t shown_id; /* as ages go */
    bool tells_run;   /* which run it shows; then: */
    size_t shown_run;
    struct shown_state shown;
    size_t run;               /* of the path handed out */
    int64_t checkpoint;       /* 0: none was handed out */
    size_t age_run;           /* whose completions make it grow */
    uint64_t count;           /* reads not yet in the verdicts, */
    uint64_t overlapped;      /* as many of them overlapped another; the last of them: */
    int64_t sent_us, left_us; /* INT64_MIN: none */
    uint64_t seq;
    size_t client;
};

/* A list whose content agrees, or one that does not: see judge_twins.c. */
struct twin {
    bool is_known, is_direct;
    size_t job, run;
    uint64_t version;
};

/* How long one snapshot was shown: see judge_settings.c. */
struct kept {
    size_t run;
    uint64_t version; /* shown last */
    bool has_version;
    bool has_before; /* another one had been shown before it, last by a request sent then: */
    int64_t before_sent_us, sent_us; /* of the last request that got `version` */
};

/* The first error of a kind since statistics last succeeded (histories without calls). */
struct first_error {
    int64_t done_us; /* NOT_KNOWN_US: none */
    uint64_t seq;
    size_t client;
    int status;
    int64_t healthy_us; /* end of the first GET /jobs/:jobid after it that showed the job running */
    uint64_t healthy_seq;
    size_t healthy_client;
};

struct job_state {
    struct id id;
    char digits[ID_DIGITS + 1]; /* of its id, as in paths */
    const char *folder;         /* where a path of its own begins that holds its id; of a record */
    size_t folder_length;       /* up to the slash after that id; 0: none is known */
    char label[LABEL_MAX];
    uint32_t next_same_hash; /* UINT32_MAX: none */
    uint64_t generation;     /* rises when something changes that a repeated read could notice */
    bool known;              /* some fact or some good answer speaks of it */
    bool has_journal;        /* the origin's own facts of its checkpoints are fed */
    bool has_began;
    int64_t newest_began_us; /* the last instant at which a completion began */
    bool saw_discarded;      /* some answer marked a checkpoint so */
    bool saw_other_paths;    /* GET /jobs/:jobid, config or details were answered */
    int64_t known_from_us;   /* requests sent from here on may expect an answer; NOT_KNOWN_US */
    int64_t unknown_to_us;   /* a call sent up to here may have come before that */
    uint64_t known_seq;

    struct run *runs; /* the last one is the current one; never empty */
    size_t run_count, run_capacity;

    uint32_t waiting[PATH_KIND_COUNT];
    struct waiter waiter[PATH_KIND_COUNT];
    int64_t answered_us[PATH_KIND_COUNT]; /* end of the last exchange; INT64_MIN: none */
    struct call_tally calls[2];
    struct brought *brought;
    size_t brought_count, brought_capacity;
    bool answered_statistics; /* well: a list or details */
    uint64_t demanding;       /* requests that demanded less than the claim's age */

    struct first_error errors[ERROR_OTHER + 1];
    bool was_healthy; /* GET /jobs/:jobid showed it running */

    struct kept kept;
    struct twin sound; /* the last list whose content agreed */
    int64_t direct_us; /* end of the first answer from the origin's own address that showed ... */
    uint64_t direct_version; /* ... this or more; 0: none */
    struct repeat repeat;
    struct plain plain[EXCHANGE_PATH_COUNT];
    uint64_t clean_serial; /* of a list that nothing was wrong with; 0: none */
    size_t clean_run;      /* the current run at that time */
    bool clean_is_numeric; /* it put numeric-latest to the test */
};

struct client_state {
    char name[LABEL_MAX];
};

struct path_owner {
    const char *path;
    size_t job;
    uint32_t next_same_hash;
};

struct judge {
    struct claim claim;
    uint32_t lookers[ANSWER_KIND_COUNT]; /* claimed properties whose check looks at such answers, */
    uint32_t hearers[FACT_KIND_COUNT];   /* and those whose check hears of such facts */
    bool out_of_memory;
    int64_t horizon_us;  /* no request to come was sent before */
    bool has_calls;      /* call facts are fed */
    bool knows_requests; /* judge_sent() is used */
    bool used[2];        /* paths of that kind were answered */
    uint64_t generation; /* as a job's, for what concerns all jobs */
    size_t known_job_count;

    struct job_state *jobs;
    size_t job_count, job_capacity;
    struct number_map job_index;
    size_t recent_job;
    struct client_state *clients;
    size_t client_count, client_capacity;
    struct arena *paths; /* all that are remembered */
    struct path_owner *owners;
    size_t owner_count, owner_capacity;
    struct number_map owner_index;
    struct call *in_flight;
    size_t in_flight_count, in_flight_capacity;
    struct call ended; /* the call that a fact in the making is about */

    struct buffer *scratch;           /* with room for a duration: witnesses need no memory */
    int64_t first_us[PROPERTY_COUNT]; /* of the violation that the witness describes */
    struct staleness staleness;
    struct twin faulty[PROPERTY_COUNT]; /* described lists that no layer was found for so far */
    int64_t kept_at_least_us, kept_at_most_us; /* settings-honoured */
    /* Tested, violations, worst, witness so far. Last, for most of it is not even cleared. */
    struct property_verdict verdicts[PROPERTY_COUNT];
};

/* What does not belong into an answer. */
enum stranger_kind { STRANGER_NONE, STRANGER_JOB, STRANGER_RUN, STRANGER_CHECKPOINT };

struct stranger {
    enum stranger_kind kind;
    const struct job_state *owner; /* STRANGER_JOB */
    int64_t since_us;              /* STRANGER_RUN: its run was over from then on */
    const struct seen_checkpoint *entry;
};

/* One answer under the eyes of the checks. */
struct look {
    const struct exchange *exchange;
    const struct observation *seen; /* NULL when no answer came */
    struct job_state *job;
    struct run *current;
    struct run *run;      /* that the answer shows; NULL when it cannot be told */
    bool shows_older_run; /* a run before the current one */
    enum path_kind kind;
    uint64_t generation; /* of what was known when it began */
    uint64_t taught;     /* by how much it raised that itself, with what it shows */
    enum answer_kind answer;
    bool is_list, is_details; /* a good answer of that path */
    bool overlapped;          /* another request of the same path kind was under way */
    bool is_failure;          /* an error that only a failure of the JobManager can explain, */
    bool is_explained;        /* and a call that it waited for, or may have, failed meanwhile */
    int64_t bound_us;         /* that holds for this request */
    int64_t cutoff_us;        /* sent - bound */
    int64_t shown_id;         /* is_list: the latest completed; 0: none */
    bool is_clean; /* is_list: its content was looked at before, see absorb_known_content() */
    struct stranger stranger;
    int64_t oldest_run_over_us; /* of entries of runs long over, the first; NOT_KNOWN_US: none */
    uint64_t vouched_for;       /* is_list: bit i for history entries that need no look any more */

    /* Filled in by the checks. */
    uint32_t tested, violated;
    uint32_t described; /* violated, and the first of its property: this answer is its witness */
    bool same_again;    /* every check will find the same in another read of the same observation */
    int64_t from_us, until_us; /* ... sent from one on and before the other, */
    int64_t left_from_us;      /* ... and left from here on */
    enum property grows;
    int64_t grows_from_us;
    bool has_age;
    int64_t age_shown_id;
    const struct completion *missed; /* the first that it lacks; NULL: none */
};

/* What a fact changed. */
struct news {
    const struct fact *fact;
    struct job_state *job; /* NULL: FACT_ENTRIES */
    struct run *run;
    struct checkpoint_record *record; /* facts about a checkpoint; else NULL */
    const struct call *call;          /* facts about a call; else NULL */
};

/* A client's choice under the eyes of the checks. */
struct choice {
    const struct decision *decision;
    struct job_state *job;
    int64_t cutoff_us;                /* what had ended before had to be in the answer */
    struct checkpoint_record *record; /* of the job's that lies at the path; NULL: none */
    const struct run *run;            /* of that record */
};

#define HEARS(kind) (UINT32_C(1) << (kind))
_Static_assert(FACT_KIND_COUNT <= 32, "a bit for each kind of fact");

/*
 * One property's check. `look` is called for every answer that it looks at, `fact` for every fact that
 * it hears of, each after what the fact says (and before what the answer says) went into the state;
 * `decision` for every choice of a client; `conclude` at the end, on a copy of the verdict. All may
 * be NULL.
 */
struct check {
    enum property property;
    bool needs_calls;
    const char *untested; /* why a history that never put it to the test cannot decide it */
    void (*look)(struct judge *judge, struct look *look);
    uint32_t looks_at; /* at which answers: OF_...; with all others `look` would do nothing */
    void (*fact)(struct judge *judge, const struct news *news);
    uint32_t hears; /* what `fact` is told of: HEARS(FACT_...) of each kind */
    void (*decision)(struct judge *judge, const struct choice *choice);
    void (*conclude)(const struct judge *judge, struct property_verdict *verdict);
};

extern const struct check *const judge_checks[PROPERTY_COUNT];
extern const struct check check_fresh, check_bounded_age, check_no_phantom, check_monotonic;
extern const struct check check_dashboard_cached, check_isolated, check_minimal_fetch;
extern const struct check check_bounded_load;
extern const struct check check_no_kept_error, check_undisturbed, check_available;
extern const struct check check_right_job, check_consistent, check_numeric_latest;
extern const struct check check_live_path, check_restore_window, check_right_restore;
extern const struct check check_bounded_memory, check_settings_honoured, check_converges;

/* Takes the lowest member of a set of properties, of kinds of answers or of facts. */
static inline unsigned take_lowest(uint32_t *set)
{
    const unsigned lowest = (unsigned)__builtin_ctz(*set);
    *set &= *set - 1;
    return lowest;
}

/* judge.c: what checks report. A property counts at most once per answer. */
bool judge_claims(const struct judge *judge, enum property property);
void look_tested(struct judge *judge, struct look *look, enum property property);
/* The verdict to describe, when this is the first violation so far, by when its request was sent
 * (or by at_us); else NULL. */
struct property_verdict *look_violated(struct judge *judge, struct look *look,
                                       enum property property);
struct property_verdict *fact_violated(struct judge *judge, enum property property, int64_t at_us);
void look_until(struct look *look, int64_t until_us); /* a read sent then may turn out otherwise */
void look_from(struct look *look, int64_t from_us);   /* ... and so may one sent before this, */
void look_left_from(struct look *look, int64_t left_from_us); /* ... or one that left before this */
void judge_worst(struct judge *judge, enum property property, double value, const char *unit);
void judge_behind(struct judge *judge, enum property property, uint64_t behind);
void judge_worst_us(struct judge *judge, enum property property, int64_t us); /* in ms */

void verdict_raise_worst(struct property_verdict *verdict, double value, const char *unit);
void verdict_raise_behind(struct property_verdict *verdict, uint64_t behind);

/* judge_state.c: the memory of the judge. False or NULL: out of memory. */
void *vector_grow(void *items, size_t count, size_t *capacity, size_t item_size);
struct job_state *state_job(struct judge *judge, struct id id); /* found or made */
const struct job_state *state_find_job(const struct judge *judge, struct id id);
void state_free(struct judge *judge);
enum path_kind path_kind(enum exchange_path path);
bool state_remember_new_client(struct judge *judge, size_t client, const char *name);
static inline bool state_remember_client(struct judge *judge, size_t client, const char *name)
{
    const bool is_known = client < judge->client_count && judge->clients[client].name[0];
    return is_known || state_remember_new_client(judge, client, name);
}
bool state_know_job(struct judge *judge, struct job_state *job);
/* A new life, told from answers. Pointers to the job's runs are no longer good after it. */
struct run *job_add_run(struct job_state *job, int64_t began_us);
bool run_completed(struct job_state *job, struct run *run, const struct completion *completion);
struct run *job_current_run(const struct job_state *job);
struct checkpoint_record *run_find(const struct run *run, int64_t id);
struct checkpoint_record *run_record(struct run *run, int64_t id);
/* Keeps the one that left last. */
void record_hand_out(struct checkpoint_record *record, const struct hand_out *hand_out);
/* The record of what an answer shows: by id and trigger time, newest run first. */
struct checkpoint_record *job_find_shown(const struct job_state *job,
                                         const struct seen_checkpoint *shown, struct run **run);
bool state_fact(struct judge *judge, struct job_state *job, const struct fact *fact,
                struct news *news);

/* judge_absorb.c: what an answer adds to the memory, and which run it shows. */
bool absorb_run(struct judge *judge, struct look *look); /* sets look->run and look->current */
/*
 * What need not be looked at again. Entries of a list that an earlier list showed alike, of the
 * current run, and that nothing was wrong with, are most of every list; and a list with no others
 * is clean as a whole: when other clients are given the same, its content is only counted.
 */
void absorb_known_content(struct look *look);
/* When the answer left; where that is not known, it may have left as late as it arrived. */
int64_t look_shown_us(const struct look *look);
/* The checkpoint whose path is handed out as alive: of latest.completed, which is what clients
 * restore from. NULL: none that is known. */
struct checkpoint_record *look_handed_out(const struct look *look);
bool look_is_vouched_for(const struct look *look, size_t history_index);
bool absorb_answer(struct judge *judge, struct look *look);
const struct completion *first_completion_beyond(const struct run *run, int64_t id);
/* How many completions from this one on had ended before `sent_us`. */
uint64_t completions_until(const struct run *run, const struct completion *first, int64_t sent_us);

/* judge_repeats.c: reads that are bound to do the same as one before. */
void repeat_add(const struct job_state *job, struct property_verdict *verdicts,
                struct staleness *staleness);
void repeat_settle(struct judge *judge, struct job_state *job); /* something is about to change */
/* *own: what the client had seen, where it is compared with itself and was seen before. */
bool repeat_holds(const struct judge *judge, const struct job_state *job,
                  const struct exchange *exchange, struct floors **own);
bool repeat_count(struct judge *judge, struct job_state *job, const struct exchange *exchange,
                  struct floors *own);
void repeat_remember(struct judge *judge, struct look *look);
bool job_is_asked(const struct job_state *job, enum path_kind kind, int64_t sent_us);
bool demands_more(const struct judge *judge, const struct exchange *exchange);

/* judge_floors.c: what answers had shown by when. */
bool absorb_floors(struct judge *judge, struct look *look);
const struct floor *floor_before(const struct floors *floors, int64_t sent_us);
struct floors *client_floors(const struct run *run, size_t client); /* NULL: never read */
static inline bool floors_are_above(const struct floors *floors, const struct shown_state *shown)
{
    return shown->id < floors->top.id || shown->version < floors->top.version;
}
static inline bool floors_are_below(const struct floors *floors, const struct shown_state *shown)
{
    return floors->count == 0 || shown->id > floors->top.id || shown->version > floors->top.version;
}
struct floors *client_floors_make(struct run *run, size_t client); /* found or made */
/* By an answer that shows more of something than any before it. */
bool client_floor_raise(const struct judge *judge, struct floors *own,
                        const struct exchange *exchange, const struct shown_state *shown);
/* Behind one address there may be several caches: with an age allowed each client is compared with
 * itself, where it is known. */
static inline bool compares_client(const struct judge *judge, const struct exchange *exchange)
{
    return judge->claim.bound_us > 0 && exchange->client_index != SIZE_MAX;
}

/* judge_paths.c: who owns which checkpoint path. */
char *path_copy(struct judge *judge, const char *path); /* stays as long as the judge */
bool owner_add(struct judge *judge, const char *path, size_t job);
/* A record came to have a path. While there is one job nothing is registered: there is nobody to
 * mix it up with. What was left out is made up for before the second job is added. */
bool owner_add_record(struct judge *judge, const struct checkpoint_record *record, size_t job);
bool owners_become_many(struct judge *judge);
/* Another job that `path` belongs to; NULL: none, or this job has it as well. */
const struct job_state *owner_elsewhere(const struct judge *judge, const struct job_state *job,
                                        const char *path);

/* judge_fetches.c: calls of the gateway. */
bool fetch_fact(struct judge *judge, struct job_state *job, const struct fact *fact,
                struct news *news);
/* The call that the answer with this version most likely came from; NULL: not known. */
const struct call *fetch_of_version(const struct job_state *job, uint64_t version);
/* A call of that kind failed and ended within [from_us, to_us]. */
bool fetch_failed_within(const struct job_state *job, enum path_kind kind, int64_t from_us,
                         int64_t to_us);
/* True when checkpoint statistics of this job come out of execution graphs. */
bool fetch_statistics_from_graphs(const struct job_state *job);
/* The calls that answers of such a path come from. */
enum path_kind fetch_source_kind(const struct job_state *job, enum path_kind kind);
enum layer fetch_cache_layer(const struct job_state *job, enum path_kind kind);
/* Somebody in between had kept the answer since before then: Flink sends no `Age`, so who does
 * stands in between, and had it for that long (RFC 9111, section 5.1). */
bool fetch_is_aged(const struct look *look, int64_t since_us);
/* Which layer an answer with an old version came from; since: what it lacks was there by then. */
enum layer fetch_layer_of_old(const struct judge *judge, const struct look *look, int64_t since_us);

/* judge_twins.c: who spoiled the content of a list. */
bool look_lists_beyond_latest(const struct look *look);
enum layer look_layer_of_content(struct judge *judge, const struct look *look,
                                 enum property property);
void look_for_twin(struct judge *judge, struct look *look);

/* judge_restore.c: whose checkpoint a path is, of all jobs; NULL: nobody's that is known. */
const struct checkpoint_record *record_of_path(const struct judge *judge, const char *path);

/* judge_decisions.c: what a client decided, for all checks that have a look at it. */
void decision_look(struct judge *judge, struct job_state *job, const struct decision *decision);

/* judge_settings.c: a snapshot was shown though it was this old. */
void kept_at_least(struct judge *judge, int64_t age_us);

/* judge_errors.c: sets look->is_failure and look->is_explained, whatever is claimed. */
void look_for_failure(struct look *look);
bool look_is_cancelled(const struct look *look); /* because of another request, as it says */

/* judge_order.c: what a list lacks, and since when; whatever is claimed. */
void look_for_age(struct judge *judge, struct look *look);

/* judge_content.c: sets look->stranger, whatever is claimed: such an answer proves nothing. */
void look_for_stranger(const struct judge *judge, struct look *look);

/* witness.c */
const char *client_name(const struct judge *judge, size_t client);
const char *look_client(const struct judge *judge, const struct look *look);
void target_text(const struct judge *judge, const struct exchange *exchange, char text[TARGET_MAX]);
void path_text(const struct job_state *job, enum exchange_path path, char text[TARGET_MAX]);
void duration_text(const struct judge *judge, int64_t us, char text[LABEL_MAX]); /* "300.0 ms" */
void shown_text(int64_t id, char text[LABEL_MAX]); /* "10", or "none" */

/* Adds an event, keeping order of time; events at one instant stay in the order they were added.
 * Beyond WITNESS_EVENTS_MAX nothing is added. */
void witness_add(struct property_verdict *verdict, int64_t at_us, const char *who, uint64_t seq,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same for the event from which on the last one of the witness was wrong. */
void witness_since(struct property_verdict *verdict, int64_t at_us, const char *who, uint64_t seq,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));
void witness_cause(struct property_verdict *verdict, enum layer layer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Of what an answer lacks. */
void witness_completion(const struct judge *judge, const struct job_state *job,
                        const struct completion *completion, struct property_verdict *verdict);
/* "GET /jobs/J/checkpoints  answered 10, from the graph fetched at 100.0 ms", and that fetch. */
void witness_answer(const struct judge *judge, const struct look *look,
                    struct property_verdict *verdict);
/* When a checkpoint of the job completed, if that is known. */
void witness_checkpoint(const struct job_state *job, int64_t id, struct property_verdict *verdict);
/* One event makes no timeline: an answer that stands alone is told as a request and its answer. */
void witness_lone_answer(const struct judge *judge, const struct look *look,
                         struct property_verdict *verdict);
/* "GET /jobs/J  answered 500 cancelled" */
void witness_error(const struct judge *judge, const struct look *look,
                   struct property_verdict *verdict);

#endif
