#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_SHARED_OBJECT_INTERNAL_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_SHARED_OBJECT_INTERNAL_H

#include <sys/types.h>

#include "harness/shared_object/keeper.h"
#include "harness/shared_object/shared_object.h"

struct shared_object {
    int fd; /* to its keeper */
    pid_t keeper;
    char *path;
    struct keeper_report report;
    struct call_limits limits;
    struct implementation *implementation;
};

/* What stands for the object in a run: a struct foreign_implementation's start(). */
struct subject *host_start(void *context, const struct subject_options *options);

#endif
