#include "base/buffer.h"
#include "harness/clients/clients_internal.h"

/* A program that was kept from running for longer than this leaves out the rounds that it missed:
 * asking them all at once would be a load that nobody meant. */
enum { MISSED_MAX_US = 1000000 };

static void leave_out_missed(const struct clients *clients, struct client *client)
{
    const int64_t late_us = clients->now_us - client->due_us;
    if (late_us > MISSED_MAX_US)
        client->round_us += late_us / client->plan->every_us * client->plan->every_us;
}

static int64_t step_us(struct client *client)
{
    const struct client_plan *plan = client->plan;
    if (!plan->at_random)
        return plan->every_us;
    return (int64_t)random_exponential(&client->random, (double)plan->every_us);
}

static int64_t next_round_us(struct client *client)
{
    const struct client_plan *plan = client->plan;
    for (;;) {
        client->round_us += step_us(client);
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
    for (size_t i = 0; i < POLLED_COUNT; i++)
        client->share_sum += client->plan->shares[i];
    client->hears = client->plan->shares[POLLED_DETAILS] > 0;
    client->round_us = client->plan->from_us;
    client_schedule(clients, client,
                    client->plan->from_us < client->plan->until_us ? client->round_us : INT64_MAX);
    return true;
}

/* What to ask this time. Nothing is drawn where there is nothing to choose. */
static enum polled choose(struct client *client)
{
    const unsigned *shares = client->plan->shares;
    if (client->share_sum == (int64_t)shares[POLLED_STATISTICS])
        return POLLED_STATISTICS;
    int64_t drawn = random_between(&client->random, 0, client->share_sum - 1);
    size_t chosen = 0;
    while (drawn >= (int64_t)shares[chosen])
        drawn -= (int64_t)shares[chosen++];
    return (enum polled)chosen;
}

static void aim(const struct clients *clients, struct client *client, enum polled polled)
{
    struct client_action *action = &client->action;
    const size_t job = client->plan->job;
    const struct job_targets *targets = &clients->targets.jobs[job];
    action->checkpoint = 0;
    switch (polled) {
    case POLLED_DETAILS:
        if (client->details.text) {
            client_aim(action, PATH_DETAILS, job, &client->details);
            action->checkpoint = client->shown;
            return;
        }
        break;
    case POLLED_JOB:
        client_aim(action, PATH_JOB, job, &targets->job);
        return;
    case POLLED_CONFIG:
        client_aim(action, PATH_CONFIG, job, &targets->config);
        return;
    case POLLED_STATISTICS:
    case POLLED_COUNT:
        break;
    }
    client_aim(action, PATH_STATISTICS, job, &targets->statistics);
}

static void act(struct clients *clients, struct client *client)
{
    aim(clients, client, choose(client));
    leave_out_missed(clients, client);
    client_schedule(clients, client, next_round_us(client));
}

/* The newest checkpoint of an answer; 0: it shows none. */
static int64_t newest_shown(const struct observation *seen)
{
    if (!seen || seen->kind != OBSERVED_STATISTICS)
        return 0;
    if (seen->history_count > 0)
        return seen->history[0].id;
    return seen->has_latest_completed ? seen->latest_completed.id : 0;
}

/* Of those who ask for details: remembers what to ask about. The text stays, as others may be under
 * way with it. */
static bool answered(struct clients *clients, struct client *client, int64_t now_us,
                     uint64_t request, int status, const struct observation *seen)
{
    (void)now_us;
    (void)request;
    (void)status;
    const int64_t newest = newest_shown(seen);
    if (newest <= client->shown)
        return true;
    struct buffer *target = target_begin(&clients->targets);
    buffer_text(target, clients->targets.jobs[client->plan->job].statistics.text);
    buffer_text(target, "/details/");
    buffer_int64(target, newest);
    const struct target details = target_end(&clients->targets);
    if (!details.text)
        return false;
    client->details = details;
    client->shown = newest;
    return true;
}

const struct client_behaviour poller_behaviour = {
    .start = start,
    .act = act,
    .answered = answered,
};
