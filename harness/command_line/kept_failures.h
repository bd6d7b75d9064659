#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_KEPT_FAILURES_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_KEPT_FAILURES_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/command_line/scenarios.h"
#include "harness/explore/exploration.h"
#include "harness/implementations/implementation.h"
#include "reports/report.h"

/* Scenarios in a folder, each of which broke something once: tried before anything new is made up. */
struct kept_failures {
    struct scenario_list scenarios;
    struct kept_run *runs; /* one for each */
    struct report_result *failing;
    size_t failing_count;
    bool shown[PROPERTY_COUNT][LAYER_COUNT]; /* kinds that some of them still show */
};

/*
 * Runs all of them on the implementation, where properties that are not `wanted` (PROPERTY_COUNT)
 * count for nothing. Returns 0, or the exit code after its sentences: 65 for
 * a damaged file, 70, 73 for a folder that is none or cannot be written to.
 */
int kept_failures_try(struct kept_failures *kept, const char *folder,
                      const struct implementation *implementation, const bool *wanted);

/* Takes the kinds that are shown out of what seeds came to: they need not be shown once more. */
void kept_failures_forget(const struct kept_failures *kept, struct exploration *exploration);

void kept_failures_free(struct kept_failures *kept);

#endif
