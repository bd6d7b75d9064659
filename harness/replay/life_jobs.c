#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/replay/life_internal.h"

bool times_add(struct times *times, int64_t ms)
{
    if (ms <= 0)
        return true;
    for (size_t i = 0; i < times->count; i++) {
        if (times->ms[i] == ms)
            return true;
    }
    int64_t *grown = replay_grow(times->ms, times->count, &times->capacity, sizeof(*grown));
    if (!grown)
        return false;
    times->ms = grown;
    grown[times->count++] = ms;
    return true;
}

struct job_fact *life_job(const struct life *life, struct id id)
{
    for (size_t i = 0; i < life->job_count; i++) {
        if (id_equal(life->jobs[i].id, id))
            return &life->jobs[i];
    }
    return NULL;
}

static bool add_job(struct life *life, struct id id, size_t run)
{
    struct job_fact *jobs =
        replay_grow(life->jobs, life->job_count, &life->job_capacity, sizeof(*jobs));
    if (!jobs)
        return false;
    life->jobs = jobs;
    jobs[life->job_count++] = (struct job_fact){
        .id = id,
        .run = run,
        .deploys_for_ms = -1,
        .initializes_for_ms = -1,
        .interval_ms = INT64_MAX,
    };
    return true;
}

/* A submission that was refused may leave a job behind all the same, which has failed. Then the
 * client must have named it. */
static bool submitted_id(const struct transcript_exchange *exchange, struct id *id)
{
    const char *text = json_text_at(exchange->body, "jobid");
    if (!text && exchange->request) {
        json_t *request = json_loads(exchange->request, 0, NULL);
        const char *wanted = json_text_at(request, "jobId");
        const bool is_id = wanted && id_parse(wanted, strlen(wanted), id);
        json_decref(request);
        return is_id;
    }
    return text && id_parse(text, strlen(text), id);
}

static bool gather_submissions(struct life *life)
{
    for (size_t i = 0; i < life->transcript->count; i++) {
        const struct transcript_exchange *exchange = &life->transcript->exchanges[i];
        struct id id;
        const char *rest;
        const bool runs = strcmp(exchange->recorded.method, "POST") == 0 &&
                          path_is_run(exchange->path) && submitted_id(exchange, &id);
        const bool shows = exchange_is(exchange, "GET", 200) &&
                           path_job(exchange->path, &id, &rest) && *rest == '\0' &&
                           json_number_at(exchange->body, "start-time", 0) > 0;
        if ((runs || shows) && !life_job(life, id) && !add_job(life, id, runs ? i : SIZE_MAX))
            return false;
    }
    return true;
}

static bool take_states(struct job_fact *job, const json_t *details)
{
    const json_t *timestamps = json_object_get(details, "timestamps");
    for (enum job_status state = 0; state < JOB_STATUS_COUNT; state++) {
        const int64_t ms = json_number_at(timestamps, job_status_name(state), 0);
        if (ms > 0 && (job->entered_ms[state] == 0 || ms < job->entered_ms[state]))
            job->entered_ms[state] = ms;
    }
    return times_add(&job->restarting, json_number_at(timestamps, "RESTARTING", 0)) &&
           times_add(&job->running, json_number_at(timestamps, "RUNNING", 0));
}

static bool take_details(struct job_fact *job, const json_t *details)
{
    const json_t *vertices = json_object_get(details, "vertices");
    if (!job->name)
        job->name = json_text_at(details, "name");
    if (!job->vertices && json_array_size(vertices) > 0)
        job->vertices = vertices;
    for (size_t i = 0; i < json_array_size(vertices); i++) {
        const int64_t start_ms = json_number_at(json_array_get(vertices, i), "start-time", -1);
        if (start_ms > 0 && (job->deploying_ms == 0 || start_ms < job->deploying_ms))
            job->deploying_ms = start_ms;
    }
    return take_states(job, details);
}

/* How long the first attempts took to come up. */
static void take_vertex(struct job_fact *job, const json_t *vertex)
{
    const json_t *subtasks = json_object_get(vertex, "subtasks");
    for (size_t i = 0; i < json_array_size(subtasks); i++) {
        const json_t *subtask = json_array_get(subtasks, i);
        if (json_number_at(subtask, "attempt", -1) != 0 ||
            json_number_at(subtask, "status-duration/RUNNING", -1) <= 0)
            continue;
        job->deploys_for_ms = json_number_at(subtask, "status-duration/DEPLOYING", -1);
        job->initializes_for_ms = json_number_at(subtask, "status-duration/INITIALIZING", -1);
        return;
    }
}

