#include "harness/explore/generate_internal.h"

static const int64_t latencies_us[] = {1 * MS, 0, 2 * MS, 5 * MS, 20 * MS, 100 * MS};
static const int64_t delays_us[] = {10 * MS, 50 * MS, 200 * MS, 1 * MS, 600 * MS};

static const unsigned kind_weights[] = {
    [FAULT_DELAY] = 4,   [FAULT_SLOW_CALL] = 3, [FAULT_OUTCOME] = 6,
    [FAULT_SILENCE] = 2, [FAULT_LOCK_BUSY] = 2, [FAULT_WALL_CLOCK] = 3,
};
enum { KIND_COUNT = sizeof(kind_weights) / sizeof(kind_weights[0]) };
enum { SILENCE_US_MAX = 2000 * MS };

/* What is asked for most, first. */
static const enum fetch_kind fetches[] = {FETCH_CHECKPOINT_STATS, FETCH_EXECUTION_GRAPH,
                                          FETCH_JOB_LIST,         FETCH_TRIGGER_CHECKPOINT,
                                          FETCH_TRIGGER_STATUS,   FETCH_CANCEL_JOB};

static const enum fetch_outcome outcomes[] = {OUTCOME_TIMED_OUT, OUTCOME_FAILED, OUTCOME_NO_LEADER,
                                              OUTCOME_JOB_INITIALIZING, OUTCOME_JOB_NOT_FOUND};

/* The wall clock is set, for good: back or forward, by less or more than any timeout. */
static void draw_wall_clock(struct choices *choices, struct fault *fault)
{
    static const int64_t shifts_us[] = {-3600 * INT64_C(1000) * MS, -100 * MS, 100 * MS,
                                        3600 * INT64_C(1000) * MS};
    fault->any_fetch = fault->any_job = true;
    fault->until_us = INT64_MAX;
    fault->delay_us = choices_pick(choices, shifts_us);
}

/* A fault that lasts to the end of all others leaves little to judge: most end half-way at the
 * latest. None stays for good, for in the end every path has to be well again. */
static void draw_scope(struct making *making, struct fault *fault)
{
    struct choices *choices = making->choices;
    const int64_t end_us = making->chaos_end_us;
    const int64_t half_us = fault->from_us + (end_us - fault->from_us) / 2 + 1;
    const bool lasts = choices_chance(choices, 100);
    fault->until_us = lasts ? end_us : draw_time_us(choices, fault->from_us + 1, half_us);
    fault->any_fetch = fault->kind == FAULT_LOCK_BUSY || choices_chance(choices, 300);
    if (!fault->any_fetch)
        fault->fetch = choices_pick(choices, fetches);
    fault->any_job = choices_chance(choices, 500);
    if (!fault->any_job)
        fault->job = choices_below(choices, making->plan->job_count);
}

/*
 * Rates: each kind is left out, usual or frequent. Who hands out old snapshots keeps no age at all:
 * with a timeout nothing would be left to promise that the language can say. Who is silent is so
 * for minutes, unless calls are given up sooner. False: no kind is left.
 */
static bool draw_weights(struct making *making, unsigned weights[KIND_COUNT])
{
    static const unsigned factors[] = {1, 1, 0, 4};
    const struct settings *settings = &making->plan->settings;
    unsigned sum = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        weights[i] = kind_weights[i] * choices_pick(making->choices, factors);
    if (settings_stats_timeout_us(settings) > 0)
        weights[FAULT_LOCK_BUSY] = 0;
    if (settings->call_timeout_us > SILENCE_US_MAX)
        weights[FAULT_SILENCE] = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        sum += weights[i];
    return sum > 0;
}

static void draw_fault(struct making *making, const unsigned weights[KIND_COUNT],
                       struct fault *fault)
{
    struct choices *choices = making->choices;
    fault->kind = (enum fault_kind)choices_weighted(choices, weights, KIND_COUNT);
    fault->from_us = draw_time_us(choices, 0, making->chaos_end_us - MS);
    if (fault->kind == FAULT_WALL_CLOCK) {
        draw_wall_clock(choices, fault);
        return;
    }
    draw_scope(making, fault);
    if (fault->kind == FAULT_DELAY || fault->kind == FAULT_SLOW_CALL)
        fault->delay_us = choices_pick(choices, delays_us);
    if (fault->kind == FAULT_OUTCOME)
        fault->outcome = choices_pick(choices, outcomes);
}

static void draw_latency(struct making *making)
{
    struct choices *choices = making->choices;
    making->plan->latency_given = true;
    making->plan->call_out_us = choices_pick(choices, latencies_us);
    making->plan->call_back_us = choices_pick(choices, latencies_us);
    if (choices_chance(choices, 100))
        making->plan->announce_gap_us = choices_between(choices, 1, 10) * MS;
}

void draw_faults(struct making *making)
{
    /* Half of all plans are without, so that what a fault keeps from being promised is promised
     * often enough. */
    static const uint32_t rates_permille[] = {0, 0, 0, 400, 700, 900};
    unsigned weights[KIND_COUNT];
    struct fault *faults = arena_zeroed(making->arena, FAULTS_MAX, sizeof(struct fault));
    const uint32_t rate_permille = choices_pick(making->choices, rates_permille);
    size_t count = 0;
    draw_latency(making);
    if (!faults || rate_permille == 0 || !draw_weights(making, weights))
        return;
    while (count < FAULTS_MAX && choices_chance(making->choices, rate_permille))
        draw_fault(making, weights, &faults[count++]);
    making->plan->faults = faults;
    making->plan->fault_count = count;
}
