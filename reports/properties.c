#include <inttypes.h>
#include <stdio.h>

#include "reports/report.h"
#include "reports/text_internal.h"

/* What each claimed property came to, and how far it was from coming to something else. */

enum {
    PROPERTY_WIDTH = 18,
    VERDICT_WIDTH = 9,
    SAID_AT = PROPERTY_WIDTH + VERDICT_WIDTH,
    FIGURES_WIDTH = SAID_AT + 7 + 8, /* up to how often it broke */
    BOUND_MAX = 512,
    BEHIND_MAX = 64
};

static void write_figures(const struct report *report, enum property property,
                          const struct property_verdict *verdict, struct buffer *out)
{
    char bound[BOUND_MAX], behind[BEHIND_MAX] = "";
    const char *quantity = property_quantity(property);
    buffer_printf(out, "%7" PRIu64 "%8" PRIu64, verdict->tested, verdict->violations);
    if (!verdict->has_worst)
        return;
    if (verdict->worst_behind > 0)
        snprintf(behind, sizeof behind, ", %" PRIu64 " checkpoint%s behind", verdict->worst_behind,
                 verdict->worst_behind == 1 ? "" : "s");
    snprintf(bound, sizeof bound, "  %.0f %s%s%s%s", verdict->worst_value, verdict->worst_unit,
             behind, quantity ? ": " : "", quantity ? quantity : "");
    text_folded(out, bound, FIGURES_WIDTH, FIGURES_WIDTH + 2, report->width);
}

static void write_property(const struct report *report, enum property property,
                           const struct property_verdict *verdict, struct buffer *out)
{
    static const enum colour colours[] = {[VERDICT_PASS] = COLOUR_GOOD,
                                          [VERDICT_FAIL] = COLOUR_BAD,
                                          [VERDICT_UNKNOWN] = COLOUR_KNOWN};
    const char *id = property_id(property), *name = verdict_name(verdict->verdict);
    buffer_text(out, id);
    text_pad(out, text_width(id), PROPERTY_WIDTH);
    text_begin(report, colours[verdict->verdict], out);
    buffer_text(out, name);
    text_end(report, out);
    text_pad(out, text_width(name), VERDICT_WIDTH);
    if (verdict->verdict == VERDICT_UNKNOWN)
        text_folded(out, verdict->cause, SAID_AT, SAID_AT, report->width);
    else
        write_figures(report, property, verdict, out);
    buffer_char(out, '\n');
}

void report_properties(const struct report *report, struct buffer *out)
{
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        if (result->failure || result->skipped)
            continue;
        text_begin(report, COLOUR_DIM, out);
        buffer_printf(out, "%-*s%-*s%7s%8s  smallest bound that would have passed", PROPERTY_WIDTH,
                      "property", VERDICT_WIDTH, "verdict", "tested", "broken");
        text_end(report, out);
        buffer_char(out, '\n');
        for (int j = 0; j < PROPERTY_COUNT; j++) {
            if (result->judgement->claim.claimed[j])
                write_property(report, (enum property)j, &result->judgement->properties[j], out);
        }
        buffer_char(out, '\n');
    }
}
