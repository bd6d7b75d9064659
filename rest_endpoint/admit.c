#include "rest_endpoint/endpoint_internal.h"

#include <string.h>

#define REST_HANDLER_EXCEPTION "org.apache.flink.runtime.rest.handler.RestHandlerException"
#define HANDLER_REQUEST_EXCEPTION "org.apache.flink.runtime.rest.handler.HandlerRequestException"

static const struct error_kind no_route = {404, ERROR_PLAIN, NULL};
static const struct error_kind not_taken = {400, ERROR_PLAIN, NULL};
static const struct error_kind pipeline_error = {500, ERROR_PLAIN, NULL};
static const struct error_kind moved = {308, ERROR_HANDLER, REST_HANDLER_EXCEPTION};

static const struct id NOBODY = {0};

enum body_class body_class_of(enum route_kind kind)
{
    static const enum body_class classes[ROUTE_COUNT] = {
        [ROUTE_TRIGGER] = BODY_CLASS_CHECKPOINT_TRIGGER,
        [ROUTE_SAVEPOINT] = BODY_CLASS_SAVEPOINT_TRIGGER,
        [ROUTE_STOP] = BODY_CLASS_STOP,
        [ROUTE_RUN] = BODY_CLASS_JAR_RUN,
    };
    return classes[kind];
}

/* A file server takes what it is asked to GET, anything else is not found. The path of the one is
 * decoded, that of the other is as it was sent.
 * Source: Flink StaticFileServerHandler.respondAsLeader, RouterHandler.respondNotFound. */
static enum admission refuse_unknown(struct endpoint *endpoint, const struct inquiry *inquiry,
                                     struct reply *reply)
{
    const struct request *request = inquiry->request;
    const struct span *path = &inquiry->target.path;
    if (request->method != METHOD_GET) {
        *reply = reply_error(&endpoint->maker, NOBODY, &no_route, "Not found: %.*s",
                             (int)request->target_length, request->target);
        return REPLIED;
    }
    const bool is_folder = path->length > 0 && path->text[path->length - 1] == '/';
    *reply =
        reply_error(&endpoint->maker, NOBODY, &no_route, "Unable to load requested file %.*s%s.",
                    (int)path->length, path->text, is_folder ? "index.html" : "");
    return UNROUTED;
}

/* Source: Netty QueryStringDecoder.decodeComponent, Flink PipelineErrorHandler.exceptionCaught. */
static enum admission refuse_escape(struct endpoint *endpoint, const struct bad_escape *escape,
                                    struct reply *reply)
{
    const char *text = escape->text.text;
    const int length = (int)escape->text.length;
    if (escape->unterminated)
        *reply = reply_error(&endpoint->maker, NOBODY, &pipeline_error,
                             "Internal server error: unterminated escape sequence at index %zu of: "
                             "%.*s",
                             escape->index, length, text);
    else
        *reply =
            reply_error(&endpoint->maker, NOBODY, &pipeline_error,
                        "Internal server error: invalid hex byte '%.2s' at index %zu of '%.*s'",
                        text + escape->index + 1, escape->index + 1, length, text);
    return REPLIED;
}

/* Source: Flink HandlerRequest, AbstractHandler.respondAsLeader. */
static enum admission refuse_value(struct endpoint *endpoint, const struct inquiry *inquiry,
                                   struct reply *reply)
{
    const char *part = inquiry->outcome == ROUTE_BAD_QUERY ? "query" : "path";
    const struct route_fault *fault = &inquiry->fault;
    const int length = (int)fault->value.length;
    *reply = reply_error(
        &endpoint->maker, NOBODY, &error_bad_request,
        "Bad request, could not parse parameters: Cannot resolve %s parameter (%s) from value "
        "\"%.*s\"." CAUSED_BY(
            HANDLER_REQUEST_EXCEPTION) "Cannot resolve %s parameter (%s) from value \"%.*s\".",
        part, fault->parameter, length, fault->value.text, part, fault->parameter, length,
        fault->value.text);
    return REPLIED;
}

/* Source: Flink JobCancellationHandler. */
static enum admission refuse_to_stop(struct endpoint *endpoint, struct reply *reply)
{
    *reply = reply_error(&endpoint->maker, NOBODY, &moved,
                         "The termination mode \"stop\" has been removed. For an ungraceful "
                         "shutdown, please use \"cancel\" instead. For a graceful shutdown, please "
                         "use \"jobs/:jobId/stop\" instead.");
    return REPLIED;
}

