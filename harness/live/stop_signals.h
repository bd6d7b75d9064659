#ifndef FRESHCHECK_HARNESS_LIVE_STOP_SIGNALS_H
#define FRESHCHECK_HARNESS_LIVE_STOP_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/*
 * SIGINT and SIGTERM as something to read, so that what they end is ended in good order. From
 * opening to closing neither ends the program by itself.
 */
struct stop_signals {
    int fd; /* readable once one has come; -1: not open */
    sigset_t before;
};

bool stop_signals_open(struct stop_signals *signals); /* false: no file is to be had, see errno */
void stop_signals_close(struct stop_signals *signals);

/* The signal that came first, SIGINT or SIGTERM; 0: none. Takes it. */
int stop_signals_take(struct stop_signals *signals);

#endif
