#include "harness/command_line/run_origin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command_line/commands.h"
#include "harness/command_line/files.h"
#include "harness/live/clock.h"
#include "harness/live/mock_process.h"
#include "harness/live/stop_signals.h"
#include "harness/scenario/scenario.h"
#include "harness/target/proxied_run.h"

enum { SCENARIO_SIZE_MAX = 1 << 20, JOURNAL_LINES_MAX = 1000000, SALT_SHIFT = 12 };

/* What a scenario takes besides its own time: loading it, comparing clocks, reading the journal. */
static const int64_t overhead_us = 100000;

struct through {
    const struct origin_options *options;
    struct address target, origin_at;
    struct origin *origin;
    pid_t process; /* the origin's, where it is ours; 0: it is not */
    bool tags_pass;
    uint64_t salt; /* of the next scenario; none is given twice, also not by a later run */
    struct stop_signals signals;
    int64_t clock_error_us; /* the worst so far */
    int *failure_code;
};

static int says(int code, const char *who, const char *url, const char *why)
{
    fprintf(stderr, "freshcheck: %s %s: %s\n", who, url, why);
    return code;
}

/* --- opening and closing ------------------------------------------------------------------- */

static bool start_origin(struct through *through)
{
    struct plan empty = {.name = "an empty cluster"};
    const struct serve_options serve = {
        .plan = &empty,
        .implementation = implementation_find("reference"),
        .journal_lines_max = JOURNAL_LINES_MAX,
        .seed = 1,
        .port = through->origin_at.port,
    };
    settings_default(&empty.settings);
    if (!mock_process_start(&serve, &through->process)) {
        through->process = 0;
        return false;
    }
    fprintf(stderr, "freshcheck: nothing listened at %s, so a mock was started there\n",
            through->options->origin);
    return true;
}

/* Exit code. */
static int find_origin(struct through *through)
{
    const char *url = through->options->origin;
    const char *why;
    through->origin = origin_new(url, &why);
    if (!through->origin)
        return says(EXIT_UNREACHABLE, "--origin", url, why);
    enum origin_kind kind = origin_look(through->origin, &why);
    const bool may_start = kind == ORIGIN_NOBODY && address_is_loopback(&through->origin_at) &&
                           *through->origin_at.prefix == '\0';
    if (may_start && start_origin(through))
        kind = origin_look(through->origin, &why);
    return kind == ORIGIN_MOCK ? EXIT_AS_CLAIMED : says(EXIT_UNREACHABLE, "--origin", url, why);
}

/* Exit code. */
static int find_target(struct through *through)
{
    struct proxied_outcome outcome;
    proxied_probe(through->origin, &through->target, through->salt++, through->signals.fd,
                  &through->tags_pass, &outcome);
    if (outcome.end == PROXIED_STOPPED)
        return EXIT_INTERRUPTED;
    if (outcome.end == PROXIED_BROKEN)
        return says(EXIT_INTERNAL, "--target", through->options->target, outcome.why);
    if (outcome.end != PROXIED_JUDGED)
        return says(EXIT_UNREACHABLE, "--target", through->options->target, outcome.why);
    if (!through->tags_pass)
        fputs("freshcheck: the target drops the header X-Freshcheck-Request, so it cannot be told "
              "which answers are its own\n",
              stderr);
    return EXIT_AS_CLAIMED;
}

static int through_open(struct through *through)
{
    const char *why;
    if (!address_read(through->options->target, &through->target, &why))
        return says(EXIT_USAGE, "--target", through->options->target, why);
    if (!address_read(through->options->origin, &through->origin_at, &why))
        return says(EXIT_USAGE, "--origin", through->options->origin, why);
    if (!stop_signals_open(&through->signals)) {
        fputs("freshcheck: no signals can be watched\n", stderr);
        return EXIT_INTERNAL;
    }
    through->salt = (uint64_t)live_clock_epoch_us() << SALT_SHIFT;
    const int code = find_origin(through);
    return code == EXIT_AS_CLAIMED ? find_target(through) : code;
}

static void through_close(struct through *through)
{
    origin_free(through->origin);
    if (through->process > 0)
        mock_process_end(through->process);
    address_free(&through->target);
    address_free(&through->origin_at);
    stop_signals_close(&through->signals);
}

/* --- one scenario -------------------------------------------------------------------------- */

