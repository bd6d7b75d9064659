#include "harness/command_line/run_target.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/command_line/claim_text.h"
#include "harness/command_line/commands.h"
#include "harness/command_line/files.h"
#include "harness/command_line/option_readers.h"
#include "harness/live/address.h"
#include "harness/live/calibration.h"
#include "harness/target/suite.h"

enum { JAR_SIZE_MAX = 256 << 20 };

/* What came of one scenario, and what is told of it. */
struct outcome {
    struct suite_result result;
    struct buffer claim, difference, again;
};

struct target_command {
    const struct target_options *options;
    const struct scenario_list *scenarios;
    const struct output_options *output;
    struct buffer jar;
    struct job_binding *bindings;
    char **names; /* of the bindings; owned */
    int stop_fd;
    struct suite *suite;
    const struct implementation *like; /* NULL: nothing is expected */
    struct outcome *outcomes;
    struct report_result *results;
};

static int say(int code, const char *what, const char *why)
{
    fprintf(stderr, "freshcheck: %s: %s\n", what, why);
    return code;
}

/* --- options --------------------------------------------------------------------------------- */

static int read_binding(struct target_command *command, size_t index)
{
    const char *text = command->options->jobs.items[index];
    const char *equals = strchr(text, '=');
    struct job_binding *binding = &command->bindings[index];
    if (!equals || equals == text || !id_parse(equals + 1, strlen(equals + 1), &binding->id)) {
        fprintf(stderr,
                "freshcheck: --job is NAME=ID, where the id has 32 hexadecimal digits, not '%s'\n",
                text);
        return EXIT_USAGE;
    }
    command->names[index] = text_copy_length(text, (size_t)(equals - text));
    binding->name = command->names[index];
    return binding->name ? EXIT_AS_CLAIMED : EXIT_INTERNAL;
}

static int read_bindings(struct target_command *command)
{
    const size_t count = command->options->jobs.count;
    command->bindings = calloc(count + 1, sizeof *command->bindings);
    command->names = calloc(count + 1, sizeof *command->names);
    if (!command->bindings || !command->names)
        return EXIT_INTERNAL;
    for (size_t i = 0; i < count; i++) {
        const int code = read_binding(command, i);
        if (code != EXIT_AS_CLAIMED)
            return code;
    }
    return EXIT_AS_CLAIMED;
}

/* What is a file here is uploaded; else it is the id of one that is there. */
static int read_jar(struct target_command *command, struct suite_options *suite)
{
    const char *name = command->options->jar;
    struct stat status;
    if (!name)
        return EXIT_AS_CLAIMED;
    const char *slash = strrchr(name, '/');
    suite->jar_name = slash ? slash + 1 : name;
    if (stat(name, &status) != 0 && !slash)
        return EXIT_AS_CLAIMED;
    if (!file_read(name, JAR_SIZE_MAX, &command->jar))
        return EXIT_BAD_INPUT;
    suite->jar_bytes = command->jar.bytes ? command->jar.bytes : "";
    suite->jar_length = command->jar.length;
    return EXIT_AS_CLAIMED;
}

static int check_address(const char *url)
{
    struct address address = {0};
    const char *why;
    const bool fine = address_read(url, &address, &why);
    address_free(&address);
    return fine ? EXIT_AS_CLAIMED : say(EXIT_USAGE, url, why);
}

static int make_folder(const char *keep)
{
    if (!keep || mkdir(keep, 0777) == 0 || errno == EEXIST)
        return EXIT_AS_CLAIMED;
    return say(EXIT_CANNOT_WRITE, keep, strerror(errno));
}

