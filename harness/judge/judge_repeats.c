#include "harness/judge/judge_repeats.h"

#include "harness/judge/judge_check.h"
#include "harness/judge/judge_floors.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/judge_settings.h"
#include "harness/judge/judge_state.h"
#include "harness/judge/look.h"
#include "harness/judge/staleness.h"

/*
 * Repeats. Most reads of a busy history are answered from a cache with an observation that was
 * judged a moment ago, while nothing has happened. Each check says how long its finding holds for
 * later reads of the same observation, so such a read is only counted. What the count means is
 * added to the verdicts when something changes, or when they are asked for.
 *
 * Two findings are not shared: whether a read was accompanied, and, where clients are compared with
 * themselves alone, `monotonic`. Both are cheap enough to be found for each.
 */
void repeat_add(const struct job_state *job, struct property_verdict *verdicts,
                struct staleness *staleness)
{
    const struct repeat *repeat = &job->repeat;
    if (repeat->count == 0)
        return;
    verdicts[PROPERTY_UNDISTURBED].tested += repeat->overlapped;
    for (uint32_t left = repeat->tested; left != 0;)
        verdicts[take_lowest(&left)].tested += repeat->count;
    for (uint32_t left = repeat->violated; left != 0;)
        verdicts[take_lowest(&left)].violations += repeat->count;
    if (repeat->grows_from_us == NOT_KNOWN_US) {
        staleness_add_fresh(staleness, repeat->has_age ? repeat->count : 0);
        return;
    }
    if (repeat->grows == PROPERTY_COUNT)
        return;
    struct property_verdict *grown = &verdicts[repeat->grows];
    const struct run *run = &job->runs[repeat->age_run];
    const struct completion *missed = first_completion_beyond(run, repeat->shown_id);
    verdict_raise_worst(grown, (double)(repeat->sent_us - repeat->grows_from_us) / 1000.0, "ms");
    if (missed)
        verdict_raise_behind(grown, completions_until(run, missed, repeat->sent_us));
}

void repeat_settle(struct judge *judge, struct job_state *job)
{
    struct repeat *repeat = &job->repeat;
    if (repeat->count == 0)
        return;
    repeat_add(job, judge->verdicts, &judge->staleness);
    struct checkpoint_record *record = run_find(&job->runs[repeat->run], repeat->checkpoint);
    const struct hand_out last = {
        .done = true, .left_us = repeat->left_us, .seq = repeat->seq, .client = repeat->client};
    if (record)
        record_hand_out(record, &last);
    repeat->count = repeat->overlapped = 0;
    repeat->sent_us = repeat->left_us = INT64_MIN;
}

bool repeat_holds(const struct judge *judge, const struct job_state *job,
                  const struct exchange *exchange, struct floors **own)
{
    const struct repeat *repeat = &job->repeat;
    *own = NULL;
    if (exchange->seen_serial != repeat->serial || repeat->serial == 0 ||
        repeat->generation != job->generation + judge->generation ||
        exchange->path != PATH_STATISTICS || exchange->status != 200 || exchange->is_direct ||
        exchange->bound_us != repeat->bound_us || exchange->sent_us < repeat->from_us ||
        exchange->sent_us >= repeat->until_us || exchange->left_us < repeat->left_from_us)
        return false;
    if (repeat->tells_run && compares_client(&judge->claim, exchange))
        *own = client_floors(&job->runs[repeat->shown_run], exchange->client_index);
    return !*own || !floors_are_above(*own, &repeat->shown);
}

/* The client had not seen more before: repeat_holds() made sure. */
static bool compare_client(struct judge *judge, struct job_state *job,
                           const struct exchange *exchange, struct floors *own)
{
    const struct repeat *repeat = &job->repeat;
    if (!repeat->tells_run || !compares_client(&judge->claim, exchange))
        return true;
    if (!own)
        own = client_floors_make(&job->runs[repeat->shown_run], exchange->client_index);
    if (!own)
        return false;
    const bool tested = own->count > 0 && own->since_us < exchange->sent_us;
    judge->verdicts[PROPERTY_MONOTONIC].tested += tested && judge_claims(judge, PROPERTY_MONOTONIC);
    return !floors_are_below(own, &repeat->shown) ||
           client_floor_raise(judge, own, exchange, &repeat->shown);
}

