#ifndef FRESHCHECK_HARNESS_LIVE_HEADER_LINES_H
#define FRESHCHECK_HARNESS_LIVE_HEADER_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* The headers of one answer, as libcurl hands them out line by line. Zeroed is empty. */
struct header_lines {
    struct buffer texts; /* name, NUL, value, NUL; and so on */
    size_t count;
};

void header_lines_clear(struct header_lines *lines); /* keeps the memory */
void header_lines_free(struct header_lines *lines);

/* Takes "Name: value\r\n". A status line begins a new answer: those before it were preliminary.
 * False: out of memory. */
bool header_lines_take(struct header_lines *lines, const char *bytes, size_t length);

/* Steps through them: starts with *at = 0; false after the last. Valid until more is taken. */
bool header_lines_next(const struct header_lines *lines, size_t *at, const char **name,
                       const char **value);

/* The value of `Age` in microseconds; 0 when there is none that can be read. */
int64_t header_lines_age_us(const struct header_lines *lines);

#endif
