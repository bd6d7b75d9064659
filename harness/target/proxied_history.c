#include "harness/target/proxied_history.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/judge/judge.h"
#include "harness/observer/observer.h"

static const char *const out_of_memory = "out of memory";

/* --- keeping ------------------------------------------------------------------------------- */

static void drop(struct proxied_exchange *item)
{
    free((void *)(uintptr_t)item->asked.client);
    free((void *)(uintptr_t)item->asked.request.target);
    free(item->bytes);
}

void proxied_history_free(struct proxied_history *history)
{
    for (size_t i = 0; i < history->count; i++)
        drop(&history->items[i]);
    free(history->items);
    *history = (struct proxied_history){0};
}

static bool make_room(struct proxied_history *history)
{
    if (history->count < history->capacity)
        return true;
    const size_t capacity = history->capacity ? 2 * history->capacity : 64;
    struct proxied_exchange *items = realloc(history->items, capacity * sizeof *items);
    if (!items)
        return false;
    history->items = items;
    history->capacity = capacity;
    return true;
}

/* The reference tells the age of an answer to who demanded one; nobody else behind a proxy does. */
static int64_t age_told_on_the_way(const struct target_exchange *exchange)
{
    return exchange->asked->request.cache_control ? 0 : exchange->landing->age_us;
}

bool proxied_history_add(struct proxied_history *history, const struct target_exchange *exchange)
{
    if (!make_room(history))
        return false;
    const struct landing *landing = exchange->landing;
    struct proxied_exchange item = {.asked = *exchange->asked,
                                    .sent_us = exchange->sent_us,
                                    .done_us = exchange->done_us,
                                    .status = landing->status,
                                    .length = landing->length,
                                    .age_us = age_told_on_the_way(exchange)};
    item.asked.client = text_copy(exchange->asked->client);
    item.asked.request.target = text_copy(exchange->asked->request.target);
    item.asked.path = NULL;
    item.asked.request.body = NULL;
    item.asked.request.cache_control = NULL;
    item.bytes = text_copy_length(landing->bytes, landing->length);
    if (!item.asked.client || !item.asked.request.target || !item.bytes) {
        drop(&item);
        return false;
    }
    history->items[history->count++] = item;
    return true;
}

/* --- tracing ------------------------------------------------------------------------------- */

/* Where the exchange of each request number stands. NULL: out of memory. */
static struct proxied_exchange **index_by_number(const struct proxied_history *history,
                                                 uint64_t *number_max)
{
    *number_max = 0;
    for (size_t i = 0; i < history->count; i++) {
        if (history->items[i].asked.request.id > *number_max)
            *number_max = history->items[i].asked.request.id;
    }
    struct proxied_exchange **index =
        calloc((size_t)*number_max + 1, sizeof(struct proxied_exchange *));
    for (size_t i = 0; index && i < history->count; i++)
        index[history->items[i].asked.request.id] = &history->items[i];
    return index;
}

/* By the origin's machine, and by ours. */
static int64_t there_us(const struct proxied_clocks *clocks, int64_t at_us)
{
    return clocks->origin_zero_us + at_us;
}

static int64_t here_us(const struct proxied_clocks *clocks, int64_t at_us)
{
    return clocks->our_zero_us + at_us;
}

/* A time of the origin's on the clients' clock. */
static int64_t mapped_us(const struct proxied_clocks *clocks, int64_t at_us)
{
    return there_us(clocks, at_us) - clock_offset_middle_us(&clocks->offset) - clocks->our_zero_us;
}

/*
 * The answer is the origin's if one left there that could be here by then, with the same status. A
 * proxy that answers out of its cache may ask the origin all the same: later, for its next answer;
 * or it may ask, get an error, and tell an old answer instead.
 */
