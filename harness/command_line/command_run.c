#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command_line/claim_text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/option_readers.h"
#include "harness/command_line/options.h"
#include "harness/command_line/progress.h"
#include "harness/command_line/results.h"
#include "harness/command_line/run_choice.h"
#include "harness/command_line/run_origin.h"
#include "harness/command_line/run_report.h"
#include "harness/command_line/run_target.h"
#include "harness/command_line/scenarios.h"
#include "harness/command_line/sharding.h"
#include "harness/command_line/stories.h"
#include "harness/live/clock.h"
#include "harness/live/live.h"
#include "harness/virtual_time/run.h"

static const struct command_help help = {
    .usage = "freshcheck run [OPTION...] [SCENARIO.yaml|FOLDER...]",
    .purpose =
        "Runs scenarios on implementations, judges what clients saw, and prints a matrix.\n"
        "Without names it runs the folder 'scenarios' on the reference and four versions of\n"
        "Flink. Ends with 0 when every cell is as its scenario expects.",
    .after = "examples:\n"
             "  freshcheck run\n"
             "  freshcheck run scenarios/dashboard_hides_newer.yaml --implementation flink-1.17\n"
             "  freshcheck run --implementation reference --strict\n"
             "  freshcheck run --live --report junit=report.xml\n"
             "  freshcheck run --target http://jobmanager:8081 --jar job.jar\n"
             "  freshcheck run --target http://127.0.0.1:8080 --origin http://127.0.0.1:8081",
};

static const char *const usual_columns[] = {"reference", "flink-1.17", "flink-1.18.0", "flink-1.20",
                                            "flink-2.3"};
enum { USUAL_COLUMN_COUNT = sizeof usual_columns / sizeof usual_columns[0] };

struct run_command {
    struct option_values names; /* --implementation */
    struct option_values given; /* -D */
    bool all, live;
    struct run_choice choice;
    const char *seed_text, *shard_text;
    struct shard shard;          /* 1 of 1: all of it */
    const char *target, *origin; /* URLs; NULL: in this process */
    int failure_code;            /* how it ends where a cell has no result */
    struct run_options run;
    struct target_options alone; /* for a target without an origin */
    struct output_options output;
    struct progress progress;

    struct scenario_list scenarios;
    const struct implementation **implementations;
    size_t implementation_count;

    struct live_cell *cells; /* scenario by scenario; also holds what virtual runs gave */
    size_t cell_count;
    struct report_result *results;
    struct stories stories;
    struct buffer *texts; /* see enum text */
};

/* What is written about a result. */
enum text { TEXT_CLAIM, TEXT_DIFFERENCE, TEXT_COMMAND, TEXT_FAILURE, TEXT_COUNT };

static struct buffer *text_at(const struct run_command *command, size_t result, enum text text)
{
    return &command->texts[text * command->cell_count + result];
}

/* Behind a target there is one implementation at a time. */
static int check_target(const struct run_command *command)
{
    const struct target_options *alone = &command->alone;
    const bool is_alone = command->target && !command->origin;
    if (command->origin && !command->target)
        fputs("freshcheck: --origin is what lies behind a --target; give both\n", stderr);
    else if (!is_alone && (alone->jar || alone->keep || alone->like || alone->jobs.count > 0))
        fputs("freshcheck: --jar, --job, --like and --keep are for a --target without --origin\n",
              stderr);
    else if (is_alone && command->names.count > 0)
        fputs("freshcheck: a --target is what it is; --implementation goes with --origin\n",
              stderr);
    else if (command->target && (command->all || command->live || command->names.count > 1))
        fputs("freshcheck: with --target there is one --implementation, and neither --all nor "
              "--live\n",
              stderr);
    else if (command->target && command->given.count > 0)
        fputs("freshcheck: a --target has settings of its own; -D is for implementations here\n",
              stderr);
    else
        return EXIT_AS_CLAIMED;
    return EXIT_USAGE;
}

