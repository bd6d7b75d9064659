#include "harness/explore/smallest.h"

#include <stdlib.h>
#include <string.h>

#include "harness/explore/generate.h"
#include "harness/explore/shrink.h"
#include "harness/virtual_time/run.h"

struct search {
    struct choices *choices;
    const struct implementation *implementation;
    enum property property;
    struct run_result *result;
};

/* NULL when the plan cannot be made or run. */
static struct plan *run_again(const struct search *search, const uint64_t *values, size_t count)
{
    const struct run_options options = {.seed = EXPLORE_RUN_SEED};
    choices_replay(search->choices, values, count);
    struct plan *plan = explore_generate(search->choices);
    if (!plan || !run_virtual(plan, search->implementation, &options, search->result))
        return plan;
    plan_free(plan);
    return NULL;
}

static bool breaks(void *context, const uint64_t *values, size_t count)
{
    const struct search *search = context;
    struct plan *plan = run_again(search, values, count);
    const struct property_verdict *verdict =
        &search->result->judgement.properties[search->property];
    const bool broken =
        plan && plan->claim.claimed[search->property] && verdict->verdict == VERDICT_FAIL;
    plan_free(plan);
    return broken;
}

/* What it never puts to the test it need not claim. The age stays: other properties go by it. */
static void drop_untested(struct plan *plan, struct run_result *result)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (i == PROPERTY_BOUNDED_AGE || result->judgement.properties[i].verdict != VERDICT_UNKNOWN)
            continue;
        plan->claim.claimed[i] = false;
        result->judgement.claim.claimed[i] = false;
    }
}

struct plan *explore_smallest(struct choices *choices, const struct implementation *implementation,
                              enum property property, size_t tries_max, struct run_result *result)
{
    struct search search = {choices, implementation, property, result};
    size_t count;
    const uint64_t *taken = choices_taken(choices, &count);
    uint64_t *values = malloc((count + 1) * sizeof *values);
    if (!values)
        return NULL;
    if (count > 0)
        memcpy(values, taken, count * sizeof *values);
    shrink_choices(values, &count, tries_max, breaks, &search);
    struct plan *plan = run_again(&search, values, count);
    free(values);
    if (plan)
        drop_untested(plan, result);
    return plan;
}

size_t explore_size(const struct plan *plan)
{
    size_t size = plan->event_count + plan->fault_count;
    for (size_t i = 0; i < plan->client_count; i++)
        size += plan->clients[i].step_count > 0 ? plan->clients[i].step_count : 1;
    for (size_t i = 0; i < plan->job_count; i++)
        size += plan->jobs[i].rhythm.interval_us > 0;
    return size;
}
