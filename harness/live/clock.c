#include "harness/live/clock.h"

#include <assert.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { US_PER_SECOND = 1000000 };

static int64_t read_clock_us(clockid_t which)
{
    struct timespec now;
    const int result = clock_gettime(which, &now);
    assert(result == 0);
    (void)result;
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

bool live_clock_start(struct live_clock *clock)
{
    clock->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    live_clock_restart(clock);
    return clock->timer_fd >= 0;
}

void live_clock_stop(struct live_clock *clock)
{
    if (clock->timer_fd >= 0)
        close(clock->timer_fd);
    clock->timer_fd = -1;
}

void live_clock_restart(struct live_clock *clock)
{
    clock->zero_us = live_clock_real_us();
    clock->frozen = false;
    clock->wake_us = INT64_MAX;
}

int64_t live_clock_now_us(const struct live_clock *clock)
{
    return clock->frozen ? clock->frozen_us : live_clock_real_us() - clock->zero_us;
}

void live_clock_freeze(struct live_clock *clock, int64_t at_us)
{
    clock->frozen_us = at_us;
    clock->frozen = true;
}

void live_clock_resume(struct live_clock *clock)
{
    if (clock->frozen)
        clock->zero_us = live_clock_real_us() - clock->frozen_us;
    clock->frozen = false;
}

void live_clock_advance(struct live_clock *clock, int64_t to_us)
{
    const int64_t by_us = to_us - live_clock_now_us(clock);
    if (by_us <= 0)
        return;
    clock->zero_us -= by_us;
    clock->frozen_us = to_us;
}

void live_clock_hold(struct live_clock *clock, int64_t at_most_us)
{
    const int64_t past_us = live_clock_now_us(clock) - at_most_us;
    if (!clock->frozen && past_us > 0)
        clock->zero_us += past_us;
}

int64_t live_clock_real_us(void)
{
    return read_clock_us(CLOCK_MONOTONIC);
}

/* When the timer has to fire for a time of this clock, by CLOCK_MONOTONIC; INT64_MAX: never. */
static int64_t timer_at_us(const struct live_clock *clock, int64_t at_us)
{
    if (clock->frozen)
        return at_us > clock->frozen_us ? INT64_MAX : 0;
    if (clock->zero_us > 0 && at_us > INT64_MAX - clock->zero_us)
        return INT64_MAX;
    const int64_t sum_us = clock->zero_us + (at_us > 0 ? at_us : 0);
    return sum_us > 0 ? sum_us : 0;
}

void live_clock_wake_at(struct live_clock *clock, int64_t at_us)
{
    const int64_t timer_us = timer_at_us(clock, at_us);
    if (timer_us == clock->wake_us && timer_us == INT64_MAX)
        return; /* it is off already */
    /* An all-zero setting switches the timer off. Any other setting also clears what the timer
     * had to report, so nobody needs to read from it. */
    struct itimerspec setting = {0};
    if (timer_us != INT64_MAX) {
        setting.it_value.tv_sec = timer_us / US_PER_SECOND;
        setting.it_value.tv_nsec = timer_us % US_PER_SECOND * 1000 + 1;
    }
    const int result = timerfd_settime(clock->timer_fd, TFD_TIMER_ABSTIME, &setting, NULL);
    assert(result == 0);
    (void)result;
    clock->wake_us = timer_us;
}

int64_t live_clock_epoch_us(void)
{
    return read_clock_us(CLOCK_REALTIME);
}
