#include "harness/shared_object/host_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/shared_object/shared_object_internal.h"
#include "rest_endpoint/body.h"

static struct host *of(struct subject *subject)
{
    return (struct host *)subject;
}

/* --- calls ---------------------------------------------------------------------------------- */

static void blame_link(struct host *host)
{
    if (host->link.misconduct == MISCONDUCT_NONE)
        return;
    buffer_char(&host->doing, '\0');
    host_blame(host, host->link.misconduct, "%s, at %s", host->link.cause,
               host->doing.failed ? "a call" : host->doing.bytes);
}

/* Makes a call and does what comes of it. False: misconduct, or out of memory. */
static bool call(struct host *host, struct wire_call *what, const char *const texts[WIRE_TEXT_MAX],
                 struct wire_result *result)
{
    struct wire_cursor actions;
    host->last_call_us = host->now_us;
    what->now_us = host->now_us;
    what->wall_offset_us = host->wall_offset_us;
    buffer_clear(&host->message);
    wire_call_write(&host->message, what, texts);
    host->call_count++;
    if (host->message.length > MESSAGE_BYTES_MAX)
        return false;
    if (!link_call(&host->link, &host->message, result, &actions)) {
        blame_link(host);
        return false;
    }
    return host_act(host, &actions);
}

static void say_doing(struct host *host, const char *what, const char *detail)
{
    buffer_clear(&host->doing);
    buffer_printf(&host->doing, "%s%s", what, detail);
}

/* Sets the lengths of texts that end in a NUL. */
static void measure_texts(struct wire_call *what, const char *const texts[WIRE_TEXT_MAX])
{
    for (size_t i = 0; i < WIRE_TEXT_MAX; i++)
        what->lengths[i] = texts[i] ? (uint32_t)strlen(texts[i]) : WIRE_NO_TEXT;
}

/* --- requests ------------------------------------------------------------------------------- */

static uint32_t needs_of(const struct endpoint_action *action)
{
    if (action->kind == ACTION_FETCH && action->what.kind == FETCH_CHECKPOINT_STATS)
        return FRESHCHECK_STATISTICS;
    if (action->kind == ACTION_FETCH && action->what.kind == FETCH_EXECUTION_GRAPH)
        return FRESHCHECK_GRAPH;
    return FRESHCHECK_OTHER;
}

/* What the object does not want the reference answers. Takes over the action. */
static int pass(struct host *host, const struct request *request, uint32_t needs,
                struct endpoint_action *action)
{
    if (needs == FRESHCHECK_OTHER) {
        if (action->kind == ACTION_FETCH)
            return host_call_out(host, ASKED_BY_HANDLERS, action->fetch, &action->what) ? 0 : -1;
        if (host_push(host, action))
            return 0;
        body_release(action->body);
        return -1;
    }
    host_drop_inquiry(host, request->id, action);
    if (host->reference->operations->request(host->reference, host->now_us, request) != 0)
        return -1;
    return host_drain_reference(host) ? 0 : -1;
}

static const char *method_name(enum http_method method)
{
    static const char *const names[] = {[METHOD_GET] = "GET",
                                        [METHOD_POST] = "POST",
                                        [METHOD_PATCH] = "PATCH",
                                        [METHOD_DELETE] = "DELETE",
                                        [METHOD_OTHER] = "OTHER"};
    return names[method];
}

static bool ask(struct host *host, const struct request *request, const struct taken *taken,
                const struct endpoint_action *action, struct wire_result *result)
{
    struct wire_call what = {
        .call = OBJECT_REQUEST,
        .data = taken->needs,
        .number = taken->number,
        .age_max_us = request_age_max_us(request->cache_control),
    };
    const char *const texts[WIRE_TEXT_MAX] = {method_name(request->method), request->cache_control,
                                              request->body, taken->target};
    measure_texts(&what, texts);
    if (request->body)
        what.lengths[2] = (uint32_t)request->body_length;
    if (taken->needs != FRESHCHECK_OTHER)
        id_format(action->what.job, what.job);
    say_doing(host, "GET ", taken->target);
    return call(host, &what, texts, result);
}

