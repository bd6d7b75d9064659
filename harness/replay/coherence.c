#include "harness/replay/coherence.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "gateway/execution_graph.h"
#include "harness/replay/replay_internal.h"

/* Two lists of all jobs that were asked for within this are of one instant. */
static const int64_t instant_us = 50000;

/* One answer under inspection. */
struct inspection {
    struct coherence *coherence;
    const struct transcript_exchange *exchange;
    const char *request;
    const json_t *body;
    const char *job; /* key of the tables: 32 digits; "" for none */
    const char *rest;
    const struct differences *excuses;
    struct differences *out;
};

static const char contradiction[] = "the answer contradicts an earlier one";

static bool report(const struct inspection *inspection, const char *pointer, const char *should,
                   const char *is)
{
    for (size_t i = 0; inspection->excuses && i < inspection->excuses->count; i++) {
        if (strcmp(inspection->excuses->items[i].pointer, pointer) == 0)
            return true;
    }
    return differences_add(inspection->out, contradiction, pointer, should, is);
}

/* Puts a new reference into a table, which is made when there is none. */
static bool put_new(json_t **table, const char *key, json_t *value)
{
    if (!*table)
        *table = json_object();
    return json_object_set_new(*table, key, value) == 0;
}

static bool put(json_t **table, const char *key, const json_t *value)
{
    return put_new(table, key, json_incref((json_t *)(uintptr_t)value));
}

/* The entry of a checkpoint in a list; NULL: it is not there. */
static const json_t *find_entry(const json_t *list, int64_t id, const char *path)
{
    static const char *const latest[] = {"latest/completed", "latest/savepoint", "latest/failed"};
    const json_t *history = json_object_get(list, "history");
    for (size_t i = 0; i < json_array_size(history) + 3; i++) {
        const json_t *entry = i < json_array_size(history)
                                  ? json_array_get(history, i)
                                  : json_at(list, latest[i - json_array_size(history)]);
        const char *its_path = json_text_at(entry, "external_path");
        if (path ? its_path && strcmp(its_path, path) == 0 : json_number_at(entry, "id", -1) == id)
            return entry;
    }
    return NULL;
}

/* Whether the history has room, or goes back as far as that: then it would be shown. */
static bool would_show(const json_t *list, int64_t id)
{
    enum { HISTORY_DEFAULT = 10 };
    const json_t *history = json_object_get(list, "history");
    const size_t count = json_array_size(history);
    return count < HISTORY_DEFAULT ||
           (id > 0 && json_number_at(json_array_get(history, count - 1), "id", 0) <= id);
}

/* What an operation said it had made is in the next list. */
static bool check_operations(const struct inspection *inspection)
{
    const json_t *made = json_object_get(inspection->coherence->operations, inspection->job);
    for (size_t i = 0; i < json_array_size(made); i++) {
        const json_t *one = json_array_get(made, i);
        const int64_t id = json_is_integer(one) ? (int64_t)json_integer_value(one) : 0;
        char should[32];
        snprintf(should, sizeof(should), "checkpoint %" PRId64, id);
        if (!find_entry(inspection->body, id, json_string_value(one)) &&
            would_show(inspection->body, id) &&
            !report(inspection, "/history", json_is_string(one) ? json_string_value(one) : should,
                    "a history without what an operation has made"))
            return false;
    }
    json_object_del(inspection->coherence->operations, inspection->job);
    return true;
}

/* The first restore is from where the job was told to start. */
static bool check_start(const struct inspection *inspection)
{
    const char *should =
        json_string_value(json_object_get(inspection->coherence->starts, inspection->job));
    const char *is = json_text_at(inspection->body, "latest/restored/external_path");
    if (!should || !is)
        return true;
    const bool has_memory =
        strcmp(should, is) == 0 || report(inspection, "/latest/restored/external_path", should, is);
    json_object_del(inspection->coherence->starts, inspection->job);
    return has_memory;
}

static bool take_list(const struct inspection *inspection)
{
    return check_operations(inspection) && check_start(inspection) &&
           put(&inspection->coherence->lists, inspection->job, inspection->body);
}

/* A checkpoint that a list showed as ended is the same in its details. */
static bool check_details(const struct inspection *inspection)
{
    static const char *const members[] = {"status",          "trigger_timestamp", "external_path",
                                          "checkpoint_type", "checkpointed_size", "state_size",
                                          "num_subtasks"};
    const json_t *list = json_object_get(inspection->coherence->lists, inspection->job);
    const json_t *entry = find_entry(list, json_number_at(inspection->body, "id", -2), NULL);
    const char *status = json_text_at(entry, "status");
    if (!status || strcmp(status, "IN_PROGRESS") == 0)
        return true;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        const json_t *should = json_object_get(entry, members[i]);
        const json_t *is = json_object_get(inspection->body, members[i]);
        char pointer[40];
        snprintf(pointer, sizeof(pointer), "/%s", members[i]);
        if (should && is && !json_equal(should, is) &&
            !report(inspection, pointer, "the value in the list of checkpoints", "another"))
            return false;
    }
    return true;
}

