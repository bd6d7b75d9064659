#ifndef FRESHCHECK_HARNESS_LIVE_CLOCK_H
#define FRESHCHECK_HARNESS_LIVE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The one clock of a live run: microseconds of CLOCK_MONOTONIC since it was started, and a timer
 * that goes by it. It can be stopped, and set forward. Nothing else in the program reads a clock;
 * everybody below is told the time.
 */
struct live_clock {
    int64_t zero_us; /* CLOCK_MONOTONIC at time 0 */
    int timer_fd;    /* becomes readable at the time set with live_clock_wake_at() */
    bool frozen;
    int64_t frozen_us; /* the time while it is frozen */
    int64_t wake_us;   /* what the timer is set to */
};

bool live_clock_start(struct live_clock *clock); /* false: no timer can be had, see errno */
void live_clock_stop(struct live_clock *clock);

/* Lets time 0 be now, and time go. For setting up first and starting everything at once after. */
void live_clock_restart(struct live_clock *clock);

int64_t live_clock_now_us(const struct live_clock *clock); /* never decreasing */

/* Stops the time at an instant that is not after now; it goes on from there. */
void live_clock_freeze(struct live_clock *clock, int64_t at_us);
void live_clock_resume(struct live_clock *clock);

/* Sets the time forward; whether it stands or goes stays as it was. The past: nothing happens. */
void live_clock_advance(struct live_clock *clock, int64_t to_us);

/*
 * Lets the time be at most at_most_us: what it is past that is left out for good. For a loop that
 * knows it was kept from running, and is alone with those who go by this clock.
 */
void live_clock_hold(struct live_clock *clock, int64_t at_most_us);

/* Microseconds since nobody knows when, whatever was done to the clock: for waiting in real time. */
int64_t live_clock_real_us(void);

/* Sets the timer; replaces an earlier setting. A time in the past: at once. INT64_MAX: never. */
void live_clock_wake_at(struct live_clock *clock, int64_t at_us);

/* The wall clock, in epoch microseconds. */
int64_t live_clock_epoch_us(void);

#endif
