#include "harness/observer/observer.h"

#include <stdlib.h>
#include <string.h>

#include "base/slab.h"
#include "harness/judge/judge.h"
#include "harness/observer/deciders.h"
#include "harness/observer/migration_log.h"
#include "harness/observer/reading.h"

/* A request on its way. */
struct waiting {
    void *spare;        /* the slab's, while nobody waits here */
    bool goes_by_names; /* see struct client_action */
    struct exchange exchange;
    struct raw_exchange raw;
};

/* Where a request waits. */
struct slot {
    uint64_t request; /* 0: the slot is free */
    struct waiting *waiting;
};

struct observer {
    const struct plan *plan;
    struct judge *judge;
    struct slot *slots; /* at request & mask; numbers rise, so they seldom meet */
    size_t slot_count;  /* a power of two */
    /* Of the waiting. The one that was answered last is taken first: most requests are answered at
     * once, and find everything that they write in the processor's nearest memory. */
    struct slab memory;
    size_t waiting_count;
    struct reading reading;
    struct migration_log migrations;
    struct deciders deciders;
    const struct listener *listener; /* NULL: nobody listens */
    const char *failure;
    uint64_t seq, reads, fetches, completions;
    struct run_tally tally;
    uint32_t parse_every;
    uint64_t until_parsed; /* how many answers come before the next that is parsed */
};

static const char *const out_of_memory = "out of memory";

struct observer *observer_new(const struct plan *plan, uint32_t parse_every)
{
    struct observer *observer = calloc(1, sizeof *observer);
    if (!observer)
        return NULL;
    observer->plan = plan;
    observer->parse_every = parse_every;
    observer->slot_count = 64;
    observer->slots = calloc(observer->slot_count, sizeof *observer->slots);
    observer->memory.item_size = sizeof(struct waiting);
    observer->judge = judge_new(&plan->claim);
    if (!observer->slots || !observer->judge || !deciders_start(&observer->deciders, plan))
        goto fail;
    for (size_t i = 0; i < plan->job_count; i++) {
        if (!judge_name_job(observer->judge, plan->jobs[i].id, plan->jobs[i].name))
            goto fail;
    }
    judge_calls_are_told(observer->judge);
    migration_log_start(&observer->migrations, plan);
    return observer;
fail:
    observer_free(observer);
    return NULL;
}

void observer_free(struct observer *observer)
{
    if (!observer)
        return;
    reading_free(&observer->reading);
    migration_log_free(&observer->migrations);
    deciders_free(&observer->deciders);
    judge_free(observer->judge);
    free(observer->slots);
    slab_free(&observer->memory);
    free(observer);
}

void observer_parse_first(struct observer *observer, uint64_t parse_first)
{
    if (observer->parse_every != 0)
        observer->until_parsed = parse_first % observer->parse_every;
}

void observer_tell(struct observer *observer, const struct listener *listener)
{
    observer->listener = listener;
}

const char *observer_failure(const struct observer *observer)
{
    return observer->failure;
}

static bool fails(struct observer *observer, const char *why)
{
    if (!observer->failure)
        observer->failure = why;
    return false;
}

/* A request stands in one of the few slots that begin at its number. Most are answered before as
 * many others are sent; one that waits long keeps its own slot and is in nobody's way. */
enum { SLOTS_TRIED = 8 };

static struct slot *find_slot(const struct observer *observer, uint64_t wanted, uint64_t request)
{
    for (uint64_t step = 0; step < SLOTS_TRIED; step++) {
        struct slot *slot = &observer->slots[(request + step) & (observer->slot_count - 1)];
        if (slot->request == wanted)
            return slot;
    }
    return NULL;
}

static bool copy_slots(const struct observer *from, struct observer *to)
{
    for (size_t i = 0; i < from->slot_count; i++) {
        const struct slot *old = &from->slots[i];
        struct slot *slot = old->request != 0 ? find_slot(to, 0, old->request) : NULL;
        if (slot)
            *slot = *old;
        else if (old->request != 0)
            return false;
    }
    return true;
}

static bool grow_slots(struct observer *observer)
{
    struct observer bigger = {.slot_count = observer->slot_count};
    do {
        free(bigger.slots);
        bigger.slot_count *= 2;
        bigger.slots = calloc(bigger.slot_count, sizeof *bigger.slots);
    } while (bigger.slots && !copy_slots(observer, &bigger));
    if (!bigger.slots)
        return false;
    free(observer->slots);
    observer->slots = bigger.slots;
    observer->slot_count = bigger.slot_count;
    return true;
}

static struct slot *free_slot(struct observer *observer, uint64_t request)
{
    for (;;) {
        struct slot *slot = find_slot(observer, 0, request);
        if (slot)
            return slot;
        if (!grow_slots(observer))
            return NULL;
    }
}

