#include "harness/judge/judge.h"
#include "harness/recording/recording_internal.h"

/* What judging is at. */
struct feed {
    struct recording *recording;
    struct judge *judge;
    struct lag *lag;
    struct expectation *expectation;
};

static bool feed_fact(void *context, const struct fact *fact)
{
    const struct feed *feed = context;
    return judge_fact(feed->judge, fact);
}

static bool feed_exchange(void *context, const struct recorded_exchange *recorded,
                          const struct exchange *exchange)
{
    const struct feed *feed = context;
    lag_add(feed->lag, recorded);
    expectation_add(feed->expectation, recorded);
    judge_horizon(feed->judge, exchange->done_us - feed->recording->longest_us);
    return judge_exchange(feed->judge, exchange);
}

/* The judge knows completions with their margin, and some only from triggers; the lag is told from
 * acknowledgements alone, so that it can be compared between recordings. */
static void tell_worst_lag(struct judgement *judgement, const struct lag *lag)
{
    const int64_t worst_us = lag_worst_us(lag);
    enum property own = judgement->claim.bound_us > 0 ? PROPERTY_BOUNDED_AGE : PROPERTY_FRESH;
    struct property_verdict *verdict = &judgement->properties[own];
    if (worst_us < 0 || verdict->verdict == VERDICT_UNKNOWN)
        return;
    verdict->has_worst = true;
    verdict->worst_value = (double)worst_us / 1000;
    verdict->worst_unit = "ms";
    if (lag_worst_behind(lag) > verdict->worst_behind)
        verdict->worst_behind = lag_worst_behind(lag);
}

const char *recording_judge(struct recording *recording, const struct claim *claim,
                            struct judgement *judgement)
{
    const char *wrong = recording_no_memory;
    struct feed feed = {
        .recording = recording,
        .judge = judge_new(claim),
        .lag = lag_new(recording),
        .expectation = expectation_new(recording, claim),
    };
    const struct history_ear ear = {&feed, feed_fact, feed_exchange};
    if (!feed.judge || !feed.lag || !feed.expectation)
        goto out;
    wrong = recording_as_history(recording, claim, &ear);
    if (!wrong) {
        judge_verdicts(feed.judge, judgement);
        recording_tell_margin(recording, claim, &judgement->margin);
        tell_worst_lag(judgement, feed.lag);
        expectation_conclude(feed.expectation, &judgement->expected);
    }
out:
    expectation_free(feed.expectation);
    lag_free(feed.lag);
    judge_free(feed.judge);
    return wrong;
}
