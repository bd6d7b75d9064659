#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "harness/conform/conform_internal.h"

static bool is_lower_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool format_is_id(const char *text)
{
    size_t length = 0;
    while (length <= ID_DIGITS && is_lower_hex(text[length]))
        length++;
    return length == ID_DIGITS && text[length] == '\0';
}

/* "file:/a", "s3://b": letters and then ":/". */
static bool has_scheme(const char *text)
{
    static const char scheme[] = "abcdefghijklmnopqrstuvwxyz0123456789+.-";
    const size_t length = strspn(text, scheme);
    return length > 1 && strncmp(text + length, ":/", 2) == 0;
}

enum text_format { TEXT_EMPTY, TEXT_NAN, TEXT_ID, TEXT_URI, TEXT_FILE, TEXT_PLAIN };

static enum text_format text_format(const char *text)
{
    if (*text == '\0')
        return TEXT_EMPTY;
    if (strcmp(text, "NaN") == 0)
        return TEXT_NAN;
    if (format_is_id(text))
        return TEXT_ID;
    if (has_scheme(text))
        return TEXT_URI;
    return *text == '/' ? TEXT_FILE : TEXT_PLAIN;
}

enum integer_format { INTEGER_NONE, INTEGER_COUNT, INTEGER_EPOCH_MS, INTEGER_NO_LIMIT };

/* 13 digits are the milliseconds from September 2001 to November 2286. Long.MAX_VALUE is how Flink
 * says "never" (reference section 2.2), -1 how it says "none". */
static enum integer_format integer_format(json_int_t number)
{
    if (number < 0)
        return INTEGER_NONE;
    if (number == INT64_MAX)
        return INTEGER_NO_LIMIT;
    return number >= 1000000000000 && number <= 9999999999999 ? INTEGER_EPOCH_MS : INTEGER_COUNT;
}

const char *format_difference(const json_t *recorded, const json_t *answered)
{
    static const char *const texts[] = {
        [TEXT_EMPTY] = "the text was empty",
        [TEXT_NAN] = "it was \"NaN\"",
        [TEXT_ID] = "it was an id of 32 hexadecimal digits",
        [TEXT_URI] = "it was a path with a scheme",
        [TEXT_FILE] = "it was the path of a file",
        [TEXT_PLAIN] = "it was a word or a sentence",
    };
    static const char *const integers[] = {
        [INTEGER_NONE] = "it was negative, which stands for none",
        [INTEGER_COUNT] = "it was a count, a size or a duration",
        [INTEGER_EPOCH_MS] = "it was a time in milliseconds since 1970",
        [INTEGER_NO_LIMIT] = "it was the largest long, which stands for never",
    };
    if (json_is_string(recorded)) {
        const enum text_format format = text_format(json_string_value(recorded));
        return format == text_format(json_string_value(answered)) ? NULL : texts[format];
    }
    if (json_is_integer(recorded)) {
        const enum integer_format format = integer_format(json_integer_value(recorded));
        return format == integer_format(json_integer_value(answered)) ? NULL : integers[format];
    }
    return NULL;
}

/* The line that says what happened: the first, or the one after the heading that Flink puts before
 * the trace of an unexpected exception. Source: Flink AbstractHandler.handleException. */
static const char *telling_line(const char *text)
{
    static const char heading[] = "<Exception on server side:\n";
    return strncmp(text, heading, sizeof(heading) - 1) == 0 ? text + sizeof(heading) - 1 : text;
}

static size_t id_length(const char *text)
{
    size_t length = 0;
    while (isxdigit((unsigned char)text[length]))
        length++;
    return length == ID_DIGITS ? length : 0;
}

static bool ends_with(const struct buffer *out, const char *end)
{
    const size_t length = strlen(end);
    return out->length >= length && memcmp(out->bytes + out->length - length, end, length) == 0;
}

/* Copies the telling line with ids of jobs, vertices and triggers as <id>, and numbers of
 * checkpoints as <n>. */
static void append_without_ids(struct buffer *out, const char *text)
{
    for (const char *at = telling_line(text); *at && *at != '\n';) {
        const size_t id = id_length(at);
        const size_t digits = strspn(at, "0123456789");
        if (id > 0) {
            buffer_text(out, "<id>");
            at += id;
        } else if (digits > 0 && (ends_with(out, "checkpoint ") || ends_with(out, "snapshot "))) {
            buffer_text(out, "<n>");
            at += digits;
        } else {
            const size_t run = strspn(at, "0123456789abcdefABCDEF");
            buffer_append(out, at, run > 0 ? run : 1);
            at += run > 0 ? run : 1;
        }
    }
    buffer_char(out, '\0');
}

bool error_text_same(const char *recorded, const char *answered, bool *same)
{
    struct buffer wanted = {0}, given = {0};
    append_without_ids(&wanted, recorded);
    append_without_ids(&given, answered);
    const bool has_memory = !wanted.failed && !given.failed;
    *same = has_memory && strcmp(wanted.bytes, given.bytes) == 0;
    buffer_free(&wanted);
    buffer_free(&given);
    return has_memory;
}
