#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_RUN_REPORT_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_RUN_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/command_line/fail_on.h"
#include "harness/command_line/results.h"

/* What came of running scenarios on implementations, in one go or in parts. */
struct run_report {
    const struct report_result *results; /* scenario by scenario, each over all implementations */
    size_t count;
    const struct buffer *part; /* what it is a part of, as JSON; NULL: it is the whole */
    const struct fail_on *fail_on;
    int failure_code; /* how it ends where a result has no verdict */
    const struct output_options *output;
};

/* Prints it as the options say and writes the JUnit file. Returns the exit code. */
int run_report_print(const struct run_report *run);

#endif
