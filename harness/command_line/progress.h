#ifndef FRESHCHECK_HARNESS_COMMAND_LINE_PROGRESS_H
#define FRESHCHECK_HARNESS_COMMAND_LINE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How far long work is, on stderr: on a terminal one line with a bar that is written anew, elsewhere
 * a line now and then. Work that is over before the first of them shows nothing. The clock is the
 * caller's, and never goes back.
 */
enum progress_kind {
    PROGRESS_COUNT, /* of things: how many a second, how long it will take */
    PROGRESS_BYTES, /* the same, in MB */
    PROGRESS_TIME   /* microseconds of real time, which have no rate */
};

struct progress {
    bool quiet; /* shows nothing at all */
    enum progress_kind kind;
    const char *things; /* of a count: "cells" */
    uint64_t total;     /* 0: nobody knows */
    int64_t until_us;   /* when it ends at the latest; 0: nobody knows */

    /* Its own, from here on. */
    int64_t begun_us, told_us;
    bool is_on_terminal, has_line;
};

#define QUIET_OPTION(progress)                                                \
    {                                                                         \
        "quiet", NULL, "no progress on stderr", &(progress).quiet, NULL, NULL \
    }

/* What is said above is to be set before. On a terminal a signal that ends the program takes the line
 * away first, until progress_end(). */
void progress_begin(struct progress *progress, int64_t now_us);

/* To be called as often as is convenient; `more` is added after a semicolon, NULL: nothing is. */
void progress_tell(struct progress *progress, int64_t now_us, uint64_t done, const char *more);

/* Whether the next call shows something: to save the trouble of making up `more`. */
bool progress_is_due(const struct progress *progress, int64_t now_us);

/* Takes the line away, for something else to be said; the next call shows it again. */
void progress_hide(struct progress *progress);

/* The same for good. What was not begun needs no end. */
void progress_end(struct progress *progress);

/* The line itself, without its end: at most `width` columns, with a bar where there is room for one;
 * SIZE_MAX: whole and without a bar. ASCII, as long as `more` is. */
enum { PROGRESS_LINE_MAX = 256 };
void progress_line(const struct progress *progress, int64_t now_us, uint64_t done, const char *more,
                   size_t width, char line[PROGRESS_LINE_MAX]);

#endif
