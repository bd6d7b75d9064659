#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_WANTS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_CONFIG_WANTS_H

#include "reports/advice_report.h"

/* What `--want` says: "staleness=1s,fetches-per-second=5". NULL: nothing. False after a sentence on
 * stderr. */
bool config_wants_read(const char *text, struct wanted *wanted);

#endif