static int choose_implementations(struct run_command *command)
{
    const size_t known = implementation_count();
    command->implementations = calloc(known + command->names.count, sizeof(void *));
    if (!command->implementations) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    for (size_t i = 0; i < command->names.count; i++) {
        const struct implementation *found = option_implementation(command->names.items[i]);
        if (!found)
            return option_implementation_code(command->names.items[i]);
        command->implementations[command->implementation_count++] = found;
    }
    if (command->names.count == 0 && command->target)
        command->implementations[command->implementation_count++] = implementation_at(0);
    if (command->implementation_count > 0)
        return EXIT_AS_CLAIMED;
    for (size_t i = 0; i < known; i++) {
        if (!command->all || !implementation_is_broken(implementation_at(i)))
            command->implementations[command->implementation_count++] = implementation_at(i);
    }
    return EXIT_AS_CLAIMED;
}

static bool is_usual(const struct implementation *implementation)
{
    for (size_t i = 0; i < USUAL_COLUMN_COUNT; i++) {
        if (strcmp(usual_columns[i], implementation_name(implementation)) == 0)
            return true;
    }
    return false;
}

/* Without --implementation and --all, what --only says of implementations is of all there are, and
 * where it says nothing of them they are the usual ones. */
static int drop_implementations(struct run_command *command)
{
    const struct selection *selection = &command->choice.selection;
    const bool is_named = command->names.count > 0 || command->all || command->target ||
                          selection->has_only[SELECTED_IMPLEMENTATION];
    size_t kept = 0;
    for (size_t i = 0; i < command->implementation_count; i++) {
        const struct implementation *implementation = command->implementations[i];
        if (selection_has(selection, SELECTED_IMPLEMENTATION, i) &&
            (is_named || is_usual(implementation)))
            command->implementations[kept++] = implementation;
    }
    command->implementation_count = kept;
    if (kept > 0)
        return EXIT_AS_CLAIMED;
    fputs("freshcheck: --only and --skip leave no implementation\n", stderr);
    return EXIT_USAGE;
}

/* Names of the columns as they are now; NULL, after a sentence, when out of memory. */
static const char **column_names(const struct run_command *command)
{
    const char **names = calloc(command->implementation_count + 1, sizeof *names);
    for (size_t i = 0; names && i < command->implementation_count; i++)
        names[i] =
            command->target ? command->target : implementation_name(command->implementations[i]);
    if (!names)
        fputs("freshcheck: out of memory\n", stderr);
    return names;
}

static int choose_cells(struct run_command *command)
{
    const char **names = column_names(command);
    if (!names)
        return EXIT_INTERNAL;
    int code = run_choice_scenarios(&command->choice, &command->scenarios, names,
                                    command->implementation_count);
    free(names);
    if (code == EXIT_AS_CLAIMED)
        code = drop_implementations(command);
    if (code != EXIT_AS_CLAIMED)
        return code;
    names = column_names(command);
    if (!names)
        return EXIT_INTERNAL;
    run_choice_tell_unmet(&command->choice, &command->scenarios, names,
                          command->implementation_count);
    free(names);
    return EXIT_AS_CLAIMED;
}

static int read_shard(struct run_command *command)
{
    if (command->shard_text && (command->live || command->target)) {
        fputs("freshcheck: --shard is for virtual time; leave out --live and --target\n", stderr);
        return EXIT_USAGE;
    }
    return sharding_read(command->shard_text, &command->output, &command->shard) ? EXIT_AS_CLAIMED
                                                                                 : EXIT_USAGE;
}

static int read_seed(struct run_command *command)
{
    command->run = (struct run_options){.seed = 1, .parse_every = 1};
    if (command->seed_text &&
        !option_number("seed", command->seed_text, UINT64_MAX, &command->run.seed))
        return EXIT_USAGE;
    return EXIT_AS_CLAIMED;
}

static bool lay_out_cells(struct run_command *command)
{
    const size_t all = command->scenarios.count * command->implementation_count;
    command->cell_count = (size_t)shard_item_count(&command->shard, all);
    command->cells = calloc(command->cell_count + 1, sizeof *command->cells);
    command->results = calloc(command->cell_count + 1, sizeof *command->results);
    command->texts = calloc(TEXT_COUNT * command->cell_count + 1, sizeof *command->texts);
    if (!command->cells || !command->results || !command->texts)
        return false;
    for (size_t i = 0, next = 0; i < all; i++) {
        if (shard_of_item(i, command->shard.count) != command->shard.index)
            continue;
        struct live_cell *cell = &command->cells[next++];
        cell->plan = command->scenarios.plans[i / command->implementation_count];
        cell->implementation = command->implementations[i % command->implementation_count];
    }
    return true;
}

