#include "rest_endpoint/target_internal.h"

#include <stdlib.h>
#include <string.h>

/* Where decoded bytes go. There is always room: decoding makes nothing longer. */
struct decoder {
    char *at;
    struct bad_escape *bad_escape;
};

bool span_is(const struct span *span, const char *text)
{
    return strlen(text) == span->length && memcmp(span->text, text, span->length) == 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static const char *find_one(const char *at, const char *end, char wanted)
{
    const char *found = at < end ? memchr(at, wanted, (size_t)(end - at)) : NULL;
    return found ? found : end;
}

static const char *find_either(const char *at, const char *end, char one, char other)
{
    return find_one(at, find_one(at, end, one), other);
}

/* Most of what is asked for has nothing to decode. */
static bool is_plain(const char *from, const char *end, bool plus_is_space)
{
    return find_one(from, end, '%') == end && (!plus_is_space || find_one(from, end, '+') == end);
}

/* Decodes from..end, a part of `whole`. Source: Netty QueryStringDecoder.decodeComponent. */
static bool decode(struct decoder *decoder, const struct span *whole, const char *from,
                   const char *end, bool plus_is_space, struct span *decoded)
{
    char *start = decoder->at;
    if (from < end && is_plain(from, end, plus_is_space)) {
        memcpy(start, from, (size_t)(end - from));
        decoder->at += end - from;
        from = end;
    }
    for (const char *at = from; at < end; at++) {
        if (*at == '+' && plus_is_space) {
            *decoder->at++ = ' ';
            continue;
        }
        if (*at != '%') {
            *decoder->at++ = *at;
            continue;
        }
        const bool unterminated = end - at < 3;
        const int high = unterminated ? -1 : hex_digit(at[1]);
        const int low = unterminated ? -1 : hex_digit(at[2]);
        if (high < 0 || low < 0) {
            *decoder->bad_escape = (struct bad_escape){
                .text = *whole, .index = (size_t)(at - whole->text), .unterminated = unterminated};
            return false;
        }
        *decoder->at++ = (char)(high * 16 + low);
        at += 2;
    }
    *decoded = (struct span){start, (size_t)(decoder->at - start)};
    return true;
}

static size_t count_parameters(const char *at, const char *end)
{
    size_t count = 1;
    for (; at < end; at++)
        count += *at == '&' || *at == ';';
    return count < PARAMETER_COUNT_MAX ? count : PARAMETER_COUNT_MAX;
}

/* One name and value; a leading equals sign belongs to neither.
 * Source: Netty QueryStringDecoder.decodeParams. */
static bool read_parameter(struct target *target, struct decoder *decoder, const struct span *whole,
                           const char *at, const char *end)
{
    while (at < end && *at == '=')
        at++;
    if (at == end)
        return true;
    const char *equals = find_one(at, end, '=');
    struct parameter *parameter = &target->parameters[target->parameter_count];
    if (!decode(decoder, whole, at, equals, true, &parameter->name) ||
        !decode(decoder, whole, equals < end ? equals + 1 : end, end, true, &parameter->value))
        return false;
    target->parameter_count++;
    return true;
}

static bool read_query(struct target *target, struct decoder *decoder, const struct span *whole,
                       const char *at, const char *end)
{
    while (at < end && target->parameter_count < PARAMETER_COUNT_MAX) {
        const char *stop = find_either(at, end, '&', ';');
        if (!read_parameter(target, decoder, whole, at, stop))
            return false;
        at = stop + 1;
    }
    return true;
}

static bool add_segment(struct target *target, struct decoder *decoder, const struct span *raw)
{
    if (target->segment_count >= SEGMENT_COUNT_MAX) {
        target->segment_count = SEGMENT_COUNT_MAX + 1;
        return true;
    }
    return decode(decoder, raw, raw->text, raw->text + raw->length, true,
                  &target->segments[target->segment_count++]);
}

/*
 * Slashes at both ends do not count, and every path exists with and without /v1.
 * Source: Flink PathPattern.removeSlashesAtBothEnds, RestServerEndpoint.registerHandler.
 */
static bool split_path(struct target *target, struct decoder *decoder)
{
    const char *at = target->path.text;
    const char *end = at + target->path.length;
    while (at < end && *at == '/')
        at++;
    while (end > at && end[-1] == '/')
        end--;
    while (at < end) {
        const char *slash = find_one(at, end, '/');
        const struct span raw = {at, (size_t)(slash - at)};
        if (!add_segment(target, decoder, &raw))
            return false;
        at = slash + 1;
    }
    if (target->segment_count > 1 && span_is(&target->segments[0], "v1")) {
        target->segment_count--;
        memmove(target->segments, target->segments + 1,
                (SEGMENT_COUNT_MAX - 1) * sizeof(target->segments[0]));
    }
    return true;
}

enum target_outcome target_read(struct target *target, const char *text, size_t length)
{
    const char *end = text + length;
    const char *path_end = find_either(text, end, '?', '#');
    const char *query = path_end < end && *path_end == '?' ? path_end + 1 : path_end;
    const char *query_end = query > path_end ? find_one(query, end, '#') : query;
    const struct span whole = {text, length};
    const size_t parameters = count_parameters(query, query_end);

    *target = (struct target){0};
    target->memory = malloc(parameters * sizeof(*target->parameters) + 2 * length + 1);
    if (!target->memory)
        return TARGET_NO_MEMORY;
    target->parameters = (struct parameter *)(void *)target->memory;
    struct decoder decoder = {.at = target->memory + parameters * sizeof(*target->parameters),
                              .bad_escape = &target->bad_escape};
    const bool decoded = decode(&decoder, &whole, text, path_end, false, &target->path) &&
                         read_query(target, &decoder, &whole, query, query_end) &&
                         split_path(target, &decoder);
    return decoded ? TARGET_READ : TARGET_MALFORMED;
}

void target_free(struct target *target)
{
    free(target->memory);
    free(target->joined);
    *target = (struct target){0};
}

static enum parameter_outcome join(struct target *target, const char *name, size_t length,
                                   struct span *value)
{
    free(target->joined);
    target->joined = malloc(length);
    if (!target->joined)
        return PARAMETER_NO_MEMORY;
    char *at = target->joined;
    for (size_t i = 0; i < target->parameter_count; i++) {
        const struct parameter *parameter = &target->parameters[i];
        if (!span_is(&parameter->name, name))
            continue;
        memcpy(at, parameter->value.text, parameter->value.length);
        at += parameter->value.length;
        *at++ = ',';
    }
    *value = (struct span){target->joined, length - 1};
    return PARAMETER_GIVEN;
}

enum parameter_outcome target_parameter(struct target *target, const char *name, struct span *value)
{
    size_t count = 0, length = 0;
    for (size_t i = 0; i < target->parameter_count; i++) {
        if (!span_is(&target->parameters[i].name, name))
            continue;
        *value = target->parameters[i].value;
        length += value->length + 1;
        count++;
    }
    if (count > 1)
        return join(target, name, length, value);
    return count == 1 ? PARAMETER_GIVEN : PARAMETER_ABSENT;
}

bool next_value(struct span *rest, struct span *value)
{
    if (!rest->text)
        return false;
    size_t length = rest->length;
    while (length > 0 && rest->text[length - 1] == ',')
        length--;
    if (length == 0 && rest->length > 0)
        return false;
    const char *end = rest->text + length;
    const char *comma = find_one(rest->text, end, ',');
    *value = (struct span){rest->text, (size_t)(comma - rest->text)};
    *rest = comma < end ? (struct span){comma + 1, (size_t)(end - comma - 1)} : (struct span){0};
    return true;
}

bool read_int64(const struct span *span, int64_t *number)
{
    size_t i = 0;
    bool negative = span->length > 0 && span->text[0] == '-';
    if (span->length > 0 && (negative || span->text[0] == '+'))
        i++;
    if (i == span->length)
        return false;
    const uint64_t most = (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t sum = 0;
    for (; i < span->length; i++) {
        char c = span->text[i];
        if (c < '0' || c > '9')
            return false;
        uint64_t digit = (uint64_t)(c - '0');
        if (sum > (most - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *number = negative ? (int64_t)(~sum + 1) : (int64_t)sum;
    return true;
}

bool read_int32(const struct span *span, int32_t *number)
{
    int64_t wide;
    if (!read_int64(span, &wide) || wide < INT32_MIN || wide > INT32_MAX)
        return false;
    *number = (int32_t)wide;
    return true;
}
