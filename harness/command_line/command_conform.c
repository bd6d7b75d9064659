#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/files.h"
#include "harness/command_line/option_readers.h"
#include "harness/command_line/options.h"
#include "harness/command_line/progress.h"
#include "harness/command_line/results.h"
#include "harness/live/clock.h"
#include "harness/live/http_target.h"
#include "harness/replay/replay_report.h"

static const struct command_help help = {
    .usage = "freshcheck conform [OPTION...] TRANSCRIPT.jsonl|FOLDER...",
    .purpose = "Sends the requests of a transcript of a real cluster to the built-in mock of that\n"
               "version, which lives the same life in virtual time, and compares every answer.\n"
               "Ends with 0 when all agree or differ deliberately, 1 when one differs, 65 when a\n"
               "transcript is damaged.",
    .after = "examples:\n"
             "  freshcheck conform 1.20.3.jsonl\n"
             "  freshcheck conform --flink 1.18.1 1.20.3.jsonl\n"
             "  freshcheck conform --target http://127.0.0.1:8081 1.20.3.jsonl\n"
             "  freshcheck conform --list transcripts/",
};

/* One transcript, and what came of it. */
struct conform_file {
    struct transcript transcript;
    struct life *life;
    struct replay replay;
};

struct conform_command {
    const char *flink, *implementation, *target, *differences;
    struct output_options output;
    bool lists, over_http, quiet;
    struct allowed *allowed;
    struct file_list files;
    struct conform_file *read;
    struct replay_result *results;
};