static void run_all_virtual(struct run_command *command)
{
    struct progress *progress = &command->progress;
    progress->things = "cells";
    progress->total = command->cell_count;
    progress_begin(progress, live_clock_real_us());
    for (size_t i = 0; i < command->cell_count; i++) {
        struct live_cell *cell = &command->cells[i];
        cell->failure = run_virtual(cell->plan, cell->implementation, &command->run, &cell->result);
        progress_tell(progress, live_clock_real_us(), i + 1, NULL);
    }
    progress_end(progress);
}

static void tell_time(void *context, int64_t passed_us)
{
    struct run_command *command = context;
    const int64_t now_us = live_clock_real_us();
    progress_tell(&command->progress, now_us, (uint64_t)passed_us, NULL);
}

/* All cells at once, which takes as long as the longest of them. */
static const char *run_for(struct run_command *command, struct live_cell *cells, size_t count,
                           int64_t longest_us)
{
    const struct live_watcher watcher = {tell_time, command};
    command->progress.kind = PROGRESS_TIME;
    command->progress.total = (uint64_t)longest_us;
    progress_begin(&command->progress, live_clock_real_us());
    const char *why = live_run(cells, count, &command->run, &watcher);
    progress_end(&command->progress);
    return why;
}

/* Runs what can be run live; the others stay where they are, to be reported as skipped. */
static int run_all_live(struct run_command *command)
{
    struct live_cell *live = calloc(command->cell_count + 1, sizeof *live);
    if (!live) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    size_t count = 0;
    int64_t longest_us = 0;
    for (size_t i = 0; i < command->cell_count; i++) {
        const struct plan *plan = command->cells[i].plan;
        if (!plan->live)
            continue;
        live[count++] = command->cells[i];
        longest_us = plan->end_us > longest_us ? plan->end_us : longest_us;
    }
    if (!command->progress.quiet)
        fprintf(stderr, "freshcheck: %zu cells over HTTP on 127.0.0.1, about %" PRId64 " s\n",
                count, longest_us / 1000000 + 1);
    const char *why = count > 0 ? run_for(command, live, count, longest_us) : NULL;
    for (size_t i = 0, next = 0; i < command->cell_count; i++) {
        if (command->cells[i].plan->live)
            command->cells[i] = live[next++];
    }
    free(live);
    if (why)
        fprintf(stderr, "freshcheck: nothing could be run live: %s\n", why);
    return why ? EXIT_INTERNAL : EXIT_AS_CLAIMED;
}

static int run_all_through_target(struct run_command *command)
{
    const struct origin_options options = {
        .target = command->target,
        .origin = command->origin,
        .seed = command->run.seed,
        .quiet = command->progress.quiet,
    };
    return run_through_target(&options, command->cells, command->cell_count,
                              text_at(command, 0, TEXT_FAILURE), &command->failure_code);
}

/* The text in a slot, ended by a NUL, or NULL when memory ran out. */
static const char *text_of(struct buffer *slot)
{
    buffer_char(slot, '\0');
    return slot->failed ? NULL : slot->bytes;
}

static const char *again_text(const struct run_command *command, const struct live_cell *cell,
                              struct buffer *slot)
{
    buffer_printf(slot, "run %s --implementation %s", cell->plan->file,
                  implementation_name(cell->implementation));
    if (command->run.seed != 1)
        buffer_printf(slot, " --seed %" PRIu64, command->run.seed);
    for (size_t i = 0; i < command->given.count; i++)
        buffer_printf(slot, " -D '%s'", command->given.items[i]);
    if (command->choice.expect_name)
        buffer_printf(slot, " --expect %s", command->choice.expect_name);
    if (command->live)
        buffer_text(slot, " --live");
    if (command->target)
        buffer_printf(slot, " --target %s --origin %s", command->target, command->origin);
    return text_of(slot);
}

/* Of what is broken on purpose only who names it can tell what to expect. */
static bool is_told_of(const struct expected_of *expected, const struct live_cell *cell)
{
    return !implementation_is_broken(cell->implementation) ||
           plan_expectation(cell->plan, expected->implementation) ||
           known_failures_name(expected->known, expected->column, cell->plan->name);
}

