#ifndef FRESHCHECK_REPORTS_REPORT_H
#define FRESHCHECK_REPORTS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/place.h"
#include "harness/judge/verdict.h"
#include "harness/observer/run_result.h"

struct story;

/* One verdict with its subject: what every report writer gets. Texts and pointers are borrowed. */
struct report_result {
    const char *subject;        /* scenario name, or file */
    const char *title;          /* of the scenario; NULL for recordings */
    const char *implementation; /* NULL for recordings */
    const char *claim;          /* "fresh", "age 3 s" */
    const char *file;           /* the scenario's or the recording's; NULL: there is none */
    /* PROPERTY_COUNT of them: where the file claims each; of recordings, where it first broke.
     * NULL: not known. */
    const struct text_place *places;
    const struct judgement *judgement; /* means nothing with `failure` or `skipped` */
    bool has_expectation;
    bool as_expected;       /* means something only with has_expectation */
    const char *difference; /* not as expected: one sentence; else NULL */
    const char *reason;     /* an expected failure: why, in the scenario's words; else NULL */
    const char *again;      /* what to call the program with to see it again */
    const char *failure;    /* there is no verdict: why; else NULL */
    const char *skipped;    /* it was not run: why; else NULL */
    const struct measure *measures;
    size_t measure_count;
    /* How stale answers were, where a report was read back; NULL: as the judgement has it. */
    const struct staleness_figures *staleness;
    const struct story *story; /* what happened, of one that fails; NULL: it is not told */
};

struct report {
    const struct report_result *results; /* scenario by scenario, each over all implementations */
    size_t result_count;
    enum verdict verdict;
    const char *program; /* how it was called, before `again`; NULL: freshcheck */
    bool colour;         /* of texts for a terminal */
    size_t width;        /* of that terminal, in columns; 0: there is none, and no line is folded */
    bool strict;         /* a broken claim is a failure, expected or not */
    /* What --format json prints of it where that is not report_json(): what mutants do. NULL: is. */
    const struct buffer *json;
    size_t byte_count_max; /* of a format that has a limit; 0: the limit itself */
    /* Where this is a part of a report, what it is a part of, as a JSON object; else NULL. */
    const struct buffer *part;
    const struct buffer *exploration; /* JSON of what many seeds came to; NULL: there is none */
};

/* True when something in the result needs a person's eye: not as expected, no verdict, or - where
 * nothing was expected - a refuted claim. */
bool report_needs_attention(const struct report_result *result);

/* How stale a judged result's answers were; `reads` is 0 where it is not known. */
struct staleness_figures report_staleness_figures(const struct report_result *result);

/* One writer per format; each appends to `out`. */
void report_matrix(const struct report *report,
                   struct buffer *out); /* scenario by implementation */
void report_measures(const struct report *report, struct buffer *out);   /* figures, a line each */
void report_failures(const struct report *report, struct buffer *out);   /* each with its witness */
void report_recordings(const struct report *report, struct buffer *out); /* a line or two each */
void report_margins(const struct report *report, struct buffer *out); /* a line for those alike */
void report_properties(const struct report *report, struct buffer *out); /* a table for each */
void report_staleness(const struct report *report, struct buffer *out);  /* a line each */
void report_json(const struct report *report, struct buffer *out);
void report_junit(const struct report *report, struct buffer *out);
void report_html(const struct report *report, struct buffer *out); /* one page, all in it */
void report_tap(const struct report *report, struct buffer *out);
void report_sarif(const struct report *report, struct buffer *out);
void report_github(const struct report *report, struct buffer *out);
void report_summary(const struct report *report, struct buffer *out);

#endif
