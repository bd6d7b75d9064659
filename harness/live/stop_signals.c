#include "harness/live/stop_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

bool stop_signals_open(struct stop_signals *signals)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    signals->fd = signalfd(-1, &stops, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals->fd < 0)
        return false;
    sigprocmask(SIG_BLOCK, &stops, &signals->before);
    return true;
}

void stop_signals_close(struct stop_signals *signals)
{
    if (signals->fd < 0)
        return;
    while (stop_signals_take(signals) != 0)
        continue; /* one that nobody took would end the program now */
    close(signals->fd);
    signals->fd = -1;
    sigprocmask(SIG_SETMASK, &signals->before, NULL);
}

int stop_signals_take(struct stop_signals *signals)
{
    struct signalfd_siginfo info;
    if (read(signals->fd, &info, sizeof info) != (ssize_t)sizeof info)
        return 0;
    return (int)info.ssi_signo;
}
