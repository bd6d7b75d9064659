#ifndef FRESHCHECK_HARNESS_PARTS_REPORT_FILE_H
#define FRESHCHECK_HARNESS_PARTS_REPORT_FILE_H

#include "base/buffer.h"
#include "reports/report.h"

/*
 * A report in JSON (docs/report-json.md) read back into what every writer of reports takes. Writing
 * it as JSON again gives the same bytes. In text, figures may differ in their last digit where JSON
 * has rounded them to three: averages of staleness, and nothing else.
 */
struct report_file; /* opaque */

/*
 * Reads a report. Members that it does not know, a verdict that its own properties speak against
 * and texts too long to be ours are refused.
 * Returns NULL after one sentence in *complaint, which begins with the place: "line 3, column 7: "
 * where it is no JSON, "results[2].properties[0].verdict: " where it is no report. When memory ran
 * out the complaint is empty or has failed.
 */
struct report_file *report_file_read(const char *bytes, size_t length, struct buffer *complaint);
void report_file_free(struct report_file *file); /* NULL is allowed */

/* Lives as long as the file. `program`, `colour` and `part` are not set. What many seeds came to is
 * handed on as it stands there: exploration_read() looks into it. */
const struct report *report_file_report(const struct report_file *file);

#endif
