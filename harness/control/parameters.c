#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "base/text.h"
#include "harness/control/control_internal.h"

/* Longer than anybody needs, and short enough that sums of some do not overflow: ten years. */
static const int64_t duration_us_max = INT64_C(3650) * 24 * 3600 * 1000000;

bool asking_refuse(struct asking *asking, int status, const char *format, ...)
{
    struct buffer sentence = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_vprintf(&sentence, format, arguments);
    va_end(arguments);
    buffer_clear(&asking->answer->body);
    struct json_writer json = {.out = &asking->answer->body};
    json_begin_object(&json);
    json_member_array(&json, "errors");
    json_text_length(&json, sentence.bytes ? sentence.bytes : "", sentence.length);
    json_end_array(&json);
    json_end_object(&json);
    asking->answer->status = status;
    asking->no_memory |= sentence.failed || asking->answer->body.failed;
    buffer_free(&sentence);
    return false;
}

static bool no_memory(struct asking *asking)
{
    asking->no_memory = true;
    return false;
}

/* Names are typed with hyphens, since a blank in a URL must be coded. */
const char *did_you_mean(char text[96], const char *mistyped, const char *const *names,
                         size_t count)
{
    const char *nearest = text_nearest(mistyped, names, count);
    if (!nearest)
        return "";
    snprintf(text, 96, "; did you mean '%s'?", nearest);
    for (char *at = strchr(text, '\''); *at != '\0'; at++) {
        if (*at == ' ')
            *at = '-';
    }
    return text;
}

/* --- taking a request apart --------------------------------------------------------------- */

static int hexadecimal(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Undoes %XX, and '+' for a blank. NULL: refused, or no_memory. Source: RFC 3986, 2.1. */
static char *decode(struct asking *asking, const char *text, size_t length)
{
    char *decoded = malloc(length + 1);
    if (!decoded) {
        no_memory(asking);
        return NULL;
    }
    size_t end = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%') {
            const int high = i + 2 < length ? hexadecimal(text[i + 1]) : -1;
            const int low = high >= 0 ? hexadecimal(text[i + 2]) : -1;
            c = low >= 0 ? (char)(high * 16 + low) : '\0';
            i += 2;
        }
        if (c == '\0') {
            asking_refuse(asking, 400, "'%.*s' is not well coded", (int)(length < 60 ? length : 60),
                          text);
            free(decoded);
            return NULL;
        }
        decoded[end++] = c;
    }
    decoded[end] = '\0';
    return decoded;
}

/* Takes over name and value, which may be NULL after a refusal. */
static bool add_parameter_new(struct asking *asking, char *name, char *value)
{
    bool added = false;
    if (!name || !value)
        goto out;
    if (parameter_text(asking, name)) {
        asking_refuse(asking, 400, "%s is given twice", name);
    } else if (asking->parameter_count == PARAMETERS_MAX) {
        asking_refuse(asking, 400, "there are more than %d parameters", PARAMETERS_MAX);
    } else {
        asking->parameters[asking->parameter_count++] = (struct parameter){name, value};
        added = true;
    }
out:
    if (!added) {
        free(name);
        free(value);
    }
    return added;
}

/* "by=3s&in=1min": a query, or what curl sends for --data. */
static bool read_form(struct asking *asking, const char *text, size_t length)
{
    const char *const end = text + length;
    while (text < end) {
        const char *stop = memchr(text, '&', (size_t)(end - text));
        if (!stop)
            stop = end;
        const char *equals = memchr(text, '=', (size_t)(stop - text));
        const char *name_end = equals ? equals : stop;
        const char *value = equals ? equals + 1 : stop;
        if (stop > text) {
            char *name = decode(asking, text, (size_t)(name_end - text));
            if (!add_parameter_new(asking, name,
                                   name ? decode(asking, value, (size_t)(stop - value)) : NULL))
                return false;
        }
        text = stop + 1;
    }
    return true;
}

/* A JSON value as the text that a query would have; NULL: refused, or no_memory. */
static char *text_of(struct asking *asking, const char *name, const json_t *value)
{
    char number[24];
    const char *text = NULL;
    if (json_is_string(value))
        text = json_string_value(value);
    else if (json_is_boolean(value))
        text = json_is_true(value) ? "true" : "false";
    else if (json_is_integer(value)) {
        snprintf(number, sizeof number, "%" PRId64, (int64_t)json_integer_value(value));
        text = number;
    }
    if (!text) {
        asking_refuse(asking, 400, "%s must be a text, a whole number or a boolean", name);
        return NULL;
    }
    char *copy = text_copy(text);
    if (!copy)
        no_memory(asking);
    return copy;
}

