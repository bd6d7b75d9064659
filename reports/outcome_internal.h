#ifndef FRESHCHECK_REPORTS_OUTCOME_INTERNAL_H
#define FRESHCHECK_REPORTS_OUTCOME_INTERNAL_H

#include "reports/report.h"

/* What the writers for machines share. */

/* What a result comes to for whoever counts tests. */
enum outcome {
    OUTCOME_PASSED,
    OUTCOME_FAILED,    /* not as expected; under `strict` any broken claim */
    OUTCOME_EXPECTED,  /* a claim is broken, as was expected */
    OUTCOME_UNDECIDED, /* nothing is broken, and nothing decisive was seen: no pass */
    OUTCOME_ERROR,     /* there is no verdict */
    OUTCOME_SKIPPED
};
enum { OUTCOME_COUNT = OUTCOME_SKIPPED + 1 };

enum outcome outcome_of(const struct report *report, const struct report_result *result);

/* Whether whoever counts tests counts it as failed. */
bool outcome_fails(const struct report *report, const struct report_result *result);

/* What the report comes to: where something was expected, whether all came as expected ("all as
 * expected"), for a claim that breaks as its scenario says is nothing to look at; else the verdict. */
const char *outcome_of_report(const struct report *report, bool *is_good);

/* Why it came to this, in one sentence: of what has no verdict, was skipped or is not as expected
 * the reason, else the cause of the first broken or undecided claim. */
const char *outcome_sentence(const struct report_result *result);

/* Whether the judgement means something, claims the property, and says this of it. */
bool outcome_has(const struct report_result *result, enum property property, enum verdict verdict);

/* "hides_newer on flink-1.17", or the name of a recording; no control characters. */
void outcome_name(const struct report_result *result, struct buffer *out);

/* "300.0 ms  mover  answered 10 (seq 7)": one line without its end, no control characters. */
void outcome_event(const struct witness_event *event, struct buffer *out);

/* The cause and the layer of a broken property in a sentence or two. */
void outcome_cause(const struct property_verdict *verdict, struct buffer *out);

/* The command that shows the result again; nothing where there is none. */
void outcome_again(const struct report *report, const struct report_result *result,
                   struct buffer *out);

/* How many failures are told with their story; of those after them only the sentence is, so that
 * a report of a million stays one that can be opened. */
enum { STORIES_TOLD_MAX = 10000 };

#endif
