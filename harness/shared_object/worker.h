#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_WORKER_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_WORKER_H

#include "freshcheck/implementation.h"

/*
 * In a process of its own: takes calls from `fd`, makes them, and sends back what came of them,
 * until the other side closes. Signals that would end it, and exit(), are told there first. Never
 * returns.
 */
_Noreturn void worker_run(int fd, const struct freshcheck_implementation *object);

#endif
