#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/scenario/scenario_internal.h"

/* `clients:` who asks what, and when. */

/* --- phrases of a scripted client ------------------------------------------------------- */

enum { WITH_ID = 1, WITH_JOB = 2, WITH_PATH = 4, THEN_READ = 8, AFTER_TRIGGER = 16 };

struct step_phrase {
    const char *words;
    enum step_kind kind;
    unsigned follows;
};

static const struct step_phrase step_phrases[] = {
    {"latest completed checkpoint of", STEP_GET_STATISTICS, WITH_JOB},
    {"checkpoint statistics of", STEP_GET_STATISTICS, WITH_JOB},
    {"details of checkpoint", STEP_GET_DETAILS, WITH_ID | WITH_JOB},
    {"subtasks of checkpoint", STEP_GET_SUBTASKS, WITH_ID | WITH_JOB},
    {"checkpoint configuration of", STEP_GET_CONFIG, WITH_JOB},
    {"job", STEP_GET_JOB, WITH_JOB},
    {"overview", STEP_GET_OVERVIEW, 0},
    {"jobs", STEP_GET_JOBS, 0},
    {"trigger a checkpoint of", STEP_TRIGGER, WITH_JOB},
    {"trigger status of", STEP_TRIGGER_STATUS, WITH_JOB | AFTER_TRIGGER},
    {"await the trigger of", STEP_AWAIT_TRIGGER, WITH_JOB | THEN_READ | AFTER_TRIGGER},
    {"cancel", STEP_CANCEL, WITH_JOB},
    {"GET", STEP_GET_TARGET, WITH_PATH},
};

enum { STEP_PHRASE_COUNT = sizeof(step_phrases) / sizeof(step_phrases[0]) };

static const struct step_phrase *find_phrase(struct phrase *phrase)
{
    const char *names[STEP_PHRASE_COUNT];
    size_t nearest_length = 0;
    for (size_t i = 0; i < STEP_PHRASE_COUNT; i++) {
        if (phrase_words(phrase, step_phrases[i].words))
            return &step_phrases[i];
        names[i] = step_phrases[i].words;
    }
    /* Compared without its last word, which is the job's name most of the time. */
    size_t length = strlen(phrase->rest);
    for (size_t i = 0; i < length; i++)
        if (phrase->rest[i] == ' ')
            nearest_length = i;
    const char *near =
        suggestion(phrase->loader, phrase->rest, nearest_length ? nearest_length : length, names,
                   STEP_PHRASE_COUNT);
    complain(phrase->loader, phrase_place(phrase), "%s is nothing that a client asks%s",
             shown(phrase->loader, phrase->rest, length), near);
    return NULL;
}

/*
 * The path of "GET /jobs/J/checkpoints", with the job's id in the place of its name; for an id
 * that is no job's name it goes out as it is written. *job is the job whose path it is: what it
 * has fetched is fetched for that job.
 */
static const char *resolve_target(struct loader *loader, const char *target, size_t length,
                                  size_t *job)
{
    static const char before[] = "/jobs/";
    const char *kept = arena_text(loader->kept, target, length);
    const char *name = kept ? strstr(kept, before) : NULL;
    if (!name)
        return kept;
    name += strlen(before);
    size_t name_length = strcspn(name, "/?");
    for (size_t i = 0; i < loader->job_count; i++) {
        if (strlen(loader->job_names[i]) != name_length ||
            strncmp(loader->job_names[i], name, name_length) != 0)
            continue;
        size_t head = (size_t)(name - kept);
        char id[ID_DIGITS + 1];
        char *resolved = arena_zeroed(loader->kept, length - name_length + ID_DIGITS + 1, 1);
        if (!resolved)
            return NULL;
        id_format(loader->jobs[i].id, id);
        memcpy(resolved, kept, head);
        memcpy(resolved + head, id, ID_DIGITS);
        memcpy(resolved + head + ID_DIGITS, name + name_length, length - head - name_length);
        *job = i;
        return resolved;
    }
    return kept;
}