/* "java.lang.RuntimeException: crash\n\tat ..." says "crash"; without a colon there is no message.
 * False when out of memory. */
static bool first_message(const char *trace, const char *exception_class, char **message)
{
    *message = NULL;
    const size_t length = strlen(exception_class);
    if (!trace || strncmp(trace, exception_class, length) != 0 ||
        strncmp(trace + length, ": ", 2) != 0)
        return true;
    trace += length + 2;
    *message = text_copy_length(trace, strcspn(trace, "\n"));
    return *message != NULL;
}

static bool add_failure(struct job_fact *job, const json_t *entry)
{
    struct failure_fact fact = {.at_ms = json_number_at(entry, "timestamp", 0),
                                .exception_class = json_text_at(entry, "exceptionName")};
    size_t place = 0;
    if (fact.at_ms == 0 || !fact.exception_class)
        return true;
    for (; place < job->failure_count && job->failures[place].at_ms <= fact.at_ms; place++) {
        if (job->failures[place].at_ms == fact.at_ms)
            return true;
    }
    struct failure_fact *failures =
        replay_grow(job->failures, job->failure_count, &job->failure_capacity, sizeof(*failures));
    if (!failures)
        return false;
    job->failures = failures;
    if (!first_message(json_text_at(entry, "stacktrace"), fact.exception_class, &fact.message))
        return false;
    memmove(failures + place + 1, failures + place,
            (job->failure_count++ - place) * sizeof(*failures));
    failures[place] = fact;
    return true;
}

static bool take_exceptions(struct job_fact *job, const json_t *body)
{
    const json_t *entries = json_at(body, "exceptionHistory/entries");
    for (size_t i = 0; i < json_array_size(entries); i++) {
        if (!add_failure(job, json_array_get(entries, i)))
            return false;
    }
    return true;
}

/* A job that nobody looked at after its end is in the list of all at least. */
static void take_overview(struct life *life, const json_t *overview)
{
    const json_t *jobs = json_object_get(overview, "jobs");
    for (size_t i = 0; i < json_array_size(jobs); i++) {
        const json_t *line = json_array_get(jobs, i);
        const char *id_text = json_text_at(line, "jid");
        const char *state_text = json_text_at(line, "state");
        struct id id;
        if (!id_text || !state_text || !id_parse(id_text, strlen(id_text), &id))
            continue;
        struct job_fact *job = life_job(life, id);
        for (enum job_status state = 0; job && state < JOB_STATUS_COUNT; state++) {
            if (job_status_is_terminal(state) && strcmp(job_status_name(state), state_text) == 0 &&
                job->entered_ms[state] == 0)
                job->entered_ms[state] = json_number_at(line, "end-time", 0);
        }
    }
}

static bool take_job_answer(struct life *life, struct job_fact *job, size_t exchange,
                            const char *rest)
{
    const json_t *body = life->transcript->exchanges[exchange].body;
    if (*rest == '\0')
        return take_details(job, body);
    if (strncmp(rest, "/exceptions", 11) == 0)
        return take_exceptions(job, body);
    if (strcmp(rest, "/checkpoints/config") == 0)
        job->interval_ms = json_number_at(body, "interval", job->interval_ms);
    else if (conform_matches("/vertices/*", rest))
        take_vertex(job, body);
    return life_gather_checkpoints(life, job, exchange, rest);
}

bool life_gather_jobs(struct life *life)
{
    if (!gather_submissions(life))
        return false;
    for (size_t i = 0; i < life->transcript->count; i++) {
        const struct transcript_exchange *exchange = &life->transcript->exchanges[i];
        struct id id;
        const char *rest;
        if (!exchange_is(exchange, "GET", 200))
            continue;
        if (strcmp(exchange->path, "/jobs/overview") == 0)
            take_overview(life, exchange->body);
        struct job_fact *job = path_job(exchange->path, &id, &rest) ? life_job(life, id) : NULL;
        if (job && !take_job_answer(life, job, i, rest))
            return false;
    }
    return true;
}
