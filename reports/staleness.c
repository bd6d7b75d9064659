#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "reports/report.h"
#include "reports/text_internal.h"

enum { MARGIN_SENTENCE_MAX = 3 * WITNESS_TEXT_MAX, SOME_MAX = 48 };

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

static void write_margin(const struct report *report, const char *subject, size_t count,
                         const struct margin *margin, struct buffer *out)
{
    char sentence[MARGIN_SENTENCE_MAX], some[SOME_MAX];
    const bool is_all = count == report->result_count;
    size_t used = 0;
    if (!is_all && count == 1) {
        buffer_text(out, "In ");
        text_plain(out, subject);
        used = strlen("In ") + text_width(subject);
    } else if (!is_all) {
        used = (size_t)snprintf(some, sizeof some, "In %zu recordings", count);
        buffer_text(out, some);
    }
    snprintf(sentence, sizeof sentence, "%s inside answers count %.0f ms later: %s.",
             is_all ? "Times" : " times", (double)margin->us / 1000, margin->why);
    text_folded(out, sentence, used, 0, report->width);
    buffer_char(out, '\n');
}

void report_margins(const struct report *report, struct buffer *out)
{
    for (size_t i = 0; i < report->result_count; i++) {
        const size_t count = count_alike(report, i);
        if (count > 0)
            write_margin(report, report->results[i].subject, count, margin_of(&report->results[i]),
                         out);
    }
}