static void read_target(struct phrase *phrase, struct client_step *step)
{
    size_t length = strcspn(phrase->rest, " \t\r\n");
    bool usable = *phrase->rest == '/' && length <= 1000;
    for (size_t i = 0; usable && i < length; i++)
        usable = phrase->rest[i] > ' ' && phrase->rest[i] < 0x7f;
    if (!usable) {
        complain(phrase->loader, phrase_place(phrase),
                 "expected a path of printable ASCII that begins with `/`");
        phrase->wrong = true;
        return;
    }
    step->target = resolve_target(phrase->loader, phrase->rest, length, &step->job);
    phrase->rest += length;
    while (*phrase->rest && strchr(" \t\r\n", *phrase->rest))
        phrase->rest++;
}

/* "with no-cache", "with max-age=3": a Cache-Control header of this one request. */
static void read_cache_control(struct phrase *phrase, struct client_step *step)
{
    if (phrase_at_end(phrase) || !phrase_words(phrase, "with"))
        return;
    const char *text = phrase->rest;
    size_t digits = strncmp(text, "max-age=", 8) == 0 ? strspn(text + 8, "0123456789") : 0;
    bool max_age = digits >= 1 && digits <= 9 && text[8 + digits] == '\0';
    if (strcmp(text, "no-cache") != 0 && !max_age) {
        complain(phrase->loader, phrase_place(phrase),
                 "expected `no-cache` or `max-age=SECONDS` after `with`");
        phrase->wrong = true;
        return;
    }
    step->cache_control = phrase_want_rest(phrase, "a cache directive");
}

struct step_list {
    struct client_step *steps; /* scratch while they are read, then kept */
    const struct node **nodes;
    size_t count, capacity, node_capacity;
    int64_t at_us;
};

static void add_step(struct loader *loader, struct step_list *list, const struct client_step *step,
                     const struct node *node)
{
    if (!count_planned(loader, node))
        return;
    struct client_step *steps =
        arena_grow(loader->scratch, list->steps, list->count, &list->capacity, sizeof(*steps));
    const struct node **nodes =
        arena_grow(loader->scratch, list->nodes, list->count, &list->node_capacity, sizeof(*nodes));
    if (!steps || !nodes)
        return;
    list->steps = steps;
    list->nodes = nodes;
    steps[list->count] = *step;
    nodes[list->count++] = node;
    note_planned(loader, step->at_us, node->at);
}

static void read_step(struct loader *loader, const struct node *node, void *context)
{
    struct step_list *list = context;
    struct client_step step = {.at_us = list->at_us, .job = SIZE_MAX};
    struct phrase phrase;
    phrase_begin(&phrase, loader, node);
    const struct step_phrase *found = find_phrase(&phrase);
    if (!found)
        return;
    step.kind = found->kind;
    if (found->follows & WITH_ID) {
        phrase_want_id(&phrase, &step.checkpoint);
        phrase_want_words(&phrase, "of");
    }
    if (found->follows & WITH_JOB)
        phrase_want_job(&phrase, &step.job);
    if (found->follows & WITH_PATH)
        read_target(&phrase, &step);
    if (found->follows & THEN_READ)
        phrase_want_words(&phrase, ", then read");
    read_cache_control(&phrase, &step);
    if (!phrase_end(&phrase))
        return;
    if (step.kind == STEP_TRIGGER)
        loader->drafts[step.job].triggered = true;
    add_step(loader, list, &step, node);
}

/* --- order of steps --------------------------------------------------------------------- */

struct ordered_step {
    struct client_step step;
    const struct node *node;
    size_t order;
};

static int compare_steps(const void *left, const void *right)
{
    const struct ordered_step *a = left, *b = right;
    if (a->step.at_us != b->step.at_us)
        return a->step.at_us < b->step.at_us ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* What asks for the status of a trigger must come after one, of the same job. */
static void check_triggers(struct loader *loader, const struct ordered_step *steps, size_t count)
{
    size_t triggered = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const struct client_step *step = &steps[i].step;
        if (step->kind == STEP_TRIGGER)
            triggered = step->job;
        bool asks = step->kind == STEP_TRIGGER_STATUS || step->kind == STEP_AWAIT_TRIGGER;
        if (asks && triggered != step->job)
            complain(loader, steps[i].node->at,
                     "this client has not triggered a checkpoint of %s before this; write "
                     "`trigger a checkpoint of %s` first",
                     loader->job_names[step->job], loader->job_names[step->job]);
    }
}

