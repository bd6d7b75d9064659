#ifndef FRESHCHECK_BASE_DURATION_H
#define FRESHCHECK_BASE_DURATION_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

/* What a text may be. Source: Flink TimeUtils.parseDuration. */
enum duration_grammar {
    DURATION_64_BIT, /* 1.17 to 1.20: digits that fit into 64 bits, blanks, a unit of any case
                         (none means milliseconds) */
    DURATION_BIG,    /* 2.0: any number of digits */
    DURATION_ISO     /* since 2.1: ISO-8601 too, where no digit comes first */
};

/*
 * Reads a duration. `*us` is rounded towards zero, and INT64_MAX where it would be more.
 * Returns NULL, or one sentence that says what is wrong (static text); `*us` is then unchanged.
 */
const char *duration_parse_as(enum duration_grammar grammar, const char *text, size_t length,
                              int64_t *us);

/* The same as DURATION_64_BIT, but refuses what 64-bit microseconds cannot hold. */
const char *duration_parse(const char *text, size_t length, int64_t *us);

/*
 * Appends "300.0 ms" below one second, "2.884 s" below one minute, "61 min 4.0 s" above: one to
 * three digits after the point, the rest cut off so that nothing looks longer than it was.
 */
void duration_print(struct buffer *out, int64_t us);

/* Appends exactly what it is, in the largest unit that divides it: "3 s", "1500 ms", "10 min"; "0 s";
 * "for ever" for INT64_MAX. */
void duration_name(struct buffer *out, int64_t us);

#endif
