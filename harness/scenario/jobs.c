#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* `jobmanager:` apart from faults: jobs, what happens to them, and how far away they are. */

enum { DEFAULT_LATENCY_US = 1000, DEFAULT_DOWN_TIME_US = 100000 };

/* --- phrases of a job ------------------------------------------------------------------- */

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

/* --- a job's attributes ----------------------------------------------------------------- */

struct rhythm_draft {
    struct job_rhythm rhythm;
    int64_t concurrent;
};

#define RHYTHM(member) (offsetof(struct rhythm_draft, rhythm) + offsetof(struct job_rhythm, member))

static const struct field rhythm_fields[] = {
    {"every", VALUE_PERIOD, RHYTHM(interval_us)},
    {"first", VALUE_DURATION, RHYTHM(first_us)},
    {"jitter", VALUE_DURATION, RHYTHM(jitter_us)},
    {"takes", VALUE_DURATION, RHYTHM(takes_us)},
    {"takes jitter", VALUE_DURATION, RHYTHM(takes_jitter_us)},
    {"concurrent", VALUE_COUNT, offsetof(struct rhythm_draft, concurrent)},
    {"failures", VALUE_PERCENT, RHYTHM(checkpoint_failure_ppm)},
    {"trigger failures", VALUE_PERCENT, RHYTHM(trigger_failure_ppm)},
    {"savepoints", VALUE_PERCENT, RHYTHM(savepoint_ppm)},
    {"restarts", VALUE_PERCENT, RHYTHM(restart_ppm)},
    {"rescales", VALUE_PERCENT, RHYTHM(rescale_ppm)},
    {"failovers", VALUE_PERCENT, RHYTHM(failover_ppm)},
    {"until", VALUE_DURATION, RHYTHM(ends_us)},
};
enum { RHYTHM_EVERY = 0, RHYTHM_FIRST = 1, RHYTHM_CONCURRENT = 5 };

static const struct shape rhythm_shape = {
    .what = "`checkpoints`",
    .fields = rhythm_fields,
    .count = sizeof(rhythm_fields) / sizeof(rhythm_fields[0]),
};

static void read_rhythm(struct loader *loader, const struct node *node, struct job_rhythm *rhythm)
{
    const struct node *given[FIELDS_MAX];
    struct rhythm_draft draft = {.rhythm = {.ends_us = INT64_MAX}, .concurrent = 1};
    if (!map_read(loader, node, &rhythm_shape, &draft, given, NULL))
        return;
    if (!given[RHYTHM_EVERY]) {
        complain(loader, node->at, "`checkpoints` needs `every`, the time between two triggers");
        return;
    }
    if (given[RHYTHM_CONCURRENT] && draft.concurrent > 1000)
        complain(loader, given[RHYTHM_CONCURRENT]->at, "at most 1000 checkpoints at a time");
    if (!given[RHYTHM_FIRST])
        draft.rhythm.first_us = draft.rhythm.interval_us;
    note_time(loader, draft.rhythm.ends_us);
    *rhythm = draft.rhythm;
    rhythm->concurrent_max = (int32_t)draft.concurrent;
}

static struct id numbered_id(uint64_t salt, uint64_t base, uint64_t number)
{
    return (struct id){.high = salt, .low = base + number};
}

/* One vertex; false when there are too many. */
static void read_vertex(struct loader *loader, const struct node *child, size_t job, size_t index,
                        struct job_vertex *vertex)
{
    int64_t parallelism = 1;
    if (!name_is_usable(loader, child->key, "a vertex") ||
        !value_read(loader, child, VALUE_COUNT, &parallelism))
        return;
    if (parallelism > PARALLELISM_MAX) {
        complain(loader, child->at, "a parallelism is at most %d", PARALLELISM_MAX);
        return;
    }
    vertex->id = numbered_id(0, UINT64_C(0xb0000000), job * 256 + index);
    vertex->name = arena_text(loader->kept, child->key->text, child->key->length);
    vertex->parallelism = (int32_t)parallelism;
}

static void read_vertices(struct loader *loader, const struct node *node, size_t job)
{
    if (node->kind != NODE_MAP || node->count == 0) {
        complain(loader, node->at,
                 "expected vertices with their parallelism, such as "
                 "{source: 1, sink: 2}; found %s",
                 node->kind == NODE_MAP ? "an empty mapping" : shown_node(loader, node));
        return;
    }
    if (node->count > VERTICES_MAX) {
        complain(loader, node->at, "a job has at most %d vertices", VERTICES_MAX);
        return;
    }
    struct job_vertex *vertices = arena_zeroed(loader->kept, node->count, sizeof(*vertices));
    if (!vertices)
        return;
    size_t index = 0;
    for (const struct node *child = node->first; child; child = child->next, index++)
        read_vertex(loader, child, job, index, &vertices[index]);
    loader->jobs[job].vertices = vertices;
    loader->jobs[job].vertex_count = index;
}

