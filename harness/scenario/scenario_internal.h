#ifndef FRESHCHECK_HARNESS_SCENARIO_SCENARIO_INTERNAL_H
#define FRESHCHECK_HARNESS_SCENARIO_SCENARIO_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/place.h"
#include "base/arena.h"
#include "harness/scenario/scenario.h"

/*
 * The way of a scenario: text -> nodes with places (document.c) -> values (values.c) and phrases
 * (phrases.c) -> jobs, clients, claims -> what only the whole can tell (lifecycle.c, scenario.c)
 * -> plan. Readers complain and go on, so that one run shows everything there is to mend.
 */

/* What a file may hold at most. Written by hand it stays far below; a hostile one is refused. */
enum {
    FILE_BYTES_MAX = 1024 * 1024,
    NESTING_MAX = 32,
    PLANNED_MAX = 100 * 1000, /* events of jobs and steps of clients together */
    JOBS_MAX = 1000,
    VERTICES_MAX = 64,
    PARALLELISM_MAX = 100 * 1000,
    CLIENT_COPIES_MAX = 10 * 1000,
    RHYTHM_TRIGGERS_MAX = 1000 * 1000, /* of one job's rhythm */
    SHARE_MAX = 1000,                  /* of what a poller asks */
    POLLS_MAX = 10 * 1000 * 1000,      /* of one client entry, all copies together */
    COMPLAINTS_MAX = 100,
    NAME_LENGTH_MAX = 24 /* a witness shows 31 characters, and copies add "-10000" */
};

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

#define NOT_VERBATIM SIZE_MAX

struct node {
    enum node_kind kind;
    size_t at;          /* byte offset of its start in the file */
    size_t verbatim_at; /* TEXT: where the file has it letter by letter, or NOT_VERBATIM */
    const char *text;   /* TEXT: NUL-terminated, no NUL inside */
    size_t length;
    struct node *key;          /* set when the parent is a map */
    struct node *first, *last; /* LIST, MAP */
    struct node *next;
    size_t count;
};

/* An event of a job or a step of a client, before all are put in order of time. */
struct planned_event {
    struct job_event event;
    const struct node *node;
    size_t order; /* in the file */
    bool takes_given;
};

struct job_draft {
    const struct node *node;
    bool exists_given, exists_later;
    bool moved_to;       /* a migration starts it */
    bool triggered;      /* a client triggers checkpoints: their ids are not known beforehand */
    int64_t first_at_us; /* of its first event */
    enum job_event_kind first_kind;
    bool has_events;
};

struct loader {
    const char *text; /* without byte order mark */
    size_t length;
    struct complaints *complaints;
    size_t complaint_count;
    const char *const *implementations;
    size_t implementation_count;
    const struct configuration_line *given_options; /* go before the scenario's own */
    size_t given_option_count;
    uint64_t salt;         /* what the ids of jobs begin with that are given none */
    struct arena *kept;    /* the plan's */
    struct arena *scratch; /* the loader's */
    bool no_memory;        /* other than of the arenas, which know it themselves */
    struct plan *plan;
    struct configuration_line *options; /* kept; the plan's */

    struct job_plan *jobs; /* kept; those of the plan while they are made */
    struct job_draft *drafts;
    const char **job_names;
    size_t job_count, job_capacity;

    struct planned_event *events; /* scratch */
    size_t event_count, event_capacity;
    size_t planned_count;        /* events and steps */
    struct client_plan *clients; /* kept */
    const struct node **client_nodes;
    size_t client_count;

    int64_t ends_us; /* INT64_MAX when the scenario does not say */
    int64_t last_us; /* the last planned thing */
};

/* --- complaints ------------------------------------------------------------------------ */