/* Source: Flink FileUploadHandler, MultipartRoutes: before any route. */
static enum admission check_upload(struct endpoint *endpoint, const struct inquiry *inquiry,
                                   struct reply *reply)
{
    const struct upload *upload = inquiry->request->upload;
    if (!upload || inquiry->request->method != METHOD_POST || inquiry->outcome == ROUTE_NO_MEMORY)
        return ADMITTED;
    if (inquiry->outcome == ROUTE_UNKNOWN || inquiry->outcome == ROUTE_MALFORMED)
        *reply = reply_error(&endpoint->maker, NOBODY, &not_taken, "POST request not allowed");
    else if (upload->file_count > 0 && inquiry->route.kind != ROUTE_JAR_UPLOAD)
        *reply = reply_error(&endpoint->maker, NOBODY, &not_taken, "File upload not allowed");
    else if (upload->attribute && strcmp(upload->attribute, "request") != 0)
        *reply = reply_error(&endpoint->maker, NOBODY, &not_taken, "Received unknown attribute %s.",
                             upload->attribute);
    else
        return ADMITTED;
    return REPLIED;
}

/* Up to 1.18 a member that is not known is an error (FLINK-33268).
 * Source: Flink AbstractHandler.respondAsLeader. */
static enum admission read_body(struct endpoint *endpoint, struct inquiry *inquiry,
                                struct reply *reply)
{
    const struct request *request = inquiry->request;
    const enum body_class class = body_class_of(inquiry->route.kind);
    const size_t length = request->body && !request->upload ? request->body_length : 0;
    switch (request_body_read(class, request->body, length,
                              endpoint->config.quirks.refuses_unknown_members, &inquiry->body)) {
    case JSON_NO_MEMORY:
        return NOT_ADMITTED;
    case JSON_MALFORMED:
        *reply = reply_error(&endpoint->maker, NOBODY, &error_bad_request,
                             "Request did not match expected format %s.", body_class_name(class));
        return REPLIED;
    case JSON_READ:
        break;
    }
    return ADMITTED;
}

static enum admission check_outcome(struct endpoint *endpoint, const struct inquiry *inquiry,
                                    struct reply *reply)
{
    switch (inquiry->outcome) {
    case ROUTE_FOUND:
        break;
    case ROUTE_UNKNOWN:
        return refuse_unknown(endpoint, inquiry, reply);
    case ROUTE_MALFORMED:
        return refuse_escape(endpoint, &inquiry->target.bad_escape, reply);
    case ROUTE_BAD_PARAMETER:
    case ROUTE_BAD_QUERY:
        return refuse_value(endpoint, inquiry, reply);
    case ROUTE_STOP_REMOVED:
        return refuse_to_stop(endpoint, reply);
    case ROUTE_NO_MEMORY:
        return NOT_ADMITTED;
    }
    return ADMITTED;
}

/* Flink reads the body before it looks at what the path and the query say. */
static bool has_route(const struct inquiry *inquiry)
{
    return inquiry->outcome != ROUTE_UNKNOWN && inquiry->outcome != ROUTE_MALFORMED &&
           inquiry->outcome != ROUTE_NO_MEMORY;
}

/* Before 2.3 there are no applications. */
static bool is_of_applications(enum route_kind kind)
{
    return kind == ROUTE_APPLICATIONS || kind == ROUTE_APPLICATION ||
           kind == ROUTE_APPLICATION_EXCEPTIONS;
}

enum admission admit(struct endpoint *endpoint, struct inquiry *inquiry, struct reply *reply)
{
    if (has_route(inquiry) && is_of_applications(inquiry->route.kind) &&
        !endpoint->config.wire.applications)
        inquiry->outcome = ROUTE_UNKNOWN;
    enum admission admission = check_upload(endpoint, inquiry, reply);
    if (admission == ADMITTED && has_route(inquiry))
        admission = read_body(endpoint, inquiry, reply);
    if (admission == ADMITTED)
        admission = check_outcome(endpoint, inquiry, reply);
    return admission == ADMITTED ? prepare(endpoint, inquiry, reply) : admission;
}