static void default_vertices(struct loader *loader, size_t job)
{
    static const struct {
        const char *name;
        int32_t parallelism;
    } usual[] = {{"source", 1}, {"sink", 2}};
    struct job_vertex *vertices = arena_zeroed(loader->kept, 2, sizeof(*vertices));
    if (!vertices)
        return;
    for (size_t i = 0; i < 2; i++)
        vertices[i] = (struct job_vertex){
            .id = numbered_id(0, UINT64_C(0xb0000000), job * 256 + i),
            .name = usual[i].name,
            .parallelism = usual[i].parallelism,
        };
    loader->jobs[job].vertices = vertices;
    loader->jobs[job].vertex_count = 2;
}

static void read_id(struct loader *loader, const struct node *node, size_t job)
{
    struct id *id = &loader->jobs[job].id;
    if (!is_text(loader, node, "an id of 32 hexadecimal digits"))
        return;
    if (!id_parse(node->text, node->length, id)) {
        complain(loader, node->at, "expected an id of 32 hexadecimal digits, found %s",
                 shown_node(loader, node));
        return;
    }
    for (size_t i = 0; i < loader->job_count; i++)
        if (i != job && id_equal(loader->jobs[i].id, *id))
            complain(loader, node->at, "job `%s` has this id already", loader->job_names[i]);
}

static void read_exists(struct loader *loader, const struct node *node, struct job_draft *draft)
{
    if (!is_text(loader, node, "`later` or `at the start`"))
        return;
    draft->exists_given = true;
    if (strcmp(node->text, "later") == 0)
        draft->exists_later = true;
    else if (strcmp(node->text, "at the start") != 0)
        complain(loader, node->at, "expected `later` or `at the start`, found %s",
                 shown_node(loader, node));
}

static void read_checkpointing(struct loader *loader, const struct node *node, bool *checkpointing)
{
    if (!is_text(loader, node, "`yes` or `no`"))
        return;
    if (strcmp(node->text, "yes") != 0 && strcmp(node->text, "no") != 0)
        complain(loader, node->at, "expected `yes` or `no`, found %s", shown_node(loader, node));
    *checkpointing = strcmp(node->text, "no") != 0;
}

static const struct field job_fields[] = {
    {"exists", VALUE_NODE, 0},
    {"id", VALUE_NODE, 0},
    {"checkpointing", VALUE_NODE, 0},
    {"vertices", VALUE_NODE, 0},
    {"checkpoints", VALUE_NODE, 0},
    {"directory", VALUE_TEXT, offsetof(struct job_plan, directory)},
    {"state size", VALUE_SIZE, offsetof(struct job_plan, state_size)},
    {"first checkpoint", VALUE_COUNT, offsetof(struct job_plan, first_checkpoint_id)},
};
enum { JOB_EXISTS, JOB_ID, JOB_CHECKPOINTING, JOB_VERTICES, JOB_CHECKPOINTS };

static bool read_time_of_job(struct loader *loader, const struct node *child, void *context)
{
    struct event_context *where = context;
    if (!key_is_time(child->key))
        return false;
    if (key_time(loader, child->key, &where->at_us))
        phrases_each(loader, child, read_event, where);
    return true;
}

static const struct shape job_shape = {
    .what = "a job",
    .also = "`at 90 ms: completes 10`",
    .fields = job_fields,
    .count = sizeof(job_fields) / sizeof(job_fields[0]),
    .other = read_time_of_job,
};

static void read_job(struct loader *loader, const struct node *node, size_t job)
{
    const struct node *given[FIELDS_MAX];
    struct job_plan *plan = &loader->jobs[job];
    struct job_draft *draft = &loader->drafts[job];
    struct event_context where = {.job = job};
    if (!map_read(loader, node, &job_shape, plan, given, &where))
        return;
    if (given[JOB_EXISTS])
        read_exists(loader, given[JOB_EXISTS], draft);
    if (given[JOB_ID])
        read_id(loader, given[JOB_ID], job);
    if (given[JOB_CHECKPOINTING])
        read_checkpointing(loader, given[JOB_CHECKPOINTING], &plan->checkpointing);
    if (plan->directory && strcmp(plan->directory, "none") == 0)
        plan->directory = "";
    if (given[JOB_VERTICES])
        read_vertices(loader, given[JOB_VERTICES], job);
    else
        default_vertices(loader, job);
    if (given[JOB_CHECKPOINTS])
        read_rhythm(loader, given[JOB_CHECKPOINTS], &plan->rhythm);
    bool begins_here = draft->has_events && (draft->first_kind == JOB_EVENT_INITIALIZES ||
                                             draft->first_kind == JOB_EVENT_RUNS);
    if (begins_here && !draft->exists_given)
        draft->exists_later = true;
    plan->exists_at_start = !draft->exists_later;
}