/* NULL: out of memory. */
static struct waiting *begin_waiting(struct observer *observer, uint64_t request)
{
    struct slot *slot = free_slot(observer, request);
    struct waiting *waiting = slot ? slab_take(&observer->memory) : NULL;
    if (!waiting)
        return NULL;
    *slot = (struct slot){.request = request, .waiting = waiting};
    observer->waiting_count++;
    return waiting;
}

/* What it holds stays as it is until somebody else waits there. */
static void end_waiting(struct observer *observer, struct slot *slot)
{
    slab_give(&observer->memory, slot->waiting);
    observer->waiting_count--;
    slot->request = 0;
}

/* The job that a path names though the plan does not: its entry is wanted like any other. */
static void find_stranger(const char *target, struct id *job)
{
    static const char before[] = "/jobs/";
    const size_t length = sizeof before - 1;
    if (strncmp(target, before, length) == 0)
        id_parse(target + length, strcspn(target + length, "/?"), job);
}

/* What clients send. */
static const char *method_name(enum http_method method)
{
    return method == METHOD_GET     ? "GET"
           : method == METHOD_POST  ? "POST"
           : method == METHOD_PATCH ? "PATCH"
                                    : NULL;
}

/* Field by field, for it is done for every read: what is left out is written with the answer. */
static void begin_exchange(const struct plan *plan, int64_t now_us,
                           const struct client_action *action, struct exchange *exchange)
{
    exchange->client = action->client;
    exchange->client_index = action->client_index;
    exchange->path = action->what;
    exchange->target = action->request.target;
    exchange->job_hint = action->job;
    exchange->checkpoint = action->checkpoint;
    exchange->sent_us = now_us;
    exchange->bound_us = action->bound_us;
    exchange->age_us = 0;
    exchange->is_direct = false;
    exchange->reach = REACH_UNKNOWN;
    if (action->job < plan->job_count) {
        exchange->job = plan->jobs[action->job].id;
        return;
    }
    exchange->job = (struct id){0};
    find_stranger(action->request.target, &exchange->job);
}

bool observer_sent(struct observer *observer, int64_t now_us, const struct client_action *action)
{
    struct waiting *waiting = begin_waiting(observer, action->request.id);
    if (!waiting)
        return fails(observer, out_of_memory);
    waiting->goes_by_names = action->goes_by_names;
    begin_exchange(observer->plan, now_us, action, &waiting->exchange);
    if (observer->listener)
        waiting->raw = (struct raw_exchange){.method = method_name(action->request.method),
                                             .cache_control = action->request.cache_control};
    if (!judge_sent(observer->judge, &waiting->exchange))
        return fails(observer, out_of_memory);
    return true;
}

static void count_fact(struct observer *observer, const struct fact *fact)
{
    observer->completions += fact->kind == FACT_COMPLETED;
    if (fact->kind != FACT_CALL_SENT)
        return;
    observer->fetches++;
    observer->tally.statistics_fetches += fact->call == CALL_STATISTICS;
    observer->tally.graph_fetches += fact->call == CALL_GRAPH;
    observer->tally.other_fetches += fact->call == CALL_OTHER;
}

bool observer_fact(struct observer *observer, const struct fact *fact)
{
    count_fact(observer, fact);
    if (!judge_fact(observer->judge, fact) || !migration_log_fact(&observer->migrations, fact) ||
        (observer->listener && !observer->listener->fact(observer->listener->context, fact)))
        return fails(observer, out_of_memory);
    return true;
}

static struct slot *find_waiting(const struct observer *observer, uint64_t request)
{
    return request != 0 ? find_slot(observer, request, request) : NULL;
}

static void count_answer(struct observer *observer, const struct exchange *exchange)
{
    struct answer_tally *tally = exchange->path == PATH_STATISTICS ? &observer->tally.statistics
                                 : exchange->path == PATH_JOB      ? &observer->tally.jobs
                                                                   : NULL;
    if (exchange->status == 0)
        return;
    observer->reads++;
    if (!tally)
        return;
    tally->answers++;
    tally->errors += exchange->status >= 400;
}

static bool tell_listener(const struct observer *observer, const struct waiting *waiting)
{
    const struct listener *listener = observer->listener;
    return !listener || listener->exchange(listener->context, &waiting->exchange, &waiting->raw);
}

/* What begin_exchange() left out, but for when the answer left. */
static void end_exchange(struct exchange *exchange, int64_t now_us, int status,
                         const struct observation *seen, uint64_t content)
{
    exchange->done_us = now_us;
    exchange->status = status;
    exchange->seen = seen;
    exchange->seen_serial = content;
}

