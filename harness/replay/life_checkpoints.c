#include <string.h>

#include "harness/replay/life_internal.h"

struct checkpoint_fact *checkpoint_fact(struct job_fact *job, int64_t id)
{
    size_t place = job->checkpoint_count;
    while (place > 0 && job->checkpoints[place - 1].id >= id)
        place--;
    if (place < job->checkpoint_count && job->checkpoints[place].id == id)
        return &job->checkpoints[place];
    struct checkpoint_fact *facts = replay_grow(job->checkpoints, job->checkpoint_count,
                                                &job->checkpoint_capacity, sizeof(*facts));
    if (!facts)
        return NULL;
    job->checkpoints = facts;
    memmove(facts + place + 1, facts + place, (job->checkpoint_count++ - place) * sizeof(*facts));
    facts[place] = (struct checkpoint_fact){
        .id = id, .pending_shown_us = -1, .undone_us = -1, .done_us = INT64_MAX};
    return &facts[place];
}

static enum checkpoint_type type_of(const json_t *entry)
{
    static const struct {
        const char *wire;
        enum checkpoint_type type;
    } types[] = {
        {"CHECKPOINT", CHECKPOINT_ALIGNED},
        {"UNALIGNED_CHECKPOINT", CHECKPOINT_UNALIGNED},
        {"SAVEPOINT", CHECKPOINT_SAVEPOINT},
        {"SYNC_SAVEPOINT", CHECKPOINT_SYNC_SAVEPOINT},
    };
    const char *wire = json_text_at(entry, "checkpoint_type");
    for (size_t i = 0; wire && i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(wire, types[i].wire) == 0)
            return types[i].type;
    }
    return CHECKPOINT_ALIGNED;
}

static bool add_report(struct checkpoint_fact *fact, struct id vertex, int32_t subtask,
                       int64_t ack_ms)
{
    for (size_t i = 0; i < fact->report_count; i++) {
        if (id_equal(fact->reports[i].vertex, vertex) && fact->reports[i].subtask == subtask)
            return true;
    }
    struct report_fact *reports =
        replay_grow(fact->reports, fact->report_count, &fact->report_capacity, sizeof(*reports));
    if (!reports)
        return false;
    fact->reports = reports;
    reports[fact->report_count++] = (struct report_fact){vertex, subtask, ack_ms};
    return true;
}

/* Who has acknowledged, where the details of a whole checkpoint tell it: all of a vertex. */
static bool take_tasks(struct checkpoint_fact *fact, const json_t *tasks)
{
    const char *key;
    json_t *task;
    json_object_foreach((json_t *)(uintptr_t)tasks, key, task)
    {
        struct id vertex;
        const int64_t count = json_number_at(task, "num_subtasks", 0);
        const int64_t ack_ms = json_number_at(task, "latest_ack_timestamp", -1);
        if (!id_parse(key, strlen(key), &vertex) || ack_ms < 0 || count > SUBTASKS_MAX ||
            json_number_at(task, "num_acknowledged_subtasks", -1) != count)
            continue;
        for (int32_t i = 0; i < count; i++) {
            if (!add_report(fact, vertex, i, ack_ms))
                return false;
        }
    }
    return true;
}

