#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command_line/archives.h"
#include "harness/command_line/claim_text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/fail_on.h"
#include "harness/command_line/files.h"
#include "harness/command_line/options.h"
#include "harness/command_line/progress.h"
#include "harness/command_line/progress_file.h"
#include "harness/command_line/recording_report.h"
#include "harness/command_line/results.h"
#include "harness/command_line/selection.h"
#include "harness/command_line/stories.h"
#include "harness/live/clock.h"
#include "harness/recording/expected.h"
#include "harness/recording/recording.h"

static const struct command_help help = {
    .usage = "freshcheck check [OPTION...] RECORDING.jsonl|ARCHIVE.har|FOLDER...",
    .purpose = "Judges recordings of real clusters, and HTTP archives (HAR 1.2) of browsers and\n"
               "mitmproxy. The claim follows from the recording's version\n"
               "and settings unless --claim says otherwise. Ends with 0 when every claim held, 1\n"
               "when one is refuted, 2 when one cannot be decided, 65 when a recording is damaged.",
    .after = "examples:\n"
             "  freshcheck check session.jsonl\n"
             "  freshcheck check --claim fresh session.jsonl\n"
             "  freshcheck check --claim age=3s --format json session.jsonl\n"
             "  freshcheck check --flink 1.20.3 -D web.refresh-interval=5s dashboard.har",
};

/* A recording is read twice: for what must be known before anything can be judged, and judged. */
enum { READ_TIMES = 2 };

struct checked_file {
    struct judgement judgement;
    struct text_place places[PROPERTY_COUNT]; /* of the exchanges that broke each */
    struct buffer claim, difference, again;
    const char *failure; /* no verdict: why */
    const struct story *story;
    bool damaged, unreadable;
};

struct check_command {
    const char *claim_text, *expected_name;
    bool allow_damaged;
    struct output_options output;
    struct progress progress;
    struct progress_reading reading;
    bool has_bound;
    int64_t bound_us;
    struct expected *expected;
    const char *flink_version;
    struct option_values settings;
    struct selection selection;
    const char *fail_on_text;
    struct fail_on fail_on;
    struct har_cluster cluster;
    struct file_list files;
    struct checked_file *checked;
    struct report_result *results;
    struct stories stories;
};

/* An archive's lines are none of the recording that was made of it. */
static void find_places(const char *name, struct recording *recording, struct checked_file *checked)
{
    size_t lines[PROPERTY_COUNT];
    if (checked->failure || archive_is_one(name))
        return;
    recording_find_lines(recording, &checked->judgement, lines);
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        checked->places[i].line = lines[i] < UINT32_MAX ? (unsigned)lines[i] : 0;
}

static void judge_file(struct check_command *command, struct recording *recording,
                       struct checked_file *checked)
{
    struct claim claim;
    recording_own_claim(recording, &claim);
    if (command->has_bound)
        claim.bound_us = command->bound_us;
    claim_print(&claim, &checked->claim);
    checked->failure = recording_judge(recording, &claim, &checked->judgement);
    if (!checked->failure)
        selection_narrow(&command->selection, &checked->judgement);
}

/* NULL after saying why. */
static FILE *open_file(const struct check_command *command, const char *name,
                       struct checked_file *checked)
{
    bool knows_cluster;
    checked->failure = "it cannot be read";
    if (!archive_is_one(name)) {
        FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
        if (!file)
            fprintf(stderr, "freshcheck: cannot read %s: %s\n", name, strerror(errno));
        return file;
    }
    FILE *file = archive_open(name, &command->cluster, &knows_cluster);
    if (!file || knows_cluster || command->claim_text || command->cluster.flink_version)
        return file;
    fprintf(stderr,
            "freshcheck: %s does not say which Flink it is of: say so (--flink 1.20.3, perhaps "
            "with -D KEY=VALUE), or what to hold it to (--claim fresh, --claim age=3s)\n",
            name);
    checked->failure = "it does not say which Flink it is of";
    fclose(file);
    return NULL;
}

static void check_file(struct check_command *command, const char *name,
                       struct checked_file *checked)
{
    struct complaints complaints = {0};
    progress_hide(&command->progress);
    FILE *file = open_file(command, name, checked);
    if (!file) {
        checked->unreadable = true;
        return;
    }
    checked->failure = NULL;
    if (!command->progress.quiet && !archive_is_one(name))
        file = progress_file_open(file, &command->reading);
    struct recording *recording = recording_take(file, &complaints);
    checked->damaged = !recording || recording_is_damaged(recording);
    if (complaints.count > 0) {
        progress_hide(&command->progress);
        archive_complain(name, &complaints);
    }
    if (recording) {
        judge_file(command, recording, checked);
        find_places(name, recording, checked);
        if (!checked->failure && output_wants(&command->output, "html"))
            checked->story =
                stories_tell_recording(&command->stories, recording, &checked->judgement);
    } else {
        checked->failure = complaints.failed ? "out of memory" : "it is no recording";
    }
    checked->unreadable = recording == NULL;
    recording_free(recording);
    complaints_free(&complaints);
}

