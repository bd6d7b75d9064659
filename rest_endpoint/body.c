#include "rest_endpoint/body_internal.h"

#include <stdlib.h>

#include "rest_endpoint/render.h"

struct body {
    uint32_t references;
    uint64_t serial;
    struct body *next; /* in the list that it belongs to, if any */
    struct body_source source;
    struct endpoint_wire wire; /* a copy: bodies outlive their endpoint */
    char *bytes;               /* NULL before it is written */
    size_t length;
};

static struct body *allocate(struct body_maker *maker, const struct body_source *source)
{
    struct body *body = malloc(sizeof(*body));
    if (!body)
        return NULL;
    *body = (struct body){
        .references = 1, .serial = ++maker->last_serial, .source = *source, .wire = maker->wire};
    return body;
}

struct body *body_new(struct body_maker *maker, const struct body_source *source)
{
    struct body *body = allocate(maker, source);
    if (!body)
        return NULL;
    if (source->stats)
        checkpoint_stats_retain(source->stats);
    if (source->checkpoint)
        checkpoint_retain(source->checkpoint);
    if (source->graph)
        execution_graph_retain(source->graph);
    if (source->jobs)
        job_list_retain(source->jobs);
    return body;
}

struct body *body_new_text(struct body_maker *maker, struct buffer *bytes)
{
    const struct body_source source = {.kind = BODY_TEXT};
    size_t length = bytes->length;
    char *text = buffer_take(bytes);
    struct body *body = text ? allocate(maker, &source) : NULL;
    if (!body) {
        free(text);
        buffer_free(bytes);
        return NULL;
    }
    body->bytes = text;
    body->length = length;
    return body;
}

struct body *body_of_bytes(const char *bytes, size_t length, uint64_t serial)
{
    struct body_maker maker = {.last_serial = serial - 1};
    struct buffer copy = {0};
    buffer_append(&copy, bytes, length);
    return body_new_text(&maker, &copy);
}

struct body *body_retain(struct body *body)
{
    body->references++;
    return body;
}

void body_release(struct body *body)
{
    if (!body || --body->references > 0)
        return;
    checkpoint_stats_release(body->source.stats);
    checkpoint_release(body->source.checkpoint);
    execution_graph_release(body->source.graph);
    job_list_release(body->source.jobs);
    free(body->bytes);
    free(body);
}

static void render(const struct body *body, struct buffer *out)
{
    const struct body_source *source = &body->source;
    switch (source->kind) {
    case BODY_STATISTICS:
        render_statistics(source->stats, &body->wire, out);
        break;
    case BODY_DETAILS:
        render_details(source->checkpoint, &body->wire, out);
        break;
    case BODY_SUBTASKS:
        (void)render_subtasks(source->checkpoint, source->id, out);
        break;
    case BODY_CHECKPOINT_CONFIG:
        render_checkpoint_config(source->graph, out);
        break;
    case BODY_JOB:
        render_job(source->graph, source->now_ms, &body->wire, out);
        break;
    case BODY_JOB_CONFIG:
        render_job_config(source->graph, &body->wire, out);
        break;
    case BODY_JOB_EXCEPTIONS:
        render_job_exceptions(source->graph, source->exception_count, source->truncated,
                              &body->wire, out);
        break;
    case BODY_JOB_PLAN:
        render_job_plan(source->graph, &body->wire, out);
        break;
    case BODY_JOB_ACCUMULATORS:
        render_job_accumulators(out);
        break;
    case BODY_JOB_IDS:
        render_job_ids(source->jobs, &body->wire, out);
        break;
    case BODY_JOBS_OVERVIEW:
        render_jobs_overview(source->jobs, source->now_ms, &body->wire, out);
        break;
    case BODY_OVERVIEW:
        render_overview(source->jobs, &body->wire, out);
        break;
    case BODY_TEXT:
    case BODY_KIND_COUNT:
        break;
    }
}

const char *body_bytes(struct body *body, size_t *length)
{
    if (!body->bytes) {
        struct buffer out = {0};
        render(body, &out);
        body->length = out.length;
        body->bytes = buffer_take(&out);
        buffer_free(&out);
    }
    *length = body->bytes ? body->length : 0;
    return body->bytes;
}

const struct checkpoint_stats *body_statistics(const struct body *body)
{
    return body->source.kind == BODY_STATISTICS ? body->source.stats : NULL;
}

const struct checkpoint *body_details(const struct body *body)
{
    return body->source.kind == BODY_DETAILS ? body->source.checkpoint : NULL;
}

const struct execution_graph *body_job(const struct body *body, int64_t *now_ms)
{
    *now_ms = body->source.now_ms;
    return body->source.kind == BODY_JOB ? body->source.graph : NULL;
}

uint64_t body_serial(const struct body *body)
{
    return body->serial;
}

void body_list_clear(struct body_list *list)
{
    while (list->first) {
        struct body *body = list->first;
        list->first = body->next;
        body->next = NULL;
        body_release(body);
    }
}

static bool shows_same_thing(const struct body_source *a, const struct body_source *b)
{
    if (a->kind != b->kind || !id_equal(a->id, b->id) || a->exception_count != b->exception_count ||
        a->truncated != b->truncated)
        return false;
    return a->checkpoint == b->checkpoint ||
           (a->checkpoint && b->checkpoint && a->checkpoint->id == b->checkpoint->id);
}

static bool is_written_from(const struct body_source *a, const struct body_source *b)
{
    return a->checkpoint == b->checkpoint && a->stats == b->stats && a->graph == b->graph &&
           a->jobs == b->jobs && a->now_ms == b->now_ms;
}

struct body *body_list_get(struct body_list *list, struct body_maker *maker,
                           const struct body_source *source)
{
    struct body **at = &list->first;
    while (*at && !shows_same_thing(&(*at)->source, source))
        at = &(*at)->next;
    struct body *old = *at;
    if (old && is_written_from(&old->source, source))
        return old;

    struct body *body = body_new(maker, source);
    if (!body)
        return NULL;
    if (old) {
        *at = old->next;
        old->next = NULL;
        body_release(old);
    }
    body->next = list->first;
    list->first = body;
    return body;
}
