#include <stdlib.h>

#include "base/text.h"
#include "harness/clients/clients_internal.h"

/*
 * The program of FLINK-32469: read the latest completed checkpoint, cancel the job, start it
 * elsewhere from that checkpoint's path. Like most scripts it trusts what it reads.
 */
enum phase { PHASE_READ, PHASE_CANCEL, PHASE_START, PHASE_DONE };

static bool start(struct clients *clients, struct client *client)
{
    client->step = PHASE_READ;
    client_schedule(clients, client, client->plan->from_us);
    return true;
}

static void act(struct clients *clients, struct client *client)
{
    const struct client_plan *plan = client->plan;
    struct client_action *action = &client->action;
    client_begin(client);
    if (client->step == PHASE_READ) {
        client_aim(action, PATH_STATISTICS, plan->job,
                   &clients->targets.jobs[plan->job].statistics);
        client->asked = action->request.id;
    } else if (client->step == PHASE_CANCEL) {
        client_aim(action, PATH_OTHER, plan->job, &clients->targets.jobs[plan->job].cancel);
        action->request.method = METHOD_PATCH;
        client->asked = action->request.id;
        client->migration.cancelled_us = client->due_us;
    } else {
        action->starts_job = true;
        action->job = plan->to_job;
        action->path = client->path;
        client->step = PHASE_DONE;
    }
    client_schedule(clients, client, INT64_MAX);
}

static bool decide(struct client *client, int status, const struct observation *seen)
{
    struct migration_result *migration = &client->migration;
    if (status != 200 || !seen || seen->kind != OBSERVED_STATISTICS)
        return true; /* no answer to act on: it gives up and leaves the job alone */
    migration->decided = true;
    if (!seen->has_latest_completed || !seen->latest_completed.path)
        return true;
    migration->chosen_checkpoint = seen->latest_completed.id;
    migration->chosen_trigger_ms = seen->latest_completed.trigger_ms;
    client->path = text_copy(seen->latest_completed.path);
    return client->path != NULL;
}

static bool answered(struct clients *clients, struct client *client, int64_t now_us,
                     uint64_t request, int status, const struct observation *seen)
{
    if (request != client->asked || client->step == PHASE_DONE)
        return true;
    client->asked = 0;
    if (client->step == PHASE_READ && !decide(client, status, seen))
        return false;
    const bool goes_on = client->step == PHASE_CANCEL || client->migration.decided;
    client->step = goes_on ? client->step + 1 : PHASE_DONE;
    if (goes_on)
        client_schedule(clients, client, now_us + REACTION_US);
    return true;
}

const struct client_behaviour migration_behaviour = {
    .start = start,
    .act = act,
    .answered = answered,
};
