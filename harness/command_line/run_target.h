#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_RUN_TARGET_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_RUN_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/command_line/options.h"
#include "harness/command_line/results.h"
#include "harness/command_line/run_choice.h"
#include "harness/command_line/scenarios.h"

/* `freshcheck run --target URL`: scenarios on a cluster that somebody else runs. */
struct target_options {
    const char *url;
    const char *jar;           /* a file, or the id of a jar that is there; NULL: none */
    struct option_values jobs; /* "NAME=ID" */
    const char *keep;          /* a folder for recordings; NULL: none */
    const char *like;          /* the implementation whose results are expected; NULL: that of the
                                  target's version */
    const struct run_choice *choice; /* of which the scenarios have been chosen already */
    bool brief;
    bool quiet;    /* does not tell how far it is */
    bool has_seed; /* else one is drawn */
    uint64_t seed;
};

/* Runs them, prints the report, and returns the exit code. */
int run_target(const struct target_options *options, const struct scenario_list *scenarios,
               const struct output_options *output);

#endif
