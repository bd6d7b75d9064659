#ifndef FRESHCHECK_REPORTS_ADVICE_REPORT_H
#define FRESHCHECK_REPORTS_ADVICE_REPORT_H

#include "harness/advice/advise.h"
#include "reports/prediction_report.h"

/* Writers of what was wanted and what meets it. `given` is false where nothing was: then nothing is
 * written (JSON: null). */
struct wanted {
    bool given;
    struct wants wants;
    struct advice advice;
};

/* `before`: of the settings as they are. */
void report_advice(const struct wanted *wanted, const struct predicted *before, struct buffer *out);
/* The member `advice` of an open object. */
void report_advice_json(const struct wanted *wanted, struct json_writer *json);

#endif
