#include <stdio.h>
#include <string.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/config_files.h"
#include "harness/command_line/config_view.h"
#include "harness/command_line/results.h"

static const struct command_help help = {
    .usage = "freshcheck config [OPTION...] FILE|FOLDER...",
    .purpose =
        "Says what Flink makes of a configuration: every value that bears on the checkpoint\n"
        "endpoints, where it came from, what is refused, and what other releases make of it.\n"
        "FILE: flink-conf.yaml, config.yaml, a FlinkDeployment or FlinkSessionJob, or what\n"
        "GET /jobmanager/config answered; FOLDER: Flink's conf/.",
    .after = "examples:\n"
             "  freshcheck config /opt/flink/conf\n"
             "  freshcheck config --flink 2.0 flink-conf.yaml\n"
             "  freshcheck config -D rest.cache.checkpoint-statistics.timeout=0s config.yaml\n"
             "\n"
             "exit codes: 0 Flink takes it, 1 Flink refuses a value, 65 a file cannot be read",
};

struct config_command {
    const char *version;
    struct option_values dynamic;
    struct output_options output;
};

static int show(const struct config_command *command, const struct config_entries *entries)
{
    const char *release = config_files_release(entries, command->version);
    struct config_view view;
    if (!release)
        return command->version ? EXIT_USAGE : EXIT_BAD_INPUT;
    if (!config_view_init(&view, entries, release)) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    struct buffer out = {0};
    if (command->output.format && strcmp(command->output.format, "json") == 0)
        config_json_write(&view, &out);
    else
        config_text_write(&view, &out);
    const bool refused = view.releases[view.chosen].refusal_count > 0;
    const int code = output_print(&out, refused ? EXIT_REFUTED : EXIT_AS_CLAIMED);
    config_view_free(&view);
    return code;
}

static int run(const struct config_command *command, char **names, int name_count)
{
    struct config_entries entries = {0};
    if (name_count == 0) {
        fputs("freshcheck: say which file: freshcheck config FILE|FOLDER...\n", stderr);
        return EXIT_USAGE;
    }
    int code = config_files_read(&entries, names, (size_t)name_count, &command->dynamic);
    if (code == 0)
        code = show(command, &entries);
    config_entries_free(&entries);
    return code;
}

int command_config(int argument_count, char **arguments)
{
    int plain_count;
    struct config_command command = {0};
    const struct option options[] = {
        {"flink", "VERSION", "the release to read it as, such as 1.20.3", NULL, &command.version,
         NULL},
        {"D", "KEY=VALUE", "a dynamic property; may be given again", NULL, NULL, &command.dynamic},
        {"format", "text|json", "what to print on stdout", NULL, &command.output.format, NULL},
    };
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    int code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    if (outcome == OPTIONS_FINE)
        code = output_options_check(&command.output) ? run(&command, arguments, plain_count)
                                                     : EXIT_USAGE;
    option_values_free(&command.dynamic);
    return code;
}
