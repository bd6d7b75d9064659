#include "harness/judge/judge_fetches.h"

#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "harness/judge/judge_floors.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"

/* Calls of the gateway, as the origin's journal tells them. Kept are those in flight, the last of
 * each kind that brought a version, and the failures: not every call that was ever made. */

void job_calls_free(struct job_calls *calls)
{
    for (size_t i = 0; i < 2; i++) {
        free(calls->of[i].failures);
        free(calls->of[i].success_us);
    }
    free(calls->brought);
}

static bool push_call(struct judge *judge, const struct call *call)
{
    struct call *items = vector_grow(judge->in_flight.items, judge->in_flight.count,
                                     &judge->in_flight.capacity, sizeof *items);
    if (!items)
        return false;
    judge->in_flight.items = items;
    items[judge->in_flight.count++] = *call;
    return true;
}

/* Whose request had a call made: one of the same path kind that waits, else any that waits. */
static void blame(const struct job_state *job, struct call *call)
{
    static const enum path_kind others[] = {KIND_GRAPH, KIND_STATISTICS, KIND_OTHER};
    enum path_kind kind = call->kind;
    for (size_t i = 0; i < 3 && job->requests.waiting[kind] == 0; i++)
        kind = others[i];
    call->client = SIZE_MAX;
    if (job->requests.waiting[kind] == 0)
        return;
    call->asked_for = true;
    call->client = job->requests.last[kind].client;
    call->path = job->requests.last[kind].path;
}

static bool call_sent(struct judge *judge, struct job_state *job, const struct fact *fact,
                      struct news *news)
{
    struct call call = {.fetch = fact->fetch,
                        .kind = fact->call == CALL_GRAPH ? KIND_GRAPH : KIND_STATISTICS,
                        .sent_us = fact->at_us,
                        .taken_us = NOT_KNOWN_US,
                        .ended_us = NOT_KNOWN_US,
                        .job = (size_t)(job - judge->jobs)};
    blame(job, &call);
    if (!push_call(judge, &call))
        return false;
    struct call_tally *tally = &job->calls.of[call.kind];
    job->generation += tally->sent++ == 0;
    tally->in_flight++;
    if (tally->in_flight > tally->in_flight_most)
        tally->in_flight_most = tally->in_flight;
    if ((int64_t)tally->in_flight > judge->claim.in_flight_max && tally->over++ == 0) {
        tally->over_us = fact->at_us;
        tally->busy_us = tally->last_us;
    }
    tally->last_us = fact->at_us;
    news->call = &judge->in_flight.items[judge->in_flight.count - 1];
    return true;
}

static struct call *find_in_flight(struct judge *judge, size_t job, uint64_t fetch)
{
    for (size_t i = 0; i < judge->in_flight.count; i++) {
        if (judge->in_flight.items[i].fetch == fetch && judge->in_flight.items[i].job == job)
            return &judge->in_flight.items[i];
    }
    return NULL;
}

static bool keep_failure(struct job_state *job, const struct call *call)
{
    struct call_tally *tally = &job->calls.of[call->kind];
    struct failure *items =
        vector_grow(tally->failures, tally->failure_count, &tally->failure_capacity, sizeof *items);
    if (!items)
        return false;
    tally->failures = items;
    items[tally->failure_count++] = (struct failure){
        .sent_us = call->sent_us, .ended_us = call->ended_us, .outcome = call->outcome};
    job->generation++;
    return true;
}

/* Calls may end in another order than they were sent in, but rarely. */
static bool keep_success_time(struct call_tally *tally, int64_t sent_us)
{
    int64_t *items = vector_grow(tally->success_us, tally->success_count, &tally->success_capacity,
                                 sizeof *items);
    if (!items)
        return false;
    tally->success_us = items;
    size_t at = tally->success_count++;
    for (; at > 0 && items[at - 1] > sent_us; at--)
        items[at] = items[at - 1];
    items[at] = sent_us;
    return true;
}

/* A call of this kind brought a version: the last one is kept. */
static bool keep_brought(struct job_state *job, const struct call *call)
{
    enum { LOOK_BACK = 8 }; /* calls that overtake each other bring versions near each other */
    for (size_t i = job->calls.brought_count, steps = 0; i-- > 0 && steps < LOOK_BACK; steps++) {
        if (job->calls.brought[i].version == call->version) {
            job->calls.brought[i].last[call->kind] = *call;
            return true;
        }
    }
    struct brought *items = vector_grow(job->calls.brought, job->calls.brought_count,
                                        &job->calls.brought_capacity, sizeof *items);
    if (!items)
        return false;
    job->calls.brought = items;
    struct brought *next = &items[job->calls.brought_count++];
    *next = (struct brought){.version = call->version,
                             .last = {{.ended_us = NOT_KNOWN_US}, {.ended_us = NOT_KNOWN_US}}};
    next->last[call->kind] = *call;
    return true;
}

static bool keep_success(struct job_state *job, const struct call *call)
{
    struct call_tally *tally = &job->calls.of[call->kind];
    if (tally->succeeded++ == 0) {
        tally->first_success_us = call->ended_us;
        tally->first_sent_us = tally->last_sent_us = call->sent_us;
        job->generation++;
    }
    if (call->sent_us < tally->first_sent_us)
        tally->first_sent_us = call->sent_us;
    if (call->sent_us > tally->last_sent_us)
        tally->last_sent_us = call->sent_us;
    if (call->kind == KIND_GRAPH && !keep_success_time(tally, call->sent_us))
        return false;
    return keep_brought(job, call);
}