static void fill_result(struct run_command *command, size_t index)
{
    const struct live_cell *cell = &command->cells[index];
    const bool in_real_time = command->live || command->target;
    const bool is_foreign = implementation_kind(cell->implementation) == IMPLEMENTATION_FOREIGN;
    struct report_result *result = &command->results[index];
    const struct expected_of expected = {
        .plan = cell->plan,
        .implementation =
            implementation_name(is_foreign ? implementation_at(0) : cell->implementation),
        .known = &command->choice.known,
        .column = command->target ? command->target : implementation_name(cell->implementation),
    };
    claim_print(&cell->plan->claim, text_at(command, index, TEXT_CLAIM));
    *result = (struct report_result){
        .subject = cell->plan->name,
        .title = cell->plan->title,
        .implementation = expected.column,
        .claim = text_of(text_at(command, index, TEXT_CLAIM)),
        .file = cell->plan->file,
        .places = cell->plan->claim_places,
        .judgement = &cell->result.judgement,
        .again = again_text(command, cell, text_at(command, index, TEXT_COMMAND)),
        .failure = cell->failure,
        .skipped = in_real_time && !cell->plan->live ? cell->plan->not_live_because : NULL,
        .measures = cell->result.measures,
        .measure_count = cell->result.measure_count,
        .has_expectation = is_told_of(&expected, cell),
    };
    if (result->skipped || result->failure || !result->has_expectation)
        return;
    struct buffer *difference = text_at(command, index, TEXT_DIFFERENCE);
    result->as_expected =
        is_foreign ? result_as_good(&expected, result->judgement, difference, &result->reason)
                   : result_as_expected(&expected, result->judgement, difference, &result->reason);
    if (!result->as_expected)
        result->difference = text_of(difference);
}

/* What this is a part of; the texts are the caller's. */
static bool describe_part(const struct run_command *command, struct buffer *json)
{
    const size_t count = command->implementation_count;
    uint64_t fingerprint = run_choice_fingerprint(&command->choice, command->scenarios.fingerprint);
    const char **names = calloc(count + 1, sizeof *names);
    for (size_t i = 0; names && i < count; i++)
        names[i] = implementation_name(command->implementations[i]);
    if (!names) {
        fputs("freshcheck: out of memory\n", stderr);
        return false;
    }
    bool fine = sharding_fingerprint(names, count, &fingerprint);
    const struct part part = {
        .kind = PART_OF_RUN,
        .shard = command->shard,
        .version = FRESHCHECK_VERSION,
        .seed = command->run.seed,
        .implementations = names,
        .implementation_count = count,
        .fingerprint = fingerprint,
        .fail_on = command->choice.fail_on_text,
        .settings = command->given.items,
        .setting_count = command->given.count,
        .scenario_count = command->scenarios.count,
    };
    fine = fine && sharding_write(&part, json);
    free(names);
    return fine;
}

static int print_report(const struct run_command *command)
{
    struct buffer part = {0};
    if (command->shard_text && !describe_part(command, &part))
        return EXIT_INTERNAL;
    const struct run_report report = {
        .results = command->results,
        .count = command->cell_count,
        .part = command->shard_text ? &part : NULL,
        .fail_on = &command->choice.fail_on,
        .failure_code = command->failure_code,
        .output = &command->output,
    };
    const int code = run_report_print(&report);
    buffer_free(&part);
    return code;
}

/* Cells that failed in virtual time happen once more, for a report that shows how. */
static void tell_stories(struct run_command *command)
{
    if (command->live || command->target || !output_wants(&command->output, "html"))
        return;
    struct told_cell *cells = calloc(command->cell_count + 1, sizeof *cells);
    for (size_t i = 0; cells && i < command->cell_count; i++)
        cells[i] = (struct told_cell){command->cells[i].plan, command->cells[i].implementation};
    if (cells)
        stories_tell(&command->stories, cells, command->results, command->cell_count,
                     &command->run);
    free(cells);
}

static int run_cells(struct run_command *command)
{
    if (!lay_out_cells(command)) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    int code = EXIT_AS_CLAIMED;
    command->failure_code = EXIT_INTERNAL;
    if (command->target)
        code = run_all_through_target(command);
    else if (command->live)
        code = run_all_live(command);
    else
        run_all_virtual(command);
    if (code != EXIT_AS_CLAIMED)
        return code;
    run_choice_narrow_plans(&command->choice, &command->scenarios);
    for (size_t i = 0; i < command->cell_count; i++) {
        selection_narrow(&command->choice.selection, &command->cells[i].result.judgement);
        fill_result(command, i);
    }
    tell_stories(command);
    return print_report(command);
}

