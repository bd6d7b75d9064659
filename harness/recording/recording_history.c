#include <stdlib.h>

#include "harness/recording/recording_internal.h"

/* A recording as a history: completions concluded from answers, and exchanges, in order. */

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

struct telling {
    struct recording *recording;
    const struct history_ear *ear;
    struct due_fact *facts;
    size_t next_fact;
};

static bool tell_fact(const struct history_ear *ear, const struct due_fact *due)
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
    return ear->fact(ear->context, &fact);
}

static bool tell_exchange(const struct telling *telling, const struct recorded_exchange *recorded)
{
    const struct text_pool *clients = &telling->recording->clients;
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
    return telling->ear->exchange(telling->ear->context, recorded, &exchange);
}

/* Facts are in order of time; at one instant they go before exchanges, as the judge wants them. */
static bool tell_next(void *context, const struct recorded_exchange *exchange)
{
    struct telling *telling = context;
    while (telling->next_fact < telling->recording->completion_count &&
           telling->facts[telling->next_fact].at_us <= exchange->order.done_us) {
        if (!tell_fact(telling->ear, &telling->facts[telling->next_fact++]))
            return false;
    }
    return tell_exchange(telling, exchange);
}

const char *recording_as_history(struct recording *recording, const struct claim *claim,
                                 const struct history_ear *ear)
{
    const size_t count = recording->completion_count;
    struct telling telling = {recording, ear, calloc(count ? count : 1, sizeof(struct due_fact)),
                              0};
    if (!telling.facts)
        return recording_no_memory;
    for (size_t i = 0; i < count; i++)
        due_fact_of(recording, claim, &recording->completions[i], &telling.facts[i]);
    qsort(telling.facts, count, sizeof *telling.facts, earlier_due);
    const char *wrong = recording_each(recording, tell_next, &telling);
    free(telling.facts);
    return wrong;
}
