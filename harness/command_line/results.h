#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_RESULTS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_RESULTS_H

#include <stdbool.h>

#include "harness/command_line/files.h"
#include "harness/command_line/known_failures.h"
#include "harness/command_line/options.h"
#include "harness/implementations/implementation.h"
#include "harness/observer/run_result.h"
#include "harness/scenario/plan.h"
#include "reports/alerts.h"
#include "reports/report.h"

/* Turning what came of runs into what report writers get. */

/* Of what, and where it stands what is expected. */
struct expected_of {
    const struct plan *plan;
    const char *implementation;         /* by the name that the scenario expects something of */
    const struct known_failures *known; /* goes before the scenario; NULL: there are none */
    const char *column;                 /* what the known failures call the implementation */
};

/* Says whether a run came out as expected; *difference (owned by the caller) is one sentence when
 * not. `reason` is that of the first expected failure. */
bool result_as_expected(const struct expected_of *expected, const struct judgement *judgement,
                        struct buffer *difference, const char **reason);

/* The same for an implementation of which nothing is expected by name: what holds on that one is to
 * hold on this one. */
bool result_as_good(const struct expected_of *expected, const struct judgement *judgement,
                    struct buffer *difference, const char **reason);

/*
 * The same for a cluster of somebody else, of which less can be known: what cannot be decided is no
 * disagreement, and answers do not tell every layer apart.
 */
bool result_agrees(const struct expected_of *expected, const struct judgement *judgement,
                   struct buffer *difference, const char **reason);

/* `fail` when any result is, `unknown` when any has no verdict or all were skipped, else `pass`. */
enum verdict results_verdict(const struct report_result *results, size_t count);

/* Where reports go, and how. */
struct output_options {
    const char *format;           /* of stdout: "text", "json"; NULL: text */
    const char *colour;           /* "auto", "always", "never"; NULL: auto */
    const char *junit;            /* a file name, or NULL: an older name for `reports` */
    struct option_values reports; /* FORMAT=FILE; see reports/formats.h */
    bool brief;                   /* no witnesses */
};

#define COLOUR_OPTION(output)                                                                      \
    {                                                                                              \
        "colour", "WHEN",                                                                          \
            "colours: auto (default: on a terminal, unless NO_COLOR is set), always, never", NULL, \
            &(output).colour, NULL                                                                 \
    }

/* The options that say so, for a command's table. */
#define OUTPUT_OPTIONS(output)                                                                  \
    {                                                                                           \
        "format", "text|json",      "what to print on stdout (default text)",                   \
        NULL,     &(output).format, NULL},                                                      \
        {"report",                                                                              \
         "FORMAT=FILE",                                                                         \
         "write a report too; may be given again. 'freshcheck list reports' shows the formats", \
         NULL,                                                                                  \
         NULL,                                                                                  \
         &(output).reports},                                                                    \
        COLOUR_OPTION(output),                                                                  \
    {                                                                                           \
        "junit", "FILE", "the same as --report junit=FILE", NULL, &(output).junit, NULL         \
    }

/* False, after one sentence on stderr, when a format is none or a file has no name. */
bool output_options_check(const struct output_options *options);
/* Whether a report of this format is wanted. */
bool output_wants(const struct output_options *options, const char *format);
void output_options_free(struct output_options *options);

/* What texts on stdout may be: coloured as --colour says, without it on a terminal where NO_COLOR is
 * not set; and as wide as the terminal, 0 where stdout is none. */
bool output_wants_colour(const struct output_options *options);
size_t output_width(void);

/* Writes each report that is wanted, whole or not at all. Returns exit_code, or 73 when that was 0
 * and one could not be written: a report that fails never hides a verdict. */
int output_reports(const struct output_options *options, const struct report *report,
                   int exit_code);

/* The same of findings about a configuration. Of the formats only those that can tell them do:
 * checked beforehand, with one sentence on stderr. */
bool output_options_check_alerts(const struct output_options *options);
int output_alerts(const struct output_options *options, const struct alerts *alerts, int exit_code);

/* Prints what a writer wrote; 70 after one sentence when memory ran out, else exit_code. */
int output_print(struct buffer *text, int exit_code);

#endif
