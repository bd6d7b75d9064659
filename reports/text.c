#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
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

/* One character of UTF-8. A byte that begins none is a character that no terminal shall see. */
struct character {
    uint32_t code;
    size_t length;
};

static struct character character_at(const char *text, size_t left)
{
    const unsigned char *bytes = (const unsigned char *)text;
    const size_t length = utf8_character_length(text, left);
    if (length <= 1)
        return (struct character){length == 1 ? bytes[0] : 0, 1};
    uint32_t code = bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++)
        code = code << 6 | (bytes[i] & 0x3fu);
    return (struct character){code, length};
}

/* What JSON has in the place of bytes that are no character; they are shown alike. */
enum { REPLACEMENT = 0xfffd };

/* What moves the cursor, begins a sequence that does, breaks a line, or turns the direction of what
 * follows (Unicode: general categories Cc, Zl and Zp, and the bidirectional controls of UAX #9). */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e || code == 0x200f ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == REPLACEMENT;
}

/* Wide characters begin here. Some that come later are not wide: they count as if they were, so
 * that no line is ever longer than it was meant to be. Source: Unicode UAX #11. */
enum { WIDE_FIRST = 0x1100 };

size_t text_clipped(struct buffer *out, const char *text, size_t width)
{
    const size_t length = strlen(text);
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        const struct character character = character_at(text + at, length - at);
        const bool shown = !is_control(character.code);
        const size_t wide = shown && character.code >= WIDE_FIRST ? 2 : 1;
        if (wide > width - used)
            break;
        if (shown)
            buffer_append(out, text + at, character.length);
        else
            buffer_char(out, '?');
        used += wide;
        at += character.length;
    }
    return used;
}

void text_plain(struct buffer *out, const char *text)
{
    text_clipped(out, text, SIZE_MAX);
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
    if (verdict->layer != LAYER_UNKNOWN && property != PROPERTY_WELL_BEHAVED)
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
