#include "harness/explore/generate_internal.h"

#include <string.h>

enum { LIVE_LENGTH_US_MAX = 8 * 1000 * MS };

int64_t draw_time_us(struct choices *choices, int64_t low_us, int64_t high_us)
{
    if (high_us <= low_us)
        return low_us;
    const int64_t whole_us = low_us + choices_between(choices, 0, (high_us - low_us) / MS) * MS;
    const int64_t us = choices_chance(choices, 150) ? choices_between(choices, 1, MS - 1) : 0;
    return whole_us + us <= high_us ? whole_us + us : high_us;
}

static void begin(struct making *making)
{
    static const int64_t lengths_us[] = {1000 * MS, 500 * MS,  2000 * MS, 1000 * MS,
                                         500 * MS,  4000 * MS, 7000 * MS};
    struct plan *plan = making->plan;
    plan->file = "generated.yaml";
    plan->name = "generated";
    plan->title = "What was drawn";
    plan->why = "Nothing here was thought out, so it finds what nobody thought of.";
    making->chaos_end_us = choices_pick(making->choices, lengths_us);
    plan->needs_origin_because = "its jobs live as they were drawn";
}

/* Nothing new happens any more, and clients find out whether all is well. */
static void draw_calm(struct making *making)
{
    enum { QUIET_US = 100 * MS };
    struct plan *plan = making->plan;
    making->settled_us = settled_from_us(plan, making->chaos_end_us);
    plan->end_us = making->settled_us + QUIET_US;
    plan->live = plan->end_us <= LIVE_LENGTH_US_MAX;
}

struct plan *explore_generate(struct choices *choices)
{
    struct making making = {.choices = choices, .arena = arena_new()};
    if (!making.arena)
        return NULL;
    making.plan = plan_new(making.arena);
    if (!making.plan) {
        arena_free(making.arena);
        return NULL;
    }
    begin(&making);
    draw_settings(&making);
    draw_jobs(&making);
    if (making.jobs) {
        draw_lives(&making);
        draw_faults(&making);
        draw_calm(&making);
        draw_clients(&making);
    }
    if (arena_failed(making.arena) || choices_failed(choices)) {
        plan_free(making.plan);
        return NULL;
    }
    promise(making.plan, making.settled_us);
    return making.plan;
}
