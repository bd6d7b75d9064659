#ifndef FRESHCHECK_REPORTS_PREDICTION_REPORT_H
#define FRESHCHECK_REPORTS_PREDICTION_REPORT_H

#include "base/buffer.h"
#include "base/json_writer.h"
#include "harness/advice/predict.h"

/* Writers of a prediction and the load that it is for. Where none was made nothing is written
 * (JSON: null). */

void report_prediction(const struct predicted *predicted, struct buffer *out);
/* The member `prediction` of an open object. */
void report_prediction_json(const struct predicted *predicted, struct json_writer *json);

/* The same of two, for the load of the second: only what is predicted differently. Where one of
 * them was not made nothing is written, nor where all is alike (JSON: null; an empty list). */
void report_prediction_changes(const struct predicted *before, const struct predicted *after,
                               struct buffer *out);
void report_prediction_changes_json(const struct predicted *before, const struct predicted *after,
                                    struct json_writer *json);

#endif
