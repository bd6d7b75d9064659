#ifndef FRESHCHECK_BASE_DURATION_H
#define FRESHCHECK_BASE_DURATION_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

/*
 * Reads a duration as Flink 1.17 to 2.0 do: digits, optional blanks, a unit of any case (none
 * means milliseconds). `*us` is rounded towards zero.
 *
 * Returns NULL, or one sentence that says what is wrong (static text).
 * Source: Flink TimeUtils.parseDuration.
 */
const char *duration_parse(const char *text, size_t length, int64_t *us);

/*
 * Appends "300.0 ms" below one second, "2.884 s" below one minute, "61 min 4.0 s" above: one to
 * three digits after the point, the rest cut off so that nothing looks longer than it was.
 */
void duration_print(struct buffer *out, int64_t us);

#endif
