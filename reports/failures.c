#include <string.h>

#include "reports/report.h"
#include "reports/text_internal.h"

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

static bool told_before(const struct report *report, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (alike(&report->results[i], &report->results[index]))
            return true;
    }
    return false;
}

static void write_heading(const struct report *report, size_t index, const char *verb,
                          enum property property, bool has_property, struct buffer *out)
{
    const struct report_result *result = &report->results[index];
    text_begin(report, report_needs_attention(result) ? COLOUR_BAD : COLOUR_BOLD, out);
    text_plain(out, result->subject);
    if (result->implementation)
        buffer_printf(out, " on %s", result->implementation);
    for (size_t i = index + 1; result->implementation && i < report->result_count; i++) {
        if (alike(result, &report->results[i]))
            buffer_printf(out, ", %s", report->results[i].implementation);
    }
    buffer_printf(out, " %s", verb);
    if (has_property)
        buffer_printf(out, " %s", property_id(property));
    text_end(report, out);
    buffer_char(out, '\n');
}

static void write_sentence(const char *before, const char *sentence, struct buffer *out)
{
    buffer_printf(out, "  %s", before);
    text_plain(out, sentence);
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

static void write_undecided(const struct report_result *result, struct buffer *out)
{
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &result->judgement->properties[i];
        if (!result->judgement->claim.claimed[i] || verdict->verdict != VERDICT_UNKNOWN)
            continue;
        buffer_printf(out, "  %s is unknown: ", property_id((enum property)i));
        text_plain(out, verdict->cause);
        buffer_char(out, '\n');
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
            write_sentence("", result->failure, out);
        } else if (text_broken(result->judgement, &first) > 0) {
            write_broken(report, i, out);
        } else if (attention) {
            write_heading(report, i, "is not as expected", PROPERTY_FRESH, false, out);
            write_undecided(result, out);
        } else {
            continue;
        }
        if (result->difference)
            write_sentence("Not as expected: ", result->difference, out);
        else if (result->reason)
            write_sentence("Expected: ", result->reason, out);
        if (result->again)
            write_again(report, result, out);
        buffer_char(out, '\n');
    }
}
