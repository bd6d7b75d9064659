#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/option_readers.h"
#include "harness/command_line/options.h"
#include "harness/command_line/progress.h"
#include "harness/command_line/results.h"
#include "harness/command_line/scenarios.h"
#include "harness/command_line/selection.h"
#include "harness/live/clock.h"
#include "harness/trial/trial.h"
#include "reports/mutants_report.h"

static const struct command_help help = {
    .usage = "freshcheck mutants [OPTION...]",
    .purpose =
        "Proves that the checker can fail: runs every implementation that is broken on purpose on\n"
        "all bundled scenarios, and says which property of which scenario finds it out. What none\n"
        "finds out is tried on made-up scenarios. Ends with 1 when one survives.",
    .after = "examples:\n"
             "  freshcheck mutants\n"
             "  freshcheck mutants --only failures-kept --only 'client-*'\n"
             "  freshcheck mutants --scenarios my-scenarios --seeds 0",
};

enum { SEEDS_USUAL = 1000 };

struct mutants_command {
    struct selection selection;
    struct option_values folders;
    const char *seeds_text;
    uint64_t seeds;
    struct output_options output;
    struct progress progress;
    struct scenario_list scenarios;
    const struct implementation **broken; /* those that are put on trial */
    size_t count;
    struct mutant_line *lines;
    char (*seed_names)[48]; /* of scenarios that seeds made */
    char missed[64];
};