/* Takes over the action. Of what failed Flink's handlers say how it looks. */
static int not_taken(struct host *host, const struct request *request, uint32_t needs,
                     struct endpoint_action *action, int32_t why)
{
    struct fetch_result failed = {.outcome = OUTCOME_FAILED};
    if (why == FRESHCHECK_NOT_MINE || needs == FRESHCHECK_OTHER)
        return pass(host, request, needs, action);
    (void)endpoint_fetched(host->handlers, host->now_us, action->fetch, &failed);
    return host_drain_handlers(host) ? 0 : -1;
}

/* The object is told of the request once there is a place for its answer, for it may answer at
 * once. */
static int offer(struct host *host, const struct request *request, uint32_t needs,
                 struct endpoint_action *action)
{
    struct wire_result result;
    struct taken taken = {.number = host->last_number + 1,
                          .request = request->id,
                          .needs = needs,
                          .at_us = host->now_us,
                          .target = text_copy_length(request->target, request->target_length)};
    if (!taken.target || !host_take(host, &taken)) {
        free(taken.target);
        host_drop_inquiry(host, request->id, action);
        return -1;
    }
    host->last_number++;
    const bool asked = ask(host, request, &taken, action, &result);
    struct taken *kept = host_find_taken(host, taken.number);
    if (asked && !kept && result.returned != FRESHCHECK_TAKEN)
        host_blame(host, MISCONDUCT_ANSWERED_NOBODY,
                   "answered request %" PRIu64 " and did not take it", taken.number);
    if (asked && kept && result.returned != FRESHCHECK_TAKEN) {
        host_forget_taken(host, kept);
        return not_taken(host, request, needs, action, result.returned);
    }
    host_drop_inquiry(host, request->id, action);
    return asked && !host->conduct.kind ? 0 : -1;
}

static int host_request(struct subject *subject, int64_t now_us, const struct request *request)
{
    struct host *host = of(subject);
    struct endpoint_action action;
    host->now_us = now_us;
    if (host->conduct.kind || !host_inquire(host, request, &action))
        return -1;
    const uint32_t needs = needs_of(&action);
    if ((host->takes & needs) == 0)
        return pass(host, request, needs, &action);
    return offer(host, request, needs, &action);
}

/* --- answers of the gateway ----------------------------------------------------------------- */

static uint64_t version_of(const struct fetch_result *result)
{
    const struct checkpoint_stats *stats = result->graph ? result->graph->stats : result->stats;
    return stats ? stats->run << 32 | (checkpoint_stats_version(stats) & UINT32_MAX) : 0;
}

static bool has_its_data(const struct fetched *fetched)
{
    return fetched->data == FRESHCHECK_GRAPH ? fetched->result.graph && fetched->result.graph->stats
                                             : fetched->result.stats != NULL;
}

/* The document that was asked for along with what it is made of. */
static bool add_document(struct host *host, struct fetched *fetched, struct wire_call *what,
                         const char *texts[WIRE_TEXT_MAX])
{
    bool unfit;
    size_t length;
    if (!fetched->target)
        return true;
    const struct document *document =
        host_document(host, fetched, fetched->target, strlen(fetched->target), &unfit);
    if (unfit)
        host_blame(host, MISCONDUCT_BROKE_CONTRACT,
                   "FETCH %" PRIu64 " wants a document that is not made of its data: %.80s",
                   fetched->name, fetched->target);
    texts[0] = document ? body_bytes(document->body, &length) : NULL;
    if (!texts[0])
        return false;
    what->status = document->status;
    what->lengths[0] = (uint32_t)length;
    return true;
}

static int tell_object(struct host *host, struct fetched *fetched)
{
    struct wire_result result;
    const char *texts[WIRE_TEXT_MAX] = {NULL};
    struct wire_call what = {
        .call = OBJECT_FETCHED,
        .data = fetched->data,
        .number = fetched->name,
        .ok = fetched->result.outcome == OUTCOME_OK,
        .version = version_of(&fetched->result),
    };
    measure_texts(&what, texts);
    id_format(fetched->job, what.job);
    if (!add_document(host, fetched, &what, texts))
        return -1;
    say_doing(host, "what it had fetched of job ", what.job);
    return call(host, &what, texts, &result) ? 0 : -1;
}