static void keep_steps(struct loader *loader, const struct step_list *list,
                       struct client_plan *client)
{
    struct ordered_step *ordered = arena_zeroed(loader->scratch, list->count, sizeof(*ordered));
    struct client_step *steps = arena_zeroed(loader->kept, list->count, sizeof(*steps));
    if (!ordered || !steps)
        return;
    for (size_t i = 0; i < list->count; i++)
        ordered[i] = (struct ordered_step){list->steps[i], list->nodes[i], i};
    qsort(ordered, list->count, sizeof(*ordered), compare_steps);
    check_triggers(loader, ordered, list->count);
    for (size_t i = 0; i < list->count; i++)
        steps[i] = ordered[i].step;
    client->steps = steps;
    client->step_count = list->count;
}

/* --- clients ---------------------------------------------------------------------------- */

static bool read_time_of_client(struct loader *loader, const struct node *child, void *context)
{
    struct step_list *list = context;
    if (!key_is_time(child->key))
        return false;
    if (key_time(loader, child->key, &list->at_us))
        phrases_each(loader, child, read_step, list);
    return true;
}

#define FIELD(name, kind, member)                        \
    {                                                    \
        name, kind, offsetof(struct client_plan, member) \
    }

static const struct field scripted_fields[] = {
    FIELD("count", VALUE_COUNT, count),
    {"cache-control", VALUE_NODE, 0},
};

static const struct field poller_fields[] = {
    FIELD("count", VALUE_COUNT, count),
    {"cache-control", VALUE_NODE, 0},
    FIELD("polls", VALUE_JOB, job),
    FIELD("every", VALUE_PERIOD, every_us),
    FIELD("jitter", VALUE_DURATION, jitter_us),
    FIELD("from", VALUE_DURATION, from_us),
    FIELD("until", VALUE_DURATION, until_us),
    {"asks", VALUE_NODE, 0},
};

static const struct field dashboard_fields[] = {
    FIELD("count", VALUE_COUNT, count),     {"cache-control", VALUE_NODE, 0},
    FIELD("dashboard", VALUE_JOB, job),     FIELD("every", VALUE_PERIOD, every_us),
    FIELD("from", VALUE_DURATION, from_us), FIELD("until", VALUE_DURATION, until_us),
};

static const struct field migration_fields[] = {
    FIELD("count", VALUE_COUNT, count),
    {"cache-control", VALUE_NODE, 0},
    FIELD("migrates", VALUE_JOB, job),
    FIELD("to", VALUE_JOB, to_job),
    FIELD("at", VALUE_DURATION, from_us),
    {"as", VALUE_NODE, 0},
    FIELD("watches every", VALUE_PERIOD, watch_every_us),
    FIELD("max age", VALUE_PERIOD, max_age_us),
};

