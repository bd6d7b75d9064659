#include "base/arena.h"
#include "harness/scenario/plan.h"

#include <string.h>

struct owned_plan {
    struct plan plan; /* first, so that a plan leads back to its owner */
    struct arena *arena;
};

struct plan *plan_new(struct arena *arena)
{
    struct owned_plan *owned = arena_zeroed(arena, 1, sizeof(*owned));
    if (!owned)
        return NULL;
    owned->arena = arena;
    return &owned->plan;
}

void plan_free(struct plan *plan)
{
    if (plan)
        arena_free(((struct owned_plan *)plan)->arena);
}

const struct expectation *plan_expectation(const struct plan *plan, const char *implementation)
{
    for (size_t i = 0; i < plan->expectation_count; i++)
        if (strcmp(plan->expectations[i].implementation, implementation) == 0)
            return &plan->expectations[i];
    return NULL;
}

size_t plan_size(const struct plan *plan)
{
    size_t size = plan->event_count + plan->fault_count;
    for (size_t i = 0; i < plan->client_count; i++)
        size += plan->clients[i].step_count > 0 ? plan->clients[i].step_count : 1;
    for (size_t i = 0; i < plan->job_count; i++)
        size += plan->jobs[i].rhythm.interval_us > 0;
    return size;
}
