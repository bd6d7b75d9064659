#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_COMMANDS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_COMMANDS_H

/* The commands. Each gets the arguments behind its own name and returns the exit code. */

/* sysexits where one exists; docs/command-line.md. */
enum exit_code {
    EXIT_AS_CLAIMED = 0,
    EXIT_REFUTED = 1,
    EXIT_UNDECIDED = 2,
    EXIT_USAGE = 64,
    EXIT_BAD_INPUT = 65,
    EXIT_UNREACHABLE = 69,
    EXIT_INTERNAL = 70,
    EXIT_CANNOT_WRITE = 73,
    EXIT_ALL_SKIPPED = 77,
    EXIT_INTERRUPTED = 130
};

int command_run(int argument_count, char **arguments);
int command_check(int argument_count, char **arguments);
int command_explore(int argument_count, char **arguments);
int command_mutants(int argument_count, char **arguments);
int command_merge(int argument_count, char **arguments);
int command_convert(int argument_count, char **arguments);
int command_conform(int argument_count, char **arguments);
int command_record(int argument_count, char **arguments);
int command_watch(int argument_count, char **arguments);
int command_config(int argument_count, char **arguments);
int command_serve(int argument_count, char **arguments);
int command_list(int argument_count, char **arguments);
int command_explain(int argument_count, char **arguments);

#endif
