#include <string.h>

#include "harness/judge/judge_check.h"
#include "harness/judge/judge_decisions.h"
#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_paths.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"
#include "harness/judge/witness_internal.h"

/* Checks of the path handed out: live-path, restore-window. */

/* ---- live-path ---- */

/* A path that was alive at the age the claim allows: then only other settings can help. */
static bool is_within_bound(const struct look *look)
{
    const struct completion *missed = first_completion_beyond(look->current, look->shown_id);
    return look->bound_us > 0 && (!missed || missed->at_us >= look->cutoff_us);
}

static void describe_dead(const struct judge *judge, const struct look *look,
                          const struct checkpoint_record *record, struct property_verdict *verdict)
{
    const struct exchange *exchange = look->exchange;
    char ago[LABEL_MAX];
    bool by_fact = record->discarded_us <= exchange->left_us;
    int64_t dead_us = by_fact ? record->discarded_us : record->seen_discarded_us;
    enum layer layer =
        is_within_bound(look) ? LAYER_SETTING : fetch_layer_of_old(judge, look, dead_us);
    if (layer == LAYER_UNKNOWN && judge->has_calls)
        layer = fetch_cache_layer(look->job, KIND_STATISTICS);
    if (by_fact)
        witness_since(verdict, dead_us, look->job->label, 0, "checkpoint %lld was discarded",
                      (long long)record->id);
    else
        witness_since(verdict, dead_us, look->job->label, record->seen_discarded_seq,
                      "an answer showed checkpoint %lld as discarded", (long long)record->id);
    witness_answer(judge, look, verdict);
    duration_text(judge, exchange->left_us - dead_us, ago);
    witness_cause(verdict, layer,
                  "The path of checkpoint %lld had been dead for %s when it was handed out.",
                  (long long)record->id, ago);
}

static void look_live_path(struct judge *judge, struct look *look)
{
    const struct checkpoint_record *record = look_handed_out(look);
    const struct exchange *exchange = look->exchange;
    if (!record || !(look->job->has_journal || look->job->saw_discarded))
        return;
    look_tested(judge, look, PROPERTY_LIVE_PATH);
    bool by_fact = record->discarded_us <= exchange->left_us;
    bool dead = by_fact || record->seen_discarded_us < exchange->sent_us;
    if (dead) {
        look->same_again = false; /* the next one will have been dead for longer */
        judge_worst_us(judge, PROPERTY_LIVE_PATH,
                       exchange->left_us -
                           (by_fact ? record->discarded_us : record->seen_discarded_us));
    }
    if (!dead && record->discarded_us != NOT_KNOWN_US)
        look->same_again = false; /* the next answer will leave after that */
    if (!dead && record->seen_discarded_us != NOT_KNOWN_US)
        look_until(look, record->seen_discarded_us + 1);
    struct property_verdict *verdict = dead ? look_violated(judge, look, PROPERTY_LIVE_PATH) : NULL;
    if (verdict)
        describe_dead(judge, look, record, verdict);
}

/*
 * Somebody acted on a dead path. If it was alive when it was handed out, no answer was wrong:
 * that is restore-window's to judge where it is claimed, and else a matter of settings.
 */
static void fact_live_path(struct judge *judge, const struct news *news)
{
    const struct checkpoint_record *record = record_of_path(judge, news->fact->path);
    const struct hand_out *hand_out = record && record->hand_out.done ? &record->hand_out : NULL;
    bool was_alive = hand_out && record->discarded_us > hand_out->left_us;
    if (was_alive && judge_claims(judge, PROPERTY_RESTORE_WINDOW))
        return;
    struct property_verdict *verdict = fact_violated(judge, PROPERTY_LIVE_PATH, news->fact->at_us);
    judge->verdicts[PROPERTY_LIVE_PATH].tested++;
    if (!verdict)
        return;
    if (record && record->discarded_us != NOT_KNOWN_US)
        witness_add(verdict, record->discarded_us, "store", 0, "checkpoint %lld was discarded",
                    (long long)record->id);
    if (hand_out)
        witness_add(verdict, hand_out->left_us, client_name(judge, hand_out->client), hand_out->seq,
                    "is given the path of checkpoint %lld", (long long)record->id);
    witness_add(verdict, news->fact->at_us, news->job->label, 0,
                "could not be restored: the files were gone");
    /* Whoever handed it out dead is described by live-path itself. */
    witness_cause(verdict, was_alive ? LAYER_SETTING : LAYER_UNKNOWN,
                  was_alive ? "A job was started from a path that died after it was handed out."
                            : "A job was started from a path that was dead.");
}

