#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_CLAIM_TEXT_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_CLAIM_TEXT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "harness/judge/verdict.h"

/* Claims as people write them: "fresh", "age=3s"; and as reports show them: "fresh", "age 3 s". */

/* Reads one. False, after one sentence on stderr, when it is neither. */
bool claim_parse(const char *text, int64_t *bound_us);
void claim_print(const struct claim *claim, struct buffer *out);

#endif
