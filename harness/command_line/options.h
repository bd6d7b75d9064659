#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_OPTIONS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Command lines: `--name VALUE`, `--name=VALUE`, switches, and plain arguments in any order; an
 * option of one letter takes a value, as `-D VALUE` or `-DVALUE`. `--` ends the options.
 */
struct option {
    const char *name;             /* without the dashes; one letter: with one dash */
    const char *placeholder;      /* what to call its value in the help; NULL: a switch */
    const char *help;             /* one line */
    bool *given;                  /* may be NULL when there is a value */
    const char **value;           /* NULL for switches */
    struct option_values *values; /* instead of value: may be given more than once */
};

struct option_values {
    const char **items;
    size_t count;
};

struct command_help {
    const char *usage;   /* "freshcheck run [OPTION...] [SCENARIO...]" */
    const char *purpose; /* a sentence or two */
    const char *after;   /* examples and exit codes, may be NULL */
};

enum options_outcome { OPTIONS_FINE, OPTIONS_HELPED, OPTIONS_WRONG };

/*
 * Reads the command line. Plain arguments are moved to the front of `arguments`, their number to
 * *plain_count. --help and --version print and give OPTIONS_HELPED; an unknown option, a missing
 * value or one too many prints one sentence with the nearest name and gives OPTIONS_WRONG.
 */
enum options_outcome options_read(const struct command_help *help, const struct option *options,
                                  size_t option_count, int argument_count, char **arguments,
                                  int *plain_count);

void option_values_free(struct option_values *values);

#endif
