#include "harness/judge/judge_check.h"
#include "harness/judge/judge_errors.h"
#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/judge_twins.h"
#include "harness/judge/look.h"
#include "harness/judge/witness_internal.h"

/*
 * converges: what is true once nothing keeps any path from it. The claim says from when on: after
 * the last fault, the calls that it held up, and one timeout. Whatever an implementation remembers
 * of a fault by then it will remember for ever.
 */

/* How old a list may be even then. */
static int64_t allowed_age_us(const struct judge *judge, const struct look *look)
{
    const struct claim *claim = &judge->claim;
    const int64_t timeout_us = claim->settings_known ? claim->settings_timeout_us : claim->bound_us;
    const int64_t demanded_us = look->exchange->bound_us;
    return demanded_us > timeout_us ? demanded_us : timeout_us;
}

static void say_since(const struct judge *judge, const struct look *look, char since[LABEL_MAX])
{
    duration_text(judge, look->exchange->sent_us - judge->claim.settled_from_us, since);
}

/* --- no answer, or a failure ------------------------------------------------------------------ */

/* What the JobManager itself says of a job that it has not or that is not ready is true, whatever
 * older answers had shown. */
static bool is_true(const struct look *look)
{
    const enum observed_error error = look->seen ? look->seen->error : ERROR_OTHER;
    return (error == ERROR_INITIALIZING || error == ERROR_JOB_NOT_FOUND) && look->is_explained;
}

static enum layer layer_of_failure(const struct judge *judge, const struct look *look)
{
    if (fetch_is_aged(look, judge->claim.settled_from_us))
        return LAYER_PROXY;
    if (!judge->has_calls)
        return LAYER_UNKNOWN;
    return look->is_explained ? LAYER_ORIGIN : fetch_cache_layer(look->job, look->kind);
}

static void found_silent(struct judge *judge, struct look *look)
{
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_CONVERGES);
    char target[TARGET_MAX], since[LABEL_MAX];
    if (!verdict)
        return;
    target_text(judge, look->exchange, target);
    say_since(judge, look, since);
    witness_add(verdict, look->exchange->sent_us, look_client(judge, look), look->exchange->seq,
                "%s  was never answered", target);
    witness_cause(verdict, judge->has_calls ? LAYER_ENDPOINT : LAYER_UNKNOWN,
                  "The request was never answered, though all had been quiet for %s.", since);
}

static void found_failing(struct judge *judge, struct look *look)
{
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_CONVERGES);
    char since[LABEL_MAX];
    if (!verdict)
        return;
    say_since(judge, look, since);
    witness_error(judge, look, verdict);
    witness_cause(verdict, layer_of_failure(judge, look),
                  "The request failed, though all had been quiet for %s.", since);
}

/* --- an old state ----------------------------------------------------------------------------- */

static void check_list(struct judge *judge, struct look *look)
{
    const struct completion *missed = look->missed;
    const int64_t allowed_us = allowed_age_us(judge, look);
    char behind[LABEL_MAX], allowed[LABEL_MAX];
    if (!missed)
        return;
    if (missed->at_us >= look->exchange->sent_us - allowed_us) {
        look_until(look, missed->at_us + allowed_us + 1);
        return;
    }
    look_from(look, missed->at_us + allowed_us + 1);
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_CONVERGES);
    if (!verdict)
        return;
    witness_answer(judge, look, verdict);
    witness_completion(judge, look->job, missed, verdict);
    duration_text(judge, look->exchange->sent_us - missed->at_us, behind);
    duration_text(judge, allowed_us, allowed);
    const enum layer layer = look_lists_beyond_latest(look)
                                 ? look_layer_of_content(judge, look, PROPERTY_CONVERGES)
                                 : fetch_layer_of_old(judge, look, missed->at_us);
    witness_cause(verdict, layer,
                  "All was quiet, and checkpoint %lld had been complete for %s; %s are allowed.",
                  (long long)missed->id, behind, allowed);
}

/* What a page of a job says comes from a graph, and which one only calls tell. */
static void check_graph(struct judge *judge, struct look *look)
{
    const struct call_tally *tally = &look->job->calls.of[KIND_GRAPH];
    const int64_t interval_us = judge->claim.refresh_interval_us;
    if (!judge->has_calls || tally->success_count == 0)
        return;
    const int64_t newest_us = tally->success_us[tally->success_count - 1];
    if (newest_us >= look->exchange->sent_us - interval_us) {
        look_until(look, newest_us + interval_us + 1);
        return;
    }
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_CONVERGES);
    char target[TARGET_MAX], age[LABEL_MAX], allowed[LABEL_MAX];
    if (!verdict)
        return;
    duration_text(judge, look->exchange->sent_us - newest_us, age);
    duration_text(judge, interval_us, allowed);
    witness_add(verdict, newest_us, "gateway", 0, "is asked for the execution graph of %s",
                look->job->label);
    target_text(judge, look->exchange, target);
    witness_add(verdict, look->exchange->sent_us, look_client(judge, look), look->exchange->seq,
                "%s  answered from it", target);
    witness_cause(verdict, LAYER_GRAPH_CACHE,
                  "All was quiet, and the last execution graph had been asked for %s before; the "
                  "refresh interval is %s.",
                  age, allowed);
}

/* That a request was cancelled by another is undisturbed's business, whatever came before. */
static void look_converges(struct judge *judge, struct look *look)
{
    const struct exchange *exchange = look->exchange;
    const int64_t known_us = look->job->known_from_us;
    const int64_t settled_us = judge->claim.settled_from_us;
    const int64_t from_us = known_us > settled_us ? known_us : settled_us;
    if (look->kind > KIND_STATISTICS || known_us == NOT_KNOWN_US)
        return;
    if (exchange->sent_us < from_us) {
        look_until(look, from_us);
        return;
    }
    look_tested(judge, look, PROPERTY_CONVERGES);
    look_from(look, from_us);
    if (exchange->status == 0)
        found_silent(judge, look);
    else if (look->is_failure && !look_is_cancelled(look) && !is_true(look))
        found_failing(judge, look);
    else if (look->is_list)
        check_list(judge, look);
    else if (look->kind == KIND_GRAPH && exchange->status == 200)
        check_graph(judge, look);
}

const struct check check_converges = {.property = PROPERTY_CONVERGES,
                                      .untested = "no request about a job was sent after all had "
                                                  "become quiet",
                                      .look = look_converges,
                                      .looks_at = OF_STATISTICS | OF_GRAPHS | OF_SILENCE};