enum {
    GIVEN_COUNT,
    GIVEN_CACHE_CONTROL,
    GIVEN_KIND,
    GIVEN_TO,
    GIVEN_EVERY = 3,
    GIVEN_AT = 4,
    GIVEN_AS,
    GIVEN_WATCHES,
    GIVEN_MAX_AGE,
    GIVEN_ASKS = 7
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Scripted comes last: it is what a client is that has none of the other keys. */
static const struct {
    const char *key; /* that tells the kind */
    enum client_kind kind;
    struct shape shape;
} kinds[] = {
    {"polls", CLIENT_POLLER, {"a polling client", NULL, poller_fields, COUNT(poller_fields), NULL}},
    {"dashboard",
     CLIENT_DASHBOARD,
     {"a dashboard", NULL, dashboard_fields, COUNT(dashboard_fields), NULL}},
    {"migrates",
     CLIENT_MIGRATION,
     {"a migration", NULL, migration_fields, COUNT(migration_fields), NULL}},
    {NULL,
     CLIENT_SCRIPTED,
     {"a scripted client", "`at 300 ms: latest completed checkpoint of J`", scripted_fields,
      COUNT(scripted_fields), read_time_of_client}},
};

static size_t find_kind(const struct node *node)
{
    size_t scripted = COUNT(kinds) - 1;
    if (node->kind != NODE_MAP)
        return scripted;
    for (const struct node *child = node->first; child; child = child->next)
        for (size_t i = 0; i < scripted; i++)
            if (strcmp(kinds[i].key, child->key->text) == 0)
                return i;
    return scripted;
}

static void read_header(struct loader *loader, const struct node *node, struct client_plan *client)
{
    if (!is_text(loader, node, "a value of the Cache-Control header, such as `no-cache`"))
        return;
    for (size_t i = 0; i < node->length; i++) {
        if (node->text[i] < ' ' || node->text[i] > '~') {
            complain(loader, node->at, "a header is printable ASCII");
            return;
        }
    }
    client->cache_control = arena_text(loader->kept, node->text, node->length);
}

/* The same words as in `freshcheck record --mix`. */
static void read_shares(struct loader *loader, const struct node *node, struct client_plan *client)
{
    struct asked {
        int64_t shares[POLLED_COUNT];
    } asked = {0};
    static const struct field fields[] = {
        {"statistics", VALUE_COUNT, offsetof(struct asked, shares[POLLED_STATISTICS])},
        {"details", VALUE_COUNT, offsetof(struct asked, shares[POLLED_DETAILS])},
        {"job", VALUE_COUNT, offsetof(struct asked, shares[POLLED_JOB])},
        {"configuration", VALUE_COUNT, offsetof(struct asked, shares[POLLED_CONFIG])},
    };
    static const struct shape shape = {"what a client asks", NULL, fields, COUNT(fields), NULL};
    const struct node *given[FIELDS_MAX];
    if (!map_read(loader, node, &shape, &asked, given, NULL))
        return;
    if (node->count == 0)
        complain(loader, node->at, "this client asks nothing; write `asks: {statistics: 1}`");
    for (size_t i = 0; i < POLLED_COUNT; i++) {
        if (asked.shares[i] > SHARE_MAX)
            complain(loader, given[i]->at, "a share is at most %d", SHARE_MAX);
        client->shares[i] = (unsigned)asked.shares[i];
    }
}

static void read_model(struct loader *loader, const struct node *node, struct client_plan *client)
{
    size_t count, index;
    const char *const *names = client_model_names(&count);
    if (name_find(loader, node, "a model of a client", names, count, &index))
        client->model = (enum client_model)(index + 1);
}

/* What only a client with a model has. */
static void finish_model(struct loader *loader, struct client_plan *client,
                         const struct node *const given[FIELDS_MAX])
{
    static const int of_models[] = {GIVEN_WATCHES, GIVEN_MAX_AGE};
    for (size_t i = 0; i < COUNT(of_models); i++) {
        const struct node *node = given[of_models[i]];
        if (node && !given[GIVEN_AS])
            complain(loader, node->key->at, "`%s` needs `as`, the model of a client that decides",
                     node->key->text);
    }
    if (client->watch_every_us > 0 && client->from_us / client->watch_every_us > POLLS_MAX)
        complain(loader, given[GIVEN_WATCHES]->at, "this client would ask more than %d times",
                 POLLS_MAX);
    if (given[GIVEN_AS])
        read_model(loader, given[GIVEN_AS], client);
}

static void finish_migration(struct loader *loader, const struct node *node,
                             struct client_plan *client, const struct node *const given[FIELDS_MAX])
{
    if (!given[GIVEN_TO] || !given[GIVEN_AT]) {
        complain(loader, node->at, "a migration needs %s",
                 given[GIVEN_TO] ? "`at`, when it begins" : "`to`, the job that it starts");
        return;
    }
    if (client->count != 1)
        complain(loader, given[GIVEN_COUNT]->at, "a job can be moved only once");
    if (client->job == client->to_job)
        complain(loader, given[GIVEN_TO]->at, "a job is moved to another job, not to itself");
    finish_model(loader, client, given);
    loader->drafts[client->to_job].moved_to = true;
    note_planned(loader, client->from_us, given[GIVEN_AT]->at);
}

static void finish_spanned(struct loader *loader, const struct node *node,
                           const struct client_plan *client,
                           const struct node *const given[FIELDS_MAX])
{
    if (client->kind == CLIENT_POLLER && !given[GIVEN_EVERY])
        complain(loader, node->at, "a polling client needs `every`, the time between two requests");
    if (client->from_us >= client->until_us)
        complain(loader, node->at, "`until` must be later than `from`");
    else if (client->from_us >= loader->ends_us)
        complain(loader, node->at, "this client begins when the scenario has ended");
    note_time(loader, client->from_us);
    note_time(loader, client->until_us);
}

static void read_client(struct loader *loader, const struct node *node, struct client_plan *client)
{
    const struct node *given[FIELDS_MAX];
    struct step_list list = {0};
    size_t kind = find_kind(node);
    *client = (struct client_plan){
        .kind = kinds[kind].kind,
        .name = arena_text(loader->kept, node->key->text, node->key->length),
        .count = 1,
        .until_us = INT64_MAX,
    };
    size_t complaints_before = loader->complaint_count;
    name_is_usable(loader, node->key, "a client");
    if (!map_read(loader, node, &kinds[kind].shape, client, given, &list))
        return;
    if (given[GIVEN_COUNT] && client->count > CLIENT_COPIES_MAX)
        complain(loader, given[GIVEN_COUNT]->at, "at most %d clients of one kind",
                 CLIENT_COPIES_MAX);
    if (given[GIVEN_CACHE_CONTROL])
        read_header(loader, given[GIVEN_CACHE_CONTROL], client);
    if (client->kind == CLIENT_POLLER && given[GIVEN_ASKS])
        read_shares(loader, given[GIVEN_ASKS], client);
    if (loader->complaint_count != complaints_before)
        return;
    if (client->kind == CLIENT_MIGRATION)
        finish_migration(loader, node, client, given);
    else if (client->kind != CLIENT_SCRIPTED)
        finish_spanned(loader, node, client, given);
    else if (list.count != 0)
        keep_steps(loader, &list, client);
    else
        complain(loader, node->at,
                 "this client asks nothing; write "
                 "`at 300 ms: latest completed checkpoint of J`");
}

void clients_read(struct loader *loader, const struct node *node)
{
    if (node->kind != NODE_MAP || node->count == 0) {
        complain(loader, node->at,
                 "`clients` is a mapping of at least one client, such as "
                 "{reader: {at 1 s: checkpoint statistics of J}}; found %s",
                 node->kind == NODE_MAP ? "an empty one" : shown_node(loader, node));
        return;
    }
    loader->clients = arena_zeroed(loader->kept, node->count, sizeof(*loader->clients));
    loader->client_nodes =
        arena_zeroed(loader->scratch, node->count, sizeof(*loader->client_nodes));
    if (!loader->clients || !loader->client_nodes)
        return;
    for (const struct node *child = node->first; child; child = child->next) {
        if (!count_planned(loader, child))
            return;
        loader->client_nodes[loader->client_count] = child;
        read_client(loader, child, &loader->clients[loader->client_count++]);
    }
}

/* From the end of the scenario: until when clients without `until` go on, and how much that is. */
void clients_finish(struct loader *loader)
{
    for (size_t i = 0; i < loader->client_count; i++) {
        struct client_plan *client = &loader->clients[i];
        const struct node *node = loader->client_nodes[i];
        if (client->kind != CLIENT_POLLER && client->kind != CLIENT_DASHBOARD)
            continue;
        if (client->until_us > loader->plan->end_us)
            client->until_us = loader->plan->end_us;
        int64_t every_us =
            client->every_us ? client->every_us : loader->plan->settings.refresh_interval_us;
        int64_t rounds = (client->until_us - client->from_us) / (every_us > 0 ? every_us : 1);
        if (rounds > POLLS_MAX / (int64_t)client->count)
            complain(loader, node->at, "this client would ask more than %d times", POLLS_MAX);
    }
    loader->plan->clients = loader->clients;
    loader->plan->client_count = loader->client_count;
}
