#ifndef FRESHCHECK_GATEWAY_SUMMARY_H
#define FRESHCHECK_GATEWAY_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Statistics of one measured quantity over all completed checkpoints of a job run.
 *
 * Minimum, maximum and sum are of all time; percentiles come from the last 10,000 values.
 * Source: Flink StatsSummary, DescriptiveStatisticsHistogram (window 10,000).
 */
enum { SUMMARY_WINDOW = 10000 };

/* A list of values that are only ever appended, shared by the tracker and all snapshots it gave away. */
struct samples;

struct samples *samples_new(void); /* NULL when out of memory */
struct samples *samples_retain(struct samples *samples);
void samples_release(struct samples *samples);               /* NULL is allowed */
bool samples_append(struct samples *samples, int64_t value); /* false when out of memory */

/* A summary as it stood at one moment: later appends to `samples` do not show. */
struct summary {
    int64_t min; /* 0 when count is 0 */
    int64_t max; /* 0 when count is 0 */
    int64_t sum;
    int64_t count;
    struct samples *samples; /* NULL for a summary without a histogram: percentiles are NaN */
};

/* Counts a value in. Negative ones are ignored. False when out of memory. */
bool summary_add(struct summary *summary, int64_t value);

/*
 * Lets go of values that no percentile will ever need, once there are many; called now and then, it
 * keeps a summary's memory bounded. Snapshots stay exact. False when out of memory: nothing has
 * changed, and it may be called again.
 */
bool summary_trim(struct summary *summary);

/* sum / count in integers; 0 when empty. */
int64_t summary_average(const struct summary *summary);

enum { SUMMARY_P50, SUMMARY_P90, SUMMARY_P95, SUMMARY_P99, SUMMARY_P999, SUMMARY_PERCENTILES };

/*
 * Percentiles as commons-math LEGACY computes them: position p * (n + 1) / 100, linear
 * interpolation, clamped to first and last; NaN when there are no values. Sorts a copy.
 * False when out of memory.
 */
bool summary_percentiles(const struct summary *summary, double values[SUMMARY_PERCENTILES]);

#endif
