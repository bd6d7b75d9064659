#include <stdlib.h>
#include <string.h>

#include "harness/judge/judge.h"
#include "harness/recording/recording_internal.h"

/* A completion on its way to the judge. */
struct due_fact {
    int64_t at_us;
    const struct recorded_completion *completion;
    const char *evidence;
};

/*
 * When a completion is taken to have ended: the margin after its last acknowledgement, or the
 * arrival of the first answer that showed it, whichever was earlier.
 */
static void due_fact_of(const struct recording *recording, const struct claim *claim,
                        const struct recorded_completion *completion, struct due_fact *due)
{
    int64_t at_us;
    *due = (struct due_fact){completion->shown.done_us, completion, "seen in an earlier answer"};
    if (__builtin_mul_overflow(completion->latest_ack_ms, INT64_C(1000), &at_us) ||
        __builtin_sub_overflow(at_us, recording->time0_us, &at_us) ||
        __builtin_add_overflow(at_us, claim->margin_us, &at_us) ||
        at_us >= completion->shown.done_us)
        return;
    due->at_us = at_us;
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

/* What the second reading is at. */
struct feed {
    struct recording *recording;
    struct judge *judge;
    struct lag *lag;
    struct due_fact *facts;
    size_t next_fact;
    struct waiting waiting;
    int64_t newest_us;
    size_t exchange_count;
};

static const char out_of_memory[] = "out of memory";
static const char changed[] = "the file changed while it was read";

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
        .status = recorded->status,
        .seen = &recorded->body->seen,
        .seen_serial = recorded->body->serial,
    };
    return judge_exchange(feed->judge, &exchange);
}

/* Facts are in order of time; at one instant they go before exchanges, as the judge wants them. */
static bool feed_first(struct feed *feed)
{
    struct recorded_exchange exchange = waiting_take(&feed->waiting);
    bool fed = true;
    while (fed && feed->next_fact < feed->recording->completion_count &&
           feed->facts[feed->next_fact].at_us <= exchange.order.done_us)
        fed = feed_fact(feed->judge, &feed->facts[feed->next_fact++]);
    fed = fed && feed_exchange(feed, &exchange);
    lag_add(feed->lag, &exchange);
    exchange_release(&exchange);
    return fed;
}

/* Those that no line to come can be earlier than, by what the first reading saw. */
static const char *feed_ripe(struct feed *feed)
{
    const struct recorded_exchange *first;
    while ((first = waiting_first(&feed->waiting)) &&
           first->order.done_us < feed->newest_us - feed->recording->lateness_us) {
        if (!feed_first(feed))
            return out_of_memory;
    }
    return NULL;
}

static const char *feed_line(struct feed *feed, const char *bytes, size_t length, size_t number)
{
    struct line_remark remark = {0};
    struct recorded_exchange exchange;
    struct json_tree *tree = &feed->recording->tree;
    const enum json_outcome outcome = json_tree_read(tree, bytes, length);
    if (outcome != JSON_READ)
        return outcome == JSON_DAMAGED ? changed : out_of_memory;
    const enum recording_line taken =
        recording_take_line(feed->recording, tree->nodes, number, &exchange, &remark);
    if (taken != LINE_EXCHANGE)
        return taken == LINE_OTHER ? NULL : taken == LINE_DAMAGED ? changed : out_of_memory;
    if (!waiting_put(&feed->waiting, &exchange)) {
        exchange_release(&exchange);
        return out_of_memory;
    }
    if (feed->exchange_count++ == 0 || exchange.order.done_us > feed->newest_us)
        feed->newest_us = exchange.order.done_us;
    if (feed->newest_us - exchange.order.done_us > feed->recording->lateness_us)
        return changed;
    return feed_ripe(feed);
}

static const char *feed_lines(struct feed *feed)
{
    struct recording *recording = feed->recording;
    struct line_reader lines = {.file = recording->file};
    const char *bytes, *wrong = NULL;
    size_t length;
    bool has_header = false;
    if (fseeko(recording->file, recording->start, SEEK_SET) != 0)
        return changed;
    while (!wrong && lines.number < recording->line_count) {
        const enum line_read read = line_reader_next(&lines, &bytes, &length);
        if (read != LINE_READ)
            wrong = read == LINE_READ_NO_MEMORY ? out_of_memory : changed;
        else if (!recording_line_is_blank(bytes, length) && has_header)
            wrong = feed_line(feed, bytes, length, lines.number);
        else
            has_header |= !recording_line_is_blank(bytes, length);
    }
    line_reader_free(&lines);
    while (!wrong && feed->waiting.count > 0)
        wrong = feed_first(feed) ? NULL : out_of_memory;
    return !wrong && feed->exchange_count != recording->exchange_count ? changed : wrong;
}

/* The judge knows completions with their margin, and some only from triggers; the lag is told from
 * acknowledgements alone, so that it can be compared between recordings. */
static void tell_worst_lag(struct judgement *judgement, int64_t worst_us)
{
    enum property own = judgement->claim.bound_us > 0 ? PROPERTY_BOUNDED_AGE : PROPERTY_FRESH;
    struct property_verdict *verdict = &judgement->properties[own];
    if (worst_us < 0 || verdict->verdict == VERDICT_UNKNOWN)
        return;
    verdict->has_worst = true;
    verdict->worst_value = (double)worst_us / 1000;
    verdict->worst_unit = "ms";
}

const char *recording_judge(struct recording *recording, const struct claim *claim,
                            struct judgement *judgement)
{
    const char *wrong = out_of_memory;
    size_t count = recording->completion_count;
    struct feed feed = {
        .recording = recording,
        .judge = judge_new(claim),
        .lag = lag_new(recording),
        .facts = calloc(count ? count : 1, sizeof(*feed.facts)),
    };
    if (!feed.judge || !feed.facts || !feed.lag)
        goto out;
    for (size_t i = 0; i < count; i++)
        due_fact_of(recording, claim, &recording->completions[i], &feed.facts[i]);
    qsort(feed.facts, count, sizeof(*feed.facts), earlier_due);
    wrong = feed_lines(&feed);
    if (!wrong) {
        judge_verdicts(feed.judge, judgement);
        tell_worst_lag(judgement, lag_worst_us(feed.lag));
    }
out:
    waiting_free(&feed.waiting);
    lag_free(feed.lag);
    free(feed.facts);
    judge_free(feed.judge);
    return wrong;
}
