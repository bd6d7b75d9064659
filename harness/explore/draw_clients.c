#include <stdio.h>
#include <string.h>

#include "harness/explore/generate_internal.h"

/* Who asks what. */

enum { TARGET_BYTES = 128, POLLS_MAX = 4000 };

static size_t draw_job_index(struct making *making)
{
    return choices_below(making->choices, making->plan->job_count);
}

/* "poller2": what it is, and its place among the clients. */
static const char *name_of(struct making *making, const char *what, size_t place)
{
    _Static_assert(CLIENTS_MAX + JOBS_MAX + 1 <= 9, "a place has one digit");
    const size_t length = strlen(what);
    char *name = arena_zeroed(making->arena, length + 2, 1);
    if (!name)
        return NULL;
    memcpy(name, what, length);
    name[length] = (char)('1' + place);
    return name;
}

/* Most clients send no such header. */
static const char *draw_cache_control(struct choices *choices, uint32_t permille)
{
    static const char *const values[] = {"no-cache", "max-age=1", "max-age=0"};
    return choices_chance(choices, permille) ? choices_pick(choices, values) : NULL;
}

/* Most leave before all is quiet; who stays finds out whether it is. */
static void draw_span(struct making *making, struct client_plan *client)
{
    const int64_t end_us =
        choices_chance(making->choices, 300) ? making->plan->end_us : making->chaos_end_us;
    client->until_us = end_us;
    if (!choices_chance(making->choices, 500))
        return;
    client->from_us = draw_time_us(making->choices, 0, end_us / 2);
    client->until_us = draw_time_us(making->choices, client->from_us + MS, end_us);
}

/* --- scripted ------------------------------------------------------------------------------- */

static const unsigned step_weights[] = {
    [STEP_GET_STATISTICS] = 20, [STEP_GET_DETAILS] = 8, [STEP_GET_SUBTASKS] = 3,
    [STEP_GET_CONFIG] = 3,      [STEP_GET_JOB] = 6,     [STEP_GET_OVERVIEW] = 1,
    [STEP_GET_JOBS] = 1,        [STEP_TRIGGER] = 6,     [STEP_TRIGGER_STATUS] = 4,
    [STEP_AWAIT_TRIGGER] = 6,   [STEP_CANCEL] = 1,      [STEP_GET_TARGET] = 4,
};
enum { STEP_KIND_COUNT = sizeof(step_weights) / sizeof(step_weights[0]) };

/* The other paths that a job and a cluster have, and some that nobody has. */
static const char *const targets[] = {
    "/jobs/%s/config", "/jobs/%s/plan",     "/jobs/%s/exceptions",
    "/jobs/%s/status", "/jobs/%s/vertices", "/jobs/overview",
    "/config",         "/taskmanagers",     "/jobs/zzz/checkpoints",
    "/jobs/%s/nothing"};

static const char *draw_target(struct making *making, size_t *job)
{
    char digits[ID_DIGITS + 1], target[TARGET_BYTES];
    const char *format = choices_pick(making->choices, targets);
    const char *place = strstr(format, "%s");
    if (!place)
        return format;
    *job = draw_job_index(making);
    id_format(making->jobs[*job].id, digits);
    const int length = snprintf(target, sizeof target, "%.*s%s%s", (int)(place - format), format,
                                digits, place + 2);
    return arena_text(making->arena, target, (size_t)length);
}

/* A client that asks for the status of a trigger has triggered before, the same job. */
static bool step_is_possible(const struct making *making, enum step_kind kind, size_t triggered)
{
    if (kind == STEP_TRIGGER_STATUS || kind == STEP_AWAIT_TRIGGER)
        return triggered != SIZE_MAX;
    for (size_t i = 0; i < making->plan->job_count; i++)
        if (kind == STEP_TRIGGER && making->traits[i].is_triggered)
            return true;
    return kind != STEP_TRIGGER;
}

static size_t draw_triggered(struct making *making)
{
    size_t jobs[JOBS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < making->plan->job_count; i++)
        if (making->traits[i].is_triggered)
            jobs[count++] = i;
    return jobs[choices_below(making->choices, count)];
}

