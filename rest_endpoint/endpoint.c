#include "rest_endpoint/endpoint_internal.h"

#include <stdlib.h>
#include <string.h>

#include "rest_endpoint/render.h"

static struct body *new_internal_error(struct body_maker *maker, const char *exception_class,
                                       const char *message)
{
    struct buffer bytes = {0};
    render_internal_error(exception_class, message, &bytes);
    return body_new_text(maker, &bytes);
}

/* The bodies that never change. Two of them are for moments when nothing may fail. */
static bool make_constant_bodies(struct endpoint *endpoint)
{
    struct body_maker *maker = &endpoint->maker;
    struct buffer bytes = {0};
    render_dashboard_config(endpoint->config.refresh_interval_ms, &maker->wire, &bytes);
    endpoint->dashboard_config = body_new_text(maker, &bytes);
    endpoint->cancelled =
        new_internal_error(maker, "java.util.concurrent.CancellationException", NULL);
    endpoint->out_of_memory =
        new_internal_error(maker, "java.lang.OutOfMemoryError", "The endpoint has no memory left.");
    return endpoint->dashboard_config && endpoint->cancelled && endpoint->out_of_memory;
}

struct endpoint *endpoint_new(const struct endpoint_config *config)
{
    struct endpoint *endpoint = calloc(1, sizeof(*endpoint));
    if (!endpoint)
        return NULL;
    endpoint->config = *config;
    endpoint->maker.wire = config->wire;
    endpoint->waiters.item_size = sizeof(struct waiter);
    endpoint->answers.item_size = sizeof(struct answer);
    jars_init(&endpoint->jars);
    if (!route_memo_init(&endpoint->routes) ||
        !cache_init(&endpoint->graph, &endpoint->config.graph) ||
        !cache_init(&endpoint->stats, &endpoint->config.stats) ||
        !details_cache_init(&endpoint->details, &endpoint->config.details) ||
        !table_init(&endpoint->pending) || !table_init(&endpoint->waiting) ||
        !make_constant_bodies(endpoint)) {
        endpoint_free(endpoint);
        return NULL;
    }
    return endpoint;
}

static void free_waiters(struct endpoint *endpoint)
{
    size_t cursor = 0;
    struct table_node *node;
    while (endpoint->waiting.buckets && (node = table_any(&endpoint->waiting, &cursor)) != NULL) {
        struct waiter *waiter = CONTAINER_OF(node, struct waiter, by_request);
        table_remove(&endpoint->waiting, node);
        list_remove(&waiter->in_list);
    }
    slab_free(&endpoint->waiters);
    table_free(&endpoint->waiting);
}

static void free_pending(struct endpoint *endpoint)
{
    size_t cursor = 0;
    struct table_node *node;
    while (endpoint->pending.buckets && (node = table_any(&endpoint->pending, &cursor)) != NULL) {
        struct answer *answer = CONTAINER_OF(node, struct answer, by_fetch);
        table_remove(&endpoint->pending, node);
        if (answer->entry) {
            answer->entry->pending_count--;
            answer->entry->pending = NULL;
        }
        answer_free(answer);
    }
    table_free(&endpoint->pending);
}

void endpoint_free(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    route_memo_free(&endpoint->routes);
    actions_free(&endpoint->replies);
    actions_free(&endpoint->fetches);
    free_waiters(endpoint);
    free_pending(endpoint);
    cache_free(&endpoint->graph);
    cache_free(&endpoint->stats);
    details_cache_free(&endpoint->details);
    slab_free(&endpoint->answers);
    jars_free(&endpoint->jars);
    body_release(endpoint->dashboard_config);
    body_release(endpoint->cancelled);
    body_release(endpoint->out_of_memory);
    error_memo_free(&endpoint->maker.errors);
    free(endpoint);
}

void endpoint_set_wall_offset(struct endpoint *endpoint, int64_t offset_us)
{
    endpoint->wall_offset_us = offset_us;
}

static struct moment moment_at(const struct endpoint *endpoint, int64_t now_us)
{
    return (struct moment){.now_us = now_us, .wall_us = now_us + endpoint->wall_offset_us};
}

/* Not at hits, which are to cost nothing but the answer. */
static void tidy(struct endpoint *endpoint, int64_t now_us)
{
    cache_tidy(&endpoint->graph, now_us);
    cache_tidy(&endpoint->stats, now_us);
}

