#include "harness/clients/targets.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/memory.h"

struct target target_of(const char *text)
{
    return (struct target){.text = text, .length = text ? strlen(text) : 0};
}

struct buffer *target_begin(struct targets *targets)
{
    buffer_clear(&targets->draft);
    return &targets->draft;
}

struct target target_end(struct targets *targets)
{
    const struct buffer *draft = &targets->draft;
    return target_of(draft->failed ? NULL
                                   : arena_text(targets->texts, draft->bytes, draft->length));
}

static struct target job_target(struct targets *targets, const char *id, const char *rest)
{
    struct buffer *target = target_begin(targets);
    buffer_text(target, "/jobs/");
    buffer_text(target, id);
    buffer_text(target, rest);
    return target_end(targets);
}

static bool make_job(struct targets *targets, const struct job_plan *job, struct job_targets *made)
{
    char id[ID_DIGITS + 1];
    id_format(job->id, id);
    made->job = job_target(targets, id, "");
    made->statistics = job_target(targets, id, "/checkpoints");
    made->config = job_target(targets, id, "/checkpoints/config");
    made->cancel = job_target(targets, id, "?mode=cancel");
    return made->job.text && made->statistics.text && made->config.text && made->cancel.text;
}

static struct target details_target(struct targets *targets, const struct plan *plan,
                                    const struct client_step *step)
{
    const struct job_plan *job = &plan->jobs[step->job];
    char id[ID_DIGITS + 1];
    char vertex[ID_DIGITS + 1];
    struct buffer *target = target_begin(targets);
    id_format(job->id, id);
    buffer_text(target, "/jobs/");
    buffer_text(target, id);
    buffer_text(target, "/checkpoints/details/");
    buffer_int64(target, step->checkpoint);
    if (step->kind == STEP_GET_SUBTASKS && job->vertex_count > 0) {
        id_format(job->vertices[0].id, vertex);
        buffer_text(target, "/subtasks/");
        buffer_text(target, vertex);
    }
    return target_end(targets);
}

static bool make_steps(struct targets *targets, const struct plan *plan)
{
    size_t next = 0;
    for (size_t i = 0; i < plan->client_count; i++) {
        targets->first_step[i] = next;
        for (size_t j = 0; j < plan->clients[i].step_count; j++, next++) {
            const struct client_step *step = &plan->clients[i].steps[j];
            if (step->kind != STEP_GET_DETAILS && step->kind != STEP_GET_SUBTASKS)
                continue;
            targets->steps[next] = details_target(targets, plan, step);
            if (!targets->steps[next].text)
                return false;
        }
    }
    return true;
}

bool targets_make(struct targets *targets, const struct plan *plan)
{
    size_t step_count = 0;
    for (size_t i = 0; i < plan->client_count; i++)
        step_count += plan->clients[i].step_count;
    targets->texts = arena_new();
    targets->jobs = memory_zeroed(plan->job_count + 1, sizeof *targets->jobs);
    targets->steps = memory_zeroed(step_count + 1, sizeof *targets->steps);
    targets->first_step = memory_zeroed(plan->client_count + 1, sizeof *targets->first_step);
    if (!targets->texts || !targets->jobs || !targets->steps || !targets->first_step)
        return false;
    for (size_t i = 0; i < plan->job_count; i++) {
        if (!make_job(targets, &plan->jobs[i], &targets->jobs[i]))
            return false;
    }
    return make_steps(targets, plan);
}

void targets_free(struct targets *targets)
{
    free(targets->jobs);
    free(targets->steps);
    free(targets->first_step);
    arena_free(targets->texts);
    buffer_free(&targets->draft);
    *targets = (struct targets){0};
}
