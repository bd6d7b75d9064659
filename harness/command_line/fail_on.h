#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_FAIL_ON_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_FAIL_ON_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/judge/verdict.h"
#include "reports/report.h"

/* --fail-on LIST: what makes a command end with 1. */
struct fail_on {
    bool unexpected;                 /* a cell that is not as expected */
    bool any;                        /* a broken claim, expected or not; what is unknown gives 2 */
    bool unknown;                    /* what could not be decided */
    bool properties[PROPERTY_COUNT]; /* one of these is broken, expected or not */
};

#define FAIL_ON_OPTION(text)                                                                       \
    {                                                                                              \
        "fail-on", "WHAT", "end with 1 on unexpected (default), any, unknown, none or properties", \
            NULL, &(text), NULL                                                                    \
    }

/* What --fail-on, --strict (which is short for `any`) and nothing at all come to. NULL, after one
 * sentence on stderr, when both were given. */
const char *fail_on_text(const char *given, bool strict);

/* "unexpected", "any", "none", "unknown" or ids of properties, between commas. False after one
 * sentence on stderr. */
bool fail_on_read(const char *text, struct fail_on *fail_on);

/* Whether a result that was judged makes it 1. */
bool fail_on_result(const struct fail_on *fail_on, const struct report_result *result);

#endif
