#include "harness/clients/clients_internal.h"

/*
 * Flink's dashboard with a job's page open. Source: reference section 8 (web-dashboard): GET
 * config once at boot; every refresh interval the job. The overview page's two requests are sent
 * along with it, as a second browser tab would. The checkpoints tab opens once the job is there,
 * and loads statistics and configuration once.
 */
enum part { PART_BOOT, PART_OVERVIEW, PART_JOBS, PART_JOB, PART_TAB_STATISTICS, PART_TAB_CONFIG };

static bool start(struct clients *clients, struct client *client)
{
    client->step = PART_BOOT;
    client->round_us = client->plan->from_us;
    client_schedule(clients, client,
                    client->plan->from_us < client->plan->until_us ? client->round_us : INT64_MAX);
    return true;
}

static int64_t interval_us(const struct clients *clients, const struct client *client)
{
    return client->plan->every_us > 0 ? client->plan->every_us
                                      : clients->plan->settings.refresh_interval_us;
}

#define FIXED(literal)                                 \
    {                                                  \
        .text = literal, .length = sizeof(literal) - 1 \
    }

static void aim(const struct clients *clients, struct client *client)
{
    struct client_action *action = &client->action;
    const size_t job = client->plan->job;
    static const struct target config = FIXED("/config");
    static const struct target overview = FIXED("/overview");
    static const struct target jobs_overview = FIXED("/jobs/overview");
    const struct job_targets *targets = &clients->targets.jobs[job];
    switch ((enum part)client->step) {
    case PART_BOOT:
        client_aim(action, PATH_OTHER, SIZE_MAX, &config);
        break;
    case PART_TAB_STATISTICS:
        client_aim(action, PATH_STATISTICS, job, &targets->statistics);
        break;
    case PART_TAB_CONFIG:
        client_aim(action, PATH_CONFIG, job, &targets->config);
        break;
    case PART_OVERVIEW:
        client_aim(action, PATH_OTHER, SIZE_MAX, &overview);
        break;
    case PART_JOBS:
        client_aim(action, PATH_OTHER, SIZE_MAX, &jobs_overview);
        break;
    case PART_JOB:
        client_aim(action, PATH_JOB, job, &targets->job);
        break;
    }
}

static void act(struct clients *clients, struct client *client)
{
    aim(clients, client);
    const size_t last = client->round_us == client->plan->from_us ? PART_TAB_CONFIG : PART_JOB;
    if (client->step < last) {
        client->step++;
    } else {
        client->step = PART_OVERVIEW;
        client->round_us += interval_us(clients, client);
    }
    client_schedule(clients, client,
                    client->round_us < client->plan->until_us ? client->round_us : INT64_MAX);
}

const struct client_behaviour dashboard_behaviour = {.start = start, .act = act};
