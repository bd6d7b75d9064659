#include "harness/judge/judge_check.h"
#include "harness/judge/judge_errors.h"
#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"
#include "harness/judge/witness_internal.h"

/* Checks of what reaches the JobManager: dashboard-cached, isolated, minimal-fetch, bounded-load.
 * All need the origin's own record of calls. */

/* Requests of kinds that are told apart wait, and none that might want an execution graph. */
static bool only_waits(const struct judge *judge, const struct job_state *job, enum path_kind kind)
{
    enum path_kind other = kind == KIND_STATISTICS ? KIND_GRAPH : KIND_STATISTICS;
    return judge->knows_requests && job->requests.waiting[kind] > 0 &&
           job->requests.waiting[other] == 0 && job->requests.waiting[KIND_OTHER] == 0;
}

static bool is_call(const struct news *news, enum fact_kind fact, enum path_kind kind)
{
    return news->fact->kind == fact && news->call && news->call->kind == kind;
}

static void describe_call(const struct judge *judge, const struct news *news,
                          struct property_verdict *verdict)
{
    const struct call *call = news->call;
    char target[TARGET_MAX];
    if (call->asked_for) {
        path_text(news->job, call->path, target);
        witness_add(verdict, call->sent_us, client_name(judge, call->client), 0, "%s  is waiting",
                    target);
    }
    witness_add(verdict, call->sent_us, "gateway", 0, "is asked for the %s of %s",
                call->kind == KIND_GRAPH ? "execution graph" : "checkpoint statistics",
                news->job->label);
}

/* ---- dashboard-cached ---- */

/* The most successful calls that start within one interval, of the intervals that this one is in. */
static size_t most_in_interval(const struct call_tally *tally, size_t at, int64_t interval_us)
{
    const int64_t *sent_us = tally->success_us;
    size_t first = at, most = 1;
    while (first > 0 && sent_us[first - 1] > sent_us[at] - interval_us)
        first--;
    for (size_t last = at; last < tally->success_count; last++) {
        while (first < at && sent_us[first] <= sent_us[last] - interval_us)
            first++;
        if (sent_us[last] - interval_us >= sent_us[at])
            break;
        most = last + 1 - first > most ? last + 1 - first : most;
    }
    return most;
}

static void check_spacing(struct judge *judge, const struct news *news)
{
    const struct call_tally *tally = &news->job->calls.of[KIND_GRAPH];
    int64_t interval_us = judge->claim.refresh_interval_us;
    size_t at = tally->success_count;
    while (at > 1 && tally->success_us[at - 1] > news->call->sent_us)
        at--;
    at--; /* where this call stands */
    bool last = at + 1 == tally->success_count;
    size_t most = most_in_interval(tally, at, interval_us);
    judge_worst(judge, PROPERTY_DASHBOARD_CACHED, (double)most, "calls");
    int64_t before_us = at > 0 ? tally->success_us[at - 1] : INT64_MIN;
    int64_t after_us = last ? INT64_MAX : tally->success_us[at + 1];
    bool near_before = at > 0 && news->call->sent_us - before_us < interval_us;
    bool near_after = !last && after_us - news->call->sent_us < interval_us;
    if (!near_before && !near_after)
        return;
    struct property_verdict *verdict =
        fact_violated(judge, PROPERTY_DASHBOARD_CACHED, news->fact->at_us);
    if (!verdict)
        return;
    int64_t other_us = near_before ? before_us : after_us;
    int64_t gap_us = near_before ? news->call->sent_us - other_us : other_us - news->call->sent_us;
    char gap[LABEL_MAX], interval[LABEL_MAX];
    duration_text(judge, gap_us, gap);
    duration_text(judge, interval_us, interval);
    witness_add(verdict, other_us, "gateway", 0, "is asked for the execution graph of %s",
                news->job->label);
    describe_call(judge, news, verdict);
    witness_cause(verdict, LAYER_GRAPH_CACHE,
                  "Two execution graphs were fetched %s apart; the refresh interval is %s.", gap,
                  interval);
}

/*
 * An entry of the graph cache counts from when its fetch was asked, so two successful fetches
 * start at least one interval apart; a failed one may be repeated at once.
 * Source: Flink DefaultExecutionGraphCache.
 */
