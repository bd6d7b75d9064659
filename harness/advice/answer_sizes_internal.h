#ifndef FRESHCHECK_HARNESS_ADVICE_ANSWER_SIZES_INTERNAL_H
#define FRESHCHECK_HARNESS_ADVICE_ANSWER_SIZES_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/advice/predict.h"

/* The bytes of /jobs/:jobid/checkpoints and of /jobs/:jobid for such a job, written once and
 * counted. False when out of memory. */
bool answer_sizes(const struct endpoint_wire *wire, const struct load *load,
                  double *statistics_bytes, double *job_bytes);

#endif
