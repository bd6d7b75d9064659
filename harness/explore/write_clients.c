#include "harness/explore/write_internal.h"

#include <inttypes.h>
#include <string.h>

/* --- scripted ------------------------------------------------------------------------------- */

/* %s is the job. */
static const char *const phrases[] = {
    [STEP_GET_STATISTICS] = "checkpoint statistics of %s",
    [STEP_GET_CONFIG] = "checkpoint configuration of %s",
    [STEP_GET_JOB] = "job %s",
    [STEP_TRIGGER] = "trigger a checkpoint of %s",
    [STEP_TRIGGER_STATUS] = "trigger status of %s",
    [STEP_AWAIT_TRIGGER] = "await the trigger of %s, then read",
    [STEP_CANCEL] = "cancel %s",
};

/* The path with the job's name in the place of its id, as scenarios have it. */
static void write_target(const struct plan *plan, const struct client_step *step,
                         struct buffer *out)
{
    char digits[ID_DIGITS + 1];
    const char *found = NULL;
    if (step->job < plan->job_count) {
        id_format(plan->jobs[step->job].id, digits);
        found = strstr(step->target, digits);
    }
    if (!found) {
        buffer_text(out, step->target);
        return;
    }
    buffer_append(out, step->target, (size_t)(found - step->target));
    buffer_text(out, plan->jobs[step->job].name);
    buffer_text(out, found + ID_DIGITS);
}

static void write_step(const struct plan *plan, const struct client_step *step, struct buffer *out)
{
    const char *job = step->job < plan->job_count ? plan->jobs[step->job].name : "";
    switch (step->kind) {
    case STEP_GET_DETAILS:
    case STEP_GET_SUBTASKS:
        buffer_printf(out, "%s of checkpoint %" PRId64 " of %s",
                      step->kind == STEP_GET_DETAILS ? "details" : "subtasks", step->checkpoint,
                      job);
        break;
    case STEP_GET_OVERVIEW:
    case STEP_GET_JOBS:
        buffer_text(out, step->kind == STEP_GET_JOBS ? "jobs" : "overview");
        break;
    case STEP_GET_TARGET:
    case STEP_POST_TARGET:
        buffer_text(out, "GET ");
        write_target(plan, step, out);
        break;
    case STEP_GET_STATISTICS:
    case STEP_GET_CONFIG:
    case STEP_GET_JOB:
    case STEP_TRIGGER:
    case STEP_TRIGGER_STATUS:
    case STEP_AWAIT_TRIGGER:
    case STEP_CANCEL:
        buffer_printf(out, phrases[step->kind], job);
        break;
    }
    if (step->cache_control)
        buffer_printf(out, " with %s", step->cache_control);
    buffer_char(out, '\n');
}

static void write_steps(const struct plan *plan, const struct client_plan *client,
                        struct buffer *out)
{
    int64_t last_us = -1;
    for (size_t i = 0; i < client->step_count; i++) {
        write_at(client->steps[i].at_us, &last_us, out);
        write_step(plan, &client->steps[i], out);
    }
}

/* --- the others ----------------------------------------------------------------------------- */

static void write_time_of(const char *key, int64_t us, struct buffer *out)
{
    buffer_printf(out, "    %s: ", key);
    write_time(us, out);
    buffer_char(out, '\n');
}

static void write_span(const struct client_plan *client, struct buffer *out)
{
    if (client->every_us > 0)
        write_time_of("every", client->every_us, out);
    write_time_of("from", client->from_us, out);
    write_time_of("until", client->until_us, out);
}

static void write_shares(const unsigned shares[POLLED_COUNT], struct buffer *out)
{
    static const char *const names[POLLED_COUNT] = {
        [POLLED_STATISTICS] = "statistics",
        [POLLED_DETAILS] = "details",
        [POLLED_JOB] = "job",
        [POLLED_CONFIG] = "configuration",
    };
    size_t count = 0;
    for (size_t i = 0; i < POLLED_COUNT; i++)
        if (shares[i] > 0)
            buffer_printf(out, "%s%s: %u", count++ > 0 ? ", " : "    asks: {", names[i], shares[i]);
    if (count > 0)
        buffer_text(out, "}\n");
}

static void write_model(const struct client_plan *client, struct buffer *out)
{
    size_t count;
    if (client->model == CLIENT_MODEL_NONE)
        return;
    buffer_printf(out, "    as: %s\n", client_model_names(&count)[client->model - 1]);
    if (client->watch_every_us > 0)
        write_time_of("watches every", client->watch_every_us, out);
    if (client->max_age_us > 0)
        write_time_of("max age", client->max_age_us, out);
}

static void write_client(const struct plan *plan, const struct client_plan *client,
                         struct buffer *out)
{
    const char *job = plan->jobs[client->job].name;
    buffer_printf(out, "  %s:\n", client->name);
    if (client->count > 1)
        buffer_printf(out, "    count: %zu\n", client->count);
    if (client->cache_control)
        buffer_printf(out, "    cache-control: %s\n", client->cache_control);
    switch (client->kind) {
    case CLIENT_SCRIPTED:
        write_steps(plan, client, out);
        break;
    case CLIENT_POLLER:
        buffer_printf(out, "    polls: %s\n", job);
        write_time_of("jitter", client->jitter_us, out);
        write_shares(client->shares, out);
        write_span(client, out);
        break;
    case CLIENT_DASHBOARD:
        buffer_printf(out, "    dashboard: %s\n", job);
        write_span(client, out);
        break;
    case CLIENT_MIGRATION:
        buffer_printf(out, "    migrates: %s\n    to: %s\n", job, plan->jobs[client->to_job].name);
        write_time_of("at", client->from_us, out);
        write_model(client, out);
        break;
    case CLIENT_TRIGGERER: /* no scenario has it */
        break;
    }
}

void write_clients(const struct plan *plan, struct buffer *out)
{
    buffer_text(out, "clients:\n");
    for (size_t i = 0; i < plan->client_count; i++)
        write_client(plan, &plan->clients[i], out);
}
