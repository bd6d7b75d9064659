#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/command_line/archives.h"
#include "harness/command_line/claim_text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/options.h"
#include "harness/command_line/recording_report.h"
#include "harness/command_line/recording_session.h"
#include "harness/command_line/watching.h"
#include "harness/live/stop_signals.h"

static const struct command_help help = {
    .usage = "freshcheck watch [OPTION...] URL",
    .purpose =
        "Lets clients ask a running cluster, and shows while they do how fresh the answers are:\n"
        "on a terminal a screen, elsewhere a line each five seconds, on stderr. At the end it\n"
        "prints what 'freshcheck check' prints about a recording. Reads only, unless --trigger is\n"
        "given. Ctrl-C is the normal end.",
    .after =
        "examples:\n"
        "  freshcheck watch http://127.0.0.1:8081\n"
        "  freshcheck watch --claim fresh --trigger 2s --duration 60s http://127.0.0.1:8081\n"
        "  freshcheck watch -o session.jsonl --format json http://jobmanager:8081/flink\n"
        "\n"
        "exit codes: 0 as claimed, 1 refuted, 2 undecided, also after Ctrl-C; 69 unreachable,\n"
        "no job, or silent at the end; 73 FILE cannot be written",
};

/* The command line as it was written. */
struct watch_line {
    struct session_line session;
    const char *claim_text, *output;
    bool overwrites, quiet, has_bound;
    int64_t bound_us;
    struct output_options report;
};

struct watch {
    const struct watch_line *line;
    const char *url;
    struct session session;
    int out, in; /* the recording, to write and to read; `out` until the recorder has it */
    struct watching *watching;
};

/* --- the file ---------------------------------------------------------------------------------- */

static int cannot_write(const char *name)
{
    fprintf(stderr, "freshcheck: cannot write %s: %s\n", name, strerror(errno));
    return EXIT_CANNOT_WRITE;
}

/* A recording that nobody wants to keep has no name, and goes with the program. */
static int open_nameless(struct watch *watch)
{
    const char *folder = getenv("TMPDIR");
    struct buffer name = {0};
    buffer_printf(&name, "%s/freshcheck-XXXXXX", folder && folder[0] ? folder : "/tmp");
    char *path = buffer_take(&name);
    int code = EXIT_AS_CLAIMED;
    watch->out = path ? mkostemp(path, O_CLOEXEC) : -1;
    if (watch->out >= 0) {
        watch->in = open(path, O_RDONLY | O_CLOEXEC);
        unlink(path);
    }
    if (watch->out < 0 || watch->in < 0)
        code = cannot_write(path ? path : "a temporary file");
    free(path);
    return code;
}

static int open_files(struct watch *watch)
{
    const char *name = watch->line->output;
    if (!name)
        return open_nameless(watch);
    const int code = session_create(name, watch->line->overwrites, &watch->out);
    if (code != EXIT_AS_CLAIMED)
        return code;
    watch->in = open(name, O_RDONLY | O_CLOEXEC);
    return watch->in >= 0 ? EXIT_AS_CLAIMED : cannot_write(name);
}

static bool began(void *context, int64_t epoch_us)
{
    struct watch *watch = context;
    const int file = watch->out;
    watch->out = -1; /* the recorder's, whatever comes */
    return recorder_began(watch->session.recorder, file, epoch_us);
}

static bool ended(void *context, const struct target_exchange *exchange)
{
    const struct watch *watch = context;
    return recorder_ended(watch->session.recorder, exchange);
}

/* --- the end ----------------------------------------------------------------------------------- */

static bool breaks(const struct judgement *judgement, enum property property)
{
    return judgement->claim.claimed[property] &&
           judgement->properties[property].verdict == VERDICT_FAIL;
}

/* Requests that nobody answers break `available`, as they must; of a target that has gone away that
 * says no more than that it has. */
static bool is_all_silence(const struct judgement *judgement)
{
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (i != PROPERTY_AVAILABLE && breaks(judgement, (enum property)i))
            return false;
    }
    return true;
}

static int exit_code_of(const struct watch *watch, const struct judging_result *result,
                        enum target_end end)
{
    const enum verdict whole = result->judgement.whole;
    const char *silence = watching_silence(watch->watching);
    if (silence)
        fprintf(stderr, "freshcheck: %s does not answer any more: %s\n", watch->url, silence);
    if (end == TARGET_GIVEN_UP)
        fprintf(stderr, "freshcheck: cannot write the recording: %s; what was written is judged\n",
                strerror(recorder_failure(watch->session.recorder)));
    if (result->failure)
        return end == TARGET_GIVEN_UP ? EXIT_CANNOT_WRITE : EXIT_INTERNAL;
    if (silence && is_all_silence(&result->judgement))
        return EXIT_UNREACHABLE;
    if (whole == VERDICT_FAIL)
        return EXIT_REFUTED; /* which it stays, whatever else went wrong */
    if (end == TARGET_GIVEN_UP)
        return EXIT_CANNOT_WRITE;
    return whole == VERDICT_PASS ? EXIT_AS_CLAIMED : EXIT_UNDECIDED;
}

static void again_text(const struct watch *watch, struct buffer *text)
{
    const struct watch_line *line = watch->line;
    buffer_printf(text, "%s ", line->output ? "check" : "watch");
    if (line->claim_text)
        buffer_printf(text, "--claim %s ", line->claim_text);
    buffer_printf(text, "%s", line->output ? line->output : watch->url);
    buffer_char(text, '\0');
}

