#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

static void begin_errors(struct json_writer *json)
{
    json_begin_object(json);
    json_member_array(json, "errors");
}

static void end_errors(struct json_writer *json)
{
    json_end_array(json);
    json_end_object(json);
}

void render_throwable(const char *exception_class, const char *message, struct buffer *text)
{
    buffer_text(text, exception_class);
    if (message) {
        buffer_text(text, ": ");
        buffer_text(text, message);
    }
    buffer_text(text, "\n\tat freshcheck.rest_endpoint.answer(Native Method)\n");
}

void render_text_and_free(struct json_writer *json, struct buffer *text)
{
    if (text->failed)
        json->out->failed = true;
    else
        json_text_length(json, text->bytes, text->length);
    buffer_free(text);
}

/* Source: Flink AbstractHandler.handleException (RestHandlerException). */
void render_handler_error(const char *exception_class, const char *message, struct buffer *out)
{
    struct json_writer json = {.out = out};
    struct buffer text = {0};

    render_throwable(exception_class, message, &text);
    begin_errors(&json);
    render_text_and_free(&json, &text);
    end_errors(&json);
}

/* Source: Flink AbstractHandler.handleException (any other throwable), ExceptionUtils. */
void render_internal_error(const char *exception_class, const char *message, struct buffer *out)
{
    struct json_writer json = {.out = out};
    struct buffer text = {0};

    buffer_text(&text, "<Exception on server side:\n");
    render_throwable(exception_class, message, &text);
    buffer_text(&text, "\nEnd of exception on server side>");
    begin_errors(&json);
    json_text(&json, "Internal server error.");
    render_text_and_free(&json, &text);
    end_errors(&json);
}

/* Source: Flink RouterHandler.respondNotFound, StaticFileServerHandler. */
void render_plain_error(const char *message, struct buffer *out)
{
    struct json_writer json = {.out = out};

    begin_errors(&json);
    json_text(&json, message);
    end_errors(&json);
}