static void run_salted(struct through *through, const struct live_cell *cell,
                       const struct buffer *text, struct proxied_outcome *outcome)
{
    struct complaints complaints = {0};
    const uint64_t salt = through->salt++;
    struct plan *plan = scenario_parse_salted(text->bytes, text->length, cell->plan->file,
                                              implementation_names(), salt, &complaints);
    const struct proxied_options options = {
        .origin = through->origin,
        .target = &through->target,
        .plan = plan,
        .load = {.name = cell->plan->file,
                 .text = text->bytes,
                 .implementation = implementation_name(cell->implementation),
                 .seed = through->options->seed,
                 .salt = salt},
        .tags_pass = through->tags_pass,
        .stop_fd = through->signals.fd,
    };
    *outcome = (struct proxied_outcome){.end = PROXIED_BROKEN, .why = "it cannot be read again"};
    if (plan)
        proxied_run(&options, outcome);
    plan_free(plan);
    complaints_free(&complaints);
}

static void run_one(struct through *through, const struct live_cell *cell,
                    struct proxied_outcome *outcome)
{
    struct buffer text = {0};
    *outcome = (struct proxied_outcome){.end = PROXIED_BROKEN, .why = "it cannot be read again"};
    if (file_read(cell->plan->file, SCENARIO_SIZE_MAX, &text)) {
        buffer_char(&text, '\0');
        text.length -= !text.failed;
        if (!text.failed)
            run_salted(through, cell, &text, outcome);
    }
    buffer_free(&text);
}

/* Exit code: not 0 when nothing more can be run. */
static int take_outcome(struct through *through, struct live_cell *cell,
                        const struct proxied_outcome *outcome, struct buffer *failure)
{
    if (outcome->end == PROXIED_JUDGED) {
        cell->result = outcome->result;
        if (outcome->clock_error_us > through->clock_error_us)
            through->clock_error_us = outcome->clock_error_us;
        return EXIT_AS_CLAIMED;
    }
    if (outcome->end == PROXIED_STOPPED)
        return EXIT_INTERRUPTED;
    if (outcome->end != PROXIED_UNDECIDED) {
        fprintf(stderr, "freshcheck: %s: %s\n", cell->plan->name, outcome->why);
        return outcome->end == PROXIED_DEAD ? EXIT_UNREACHABLE : EXIT_INTERNAL;
    }
    buffer_text(failure, outcome->why);
    buffer_char(failure, '\0');
    cell->failure = failure->failed ? "out of memory" : failure->bytes;
    if (*through->failure_code != EXIT_UNREACHABLE)
        *through->failure_code = outcome->target_failed ? EXIT_UNREACHABLE : EXIT_UNDECIDED;
    return EXIT_AS_CLAIMED;
}

/* --- all of them --------------------------------------------------------------------------- */

static size_t tell_plan(const struct through *through, const struct live_cell *cells,
                        size_t cell_count)
{
    size_t count = 0;
    int64_t all_us = 0;
    for (size_t i = 0; i < cell_count; i++) {
        count += cells[i].plan->live;
        all_us += cells[i].plan->live ? cells[i].plan->end_us + overhead_us : 0;
    }
    fprintf(stderr, "freshcheck: %zu scenario%s through %s, about %" PRId64 " s\n", count,
            count == 1 ? "" : "s", through->options->target, all_us / 1000000 + 1);
    return count;
}

static int run_all(struct through *through, struct live_cell *cells, size_t cell_count,
                   struct buffer *failures)
{
    const size_t count = tell_plan(through, cells, cell_count);
    for (size_t i = 0, next = 1; i < cell_count; i++) {
        struct proxied_outcome outcome;
        if (!cells[i].plan->live)
            continue;
        if (!through->options->quiet)
            fprintf(stderr, "freshcheck: [%zu/%zu] %s\n", next, count, cells[i].plan->name);
        next++;
        run_one(through, &cells[i], &outcome);
        const int code = take_outcome(through, &cells[i], &outcome, &failures[i]);
        if (code != EXIT_AS_CLAIMED)
            return code;
    }
    fprintf(stderr,
            "freshcheck: the origin's clock was known to within %" PRId64 " us; no verdict rests "
            "on less\n",
            through->clock_error_us);
    return EXIT_AS_CLAIMED;
}

int run_through_target(const struct origin_options *options, struct live_cell *cells,
                       size_t cell_count, struct buffer *failures, int *failure_code)
{
    struct through through = {
        .options = options, .signals = {.fd = -1}, .failure_code = failure_code};
    int code = through_open(&through);
    if (code == EXIT_AS_CLAIMED)
        code = run_all(&through, cells, cell_count, failures);
    through_close(&through);
    return code;
}
