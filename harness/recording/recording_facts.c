#include <stdlib.h>

#include "base/text.h"
#include "harness/recording/proof.h"
#include "harness/recording/recording_internal.h"

static struct digest digest_of(struct id job, int64_t checkpoint)
{
    struct digest digest = digest_start();
    digest_add_number(&digest, job.high);
    digest_add_number(&digest, job.low);
    digest_add_number(&digest, (uint64_t)checkpoint);
    return digest;
}

/* What the answer says of the checkpoint. False when out of memory. */
static bool fill(struct recorded_completion *completion, const struct recorded_exchange *exchange,
                 const struct seen_checkpoint *entry)
{
    char *path = text_copy(entry->path);
    if (entry->path && !path)
        return false;
    free(completion->path);
    *completion = (struct recorded_completion){
        .job = exchange->job,
        .checkpoint = entry->id,
        .trigger_ms = entry->trigger_ms,
        .latest_ack_ms = entry->latest_ack_ms,
        .path = path,
        .shown = exchange->order,
    };
    return true;
}

static bool add(struct recording *recording, struct digest digest,
                const struct recorded_exchange *exchange, const struct seen_checkpoint *entry)
{
    struct recorded_completion *completions =
        recording_grow(recording->completions, recording->completion_count,
                       &recording->completion_capacity, sizeof(*completions));
    if (!completions)
        return false;
    recording->completions = completions;
    struct recorded_completion *completion = &completions[recording->completion_count];
    completion->path = NULL;
    if (!fill(completion, exchange, entry))
        return false;
    if (!digest_table_put(&recording->completion_indices, digest, recording->completion_count)) {
        free(completion->path);
        return false;
    }
    recording->completion_count++;
    return true;
}

/* An answer that completions are concluded from. */
struct conclusion {
    struct recording *recording;
    const struct recorded_exchange *exchange;
};

/* Of two answers that show a checkpoint the one that came first counts, whichever line it is in. */
static bool conclude_entry(void *context, const struct seen_checkpoint *entry)
{
    const struct conclusion *conclusion = context;
    struct recording *recording = conclusion->recording;
    const struct recorded_exchange *exchange = conclusion->exchange;
    size_t known;
    const struct digest digest = digest_of(exchange->job, entry->id);
    const bool is_known = digest_table_find(&recording->completion_indices, digest, &known);
    if (is_known && !line_order_earlier(&exchange->order, &recording->completions[known].shown))
        return true;
    if (proof_is_of_another_job(entry->path, exchange->job))
        return true;
    return is_known ? fill(&recording->completions[known], exchange, entry)
                    : add(recording, digest, exchange, entry);
}

bool recording_find_completion(const struct recording *recording, struct id job, int64_t checkpoint,
                               size_t *index)
{
    return digest_table_find(&recording->completion_indices, digest_of(job, checkpoint), index);
}

static bool add_trigger(struct recording *recording, const struct recorded_exchange *exchange)
{
    struct recorded_trigger *triggered =
        recording_grow(recording->triggered, recording->triggered_count,
                       &recording->triggered_capacity, sizeof *triggered);
    if (!triggered)
        return false;
    recording->triggered = triggered;
    triggered[recording->triggered_count++] = (struct recorded_trigger){
        exchange->job, exchange->body->seen.trigger_checkpoint, exchange->order.done_us};
    return true;
}

bool recording_conclude(struct recording *recording, const struct recorded_exchange *exchange)
{
    struct read_body *body = exchange->body;
    struct conclusion conclusion = {recording, exchange};
    if (proof_by_trigger(&body->seen))
        return add_trigger(recording, exchange);
    if (!proof_is_possible(&body->seen, exchange->checkpoint) ||
        (body->is_concluded && !line_order_earlier(&exchange->order, &body->concluded)))
        return true;
    body->is_concluded = true;
    body->concluded = exchange->order;
    return proof_each(&body->seen, exchange->checkpoint, conclude_entry, &conclusion);
}
