#include "harness/clients/clients_internal.h"

static int64_t next_round_us(struct client *client)
{
    const struct client_plan *plan = client->plan;
    for (;;) {
        client->round_us += plan->every_us;
        if (client->round_us >= plan->until_us)
            return INT64_MAX;
        /* Jitter moves one poll and not those after it, so the rate stays what the plan says. One
         * that is moved past the end is not sent. */
        const int64_t jitter_us =
            plan->jitter_us > 0 ? random_between(&client->random, 0, plan->jitter_us) : 0;
        const int64_t due_us = client->round_us + jitter_us;
        if (due_us < plan->until_us)
            return due_us > client->due_us ? due_us : client->due_us; /* never before this one */
    }
}

static bool start(struct clients *clients, struct client *client)
{
    client->round_us = client->plan->from_us;
    client_schedule(clients, client,
                    client->plan->from_us < client->plan->until_us ? client->round_us : INT64_MAX);
    return true;
}

static void act(struct clients *clients, struct client *client, struct client_action *action)
{
    client_fill(clients, client, NULL, action);
    client_aim(action, PATH_STATISTICS, client->plan->job,
               &clients->targets.jobs[client->plan->job].statistics);
    client_schedule(clients, client, next_round_us(client));
}

const struct client_behaviour poller_behaviour = {.start = start, .act = act};
