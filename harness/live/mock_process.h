#ifndef FRESHCHECK_HARNESS_LIVE_MOCK_PROCESS_H
#define FRESHCHECK_HARNESS_LIVE_MOCK_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "harness/live/live.h"

/*
 * Serves in a process of its own, which ends with this one, whatever ends it. Returns once it
 * listens. False: it could not be started, or could not listen and has said why on stderr.
 */
bool mock_process_start(const struct serve_options *options, pid_t *process);

/* Ends it, and waits until it has. */
void mock_process_end(pid_t process);

#endif
