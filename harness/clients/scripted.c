#include <inttypes.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "harness/clients/clients_internal.h"

/* Between two looks at a trigger's status, as a patient script does it. */
enum { AWAIT_EVERY_US = 10000 };

static const struct client_step *current_step(const struct client *client)
{
    return client->step < client->plan->step_count ? &client->plan->steps[client->step] : NULL;
}

/* A step whose time went by while an answer was awaited is due at once. */
static void move_on(struct clients *clients, struct client *client, int64_t now_us)
{
    client->step++;
    const struct client_step *next = current_step(client);
    if (next)
        client_schedule(clients, client, next->at_us > now_us ? next->at_us : now_us);
    else
        client_schedule(clients, client, INT64_MAX);
}

/* A server remembers triggers for a while: a run with another seed has others. */
static struct id trigger_id(const struct clients *clients, const struct client *client,
                            size_t trigger)
{
    const uint64_t number = (uint64_t)(client - clients->items) << 32 | trigger;
    return (struct id){.high = UINT64_C(0x7472696767657200) ^ clients->seed, .low = number};
}

static bool write_trigger(struct clients *clients, const struct client *client, size_t number,
                          const struct client_step *step)
{
    struct targets *targets = &clients->targets;
    struct own_trigger *trigger = &client->own_triggers[number];
    char id[ID_DIGITS + 1];
    id_format(trigger_id(clients, client, number), id);
    buffer_printf(target_begin(targets), "{\"triggerId\":\"%s\"}", id);
    trigger->body = target_end(targets).text;
    buffer_printf(target_begin(targets), "%s/%s", targets->jobs[step->job].statistics.text, id);
    trigger->status = target_end(targets);
    return trigger->body && trigger->status.text;
}

/*
 * A client's triggers, in order of the steps. The client chooses the id itself, so that its status
 * can be asked without reading the answer. Source: Flink TriggerCheckpointRequestBody (triggerId).
 */
static bool write_triggers(struct clients *clients, struct client *client)
{
    size_t count = 0;
    for (size_t i = 0; i < client->plan->step_count; i++)
        count += client->plan->steps[i].kind == STEP_TRIGGER;
    if (count == 0)
        return true;
    client->own_triggers =
        arena_zeroed(clients->targets.texts, count, sizeof *client->own_triggers);
    if (!client->own_triggers)
        return false;
    size_t number = 0;
    for (size_t i = 0; i < client->plan->step_count; i++) {
        const struct client_step *step = &client->plan->steps[i];
        if (step->kind == STEP_TRIGGER && !write_trigger(clients, client, number++, step))
            return false;
    }
    return true;
}

static bool start(struct clients *clients, struct client *client)
{
    if (!write_triggers(clients, client))
        return false;
    const struct client_step *first = current_step(client);
    client_schedule(clients, client, first ? first->at_us : INT64_MAX);
    return true;
}

/* The status of the last trigger. A plan from a scenario file has one before each question. */
static struct target status_target(const struct clients *clients, const struct client *client,
                                   const struct client_step *step)
{
    if (client->triggers == 0)
        return clients->targets.jobs[step->job].statistics;
    return client->own_triggers[client->triggers - 1].status;
}

static void aim(struct clients *clients, struct client *client, const struct client_step *step)
{
    struct client_action *action = &client->action;
    /* Steps without a job never look at it; targets.jobs has one slot to spare for them. */
    const size_t known =
        step->job < clients->plan->job_count ? step->job : clients->plan->job_count;
    const struct job_targets *job = &clients->targets.jobs[known];
    const size_t number = (size_t)(client->plan - clients->plan->clients);
    const struct target overview = target_of("/overview");
    const struct target jobs = target_of("/jobs");
    const struct target own = target_of(step->target);
    const struct target status =
        step->job < clients->plan->job_count ? status_target(clients, client, step) : own;
    switch (step->kind) {
    case STEP_GET_STATISTICS:
        client_aim(action, PATH_STATISTICS, step->job, &job->statistics);
        break;
    case STEP_GET_DETAILS:
    case STEP_GET_SUBTASKS:
        client_aim(action, PATH_DETAILS, step->job,
                   &clients->targets.steps[clients->targets.first_step[number] + client->step]);
        action->checkpoint = step->checkpoint;
        break;
    case STEP_GET_CONFIG:
        client_aim(action, PATH_CONFIG, step->job, &job->config);
        break;
    case STEP_GET_JOB:
        client_aim(action, PATH_JOB, step->job, &job->job);
        break;
    case STEP_GET_OVERVIEW:
        client_aim(action, PATH_OTHER, SIZE_MAX, &overview);
        break;
    case STEP_GET_JOBS:
        client_aim(action, PATH_OTHER, SIZE_MAX, &jobs);
        break;
    case STEP_TRIGGER:
        client_aim(action, PATH_TRIGGER, step->job, &job->statistics);
        client_post(action, client->own_triggers[client->triggers++].body);
        break;
    case STEP_TRIGGER_STATUS:
    case STEP_AWAIT_TRIGGER:
        client_aim(action, PATH_TRIGGER_STATUS, step->job, &status);
        break;
    case STEP_CANCEL:
        client_aim(action, PATH_OTHER, step->job, &job->cancel);
        action->request.method = METHOD_PATCH;
        break;
    case STEP_GET_TARGET:
        client_aim(action, PATH_OTHER, step->job, &own);
        break;
    case STEP_POST_TARGET:
        client_aim(action, PATH_OTHER, SIZE_MAX, &own);
        client_post(action, step->body);
        break;
    }
}

static void act(struct clients *clients, struct client *client)
{
    const struct client_step *step = current_step(client);
    struct client_action *action = &client->action;
    client_begin(client);
    if (step->cache_control)
        client_demand(action, step->cache_control);
    if (step->kind == STEP_AWAIT_TRIGGER && client->trigger_done) {
        /* Its trigger is done: the read that this step is about. */
        client_aim(action, PATH_STATISTICS, step->job,
                   &clients->targets.jobs[step->job].statistics);
        client->trigger_done = false;
        move_on(clients, client, client->due_us);
        return;
    }
    aim(clients, client, step);
    if (step->kind != STEP_AWAIT_TRIGGER) {
        move_on(clients, client, client->due_us);
        return;
    }
    client->asked = action->request.id;
    client_schedule(clients, client, INT64_MAX);
}

static bool answered(struct clients *clients, struct client *client, int64_t now_us,
                     uint64_t request, int status, const struct observation *seen)
{
    if (request != client->asked)
        return true;
    const bool done = status == 200 && seen && seen->trigger_done;
    const bool pending = status == 200 && seen && !seen->trigger_done;
    client->asked = 0;
    client->trigger_done = done;
    if (done)
        client_schedule(clients, client, now_us + REACTION_US);
    else if (pending)
        client_schedule(clients, client, now_us + AWAIT_EVERY_US);
    else
        move_on(clients, client, now_us);
    return true;
}

const struct client_behaviour scripted_behaviour = {
    .start = start,
    .act = act,
    .answered = answered,
};
