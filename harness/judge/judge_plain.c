#include "harness/judge/judge_plain.h"

#include <string.h>

#include "harness/judge/judge_fetches.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"

/*
 * Plain answers: pages of jobs, errors, and those about the one checkpoint that was asked for. For
 * the checks two of them are the same when they say the same in a few words, and none of them can be
 * a witness as long as nothing is wrong with it. So one that was found good stands for those that
 * follow on its path until something changes: those are only counted. Whether a failure is explained
 * is found out for each, and so is whether one was accompanied.
 */

/* What is said of a checkpoint. The path is the record's, which outlives the answer. False: there
 * is no record of such a path. */
static bool find_details(const struct look *look, struct seen_checkpoint *details)
{
    *details = look->seen->latest_completed;
    if (!details->path)
        return true;
    const struct checkpoint_record *record = run_find(look->current, details->id);
    if (!record || !record->path || strcmp(record->path, details->path) != 0)
        return false;
    details->path = record->path;
    return true;
}

static bool is_plain(const struct look *look, struct seen_checkpoint *details)
{
    if (look->is_details)
        return find_details(look, details);
    return look->seen && (look->seen->kind == OBSERVED_JOB || look->seen->kind == OBSERVED_ERROR ||
                          look->seen->kind == OBSERVED_OTHER);
}

static bool has_same_details(const struct plain *plain, const struct exchange *exchange)
{
    const struct seen_checkpoint *a = &plain->details, *b = &exchange->seen->latest_completed;
    return exchange->checkpoint == a->id && a->id == b->id && a->status == b->status &&
           a->trigger_ms == b->trigger_ms && a->state_size == b->state_size &&
           (a->path && b->path ? strcmp(a->path, b->path) == 0 : !a->path && !b->path);
}

/* A demand for a younger answer about checkpoints is a matter of its own: how old a life of the job
 * it may be of, and what settings-honoured measures. */
static bool demands_statistics(const struct exchange *exchange)
{
    return exchange->bound_us >= 0 && path_kind(exchange->path) == KIND_STATISTICS;
}

/* Not 0: an answer has a status. */
static uint64_t what_it_says(int status, const struct observation *seen)
{
    return (uint64_t)(uint32_t)status << 9 | (uint64_t)seen->kind << 5 |
           (uint64_t)seen->error << 1 | (uint64_t)seen->job_initializing;
}
_Static_assert(OBSERVED_OTHER < 16 && ERROR_OTHER < 16, "four bits each");

bool plain_holds(const struct judge *judge, const struct job_state *job,
                 const struct exchange *exchange)
{
    const struct plain *plain = &job->plain[exchange->path];
    if (!exchange->seen || plain->says != what_it_says(exchange->status, exchange->seen) ||
        plain->generation != job->generation + judge->generation ||
        exchange->sent_us < plain->from_us || exchange->sent_us >= plain->until_us ||
        exchange->left_us < plain->left_from_us || demands_statistics(exchange) ||
        (exchange->seen->kind == OBSERVED_DETAILS && !has_same_details(plain, exchange)))
        return false;
    return !plain->is_failure || fetch_failed_within(job, (enum path_kind)plain->source,
                                                     exchange->sent_us, exchange->done_us);
}

void plain_count(struct job_state *job, const struct exchange *exchange)
{
    struct plain *plain = &job->plain[exchange->path];
    const enum path_kind kind = path_kind(exchange->path);
    plain->count++;
    plain->overlapped +=
        plain->may_be_disturbed && requests_overlap(&job->requests, kind, exchange->sent_us);
    if (exchange->done_us > job->requests.answered_us[kind])
        job->requests.answered_us[kind] = exchange->done_us;
}

void plain_add(const struct plain *plain, struct property_verdict *verdicts)
{
    verdicts[PROPERTY_UNDISTURBED].tested += plain->overlapped;
    for (uint32_t left = plain->count > 0 ? plain->tested : 0; left != 0;)
        verdicts[take_lowest(&left)].tested += plain->count;
}

/* Only where calls are told: without them an error is judged by what pages showed since. */
void plain_remember(struct judge *judge, const struct look *look)
{
    const struct exchange *exchange = look->exchange;
    struct job_state *job = look->job;
    const uint64_t generation = job->generation + judge->generation;
    struct seen_checkpoint details = {0};
    if (!look->same_again || generation != look->generation || look->violated != 0 ||
        !judge->has_calls || demands_statistics(exchange) || !is_plain(look, &details) ||
        (look->is_failure && !look->is_explained))
        return;
    const uint32_t undisturbed = UINT32_C(1) << PROPERTY_UNDISTURBED;
    struct plain *plain = &job->plain[exchange->path];
    plain_add(plain, judge->verdicts);
    *plain = (struct plain){
        .says = what_it_says(exchange->status, look->seen),
        .details = details,
        .generation = generation,
        .from_us = look->from_us,
        .until_us = look->until_us,
        .left_from_us = look->left_from_us,
        .is_failure = look->is_failure,
        .source = (uint8_t)fetch_source_kind(job, look->kind),
        .may_be_disturbed = (judge->lookers[look->answer] & undisturbed) != 0,
        .tested = look->tested & ~undisturbed,
    };
}
