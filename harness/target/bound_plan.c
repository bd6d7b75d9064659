#include "harness/target/bound_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "harness/target/job_life.h"

static const char caller_name[] = "caller";

static size_t step_count_of(const struct plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->client_count; i++)
        count += plan->clients[i].step_count;
    return count;
}

/* A start and an end of each job at most; each text is a target or a body. */
static bool lay_out(struct bound_plan *bound)
{
    const struct plan *plan = &bound->plan;
    const size_t step_count = step_count_of(plan) + 2 * plan->job_count;
    bound->jobs = calloc(plan->job_count + 1, sizeof *bound->jobs);
    bound->clients = calloc(plan->client_count + 1, sizeof *bound->clients);
    bound->steps = calloc(step_count + 1, sizeof *bound->steps);
    bound->texts = calloc(2 * step_count + 1, sizeof *bound->texts);
    return bound->jobs && bound->clients && bound->steps && bound->texts;
}

/* Takes over what a buffer holds; NULL: out of memory. */
static const char *keep(struct bound_plan *bound, struct buffer *text)
{
    char *taken = buffer_take(text);
    if (taken)
        bound->texts[bound->text_count++] = taken;
    return taken;
}

/* A path as a scenario has it, with the ids of its jobs, under the ids that they have here. */
static const char *translate(struct bound_plan *bound, const struct plan *plan, const char *target)
{
    struct buffer text = {0};
    while (*target) {
        struct id id;
        size_t job = plan->job_count;
        if (id_parse(target, strnlen(target, ID_DIGITS), &id))
            for (job = 0; job < plan->job_count && !id_equal(plan->jobs[job].id, id);)
                job++;
        if (job == plan->job_count) {
            buffer_char(&text, *target++);
            continue;
        }
        char digits[ID_DIGITS + 1];
        id_format(bound->jobs[job].id, digits);
        buffer_text(&text, digits);
        target += ID_DIGITS;
    }
    return keep(bound, &text);
}

static bool copy_steps(struct bound_plan *bound, const struct plan *plan, size_t client,
                       struct client_step *steps)
{
    const struct client_plan *from = &plan->clients[client];
    for (size_t i = 0; i < from->step_count; i++) {
        steps[i] = from->steps[i];
        if (!steps[i].target)
            continue;
        steps[i].target = translate(bound, plan, steps[i].target);
        if (!steps[i].target)
            return false;
    }
    bound->clients[client].steps = steps;
    return true;
}

static bool add_start(struct bound_plan *bound, const struct plan *plan, size_t job,
                      const struct job_life *life, const char *jar, struct client_step *step)
{
    struct buffer target = {0}, body = {0};
    buffer_printf(&target, "%s/run", jar);
    job_life_order(plan, job, bound->jobs[job].id, NULL, &body);
    *step = (struct client_step){.at_us = life->starts_us,
                                 .kind = STEP_POST_TARGET,
                                 .job = SIZE_MAX,
                                 .target = keep(bound, &target),
                                 .body = keep(bound, &body)};
    return step->target && step->body;
}

static int by_time(const void *left, const void *right)
{
    const struct client_step *a = left, *b = right;
    return a->at_us < b->at_us ? -1 : a->at_us > b->at_us;
}

/* The client who does what jobs cannot do by themselves. */
static bool add_caller(struct bound_plan *bound, const struct plan *plan, const char *jar,
                       struct client_step *steps)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->job_count; i++) {
        struct job_life life;
        job_life_read(plan, i, &life);
        if (life.starts_us > 0 && life.starts_us != INT64_MAX &&
            !add_start(bound, plan, i, &life, jar, &steps[count++]))
            return false;
        if (life.cancelled_us != INT64_MAX)
            steps[count++] =
                (struct client_step){.at_us = life.cancelled_us, .kind = STEP_CANCEL, .job = i};
    }
    qsort(steps, count, sizeof *steps, by_time);
    bound->clients[bound->plan.client_count] = (struct client_plan){.name = caller_name,
                                                                    .kind = CLIENT_SCRIPTED,
                                                                    .count = 1,
                                                                    .steps = steps,
                                                                    .step_count = count};
    bound->plan.client_count += count > 0;
    return true;
}

bool bound_plan_make(struct bound_plan *bound, const struct plan *plan, const struct id *ids,
                     const char *jar)
{
    *bound = (struct bound_plan){.plan = *plan};
    if (!lay_out(bound))
        return false;
    for (size_t i = 0; i < plan->job_count; i++) {
        bound->jobs[i] = plan->jobs[i];
        bound->jobs[i].id = ids[i];
    }
    struct client_step *steps = bound->steps;
    for (size_t i = 0; i < plan->client_count; i++) {
        bound->clients[i] = plan->clients[i];
        if (!copy_steps(bound, plan, i, steps))
            return false;
        steps += plan->clients[i].step_count;
    }
    bound->plan.jobs = bound->jobs;
    bound->plan.clients = bound->clients;
    return !jar || add_caller(bound, plan, jar, steps);
}

void bound_plan_free(struct bound_plan *bound)
{
    for (size_t i = 0; i < bound->text_count; i++)
        free(bound->texts[i]);
    free(bound->texts);
    free(bound->jobs);
    free(bound->clients);
    free(bound->steps);
    *bound = (struct bound_plan){0};
}
