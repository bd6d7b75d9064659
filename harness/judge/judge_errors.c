#include "harness/judge/judge_errors.h"

#include "harness/judge/judge_check.h"
#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"
#include "harness/judge/witness_internal.h"

/* Checks of failing answers: no-kept-error, undisturbed, available. */

static enum observed_error error_of(const struct look *look)
{
    return look->seen && look->seen->kind == OBSERVED_ERROR ? look->seen->error : ERROR_OTHER;
}

bool look_is_cancelled(const struct look *look)
{
    return error_of(look) == ERROR_CANCELLED;
}

/* That checkpointing is off, or a checkpoint is not there, is no failure (reference, R-44). */
static bool is_failure(const struct look *look)
{
    const enum observed_error error = error_of(look);
    if (look->kind > KIND_STATISTICS || error == ERROR_NO_CHECKPOINT || error == ERROR_NOT_ENABLED)
        return false;
    return look->exchange->status >= 500 || error == ERROR_JOB_NOT_FOUND ||
           error == ERROR_INITIALIZING;
}

static enum path_kind source_kind(const struct look *look)
{
    return fetch_source_kind(look->job, look->kind);
}

void look_for_failure(struct look *look)
{
    look->is_failure = is_failure(look);
    look->is_explained =
        look->is_failure && fetch_failed_within(look->job, source_kind(look),
                                                look->exchange->sent_us, look->exchange->done_us);
}

static const struct failure *first_failure(const struct look *look)
{
    const struct call_tally *tally = &look->job->calls.of[source_kind(look)];
    return tally->failure_count > 0 ? &tally->failures[0] : NULL;
}

/* The last failure that was over before the request was sent; NULL: none. */
static const struct failure *failure_before(const struct look *look)
{
    const struct call_tally *tally = &look->job->calls.of[source_kind(look)];
    for (size_t i = tally->failure_count; i-- > 0;) {
        if (tally->failures[i].ended_us < look->exchange->sent_us)
            return &tally->failures[i];
    }
    return NULL;
}

/* ---- no-kept-error ---- */

static void describe_kept_failure(const struct judge *judge, const struct look *look,
                                  const struct failure *failure, struct property_verdict *verdict)
{
    char ago[LABEL_MAX];
    duration_text(judge, look->exchange->sent_us - failure->ended_us, ago);
    witness_since(verdict, failure->ended_us, "gateway", 0, "the call for %s of %s fails: %s",
                  source_kind(look) == KIND_GRAPH ? "the execution graph" : "checkpoint statistics",
                  look->job->label, failure->outcome ? failure->outcome : "failed");
    witness_error(judge, look, verdict);
    witness_cause(verdict,
                  fetch_is_aged(look, failure->ended_us) ? LAYER_PROXY
                                                         : fetch_cache_layer(look->job, look->kind),
                  "The failure had been over for %s when the request was sent.", ago);
}

static void look_kept_with_calls(struct judge *judge, struct look *look)
{
    const struct failure *first = first_failure(look);
    if (!first)
        return;
    if (first->ended_us >= look->exchange->sent_us) {
        look_until(look, first->ended_us + 1);
        return;
    }
    look_tested(judge, look, PROPERTY_NO_KEPT_ERROR);
    look_from(look, first->ended_us + 1);
    if (!look->is_failure || look_is_cancelled(look) || look->is_explained)
        return;
    judge_worst_us(judge, PROPERTY_NO_KEPT_ERROR,
                   look->exchange->sent_us - failure_before(look)->ended_us);
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_NO_KEPT_ERROR);
    if (verdict)
        describe_kept_failure(judge, look, failure_before(look), verdict);
}

