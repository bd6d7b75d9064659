#ifndef FRESHCHECK_HARNESS_RECORDING_RECORDING_WRITER_H
#define FRESHCHECK_HARNESS_RECORDING_RECORDING_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* Writes recordings: docs/recording-format.md. All texts are borrowed for the call. */

struct written_setting {
    const char *option; /* "web.refresh-interval" */
    const char *value;
};

/* The first line. */
struct written_head {
    const char *name;
    const char *flink_version;
    const struct written_setting *settings;
    size_t setting_count;
    int64_t time0_us; /* since 1970: what all other times count from */
};

struct written_header {
    const char *name, *value;
};

/* One exchange. Times are microseconds since time 0. */
struct written_exchange {
    uint64_t seq;
    int64_t sent_us, done_us;
    const char *method, *path;
    const char *request; /* NULL: no body was sent */
    size_t request_length;
    int status; /* 0: no answer came */
    const struct written_header *headers;
    size_t header_count;
    const char *body;
    size_t body_length;
    const char *client; /* NULL: not known */
};

/*
 * Append one line each, with its line end. What JSON cannot hold is replaced: bytes that are no
 * UTF-8, and NUL, by U+FFFD. Headers are written in small letters, those of one name as one, with
 * ", " between the values (RFC 9110, section 5.3).
 */
void written_head_line(const struct written_head *head, struct buffer *out);
void written_exchange_line(const struct written_exchange *exchange, struct buffer *out);
void written_note_line(int64_t at_us, const char *note, struct buffer *out);

/*
 * Appends to an open file, each line whole by one write(2): whatever ends the program, what was
 * appended before is in the file. Nothing is kept back and nothing is synced: what survives the
 * program need not survive the machine.
 */
struct recording_writer;

/* Takes over the file descriptor and writes the first line. NULL, and the descriptor is closed,
 * when that fails: errno says why. */
struct recording_writer *recording_writer_new(int file, const struct written_head *head);

/*
 * Appends a line; `seq` is given by the writer, from 1 on. False when it could not be written whole:
 * errno says why, the line is taken back, and the next may be tried.
 */
bool recording_writer_exchange(struct recording_writer *writer,
                               const struct written_exchange *exchange);
bool recording_writer_note(struct recording_writer *writer, int64_t at_us, const char *note);

/* How many exchanges are in the file. */
uint64_t recording_writer_count(const struct recording_writer *writer);

/* Closes the file; false when that tells of an error: errno says which. NULL is allowed. */
bool recording_writer_free(struct recording_writer *writer);

#endif
