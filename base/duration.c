#include "base/duration.h"

#include <stdbool.h>

#include "base/buffer.h"

struct unit {
    const char *name; /* lower case */
    int64_t us;       /* 0: nanoseconds, a thousandth of the smallest step here */
};

#define MILLISECOND_US INT64_C(1000)
#define SECOND_US (1000 * MILLISECOND_US)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

/* Source: Flink TimeUtils.TimeUnit. */
static const struct unit units[] = {
    {"", MILLISECOND_US},
    {"d", DAY_US},
    {"day", DAY_US},
    {"days", DAY_US},
    {"h", HOUR_US},
    {"hour", HOUR_US},
    {"hours", HOUR_US},
    {"min", MINUTE_US},
    {"m", MINUTE_US},
    {"minute", MINUTE_US},
    {"minutes", MINUTE_US},
    {"s", SECOND_US},
    {"sec", SECOND_US},
    {"secs", SECOND_US},
    {"second", SECOND_US},
    {"seconds", SECOND_US},
    {"ms", MILLISECOND_US},
    {"milli", MILLISECOND_US},
    {"millis", MILLISECOND_US},
    {"millisecond", MILLISECOND_US},
    {"milliseconds", MILLISECOND_US},
    {"\u00b5s", 1},
    {"micro", 1},
    {"micros", 1},
    {"microsecond", 1},
    {"microseconds", 1},
    {"ns", 0},
    {"nano", 0},
    {"nanos", 0},
    {"nanosecond", 0},
    {"nanoseconds", 0},
};

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

/* Moves `text` past its leading digits. False when the number needs more than 64 bits. */
static bool read_number(struct piece *text, int64_t *number)
{
    *number = 0;
    for (; text->start < text->end && *text->start >= '0' && *text->start <= '9'; text->start++) {
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, *text->start - '0', number))
            return false;
    }
    return true;
}

const char *duration_parse(const char *text, size_t length, int64_t *us)
{
    struct piece rest = trim((struct piece){text, text + length});
    if (rest.start == rest.end)
        return "The duration is empty; expected a number and a unit, as in \"3 s\".";

    const char *const first_digit = rest.start;
    int64_t number;
    if (!read_number(&rest, &number))
        return "The number of this duration does not fit into 64 bits.";
    if (rest.start == first_digit)
        return "A duration must begin with a digit; signs and the ISO-8601 form are not accepted.";

    const struct unit *const unit = unit_named(trim(rest));
    if (!unit)
        return "The unit of this duration is not known; expected one of d, h, min, s, ms, \u00b5s, "
               "ns or their long names, or none for milliseconds.";
    if (unit->us == 0) {
        *us = number / 1000;
        return NULL;
    }
    /* Differs: Flink's Duration goes further, but no instant here lies past 64-bit microseconds. */
    int64_t product;
    if (__builtin_mul_overflow(number, unit->us, &product))
        return "This duration is too long; at most 292,000 years can be reckoned with.";
    *us = product;
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
    if (size_us < (uint64_t)SECOND_US) {
        print_thousandths(out, size_us);
        buffer_text(out, " ms");
        return;
    }
    if (size_us >= (uint64_t)MINUTE_US) {
        buffer_uint64(out, size_us / (uint64_t)MINUTE_US);
        buffer_text(out, " min ");
    }
    print_thousandths(out, size_us % (uint64_t)MINUTE_US / (uint64_t)MILLISECOND_US);
    buffer_text(out, " s");
}
