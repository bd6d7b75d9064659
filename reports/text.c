#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "reports/report.h"
#include "reports/text_internal.h"

/* SEQ and LAYER: what is added to a text of a witness, with its blanks. */
enum { WITNESS_INDENT = 3, SEQ_TEXT_MAX = 32, LAYER_TEXT_MAX = 64, FOLDED_WORD_MAX = 512 };

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

static size_t columns_of(const struct character *character)
{
    return !is_control(character->code) && character->code >= WIDE_FIRST ? 2 : 1;
}

size_t text_clipped(struct buffer *out, const char *text, size_t width)
{
    const size_t length = strlen(text);
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        const struct character character = character_at(text + at, length - at);
        const bool shown = !is_control(character.code);
        const size_t wide = columns_of(&character);
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

bool text_reference(struct buffer *out, char c)
{
    const char *name = c == '&'   ? "amp"
                       : c == '<' ? "lt"
                       : c == '>' ? "gt"
                       : c == '"' ? "quot"
                                  : NULL;
    if (name)
        buffer_printf(out, "&%s;", name);
    return name != NULL;
}

void text_plain(struct buffer *out, const char *text)
{
    text_clipped(out, text, SIZE_MAX);
}

size_t text_width(const char *text)
{
    const size_t length = strlen(text);
    size_t width = 0;
    for (size_t at = 0; at < length;) {
        const struct character character = character_at(text + at, length - at);
        width += columns_of(&character);
        at += character.length;
    }
    return width;
}

/* From one break to the next: blanks, and the word behind them. */
static size_t word_length(const char *text)
{
    const size_t blanks = strspn(text, " ");
    return blanks + strcspn(text + blanks, " ");
}

void text_folded(struct buffer *out, const char *text, size_t used, size_t indent, size_t width)
{
    char word[FOLDED_WORD_MAX];
    const size_t first = used;
    for (const char *at = text; *at;) {
        size_t length = word_length(at);
        if (length >= sizeof word) {
            length = sizeof word - 1;
            while (length > 1 && ((unsigned char)at[length] & 0xc0) == 0x80)
                length--; /* no character is cut */
        }
        memcpy(word, at, length);
        word[length] = '\0';
        at += length;
        const char *shown = word;
        if (width > 0 && used > first && used + text_width(word) > width) {
            shown += strspn(word, " ");
            buffer_char(out, '\n');
            text_pad(out, 0, indent);
            used = indent;
        }
        text_plain(out, shown);
        used += text_width(shown);
    }
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

size_t text_time(double us, char text[TIME_TEXT_MAX])
{
    return (size_t)snprintf(text, TIME_TEXT_MAX, "%.1f ms", us / 1000.0);
}

/* Times of a witness stand under each other, so the column is as wide as the widest. */
static void measure_columns(const struct property_verdict *verdict, size_t *time_width,
                            size_t *who_width)
{
    char time[TIME_TEXT_MAX];
    *time_width = *who_width = 0;
    for (size_t i = 0; i < verdict->witness_count; i++) {
        const size_t width = text_time((double)verdict->witness[i].at_us, time);
        const size_t who = text_width(verdict->witness[i].who);
        *time_width = width > *time_width ? width : *time_width;
        *who_width = who > *who_width ? who : *who_width;
    }
}

static void write_witness(const struct report *report, const struct property_verdict *verdict,
                          struct buffer *out)
{
    const bool is_numbered = text_timeline_is_drawn(verdict);
    size_t time_width, who_width;
    measure_columns(verdict, &time_width, &who_width);
    const size_t before = WITNESS_INDENT + time_width + 2 + who_width + 2;
    for (size_t i = 0; i < verdict->witness_count; i++) {
        const struct witness_event *event = &verdict->witness[i];
        char time[TIME_TEXT_MAX], what[WITNESS_TEXT_MAX + SEQ_TEXT_MAX], seq[SEQ_TEXT_MAX] = "";
        if (is_numbered)
            buffer_printf(out, " %zu ", i + 1);
        else
            text_pad(out, 0, WITNESS_INDENT);
        text_pad(out, text_time((double)event->at_us, time), time_width);
        buffer_printf(out, "%s  ", time);
        text_plain(out, event->who);
        text_pad(out, text_width(event->who), who_width);
        buffer_text(out, "  ");
        if (event->seq != 0)
            snprintf(seq, sizeof seq, "  [seq %" PRIu64 "]", event->seq);
        snprintf(what, sizeof what, "%s%s", event->what, seq);
        text_folded(out, what, before, before, report->width);
        buffer_char(out, '\n');
    }
    text_timeline(report, verdict, out);
}

void text_property(const struct report *report, const struct report_result *result,
                   enum property property, struct buffer *out)
{
    const struct property_verdict *verdict = &result->judgement->properties[property];
    char cause[sizeof verdict->cause + LAYER_TEXT_MAX], layer[LAYER_TEXT_MAX] = "";
    write_witness(report, verdict, out);
    buffer_text(out, "  ");
    if (verdict->layer != LAYER_UNKNOWN && property != PROPERTY_WELL_BEHAVED)
        snprintf(layer, sizeof layer, " Layer: %s.", layer_name(verdict->layer));
    snprintf(cause, sizeof cause, "%s%s", verdict->cause, layer);
    text_folded(out, cause, 2, 2, report->width);
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
