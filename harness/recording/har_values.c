#include <string.h>
#include <time.h>

#include "harness/recording/har_internal.h"

/* Fixed digits of a date; false when there are others. */
static bool read_digits(const char **at, const char *end, size_t count, int *number)
{
    *number = 0;
    if ((size_t)(end - *at) < count)
        return false;
    for (size_t i = 0; i < count; i++, ++*at) {
        if (**at < '0' || **at > '9')
            return false;
        *number = 10 * *number + (**at - '0');
    }
    return true;
}

static bool skip(const char **at, const char *end, char letter)
{
    if (*at == end || **at != letter)
        return false;
    ++*at;
    return true;
}

/* The fraction of a second, and what its last digit is worth. More than six are cut off. */
static bool read_fraction(const char **at, const char *end, int64_t *us, int64_t *step_us)
{
    const char *start = *at;
    *us = 0;
    *step_us = 1000000;
    for (; *at < end && **at >= '0' && **at <= '9'; ++*at) {
        if (*step_us == 1)
            continue;
        *step_us /= 10;
        *us += *step_us * (**at - '0');
    }
    return *at > start;
}

static bool read_zone(const char **at, const char *end, int64_t *us)
{
    int hours, minutes;
    *us = 0;
    if (skip(at, end, 'Z'))
        return *at == end;
    const bool is_behind = skip(at, end, '-');
    if (!is_behind && !skip(at, end, '+'))
        return false;
    if (!read_digits(at, end, 2, &hours))
        return false;
    (void)skip(at, end, ':');
    if (!read_digits(at, end, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *us = (is_behind ? -1 : 1) * (60 * hours + minutes) * INT64_C(60000000);
    return *at == end;
}

bool har_date(const struct node *text, int64_t *us, int64_t *step_us)
{
    struct tm date = {0};
    int64_t fraction_us = 0, zone_us;
    if (!node_is(text, NODE_TEXT))
        return false;
    const char *at = text->as.text.bytes, *end = at + text->as.text.length;
    *step_us = 1000000;
    if (!read_digits(&at, end, 4, &date.tm_year) || !skip(&at, end, '-') ||
        !read_digits(&at, end, 2, &date.tm_mon) || !skip(&at, end, '-') ||
        !read_digits(&at, end, 2, &date.tm_mday) || !skip(&at, end, 'T') ||
        !read_digits(&at, end, 2, &date.tm_hour) || !skip(&at, end, ':') ||
        !read_digits(&at, end, 2, &date.tm_min) || !skip(&at, end, ':') ||
        !read_digits(&at, end, 2, &date.tm_sec))
        return false;
    if (skip(&at, end, '.') && !read_fraction(&at, end, &fraction_us, step_us))
        return false;
    if (date.tm_year < 1970 || date.tm_year > 2200 || date.tm_mon < 1 || date.tm_mon > 12 ||
        date.tm_mday < 1 || date.tm_mday > 31 || date.tm_hour > 23 || date.tm_min > 59 ||
        date.tm_sec > 60 || !read_zone(&at, end, &zone_us))
        return false;
    date.tm_year -= 1900;
    date.tm_mon--;
    *us = (int64_t)timegm(&date) * 1000000 + fraction_us - zone_us;
    return true;
}

/* Source: Flink RestServerEndpoint (prefix /v1), WebMonitorEndpoint.initializeHandlers. */
const char *har_flink_path(const char *url)
{
    static const char *const roots[] = {
        "v1",   "jobs",     "overview",   "config",       "cluster",
        "jars", "datasets", "jobmanager", "taskmanagers", "savepoint-disposal"};
    const char *scheme = strstr(url, "://");
    const char *at = strchr(scheme ? scheme + 3 : url, '/');
    while (at) {
        const size_t length = strcspn(at + 1, "/?#");
        for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
            if (strlen(roots[i]) == length && memcmp(at + 1, roots[i], length) == 0)
                return at;
        }
        at = at[1 + length] == '/' ? at + 1 + length : NULL;
    }
    return NULL;
}

bool har_decode_base64(const char *text, size_t length, struct buffer *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    unsigned count = 0;
    for (size_t i = 0; i < length; i++) {
        const char *digit = text[i] ? strchr(digits, text[i]) : NULL;
        if (text[i] == '=')
            break;
        if (text[i] == '\r' || text[i] == '\n')
            continue;
        if (!digit)
            return false;
        bits = bits << 6 | (uint32_t)(digit - digits);
        count += 6;
        if (count >= 8) {
            count -= 8;
            buffer_char(out, (char)(bits >> count & 0xff));
        }
    }
    return true;
}
