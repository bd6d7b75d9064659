#include <stdlib.h>

#include "base/text.h"
#include "harness/clients/clients_internal.h"

/*
 * A migration whose model decides (harness/client_models): it watches the statistics at its rhythm,
 * reads them once more when its time has come, decides on that answer, and then cancels the job and
 * starts the other one, or leaves everything as it is.
 */
enum phase { PHASE_WATCH, PHASE_READ, PHASE_DECIDE, PHASE_CANCEL, PHASE_START, PHASE_DONE };

void model_client_free(struct model_client *model)
{
    if (!model)
        return;
    client_memory_clear(&model->memory);
    free(model);
}

/* The next time that it looks, after the last; PHASE_READ is at its own time. */
static void schedule_look(struct clients *clients, struct client *client, int64_t last_us)
{
    const struct client_plan *plan = client->plan;
    const int64_t next_us =
        plan->watch_every_us > 0 ? last_us + plan->watch_every_us : plan->from_us;
    client->step = next_us < plan->from_us ? PHASE_WATCH : PHASE_READ;
    client_schedule(clients, client, client->step == PHASE_WATCH ? next_us : plan->from_us);
}

static bool start(struct clients *clients, struct client *client)
{
    client->model = calloc(1, sizeof *client->model);
    if (!client->model)
        return false;
    schedule_look(clients, client, 0);
    return true;
}

static void tell_choice(struct clients *clients, struct client *client)
{
    struct client_action *action = &client->action;
    const bool goes_on = client->model->choice.decision.kind != DECIDED_REFUSE;
    action->choice = &client->model->choice;
    action->job = client->plan->job;
    client->step = goes_on ? PHASE_CANCEL : PHASE_DONE;
    client_schedule(clients, client, goes_on ? client->due_us + REACTION_US : INT64_MAX);
}

static enum client_model model_of(const struct clients *clients, const struct client *client)
{
    return clients->model != CLIENT_MODEL_NONE ? clients->model : client->plan->model;
}

static void act(struct clients *clients, struct client *client)
{
    const struct client_plan *plan = client->plan;
    struct client_action *action = &client->action;
    const struct job_targets *targets = &clients->targets.jobs[plan->job];
    client_begin(client);
    action->goes_by_names = client_model_goes_by_names(model_of(clients, client));
    switch ((enum phase)client->step) {
    case PHASE_WATCH:
        client_aim(action, PATH_STATISTICS, plan->job, &targets->statistics);
        schedule_look(clients, client, client->due_us);
        return;
    case PHASE_READ:
        client_aim(action, PATH_STATISTICS, plan->job, &targets->statistics);
        break;
    case PHASE_DECIDE:
        tell_choice(clients, client);
        return;
    case PHASE_CANCEL:
        client_aim(action, PATH_OTHER, plan->job, &targets->cancel);
        action->request.method = METHOD_PATCH;
        client->migration.cancelled_us = client->due_us;
        break;
    case PHASE_START:
    case PHASE_DONE:
        action->starts_job = true;
        action->job = plan->to_job;
        action->path = client->path;
        client->step = PHASE_DONE;
        break;
    }
    client->asked = action->starts_job ? 0 : action->request.id;
    client_schedule(clients, client, INT64_MAX);
}

/* The decision as it is told and acted upon, which outlives the answer. */
static bool keep_choice(struct client *client, const struct client_decision *decision)
{
    struct client_choice *choice = &client->model->choice;
    if (decision->kind == DECIDED_PATH) {
        client->path = text_copy(decision->path);
        if (!client->path)
            return false;
    }
    choice->decision = *decision;
    choice->decision.path = client->path;
    client->migration.decided = decision->kind != DECIDED_REFUSE;
    client->migration.chosen_checkpoint = decision->checkpoint;
    return true;
}

static int64_t trigger_of(const struct client_memory *memory, const struct observation *seen,
                          int64_t checkpoint)
{
    if (seen && seen->has_latest_completed && seen->latest_completed.id == checkpoint)
        return seen->latest_completed.trigger_ms;
    if (seen && seen->has_latest_savepoint && seen->latest_savepoint.id == checkpoint)
        return seen->latest_savepoint.trigger_ms;
    return memory->checkpoint == checkpoint ? memory->trigger_ms : 0;
}

static bool decide(struct client *client, enum client_model model,
                   const struct client_answer *answer)
{
    const struct client_plan *plan = client->plan;
    const int64_t max_age_ms = plan->max_age_us / 1000;
    struct client_decision decision;
    client_model_decide(model, answer, &client->model->memory, max_age_ms, &decision);
    if (!keep_choice(client, &decision))
        return false;
    client->migration.chosen_trigger_ms =
        trigger_of(&client->model->memory, answer->seen, decision.checkpoint);
    client->model->choice.request = client->asked;
    client->model->choice.grounds = client_answer_grounds(answer);
    client->model->choice.now_ms = answer->now_ms;
    client->model->choice.max_age_ms = max_age_ms;
    client->model->choice.to_job = plan->to_job;
    return true;
}

static bool read_answered(struct clients *clients, struct client *client, int64_t now_us,
                          uint64_t request, int status, const struct observation *seen)
{
    const struct client_answer answer = {
        .status = status, .seen = seen, .now_ms = (clients->epoch_us + now_us) / 1000};
    const enum client_model model = model_of(clients, client);
    if (!client_model_watch(model, &answer, &client->model->memory))
        return false;
    if (request != client->asked)
        return true;
    if (!decide(client, model, &answer))
        return false;
    client->asked = 0;
    client->step = PHASE_DECIDE;
    client_schedule(clients, client, now_us);
    return true;
}

static bool answered(struct clients *clients, struct client *client, int64_t now_us,
                     uint64_t request, int status, const struct observation *seen)
{
    if (client->step < PHASE_DECIDE)
        return read_answered(clients, client, now_us, request, status, seen);
    if (request != client->asked || client->step != PHASE_CANCEL)
        return true; /* a watch whose answer came too late to matter */
    client->asked = 0;
    client->step = PHASE_START;
    client_schedule(clients, client, now_us + REACTION_US);
    return true;
}

const struct client_behaviour model_migration_behaviour = {
    .start = start,
    .act = act,
    .answered = answered,
};
