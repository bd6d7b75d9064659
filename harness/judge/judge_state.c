#include "harness/judge/judge_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/vector.h"
#include "harness/judge/judge_paths.h"
#include "harness/judge/judge_runs.h"
#include "harness/judge/number_map.h"

/* The memory of the judge: jobs and their runs, clients, and what facts add to it. */

enum { CLIENT_COUNT_MAX = 1 << 20 };

static void job_free(struct job_state *job)
{
    for (size_t i = 0; i < job->run_count; i++)
        run_free(&job->runs[i]);
    job_calls_free(&job->calls);
    free(job->runs);
}

void state_free(struct judge *judge)
{
    for (size_t i = 0; i < judge->job_count; i++)
        job_free(&judge->jobs[i]);
    free(judge->jobs);
    free(judge->clients);
    free(judge->owners.items);
    arena_free(judge->paths);
    free(judge->in_flight.items);
    number_map_free(&judge->job_index);
    number_map_free(&judge->owners.index);
}

static struct run *add_run(struct job_state *job, uint64_t number, int64_t began_us)
{
    struct run *runs =
        vector_grow(job->runs, job->run_count, &job->run_capacity, sizeof *job->runs);
    if (!runs)
        return NULL;
    job->runs = runs;
    struct run *run = &runs[job->run_count++];
    *run = (struct run){.number = number,
                        .began_us = began_us,
                        .restored_us = NOT_KNOWN_US,
                        .older_trigger_ms = INT64_MIN};
    job->direct.version = 0;
    job->generation++;
    return run;
}

struct run *job_add_run(struct job_state *job, int64_t began_us)
{
    return add_run(job, 0, began_us);
}

static struct job_state *add_job(struct judge *judge, struct id id, uint32_t next_same_hash)
{
    struct job_state *jobs =
        vector_grow(judge->jobs, judge->job_count, &judge->job_capacity, sizeof *jobs);
    if (!jobs)
        return NULL;
    judge->jobs = jobs;
    if (judge->job_count == 1 && !owners_become_many(judge))
        return NULL;
    struct job_state *job = &jobs[judge->job_count];
    *job = (struct job_state){
        .id = id,
        .next_same_hash = next_same_hash,
        .known_from_us = NOT_KNOWN_US,
        .calls.of = {{.first_success_us = NOT_KNOWN_US}, {.first_success_us = NOT_KNOWN_US}}};
    for (size_t i = 0; i < PATH_KIND_COUNT; i++)
        job->requests.answered_us[i] = INT64_MIN;
    for (size_t i = 0; i <= ERROR_OTHER; i++)
        job->errors.first[i].done_us = NOT_KNOWN_US;
    id_format(id, job->digits);
    text_put(job->label, 8 + 1, job->digits);
    if (!add_run(job, 0, INT64_MIN))
        return NULL;
    if (!number_map_put(&judge->job_index, id_hash(id), (uint32_t)judge->job_count)) {
        free(job->runs);
        return NULL;
    }
    judge->job_count++;
    return job;
}

static uint32_t find_job(const struct judge *judge, uint32_t first, struct id id)
{
    uint32_t i = first;
    while (i != UINT32_MAX && !id_equal(judge->jobs[i].id, id))
        i = judge->jobs[i].next_same_hash;
    return i;
}

const struct job_state *state_find_job(const struct judge *judge, struct id id)
{
    const uint32_t first = number_map_find(&judge->job_index, id_hash(id));
    const uint32_t at = find_job(judge, first, id);
    return at == UINT32_MAX ? NULL : &judge->jobs[at];
}

struct job_state *state_job(struct judge *judge, struct id id)
{
    if (judge->recent_job < judge->job_count && id_equal(judge->jobs[judge->recent_job].id, id))
        return &judge->jobs[judge->recent_job];
    const uint32_t first = number_map_find(&judge->job_index, id_hash(id));
    const uint32_t at = find_job(judge, first, id);
    if (at == UINT32_MAX)
        return add_job(judge, id, first);
    judge->recent_job = at;
    return &judge->jobs[at];
}

bool state_remember_new_client(struct judge *judge, size_t client, const char *name)
{
    if (client >= CLIENT_COUNT_MAX)
        return true;
    while (client >= judge->client_count) {
        struct client_state *clients = vector_grow(judge->clients, judge->client_count,
                                                   &judge->client_capacity, sizeof *clients);
        if (!clients)
            return false;
        judge->clients = clients;
        clients[judge->client_count++] = (struct client_state){0};
    }
    struct client_state *state = &judge->clients[client];
    if (!state->name[0] && name)
        text_put(state->name, sizeof state->name, name);
    return true;
}

bool state_know_job(struct judge *judge, struct job_state *job)
{
    if (job->known)
        return false;
    job->known = true;
    judge->known_job_count++;
    judge->generation++;
    return true;
}

struct run *job_current_run(const struct job_state *job)
{
    return &job->runs[job->run_count - 1];
}

