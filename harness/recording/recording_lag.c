#include <stdlib.h>

#include "harness/recording/recording_internal.h"

/*
 * The lag of a read: how long before it was sent a newer checkpoint than the one it shows had its
 * last acknowledgement. No margin: this is a measurement, not a verdict, and a lag below the
 * margin is worth telling on a pass too.
 */

/* Completions by job and id. */
struct by_id {
    const struct recorded_completion *completion;
    int64_t first_ack_us; /* the earliest of this one and those of the same job with larger ids;
                             in time since time 0 */
};

static int by_job_and_id(const void *left, const void *right)
{
    const struct recorded_completion *a = ((const struct by_id *)left)->completion;
    const struct recorded_completion *b = ((const struct by_id *)right)->completion;
    int jobs = id_compare(a->job, b->job);
    if (jobs != 0)
        return jobs;
    return a->checkpoint < b->checkpoint ? -1 : a->checkpoint > b->checkpoint;
}

static int64_t ack_us(const struct recording *recording,
                      const struct recorded_completion *completion)
{
    int64_t us;
    if (__builtin_mul_overflow(completion->latest_ack_ms, INT64_C(1000), &us) ||
        __builtin_sub_overflow(us, recording->time0_us, &us))
        return INT64_MAX;
    return us;
}

static void sort(const struct recording *recording, struct by_id *sorted)
{
    size_t count = recording->completion_count;
    for (size_t i = 0; i < count; i++)
        sorted[i].completion = &recording->completions[i];
    qsort(sorted, count, sizeof(*sorted), by_job_and_id);
    for (size_t i = count; i-- > 0;) {
        sorted[i].first_ack_us = ack_us(recording, sorted[i].completion);
        bool same_job =
            i + 1 < count && id_equal(sorted[i].completion->job, sorted[i + 1].completion->job);
        if (same_job && sorted[i + 1].first_ack_us < sorted[i].first_ack_us)
            sorted[i].first_ack_us = sorted[i + 1].first_ack_us;
    }
}

/* The first completion of this job that the read does not show; `count` when there is none. */
static size_t first_not_shown(const struct by_id *sorted, size_t count, struct id job,
                              const struct observation *seen)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct recorded_completion *completion = sorted[middle].completion;
        int jobs = id_compare(completion->job, job);
        bool shown =
            seen->has_latest_completed && completion->checkpoint <= seen->latest_completed.id;
        if (jobs < 0 || (jobs == 0 && shown))
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && id_equal(sorted[low].completion->job, job) ? low : count;
}

static int64_t lag_us(const struct recording *recording, const struct by_id *sorted,
                      const struct recorded_exchange *read)
{
    const struct observation *seen = &recording->observations[read->seen].seen;
    int64_t lag;
    size_t next = first_not_shown(sorted, recording->completion_count, read->job, seen);
    if (next == recording->completion_count ||
        __builtin_sub_overflow(read->sent_us, sorted[next].first_ack_us, &lag) || lag < 0)
        return 0;
    return lag;
}

bool recording_worst_lag(const struct recording *recording, int64_t *worst_us)
{
    size_t count = recording->completion_count;
    struct by_id *sorted = calloc(count ? count : 1, sizeof(*sorted));
    if (!sorted)
        return false;
    sort(recording, sorted);
    *worst_us = -1;
    for (size_t i = 0; count > 0 && i < recording->exchange_count; i++) {
        const struct recorded_exchange *exchange = &recording->exchanges[i];
        if (recording->observations[exchange->seen].seen.kind != OBSERVED_STATISTICS)
            continue;
        int64_t lag = lag_us(recording, sorted, exchange);
        if (lag > *worst_us)
            *worst_us = lag;
    }
    free(sorted);
    return true;
}
