#include "harness/trial/trial.h"

#include <stdlib.h>
#include <string.h>

#include "harness/explore/smallest.h"
#include "harness/explore/tally.h"
#include "harness/virtual_time/run.h"

static const char *const out_of_memory = "out of memory";

/* The seed of `freshcheck run`, so that what is found is found there too. */
static const struct run_options usual = {.seed = 1};

enum { TRIES_MAX = 2000 };

/* A scenario, and what the reference keeps of its claims. */
struct ground {
    const struct plan *plan;
    size_t size;
    bool kept[PROPERTY_COUNT];
};

struct trial {
    struct ground *grounds; /* the smallest first */
    size_t count;
};

/* The claims that came out as `verdict`; NULL, or why there is no result. */
static const char *claims_with(const struct plan *plan, const struct implementation *implementation,
                               enum verdict verdict, bool found[PROPERTY_COUNT])
{
    struct run_result *result = calloc(1, sizeof *result);
    if (!result)
        return out_of_memory;
    const char *why = run_virtual(plan, implementation, &usual, result);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        found[i] = !why && result->judgement.claim.claimed[i] &&
                   result->judgement.properties[i].verdict == verdict;
    free(result);
    return why;
}

static int by_size_then_name(const void *a, const void *b)
{
    const struct ground *one = a, *other = b;
    if (one->size != other->size)
        return one->size < other->size ? -1 : 1;
    return strcmp(one->plan->name, other->plan->name);
}

struct trial *trial_new(struct plan *const *plans, size_t plan_count, const char **why)
{
    struct trial *trial = calloc(1, sizeof *trial);
    *why = out_of_memory;
    if (!trial)
        return NULL;
    trial->grounds = calloc(plan_count + 1, sizeof *trial->grounds);
    *why = trial->grounds ? NULL : out_of_memory;
    for (size_t i = 0; i < plan_count && !*why; i++) {
        struct ground *ground = &trial->grounds[trial->count++];
        ground->plan = plans[i];
        ground->size = plan_size(plans[i]);
        *why = claims_with(plans[i], implementation_find("reference"), VERDICT_PASS, ground->kept);
    }
    if (*why) {
        trial_free(trial);
        return NULL;
    }
    qsort(trial->grounds, trial->count, sizeof *trial->grounds, by_size_then_name);
    return trial;
}

void trial_free(struct trial *trial)
{
    if (!trial)
        return;
    free(trial->grounds);
    free(trial);
}

static const char *try_scenario(const struct ground *ground, const struct implementation *broken,
                                struct trial_outcome *outcome)
{
    bool fails[PROPERTY_COUNT];
    const char *why = claims_with(ground->plan, broken, VERDICT_FAIL, fails);
    for (size_t i = 0; i < PROPERTY_COUNT && !why; i++) {
        if (!fails[i] || !ground->kept[i])
            continue;
        outcome->by[i] = outcome->killed = true;
        if (outcome->scenario)
            continue;
        outcome->scenario = ground->plan;
        outcome->events = ground->size;
        outcome->property = (enum property)i;
    }
    return why;
}

/* In how many events the seed shows what it broke first. */
static const char *make_small(struct choices *choices, const struct implementation *broken,
                              enum layer layer, struct trial_outcome *outcome)
{
    const struct failure_kind kind = {outcome->property, layer};
    const struct effort effort = {.tries_max = TRIES_MAX};
    struct exploration_failure failure = {.found = true, .seed = outcome->seed};
    struct run_result *result = calloc(1, sizeof *result);
    struct plan *plan = NULL;
    if (result && explore_make_small(choices, broken, kind, &effort, &failure))
        plan = explore_show(choices, broken, &failure, result);
    if (plan)
        outcome->events = plan_size(plan);
    const char *why = plan ? NULL : out_of_memory;
    plan_free(plan);
    free(failure.choices);
    free(result);
    return why;
}

static const char *try_seed(struct choices *choices, const struct implementation *broken,
                            struct trial_outcome *outcome)
{
    struct run_result *result = calloc(1, sizeof *result);
    struct plan *plan = NULL;
    enum layer layer = LAYER_UNKNOWN;
    const char *why =
        result ? explore_seed(choices, outcome->seed, broken, 0, &plan, result) : out_of_memory;
    for (size_t i = PROPERTY_COUNT; i-- > 0 && !why;) {
        const struct property_verdict *verdict = &result->judgement.properties[i];
        if (!plan->claim.claimed[i] || verdict->verdict != VERDICT_FAIL)
            continue;
        outcome->by[i] = outcome->killed = true;
        outcome->property = (enum property)i;
        layer = verdict->layer;
    }
    plan_free(plan);
    free(result);
    return why || !outcome->killed ? why : make_small(choices, broken, layer, outcome);
}

/* All that a made-up scenario claims the reference keeps. */
static const char *explore(const struct implementation *broken, uint64_t seed_max,
                           struct trial_outcome *outcome)
{
    struct choices *choices = choices_new();
    const char *why = choices ? NULL : out_of_memory;
    while (!why && !outcome->killed && outcome->seed < seed_max) {
        outcome->seed++;
        why = try_seed(choices, broken, outcome);
    }
    choices_free(choices);
    return why;
}

const char *trial_run(const struct trial *trial, const struct implementation *broken,
                      uint64_t seed_max, struct trial_outcome *outcome)
{
    const char *why = NULL;
    *outcome = (struct trial_outcome){0};
    for (size_t i = 0; i < trial->count && !why; i++)
        why = try_scenario(&trial->grounds[i], broken, outcome);
    return why || outcome->killed ? why : explore(broken, seed_max, outcome);
}
