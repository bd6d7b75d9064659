#include <errno.h> /* program_invocation_name */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command_line/claim_text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/option_readers.h"
#include "harness/command_line/options.h"
#include "harness/command_line/results.h"
#include "harness/explore/smallest.h"
#include "harness/explore/tally.h"
#include "harness/explore/write.h"

static const struct command_help help = {
    .usage = "freshcheck explore [OPTION...]",
    .purpose =
        "Makes up scenarios from seeds and runs them in virtual time. The first that breaks a\n"
        "property is made as small as it can be, and printed with its witness.",
    .after = "examples:\n"
             "  freshcheck explore --seeds 10000\n"
             "  freshcheck explore --implementation flink-1.18 --save found\n"
             "  freshcheck explore --implementation stampede --seed 7 --seeds 1",
};

/* Bodies are read back in one of so many reads, and compared with the data they are written from. */
enum { PARSE_EVERY = 16, SEEDS_USUAL = 1000, TRIES_MAX = 4000, PROGRESS_EVERY = 1000 };

/* A property that broke: the smallest scenario that shows it. */
struct found {
    enum property property;
    uint64_t seed;
    struct plan *plan;
    struct run_result result;
    struct buffer name, title, claim, rerun, file;
};

struct explore_command {
    const char *name, *seeds_text, *seed_text, *folder;
    const struct implementation *implementation;
    uint64_t seeds, first_seed;
    struct output_options output;
    struct choices *choices;
    struct tally tally;
    struct found found[PROPERTY_COUNT];
    size_t found_count;
};

