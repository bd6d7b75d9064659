#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "harness/command_line/archives.h"
#include "harness/command_line/claim_text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/options.h"
#include "harness/implementations/implementation.h"
#include "harness/recording/recording_scenario.h"
#include "harness/scenario/scenario.h"
#include "harness/virtual_time/run.h"

static const struct command_help help = {
    .usage = "freshcheck convert [OPTION...] IN OUT",
    .purpose =
        "Turns a recording (.jsonl) into an HTTP archive (.har, HAR 1.2) or the other way round.\n"
        "What the names end in says which is which. OUT appears whole or not at all.",
    .after = "examples:\n"
             "  freshcheck convert session.jsonl session.har\n"
             "  freshcheck convert --claim fresh session.jsonl session.yaml\n"
             "  freshcheck convert --flink 1.20.3 dashboard.har dashboard.jsonl",
};

struct convert_command {
    const char *flink_version;
    struct option_values settings;
    struct har_cluster cluster;
    const char *claim_text;
    int64_t bound_us;
};

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name), ending_length = strlen(ending);
    return length > ending_length && strcmp(name + length - ending_length, ending) == 0;
}

static int cannot_write(const char *name)
{
    fprintf(stderr, "freshcheck: cannot write %s: %s\n", name, strerror(errno));
    return EXIT_CANNOT_WRITE;
}

static int from_archive(struct convert_command *command, const char *in, const char *out_name,
                        FILE *out)
{
    char bytes[65536];
    size_t count;
    bool knows_cluster;
    FILE *recording = archive_open(in, &command->cluster, &knows_cluster);
    if (!recording)
        return EXIT_BAD_INPUT;
    bool written = true;
    while (written && (count = fread(bytes, 1, sizeof bytes, recording)) > 0)
        written = fwrite(bytes, 1, count, out) == count;
    const bool read = !ferror(recording);
    fclose(recording);
    if (!written || !read)
        return cannot_write(out_name);
    return EXIT_AS_CLAIMED;
}

static int to_archive(const char *in, FILE *out)
{
    struct complaints complaints = {0};
    FILE *recording = strcmp(in, "-") == 0 ? stdin : fopen(in, "rb");
    if (!recording) {
        fprintf(stderr, "freshcheck: cannot read %s: %s\n", in, strerror(errno));
        return EXIT_BAD_INPUT;
    }
    const bool written = har_write(recording, out, &complaints);
    fclose(recording);
    if (!written)
        archive_complain(in, &complaints);
    complaints_free(&complaints);
    return written ? EXIT_AS_CLAIMED : EXIT_BAD_INPUT;
}

/* NULL after saying why. */
static struct recording *read_recording(const char *name)
{
    struct complaints complaints = {0};
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (!file) {
        fprintf(stderr, "freshcheck: cannot read %s: %s\n", name, strerror(errno));
        return NULL;
    }
    struct recording *recording = recording_take(file, &complaints);
    if (complaints.count > 0)
        archive_complain(name, &complaints);
    complaints_free(&complaints);
    return recording;
}

/* Which properties the scenario does not bring to the recording's verdict. */
static int compare(const struct judgement *wanted, const struct judgement *came,
                   const char *implementation)
{
    int code = EXIT_AS_CLAIMED;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const enum verdict verdict = wanted->properties[i].verdict;
        if (!wanted->claim.claimed[i] || verdict == VERDICT_UNKNOWN ||
            verdict == came->properties[i].verdict)
            continue;
        fprintf(stderr,
                "freshcheck: not brought about again: %s is %s on %s, but %s in the recording\n",
                property_id((enum property)i), verdict_name(came->properties[i].verdict),
                implementation, verdict_name(verdict));
        code = EXIT_UNDECIDED;
    }
    if (code == EXIT_AS_CLAIMED)
        fprintf(stderr, "freshcheck: on %s the scenario has the recording's verdicts\n",
                implementation);
    return code;
}

/* Runs the scenario, to say whether the evidence was enough. */
static int try_scenario(const struct buffer *text, const char *name,
                        const struct implementation *implementation, const struct judgement *wanted)
{
    static const struct run_options options = {.seed = 1};
    struct complaints complaints = {0};
    struct run_result result;
    struct plan *plan =
        scenario_parse(text->bytes, text->length, name, implementation_names(), &complaints);
    if (!plan) {
        fputs("freshcheck: what the recording tells makes no scenario:\n", stderr);
        archive_complain(name, &complaints);
        complaints_free(&complaints);
        return EXIT_UNDECIDED;
    }
    const char *wrong = run_virtual(plan, implementation, &options, &result);
    plan_free(plan);
    complaints_free(&complaints);
    if (!wrong)
        return compare(wanted, &result.judgement, implementation_name(implementation));
    fprintf(stderr, "freshcheck: the scenario cannot be run: %s\n", wrong);
    return EXIT_INTERNAL;
}

