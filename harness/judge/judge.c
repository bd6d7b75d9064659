#include "harness/judge/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "harness/judge/judge_absorb.h"
#include "harness/judge/judge_check.h"
#include "harness/judge/judge_decisions.h"
#include "harness/judge/judge_errors.h"
#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_floors.h"
#include "harness/judge/judge_plain.h"
#include "harness/judge/judge_repeats.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/judge_twins.h"
#include "harness/judge/look.h"
#include "harness/judge/witness_internal.h"

/* No history tells it: see cluster_conclude(). */
static const struct check check_well_behaved = {
    .property = PROPERTY_WELL_BEHAVED,
    .untested = "what happens inside of it is not seen here",
};

/* A new check: one file with a `struct check`, and one row here. */
const struct check *const judge_checks[PROPERTY_COUNT] = {
    [PROPERTY_FRESH] = &check_fresh,
    [PROPERTY_BOUNDED_AGE] = &check_bounded_age,
    [PROPERTY_NO_PHANTOM] = &check_no_phantom,
    [PROPERTY_MONOTONIC] = &check_monotonic,
    [PROPERTY_DASHBOARD_CACHED] = &check_dashboard_cached,
    [PROPERTY_ISOLATED] = &check_isolated,
    [PROPERTY_MINIMAL_FETCH] = &check_minimal_fetch,
    [PROPERTY_BOUNDED_LOAD] = &check_bounded_load,
    [PROPERTY_NO_KEPT_ERROR] = &check_no_kept_error,
    [PROPERTY_RIGHT_JOB] = &check_right_job,
    [PROPERTY_UNDISTURBED] = &check_undisturbed,
    [PROPERTY_AVAILABLE] = &check_available,
    [PROPERTY_CONSISTENT] = &check_consistent,
    [PROPERTY_NUMERIC_LATEST] = &check_numeric_latest,
    [PROPERTY_LIVE_PATH] = &check_live_path,
    [PROPERTY_RESTORE_WINDOW] = &check_restore_window,
    [PROPERTY_RIGHT_RESTORE] = &check_right_restore,
    [PROPERTY_BOUNDED_MEMORY] = &check_bounded_memory,
    [PROPERTY_SETTINGS_HONOURED] = &check_settings_honoured,
    [PROPERTY_CONVERGES] = &check_converges,
    [PROPERTY_WELL_BEHAVED] = &check_well_behaved,
};

/* Longest text of duration_print() by far. */
enum { SCRATCH_SIZE = 128 };

/* Most checks want nothing of most answers and facts: they are left out beforehand. */
static void choose_checks(struct judge *judge)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!judge->claim.claimed[i])
            continue;
        for (uint32_t left = judge_checks[i]->looks_at; left != 0;)
            judge->lookers[take_lowest(&left)] |= UINT32_C(1) << i;
        for (uint32_t left = judge_checks[i]->hears; left != 0;)
            judge->hearers[take_lowest(&left)] |= UINT32_C(1) << i;
    }
}

/* Texts and witness are most of a verdict, and seldom there: what is not in use of them is neither
 * cleared nor copied. */
static void clear_verdict(struct property_verdict *verdict, const char *cause)
{
    memset(verdict, 0, offsetof(struct property_verdict, cause));
    verdict->verdict = VERDICT_UNKNOWN;
    text_put(verdict->cause, sizeof verdict->cause, cause);
}

static void copy_verdict(const struct property_verdict *from, struct property_verdict *to)
{
    memcpy(to, from, offsetof(struct property_verdict, cause));
    text_put(to->cause, sizeof to->cause, from->cause);
    memcpy(to->witness, from->witness, from->witness_count * sizeof *from->witness);
}

struct judge *judge_new(const struct claim *claim)
{
    struct judge *judge = malloc(sizeof *judge);
    if (!judge)
        return NULL;
    memset(judge, 0, offsetof(struct judge, verdicts));
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        clear_verdict(&judge->verdicts[i], "");
    judge->claim = *claim;
    choose_checks(judge);
    judge->kept.at_most_us = INT64_MAX;
    judge->horizon_us = INT64_MIN;
    judge->paths = arena_new();
    judge->scratch = calloc(1, sizeof *judge->scratch);
    if (!judge->paths || !judge->scratch || !buffer_reserve(judge->scratch, SCRATCH_SIZE)) {
        judge_free(judge);
        return NULL;
    }
    return judge;
}

void judge_free(struct judge *judge)
{
    if (!judge)
        return;
    state_free(judge);
    if (judge->scratch)
        buffer_free(judge->scratch);
    free(judge->scratch);
    free(judge);
}

bool judge_claims(const struct judge *judge, enum property property)
{
    return judge->claim.claimed[property];
}

