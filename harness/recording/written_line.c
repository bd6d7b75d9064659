#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json_writer.h"
#include "harness/recording/recording_writer.h"

/* Text as JSON can hold it: a NUL is U+FFFD as other bytes are that are no text. */
static void write_text(struct json_writer *json, const char *text, size_t length)
{
    if (length == 0 || !memchr(text, '\0', length)) {
        json_text_length(json, text, length);
        return;
    }
    struct buffer clean = {0};
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\0')
            buffer_text(&clean, "\ufffd");
        else
            buffer_char(&clean, text[i]);
    }
    json_text_length(json, clean.bytes, clean.length);
    json->out->failed |= clean.failed;
    buffer_free(&clean);
}

/* Milliseconds with three digits behind the point: microseconds, exactly. */
static void write_ms(struct json_writer *json, const char *key, int64_t us)
{
    char text[40];
    const uint64_t size = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
    const int length = snprintf(text, sizeof(text), "%s%" PRIu64 ".%03" PRIu64, us < 0 ? "-" : "",
                                size / 1000, size % 1000);
    json_key(json, key);
    json_raw(json, text, (size_t)length);
}

static void end_line(struct json_writer *json)
{
    json_end_object(json);
    buffer_char(json->out, '\n');
}

/* Names come from outside: they may need escapes. */
static void write_key(struct json_writer *json, const char *name, size_t length)
{
    write_text(json, name, length);
    buffer_char(json->out, ':');
    json->needs_comma = false;
}

void written_head_line(const struct written_head *head, struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_begin_object(&json);
    json_member_text(&json, "recording", head->name);
    json_member_text(&json, "flink_version", head->flink_version);
    json_member_object(&json, "settings");
    for (size_t i = 0; i < head->setting_count; i++) {
        write_key(&json, head->settings[i].option, strlen(head->settings[i].option));
        json_text(&json, head->settings[i].value);
    }
    json_end_object(&json);
    write_ms(&json, "time0_epoch_ms", head->time0_us);
    end_line(&json);
}

static bool came_before(const struct written_header *headers, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcasecmp(headers[i].name, headers[index].name) == 0)
            return true;
    }
    return false;
}

/* All values of the name that `index` is the first of. */
static void write_header(struct json_writer *json, const struct written_header *headers,
                         size_t count, size_t index)
{
    struct buffer text = {0};
    for (const char *at = headers[index].name; *at; at++)
        buffer_char(&text, (char)tolower((unsigned char)*at));
    write_key(json, text.bytes, text.length);
    json->out->failed |= text.failed;
    buffer_clear(&text);
    buffer_text(&text, headers[index].value);
    for (size_t i = index + 1; i < count; i++) {
        if (strcasecmp(headers[i].name, headers[index].name) == 0)
            buffer_printf(&text, ", %s", headers[i].value);
    }
    write_text(json, text.bytes, text.length);
    json->out->failed |= text.failed;
    buffer_free(&text);
}

void written_exchange_line(const struct written_exchange *exchange, struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_begin_object(&json);
    json_key(&json, "seq");
    json_uint64(&json, exchange->seq);
    write_ms(&json, "sent_ms", exchange->sent_us);
    write_ms(&json, "done_ms", exchange->done_us);
    if (exchange->client) {
        json_key(&json, "client");
        write_text(&json, exchange->client, strlen(exchange->client));
    }
    json_member_text(&json, "method", exchange->method);
    json_member_text(&json, "path", exchange->path);
    if (exchange->request) {
        json_key(&json, "request");
        write_text(&json, exchange->request, exchange->request_length);
    }
    json_member_int64(&json, "status", exchange->status);
    json_member_object(&json, "headers");
    for (size_t i = 0; i < exchange->header_count; i++) {
        if (!came_before(exchange->headers, i))
            write_header(&json, exchange->headers, exchange->header_count, i);
    }
    json_end_object(&json);
    json_key(&json, "body");
    write_text(&json, exchange->body, exchange->body_length);
    end_line(&json);
}

void written_note_line(int64_t at_us, const char *note, struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_begin_object(&json);
    json_member_text(&json, "note", note);
    write_ms(&json, "at_ms", at_us);
    end_line(&json);
}
