#ifndef FRESHCHECK_REPORTS_MUTANTS_REPORT_H
#define FRESHCHECK_REPORTS_MUTANTS_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "harness/judge/verdict.h"

/* What became of one broken implementation. Texts are borrowed. */
struct mutant_line {
    const char *name, *kind, *summary, *source;
    bool killed;
    bool by[PROPERTY_COUNT];
    const char *scenario; /* the smallest that kills it; NULL: it survives */
    size_t events;        /* of that scenario */
};

struct mutants_report {
    const struct mutant_line *lines;
    size_t count;
    const char *missed; /* what else was tried on those that survive */
    bool colour;
};

size_t mutants_killed(const struct mutants_report *report);

/* A matrix mutant by property, the scenarios that kill, and the sum in the last line. */
void mutants_report_text(const struct mutants_report *report, struct buffer *out);
void mutants_report_json(const struct mutants_report *report, struct buffer *out);

#endif
