#include "harness/recording/recording_internal.h"

const char recording_no_memory[] = "out of memory";
const char recording_changed[] = "the file changed while it was read";

/* What the second reading is at. */
struct second {
    struct recording *recording;
    recording_visit *visit;
    void *context;
    struct waiting waiting;
    int64_t newest_us;
    size_t exchange_count;
};

static bool visit_first(struct second *second)
{
    struct recorded_exchange exchange = waiting_take(&second->waiting);
    const bool visited = second->visit(second->context, &exchange);
    exchange_release(&exchange);
    return visited;
}

/* Those that no line to come can be earlier than, by what the first reading saw. */
static const char *visit_ripe(struct second *second)
{
    const struct recorded_exchange *first;
    while ((first = waiting_first(&second->waiting)) &&
           first->order.done_us < second->newest_us - second->recording->lateness_us) {
        if (!visit_first(second))
            return recording_no_memory;
    }
    return NULL;
}

static const char *read_line(struct second *second, const char *bytes, size_t length, size_t number)
{
    struct line_remark remark = {0};
    struct recorded_exchange exchange;
    struct json_tree *tree = &second->recording->tree;
    const enum json_outcome outcome = json_tree_read(tree, bytes, length);
    if (outcome != JSON_READ)
        return outcome == JSON_DAMAGED ? recording_changed : recording_no_memory;
    const enum recording_line taken =
        recording_take_line(second->recording, tree->nodes, number, &exchange, &remark);
    if (taken != LINE_EXCHANGE)
        return taken == LINE_OTHER     ? NULL
               : taken == LINE_DAMAGED ? recording_changed
                                       : recording_no_memory;
    if (!waiting_put(&second->waiting, &exchange)) {
        exchange_release(&exchange);
        return recording_no_memory;
    }
    if (second->exchange_count++ == 0 || exchange.order.done_us > second->newest_us)
        second->newest_us = exchange.order.done_us;
    if (second->newest_us - exchange.order.done_us > second->recording->lateness_us)
        return recording_changed;
    return visit_ripe(second);
}

static const char *read_lines(struct second *second, struct line_reader *lines)
{
    const char *bytes, *wrong = NULL;
    size_t length;
    bool has_header = false;
    while (!wrong && lines->number < second->recording->line_count) {
        const enum line_read read = line_reader_next(lines, &bytes, &length);
        if (read != LINE_READ)
            wrong = read == LINE_READ_NO_MEMORY ? recording_no_memory : recording_changed;
        else if (!recording_line_is_blank(bytes, length) && has_header)
            wrong = read_line(second, bytes, length, lines->number);
        else
            has_header |= !recording_line_is_blank(bytes, length);
    }
    while (!wrong && second->waiting.count > 0)
        wrong = visit_first(second) ? NULL : recording_no_memory;
    return wrong;
}

const char *recording_each(struct recording *recording, recording_visit *visit, void *context)
{
    struct second second = {.recording = recording, .visit = visit, .context = context};
    struct line_reader lines = {.file = recording->file};
    if (fseeko(recording->file, recording->start, SEEK_SET) != 0)
        return recording_changed;
    const char *wrong = read_lines(&second, &lines);
    line_reader_free(&lines);
    waiting_free(&second.waiting);
    return !wrong && second.exchange_count != recording->exchange_count ? recording_changed : wrong;
}
