#ifndef FRESHCHECK_HARNESS_EXPLORE_SHRINK_H
#define FRESHCHECK_HARNESS_EXPLORE_SHRINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether what is made from these choices still shows what one is after. */
typedef bool shrink_holds(void *context, const uint64_t *values, size_t count);

/*
 * Makes a sequence of choices smaller, in place, as long as `holds` says yes: leaves out runs of
 * them, makes them 0, makes each as small as it can be; over and over, until nothing helps or
 * `tries_max` sequences have been tried. Deterministic. Returns how many were tried; what is left
 * holds whenever the first did. Out of memory nothing is tried.
 */
size_t shrink_choices(uint64_t *values, size_t *count, size_t tries_max, shrink_holds *holds,
                      void *context);

#endif