static bool out_of_memory(struct judge *judge)
{
    judge->out_of_memory = true;
    return false;
}

void look_tested(struct judge *judge, struct look *look, enum property property)
{
    uint32_t bit = UINT32_C(1) << property;
    judge->verdicts[property].tested += (look->tested & bit) == 0;
    look->tested |= bit;
}

/* Of all violations the one that came first is described; answers come in another order than
 * their requests were sent in. */
static struct property_verdict *count_violation(struct judge *judge, enum property property,
                                                int64_t at_us)
{
    struct property_verdict *verdict = &judge->verdicts[property];
    bool first = verdict->violations++ == 0 || at_us < judge->first_us[property];
    if (!first)
        return NULL;
    judge->first_us[property] = at_us;
    judge->faulty[property].is_known = false;
    verdict->witness_count = 0;
    return verdict;
}

struct property_verdict *look_violated(struct judge *judge, struct look *look,
                                       enum property property)
{
    uint32_t bit = UINT32_C(1) << property;
    look_tested(judge, look, property);
    if (look->violated & bit)
        return NULL;
    look->violated |= bit;
    struct property_verdict *verdict = count_violation(judge, property, look->exchange->sent_us);
    look->described |= verdict ? bit : 0;
    return verdict;
}

struct property_verdict *fact_violated(struct judge *judge, enum property property, int64_t at_us)
{
    return count_violation(judge, property, at_us);
}

void look_until(struct look *look, int64_t until_us)
{
    if (until_us < look->until_us)
        look->until_us = until_us;
}

void look_from(struct look *look, int64_t from_us)
{
    if (from_us > look->from_us)
        look->from_us = from_us;
}

void look_left_from(struct look *look, int64_t left_from_us)
{
    if (left_from_us > look->left_from_us)
        look->left_from_us = left_from_us;
}

void verdict_raise_worst(struct property_verdict *verdict, double value, const char *unit)
{
    if (verdict->has_worst && verdict->worst_value >= value)
        return;
    verdict->has_worst = true;
    verdict->worst_value = value;
    verdict->worst_unit = unit;
}

void verdict_raise_behind(struct property_verdict *verdict, uint64_t behind)
{
    if (behind > verdict->worst_behind)
        verdict->worst_behind = behind;
}

void judge_worst(struct judge *judge, enum property property, double value, const char *unit)
{
    verdict_raise_worst(&judge->verdicts[property], value, unit);
}

void judge_worst_us(struct judge *judge, enum property property, int64_t us)
{
    verdict_raise_worst(&judge->verdicts[property], (double)us / 1000.0, "ms");
}

void judge_behind(struct judge *judge, enum property property, uint64_t behind)
{
    verdict_raise_behind(&judge->verdicts[property], behind);
}

static enum answer_kind kind_of_answer(const struct look *look)
{
    static const enum answer_kind kinds[PATH_KIND_COUNT] = {
        [KIND_GRAPH] = ANSWER_GRAPH,
        [KIND_STATISTICS] = ANSWER_REFUSED,
        [KIND_TRIGGER] = ANSWER_OTHER,
        [KIND_OTHER] = ANSWER_OTHER,
    };
    if (look->exchange->status == 0)
        return ANSWER_NONE;
    if (look->is_list)
        return ANSWER_LIST;
    return look->is_details ? ANSWER_DETAILS : kinds[look->kind];
}

static void begin_look(const struct judge *judge, struct job_state *job,
                       const struct exchange *exchange, struct look *look)
{
    const struct observation *seen = exchange->seen;
    bool good = exchange->status == 200 && seen;
    *look = (struct look){
        .exchange = exchange,
        .seen = seen,
        .job = job,
        .kind = path_kind(exchange->path),
        .generation = job->generation + judge->generation,
        .is_list = good && exchange->path == PATH_STATISTICS && seen->kind == OBSERVED_STATISTICS,
        .is_details = good && exchange->path == PATH_DETAILS && seen->kind == OBSERVED_DETAILS,
        .bound_us = exchange->bound_us >= 0 ? exchange->bound_us : judge->claim.bound_us,
        .same_again = true,
        .from_us = INT64_MIN,
        .until_us = INT64_MAX,
        .left_from_us = INT64_MIN,
        .grows = PROPERTY_COUNT,
        .grows_from_us = NOT_KNOWN_US,
        .oldest_run_over_us = NOT_KNOWN_US,
    };
    look->answer = kind_of_answer(look);
    look->cutoff_us = exchange->sent_us - look->bound_us;
    look->overlapped = requests_overlap(&job->requests, look->kind, exchange->sent_us);
    if (look->is_list && seen->has_latest_completed)
        look->shown_id = seen->latest_completed.id;
}

/*
 * What is wrong with an answer to a request that never got to the origin is the doing of whoever
 * gave it, wherever what it says came from; unless no settings could have made it right.
 */
