#ifndef FRESHCHECK_TESTS_TEST_PRELUDE_H
#define FRESHCHECK_TESTS_TEST_PRELUDE_H

/* cmocka wants these four before itself, in this order. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>

/*
 * Makes the allocation that comes `countdown` allocations from now fail (1: the next one), once.
 * 0 switches it off. Counts malloc, calloc and realloc of the code under test.
 */
void failing_allocator_arm(unsigned countdown);

/* True when the armed allocation has been reached, and so failed. Switches off. */
bool failing_allocator_fired(void);

/*
 * Runs `body` again and again, failing its 1st, 2nd, 3rd ... allocation, until it makes none that
 * fails; returns how many there were. The body says by assertions what must hold each time.
 */
unsigned fail_each_allocation(void (*body)(void *context, bool may_fail), void *context);

#endif
