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

struct lag {
    struct by_id *sorted;
    size_t count;
    int64_t worst_us;
    uint64_t worst_behind;
};

int64_t recording_ack_us(const struct recording *recording,
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
        sorted[i].first_ack_us = recording_ack_us(recording, sorted[i].completion);
        bool same_job =
            i + 1 < count && id_equal(sorted[i].completion->job, sorted[i + 1].completion->job);
        if (same_job && sorted[i + 1].first_ack_us < sorted[i].first_ack_us)
            sorted[i].first_ack_us = sorted[i + 1].first_ack_us;
    }
}

struct lag *lag_new(const struct recording *recording)
{
    size_t count = recording->completion_count;
    struct lag *lag = calloc(1, sizeof(*lag));
    struct by_id *sorted = calloc(count ? count : 1, sizeof(*sorted));
    if (!lag || !sorted) {
        free(lag);
        free(sorted);
        return NULL;
    }
    sort(recording, sorted);
    *lag = (struct lag){.sorted = sorted, .count = count, .worst_us = -1};
    return lag;
}

void lag_free(struct lag *lag)
{
    if (lag)
        free(lag->sorted);
    free(lag);
}

int64_t lag_worst_us(const struct lag *lag)
{
    return lag->worst_us;
}

uint64_t lag_worst_behind(const struct lag *lag)
{
    return lag->worst_behind;
}

/* The first completion of this job that the read does not show; `count` when there is none. */
static size_t first_not_shown(const struct lag *lag, struct id job, const struct observation *seen)
{
    size_t low = 0, high = lag->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct recorded_completion *completion = lag->sorted[middle].completion;
        int jobs = id_compare(completion->job, job);
        bool shown =
            seen->has_latest_completed && completion->checkpoint <= seen->latest_completed.id;
        if (jobs < 0 || (jobs == 0 && shown))
            low = middle + 1;
        else
            high = middle;
    }
    return low < lag->count && id_equal(lag->sorted[low].completion->job, job) ? low : lag->count;
}

void lag_add(struct lag *lag, const struct recorded_exchange *read)
{
    const struct observation *seen = &read->body->seen;
    int64_t behind_us = 0;
    if (lag->count == 0 || seen->kind != OBSERVED_STATISTICS)
        return;
    size_t next = first_not_shown(lag, read->job, seen);
    if (next == lag->count ||
        __builtin_sub_overflow(read->sent_us, lag->sorted[next].first_ack_us, &behind_us) ||
        behind_us < 0)
        behind_us = 0;
    if (behind_us > lag->worst_us)
        lag->worst_us = behind_us;
    if (behind_us <= 0)
        return;
    uint64_t behind = 0;
    while (next + behind < lag->count &&
           id_equal(lag->sorted[next + behind].completion->job, read->job) &&
           lag->sorted[next + behind].first_ack_us < read->sent_us)
        behind++;
    if (behind > lag->worst_behind)
        lag->worst_behind = behind;
}
