#include "harness/observer/observer.h"

#include <stdlib.h>
#include <string.h>

#include "harness/judge/judge.h"
#include "harness/observer/deciders.h"
#include "harness/observer/migration_log.h"
#include "harness/observer/pending.h"
#include "harness/observer/reading.h"

struct observer {
    const struct plan *plan;
    struct judge *judge;
    struct pending_list pending;
    struct reading reading;
    struct migration_log migrations;
    struct deciders deciders;
    const struct listener *listener; /* NULL: nobody listens */
    const char *failure;
    uint64_t seq;
    uint64_t facts[FACT_KIND_COUNT];
    uint64_t fetches[CALL_OTHER + 1];
    struct answer_tally answers[PATH_OTHER + 1];
    uint32_t parse_every;
    uint64_t until_parsed; /* so many answers come before the next that is parsed */
};

static const char *const out_of_memory = "out of memory";

struct observer *observer_new(const struct plan *plan, uint32_t parse_every)
{
    struct observer *observer = calloc(1, sizeof *observer);
    if (!observer)
        return NULL;
    observer->plan = plan;
    observer->parse_every = parse_every;
    observer->until_parsed = parse_every != 0 ? 0 : UINT64_MAX; /* no run has as many */
    observer->judge = judge_new(&plan->claim);
    if (!pending_init(&observer->pending) || !observer->judge ||
        !deciders_start(&observer->deciders, plan))
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
    pending_free(&observer->pending);
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
    struct pending *pending = pending_begin(&observer->pending, action->request.id);
    if (!pending)
        return fails(observer, out_of_memory);
    pending->goes_by_names = action->goes_by_names;
    begin_exchange(observer->plan, now_us, action, &pending->exchange);
    if (observer->listener)
        pending->raw = (struct raw_exchange){.method = method_name(action->request.method),
                                             .cache_control = action->request.cache_control};
    if (!judge_sent(observer->judge, &pending->exchange))
        return fails(observer, out_of_memory);
    return true;
}

/* Whoever else wants to know; mostly nobody. */
static bool tell_others(struct observer *observer, const struct fact *fact)
{
    const struct listener *listener = observer->listener;
    return migration_log_fact(&observer->migrations, fact) &&
           (!listener || listener->fact(listener->context, fact));
}

bool observer_fact(struct observer *observer, const struct fact *fact)
{
    observer->facts[fact->kind]++;
    observer->fetches[fact->call] += fact->kind == FACT_CALL_SENT;
    const bool is_wanted = observer->migrations.migration || observer->listener;
    if (!judge_fact(observer->judge, fact) || (is_wanted && !tell_others(observer, fact)))
        return fails(observer, out_of_memory);
    return true;
}

static void count_answer(struct observer *observer, const struct exchange *exchange)
{
    struct answer_tally *tally = &observer->answers[exchange->path];
    if (exchange->status != 0)
        tally->answers++;
    if (exchange->status >= 400)
        tally->errors++;
}

static bool tell_listener(const struct observer *observer, const struct pending *pending)
{
    const struct listener *listener = observer->listener;
    return !listener || listener->exchange(listener->context, &pending->exchange, &pending->raw);
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
static inline bool conclude(struct observer *observer, struct pending_slot *slot,
                            struct observed_answer *answer)
{
    struct pending *pending = slot->pending;
    struct exchange *exchange = &pending->exchange;
    exchange->seq = ++observer->seq;
    answer->client_index = exchange->client_index;
    answer->seen = exchange->seen;
    pending_end(&observer->pending, slot);
    count_answer(observer, exchange);
    if (!judge_exchange(observer->judge, exchange) || !tell_listener(observer, pending))
        return fails(observer, out_of_memory);
    return true;
}

/* An answer to a client that decides by it: it may be told something else than what left. */
static void tell_decider(struct observer *observer, const struct pending *pending, uint64_t request,
                         struct observed_answer *answer)
{
    struct decider *decider = deciders_find(&observer->deciders, answer->client_index);
    if (decider)
        answer->seen = deciders_hear(&observer->deciders, decider, request, &pending->exchange);
}

static bool is_sampled(struct observer *observer)
{
    if (observer->until_parsed-- > 0)
        return false;
    observer->until_parsed = observer->parse_every - 1;
    return true;
}

bool observer_answered(struct observer *observer, int64_t now_us, uint64_t request, int status,
                       struct body *body, struct observed_answer *answer)
{
    struct pending_slot *slot = pending_find(&observer->pending, request);
    if (!slot)
        return fails(observer, "the implementation answered a request that was not waiting");
    struct pending *pending = slot->pending;
    struct exchange *exchange = &pending->exchange;
    const bool compare = status == 200 && (is_sampled(observer) || pending->goes_by_names);
    uint64_t content;
    const struct observation *seen =
        reading_of_body(&observer->reading, exchange->path, status, body, compare, &content);
    if (!seen)
        return fails(observer, observer->reading.failure);
    end_exchange(exchange, now_us, status, seen, content);
    exchange->left_us = now_us;
    if (observer->listener && body)
        pending->raw.body = body_bytes(body, &pending->raw.body_length);
    if (!conclude(observer, slot, answer))
        return false;
    tell_decider(observer, pending, request, answer);
    return true;
}

bool observer_answered_bytes(struct observer *observer, int64_t now_us, uint64_t request,
                             int status, const char *bytes, size_t length,
                             struct observed_answer *answer)
{
    struct pending_slot *slot = pending_find(&observer->pending, request);
    if (!slot)
        return fails(observer, "an answer came for a request that was not waiting");
    struct pending *pending = slot->pending;
    struct exchange *exchange = &pending->exchange;
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
    tell_decider(observer, pending, request, answer);
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
    const struct pending_slot *slot = pending_find(&observer->pending, request);
    if (!slot)
        return;
    struct exchange *exchange = &slot->pending->exchange;
    exchange->reach = way->reach;
    exchange->left_us = way->left_us;
    exchange->age_us = way->age_us;
}

size_t observer_waiting(const struct observer *observer)
{
    return observer->pending.count;
}

bool observer_give_up(struct observer *observer, int64_t now_us)
{
    struct observed_answer ignored;
    for (size_t i = 0; i <= observer->pending.slot_mask; i++) {
        struct pending_slot *slot = &observer->pending.slots[i];
        if (slot->request == 0)
            continue;
        struct exchange *exchange = &slot->pending->exchange;
        end_exchange(exchange, now_us, 0, NULL, 0);
        exchange->left_us = exchange->sent_us;
        if (!conclude(observer, slot, &ignored))
            return false;
    }
    return true;
}

void observer_result(const struct observer *observer, const struct clients *clients,
                     struct run_result *result)
{
    result->reads = 0;
    for (size_t i = 0; i <= PATH_OTHER; i++)
        result->reads += observer->answers[i].answers;
    result->fetches = observer->facts[FACT_CALL_SENT];
    result->completions = observer->facts[FACT_COMPLETED];
    result->tally = (struct run_tally){
        .statistics_fetches = observer->fetches[CALL_STATISTICS],
        .graph_fetches = observer->fetches[CALL_GRAPH],
        .other_fetches = observer->fetches[CALL_OTHER],
        .statistics = observer->answers[PATH_STATISTICS],
        .jobs = observer->answers[PATH_JOB],
    };
    result->measure_count = 0;
    judge_verdicts(observer->judge, &result->judgement);
    if (clients)
        migration_log_measure(&observer->migrations, clients, result);
}
