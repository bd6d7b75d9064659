#include "harness/clients/targets.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/id.h"

const char *texts_keep(struct texts *texts, char *text)
{
    if (!text)
        return NULL;
    if (texts->count == texts->capacity) {
        const size_t capacity = texts->capacity ? 2 * texts->capacity : 8;
        char **items = realloc(texts->items, capacity * sizeof *items);
        if (!items) {
            free(text);
            return NULL;
        }
        texts->items = items;
        texts->capacity = capacity;
    }
    texts->items[texts->count++] = text;
    return text;
}

void texts_free(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    free(texts->items);
    *texts = (struct texts){0};
}

struct target target_of(const char *text)
{
    return (struct target){.text = text, .length = text ? strlen(text) : 0};
}

static struct target job_target(struct targets *targets, const char *id, const char *rest)
{
    struct buffer target = {0};
    buffer_text(&target, "/jobs/");
    buffer_text(&target, id);
    buffer_text(&target, rest);
    return target_of(texts_keep(&targets->texts, buffer_take(&target)));
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
    struct buffer target = {0};
    id_format(job->id, id);
    buffer_text(&target, "/jobs/");
    buffer_text(&target, id);
    buffer_text(&target, "/checkpoints/details/");
    buffer_int64(&target, step->checkpoint);
    if (step->kind == STEP_GET_SUBTASKS && job->vertex_count > 0) {
        id_format(job->vertices[0].id, vertex);
        buffer_text(&target, "/subtasks/");
        buffer_text(&target, vertex);
    }
    return target_of(texts_keep(&targets->texts, buffer_take(&target)));
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
    targets->jobs = calloc(plan->job_count + 1, sizeof *targets->jobs);
    targets->steps = calloc(step_count + 1, sizeof *targets->steps);
    targets->first_step = calloc(plan->client_count + 1, sizeof *targets->first_step);
    if (!targets->jobs || !targets->steps || !targets->first_step)
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
    texts_free(&targets->texts);
    *targets = (struct targets){0};
}
