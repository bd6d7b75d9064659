#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_LINK_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "harness/shared_object/misconduct.h"
#include "harness/shared_object/wire.h"

/*
 * The line to a worker: one call at a time, and what came of it, or why nothing came.
 *
 * A call has hung when its process has used `processor_us` of processor time on it, or has slept for
 * `asleep_us` meanwhile. Time in which it wants to run and the machine lets it wait counts for
 * neither.
 */
struct call_limits {
    int64_t processor_us, asleep_us;
};

struct link {
    int fd;
    pid_t pid; /* 0: not known yet */
    struct call_limits limits;
    struct buffer message;      /* of the last call */
    enum misconduct misconduct; /* once it is not NONE, no call is made any more */
    char cause[256];            /* how, as the end of a sentence that begins with the object */
};

/* A worker of this keeper. False: none came; `misconduct` and `cause` say why. */
bool link_open(struct link *link, int keeper_fd, const struct call_limits *limits);
void link_close(struct link *link); /* ends the worker */

/* Makes a call and waits for what comes of it: true with the result, and its actions in `actions`,
 * valid until the next call. False: misconduct, or out of memory where misconduct is NONE. */
bool link_call(struct link *link, const struct buffer *call, struct wire_result *result,
               struct wire_cursor *actions);

#endif