static void trace(struct proxied_clocks *clocks, struct proxied_exchange *exchange,
                  const struct request_line *line)
{
    if (exchange->status == 0) {
        exchange->reach = REACHED_ORIGIN;
        exchange->left_us = exchange->sent_us;
        return;
    }
    const int64_t left_us = there_us(clocks, line->left_us);
    const int64_t done_us = here_us(clocks, exchange->done_us);
    if (line->left_us < 0 || line->status != exchange->status ||
        left_us - done_us > clocks->offset.most_us)
        return;
    clock_offset_learn(&clocks->offset, INT64_MIN, left_us, done_us);
    exchange->reach = REACHED_ORIGIN;
    exchange->left_us = line->left_us; /* by the origin's clock until all is learnt */
}

bool proxied_history_trace(struct proxied_evidence *evidence)
{
    struct proxied_clocks *clocks = &evidence->clocks;
    const struct origin_truth *truth = evidence->truth;
    struct proxied_history *history = evidence->history;
    uint64_t number_max;
    if (!clock_offset_is_possible(&clocks->offset) || !evidence->tags_pass)
        return clock_offset_is_possible(&clocks->offset);
    struct proxied_exchange **index = index_by_number(history, &number_max);
    for (size_t i = 0; i < history->count; i++)
        history->items[i].reach = index ? STOPPED_SHORT : REACH_UNKNOWN;
    for (size_t pass = 0; index && pass < 2; pass++) {
        for (size_t i = 0; i < truth->request_count; i++) {
            const struct request_line *line = &truth->requests[i];
            struct proxied_exchange *exchange = line->tag <= number_max ? index[line->tag] : NULL;
            if (exchange && pass == 0)
                clock_offset_learn(&clocks->offset, here_us(clocks, exchange->sent_us),
                                   there_us(clocks, line->arrived_us), INT64_MAX);
            else if (exchange)
                trace(clocks, exchange, line);
        }
    }
    for (size_t i = 0; i < history->count; i++) {
        struct proxied_exchange *exchange = &history->items[i];
        if (exchange->reach == REACHED_ORIGIN && exchange->status != 0)
            exchange->left_us = mapped_us(clocks, exchange->left_us);
        else
            exchange->left_us = exchange->sent_us;
    }
    free(index);
    return clock_offset_is_possible(&clocks->offset);
}

/* --- judging ------------------------------------------------------------------------------- */

enum event_kind { EVENT_FACT, EVENT_SENT, EVENT_ANSWERED };

struct event {
    int64_t at_us;
    enum event_kind kind;
    size_t index;
};

static int compare_events(const void *left, const void *right)
{
    const struct event *a = left;
    const struct event *b = right;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/*
 * How much later than the middle of what is known a fact is told, so that no verdict rests on the
 * error of the clocks: what must be shown from a time on is told as late as it may have been, what
 * may be shown as early. Calls stay, for every answer was found to come after the one it is from.
 */
static int64_t leeway_us(enum fact_kind kind, int64_t error_us)
{
    static const int directions[] = {
        [FACT_BEGAN] = -1,    [FACT_COMPLETED] = 1, [FACT_DURABLE] = 1,
        [FACT_DISCARDED] = 1, [FACT_JOB_KNOWN] = 1, [FACT_ENTRIES] = 0,
    };
    return directions[kind] * error_us;
}

/* Facts on the clients' clock, each not before the run that it belongs to. */
static void map_facts(const struct proxied_evidence *evidence, struct fact *facts)
{
    const int64_t error_us = clock_offset_error_us(&evidence->clocks.offset);
    int64_t run_began_us = INT64_MIN;
    for (size_t i = 0; i < evidence->truth->fact_count; i++) {
        struct fact *fact = &facts[i];
        *fact = evidence->truth->facts[i];
        fact->at_us = mapped_us(&evidence->clocks, fact->at_us) + leeway_us(fact->kind, error_us);
        if (fact->kind == FACT_RUN_BEGAN)
            run_began_us = fact->at_us;
        if (fact->at_us < run_began_us)
            fact->at_us = run_began_us;
    }
}

/* What the origin did when nobody asked any more is no part of the history. */
static size_t order_events(const struct proxied_evidence *evidence, const struct fact *facts,
                           struct event *events)
{
    const struct proxied_history *history = evidence->history;
    int64_t end_us = evidence->plan->end_us;
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct proxied_exchange *exchange = &history->items[i];
        events[count++] = (struct event){exchange->sent_us, EVENT_SENT, i};
        events[count++] = (struct event){exchange->done_us, EVENT_ANSWERED, i};
        if (exchange->done_us > end_us)
            end_us = exchange->done_us;
    }
    for (size_t i = 0; i < evidence->truth->fact_count; i++) {
        if (facts[i].at_us <= end_us)
            events[count++] = (struct event){facts[i].at_us, EVENT_FACT, i};
    }
    qsort(events, count, sizeof *events, compare_events);
    return count;
}

