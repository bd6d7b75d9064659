#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/explore_report.h"
#include "harness/command_line/kept_failures.h"
#include "harness/command_line/option_readers.h"
#include "harness/command_line/options.h"
#include "harness/command_line/progress.h"
#include "harness/command_line/selection.h"
#include "harness/command_line/results.h"
#include "harness/command_line/sharding.h"
#include "harness/explore/explore.h"
#include "harness/live/clock.h"
#include "harness/live/stop_signals.h"

static const struct command_help help = {
    .usage = "freshcheck explore [OPTION...]",
    .purpose =
        "Makes up scenarios from seeds and runs them in virtual time. The first failure of each\n"
        "kind is made as small as it can be, and printed with its witness.",
    .after = "examples:\n"
             "  freshcheck explore --seeds 10000\n"
             "  freshcheck explore --implementation flink-1.18 --save found\n"
             "  freshcheck explore --implementation stampede --seed 7 --seeds 1\n"
             "  freshcheck explore --for 30s --jobs 4\n"
             "\n"
             "exit codes: 0 nothing broke, 1 something did, 70 a scenario has no result,\n"
             "130 after Ctrl-C, with the report of what was seen",
};

enum { SEEDS_USUAL = 1000, JOBS_MAX = 1024 };

struct explore_command {
    const char *name, *seeds_text, *seed_text, *jobs_text, *for_text, *folder;
    const char *shard_text;
    struct shard shard; /* 1 of 1: all of it */
    struct part part;   /* what that is a part of */
    const char *implementation_name;
    struct output_options output;
    struct explorer explorer;
    struct exploration exploration;
    struct kept_failures kept;
    struct progress progress;
    struct selection selection; /* of properties */
    struct stop_signals signals;
    int64_t for_us, until_us; /* INT64_MAX: as long as it takes */
    bool until_broken;
    bool was_interrupted;
};

/* --- options ------------------------------------------------------------------------------------ */

static size_t processor_count(void)
{
    const long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > JOBS_MAX ? JOBS_MAX : (size_t)count;
}

/* With a time and without a number, as many as fit. */
static bool read_seeds(struct explore_command *command)
{
    struct seed_row *seeds = &command->explorer.seeds;
    *seeds = (struct seed_row){1, 1, command->for_text ? UINT32_MAX : SEEDS_USUAL};
    return (!command->seeds_text ||
            option_number("seeds", command->seeds_text, UINT32_MAX, &seeds->count)) &&
           (!command->seed_text ||
            option_number("seed", command->seed_text, UINT32_MAX, &seeds->first));
}

/* A part has every N-th seed. What takes as long as it may, or goes by what is kept somewhere, has no
 * parts that are the same each time. */
static bool read_shard(struct explore_command *command)
{
    struct seed_row *seeds = &command->explorer.seeds;
    if (!sharding_read(command->shard_text, &command->output, &command->shard))
        return false;
    const char *without = command->for_text ? "--for: each machine would take other seeds"
                          : command->until_broken
                              ? "--until-broken: each machine would stop elsewhere"
                          : command->folder ? "--save: merge has it, for the whole"
                                            : NULL;
    if (command->shard_text && without) {
        fprintf(stderr, "freshcheck: --shard goes without %s\n", without);
        return false;
    }
    uint64_t fingerprint = FINGERPRINT_START;
    command->implementation_name = implementation_name(command->explorer.implementation);
    if (!sharding_fingerprint(&command->implementation_name, 1, &fingerprint))
        return false;
    command->part = (struct part){
        .kind = PART_OF_EXPLORATION,
        .shard = command->shard,
        .version = FRESHCHECK_VERSION,
        .seed = seeds->first,
        .implementations = &command->implementation_name,
        .implementation_count = 1,
        .fingerprint = fingerprint,
        .seed_count = seeds->count,
    };
    *seeds = (struct seed_row){seeds->first + command->shard.index - 1, command->shard.count,
                               shard_row_count(&command->shard, seeds->count)};
    return true;
}

