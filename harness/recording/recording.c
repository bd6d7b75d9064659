#include "harness/recording/recording.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/recording/recording_internal.h"

void *recording_grow(void *items, size_t count, size_t *capacity, size_t item_size)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? 2 * *capacity : 16;
    if (wanted > SIZE_MAX / item_size)
        return NULL;
    void *larger = realloc(items, wanted * item_size);
    if (larger)
        *capacity = wanted;
    return larger;
}

void recording_free(struct recording *recording)
{
    if (!recording)
        return;
    for (size_t i = 0; i < recording->completion_count; i++)
        free(recording->completions[i].path);
    free(recording->completions);
    free(recording->triggered);
    digest_table_free(&recording->completion_indices);
    digest_table_free(&recording->jobs);
    bodies_free(&recording->bodies);
    json_tree_free(&recording->tree);
    text_pool_free(&recording->clients);
    free(recording->name);
    free(recording->flink_version);
    fclose(recording->file);
    free(recording);
}

const char *recording_name(const struct recording *recording)
{
    return recording->name;
}

const char *recording_flink_version(const struct recording *recording)
{
    return recording->flink_version;
}

bool recording_is_damaged(const struct recording *recording)
{
    return recording->is_damaged;
}

/* What the first reading is at. */
struct reading {
    struct line_reader lines;
    struct complaints *complaints;
    struct recording *recording;
    size_t unreadable_count;
    bool has_header;
};

/* A client that was answered by something else all day is told so a few times. */
enum { UNREADABLE_TOLD_MAX = 20 };

static void complain(struct reading *reading, const char *sentence)
{
    complaints_add(reading->complaints, (unsigned)reading->lines.number, 0, "%s", sentence);
}

static void tell_unreadable(struct reading *reading, const char *why)
{
    if (reading->unreadable_count++ < UNREADABLE_TOLD_MAX)
        complaints_add(reading->complaints, (unsigned)reading->lines.number, 0,
                       "%s; it counts as an answer that says nothing", why);
}

static void tell_damage(struct reading *reading, const struct line_remark *remark)
{
    complaints_add(reading->complaints, (unsigned)reading->lines.number, 0, "%s%s%s",
                   remark->option ? remark->option : "", remark->option ? ": " : "",
                   remark->damage);
}

static enum recording_line take(struct reading *reading, const struct node *line)
{
    struct line_remark remark = {0};
    struct recorded_exchange exchange = {0};
    struct recording *recording = reading->recording;
    enum recording_line taken =
        reading->has_header
            ? recording_take_line(recording, line, reading->lines.number, &exchange, &remark)
            : recording_take_header(recording, line, &remark);
    if (taken == LINE_DAMAGED)
        tell_damage(reading, &remark);
    if (taken == LINE_EXCHANGE && remark.unreadable)
        tell_unreadable(reading, remark.unreadable);
    const struct look_ahead look = {reading->complaints, (unsigned)reading->lines.number};
    if (taken == LINE_EXCHANGE)
        taken = recording_look_ahead(recording, &exchange, &look);
    exchange_release(&exchange);
    reading->has_header |= taken == LINE_OTHER;
    return taken;
}

static enum recording_line take_bytes(struct reading *reading, const char *bytes, size_t length)
{
    struct json_tree *tree = &reading->recording->tree;
    const enum json_outcome outcome = json_tree_read(tree, bytes, length);
    if (outcome == JSON_NO_MEMORY)
        return LINE_NO_MEMORY;
    if (outcome == JSON_READ && node_is(tree->nodes, NODE_OBJECT))
        return take(reading, tree->nodes);
    bool cut_off = bytes[length - 1] != '\n';
    complain(reading, cut_off ? "the file ends within this line" : "the line is no JSON object");
    return LINE_DAMAGED;
}

bool recording_line_is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!memchr(" \t\r\n", bytes[i], 4))
            return false;
    }
    return true;
}

/* False when there is no further line to be had. */
static bool next_line(struct reading *reading, const char **bytes, size_t *length,
                      enum recording_line *taken)
{
    switch (line_reader_next(&reading->lines, bytes, length)) {
    case LINE_READ:
        return true;
    case LINE_NONE:
        break;
    case LINE_TOO_LONG:
        complain(reading, "the line is longer than 64 MB, which no recording needs");
        *taken = LINE_DAMAGED;
        break;
    case LINE_READ_FAILED:
        complaints_add(reading->complaints, (unsigned)reading->lines.number, 0,
                       "the file cannot be read further: %s", strerror(errno));
        *taken = LINE_DAMAGED;
        break;
    case LINE_READ_NO_MEMORY:
        *taken = LINE_NO_MEMORY;
        break;
    }
    return false;
}

/* Reads until the end or until the first line that cannot be taken. */
static enum recording_line read_lines(struct reading *reading)
{
    enum recording_line taken = LINE_OTHER;
    const char *bytes;
    size_t length;
    while (next_line(reading, &bytes, &length, &taken)) {
        if (!recording_line_is_blank(bytes, length))
            taken = take_bytes(reading, bytes, length);
        if (taken == LINE_DAMAGED || taken == LINE_NO_MEMORY)
            break;
        reading->recording->line_count = reading->lines.number;
    }
    reading->recording->is_damaged = taken == LINE_DAMAGED;
    return taken;
}

/* What cannot be read twice is copied to a file that has no name and goes with the program. */
static const char *spool(FILE **file)
{
    char bytes[16384];
    size_t count;
    FILE *pipe = *file, *copy = tmpfile();
    if (!copy)
        return "it comes through a pipe, and there is no place for a copy of it";
    *file = copy;
    while ((count = fread(bytes, 1, sizeof(bytes), pipe)) > 0) {
        if (fwrite(bytes, 1, count, copy) != count)
            break;
    }
    const bool read = !ferror(pipe) && feof(pipe);
    fclose(pipe);
    return read && fseeko(copy, 0, SEEK_SET) == 0
               ? NULL
               : "it comes through a pipe, and it could not be copied to its end";
}

static const char *prepare(struct recording *recording)
{
    recording->start = ftello(recording->file);
    if (recording->start >= 0)
        return NULL;
    recording->start = 0;
    return spool(&recording->file);
}

struct recording *recording_take(FILE *file, struct complaints *complaints)
{
    struct reading reading = {.complaints = complaints};
    enum recording_line taken = LINE_NO_MEMORY;
    size_t earlier_complaints = complaints->count;
    const char *refusal = "out of memory";
    reading.recording = calloc(1, sizeof(*reading.recording));
    if (!reading.recording) {
        fclose(file);
        goto refuse;
    }
    reading.recording->file = file;
    refusal = prepare(reading.recording);
    if (refusal)
        goto refuse;
    reading.lines.file = reading.recording->file;
    taken = read_lines(&reading);
    if (taken == LINE_NO_MEMORY)
        refusal = "out of memory";
    else if (!reading.has_header && complaints->count == earlier_complaints)
        refusal = "the file is empty";
    if (refusal || !reading.has_header)
        goto refuse;
    if (reading.unreadable_count > UNREADABLE_TOLD_MAX)
        complaints_add(complaints, (unsigned)reading.lines.number, 0,
                       "up to here %zu more answers like these say nothing",
                       reading.unreadable_count - UNREADABLE_TOLD_MAX);
    recording_tell_version(reading.recording, complaints);
    recording_tell_clock(reading.recording, complaints);
    line_reader_free(&reading.lines);
    return reading.recording;
refuse:
    if (refusal)
        complaints_add(complaints, 0, 0, "%s", refusal);
    line_reader_free(&reading.lines);
    recording_free(reading.recording);
    return NULL;
}
