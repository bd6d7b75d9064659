#include "harness/recording/recording_internal.h"

/* What was judged, told once more to somebody who wants to see it happen. */

/* An exchange that a witness names, as it stands in the file. */
struct raw_line {
    uint64_t seq;
    size_t line; /* 0: not found */
    struct buffer method, headers, body;
};

struct retelling {
    const struct listener *listener;
    struct raw_line lines[WITNESS_EVENTS_MAX];
    size_t count, missing;
};

static void want_lines(struct retelling *retelling, const struct property_verdict *verdict)
{
    for (size_t i = 0; i < verdict->witness_count; i++) {
        if (verdict->witness[i].seq != 0)
            retelling->lines[retelling->count++].seq = verdict->witness[i].seq;
    }
    retelling->missing = retelling->count;
}

/* False ends the reading: all were found. */
static bool note_line(void *context, const struct recorded_exchange *exchange)
{
    struct retelling *retelling = context;
    for (size_t i = 0; i < retelling->count; i++) {
        struct raw_line *wanted = &retelling->lines[i];
        if (wanted->line > 0 || wanted->seq != exchange->order.seq)
            continue;
        wanted->line = exchange->order.line;
        retelling->missing--;
    }
    return retelling->missing > 0;
}

static void copy_headers(const struct node *headers, struct buffer *out)
{
    if (!node_is(headers, NODE_OBJECT))
        return;
    const struct node *header = node_first(headers);
    for (size_t i = 0; i < headers->as.count; i++, header = node_next(header)) {
        if (!node_is(header, NODE_TEXT))
            continue;
        buffer_append(out, header->name, header->name_length);
        buffer_text(out, ": ");
        node_decode(header, out);
        buffer_char(out, '\n');
    }
}

static bool copy_line(struct raw_line *wanted, const struct node *line)
{
    node_decode(node_get(line, "method"), &wanted->method);
    buffer_char(&wanted->method, '\0');
    copy_headers(node_get(line, "headers"), &wanted->headers);
    buffer_char(&wanted->headers, '\0');
    node_decode(node_get(line, "body"), &wanted->body);
    return !wanted->method.failed && !wanted->headers.failed && !wanted->body.failed;
}

static const char *copy_if_wanted(struct retelling *retelling, struct recording *recording,
                                  const char *bytes, size_t length, size_t number)
{
    for (size_t i = 0; i < retelling->count; i++) {
        if (retelling->lines[i].line != number || retelling->lines[i].method.length > 0)
            continue;
        const enum json_outcome outcome = json_tree_read(&recording->tree, bytes, length);
        if (outcome != JSON_READ)
            return outcome == JSON_DAMAGED ? recording_changed : recording_no_memory;
        if (!copy_line(&retelling->lines[i], recording->tree.nodes))
            return recording_no_memory;
    }
    return NULL;
}

static const char *copy_lines(struct retelling *retelling, struct recording *recording)
{
    struct line_reader lines = {.file = recording->file};
    const char *bytes, *wrong = NULL;
    size_t length, last = 0;
    for (size_t i = 0; i < retelling->count; i++) {
        if (retelling->lines[i].line > last)
            last = retelling->lines[i].line;
    }
    if (fseeko(recording->file, recording->start, SEEK_SET) != 0)
        return recording_changed;
    while (!wrong && lines.number < last) {
        const enum line_read read = line_reader_next(&lines, &bytes, &length);
        if (read != LINE_READ)
            wrong = read == LINE_READ_NO_MEMORY ? recording_no_memory : recording_changed;
        else
            wrong = copy_if_wanted(retelling, recording, bytes, length, lines.number);
    }
    line_reader_free(&lines);
    return wrong;
}

static bool retell_fact(void *context, const struct fact *fact)
{
    const struct retelling *retelling = context;
    return retelling->listener->fact(retelling->listener->context, fact);
}

static bool retell_exchange(void *context, const struct recorded_exchange *recorded,
                            const struct exchange *exchange)
{
    const struct retelling *retelling = context;
    struct raw_exchange raw = {0};
    for (size_t i = 0; i < retelling->count; i++) {
        const struct raw_line *line = &retelling->lines[i];
        if (line->line != recorded->order.line)
            continue;
        raw.method = line->method.bytes;
        raw.headers = line->headers.bytes;
        raw.body = line->body.length > 0 ? line->body.bytes : NULL;
        raw.body_length = line->body.length;
        break;
    }
    return retelling->listener->exchange(retelling->listener->context, exchange, &raw);
}

const char *recording_retell(struct recording *recording, const struct judgement *judgement,
                             enum property property, const struct listener *listener)
{
    struct retelling retelling = {.listener = listener};
    const struct history_ear ear = {&retelling, retell_fact, retell_exchange};
    want_lines(&retelling, &judgement->properties[property]);
    const char *wrong = NULL;
    if (retelling.missing > 0)
        wrong = recording_each(recording, note_line, &retelling);
    if (retelling.missing == 0) /* else its end is what it says */
        wrong = copy_lines(&retelling, recording);
    if (!wrong)
        wrong = recording_as_history(recording, &judgement->claim, &ear);
    for (size_t i = 0; i < retelling.count; i++) {
        buffer_free(&retelling.lines[i].method);
        buffer_free(&retelling.lines[i].headers);
        buffer_free(&retelling.lines[i].body);
    }
    return wrong;
}