static int out_of_memory(void)
{
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

static int read_values(struct explore_command *command)
{
    command->seeds = SEEDS_USUAL;
    command->first_seed = 1;
    command->implementation = option_implementation(command->name ? command->name : "reference");
    if (!command->implementation || !output_options_check(&command->output))
        return EXIT_USAGE;
    if (command->seeds_text &&
        !option_number("seeds", command->seeds_text, UINT32_MAX, &command->seeds))
        return EXIT_USAGE;
    if (command->seed_text &&
        !option_number("seed", command->seed_text, UINT32_MAX, &command->first_seed))
        return EXIT_USAGE;
    return EXIT_AS_CLAIMED;
}

/* --- what was found ------------------------------------------------------------------------- */

static bool is_found(const struct explore_command *command, enum property property)
{
    for (size_t i = 0; i < command->found_count; i++)
        if (command->found[i].property == property)
            return true;
    return false;
}

static bool end_text(struct buffer *text)
{
    buffer_char(text, '\0');
    return !text->failed;
}

/* Names and the command that shows it again: on the file where it is kept, else by its seed. */
static bool write_texts(const struct explore_command *command, struct found *found)
{
    const char *implementation = implementation_name(command->implementation);
    const char *id = property_id(found->property);
    buffer_printf(&found->name, "seed-%" PRIu64 "-%s", found->seed, id);
    buffer_printf(&found->title, "%s breaks %s", implementation, id);
    claim_print(&found->plan->claim, &found->claim);
    if (command->folder) {
        buffer_printf(&found->file, "%s/%s-%s.yaml", command->folder, implementation, id);
        buffer_printf(&found->rerun, "%s run %s/%s-%s.yaml --implementation %s",
                      program_invocation_name, command->folder, implementation, id, implementation);
    } else {
        buffer_printf(&found->rerun, "%s explore --implementation %s --seed %" PRIu64 " --seeds 1",
                      program_invocation_name, implementation, found->seed);
    }
    return end_text(&found->name) && end_text(&found->title) && end_text(&found->claim) &&
           end_text(&found->rerun) && end_text(&found->file);
}

static int save(const struct explore_command *command, const struct found *found)
{
    struct buffer text = {0};
    if (!command->folder)
        return EXIT_AS_CLAIMED;
    explore_write(found->plan, &text);
    int code = text.failed ? out_of_memory() : EXIT_AS_CLAIMED;
    if (code == EXIT_AS_CLAIMED && !file_write(found->file.bytes, &text))
        code = EXIT_CANNOT_WRITE;
    buffer_free(&text);
    return code;
}

/* The choices hold what was taken for this seed. */
static int keep(struct explore_command *command, enum property property, uint64_t seed)
{
    struct found *found = &command->found[command->found_count++];
    found->property = property;
    found->seed = seed;
    found->plan = explore_smallest(command->choices, command->implementation, property, TRIES_MAX,
                                   &found->result);
    if (!found->plan || !write_texts(command, found))
        return out_of_memory();
    found->plan->title = found->title.bytes;
    fprintf(stderr, "freshcheck: seed %" PRIu64 " breaks %s; %zu events are enough\n", seed,
            property_id(property), explore_size(found->plan));
    return save(command, found);
}

/* --- going through the seeds ---------------------------------------------------------------- */

static int explore_one(struct explore_command *command, uint64_t seed)
{
    struct run_result result;
    struct plan *plan = NULL;
    bool broken[PROPERTY_COUNT] = {false};
    const char *why =
        explore_seed(command->choices, seed, command->implementation, PARSE_EVERY, &plan, &result);
    if (why) {
        fprintf(stderr, "freshcheck: seed %" PRIu64 ": %s\n", seed, why);
        plan_free(plan);
        return EXIT_INTERNAL;
    }
    tally_add(&command->tally, plan, &result, seed);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        broken[i] = plan->claim.claimed[i] &&
                    result.judgement.properties[i].verdict == VERDICT_FAIL &&
                    !is_found(command, (enum property)i);
    plan_free(plan);
    int code = EXIT_AS_CLAIMED;
    for (size_t i = 0; i < PROPERTY_COUNT && code == EXIT_AS_CLAIMED; i++) {
        if (!broken[i])
            continue;
        /* Making the one before smaller has taken other choices since. */
        if (explore_seed(command->choices, seed, command->implementation, 0, &plan, &result))
            code = out_of_memory();
        plan_free(plan);
        if (code == EXIT_AS_CLAIMED)
            code = keep(command, (enum property)i, seed);
    }
    return code;
}

static int explore_all(struct explore_command *command)
{
    command->choices = choices_new();
    if (!command->choices)
        return out_of_memory();
    for (uint64_t i = 0; i < command->seeds; i++) {
        const int code = explore_one(command, command->first_seed + i);
        if (code != EXIT_AS_CLAIMED)
            return code;
        if ((i + 1) % PROGRESS_EVERY == 0)
            fprintf(stderr,
                    "freshcheck: %" PRIu64 " of %" PRIu64 " seeds, %" PRIu64
                    " reads; %zu properties broken\n",
                    i + 1, command->seeds, command->tally.reads, command->found_count);
    }
    return EXIT_AS_CLAIMED;
}

/* --- the report ----------------------------------------------------------------------------- */

static void print_tally(const struct explore_command *command, struct buffer *out)
{
    const struct tally *tally = &command->tally;
    buffer_printf(out, "%-18s %12s %10s %10s\n", "property", "tested", "in runs", "broken in");
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        buffer_printf(out, "%-18s %12" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n",
                      property_id((enum property)i), tally->of[i].tested, tally->of[i].tested_runs,
                      tally->of[i].failed_runs);
    buffer_printf(out,
                  "\n%" PRIu64 " seeds on %s: %" PRIu64 " reads, %" PRIu64 " calls, %" PRIu64
                  " completions; %" PRIu64 " runs with a broken claim.\n",
                  tally->seeds, implementation_name(command->implementation), tally->reads,
                  tally->fetches, tally->completions, tally->failed_runs);
}

static int print_report(struct explore_command *command)
{
    struct report_result results[PROPERTY_COUNT];
    struct buffer out = {0};
    for (size_t i = 0; i < command->found_count; i++) {
        const struct found *found = &command->found[i];
        results[i] = (struct report_result){
            .subject = found->name.bytes,
            .title = found->title.bytes,
            .implementation = implementation_name(command->implementation),
            .claim = found->claim.bytes,
            .judgement = &found->result.judgement,
            .rerun = found->rerun.bytes,
        };
    }
    const struct report report = {
        .results = results,
        .result_count = command->found_count,
        .verdict = command->found_count > 0 ? VERDICT_FAIL : VERDICT_PASS,
        .colour = output_wants_colour(),
    };
    if (command->output.format && strcmp(command->output.format, "json") == 0) {
        report_json(&report, &out);
    } else {
        report_failures(&report, &out);
        print_tally(command, &out);
    }
    return output_print(&out, command->found_count > 0 ? EXIT_REFUTED : EXIT_AS_CLAIMED);
}

static void release(struct explore_command *command)
{
    for (size_t i = 0; i < command->found_count; i++) {
        struct found *found = &command->found[i];
        plan_free(found->plan);
        buffer_free(&found->name);
        buffer_free(&found->title);
        buffer_free(&found->claim);
        buffer_free(&found->rerun);
        buffer_free(&found->file);
    }
    choices_free(command->choices);
}

static int explore(struct explore_command *command, int plain_count, char **arguments)
{
    if (plain_count > 0) {
        fprintf(stderr, "freshcheck: explore takes no names; found '%s'\n", arguments[0]);
        return EXIT_USAGE;
    }
    int code = read_values(command);
    if (code == EXIT_AS_CLAIMED)
        code = explore_all(command);
    return code == EXIT_AS_CLAIMED ? print_report(command) : code;
}

int command_explore(int argument_count, char **arguments)
{
    struct explore_command *command = calloc(1, sizeof *command);
    if (!command)
        return out_of_memory();
    const struct option options[] = {
        {"implementation", "NAME", "run it on this one (default reference)", NULL, &command->name,
         NULL},
        {"seeds", "N", "so many scenarios (default 1000)", NULL, &command->seeds_text, NULL},
        {"seed", "N", "the first of them (default 1)", NULL, &command->seed_text, NULL},
        {"save", "FOLDER", "write the smallest scenario of each broken property there", NULL,
         &command->folder, NULL},
        {"format", "text|json", "what to print on stdout (default text)", NULL,
         &command->output.format, NULL},
    };
    int plain_count;
    int code;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    if (outcome == OPTIONS_FINE)
        code = explore(command, plain_count, arguments);
    else
        code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    release(command);
    free(command);
    return code;
}
