#include "harness/judge/judge_decisions.h"

#include <stdio.h>
#include <string.h>

#include "gateway/checkpoint_stats.h"
#include "harness/judge/judge_check.h"
#include "harness/judge/judge_paths.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/witness_internal.h"

/* What clients decide: right-restore; and the chosen path for live-path and restore-window. */

/* ---- what is known at a decision ---- */

/*
 * The first run that the answer may have been about: the last that began before what the answer had
 * to show ended. Runs that began later may be meant as well: the answer overlapped them.
 */
static const struct run *first_possible_run(const struct choice *choice)
{
    const struct job_state *job = choice->job;
    size_t at = job->run_count - 1;
    while (at > 0 && job->runs[at].began_us >= choice->cutoff_us)
        at--;
    return &job->runs[at];
}

/* In the newest run that has it: runs that count from one again use paths again. */
static void find_record(struct choice *choice)
{
    struct job_state *job = choice->job;
    for (size_t r = job->run_count; choice->decision->path && r-- > 0;) {
        for (size_t i = job->runs[r].record_count; i-- > 0;) {
            struct checkpoint_record *record = &job->runs[r].records[i];
            if (!record->path || strcmp(record->path, choice->decision->path) != 0)
                continue;
            choice->record = record;
            choice->run = &job->runs[r];
            return;
        }
    }
}

static bool promises_an_age(const struct judge *judge)
{
    return judge_claims(judge, PROPERTY_FRESH) || judge_claims(judge, PROPERTY_BOUNDED_AGE);
}

/* What the request demanded, else what is claimed, else what the options resolve to: an answer that
 * was as old as it may be is no reason to blame who acted on it. */
static int64_t cutoff_us(const struct judge *judge, const struct decision *decision)
{
    int64_t bound_us = judge->claim.bound_us;
    if (decision->bound_us >= 0)
        bound_us = decision->bound_us;
    else if (!promises_an_age(judge) && judge->claim.settings_known)
        bound_us = judge->claim.settings_timeout_us;
    return decision->sent_us > INT64_MIN + bound_us ? decision->sent_us - bound_us : INT64_MIN;
}

/* ---- right-restore ---- */

/* A checkpoint that had to be visible. */
struct required {
    int64_t id; /* 0: there is none */
    int64_t since_us;
};

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* What the run was restored from was deleted since. Jobs may share a folder, and runs use a path
 * again: whose file it was does not matter. */
static bool is_restored_deleted(const struct judge *judge, const struct run *run, int64_t now_us)
{
    for (size_t i = 0; run->restored_path && i < judge->job_count; i++) {
        const struct job_state *job = &judge->jobs[i];
        for (size_t r = 0; r < job->run_count; r++) {
            for (size_t k = 0; k < job->runs[r].record_count; k++) {
                const struct checkpoint_record *record = &job->runs[r].records[k];
                if (record->path && record->discarded_us >= run->restored_us &&
                    record->discarded_us <= now_us && strcmp(record->path, run->restored_path) == 0)
                    return true;
            }
        }
    }
    return false;
}

/* The newest of the run that could be restored from: shown and stored before the cutoff, and not
 * deleted by now. Savepoints count like checkpoints: numbers are given to both in turn. */
static struct required required_of(const struct judge *judge, const struct choice *choice,
                                   const struct run *run)
{
    struct required required = {0};
    const int64_t now_us = choice->decision->at_us;
    for (size_t i = run->record_count; i-- > 0 && required.id == 0;) {
        const struct checkpoint_record *record = &run->records[i];
        if (record->completed_us >= choice->cutoff_us || record->durable_us >= choice->cutoff_us ||
            record->discarded_us <= now_us)
            continue;
        required.id = record->id;
        required.since_us = later(record->completed_us, record->durable_us);
    }
    const bool is_newest = run->restored_id > required.id || (run->restored_id == required.id &&
                                                              run->restored_us < required.since_us);
    if (run->restored_us < choice->cutoff_us && is_newest &&
        !is_restored_deleted(judge, run, now_us))
        required = (struct required){.id = run->restored_id, .since_us = run->restored_us};
    return required;
}

/* Who is to blame: whoever has an answer that shows what it needs, or that tells it nothing and is
 * no reason to start anything. */
static enum layer layer_of(const struct decision *decision, int64_t required_id)
{
    const bool is_readable =
        decision->grounds == GROUNDS_ANSWER || decision->grounds == GROUNDS_NOT_ENABLED;
    return !is_readable || decision->shown >= required_id ? LAYER_CLIENT : LAYER_UNKNOWN;
}

