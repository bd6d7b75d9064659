#ifndef FRESHCHECK_HARNESS_EXPLORE_WRITE_INTERNAL_H
#define FRESHCHECK_HARNESS_EXPLORE_WRITE_INTERNAL_H

#include "harness/explore/write.h"

/* Shared by the files that write a plan. */

void write_time(int64_t us, struct buffer *out); /* "20 ms", "1500 us" */

/* Begins the next of several phrases: "    at 20 ms:", once for all that share their time, and
 * "      - ". *last_us is the time of the one before, or -1. */
void write_at(int64_t at_us, int64_t *last_us, struct buffer *out);

void write_jobs(const struct plan *plan, struct buffer *out);
void write_clients(const struct plan *plan, struct buffer *out);

#endif