/* Takes over the body. There is room: see struct endpoint. */
static void push_reply(struct endpoint *endpoint, uint64_t request, struct reply reply,
                       int64_t age_us)
{
    struct endpoint_action *action = actions_push(&endpoint->replies);
    action->kind = ACTION_REPLY;
    action->request = request;
    action->status = reply.status;
    action->unrouted = false;
    action->body = reply.body;
    action->age_us = age_us;
}

/* How old an answer is, for the Age header (RFC 9111, 5.1). */
static int64_t age_of(const struct endpoint *endpoint, const struct answer *answer,
                      const struct moment *moment)
{
    if (!answer->cache || !endpoint->config.quirks.honours_cache_control)
        return -1;
    return moment->now_us - answer->asked_us;
}

static struct waiter *first_waiter(const struct list *list)
{
    return CONTAINER_OF(list->next, struct waiter, in_list);
}

static struct waiter *waiter_new(struct endpoint *endpoint, uint64_t request,
                                 const struct route *route)
{
    struct waiter *waiter = slab_take(&endpoint->waiters);
    if (!waiter)
        return NULL;
    waiter->request = request;
    waiter->route = *route;
    return waiter;
}

static void wait_in(struct endpoint *endpoint, struct waiter *waiter, struct list *list)
{
    list_push_back(list, &waiter->in_list);
    table_insert(&endpoint->waiting, &waiter->by_request, hash_number(waiter->request));
}

static void wait_no_more(struct endpoint *endpoint, struct waiter *waiter)
{
    list_remove(&waiter->in_list);
    table_remove(&endpoint->waiting, &waiter->by_request);
    slab_give(&endpoint->waiters, waiter);
}

static void reply_to_all(struct endpoint *endpoint, struct list *waiters, struct body *body)
{
    while (!list_is_empty(waiters)) {
        struct waiter *waiter = first_waiter(waiters);
        const struct reply reply = {.status = 500, .body = body_retain(body)};
        push_reply(endpoint, waiter->request, reply, -1);
        wait_no_more(endpoint, waiter);
    }
}

/* Has the gateway asked. Everything that can fail is behind us. */
static void begin(struct endpoint *endpoint, struct cache *cache, struct cache_entry *entry,
                  struct answer *answer, const struct moment *moment)
{
    answer->fetch = ++endpoint->last_fetch;
    table_insert(&endpoint->pending, &answer->by_fetch, hash_number(answer->fetch));
    struct answer *replaced = entry ? cache_begin(cache, entry, answer, moment) : NULL;
    if (replaced)
        reply_to_all(endpoint, &replaced->waiters, endpoint->cancelled);
    *actions_push(&endpoint->fetches) = (struct endpoint_action){
        .kind = ACTION_FETCH, .age_us = -1, .fetch = answer->fetch, .what = answer->what};
}

/* A fetch for this request; others may join it. `cache` is NULL for what is not cached, `order`
 * for what only asks. */
static int ask(struct endpoint *endpoint, const struct moment *moment, uint64_t request,
               const struct route *route, struct cache *cache, struct job_order *order)
{
    const struct fetch_request what = fetch_for(endpoint, cache, route, order);
    if (!actions_reserve(&endpoint->fetches, 1))
        return -1;
    struct waiter *waiter = waiter_new(endpoint, request, route);
    struct answer *answer = waiter ? answer_new(&endpoint->answers, &what) : NULL;
    struct cache_entry *entry = answer && cache ? cache_entry_for(cache, route->job) : NULL;
    if (!answer || (cache && !entry)) {
        if (waiter)
            slab_give(&endpoint->waiters, waiter);
        answer_free(answer);
        return -1;
    }
    wait_in(endpoint, waiter, &answer->waiters);
    begin(endpoint, cache, entry, answer, moment);
    return 0;
}

static int join(struct endpoint *endpoint, uint64_t request, const struct route *route,
                struct list *waiters)
{
    struct waiter *waiter = waiter_new(endpoint, request, route);
    if (!waiter)
        return -1;
    wait_in(endpoint, waiter, waiters);
    return 0;
}

