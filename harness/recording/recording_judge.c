#include <stdlib.h>

#include "harness/judge/judge.h"
#include "harness/recording/recording_internal.h"

/* A completion on its way to the judge. */
struct due_fact {
    int64_t at_us;
    const struct recorded_completion *completion;
    const char *evidence;
};

int64_t recording_complete_us(const struct recording *recording,
                              const struct recorded_completion *completion, int64_t margin_us)
{
    int64_t at_us;
    if (__builtin_add_overflow(recording_ack_us(recording, completion), margin_us, &at_us) ||
        at_us > completion->shown.done_us)
        return completion->shown.done_us;
    return at_us;
}

static void due_fact_of(const struct recording *recording, const struct claim *claim,
                        const struct recorded_completion *completion, struct due_fact *due)
{
    const int64_t at_us = recording_complete_us(recording, completion, claim->margin_us);
    *due = (struct due_fact){at_us, completion, "seen in an earlier answer"};
    if (at_us < completion->shown.done_us)
        due->evidence = claim->margin_us == RECORDING_MARGIN_US ? "latest_ack_timestamp + 250 ms"
                                                                : "latest_ack_timestamp + margin";
}

static int earlier_due(const void *left, const void *right)
{
    const struct due_fact *a = left, *b = right;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    int jobs = id_compare(a->completion->job, b->completion->job);
    if (jobs != 0)
        return jobs;
    return a->completion->checkpoint < b->completion->checkpoint ? -1 : 1;
}

static bool feed_fact(struct judge *judge, const struct due_fact *due)
{
    const struct recorded_completion *completion = due->completion;
    const struct fact fact = {
        .kind = FACT_COMPLETED,
        .at_us = due->at_us,
        .job = completion->job,
        .checkpoint = completion->checkpoint,
        .trigger_ms = completion->trigger_ms,
        .path = completion->path,
        .evidence = due->evidence,
        .seq = completion->shown.seq,
    };
    return judge_fact(judge, &fact);
}

/* What judging is at. */
struct feed {
    struct recording *recording;
    struct judge *judge;
    struct lag *lag;
    struct expectation *expectation;
    struct due_fact *facts;
    size_t next_fact;
};

static bool feed_exchange(struct feed *feed, const struct recorded_exchange *recorded)
{
    struct text_pool *clients = &feed->recording->clients;
    const struct exchange exchange = {
        .seq = recorded->order.seq,
        .client = recorded->client == SIZE_MAX ? NULL : clients->texts[recorded->client],
        .client_index = recorded->client,
        .path = recorded->path,
        .target = recorded->target,
        .job = recorded->job,
        .checkpoint = recorded->checkpoint,
        .sent_us = recorded->sent_us,
        .done_us = recorded->order.done_us,
        .left_us = recorded->sent_us,
        .bound_us = -1,
        .age_us = recorded->age_us,
        .status = recorded->status,
        .seen = &recorded->body->seen,
        .seen_serial = recorded->body->serial,
    };
    judge_horizon(feed->judge, exchange.done_us - feed->recording->longest_us);
    return judge_exchange(feed->judge, &exchange);
}

/* Facts are in order of time; at one instant they go before exchanges, as the judge wants them. */
static bool feed_next(void *context, const struct recorded_exchange *exchange)
{
    struct feed *feed = context;
    while (feed->next_fact < feed->recording->completion_count &&
           feed->facts[feed->next_fact].at_us <= exchange->order.done_us) {
        if (!feed_fact(feed->judge, &feed->facts[feed->next_fact++]))
            return false;
    }
    lag_add(feed->lag, exchange);
    expectation_add(feed->expectation, exchange);
    return feed_exchange(feed, exchange);
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
    size_t count = recording->completion_count;
    struct feed feed = {
        .recording = recording,
        .judge = judge_new(claim),
        .lag = lag_new(recording),
        .expectation = expectation_new(recording, claim),
        .facts = calloc(count ? count : 1, sizeof(*feed.facts)),
    };
    if (!feed.judge || !feed.facts || !feed.lag || !feed.expectation)
        goto out;
    for (size_t i = 0; i < count; i++)
        due_fact_of(recording, claim, &recording->completions[i], &feed.facts[i]);
    qsort(feed.facts, count, sizeof(*feed.facts), earlier_due);
    wrong = recording_each(recording, feed_next, &feed);
    if (!wrong) {
        judge_verdicts(feed.judge, judgement);
        recording_tell_margin(recording, claim, &judgement->margin);
        tell_worst_lag(judgement, feed.lag);
        expectation_conclude(feed.expectation, &judgement->expected);
    }
out:
    expectation_free(feed.expectation);
    lag_free(feed.lag);
    free(feed.facts);
    judge_free(feed.judge);
    return wrong;
}