static bool take_status(const struct inspection *inspection)
{
    const json_t *operation = json_object_get(inspection->body, "operation");
    const json_t *made = json_object_get(operation, "checkpointId");
    if (!made)
        made = json_object_get(operation, "location");
    if (!made)
        return true;
    json_t *list = json_object_get(inspection->coherence->operations, inspection->job);
    if (list)
        return json_array_append(list, (json_t *)(uintptr_t)made) == 0;
    list = json_array();
    return list && json_array_append(list, (json_t *)(uintptr_t)made) == 0 &&
           put_new(&inspection->coherence->operations, inspection->job, list);
}

static bool is_terminal(const char *state)
{
    return state && (strcmp(state, job_status_name(JOB_FINISHED)) == 0 ||
                     strcmp(state, job_status_name(JOB_CANCELED)) == 0 ||
                     strcmp(state, job_status_name(JOB_FAILED)) == 0);
}

/* A job that has ended stays as it is, wherever it is shown. */
static bool check_state(const struct inspection *inspection, const char *job, const char *pointer,
                        const char *state)
{
    const char *ended = json_string_value(json_object_get(inspection->coherence->ends, job));
    if (ended && state && strcmp(ended, state) != 0)
        return report(inspection, pointer, ended, state);
    return !is_terminal(state) || put_new(&inspection->coherence->ends, job, json_string(state));
}

/* Both lists of all jobs name the same jobs in the same states. */
static bool check_job_line(const struct inspection *inspection, size_t index, const json_t *line,
                           const char *id_key, const char *state_key)
{
    const struct coherence *coherence = inspection->coherence;
    const char *id = json_text_at(line, id_key), *state = json_text_at(line, state_key);
    char pointer[40];
    snprintf(pointer, sizeof(pointer), "/jobs/%zu/%s", index, state_key);
    if (!id || !state)
        return true;
    const char *other = json_string_value(json_object_get(coherence->overview, id));
    if (coherence->overview &&
        inspection->exchange->sent_us - coherence->overview_us <= instant_us &&
        (!other || strcmp(other, state) != 0) &&
        !report(inspection, pointer, other ? other : "no such job", state))
        return false;
    return check_state(inspection, id, pointer, state);
}

static bool take_jobs(const struct inspection *inspection)
{
    const bool is_overview = strcmp(inspection->exchange->path, "/jobs/overview") == 0;
    const char *const id_key = is_overview ? "jid" : "id";
    const char *const state_key = is_overview ? "state" : "status";
    const json_t *lines = json_object_get(inspection->body, "jobs");
    json_t *states = json_object();
    bool has_memory = states != NULL;
    for (size_t i = 0; has_memory && i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        const char *id = json_text_at(line, id_key), *state = json_text_at(line, state_key);
        has_memory = check_job_line(inspection, i, line, id_key, state_key) &&
                     (!id || !state || json_object_set_new(states, id, json_string(state)) == 0);
    }
    json_decref(inspection->coherence->overview);
    inspection->coherence->overview = states;
    inspection->coherence->overview_us = inspection->exchange->sent_us;
    return has_memory;
}

static bool take_run(const struct inspection *inspection)
{
    json_t *request = inspection->request ? json_loads(inspection->request, 0, NULL) : NULL;
    const json_t *path = json_object_get(request, "savepointPath");
    const char *job = json_text_at(inspection->body, "jobid");
    const bool has_memory = !path || !job || put(&inspection->coherence->starts, job, path);
    json_decref(request);
    return has_memory;
}

static bool inspect_job(const struct inspection *inspection)
{
    const char *rest = inspection->rest;
    if (*rest == '\0')
        return check_state(inspection, inspection->job, "/state",
                           json_text_at(inspection->body, "state"));
    if (strcmp(rest, "/status") == 0)
        return check_state(inspection, inspection->job, "/status",
                           json_text_at(inspection->body, "status"));
    if (strcmp(rest, "/checkpoints") == 0)
        return take_list(inspection);
    if (conform_matches("/checkpoints/details/*", rest))
        return check_details(inspection);
    return !(conform_matches("/checkpoints/*", rest) || conform_matches("/savepoints/*", rest)) ||
           take_status(inspection);
}

bool coherence_add(struct coherence *coherence, const struct coherent_answer *answer,
                   const struct differences *excuses, struct differences *out)
{
    const struct transcript_exchange *const exchange = answer->exchange;
    struct inspection inspection = {
        .coherence = coherence,
        .exchange = exchange,
        .request = answer->request,
        .body = answer->body,
        .job = "",
        .excuses = excuses,
        .out = out,
    };
    char digits[ID_DIGITS + 1];
    struct id job;
    if (answer->status != 200 || !answer->body)
        return true;
    if (strcmp(exchange->recorded.method, "POST") == 0)
        return !path_is_run(exchange->path) || take_run(&inspection);
    if (strcmp(exchange->path, "/jobs") == 0 || strcmp(exchange->path, "/jobs/overview") == 0)
        return take_jobs(&inspection);
    if (!path_job(exchange->path, &job, &inspection.rest))
        return true;
    id_format(job, digits);
    inspection.job = digits;
    return inspect_job(&inspection);
}

void coherence_clear(struct coherence *coherence)
{
    json_decref(coherence->lists);
    json_decref(coherence->operations);
    json_decref(coherence->starts);
    json_decref(coherence->ends);
    json_decref(coherence->overview);
    *coherence = (struct coherence){0};
}
