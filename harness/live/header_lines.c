#include "harness/live/header_lines.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void header_lines_clear(struct header_lines *lines)
{
    buffer_clear(&lines->texts);
    lines->count = 0;
}

void header_lines_free(struct header_lines *lines)
{
    buffer_free(&lines->texts);
    lines->count = 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool header_lines_take(struct header_lines *lines, const char *bytes, size_t length)
{
    static const char status_line[] = "HTTP/";
    if (length >= sizeof status_line - 1 &&
        memcmp(bytes, status_line, sizeof status_line - 1) == 0) {
        header_lines_clear(lines);
        return true;
    }
    const char *colon = memchr(bytes, ':', length);
    if (!colon || memchr(bytes, '\0', length))
        return true; /* the empty line, or none that means anything */
    const char *value = colon + 1, *end = bytes + length;
    while (value < end && is_blank(*value))
        value++;
    while (end > value && is_blank(end[-1]))
        end--;
    buffer_append(&lines->texts, bytes, (size_t)(colon - bytes));
    buffer_char(&lines->texts, '\0');
    buffer_append(&lines->texts, value, (size_t)(end - value));
    buffer_char(&lines->texts, '\0');
    lines->count++;
    return !lines->texts.failed;
}

bool header_lines_next(const struct header_lines *lines, size_t *at, const char **name,
                       const char **value)
{
    if (*at >= lines->texts.length)
        return false;
    *name = lines->texts.bytes + *at;
    *value = *name + strlen(*name) + 1;
    *at = (size_t)(*value + strlen(*value) + 1 - lines->texts.bytes);
    return true;
}

/* Whole seconds, of which 2^31 and more are alike. Source: RFC 9111, sections 5.1 and 1.2.2. */
int64_t header_lines_age_us(const struct header_lines *lines)
{
    const int64_t most_s = INT64_C(1) << 31;
    const char *name, *value;
    size_t at = 0;
    while (header_lines_next(lines, &at, &name, &value)) {
        if (strcasecmp(name, "Age") != 0)
            continue;
        if (*value < '0' || *value > '9')
            return 0;
        const int64_t age_s = strtoll(value, NULL, 10);
        return (age_s < most_s ? age_s : most_s) * 1000000;
    }
    return 0;
}
