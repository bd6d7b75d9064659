#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_RESULTS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_RESULTS_H

#include <stdbool.h>

#include "harness/command_line/files.h"
#include "harness/implementations/implementation.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"
#include "reports/report.h"

/* Turning what came of runs into what report writers get. */

/* Says whether a run came out as its scenario expects; *difference (owned by the caller) is one
 * sentence when not. `reason` is the scenario's reason of the first expected failure. */
bool result_as_expected(const struct plan *plan, const char *implementation,
                        const struct judgement *judgement, struct buffer *difference,
                        const char **reason);

/*
 * The same for a cluster of somebody else, of which less can be known: what cannot be decided is no
 * disagreement, and answers do not tell every layer apart.
 */
bool result_agrees(const struct plan *plan, const char *implementation,
                   const struct judgement *judgement, struct buffer *difference,
                   const char **reason);

/* `fail` when any result is, `unknown` when any has no verdict or all were skipped, else `pass`. */
enum verdict results_verdict(const struct report_result *results, size_t count);

/* Where reports go. */
struct output_options {
    const char *format; /* "text", "json"; NULL: text */
    const char *junit;  /* a file name, or NULL */
    bool brief;         /* no witnesses */
};

/* False, after one sentence on stderr, when the format is none. */
bool output_options_check(const struct output_options *options);

/* True when stdout is a terminal and NO_COLOR is not set. */
bool output_wants_colour(void);

/* Writes the JUnit file, if one is wanted. Returns exit_code, or 73 when that was 0 and the file
 * could not be written: a report that fails never hides a verdict. */
int output_junit(const struct output_options *options, const struct report *report, int exit_code);

/* Prints what a writer wrote; 70 after one sentence when memory ran out, else exit_code. */
int output_print(struct buffer *text, int exit_code);

#endif
