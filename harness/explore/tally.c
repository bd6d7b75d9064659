#include "harness/explore/tally.h"

#include <stddef.h>

#include "harness/explore/generate.h"
#include "harness/virtual_time/run.h"

static void add_property(struct property_tally *of, const struct property_verdict *verdict,
                         uint64_t seed)
{
    of->tested += verdict->tested;
    of->tested_runs += verdict->tested > 0;
    if (verdict->verdict == VERDICT_FAIL && (of->failed_runs++ == 0 || seed < of->first_failed))
        of->first_failed = seed;
}

void tally_add(struct tally *tally, const struct plan *plan, const struct run_result *result,
               uint64_t seed)
{
    bool failed = false;
    tally->seeds++;
    tally->reads += result->reads;
    tally->fetches += result->fetches;
    tally->completions += result->completions;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &result->judgement.properties[i];
        if (!plan->claim.claimed[i])
            continue;
        add_property(&tally->of[i], verdict, seed);
        failed |= verdict->verdict == VERDICT_FAIL;
    }
    tally->failed_runs += failed;
}

static void join_property(struct property_tally *into, const struct property_tally *other)
{
    if (other->failed_runs > 0 &&
        (into->failed_runs == 0 || other->first_failed < into->first_failed))
        into->first_failed = other->first_failed;
    into->tested += other->tested;
    into->tested_runs += other->tested_runs;
    into->failed_runs += other->failed_runs;
}

void tally_join(struct tally *into, const struct tally *other)
{
    into->seeds += other->seeds;
    into->reads += other->reads;
    into->fetches += other->fetches;
    into->completions += other->completions;
    into->failed_runs += other->failed_runs;
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        join_property(&into->of[i], &other->of[i]);
}

const char *explore_seed(struct choices *choices, uint64_t seed,
                         const struct implementation *implementation, uint32_t parse_every,
                         struct plan **plan, struct run_result *result)
{
    /* Each timeline has other answers read back. */
    const struct run_options options = {
        .seed = EXPLORE_RUN_SEED, .parse_every = parse_every, .parse_first = seed};
    choices_draw(choices, seed);
    *plan = explore_generate(choices);
    return *plan ? run_virtual(*plan, implementation, &options, result) : "out of memory";
}
