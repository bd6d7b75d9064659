#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_WATCHING_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_WATCHING_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/target/cluster_jobs.h"
#include "harness/target/judging.h"
#include "harness/target/recorder.h"
#include "harness/target/target_run.h"

/*
 * What `watch` does while the target is asked: it counts, judges what was recorded so far, and
 * shows it on stderr: on a terminal a screen in place, elsewhere a line now and then.
 */
struct watching;

/* Everything is borrowed, and outlives it. */
struct watching_options {
    const char *target, *flink_version;
    const struct cluster_job *jobs; /* in the plan's order */
    size_t job_count;
    int64_t duration_us; /* INT64_MAX: until it is stopped */
    struct judging_task task;
    bool quiet;                           /* shows nothing */
    struct target_listener recorder;      /* is told first: what is not recorded is not shown */
    const struct recorder_counts *counts; /* what it counts */
};

enum { WATCHING_TICK_US = 100000 };

struct watching *watching_new(const struct watching_options *options); /* NULL: out of memory */
void watching_free(struct watching *watching);                         /* NULL is allowed */

/* To be told by target_run(), with a tick each WATCHING_TICK_US. */
struct target_listener watching_listener(struct watching *watching);

/* Shows the end. */
void watching_end(struct watching *watching);

/* Whether nothing was answered any more: NULL, or the last failure. */
const char *watching_silence(const struct watching *watching);

#endif
