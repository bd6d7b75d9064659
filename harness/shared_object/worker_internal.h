#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_WORKER_INTERNAL_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_WORKER_INTERNAL_H

#include <signal.h>
#include <stdint.h>

#include "base/buffer.h"
#include "freshcheck/implementation.h"
#include "harness/shared_object/fences.h"
#include "harness/shared_object/wire.h"

/* A worker's process has one, for its signal handlers too. */
struct worker {
    int fd;
    const struct freshcheck_implementation *object;
    struct fences fences;
    volatile sig_atomic_t doing; /* enum object_call */
    void *instance;
    int64_t wall_offset_us;
    uint64_t heap_before; /* bytes allocated before the instance was opened */
    struct buffer message, answer;
};

/* Has signals and exit() told before they end the process. `worker` outlives it. */
void last_words_prepare(struct worker *worker);

/* Tells and ends the process. */
_Noreturn void last_words(const struct worker *worker, enum obituary_kind kind);

#endif
