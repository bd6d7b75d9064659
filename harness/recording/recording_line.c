#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "harness/recording/answer.h"
#include "harness/recording/recording_internal.h"

/* Times beyond this many ms from their zero are no times; below it microseconds are exact in a
 * double. */
#define MS_MAX 9e12

static bool read_ms(const json_t *line, const char *name, int64_t *us)
{
    const json_t *value = json_object_get(line, name);
    double ms = json_number_value(value);
    if (!json_is_number(value) || !(fabs(ms) <= MS_MAX))
        return false;
    *us = llround(ms * 1000);
    return true;
}

/* Options keep their text; numbers are written as they would be in a configuration file. Anything
 * else is no value of any option. */
static const char *put_setting(struct settings *settings, const char *option, const json_t *value)
{
    char number[32] = "";
    const char *text = number;
    if (json_is_string(value))
        text = json_string_value(value);
    else if (json_is_integer(value))
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        snprintf(number, sizeof(number), "%g", json_real_value(value));
    return settings_put(settings, option, text);
}

/* Options that do not bear on the caches are none of our business: they are let through. */
static void read_settings(const json_t *object, struct settings *settings,
                          struct line_remark *remark)
{
    const char *const *known = settings_option_names();
    settings_default(settings);
    for (size_t i = 0; known[i] && !remark->damage; i++) {
        const json_t *value = json_object_get(object, known[i]);
        remark->option = known[i];
        remark->damage = value ? put_setting(settings, known[i], value) : NULL;
    }
}

enum recording_line recording_take_header(struct recording *recording, const json_t *line,
                                          struct line_remark *remark)
{
    const char *name = json_string_value(json_object_get(line, "recording"));
    const char *version = json_string_value(json_object_get(line, "flink_version"));
    const json_t *settings = json_object_get(line, "settings");
    if (!name)
        remark->damage = "a recording begins with a line that has \"recording\", its name as text";
    else if (!version)
        remark->damage = "\"flink_version\" is missing or is no text";
    else if (!json_is_object(settings))
        remark->damage = "\"settings\" is missing or is no object";
    else if (!read_ms(line, "time0_epoch_ms", &recording->time0_us))
        remark->damage = "\"time0_epoch_ms\" is missing or is no time";
    else
        read_settings(settings, &recording->settings, remark);
    if (remark->damage)
        return LINE_DAMAGED;
    recording->name = text_copy(name);
    recording->flink_version = text_copy(version);
    return recording->name && recording->flink_version ? LINE_TAKEN : LINE_NO_MEMORY;
}

static const char *read_note(const json_t *line)
{
    int64_t at_us;
    if (!json_is_string(json_object_get(line, "note")))
        return "\"note\" is no text";
    return read_ms(line, "at_ms", &at_us) ? NULL : "\"at_ms\" of a note is missing or is no time";
}

/* What of a line is not kept in struct recorded_exchange, borrowed from it. */
struct line_texts {
    const json_t *method, *path, *body, *client;
};

static const char *check_optional(const json_t *line, const struct line_texts *texts)
{
    const json_t *request = json_object_get(line, "request");
    const json_t *headers = json_object_get(line, "headers");
    if (request && !json_is_string(request) && !json_is_null(request))
        return "\"request\" is no text";
    if (headers && !json_is_object(headers))
        return "\"headers\" is no object";
    if (texts->client && !json_is_string(texts->client))
        return "\"client\" is no text";
    return NULL;
}

