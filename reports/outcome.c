#include <inttypes.h>

#include "reports/outcome_internal.h"
#include "reports/text_internal.h"

enum outcome outcome_of(const struct report *report, const struct report_result *result)
{
    if (result->skipped)
        return OUTCOME_SKIPPED;
    if (result->failure)
        return OUTCOME_ERROR;
    const enum verdict whole = result->judgement->whole;
    if (report_needs_attention(result) || (report->strict && whole == VERDICT_FAIL))
        return OUTCOME_FAILED;
    if (whole == VERDICT_FAIL)
        return OUTCOME_EXPECTED;
    return whole == VERDICT_UNKNOWN ? OUTCOME_UNDECIDED : OUTCOME_PASSED;
}

bool outcome_fails(const struct report *report, const struct report_result *result)
{
    const enum outcome outcome = outcome_of(report, result);
    return outcome == OUTCOME_FAILED || outcome == OUTCOME_ERROR;
}

const char *outcome_of_report(const struct report *report, bool *is_good)
{
    size_t fails = 0, expected = 0;
    for (size_t i = 0; i < report->result_count; i++) {
        fails += outcome_fails(report, &report->results[i]);
        expected += report->results[i].has_expectation;
    }
    const bool goes_by_verdict = expected == 0 || report->strict;
    *is_good = goes_by_verdict ? report->verdict == VERDICT_PASS : fails == 0;
    if (goes_by_verdict)
        return verdict_name(report->verdict);
    return fails == 0 ? "all as expected" : "not as expected";
}

bool outcome_has(const struct report_result *result, enum property property, enum verdict verdict)
{
    return !result->skipped && !result->failure && result->judgement->claim.claimed[property] &&
           result->judgement->properties[property].verdict == verdict;
}

static const char *first_cause(const struct report_result *result, enum verdict verdict)
{
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (outcome_has(result, (enum property)i, verdict))
            return result->judgement->properties[i].cause;
    }
    return NULL;
}

const char *outcome_sentence(const struct report_result *result)
{
    if (result->skipped)
        return result->skipped;
    if (result->failure)
        return result->failure;
    if (result->difference)
        return result->difference;
    const char *cause = first_cause(result, VERDICT_FAIL);
    if (!cause)
        cause = first_cause(result, VERDICT_UNKNOWN);
    return cause && cause[0] != '\0' ? cause : "undecided";
}

void outcome_name(const struct report_result *result, struct buffer *out)
{
    text_plain(out, result->subject);
    if (!result->implementation)
        return;
    buffer_text(out, " on ");
    text_plain(out, result->implementation);
}

void outcome_event(const struct witness_event *event, struct buffer *out)
{
    buffer_printf(out, "%.1f ms  ", (double)event->at_us / 1000.0);
    text_plain(out, event->who);
    buffer_text(out, "  ");
    text_plain(out, event->what);
    if (event->seq != 0)
        buffer_printf(out, " (seq %" PRIu64 ")", event->seq);
}

void outcome_cause(const struct property_verdict *verdict, struct buffer *out)
{
    text_plain(out, verdict->cause);
    if (verdict->layer != LAYER_UNKNOWN)
        buffer_printf(out, " Layer: %s.", layer_name(verdict->layer));
}

void outcome_again(const struct report *report, const struct report_result *result,
                   struct buffer *out)
{
    if (!result->again)
        return;
    text_plain(out, report->program ? report->program : "freshcheck");
    buffer_char(out, ' ');
    text_plain(out, result->again);
}