static int reply_now(struct endpoint *endpoint, uint64_t request, struct reply reply,
                     int64_t age_us)
{
    if (!reply.body)
        return -1;
    push_reply(endpoint, request, reply, age_us);
    return 0;
}

static int ask_cache(struct endpoint *endpoint, const struct moment *moment,
                     const struct request *request, const struct route *route, struct cache *cache)
{
    struct freshness freshness = ANY_FRESHNESS;
    if (request->cache_control && endpoint->config.quirks.honours_cache_control)
        freshness = cache_control_parse(request->cache_control);

    struct cache_entry *entry;
    switch (cache_look_up(cache, moment, route->job, &freshness, &entry)) {
    case CACHE_USABLE:
        return reply_now(endpoint, request->id,
                         handle_answer(endpoint, entry->stored, route, moment),
                         age_of(endpoint, entry->stored, moment));
    case CACHE_JOIN:
        return join(endpoint, request->id, route, &entry->pending->waiters);
    case CACHE_NEXT_BATCH:
        return join(endpoint, request->id, route, &entry->next_batch);
    case CACHE_ASK:
        break;
    }
    tidy(endpoint, moment->now_us);
    return ask(endpoint, moment, request->id, route, cache, NULL);
}

static int ask_admitted(struct endpoint *endpoint, const struct moment *moment,
                        const struct inquiry *inquiry)
{
    struct cache *cache = cache_of(endpoint, inquiry->route.kind);
    if (cache)
        return ask_cache(endpoint, moment, inquiry->request, &inquiry->route, cache);
    return ask(endpoint, moment, inquiry->request->id, &inquiry->route, NULL, inquiry->order);
}

/* A request whose target was not seen of late, or that does more than ask for a cached answer. Its
 * route may be known from before; else NULL. */
static int look_at(struct endpoint *endpoint, const struct moment *moment,
                   const struct request *request, const struct route *known)
{
    struct inquiry inquiry = {.request = request, .moment = moment};
    struct reply reply = {0};
    int outcome = -1;
    tidy(endpoint, moment->now_us);
    if (known) {
        inquiry.outcome = ROUTE_FOUND;
        inquiry.route = *known;
    } else {
        inquiry.outcome = route_find(request->method, request->target, request->target_length,
                                     &inquiry.target, &inquiry.route, &inquiry.fault);
    }
    const enum admission admission = admit(endpoint, &inquiry, &reply);
    if (!known && inquiry.outcome == ROUTE_FOUND && !needs_target(inquiry.route.kind))
        route_remember(&endpoint->routes, request->method, request->target, request->target_length,
                       &inquiry.route, cache_of(endpoint, inquiry.route.kind));
    if (admission == ADMITTED)
        outcome = ask_admitted(endpoint, moment, &inquiry);
    else if (admission != NOT_ADMITTED)
        outcome = reply_now(endpoint, request->id, reply, -1);
    if (outcome == 0 && admission == UNROUTED)
        actions_last(&endpoint->replies)->unrouted = true;
    target_free(&inquiry.target);
    request_body_clear(&inquiry.body);
    job_order_release(inquiry.order);
    return outcome;
}

int endpoint_request(struct endpoint *endpoint, int64_t now_us, const struct request *request)
{
    const struct moment moment = moment_at(endpoint, now_us);
    /* A reply to everyone who waits, and one to this request. */
    if (!actions_reserve(&endpoint->replies, endpoint->waiting.count + 1))
        return -1;
    const struct remembered_route *known =
        request->body_length > 0 ? NULL
                                 : route_recall(&endpoint->routes, request->method, request->target,
                                                request->target_length);
    if (known && known->cache)
        return ask_cache(endpoint, &moment, request, &known->route, known->cache);
    return look_at(endpoint, &moment, request, known ? &known->route : NULL);
}

/* Replies to everyone who waits for an answer that is there. -1 when memory was short. */
static int serve(struct endpoint *endpoint, struct answer *answer, const struct moment *moment)
{
    const int64_t age_us = age_of(endpoint, answer, moment);
    int outcome = 0;
    struct reply reply = {0};
    uint64_t number = 0;
    while (!list_is_empty(&answer->waiters)) {
        struct waiter *waiter = first_waiter(&answer->waiters);
        /* Most of them wait for the same. */
        if (reply.body && number != 0 && waiter->route.number == number) {
            body_retain(reply.body);
        } else {
            number = waiter->route.number;
            reply = handle_answer(endpoint, answer, &waiter->route, moment);
        }
        struct reply given = reply;
        if (!given.body) {
            given = (struct reply){500, body_retain(endpoint->out_of_memory)};
            outcome = -1;
        }
        push_reply(endpoint, waiter->request, given, age_us);
        wait_no_more(endpoint, waiter);
    }
    return outcome;
}

