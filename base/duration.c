#include "base/duration.h"

#include <stdbool.h>

#include "base/buffer.h"

/* Nanoseconds in as many bits as every duration of Java needs: up to 2^63 seconds. */
__extension__ typedef unsigned __int128 nanos;
__extension__ typedef __int128 signed_nanos;

struct unit {
    const char *name; /* lower case */
    int64_t ns;
};

#define MICROSECOND_NS INT64_C(1000)
#define MILLISECOND_NS (1000 * MICROSECOND_NS)
#define SECOND_NS (1000 * MILLISECOND_NS)
#define MINUTE_NS (60 * SECOND_NS)
#define HOUR_NS (60 * MINUTE_NS)
#define DAY_NS (24 * HOUR_NS)

enum { MILLISECOND_US = 1000, SECOND_US = 1000 * 1000, MINUTE_US = 60 * SECOND_US };

/* Source: Flink TimeUtils.TimeUnit. */
static const struct unit units[] = {
    {"", MILLISECOND_NS},
    {"d", DAY_NS},
    {"day", DAY_NS},
    {"days", DAY_NS},
    {"h", HOUR_NS},
    {"hour", HOUR_NS},
    {"hours", HOUR_NS},
    {"min", MINUTE_NS},
    {"m", MINUTE_NS},
    {"minute", MINUTE_NS},
    {"minutes", MINUTE_NS},
    {"s", SECOND_NS},
    {"sec", SECOND_NS},
    {"secs", SECOND_NS},
    {"second", SECOND_NS},
    {"seconds", SECOND_NS},
    {"ms", MILLISECOND_NS},
    {"milli", MILLISECOND_NS},
    {"millis", MILLISECOND_NS},
    {"millisecond", MILLISECOND_NS},
    {"milliseconds", MILLISECOND_NS},
    {"\u00b5s", MICROSECOND_NS},
    {"micro", MICROSECOND_NS},
    {"micros", MICROSECOND_NS},
    {"microsecond", MICROSECOND_NS},
    {"microseconds", MICROSECOND_NS},
    {"ns", 1},
    {"nano", 1},
    {"nanos", 1},
    {"nanosecond", 1},
    {"nanoseconds", 1},
};

/* What java.time.Duration can hold at most: 2^63 - 1 seconds and what is below one. */
#define DURATION_NS_MAX ((nanos)INT64_MAX * SECOND_NS + (SECOND_NS - 1))

static const char too_long[] = "This duration is longer than Flink can hold.";

struct piece {
    const char *start;
    const char *end;
};

/* Java's String.trim removes every character up to the space, control characters too. */
static struct piece trim(struct piece piece)
{
    while (piece.start < piece.end && (unsigned char)*piece.start <= ' ')
        piece.start++;
    while (piece.start < piece.end && (unsigned char)piece.end[-1] <= ' ')
        piece.end--;
    return piece;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_named(const struct unit *unit, struct piece label)
{
    const char *name = unit->name;
    for (; label.start < label.end && *name; label.start++, name++) {
        if (lower(*label.start) != *name)
            return false;
    }
    return label.start == label.end && *name == '\0';
}

static const struct unit *unit_named(struct piece label)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (is_named(&units[i], label))
            return &units[i];
    }
    return NULL;
}

/* Moves `text` past its leading digits. False when the number is beyond anything here. */
static bool read_number(struct piece *text, nanos *number)
{
    bool fits = true;
    *number = 0;
    for (; text->start < text->end && *text->start >= '0' && *text->start <= '9'; text->start++) {
        const nanos digit = (nanos)(*text->start - '0');
        fits = fits && !__builtin_mul_overflow(*number, (nanos)10, number) &&
               !__builtin_add_overflow(*number, digit, number);
    }
    return fits;
}