static void witness_reading(const struct judge *judge, const struct choice *choice,
                            struct property_verdict *verdict)
{
    static const char *const formats[] = {
        [GROUNDS_ANSWER] = "%s  answered, showing %s",
        [GROUNDS_NOT_ENABLED] = "%s  answered that checkpointing is not enabled",
        [GROUNDS_ERROR] = "%s  answered with an error",
        [GROUNDS_UNREADABLE] = "%s  answered with what cannot be read",
        [GROUNDS_SILENCE] = "%s  is not answered",
    };
    const struct decision *decision = choice->decision;
    char target[TARGET_MAX], shown[LABEL_MAX];
    path_text(choice->job, PATH_STATISTICS, target);
    shown_text(decision->shown, shown);
    witness_add(verdict, decision->sent_us, client_name(judge, decision->client_index),
                decision->seq, formats[decision->grounds], target, shown);
}

/* "starts K from checkpoint 5" */
static void witness_start(const struct judge *judge, const struct choice *choice,
                          struct property_verdict *verdict)
{
    const struct decision *decision = choice->decision;
    const char *who = client_name(judge, decision->client_index);
    const char *why = decision->reason ? decision->reason : "it says not why";
    if (decision->kind == DECIDED_NOTHING)
        witness_add(verdict, decision->at_us, who, 0, "starts %s from nothing: %s",
                    decision->starts, why);
    else if (choice->record)
        witness_add(verdict, decision->at_us, who, 0, "starts %s from checkpoint %lld: %s",
                    decision->starts, (long long)choice->record->id, why);
    else
        witness_add(verdict, decision->at_us, who, 0, "starts %s from %.60s: %s", decision->starts,
                    decision->path, why);
}

/* The verdict to describe, with what was read and done in it; NULL: it is described already. */
static struct property_verdict *violates(struct judge *judge, const struct choice *choice)
{
    struct property_verdict *verdict =
        fact_violated(judge, PROPERTY_RIGHT_RESTORE, choice->decision->at_us);
    if (!verdict)
        return NULL;
    witness_reading(judge, choice, verdict);
    witness_start(judge, choice, verdict);
    return verdict;
}

static void violates_by_age(struct judge *judge, const struct choice *choice,
                            const struct required *required)
{
    const struct decision *decision = choice->decision;
    const char *who = client_name(judge, decision->client_index);
    char since[LABEL_MAX], chosen[LABEL_MAX] = "nothing";
    const int64_t for_us = decision->sent_us - required->since_us;
    judge_worst_us(judge, PROPERTY_RIGHT_RESTORE, for_us);
    struct property_verdict *verdict = violates(judge, choice);
    if (!verdict)
        return;
    duration_text(judge, for_us, since);
    if (choice->record)
        snprintf(chosen, sizeof chosen, "checkpoint %lld", (long long)choice->record->id);
    witness_since(verdict, required->since_us, choice->job->label, 0, "checkpoint %lld is there",
                  (long long)required->id);
    witness_cause(verdict, layer_of(decision, required->id),
                  "%s started %s from %s although checkpoint %lld had been there for %s.", who,
                  decision->starts, chosen, (long long)required->id, since);
}

/* From nothing: right in any run that may be meant and holds nothing, if the answer says so. */
static void judge_nothing(struct judge *judge, const struct choice *choice)
{
    const struct run *const first = first_possible_run(choice);
    const struct run *const end = choice->job->runs + choice->job->run_count;
    const enum grounds grounds = choice->decision->grounds;
    struct required required = {0};
    bool some_run_is_empty = false;
    for (const struct run *run = first; run < end; run++) {
        const struct required its = required_of(judge, choice, run);
        some_run_is_empty |= its.id == 0;
        if (its.id > 0)
            required = its;
    }
    if (!some_run_is_empty) {
        violates_by_age(judge, choice, &required);
        return;
    }
    if (grounds == GROUNDS_ANSWER || grounds == GROUNDS_NOT_ENABLED)
        return;
    struct property_verdict *verdict = violates(judge, choice);
    if (verdict)
        witness_cause(verdict, LAYER_CLIENT,
                      "%s started %s from nothing, and nothing had told it that there was none.",
                      client_name(judge, choice->decision->client_index), choice->decision->starts);
}

