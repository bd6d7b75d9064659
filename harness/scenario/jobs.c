#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* `jobmanager:` apart from faults and events: jobs, and how far away they are. */

enum { DEFAULT_LATENCY_US = 1000 };

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

static bool read_events(struct loader *loader, const struct node *child, void *context)
{
    return job_events_read(loader, child, *(const size_t *)context);
}

static const struct shape job_shape = {
    .what = "a job",
    .also = "`at 90 ms: completes 10`",
    .fields = job_fields,
    .count = sizeof(job_fields) / sizeof(job_fields[0]),
    .other = read_events,
};

static void read_job(struct loader *loader, const struct node *node, size_t job)
{
    const struct node *given[FIELDS_MAX];
    struct job_plan *plan = &loader->jobs[job];
    struct job_draft *draft = &loader->drafts[job];
    if (!map_read(loader, node, &job_shape, plan, given, &job))
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
