#ifndef FRESHCHECK_HARNESS_REPLAY_TRANSCRIPT_H
#define FRESHCHECK_HARNESS_REPLAY_TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "base/complaint.h"
#include "harness/conform/conform.h"

/*
 * A transcript: the exchanges of one conversation with a real cluster, as JSON lines (see
 * docs/conform.md). Read whole, because what happened to a job is often told long after.
 */
struct transcript_exchange {
    unsigned line;
    int64_t seq;
    int64_t sent_us, done_us; /* since the start of the conversation */
    const char *request;      /* the body that was sent; NULL: none */
    struct conform_exchange recorded;
    const char *path;   /* of recorded.path, without "/v1" */
    const json_t *body; /* the answer's; NULL: it is no JSON */
};

struct transcript {
    const char *version; /* of Flink; NULL: no answer tells it */
    struct transcript_exchange *exchanges;
    size_t count, capacity;
    json_t **kept; /* what the texts above live in */
    size_t kept_count, kept_capacity;
};

/*
 * Reads a whole file into *transcript, which starts as {0}. A damaged line is a complaint, and
 * nothing after it is read. False when out of memory.
 */
bool transcript_read(FILE *file, struct transcript *transcript, struct complaints *complaints);
void transcript_clear(struct transcript *transcript);

#endif