static void describe_kept_answer(const struct judge *judge, const struct look *look,
                                 const struct first_error *first, struct property_verdict *verdict)
{
    const struct job_state *job = look->job;
    char target[TARGET_MAX], ago[LABEL_MAX];
    enum observed_error error = error_of(look);
    path_text(job, PATH_STATISTICS, target);
    witness_add(verdict, first->done_us, client_name(judge, first->client), first->seq,
                "%s  answered %d, %s", target, first->status, observed_error_name(error));
    path_text(job, PATH_JOB, target);
    witness_since(verdict, first->healthy_us, client_name(judge, first->healthy_client),
                  first->healthy_seq, "%s  answered 200, the job runs", target);
    witness_error(judge, look, verdict);
    duration_text(judge, look->exchange->sent_us - first->healthy_us, ago);
    witness_cause(verdict, fetch_is_aged(look, first->healthy_us) ? LAYER_PROXY : LAYER_CACHE,
                  "The job had been seen running %s before the request that still says: %s.", ago,
                  observed_error_name(error));
}

/*
 * Without a record of calls an error is proved to be kept only when something contradicts it: the
 * job was seen running between the first such answer and this request. A timeout may well happen
 * twice, so only the two errors count that a running job rules out.
 */
static bool contradicted(const struct look *look, enum observed_error error)
{
    const struct first_error *first = &look->job->errors.first[error];
    return (error == ERROR_JOB_NOT_FOUND || error == ERROR_INITIALIZING) &&
           first->done_us != NOT_KNOWN_US && first->healthy_us < look->exchange->sent_us;
}

static void look_kept_from_answers(struct judge *judge, struct look *look)
{
    if (look->exchange->path != PATH_STATISTICS || !look->seen)
        return;
    if (contradicted(look, ERROR_JOB_NOT_FOUND) || contradicted(look, ERROR_INITIALIZING))
        look_tested(judge, look, PROPERTY_NO_KEPT_ERROR);
    if (!look->is_failure || !contradicted(look, error_of(look)))
        return;
    judge_worst_us(judge, PROPERTY_NO_KEPT_ERROR,
                   look->exchange->sent_us - look->job->errors.first[error_of(look)].healthy_us);
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_NO_KEPT_ERROR);
    if (verdict)
        describe_kept_answer(judge, look, &look->job->errors.first[error_of(look)], verdict);
}

static void look_no_kept_error(struct judge *judge, struct look *look)
{
    if (look->kind > KIND_STATISTICS || look->exchange->status == 0)
        return;
    if (judge->has_calls)
        look_kept_with_calls(judge, look);
    else
        look_kept_from_answers(judge, look);
}

const struct check check_no_kept_error = {.property = PROPERTY_NO_KEPT_ERROR,
                                          .untested = "no request was sent after a failure that is "
                                                      "known to have been over",
                                          .look = look_no_kept_error,
                                          .looks_at = OF_STATISTICS | OF_GRAPHS};

/* ---- undisturbed ---- */

/* Cancelled by another, or failing although nothing failed. What an earlier failure may explain is
 * no-kept-error's business, what the other path's failure may explain isolated's. */
static bool is_disturbed(const struct judge *judge, const struct look *look)
{
    if (!look->is_failure)
        return false;
    if (!judge->has_calls)
        return look_is_cancelled(look);
    if (look->is_explained)
        return false;
    if (look_is_cancelled(look))
        return true;
    enum path_kind other = look->kind == KIND_GRAPH ? KIND_STATISTICS : KIND_GRAPH;
    return !failure_before(look) &&
           !fetch_failed_within(look->job, other, look->exchange->sent_us, look->exchange->done_us);
}

static void describe_disturbed(const struct judge *judge, const struct look *look,
                               struct property_verdict *verdict)
{
    const struct job_state *job = look->job;
    const struct waiter *other = &job->requests.last[look->kind];
    char target[TARGET_MAX];
    witness_error(judge, look, verdict);
    if (judge->knows_requests && other->sent_us > look->exchange->sent_us &&
        other->sent_us <= look->exchange->done_us) {
        path_text(job, other->path, target);
        witness_add(verdict, other->sent_us, client_name(judge, other->client), 0, "%s  is sent",
                    target);
    }
    witness_cause(verdict,
                  judge->has_calls || look->kind == KIND_GRAPH ? fetch_cache_layer(job, look->kind)
                                                               : LAYER_CACHE,
                  look_is_cancelled(look)
                      ? "The request was cancelled although nothing had failed: another request "
                        "of this path replaced what it was waiting for."
                      : "The request failed although no call of the gateway had failed.");
}