static void fill_result(struct check_command *command, size_t index)
{
    const char *name = command->files.names[index];
    struct checked_file *checked = &command->checked[index];
    struct report_result *result = &command->results[index];
    buffer_printf(&checked->again, "check ");
    if (command->claim_text)
        buffer_printf(&checked->again, "--claim %s ", command->claim_text);
    if (command->flink_version)
        buffer_printf(&checked->again, "--flink %s ", command->flink_version);
    for (size_t i = 0; i < command->settings.count; i++)
        buffer_printf(&checked->again, "-D '%s' ", command->settings.items[i]);
    buffer_text(&checked->again, name);
    buffer_char(&checked->again, '\0');
    buffer_char(&checked->claim, '\0');
    *result = (struct report_result){
        .subject = name,
        .file = strcmp(name, "-") == 0 ? NULL : name,
        .places = checked->places,
        .claim = checked->claim.failed ? "" : checked->claim.bytes,
        .judgement = &checked->judgement,
        .failure = checked->failure,
        .story = checked->story,
        .again = checked->again.failed ? NULL : checked->again.bytes,
    };
    if (!command->expected || checked->failure)
        return;
    const struct expected_verdict *expected =
        expected_find(command->expected, name, command->claim_text ? command->claim_text : "own");
    if (!expected)
        return;
    result->has_expectation = true;
    result->as_expected = expected_verdict_met(expected, &checked->judgement, &checked->difference);
    buffer_char(&checked->difference, '\0');
    if (!result->as_expected && !checked->difference.failed)
        result->difference = checked->difference.bytes;
}

/* With an expectation the question is whether it came out as expected, else what came out. */
static int exit_code_of(const struct check_command *command, const struct report *report)
{
    const struct fail_on *fail_on = &command->fail_on;
    bool is_undecided = false;
    int code = EXIT_AS_CLAIMED;
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        const struct checked_file *checked = &command->checked[i];
        if (checked->unreadable || (checked->damaged && !command->allow_damaged))
            return EXIT_BAD_INPUT;
        if (result->failure)
            return EXIT_INTERNAL;
        if (fail_on_result(fail_on, result))
            code = EXIT_REFUTED;
        is_undecided |= (fail_on->any || !result->has_expectation) &&
                        result->judgement->whole == VERDICT_UNKNOWN;
    }
    return code == EXIT_AS_CLAIMED && is_undecided && fail_on->unexpected ? EXIT_UNDECIDED : code;
}

static int print_report(struct check_command *command)
{
    struct report report = {
        .results = command->results,
        .result_count = command->files.count,
        .verdict = results_verdict(command->results, command->files.count),
        .program = program_invocation_name,
        .colour = output_wants_colour(&command->output),
        .width = output_width(),
        .strict = command->fail_on.any,
    };
    return recording_report(&report, &command->output, exit_code_of(command, &report));
}

static int load_expected(struct check_command *command)
{
    if (!command->expected_name)
        return EXIT_AS_CLAIMED;
    struct complaints complaints = {0};
    FILE *file = fopen(command->expected_name, "rb");
    if (!file) {
        fprintf(stderr, "freshcheck: cannot read %s: %s\n", command->expected_name,
                strerror(errno));
        return EXIT_BAD_INPUT;
    }
    command->expected = expected_read(file, &complaints);
    fclose(file);
    const bool fine = command->expected && complaints.count == 0;
    if (!fine)
        archive_complain(command->expected_name, &complaints);
    complaints_free(&complaints);
    return fine ? EXIT_AS_CLAIMED : EXIT_BAD_INPUT;
}

static bool leaves_properties_out(const struct selection *selection)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!selection_has(selection, SELECTED_PROPERTY, i))
            return true;
    }
    return false;
}

