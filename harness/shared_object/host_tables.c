#include "harness/shared_object/host_internal.h"

#include <stdlib.h>

#include "rest_endpoint/body.h"

/* Room for one more of `size` bytes. */
static bool reserve(void *items, size_t size, size_t count, size_t *room)
{
    void **at = items;
    if (count < *room)
        return true;
    const size_t bigger = *room ? 2 * *room : 16;
    void *moved = realloc(*at, bigger * size);
    if (!moved)
        return false;
    *at = moved;
    *room = bigger;
    return true;
}

bool host_push(struct host *host, const struct endpoint_action *action)
{
    if (host->action_next == host->action_count)
        host->action_next = host->action_count = 0;
    if (!reserve(&host->actions, sizeof *host->actions, host->action_count, &host->action_room))
        return false;
    host->actions[host->action_count++] = *action;
    return true;
}

bool host_pop(struct host *host, struct endpoint_action *action)
{
    if (host->action_next == host->action_count)
        return false;
    *action = host->actions[host->action_next++];
    return true;
}

bool host_call_out(struct host *host, enum asker asker, uint64_t inner,
                   const struct fetch_request *what)
{
    if (!reserve(&host->calls_out, sizeof *host->calls_out, host->call_out_count,
                 &host->call_out_room))
        return false;
    const uint64_t number = host->last_call_out + 1;
    const struct endpoint_action action = {
        .kind = ACTION_FETCH, .age_us = -1, .fetch = number, .what = *what};
    if (!host_push(host, &action))
        return false;
    host->last_call_out = number;
    host->calls_out[host->call_out_count++] =
        (struct call_out){.number = number, .asker = asker, .inner = inner};
    return true;
}

bool host_call_back(struct host *host, uint64_t number, struct call_out *call_out)
{
    for (size_t i = 0; i < host->call_out_count; i++) {
        if (host->calls_out[i].number != number)
            continue;
        *call_out = host->calls_out[i];
        host->calls_out[i] = host->calls_out[--host->call_out_count];
        return true;
    }
    return false;
}

bool host_take(struct host *host, const struct taken *taken)
{
    if (!reserve(&host->taken, sizeof *host->taken, host->taken_count, &host->taken_room))
        return false;
    host->taken[host->taken_count++] = *taken;
    return true;
}

struct taken *host_find_taken(const struct host *host, uint64_t number)
{
    for (size_t i = host->taken_count; i > 0; i--) {
        if (host->taken[i - 1].number == number)
            return &host->taken[i - 1];
    }
    return NULL;
}

void host_forget_taken(struct host *host, struct taken *taken)
{
    free(taken->target);
    *taken = host->taken[--host->taken_count];
}

struct fetched *host_new_fetched(struct host *host, uint64_t name)
{
    if (!reserve(&host->fetched, sizeof *host->fetched, host->fetched_count, &host->fetched_room))
        return NULL;
    struct fetched *fetched = calloc(1, sizeof *fetched);
    if (!fetched)
        return NULL;
    fetched->name = name;
    host->fetched[host->fetched_count++] = fetched;
    return fetched;
}

struct fetched *host_find_fetched(const struct host *host, uint64_t name)
{
    for (size_t i = host->fetched_count; i > 0; i--) {
        if (host->fetched[i - 1]->name == name)
            return host->fetched[i - 1];
    }
    return NULL;
}

static void free_fetched(struct fetched *fetched)
{
    for (size_t i = 0; i < fetched->document_count; i++) {
        free(fetched->documents[i].target);
        body_release(fetched->documents[i].body);
    }
    fetch_result_clear(&fetched->result);
    free(fetched->target);
    free(fetched);
}

void host_release(struct host *host, struct fetched *fetched)
{
    for (size_t i = 0; i < host->fetched_count; i++) {
        if (host->fetched[i] != fetched)
            continue;
        host->fetched[i] = host->fetched[--host->fetched_count];
        break;
    }
    free_fetched(fetched);
}

void host_free_tables(struct host *host)
{
    struct endpoint_action action;
    while (host_pop(host, &action)) {
        if (action.kind == ACTION_REPLY)
            body_release(action.body);
    }
    while (host->taken_count > 0)
        host_forget_taken(host, &host->taken[host->taken_count - 1]);
    while (host->fetched_count > 0)
        free_fetched(host->fetched[--host->fetched_count]);
    free(host->actions);
    free(host->taken);
    free(host->fetched);
    free(host->calls_out);
}