static const char *read_exchange(const json_t *line, struct recorded_exchange *exchange,
                                 struct line_texts *texts)
{
    const json_t *seq = json_object_get(line, "seq");
    const json_t *status = json_object_get(line, "status");
    *texts = (struct line_texts){json_object_get(line, "method"), json_object_get(line, "path"),
                                 json_object_get(line, "body"), json_object_get(line, "client")};
    if (!json_is_integer(seq) || json_integer_value(seq) < 0)
        return "\"seq\" is missing or is no number from 0 up";
    if (!read_ms(line, "sent_ms", &exchange->sent_us))
        return "\"sent_ms\" is missing or is no time";
    if (!read_ms(line, "done_ms", &exchange->done_us))
        return "\"done_ms\" is missing or is no time";
    if (exchange->done_us < exchange->sent_us)
        return "\"done_ms\" is before \"sent_ms\"";
    if (!json_is_string(texts->method))
        return "\"method\" is missing or is no text";
    if (!json_is_string(texts->path))
        return "\"path\" is missing or is no text";
    if (!json_is_integer(status) || json_integer_value(status) < 0 ||
        json_integer_value(status) > 599)
        return "\"status\" is missing or is no HTTP status";
    if (!json_is_string(texts->body))
        return "\"body\" is missing or is no text";
    exchange->seq = (uint64_t)json_integer_value(seq);
    exchange->status = (int)json_integer_value(status);
    return check_optional(line, texts);
}

/*
 * Finds the observation that equal bytes gave before, or makes one. The job is part of what makes
 * observations the same: one job's answer to another job's request is what `right-job` looks for.
 */
static enum recording_line observe(struct recording *recording, const json_t *body,
                                   struct recorded_exchange *exchange, const char **unreadable)
{
    struct digest digest = digest_start();
    digest_add_number(&digest, (uint64_t)exchange->path);
    digest_add_number(&digest, (uint64_t)exchange->status);
    digest_add_number(&digest, exchange->job.high);
    digest_add_number(&digest, exchange->job.low);
    digest_add(&digest, json_string_value(body), json_string_length(body));
    if (digest_table_find(&recording->observation_indices, digest, &exchange->seen))
        return LINE_TAKEN;
    struct recorded_observation *observations =
        recording_grow(recording->observations, recording->observation_count,
                       &recording->observation_capacity, sizeof(*observations));
    if (!observations)
        return LINE_NO_MEMORY;
    recording->observations = observations;
    struct recorded_observation made = {.concluded_from = false};
    *unreadable = answer_read(exchange->path, exchange->status, json_string_value(body),
                              json_string_length(body), &made.seen);
    if (*unreadable == answer_no_memory ||
        !digest_table_put(&recording->observation_indices, digest, recording->observation_count)) {
        observation_clear(&made.seen);
        return LINE_NO_MEMORY;
    }
    exchange->seen = recording->observation_count;
    recording->observations[recording->observation_count++] = made;
    return LINE_TAKEN;
}

static enum recording_line keep(struct recording *recording, struct recorded_exchange *exchange,
                                const struct line_texts *texts, const char **unreadable)
{
    const char *path = json_string_value(texts->path);
    size_t path_length = json_string_length(texts->path);
    exchange->path = answer_path(json_string_value(texts->method), path, path_length,
                                 &exchange->job, &exchange->checkpoint);
    exchange->client = SIZE_MAX;
    exchange->order = recording->exchange_count;
    if (!text_pool_add(&recording->targets, path, path_length, &exchange->target))
        return LINE_NO_MEMORY;
    if (texts->client && !text_pool_add(&recording->clients, json_string_value(texts->client),
                                        json_string_length(texts->client), &exchange->client))
        return LINE_NO_MEMORY;
    if (observe(recording, texts->body, exchange, unreadable) != LINE_TAKEN)
        return LINE_NO_MEMORY;
    struct recorded_exchange *exchanges =
        recording_grow(recording->exchanges, recording->exchange_count,
                       &recording->exchange_capacity, sizeof(*exchanges));
    if (!exchanges)
        return LINE_NO_MEMORY;
    recording->exchanges = exchanges;
    recording->exchanges[recording->exchange_count++] = *exchange;
    return LINE_TAKEN;
}

enum recording_line recording_take_line(struct recording *recording, const json_t *line,
                                        struct line_remark *remark)
{
    struct recorded_exchange exchange = {0};
    struct line_texts texts;
    if (json_object_get(line, "note")) {
        remark->damage = read_note(line);
        return remark->damage ? LINE_DAMAGED : LINE_TAKEN;
    }
    remark->damage = read_exchange(line, &exchange, &texts);
    if (remark->damage)
        return LINE_DAMAGED;
    return keep(recording, &exchange, &texts, &remark->unreadable);
}