static bool is_placeholder(const char *path)
{
    return strcmp(path, CHECKPOINT_PLACEHOLDER_PATH) == 0;
}

static bool is_at(const char *path, const struct choice *choice)
{
    return path && strcmp(path, choice->decision->path) == 0;
}

/* The number under which the run has the chosen path, as a checkpoint of its own or as what it was
 * restored from; 0: it has not. */
static int64_t chosen_id(const struct choice *choice, const struct run *run)
{
    int64_t id = 0;
    for (size_t i = run->record_count; i-- > 0 && id == 0;) {
        if (is_at(run->records[i].path, choice))
            id = run->records[i].id;
    }
    const bool is_restored =
        run->restored_us <= choice->decision->at_us && is_at(run->restored_path, choice);
    return is_restored && run->restored_id > id ? run->restored_id : id;
}

/* A path that no run that may be meant has. */
static void violates_by_path(struct judge *judge, const struct choice *choice)
{
    const char *path = choice->decision->path;
    const char *what = "a path where no checkpoint ever was";
    struct property_verdict *verdict = violates(judge, choice);
    if (!verdict)
        return;
    if (is_placeholder(path))
        what = "a placeholder, which is no path";
    else if (choice->record)
        what = "a checkpoint of a run that was over";
    else if (record_of_path(judge, path))
        what = "a checkpoint of another job";
    witness_cause(verdict, LAYER_CLIENT, "%s started %s from %s.",
                  client_name(judge, choice->decision->client_index), choice->decision->starts,
                  what);
}

/* True when it was triggered longer ago than the client was to accept. */
static bool is_too_old(const struct judge *judge, const struct choice *choice)
{
    const struct decision *decision = choice->decision;
    const struct checkpoint_record *record =
        choice->record ? choice->record : record_of_path(judge, decision->path);
    return decision->max_age_ms > 0 && record && record->trigger_ms > 0 &&
           decision->now_ms - record->trigger_ms > decision->max_age_ms;
}

static void judge_age(struct judge *judge, const struct choice *choice)
{
    const struct decision *decision = choice->decision;
    struct property_verdict *verdict = is_too_old(judge, choice) ? violates(judge, choice) : NULL;
    if (verdict)
        witness_cause(verdict, LAYER_CLIENT,
                      "%s started %s from a checkpoint that was older than it may be.",
                      client_name(judge, decision->client_index), decision->starts);
}

/* Right in any run that may be meant and has nothing newer. */
static void judge_path(struct judge *judge, const struct choice *choice)
{
    const struct run *const end = choice->job->runs + choice->job->run_count;
    struct required newer = {0};
    for (const struct run *run = first_possible_run(choice);
         run < end && !is_placeholder(choice->decision->path); run++) {
        const int64_t id = chosen_id(choice, run);
        const struct required required = required_of(judge, choice, run);
        if (id > 0 && required.id <= id) {
            judge_age(judge, choice);
            return;
        }
        if (id > 0)
            newer = required;
    }
    if (newer.id > 0)
        violates_by_age(judge, choice, &newer);
    else
        violates_by_path(judge, choice);
}

/* Who refuses starts nothing wrong. */
static void decision_right_restore(struct judge *judge, const struct choice *choice)
{
    if (!choice->job->has_journal || choice->decision->kind == DECIDED_REFUSE)
        return;
    judge->verdicts[PROPERTY_RIGHT_RESTORE].tested++;
    if (choice->decision->kind == DECIDED_NOTHING)
        judge_nothing(judge, choice);
    else
        judge_path(judge, choice);
}

const struct check check_right_restore = {
    .property = PROPERTY_RIGHT_RESTORE,
    .untested = "no client with a model started a job while the origin told what completed",
    .decision = decision_right_restore};

/* ---- all checks ---- */

void decision_look(struct judge *judge, struct job_state *job, const struct decision *decision)
{
    struct choice choice = {
        .decision = decision, .job = job, .cutoff_us = cutoff_us(judge, decision)};
    find_record(&choice);
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (judge->claim.claimed[i] && judge_checks[i]->decision)
            judge_checks[i]->decision(judge, &choice);
    }
    const struct hand_out now = {.done = true,
                                 .left_us = decision->left_us,
                                 .seq = decision->seq,
                                 .client = decision->client_index};
    if (choice.record && choice.record->discarded_us > decision->left_us)
        record_hand_out(choice.record, &now);
    job->generation++;
}