static void blame_who_answered(const struct look *look, enum property property,
                               struct property_verdict *verdict)
{
    const bool is_witness = look->described >> property & 1;
    if (is_witness && look->exchange->reach == STOPPED_SHORT && verdict->layer != LAYER_SETTING)
        verdict->layer = LAYER_PROXY;
}

static bool judge_look(struct judge *judge, struct job_state *job, const struct exchange *exchange)
{
    struct look look;
    begin_look(judge, job, exchange, &look);
    if (!absorb_run(judge, &look))
        return out_of_memory(judge);
    look_for_failure(&look);
    absorb_known_content(&look);
    look_for_stranger(judge, &look);
    look_for_age(judge, &look);
    for (uint32_t left = judge->lookers[look.answer]; left != 0;) {
        const enum property property = (enum property)take_lowest(&left);
        judge_checks[property]->look(judge, &look);
        if ((look.violated >> property & 1) == 0)
            continue;
        blame_who_answered(&look, property, &judge->verdicts[property]);
        witness_lone_answer(judge, &look, &judge->verdicts[property]);
    }
    look_for_twin(judge, &look);
    if (exchange->status == 0)
        return true;
    job->demanding += look.kind == KIND_STATISTICS && demands_more(judge, exchange);
    if (!absorb_answer(judge, &look))
        return out_of_memory(judge);
    repeat_remember(judge, &look);
    plain_remember(judge, &look);
    return true;
}

static struct job_state *job_of(struct judge *judge, size_t hint, struct id id)
{
    if (hint < judge->job_count && id_equal(judge->jobs[hint].id, id))
        return &judge->jobs[hint];
    return state_job(judge, id);
}

bool judge_exchange(struct judge *judge, const struct exchange *exchange)
{
    if (judge->out_of_memory)
        return false;
    struct job_state *job = job_of(judge, exchange->job_hint, exchange->job);
    if (!job)
        return out_of_memory(judge);
    uint32_t *waiting = &job->requests.waiting[path_kind(exchange->path)];
    *waiting -= *waiting > 0;
    struct floors *own;
    if (repeat_holds(judge, job, exchange, &own))
        return repeat_count(judge, job, exchange, own) || out_of_memory(judge);
    if (!state_remember_client(judge, exchange->client_index, exchange->client))
        return out_of_memory(judge);
    if (!plain_holds(judge, job, exchange))
        return judge_look(judge, job, exchange);
    plain_count(job, exchange);
    return true;
}

bool judge_decision(struct judge *judge, const struct decision *decision)
{
    if (judge->out_of_memory)
        return false;
    struct job_state *job = state_job(judge, decision->job);
    if (!job || !state_remember_client(judge, decision->client_index, decision->client))
        return out_of_memory(judge);
    repeat_settle(judge, job);
    decision_look(judge, job, decision);
    return true;
}

void judge_horizon(struct judge *judge, int64_t horizon_us)
{
    if (horizon_us > judge->horizon_us)
        judge->horizon_us = horizon_us;
}

bool judge_sent(struct judge *judge, const struct exchange *exchange)
{
    if (judge->out_of_memory)
        return false;
    struct job_state *job = job_of(judge, exchange->job_hint, exchange->job);
    if (!job || !state_remember_client(judge, exchange->client_index, exchange->client))
        return out_of_memory(judge);
    enum path_kind kind = path_kind(exchange->path);
    judge->knows_requests = true;
    job->requests.waiting[kind]++;
    job->requests.last[kind] = (struct waiter){
        .sent_us = exchange->sent_us, .client = exchange->client_index, .path = exchange->path};
    return true;
}

bool judge_name_job(struct judge *judge, struct id id, const char *name)
{
    struct job_state *job = judge->out_of_memory ? NULL : state_job(judge, id);
    if (!job)
        return out_of_memory(judge);
    text_put(job->label, sizeof job->label, name);
    return true;
}

void judge_calls_are_told(struct judge *judge)
{
    judge->has_calls = true;
}

static bool is_call(enum fact_kind kind)
{
    return kind == FACT_CALL_SENT || kind == FACT_CALL_TAKEN || kind == FACT_CALL_ENDED;
}

static bool remember_fact(struct judge *judge, const struct fact *fact, struct news *news)
{
    struct job_state *job = job_of(judge, fact->job_hint, fact->job);
    if (!job)
        return false;
    news->job = job;
    if (is_call(fact->kind))
        return fetch_fact(judge, job, fact, news);
    repeat_settle(judge, job);
    return state_fact(judge, job, fact, news);
}

