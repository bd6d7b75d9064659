#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "harness/command_line/archives.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/options.h"

static const struct command_help help = {
    .usage = "freshcheck convert [OPTION...] IN OUT",
    .purpose =
        "Turns a recording (.jsonl) into an HTTP archive (.har, HAR 1.2) or the other way round.\n"
        "What the names end in says which is which. OUT appears whole or not at all.",
    .after = "examples:\n"
             "  freshcheck convert session.jsonl session.har\n"
             "  freshcheck convert --flink 1.20.3 dashboard.har dashboard.jsonl",
};

struct convert_command {
    const char *flink_version;
    struct option_values settings;
    struct har_cluster cluster;
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
    int code = archive_is_one(in) ? from_archive(command, in, out_name, out) : to_archive(in, out);
    const bool closed = fclose(out) == 0;
    if (code == EXIT_AS_CLAIMED && (!closed || rename(part, out_name) != 0))
        code = cannot_write(out_name);
    if (code != EXIT_AS_CLAIMED)
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
    const bool back = !archive_is_one(names[0]) && archive_is_one(names[1]);
    if (!forth && !back) {
        fprintf(stderr,
                "freshcheck: .jsonl can become .har and .har can become .jsonl, but not %s %s\n",
                names[0], names[1]);
        return EXIT_USAGE;
    }
    return convert_to(command, names[0], names[1]);
}

int command_convert(int argument_count, char **arguments)
{
    struct convert_command command = {0};
    const struct option options[] = {
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
    else if (!archive_cluster(command.flink_version, &command.settings, &command.cluster))
        code = EXIT_USAGE;
    else
        code = convert(&command, arguments, plain_count);
    option_values_free(&command.settings);
    archive_cluster_free(&command.cluster);
    return code;
}
