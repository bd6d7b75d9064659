#include "rest_endpoint/endpoint_internal.h"

#include "rest_endpoint/render.h"

#define REST_HANDLER_EXCEPTION "org.apache.flink.runtime.rest.handler.RestHandlerException"

const struct error_kind error_not_found = {404, ERROR_HANDLER,
                                           "org.apache.flink.runtime.rest.NotFoundException"};
const struct error_kind error_missing = {404, ERROR_HANDLER, REST_HANDLER_EXCEPTION};
const struct error_kind error_bad_request = {400, ERROR_HANDLER, REST_HANDLER_EXCEPTION};
static const struct error_kind no_route = {404, ERROR_PLAIN, NULL};
static const struct error_kind moved = {308, ERROR_HANDLER, REST_HANDLER_EXCEPTION};
static const struct error_kind illegal_state = {500, ERROR_INTERNAL,
                                                "java.lang.IllegalStateException"};

static void render_error(const struct error_kind *kind, const char *message, struct buffer *out)
{
    switch (kind->shape) {
    case ERROR_HANDLER:
        render_handler_error(kind->exception_class, message, out);
        break;
    case ERROR_INTERNAL:
        render_internal_error(kind->exception_class, message, out);
        break;
    case ERROR_PLAIN:
        render_plain_error(message, out);
        break;
    }
}

struct reply reply_error(struct body_maker *maker, struct id id, const struct error_kind *kind,
                         const char *format, ...)
{
    struct reply reply = {.status = kind->status};
    struct buffer message = {0};
    struct buffer bytes = {0};
    if (format) {
        va_list arguments;
        va_start(arguments, format);
        buffer_vprintf(&message, format, arguments);
        va_end(arguments);
        buffer_char(&message, '\0');
    }
    if (!message.failed) {
        render_error(kind, message.bytes, &bytes);
        reply.body = body_new_text(maker, id, &bytes);
    }
    buffer_free(&message);
    return reply;
}

/*
 * A trigger id that nobody else is likely to choose, yet the same each time the same requests
 * come: Flink draws a random one.
 */
static struct id make_up_trigger(struct endpoint *endpoint, const struct moment *moment,
                                 const struct request *request, struct id job)
{
    const uint64_t count = ++endpoint->trigger_count;
    const uint64_t high = hash_number(id_hash(job) ^ hash_number((uint64_t)moment->now_us + count));
    const uint64_t low = hash_number(high ^ hash_number(request->id * 2 + 1) ^ count);
    return (struct id){.high = high, .low = low};
}

/* Source: Flink AbstractHandler.respondAsLeader, which reads the body before the path;
 * CheckpointHandlers.CheckpointTriggerHandler (FLINK-33723). */
static bool refuse_trigger(struct endpoint *endpoint, const struct request *request,
                           enum route_outcome outcome, struct trigger_request *trigger,
                           struct reply *reply)
{
    const struct id nobody = {0};
    if (!trigger_request_parse(request->body, request->body ? request->body_length : 0, trigger)) {
        *reply = reply_error(&endpoint->maker, nobody, &error_bad_request,
                             "Request did not match expected format CheckpointTriggerRequestBody.");
        return true;
    }
    if (outcome == ROUTE_FOUND && trigger->incremental &&
        endpoint->config.quirks.refuses_incremental_trigger) {
        *reply = reply_error(&endpoint->maker, nobody, &illegal_state,
                             "Flink does not support triggering incremental checkpoint "
                             "explicitly. See FLINK-33723.");
        return true;
    }
    return false;
}

/* Source: Flink RouterHandler.respondNotFound, HandlerRequest, JobCancellationHandler. */
static bool refuse_route(struct endpoint *endpoint, const struct request *request,
                         enum route_outcome outcome, const struct route_fault *fault,
                         struct reply *reply)
{
    struct body_maker *maker = &endpoint->maker;
    const struct id nobody = {0};
    switch (outcome) {
    case ROUTE_FOUND:
        return false;
    case ROUTE_UNKNOWN:
        *reply = reply_error(maker, nobody, &no_route, "Not found: %.*s",
                             (int)request->target_length, request->target);
        return true;
    case ROUTE_BAD_PARAMETER:
    case ROUTE_BAD_QUERY:
        *reply = reply_error(maker, nobody, &error_bad_request,
                             "Bad request, could not parse parameters: Cannot resolve %s "
                             "parameter (%s) from value \"%.*s\".",
                             outcome == ROUTE_BAD_QUERY ? "query" : "path", fault->parameter,
                             (int)fault->value_length, fault->value);
        return true;
    case ROUTE_STOP_REMOVED:
        *reply = reply_error(maker, nobody, &moved,
                             "The termination mode \"stop\" has been removed. For an ungraceful "
                             "shutdown, please use \"cancel\" instead. For a graceful shutdown, "
                             "please use \"jobs/:jobId/stop\" instead.");
        return true;
    }
    return false;
}

bool refuse_request(struct endpoint *endpoint, const struct moment *moment,
                    const struct request *request, enum route_outcome outcome,
                    const struct route_fault *fault, struct route *route, struct reply *reply)
{
    struct trigger_request trigger = {0};
    const bool triggers = outcome != ROUTE_UNKNOWN && route->kind == ROUTE_TRIGGER;
    if (triggers && refuse_trigger(endpoint, request, outcome, &trigger, reply))
        return true;
    if (refuse_route(endpoint, request, outcome, fault, reply))
        return true;
    if (triggers)
        route->trigger = trigger.has_trigger
                             ? trigger.trigger
                             : make_up_trigger(endpoint, moment, request, route->job);
    return false;
}
