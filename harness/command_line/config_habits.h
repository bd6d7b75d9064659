#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_HABITS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_HABITS_H

#include "harness/advice/findings.h"

/* What `config` is told of what programs do with answers. NULL: not said. */
struct habit_texts {
    const char *reaction, *job_end, *details_after, *ended_after;
    bool asks_before_start, reads_own;
};

/* False after one sentence on stderr. */
bool config_habits_read(const struct habit_texts *texts, struct habits *habits);

#endif
