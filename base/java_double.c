#include "base/json_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGITS_MAX = 17,    /* as many as any double needs to read back equal */
    DIGITS_ALWAYS = 15, /* as many as every normal double gives back unchanged */
    DIGITS_MIN = 2,     /* Java shows at least one digit on either side of the point */
};

/* A positive number as d.ddd times ten to the exponent. */
struct decimal {
    char digits[DIGITS_MAX + 1];
    int digit_count;
    int exponent;
};

static void drop_trailing_zeros(struct decimal *decimal)
{
    while (decimal->digit_count > 1 && decimal->digits[decimal->digit_count - 1] == '0')
        decimal->digit_count--;
}

/* Rounds to so many digits; true when they read back as the same number. */
static bool round_to(double value, int digit_count, struct decimal *decimal)
{
    char text[DIGITS_MAX + 16];
    snprintf(text, sizeof text, "%.*e", digit_count - 1, value);
    decimal->digits[0] = text[0];
    memcpy(decimal->digits + 1, text + 2, (size_t)digit_count - 1); /* past the point */
    decimal->digit_count = digit_count;
    decimal->exponent = atoi(text + digit_count + 2); /* past the "e" */
    return strtod(text, NULL) == value;
}

/* Most numbers here are whole, and those need no search. */
static bool is_small_integer(double value)
{
    return value < 1e15 && value == floor(value);
}

static void from_integer(uint64_t value, struct decimal *decimal)
{
    char digits[DIGITS_MAX];
    int first = DIGITS_MAX;
    for (; value > 0; value /= 10)
        digits[--first] = (char)('0' + value % 10);
    decimal->digit_count = DIGITS_MAX - first;
    decimal->exponent = decimal->digit_count - 1;
    memcpy(decimal->digits, digits + first, (size_t)decimal->digit_count);
}

/*
 * The shortest digits that read back as `value`. If fewer than DIGITS_ALWAYS do, then rounding a
 * normal number to DIGITS_ALWAYS gives the same ones with zeros after them, so that the search may
 * begin there. Subnormal numbers have less precision and are searched from the start.
 */
static void shortest(double value, struct decimal *decimal)
{
    if (is_small_integer(value)) {
        from_integer((uint64_t)value, decimal);
    } else {
        int digit_count = fpclassify(value) == FP_SUBNORMAL ? DIGITS_MIN : DIGITS_ALWAYS;
        while (!round_to(value, digit_count, decimal) && digit_count < DIGITS_MAX)
            digit_count++;
    }
    drop_trailing_zeros(decimal);
}

/* Appends the digits from `from` up to `to`, with zeros for those that are not there. */
static void append_digits(struct buffer *out, const struct decimal *decimal, int from, int to)
{
    for (int i = from; i < to; i++)
        buffer_char(out, i >= 0 && i < decimal->digit_count ? decimal->digits[i] : '0');
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static void write_plain(struct buffer *out, const struct decimal *decimal)
{
    const int point = decimal->exponent + 1; /* digits before the point; below 1: zeros after it */
    append_digits(out, decimal, point < 1 ? point - 1 : 0, point);
    buffer_char(out, '.');
    append_digits(out, decimal, point, larger(decimal->digit_count, point + 1));
}

static void write_scientific(struct buffer *out, const struct decimal *decimal)
{
    append_digits(out, decimal, 0, 1);
    buffer_char(out, '.');
    append_digits(out, decimal, 1, larger(decimal->digit_count, 2));
    buffer_char(out, 'E');
    buffer_int64(out, decimal->exponent);
}

/* Source: Java Double.toString; Jackson writes what is no number in quotes. */
void json_java_double(struct json_writer *json, double value)
{
    if (isnan(value)) {
        json_text(json, "NaN");
        return;
    }
    if (isinf(value)) {
        json_text(json, value > 0 ? "Infinity" : "-Infinity");
        return;
    }
    if (value == 0) {
        json_raw(json, signbit(value) ? "-0.0" : "0.0", signbit(value) ? 4 : 3);
        return;
    }
    json_raw(json, "-", value < 0);
    struct decimal decimal;
    shortest(fabs(value), &decimal);
    if (fabs(value) >= 1e-3 && fabs(value) < 1e7)
        write_plain(json->out, &decimal);
    else
        write_scientific(json->out, &decimal);
}
