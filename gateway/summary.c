#include "gateway/summary.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

struct samples {
    uint32_t references;
    int64_t *values;
    size_t count;
    size_t capacity;
};

struct samples *samples_new(void)
{
    struct samples *samples = calloc(1, sizeof *samples);
    if (samples)
        samples->references = 1;
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
    free(samples->values);
    free(samples);
}

bool samples_append(struct samples *samples, int64_t value)
{
    if (samples->count == samples->capacity) {
        const size_t capacity = samples->capacity ? samples->capacity * 2 : FIRST_CAPACITY;
        int64_t *values = realloc(samples->values, capacity * sizeof *values);
        if (!values)
            return false;
        samples->values = values;
        samples->capacity = capacity;
    }
    samples->values[samples->count++] = value;
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

bool summary_percentiles(const struct summary *summary, double values[SUMMARY_PERCENTILES])
{
    /* Flink asks for a quantile, the histogram turns it into a percentage, commons-math turns that
     * back: the same steps here, so that the last digit comes out the same.
     * Source: DescriptiveStatisticsHistogramStatistics.getQuantile, Percentile.evaluate. */
    static const double quantiles[SUMMARY_PERCENTILES] = {
        [SUMMARY_P50] = 0.5,  [SUMMARY_P90] = 0.9,    [SUMMARY_P95] = 0.95,
        [SUMMARY_P99] = 0.99, [SUMMARY_P999] = 0.999,
    };
    const size_t count = summary->samples ? (size_t)summary->count : 0;
    if (count == 0) {
        for (int i = 0; i < SUMMARY_PERCENTILES; i++)
            values[i] = (double)NAN;
        return true;
    }

    assert(count <= summary->samples->count);
    const size_t window = count < SUMMARY_WINDOW ? count : SUMMARY_WINDOW;
    int64_t *sorted = malloc(window * sizeof *sorted);
    if (!sorted)
        return false;
    memcpy(sorted, summary->samples->values + count - window, window * sizeof *sorted);
    qsort(sorted, window, sizeof *sorted, compare_values);
    for (int i = 0; i < SUMMARY_PERCENTILES; i++)
        values[i] = estimate(sorted, window, quantiles[i] * 100 / 100);
    free(sorted);
    return true;
}
