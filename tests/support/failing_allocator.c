#include "tests/support/test_prelude.h"

#include <stdlib.h>

static unsigned countdown_left;
static bool fired;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void failing_allocator_arm(unsigned countdown)
{
    countdown_left = countdown;
    fired = false;
}

bool failing_allocator_fired(void)
{
    countdown_left = 0;
    return fired;
}

unsigned fail_each_allocation(void (*body)(void *context, bool may_fail), void *context)
{
    for (unsigned n = 1;; n++) {
        failing_allocator_arm(n);
        body(context, true);
        if (!failing_allocator_fired()) {
            body(context, false);
            return n - 1;
        }
    }
}

static bool fails_now(void)
{
    if (countdown_left == 0 || --countdown_left > 0)
        return false;
    fired = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}
