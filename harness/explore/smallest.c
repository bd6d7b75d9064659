#include "harness/explore/smallest.h"

#include <stdlib.h>
#include <string.h>

#include "harness/explore/generate.h"
#include "harness/explore/shrink.h"
#include "harness/virtual_time/run.h"

struct search {
    struct choices *choices;
    const struct implementation *implementation;
    struct failure_kind kind;
    const struct effort *effort;
    size_t hung_runs;
    bool is_over;
};

/* Makes the plan of the choices and runs it; NULL when it cannot be made or run. */
static struct plan *run_made(struct choices *choices, const struct implementation *implementation,
                             struct run_result *result)
{
    const struct run_options options = {.seed = EXPLORE_RUN_SEED};
    struct plan *plan = explore_generate(choices);
    if (!plan || !run_virtual(plan, implementation, &options, result))
        return plan;
    plan_free(plan);
    return NULL;
}

static bool goes_on(struct search *search)
{
    const struct effort *effort = search->effort;
    if (!search->is_over && effort->goes_on && !effort->goes_on(effort->context))
        search->is_over = true;
    return !search->is_over;
}

static void count_hung(struct search *search, const struct judgement *judgement)
{
    const struct property_verdict *conduct = &judgement->properties[PROPERTY_WELL_BEHAVED];
    if (conduct->verdict == VERDICT_FAIL && conduct->layer == LAYER_HUNG)
        search->hung_runs++;
    search->is_over |= search->hung_runs >= HUNG_RUNS_MAX;
}

static bool breaks(void *context, const uint64_t *values, size_t count)
{
    struct search *search = context;
    struct run_result result;
    if (!goes_on(search))
        return false;
    choices_replay(search->choices, values, count);
    struct plan *plan = run_made(search->choices, search->implementation, &result);
    const struct property_verdict *verdict = &result.judgement.properties[search->kind.property];
    const bool broken = plan && plan->claim.claimed[search->kind.property] &&
                        verdict->verdict == VERDICT_FAIL && verdict->layer == search->kind.layer;
    if (plan)
        count_hung(search, &result.judgement);
    plan_free(plan);
    return broken;
}

/* The choices that are taken for its seed, to be freed. */
static uint64_t *taken_for(struct choices *choices, uint64_t seed, size_t *count)
{
    choices_draw(choices, seed);
    struct plan *plan = explore_generate(choices);
    if (!plan)
        return NULL;
    plan_free(plan);
    const uint64_t *taken = choices_taken(choices, count);
    uint64_t *copy = malloc((*count + 1) * sizeof *copy);
    if (copy)
        memcpy(copy, taken, *count * sizeof *copy);
    return copy;
}

bool explore_make_small(struct choices *choices, const struct implementation *implementation,
                        struct failure_kind kind, const struct effort *effort,
                        struct exploration_failure *failure)
{
    struct search search = {choices, implementation, kind, effort, 0, false};
    size_t count;
    uint64_t *values = taken_for(choices, failure->seed, &count);
    if (!values)
        return false;
    shrink_choices(values, &count, effort->tries_max, breaks, &search);
    free(failure->choices);
    failure->choices = values;
    failure->choice_count = count;
    return true;
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

struct plan *explore_show(struct choices *choices, const struct implementation *implementation,
                          const struct exploration_failure *failure, struct run_result *result)
{
    if (failure->choices)
        choices_replay(choices, failure->choices, failure->choice_count);
    else
        choices_draw(choices, failure->seed);
    struct plan *plan = run_made(choices, implementation, result);
    if (plan)
        drop_untested(plan, result);
    return plan;
}
