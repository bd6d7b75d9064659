#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/options.h"
#include "harness/command_line/progress.h"
#include "harness/command_line/recording_session.h"
#include "harness/live/calibration.h"
#include "harness/live/stop_signals.h"

static const struct command_help help = {
    .usage = "freshcheck record [OPTION...] -o FILE URL",
    .purpose =
        "Lets clients ask a running cluster, and writes down what they get: a recording for\n"
        "'freshcheck check'. Reads only, unless --trigger is given. Ctrl-C ends it.",
    .after = "examples:\n"
             "  freshcheck record -o session.jsonl http://127.0.0.1:8081\n"
             "  freshcheck record -o session.jsonl --duration 60s --rate 20 --trigger 2s \\\n"
             "      http://jobmanager:8081/flink\n"
             "\n"
             "exit codes: 0 recorded, 69 unreachable or no job, 73 FILE cannot be written,\n"
             "130 interrupted before --duration was over",
};

enum { SECOND_US = 1000000 };

struct record_line {
    struct session_line session;
    const char *output;
    bool overwrites, quiet;
};

/* A recording while it is made. */
struct record {
    const struct record_line *line;
    struct session session;
    int file; /* until the recorder has it */
    struct progress progress;
    uint64_t told_written; /* what the line before told */
    int64_t told_us;
};

/* --- progress -------------------------------------------------------------------------------- */

static bool tick(void *context, int64_t now_us)
{
    struct record *record = context;
    const struct recorder_counts *counts = recorder_counts(record->session.recorder);
    char more[PROGRESS_LINE_MAX];
    if (!progress_is_due(&record->progress, now_us))
        return true;
    const double passed_s = (double)(now_us - record->told_us) / SECOND_US;
    const double rate =
        passed_s > 0 ? (double)(counts->written - record->told_written) / passed_s : 0;
    snprintf(more, sizeof more,
             "%" PRIu64 " exchanges, %.1f a second; newest checkpoint %" PRId64 "; %" PRIu64
             " unanswered, %" PRIu64 " errors; %.1f MB",
             counts->written, rate, counts->newest, counts->unanswered, counts->errors,
             (double)counts->bytes / 1e6);
    progress_tell(&record->progress, now_us, (uint64_t)now_us, more);
    record->told_written = counts->written;
    record->told_us = now_us;
    return true;
}

/* --- the file -------------------------------------------------------------------------------- */

/* A file without any answer is no recording. */
static void remove_file(const struct record *record)
{
    struct stat status;
    if (lstat(record->line->output, &status) == 0 && S_ISREG(status.st_mode))
        unlink(record->line->output);
}

/* "session" of "/tmp/session.jsonl"; NULL: out of memory. */
static char *name_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    return text_copy_length(name, dot && dot != name ? (size_t)(dot - name) : strlen(name));
}

/* --- the run --------------------------------------------------------------------------------- */

static bool began(void *context, int64_t epoch_us)
{
    struct record *record = context;
    const int file = record->file;
    record->file = -1; /* the recorder's, whatever comes */
    return recorder_began(record->session.recorder, file, epoch_us);
}

static bool ended(void *context, const struct target_exchange *exchange)
{
    struct record *record = context;
    return recorder_ended(record->session.recorder, exchange);
}

/* What came of the run: exit code, after what there is to say. */
static int conclude(struct record *record, enum target_end end, const char *why)
{
    const struct recorder *recorder = record->session.recorder;
    const struct recorder_counts *counts = recorder_counts(recorder);
    const char *name = record->line->output;
    progress_end(&record->progress);
    if (end == TARGET_BROKEN) {
        fprintf(stderr, "freshcheck: %s\n", why);
        return EXIT_INTERNAL;
    }
    if (end == TARGET_GIVEN_UP)
        fprintf(stderr, "freshcheck: cannot write %s: %s; what was written before is sound\n", name,
                strerror(recorder_failure(recorder)));
    if (counts->written == counts->unanswered) {
        remove_file(record);
        if (end == TARGET_GIVEN_UP)
            return EXIT_CANNOT_WRITE;
        fprintf(stderr, "freshcheck: the target answered nothing%s%s; %s is not kept\n",
                counts->failure ? ": " : "", counts->failure ? counts->failure : "", name);
        return EXIT_UNREACHABLE;
    }
    if (!record->line->quiet)
        fprintf(stderr, "freshcheck: %" PRIu64 " exchanges are in %s; now: freshcheck check %s\n",
                counts->written, name, name);
    if (end == TARGET_GIVEN_UP)
        return EXIT_CANNOT_WRITE;
    const bool is_cut_short = end == TARGET_STOPPED && record->session.duration_us != INT64_MAX;
    return is_cut_short ? EXIT_INTERRUPTED : EXIT_AS_CLAIMED;
}

