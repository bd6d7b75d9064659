#include <inttypes.h>
#include <string.h>

#include "harness/control/control_internal.h"

enum { NAMES_MAX = 64 };

static const char *name_in_plan(const struct control *control, struct id id)
{
    const struct plan *plan = control->config.plan;
    for (size_t i = 0; i < plan->job_count; i++) {
        if (id_equal(plan->jobs[i].id, id))
            return plan->jobs[i].name;
    }
    return NULL;
}

/* A job of the plan can be called before it is known to anybody. */
static size_t index_in_plan(const struct plan *plan, const char *text, struct id *id)
{
    const bool is_id = id_parse(text, strlen(text), id);
    for (size_t i = 0; i < plan->job_count; i++) {
        if (is_id ? id_equal(plan->jobs[i].id, *id)
                  : plan->jobs[i].name && strcmp(plan->jobs[i].name, text) == 0) {
            *id = plan->jobs[i].id;
            return i;
        }
    }
    return SIZE_MAX;
}

size_t asking_job_index(struct asking *asking, const char *text, struct id *id)
{
    const struct plan *plan = asking->control->config.plan;
    size_t index = index_in_plan(plan, text, id);
    if (index != SIZE_MAX)
        return index;
    if (id_parse(text, strlen(text), id)) {
        index = cluster_find_job(asking->control->config.cluster, *id);
        if (index == SIZE_MAX)
            asking_refuse(asking, 404, "there is no job %s; GET /jobs lists them", text);
        return index;
    }
    const char *names[NAMES_MAX];
    char nearest[96];
    size_t count = 0;
    for (size_t i = 0; i < plan->job_count && count < NAMES_MAX; i++) {
        if (plan->jobs[i].name)
            names[count++] = plan->jobs[i].name;
    }
    asking_refuse(asking, 404, "'%s' is neither the id of a job nor a name of the scenario's%s",
                  text, did_you_mean(nearest, text, names, count));
    return SIZE_MAX;
}

