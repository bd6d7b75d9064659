#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_RECORDING_REPORT_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_RECORDING_REPORT_H

#include "harness/command_line/results.h"

/* Prints verdicts on recordings in the format that was asked for, and writes the JUnit file where
 * one was. Returns exit_code, or another where output_print() and output_reports() say so. */
int recording_report(const struct report *report, const struct output_options *options,
                     int exit_code);

#endif