static bool read_members(struct asking *asking, json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        char *name = text_copy(key);
        if (!name)
            return no_memory(asking);
        if (!add_parameter_new(asking, name, text_of(asking, key, value)))
            return false;
    }
    return true;
}

static bool read_json(struct asking *asking, const char *text, size_t length)
{
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        return asking_refuse(asking, 400, "the body is no JSON: %s (line %d, column %d)",
                             error.text, error.line, error.column);
    const bool fine = json_is_object(root)
                          ? read_members(asking, root)
                          : asking_refuse(asking, 400, "the body must be a JSON object");
    json_decref(root);
    return fine;
}

bool asking_read_body(struct asking *asking)
{
    const char *text = asking->body;
    size_t length = asking->body_length;
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    if (length > 0 && (*text == '{' || *text == '['))
        return read_json(asking, text, length);
    return read_form(asking, text, length);
}

/* Slashes at both ends mean nothing. One segment too many is kept, so that no call is found. */
static void cut_path(struct asking *asking)
{
    char *rest = NULL;
    for (char *at = strtok_r(asking->path, "/", &rest); at; at = strtok_r(NULL, "/", &rest)) {
        if (asking->segment_count < SEGMENTS_MAX)
            asking->segments[asking->segment_count++] = at;
    }
}

bool asking_read(struct asking *asking, const struct request *request)
{
    const char *path = request->target + strlen("/freshcheck");
    const size_t length = request->target_length - strlen("/freshcheck");
    const char *mark = memchr(path, '?', length);
    const size_t path_length = mark ? (size_t)(mark - path) : length;
    asking->path = decode(asking, path, path_length);
    if (!asking->path)
        return false;
    cut_path(asking);
    asking->body = request->body;
    asking->body_length = request->body ? request->body_length : 0;
    return !mark || read_form(asking, mark + 1, length - path_length - 1);
}

void asking_free(struct asking *asking)
{
    for (size_t i = 0; i < asking->parameter_count; i++) {
        free(asking->parameters[i].name);
        free(asking->parameters[i].value);
    }
    free(asking->path);
}

/* --- reading values ----------------------------------------------------------------------- */

const char *parameter_text(const struct asking *asking, const char *name)
{
    for (size_t i = 0; i < asking->parameter_count; i++) {
        if (strcmp(asking->parameters[i].name, name) == 0)
            return asking->parameters[i].value;
    }
    return NULL;
}

static bool read_duration(struct asking *asking, const char *name, const char *text, int64_t *us)
{
    int64_t read_us;
    const char *why = duration_parse(text, strlen(text), &read_us);
    if (why)
        return asking_refuse(asking, 400, "%s=%s: %s", name, text, why);
    if (read_us > duration_us_max)
        return asking_refuse(asking, 400, "%s=%s is more than ten years", name, text);
    *us = read_us;
    return true;
}

bool parameter_duration(struct asking *asking, const char *name, int64_t *us)
{
    const char *text = parameter_text(asking, name);
    return !text || read_duration(asking, name, text, us);
}

bool parameter_signed_duration(struct asking *asking, const char *name, int64_t *us)
{
    const char *text = parameter_text(asking, name);
    if (!text || *text != '-')
        return parameter_duration(asking, name, us);
    if (!read_duration(asking, name, text + 1, us))
        return false;
    *us = -*us;
    return true;
}

bool parameter_number(struct asking *asking, const char *name, int64_t least, int64_t most,
                      int64_t *number)
{
    const char *text = parameter_text(asking, name);
    if (!text)
        return true;
    const size_t digit_count = strspn(text, "0123456789");
    const int64_t read = digit_count > 0 && digit_count <= 18 && text[digit_count] == '\0'
                             ? strtoll(text, NULL, 10)
                             : -1;
    if (read < least || read > most)
        return asking_refuse(asking, 400,
                             "%s=%s: a whole number from %" PRId64 " to %" PRId64 " was expected",
                             name, text, least, most);
    *number = read;
    return true;
}

/* Capitals, blanks, hyphens and underscores make no difference. */
static bool is_same_name(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        const char left = *a == ' ' || *a == '_' ? '-' : (char)tolower((unsigned char)*a);
        const char right = *b == ' ' || *b == '_' ? '-' : (char)tolower((unsigned char)*b);
        if (left != right)
            return false;
    }
    return *a == *b;
}

bool parameter_name(struct asking *asking, const char *name, const char *const *names, size_t count,
                    size_t *index)
{
    const char *text = parameter_text(asking, name);
    if (!text)
        return true;
    for (size_t i = 0; i < count; i++) {
        if (is_same_name(text, names[i])) {
            *index = i;
            return true;
        }
    }
    char nearest[96];
    return asking_refuse(asking, 400, "%s=%s is unknown%s", name, text,
                         did_you_mean(nearest, text, names, count));
}