static int out_of_memory(void)
{
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

/* Prints and frees them; 65 when there were any. */
static int complain(const char *name, struct complaints *complaints)
{
    struct buffer out = {0};
    const int code = complaints->count > 0 ? EXIT_BAD_INPUT : EXIT_AS_CLAIMED;
    complaints_print(complaints, name, NULL, 0, &out);
    if (out.length > 0)
        fwrite(out.bytes, 1, out.length, stderr);
    buffer_free(&out);
    complaints_free(complaints);
    return code;
}

static FILE *open_differences(const struct conform_command *command)
{
    if (command->differences)
        return fopen(command->differences, "rb");
    return fmemopen((void *)(uintptr_t)allowed_bundled, strlen(allowed_bundled), "rb");
}

static int load_differences(struct conform_command *command)
{
    struct complaints complaints = {0};
    const char *name = command->differences ? command->differences : "the bundled differences";
    FILE *file = open_differences(command);
    if (!file) {
        fprintf(stderr, "freshcheck: cannot read %s: %s\n", name, strerror(errno));
        return EXIT_BAD_INPUT;
    }
    command->allowed = allowed_read(file, &complaints);
    fclose(file);
    const int code = complain(name, &complaints);
    return command->allowed ? code : out_of_memory();
}

static int read_transcript(const char *name, struct transcript *transcript)
{
    struct complaints complaints = {0};
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
    if (!file) {
        fprintf(stderr, "freshcheck: cannot read %s: %s\n", name, strerror(errno));
        return EXIT_BAD_INPUT;
    }
    const bool has_memory = transcript_read(file, transcript, &complaints);
    if (file != stdin)
        fclose(file);
    if (has_memory && complaints.count == 0 && !transcript->version)
        complaints_add(&complaints, 0, 0,
                       "no answer in it says which version of Flink gave it; GET /config does");
    const int code = complain(name, &complaints);
    return has_memory ? code : out_of_memory();
}

/* A target, and how far the transcript is. */
struct told_target {
    const struct target *target;
    struct progress progress;
    uint64_t asked;
};

static enum target_outcome ask_and_tell(void *context, const struct target_request *request,
                                        struct conform_exchange *answer, const char **why)
{
    struct told_target *told = context;
    progress_tell(&told->progress, live_clock_real_us(), told->asked++, NULL);
    return told->target->ask(told->target->context, request, answer, why);
}

static int replay_on(const struct conform_command *command, struct conform_file *file,
                     const struct target *target)
{
    const char *why = NULL;
    struct told_target told = {
        .target = target,
        .progress = {.quiet = command->quiet,
                     .things = "requests",
                     .total = file->transcript.count},
    };
    const struct target same = {&told, target->lives_the_same_life, ask_and_tell};
    progress_begin(&told.progress, live_clock_real_us());
    const enum replay_outcome outcome =
        replay_run(&file->transcript, file->life, &same, command->allowed, &file->replay, &why);
    progress_end(&told.progress);
    switch (outcome) {
    case REPLAY_DONE:
        return EXIT_AS_CLAIMED;
    case REPLAY_SILENT:
        fprintf(stderr, "freshcheck: %s\n", why);
        return EXIT_UNREACHABLE;
    case REPLAY_NO_MEMORY:
        break;
    }
    return out_of_memory();
}

/* Takes the HTTP target over; NULL: there is none, for the reason given. */
static int replay_over_http(const struct conform_command *command, struct conform_file *file,
                            struct http_target *http, const char *why)
{
    if (!http) {
        fprintf(stderr, "freshcheck: %s\n", why);
        return EXIT_USAGE;
    }
    const struct target target = http_target(http);
    const int code = replay_on(command, file, &target);
    http_target_free(http);
    return code;
}

static int replay_on_mock(const struct conform_command *command, struct conform_file *file,
                          const char **target_name)
{
    struct mock_options options = {.life = file->life, .seed = 1};
    const char *version =
        command->flink || command->implementation ? command->flink : file->transcript.version;
    if (!option_flink(version, command->implementation, &options.implementation,
                      &options.flink_version))
        return EXIT_USAGE;
    *target_name = implementation_name(options.implementation);
    struct mock_target *mock = mock_target_new(&options);
    if (!mock)
        return out_of_memory();
    int code;
    if (command->over_http) {
        const char *why = NULL;
        struct http_target *http = http_target_on_mock(mock, &why);
        code = replay_over_http(command, file, http, why);
    } else {
        const struct target target = mock_target(mock);
        code = replay_on(command, file, &target);
    }
    mock_target_free(mock);
    return code;
}

static int replay_on_url(const struct conform_command *command, struct conform_file *file)
{
    const char *why = NULL;
    struct http_target *http = http_target_new(command->target, &why);
    return replay_over_http(command, file, http, why);
}

static int conform_file(struct conform_command *command, size_t index)
{
    struct conform_file *file = &command->read[index];
    struct replay_result *result = &command->results[index];
    const int code = read_transcript(command->files.names[index], &file->transcript);
    if (code != EXIT_AS_CLAIMED)
        return code;
    file->life = life_read(&file->transcript);
    if (!file->life)
        return out_of_memory();
    *result = (struct replay_result){.subject = command->files.names[index],
                                     .version = file->transcript.version,
                                     .replay = &file->replay};
    result->target = command->target;
    return command->target ? replay_on_url(command, file)
                           : replay_on_mock(command, file, &result->target);
}

static int print_report(const struct conform_command *command)
{
    const struct replay_report report = {
        .results = command->results,
        .count = command->files.count,
        .allowed = command->allowed,
        .lists_allowed = command->lists,
    };
    struct buffer out = {0};
    int code = EXIT_AS_CLAIMED;
    for (size_t i = 0; i < report.count; i++) {
        if (report.results[i].replay->differing > 0)
            code = EXIT_REFUTED;
    }
    for (size_t i = 0; command->lists && i < allowed_count(report.allowed); i++) {
        if (replay_report_is_stale(&report, allowed_at(report.allowed, i)))
            code = EXIT_REFUTED;
    }
    if (command->output.format && strcmp(command->output.format, "json") == 0)
        replay_report_json(&report, &out);
    else
        replay_report_text(&report, &out);
    return output_print(&out, code);
}

static int conform_files(struct conform_command *command, char **names, size_t name_count)
{
    if (name_count == 0) {
        fputs("freshcheck: say which transcripts to replay: freshcheck conform FILE...\n", stderr);
        return EXIT_USAGE;
    }
    if ((command->flink != NULL) + (command->implementation != NULL) + (command->target != NULL) >
        1) {
        fputs("freshcheck: --flink, --implementation and --target say what to ask; give one\n",
              stderr);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < name_count; i++) {
        if (!file_list_add(&command->files, names[i], ".jsonl"))
            return EXIT_BAD_INPUT;
    }
    command->read = calloc(command->files.count, sizeof(*command->read));
    command->results = calloc(command->files.count, sizeof(*command->results));
    if (!command->read || !command->results)
        return out_of_memory();
    int code = load_differences(command);
    for (size_t i = 0; i < command->files.count && code == EXIT_AS_CLAIMED; i++)
        code = conform_file(command, i);
    return code == EXIT_AS_CLAIMED ? print_report(command) : code;
}

static void release(struct conform_command *command)
{
    for (size_t i = 0; command->read && i < command->files.count; i++) {
        replay_clear(&command->read[i].replay);
        life_free(command->read[i].life);
        transcript_clear(&command->read[i].transcript);
    }
    free(command->read);
    free(command->results);
    file_list_free(&command->files);
    allowed_free(command->allowed);
}

int command_conform(int argument_count, char **arguments)
{
    struct conform_command command = {0};
    const struct option options[] = {
        {"flink", "VERSION", "ask the mock of this Flink instead", NULL, &command.flink, NULL},
        {"implementation", "NAME", "or this endpoint by name", NULL, &command.implementation, NULL},
        {"target", "URL", "or what serves there, in real time and at the recorded pace", NULL,
         &command.target, NULL},
        {"http", NULL, "ask the mock over HTTP on loopback, still in virtual time",
         &command.over_http, NULL, NULL},
        {"differences", "FILE", "the differences that are meant (default: the bundled list)", NULL,
         &command.differences, NULL},
        {"list", NULL, "show which of them were used; one that no answer needs is a difference",
         &command.lists, NULL, NULL},
        {"format", "text|json", "what to print on stdout (default text)", NULL,
         &command.output.format, NULL},
        {"quiet", NULL, "no progress on stderr", &command.quiet, NULL, NULL},
    };
    int plain_count;
    int code;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    if (outcome != OPTIONS_FINE)
        code = outcome == OPTIONS_WRONG ? EXIT_USAGE : EXIT_AS_CLAIMED;
    else if (!output_options_check(&command.output))
        code = EXIT_USAGE;
    else
        code = conform_files(&command, arguments, (size_t)plain_count);
    release(&command);
    return code;
}
