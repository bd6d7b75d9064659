#include "tests/oracle/evidence.h"
#include "tests/oracle/traffic.h"

/* The properties of what a configuration says. */

/* ---- bounded-memory ---- */

static bool may_want(enum call_kind cache, enum exchange_path path)
{
    if (cache == CALL_STATISTICS)
        return traffic_of(path) == TRAFFIC_STATISTICS || path == PATH_OTHER;
    return path != PATH_TRIGGER && path != PATH_TRIGGER_STATUS;
}

/* A request about the job waits at the step, or was answered no longer ago than two timeouts. */
static bool may_hold(const struct story *story, size_t job, size_t at, int64_t timeout_us)
{
    const struct fact *held = &story->entry_counts[at];
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        if (answer->job != job || !may_want(held->call, answer->exchange.path))
            continue;
        const bool is_over = answer->done_step < story->entry_step[at];
        if (!is_over && answer->is_told_when_sent && answer->sent_step < story->entry_step[at])
            return true;
        if (is_over && answer->exchange.status != 0 &&
            answer->exchange.done_us + 2 * timeout_us >= held->at_us)
            return true;
    }
    return false;
}

static bool is_too_full(const struct story *story, size_t at)
{
    const struct claim *claim = &story->claim;
    const struct fact *held = &story->entry_counts[at];
    uint64_t wanted = 0;
    if (held->call == CALL_OTHER)
        return held->entry_count > (uint64_t)claim->detail_entry_count_max;
    for (size_t job = 0; job < story->job_count; job++)
        wanted += may_hold(story, job, at,
                           held->call == CALL_GRAPH ? claim->refresh_interval_us
                                                    : claim->settings_timeout_us);
    return held->entry_count > wanted ||
           (held->call == CALL_STATISTICS &&
            held->entry_count > (uint64_t)claim->stats_entry_count_max);
}

struct ruling statement_bounded_memory(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = story->claim.settings_known};
    (void)evidence;
    for (size_t i = 0; i < story->entry_count && ruling.is_decidable; i++) {
        ruling.tested++;
        ruling.violations += is_too_full(story, i);
        raise_worst(&ruling, (int64_t)story->entry_counts[i].entry_count);
    }
    return ruling;
}

/* ---- settings-honoured ---- */

/* Answers that a cache of this job may have given as they are: the snapshot of a known run. That an
 * answer is of the run before is no more than a guess where answers alone tell of runs. */
static bool is_measured(const struct story *story, const struct evidence *evidence, size_t at,
                        size_t job)
{
    const struct answer *answer = &story->answers[at];
    const struct sight *sight = &evidence->sights[at];
    const bool is_guess = story->source == STORY_RECORDING && sight->shown != sight->current;
    return answer->job == job && is_list(answer) && sight->shown != NOT_KNOWN && !is_guess;
}

/* What may stand in a measurement: of that run, with nothing foreign in it, no age demanded. */
static bool is_plain(const struct evidence *evidence, const struct answer *answer, size_t at,
                     int run)
{
    return answer->exchange.bound_us < 0 && !evidence->sights[at].has_stranger &&
           evidence->sights[at].shown == run;
}

/*
 * `before` shows a snapshot, `after` the first answer with the second next one; between them one
 * other snapshot was shown, and nothing else. Versions never fall from the one to the other.
 */
