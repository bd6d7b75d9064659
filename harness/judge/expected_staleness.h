#ifndef FRESHCHECK_HARNESS_JUDGE_EXPECTED_STALENESS_H
#define FRESHCHECK_HARNESS_JUDGE_EXPECTED_STALENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How old answers should have been: those of one cache that keeps each for a timeout from when it
 * was fetched, that is asked when the target was asked, and whose origin completes what the
 * target's did. It assumes nothing about how regular either is; for regular ones it agrees with
 * the closed forms of docs/properties.md. When the cache was filled before the first request
 * cannot be known, so several times are tried, evenly spread over a timeout.
 */
enum { EXPECTED_PHASES = 8 };

struct expected_completion {
    int64_t shown_us;  /* what is fetched from then on shows it */
    int64_t counts_us; /* what lacks it is stale from then on, as it is counted for the target */
};

/* The cache's entry of one job. Start with expected_entry(). */
struct expected_entry {
    int64_t timeout_us;
    const struct expected_completion *completions; /* borrowed, by shown_us */
    size_t completion_count;
    bool is_filled;
    uint64_t reads;
    struct expected_phase {
        int64_t fetched_us;
        size_t next; /* the first that it does not show */
        uint64_t stale;
        double sum_us;
    } phases[EXPECTED_PHASES];
};

struct expected_entry expected_entry(int64_t timeout_us,
                                     const struct expected_completion *completions,
                                     size_t completion_count);

/* A request for what the entry holds; is_read: its answer's age counts. In order of time, though
 * neighbours may be swapped. */
void expected_request(struct expected_entry *entry, int64_t sent_us, bool is_read);

/* Of all reads that came after a completion, as struct staleness counts them; sums over the first
 * times that were tried: their average, and the least and the most. Starts as {0}. */
struct expected_staleness {
    int64_t timeout_us;
    uint64_t reads; /* 0: there is nothing to expect */
    double stale, sum_us, least_sum_us, most_sum_us;
};

void expected_add(struct expected_staleness *expected, const struct expected_entry *entry);

#endif
