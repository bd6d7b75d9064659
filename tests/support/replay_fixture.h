#ifndef FRESHCHECK_TESTS_REPLAY_FIXTURE_H
#define FRESHCHECK_TESTS_REPLAY_FIXTURE_H

#include "tests/support/test_prelude.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "harness/replay/transcript.h"

/* Small conversations. */

#define JOB_A "000000000000000000000000000a0000"
#define VERTEX_1 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1"
#define VERTEX_2 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { MS = 1000 };

/* Exchanges for a transcript. An exchange takes 2 ms; its number is that of its line. */
struct said {
    int64_t sent_ms;
    const char *method, *path, *request;
    int status;
    const char *body;
};

/* As a file would hold them; to free(). In bodies "@123@" is the epoch of 123 ms. */
static inline char *said_text(const struct said *said, size_t count)
{
    struct buffer text = {0}, body = {0};
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&body);
        for (const char *at = said[i].body; *at; at++) {
            if (*at != '@') {
                buffer_char(&body, *at);
                continue;
            }
            char *end;
            buffer_int64(&body, INT64_C(1700000000000) + strtoll(at + 1, &end, 10));
            at = end;
        }
        buffer_char(&body, '\0');
        json_t *line = json_pack(
            "{s:i,s:i,s:i,s:s,s:s,s:s?,s:i,s:{s:s,s:s,s:s},s:s}", "seq", (int)i + 1, "sent_ms",
            (int)said[i].sent_ms, "done_ms", (int)said[i].sent_ms + 2, "method", said[i].method,
            "path", said[i].path, "request", said[i].request, "status", said[i].status, "headers",
            "content-type", "application/json; charset=UTF-8", "access-control-allow-origin", "*",
            "content-length", "1", "body", body.bytes);
        assert_non_null(line);
        char *dumped = json_dumps(line, JSON_COMPACT);
        buffer_text(&text, dumped);
        buffer_char(&text, '\n');
        free(dumped);
        json_decref(line);
    }
    buffer_free(&body);
    return buffer_take(&text);
}

/* Fills *transcript and *complaints, which the caller clears. */
static inline bool read_text(const char *text, struct transcript *transcript,
                             struct complaints *complaints)
{
    FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "rb");
    assert_non_null(file);
    const bool has_memory = transcript_read(file, transcript, complaints);
    fclose(file);
    return has_memory;
}

static inline void read_said(const struct said *said, size_t count, struct transcript *transcript)
{
    struct complaints complaints = {0};
    char *text = said_text(said, count);
    assert_true(read_text(text, transcript, &complaints));
    if (complaints.count > 0)
        fail_msg("line %u: %s", complaints.items[0].line, complaints.items[0].message);
    complaints_free(&complaints);
    free(text);
}

#endif
