#include <inttypes.h>

#include "reports/report.h"
#include "reports/text_internal.h"

enum { CLAIM_WIDTH = 10 };

/* The claim's own property, or where that was not chosen the first that is undecided. */
static enum property telling_property(const struct judgement *judgement)
{
    const enum property own =
        judgement->claim.bound_us == 0 ? PROPERTY_FRESH : PROPERTY_BOUNDED_AGE;
    for (size_t i = 0; i < PROPERTY_COUNT && !judgement->claim.claimed[own]; i++) {
        if (judgement->claim.claimed[i] && judgement->properties[i].verdict == VERDICT_UNKNOWN)
            return (enum property)i;
    }
    return own;
}

/* The claim's own figure, also on a pass: it says how close the call was. */
static void write_worst(const struct judgement *judgement, struct buffer *out)
{
    const enum property own =
        judgement->claim.bound_us == 0 ? PROPERTY_FRESH : PROPERTY_BOUNDED_AGE;
    const struct property_verdict *verdict = &judgement->properties[own];
    if (judgement->claim.claimed[own] && verdict->tested > 0 && verdict->has_worst)
        buffer_printf(out, "; worst lag seen %.0f %s over %" PRIu64 " reads", verdict->worst_value,
                      verdict->worst_unit, verdict->tested);
}

/* What decides says why it cannot. */
static void write_why_unknown(const struct judgement *judgement, struct buffer *out)
{
    const enum property telling = telling_property(judgement);
    if (judgement->properties[telling].verdict != VERDICT_UNKNOWN)
        return;
    buffer_printf(out, "  %s: ", property_id(telling));
    text_plain(out, judgement->properties[telling].cause);
}

static void write_broken(const struct judgement *judgement, struct buffer *out)
{
    const char *separator = "";
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &judgement->properties[i];
        if (!judgement->claim.claimed[i] || verdict->verdict != VERDICT_FAIL)
            continue;
        buffer_printf(out, "%s%s (%" PRIu64 " of %" PRIu64 ")", separator,
                      property_id((enum property)i), verdict->violations, verdict->tested);
        separator = ", ";
    }
}

static void write_line(const struct report *report, const struct report_result *result,
                       size_t width, struct buffer *out)
{
    text_plain(out, result->subject);
    text_pad(out, text_width(result->subject), width);
    buffer_text(out, "  ");
    text_plain(out, result->claim);
    text_pad(out, text_width(result->claim), CLAIM_WIDTH);
    buffer_text(out, "  ");
    if (result->failure || result->skipped) {
        text_begin(report, result->skipped ? COLOUR_DIM : COLOUR_BAD, out);
        buffer_text(out, result->skipped ? "skipped: " : "no verdict: ");
        text_plain(out, result->skipped ? result->skipped : result->failure);
        text_end(report, out);
        buffer_char(out, '\n');
        return;
    }
    const struct judgement *judgement = result->judgement;
    const enum colour colour = report_needs_attention(result)     ? COLOUR_BAD
                               : judgement->whole == VERDICT_PASS ? COLOUR_GOOD
                                                                  : COLOUR_KNOWN;
    text_begin(report, colour, out);
    buffer_text(out, verdict_name(judgement->whole));
    text_end(report, out);
    if (judgement->whole == VERDICT_FAIL) {
        buffer_text(out, "  ");
        write_broken(judgement, out);
    }
    if (judgement->whole == VERDICT_UNKNOWN)
        write_why_unknown(judgement, out);
    write_worst(judgement, out);
    buffer_char(out, '\n');
}

void report_recordings(const struct report *report, struct buffer *out)
{
    const size_t width = text_subject_width(report);
    for (size_t i = 0; i < report->result_count; i++)
        write_line(report, &report->results[i], width, out);
}
