#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/recording/answer.h"
#include "harness/recording/recording_internal.h"

/* Times beyond this many ms from their zero are no times; below it microseconds are exact in a
 * double. */
#define MS_MAX 9e12

static bool read_ms(const struct node *line, const char *name, int64_t *us)
{
    double ms;
    if (!node_real(node_get(line, name), &ms) || !(fabs(ms) <= MS_MAX))
        return false;
    *us = llround(ms * 1000);
    return true;
}

/* Options keep their text; numbers are written as they would be in a configuration file. Anything
 * else is no value of any option. */
static const char *put_setting(struct settings *settings, const char *option,
                               const struct node *value)
{
    char number[32] = "";
    char *text = NULL;
    if (node_is(value, NODE_TEXT)) {
        text = node_copy(value);
        if (!text)
            return answer_no_memory;
    }
    if (node_is(value, NODE_INTEGER))
        snprintf(number, sizeof(number), "%" PRId64, value->as.integer);
    else if (node_is(value, NODE_REAL))
        snprintf(number, sizeof(number), "%g", value->as.real);
    const char *wrong = settings_put(settings, option, text ? text : number);
    free(text);
    return wrong;
}

/* Options that do not bear on the caches are none of our business: they are let through. */
static void read_settings(const struct node *object, struct settings *settings,
                          struct line_remark *remark)
{
    const char *const *known = settings_option_names();
    settings_default(settings);
    for (size_t i = 0; known[i] && !remark->damage; i++) {
        const struct node *value = node_get(object, known[i]);
        remark->option = known[i];
        remark->damage = value ? put_setting(settings, known[i], value) : NULL;
    }
}

enum recording_line recording_take_header(struct recording *recording, const struct node *line,
                                          struct line_remark *remark)
{
    const struct node *name = node_get(line, "recording");
    const struct node *version = node_get(line, "flink_version");
    const struct node *settings = node_get(line, "settings");
    if (!node_is(name, NODE_TEXT))
        remark->damage = "a recording begins with a line that has \"recording\", its name as text";
    else if (!node_is(version, NODE_TEXT))
        remark->damage = "\"flink_version\" is missing or is no text";
    else if (!node_is(settings, NODE_OBJECT))
        remark->damage = "\"settings\" is missing or is no object";
    else if (!read_ms(line, "time0_epoch_ms", &recording->time0_us))
        remark->damage = "\"time0_epoch_ms\" is missing or is no time";
    else
        read_settings(settings, &recording->settings, remark);
    if (remark->damage)
        return remark->damage == answer_no_memory ? LINE_NO_MEMORY : LINE_DAMAGED;
    recording->name = node_copy(name);
    recording->flink_version = node_copy(version);
    return recording->name && recording->flink_version ? LINE_OTHER : LINE_NO_MEMORY;
}

static const char *read_note(const struct node *line)
{
    int64_t at_us;
    if (!node_is(node_get(line, "note"), NODE_TEXT))
        return "\"note\" is no text";
    return read_ms(line, "at_ms", &at_us) ? NULL : "\"at_ms\" of a note is missing or is no time";
}

/* What of a line is not kept in struct recorded_exchange, borrowed from it. */
struct line_texts {
    const struct node *method, *path, *body, *client;
};

static const char *check_optional(const struct node *line, const struct line_texts *texts)
{
    const struct node *request = node_get(line, "request");
    const struct node *headers = node_get(line, "headers");
    if (request && !node_is(request, NODE_TEXT) && !node_is(request, NODE_NULL))
        return "\"request\" is no text";
    if (headers && !node_is(headers, NODE_OBJECT))
        return "\"headers\" is no object";
    if (texts->client && !node_is(texts->client, NODE_TEXT))
        return "\"client\" is no text";
    return NULL;
}

/* A recorder writes names in lower case. */
static const struct node *age_of(const struct node *headers)
{
    const struct node *age = node_get(headers, "age");
    return age ? age : node_get(headers, "Age");
}