static int report(const struct watch *watch, const struct judging_result *result,
                  enum target_end end)
{
    struct buffer claim = {0}, again = {0};
    again_text(watch, &again);
    claim_print(&result->judgement.claim, &claim);
    buffer_char(&claim, '\0');
    const struct report_result judged = {
        .subject = watch->line->output ? watch->line->output : watch->url,
        .claim = claim.failed || result->failure ? "" : claim.bytes,
        .judgement = &result->judgement,
        .failure = result->failure,
        .again = again.failed ? NULL : again.bytes,
    };
    const struct report whole = {
        .results = &judged,
        .result_count = 1,
        .verdict = results_verdict(&judged, 1),
        .program = program_invocation_name,
        .colour = output_wants_colour(&watch->line->report),
        .width = output_width(),
    };
    const int code =
        recording_report(&whole, &watch->line->report, exit_code_of(watch, result, end));
    buffer_free(&claim);
    buffer_free(&again);
    return code;
}

static int conclude(const struct watch *watch, enum target_end end, const char *why,
                    const struct judging_task *task)
{
    struct judging_result result;
    struct complaints complaints = {0};
    if (end == TARGET_BROKEN) {
        fprintf(stderr, "freshcheck: %s\n", why);
        return EXIT_INTERNAL;
    }
    judging_run(task, &complaints, &result);
    if (complaints.count > 0)
        archive_complain(watch->line->output ? watch->line->output : watch->url, &complaints);
    complaints_free(&complaints);
    return report(watch, &result, end);
}

/* --- the run ----------------------------------------------------------------------------------- */

static int run(struct watch *watch, const struct judging_task *task)
{
    struct stop_signals signals;
    const char *why = NULL;
    if (!stop_signals_open(&signals)) {
        fprintf(stderr, "freshcheck: cannot wait for signals: %s\n", strerror(errno));
        return EXIT_INTERNAL;
    }
    /* A file that may not grow is told by write(), as a full disk is. */
    signal(SIGXFSZ, SIG_IGN);
    const struct target_run_options options = {
        .address = &watch->session.address,
        .plan = recorder_plan(watch->session.recorder),
        .seed = watch->session.seed,
        .listener = watching_listener(watch->watching),
        .tick_us = WATCHING_TICK_US,
        .stop_fd = signals.fd,
    };
    const enum target_end end = target_run(&options, &why);
    stop_signals_close(&signals); /* who will not wait for the report may end it */
    watching_end(watch->watching);
    return conclude(watch, end, why, task);
}

static int watch_cluster(struct watch *watch)
{
    const struct watch_line *line = watch->line;
    const struct judging_task task = {watch->in, line->has_bound, line->bound_us};
    const struct watching_options options = {
        .target = watch->url,
        .flink_version = watch->session.cluster.flink_version,
        .jobs = watch->session.jobs.jobs,
        .job_count = watch->session.jobs.count,
        .duration_us = watch->session.duration_us,
        .task = task,
        .quiet = line->quiet,
        .recorder = {.context = watch, .began = began, .ended = ended},
        .counts = recorder_counts(watch->session.recorder),
    };
    watch->watching = watching_new(&options);
    if (watch->watching)
        return run(watch, &task);
    fputs("freshcheck: out of memory\n", stderr);
    return EXIT_INTERNAL;
}

static int watch_url(const struct watch_line *line, const char *url)
{
    struct watch watch = {.line = line, .url = url, .out = -1, .in = -1};
    int code = session_open(&watch.session, url, &line->session, "watch");
    if (code == EXIT_AS_CLAIMED)
        code = open_files(&watch);
    if (code == EXIT_AS_CLAIMED)
        code = watch_cluster(&watch);
    watching_free(watch.watching);
    if (watch.out >= 0)
        close(watch.out);
    if (watch.in >= 0)
        close(watch.in);
    session_close(&watch.session);
    return code;
}

static int watch(struct watch_line *line, int plain_count, char **arguments)
{
    if (!output_options_check(&line->report) ||
        (line->claim_text && !claim_parse(line->claim_text, &line->bound_us)))
        return EXIT_USAGE;
    if (plain_count == 1)
        return watch_url(line, arguments[0]);
    fputs("freshcheck: watch takes one address: freshcheck watch http://127.0.0.1:8081\n", stderr);
    return EXIT_USAGE;
}

int command_watch(int argument_count, char **arguments)
{
    struct watch_line line = {.session = SESSION_LINE_DEFAULTS};
    const struct option options[] = {
        {"claim", "CLAIM", "judge by 'fresh' or 'age=DURATION' (default: what its settings say)",
         &line.has_bound, &line.claim_text, NULL},
        SESSION_OPTIONS(line.session),
        {"o", "FILE", "keep the recording there", NULL, &line.output, NULL},
        {"output", "FILE", "the same", NULL, &line.output, NULL},
        {"force", NULL, "write over a file that is there", &line.overwrites, NULL, NULL},
        OUTPUT_OPTIONS(line.report),
        {"brief", NULL, "one line at the end, no witnesses", &line.report.brief, NULL, NULL},
        {"quiet", NULL, "show nothing while it runs", &line.quiet, NULL, NULL},
    };
    int plain_count;
    const enum options_outcome outcome =
        options_read(&help, options, sizeof options / sizeof options[0], argument_count, arguments,
                     &plain_count);
    int code = outcome == OPTIONS_HELPED ? EXIT_AS_CLAIMED : EXIT_USAGE;
    if (outcome == OPTIONS_FINE)
        code = watch(&line, plain_count, arguments);
    option_values_free(&line.session.jobs);
    output_options_free(&line.report);
    return code;
}
