#ifndef FRESHCHECK_HARNESS_RECORDING_RECORDING_INTERNAL_H
#define FRESHCHECK_HARNESS_RECORDING_RECORDING_INTERNAL_H

#include "harness/judge/history.h"
#include "harness/recording/bodies.h"
#include "harness/recording/digest_table.h"
#include "harness/recording/json_tree.h"
#include "harness/recording/line_reader.h"
#include "harness/recording/recording.h"

/* Each text once, with the index it was first given. */
struct text_pool {
    char **texts;
    size_t count, capacity;
    struct digest_table indices;
};

/* False when out of memory. */
bool text_pool_add(struct text_pool *pool, const char *text, size_t length, size_t *index);
void text_pool_free(struct text_pool *pool);

/* One exchange. What its answer says is in `body`, a counted reference: see exchange_release(). */
struct recorded_exchange {
    struct line_order order;
    int64_t sent_us;
    enum exchange_path path;
    struct id job;
    int64_t checkpoint;
    int64_t age_us; /* by `Age`; 0: nobody in between says that he kept it */
    bool has_age;   /* there is an `Age`, if only of 0 s: Flink sends none */
    int status;
    char *target;  /* owned */
    size_t client; /* in `clients`; SIZE_MAX: not known */
    struct read_body *body;
};

void exchange_release(struct recorded_exchange *exchange);

/* A checkpoint that some answer of the file shows as completed. */
struct recorded_completion {
    struct id job;
    int64_t checkpoint;
    int64_t trigger_ms, latest_ack_ms;
    char *path;              /* owned, or NULL */
    struct line_order shown; /* the first answer that showed it, by when it had arrived */
};

/* What is to be added to the clients' clock to get the cluster's: within both, as far as answers
 * tell. */
struct clock_offset {
    size_t answers;
    int64_t least_us, most_us;
};

/* A trigger operation that was done: its checkpoint was complete by then. */
struct recorded_trigger {
    struct id job;
    int64_t checkpoint, done_us;
};

struct recording {
    char *name;
    char *flink_version;
    struct settings settings;
    int64_t time0_us;  /* epoch */
    FILE *file;        /* owned; can be read again from `start` on */
    off_t start;       /* of the first line */
    size_t line_count; /* that can be used, the first one too */
    size_t exchange_count;
    bool is_damaged;
    int64_t newest_us;             /* the last moment at which an exchange ended */
    int64_t lateness_us;           /* lines come this long after a line that ended later, at most */
    int64_t longest_us;            /* that an exchange took */
    struct line_order latest_sent; /* by when it was sent */
    struct clock_offset clock;
    struct digest_table jobs;
    struct text_pool clients;
    struct recorded_completion *completions;
    size_t completion_count, completion_capacity;
    struct digest_table completion_indices;
    struct recorded_trigger *triggered;
    size_t triggered_count, triggered_capacity;
    struct bodies bodies;
    struct json_tree tree; /* of the line at hand */
};

/* Where the items are once there is room for one more; NULL when out of memory, then they are
 * where they were. */
void *recording_grow(void *items, size_t count, size_t *capacity, size_t item_size);

/* A line of nothing but white space. */
bool recording_line_is_blank(const char *bytes, size_t length);

/* What one line was. */
enum recording_line { LINE_EXCHANGE, LINE_OTHER, LINE_DAMAGED, LINE_NO_MEMORY };

/* What is to be said about a line, in static text. */
struct line_remark {
    const char *option;     /* the setting that `damage` is about; NULL: the line itself */
    const char *damage;     /* LINE_DAMAGED */
    const char *unreadable; /* LINE_EXCHANGE: the first of its kind is no answer to its request */
};

/* The first line. */
enum recording_line recording_take_header(struct recording *recording, const struct node *line,
                                          struct line_remark *remark);

/* Any later line: an exchange, which is then for the caller to release, or a note. */
enum recording_line recording_take_line(struct recording *recording, const struct node *line,
                                        size_t line_number, struct recorded_exchange *exchange,
                                        struct line_remark *remark);

/* What is known beside the exchange, for complaints. */
struct look_ahead {
    struct complaints *complaints;
    unsigned line_number;
};

/*
 * Takes from an exchange what must be known before any is judged. LINE_DAMAGED, after a complaint,
 * when neither it nor what comes after it can be judged.
 */