struct checkpoint_record *job_find_shown(const struct job_state *job,
                                         const struct seen_checkpoint *shown, struct run **run)
{
    for (size_t i = job->run_count; i-- > 0;) {
        struct checkpoint_record *record = run_find(&job->runs[i], shown->id);
        if (!record ||
            (record->trigger_ms && shown->trigger_ms && record->trigger_ms != shown->trigger_ms))
            continue;
        *run = &job->runs[i];
        return record;
    }
    return NULL;
}

static bool is_untouched(const struct run *run)
{
    return run->number == 0 && run->began_us == INT64_MIN;
}

/* The run a fact speaks of; one that was never announced is taken as beginning with the fact. */
static struct run *run_of_fact(struct job_state *job, const struct fact *fact)
{
    if (fact->run == 0)
        return job_current_run(job);
    for (size_t i = job->run_count; i-- > 0;) {
        if (job->runs[i].number == fact->run)
            return &job->runs[i];
    }
    struct run *current = job_current_run(job);
    if (!is_untouched(current))
        return add_run(job, fact->run, fact->at_us);
    current->number = fact->run;
    current->began_us = fact->at_us;
    job->generation++;
    return current;
}

bool job_completed(struct job_state *job, struct run *run, const struct completion *completion)
{
    size_t before = run->completion_count;
    if (!run_add_completion(run, completion))
        return false;
    job->generation += run->completion_count != before;
    return true;
}

static bool record_path(struct judge *judge, struct checkpoint_record *record, const char *path,
                        size_t job)
{
    if (!path || record->path)
        return true;
    record->path = path_copy(judge, path);
    return record->path && owner_add_record(judge, record, job);
}

static void earliest(int64_t *at_us, int64_t candidate_us)
{
    if (candidate_us < *at_us)
        *at_us = candidate_us;
}

/* A fact about one checkpoint. (A run that began was made by run_of_fact().) */
static bool checkpoint_fact(struct judge *judge, struct job_state *job, const struct fact *fact,
                            struct news *news)
{
    /* Told from answers, an older run's completion may come to light after the new run began. */
    if (fact->trigger_ms && fact->trigger_ms <= news->run->older_trigger_ms)
        return true;
    struct checkpoint_record *record = run_record(news->run, fact->checkpoint);
    /* A number comes once in a run: this one is of another run, which no answer has told so far. */
    if (record && fact->run == 0 && fact->trigger_ms && record->trigger_ms &&
        fact->trigger_ms != record->trigger_ms)
        return true;
    if (!record || !record_path(judge, record, fact->path, (size_t)(job - judge->jobs)))
        return false;
    news->record = record;
    if (fact->trigger_ms)
        record->trigger_ms = fact->trigger_ms;
    job->has_journal |= !fact->evidence;
    job->generation++;
    if (fact->kind == FACT_DURABLE)
        earliest(&record->durable_us, fact->at_us);
    if (fact->kind == FACT_DISCARDED)
        earliest(&record->discarded_us, fact->at_us);
    if (fact->kind == FACT_BEGAN) {
        job->has_began = true;
        if (fact->at_us > job->newest_began_us)
            job->newest_began_us = fact->at_us;
        earliest(&record->began_us, fact->at_us);
    }
    if (fact->kind != FACT_COMPLETED)
        return true;
    earliest(&record->completed_us, fact->at_us);
    const struct completion completion = {.at_us = fact->at_us,
                                          .id = fact->checkpoint,
                                          .how = KNOWN_BY_FACT,
                                          .evidence = fact->evidence,
                                          .seq = fact->seq,
                                          .client = SIZE_MAX};
    return fact->is_savepoint || job_completed(job, news->run, &completion);
}

static bool restored_fact(struct judge *judge, struct run *run, const struct fact *fact)
{
    const char *path = fact->path ? path_copy(judge, fact->path) : NULL;
    if (fact->path && !path)
        return false;
    run->restored_path = path;
    run->restored_id = fact->checkpoint;
    run->restored_us = fact->at_us;
    return true;
}

bool state_fact(struct judge *judge, struct job_state *job, const struct fact *fact,
                struct news *news)
{
    state_know_job(judge, job);
    job->generation++;
    news->run = run_of_fact(job, fact);
    if (!news->run)
        return false;
    /* A journal that tells of runs tells of completions: one that it lacks has not begun. */
    job->has_began |= fact->kind == FACT_RUN_BEGAN && !fact->evidence;
    job->has_journal |= fact->kind == FACT_RUN_BEGAN && !fact->evidence;
    if (fact->kind == FACT_JOB_KNOWN && fact->at_us < job->known_from_us)
        job->known_from_us = job->unknown_to_us = fact->at_us;
    if (fact->kind == FACT_JOB_INITIALIZING)
        job->known_from_us = NOT_KNOWN_US;
    if (fact->kind == FACT_RESTORED)
        return restored_fact(judge, news->run, fact);
    bool about_checkpoint = fact->kind == FACT_BEGAN || fact->kind == FACT_COMPLETED ||
                            fact->kind == FACT_DURABLE || fact->kind == FACT_DISCARDED;
    return !about_checkpoint || checkpoint_fact(judge, job, fact, news);
}
