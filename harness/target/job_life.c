#include "harness/target/job_life.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/duration.h"
#include "base/json_writer.h"

void job_life_read(const struct plan *plan, size_t job, struct job_life *life)
{
    *life = (struct job_life){plan->jobs[job].exists_at_start ? 0 : INT64_MAX, INT64_MAX, INT64_MAX,
                              INT64_MAX};
    for (size_t i = plan->event_count; i-- > 0;) {
        const struct job_event *event = &plan->events[i];
        if (event->job != job)
            continue;
        if (event->kind == JOB_EVENT_FINISHES)
            life->finishes_us = event->at_us;
        else if (event->kind == JOB_EVENT_RESTARTS)
            life->restarts_us = event->at_us;
        else if (event->kind == JOB_EVENT_IS_CANCELLED)
            life->cancelled_us = event->at_us;
        else if (!plan->jobs[job].exists_at_start)
            life->starts_us = event->at_us; /* INITIALIZES or RUNS: the first counts */
    }
}

/* --- what is the scenario's own -------------------------------------------------------------- */

static bool tell(struct buffer *what, const char *job, const char *does, int64_t at_us)
{
    buffer_printf(what, "%s %s", job, does);
    if (at_us != INT64_MAX) {
        buffer_text(what, " at ");
        duration_print(what, at_us);
    }
    return true;
}

static bool has_own_life(const struct plan *plan, size_t job, struct buffer *what)
{
    struct job_life life;
    const char *name = plan->jobs[job].name;
    job_life_read(plan, job, &life);
    if (life.starts_us > 0)
        return tell(what, name, "is started", life.starts_us);
    if (life.restarts_us != INT64_MAX)
        return tell(what, name, "restarts", life.restarts_us);
    if (life.finishes_us != INT64_MAX)
        return tell(what, name, "finishes", life.finishes_us);
    if (life.cancelled_us != INT64_MAX)
        return tell(what, name, "is cancelled", life.cancelled_us);
    return false;
}

static bool client_needs_own(const struct plan *plan, const struct client_plan *client,
                             struct buffer *what)
{
    if (client->kind == CLIENT_MIGRATION)
        return tell(what, plan->jobs[client->job].name, "is moved", client->from_us);
    for (size_t i = 0; i < client->step_count; i++) {
        const struct client_step *step = &client->steps[i];
        if (step->kind == STEP_CANCEL)
            return tell(what, plan->jobs[step->job].name, "is cancelled", step->at_us);
        if (step->kind == STEP_GET_DETAILS)
            return tell(what, plan->jobs[step->job].name, "has a checkpoint of a given number",
                        INT64_MAX);
    }
    return false;
}

bool job_life_is_own(const struct plan *plan, struct buffer *what)
{
    for (size_t i = 0; i < plan->job_count; i++)
        if (has_own_life(plan, i, what))
            return true;
    for (size_t i = 0; i < plan->client_count; i++)
        if (client_needs_own(plan, &plan->clients[i], what))
            return true;
    return false;
}

/* What a scenario has that does not speak of it: nothing that a disk should be made busy for. */
enum { USUAL_STATE_SIZE = 1000 * 1000 };

/* --- starting it --------------------------------------------------------------------------- */

static void argument(struct json_writer *json, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    json_text(json, name);
    json_text(json, text);
}

/* Of a job's own times; the least that counts is 1 ms. */
static int64_t ms_after(int64_t at_us, int64_t start_us)
{
    const int64_t after_ms = (at_us - (start_us == INT64_MAX ? 0 : start_us)) / 1000;
    return after_ms > 0 ? after_ms : 1;
}

void job_life_order(const struct plan *plan, size_t job, struct id id, const char *path,
                    struct buffer *out)
{
    const struct job_plan *const its = &plan->jobs[job];
    struct job_life life;
    struct json_writer json = {.out = out};
    char digits[ID_DIGITS + 1];
    id_format(id, digits);
    job_life_read(plan, job, &life);
    json_begin_object(&json);
    json_member_text(&json, "jobId", digits);
    if (path)
        json_member_text(&json, "savepointPath", path);
    json_member_array(&json, "programArgsList");
    argument(&json, "--interval-ms", its->rhythm.interval_us / 1000);
    argument(&json, "--snapshot-ms", its->rhythm.takes_us / 1000);
    if (its->state_size != USUAL_STATE_SIZE)
        argument(&json, "--state-bytes", its->state_size);
    if (life.restarts_us != INT64_MAX)
        argument(&json, "--restart-after-ms", ms_after(life.restarts_us, life.starts_us));
    if (life.finishes_us != INT64_MAX)
        argument(&json, "--finish-after-ms", ms_after(life.finishes_us, life.starts_us));
    json_text(&json, "--name");
    json_text(&json, its->name);
    json_end_array(&json);
    json_end_object(&json);
}
