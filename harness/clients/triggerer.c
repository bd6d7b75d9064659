#include <stdio.h>

#include "harness/clients/clients_internal.h"

/*
 * Read your own checkpoint, again and again: trigger one, ask for its status until it is done, read
 * the statistics at once. What the status said is proof: the read that follows must show it.
 */
enum phase { PHASE_TRIGGER, PHASE_STATUS, PHASE_READ };

/* Between two looks at the status: a tenth of the time that it took so far, so that a checkpoint of
 * minutes is not asked about ten thousand times. */
enum { LOOK_LEAST_US = 10000, LOOK_MOST_US = 1000000, LOOK_PART = 10 };

static bool start(struct clients *clients, struct client *client)
{
    const struct client_plan *plan = client->plan;
    client->trigger = arena_zeroed(clients->targets.texts, 1, sizeof *client->trigger);
    if (!client->trigger)
        return false;
    client->step = PHASE_TRIGGER;
    client->round_us = plan->from_us;
    client_schedule(clients, client, plan->from_us < plan->until_us ? client->round_us : INT64_MAX);
    return true;
}

/* The next round; those that went by while the last one lasted are left out. */
static void begin_round(struct clients *clients, struct client *client, int64_t now_us)
{
    const struct client_plan *plan = client->plan;
    client->step = PHASE_TRIGGER;
    client->round_us += plan->every_us;
    if (client->round_us < now_us)
        client->round_us += (now_us - client->round_us) / plan->every_us * plan->every_us;
    const int64_t due_us = client->round_us > now_us ? client->round_us : now_us;
    client_schedule(clients, client, due_us < plan->until_us ? due_us : INT64_MAX);
}

/* The client chooses the id. A JobManager that knows it already would trigger nothing, so another
 * run needs another seed. Source: Flink TriggerCheckpointRequestBody (triggerId). */
static void write_texts(struct clients *clients, struct client *client)
{
    const struct id id = {random_next(&client->random), random_next(&client->random)};
    struct trigger_texts *texts = client->trigger;
    char digits[ID_DIGITS + 1];
    id_format(id, digits);
    snprintf(texts->body, sizeof texts->body, "{\"triggerId\":\"%s\"}", digits);
    snprintf(texts->status, sizeof texts->status, "%s/%s",
             clients->targets.jobs[client->plan->job].statistics.text, digits);
    texts->sent_us = client->due_us;
}

static void act(struct clients *clients, struct client *client)
{
    struct client_action *action = &client->action;
    const size_t job = client->plan->job;
    const struct target *statistics = &clients->targets.jobs[job].statistics;
    const struct target status = target_of(client->trigger->status);
    client_begin(client);
    if (client->step == PHASE_TRIGGER) {
        write_texts(clients, client);
        client_aim(action, PATH_TRIGGER, job, statistics);
        client_post(action, client->trigger->body);
    } else if (client->step == PHASE_STATUS) {
        client_aim(action, PATH_TRIGGER_STATUS, job, &status);
    } else {
        client_aim(action, PATH_STATISTICS, job, statistics);
    }
    client->asked = action->request.id;
    client_schedule(clients, client, INT64_MAX);
}

static int64_t next_look_us(const struct client *client, int64_t now_us)
{
    const int64_t part_us = (now_us - client->trigger->sent_us) / LOOK_PART;
    const int64_t pause_us = part_us > LOOK_LEAST_US ? part_us : LOOK_LEAST_US;
    return now_us + (pause_us < LOOK_MOST_US ? pause_us : LOOK_MOST_US);
}

/* Whatever goes wrong ends the round. */
static bool answered(struct clients *clients, struct client *client, int64_t now_us,
                     uint64_t request, int status, const struct observation *seen)
{
    if (request != client->asked)
        return true;
    client->asked = 0;
    const bool is_fine = status >= 200 && status < 300;
    const bool is_done = seen && seen->kind == OBSERVED_TRIGGER_STATUS && seen->trigger_done;
    if (!is_fine || client->step == PHASE_READ || (client->step == PHASE_STATUS && !seen)) {
        begin_round(clients, client, now_us);
    } else if (client->step == PHASE_STATUS && is_done) {
        client->step = PHASE_READ;
        client_schedule(clients, client, now_us + REACTION_US);
    } else {
        client->step = PHASE_STATUS;
        client_schedule(clients, client, next_look_us(client, now_us));
    }
    return true;
}

const struct client_behaviour triggerer_behaviour = {
    .start = start,
    .act = act,
    .answered = answered,
};
