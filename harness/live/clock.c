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
    clock->zero_us = read_clock_us(CLOCK_MONOTONIC);
}

int64_t live_clock_now_us(const struct live_clock *clock)
{
    return read_clock_us(CLOCK_MONOTONIC) - clock->zero_us;
}

void live_clock_wake_at(struct live_clock *clock, int64_t at_us)
{
    /* An all-zero setting switches the timer off. Any other setting also clears what the timer
     * had to report, so nobody needs to read from it. */
    struct itimerspec setting = {0};
    if (at_us < INT64_MAX - clock->zero_us) {
        const int64_t absolute_us = clock->zero_us + (at_us > 0 ? at_us : 0);
        setting.it_value.tv_sec = absolute_us / US_PER_SECOND;
        setting.it_value.tv_nsec = absolute_us % US_PER_SECOND * 1000 + 1;
    }
    const int result = timerfd_settime(clock->timer_fd, TFD_TIMER_ABSTIME, &setting, NULL);
    assert(result == 0);
    (void)result;
}

int64_t live_clock_epoch_us(void)
{
    return read_clock_us(CLOCK_REALTIME);
}
