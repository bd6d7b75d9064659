#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_EXPLORE_REPORT_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_EXPLORE_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/command_line/results.h"
#include "harness/explore/exploration.h"
#include "harness/implementations/implementation.h"

/* What an exploration came to, for people, programs and files. */
struct explore_report {
    const struct implementation *implementation;
    const struct exploration *exploration; /* its failures made small */
    const bool *wanted;                    /* PROPERTY_COUNT: what counts, and is told */
    const char *folder;               /* where scenarios that show them are kept; NULL: nowhere */
    const struct report_result *kept; /* results that go before those of the exploration */
    size_t kept_count;
    bool is_cut_short; /* something is missing: what did not break may have been about to */
    bool quiet;
    const struct buffer *part; /* what it is a part of, as JSON; NULL: it is the whole */
    const struct output_options *output;
};

/*
 * Runs the smallest scenario of each failure once more, keeps it in the folder, says on stderr how
 * small it is, and prints the report. Returns the exit code: 0, 1 when anything broke, 70, 73.
 */
int explore_report_print(const struct explore_report *report);

#endif
