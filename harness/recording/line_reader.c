#include "harness/recording/line_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_FIRST = 256 << 10 };

/* Makes room behind what is not given out yet. */
static enum line_read make_room(struct line_reader *reader)
{
    const size_t kept = reader->end - reader->begin;
    if (kept > 0 && reader->begin > 0)
        memmove(reader->bytes, reader->bytes + reader->begin, kept);
    reader->begin = 0;
    reader->end = kept;
    if (kept < reader->capacity)
        return LINE_READ;
    if (kept >= LINE_LENGTH_MAX)
        return LINE_TOO_LONG;
    const size_t wanted = reader->capacity ? 2 * reader->capacity : CAPACITY_FIRST;
    char *larger = realloc(reader->bytes, wanted);
    if (!larger)
        return LINE_READ_NO_MEMORY;
    reader->bytes = larger;
    reader->capacity = wanted;
    return LINE_READ;
}

static enum line_read fill(struct line_reader *reader)
{
    const enum line_read room = make_room(reader);
    if (room != LINE_READ)
        return room;
    errno = 0;
    const size_t count =
        fread(reader->bytes + reader->end, 1, reader->capacity - reader->end, reader->file);
    if (count == 0 && ferror(reader->file))
        return LINE_READ_FAILED;
    reader->end += count;
    reader->at_end = count == 0;
    return LINE_READ;
}

enum line_read line_reader_next(struct line_reader *reader, const char **line, size_t *length)
{
    const char *newline = NULL;
    for (size_t looked_at = 0; !newline;) {
        const size_t there = reader->end - reader->begin;
        if (there > looked_at)
            newline = memchr(reader->bytes + reader->begin + looked_at, '\n', there - looked_at);
        looked_at = there;
        if (newline || reader->at_end)
            break;
        const enum line_read filled = fill(reader);
        if (filled != LINE_READ) {
            reader->number++;
            return filled;
        }
    }
    if (reader->begin == reader->end)
        return LINE_NONE;
    *line = reader->bytes + reader->begin;
    *length = newline ? (size_t)(newline - *line) + 1 : reader->end - reader->begin;
    reader->begin += *length;
    reader->number++;
    return LINE_READ;
}

void line_reader_free(struct line_reader *reader)
{
    free(reader->bytes);
    *reader = (struct line_reader){0};
}
