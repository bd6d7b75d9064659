#include "harness/explore/exploration.h"

#include <stdbool.h>
#include <stdlib.h>

void exploration_free(struct exploration *exploration)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        for (size_t k = 0; k < LAYER_COUNT; k++)
            free(exploration->failures[i][k].choices);
    *exploration = (struct exploration){0};
}

/* Of the same seed, the one that was made smaller. */
static bool goes_before(const struct exploration_failure *a, const struct exploration_failure *b)
{
    return a->seed != b->seed ? a->seed < b->seed : a->choices || !b->choices;
}

/* Takes `other` over when it is the first. */
static void join_failure(struct exploration_failure *into, struct exploration_failure *other)
{
    if (!other->found)
        return;
    if (into->found && goes_before(into, other)) {
        free(other->choices);
    } else {
        free(into->choices);
        *into = *other;
    }
    *other = (struct exploration_failure){0};
}

void exploration_add(struct exploration *exploration, const struct plan *plan,
                     const struct run_result *result, uint64_t seed)
{
    tally_add(&exploration->tally, plan, result, seed);
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &result->judgement.properties[i];
        struct exploration_failure failure = {.found = true, .seed = seed};
        if (plan->claim.claimed[i] && verdict->verdict == VERDICT_FAIL)
            join_failure(&exploration->failures[i][verdict->layer], &failure);
    }
}

void exploration_join(struct exploration *into, struct exploration *other)
{
    tally_join(&into->tally, &other->tally);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        for (size_t k = 0; k < LAYER_COUNT; k++)
            join_failure(&into->failures[i][k], &other->failures[i][k]);
    *other = (struct exploration){0};
}

static uint64_t first_seed(const struct exploration *exploration)
{
    uint64_t first = UINT64_MAX;
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        for (size_t k = 0; k < LAYER_COUNT; k++) {
            const struct exploration_failure *failure = &exploration->failures[i][k];
            if (failure->found && failure->seed < first)
                first = failure->seed;
        }
    return first;
}

void exploration_keep_first(struct exploration *exploration)
{
    const uint64_t first = first_seed(exploration);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        for (size_t k = 0; k < LAYER_COUNT; k++) {
            struct exploration_failure *failure = &exploration->failures[i][k];
            if (!failure->found || failure->seed == first)
                continue;
            free(failure->choices);
            *failure = (struct exploration_failure){0};
        }
}