static bool is_measurement(const struct story *story, const struct evidence *evidence,
                           size_t before, size_t after)
{
    const struct answer *first = &story->answers[before], *last = &story->answers[after];
    const int run = evidence->sights[before].shown;
    bool has_between = false;
    uint64_t between = 0;
    if (evidence->sights[before].has_stranger || !is_plain(evidence, last, after, run))
        return false;
    for (size_t step = first->done_step + 1; step < last->done_step; step++) {
        const size_t at = story->steps[step].index;
        const struct answer *answer = step_answer(story, &story->steps[step]);
        if (!answer || answer->job != first->job)
            continue;
        if (!is_measured(story, evidence, at, first->job)) {
            /* It may have had the cache filled anew, whatever it was answered. */
            if (traffic_of(answer->exchange.path) == TRAFFIC_STATISTICS &&
                answer->exchange.bound_us >= 0)
                return false;
            continue;
        }
        const uint64_t version = answer->seen.version;
        if (!is_plain(evidence, answer, at, run) ||
            version < (has_between ? between : first->seen.version) ||
            (has_between && version > between))
            return false;
        has_between |= version > first->seen.version;
        between = version;
    }
    return has_between && last->seen.version > between;
}

/* The shortest time that some snapshot was certainly kept at most, and how many were measured. */
static int64_t kept_at_most_us(const struct story *story, const struct evidence *evidence,
                               uint64_t *measured)
{
    int64_t most_us = INT64_MAX;
    for (size_t after = 0; after < story->answer_count; after++) {
        const struct answer *last = &story->answers[after];
        bool is_one = false;
        for (size_t before = 0; before < story->answer_count; before++) {
            const struct answer *first = &story->answers[before];
            if (first->done_step >= last->done_step ||
                !is_measured(story, evidence, before, last->job) ||
                !is_measured(story, evidence, after, last->job) ||
                !is_measurement(story, evidence, before, after))
                continue;
            is_one = true;
            const int64_t kept_us = last->exchange.done_us - first->exchange.sent_us;
            if (kept_us < most_us)
                most_us = kept_us;
        }
        *measured += is_one;
    }
    return most_us;
}

/* The longest time that a snapshot was certainly kept: a completion that it lacks was over before
 * its request was sent. */
static int64_t kept_at_least_us(const struct story *story, const struct evidence *evidence)
{
    int64_t least_us = 0;
    for (size_t i = 0; i < story->answer_count; i++) {
        struct window windows[WINDOWS_MAX];
        const struct answer *answer = &story->answers[i];
        const struct sight *sight = &evidence->sights[i];
        const struct seen_checkpoint *latest = &answer->seen.latest_completed;
        if (!is_measured(story, evidence, i, answer->job) || sight->has_stranger)
            continue;
        size_t count = evidence_windows(evidence, story, answer, windows);
        for (size_t k = 0; k < count; k++) {
            bool lacked = windows[k].run == sight->current &&
                          (sight->shown < sight->current || !answer->seen.has_latest_completed ||
                           windows[k].id > latest->id);
            if (lacked && windows[k].to_us < answer->exchange.sent_us &&
                answer->exchange.sent_us - windows[k].to_us > least_us)
                least_us = answer->exchange.sent_us - windows[k].to_us;
        }
    }
    return least_us;
}

struct ruling statement_settings_honoured(const struct story *story,
                                          const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = story->claim.settings_known};
    const int64_t tick_us = story->tick_us;
    const int64_t timeout_us = story->claim.settings_timeout_us * tick_us;
    const int64_t slack_us = timeout_us / 10 > 50000 ? timeout_us / 10 : 50000;
    if (!ruling.is_decidable)
        return ruling;
    const int64_t least_us = kept_at_least_us(story, evidence) * tick_us;
    int64_t most_us = kept_at_most_us(story, evidence, &ruling.tested);
    most_us = most_us == INT64_MAX ? most_us : most_us * tick_us;
    const bool refuted = least_us > timeout_us + slack_us || most_us < timeout_us - slack_us;
    const bool confirmed = least_us >= timeout_us - slack_us && most_us <= timeout_us + slack_us;
    ruling.violations = refuted;
    ruling.is_decidable = refuted || (confirmed && ruling.tested > 0);
    raise_worst(&ruling, least_us > timeout_us ? (least_us - timeout_us) / tick_us : 0);
    raise_worst(&ruling, most_us < timeout_us ? (timeout_us - most_us) / tick_us : 0);
    return ruling;
}