void complain(struct loader *loader, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Line and column of an offset, both from 1; the column in characters, not bytes. */
struct text_place place_of(const struct loader *loader, size_t at);

/* What a complaint shows of a text: in backquotes, short, printable. Never NULL. */
const char *shown(struct loader *loader, const char *text, size_t length);
const char *shown_node(struct loader *loader, const struct node *node); /* "a list", "`5 sm`" */

/* The name that a mistyped one may have meant; NULL when none is near. */
const char *nearest_name(struct loader *loader, const char *text, size_t length,
                         const char *const *names, size_t count);

/* "; did you mean `x`?", or "; expected one of `x`, `y`" when no name is near. Never NULL. */
const char *suggestion(struct loader *loader, const char *text, size_t length,
                       const char *const *names, size_t count);

/* --- document.c ------------------------------------------------------------------------ */

/* The top of the document; NULL after a complaint or when out of memory. */
struct node *document_read(struct loader *loader);

/* --- values.c -------------------------------------------------------------------------- */

enum value_kind {
    VALUE_NODE,     /* not read: the caller finds it among the given ones */
    VALUE_DURATION, /* int64_t us, 0 or more */
    VALUE_PERIOD,   /* int64_t us, 1 ms or more */
    VALUE_COUNT,    /* int64_t, 1 or more */
    VALUE_SIZE,     /* int64_t bytes */
    VALUE_PERCENT,  /* uint32_t per million */
    VALUE_TEXT,     /* const char *, kept, blanks and line ends folded to one blank */
    VALUE_JOB       /* size_t */
};

struct field {
    const char *name;
    enum value_kind kind;
    size_t offset; /* into the target */
};

enum { FIELDS_MAX = 24 };

/* What a map may hold. */
struct shape {
    const char *what; /* "a fault" */
    const char *also; /* what its other keys look like, for complaints; NULL: no other keys */
    const struct field *fields;
    size_t count;
    /* Reads a key that is none of the fields; false when it does not know it either. */
    bool (*other)(struct loader *loader, const struct node *child, void *context);
};

/*
 * Reads a map into `target`; given[i] is the value of fields[i], or NULL when it is not there.
 * `context` goes to shape->other. False when the node is no map.
 */
bool map_read(struct loader *loader, const struct node *node, const struct shape *shape,
              void *target, const struct node *given[FIELDS_MAX], void *context);

bool value_read(struct loader *loader, const struct node *node, enum value_kind kind, void *out);
bool is_text(struct loader *loader, const struct node *node, const char *expected);
bool name_is_usable(struct loader *loader, const struct node *key, const char *what);
/* The place of a text in a list of texts; complains of "`x` is not WHAT" when it is not there. */
bool name_find(struct loader *loader, const struct node *node, const char *what,
               const char *const *names, size_t count, size_t *index);
bool plan_job_find(struct loader *loader, const char *name, size_t length, size_t at, size_t *job);

/* Reads "1.5 s" at `text`; returns what follows it, or NULL. */
const char *duration_read(const char *text, int64_t *us);

/* --- phrases.c ------------------------------------------------------------------------- */

/* A text that is read word by word. */
struct phrase {
    struct loader *loader;
    const struct node *node;
    const char *rest;
    bool wrong; /* a complaint was made: nothing more is read */
};

void phrase_begin(struct phrase *phrase, struct loader *loader, const struct node *node);
size_t phrase_place(const struct phrase *phrase); /* offset in the file, for complaints */
bool phrase_words(struct phrase *phrase, const char *words); /* takes them when they come next */
bool phrase_at_end(struct phrase *phrase);
bool phrase_number_follows(struct phrase *phrase);
void phrase_want_id(struct phrase *phrase, int64_t *id);
void phrase_want_duration(struct phrase *phrase, int64_t *us);
void phrase_want_job(struct phrase *phrase, size_t *job);
void phrase_want_words(struct phrase *phrase, const char *words);
const char *phrase_want_rest(struct phrase *phrase, const char *expected); /* kept text */
bool phrase_end(struct phrase *phrase); /* complains of what is left; true when all was right */

/* "at 90 ms" as a key; complains and returns false when it begins with `at` and is wrong. */
bool key_is_time(const struct node *key);
bool key_time(struct loader *loader, const struct node *key, int64_t *at_us);

/* Calls `read` for a phrase, or for each of a list of phrases. */
void phrases_each(struct loader *loader, const struct node *value,
                  void (*read)(struct loader *loader, const struct node *node, void *context),
                  void *context);

/* One more event or step; false when there are too many (with a complaint, once). */
bool count_planned(struct loader *loader, const struct node *node);

/* --- the parts of a scenario ------------------------------------------------------------ */

void job_names_read(struct loader *loader, const struct node *node);
void jobmanager_read(struct loader *loader, const struct node *node);
/* Of a key that is a time; false, and nothing is read, when it is none. */
bool job_events_read(struct loader *loader, const struct node *child, size_t job);
void faults_read(struct loader *loader, const struct node *node);
void lifecycle_check(struct loader *loader); /* after clients are known; orders loader->events */
void clients_read(struct loader *loader, const struct node *node);
void clients_finish(struct loader *loader); /* after the end is known */
void origin_needs_find(struct loader *loader);
void claims_read(struct loader *loader, const struct node *node);
void expectations_read(struct loader *loader, const struct node *node);
void museum_read(struct loader *loader, const struct node *node);

/* Something goes on until `at_us`; INT64_MAX: for good, which ends nothing. */
static inline void note_time(struct loader *loader, int64_t at_us)
{
    if (at_us > loader->last_us && at_us != INT64_MAX)
        loader->last_us = at_us;
}

/* Something is planned at `at_us`, and said so at `place`. */
static inline void note_planned(struct loader *loader, int64_t at_us, size_t place)
{
    if (at_us > loader->ends_us)
        complain(loader, place, "this is planned for later than `ends`");
    note_time(loader, at_us);
}

#endif
