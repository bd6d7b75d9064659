#include "tests/oracle/evidence.h"
#include "tests/oracle/traffic.h"

/* ---- converges ---- */

/* Some execution graph of the job that had arrived by the answer was asked for at from_us or later;
 * also true where none had arrived at all, or nobody tells. */
static bool may_be_new(const struct story *story, const struct answer *answer, int64_t from_us)
{
    bool is_any = false;
    for (size_t i = 0; i < story->fact_count && calls_are_told(story); i++) {
        const struct fact *ended = &story->facts[i];
        if (ended->kind != FACT_CALL_ENDED || ended->call_failed || ended->call != CALL_GRAPH ||
            story->fact_job[i] != answer->job || story->fact_step[i] > answer->done_step)
            continue;
        for (size_t k = 0; k < story->fact_count; k++) {
            const struct fact *sent = &story->facts[k];
            if (sent->kind != FACT_CALL_SENT || sent->fetch != ended->fetch ||
                story->fact_job[k] != answer->job)
                continue;
            is_any = true;
            if (sent->at_us >= from_us)
                return true;
        }
    }
    return !is_any;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool is_amiss(const struct story *story, const struct evidence *evidence, size_t at)
{
    const struct answer *answer = &story->answers[at];
    const struct claim *claim = &story->claim;
    const int64_t sent_us = answer->exchange.sent_us;
    const int64_t timeout_us = claim->settings_known ? claim->settings_timeout_us : claim->bound_us;
    if (answer->exchange.status == 0)
        return true;
    const bool is_of_job =
        answer->seen.error == ERROR_INITIALIZING || answer->seen.error == ERROR_JOB_NOT_FOUND;
    if (is_failure(answer))
        return !is_cancelled(answer) && !(is_of_job && is_explained_by_call(story, answer));
    if (is_list(answer))
        return lacks_completion(evidence, story, at,
                                sent_us - larger(timeout_us, answer->exchange.bound_us));
    return traffic_of(answer->exchange.path) == TRAFFIC_GRAPH && answer->exchange.status == 200 &&
           !may_be_new(story, answer, sent_us - claim->refresh_interval_us);
}

struct ruling statement_converges(const struct story *story, const struct evidence *evidence)
{
    struct ruling ruling = {.is_decidable = true};
    for (size_t i = 0; i < story->answer_count; i++) {
        const struct answer *answer = &story->answers[i];
        const int64_t sent_us = answer->exchange.sent_us;
        int64_t unknown_to_us;
        if (traffic_of(answer->exchange.path) == TRAFFIC_OTHER ||
            sent_us < story->claim.settled_from_us ||
            sent_us < known_since_us(story, answer, &unknown_to_us))
            continue;
        ruling.tested++;
        ruling.violations += is_amiss(story, evidence, i);
    }
    return ruling;
}