/* Hands a finished exchange to the judge and frees its slot. */
static bool conclude(struct observer *observer, struct slot *slot, struct observed_answer *answer)
{
    struct waiting *waiting = slot->waiting;
    struct exchange *exchange = &waiting->exchange;
    exchange->seq = ++observer->seq;
    *answer =
        (struct observed_answer){.client_index = exchange->client_index, .seen = exchange->seen};
    end_waiting(observer, slot);
    count_answer(observer, exchange);
    if (!judge_exchange(observer->judge, exchange) || !tell_listener(observer, waiting))
        return fails(observer, out_of_memory);
    return true;
}

/* An answer to a client that decides by it: it may be told something else than what left. */
static void tell_decider(struct observer *observer, const struct waiting *waiting, uint64_t request,
                         struct observed_answer *answer)
{
    struct decider *decider = deciders_find(&observer->deciders, answer->client_index);
    if (decider)
        answer->seen = deciders_hear(&observer->deciders, decider, request, &waiting->exchange);
}

static bool is_sampled(struct observer *observer)
{
    if (observer->parse_every == 0 || observer->until_parsed-- > 0)
        return false;
    observer->until_parsed = observer->parse_every - 1;
    return true;
}

bool observer_answered(struct observer *observer, int64_t now_us, uint64_t request, int status,
                       struct body *body, struct observed_answer *answer)
{
    struct slot *slot = find_waiting(observer, request);
    if (!slot)
        return fails(observer, "the implementation answered a request that was not waiting");
    struct waiting *waiting = slot->waiting;
    struct exchange *exchange = &waiting->exchange;
    const bool compare = status == 200 && (is_sampled(observer) || waiting->goes_by_names);
    uint64_t content;
    const struct observation *seen =
        reading_of_body(&observer->reading, exchange->path, status, body, compare, &content);
    if (!seen)
        return fails(observer, observer->reading.failure);
    end_exchange(exchange, now_us, status, seen, content);
    exchange->left_us = now_us;
    if (observer->listener && body)
        waiting->raw.body = body_bytes(body, &waiting->raw.body_length);
    if (!conclude(observer, slot, answer))
        return false;
    tell_decider(observer, waiting, request, answer);
    return true;
}

bool observer_answered_bytes(struct observer *observer, int64_t now_us, uint64_t request,
                             int status, const char *bytes, size_t length,
                             struct observed_answer *answer)
{
    struct slot *slot = find_waiting(observer, request);
    if (!slot)
        return fails(observer, "an answer came for a request that was not waiting");
    struct waiting *waiting = slot->waiting;
    struct exchange *exchange = &waiting->exchange;
    if (exchange->reach != REACHED_ORIGIN)
        exchange->left_us = exchange->sent_us;
    const struct observation *seen = NULL;
    if (status != 0) {
        seen = reading_parse(&observer->reading, exchange->path, status, bytes, length);
        if (!seen)
            return fails(observer, observer->reading.failure);
    }
    end_exchange(exchange, now_us, status, seen, 0);
    if (!conclude(observer, slot, answer))
        return false;
    tell_decider(observer, waiting, request, answer);
    return true;
}

bool observer_decided(struct observer *observer, int64_t now_us, const struct client_action *action)
{
    struct decision decision;
    deciders_tell(&observer->deciders, now_us, action, &decision);
    if (!judge_decision(observer->judge, &decision))
        return fails(observer, out_of_memory);
    return true;
}

void observer_way(struct observer *observer, uint64_t request, const struct answer_way *way)
{
    const struct slot *slot = find_waiting(observer, request);
    if (!slot)
        return;
    struct exchange *exchange = &slot->waiting->exchange;
    exchange->reach = way->reach;
    exchange->left_us = way->left_us;
    exchange->age_us = way->age_us;
}

size_t observer_waiting(const struct observer *observer)
{
    return observer->waiting_count;
}

bool observer_give_up(struct observer *observer, int64_t now_us)
{
    struct observed_answer ignored;
    for (size_t i = 0; i < observer->slot_count; i++) {
        struct slot *slot = &observer->slots[i];
        if (slot->request == 0)
            continue;
        struct exchange *exchange = &slot->waiting->exchange;
        exchange->left_us = exchange->sent_us;
        end_exchange(exchange, now_us, 0, NULL, 0);
        if (!conclude(observer, slot, &ignored))
            return false;
    }
    return true;
}

void observer_result(const struct observer *observer, const struct clients *clients,
                     struct run_result *result)
{
    result->reads = observer->reads;
    result->fetches = observer->fetches;
    result->completions = observer->completions;
    result->tally = observer->tally;
    result->measure_count = 0;
    judge_verdicts(observer->judge, &result->judgement);
    if (clients)
        migration_log_measure(&observer->migrations, clients, result);
}
