#ifndef FRESHCHECK_HARNESS_RECORDING_BODIES_H
#define FRESHCHECK_HARNESS_RECORDING_BODIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "harness/judge/history.h"
#include "harness/recording/digest_table.h"
#include "harness/recording/json_tree.h"

/* What exchanges are ordered by: completion, then number, then place in the file. */
struct line_order {
    int64_t done_us;
    uint64_t seq;
    size_t line;
};

bool line_order_earlier(const struct line_order *a, const struct line_order *b);

/* What an answer says. */
struct read_body {
    size_t references;
    struct digest digest;
    size_t size;
    uint64_t serial; /* equal ones say the same */
    struct observation seen;
    bool is_clock_read;
    bool is_concluded;
    struct line_order concluded; /* the first exchange that completions were concluded from */
};

enum { BODY_SETS = 2048, BODIES_IN_SET = 4, BODIES_SIZE_MAX = 32 << 20 };

/*
 * Reads answers, and remembers what the last few thousand said: an answer that comes again is not
 * read again. What is remembered does not grow with the recording. Starts as {0}.
 */
struct bodies {
    struct read_body *(*sets)[BODIES_IN_SET];
    unsigned char oldest[BODY_SETS];
    size_t size, hand;
    uint64_t last_serial;
    struct json_tree tree;
    struct buffer decoded;
};

struct body_request {
    enum exchange_path path;
    int status;
    struct id job;
    const struct node *text; /* NODE_TEXT */
};

/*
 * What an answer says: a counted reference, to be released. *unreadable is set when the answer was
 * read just now and is no answer to its request. NULL when out of memory.
 *
 * The job is part of what makes answers the same: one job's answer to another job's request is
 * what `right-job` looks for.
 */
struct read_body *bodies_read(struct bodies *bodies, const struct body_request *request,
                              const char **unreadable);
void body_unref(struct read_body *body); /* NULL is allowed */
void bodies_free(struct bodies *bodies);

#endif