static void release(struct run_command *command)
{
    for (size_t i = 0; command->texts && i < TEXT_COUNT * command->cell_count; i++)
        buffer_free(&command->texts[i]);
    free(command->texts);
    free(command->results);
    stories_free(&command->stories);
    free(command->cells);
    free(command->implementations);
    scenario_list_free(&command->scenarios);
    run_choice_free(&command->choice);
    option_values_free(&command->names);
    option_values_free(&command->given);
    option_values_free(&command->alone.jobs);
    output_options_free(&command->output);
}

static int run_on_target(struct run_command *command, char **names, size_t name_count)
{
    struct target_options *target = &command->alone;
    int code = read_seed(command);
    if (code == EXIT_AS_CLAIMED)
        code = scenario_list_load_any_cluster(&command->scenarios, names, name_count);
    target->url = command->target;
    target->has_seed = command->seed_text != NULL;
    target->seed = command->run.seed;
    target->brief = command->output.brief;
    target->quiet = command->progress.quiet;
    if (code == EXIT_AS_CLAIMED)
        code = run_choice_scenarios(&command->choice, &command->scenarios, &command->target, 1);
    if (code != EXIT_AS_CLAIMED)
        return code;
    run_choice_tell_unmet(&command->choice, &command->scenarios, &command->target, 1);
    target->choice = &command->choice;
    return run_target(target, &command->scenarios, &command->output);
}

static int run_as_told(struct run_command *command, char **names, size_t name_count)
{
    int code = output_options_check(&command->output) ? check_target(command) : EXIT_USAGE;
    if (code == EXIT_AS_CLAIMED)
        code = run_choice_read(&command->choice);
    if (code == EXIT_AS_CLAIMED)
        code = read_shard(command);
    if (code == EXIT_AS_CLAIMED && command->target && !command->origin)
        return run_on_target(command, names, name_count);
    if (code == EXIT_AS_CLAIMED)
        code = read_seed(command);
    if (code == EXIT_AS_CLAIMED)
        code = choose_implementations(command);
    if (code == EXIT_AS_CLAIMED)
        code = scenario_list_load_with(&command->scenarios, names, name_count, &command->given);
    if (code == EXIT_AS_CLAIMED)
        code = choose_cells(command);
    return code == EXIT_AS_CLAIMED ? run_cells(command) : code;
}

int command_run(int argument_count, char **arguments)
{
    struct run_command command = {0};
    const struct option options[] = {
        {"implementation", "NAME", "run this one only; may be given again", NULL, NULL,
         &command.names},
        {"all", NULL, "run on the reference and every version of Flink", &command.all, NULL, NULL},
        {"D", "KEY=VALUE",
         "an option of Flink that goes before the scenario's own; may be given again", NULL, NULL,
         &command.given},
        RUN_CHOICE_OPTIONS(command.choice),
        {"live", NULL, "over HTTP and in real time, instead of virtual time", &command.live, NULL,
         NULL},
        {"target", "URL", "let the clients ask the Flink that serves there; with --origin a proxy",
         NULL, &command.target, NULL},
        {"origin", "URL",
         "what lies behind it: freshcheck serve, started here where nothing listens", NULL,
         &command.origin, NULL},
        {"jar", "FILE|ID", "what jobs of a scenario's own are started from on that Flink", NULL,
         &command.alone.jar, NULL},
        {"job", "NAME=ID", "what runs there for this job; may be given again", NULL, NULL,
         &command.alone.jobs},
        {"like", "NAME", "expect of it what is expected of this implementation", NULL,
         &command.alone.like, NULL},
        {"keep", "FOLDER", "keep the recordings of what it answered, as NAME.jsonl", NULL,
         &command.alone.keep, NULL},
        {"seed", "N", "seed of everything that is drawn (default 1)", NULL, &command.seed_text,
         NULL},
        SHARD_OPTION(&command.shard_text),
        OUTPUT_OPTIONS(command.output),
        QUIET_OPTION(command.progress),
        {"brief", NULL, "the matrix only, no witnesses", &command.output.brief, NULL, NULL},
    };
    int plain_count;
    int code = EXIT_AS_CLAIMED;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    if (outcome == OPTIONS_FINE)
        code = run_as_told(&command, arguments, (size_t)plain_count);
    else
        code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    release(&command);
    return code;
}
