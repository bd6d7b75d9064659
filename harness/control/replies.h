#ifndef FRESHCHECK_HARNESS_CONTROL_REPLIES_H
#define FRESHCHECK_HARNESS_CONTROL_REPLIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/control/control.h"
#include "harness/control/request_log.h"
#include "mock_jobmanager/journal.h"

/* What the answers to control calls say, for a program that makes them. Each reader returns false
 * when the bytes are no such answer, or memory ran out. */

/* A manual clock tells nothing of its machine's. */
bool control_read_clock(const char *bytes, size_t length, struct control_clock *clock);

/* GET and POST /freshcheck/scenario. */
struct control_scenario {
    uint64_t salt, loads;
};
bool control_read_scenario(const char *bytes, size_t length, struct control_scenario *scenario);

/* One answer of GET /freshcheck/journal; zeroed is empty. Lines about no known job are left out, and
 * the indices of jobs are not told. */
struct journal_page {
    uint64_t first, end, next;     /* line numbers, as in the answer */
    struct journal_entry *entries; /* owned, and so are their paths */
    size_t count;
};
bool control_read_journal(const char *bytes, size_t length, struct journal_page *page);
void journal_page_free(struct journal_page *page);

/* One answer of GET /freshcheck/requests; zeroed is empty. */
struct request_page {
    uint64_t first, end, next;
    struct request_line *lines; /* owned */
    size_t count;
};
bool control_read_requests(const char *bytes, size_t length, struct request_page *page);
void request_page_free(struct request_page *page);

/* The first error of a refusal, owned by the caller; NULL: there is none, or no memory. */
char *control_read_error(const char *bytes, size_t length);

#endif
