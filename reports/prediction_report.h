#ifndef FRESHCHECK_REPORTS_PREDICTION_REPORT_H
#define FRESHCHECK_REPORTS_PREDICTION_REPORT_H

#include "base/buffer.h"
#include "base/json_writer.h"
#include "harness/advice/predict.h"

/* Writers of a prediction and the load that it is for. `made` is false where the release refuses
 * the configuration, or no prediction could be had: then nothing is written (JSON: null). */
struct predicted {
    bool made;
    struct load load;
    struct prediction prediction;
};

void report_prediction(const struct predicted *predicted, struct buffer *out);
/* The member `prediction` of an open object. */
void report_prediction_json(const struct predicted *predicted, struct json_writer *json);

#endif
