#include "harness/replay/transcript.h"

#include <stdlib.h>
#include <string.h>

#include "harness/replay/replay_internal.h"

static bool keep(struct transcript *transcript, json_t *tree)
{
    json_t **kept = replay_grow(transcript->kept, transcript->kept_count,
                                &transcript->kept_capacity, sizeof(*kept));
    if (!kept) {
        json_decref(tree);
        return false;
    }
    transcript->kept = kept;
    kept[transcript->kept_count++] = tree;
    return true;
}

static bool read_ms(const json_t *line, const char *name, int64_t *us)
{
    const json_t *value = json_object_get(line, name);
    if (!json_is_number(value) || json_number_value(value) < 0 || json_number_value(value) > 1e12)
        return false;
    *us = (int64_t)(json_number_value(value) * 1000 + 0.5);
    return true;
}

static const char *read_note(const json_t *line)
{
    int64_t at_us;
    if (!json_is_string(json_object_get(line, "note")))
        return "\"note\" is no text";
    return read_ms(line, "at_ms", &at_us) ? NULL : "\"at_ms\" of a note is missing or is no time";
}

static const char *check_texts(const json_t *line)
{
    const json_t *request = json_object_get(line, "request");
    const json_t *status = json_object_get(line, "status");
    if (!json_is_string(json_object_get(line, "method")))
        return "\"method\" is missing or is no text";
    if (!json_is_string(json_object_get(line, "path")))
        return "\"path\" is missing or is no text";
    if (!json_is_integer(status) || json_integer_value(status) < 100 ||
        json_integer_value(status) > 599)
        return "\"status\" is missing or is no HTTP status";
    if (!json_is_string(json_object_get(line, "body")))
        return "\"body\" is missing or is no text";
    if (request && !json_is_string(request) && !json_is_null(request))
        return "\"request\" is no text";
    return json_is_object(json_object_get(line, "headers")) ? NULL
                                                            : "\"headers\" is missing or no object";
}

static const char *read_exchange(const json_t *line, struct transcript_exchange *exchange)
{
    const json_t *seq = json_object_get(line, "seq");
    if (!json_is_integer(seq) || json_integer_value(seq) < 0)
        return "\"seq\" is missing or is no number from 0 up";
    if (!read_ms(line, "sent_ms", &exchange->sent_us))
        return "\"sent_ms\" is missing or is no time";
    if (!read_ms(line, "done_ms", &exchange->done_us))
        return "\"done_ms\" is missing or is no time";
    if (exchange->done_us < exchange->sent_us)
        return "\"done_ms\" is before \"sent_ms\"";
    const char *damage = check_texts(line);
    if (damage)
        return damage;
    const json_t *body = json_object_get(line, "body");
    exchange->seq = json_integer_value(seq);
    exchange->request = json_string_value(json_object_get(line, "request"));
    exchange->recorded = (struct conform_exchange){
        .method = json_string_value(json_object_get(line, "method")),
        .path = json_string_value(json_object_get(line, "path")),
        .status = (int)json_integer_value(json_object_get(line, "status")),
        .body = json_string_value(body),
        .body_length = json_string_length(body),
    };
    const char *path = exchange->recorded.path;
    exchange->path = strncmp(path, "/v1/", 4) == 0 ? path + 3 : path;
    return NULL;
}

/* False when out of memory. *damage: a header is no text. */
static bool read_headers(const json_t *headers, struct transcript_exchange *exchange,
                         const char **damage)
{
    const char *name;
    json_t *value;
    struct conform_header *list = calloc(json_object_size(headers) + 1, sizeof(*list));
    if (!list)
        return false;
    exchange->recorded.headers = list;
    json_object_foreach((json_t *)(uintptr_t)headers, name, value)
    {
        if (!json_is_string(value))
            *damage = "a header is no text";
        else
            list[exchange->recorded.header_count++] =
                (struct conform_header){name, json_string_value(value)};
    }
    return true;
}

/* A body that is no JSON is none here; false only when out of memory. */
static bool read_body(struct transcript *transcript, struct transcript_exchange *exchange)
{
    json_error_t error;
    json_t *body = json_loadb(exchange->recorded.body, exchange->recorded.body_length,
                              JSON_DECODE_ANY, &error);
    exchange->body = body;
    if (!body)
        return exchange->recorded.body_length == 0 ||
               json_error_code(&error) != json_error_out_of_memory;
    return keep(transcript, body);
}

static void find_version(struct transcript *transcript, const struct transcript_exchange *exchange)
{
    if (!transcript->version && exchange->recorded.status == 200)
        transcript->version = json_text_at(exchange->body, "flink-version");
}

/* False when out of memory; *damage says what is wrong with the line. */
static bool take_line(struct transcript *transcript, const json_t *line, unsigned number,
                      const char **damage)
{
    struct transcript_exchange exchange = {.line = number};
    if (json_object_get(line, "note") || json_object_get(line, "recording")) {
        *damage = json_object_get(line, "note") ? read_note(line) : NULL;
        return true;
    }
    *damage = read_exchange(line, &exchange);
    if (*damage)
        return true;
    struct transcript_exchange *exchanges = replay_grow(transcript->exchanges, transcript->count,
                                                        &transcript->capacity, sizeof(*exchanges));
    if (!exchanges)
        return false;
    transcript->exchanges = exchanges;
    if (!read_headers(json_object_get(line, "headers"), &exchange, damage))
        return false;
    exchanges[transcript->count++] = exchange;
    if (!read_body(transcript, &exchanges[transcript->count - 1]))
        return false;
    find_version(transcript, &exchanges[transcript->count - 1]);
    return true;
}

static bool read_line(struct transcript *transcript, const char *text, size_t length,
                      unsigned number, struct complaints *complaints)
{
    json_error_t error;
    json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!line && json_error_code(&error) == json_error_out_of_memory)
        return false;
    if (!json_is_object(line)) {
        json_decref(line);
        complaints_add(complaints, number, 0, "the line is no JSON object");
        return true;
    }
    const char *damage = NULL;
    if (!keep(transcript, line) || !take_line(transcript, line, number, &damage))
        return false;
    if (damage)
        complaints_add(complaints, number, 0, "%s", damage);
    return true;
}

/* Lines are in order of completion; what was asked, and when, is in order of sending. */
static int by_sending(const void *left, const void *right)
{
    const struct transcript_exchange *const a = left, *const b = right;
    if (a->sent_us != b->sent_us)
        return a->sent_us < b->sent_us ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

bool transcript_read(FILE *file, struct transcript *transcript, struct complaints *complaints)
{
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool has_memory = true;
    for (unsigned line = 1;
         has_memory && complaints->count == 0 && (length = getline(&text, &capacity, file)) > 0;
         line++)
        has_memory = read_line(transcript, text, (size_t)length, line, complaints);
    free(text);
    if (has_memory && complaints->count == 0 && transcript->count == 0)
        complaints_add(complaints, 0, 0, "there is no exchange in it");
    if (transcript->count > 0)
        qsort(transcript->exchanges, transcript->count, sizeof(*transcript->exchanges), by_sending);
    return has_memory && !complaints->failed;
}

void transcript_clear(struct transcript *transcript)
{
    for (size_t i = 0; i < transcript->count; i++)
        free((void *)(uintptr_t)transcript->exchanges[i].recorded.headers);
    for (size_t i = 0; i < transcript->kept_count; i++)
        json_decref(transcript->kept[i]);
    free(transcript->exchanges);
    free(transcript->kept);
    *transcript = (struct transcript){0};
}
