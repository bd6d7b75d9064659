#include "rest_endpoint/endpoint_internal.h"

#include "rest_endpoint/render.h"

#define REST_HANDLER_EXCEPTION "org.apache.flink.runtime.rest.handler.RestHandlerException"

const struct error_kind error_not_found = {404, ERROR_HANDLER,
                                           "org.apache.flink.runtime.rest.NotFoundException"};
const struct error_kind error_missing = {404, ERROR_HANDLER, REST_HANDLER_EXCEPTION};
const struct error_kind error_bad_request = {400, ERROR_HANDLER, REST_HANDLER_EXCEPTION};

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

/* Written, or known from before. NULL when out of memory. */
static struct body *error_body(struct body_maker *maker, struct id id,
                               const struct error_kind *kind, struct buffer *message)
{
    struct body *kept = error_recall(&maker->errors, kind, id, message->bytes);
    struct buffer bytes = {0};
    if (kept)
        return body_retain(kept);
    render_error(kind, message->bytes, &bytes);
    struct body *body = body_new_text(maker, &bytes);
    if (body)
        error_keep(&maker->errors, kind, id, message, body);
    return body;
}

struct reply reply_error(struct body_maker *maker, struct id id, const struct error_kind *kind,
                         const char *format, ...)
{
    struct reply reply = {.status = kind->status};
    struct buffer message = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&message, format, arguments);
    va_end(arguments);
    buffer_char(&message, '\0');
    if (!message.failed)
        reply.body = error_body(maker, id, kind, &message);
    buffer_free(&message);
    return reply;
}
