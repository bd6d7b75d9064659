#ifndef FRESHCHECK_HARNESS_CONTROL_REQUEST_LOG_H
#define FRESHCHECK_HARNESS_CONTROL_REQUEST_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which requests came that bear a number of their sender's: the last ones. Lines are numbered from
 * 1, and keep their number. */
struct request_log;

struct request_line {
    uint64_t tag;       /* the sender's number */
    int64_t arrived_us; /* all of it was here */
    int64_t left_us;    /* its answer left; -1: it has not */
    int status;         /* of that answer; 0: none */
};

struct request_log *request_log_new(size_t lines_max); /* NULL: out of memory */
void request_log_free(struct request_log *log);        /* NULL is allowed */

/* Returns the number of its line; 0: out of memory. The oldest line leaves when there is no room. */
uint64_t request_log_arrived(struct request_log *log, uint64_t tag, int64_t now_us);

/* A line that is gone: nothing happens. */
void request_log_left(struct request_log *log, uint64_t number, int64_t now_us, int status);

/* Drops all lines; later ones go on with the next number. */
void request_log_clear(struct request_log *log);

/* The numbers of the first line that is still there and of the next; equal when there is none. */
uint64_t request_log_first(const struct request_log *log);
uint64_t request_log_next(const struct request_log *log);

/* A line that is still there. Valid until the next one comes. */
const struct request_line *request_log_at(const struct request_log *log, uint64_t number);

#endif
