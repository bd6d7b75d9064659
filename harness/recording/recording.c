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
    for (size_t i = 0; i < recording->observation_count; i++)
        observation_clear(&recording->observations[i].seen);
    free(recording->observations);
    free(recording->exchanges);
    free(recording->completions);
    digest_table_free(&recording->observation_indices);
    digest_table_free(&recording->completion_indices);
    text_pool_free(&recording->targets);
    text_pool_free(&recording->clients);
    free(recording->name);
    free(recording->flink_version);
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

/* What reading is at: the file is read line by line, and no line is kept. */
struct reading {
    FILE *file;
    struct complaints *complaints;
    struct recording *recording;
    unsigned line_number;
    bool has_header;
};

static enum recording_line take(struct reading *reading, const json_t *line)
{
    struct line_remark remark = {0};
    enum recording_line taken = reading->has_header
                                    ? recording_take_line(reading->recording, line, &remark)
                                    : recording_take_header(reading->recording, line, &remark);
    if (taken == LINE_DAMAGED)
        complaints_add(reading->complaints, reading->line_number, 0, "%s%s%s",
                       remark.option ? remark.option : "", remark.option ? ": " : "",
                       remark.damage);
    if (taken == LINE_TAKEN && remark.unreadable)
        complaints_add(reading->complaints, reading->line_number, 0,
                       "%s; it counts as an answer that says nothing", remark.unreadable);
    reading->has_header |= taken == LINE_TAKEN;
    return taken;
}

static enum recording_line take_bytes(struct reading *reading, const char *bytes, size_t length)
{
    json_error_t error;
    json_t *line = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
    if (line && json_is_object(line)) {
        enum recording_line taken = take(reading, line);
        json_decref(line);
        return taken;
    }
    bool no_memory = !line && json_error_code(&error) == json_error_out_of_memory;
    json_decref(line);
    if (no_memory)
        return LINE_NO_MEMORY;
    bool cut_off = bytes[length - 1] != '\n';
    complaints_add(reading->complaints, reading->line_number, 0, "%s",
                   cut_off ? "the file ends within this line" : "the line is no JSON object");
    return LINE_DAMAGED;
}

static bool is_blank(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!memchr(" \t\r\n", bytes[i], 4))
            return false;
    }
    return true;
}

/* Reads until the end or until the first line that cannot be taken. */
static enum recording_line read_lines(struct reading *reading)
{
    enum recording_line taken = LINE_TAKEN;
    char *bytes = NULL;
    size_t capacity = 0;
    while (taken == LINE_TAKEN) {
        errno = 0;
        ssize_t length = getline(&bytes, &capacity, reading->file);
        if (length <= 0) {
            taken = errno == ENOMEM ? LINE_NO_MEMORY : LINE_TAKEN;
            break;
        }
        reading->line_number++;
        if (!is_blank(bytes, (size_t)length))
            taken = take_bytes(reading, bytes, (size_t)length);
    }
    if (taken == LINE_TAKEN && ferror(reading->file))
        complaints_add(reading->complaints, reading->line_number, 0,
                       "the file cannot be read further: %s", strerror(errno));
    free(bytes);
    return taken;
}

/* Lines come in order of completion but for the clients that wrote at the same moment. */
static int earlier_done(const void *left, const void *right)
{
    const struct recorded_exchange *a = left, *b = right;
    if (a->done_us != b->done_us)
        return a->done_us < b->done_us ? -1 : 1;
    if (a->seq != b->seq)
        return a->seq < b->seq ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

struct recording *recording_read(FILE *file, struct complaints *complaints)
{
    struct reading reading = {.file = file, .complaints = complaints};
    size_t earlier_complaints = complaints->count;
    reading.recording = calloc(1, sizeof(*reading.recording));
    enum recording_line taken = reading.recording ? read_lines(&reading) : LINE_NO_MEMORY;
    if (taken != LINE_NO_MEMORY && !reading.has_header) {
        if (complaints->count == earlier_complaints)
            complaints_add(complaints, 0, 0, "the file is empty");
        goto refuse;
    }
    if (taken == LINE_NO_MEMORY)
        goto no_memory;
    struct recording *recording = reading.recording;
    if (recording->exchange_count > 0)
        qsort(recording->exchanges, recording->exchange_count, sizeof(*recording->exchanges),
              earlier_done);
    if (recording_conclude(recording))
        return recording;
no_memory:
    complaints_add(complaints, reading.line_number, 0, "out of memory");
refuse:
    recording_free(reading.recording);
    return NULL;
}