static void print_beginning(const struct record *record)
{
    const struct session *session = &record->session;
    if (record->line->quiet)
        return;
    fprintf(stderr,
            "freshcheck: recording Flink %s at %s%s, %zu job%s, up to %.1f requests a second%s\n",
            session->cluster.flink_version, session->address.origin, session->address.prefix,
            session->jobs.count, session->jobs.count == 1 ? "" : "s", session->rate_max,
            session->duration_us == INT64_MAX ? "  (Ctrl-C ends it)" : "");
}

/* How far the times in the file may be from the wire by this program's own doing. */
static void print_calibration(const struct record *record)
{
    struct calibration calibration;
    struct buffer text = {0};
    const char *why;
    if (record->line->quiet)
        return;
    if (calibration_measure(CALIBRATION_EXCHANGES, &calibration, &why)) {
        calibration_describe(&calibration, &text);
        fprintf(stderr, "freshcheck: %.*s\n", (int)text.length, text.bytes);
    } else {
        fprintf(stderr, "freshcheck: what the HTTP client adds could not be measured: %s\n", why);
    }
    buffer_free(&text);
}

static int run(struct record *record)
{
    struct stop_signals signals;
    const char *why = NULL;
    const bool has_end = record->session.duration_us != INT64_MAX;
    if (!stop_signals_open(&signals)) {
        fprintf(stderr, "freshcheck: cannot wait for signals: %s\n", strerror(errno));
        return EXIT_INTERNAL;
    }
    /* A file that may not grow is told by write(), as a full disk is. */
    signal(SIGXFSZ, SIG_IGN);
    print_beginning(record);
    print_calibration(record);
    const struct target_run_options options = {
        .address = &record->session.address,
        .plan = recorder_plan(record->session.recorder),
        .seed = record->session.seed,
        .listener = {.context = record, .began = began, .ended = ended, .tick = tick},
        .tick_us = SECOND_US,
        .stop_fd = signals.fd,
    };
    record->progress = (struct progress){
        .quiet = record->line->quiet,
        .kind = PROGRESS_TIME,
        .total = has_end ? (uint64_t)record->session.duration_us : 0,
    };
    progress_begin(&record->progress, 0);
    const enum target_end end = target_run(&options, &why);
    const int code = conclude(record, end, why);
    stop_signals_close(&signals);
    return code;
}

static int record_url(const struct record_line *line, const char *url)
{
    struct record record = {.line = line, .file = -1};
    char *name = name_of(line->output);
    if (!name) {
        fputs("freshcheck: out of memory\n", stderr);
        return EXIT_INTERNAL;
    }
    int code = session_open(&record.session, url, &line->session, name);
    if (code == EXIT_AS_CLAIMED)
        code = session_create(line->output, line->overwrites, &record.file);
    if (code == EXIT_AS_CLAIMED)
        code = run(&record);
    if (record.file >= 0)
        close(record.file);
    session_close(&record.session);
    free(name);
    return code;
}

int command_record(int argument_count, char **arguments)
{
    struct record_line line = {.session = SESSION_LINE_DEFAULTS};
    const struct option options[] = {
        {"o", "FILE", "where the recording goes; required", NULL, &line.output, NULL},
        {"output", "FILE", "the same", NULL, &line.output, NULL},
        {"force", NULL, "write over a file that is there", &line.overwrites, NULL, NULL},
        SESSION_OPTIONS(line.session),
        {"quiet", NULL, "print no progress", &line.quiet, NULL, NULL},
    };
    int plain_count;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    int code = outcome == OPTIONS_HELPED ? EXIT_AS_CLAIMED : EXIT_USAGE;
    if (outcome == OPTIONS_FINE && plain_count == 1 && line.output)
        code = record_url(&line, arguments[0]);
    else if (outcome == OPTIONS_FINE)
        fputs("freshcheck: record takes one address, and a file with -o: "
              "freshcheck record -o session.jsonl http://127.0.0.1:8081\n",
              stderr);
    option_values_free(&line.session.jobs);
    return code;
}