static void fact_dashboard_cached(struct judge *judge, const struct news *news)
{
    if (is_call(news, FACT_CALL_ENDED, KIND_GRAPH) && !news->call->failed)
        check_spacing(judge, news);
    if (!is_call(news, FACT_CALL_SENT, KIND_GRAPH) || !judge->knows_requests ||
        news->job->requests.waiting[KIND_GRAPH] > 0 || news->job->requests.waiting[KIND_OTHER] > 0)
        return;
    struct property_verdict *verdict =
        fact_violated(judge, PROPERTY_DASHBOARD_CACHED, news->fact->at_us);
    if (!verdict)
        return;
    describe_call(judge, news, verdict);
    witness_cause(verdict, LAYER_GRAPH_CACHE,
                  "An execution graph was fetched while no dashboard request was waiting.");
}

static void look_dashboard_cached(struct judge *judge, struct look *look)
{
    if (judge->has_calls && look->exchange->path == PATH_JOB && look->exchange->status == 200)
        look_tested(judge, look, PROPERTY_DASHBOARD_CACHED);
}

const struct check check_dashboard_cached = {.property = PROPERTY_DASHBOARD_CACHED,
                                             .needs_calls = true,
                                             .untested = "no read of GET /jobs/:jobid",
                                             .look = look_dashboard_cached,
                                             .looks_at = OF_GRAPHS,
                                             .fact = fact_dashboard_cached,
                                             .hears =
                                                 HEARS(FACT_CALL_SENT) | HEARS(FACT_CALL_ENDED)};

/* ---- isolated ---- */

static void fact_isolated(struct judge *judge, const struct news *news)
{
    if (!news->call)
        return;
    bool graph = news->call->kind == KIND_GRAPH;
    if (!only_waits(judge, news->job, graph ? KIND_STATISTICS : KIND_GRAPH))
        return;
    struct property_verdict *verdict = fact_violated(judge, PROPERTY_ISOLATED, news->fact->at_us);
    if (!verdict)
        return;
    describe_call(judge, news, verdict);
    witness_cause(verdict, graph ? LAYER_GRAPH_CACHE : LAYER_STATISTICS_CACHE,
                  graph ? "A checkpoint request made the dashboard's cache fetch."
                        : "A dashboard request made the checkpoint cache fetch.");
}

/* An answer about checkpoints although nobody ever fetched statistics for it. */
static void check_source(struct judge *judge, struct look *look)
{
    const struct call_tally *statistics = &look->job->calls.of[KIND_STATISTICS];
    if (!(look->is_list || look->is_details) || look->job->calls.of[KIND_GRAPH].succeeded == 0)
        return;
    if (statistics->first_success_us <= look->exchange->left_us) {
        look_left_from(look, statistics->first_success_us);
        return;
    }
    look->same_again = look->same_again && statistics->first_success_us == NOT_KNOWN_US;
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_ISOLATED);
    if (!verdict)
        return;
    if (look->is_list)
        witness_answer(judge, look, verdict);
    else
        witness_error(judge, look, verdict);
    witness_cause(verdict, LAYER_GRAPH_CACHE,
                  "The answer came out of the dashboard's cache: no checkpoint statistics had "
                  "been fetched.");
}

/* An error on one path while only the other path's call failed. A request that was cancelled was
 * so by one of its own path: that is undisturbed's business. */
static void check_borrowed_error(struct judge *judge, struct look *look)
{
    const struct exchange *exchange = look->exchange;
    enum path_kind other = look->kind == KIND_GRAPH ? KIND_STATISTICS : KIND_GRAPH;
    if (!look->is_failure || look_is_cancelled(look) ||
        look->job->calls.of[look->kind].failure_count > 0 ||
        !fetch_failed_within(look->job, other, exchange->sent_us, exchange->done_us))
        return;
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_ISOLATED);
    if (!verdict)
        return;
    witness_error(judge, look, verdict);
    witness_cause(verdict, fetch_cache_layer(look->job, other),
                  "The request failed while only the other path's call had failed.");
}

static void look_isolated(struct judge *judge, struct look *look)
{
    if (!judge->has_calls || look->kind > KIND_STATISTICS)
        return;
    look_tested(judge, look, PROPERTY_ISOLATED);
    check_source(judge, look);
    check_borrowed_error(judge, look);
}

/* With one path alone there is nothing to keep apart. */
static void conclude_isolated(const struct judge *judge, struct property_verdict *verdict)
{
    if (!judge->used[KIND_GRAPH] || !judge->used[KIND_STATISTICS])
        *verdict = (struct property_verdict){.verdict = VERDICT_UNKNOWN};
}

const struct check check_isolated = {.property = PROPERTY_ISOLATED,
                                     .needs_calls = true,
                                     .untested = "only one of the two paths was read",
                                     .look = look_isolated,
                                     .looks_at = OF_STATISTICS | OF_GRAPHS | OF_SILENCE,
                                     .fact = fact_isolated,
                                     .hears = HEARS(FACT_CALL_SENT),
                                     .conclude = conclude_isolated};

