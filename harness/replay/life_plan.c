#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/replay/life_internal.h"

/* Where no answer tells how long tasks take to come up: what a warm TaskManager needs. */
enum { DEPLOYS_FOR_MS = 100, INITIALIZES_FOR_MS = 100 };

static int64_t between_us(int64_t from_ms, int64_t to_ms, int64_t otherwise_us)
{
    return from_ms > 0 && to_ms >= from_ms ? (to_ms - from_ms) * 1000 : otherwise_us;
}

/* From the end of a stop's savepoint to FINISHED, as far as that agrees with what the status of the
 * stop said. */
static int64_t finishing_us(const struct life *life, const struct job_fact *job)
{
    const struct checkpoint_fact *savepoint = NULL;
    for (size_t i = 0; i < job->checkpoint_count; i++) {
        if (job->stopped_by > 0 && job->checkpoints[i].id == job->stopped_by)
            savepoint = &job->checkpoints[i];
    }
    if (!savepoint)
        return 0;
    const int64_t end_us = life_time_us(life, savepoint->end_ms);
    int64_t finished_us = end_us;
    if (job->entered_ms[JOB_FINISHED] > savepoint->end_ms)
        finished_us = life_time_us(life, job->entered_ms[JOB_FINISHED]);
    if (finished_us <= savepoint->undone_us)
        finished_us = savepoint->undone_us + 1;
    if (finished_us > savepoint->done_us)
        finished_us = savepoint->done_us;
    return finished_us > end_us ? finished_us - end_us : 0;
}

static struct job_pace pace_of(const struct life *life, const struct job_fact *job)
{
    const int64_t *entered_ms = job->entered_ms;
    const int64_t ready_ms = entered_ms[JOB_CREATED] > 0   ? entered_ms[JOB_CREATED]
                             : entered_ms[JOB_RUNNING] > 0 ? entered_ms[JOB_RUNNING]
                                                           : entered_ms[JOB_FAILED];
    const int64_t deploys_for_ms = job->deploys_for_ms >= 0 ? job->deploys_for_ms : DEPLOYS_FOR_MS;
    const int64_t initializes_for_ms =
        job->initializes_for_ms >= 0 ? job->initializes_for_ms : INITIALIZES_FOR_MS;
    return (struct job_pace){
        .initializing_us = between_us(entered_ms[JOB_INITIALIZING], ready_ms, 0),
        .created_us = between_us(entered_ms[JOB_CREATED], entered_ms[JOB_RUNNING], 0),
        .scheduled_us = between_us(entered_ms[JOB_RUNNING], job->deploying_ms, 0),
        .deploying_us = deploys_for_ms * 1000,
        .task_initializing_us = initializes_for_ms * 1000,
        .cancelling_us = between_us(entered_ms[JOB_CANCELLING], entered_ms[JOB_CANCELED], 0),
        .failing_us = between_us(entered_ms[JOB_FAILING], entered_ms[JOB_FAILED], 0),
        .finishing_us = finishing_us(life, job),
    };
}

static void take_vertices(struct life *life, const struct job_fact *job, size_t *used,
                          struct job_plan *plan)
{
    plan->vertices = &life->vertices[*used];
    for (size_t i = 0; i < json_array_size(job->vertices); i++) {
        const json_t *vertex = json_array_get(job->vertices, i);
        const char *id = json_text_at(vertex, "id");
        struct job_vertex *taken = &life->vertices[*used];
        taken->name = json_text_at(vertex, "name");
        const int64_t parallelism = json_number_at(vertex, "parallelism", 1);
        taken->parallelism = (int32_t)parallelism;
        if (parallelism < 1 || parallelism > SUBTASKS_MAX || !id || !taken->name ||
            !id_parse(id, strlen(id), &taken->id))
            continue;
        plan->vertex_count++;
        ++*used;
    }
}

static int64_t state_size_of(const struct job_fact *job)
{
    for (size_t i = 0; i < job->checkpoint_count; i++) {
        if (job->checkpoints[i].size > 0)
            return job->checkpoints[i].size;
    }
    return 0;
}

/* The rhythm tells the interval and beats no more: each checkpoint has an event of its own, and
 * those that clients ask for end by theirs. */
static void make_job(struct life *life, size_t index, size_t *used)
{
    const struct job_fact *job = &life->jobs[index];
    struct job_plan *plan = &life->job_plans[index];
    *plan = (struct job_plan){
        .id = job->id,
        .name = job->name ? job->name : "",
        .checkpointing = true,
        .state_size = state_size_of(job),
        .first_checkpoint_id = 1,
        .rhythm = {.interval_us = job->interval_ms < INT64_MAX / 1000 ? job->interval_ms * 1000 : 0,
                   .takes_us = INT64_C(3600) * 1000000,
                   .ends_us = 1},
        .pace = pace_of(life, job),
    };
    take_vertices(life, job, used, plan);
}

static const json_t *find_configuration(const struct transcript *transcript)
{
    for (size_t i = 0; i < transcript->count; i++) {
        const struct transcript_exchange *exchange = &transcript->exchanges[i];
        if (exchange_is(exchange, "GET", 200) && strcmp(exchange->path, "/jobmanager/config") == 0)
            return exchange->body;
    }
    return NULL;
}

/* Where nobody asked for the configuration, the overview still tells the size of the cluster. */
static void take_slots(struct life *life)
{
    for (size_t i = 0; i < life->transcript->count; i++) {
        const json_t *body = life->transcript->exchanges[i].body;
        const int64_t slots = json_number_at(body, "slots-total", 0);
        if (slots <= 0)
            continue;
        snprintf(life->slots, sizeof(life->slots), "%" PRId64, slots);
        life->options[life->plan.option_count++] =
            (struct configuration_line){"taskmanager.numberOfTaskSlots", life->slots};
        return;
    }
}

/* The settings that the cluster ran with: given to the mock as its own. Options that bear on
 * nothing here are shown all the same. */
static bool take_configuration(struct life *life)
{
    const json_t *lines = find_configuration(life->transcript);
    settings_default(&life->plan.settings);
    life->options = calloc(json_array_size(lines) + 1, sizeof(*life->options));
    if (!life->options)
        return false;
    if (!lines)
        take_slots(life);
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const char *key = json_text_at(json_array_get(lines, i), "key");
        const char *value = json_text_at(json_array_get(lines, i), "value");
        if (!key || !value)
            continue;
        settings_put(&life->plan.settings, key, value);
        life->options[life->plan.option_count++] = (struct configuration_line){key, value};
    }
    life->plan.options = life->options;
    return true;
}

bool life_make_plan(struct life *life)
{
    size_t vertex_count = 0, used = 0;
    for (size_t i = 0; i < life->job_count; i++)
        vertex_count += json_array_size(life->jobs[i].vertices);
    life->job_plans = calloc(life->job_count + 1, sizeof(*life->job_plans));
    life->vertices = calloc(vertex_count + 1, sizeof(*life->vertices));
    if (!life->job_plans || !life->vertices || !take_configuration(life))
        return false;
    for (size_t i = 0; i < life->job_count; i++) {
        make_job(life, i, &used);
        if (!life_add_job_events(life, i))
            return false;
    }
    life->plan.jobs = life->job_plans;
    life->plan.job_count = life->job_count;
    life->plan.events = life->events;
    life->plan.event_count = life->event_count;
    life->plan.end_us = INT64_MAX;
    return true;
}