/* Rounded towards zero; more than 292,000 years are INT64_MAX. */
static int64_t whole_microseconds(nanos ns)
{
    const nanos us = ns / MICROSECOND_NS;
    return us > (nanos)INT64_MAX ? INT64_MAX : (int64_t)us;
}

/* "5 s", behind its blanks: digits, then a unit. Source: Flink TimeUtils.parseDuration. */
static const char *read_with_unit(struct piece rest, enum duration_grammar grammar, int64_t *us)
{
    nanos number, ns;
    const bool fits = read_number(&rest, &number);
    if (!fits || (grammar == DURATION_64_BIT && number > (nanos)INT64_MAX))
        return grammar == DURATION_64_BIT ? "The number of this duration does not fit into 64 bits."
                                          : too_long;
    const struct unit *const unit = unit_named(trim(rest));
    if (!unit)
        return "The unit of this duration is not known; expected one of d, h, min, s, ms, \u00b5s, "
               "ns or their long names, or none for milliseconds.";
    if (__builtin_mul_overflow(number, (nanos)unit->ns, &ns) || ns > DURATION_NS_MAX)
        return too_long;
    *us = whole_microseconds(ns);
    return NULL;
}

/* One of the numbers of an ISO-8601 duration; what follows it is its letter. */
struct iso_number {
    bool negative;
    int64_t whole, ns; /* ns: what was behind the point */
    bool has_fraction;
    char letter; /* lower case; NUL: there is none */
};

static bool take_sign(struct piece *rest, bool *negative)
{
    if (rest->start == rest->end || (*rest->start != '-' && *rest->start != '+'))
        return false;
    *negative = *rest->start++ == '-';
    return true;
}

/* Up to nine digits, as nanoseconds. */
static bool take_fraction(struct piece *rest, struct iso_number *number)
{
    int64_t place_ns = SECOND_NS;
    for (; rest->start < rest->end && *rest->start >= '0' && *rest->start <= '9'; rest->start++) {
        place_ns /= 10;
        if (place_ns == 0)
            return false;
        number->ns += (*rest->start - '0') * place_ns;
    }
    return true;
}

static bool take_iso_number(struct piece *rest, struct iso_number *number)
{
    nanos whole;
    *number = (struct iso_number){0};
    (void)take_sign(rest, &number->negative);
    const char *const first_digit = rest->start;
    if (!read_number(rest, &whole) || rest->start == first_digit || whole > (nanos)INT64_MAX)
        return false;
    number->whole = (int64_t)whole;
    if (rest->start < rest->end && (*rest->start == '.' || *rest->start == ',')) {
        number->has_fraction = true;
        rest->start++;
        if (!take_fraction(rest, number))
            return false;
    }
    if (rest->start < rest->end)
        number->letter = lower(*rest->start++);
    return true;
}

/* Adds a number when its letter may come here: d before the t, then h, m, s, each once. */
static bool add_iso_number(const struct iso_number *number, bool is_time, const char **order,
                           signed_nanos *sum)
{
    static const struct {
        char letter;
        int64_t ns;
    } steps[] = {{'d', DAY_NS}, {'h', HOUR_NS}, {'m', MINUTE_NS}, {'s', SECOND_NS}};
    const char *place = *order;
    while (*place != '\0' && *place != number->letter)
        place++;
    if (number->letter == '\0' || *place == '\0' || (number->letter == 'd') == is_time ||
        (number->has_fraction && number->letter != 's'))
        return false;
    *order = place + 1;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i].letter == number->letter) {
            const signed_nanos ns = (signed_nanos)number->whole * steps[i].ns + number->ns;
            *sum += number->negative ? -ns : ns;
        }
    }
    return true;
}

/* Between P and the end. False when it is no duration. */
static bool read_iso_numbers(struct piece rest, signed_nanos *sum)
{
    const char *order = "dhms";
    bool is_time = false, any = false;
    while (rest.start < rest.end) {
        if (!is_time && lower(*rest.start) == 't') {
            is_time = true;
            any = false; /* something must follow it */
            rest.start++;
            continue;
        }
        struct iso_number number;
        if (!take_iso_number(&rest, &number) || !add_iso_number(&number, is_time, &order, sum))
            return false;
        any = true;
    }
    return any;
}

