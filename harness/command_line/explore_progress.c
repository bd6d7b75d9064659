#include "harness/command_line/explore_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/judge/verdict.h"

enum { LINE_EVERY_US = 5 * 1000 * 1000, REWRITE_EVERY_US = 200 * 1000, LINE_MAX_BYTES = 160 };

void explore_progress_begin(struct explore_progress *progress, int64_t now_us)
{
    const char *kind = getenv("TERM");
    progress->begun_us = progress->told_us = now_us;
    progress->is_on_terminal = isatty(STDERR_FILENO) && kind && kind[0] != '\0';
}

static unsigned bits(uint32_t mask)
{
    return (unsigned)__builtin_popcount(mask);
}

/* Seconds until it is through, by the rate so far; -1: nobody knows. */
static int64_t left_s(const struct explore_progress *progress, int64_t now_us, uint64_t done)
{
    const int64_t taken_us = now_us - progress->begun_us;
    int64_t left_us = progress->until_us == INT64_MAX ? INT64_MAX : progress->until_us - now_us;
    if (progress->seeds > 0 && done > 0) {
        const double by_rate = (double)taken_us * (double)(progress->seeds - done) / (double)done;
        left_us = by_rate < (double)left_us ? (int64_t)by_rate : left_us;
    }
    return left_us == INT64_MAX ? -1 : left_us / 1000000;
}

static void write_line(const struct explore_progress *progress, int64_t now_us,
                       const struct work_progress *work, char line[LINE_MAX_BYTES])
{
    const double taken_s = (double)(now_us - progress->begun_us) / 1e6;
    const int64_t left = left_s(progress, now_us, work->done);
    char of[32] = "", rest[48] = "";
    if (progress->seeds > 0)
        snprintf(of, sizeof of, " of %" PRIu64, progress->seeds);
    if (left >= 0)
        snprintf(rest, sizeof rest, ", %" PRId64 " s left", left);
    snprintf(line, LINE_MAX_BYTES,
             "%" PRIu64 "%s seeds, %.0f a second%s; %u of %d properties put to the test, %u broken",
             work->done, of, taken_s > 0 ? (double)work->done / taken_s : 0, rest,
             bits(work->tested), PROPERTY_COUNT, bits(work->broken));
}

void explore_progress_tell(struct explore_progress *progress, int64_t now_us,
                           const struct work_progress *work)
{
    char line[LINE_MAX_BYTES];
    const int64_t every_us = progress->is_on_terminal ? REWRITE_EVERY_US : LINE_EVERY_US;
    if (progress->quiet || now_us - progress->told_us < every_us)
        return;
    progress->told_us = now_us;
    write_line(progress, now_us, work, line);
    /* Source: ECMA-48 (EL). */
    if (progress->is_on_terminal)
        fprintf(stderr, "\r%s\033[K", line);
    else
        fprintf(stderr, "freshcheck: %s\n", line);
    progress->has_line = progress->is_on_terminal;
}

void explore_progress_end(struct explore_progress *progress)
{
    if (progress->has_line)
        fputs("\r\033[K", stderr);
    progress->has_line = false;
}
