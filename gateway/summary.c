#include "gateway/summary.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Most jobs complete a few: those need no memory of their own. */
enum { VALUES_FEW = 16 };

/* Up to so many new values are put into their places; beyond that sorting anew is faster. */
enum { SLIDES_MAX = 64 };

/* So many values are ever looked at again: those of the window, and those that slide out of it. */
enum { KEPT_MIN = SUMMARY_WINDOW + SLIDES_MAX, KEPT_MAX = 2 * KEPT_MIN };

/*
 * The window behind percentiles is kept sorted from one question to the next: a program that asks
 * a job without new checkpoints must not pay for 10,000 old ones each time.
 */
struct samples {
    uint32_t references;
    int64_t *values; /* those from `first` on; `few`, or owned */
    size_t first, count;
    size_t capacity;
    int64_t *sorted; /* the window as it was at sorted_for values; NULL before */
    size_t sorted_capacity;
    size_t sorted_for;
    int64_t few[VALUES_FEW];
};

struct samples *samples_new(void)
{
    struct samples *samples = malloc(sizeof *samples);
    if (!samples)
        return NULL;
    memset(samples, 0, offsetof(struct samples, few));
    samples->references = 1;
    samples->values = samples->few;
    samples->capacity = VALUES_FEW;
    return samples;
}

struct samples *samples_retain(struct samples *samples)
{
    samples->references++;
    return samples;
}

void samples_release(struct samples *samples)
{
    if (!samples || --samples->references > 0)
        return;
    if (samples->values != samples->few)
        free(samples->values);
    free(samples->sorted);
    free(samples);
}

static bool grow_values(struct samples *samples)
{
    const bool were_few = samples->values == samples->few;
    const size_t capacity = samples->capacity * 2;
    int64_t *values = realloc(were_few ? NULL : samples->values, capacity * sizeof *values);
    if (!values)
        return false;
    if (were_few)
        memcpy(values, samples->few, sizeof samples->few);
    samples->values = values;
    samples->capacity = capacity;
    return true;
}

bool samples_append(struct samples *samples, int64_t value)
{
    if (samples->count - samples->first == samples->capacity && !grow_values(samples))
        return false;
    samples->values[samples->count++ - samples->first] = value;
    return true;
}

static void drop_oldest(struct samples *samples)
{
    const size_t first = samples->count - KEPT_MIN;
    memmove(samples->values, samples->values + (first - samples->first),
            KEPT_MIN * sizeof *samples->values);
    samples->first = first;
}

/* Snapshots that share the values keep the old list, until they are gone. */
static struct samples *copy_newest(const struct samples *samples)
{
    struct samples *const copy = samples_new();
    if (!copy)
        return NULL;
    copy->values = malloc(KEPT_MAX * sizeof *copy->values);
    if (!copy->values) {
        samples_release(copy);
        return NULL;
    }
    copy->capacity = KEPT_MAX;
    copy->first = samples->count - KEPT_MIN;
    copy->count = samples->count;
    memcpy(copy->values, samples->values + (copy->first - samples->first),
           KEPT_MIN * sizeof *copy->values);
    return copy;
}

bool summary_trim(struct summary *summary)
{
    struct samples *const samples = summary->samples;
    if (!samples || samples->count - samples->first < KEPT_MAX)
        return true;
    if (samples->references == 1) {
        drop_oldest(samples);
        return true;
    }
    struct samples *const copy = copy_newest(samples);
    if (!copy)
        return false;
    samples_release(samples);
    summary->samples = copy;
    return true;
}

/* Source: Flink StatsSummary.add. The sum wraps around as Java's does. */
bool summary_add(struct summary *summary, int64_t value)
{
    if (value < 0)
        return true;
    if (summary->samples && !samples_append(summary->samples, value))
        return false;
    if (summary->count == 0 || value < summary->min)
        summary->min = value;
    if (summary->count == 0 || value > summary->max)
        summary->max = value;
    summary->sum = (int64_t)((uint64_t)summary->sum + (uint64_t)value);
    summary->count++;
    return true;
}

int64_t summary_average(const struct summary *summary)
{
    return summary->count > 0 ? summary->sum / summary->count : 0;
}

