#include "harness/clients/clients_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

void client_schedule(struct clients *clients, struct client *client, int64_t due_us)
{
    const uint64_t ticket = (*clients->ticket)++;
    client->due_us = due_us;
    turns_set(&clients->turns, client->action.client_index, due_us, ticket);
}

/* What Cache-Control demands of an answer's age; -1: nothing. Names are of either case, and from
 * 2^31 seconds up all ages are alike. Source: RFC 9111, 5.2 and 1.2.2. */
static int64_t demanded_bound_us(const char *cache_control)
{
    static const char max_age[] = "max-age=";
    const int64_t most = INT64_C(1) << 31;
    if (!cache_control)
        return -1;
    if (strcasestr(cache_control, "no-cache"))
        return 0;
    const char *found = strcasestr(cache_control, max_age);
    const char *digits = found ? found + strlen(max_age) : "";
    if (*digits < '0' || *digits > '9')
        return -1;
    const int64_t seconds = strtoll(digits, NULL, 10);
    return (seconds < most ? seconds : most) * 1000000;
}

void client_begin(struct client *client)
{
    const struct client_action *last = &client->action;
    client->action = (struct client_action){
        .request = {.id = last->request.id, .method = METHOD_GET},
        .what = PATH_OTHER,
        .client_index = last->client_index,
        .client = last->client,
        .job = SIZE_MAX,
    };
    client_demand(&client->action, client->plan->cache_control);
}

void client_demand(struct client_action *action, const char *cache_control)
{
    action->request.cache_control = cache_control;
    action->bound_us = demanded_bound_us(cache_control);
}

void client_post(struct client_action *action, const char *body)
{
    action->request.method = METHOD_POST;
    action->request.body = body;
    action->request.body_length = body ? strlen(body) : 0;
}

/* The names of a plan's clients, each with its end. */
static void write_names(const struct client_plan *plan, struct buffer *names)
{
    for (size_t number = 1; number <= plan->count; number++) {
        buffer_text(names, plan->name);
        if (plan->count > 1) {
            buffer_char(names, '-');
            buffer_uint64(names, number);
        }
        buffer_char(names, '\0');
    }
}

static const struct client_behaviour *behaviour_of(const struct client_plan *plan)
{
    static const struct client_behaviour *const behaviours[] = {
        [CLIENT_SCRIPTED] = &scripted_behaviour,   [CLIENT_POLLER] = &poller_behaviour,
        [CLIENT_DASHBOARD] = &dashboard_behaviour, [CLIENT_TRIGGERER] = &triggerer_behaviour,
        [CLIENT_MIGRATION] = &migration_behaviour,
    };
    return plan->model != CLIENT_MODEL_NONE ? &model_migration_behaviour : behaviours[plan->kind];
}

static bool add_client(struct clients *clients, const struct client_plan *plan, const char *name)
{
    struct client *client = &clients->items[clients->count];
    const size_t position = clients->count++;
    const struct client_behaviour *behaviour = behaviour_of(plan);
    *client = (struct client){
        .plan = plan,
        .behaviour = behaviour,
        .hears = behaviour->answered != NULL,
        .due_us = INT64_MAX,
        .action = {.client = name, .client_index = position},
    };
    client_begin(client);
    random_fork(&clients->random, position, &client->random);
    return client->behaviour->start(clients, client);
}

struct clients *clients_new(const struct plan *plan, uint64_t seed, uint64_t *ticket)
{
    struct clients *clients = calloc(1, sizeof *clients);
    if (!clients)
        return NULL;
    clients->plan = plan;
    clients->ticket = ticket;
    clients->next_request = 1;
    clients->seed = seed;
    random_seed(&clients->random, seed ^ UINT64_C(0x636c69656e7473)); /* not the origin's draws */
    size_t count = 0;
    for (size_t i = 0; i < plan->client_count; i++) {
        count += plan->clients[i].count;
        write_names(&plan->clients[i], &clients->names);
    }
    clients->items = malloc((count ? count : 1) * sizeof *clients->items);
    if (clients->names.failed || !clients->items || !turns_init(&clients->turns, count) ||
        !targets_make(&clients->targets, plan))
        goto fail;
    const char *name = clients->names.bytes;
    for (size_t i = 0; i < plan->client_count; i++) {
        for (size_t number = 0; number < plan->clients[i].count; number++) {
            if (!add_client(clients, &plan->clients[i], name))
                goto fail;
            name += strlen(name) + 1;
        }
    }
    return clients;
fail:
    clients_free(clients);
    return NULL;
}

void clients_decide_as(struct clients *clients, enum client_model model)
{
    clients->model = model;
}

void clients_tell_epoch(struct clients *clients, int64_t epoch_us)
{
    clients->epoch_us = epoch_us;
}

void clients_free(struct clients *clients)
{
    if (!clients)
        return;
    for (size_t i = 0; clients->items && i < clients->count; i++) {
        free(clients->items[i].path);
        model_client_free(clients->items[i].model);
    }
    buffer_free(&clients->names);
    targets_free(&clients->targets);
    free(clients->items);
    turns_free(&clients->turns);
    free(clients);
}

int64_t clients_due(const struct clients *clients, uint64_t *ticket)
{
    uint64_t ignored;
    return turns_due(&clients->turns, ticket ? ticket : &ignored);
}

const struct client_action *clients_next(struct clients *clients, int64_t now_us)
{
    struct client *client = &clients->items[turns_first(&clients->turns)];
    struct client_action *action = &client->action;
    clients->now_us = now_us;
    action->request.id = clients->next_request;
    client->behaviour->act(clients, client);
    clients->next_request += !action->starts_job && !action->choice;
    return action;
}

bool clients_answered(struct clients *clients, int64_t now_us, uint64_t request,
                      size_t client_index, int status, const struct observation *seen)
{
    struct client *client = &clients->items[client_index];
    if (!client->hears)
        return true;
    return client->behaviour->answered(clients, client, now_us, request, status, seen);
}

size_t clients_migrations(const struct clients *clients, struct migration_result *results,
                          size_t result_count_max)
{
    size_t count = 0;
    for (size_t i = 0; i < clients->count && count < result_count_max; i++) {
        const struct client *client = &clients->items[i];
        if (client->plan->kind != CLIENT_MIGRATION)
            continue;
        results[count] = client->migration;
        results[count++].client = client->action.client;
    }
    return count;
}