static void look_undisturbed(struct judge *judge, struct look *look)
{
    if (look->kind > KIND_STATISTICS || look->exchange->status == 0)
        return;
    if (look->overlapped)
        look_tested(judge, look, PROPERTY_UNDISTURBED);
    if (!is_disturbed(judge, look))
        return;
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_UNDISTURBED);
    if (verdict)
        describe_disturbed(judge, look, verdict);
}

const struct check check_undisturbed = {.property = PROPERTY_UNDISTURBED,
                                        .untested = "no two requests of one path were under way "
                                                    "at once",
                                        .look = look_undisturbed,
                                        .looks_at = OF_STATISTICS | OF_GRAPHS};

/* ---- available ---- */

static enum layer layer_of_missing(const struct judge *judge, const struct look *look)
{
    if (fetch_is_aged(look, look->job->known_from_us))
        return LAYER_PROXY;
    if (judge->has_calls)
        return look->is_explained ? LAYER_ORIGIN : fetch_cache_layer(look->job, look->kind);
    return contradicted(look, error_of(look)) ? LAYER_CACHE : LAYER_UNKNOWN;
}

static void no_answer(struct judge *judge, struct look *look)
{
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_AVAILABLE);
    char target[TARGET_MAX];
    if (!verdict)
        return;
    target_text(judge, look->exchange, target);
    witness_add(verdict, look->exchange->sent_us, look_client(judge, look), look->exchange->seq,
                "%s  was never answered", target);
    /* Where nobody tells of calls there may be a network, and a proxy, in between. */
    witness_cause(verdict, judge->has_calls ? LAYER_ENDPOINT : LAYER_UNKNOWN,
                  "The request was never answered.");
}

/* What the claim allows: a call made before the job was known, and no older than an answer may be,
 * brought what it saw then to those who waited for it. */
static bool is_from_before(const struct look *look)
{
    const struct call_tally *tally = &look->job->calls.of[source_kind(look)];
    for (size_t i = tally->failure_count;
         i-- > 0 && tally->failures[i].ended_us >= look->exchange->sent_us;) {
        const struct failure *failure = &tally->failures[i];
        if (failure->ended_us <= look->exchange->done_us && failure->sent_us >= look->cutoff_us &&
            failure->sent_us <= look->job->unknown_to_us)
            return true;
    }
    return false;
}

/* The job must be known at both ends of the exchange; a job that initializes may be refused. */
static void look_available(struct judge *judge, struct look *look)
{
    const struct exchange *exchange = look->exchange;
    const struct job_state *job = look->job;
    if (exchange->status == 0) {
        no_answer(judge, look);
        return;
    }
    if (exchange->path != PATH_STATISTICS || job->known_from_us == NOT_KNOWN_US)
        return;
    if (job->known_from_us > exchange->sent_us) {
        look_until(look, job->known_from_us);
        return;
    }
    look_tested(judge, look, PROPERTY_AVAILABLE);
    look_from(look, job->known_from_us);
    if (exchange->status != 404 || error_of(look) != ERROR_JOB_NOT_FOUND)
        return;
    look->same_again = false; /* the next one may be too late for that excuse */
    if (is_from_before(look))
        return;
    struct property_verdict *verdict = look_violated(judge, look, PROPERTY_AVAILABLE);
    if (!verdict)
        return;
    witness_since(verdict, job->known_from_us, job->label, job->known_seq, "is known");
    witness_error(judge, look, verdict);
    witness_cause(verdict, layer_of_missing(judge, look),
                  "The job was known, and its checkpoints were not found.");
}

const struct check check_available = {.property = PROPERTY_AVAILABLE,
                                      .untested = "no read of checkpoint statistics after the job "
                                                  "was known",
                                      .look = look_available,
                                      .looks_at = OF_STATISTICS | OF_SILENCE};
