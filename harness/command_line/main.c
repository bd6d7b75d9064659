#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "harness/command_line/commands.h"

static const struct {
    const char *name;
    int (*run)(int argument_count, char **arguments);
    const char *summary;
} commands[] = {
    {"run", command_run, "run scenarios on implementations and judge what clients saw"},
    {"check", command_check, "judge recordings of real clusters"},
    {"explore", command_explore,
     "make up scenarios from seeds, and show what breaks as small as it can be"},
    {"mutants", command_mutants, "prove that the checker finds what is broken on purpose"},
    {"merge", command_merge, "join the parts that run --shard and explore --shard printed"},
    {"convert", command_convert, "turn recordings into HTTP archives and back"},
    {"record", command_record, "record what clients of a running cluster ask and get"},
    {"watch", command_watch, "show how fresh the answers of a running cluster are"},
    {"conform", command_conform, "compare a mock's or a cluster's answers with recorded ones"},
    {"config", command_config, "say what Flink makes of a configuration"},
    {"serve", command_serve, "serve a scenario's mock JobManager over HTTP"},
    {"list", command_list, "list scenarios, implementations or properties"},
    {"explain", command_explain, "explain a property: what it says and how it is judged"},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_help(void)
{
    puts("freshcheck proves or refutes the freshness of Flink's checkpoint REST API:\n"
         "the caches of FLINK-32469, any implementation of them, and recordings of real clusters.\n"
         "\n"
         "usage: freshcheck COMMAND [ARGUMENT...]\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    puts("\n"
         "freshcheck COMMAND --help tells more about one; --version prints the version.\n"
         "\n"
         "exit codes: 0 as claimed, 1 refuted, 2 undecided, 64 usage, 65 bad input file,\n"
         "69 target unreachable or port in use, 70 internal error, 73 cannot write,\n"
         "77 everything skipped, 130 interrupted");
}

/* What was printed must have arrived: a full disk is not a verdict. */
static int finish(int exit_code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_code;
    fputs("freshcheck: the output could not be written\n", stderr);
    return exit_code != 0 ? exit_code : EXIT_CANNOT_WRITE;
}

static int unknown_command(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *nearest = text_nearest(name, names, COMMAND_COUNT);
    if (nearest)
        fprintf(stderr, "freshcheck: there is no command '%s'; did you mean '%s'?\n", name,
                nearest);
    else
        fprintf(stderr, "freshcheck: there is no command '%s'; --help lists them\n", name);
    return EXIT_USAGE;
}

int main(int argument_count, char **arguments)
{
    if (argument_count < 2) {
        fputs("freshcheck: say what to do, for instance 'freshcheck run'; --help lists all\n",
              stderr);
        return EXIT_USAGE;
    }
    /* A limit on the size of files is an error of the one write that meets it, not our end: a
     * verdict does not depend on whether its report can be kept. */
    signal(SIGXFSZ, SIG_IGN);
    const char *name = arguments[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help();
        return finish(EXIT_AS_CLAIMED);
    }
    if (strcmp(name, "--version") == 0) {
        puts("freshcheck " FRESHCHECK_VERSION);
        return finish(EXIT_AS_CLAIMED);
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(name, commands[i].name) == 0)
            return finish(commands[i].run(argument_count - 2, arguments + 2));
    }
    return unknown_command(name);
}
