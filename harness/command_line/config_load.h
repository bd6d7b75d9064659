#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_LOAD_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_LOAD_H

#include "harness/advice/predict.h"
#include "harness/flink_config/effective.h"

/* The load that `config` is told of. NULL: not said. */
struct load_texts {
    const char *jobs, *programs, *poll, *dashboards, *checkpoints, *latency;
    bool steady;
};

/* What is not said stays as it is. False after one sentence on stderr. */
bool config_load_read(const struct load_texts *texts, struct load *load);

/* What these values mean for a load, of which what is 0 follows from them. False after a sentence
 * on stderr. */
bool config_predict(const struct effective *effective, const struct load *load,
                    struct predicted *predicted);

#endif