static void draw_step(struct making *making, struct client_step *step, size_t *triggered)
{
    static const int64_t ids[] = {1, 2, 3, 8, 9, 10, 98, 99, 100, 101};
    struct choices *choices = making->choices;
    unsigned weights[STEP_KIND_COUNT];
    for (size_t i = 0; i < STEP_KIND_COUNT; i++)
        weights[i] = step_is_possible(making, (enum step_kind)i, *triggered) ? step_weights[i] : 0;
    step->kind = (enum step_kind)choices_weighted(choices, weights, STEP_KIND_COUNT);
    step->job = SIZE_MAX;
    if (step->kind == STEP_GET_TARGET)
        step->target = draw_target(making, &step->job);
    else if (step->kind == STEP_TRIGGER)
        step->job = *triggered = draw_triggered(making);
    else if (step->kind == STEP_TRIGGER_STATUS || step->kind == STEP_AWAIT_TRIGGER)
        step->job = *triggered;
    else if (step->kind != STEP_GET_OVERVIEW && step->kind != STEP_GET_JOBS)
        step->job = draw_job_index(making);
    if (step->kind == STEP_GET_DETAILS || step->kind == STEP_GET_SUBTASKS)
        step->checkpoint = choices_pick(choices, ids);
    step->cache_control = draw_cache_control(choices, 80);
}

static void draw_scripted(struct making *making, struct client_plan *client)
{
    static const int64_t paces_us[] = {100 * MS, 2 * MS, 20 * MS, 500 * MS};
    struct choices *choices = making->choices;
    struct client_step *steps = arena_zeroed(making->arena, STEPS_MAX, sizeof(struct client_step));
    if (!steps)
        return;
    const int64_t pace_us = choices_pick(choices, paces_us);
    int64_t at_us = 0;
    size_t triggered = SIZE_MAX;
    client->kind = CLIENT_SCRIPTED;
    client->until_us = INT64_MAX;
    client->steps = steps;
    do {
        at_us += draw_time_us(choices, client->step_count == 0 ? 50 * MS : 0,
                              client->step_count == 0 ? making->chaos_end_us / 2 : pace_us);
        if (at_us >= making->chaos_end_us)
            break;
        steps[client->step_count].at_us = at_us;
        draw_step(making, &steps[client->step_count++], &triggered);
    } while (client->step_count < STEPS_MAX && choices_chance(choices, 900));
}

/* --- the others ----------------------------------------------------------------------------- */

/* Most pollers read the statistics and nothing else. */
static void draw_shares(struct choices *choices, unsigned shares[POLLED_COUNT])
{
    if (!choices_chance(choices, 300))
        return;
    for (size_t i = 0; i < POLLED_COUNT; i++)
        shares[i] = (unsigned)choices_below(choices, 4);
}

static void draw_poller(struct making *making, struct client_plan *client)
{
    static const int64_t every_us[] = {50 * MS, 100 * MS, 20 * MS, 200 * MS, 300 * MS, 10 * MS};
    static const size_t counts[] = {1, 4, 16, 50, 100};
    struct choices *choices = making->choices;
    client->kind = CLIENT_POLLER;
    client->job = draw_job_index(making);
    client->every_us = choices_pick(choices, every_us);
    client->jitter_us = choices_chance(choices, 500) ? client->every_us / 2 : 0;
    client->count = choices_pick(choices, counts);
    draw_shares(choices, client->shares);
    draw_span(making, client);
    const int64_t rounds = (client->until_us - client->from_us) / client->every_us + 1;
    while (client->count > 1 && rounds * (int64_t)client->count > POLLS_MAX)
        client->count /= 2;
}

static void draw_dashboard(struct making *making, struct client_plan *client)
{
    static const size_t counts[] = {1, 2, 1};
    static const int64_t every_us[] = {0, 100 * MS, 300 * MS, 30 * MS};
    client->kind = CLIENT_DASHBOARD;
    client->job = draw_job_index(making);
    client->count = choices_pick(making->choices, counts);
    client->every_us = choices_pick(making->choices, every_us);
    draw_span(making, client);
}

/* One that does it right: what the client models of the real world get wrong, an implementation
 * that puts one of them in its place shows. */
