#include <stdio.h>
#include <string.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/explore_report.h"
#include "harness/command_line/kept_failures.h"
#include "harness/command_line/option_readers.h"
#include "harness/command_line/options.h"
#include "harness/command_line/run_report.h"
#include "harness/command_line/sharding.h"
#include "harness/explore/exploration.h"
#include "harness/parts/join.h"

static const struct command_help help = {
    .usage = "freshcheck merge [OPTION...] PART.json...",
    .purpose = "Joins what run --shard or explore --shard printed, all parts of one whole in any\n"
               "order, into the report that the whole would have given, with its exit code.",
    .after = "examples:\n"
             "  freshcheck run --shard 1/2 >part-1.json; freshcheck run --shard 2/2 >part-2.json\n"
             "  freshcheck merge part-1.json part-2.json\n"
             "  freshcheck merge --format json --junit report.xml part-*.json\n"
             "\n"
             "exit codes: those of run and explore; 65 for files that are not all parts of one\n"
             "whole",
};

enum { PART_SIZE_MAX = 1 << 30 };

struct merge_command {
    struct output_options output;
    const char *folder; /* --save; NULL: nowhere */
    const char *name;   /* --implementation; NULL: what the parts say */
    bool quiet;
    struct parts *parts;
};

/* Of a complaint, or of there being none since memory ran out. */
static int complain(struct buffer *complaint)
{
    const bool is_told = complaint->length > 0 && !complaint->failed;
    if (is_told)
        fprintf(stderr, "freshcheck: %.*s\n", (int)complaint->length, complaint->bytes);
    else
        fputs("freshcheck: out of memory\n", stderr);
    buffer_free(complaint);
    return is_told ? EXIT_BAD_INPUT : EXIT_INTERNAL;
}

static int add_file(struct merge_command *command, const char *name)
{
    struct buffer content = {0}, complaint = {0};
    int code = EXIT_AS_CLAIMED;
    if (!file_read(name, PART_SIZE_MAX, &content))
        code = EXIT_BAD_INPUT;
    else if (!parts_add(command->parts, name, content.bytes, content.length, &complaint))
        code = complain(&complaint);
    buffer_free(&content);
    return code;
}

static int read_parts(struct merge_command *command, char **names, size_t count)
{
    struct buffer complaint = {0};
    int code = EXIT_AS_CLAIMED;
    command->parts = parts_new();
    if (!command->parts)
        return complain(&complaint);
    for (size_t i = 0; i < count; i++) {
        const int one = add_file(command, names[i]);
        code = code == EXIT_AS_CLAIMED ? one : code;
    }
    if (code == EXIT_AS_CLAIMED && !parts_are_whole(command->parts, FRESHCHECK_VERSION, &complaint))
        code = complain(&complaint);
    return code;
}

/* --- a run ----------------------------------------------------------------------------------- */

static int merge_run(struct merge_command *command)
{
    struct buffer complaint = {0};
    struct fail_on fail_on;
    struct run_report report = {
        .fail_on = &fail_on,
        .failure_code = EXIT_INTERNAL,
        .output = &command->output,
    };
    if (command->folder || command->name) {
        fputs("freshcheck: --save and --implementation are for parts of an exploration\n", stderr);
        return EXIT_USAGE;
    }
    if (!fail_on_read(parts_part(command->parts)->fail_on, &fail_on))
        return EXIT_BAD_INPUT;
    if (!parts_join_run(command->parts, &report.results, &report.count, &complaint))
        return complain(&complaint);
    return run_report_print(&report);
}

/* --- an exploration -------------------------------------------------------------------------- */

static int add_exploration(const struct parts *parts, size_t index, struct exploration *whole)
{
    struct exploration_part part;
    struct exploration one = {0};
    struct buffer complaint = {0};
    char why[EXPLORATION_COMPLAINT_MAX];
    if (!parts_exploration(parts, index, &part, &complaint))
        return complain(&complaint);
    if (!exploration_read(part.exploration->bytes, part.exploration->length, &one, why)) {
        fprintf(stderr, "freshcheck: %s: exploration: %s\n", part.name, why);
        return EXIT_BAD_INPUT;
    }
    if (one.tally.seeds != part.seed_count) {
        fprintf(stderr, "freshcheck: %s was cut short: it holds %llu of %llu seeds\n", part.name,
                (unsigned long long)one.tally.seeds, (unsigned long long)part.seed_count);
        exploration_free(&one);
        return EXIT_BAD_INPUT;
    }
    exploration_join(whole, &one);
    return EXIT_AS_CLAIMED;
}

