#include "harness/flink_config/option_value.h"

#include <string.h>
#include <strings.h>

#include "base/duration.h"

/* Java's Long.parseLong: no blanks. Differs: Java takes the digits of every script. */
static bool read_long(const char *text, int64_t *number)
{
    const char *end = text + strlen(text);
    const bool negative = text < end && *text == '-';
    int64_t sum = 0;
    if (text < end && (*text == '-' || *text == '+'))
        text++;
    if (text == end)
        return false;
    for (; text < end; text++) {
        const int64_t digit = *text - '0';
        if (digit < 0 || digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
            __builtin_add_overflow(sum, negative ? -digit : digit, &sum))
            return false;
    }
    *number = sum;
    return true;
}

static bool read_int(const char *text, int64_t *number)
{
    int64_t sum;
    if (!read_long(text, &sum) || sum < INT32_MIN || sum > INT32_MAX)
        return false;
    *number = sum;
    return true;
}

/* A whole number of units, in microseconds. */
static bool read_units(const char *text, int64_t unit_us, int64_t *number)
{
    int64_t sum;
    if (!read_long(text, &sum))
        return false;
    if (__builtin_mul_overflow(sum, unit_us, number))
        *number = sum < 0 ? INT64_MIN : INT64_MAX;
    return true;
}

static bool read_duration(const char *text, enum release release, int64_t *number)
{
    const enum duration_grammar grammar = release <= RELEASE_1_20  ? DURATION_64_BIT
                                          : release == RELEASE_2_0 ? DURATION_BIG
                                                                   : DURATION_ISO;
    return duration_parse_as(grammar, text, strlen(text), number) == NULL;
}

/* Words of any case; Flink does not trim them. */
static bool read_word(const char *text, const char *const *words, int64_t *number)
{
    for (int64_t i = 0; words[i]; i++) {
        if (strcasecmp(text, words[i]) == 0) {
            *number = i;
            return true;
        }
    }
    return false;
}

bool option_value_read(enum value_type type, enum release release, const char *text,
                       int64_t *number)
{
    static const char *const truths[] = {"false", "true", NULL};
    static const char *const modes[] = {
        [RETENTION_DELETE_ON_CANCEL] = "DELETE_ON_CANCELLATION",
        [RETENTION_RETAIN_ON_CANCEL] = "RETAIN_ON_CANCELLATION",
        [RETENTION_NONE] = "NO_EXTERNALIZED_CHECKPOINTS",
        NULL,
    };
    switch (type) {
    case TYPE_DURATION:
        return read_duration(text, release, number);
    case TYPE_LONG_MS:
        return read_units(text, 1000, number);
    case TYPE_LONG_S:
        return read_units(text, 1000000, number);
    case TYPE_INT:
        return read_int(text, number);
    case TYPE_BOOLEAN:
        return read_word(text, truths, number);
    case TYPE_RETENTION:
        return read_word(text, modes, number);
    }
    return false;
}