/* An entry of the history, or the details of one checkpoint. */
static bool take_entry(struct life *life, struct job_fact *job, size_t exchange,
                       const json_t *entry)
{
    const char *status = json_text_at(entry, "status");
    const int64_t id = json_number_at(entry, "id", 0);
    if (!status || id <= 0)
        return true;
    struct checkpoint_fact *fact = checkpoint_fact(job, id);
    if (!fact)
        return false;
    const bool pending = strcmp(status, "IN_PROGRESS") == 0;
    if (pending && life->asked_us[exchange] > fact->pending_shown_us)
        fact->pending_shown_us = life->asked_us[exchange];
    fact->type = type_of(entry);
    fact->trigger_ms = json_number_at(entry, "trigger_timestamp", 0);
    fact->size = json_number_at(entry, "checkpointed_size", 0);
    if (strcmp(status, "COMPLETED") == 0) {
        fact->status = CHECKPOINT_COMPLETED;
        fact->end_ms = json_number_at(entry, "latest_ack_timestamp", 0);
        fact->path = json_text_at(entry, "external_path");
        return true;
    }
    const int64_t reported = json_number_at(entry, "num_acknowledged_subtasks", 0);
    fact->reported = reported < SUBTASKS_MAX ? (int32_t)reported : 0;
    fact->reported_ms = json_number_at(entry, "latest_ack_timestamp", -1);
    if (!pending) {
        fact->status = CHECKPOINT_FAILED;
        fact->end_ms = json_number_at(entry, "failure_timestamp", 0);
        fact->message = json_text_at(entry, "failure_message");
    }
    return take_tasks(fact, json_object_get(entry, "tasks"));
}

static bool starts_from_a_path(const struct life *life, const struct job_fact *job)
{
    const char *request =
        job->run != SIZE_MAX ? life->transcript->exchanges[job->run].request : NULL;
    return request && strstr(request, "savepointPath");
}

static bool take_statistics(struct life *life, struct job_fact *job, size_t exchange,
                            const json_t *body)
{
    static const char *const latest[] = {"latest/completed", "latest/savepoint", "latest/failed"};
    const json_t *history = json_object_get(body, "history");
    for (size_t i = 0; i < json_array_size(history); i++) {
        if (!take_entry(life, job, exchange, json_array_get(history, i)))
            return false;
    }
    for (size_t i = 0; i < sizeof(latest) / sizeof(latest[0]); i++) {
        if (!take_entry(life, job, exchange, json_at(body, latest[i])))
            return false;
    }
    const json_t *restored = json_at(body, "latest/restored");
    if (json_is_object(restored) && job->restored.count == 0 && starts_from_a_path(life, job))
        job->restored_first = json_number_at(restored, "id", 0);
    struct counts_fact *counts =
        replay_grow(job->counts, job->counts_count, &job->counts_capacity, sizeof(*counts));
    if (!counts)
        return false;
    job->counts = counts;
    counts[job->counts_count++] = (struct counts_fact){
        .asked_us = life->asked_us[exchange],
        .completed = json_number_at(body, "counts/completed", 0),
        .failed = json_number_at(body, "counts/failed", 0),
    };
    return times_add(&job->restored, json_number_at(restored, "restore_timestamp", 0));
}

/* The details of one task of a checkpoint: who acknowledged, and when. */
static bool take_subtasks(struct job_fact *job, const char *rest, const json_t *body)
{
    const json_t *subtasks = json_object_get(body, "subtasks");
    const char *vertex_text = strrchr(rest, '/') + 1;
    struct id vertex;
    if (!id_parse(vertex_text, strlen(vertex_text), &vertex))
        return true;
    struct checkpoint_fact *fact = checkpoint_fact(job, json_number_at(body, "id", 0));
    for (size_t i = 0; fact && i < json_array_size(subtasks); i++) {
        const json_t *subtask = json_array_get(subtasks, i);
        const int64_t ack_ms = json_number_at(subtask, "ack_timestamp", -1);
        if (ack_ms > 0 && !add_report(fact, vertex, (int32_t)i, ack_ms))
            return false;
    }
    return fact != NULL;
}

bool life_gather_checkpoints(struct life *life, struct job_fact *job, size_t exchange,
                             const char *rest)
{
    const json_t *body = life->transcript->exchanges[exchange].body;
    if (strcmp(rest, "/checkpoints") == 0)
        return take_statistics(life, job, exchange, body);
    if (conform_matches("/checkpoints/details/*/subtasks/*", rest))
        return take_subtasks(job, rest, body);
    return !conform_matches("/checkpoints/details/*", rest) ||
           take_entry(life, job, exchange, body);
}
