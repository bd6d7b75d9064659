#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_SHARED_OBJECT_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_SHARED_OBJECT_H

#include <stddef.h>

#include "harness/implementations/implementation.h"
#include "harness/shared_object/link.h"

/*
 * An implementation that somebody else wrote, from a file: freshcheck/implementation.h. It is loaded
 * in a child process, and each run of it has one more of its own.
 */
struct shared_object;

extern const struct call_limits shared_object_usual_limits;

/* Loads it. NULL: `why` (of `why_size` bytes) says in one sentence that begins with what is wrong,
 * such as "missing-symbol: ...". To be called before the program has threads. */
struct shared_object *shared_object_load(const char *path, const struct call_limits *limits,
                                         char *why, size_t why_size);

/* Nothing of it may be in use any more. NULL is allowed. */
void shared_object_unload(struct shared_object *object);

/* Named by its path. Lives as long as the object. */
const struct implementation *shared_object_implementation(const struct shared_object *object);

#endif
