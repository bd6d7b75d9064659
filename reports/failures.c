#include <stdio.h>
#include <string.h>

#include "reports/report.h"
#include "reports/text_internal.h"

/* A cause with the name of its property. */
enum { VERDICT_SENTENCE_MAX = 3 * WITNESS_TEXT_MAX, SENTENCE_INDENT = 2 };

static bool same_sentence(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whether two results of one scenario break the same properties at the same layers, and differ
 * from what was expected in the same way: then one timeline speaks for both. */
static bool alike(const struct report_result *a, const struct report_result *b)
{
    if (a->failure || b->failure || a->skipped || b->skipped ||
        report_needs_attention(a) != report_needs_attention(b) ||
        !same_sentence(a->subject, b->subject) || !same_sentence(a->title, b->title) ||
        !same_sentence(a->difference, b->difference))
        return false;
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *x = &a->judgement->properties[i];
        const struct property_verdict *y = &b->judgement->properties[i];
        if (a->judgement->claim.claimed[i] != b->judgement->claim.claimed[i])
            return false;
        if (a->judgement->claim.claimed[i] &&
            (x->verdict != y->verdict || (x->verdict == VERDICT_FAIL && x->layer != y->layer)))
            return false;
    }
    return true;
}

/* Results of one scenario stand next to each other, so only those are looked at. */
static bool told_before(const struct report *report, size_t index)
{
    const struct report_result *result = &report->results[index];
    for (size_t i = index; i-- > 0 && same_sentence(report->results[i].subject, result->subject);) {
        if (alike(&report->results[i], result))
            return true;
    }
    return false;
}

static void write_implementations(const struct report *report, size_t index, struct buffer *out)
{
    const struct report_result *result = &report->results[index];
    buffer_text(out, " on ");
    text_plain(out, result->implementation);
    for (size_t i = index + 1;
         i < report->result_count && same_sentence(report->results[i].subject, result->subject);
         i++) {
        if (alike(result, &report->results[i])) {
            buffer_text(out, ", ");
            text_plain(out, report->results[i].implementation);
        }
    }
}

static void write_heading(const struct report *report, size_t index, const char *verb,
                          enum property property, bool has_property, struct buffer *out)
{
    const struct report_result *result = &report->results[index];
    text_begin(report, report_needs_attention(result) ? COLOUR_BAD : COLOUR_BOLD, out);
    text_plain(out, result->subject);
    if (result->implementation)
        write_implementations(report, index, out);
    buffer_printf(out, " %s", verb);
    if (has_property)
        buffer_printf(out, " %s", property_id(property));
    text_end(report, out);
    buffer_char(out, '\n');
}

static void write_sentence(const struct report *report, const char *before, const char *sentence,
                           struct buffer *out)
{
    buffer_printf(out, "  %s", before);
    text_folded(out, sentence, SENTENCE_INDENT + text_width(before), SENTENCE_INDENT,
                report->width);
    buffer_char(out, '\n');
}

static void write_again(const struct report *report, const struct report_result *result,
                        struct buffer *out)
{
    buffer_text(out, "  Again: ");
    text_plain(out, report->program ? report->program : "freshcheck");
    buffer_char(out, ' ');
    text_plain(out, result->again);
    buffer_char(out, '\n');
}

static void write_broken(const struct report *report, size_t index, struct buffer *out)
{
    const struct report_result *result = &report->results[index];
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (!result->judgement->claim.claimed[i] ||
            result->judgement->properties[i].verdict != VERDICT_FAIL)
            continue;
        write_heading(report, index, "breaks", (enum property)i, true, out);
        text_property(report, result, (enum property)i, out);
    }
}

static void write_undecided(const struct report *report, const struct report_result *result,
                            struct buffer *out)
{
    char sentence[VERDICT_SENTENCE_MAX];
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &result->judgement->properties[i];
        if (!result->judgement->claim.claimed[i] || verdict->verdict != VERDICT_UNKNOWN)
            continue;
        snprintf(sentence, sizeof sentence, "%s is unknown: %s", property_id((enum property)i),
                 verdict->cause);
        write_sentence(report, "", sentence, out);
    }
}

void report_failures(const struct report *report, struct buffer *out)
{
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        enum property first;
        const bool attention = report_needs_attention(result);
        if (result->skipped || told_before(report, i))
            continue;
        if (result->failure) {
            write_heading(report, i, "has no verdict", PROPERTY_FRESH, false, out);
            write_sentence(report, "", result->failure, out);
        } else if (text_broken(result->judgement, &first) > 0) {
            write_broken(report, i, out);
        } else if (attention) {
            write_heading(report, i, "is not as expected", PROPERTY_FRESH, false, out);
            write_undecided(report, result, out);
        } else {
            continue;
        }
        if (result->difference)
            write_sentence(report, "Not as expected: ", result->difference, out);
        else if (result->reason)
            write_sentence(report, "Expected: ", result->reason, out);
        if (result->again)
            write_again(report, result, out);
        buffer_char(out, '\n');
    }
}
