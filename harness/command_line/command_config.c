#include <stdio.h>
#include <string.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/config_cluster.h"
#include "harness/command_line/config_habits.h"
#include "harness/command_line/config_load.h"
#include "harness/command_line/config_side.h"
#include "harness/command_line/config_view.h"
#include "harness/command_line/config_wants.h"
#include "harness/command_line/results.h"
#include "reports/findings_report.h"

static const struct command_help help = {
    .usage = "freshcheck config [OPTION...] FILE|FOLDER|URL[@VERSION] [FILE|FOLDER|URL[@VERSION]]",
    .purpose =
        "Says what Flink makes of a configuration: every value that bears on the checkpoint\n"
        "endpoints, where it came from, what is refused, what other releases make of it, and what\n"
        "is unsafe about it. Of two, or of one on two releases: what changes for users, and why.\n"
        "FILE: flink-conf.yaml, config.yaml, a FlinkDeployment or FlinkSessionJob, or what\n"
        "GET /jobmanager/config answered; FOLDER: Flink's conf/; URL: a running cluster, which is\n"
        "asked for its options and its version.",
    .after = "examples:\n"
             "  freshcheck config /opt/flink/conf\n"
             "  freshcheck config --flink 2.0 flink-conf.yaml\n"
             "  freshcheck config --reaction 10s --jobs-end cancelled config.yaml\n"
             "  freshcheck config --want staleness=1s,fetches-per-second=5 config.yaml\n"
             "  freshcheck config --flink 1.17.2 --flink 1.20.3 flink-conf.yaml\n"
             "  freshcheck config old/flink-conf.yaml@1.17 new/config.yaml@2.1\n"
             "  freshcheck config flink-conf.yaml http://jobmanager:8081\n"
             "  freshcheck config -D rest.cache.checkpoint-statistics.timeout=0s config.yaml\n"
             "\n"
             "exit codes: 0 Flink takes it, 1 Flink refuses a value, 65 a file cannot be read,\n"
             "69 no Flink answers at the URL",
};

struct config_command {
    struct option_values versions;
    struct option_values dynamic;
    struct load load;
    struct load_texts load_texts;
    struct habit_texts habit_texts;
    struct habits habits;
    const char *want_text;
    struct wanted wanted;
    struct output_options output;
};

static bool wants_json(const struct config_command *command)
{
    return command->output.format && strcmp(command->output.format, "json") == 0;
}

static struct config_side_options side_options(const struct config_command *command, size_t side)
{
    const struct option_values *versions = &command->versions;
    const size_t last = versions->count > 0 ? versions->count - 1 : 0;
    return (struct config_side_options){
        .version = versions->count > 0 ? versions->items[side < last ? side : last] : NULL,
        .dynamic = &command->dynamic,
        .load = &command->load,
        .habits = &command->habits,
    };
}

static bool find_advice(struct config_command *command, const struct config_side *side)
{
    const struct situation situation = {.entries = &side->entries,
                                        .effective = &side->effective,
                                        .load = &command->load,
                                        .habits = &command->habits};
    return !command->wanted.given ||
           advise(&situation, &command->wanted.wants, &command->wanted.advice);
}

static int write_reports(const struct config_command *command, const struct config_side *side,
                         int code)
{
    struct alerts alerts;
    if (command->output.reports.count == 0)
        return code;
    alerts_of_configuration(&side->findings, &side->effective, side->name, &alerts);
    code = output_alerts(&command->output, &alerts, code);
    alerts_free(&alerts);
    return code;
}

static int show(struct config_command *command, const struct config_side *side)
{
    struct config_view view;
    struct predicted predicted;
    if (!config_predict(&side->effective, &command->load, &predicted))
        return EXIT_INTERNAL;
    if (!find_advice(command, side) ||
        !config_view_init(&view, &side->entries, side->effective.version)) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    struct buffer out = {0};
    if (wants_json(command)) {
        config_json_write(&view, &side->findings, &predicted, &command->wanted, &out);
    } else {
        config_text_write(&view, &out);
        report_prediction(&predicted, &out);
        report_findings(&side->findings, &side->effective, &out);
        report_advice(&command->wanted, &predicted, &out);
    }
    const bool refused =
        side->effective.refusal_count > 0 || (command->wanted.given && !command->wanted.advice.met);
    const int code = output_print(&out, refused ? EXIT_REFUTED : EXIT_AS_CLAIMED);
    config_view_free(&view);
    return write_reports(command, side, code);
}

static int compare(const struct config_command *command, const struct config_side *before,
                   const struct config_side *after)
{
    struct predicted predicted[2];
    const struct compared sides[] = {
        {before->name, &before->effective, &before->findings, &predicted[0]},
        {after->name, &after->effective, &after->findings, &predicted[1]},
    };
    struct buffer out = {0};
    if (!config_predict(&before->effective, &command->load, &predicted[0]) ||
        !config_predict(&after->effective, &command->load, &predicted[1]))
        return EXIT_INTERNAL;
    if (wants_json(command))
        report_comparison_json(&sides[0], &sides[1], &out);
    else
        report_comparison(&sides[0], &sides[1], &out);
    const bool refused = after->effective.refusal_count > 0;
    const int code = output_print(&out, refused ? EXIT_REFUTED : EXIT_AS_CLAIMED);
    return write_reports(command, after, code);
}

