#ifndef FRESHCHECK_HARNESS_LIVE_CLOCK_H
#define FRESHCHECK_HARNESS_LIVE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The one clock of a live run: microseconds of CLOCK_MONOTONIC since it was started, and a timer
 * that goes by it. Nothing else in the program reads a clock; everybody below is told the time.
 */
struct live_clock {
    int64_t zero_us; /* CLOCK_MONOTONIC at time 0 */
    int timer_fd;    /* becomes readable at the time set with live_clock_wake_at() */
};

bool live_clock_start(struct live_clock *clock); /* false: no timer can be had, see errno */
void live_clock_stop(struct live_clock *clock);

/* Lets time 0 be now. For setting up first and starting everything at once after. */
void live_clock_restart(struct live_clock *clock);

int64_t live_clock_now_us(const struct live_clock *clock); /* never decreasing */

/* Sets the timer; replaces an earlier setting. A time in the past: at once. INT64_MAX: never. */
void live_clock_wake_at(struct live_clock *clock, int64_t at_us);

/* The wall clock, in epoch microseconds. */
int64_t live_clock_epoch_us(void);

#endif
