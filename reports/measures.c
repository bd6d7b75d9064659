#include <string.h>

#include "reports/report.h"
#include "reports/text_internal.h"

static bool same_measures(const struct report_result *a, const struct report_result *b)
{
    if (strcmp(a->subject, b->subject) != 0 || a->measure_count != b->measure_count)
        return false;
    for (size_t i = 0; i < a->measure_count; i++) {
        if (strcmp(a->measures[i].name, b->measures[i].name) != 0 ||
            a->measures[i].value != b->measures[i].value)
            return false;
    }
    return true;
}

static bool told_before(const struct report *report, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (same_measures(&report->results[i], &report->results[index]))
            return true;
    }
    return false;
}

static void write_figures(const struct report_result *result, struct buffer *out)
{
    for (size_t i = 0; i < result->measure_count; i++)
        buffer_printf(out, "%s %s %.0f %s", i > 0 ? "," : "", result->measures[i].name,
                      result->measures[i].value, result->measures[i].unit);
}

/* What scenarios brought to light besides verdicts; those with the same figures share a line. */
void report_measures(const struct report *report, struct buffer *out)
{
    const size_t before = out->length;
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        if (result->measure_count == 0 || result->failure || result->skipped ||
            told_before(report, i))
            continue;
        if (out->length == before)
            buffer_char(out, '\n');
        text_plain(out, result->subject);
        buffer_text(out, " on ");
        text_plain(out, result->implementation);
        for (size_t j = i + 1; j < report->result_count; j++) {
            if (!same_measures(result, &report->results[j]))
                continue;
            buffer_text(out, ", ");
            text_plain(out, report->results[j].implementation);
        }
        buffer_char(out, ':');
        write_figures(result, out);
        buffer_char(out, '\n');
    }
}
