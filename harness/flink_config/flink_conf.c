#include <string.h>

#include "harness/flink_config/entries_internal.h"

/*
 * flink-conf.yaml: no YAML, but lines. 1.17 to 1.20 read them alike.
 * Source: Flink GlobalConfiguration.loadYAMLResource (1.17, 1.18), loadLegacyYAMLResource.
 */

struct piece {
    const char *start, *end;
};

/* Java's String.trim. */
static struct piece trim(struct piece piece)
{
    while (piece.start < piece.end && (unsigned char)*piece.start <= ' ')
        piece.start++;
    while (piece.start < piece.end && (unsigned char)piece.end[-1] <= ' ')
        piece.end--;
    return piece;
}

static size_t piece_length(struct piece piece)
{
    return (size_t)(piece.end - piece.start);
}

static unsigned column_of(const char *line, const char *at)
{
    unsigned column = 1;
    for (; line < at; line++)
        column += ((unsigned char)*line & 0xc0) != 0x80;
    return column;
}

/* True: go on with the next line. */
static bool read_line(struct config_reader *reader, struct piece line, unsigned number)
{
    const char *const comment = memchr(line.start, '#', piece_length(line));
    const struct piece text = {line.start, comment ? comment : line.end};
    if (piece_length(trim(text)) == 0)
        return true;
    const char *const colon = memmem(text.start, piece_length(text), ": ", 2);
    if (!colon) {
        complaints_add(
            reader->complaints, number, column_of(line.start, trim(text).start),
            "Flink skips this line with a warning: it has no `: ` (a colon and a blank)");
        return true;
    }
    const struct piece key = trim((struct piece){text.start, colon});
    const struct piece value = trim((struct piece){colon + 2, text.end});
    if (piece_length(key) == 0 || piece_length(value) == 0) {
        complaints_add(reader->complaints, number, column_of(line.start, trim(text).start),
                       "Flink skips this line with a warning: its %s is empty",
                       piece_length(key) == 0 ? "key" : "value");
        return true;
    }
    return reader_add(reader, key.start, piece_length(key), value.start, piece_length(value),
                      number, column_of(line.start, value.start));
}

/* Java's BufferedReader.readLine: a line ends with \n, \r or both. */
static const char *line_end(const char *at, const char *end)
{
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    return at;
}

static bool is_utf16(const struct config_reader *reader)
{
    return reader->length >= 2 &&
           (memcmp(reader->bytes, "\xff\xfe", 2) == 0 || memcmp(reader->bytes, "\xfe\xff", 2) == 0);
}

/* What cannot be meant. Flink itself would start, with options of other names. */
static bool refuse_binary(struct config_reader *reader)
{
    if (is_utf16(reader)) {
        complaints_add(reader->complaints, 1, 1,
                       "the file is UTF-16: Flink reads it as UTF-8 and finds none of its options");
        return false;
    }
    const char *nul = memchr(reader->bytes, '\0', reader->length);
    if (!nul)
        return true;
    unsigned line = 1;
    const char *start = reader->bytes;
    for (const char *at = reader->bytes; at < nul; at++) {
        if (*at == '\n') {
            line++;
            start = at + 1;
        }
    }
    complaints_add(reader->complaints, line, column_of(start, nul),
                   "a NUL character: this is no text file");
    return false;
}

bool read_flink_conf(struct config_reader *reader)
{
    if (reader->length == 0)
        return true;
    if (!refuse_binary(reader))
        return false;
    const char *const end = reader->bytes + reader->length;
    if (reader->length >= 3 && memcmp(reader->bytes, "\xef\xbb\xbf", 3) == 0)
        complaints_add(reader->complaints, 1, 1,
                       "the byte order mark here becomes part of the first key, which Flink then "
                       "does not know");
    unsigned number = 1;
    for (const char *at = reader->bytes; at < end; number++) {
        const char *const stop = line_end(at, end);
        if (!read_line(reader, (struct piece){at, stop}, number))
            return false;
        at = stop < end ? stop + 1 : end;
        if (stop < end && *stop == '\r' && at < end && *at == '\n')
            at++;
    }
    return true;
}