/* A cluster comes first: a file beside it that does not say for which Flink it is, is for that
 * one. */
static int open_both(const struct config_command *command, char **names, int name_count,
                     struct config_side sides[2])
{
    const size_t first = name_count == 2 && config_is_url(names[1]) ? 1 : 0, second = 1 - first;
    struct config_side_options options = side_options(command, first);
    int code = config_side_open(&sides[first], names[first], &options);
    if (code != EXIT_AS_CLAIMED)
        return code;
    options = side_options(command, second);
    if (name_count == 2 && config_is_url(names[first]))
        options.otherwise = sides[first].effective.version;
    return config_side_open(&sides[second], names[name_count == 2 ? second : 0], &options);
}

static int run_sides(struct config_command *command, char **names, int name_count)
{
    const bool compares = name_count == 2 || command->versions.count == 2;
    const struct config_side_options options = side_options(command, 0);
    struct config_side sides[2] = {0};
    int code = compares ? open_both(command, names, name_count, sides)
                        : config_side_open(&sides[0], names[0], &options);
    if (code == EXIT_AS_CLAIMED)
        code = compares ? compare(command, &sides[0], &sides[1]) : show(command, &sides[0]);
    config_side_close(&sides[0]);
    config_side_close(&sides[1]);
    return code;
}

static int run(struct config_command *command, char **names, int name_count)
{
    if (name_count == 0)
        fputs("freshcheck: say which: freshcheck config FILE|FOLDER|URL\n", stderr);
    else if (name_count > 2 || command->versions.count > 2)
        fputs("freshcheck: two configurations are compared, or one on two releases\n", stderr);
    else if (command->want_text && (name_count == 2 || command->versions.count == 2))
        fputs("freshcheck: --want is for one configuration on one release\n", stderr);
    else if (config_wants_read(command->want_text, &command->wanted) &&
             config_habits_read(&command->habit_texts, &command->habits) &&
             config_load_read(&command->load_texts, &command->load))
        return run_sides(command, names, name_count);
    return EXIT_USAGE;
}

int command_config(int argument_count, char **arguments)
{
    int plain_count;
    struct config_command command = {.load = load_default()};
    struct habit_texts *const habits = &command.habit_texts;
    struct load_texts *const load = &command.load_texts;
    command.load.completion_interval_us = 0; /* the configured one */
    const struct option options[] = {
        {"flink", "VERSION", "the release to read it as, such as 1.20.3; twice: to compare", NULL,
         NULL, &command.versions},
        {"D", "KEY=VALUE", "a dynamic property; may be given again", NULL, NULL, &command.dynamic},
        {"jobs", "N", "how many jobs run (1)", NULL, &load->jobs, NULL},
        {"programs", "N", "that read the checkpoints of each job (1)", NULL, &load->programs, NULL},
        {"poll", "DURATION", "how often each of them asks (1s)", NULL, &load->poll, NULL},
        {"steady", NULL, "in a steady beat, evenly spread, instead of at random", &load->steady,
         NULL, NULL},
        {"dashboards", "N", "open on each job (1)", NULL, &load->dashboards, NULL},
        {"checkpoint-every", "DURATION", "between completed checkpoints (the configured interval)",
         NULL, &load->checkpoints, NULL},
        {"latency", "DURATION", "of a call of the JobManager, there and back (2ms)", NULL,
         &load->latency, NULL},
        {"reaction", "DURATION", "from an answer with a path to the use of that path", NULL,
         &habits->reaction, NULL},
        {"jobs-end", "cancelled|finished", "how jobs end whose checkpoints are used afterwards",
         NULL, &habits->job_end, NULL},
        {"ended-after", "DURATION", "how long after their end jobs are asked about", NULL,
         &habits->ended_after, NULL},
        {"details-after", "DURATION", "how old the checkpoints are of which details are asked for",
         NULL, &habits->details_after, NULL},
        {"asks-early", NULL, "programs ask about jobs that are not submitted yet",
         &habits->asks_before_start, NULL, NULL},
        {"reads-own", NULL, "programs trigger a checkpoint, await it, and read the statistics",
         &habits->reads_own, NULL, NULL},
        {"want", "LIST", "settings that meet it: staleness=1s,fetches-per-second=5", NULL,
         &command.want_text, NULL},
        {"format", "text|json", "what to print on stdout", NULL, &command.output.format, NULL},
        {"report", "FORMAT=FILE", "write findings there too: sarif=FILE, github=FILE or github=-",
         NULL, NULL, &command.output.reports},
    };
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    int code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    if (outcome == OPTIONS_FINE)
        code = output_options_check(&command.output) && output_options_check_alerts(&command.output)
                   ? run(&command, arguments, plain_count)
                   : EXIT_USAGE;
    advice_free(&command.wanted.advice);
    option_values_free(&command.dynamic);
    option_values_free(&command.versions);
    output_options_free(&command.output);
    return code;
}