static void draw_model(struct choices *choices, struct client_plan *client)
{
    static const int64_t watch_us[] = {0, 0, 20 * MS, 100 * MS, 500 * MS};
    static const int64_t max_age_us[] = {1000 * MS, 200 * MS};
    client->model = CLIENT_MODEL_CAREFUL;
    client->watch_every_us = choices_pick(choices, watch_us);
    /* Rare, for hardly any client has it: each of the others would be found out by nothing else. */
    if (choices_chance(choices, 60))
        client->max_age_us = choices_pick(choices, max_age_us);
}

static void draw_migration(struct making *making, size_t to_job, struct client_plan *client)
{
    *client = (struct client_plan){
        .name = name_of(making, "mover", making->plan->client_count),
        .kind = CLIENT_MIGRATION,
        .count = 1,
        .job = to_job - 1,
        .to_job = to_job,
        .until_us = INT64_MAX,
        .from_us = draw_time_us(making->choices, 0, making->chaos_end_us - MS),
    };
    if (choices_chance(making->choices, 700))
        draw_model(making->choices, client);
}

static const struct {
    const char *name;
    unsigned weight;
    void (*draw)(struct making *making, struct client_plan *client);
} kinds[] = {
    {"script", 4, draw_scripted}, {"poller", 5, draw_poller}, {"browser", 2, draw_dashboard}};

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

static void draw_client(struct making *making, struct client_plan *client)
{
    unsigned weights[KIND_COUNT];
    for (size_t i = 0; i < KIND_COUNT; i++)
        weights[i] = kinds[i].weight;
    const size_t kind = choices_weighted(making->choices, weights, KIND_COUNT);
    *client = (struct client_plan){
        .name = name_of(making, kinds[kind].name, making->plan->client_count),
        .count = 1,
        .cache_control = draw_cache_control(making->choices, 50),
    };
    kinds[kind].draw(making, client);
}

/* --- when all is quiet ---------------------------------------------------------------------- */

static const enum step_kind probes[] = {STEP_GET_STATISTICS, STEP_GET_DETAILS, STEP_GET_CONFIG,
                                        STEP_GET_JOB};
enum { PROBE_COUNT = sizeof(probes) / sizeof(probes[0]) };

/* Somebody asks each path of each job once more. */
static void draw_probe(struct making *making, struct client_plan *client)
{
    struct choices *choices = making->choices;
    struct client_step *steps =
        arena_zeroed(making->arena, JOBS_MAX * PROBE_COUNT, sizeof(struct client_step));
    int64_t at_us = making->settled_us;
    *client = (struct client_plan){
        .kind = CLIENT_SCRIPTED, .count = 1, .until_us = INT64_MAX, .steps = steps};
    for (size_t i = 0; steps && i < making->plan->job_count * PROBE_COUNT; i++) {
        struct client_step *step = &steps[client->step_count];
        if (!choices_chance(choices, 800))
            continue;
        at_us += choices_between(choices, 0, 5) * MS;
        *step = (struct client_step){.at_us = at_us, .kind = probes[i % PROBE_COUNT]};
        step->job = i / PROBE_COUNT;
        if (step->kind == STEP_GET_DETAILS)
            step->checkpoint =
                making->jobs[step->job].first_checkpoint_id + choices_between(choices, 0, 5);
        client->step_count++;
    }
}

/* At least one; and whoever is to bring a job about does so. */
void draw_clients(struct making *making)
{
    struct plan *plan = making->plan;
    struct client_plan *clients =
        arena_zeroed(making->arena, CLIENTS_MAX + JOBS_MAX + 1, sizeof(struct client_plan));
    if (!clients)
        return;
    plan->clients = clients;
    do
        draw_client(making, &clients[plan->client_count++]);
    while (plan->client_count < CLIENTS_MAX && choices_chance(making->choices, 700));
    for (size_t i = 1; i < plan->job_count; i++)
        if (making->traits[i].is_target)
            draw_migration(making, i, &clients[plan->client_count++]);
    struct client_plan *probe = &clients[plan->client_count];
    draw_probe(making, probe);
    probe->name = name_of(making, "probe", plan->client_count);
    plan->client_count += probe->step_count > 0;
}