/* Leaves the recordings that are chosen. */
static int choose(struct check_command *command)
{
    struct file_list *files = &command->files;
    struct selection *selection = &command->selection;
    const struct selected_names names[SELECTED_KIND_COUNT] = {
        [SELECTED_SCENARIO] = {(const char *const *)files->names, files->count},
        [SELECTED_PROPERTY] = {property_ids(), PROPERTY_COUNT},
    };
    selection->subject = "recording";
    const int code = selection_resolve(selection, names);
    if (code != EXIT_AS_CLAIMED)
        return code;
    size_t kept = 0;
    for (size_t i = 0; i < files->count; i++) {
        if (selection_has(selection, SELECTED_SCENARIO, i))
            files->names[kept++] = files->names[i];
        else
            free(files->names[i]);
    }
    files->count = kept;
    if (kept == 0)
        fputs("freshcheck: --only and --skip leave no recording\n", stderr);
    else if (command->expected && leaves_properties_out(selection))
        fputs("freshcheck: --expect lists whole verdicts; choose no properties with it\n", stderr);
    else
        return EXIT_AS_CLAIMED;
    return EXIT_USAGE;
}

static void check_all(struct check_command *command)
{
    struct progress *progress = &command->progress;
    const struct file_list *files = &command->files;
    progress->kind = PROGRESS_BYTES;
    for (size_t i = 0; i < files->count; i++)
        progress->total += progress_file_size(files->names[i]);
    progress_begin(progress, live_clock_real_us());
    command->reading = (struct progress_reading){progress, READ_TIMES, 0};
    uint64_t done = 0;
    for (size_t i = 0; i < files->count; i++) {
        check_file(command, files->names[i], &command->checked[i]);
        fill_result(command, i);
        /* However often it was read: less when it is damaged, more to find the lines of a witness. */
        done += progress_file_size(files->names[i]);
        command->reading.done = READ_TIMES * done;
    }
    progress_end(progress);
}

static int check_files(struct check_command *command, char **names, size_t name_count)
{
    if (name_count == 0) {
        fputs("freshcheck: say which recordings to judge: freshcheck check FILE...\n", stderr);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < name_count; i++) {
        if (!file_list_add(&command->files, names[i], ".jsonl"))
            return EXIT_BAD_INPUT;
    }
    const int code = choose(command);
    if (code != EXIT_AS_CLAIMED)
        return code;
    command->checked = calloc(command->files.count, sizeof *command->checked);
    command->results = calloc(command->files.count, sizeof *command->results);
    if (!command->checked || !command->results) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    check_all(command);
    return print_report(command);
}

static void release(struct check_command *command)
{
    for (size_t i = 0; command->checked && i < command->files.count; i++) {
        buffer_free(&command->checked[i].claim);
        buffer_free(&command->checked[i].difference);
        buffer_free(&command->checked[i].again);
    }
    free(command->checked);
    stories_free(&command->stories);
    free(command->results);
    file_list_free(&command->files);
    option_values_free(&command->settings);
    selection_free(&command->selection);
    output_options_free(&command->output);
    archive_cluster_free(&command->cluster);
    expected_free(command->expected);
}

int command_check(int argument_count, char **arguments)
{
    struct check_command command = {0};
    const struct option options[] = {
        {"claim", "CLAIM", "judge by 'fresh' or 'age=DURATION' (age=3s)", &command.has_bound,
         &command.claim_text, NULL},
        {"flink", "VERSION", "the Flink that an HTTP archive is of, which it does not say", NULL,
         &command.flink_version, NULL},
        {"D", "KEY=VALUE", "an option of its configuration; may be given again", NULL, NULL,
         &command.settings},
        {"expect", "FILE", "compare the verdicts with those listed in this file", NULL,
         &command.expected_name, NULL},
        {"allow-damaged", NULL, "judge a damaged recording up to the damage, and let that count",
         &command.allow_damaged, NULL, NULL},
        SELECTION_OPTIONS(command.selection),
        FAIL_ON_OPTION(command.fail_on_text),
        OUTPUT_OPTIONS(command.output),
        QUIET_OPTION(command.progress),
        {"brief", NULL, "one line a recording, no witnesses", &command.output.brief, NULL, NULL},
    };
    int plain_count;
    int code;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    if (outcome != OPTIONS_FINE)
        code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    else if (!output_options_check(&command.output) ||
             !fail_on_read(fail_on_text(command.fail_on_text, false), &command.fail_on) ||
             (command.claim_text && !claim_parse(command.claim_text, &command.bound_us)))
        code = EXIT_USAGE;
    else if (!archive_cluster(command.flink_version, &command.settings, &command.cluster))
        code = EXIT_USAGE;
    else if ((code = load_expected(&command)) == EXIT_AS_CLAIMED)
        code = check_files(&command, arguments, (size_t)plain_count);
    release(&command);
    return code;
}
