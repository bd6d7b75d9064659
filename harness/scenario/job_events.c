#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* What happens to a job, and when: "at 90 ms: completes 10". */

enum { DEFAULT_DOWN_TIME_US = 100000 };

/* What may follow the words of a phrase. */
enum {
    TAKES_ID = 1,   /* "completes 10" */
    NEXT_ID = 2,    /* "completes": the next one */
    AS_TYPE = 4,    /* "as savepoint" */
    TAKING = 8,     /* "taking 50 ms" */
    DURABLE = 16,   /* "durable 50 ms later" */
    BECAUSE = 32,   /* "because disk is full" */
    FOR_TIME = 64,  /* "for 200 ms" */
    FROM_PATH = 128 /* "from file:/chk-9" */
};

struct job_phrase {
    const char *words;
    enum job_event_kind kind;
    unsigned follows;
};

/* Of two that begin alike the longer comes first; "fails" with a number is a checkpoint's. */
static const struct job_phrase job_phrases[] = {
    {"initializes", JOB_EVENT_INITIALIZES, 0},
    {"runs", JOB_EVENT_RUNS, 0},
    {"triggers", JOB_EVENT_TRIGGERS, TAKES_ID | NEXT_ID | AS_TYPE},
    {"acknowledges", JOB_EVENT_ACKNOWLEDGES, TAKES_ID},
    {"completes", JOB_EVENT_COMPLETES, TAKES_ID | NEXT_ID | AS_TYPE | TAKING | DURABLE},
    {"fails to trigger", JOB_EVENT_FAILS_TO_TRIGGER, 0},
    {"fails over", JOB_EVENT_FAILS_OVER, 0},
    {"fails", JOB_EVENT_FAILS, 0},
    {"discards", JOB_EVENT_DISCARDS, TAKES_ID},
    {"restarts", JOB_EVENT_RESTARTS, FOR_TIME},
    {"rescales", JOB_EVENT_RESCALES, 0},
    {"starts over", JOB_EVENT_STARTS_OVER, 0},
    {"restores", JOB_EVENT_RESTORES, TAKES_ID | FROM_PATH},
    {"finishes", JOB_EVENT_FINISHES, 0},
    {"is cancelled", JOB_EVENT_IS_CANCELLED, 0},
};

static const struct job_phrase failing_checkpoint = {"fails", JOB_EVENT_FAILS_CHECKPOINT,
                                                     TAKES_ID | AS_TYPE | TAKING | BECAUSE};

enum { JOB_PHRASE_COUNT = sizeof(job_phrases) / sizeof(job_phrases[0]) };

static const struct {
    const char *words;
    enum checkpoint_type type;
} type_phrases[] = {
    {"savepoint", CHECKPOINT_SAVEPOINT},
    {"stop-savepoint", CHECKPOINT_SYNC_SAVEPOINT},
    {"unaligned checkpoint", CHECKPOINT_UNALIGNED},
    {"checkpoint", CHECKPOINT_ALIGNED},
};

static void read_type(struct phrase *phrase, enum checkpoint_type *type)
{
    for (size_t i = 0; i < sizeof(type_phrases) / sizeof(type_phrases[0]); i++) {
        if (phrase_words(phrase, type_phrases[i].words)) {
            *type = type_phrases[i].type;
            return;
        }
    }
    if (!phrase->wrong)
        complain(phrase->loader, phrase_place(phrase),
                 "expected `savepoint`, `stop-savepoint`, `unaligned checkpoint` or `checkpoint`");
    phrase->wrong = true;
}

static const struct job_phrase *find_phrase(struct phrase *phrase)
{
    for (size_t i = 0; i < JOB_PHRASE_COUNT; i++) {
        const struct job_phrase *found = &job_phrases[i];
        if (!phrase_words(phrase, found->words))
            continue;
        if (found->kind == JOB_EVENT_FAILS && phrase_number_follows(phrase))
            return &failing_checkpoint;
        return found;
    }
    const char *names[JOB_PHRASE_COUNT];
    for (size_t i = 0; i < JOB_PHRASE_COUNT; i++)
        names[i] = job_phrases[i].words;
    size_t length = strlen(phrase->rest);
    size_t compared = length;
    if (!nearest_name(phrase->loader, phrase->rest, length, names, JOB_PHRASE_COUNT))
        compared = strcspn(phrase->rest, " "); /* its verb may be near, whatever follows it */
    complain(phrase->loader, phrase_place(phrase), "%s is nothing that a job does%s",
             shown(phrase->loader, phrase->rest, length),
             suggestion(phrase->loader, phrase->rest, compared, names, JOB_PHRASE_COUNT));
    return NULL;
}

