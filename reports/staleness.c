#include <inttypes.h>
#include <string.h>

#include "base/duration.h"
#include "reports/report.h"
#include "reports/text_internal.h"

static void write_expected(const struct expected_staleness *expected, struct buffer *out)
{
    const double reads = (double)expected->reads;
    buffer_text(out, "; one cache of ");
    duration_print(out, expected->timeout_us);
    buffer_printf(out, " asked at the same times: %.0f ms (%.0f to %.0f)",
                  expected->sum_us / reads / 1000, expected->least_sum_us / reads / 1000,
                  expected->most_sum_us / reads / 1000);
}

struct staleness_figures report_staleness_figures(const struct report_result *result)
{
    return result->staleness ? *result->staleness
                             : staleness_figures(&result->judgement->staleness);
}

/* How old answers were, beside how old they should have been; a line for each recording. */
void report_staleness(const struct report *report, struct buffer *out)
{
    const size_t width = text_subject_width(report);
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        if (result->failure || result->skipped)
            continue;
        const struct staleness_figures staleness = report_staleness_figures(result);
        if (staleness.reads == 0)
            continue;
        text_plain(out, result->subject);
        text_pad(out, text_width(result->subject), width);
        buffer_printf(out,
                      "  %" PRIu64 " of %" PRIu64 " answers lacked a checkpoint; on average of "
                      "all by %.0f ms, 99 in 100 by %.0f or less, at most %.0f",
                      staleness.stale, staleness.reads, staleness.mean_us / 1000,
                      (double)staleness.p99_us / 1000, (double)staleness.max_us / 1000);
        if (result->judgement->expected.reads > 0)
            write_expected(&result->judgement->expected, out);
        buffer_char(out, '\n');
    }
}

static const struct margin *margin_of(const struct report_result *result)
{
    return result->failure || result->skipped || result->judgement->margin.us == 0
               ? NULL
               : &result->judgement->margin;
}

/* How many of the results from this one on have its margin; 0: one before has it too. */
static size_t count_alike(const struct report *report, size_t at)
{
    const struct margin *margin = margin_of(&report->results[at]);
    size_t count = 0;
    for (size_t i = 0; i < report->result_count && margin; i++) {
        const struct margin *other = margin_of(&report->results[i]);
        const bool alike = other && other->us == margin->us && strcmp(other->why, margin->why) == 0;
        if (alike && i < at)
            return 0;
        count += alike;
    }
    return count;
}

void report_margins(const struct report *report, struct buffer *out)
{
    for (size_t i = 0; i < report->result_count; i++) {
        const size_t count = count_alike(report, i);
        const struct margin *margin = margin_of(&report->results[i]);
        if (count == 0)
            continue;
        if (count == report->result_count)
            buffer_text(out, "Times");
        else if (count == 1)
            buffer_printf(out, "In %s times", report->results[i].subject);
        else
            buffer_printf(out, "In %zu recordings times", count);
        buffer_printf(out, " inside answers count %.0f ms later: %s.\n", (double)margin->us / 1000,
                      margin->why);
    }
}