/* Ctrl-C is a file that becomes readable, so that whatever was begun can be ended in order. */
static int hold_signals(void)
{
    sigset_t signals;
    struct sigaction hang_up;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (sigaction(SIGHUP, NULL, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN)
        sigaddset(&signals, SIGHUP); /* nohup has it ignored */
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
        return -1;
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool choose_seed(const struct target_options *options, uint64_t *seed)
{
    *seed = options->seed;
    return options->has_seed || getrandom(seed, sizeof *seed, 0) == sizeof *seed;
}

/* --- opening --------------------------------------------------------------------------------- */

static int code_of_call(enum call outcome)
{
    return outcome == CALL_NO_MEMORY ? EXIT_INTERNAL : EXIT_UNREACHABLE;
}

/* What is expected of a version that nobody here has heard of cannot be told. */
static int choose_expectation(struct target_command *command)
{
    const char *version = suite_target(command->suite)->flink_version;
    if (command->options->like) {
        command->like = option_implementation(command->options->like);
        return command->like ? EXIT_AS_CLAIMED : EXIT_USAGE;
    }
    command->like = implementation_for_flink(version);
    if (command->like)
        fprintf(stderr, "freshcheck: %s is Flink %s; what is expected is that of %s\n",
                command->options->url, version, implementation_name(command->like));
    else
        fprintf(stderr,
                "freshcheck: %s is Flink %s, of which nothing is known: every claim is expected to "
                "hold\n",
                command->options->url, version);
    return EXIT_AS_CLAIMED;
}

/* How much of what is told of the target is the doing of the client here. */
static void tell_calibration(void)
{
    struct calibration calibration;
    struct buffer text = {0};
    const char *why;
    if (!calibration_measure(CALIBRATION_EXCHANGES, &calibration, &why))
        return; /* times are not worse for not being measured */
    calibration_describe(&calibration, &text);
    if (!text.failed)
        fprintf(stderr, "freshcheck: %.*s\n", (int)text.length, text.bytes);
    buffer_free(&text);
}

static int open_suite(struct target_command *command)
{
    const struct target_options *options = command->options;
    struct suite_options suite = {
        .url = options->url, .keep_folder = options->keep, .binding_count = options->jobs.count};
    const char *why;
    enum call outcome;
    int code = check_address(options->url);
    if (code == EXIT_AS_CLAIMED)
        code = read_bindings(command);
    if (code == EXIT_AS_CLAIMED)
        code = read_jar(command, &suite);
    if (code == EXIT_AS_CLAIMED)
        code = make_folder(options->keep);
    if (code != EXIT_AS_CLAIMED)
        return code;
    command->stop_fd = hold_signals();
    if (command->stop_fd < 0 || !choose_seed(options, &suite.seed))
        return say(EXIT_INTERNAL, "cannot begin", strerror(errno));
    suite.bindings = command->bindings;
    suite.stop_fd = command->stop_fd;
    command->suite = suite_open(&suite, &outcome, &why);
    if (!command->suite)
        return say(code_of_call(outcome), options->url, why);
    code = choose_expectation(command);
    if (code == EXIT_AS_CLAIMED)
        tell_calibration();
    return code;
}

/* --- results --------------------------------------------------------------------------------- */

static const char *text_of(struct buffer *text)
{
    buffer_char(text, '\0');
    return text->failed ? NULL : text->bytes;
}

static const char *again_text(const struct target_command *command, const struct plan *plan,
                              struct buffer *text)
{
    const struct target_options *options = command->options;
    buffer_printf(text, "run --target %s", options->url);
    if (options->jar)
        buffer_printf(text, " --jar %s", options->jar);
    for (size_t i = 0; i < options->jobs.count; i++)
        buffer_printf(text, " --job %s", options->jobs.items[i]);
    if (options->like)
        buffer_printf(text, " --like %s", options->like);
    if (options->choice->expect_name)
        buffer_printf(text, " --expect %s", options->choice->expect_name);
    buffer_printf(text, " %s", plan->file);
    return text_of(text);
}

static void fill_result(struct target_command *command, size_t index)
{
    const struct plan *plan = command->scenarios->plans[index];
    struct outcome *outcome = &command->outcomes[index];
    struct report_result *result = &command->results[index];
    const enum suite_outcome came = outcome->result.outcome;
    claim_print(&plan->claim, &outcome->claim);
    *result = (struct report_result){
        .subject = plan->name,
        .title = plan->title,
        .implementation = command->options->url,
        .claim = text_of(&outcome->claim),
        .file = plan->file,
        .places = plan->claim_places,
        .judgement = &outcome->result.judgement,
        .again = again_text(command, plan, &outcome->again),
        .has_expectation = command->like != NULL,
    };
    if (came == SUITE_SKIPPED)
        result->skipped = text_of(&outcome->result.why);
    else if (came != SUITE_JUDGED)
        result->failure = text_of(&outcome->result.why);
    if (came != SUITE_JUDGED || !command->like)
        return;
    const struct expected_of expected = {plan, implementation_name(command->like),
                                         &command->options->choice->known, command->options->url};
    result->as_expected =
        result_agrees(&expected, result->judgement, &outcome->difference, &result->reason);
    if (!result->as_expected)
        result->difference = text_of(&outcome->difference);
}

static void tell_progress(size_t number, size_t count, const struct plan *plan,
                          const struct suite_result *result)
{
    fprintf(stderr, "freshcheck: %zu of %zu, %s: %s\n", number, count, plan->name,
            result->outcome == SUITE_JUDGED    ? verdict_name(result->judgement.whole)
            : result->outcome == SUITE_SKIPPED ? "skipped"
                                               : "no verdict");
}

/* Runs all that is left; false when there is no sense in going on. */
static void run_all(struct target_command *command)
{
    const size_t count = command->scenarios->count;
    enum suite_outcome last = SUITE_JUDGED;
    for (size_t i = 0; i < count; i++) {
        struct plan *plan = command->scenarios->plans[i];
        struct outcome *outcome = &command->outcomes[i];
        if (last == SUITE_GONE || last == SUITE_STOPPED) {
            outcome->result.outcome = SUITE_SKIPPED;
            buffer_text(&outcome->result.why,
                        last == SUITE_GONE ? "the target is gone" : "interrupted");
        } else {
            suite_run(command->suite, plan, &outcome->result);
            selection_narrow(&command->options->choice->selection, &outcome->result.judgement);
            selection_narrow_claim(&command->options->choice->selection, &plan->claim);
            last = outcome->result.outcome;
            if (!command->options->quiet)
                tell_progress(i + 1, count, plan, &outcome->result);
        }
        fill_result(command, i);
    }
}

/* From what weighs most to what weighs least. A target that is gone is never a pass. */
static int exit_code_of(const struct target_command *command)
{
    size_t run = 0, counting = 0, undecided = 0, failed = 0;
    for (size_t i = 0; i < command->scenarios->count; i++) {
        const enum suite_outcome came = command->outcomes[i].result.outcome;
        if (came == SUITE_GONE)
            return EXIT_UNREACHABLE;
        if (came == SUITE_STOPPED)
            return EXIT_INTERRUPTED;
        run += came != SUITE_SKIPPED;
        counting += came == SUITE_JUDGED &&
                    fail_on_result(&command->options->choice->fail_on, &command->results[i]);
        failed += came == SUITE_FAILED;
        undecided +=
            came == SUITE_JUDGED && command->outcomes[i].result.judgement.whole == VERDICT_UNKNOWN;
    }
    if (run == 0)
        return EXIT_ALL_SKIPPED;
    if (counting > 0)
        return EXIT_REFUTED;
    const struct fail_on *fail_on = &command->options->choice->fail_on;
    const bool asks = fail_on->unexpected || fail_on->any;
    return failed > 0 || (asks && undecided > 0) ? EXIT_UNDECIDED : EXIT_AS_CLAIMED;
}

/* Why there is no pass and no fail. */
static void write_undecided(const struct report_result *result, struct buffer *out)
{
    const char *why = result->skipped ? result->skipped : NULL;
    if (!why && !result->failure && result->judgement->whole == VERDICT_UNKNOWN)
        for (size_t i = 0; !why && i < PROPERTY_COUNT; i++)
            if (result->judgement->claim.claimed[i] &&
                result->judgement->properties[i].verdict == VERDICT_UNKNOWN)
                why = result->judgement->properties[i].cause;
    if (why)
        buffer_printf(out, "%s %s: %s\n", result->skipped ? "skipped" : "unknown", result->subject,
                      why);
}

static int print_report(struct target_command *command)
{
    const size_t count = command->scenarios->count;
    const struct report report = {
        .results = command->results,
        .result_count = count,
        .verdict = results_verdict(command->results, count),
        .program = program_invocation_name,
        .colour = output_wants_colour(command->output),
        .width = output_width(),
        .strict = command->options->choice->fail_on.any,
    };
    struct buffer out = {0};
    if (command->output->format && strcmp(command->output->format, "json") == 0) {
        report_json(&report, &out);
    } else {
        if (!command->options->brief)
            report_failures(&report, &out);
        for (size_t i = 0; i < count; i++)
            write_undecided(&report.results[i], &out);
        if (out.length > 0)
            buffer_char(&out, '\n');
        report_matrix(&report, &out);
    }
    const int code = output_print(&out, exit_code_of(command));
    return output_reports(command->output, &report, code);
}

static int run_and_report(struct target_command *command)
{
    const size_t count = command->scenarios->count;
    command->outcomes = calloc(count + 1, sizeof *command->outcomes);
    command->results = calloc(count + 1, sizeof *command->results);
    if (!command->outcomes || !command->results)
        return say(EXIT_INTERNAL, "cannot begin", "out of memory");
    run_all(command);
    return print_report(command);
}

static void release(struct target_command *command)
{
    for (size_t i = 0; command->outcomes && i < command->scenarios->count; i++) {
        buffer_free(&command->outcomes[i].result.why);
        buffer_free(&command->outcomes[i].claim);
        buffer_free(&command->outcomes[i].difference);
        buffer_free(&command->outcomes[i].again);
    }
    for (size_t i = 0; command->names && i < command->options->jobs.count; i++)
        free(command->names[i]);
    free(command->names);
    free(command->bindings);
    free(command->outcomes);
    free(command->results);
    buffer_free(&command->jar);
    suite_close(command->suite);
    if (command->stop_fd >= 0)
        close(command->stop_fd);
}

int run_target(const struct target_options *options, const struct scenario_list *scenarios,
               const struct output_options *output)
{
    struct target_command command = {
        .options = options, .scenarios = scenarios, .output = output, .stop_fd = -1};
    int code = open_suite(&command);
    if (code == EXIT_AS_CLAIMED)
        code = run_and_report(&command);
    release(&command);
    return code;
}
