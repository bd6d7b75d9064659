#include "harness/command_line/progress.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/command_line/terminal.h"

enum {
    LINE_EVERY_US = 5 * 1000 * 1000,
    REWRITE_EVERY_US = 200 * 1000,
    SECOND_US = 1000 * 1000,
    MEGABYTE = 1000 * 1000,
    BAR_WIDTH = 20,
    TEXT_MAX = 64
};

/* --- the line ----------------------------------------------------------------------------------- */

/* Units of what is counted that make up one of what is shown. */
static uint64_t shown_unit(const struct progress *progress)
{
    return progress->kind == PROGRESS_COUNT ? 1 : MEGABYTE; /* or microseconds of a second */
}

static const char *shown_name(const struct progress *progress)
{
    return progress->kind == PROGRESS_COUNT   ? progress->things
           : progress->kind == PROGRESS_BYTES ? "MB"
                                              : "s";
}

/* Seconds until it is through, by the rate so far; -1: nobody knows. */
static int64_t left_s(const struct progress *progress, int64_t now_us, uint64_t done)
{
    double left_us = -1;
    if (progress->total > 0 && progress->kind == PROGRESS_TIME)
        left_us = (double)(progress->total - done);
    else if (progress->total > 0 && done > 0)
        left_us =
            (double)(now_us - progress->begun_us) * (double)(progress->total - done) / (double)done;
    const double until_us = progress->until_us > now_us ? (double)(progress->until_us - now_us) : 0;
    if (progress->until_us != 0 && (left_us < 0 || until_us < left_us))
        left_us = until_us;
    return left_us < 0 ? -1 : (int64_t)(left_us / SECOND_US);
}

/* "45 of 190 cells, 60 a second, 2 s left" */
static size_t write_text(const struct progress *progress, int64_t now_us, uint64_t done,
                         const char *more, char line[PROGRESS_LINE_MAX])
{
    const uint64_t unit = shown_unit(progress);
    const int64_t taken_us = now_us - progress->begun_us, left = left_s(progress, now_us, done);
    char of[TEXT_MAX] = "", rate[TEXT_MAX] = "", rest[TEXT_MAX] = "";
    if (progress->total > 0)
        snprintf(of, sizeof of, " of %" PRIu64, progress->total / unit);
    if (progress->kind != PROGRESS_TIME)
        snprintf(rate, sizeof rate, ", %.0f a second",
                 taken_us > 0 ? (double)done / (double)unit * SECOND_US / (double)taken_us : 0);
    if (left >= 0)
        snprintf(rest, sizeof rest, ", %" PRId64 " s left", left);
    const int length =
        snprintf(line, PROGRESS_LINE_MAX, "%" PRIu64 "%s %s%s%s%s%s", done / unit, of,
                 shown_name(progress), rate, rest, more ? "; " : "", more ? more : "");
    return length < PROGRESS_LINE_MAX ? (size_t)length : PROGRESS_LINE_MAX - 1;
}

static void write_bar(uint64_t done, uint64_t total, char bar[BAR_WIDTH])
{
    const double share = (double)done / (double)total;
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', (size_t)(share * BAR_WIDTH));
}

void progress_line(const struct progress *progress, int64_t now_us, uint64_t done, const char *more,
                   size_t width, char line[PROGRESS_LINE_MAX])
{
    char text[PROGRESS_LINE_MAX], bar[BAR_WIDTH];
    if (progress->total > 0 && done > progress->total)
        done = progress->total;
    const size_t length = write_text(progress, now_us, done, more, text);
    const bool has_bar =
        progress->total > 0 && width != SIZE_MAX && length + BAR_WIDTH + sizeof "[] " <= width + 1;
    if (has_bar)
        write_bar(done, progress->total, bar);
    /* A text as long as the line is cut, as write_text() cuts it. */
    const int length_whole = snprintf(line, PROGRESS_LINE_MAX, "%s%.*s%s%s", has_bar ? "[" : "",
                                      has_bar ? BAR_WIDTH : 0, bar, has_bar ? "] " : "", text);
    if (length_whole > 0 && width < PROGRESS_LINE_MAX)
        line[width] = '\0';
}

/* --- on stderr ---------------------------------------------------------------------------------- */

/* Source: ECMA-48 (EL). */
static const char erase_line[] = "\r\033[K";

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDING_SIGNAL_COUNT = sizeof ending_signals / sizeof ending_signals[0] };

/* A signal handler knows nothing but what is global. */
static volatile sig_atomic_t line_is_open;

/* Where nobody else cares for the signal, it ends the program as it always does. */
static void erase_and_end(int number)
{
    if (line_is_open && write(STDERR_FILENO, erase_line, sizeof erase_line - 1) < 0)
        line_is_open = 0; /* nothing to be done about it */
    signal(number, SIG_DFL);
    raise(number);
}

/* Only those that would end the program; what is ignored or waited for stays as it is. */
static void watch_signals(void (*from)(int), void (*to)(int))
{
    for (size_t i = 0; i < ENDING_SIGNAL_COUNT; i++) {
        struct sigaction now, then = {.sa_handler = to};
        if (sigaction(ending_signals[i], NULL, &now) == 0 && now.sa_handler == from)
            sigaction(ending_signals[i], &then, NULL);
    }
}

void progress_begin(struct progress *progress, int64_t now_us)
{
    const char *kind = getenv("TERM");
    progress->begun_us = progress->told_us = now_us;
    progress->is_on_terminal =
        isatty(STDERR_FILENO) && kind && kind[0] != '\0' && strcmp(kind, "dumb") != 0;
    progress->has_line = false;
    if (progress->is_on_terminal && !progress->quiet)
        watch_signals(SIG_DFL, erase_and_end);
}

bool progress_is_due(const struct progress *progress, int64_t now_us)
{
    const int64_t every_us = progress->is_on_terminal ? REWRITE_EVERY_US : LINE_EVERY_US;
    return !progress->quiet && now_us - progress->told_us >= every_us;
}

void progress_tell(struct progress *progress, int64_t now_us, uint64_t done, const char *more)
{
    char line[PROGRESS_LINE_MAX];
    if (!progress_is_due(progress, now_us))
        return;
    progress->told_us = now_us;
    /* A line that fills the terminal would be broken by what is typed behind it. */
    const size_t width = progress->is_on_terminal ? terminal_width(STDERR_FILENO) - 1 : SIZE_MAX;
    progress_line(progress, now_us, done, more, width, line);
    if (progress->is_on_terminal) {
        line_is_open = 1;
        progress->has_line = true;
        fprintf(stderr, "\r%s\033[K", line);
    } else {
        fprintf(stderr, "freshcheck: %s\n", line);
    }
}

void progress_hide(struct progress *progress)
{
    if (progress->has_line)
        fputs(erase_line, stderr);
    progress->has_line = false;
    line_is_open = 0;
}

void progress_end(struct progress *progress)
{
    progress_hide(progress);
    if (progress->is_on_terminal && !progress->quiet)
        watch_signals(erase_and_end, SIG_DFL);
}
