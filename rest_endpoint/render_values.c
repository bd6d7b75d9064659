#include "rest_endpoint/render_internal.h"

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324252627282930"
                                  "31323334353637383940414243444546474849505152535455565758596061"
                                  "62636465666768697071727374757677787980818283848586878889909192"
                                  "93949596979899";

enum { DIGITS_MAX = 20 };

char *render_int64(char *at, int64_t value)
{
    /* Twice the width: the copy below has a fixed length, which saves a call. */
    char digits[2 * DIGITS_MAX] = {0};
    char *first = digits + DIGITS_MAX;
    uint64_t rest = (uint64_t)value;

    if (value < 0) {
        *at++ = '-';
        rest = -rest;
    }
    while (rest >= 100) {
        first -= 2;
        memcpy(first, digit_pairs + 2 * (rest % 100), 2);
        rest /= 100;
    }
    if (rest >= 10) {
        first -= 2;
        memcpy(first, digit_pairs + 2 * rest, 2);
    } else {
        *--first = (char)('0' + rest);
    }
    memcpy(at, first, DIGITS_MAX);
    return at + (digits + DIGITS_MAX - first);
}

/* How long the text is, or -1 when a byte of it must be escaped or checked. */
static ptrdiff_t plain_length(const char *text)
{
    const char *at = text;
    for (; *at; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e || *at == '"' || *at == '\\')
            return -1;
    }
    return at - text;
}

void render_text(const char *text, struct buffer *out)
{
    ptrdiff_t length = text ? plain_length(text) : -1;
    if (length < 0) {
        json_text(&(struct json_writer){.out = out}, text);
        return;
    }
    char *at = buffer_reserve(out, (size_t)length + 2);
    if (!at)
        return;
    at[0] = '"';
    memcpy(at + 1, text, (size_t)length);
    at[length + 1] = '"';
    out->length += (size_t)length + 2;
}

/* Equal values need no sorting, and a job that never had in-flight data has nothing but zeros. */
static bool all_percentiles(const struct summary *summary, double values[SUMMARY_PERCENTILES])
{
    if (summary->min != summary->max)
        return summary_percentiles(summary, values);
    for (size_t i = 0; i < SUMMARY_PERCENTILES; i++)
        values[i] = (double)summary->min;
    return true;
}

static void render_bounds(const struct summary *summary, struct buffer *out)
{
    char *start = buffer_reserve(out, 3 * INT64_ROOM + 32);
    if (!start)
        return;
    char *at = render_int64(PUT(start, "{\"min\":"), summary->min);
    at = render_int64(PUT(at, ",\"max\":"), summary->max);
    at = render_int64(PUT(at, ",\"avg\":"), summary_average(summary));
    out->length += (size_t)(at - start);
}

void render_summary(const struct summary *summary, struct buffer *out)
{
    static const char *const keys[SUMMARY_PERCENTILES] = {
        [SUMMARY_P50] = ",\"p50\":", [SUMMARY_P90] = ",\"p90\":",   [SUMMARY_P95] = ",\"p95\":",
        [SUMMARY_P99] = ",\"p99\":", [SUMMARY_P999] = ",\"p999\":",
    };
    double values[SUMMARY_PERCENTILES];

    render_bounds(summary, out);
    if (summary->count == 0 || !summary->samples) {
        static const char none[] = ",\"p50\":\"NaN\",\"p90\":\"NaN\",\"p95\":\"NaN\","
                                   "\"p99\":\"NaN\",\"p999\":\"NaN\"}";
        buffer_append(out, none, sizeof(none) - 1);
        return;
    }
    if (!all_percentiles(summary, values)) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < SUMMARY_PERCENTILES; i++) {
        buffer_text(out, keys[i]);
        render_java_double(values[i], out);
    }
    buffer_char(out, '}');
}

void render_member_id(struct json_writer *json, const char *key, struct id id)
{
    char text[ID_DIGITS + 1];
    id_format(id, text);
    json_member_text(json, key, text);
}
