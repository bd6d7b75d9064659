#include <inttypes.h>
#include <stdio.h>

#include "reports/report.h"
#include "reports/text_internal.h"

static const char *const colours[] = {
    [COLOUR_NONE] = "",          [COLOUR_GOOD] = "\033[32m", [COLOUR_KNOWN] = "\033[33m",
    [COLOUR_BAD] = "\033[1;31m", [COLOUR_DIM] = "\033[2m",   [COLOUR_BOLD] = "\033[1m",
};

void text_begin(const struct report *report, enum colour colour, struct buffer *out)
{
    if (report->colour)
        buffer_text(out, colours[colour]);
}

void text_end(const struct report *report, struct buffer *out)
{
    if (report->colour)
        buffer_text(out, "\033[0m");
}

void text_pad(struct buffer *out, size_t written, size_t width)
{
    while (written++ < width)
        buffer_char(out, ' ');
}

void text_plain(struct buffer *out, const char *text)
{
    for (const char *c = text; *c; c++)
        buffer_char(out, (unsigned char)*c < 0x20 || *c == 0x7f ? '?' : *c);
}

size_t text_width(const char *text)
{
    size_t width = 0;
    for (const char *c = text; *c; c++)
        width += ((unsigned char)*c & 0xc0) != 0x80; /* bytes that continue a character */
    return width;
}

size_t text_subject_width(const struct report *report)
{
    size_t width = 0;
    for (size_t i = 0; i < report->result_count; i++) {
        if (text_width(report->results[i].subject) > width)
            width = text_width(report->results[i].subject);
    }
    return width;
}

bool report_needs_attention(const struct report_result *result)
{
    if (result->skipped)
        return false;
    if (result->failure)
        return true;
    if (result->has_expectation)
        return !result->as_expected;
    return result->judgement->whole == VERDICT_FAIL;
}

size_t text_broken(const struct judgement *judgement, enum property *first)
{
    size_t count = 0;
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (!judgement->claim.claimed[i] || judgement->properties[i].verdict != VERDICT_FAIL)
            continue;
        if (count++ == 0)
            *first = (enum property)i;
    }
    return count;
}

enum { TIME_TEXT_MAX = 32 };

static size_t print_time(const struct witness_event *event, char text[TIME_TEXT_MAX])
{
    return (size_t)snprintf(text, TIME_TEXT_MAX, "%.1f ms", (double)event->at_us / 1000.0);
}

/* Times of a witness stand under each other, so the column is as wide as the widest. */
static void write_witness(const struct property_verdict *verdict, struct buffer *out)
{
    size_t time_width = 0;
    size_t who_width = 0;
    char time[TIME_TEXT_MAX];
    for (size_t i = 0; i < verdict->witness_count; i++) {
        const size_t width = print_time(&verdict->witness[i], time);
        const size_t who = text_width(verdict->witness[i].who);
        time_width = width > time_width ? width : time_width;
        who_width = who > who_width ? who : who_width;
    }
    for (size_t i = 0; i < verdict->witness_count; i++) {
        const struct witness_event *event = &verdict->witness[i];
        buffer_text(out, "   ");
        text_pad(out, print_time(event, time), time_width);
        buffer_printf(out, "%s  ", time);
        text_plain(out, event->who);
        text_pad(out, text_width(event->who), who_width);
        buffer_text(out, "  ");
        text_plain(out, event->what);
        if (event->seq != 0)
            buffer_printf(out, "  [seq %" PRIu64 "]", event->seq);
        buffer_char(out, '\n');
    }
}

void text_property(const struct report *report, const struct report_result *result,
                   enum property property, struct buffer *out)
{
    const struct property_verdict *verdict = &result->judgement->properties[property];
    write_witness(verdict, out);
    buffer_text(out, "  ");
    text_plain(out, verdict->cause);
    if (verdict->layer != LAYER_UNKNOWN)
        buffer_printf(out, " Layer: %s.", layer_name(verdict->layer));
    buffer_char(out, '\n');
    text_begin(report, COLOUR_DIM, out);
    buffer_printf(out, "  %" PRIu64 " of %" PRIu64 " times it was put to the test",
                  verdict->violations, verdict->tested);
    if (verdict->has_worst)
        buffer_printf(out, "; worst: %.1f %s", verdict->worst_value, verdict->worst_unit);
    buffer_text(out, ".");
    text_end(report, out);
    buffer_char(out, '\n');
}