/* One fetch for all who came too late for the last one. */
static int begin_next_batch(struct endpoint *endpoint, struct cache *cache,
                            struct cache_entry *entry, const struct moment *moment)
{
    const struct route *route = &first_waiter(&entry->next_batch)->route;
    const struct fetch_request what = fetch_for(endpoint, cache, route, NULL);
    struct answer *answer = NULL;
    if (actions_reserve(&endpoint->fetches, 1))
        answer = answer_new(&endpoint->answers, &what);
    if (!answer) {
        reply_to_all(endpoint, &entry->next_batch, endpoint->out_of_memory);
        cache_drop_if_empty(cache, entry);
        return -1;
    }
    list_append(&answer->waiters, &entry->next_batch);
    begin(endpoint, cache, entry, answer, moment);
    return 0;
}

static struct answer *find_pending(const struct endpoint *endpoint, uint64_t fetch)
{
    struct table_node *node = table_chain(&endpoint->pending, hash_number(fetch));
    while (node) {
        struct answer *answer = CONTAINER_OF(node, struct answer, by_fetch);
        if (answer->fetch == fetch)
            return answer;
        node = node->next;
    }
    return NULL;
}

int endpoint_fetched(struct endpoint *endpoint, int64_t now_us, uint64_t fetch,
                     struct fetch_result *result)
{
    const struct moment moment = moment_at(endpoint, now_us);
    tidy(endpoint, now_us);
    struct answer *answer = find_pending(endpoint, fetch);
    if (!answer) {
        fetch_result_clear(result);
        return 0;
    }
    table_remove(&endpoint->pending, &answer->by_fetch);
    answer_arrived(answer, result);
    const int outcome = serve(endpoint, answer, &moment);
    if (!answer->entry) {
        answer_free(answer);
        return outcome;
    }
    struct cache *cache = answer->cache;
    struct cache_entry *entry = cache_end(cache, answer, &moment);
    if (entry && begin_next_batch(endpoint, cache, entry, &moment) != 0)
        return -1;
    return outcome;
}

static struct waiter *find_waiter(const struct endpoint *endpoint, uint64_t request)
{
    struct table_node *node = table_chain(&endpoint->waiting, hash_number(request));
    while (node) {
        struct waiter *waiter = CONTAINER_OF(node, struct waiter, by_request);
        if (waiter->request == request)
            return waiter;
        node = node->next;
    }
    return NULL;
}

void endpoint_abandon(struct endpoint *endpoint, int64_t now_us, uint64_t request)
{
    struct waiter *waiter = find_waiter(endpoint, request);
    if (waiter)
        wait_no_more(endpoint, waiter);
    else
        actions_drop_replies(&endpoint->replies, request);
    tidy(endpoint, now_us);
}

bool endpoint_next(struct endpoint *endpoint, struct endpoint_action *action)
{
    return endpoint_next_fetch(endpoint, action) || endpoint_next_reply(endpoint, action);
}

bool endpoint_next_fetch(struct endpoint *endpoint, struct endpoint_action *action)
{
    return actions_take(&endpoint->fetches, action);
}

bool endpoint_has_fetches(const struct endpoint *endpoint)
{
    return endpoint->fetches.length > 0;
}

bool endpoint_next_reply(struct endpoint *endpoint, struct endpoint_action *action)
{
    return actions_take(&endpoint->replies, action);
}

void endpoint_measure(const struct endpoint *endpoint, struct endpoint_usage *usage)
{
    *usage = (struct endpoint_usage){
        .graph_entries = endpoint->graph.stored_count,
        .stats_entries = endpoint->stats.stored_count,
        .detail_entries = endpoint->details.entries.count,
        .waiting_requests = endpoint->waiting.count,
        .fetches_in_flight = endpoint->pending.count,
    };
}