/* The optional parts, each at most once, in any order; BECAUSE and FROM_PATH take all the rest. */
static void read_parts(struct phrase *phrase, unsigned follows, struct planned_event *planned)
{
    struct job_event *event = &planned->event;
    while (!phrase_at_end(phrase)) {
        if ((follows & AS_TYPE) && phrase_words(phrase, "as")) {
            follows &= ~(unsigned)AS_TYPE;
            read_type(phrase, &event->type);
        } else if ((follows & TAKING) && phrase_words(phrase, "taking")) {
            follows &= ~(unsigned)TAKING;
            planned->takes_given = true;
            phrase_want_duration(phrase, &event->takes_us);
        } else if ((follows & DURABLE) && phrase_words(phrase, "durable")) {
            follows &= ~(unsigned)DURABLE;
            phrase_want_duration(phrase, &event->durable_after_us);
            phrase_want_words(phrase, "later");
        } else if ((follows & FOR_TIME) && phrase_words(phrase, "for")) {
            follows &= ~(unsigned)FOR_TIME;
            planned->takes_given = true;
            phrase_want_duration(phrase, &event->takes_us);
        } else if ((follows & BECAUSE) && phrase_words(phrase, "because")) {
            event->message = phrase_want_rest(phrase, "a reason");
        } else if ((follows & FROM_PATH) && phrase_words(phrase, "from")) {
            event->path = phrase_want_rest(phrase, "a path");
        } else {
            break;
        }
    }
}

static void add_event(struct loader *loader, const struct planned_event *planned)
{
    if (!count_planned(loader, planned->node))
        return;
    struct planned_event *events = arena_grow(loader->scratch, loader->events, loader->event_count,
                                              &loader->event_capacity, sizeof(*events));
    if (!events)
        return;
    loader->events = events;
    events[loader->event_count] = *planned;
    events[loader->event_count].order = loader->event_count;
    loader->event_count++;
    const struct job_event *event = &planned->event;
    int64_t down_us = event->kind == JOB_EVENT_RESTARTS ? event->takes_us : 0;
    note_planned(loader, event->at_us, planned->node->at);
    note_time(loader, event->at_us + down_us + event->durable_after_us);
}

struct event_context {
    size_t job;
    int64_t at_us;
};

static void note_first(struct job_draft *draft, const struct job_event *event)
{
    if (draft->has_events && draft->first_at_us <= event->at_us)
        return;
    draft->has_events = true;
    draft->first_at_us = event->at_us;
    draft->first_kind = event->kind;
}

static void read_event(struct loader *loader, const struct node *node, void *context)
{
    const struct event_context *where = context;
    struct planned_event planned = {
        .node = node,
        .event = {.at_us = where->at_us, .job = where->job, .type = CHECKPOINT_ALIGNED},
    };
    struct phrase phrase;
    phrase_begin(&phrase, loader, node);
    const struct job_phrase *found = find_phrase(&phrase);
    if (!found)
        return;
    planned.event.kind = found->kind;
    if (found->kind == JOB_EVENT_RESTARTS)
        planned.event.takes_us = DEFAULT_DOWN_TIME_US;
    bool next_one = (found->follows & NEXT_ID) && !phrase_number_follows(&phrase);
    if ((found->follows & TAKES_ID) && !next_one)
        phrase_want_id(&phrase, &planned.event.checkpoint);
    read_parts(&phrase, found->follows, &planned);
    if (!phrase_end(&phrase))
        return;
    note_first(&loader->drafts[where->job], &planned.event);
    add_event(loader, &planned);
}

bool job_events_read(struct loader *loader, const struct node *child, size_t job)
{
    struct event_context where = {.job = job};
    if (!key_is_time(child->key))
        return false;
    if (key_time(loader, child->key, &where.at_us))
        phrases_each(loader, child, read_event, &where);
    return true;
}