/* The call is gone from those in flight, and lives in `ended`, while the checks hear of it. */
static bool call_ended(struct judge *judge, struct job_state *job, const struct fact *fact,
                       struct news *news)
{
    struct call *call = find_in_flight(judge, (size_t)(job - judge->jobs), fact->fetch);
    if (!call)
        return true;
    judge->in_flight.ended = *call;
    struct call *last = &judge->in_flight.items[--judge->in_flight.count];
    memmove(call, call + 1, (size_t)(last - call) * sizeof *call);
    call = &judge->in_flight.ended;
    call->ended_us = fact->at_us;
    call->failed = fact->call_failed;
    call->outcome = fact->call_outcome;
    if (call->taken_us == NOT_KNOWN_US)
        call->version = fact->version;
    job->calls.of[call->kind].in_flight--;
    news->call = call;
    return call->failed ? keep_failure(job, call) : keep_success(job, call);
}

bool fetch_fact(struct judge *judge, struct job_state *job, const struct fact *fact,
                struct news *news)
{
    judge->generation += !judge->has_calls;
    judge->has_calls = true;
    news->run = job_current_run(job);
    if (fact->call == CALL_OTHER)
        return true;
    if (fact->kind == FACT_CALL_SENT)
        return call_sent(judge, job, fact, news);
    if (fact->kind == FACT_CALL_ENDED)
        return call_ended(judge, job, fact, news);
    struct call *call = find_in_flight(judge, (size_t)(job - judge->jobs), fact->fetch);
    if (call) {
        call->taken_us = fact->at_us;
        call->version = fact->version;
        news->call = call;
    }
    return true;
}

static const struct brought *find_brought(const struct job_state *job, uint64_t version)
{
    for (size_t i = job->calls.brought_count; i-- > 0;) {
        if (job->calls.brought[i].version == version)
            return &job->calls.brought[i];
    }
    return NULL;
}

const struct call *fetch_of_version(const struct job_state *job, uint64_t version)
{
    const struct brought *brought = find_brought(job, version);
    if (!brought)
        return NULL;
    /* Where both kinds brought it, the statistics came by the call made for them. */
    const struct call *statistics = &brought->last[KIND_STATISTICS];
    return statistics->ended_us != NOT_KNOWN_US ? statistics : &brought->last[KIND_GRAPH];
}

bool fetch_failed_within(const struct job_state *job, enum path_kind kind, int64_t from_us,
                         int64_t to_us)
{
    const struct call_tally *tally = &job->calls.of[kind];
    for (size_t i = tally->failure_count; i-- > 0 && tally->failures[i].ended_us >= from_us;) {
        if (tally->failures[i].ended_us <= to_us)
            return true;
    }
    return false;
}

bool fetch_statistics_from_graphs(const struct job_state *job)
{
    return job->calls.of[KIND_STATISTICS].sent == 0 && job->calls.of[KIND_GRAPH].sent > 0;
}

enum path_kind fetch_source_kind(const struct job_state *job, enum path_kind kind)
{
    return kind == KIND_STATISTICS && fetch_statistics_from_graphs(job) ? KIND_GRAPH : kind;
}

enum layer fetch_cache_layer(const struct job_state *job, enum path_kind kind)
{
    if (kind == KIND_STATISTICS && !fetch_statistics_from_graphs(job))
        return LAYER_STATISTICS_CACHE;
    return LAYER_GRAPH_CACHE;
}

/*
 * Without a record of calls. One version on both sides of an instant by which it was outdated was
 * kept somewhere. A version never seen before, where nothing may be kept and no other path was
 * read that could have filled a shared cache, was fetched for this very read.
 */
static enum layer layer_from_answers(const struct judge *judge, const struct look *look,
                                     int64_t since_us)
{
    const struct floors *seen_before = look->run ? &look->run->everyone : NULL;
    for (size_t i = seen_before ? seen_before->count : 0; i-- > 0;) {
        const struct floor *floor = &floors_items(seen_before)[i];
        if (floor->shown.version == look->seen->version)
            return floor->done_us <= since_us || look->bound_us > 0 ? LAYER_CACHE : LAYER_UNKNOWN;
    }
    if (judge->claim.bound_us == 0 && look->bound_us == 0 && seen_before &&
        !look->job->saw_other_paths)
        return LAYER_ORIGIN;
    return LAYER_UNKNOWN;
}

bool fetch_is_aged(const struct look *look, int64_t since_us)
{
    const struct exchange *exchange = look->exchange;
    return !exchange->is_direct && exchange->age_us > 0 &&
           exchange->done_us - exchange->age_us < since_us;
}

/* By its `Age`. Or the origin's own address had shown more before the request was sent. */
static bool is_kept_by_proxy(const struct look *look, int64_t since_us)
{
    const struct exchange *exchange = look->exchange;
    if (exchange->is_direct)
        return false;
    if (fetch_is_aged(look, since_us))
        return true;
    return look->job->direct.version > look->seen->version &&
           look->job->direct.done_us < exchange->sent_us;
}

enum layer fetch_layer_of_old(const struct judge *judge, const struct look *look, int64_t since_us)
{
    if (is_kept_by_proxy(look, since_us))
        return LAYER_PROXY;
    if (!judge->has_calls)
        return layer_from_answers(judge, look, since_us);
    const struct brought *brought = find_brought(look->job, look->seen->version);
    if (!brought)
        return LAYER_UNKNOWN;
    for (size_t i = 0; i < 2; i++) {
        const struct call *call = &brought->last[i];
        if (call->ended_us != NOT_KNOWN_US && call->taken_us != NOT_KNOWN_US &&
            call->taken_us >= since_us)
            return LAYER_ORIGIN;
    }
    return brought->last[KIND_STATISTICS].ended_us != NOT_KNOWN_US ? LAYER_STATISTICS_CACHE
                                                                   : LAYER_GRAPH_CACHE;
}
