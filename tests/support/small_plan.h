#ifndef FRESHCHECK_TESTS_SMALL_PLAN_H
#define FRESHCHECK_TESTS_SMALL_PLAN_H

#include <string.h>

#include "harness/scenario/plan.h"

/* A scenario written by hand: one running job J, a JobManager 1 ms away, and all the rest for a
 * test to fill in. */

#define PLAN_J "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PLAN_K "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define PLAN_J_STATISTICS "/jobs/" PLAN_J "/checkpoints"

enum { PLAN_MS = 1000, PLAN_SECOND = 1000 * 1000 };

static const struct job_vertex plan_vertices[] = {
    {.id = {UINT64_C(0xcccccccccccccccc), 1}, .name = "Source", .parallelism = 1}};

/* J runs from the start, K does not exist before somebody starts it. */
static const struct job_plan plan_jobs[] = {
    {.id = {UINT64_C(0xaaaaaaaaaaaaaaaa), UINT64_C(0xaaaaaaaaaaaaaaaa)},
     .name = "J",
     .exists_at_start = true,
     .checkpointing = true,
     .state_size = 100,
     .vertices = plan_vertices,
     .vertex_count = 1},
    {.id = {UINT64_C(0xbbbbbbbbbbbbbbbb), UINT64_C(0xbbbbbbbbbbbbbbbb)},
     .name = "K",
     .checkpointing = true,
     .state_size = 100,
     .vertices = plan_vertices,
     .vertex_count = 1},
};

/* Checkpoint 1 completes at 50 ms and 2 at 200 ms. */
static const struct job_event plan_events[] = {
    {.at_us = 50 * PLAN_MS, .kind = JOB_EVENT_COMPLETES, .takes_us = 10 * PLAN_MS},
    {.at_us = 200 * PLAN_MS, .kind = JOB_EVENT_COMPLETES, .takes_us = 10 * PLAN_MS},
};

static inline struct plan small_plan(void)
{
    struct plan plan = {
        .file = "small.yaml",
        .name = "small",
        .title = "A small plan",
        .jobs = plan_jobs,
        .job_count = 2,
        .events = plan_events,
        .event_count = 2,
        .call_out_us = PLAN_MS,
        .call_back_us = PLAN_MS,
        .end_us = PLAN_SECOND,
    };
    settings_default(&plan.settings);
    plan.settings.stats_timeout_us = 0;
    plan.settings.stats_timeout_given = true;
    plan.claim.claimed[PROPERTY_FRESH] = true;
    plan.claim.refresh_interval_us = 3 * PLAN_SECOND;
    plan.claim.in_flight_max = 1;
    return plan;
}

#endif