bool judge_fact(struct judge *judge, const struct fact *fact)
{
    struct news news = {.fact = fact};
    if (judge->out_of_memory)
        return false;
    if (fact->kind != FACT_ENTRIES && !remember_fact(judge, fact, &news))
        return out_of_memory(judge);
    for (uint32_t left = judge->hearers[fact->kind]; left != 0;)
        judge_checks[take_lowest(&left)]->fact(judge, &news);
    return true;
}

/* Where nothing was wrong the smallest bound that passes is 0; restore-window has none then. */
static const char *const worst_units[PROPERTY_COUNT] = {
    [PROPERTY_NO_PHANTOM] = "ms",    [PROPERTY_MONOTONIC] = "checkpoints",
    [PROPERTY_NO_KEPT_ERROR] = "ms", [PROPERTY_RIGHT_JOB] = "ms",
    [PROPERTY_LIVE_PATH] = "ms",     [PROPERTY_NUMERIC_LATEST] = "checkpoints",
    [PROPERTY_RIGHT_RESTORE] = "ms",
};

static void conclude(const struct judge *judge, enum property property,
                     struct property_verdict *verdict)
{
    const struct check *check = judge_checks[property];
    if (check->conclude)
        check->conclude(judge, verdict);
    if (verdict->violations > 0) {
        /* What is counted as a test may be something else than what can break: answers and calls of
         * a dashboard, say. Every violation was a test. */
        if (verdict->tested < verdict->violations)
            verdict->tested = verdict->violations;
        verdict->verdict = VERDICT_FAIL;
        return;
    }
    if (verdict->tested > 0 && !verdict->has_worst && worst_units[property])
        verdict_raise_worst(verdict, 0, worst_units[property]);
    verdict->verdict = verdict->tested > 0 ? VERDICT_PASS : VERDICT_UNKNOWN;
    if (verdict->tested > 0 || verdict->cause[0])
        return;
    const char *why =
        check->needs_calls && !judge->has_calls
            ? "it takes the origin's own record of what it was asked, which is not told here"
            : check->untested;
    text_put(verdict->cause, sizeof verdict->cause, why);
}

/* Texts that were too long may end within a character. */
static void clean_texts(struct property_verdict *verdict)
{
    utf8_clean(verdict->cause);
    for (size_t i = 0; i < verdict->witness_count; i++) {
        utf8_clean(verdict->witness[i].who);
        utf8_clean(verdict->witness[i].what);
    }
}

void judge_verdicts(const struct judge *judge, struct judgement *judgement)
{
    judgement->claim = judge->claim;
    judgement->margin = (struct margin){0};
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        copy_verdict(&judge->verdicts[i], &judgement->properties[i]);
    judgement->staleness = judge->staleness;
    judgement->expected = (struct expected_staleness){0};
    for (size_t i = 0; i < judge->job_count; i++) {
        repeat_add(&judge->jobs[i], judgement->properties, &judgement->staleness);
        for (size_t path = 0; path < EXCHANGE_PATH_COUNT; path++)
            plain_add(&judge->jobs[i].plain[path], judgement->properties);
    }
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        struct property_verdict *verdict = &judgement->properties[i];
        if (judge->out_of_memory) {
            clear_verdict(verdict, "out of memory while judging");
        } else if (judge->claim.claimed[i]) {
            conclude(judge, (enum property)i, verdict);
        } else {
            clear_verdict(verdict, "not claimed");
        }
        clean_texts(verdict);
    }
    judgement->whole = judge_whole(judgement);
}

/* Properties that any read of checkpoint statistics puts to the test. */
static bool statistics_were_read(const struct judgement *judgement)
{
    static const enum property of_statistics[] = {
        PROPERTY_FRESH,      PROPERTY_BOUNDED_AGE,    PROPERTY_NO_PHANTOM, PROPERTY_MONOTONIC,
        PROPERTY_CONSISTENT, PROPERTY_NUMERIC_LATEST, PROPERTY_LIVE_PATH,  PROPERTY_AVAILABLE};
    for (size_t i = 0; i < sizeof of_statistics / sizeof *of_statistics; i++) {
        if (judgement->properties[of_statistics[i]].tested > 0)
            return true;
    }
    return false;
}

enum verdict judge_whole(const struct judgement *judgement)
{
    bool any_passed = false;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!judgement->claim.claimed[i])
            continue;
        if (judgement->properties[i].verdict == VERDICT_FAIL)
            return VERDICT_FAIL;
        any_passed |= judgement->properties[i].verdict == VERDICT_PASS;
    }
    enum property own = judgement->claim.bound_us == 0 ? PROPERTY_FRESH : PROPERTY_BOUNDED_AGE;
    bool own_decides = judgement->claim.claimed[own] && statistics_were_read(judgement);
    if (own_decides)
        return judgement->properties[own].verdict;
    return any_passed ? VERDICT_PASS : VERDICT_UNKNOWN;
}
