#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_writer.h"
#include "harness/recording/har_internal.h"
#include "harness/recording/line_reader.h"
#include "harness/recording/recording_internal.h"

struct har_writing {
    struct line_reader lines;
    struct json_tree tree;
    FILE *archive;
    struct complaints *complaints;
    struct buffer out, text, notes;
    int64_t time0_us;
    bool has_head, has_entry;
};

static bool complain(struct har_writing *writing, const char *what)
{
    complaints_add(writing->complaints, (unsigned)writing->lines.number, 0, "%s", what);
    return false;
}

static bool flush(struct har_writing *writing)
{
    struct buffer *out = &writing->out;
    if (out->failed || writing->text.failed || writing->notes.failed)
        return complain(writing, "out of memory");
    if (fwrite(out->bytes, 1, out->length, writing->archive) != out->length)
        return complain(writing, "the archive could not be written");
    buffer_clear(out);
    return true;
}

static void write_text(struct har_writing *writing, struct json_writer *json,
                       const struct node *text)
{
    buffer_clear(&writing->text);
    if (node_is(text, NODE_TEXT))
        node_decode(text, &writing->text);
    json_text_length(json, writing->text.bytes, writing->text.length);
    json->out->failed |= writing->text.failed;
}

static void write_member(struct har_writing *writing, struct json_writer *json, const char *key,
                         const struct node *text)
{
    json_key(json, key);
    write_text(writing, json, text);
}

/* A value as it is; names in it need no escapes, since the scanner or jansson made them plain. */
static void write_value(struct har_writing *writing, struct json_writer *json,
                        const struct node *value)
{
    switch ((enum node_kind)value->kind) {
    case NODE_NULL:
        json_write_null(json);
        break;
    case NODE_FALSE:
    case NODE_TRUE:
        json_bool(json, value->kind == NODE_TRUE);
        break;
    case NODE_INTEGER:
        json_int64(json, value->as.integer);
        break;
    case NODE_REAL: {
        char number[40];
        json_raw(json, number, (size_t)snprintf(number, sizeof(number), "%.17g", value->as.real));
        break;
    }
    case NODE_TEXT:
        write_text(writing, json, value);
        break;
    case NODE_LIST:
    case NODE_OBJECT: {
        const bool is_object = value->kind == NODE_OBJECT;
        const struct node *child = node_first(value);
        json_raw(json, is_object ? "{" : "[", 1);
        json->needs_comma = false;
        for (size_t i = 0; i < value->as.count; i++, child = node_next(child)) {
            if (is_object) {
                json_text_length(json, child->name, child->name_length);
                buffer_char(json->out, ':');
                json->needs_comma = false;
            }
            write_value(writing, json, child);
        }
        buffer_char(json->out, is_object ? '}' : ']');
        json->needs_comma = true;
        break;
    }
    }
}

static bool take_ms(const struct node *line, const char *name, int64_t *us)
{
    double ms;
    if (!node_real(node_get(line, name), &ms) || !(fabs(ms) < 9e12))
        return false;
    *us = llround(ms * 1000);
    return true;
}

static bool take_head(struct har_writing *writing, const struct node *line)
{
    struct json_writer json = {.out = &writing->out};
    if (!node_is(node_get(line, "recording"), NODE_TEXT) ||
        !node_is(node_get(line, "flink_version"), NODE_TEXT) ||
        !node_is(node_get(line, "settings"), NODE_OBJECT) ||
        !take_ms(line, "time0_epoch_ms", &writing->time0_us) || writing->time0_us < 0)
        return complain(writing, "it is no recording: the first line does not say what it is of");
    buffer_text(&writing->out, "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"freshcheck\","
                               "\"version\":\"" FRESHCHECK_VERSION "\"},\"_recording\":");
    write_value(writing, &json, line);
    buffer_text(&writing->out, ",\"entries\":[");
    writing->has_head = true;
    return flush(writing);
}

static void take_note(struct har_writing *writing, const struct node *line)
{
    struct json_writer json = {.out = &writing->notes};
    json.needs_comma = writing->notes.length > 0;
    write_value(writing, &json, line);
}

static void write_date(struct json_writer *json, int64_t us)
{
    const time_t seconds = (time_t)(us / 1000000);
    struct tm date;
    char text[80];
    gmtime_r(&seconds, &date);
    const size_t length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &date);
    snprintf(text + length, sizeof(text) - length, ".%06" PRId64 "Z", us % 1000000);
    json_member_text(json, "startedDateTime", text);
}

static void write_ms(struct json_writer *json, const char *key, int64_t us)
{
    char text[40];
    json_key(json, key);
    json_raw(json, text,
             (size_t)snprintf(text, sizeof(text), "%" PRId64 ".%03" PRId64, us / 1000, us % 1000));
}

static void write_empty(struct json_writer *json, const char *key)
{
    json_member_array(json, key);
    json_end_array(json);
}

/* What HAR 1.2 asks for and nobody recorded. */
static void write_sizes(struct json_writer *json)
{
    json_member_int64(json, "headersSize", -1);
    json_member_int64(json, "bodySize", -1);
}