static int report_exploration(struct merge_command *command, struct exploration *whole,
                              const struct implementation *implementation)
{
    struct kept_failures kept = {0};
    int code = EXIT_AS_CLAIMED;
    if (command->folder)
        code = kept_failures_try(&kept, command->folder, implementation,
                                 parts_part(command->parts)->properties);
    kept_failures_forget(&kept, whole);
    const struct explore_report report = {
        .implementation = implementation,
        .exploration = whole,
        .wanted = parts_part(command->parts)->properties,
        .folder = command->folder,
        .kept = kept.failing,
        .kept_count = kept.failing_count,
        .quiet = command->quiet,
        .output = &command->output,
    };
    if (code == EXIT_AS_CLAIMED)
        code = explore_report_print(&report);
    kept_failures_free(&kept);
    return code;
}

/*
 * What the parts are of. A file decides for nobody which code is loaded: a shared object has to be
 * named on the command line too, and has to be the one that the parts were made with.
 */
static int find_implementation(const struct merge_command *command,
                               const struct implementation **implementation)
{
    const struct part *part = parts_part(command->parts);
    const char *name = part->implementation_count > 0 ? part->implementations[0] : "";
    uint64_t fingerprint = FINGERPRINT_START;
    if (command->name ? strcmp(command->name, name) != 0 : option_implementation_is_file(name)) {
        fprintf(stderr, "freshcheck: the parts are of %s; say --implementation %s\n", name, name);
        return EXIT_USAGE;
    }
    if (!sharding_fingerprint(&name, 1, &fingerprint))
        return EXIT_BAD_INPUT;
    if (fingerprint != part->fingerprint) {
        fprintf(stderr, "freshcheck: the parts were made with another %s than is here\n", name);
        return EXIT_BAD_INPUT;
    }
    *implementation = option_implementation(name);
    return *implementation ? EXIT_AS_CLAIMED : EXIT_BAD_INPUT;
}

static int merge_exploration(struct merge_command *command)
{
    const struct implementation *implementation = NULL;
    struct exploration whole = {0};
    if (command->output.brief) {
        fputs("freshcheck: --brief is for parts of a run\n", stderr);
        return EXIT_USAGE;
    }
    int code = find_implementation(command, &implementation);
    for (size_t i = 0; i < parts_count(command->parts) && code == EXIT_AS_CLAIMED; i++)
        code = add_exploration(command->parts, i, &whole);
    if (code == EXIT_AS_CLAIMED)
        code = report_exploration(command, &whole, implementation);
    exploration_free(&whole);
    return code;
}

static int merge(struct merge_command *command, char **names, size_t count)
{
    if (count == 0) {
        fputs("freshcheck: merge takes what --shard printed: freshcheck merge part-*.json\n",
              stderr);
        return EXIT_USAGE;
    }
    if (!output_options_check(&command->output))
        return EXIT_USAGE;
    const int code = read_parts(command, names, count);
    if (code != EXIT_AS_CLAIMED)
        return code;
    return parts_part(command->parts)->kind == PART_OF_RUN ? merge_run(command)
                                                           : merge_exploration(command);
}

int command_merge(int argument_count, char **arguments)
{
    struct merge_command command = {0};
    const struct option options[] = {
        OUTPUT_OPTIONS(command.output),
        {"brief", NULL, "the matrix only, no witnesses; of a run", &command.output.brief, NULL,
         NULL},
        {"implementation", "NAME",
         "what the parts are of; has to be said when it is a shared object", NULL, &command.name,
         NULL},
        {"save", "FOLDER", "keep the smallest scenario of each failure there; of an exploration",
         NULL, &command.folder, NULL},
        {"quiet", NULL, "nothing on stderr about what an exploration found", &command.quiet, NULL,
         NULL},
    };
    int plain_count;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    int code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    if (outcome == OPTIONS_FINE)
        code = merge(&command, arguments, (size_t)plain_count);
    parts_free(command.parts);
    output_options_free(&command.output);
    return code;
}