/* A client started a job from a path that was dead before it even asked the last time. */
static void decision_live_path(struct judge *judge, const struct choice *choice)
{
    const struct decision *decision = choice->decision;
    const struct checkpoint_record *record = choice->record;
    if (!record || !choice->job->has_journal)
        return;
    judge->verdicts[PROPERTY_LIVE_PATH].tested++;
    if (record->discarded_us >= decision->sent_us)
        return;
    const int64_t dead_for_us = decision->at_us - record->discarded_us;
    char ago[LABEL_MAX];
    judge_worst_us(judge, PROPERTY_LIVE_PATH, dead_for_us);
    struct property_verdict *verdict = fact_violated(judge, PROPERTY_LIVE_PATH, decision->at_us);
    if (!verdict)
        return;
    duration_text(judge, dead_for_us, ago);
    witness_since(verdict, record->discarded_us, choice->job->label, 0,
                  "checkpoint %lld was discarded", (long long)record->id);
    witness_add(verdict, decision->at_us, client_name(judge, decision->client_index), decision->seq,
                "starts %s from the path of checkpoint %lld", decision->starts,
                (long long)record->id);
    witness_cause(verdict, LAYER_CLIENT,
                  "The path of checkpoint %lld had been dead for %s when it was chosen.",
                  (long long)record->id, ago);
}

const struct check check_live_path = {
    .property = PROPERTY_LIVE_PATH,
    .untested = "no answer tells which paths are dead, or none was handed out after that",
    .look = look_live_path,
    .looks_at = OF_LISTS,
    .fact = fact_live_path,
    .hears = HEARS(FACT_RESTORE_FAILED),
    .decision = decision_live_path};

/* ---- restore-window ---- */

static void lower_worst_us(struct property_verdict *verdict, int64_t us)
{
    if (verdict->has_worst && verdict->worst_value <= (double)us / 1000.0)
        return;
    verdict->has_worst = true;
    verdict->worst_value = (double)us / 1000.0;
    verdict->worst_unit = "ms";
}

static void check_window(struct judge *judge, const struct job_state *job,
                         struct checkpoint_record *record, const struct hand_out *hand_out)
{
    int64_t lived_us = record->discarded_us - hand_out->left_us;
    if (record->discarded_us == NOT_KNOWN_US || lived_us <= 0)
        return;
    lower_worst_us(&judge->verdicts[PROPERTY_RESTORE_WINDOW], lived_us);
    if (lived_us >= judge->claim.restore_window_us || record->window_broken)
        return;
    record->window_broken = true;
    struct property_verdict *verdict =
        fact_violated(judge, PROPERTY_RESTORE_WINDOW, hand_out->left_us);
    if (!verdict)
        return;
    char lived[LABEL_MAX], window[LABEL_MAX];
    duration_text(judge, lived_us, lived);
    duration_text(judge, judge->claim.restore_window_us, window);
    witness_add(verdict, hand_out->left_us, client_name(judge, hand_out->client), hand_out->seq,
                "is given the path of checkpoint %lld", (long long)record->id);
    witness_add(verdict, record->discarded_us, job->label, 0, "checkpoint %lld was discarded",
                (long long)record->id);
    witness_cause(verdict, LAYER_SETTING,
                  "The path of checkpoint %lld died %s after it was handed out; %s are needed.",
                  (long long)record->id, lived, window);
}

/* Counted are paths, not answers: each path is put to the test once. */
static void look_restore_window(struct judge *judge, struct look *look)
{
    struct checkpoint_record *record = look_handed_out(look);
    if (!record || !look->job->has_journal || judge->claim.restore_window_us == 0)
        return;
    judge->verdicts[PROPERTY_RESTORE_WINDOW].tested += !record->window_tested;
    record->window_tested = true;
    const struct exchange *exchange = look->exchange;
    if (record->discarded_us != NOT_KNOWN_US)
        look->same_again = false; /* how long it lives is counted from each answer */
    const struct hand_out now = {
        .left_us = exchange->left_us, .seq = exchange->seq, .client = exchange->client_index};
    check_window(judge, look->job, record, &now);
}

static void fact_restore_window(struct judge *judge, const struct news *news)
{
    if (news->record && news->record->hand_out.done)
        check_window(judge, news->job, news->record, &news->record->hand_out);
}

/* The chosen path, which may be another than that of the latest. */
static void decision_restore_window(struct judge *judge, const struct choice *choice)
{
    const struct decision *decision = choice->decision;
    struct checkpoint_record *record = choice->record;
    if (!record || !choice->job->has_journal || judge->claim.restore_window_us == 0)
        return;
    judge->verdicts[PROPERTY_RESTORE_WINDOW].tested += !record->window_tested;
    record->window_tested = true;
    const struct hand_out now = {
        .left_us = decision->left_us, .seq = decision->seq, .client = decision->client_index};
    check_window(judge, choice->job, record, &now);
}

const struct check check_restore_window = {
    .property = PROPERTY_RESTORE_WINDOW,
    .untested = "no path was handed out while the origin told when paths die",
    .look = look_restore_window,
    .looks_at = OF_LISTS,
    .fact = fact_restore_window,
    .hears = HEARS(FACT_DISCARDED),
    .decision = decision_restore_window};
