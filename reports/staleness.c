#include <inttypes.h>

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

/* How old answers were, beside how old they should have been; a line for each recording. */
void report_staleness(const struct report *report, struct buffer *out)
{
    const size_t width = text_subject_width(report);
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        if (result->failure || result->skipped || result->judgement->staleness.reads == 0)
            continue;
        const struct staleness *staleness = &result->judgement->staleness;
        text_plain(out, result->subject);
        text_pad(out, text_width(result->subject), width);
        buffer_printf(out,
                      "  %" PRIu64 " of %" PRIu64 " answers lacked a checkpoint; on average of "
                      "all by %.0f ms, 99 in 100 by %.0f or less, at most %.0f",
                      staleness->stale, staleness->reads, staleness_mean_us(staleness) / 1000,
                      (double)staleness_quantile_us(staleness, 0.99) / 1000,
                      (double)staleness->max_us / 1000);
        if (result->judgement->expected.reads > 0)
            write_expected(&result->judgement->expected, out);
        buffer_char(out, '\n');
    }
}
