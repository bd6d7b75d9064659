#include "harness/explore/explore.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/explore/smallest.h"

/* Most are small after some thousand; tries of small scenarios are cheap. */
enum { TRIES_MAX = 20000 };

/* What all tasks share, in the worker that runs them. */
struct errand {
    const struct explorer *explorer;
    const struct exploration *before; /* what is to be made small */
    struct choices *choices;
    struct failure_kind kinds[PROPERTY_COUNT * LAYER_COUNT];
};

static bool goes_on(void *context, const struct work_progress *progress)
{
    const struct explorer *explorer = ((const struct errand *)context)->explorer;
    return !explorer->goes_on || explorer->goes_on(explorer->context, progress);
}

static uint64_t nth_seed(const struct seed_row *seeds, uint64_t index)
{
    return seeds->first + index * seeds->step;
}

/* All is judged, for what a property means may depend on what else is claimed. */
static void forget_unwanted(const struct explorer *explorer, struct claim *claim)
{
    for (size_t i = 0; explorer->wanted && i < PROPERTY_COUNT; i++)
        claim->claimed[i] &= explorer->wanted[i];
}

static bool run_seed(void *context, uint64_t index, struct exploration *into, struct pulse *pulse,
                     char trouble[TROUBLE_MAX])
{
    (void)pulse; /* one run, which has an end */
    const struct errand *errand = context;
    const struct explorer *explorer = errand->explorer;
    const uint64_t seed = nth_seed(&explorer->seeds, index);
    struct run_result result;
    struct plan *plan = NULL;
    const char *why = explore_seed(errand->choices, seed, explorer->implementation,
                                   explorer->parse_every, &plan, &result);
    if (why) {
        snprintf(trouble, TROUBLE_MAX, "%s", why);
    } else {
        forget_unwanted(explorer, &plan->claim);
        exploration_add(into, plan, &result, seed);
    }
    plan_free(plan);
    return !why;
}

static bool is_wanted(void *pulse)
{
    return pulse_beat(pulse);
}

/* Thousands of runs, which take minutes where each has processes to begin and to end. */
static bool shrink_one(void *context, uint64_t index, struct exploration *into, struct pulse *pulse,
                       char trouble[TROUBLE_MAX])
{
    const struct effort effort = {TRIES_MAX, is_wanted, pulse};
    const struct errand *errand = context;
    const struct failure_kind kind = errand->kinds[index];
    const struct exploration_failure *found = &errand->before->failures[kind.property][kind.layer];
    struct exploration_failure *small = &into->failures[kind.property][kind.layer];
    *small = (struct exploration_failure){.found = true, .seed = found->seed};
    if (explore_make_small(errand->choices, errand->explorer->implementation, kind, &effort, small))
        return true;
    snprintf(trouble, TROUBLE_MAX, "out of memory");
    return false;
}

static bool share_out(struct errand *errand, struct work *work, struct exploration *exploration,
                      uint64_t *index, char trouble[TROUBLE_MAX])
{
    const uint64_t wanted = errand->explorer->worker_count;
    *index = work->count;
    errand->choices = choices_new();
    work->worker_count = (size_t)(wanted < work->count ? wanted : work->count);
    work->goes_on = goes_on;
    work->context = errand;
    const bool fine = errand->choices && work_through(work, exploration, index, trouble);
    if (!errand->choices)
        snprintf(trouble, TROUBLE_MAX, "out of memory");
    choices_free(errand->choices);
    return fine;
}

static void tell_seed(uint64_t seed, char trouble[TROUBLE_MAX])
{
    char why[TROUBLE_MAX];
    memcpy(why, trouble, sizeof why);
    snprintf(trouble, TROUBLE_MAX, "seed %" PRIu64 ": %.*s", seed, TROUBLE_MAX - 32, why);
}

bool explore_seeds(const struct explorer *explorer, struct exploration *exploration,
                   char trouble[TROUBLE_MAX])
{
    struct errand errand = {.explorer = explorer};
    struct work seeds = {.count = explorer->seeds.count, .run = run_seed};
    uint64_t index;
    if (share_out(&errand, &seeds, exploration, &index, trouble))
        return true;
    if (index < seeds.count)
        tell_seed(nth_seed(&explorer->seeds, index), trouble);
    return false;
}

bool explore_shrink(const struct explorer *explorer, struct exploration *exploration,
                    char trouble[TROUBLE_MAX])
{
    struct errand errand = {.explorer = explorer, .before = exploration};
    struct work shrinks = {.run = shrink_one};
    uint64_t index;
    for (int i = 0; i < PROPERTY_COUNT; i++)
        for (int k = 0; k < LAYER_COUNT; k++) {
            const struct exploration_failure *failure = &exploration->failures[i][k];
            if (failure->found && !failure->choices)
                errand.kinds[shrinks.count++] =
                    (struct failure_kind){(enum property)i, (enum layer)k};
        }
    if (share_out(&errand, &shrinks, exploration, &index, trouble))
        return true;
    if (index < shrinks.count) {
        const struct failure_kind kind = errand.kinds[index];
        tell_seed(exploration->failures[kind.property][kind.layer].seed, trouble);
    }
    return false;
}
