#ifndef FRESHCHECK_REPORTS_FORMATS_H
#define FRESHCHECK_REPORTS_FORMATS_H

#include "reports/alerts.h"
#include "reports/report.h"

enum report_file_kind {
    REPORT_FILE_REPLACED, /* there whole or not at all */
    REPORT_FILE_PRINTED,  /* the same; "-" is standard output */
    REPORT_FILE_APPENDED  /* what is there stays before it; of both together REPORT_APPENDED_MAX */
};
enum { REPORT_APPENDED_MAX = 1 << 20 };

/* The formats that a report can be had in as a file of its own, by name: `--report junit=a.xml`. */
struct report_format {
    const char *name;    /* "junit" */
    const char *summary; /* one line: what it is, and who reads it */
    void (*write)(const struct report *report, struct buffer *out);
    enum report_file_kind file;
    /* The same of findings about a configuration; NULL: it cannot tell those. */
    void (*write_alerts)(const struct alerts *alerts, struct buffer *out);
};

size_t report_format_count(void);
const struct report_format *report_format_at(size_t index);
const struct report_format *report_format_find(const char *name, size_t length); /* NULL: none */
const char *const *report_format_names(void); /* report_format_count() of them */

#endif
