#include "harness/shared_object/host_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rest_endpoint/body.h"

/* No client's request has it. */
static const uint64_t of_a_document = UINT64_MAX;

/* Without caches a request has one action at once. */
bool host_inquire(struct host *host, const struct request *request, struct endpoint_action *action)
{
    return endpoint_request(host->handlers, host->now_us, request) == 0 &&
           endpoint_next(host->handlers, action);
}

void host_drop_inquiry(struct host *host, uint64_t request, const struct endpoint_action *action)
{
    struct fetch_result nothing = {.outcome = OUTCOME_FAILED};
    if (action->kind == ACTION_REPLY) {
        body_release(action->body);
        return;
    }
    endpoint_abandon(host->handlers, host->now_us, request);
    (void)endpoint_fetched(host->handlers, host->now_us, action->fetch, &nothing);
}

static bool carry_out(struct host *host, enum asker asker, const struct endpoint_action *action)
{
    if (action->kind == ACTION_FETCH)
        return host_call_out(host, asker, action->fetch, &action->what);
    if (host_push(host, action))
        return true;
    body_release(action->body);
    return false;
}

bool host_drain_handlers(struct host *host)
{
    struct endpoint_action action;
    bool fine = true;
    while (endpoint_next(host->handlers, &action))
        fine &= carry_out(host, ASKED_BY_HANDLERS, &action);
    return fine;
}

bool host_drain_reference(struct host *host)
{
    struct endpoint_action action;
    bool fine = true;
    while (host->reference->operations->next(host->reference, &action))
        fine &= carry_out(host, ASKED_BY_REFERENCE, &action);
    return fine;
}

static enum fetch_kind kind_of(const struct fetched *fetched)
{
    return fetched->data == FRESHCHECK_GRAPH ? FETCH_EXECUTION_GRAPH : FETCH_CHECKPOINT_STATS;
}

/* A graph has the statistics in it, as Flink's has. */
static struct fetch_result copy_for(const struct fetched *fetched, enum fetch_kind kind)
{
    struct fetch_result copy = {.outcome = fetched->result.outcome,
                                .job_state = fetched->result.job_state};
    if (copy.outcome != OUTCOME_OK)
        return copy;
    if (kind == FETCH_CHECKPOINT_STATS)
        copy.stats = checkpoint_stats_retain(fetched->result.graph ? fetched->result.graph->stats
                                                                   : fetched->result.stats);
    else
        copy.graph = execution_graph_retain(fetched->result.graph);
    return copy;
}

static bool fits(const struct fetched *fetched, const struct endpoint_action *action)
{
    if (action->kind != ACTION_FETCH)
        return false;
    return action->what.kind == kind_of(fetched) ||
           (action->what.kind == FETCH_CHECKPOINT_STATS && fetched->data == FRESHCHECK_GRAPH);
}

static const struct document *find_document(const struct fetched *fetched, const char *target,
                                            size_t length)
{
    for (size_t i = 0; i < fetched->document_count; i++) {
        const struct document *document = &fetched->documents[i];
        if (strlen(document->target) == length && memcmp(document->target, target, length) == 0)
            return document;
    }
    return NULL;
}

/* Where a document is kept; the first one makes room. */
static struct document *keep_document(struct fetched *fetched, const char *target, size_t length)
{
    char *copy = text_copy_length(target, length);
    if (!copy)
        return NULL;
    if (fetched->document_count == DOCUMENTS_MAX) {
        struct document *first = &fetched->documents[0];
        free(first->target);
        body_release(first->body);
        *first = fetched->documents[--fetched->document_count];
    }
    struct document *document = &fetched->documents[fetched->document_count++];
    *document = (struct document){.target = copy};
    return document;
}

const struct document *host_document(struct host *host, struct fetched *fetched, const char *target,
                                     size_t length, bool *unfit)
{
    const struct document *known = find_document(fetched, target, length);
    const struct request request = {
        .id = of_a_document, .method = METHOD_GET, .target = target, .target_length = length};
    struct endpoint_action action, reply;
    *unfit = false;
    if (known || !host_inquire(host, &request, &action))
        return known;
    *unfit = !fits(fetched, &action);
    if (*unfit) {
        host_drop_inquiry(host, request.id, &action);
        return NULL;
    }
    struct fetch_result copy = copy_for(fetched, action.what.kind);
    (void)endpoint_fetched(host->handlers, host->now_us, action.fetch, &copy);
    if (!endpoint_next(host->handlers, &reply))
        return NULL;
    struct document *document = keep_document(fetched, target, length);
    if (document) {
        document->status = reply.status;
        document->body = reply.body;
    } else {
        body_release(reply.body);
    }
    return document;
}
