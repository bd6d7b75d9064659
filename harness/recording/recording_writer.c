#include "harness/recording/recording_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct recording_writer {
    int file;
    struct buffer line;
    uint64_t count;
};

/* Cuts off what was written of a line, so that the next one does not go on where it ends. What is
 * no file on a disk cannot be cut. */
static void take_back(int file, size_t written)
{
    const int why = errno;
    const off_t end = lseek(file, 0, SEEK_END);
    if (written > 0 && end >= (off_t)written && ftruncate(file, end - (off_t)written) == 0)
        lseek(file, 0, SEEK_END);
    errno = why;
}

/* The kernel takes a line for a file whole but for a full disk and the like. */
static bool write_line(struct recording_writer *writer)
{
    size_t written = 0;
    if (writer->line.failed) {
        errno = ENOMEM;
        return false;
    }
    while (written < writer->line.length) {
        const ssize_t count =
            write(writer->file, writer->line.bytes + written, writer->line.length - written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            take_back(writer->file, written);
            return false;
        }
        written += (size_t)count;
    }
    return true;
}

struct recording_writer *recording_writer_new(int file, const struct written_head *head)
{
    struct recording_writer *writer = calloc(1, sizeof(*writer));
    errno = ENOMEM;
    if (writer) {
        writer->file = file;
        written_head_line(head, &writer->line);
        if (write_line(writer))
            return writer;
    }
    const int why = errno;
    if (writer)
        buffer_free(&writer->line);
    free(writer);
    close(file);
    errno = why;
    return NULL;
}

bool recording_writer_exchange(struct recording_writer *writer,
                               const struct written_exchange *exchange)
{
    struct written_exchange numbered = *exchange;
    numbered.seq = writer->count + 1;
    buffer_clear(&writer->line);
    written_exchange_line(&numbered, &writer->line);
    if (!write_line(writer))
        return false;
    writer->count++;
    return true;
}

bool recording_writer_note(struct recording_writer *writer, int64_t at_us, const char *note)
{
    buffer_clear(&writer->line);
    written_note_line(at_us, note, &writer->line);
    return write_line(writer);
}

uint64_t recording_writer_count(const struct recording_writer *writer)
{
    return writer->count;
}

bool recording_writer_free(struct recording_writer *writer)
{
    if (!writer)
        return true;
    const bool closed = close(writer->file) == 0;
    const int why = errno;
    buffer_free(&writer->line);
    free(writer);
    errno = why;
    return closed;
}