static const char *judge_and_write(const struct convert_command *command,
                                   struct recording *recording,
                                   const struct implementation *implementation,
                                   struct judgement *judgement, struct buffer *text)
{
    struct claim claim;
    size_t left_out;
    recording_own_claim(recording, &claim);
    if (command->claim_text)
        claim.bound_us = command->bound_us;
    const char *wrong = recording_judge(recording, &claim, judgement);
    if (!wrong)
        wrong = recording_scenario(recording, judgement, implementation_name(implementation), text,
                                   &left_out);
    if (!wrong && left_out > 0)
        fprintf(stderr, "freshcheck: %zu exchanges are no reads, and left out\n", left_out);
    return wrong;
}

static int to_scenario(struct convert_command *command, const char *in, const char *out_name,
                       FILE *out)
{
    struct buffer text = {0};
    struct judgement judgement;
    int code = EXIT_BAD_INPUT;
    struct recording *recording = read_recording(in);
    if (!recording)
        return code;
    const struct implementation *implementation =
        implementation_for_flink(recording_flink_version(recording));
    if (!implementation) {
        fprintf(stderr, "freshcheck: no implementation stands for Flink '%s'\n",
                recording_flink_version(recording));
        goto out;
    }
    const char *wrong = judge_and_write(command, recording, implementation, &judgement, &text);
    if (wrong) {
        fprintf(stderr, "freshcheck: %s becomes no scenario: %s\n", in, wrong);
        goto out;
    }
    code = fwrite(text.bytes, 1, text.length, out) == text.length
               ? try_scenario(&text, out_name, implementation, &judgement)
               : cannot_write(out_name);
out:
    recording_free(recording);
    buffer_free(&text);
    return code;
}

/* Writes beside the file that is wanted, and gives it its name once it is whole. */
static int convert_to(struct convert_command *command, const char *in, const char *out_name)
{
    struct buffer path = {0};
    buffer_printf(&path, "%s.%ld.part", out_name, (long)getpid());
    char *part = buffer_take(&path);
    buffer_free(&path);
    errno = ENOMEM;
    FILE *out = part ? fopen(part, "wb") : NULL;
    if (!out) {
        free(part);
        return cannot_write(out_name);
    }
    int code = ends_with(out_name, ".yaml") ? to_scenario(command, in, out_name, out)
               : archive_is_one(in)         ? from_archive(command, in, out_name, out)
                                            : to_archive(in, out);
    const bool closed = fclose(out) == 0;
    const bool is_whole = code == EXIT_AS_CLAIMED || code == EXIT_UNDECIDED;
    if (is_whole && (!closed || rename(part, out_name) != 0))
        code = cannot_write(out_name);
    if (!is_whole || code == EXIT_CANNOT_WRITE)
        unlink(part);
    free(part);
    return code;
}

static int convert(struct convert_command *command, char **names, int name_count)
{
    if (name_count != 2) {
        fputs("freshcheck: say what to convert into what: freshcheck convert IN OUT\n", stderr);
        return EXIT_USAGE;
    }
    const bool forth = archive_is_one(names[0]) && ends_with(names[1], ".jsonl");
    const bool back =
        !archive_is_one(names[0]) && (archive_is_one(names[1]) || ends_with(names[1], ".yaml"));
    if (!forth && !back) {
        fprintf(
            stderr,
            "freshcheck: .jsonl can become .har or .yaml, .har can become .jsonl, but not %s %s\n",
            names[0], names[1]);
        return EXIT_USAGE;
    }
    return convert_to(command, names[0], names[1]);
}

int command_convert(int argument_count, char **arguments)
{
    struct convert_command command = {0};
    const struct option options[] = {
        {"claim", "CLAIM", "a scenario is to have the verdict under 'fresh' or 'age=DURATION'",
         NULL, &command.claim_text, NULL},
        {"flink", "VERSION", "the Flink that an HTTP archive is of, which it does not say", NULL,
         &command.flink_version, NULL},
        {"D", "KEY=VALUE", "an option of its configuration; may be given again", NULL, NULL,
         &command.settings},
    };
    int plain_count;
    int code;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    if (outcome != OPTIONS_FINE)
        code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    else if (command.claim_text && !claim_parse(command.claim_text, &command.bound_us))
        code = EXIT_USAGE;
    else if (!archive_cluster(command.flink_version, &command.settings, &command.cluster))
        code = EXIT_USAGE;
    else
        code = convert(&command, arguments, plain_count);
    option_values_free(&command.settings);
    archive_cluster_free(&command.cluster);
    return code;
}
