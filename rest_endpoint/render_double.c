#include <math.h>

#include "rest_endpoint/render_internal.h"

/*
 * Percentiles are numbers such as 22.0, 66048.5 and 1830.100000000004. json_java_double() finds
 * the shortest text of the last kind by printing and reading back; here the same is done in whole
 * numbers, for the range that Java writes without an exponent.
 */

/* No more than these are needed to tell a double from its neighbours, and up to 15 digits always
 * come back from a double as they went in. */
enum { DIGITS_MAX = 17, DIGITS_ALWAYS = 15 };

/* value = mantissa / 2^shift = digits / 10^decimals, the latter rounded. */
struct decimal {
    uint64_t digits;
    int decimals;
};

static const uint64_t powers_of_ten[] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

/* How many digits stand before the point; negative for zeros right after it. From 1e-3 to 1e7. */
static int whole_digit_count(double value)
{
    static const double bounds[] = {1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    int count = -2;
    for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]) && value >= bounds[i]; i++)
        count++;
    return count;
}

/* 128 bits are enough: 53 of mantissa and 64 of a power of ten; 57 of digits and a shift of 62. */
__extension__ typedef unsigned __int128 uint128;

/* Rounds to so many decimals; true when no other double is nearer to the outcome. */
static bool round_to(uint64_t mantissa, int shift, struct decimal *decimal)
{
    uint64_t power = powers_of_ten[decimal->decimals];
    uint128 exact = (uint128)mantissa * power;
    uint128 rounded = (exact + ((uint128)1 << (shift - 1))) >> shift;
    uint128 back = rounded << shift;
    uint128 distance = back > exact ? back - exact : exact - back;

    decimal->digits = (uint64_t)rounded;
    return distance < power / 2;
}

static struct decimal shortest(double value)
{
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(value, &exponent), 53);
    int whole = whole_digit_count(value);
    struct decimal decimal = {.decimals = DIGITS_ALWAYS - whole};

    while (!round_to(mantissa, 53 - exponent, &decimal) && decimal.decimals + whole < DIGITS_MAX)
        decimal.decimals++;
    return decimal;
}

static char *put_fraction(char *at, uint64_t fraction, int count)
{
    /* At most 15 zeros end it, since one of the first 15 digits is another. */
    for (int zeros = 8; zeros > 0; zeros /= 2) {
        if (count > zeros && fraction % powers_of_ten[zeros] == 0) {
            fraction /= powers_of_ten[zeros];
            count -= zeros;
        }
    }
    for (int i = count; i-- > 0; fraction /= 10)
        at[i] = (char)('0' + fraction % 10);
    return at + count;
}

static char *put_plain(char *at, double value)
{
    int64_t whole = (int64_t)value;

    if ((double)whole == value)
        return PUT(render_int64(at, whole), ".0");
    struct decimal decimal = shortest(value);
    uint64_t power = powers_of_ten[decimal.decimals];
    at = PUT(render_int64(at, (int64_t)(decimal.digits / power)), ".");
    return put_fraction(at, decimal.digits % power, decimal.decimals);
}

/* Source: Java Double.toString. */
void render_java_double(double value, struct buffer *out)
{
    bool plain = (value >= 1e-3 && value < 1e7) || (value == 0 && !signbit(value));
    char *at = buffer_reserve(out, 2 * INT64_ROOM);

    if (!at)
        return;
    if (plain)
        out->length += (size_t)(put_plain(at, value) - at);
    else
        json_java_double(&(struct json_writer){.out = out}, value);
}