bool call_show_jobs(struct asking *asking)
{
    const struct live_jobs *live = &asking->control->live;
    struct json_writer json = asking_answer(asking);
    json_member_array(&json, "jobs");
    for (size_t i = 0; i < live->count; i++) {
        char id[ID_DIGITS + 1];
        id_format(live->jobs[i].id, id);
        json_begin_object(&json);
        json_member_text(&json, "id", id);
        json_member_text(&json, "name", name_in_plan(asking->control, live->jobs[i].id));
        json_member_text(&json, "state", job_status_name(live->jobs[i].state));
        json_key(&json, "run");
        json_uint64(&json, live->jobs[i].run);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    return true;
}

static const char *const types[] = {
    [CHECKPOINT_ALIGNED] = "checkpoint",
    [CHECKPOINT_UNALIGNED] = "unaligned checkpoint",
    [CHECKPOINT_SAVEPOINT] = "savepoint",
    [CHECKPOINT_SYNC_SAVEPOINT] = "sync savepoint",
};

static bool read_event(struct asking *asking, struct job_event *event)
{
    size_t type = CHECKPOINT_ALIGNED;
    int64_t in_us = 0, subtask = 0;
    event->kind = (enum job_event_kind)asking->call->what;
    if (!parameter_duration(asking, "in", &in_us) ||
        !parameter_duration(asking, "takes", &event->takes_us) ||
        !parameter_duration(asking, "durable-after", &event->durable_after_us) ||
        !parameter_number(asking, "checkpoint", 1, INT64_MAX, &event->checkpoint) ||
        !parameter_number(asking, "subtask", 1, INT32_MAX, &subtask) ||
        !parameter_name(asking, "type", types, sizeof types / sizeof types[0], &type))
        return false;
    event->type = (enum checkpoint_type)type;
    event->subtask = (int32_t)subtask;
    event->path = parameter_text(asking, "path");
    event->message = parameter_text(asking, "message");
    event->exception_class = parameter_text(asking, "exception");
    event->at_us = asking->clock.now_us + in_us;
    /* `in` says when it begins. */
    if (event->kind == JOB_EVENT_COMPLETES || event->kind == JOB_EVENT_FAILS_CHECKPOINT)
        event->at_us += event->takes_us;
    if (event->kind == JOB_EVENT_DISCARDS && event->checkpoint == 0)
        return asking_refuse(asking, 400, "say which checkpoint to discard: checkpoint=7");
    return true;
}

static bool add_event(struct asking *asking, const struct job_event *event)
{
    const struct control_config *config = &asking->control->config;
    if (!cluster_add_event(config->cluster, asking->clock.now_us, event))
        asking->no_memory = true;
    return !asking->no_memory;
}

/* What only a job can do that has been started and has not ended. Said of later, it may be by then. */
static bool needs_a_live_job(const struct job_event *event, int64_t now_us)
{
    return event->kind != JOB_EVENT_INITIALIZES && event->kind != JOB_EVENT_RUNS &&
           event->kind != JOB_EVENT_STARTS_OVER && event->kind != JOB_EVENT_DISCARDS &&
           event->at_us <= now_us;
}

/* The mock would let such an event pass without a word, as a plan may hold it by chance; whoever
 * calls means it. */
static bool is_possible(struct asking *asking, const struct job_event *event, struct id job)
{
    if (!needs_a_live_job(event, asking->clock.now_us) ||
        live_jobs_has(&asking->control->live, job))
        return true;
    return asking_refuse(asking, 409, "job %s has ended or was not started; it cannot %s now",
                         asking->segments[1], asking->segments[2]);
}

bool call_job_event_happens(struct asking *asking)
{
    struct job_event event = {0};
    struct id id;
    char id_text[ID_DIGITS + 1];
    event.job = asking_job_index(asking, asking->segments[1], &id);
    if (event.job == SIZE_MAX || !read_event(asking, &event) || !is_possible(asking, &event, id) ||
        !add_event(asking, &event) || !asking_settle(asking))
        return false;
    id_format(id, id_text);
    struct json_writer json = asking_answer(asking);
    json_member_text(&json, "job", id_text);
    json_member_text(&json, "does", asking->segments[2]);
    json_member_int64(&json, "at_us", event.at_us);
    json_end_object(&json);
    return true;
}

/* What a migration does. A job that runs already goes on. */
bool call_start_job(struct asking *asking)
{
    const struct control_config *config = &asking->control->config;
    struct id id;
    char id_text[ID_DIGITS + 1];
    const size_t job = asking_job_index(asking, asking->segments[1], &id);
    if (job == SIZE_MAX)
        return false;
    if (job >= config->plan->job_count)
        return asking_refuse(asking, 409, "job %s is none of the scenario's", asking->segments[1]);
    if (!cluster_start_from(config->cluster, asking->clock.now_us, job,
                            parameter_text(asking, "path"))) {
        asking->no_memory = true;
        return false;
    }
    if (!asking_settle(asking))
        return false;
    id_format(id, id_text);
    struct json_writer json = asking_answer(asking);
    json_member_text(&json, "job", id_text);
    json_end_object(&json);
    return true;
}

/* Source: Flink: when leadership is lost every JobMaster goes, and whoever leads next recovers the
 * jobs from their latest checkpoints. */
bool call_lose_leader(struct asking *asking)
{
    const struct live_jobs *live = &asking->control->live;
    const int64_t now_us = asking->clock.now_us;
    int64_t for_us = 10 * 1000000;
    if (!parameter_duration(asking, "for", &for_us))
        return false;
    const struct kept_fault lost = {.fault = {.kind = FAULT_OUTCOME,
                                              .from_us = now_us,
                                              .until_us = now_us + for_us,
                                              .any_fetch = true,
                                              .any_job = true,
                                              .outcome = OUTCOME_NO_LEADER}};
    if (for_us > 0 && !asking_keep_fault(asking, &lost))
        return false;
    const size_t job_count = live->count;
    for (size_t i = 0; i < job_count; i++) {
        const struct job_event event = {.kind = JOB_EVENT_FAILS_OVER,
                                        .at_us = now_us,
                                        .job = live->jobs[i].index,
                                        .takes_us = for_us};
        if (!add_event(asking, &event))
            return false;
    }
    if (!asking_settle(asking))
        return false;
    struct json_writer json = asking_answer(asking);
    json_member_int64(&json, "back_us", now_us + for_us);
    json_member_int64(&json, "jobs", (int64_t)job_count);
    json_end_object(&json);
    return true;
}
