#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_RUN_CHOICE_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_RUN_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/command_line/fail_on.h"
#include "harness/command_line/known_failures.h"
#include "harness/command_line/scenarios.h"
#include "harness/command_line/selection.h"

/* What of a run is wanted, and what of it counts: --only, --skip, --expect, --fail-on, --strict. */
struct run_choice {
    struct selection selection;
    struct known_failures known;
    const char *expect_name, *fail_on_given;
    bool strict;
    const char *fail_on_text; /* what the last two come to */
    struct fail_on fail_on;
};

#define RUN_CHOICE_OPTIONS(choice)                                                \
    SELECTION_OPTIONS((choice).selection),                                        \
        {"expect",                                                                \
         "FILE",                                                                  \
         "failures that are expected, besides those that scenarios say",          \
         NULL,                                                                    \
         &(choice).expect_name,                                                   \
         NULL},                                                                   \
        FAIL_ON_OPTION((choice).fail_on_given),                                   \
    {                                                                             \
        "strict", NULL, "the same as --fail-on any", &(choice).strict, NULL, NULL \
    }

/* Reads what stands by itself. Returns 0, or the exit code after a sentence. */
int run_choice_read(struct run_choice *choice);

/*
 * Takes the scenarios that are not wanted out of the list: not chosen, or without any claim that is.
 * `columns`: names of what there is to choose from; what is chosen of it is asked by
 * selection_has(). Returns 0, or the exit code after a sentence.
 */
int run_choice_scenarios(struct run_choice *choice, struct scenario_list *scenarios,
                         const char *const *columns, size_t column_count);

/* Says on stderr which known failures mean nothing that is run. */
void run_choice_tell_unmet(const struct run_choice *choice, const struct scenario_list *scenarios,
                           const char *const *columns, size_t column_count);

/* Once all is judged: claims without what is not wanted. */
void run_choice_narrow_plans(const struct run_choice *choice, struct scenario_list *scenarios);

/* Goes into the fingerprint of a part: parts of different choices do not belong together. */
uint64_t run_choice_fingerprint(const struct run_choice *choice, uint64_t before);

void run_choice_free(struct run_choice *choice);

#endif
