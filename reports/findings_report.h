#ifndef FRESHCHECK_REPORTS_FINDINGS_REPORT_H
#define FRESHCHECK_REPORTS_FINDINGS_REPORT_H

#include "base/buffer.h"
#include "base/json_writer.h"
#include "harness/advice/compare.h"

/* Writers of findings about configurations, and of comparisons. Each appends; all borrowed. */

/* "findings", and then each with its places, what removes it and how to see it. */
void report_findings(const struct findings *findings, const struct effective *effective,
                     struct buffer *out);
/* The member `findings` of an open object. */
void report_findings_json(const struct findings *findings, const struct effective *effective,
                          struct json_writer *json);

/* What changes, why, what users see of it, what is predicted differently, and which findings come and go. */
void report_comparison(const struct compared *before, const struct compared *after,
                       struct buffer *out);
void report_comparison_json(const struct compared *before, const struct compared *after,
                            struct buffer *out); /* a whole object and a newline */

#endif