enum recording_line recording_look_ahead(struct recording *recording,
                                         const struct recorded_exchange *exchange,
                                         const struct look_ahead *look);

/* How long after a checkpoint's last acknowledgement its completion has certainly ended: the
 * JobManager writes metadata and drops older checkpoints first. Up to 51 ms were seen. */
enum { RECORDING_MARGIN_US = 250 * 1000 };

/* Complains about a version whose claim has to be guessed. */
void recording_tell_version(const struct recording *recording, struct complaints *complaints);

/* Clocks that agree to this are within the margin for finalisation. */
enum { CLOCK_ERROR_MAX_US = 50 * 1000 };

void recording_note_clock(struct recording *recording, const struct recorded_exchange *exchange);

/* What is added to times inside answers before they count against a read, and why. */
int64_t recording_margin_us(const struct recording *recording);
void recording_tell_margin(const struct recording *recording, const struct claim *claim,
                           struct margin *margin);

/* Complains about clocks that do not. */
void recording_tell_clock(const struct recording *recording, struct complaints *complaints);

/* Takes from an exchange which completions it proves. False when out of memory. */
bool recording_conclude(struct recording *recording, const struct recorded_exchange *exchange);

/* The place of a checkpoint among the completions; false when no answer showed it so far. */
bool recording_find_completion(const struct recording *recording, struct id job, int64_t checkpoint,
                               size_t *index);

/* Exchanges that wait until no earlier one can come any more. Starts as {0}. */
struct waiting {
    struct recorded_exchange *items; /* a heap */
    size_t count, capacity;
};

bool waiting_put(struct waiting *waiting, const struct recorded_exchange *exchange);
const struct recorded_exchange *waiting_first(const struct waiting *waiting); /* NULL: none */
struct recorded_exchange waiting_take(struct waiting *waiting);               /* the first */
void waiting_free(struct waiting *waiting);

/*
 * Reads the recording again: each exchange in order of completion, borrowed. A visit that returns
 * false, for lack of memory, ends it. NULL, or why not all were visited: one of the two texts.
 */
typedef bool recording_visit(void *context, const struct recorded_exchange *exchange);
const char *recording_each(struct recording *recording, recording_visit *visit, void *context);
extern const char recording_no_memory[], recording_changed[];

/* What hears a recording as the judge does: facts and exchanges in the judge's order. Functions
 * return false when they ran out of memory. */
struct history_ear {
    void *context;
    bool (*fact)(void *context, const struct fact *fact);
    bool (*exchange)(void *context, const struct recorded_exchange *recorded,
                     const struct exchange *exchange);
};

/* Reads the recording again; NULL, or why not all was told, as recording_each(). */
const char *recording_as_history(struct recording *recording, const struct claim *claim,
                                 const struct history_ear *ear);

/* A completion's last acknowledgement, since time 0; INT64_MAX when that is no time. */
int64_t recording_ack_us(const struct recording *recording,
                         const struct recorded_completion *completion);

/* When a completion is taken to have ended: the margin after its last acknowledgement, or the
 * arrival of the first answer that showed it, whichever was earlier. */
int64_t recording_complete_us(const struct recording *recording,
                              const struct recorded_completion *completion, int64_t margin_us);

/* Whether one cache served statistics and execution graphs. */
bool recording_shares_cache(const struct recording *recording);

/* How old answers should have been; see recording_expected.c. */
struct expectation;
struct expectation *expectation_new(const struct recording *recording, /* NULL: out of memory */
                                    const struct claim *claim);
void expectation_free(struct expectation *expectation);
void expectation_add(struct expectation *expectation, const struct recorded_exchange *exchange);
void expectation_conclude(const struct expectation *expectation,
                          struct expected_staleness *expected);

/* How far reads are behind; see recording_lag.c. */
struct lag;
struct lag *lag_new(const struct recording *recording); /* NULL: out of memory */
void lag_free(struct lag *lag);
void lag_add(struct lag *lag, const struct recorded_exchange *read);

/* The largest lag of any read of checkpoint statistics; -1 when there was no read, or nothing to
 * be behind. */
int64_t lag_worst_us(const struct lag *lag);
/* How many checkpoints newer than the one shown had their last acknowledgement by then, at most. */
uint64_t lag_worst_behind(const struct lag *lag);

#endif