static int compare_values(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/*
 * Source: commons-math Percentile.EstimationType.LEGACY. Positions before the first value do not
 * come up, because the smallest fraction is one half.
 */
static double estimate(const int64_t *sorted, size_t count, double fraction)
{
    const double position = fraction * ((double)count + 1);
    if (position >= (double)count)
        return (double)sorted[count - 1];
    const double whole = floor(position);
    const double lower = (double)sorted[(size_t)whole - 1];
    const double upper = (double)sorted[(size_t)whole];
    return lower + (position - whole) * (upper - lower);
}

static size_t window_of(size_t count)
{
    return count < SUMMARY_WINDOW ? count : SUMMARY_WINDOW;
}

/* Where a value stands or belongs: before all that are not less. */
static size_t place_of(const int64_t *sorted, size_t length, int64_t value)
{
    size_t low = 0, high = length;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sorted[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* One value on: the oldest leaves a full window, the next one comes in. */
static void slide(struct samples *samples)
{
    int64_t *const sorted = samples->sorted;
    size_t length = window_of(samples->sorted_for);
    if (length == SUMMARY_WINDOW) {
        const int64_t oldest =
            samples->values[samples->sorted_for - SUMMARY_WINDOW - samples->first];
        const size_t at = place_of(sorted, length, oldest);
        length--;
        memmove(&sorted[at], &sorted[at + 1], (length - at) * sizeof *sorted);
    }
    const int64_t newest = samples->values[samples->sorted_for++ - samples->first];
    const size_t at = place_of(sorted, length, newest);
    memmove(&sorted[at + 1], &sorted[at], (length - at) * sizeof *sorted);
    sorted[at] = newest;
}

static void sort_window(const struct samples *samples, size_t count, int64_t *sorted)
{
    const size_t window = window_of(count);
    memcpy(sorted, samples->values + (count - window - samples->first), window * sizeof *sorted);
    qsort(sorted, window, sizeof *sorted, compare_values);
}

static bool make_room_for(struct samples *samples, size_t window)
{
    if (window <= samples->sorted_capacity)
        return true;
    const size_t capacity = window < SUMMARY_WINDOW / 2 ? 2 * window : SUMMARY_WINDOW;
    int64_t *sorted = realloc(samples->sorted, capacity * sizeof *sorted);
    if (!sorted)
        return false;
    samples->sorted = sorted;
    samples->sorted_capacity = capacity;
    return true;
}

/* Brings the kept window to `count` values, which must not be fewer than it has. */
static bool sort_up_to(struct samples *samples, size_t count)
{
    if (!make_room_for(samples, window_of(count)))
        return false;
    if (samples->sorted_for > 0 && count - samples->sorted_for <= SLIDES_MAX) {
        while (samples->sorted_for < count)
            slide(samples);
        return true;
    }
    sort_window(samples, count, samples->sorted);
    samples->sorted_for = count;
    return true;
}

static void estimate_all(const int64_t *sorted, size_t window, double values[SUMMARY_PERCENTILES])
{
    /* Flink asks for a quantile, the histogram turns it into a percentage, commons-math turns that
     * back: the same steps here, so that the last digit comes out the same.
     * Source: DescriptiveStatisticsHistogramStatistics.getQuantile, Percentile.evaluate. */
    static const double quantiles[SUMMARY_PERCENTILES] = {
        [SUMMARY_P50] = 0.5,  [SUMMARY_P90] = 0.9,    [SUMMARY_P95] = 0.95,
        [SUMMARY_P99] = 0.99, [SUMMARY_P999] = 0.999,
    };
    for (int i = 0; i < SUMMARY_PERCENTILES; i++)
        values[i] = estimate(sorted, window, quantiles[i] * 100 / 100);
}

bool summary_percentiles(const struct summary *summary, double values[SUMMARY_PERCENTILES])
{
    struct samples *const samples = summary->samples;
    const size_t count = samples ? (size_t)summary->count : 0;
    if (count == 0) {
        for (int i = 0; i < SUMMARY_PERCENTILES; i++)
            values[i] = (double)NAN;
        return true;
    }
    assert(count <= samples->count);
    if (count >= samples->sorted_for) {
        if (!sort_up_to(samples, count))
            return false;
        estimate_all(samples->sorted, window_of(count), values);
        return true;
    }
    /* An old snapshot, asked after a newer one: it sorts for itself. */
    int64_t *sorted = malloc(window_of(count) * sizeof *sorted);
    if (!sorted)
        return false;
    sort_window(samples, count, sorted);
    estimate_all(sorted, window_of(count), values);
    free(sorted);
    return true;
}
