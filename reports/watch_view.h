#ifndef FRESHCHECK_REPORTS_WATCH_VIEW_H
#define FRESHCHECK_REPORTS_WATCH_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/judge/verdict.h"

/*
 * What `watch` shows while it runs, as text. Times are microseconds since the run began. Everything
 * is borrowed for the call. Texts may hold anything: what could talk to a terminal is shown as '?'.
 */

struct watched_job {
    const char *name;
    int64_t newest;          /* the newest checkpoint known to be complete; -1: none */
    const char *evidence;    /* how that is known: "an answer to poller-2" */
    bool is_read;            /* its statistics were read; else the next two mean nothing */
    int64_t behind_us;       /* the last answer: how long a newer checkpoint had been there */
    int64_t worst_behind_us; /* of all answers */
};

struct watched {
    const char *target;
    const char *flink_version; /* NULL: not known */
    const char *claim;         /* "fresh", "age 3 s" */
    int64_t now_us;
    int64_t end_us; /* 0: when it is interrupted */
    uint64_t requests;
    double rate;         /* requests a second, lately */
    uint64_t unanswered; /* requests without an answer */
    uint64_t errors;     /* answers with a status from 400 up, or that cannot be read */
    const char *last_error;
    int64_t last_error_us;
    int64_t silent_since_us; /* nothing was answered since; -1: the last request was */
    const struct watched_job *jobs;
    size_t job_count;
    const int64_t *seconds; /* the worst of each second's answers, oldest first; -1: no answer */
    size_t second_count;
    const struct judgement *judgement; /* NULL: none yet */
    int64_t judged_us;                 /* what had ended by then was judged */
    const char *judging_failure;       /* why the last attempt gave none; NULL: it did */
};

struct view_shape {
    size_t width, height; /* at most this many characters in a line, at most this many lines */
    bool colour;
    bool utf8; /* bars may be drawn */
};

/* A screen of lines, each with its line end. Of what does not fit the least telling is left out. */
void watch_screen(const struct watched *watched, const struct view_shape *shape,
                  struct buffer *out);

/* The same in one line, for where there is no terminal. */
void watch_line(const struct watched *watched, struct buffer *out);

#endif
