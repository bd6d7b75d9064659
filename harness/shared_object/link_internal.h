#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_LINK_INTERNAL_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_LINK_INTERNAL_H

#include <stdint.h>

#include "harness/shared_object/link.h"

/* What a process did while it was waited for. Zeroed is a beginning. */
struct patience {
    int64_t first_processor_us, processor_us; /* when first and last looked at */
    int64_t asleep_us, waited_us;
    bool begun;
};

enum waiting { WAIT_ON, WAITED_FOR_RUNNER, WAITED_FOR_SLEEPER };

/* Looks at the process after `slice_us` more without a word from it. */
enum waiting patience_look(struct patience *patience, pid_t pid, int64_t slice_us,
                           const struct call_limits *limits);

/* Writes down what last words say. */
void link_take_obituary(struct link *link, const struct wire_obituary *obituary);

/* Writes down how the process ended, of which nothing else is known: waitpid()'s status. */
void link_take_status(struct link *link, int32_t status);

#endif