static bool read_jobs(struct explore_command *command)
{
    uint64_t jobs = processor_count();
    if (command->jobs_text && !option_number("jobs", command->jobs_text, JOBS_MAX, &jobs))
        return false;
    if (jobs == 0)
        fputs("freshcheck: --jobs takes a number of processes from 1 on\n", stderr);
    command->explorer.worker_count = (size_t)jobs;
    return jobs > 0;
}

/* There are no scenarios and implementations to choose from, only what is told of them. */
static int choose_properties(struct explore_command *command)
{
    const struct selected_names names[SELECTED_KIND_COUNT] = {
        [SELECTED_PROPERTY] = {property_ids(), PROPERTY_COUNT},
    };
    const int code = selection_resolve(&command->selection, names);
    bool is_any = false;
    for (size_t i = 0; i < PROPERTY_COUNT && code == EXIT_AS_CLAIMED; i++) {
        command->part.properties[i] = selection_has(&command->selection, SELECTED_PROPERTY, i);
        is_any |= command->part.properties[i];
    }
    command->explorer.wanted = command->part.properties;
    if (code != EXIT_AS_CLAIMED || is_any)
        return code;
    fputs("freshcheck: --only and --skip leave no property\n", stderr);
    return EXIT_USAGE;
}

static int read_values(struct explore_command *command)
{
    struct explorer *explorer = &command->explorer;
    explorer->parse_every = EXPLORE_PARSE_EVERY;
    explorer->implementation = option_implementation(command->name ? command->name : "reference");
    command->for_us = INT64_MAX;
    if (!explorer->implementation)
        return option_implementation_code(command->name);
    if (!output_options_check(&command->output) || !read_seeds(command) || !read_shard(command) ||
        !read_jobs(command) ||
        (command->for_text && !option_duration("for", command->for_text, &command->for_us)))
        return EXIT_USAGE;
    return choose_properties(command);
}

/* --- running ------------------------------------------------------------------------------------ */

static void tell_progress(struct explore_command *command, int64_t now_us,
                          const struct work_progress *work)
{
    char more[PROGRESS_LINE_MAX];
    if (!progress_is_due(&command->progress, now_us))
        return;
    snprintf(more, sizeof more, "%d broken of %d properties tested",
             __builtin_popcount(work->broken), __builtin_popcount(work->tested));
    progress_tell(&command->progress, now_us, work->done, more);
}

static bool goes_on(void *context, const struct work_progress *work)
{
    struct explore_command *command = context;
    const int64_t now_us = live_clock_real_us();
    tell_progress(command, now_us, work);
    if (stop_signals_take(&command->signals) != 0)
        command->was_interrupted = true;
    return !command->was_interrupted && now_us < command->until_us &&
           !(command->until_broken && work->broken != 0);
}

static int complain(const char *trouble)
{
    fprintf(stderr, "freshcheck: %s\n", trouble);
    return EXIT_INTERNAL;
}

static int run_seeds(struct explore_command *command)
{
    struct progress *progress = &command->progress;
    char trouble[TROUBLE_MAX];
    const int64_t now_us = live_clock_real_us();
    const bool has_end = command->for_us != INT64_MAX;
    command->until_us = has_end ? now_us + command->for_us : INT64_MAX;
    progress->things = "seeds";
    progress->total = command->seeds_text || !has_end ? command->explorer.seeds.count : 0;
    progress->until_us = has_end ? command->until_us : 0;
    progress_begin(progress, now_us);
    const bool fine = explore_seeds(&command->explorer, &command->exploration, trouble);
    progress_end(progress);
    return fine ? EXIT_AS_CLAIMED : complain(trouble);
}

/* Ctrl-C, or a second one, leaves what was found as large as it is. */
static bool goes_on_shrinking(void *context, const struct work_progress *work)
{
    struct explore_command *command = context;
    command->progress.total = work->count;
    progress_tell(&command->progress, live_clock_real_us(), work->done, NULL);
    if (stop_signals_take(&command->signals) == 0)
        return true;
    command->was_interrupted = true;
    return false;
}

static int shrink(struct explore_command *command)
{
    char trouble[TROUBLE_MAX];
    command->explorer.goes_on = goes_on_shrinking;
    command->progress =
        (struct progress){.quiet = command->progress.quiet, .things = "failures made small"};
    progress_begin(&command->progress, live_clock_real_us());
    const bool fine = explore_shrink(&command->explorer, &command->exploration, trouble);
    progress_end(&command->progress);
    return fine ? EXIT_AS_CLAIMED : complain(trouble);
}