static void write_request(struct har_writing *writing, struct json_writer *json,
                          const struct node *line)
{
    const struct node *request = node_get(line, "request");
    json_member_object(json, "request");
    write_member(writing, json, "method", node_get(line, "method"));
    buffer_clear(&writing->text);
    buffer_text(&writing->text, "http://jobmanager:8081");
    node_decode(node_get(line, "path"), &writing->text);
    json_key(json, "url");
    json_text_length(json, writing->text.bytes, writing->text.length);
    json_member_text(json, "httpVersion", "HTTP/1.1");
    write_empty(json, "cookies");
    write_empty(json, "headers");
    write_empty(json, "queryString");
    if (node_is(request, NODE_TEXT)) {
        json_member_object(json, "postData");
        json_member_text(json, "mimeType", "application/json");
        write_member(writing, json, "text", request);
        json_end_object(json);
    }
    write_sizes(json);
    json_end_object(json);
}

static void write_headers(struct har_writing *writing, struct json_writer *json,
                          const struct node *headers)
{
    const struct node *header = headers;
    json_member_array(json, "headers");
    for (size_t i = 0; node_is(headers, NODE_OBJECT) && i < headers->as.count; i++) {
        header = i == 0 ? node_first(headers) : node_next(header);
        if (!node_is(header, NODE_TEXT))
            continue;
        json_begin_object(json);
        json_key(json, "name");
        json_text_length(json, header->name, header->name_length);
        write_member(writing, json, "value", header);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_response(struct har_writing *writing, struct json_writer *json,
                           const struct node *line)
{
    const struct node *headers = node_get(line, "headers"), *body = node_get(line, "body");
    json_member_object(json, "response");
    json_member_int64(json, "status", node_get(line, "status")->as.integer);
    json_member_text(json, "statusText", "");
    json_member_text(json, "httpVersion", "HTTP/1.1");
    write_empty(json, "cookies");
    write_headers(writing, json, headers);
    json_member_object(json, "content");
    json_key(json, "mimeType");
    write_text(writing, json, node_get(headers, "content-type"));
    write_member(writing, json, "text", body);
    json_member_int64(json, "size", (int64_t)writing->text.length);
    json_end_object(json);
    json_member_text(json, "redirectURL", "");
    write_sizes(json);
    json_end_object(json);
}

static bool take_exchange(struct har_writing *writing, const struct node *line)
{
    struct json_writer json = {.out = &writing->out, .needs_comma = writing->has_entry};
    const struct node *seq = node_get(line, "seq"), *status = node_get(line, "status");
    int64_t sent_us, done_us;
    if (!node_is(seq, NODE_INTEGER) || !node_is(status, NODE_INTEGER) ||
        !take_ms(line, "sent_ms", &sent_us) || !take_ms(line, "done_ms", &done_us) ||
        done_us < sent_us || writing->time0_us + sent_us < 0 ||
        !node_is(node_get(line, "method"), NODE_TEXT) ||
        !node_is(node_get(line, "path"), NODE_TEXT) || !node_is(node_get(line, "body"), NODE_TEXT))
        return complain(writing, "the line is no exchange; freshcheck check says why");
    json_begin_object(&json);
    json_member_int64(&json, "_seq", seq->as.integer);
    if (node_is(node_get(line, "client"), NODE_TEXT))
        write_member(writing, &json, "_client", node_get(line, "client"));
    write_date(&json, writing->time0_us + sent_us);
    write_ms(&json, "time", done_us - sent_us);
    write_request(writing, &json, line);
    write_response(writing, &json, line);
    json_member_object(&json, "cache");
    json_end_object(&json);
    json_member_object(&json, "timings");
    json_member_int64(&json, "send", 0);
    write_ms(&json, "wait", done_us - sent_us);
    json_member_int64(&json, "receive", 0);
    json_end_object(&json);
    json_end_object(&json);
    buffer_char(&writing->out, '\n');
    writing->has_entry = true;
    return flush(writing);
}

static bool take_line(struct har_writing *writing, const char *bytes, size_t length)
{
    const enum json_outcome outcome = json_tree_read(&writing->tree, bytes, length);
    const struct node *line = writing->tree.nodes;
    if (outcome == JSON_NO_MEMORY)
        return complain(writing, "out of memory");
    if (outcome == JSON_DAMAGED || !node_is(line, NODE_OBJECT))
        return complain(writing, "the line is no JSON object");
    if (!writing->has_head)
        return take_head(writing, line);
    if (!node_get(line, "note"))
        return take_exchange(writing, line);
    take_note(writing, line);
    return true;
}

static bool take_lines(struct har_writing *writing)
{
    const char *bytes;
    size_t length;
    enum line_read read;
    while ((read = line_reader_next(&writing->lines, &bytes, &length)) == LINE_READ) {
        if (!recording_line_is_blank(bytes, length) && !take_line(writing, bytes, length))
            return false;
    }
    if (read == LINE_READ_NO_MEMORY)
        return complain(writing, "out of memory");
    if (read != LINE_NONE)
        return complain(writing, "the recording cannot be read further");
    return writing->has_head || complain(writing, "the recording is empty");
}

bool har_write(FILE *recording, FILE *archive, struct complaints *complaints)
{
    struct har_writing writing = {
        .lines.file = recording, .archive = archive, .complaints = complaints};
    bool written = take_lines(&writing);
    if (written) {
        buffer_text(&writing.out, "],\"_notes\":[");
        buffer_append(&writing.out, writing.notes.bytes, writing.notes.length);
        buffer_text(&writing.out, "]}}\n");
        written = flush(&writing);
    }
    line_reader_free(&writing.lines);
    json_tree_free(&writing.tree);
    buffer_free(&writing.out);
    buffer_free(&writing.text);
    buffer_free(&writing.notes);
    return written;
}
