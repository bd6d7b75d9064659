#include "harness/replay/life.h"

#include <stdlib.h>

#include "harness/replay/life_internal.h"

struct life *life_read(const struct transcript *transcript)
{
    struct life *life = calloc(1, sizeof(*life));
    if (!life)
        return NULL;
    life->transcript = transcript;
    life->asked_us = calloc(transcript->count + 1, sizeof(*life->asked_us));
    if (life->asked_us) {
        life_set_clock(life);
        if (life_gather_jobs(life) && life_gather_requests(life) && life_make_plan(life))
            return life;
    }
    life_free(life);
    return NULL;
}

static void clear_job(struct job_fact *job)
{
    for (size_t i = 0; i < job->checkpoint_count; i++)
        free(job->checkpoints[i].reports);
    for (size_t i = 0; i < job->failure_count; i++)
        free(job->failures[i].message);
    free(job->checkpoints);
    free(job->failures);
    free(job->counts);
    free(job->restarting.ms);
    free(job->running.ms);
    free(job->restored.ms);
}

void life_free(struct life *life)
{
    if (!life)
        return;
    for (size_t i = 0; i < life->job_count; i++)
        clear_job(&life->jobs[i]);
    free(life->jobs);
    free(life->job_plans);
    free(life->vertices);
    free(life->events);
    free(life->options);
    free(life->asked_us);
    free(life);
}

const struct plan *life_plan(const struct life *life)
{
    return &life->plan;
}

int64_t life_epoch_us(const struct life *life)
{
    return life->epoch_us;
}

int64_t life_asked_us(const struct life *life, size_t exchange)
{
    return life->asked_us[exchange];
}
