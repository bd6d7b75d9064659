#ifndef FRESHCHECK_REPORTS_ALERTS_H
#define FRESHCHECK_REPORTS_ALERTS_H

#include "harness/advice/findings.h"
#include "reports/report.h"

/* What is wrong at a line of somebody's file: what SARIF and GitHub's annotations are made of, be
 * it a broken claim of a scenario or a finding about a configuration. */

enum alert_level { ALERT_NOTE, ALERT_WARNING, ALERT_ERROR };

struct alert_rule {
    const char *id;
    const char *statement;   /* one sentence */
    const char *explanation; /* paragraphs */
};

/* Texts are borrowed unless it says owned. */
struct alert {
    size_t rule; /* index */
    enum alert_level level;
    char *title, *message; /* owned: a line, and some sentences; no control characters */
    char *again;           /* owned: the command that shows it again; NULL: there is none */
    const char *file;      /* NULL: there is none */
    struct text_place place;
    bool is_expected;                       /* known and accepted */
    const char *reason;                     /* then why; NULL: not told */
    const struct property_verdict *verdict; /* with its witness; NULL: it has none */
    const char *subject, *implementation;   /* implementation: NULL for recordings and files */
};

struct alerts {
    struct alert_rule *rules; /* owned */
    size_t rule_count;
    struct alert *items; /* owned */
    size_t count, capacity;
    size_t left_out; /* more than were asked for */
    size_t unjudged; /* of them all, those that are about a result without a verdict */
    bool failed;     /* out of memory: means nothing more */
};

enum alerts_of { ALERTS_UNEXPECTED, ALERTS_ALL /* the unexpected first */ };

/* At most `count_max`. Free them in every case. */
void alerts_of_report(const struct report *report, enum alerts_of which, size_t count_max,
                      struct alerts *alerts);
/* `name` is that of the file, or an address; findings that stand in no line of a file are its. */
void alerts_of_configuration(const struct findings *findings, const struct effective *effective,
                             const char *name, struct alerts *alerts);
void alerts_free(struct alerts *alerts);

/* Writers. Each appends. */
void alerts_write_sarif(const struct alerts *alerts, struct buffer *out);
void alerts_write_github(const struct alerts *alerts, struct buffer *out);

#endif