static int object_fetched(struct host *host, uint64_t name, struct fetch_result *result)
{
    struct fetched *fetched = host_find_fetched(host, name);
    if (host->conduct.kind || !fetched) {
        fetch_result_clear(result);
        return -1;
    }
    fetched->arrived = true;
    fetched->result = *result;
    *result = (struct fetch_result){0};
    if (fetched->result.outcome == OUTCOME_OK && !has_its_data(fetched))
        fetched->result.outcome = OUTCOME_FAILED;
    return tell_object(host, fetched);
}

static int host_fetched(struct subject *subject, int64_t now_us, uint64_t fetch,
                        struct fetch_result *result)
{
    struct host *host = of(subject);
    struct call_out call_out;
    int outcome = 0;
    host->now_us = now_us;
    if (!host_call_back(host, fetch, &call_out)) {
        fetch_result_clear(result);
        return 0;
    }
    if (call_out.asker == ASKED_BY_OBJECT)
        return object_fetched(host, call_out.inner, result);
    if (call_out.asker == ASKED_BY_HANDLERS) {
        outcome = endpoint_fetched(host->handlers, now_us, call_out.inner, result);
        return host_drain_handlers(host) ? outcome : -1;
    }
    outcome = host->reference->operations->fetched(host->reference, now_us, call_out.inner, result);
    return host_drain_reference(host) ? outcome : -1;
}

/* --- the rest of a subject ------------------------------------------------------------------ */

static void host_abandon(struct subject *subject, int64_t now_us, uint64_t request)
{
    struct host *host = of(subject);
    host->now_us = now_us;
    endpoint_abandon(host->handlers, now_us, request);
    host->reference->operations->abandon(host->reference, now_us, request);
    for (size_t i = 0; i < host->taken_count; i++) {
        struct taken *taken = &host->taken[i];
        if (taken->request != request || taken->abandoned || host->conduct.kind)
            continue;
        struct wire_result result;
        const char *const texts[WIRE_TEXT_MAX] = {NULL};
        struct wire_call what = {.call = OBJECT_ABANDON, .number = taken->number};
        measure_texts(&what, texts);
        taken->abandoned = true;
        say_doing(host, "GET ", taken->target);
        (void)call(host, &what, texts, &result);
        return;
    }
}

static bool host_next(struct subject *subject, struct endpoint_action *action)
{
    return host_pop(of(subject), action);
}

static void host_set_wall_offset(struct subject *subject, int64_t offset_us)
{
    struct host *host = of(subject);
    host->wall_offset_us = offset_us;
    endpoint_set_wall_offset(host->handlers, offset_us);
    host->reference->operations->set_wall_offset(host->reference, offset_us);
}

/* The object may have had no call for long; each of its calls ends by tidying. */
static void let_tidy(struct host *host)
{
    struct wire_result result;
    struct wire_call what = {.call = OBJECT_TIDY};
    const char *const texts[WIRE_TEXT_MAX] = {NULL};
    if (host->fetched_count == 0 || host->last_call_us == host->now_us || host->conduct.kind)
        return;
    measure_texts(&what, texts);
    say_doing(host, "the counting of its entries", "");
    (void)call(host, &what, texts, &result);
}

/* What the object has not released counts as an entry of its cache. */
static void host_measure(struct subject *subject, struct endpoint_usage *usage)
{
    struct host *host = of(subject);
    let_tidy(host);
    /* Nor had the reference, where the object takes all: it tidies at any call, also at one that
     * concerns nobody. */
    host->reference->operations->abandon(host->reference, host->now_us, UINT64_MAX);
    struct endpoint_usage handlers;
    endpoint_measure(host->handlers, &handlers);
    host->reference->operations->measure(host->reference, usage);
    usage->detail_entries += handlers.detail_entries;
    for (size_t i = 0; i < host->fetched_count; i++) {
        if (!host->fetched[i]->arrived)
            continue;
        if (host->fetched[i]->data == FRESHCHECK_GRAPH)
            usage->graph_entries++;
        else
            usage->stats_entries++;
    }
    usage->waiting_requests += host->taken_count;
    usage->fetches_in_flight = host->call_out_count;
}