/* ---- minimal-fetch ---- */

static void fact_minimal_fetch(struct judge *judge, const struct news *news)
{
    if (!is_call(news, FACT_CALL_SENT, KIND_GRAPH) ||
        !only_waits(judge, news->job, KIND_STATISTICS))
        return;
    struct property_verdict *verdict =
        fact_violated(judge, PROPERTY_MINIMAL_FETCH, news->fact->at_us);
    if (!verdict)
        return;
    describe_call(judge, news, verdict);
    witness_cause(verdict, LAYER_GRAPH_CACHE,
                  "A request for checkpoints caused an execution graph to be built.");
}

static void look_minimal_fetch(struct judge *judge, struct look *look)
{
    if (judge->has_calls && (look->is_list || look->is_details))
        look_tested(judge, look, PROPERTY_MINIMAL_FETCH);
}

const struct check check_minimal_fetch = {.property = PROPERTY_MINIMAL_FETCH,
                                          .needs_calls = true,
                                          .untested = "no read of checkpoints",
                                          .look = look_minimal_fetch,
                                          .looks_at = OF_CHECKPOINTS,
                                          .fact = fact_minimal_fetch,
                                          .hears = HEARS(FACT_CALL_SENT)};

/* ---- bounded-load ---- */

/* The calls that statistics of this job come from. */
static const struct call_tally *statistics_calls(const struct job_state *job)
{
    return &job->calls.of[fetch_statistics_from_graphs(job) ? KIND_GRAPH : KIND_STATISTICS];
}

static void describe_load(const struct judge *judge, const struct job_state *job, uint64_t count,
                          uint64_t allowed, struct property_verdict *verdict)
{
    const struct call_tally *tally = statistics_calls(job);
    bool graph = fetch_statistics_from_graphs(job);
    const char *what = graph ? "execution graphs" : "checkpoint statistics";
    enum layer layer = fetch_cache_layer(job, KIND_STATISTICS);
    if (judge->claim.bound_us == 0) {
        witness_add(verdict, tally->busy_us, "gateway", 0, "is asked for %s of %s", what,
                    job->label);
        witness_add(verdict, tally->over_us, "gateway", 0,
                    "is asked again while as many calls as allowed (%llu) are under way",
                    (unsigned long long)allowed);
        witness_cause(verdict, layer,
                      "%llu calls for one job were in flight at once; allowed: %llu.",
                      (unsigned long long)count, (unsigned long long)allowed);
        return;
    }
    witness_add(verdict, tally->first_sent_us, "gateway", 0,
                "is asked for %s of %s for the first time", what, job->label);
    witness_add(verdict, tally->last_sent_us, "gateway", 0, "is asked for the last time");
    witness_cause(verdict, layer, "%llu calls for one job in this time; allowed: %llu.",
                  (unsigned long long)count, (unsigned long long)allowed);
}

/* The whole history is one span of time: bursts within it are not looked at. */
static uint64_t calls_allowed(const struct judge *judge, const struct job_state *job)
{
    const struct call_tally *tally = statistics_calls(job);
    if (judge->claim.bound_us == 0)
        return (uint64_t)judge->claim.in_flight_max;
    return 1 + (uint64_t)((tally->last_sent_us - tally->first_sent_us) / judge->claim.bound_us) +
           job->demanding;
}

static void conclude_bounded_load(const struct judge *judge, struct property_verdict *verdict)
{
    *verdict = (struct property_verdict){.verdict = VERDICT_UNKNOWN, .worst_unit = "calls"};
    for (size_t i = 0; i < judge->job_count; i++) {
        const struct job_state *job = &judge->jobs[i];
        const struct call_tally *tally = statistics_calls(job);
        bool spaced = judge->claim.bound_us > 0;
        uint64_t count = spaced ? tally->succeeded : tally->in_flight_most;
        if (!job->answered_statistics || count == 0)
            continue;
        verdict->tested += tally->sent;
        verdict->has_worst = true;
        if ((double)count > verdict->worst_value)
            verdict->worst_value = (double)count;
        uint64_t allowed = calls_allowed(judge, job);
        if (count <= allowed)
            continue;
        if (verdict->violations == 0)
            describe_load(judge, job, count, allowed, verdict);
        verdict->violations += spaced ? count - allowed : tally->over;
    }
}

const struct check check_bounded_load = {.property = PROPERTY_BOUNDED_LOAD,
                                         .needs_calls = true,
                                         .untested = "checkpoint statistics were never fetched",
                                         .conclude = conclude_bounded_load};