static int out_of_memory(void)
{
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

static bool find_broken(struct mutants_command *command)
{
    const size_t known = implementation_count();
    command->broken = calloc(known + 1, sizeof(void *));
    command->lines = calloc(known + 1, sizeof *command->lines);
    command->seed_names = calloc(known + 1, sizeof *command->seed_names);
    if (!command->broken || !command->lines || !command->seed_names)
        return false;
    for (size_t i = 0; i < known; i++) {
        if (implementation_is_broken(implementation_at(i)))
            command->broken[command->count++] = implementation_at(i);
    }
    return true;
}

/* Leaves what is chosen. Which property tells is what is asked here, and not to be chosen. */
static void drop_others(struct mutants_command *command)
{
    const struct selection *selection = &command->selection;
    size_t kept = 0;
    for (size_t i = 0; i < command->count; i++) {
        if (selection_has(selection, SELECTED_IMPLEMENTATION, i))
            command->broken[kept++] = command->broken[i];
    }
    command->count = kept;
    if (selection->is_given)
        scenario_list_keep(&command->scenarios, selection->chosen[SELECTED_SCENARIO]);
}

static int choose(struct mutants_command *command)
{
    const struct scenario_list *scenarios = &command->scenarios;
    const char **names = calloc(scenarios->count + 1, sizeof *names);
    const char **broken = calloc(implementation_count() + 1, sizeof *broken);
    int code = EXIT_INTERNAL;
    if (!names || !broken || !find_broken(command)) {
        out_of_memory();
        goto out;
    }
    for (size_t i = 0; i < scenarios->count; i++)
        names[i] = scenarios->plans[i]->name;
    for (size_t i = 0; i < command->count; i++)
        broken[i] = implementation_name(command->broken[i]);
    const struct selected_names choices[SELECTED_KIND_COUNT] = {
        [SELECTED_SCENARIO] = {names, scenarios->count},
        [SELECTED_IMPLEMENTATION] = {broken, command->count},
    };
    command->selection.first = SELECTED_IMPLEMENTATION;
    code = selection_resolve(&command->selection, choices);
    if (code != EXIT_AS_CLAIMED)
        goto out;
    drop_others(command);
    if (command->count == 0) {
        fputs("freshcheck: --only and --skip leave nothing to put on trial\n", stderr);
        code = EXIT_USAGE;
    }
out:
    free(names);
    free(broken);
    return code;
}

static int load(struct mutants_command *command)
{
    const size_t count = command->folders.count;
    char **names = calloc(count + 1, sizeof *names);
    if (!names)
        return out_of_memory();
    for (size_t i = 0; i < count; i++)
        names[i] = (char *)(uintptr_t)command->folders.items[i];
    const int code = count > 0 ? scenario_list_load(&command->scenarios, names, count)
                               : scenario_list_load_bundled(&command->scenarios);
    free(names);
    return code;
}

static void describe(struct mutants_command *command, size_t index,
                     const struct trial_outcome *outcome)
{
    const struct implementation *broken = command->broken[index];
    struct mutant_line *line = &command->lines[index];
    *line = (struct mutant_line){
        .name = implementation_name(broken),
        .kind = implementation_kind_name(implementation_kind(broken)),
        .summary = implementation_summary(broken),
        .source = implementation_source(broken),
        .killed = outcome->killed,
        .events = outcome->events,
    };
    memcpy(line->by, outcome->by, sizeof line->by);
    if (outcome->scenario) {
        line->scenario = outcome->scenario->name;
    } else if (outcome->killed) {
        snprintf(command->seed_names[index], sizeof *command->seed_names, "seed-%" PRIu64 "-%s",
                 outcome->seed, property_id(outcome->property));
        line->scenario = command->seed_names[index];
    }
}

static int try_all(struct mutants_command *command)
{
    const char *why, *name = "";
    struct progress *progress = &command->progress;
    progress->things = "mutants";
    progress->total = command->count;
    progress_begin(progress, live_clock_real_us());
    struct trial *trial = trial_new(command->scenarios.plans, command->scenarios.count, &why);
    for (size_t i = 0; i < command->count && !why; i++) {
        struct trial_outcome outcome;
        why = trial_run(trial, command->broken[i], command->seeds, &outcome);
        if (!why)
            describe(command, i, &outcome);
        progress_tell(progress, live_clock_real_us(), i + 1, NULL);
        if (why)
            name = implementation_name(command->broken[i]);
    }
    trial_free(trial);
    progress_end(progress);
    if (!why)
        return EXIT_AS_CLAIMED;
    fprintf(stderr, "freshcheck: %s%s%s\n", name, name[0] ? ": " : "", why);
    return EXIT_INTERNAL;
}

/* A mutant is a test of the checker: it passes where it is found out. */
static int write_reports(const struct mutants_command *command,
                         const struct mutants_report *mutants, int code)
{
    static const struct judgement found_out = {.whole = VERDICT_PASS};
    static const struct judgement survived = {.whole = VERDICT_FAIL};
    struct report_result *results = calloc(command->count + 1, sizeof *results);
    struct buffer json = {0}, difference = {0};
    mutants_report_json(mutants, &json);
    buffer_printf(&difference, "no scenario finds it out, nor %s%c", mutants->missed, '\0');
    if (!results || json.failed || difference.failed) {
        code = out_of_memory();
        goto out;
    }
    for (size_t i = 0; i < command->count; i++) {
        const bool killed = command->lines[i].killed;
        results[i] = (struct report_result){
            .subject = "mutants",
            .title = command->lines[i].summary,
            .implementation = command->lines[i].name,
            .claim = "found out",
            .judgement = killed ? &found_out : &survived,
            .has_expectation = true,
            .as_expected = killed,
            .difference = killed ? NULL : difference.bytes,
        };
    }
    const struct report report = {
        .results = results,
        .result_count = command->count,
        .verdict = mutants_killed(mutants) == mutants->count ? VERDICT_PASS : VERDICT_FAIL,
        .json = &json,
    };
    code = output_reports(&command->output, &report, code);
out:
    buffer_free(&difference);
    buffer_free(&json);
    free(results);
    return code;
}

static int print(struct mutants_command *command)
{
    struct buffer out = {0};
    snprintf(command->missed, sizeof command->missed, "any of %" PRIu64 " seeds", command->seeds);
    const struct mutants_report report = {
        .lines = command->lines,
        .count = command->count,
        .missed = command->missed,
        .colour = output_wants_colour(&command->output),
    };
    if (command->output.format && strcmp(command->output.format, "json") == 0)
        mutants_report_json(&report, &out);
    else
        mutants_report_text(&report, &out);
    const int code = output_print(&out, mutants_killed(&report) == report.count ? EXIT_AS_CLAIMED
                                                                                : EXIT_REFUTED);
    return write_reports(command, &report, code);
}

static int mutants(struct mutants_command *command, int plain_count, char **arguments)
{
    command->seeds = SEEDS_USUAL;
    if (plain_count > 0) {
        fprintf(stderr, "freshcheck: mutants takes no names; found '%s'; --only takes one\n",
                arguments[0]);
        return EXIT_USAGE;
    }
    if (!output_options_check(&command->output) ||
        (command->seeds_text &&
         !option_number("seeds", command->seeds_text, UINT32_MAX, &command->seeds)))
        return EXIT_USAGE;
    int code = load(command);
    if (code == EXIT_AS_CLAIMED)
        code = choose(command);
    if (code == EXIT_AS_CLAIMED)
        code = try_all(command);
    return code == EXIT_AS_CLAIMED ? print(command) : code;
}

static void release(struct mutants_command *command)
{
    scenario_list_free(&command->scenarios);
    selection_free(&command->selection);
    option_values_free(&command->folders);
    output_options_free(&command->output);
    free(command->broken);
    free(command->lines);
    free(command->seed_names);
}

int command_mutants(int argument_count, char **arguments)
{
    struct mutants_command command = {0};
    const struct option options[] = {
        SELECTION_OPTIONS(command.selection),
        {"scenarios", "FILE|FOLDER", "use these instead of the bundled ones; may be given again",
         NULL, NULL, &command.folders},
        {"seeds", "N", "made-up scenarios for those that survive (default 1000)", NULL,
         &command.seeds_text, NULL},
        OUTPUT_OPTIONS(command.output),
        QUIET_OPTION(command.progress),
    };
    int plain_count;
    int code;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    if (outcome == OPTIONS_FINE)
        code = mutants(&command, plain_count, arguments);
    else
        code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    release(&command);
    return code;
}
