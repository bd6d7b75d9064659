#include "harness/explore/generate_internal.h"

/* Jobs and what they do by themselves. Ids, names and vertices are those that the loader gives. */

static const char *const names[JOBS_MAX] = {"J", "K", "L"};

static void draw_vertices(struct making *making, size_t index, struct job_plan *job)
{
    static const char *const vertex_names[] = {"source", "sink"};
    static const int32_t sinks[] = {2, 1, 5};
    struct job_vertex *vertices = arena_zeroed(making->arena, 2, sizeof(struct job_vertex));
    if (!vertices)
        return;
    for (size_t i = 0; i < 2; i++)
        vertices[i] = (struct job_vertex){
            .id = {.low = UINT64_C(0xb0000000) + index * 256 + i},
            .name = vertex_names[i],
            .parallelism = i == 0 ? 1 : choices_pick(making->choices, sinks),
        };
    job->vertices = vertices;
    job->vertex_count = 2;
}

static uint32_t draw_rate_ppm(struct choices *choices)
{
    static const uint32_t rates_ppm[] = {0, 0, 0, 20000, 100000, 400000};
    return choices_pick(choices, rates_ppm);
}

/* Rates are drawn as well: one run restarts all the time, the next one never. */
static void draw_rhythm(struct making *making, struct job_rhythm *rhythm)
{
    static const int64_t intervals_us[] = {100 * MS, 50 * MS, 20 * MS, 300 * MS, 1000 * MS};
    static const int64_t takes_us[] = {10 * MS, 0, 1 * MS, 40 * MS, 150 * MS};
    struct choices *choices = making->choices;
    rhythm->interval_us = choices_pick(choices, intervals_us);
    rhythm->first_us = draw_time_us(choices, 0, rhythm->interval_us);
    rhythm->takes_us = choices_pick(choices, takes_us);
    rhythm->concurrent_max = 1;
    /* Nothing is triggered any more while the last answers are waited for. */
    rhythm->ends_us = making->chaos_end_us;
    if (!choices_chance(choices, 600))
        return;
    rhythm->jitter_us = choices_between(choices, 0, rhythm->interval_us / MS) * MS;
    rhythm->takes_jitter_us = choices_between(choices, 0, rhythm->interval_us / MS) * MS;
    rhythm->concurrent_max = (int32_t)choices_between(choices, 1, 3);
    rhythm->checkpoint_failure_ppm = draw_rate_ppm(choices);
    rhythm->trigger_failure_ppm = draw_rate_ppm(choices);
    rhythm->savepoint_ppm = draw_rate_ppm(choices);
    rhythm->restart_ppm = draw_rate_ppm(choices) / 4;
    rhythm->rescale_ppm = draw_rate_ppm(choices) / 4;
    rhythm->failover_ppm = draw_rate_ppm(choices) / 10;
}

static void draw_job(struct making *making, size_t index)
{
    static const int64_t first_ids[] = {1, 8, 98};
    struct choices *choices = making->choices;
    struct job_plan *job = &making->jobs[index];
    struct job_traits *traits = &making->traits[index];
    *job = (struct job_plan){
        .id = {.low = UINT64_C(0xa0000) + index},
        .name = names[index],
        .exists_at_start = true,
        .checkpointing = !choices_chance(choices, 20),
        .state_size = 1000 * 1000,
        .first_checkpoint_id = choices_pick(choices, first_ids),
    };
    draw_vertices(making, index, job);
    traits->is_triggered = choices_chance(choices, 250);
    traits->is_target =
        index > 0 && !making->traits[index - 1].is_target && choices_chance(choices, 250);
    if (traits->is_target)
        job->exists_at_start = false;
    if (choices_chance(choices, 500))
        draw_rhythm(making, &job->rhythm);
}

void draw_jobs(struct making *making)
{
    static const unsigned weights[JOBS_MAX] = {3, 3, 1};
    making->jobs = arena_zeroed(making->arena, JOBS_MAX, sizeof(struct job_plan));
    if (!making->jobs)
        return;
    making->plan->jobs = making->jobs;
    making->plan->job_count = 1 + choices_weighted(making->choices, weights, JOBS_MAX);
    for (size_t i = 0; i < making->plan->job_count; i++)
        draw_job(making, i);
}