static bool feed(struct observer *observer, const struct proxied_exchange *exchange,
                 enum event_kind kind)
{
    struct observed_answer ignored;
    if (kind == EVENT_SENT)
        return observer_sent(observer, exchange->sent_us, &exchange->asked);
    const struct answer_way way = {
        .reach = exchange->reach,
        .left_us = exchange->left_us,
        .age_us = exchange->reach == REACH_UNKNOWN ? exchange->age_us : 0,
    };
    observer_way(observer, exchange->asked.request.id, &way);
    return observer_answered_bytes(observer, exchange->done_us, exchange->asked.request.id,
                                   exchange->status, exchange->bytes, exchange->length, &ignored);
}

/* Whether the proxy asks the origin without being asked: twice for one request, or when that has
 * been answered already. */
static bool asks_by_itself(const struct proxied_evidence *evidence)
{
    const struct proxied_history *history = evidence->history;
    size_t reached = 0;
    for (size_t i = 0; i < history->count; i++)
        reached += history->items[i].reach == REACHED_ORIGIN;
    return evidence->tags_pass && evidence->truth->request_count > reached;
}

/* These rest on which requests waited when the origin made a call. */
static void doubt_calls(struct judgement *judgement)
{
    static const enum property by_waiting[] = {PROPERTY_DASHBOARD_CACHED, PROPERTY_ISOLATED,
                                               PROPERTY_MINIMAL_FETCH};
    for (size_t i = 0; i < sizeof by_waiting / sizeof by_waiting[0]; i++) {
        struct property_verdict *verdict = &judgement->properties[by_waiting[i]];
        if (verdict->verdict != VERDICT_FAIL || verdict->layer == LAYER_PROXY)
            continue;
        *verdict = (struct property_verdict){.verdict = VERDICT_UNKNOWN, .tested = verdict->tested};
        const char why[] = "the proxy asks the origin by itself, so its calls cannot be laid at a "
                           "request's door";
        memcpy(verdict->cause, why, sizeof why);
    }
    judgement->whole = judge_whole(judgement);
}

const char *proxied_history_judge(const struct proxied_evidence *evidence,
                                  struct run_result *result)
{
    const struct proxied_history *history = evidence->history;
    const size_t fact_count = evidence->truth->fact_count;
    struct fact *facts = calloc(fact_count + 1, sizeof *facts);
    struct event *events = calloc(fact_count + 2 * history->count + 1, sizeof *events);
    struct observer *observer = observer_new(evidence->plan, 0);
    const char *why = out_of_memory;
    if (!facts || !events || !observer)
        goto out;
    map_facts(evidence, facts);
    const size_t count = order_events(evidence, facts, events);
    for (size_t i = 0; i < count; i++) {
        const bool fine = events[i].kind == EVENT_FACT
                              ? observer_fact(observer, &facts[events[i].index])
                              : feed(observer, &history->items[events[i].index], events[i].kind);
        why = observer_failure(observer);
        if (!fine)
            goto out;
    }
    why = NULL;
    observer_result(observer, NULL, result);
    if (asks_by_itself(evidence))
        doubt_calls(&result->judgement);
out:
    observer_free(observer);
    free(events);
    free(facts);
    return why;
}
