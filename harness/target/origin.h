#ifndef FRESHCHECK_HARNESS_TARGET_ORIGIN_H
#define FRESHCHECK_HARNESS_TARGET_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "harness/control/request_log.h"
#include "harness/judge/history.h"
#include "harness/target/clock_offset.h"

/*
 * The mock behind somebody's cache, by its control calls: `freshcheck serve` somewhere. It lives the
 * scenarios, and tells afterwards what was true when, and who had asked it.
 *
 * Each call waits for its answer. Those that return a text return NULL when all went well, or one
 * sentence that is valid until the next call.
 */
struct origin;

/* `url`: "http://HOST:PORT". Asks nothing yet. NULL: *why (static text) says why. */
struct origin *origin_new(const char *url, const char **why);
void origin_free(struct origin *origin); /* NULL is allowed */

enum origin_kind {
    ORIGIN_MOCK,     /* freshcheck serve, with one cluster */
    ORIGIN_NOBODY,   /* nothing answers there */
    ORIGIN_STRANGER, /* something does that is no freshcheck serve */
    ORIGIN_UNKNOWN   /* no memory to find out */
};
enum origin_kind origin_look(struct origin *origin, const char **why);

/* A scenario for it. Everything is borrowed for the call. */
struct origin_load {
    const char *name; /* for complaints */
    const char *text; /* NUL-terminated YAML */
    const char *implementation;
    uint64_t seed, salt;
};

/* It serves this scenario from now on, and its clock stands at 0. */
const char *origin_load(struct origin *origin, const struct origin_load *load);

/* Its clock goes. */
const char *origin_start_clock(struct origin *origin);

/* Compares its machine's clock with ours by so many round trips; what was found before stays true,
 * from the last load on. Once the scenario's clock goes it must be the one that was started. */
const char *origin_compare_clocks(struct origin *origin, unsigned round_trips);

/* By how much its machine's monotonic clock is ahead of ours, as far as round trips tell. */
const struct clock_offset *origin_offset(const struct origin *origin);
int64_t origin_zero_us(const struct origin *origin); /* 0 of the scenario, by its machine's clock */

/* Starts a job from a path; NULL: from nothing. */
const char *origin_start_job(struct origin *origin, struct id job, const char *path);

/* What was true since the load, in the origin's time; and the requests it got. Zeroed is empty. */
struct origin_truth {
    struct fact *facts; /* in order of time; paths are owned */
    size_t fact_count, fact_capacity;
    struct request_line *requests; /* in order of arrival */
    size_t request_count, request_capacity;
};
const char *origin_tell(struct origin *origin, struct origin_truth *truth);
void origin_truth_free(struct origin_truth *truth);

#endif
