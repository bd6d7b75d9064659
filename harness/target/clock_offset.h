#ifndef FRESHCHECK_HARNESS_TARGET_CLOCK_OFFSET_H
#define FRESHCHECK_HARNESS_TARGET_CLOCK_OFFSET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * By how much another machine's clock is ahead of ours: within what bounds it must be. A reading of
 * the other clock was made after we asked for it and before we had it, and that is all that is
 * known; the bounds hold for every reading at once. When none is left, one of the clocks was set or
 * does not go at the other's pace.
 */
struct clock_offset {
    int64_t least_us, most_us;
};

/* Nothing is known. */
struct clock_offset clock_offset_unknown(void);

/* The other clock said `read_us`, not before ours said `from_us`, and not after it said `to_us`.
 * INT64_MIN and INT64_MAX: not known. */
void clock_offset_learn(struct clock_offset *offset, int64_t from_us, int64_t read_us,
                        int64_t to_us);

bool clock_offset_is_possible(const struct clock_offset *offset); /* bounded, and not empty */

/* The middle, and how far from it the truth may be. */
int64_t clock_offset_middle_us(const struct clock_offset *offset);
int64_t clock_offset_error_us(const struct clock_offset *offset);

#endif