static int try_kept(struct explore_command *command)
{
    struct kept_failures *kept = &command->kept;
    const int code = kept_failures_try(kept, command->folder, command->explorer.implementation,
                                       command->part.properties);
    if (code == EXIT_AS_CLAIMED && kept->scenarios.count > 0 && !command->progress.quiet)
        fprintf(stderr, "freshcheck: %zu kept failures tried: %zu still fail\n",
                kept->scenarios.count, kept->failing_count);
    return code;
}

static int report(const struct explore_command *command, bool is_cut_short)
{
    struct buffer part = {0};
    if (command->shard_text && !sharding_write(&command->part, &part))
        return EXIT_INTERNAL;
    const struct explore_report report = {
        .implementation = command->explorer.implementation,
        .exploration = &command->exploration,
        .wanted = command->part.properties,
        .folder = command->folder,
        .kept = command->kept.failing,
        .kept_count = command->kept.failing_count,
        .is_cut_short = is_cut_short,
        .quiet = command->progress.quiet,
        .part = command->shard_text ? &part : NULL,
        .output = &command->output,
    };
    const int code = explore_report_print(&report);
    buffer_free(&part);
    return code;
}

/* What was seen is told whatever came between; but then nothing is as claimed. */
static int explore(struct explore_command *command)
{
    int code = command->folder ? try_kept(command) : EXIT_AS_CLAIMED;
    if (code != EXIT_AS_CLAIMED)
        return code;
    if (!stop_signals_open(&command->signals))
        return complain("no signals can be had");
    command->explorer.goes_on = goes_on;
    command->explorer.context = command;
    code = run_seeds(command);
    /* How many more were under way when the first was found is chance. */
    if (command->until_broken)
        exploration_keep_first(&command->exploration);
    kept_failures_forget(&command->kept, &command->exploration);
    if (code == EXIT_AS_CLAIMED)
        code = shrink(command);
    if (code == EXIT_AS_CLAIMED && command->was_interrupted)
        code = EXIT_INTERRUPTED;
    const int reported = report(command, code != EXIT_AS_CLAIMED);
    return code != EXIT_AS_CLAIMED ? code : reported;
}

static void release(struct explore_command *command)
{
    stop_signals_close(&command->signals);
    kept_failures_free(&command->kept);
    exploration_free(&command->exploration);
    selection_free(&command->selection);
    output_options_free(&command->output);
    free(command);
}

int command_explore(int argument_count, char **arguments)
{
    struct explore_command *command = calloc(1, sizeof *command);
    if (!command)
        return complain("out of memory");
    command->signals.fd = -1;
    const struct option options[] = {
        {"implementation", "NAME", "run it on this one (default reference)", NULL, &command->name,
         NULL},
        {"seeds", "N", "so many scenarios (default 1000)", NULL, &command->seeds_text, NULL},
        {"seed", "N", "the first of them (default 1)", NULL, &command->seed_text, NULL},
        {"for", "DURATION", "as many scenarios as fit into this time", NULL, &command->for_text,
         NULL},
        {"until-broken", NULL, "no further scenarios once a property has broken",
         &command->until_broken, NULL, NULL},
        {"jobs", "N", "in so many processes (default: one for each processor)", NULL,
         &command->jobs_text, NULL},
        SHARD_OPTION(&command->shard_text),
        {"save", "FOLDER", "keep the smallest scenario of each failure there, and try those first",
         NULL, &command->folder, NULL},
        SELECTION_OPTIONS(command->selection),
        QUIET_OPTION(command->progress),
        OUTPUT_OPTIONS(command->output),
    };
    int plain_count;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    int code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    if (outcome == OPTIONS_FINE && plain_count > 0) {
        fprintf(stderr, "freshcheck: explore takes no names; found '%s'\n", arguments[0]);
        code = EXIT_USAGE;
    } else if (outcome == OPTIONS_FINE) {
        code = read_values(command);
        code = code == EXIT_AS_CLAIMED ? explore(command) : code;
    }
    release(command);
    return code;
}