bool repeat_count(struct judge *judge, struct job_state *job, const struct exchange *exchange,
                  struct floors *own)
{
    struct repeat *repeat = &job->repeat;
    if (repeat->grows_from_us != NOT_KNOWN_US) {
        const int64_t age_us = exchange->sent_us - repeat->grows_from_us;
        staleness_add(&judge->staleness, age_us);
        kept_at_least(judge, repeat->tells_run ? age_us : 0);
    }
    repeat->count++;
    /* An answer whose run could not be told is none of the snapshot that is being measured. */
    if (repeat->tells_run && exchange->sent_us > job->kept.sent_us)
        job->kept.sent_us = exchange->sent_us;
    repeat->overlapped += requests_overlap(&job->requests, KIND_STATISTICS, exchange->sent_us);
    if (exchange->sent_us > repeat->sent_us)
        repeat->sent_us = exchange->sent_us;
    if (exchange->left_us >= repeat->left_us) {
        repeat->left_us = exchange->left_us;
        repeat->seq = exchange->seq;
        repeat->client = exchange->client_index;
    }
    job->demanding += repeat->demanding;
    job->requests.answered_us[KIND_STATISTICS] = exchange->done_us;
    return compare_client(judge, job, exchange, own);
}

bool demands_more(const struct judge *judge, const struct exchange *exchange)
{
    return exchange->bound_us >= 0 && exchange->bound_us < judge->claim.bound_us;
}

/*
 * Keeps the finding for reads to come, if it will be the same for them: not if the answer itself
 * added to what the checks go by. What a list without fault adds, that it was shown and by when, no
 * check holds against another read of the same list.
 */
void repeat_remember(struct judge *judge, struct look *look)
{
    const struct exchange *exchange = look->exchange;
    struct job_state *job = look->job;
    const uint64_t generation = job->generation + judge->generation;
    const bool is_clean = job->clean.serial == exchange->seen_serial;
    bool taught_nothing = generation == look->generation + (is_clean ? look->taught : 0);
    if (!look->same_again || !taught_nothing || !look->is_list || exchange->seen_serial == 0)
        return;
    uint32_t found_for_each = UINT32_C(1) << PROPERTY_UNDISTURBED;
    if (judge->claim.bound_us > 0)
        found_for_each |= UINT32_C(1) << PROPERTY_MONOTONIC;
    const uint32_t violated = look->violated & ~found_for_each;
    if (violated != 0) /* one sent earlier would be the violation to describe */
        look_from(look, exchange->sent_us);
    struct repeat next = {
        .serial = exchange->seen_serial,
        .generation = generation,
        .bound_us = exchange->bound_us,
        .from_us = look->from_us,
        .until_us = look->until_us,
        .left_from_us = look->left_from_us,
        .tested = look->tested & ~found_for_each,
        .violated = violated,
        .tells_run = look->run != NULL,
        .shown_run = look->run ? (size_t)(look->run - job->runs) : 0,
        .shown = {.id = look->shown_id, .version = look->seen->version},
        .grows = look->grows,
        .grows_from_us = look->grows_from_us,
        .has_age = look->has_age,
        .shown_id = look->age_shown_id,
        .age_run = (size_t)(look->current - job->runs),
        .demanding = demands_more(judge, exchange),
        .sent_us = INT64_MIN,
        .left_us = INT64_MIN,
    };
    const struct repeat *old = &job->repeat;
    bool alike = old->serial == next.serial && old->generation == next.generation &&
                 old->bound_us == next.bound_us && old->from_us == next.from_us &&
                 old->until_us == next.until_us && old->left_from_us == next.left_from_us &&
                 old->tested == next.tested && old->violated == next.violated;
    if (!alike) {
        repeat_settle(judge, job);
        struct run *run = NULL;
        const struct seen_checkpoint *latest = &look->seen->latest_completed;
        if (look->seen->has_latest_completed && !latest->discarded &&
            job_find_shown(job, latest, &run)) {
            next.run = (size_t)(run - job->runs);
            next.checkpoint = latest->id;
        }
        job->repeat = next;
    }
}
