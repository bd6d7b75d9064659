#ifndef FRESHCHECK_HARNESS_RECORDING_LINE_READER_H
#define FRESHCHECK_HARNESS_RECORDING_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Reads a file line by line, from where it stands, in memory that a line must fit in. */
struct line_reader {
    FILE *file;
    char *bytes;
    size_t capacity, begin, end; /* what was read and not given out yet */
    bool at_end;
    size_t number; /* of the last line, from 1 */
};

enum line_read { LINE_READ, LINE_NONE, LINE_TOO_LONG, LINE_READ_FAILED, LINE_READ_NO_MEMORY };

enum { LINE_LENGTH_MAX = 64 << 20 };

/*
 * The next line with its line end, if it has one: borrowed until the next call. LINE_NONE at the
 * end of the file. LINE_READ_FAILED: errno says why.
 */
enum line_read line_reader_next(struct line_reader *reader, const char **line, size_t *length);
void line_reader_free(struct line_reader *reader);

#endif