/* --- the JobManager --------------------------------------------------------------------- */

static const struct field latency_fields[] = {
    {"out", VALUE_DURATION, offsetof(struct plan, call_out_us)},
    {"back", VALUE_DURATION, offsetof(struct plan, call_back_us)},
};

static const struct shape latency_shape = {
    .what = "`latency`",
    .fields = latency_fields,
    .count = 2,
};

static void read_latency(struct loader *loader, const struct node *node)
{
    loader->plan->latency_given = true;
    if (node->kind != NODE_TEXT) {
        const struct node *given[FIELDS_MAX];
        map_read(loader, node, &latency_shape, loader->plan, given, NULL);
        return;
    }
    if (value_read(loader, node, VALUE_DURATION, &loader->plan->call_out_us))
        loader->plan->call_back_us = loader->plan->call_out_us;
}

static void read_announce_gap(struct loader *loader, const struct node *node)
{
    value_read(loader, node, VALUE_DURATION, &loader->plan->announce_gap_us);
}

static const struct {
    const char *name;
    void (*read)(struct loader *loader, const struct node *node);
} reserved[] = {
    {"latency", read_latency},
    {"announce gap", read_announce_gap},
    {"faults", faults_read},
};

enum { RESERVED_COUNT = sizeof(reserved) / sizeof(reserved[0]) };

static size_t find_reserved(const char *key)
{
    size_t i = 0;
    while (i < RESERVED_COUNT && strcmp(reserved[i].name, key) != 0)
        i++;
    return i;
}

static bool usable_job(struct loader *loader, const struct node *child)
{
    if (child->kind == NODE_MAP)
        return name_is_usable(loader, child->key, "a job");
    const char *names[RESERVED_COUNT];
    for (size_t i = 0; i < RESERVED_COUNT; i++)
        names[i] = reserved[i].name;
    const char *near =
        nearest_name(loader, child->key->text, child->key->length, names, RESERVED_COUNT);
    if (near)
        complain(loader, child->key->at, "`jobmanager` has no key %s; did you mean `%s`?",
                 shown_node(loader, child->key), near);
    else
        complain(loader, child->at,
                 "job %s is a mapping such as {at 90 ms: completes 10}; found %s",
                 shown_node(loader, child->key), shown_node(loader, child));
    return false;
}

static void add_job(struct loader *loader, const struct node *child)
{
    size_t job = loader->job_count;
    char *name = arena_text(loader->kept, child->key->text, child->key->length);
    if (!name)
        return;
    loader->job_names[job] = name;
    loader->drafts[job].node = child;
    loader->jobs[job] = (struct job_plan){
        .id = numbered_id(loader->salt, 0xa0000, job),
        .name = name,
        .exists_at_start = true,
        .checkpointing = true,
        .state_size = 1000 * 1000,
        .first_checkpoint_id = 1,
    };
    loader->job_count++;
}

void job_names_read(struct loader *loader, const struct node *node)
{
    size_t capacity = node->count + 1;
    loader->jobs = arena_zeroed(loader->kept, capacity, sizeof(*loader->jobs));
    loader->drafts = arena_zeroed(loader->scratch, capacity, sizeof(*loader->drafts));
    loader->job_names = arena_zeroed(loader->scratch, capacity, sizeof(*loader->job_names));
    if (!loader->jobs || !loader->drafts || !loader->job_names)
        return;
    if (node->kind != NODE_MAP) {
        complain(loader, node->at,
                 "`jobmanager` is a mapping of jobs, such as "
                 "{J: {at 90 ms: completes 10}}; found %s",
                 shown_node(loader, node));
        return;
    }
    for (const struct node *child = node->first; child; child = child->next) {
        if (find_reserved(child->key->text) < RESERVED_COUNT || !usable_job(loader, child))
            continue;
        if (loader->job_count == JOBS_MAX) {
            complain(loader, child->key->at, "more than %d jobs", JOBS_MAX);
            return;
        }
        add_job(loader, child);
    }
    if (loader->job_count == 0 && loader->complaint_count == 0)
        complain(loader, node->at, "`jobmanager` names no job");
}

void jobmanager_read(struct loader *loader, const struct node *node)
{
    loader->plan->call_out_us = DEFAULT_LATENCY_US;
    loader->plan->call_back_us = DEFAULT_LATENCY_US;
    if (node->kind != NODE_MAP)
        return;
    for (size_t i = 0; i < loader->job_count; i++)
        read_job(loader, loader->drafts[i].node, i);
    for (const struct node *child = node->first; child; child = child->next) {
        size_t i = find_reserved(child->key->text);
        if (i < RESERVED_COUNT)
            reserved[i].read(loader, child);
    }
    loader->plan->jobs = loader->jobs;
    loader->plan->job_count = loader->job_count;
}