/* Seconds; what is no number of them says nothing (RFC 9111, section 5.1). */
static int64_t age_us_of(const struct node *age)
{
    enum { AGE_MAX_S = 1000000000 };
    int64_t seconds = 0;
    if (!node_is(age, NODE_TEXT) || age->as.text.length == 0)
        return 0;
    for (size_t i = 0; i < age->as.text.length; i++) {
        const char digit = age->as.text.bytes[i];
        if (digit < '0' || digit > '9' || seconds > AGE_MAX_S)
            return 0;
        seconds = 10 * seconds + (digit - '0');
    }
    return seconds * 1000000;
}

static const char *read_exchange(const struct node *line, struct recorded_exchange *exchange,
                                 struct line_texts *texts)
{
    const struct node *seq = node_get(line, "seq");
    const struct node *status = node_get(line, "status");
    *texts = (struct line_texts){node_get(line, "method"), node_get(line, "path"),
                                 node_get(line, "body"), node_get(line, "client")};
    if (!node_is(seq, NODE_INTEGER) || seq->as.integer < 0)
        return "\"seq\" is missing or is no number from 0 up";
    if (!read_ms(line, "sent_ms", &exchange->sent_us))
        return "\"sent_ms\" is missing or is no time";
    if (!read_ms(line, "done_ms", &exchange->order.done_us))
        return "\"done_ms\" is missing or is no time";
    if (exchange->order.done_us < exchange->sent_us)
        return "\"done_ms\" is before \"sent_ms\"";
    if (!node_is(texts->method, NODE_TEXT))
        return "\"method\" is missing or is no text";
    if (!node_is(texts->path, NODE_TEXT))
        return "\"path\" is missing or is no text";
    if (!node_is(status, NODE_INTEGER) || status->as.integer < 0 || status->as.integer > 599)
        return "\"status\" is missing or is no HTTP status";
    if (!node_is(texts->body, NODE_TEXT))
        return "\"body\" is missing or is no text";
    exchange->order.seq = (uint64_t)seq->as.integer;
    exchange->status = (int)status->as.integer;
    const struct node *age = age_of(node_get(line, "headers"));
    exchange->has_age = age != NULL;
    exchange->age_us = age_us_of(age);
    return check_optional(line, texts);
}

static bool keep_client(struct recording *recording, const struct node *client, size_t *index)
{
    *index = SIZE_MAX;
    if (!client)
        return true;
    char *name = node_copy(client);
    const bool kept = name && text_pool_add(&recording->clients, name, strlen(name), index);
    free(name);
    return kept;
}

static bool keep(struct recording *recording, struct recorded_exchange *exchange,
                 const struct line_texts *texts, const char **unreadable)
{
    exchange->target = node_copy(texts->path);
    char *method = node_copy(texts->method);
    if (exchange->target && method)
        exchange->path = answer_path(method, exchange->target, strlen(exchange->target),
                                     &exchange->job, &exchange->checkpoint);
    const bool has_texts = exchange->target && method;
    free(method);
    if (!has_texts || !keep_client(recording, texts->client, &exchange->client))
        return false;
    const struct body_request request = {.path = exchange->path,
                                         .status = exchange->status,
                                         .job = exchange->job,
                                         .text = texts->body};
    exchange->body = bodies_read(&recording->bodies, &request, unreadable);
    return exchange->body != NULL;
}

enum recording_line recording_take_line(struct recording *recording, const struct node *line,
                                        size_t line_number, struct recorded_exchange *exchange,
                                        struct line_remark *remark)
{
    struct line_texts texts;
    *exchange = (struct recorded_exchange){.order.line = line_number};
    if (node_get(line, "note")) {
        remark->damage = read_note(line);
        return remark->damage ? LINE_DAMAGED : LINE_OTHER;
    }
    remark->damage = read_exchange(line, exchange, &texts);
    if (remark->damage)
        return LINE_DAMAGED;
    if (keep(recording, exchange, &texts, &remark->unreadable))
        return LINE_EXCHANGE;
    exchange_release(exchange);
    return LINE_NO_MEMORY;
}
