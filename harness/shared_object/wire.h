#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_WIRE_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/*
 * What goes between freshcheck and the process that holds a shared object. Both are the same
 * program, so numbers go as they lie in memory. What comes from there is outside input all the
 * same: the object can write anything into its own process.
 *
 * Packets of a SOCK_SEQPACKET socket: a byte that says its kind, then its bytes.
 */

/* What the object is doing. The first ones are calls; the rest happens around them. */
#define CALL_MAP(X)                            \
    X(OPEN, "open()")                          \
    X(REQUEST, "request()")                    \
    X(FETCHED, "fetched()")                    \
    X(ABANDON, "abandon()")                    \
    X(TIDY, "tidy()")                          \
    X(CLOSE, "close()")                        \
    X(NEXT, "next()")                          \
    X(WALL_CLOCK, "wall_clock()")              \
    X(BODY, "the reading of its reply's body") \
    X(NOTHING, "no call")

enum object_call {
#define X(name, text) OBJECT_##name,
    CALL_MAP(X)
#undef X
        OBJECT_CALL_COUNT
};

const char *object_call_name(enum object_call call); /* "request()" */

enum packet_kind {
    PACKET_MORE = 'm',     /* a part of a message; more parts follow */
    PACKET_LAST = 'l',     /* the last part */
    PACKET_BORN = 'b',     /* struct wire_born: a worker is there */
    PACKET_OBITUARY = 'o', /* struct wire_obituary: a worker's last words */
    PACKET_ENDED = 'e'     /* int32_t: its status as waitpid() has it, from its keeper */
};

enum { PACKET_BYTES_MAX = 32 * 1024, MESSAGE_BYTES_MAX = 8 * 1024 * 1024, WIRE_TEXT_MAX = 4 };

/* To the worker: one call. Texts follow, each with a NUL, in the order of their lengths. */
struct wire_call {
    uint32_t call;                   /* enum object_call */
    uint32_t lengths[WIRE_TEXT_MAX]; /* without the NUL; WIRE_NO_TEXT: NULL, nothing follows */
    uint32_t data;
    int32_t ok, status;
    int64_t now_us, wall_offset_us;
    uint64_t number; /* of a request or a fetch */
    int64_t age_max_us;
    uint64_t version;
    int64_t timeouts_us[2]; /* OPEN: of statistics, of graphs */
    uint64_t jobs_max[2];
    char job[40]; /* NUL-terminated */
};

#define WIRE_NO_TEXT UINT32_MAX

/* From the worker: what came of the call, then the actions. */
struct wire_result {
    int32_t returned;
    uint32_t action_count;
    uint64_t leaked_bytes;  /* CLOSE: still allocated; 0: nothing */
    uint64_t printed_bytes; /* CLOSE: written to standard output */
};

struct wire_action {
    uint32_t kind, data;
    uint64_t request, fetch;
    int32_t status;
    uint32_t length; /* of the text that follows; WIRE_NO_TEXT: none */
    char job[40];    /* NUL-terminated once it is read */
};

struct wire_born {
    int32_t pid;
};

enum obituary_kind {
    OBITUARY_SIGNAL,  /* it was about to die of `signal` */
    OBITUARY_EXIT,    /* it called exit(code) */
    OBITUARY_HUNG,    /* it was asked what it is doing */
    OBITUARY_WROTE,   /* it wrote where it must not */
    OBITUARY_READ,    /* it read behind what it was lent */
    OBITUARY_ENDLESS, /* next() has no end */
    OBITUARY_KIND_COUNT
};

struct wire_obituary {
    uint32_t kind, call;
    int32_t signal, code;
    uint64_t address;
};

/* The actions of a message that were not read yet. */
struct wire_cursor {
    const char *at, *end;
    uint32_t count;
};

/* Reads a message from a worker. False: it is none. */
bool wire_result_read(const char *bytes, size_t length, struct wire_result *result,
                      struct wire_cursor *actions);

/* The next action and its text, which is borrowed from the message (NULL: none). False: it is none,
 * though cursor->count says that there is one; to be called that often only. */
bool wire_action_read(struct wire_cursor *cursor, struct wire_action *action, const char **text);

/* Reads last words. False: they are none. */
bool wire_obituary_read(const char *bytes, size_t length, struct wire_obituary *obituary);

/* Appends a call and its texts. */
void wire_call_write(struct buffer *out, const struct wire_call *call,
                     const char *const texts[WIRE_TEXT_MAX]);

#endif