static void blame_silence(struct host *host)
{
    const struct taken *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < host->taken_count; i++) {
        if (host->taken[i].abandoned)
            continue;
        count++;
        if (!first || host->taken[i].number < first->number)
            first = &host->taken[i];
    }
    if (first && host->call_out_count == 0)
        host_blame(host, MISCONDUCT_NEVER_ANSWERED,
                   "took %zu requests that it did not answer, with nothing left to wait for; the "
                   "first was request %" PRIu64 " at %.1f ms, GET %.90s",
                   count, first->number, (double)first->at_us / 1000, first->target);
}

static void close_object(struct host *host)
{
    struct wire_result result = {0};
    struct wire_call what = {.call = OBJECT_CLOSE};
    const char *const texts[WIRE_TEXT_MAX] = {NULL};
    measure_texts(&what, texts);
    say_doing(host, "the end of the run", "");
    if (!call(host, &what, texts, &result))
        return;
    if (result.leaked_bytes > 0)
        host_blame(host, MISCONDUCT_LEAKED, "had %" PRIu64 " bytes still allocated after close()",
                   result.leaked_bytes);
    if (result.printed_bytes > 0)
        host_blame(host, MISCONDUCT_PRINTED, "wrote %" PRIu64 " bytes to standard output",
                   result.printed_bytes);
}

static const struct conduct *host_conclude(struct subject *subject, int64_t now_us, bool ends)
{
    struct host *host = of(subject);
    host->now_us = now_us;
    if (ends && !host->conduct.kind)
        blame_silence(host);
    if (ends && !host->conduct.kind)
        close_object(host);
    host->conduct.calls = host->call_count;
    return &host->conduct;
}

static void host_free(struct subject *subject)
{
    struct host *host = of(subject);
    link_close(&host->link);
    host_free_tables(host);
    endpoint_free(host->handlers);
    if (host->reference)
        host->reference->operations->free(host->reference);
    buffer_free(&host->message);
    buffer_free(&host->doing);
    free(host);
}

static const struct subject_operations host_operations = {
    .free = host_free,
    .set_wall_offset = host_set_wall_offset,
    .request = host_request,
    .fetched = host_fetched,
    .abandon = host_abandon,
    .next = host_next,
    .measure = host_measure,
    .conclude = host_conclude,
};

/* --- opening -------------------------------------------------------------------------------- */

/* The reference's handlers, without caches for what the object is asked. */
static struct endpoint *new_handlers(const struct endpoint_config *reference)
{
    struct endpoint_config config = *reference;
    struct cache_policy *const policies[] = {&config.graph, &config.stats};
    for (size_t i = 0; i < 2; i++) {
        policies[i]->ttl_us = 0;
        policies[i]->entry_count_max = 0;
        policies[i]->join = JOIN_NEVER;
    }
    return endpoint_new(&config);
}

/* False: out of memory. */
static bool open_object(struct host *host, const struct shared_object *object,
                        const struct endpoint_config *config)
{
    struct wire_result result = {0};
    struct wire_call what = {
        .call = OBJECT_OPEN,
        .timeouts_us = {config->stats.ttl_us, config->graph.ttl_us},
        .jobs_max = {config->stats.entry_count_max, config->graph.entry_count_max},
    };
    const char *const texts[WIRE_TEXT_MAX] = {NULL};
    measure_texts(&what, texts);
    say_doing(host, "the beginning of the run", "");
    if (!link_open(&host->link, object->fd, &object->limits))
        blame_link(host);
    else if (call(host, &what, texts, &result) && result.returned == 0)
        return true;
    else if (result.returned != 0)
        host_blame(host, MISCONDUCT_BROKE_CONTRACT, "has no instance: open() returned NULL");
    return host->conduct.kind != NULL;
}

struct subject *host_start(void *context, const struct subject_options *options)
{
    const struct shared_object *object = context;
    const struct implementation *reference = implementation_find("reference");
    struct endpoint_config config;
    struct host *host = calloc(1, sizeof *host);
    if (!host)
        return NULL;
    host->subject.operations = &host_operations;
    host->link.fd = -1;
    host->takes = object->report.takes;
    implementation_prepare(reference, options, &config);
    host->handlers = new_handlers(&config);
    host->reference = implementation_start(reference, options);
    if (!host->handlers || !host->reference) {
        host_free(&host->subject);
        return NULL;
    }
    if (!open_object(host, object, &config)) {
        host_free(&host->subject);
        return NULL;
    }
    return &host->subject;
}