/* "PT3S". Source: java.time.Duration.parse, which Flink asks since FLINK-37668. */
static const char *read_iso(struct piece rest, int64_t *us)
{
    static const char is_none[] =
        "A duration must begin with a digit, or be of the ISO-8601 form, as PT3S.";
    bool negative = false;
    signed_nanos sum = 0;
    (void)take_sign(&rest, &negative);
    if (rest.start == rest.end || lower(*rest.start++) != 'p' || !read_iso_numbers(rest, &sum))
        return is_none;
    if (negative)
        sum = -sum;
    if (sum < 0)
        return "A duration must not be negative.";
    if ((nanos)sum > DURATION_NS_MAX)
        return too_long;
    *us = whole_microseconds((nanos)sum);
    return NULL;
}

const char *duration_parse_as(enum duration_grammar grammar, const char *text, size_t length,
                              int64_t *us)
{
    const struct piece rest = trim((struct piece){text, text + length});
    if (rest.start == rest.end)
        return "The duration is empty; expected a number and a unit, as in \"3 s\".";
    if (*rest.start >= '0' && *rest.start <= '9')
        return read_with_unit(rest, grammar, us);
    if (grammar == DURATION_ISO)
        return read_iso(rest, us);
    return "A duration must begin with a digit; signs and the ISO-8601 form are not accepted.";
}

const char *duration_parse(const char *text, size_t length, int64_t *us)
{
    int64_t read_us;
    const char *fault = duration_parse_as(DURATION_64_BIT, text, length, &read_us);
    if (fault)
        return fault;
    /* Differs: Flink's Duration goes further, but no instant here lies past 64-bit microseconds. */
    if (read_us == INT64_MAX)
        return "This duration is too long; at most 292,000 years can be reckoned with.";
    *us = read_us;
    return NULL;
}

/* A number of thousandths with one to three digits after the point, the way people write it. */
static void print_thousandths(struct buffer *out, uint64_t thousandths)
{
    unsigned fraction = (unsigned)(thousandths % 1000);
    buffer_uint64(out, thousandths / 1000);
    buffer_char(out, '.');
    for (unsigned step = 100; step > 0; step /= 10) {
        buffer_char(out, (char)('0' + fraction / step));
        fraction %= step;
        if (fraction == 0)
            return;
    }
}

void duration_print(struct buffer *out, int64_t us)
{
    const uint64_t size_us = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
    if (us < 0)
        buffer_char(out, '-');
    if (size_us < SECOND_US) {
        print_thousandths(out, size_us);
        buffer_text(out, " ms");
        return;
    }
    if (size_us >= MINUTE_US) {
        buffer_uint64(out, size_us / MINUTE_US);
        buffer_text(out, " min ");
    }
    print_thousandths(out, size_us % MINUTE_US / MILLISECOND_US);
    buffer_text(out, " s");
}

void duration_name(struct buffer *out, int64_t us)
{
    static const struct {
        int64_t us;
        const char *name;
    } named[] = {{INT64_C(86400000000), "d"},
                 {INT64_C(3600000000), "h"},
                 {60000000, "min"},
                 {1000000, "s"},
                 {1000, "ms"},
                 {1, "us"}};
    size_t unit = 3;
    if (us == INT64_MAX) {
        buffer_text(out, "for ever");
        return;
    }
    for (size_t i = 0; us != 0 && i < sizeof named / sizeof named[0]; i++) {
        unit = i;
        if (us % named[i].us == 0)
            break;
    }
    buffer_int64(out, us / named[unit].us);
    buffer_char(out, ' ');
    buffer_text(out, named[unit].name);
}
