#ifndef FRESHCHECK_REST_ENDPOINT_TARGET_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_TARGET_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Some bytes of something that lives longer. */
struct span {
    const char *text;
    size_t length;
};

static inline bool span_is_empty(const struct span *span)
{
    return span->length == 0;
}

bool span_is(const struct span *span, const char *text);

enum { SEGMENT_COUNT_MAX = 10, PARAMETER_COUNT_MAX = 1024 };

struct parameter {
    struct span name, value;
};

/*
 * A request target taken apart, with its escapes decoded. Start with {0}; release with
 * target_free(). Spans live as long as it and the bytes that it was read from.
 *
 * The parts of the path are decoded twice, as Flink does it: first the path as a whole, where an
 * escaped slash becomes one that separates, then each part, where a plus means a space.
 * Source: Flink RouterHandler.channelRead0, Router.decodePathTokens; Netty QueryStringDecoder.
 */
struct target {
    struct span path;                        /* decoded once: "/v1/jobs" */
    struct span segments[SEGMENT_COUNT_MAX]; /* without "v1": "jobs" */
    size_t segment_count;                    /* more than fit: SEGMENT_COUNT_MAX + 1 */
    struct parameter *parameters;
    size_t parameter_count;
    char *memory, *joined;
    struct bad_escape {
        struct span text; /* what holds it */
        size_t index;     /* of its percent sign in the text */
        bool unterminated;
    } bad_escape; /* TARGET_MALFORMED */
};

enum target_outcome { TARGET_READ, TARGET_MALFORMED, TARGET_NO_MEMORY };

enum target_outcome target_read(struct target *target, const char *text, size_t length);
void target_free(struct target *target);

enum parameter_outcome { PARAMETER_ABSENT, PARAMETER_GIVEN, PARAMETER_NO_MEMORY };

/*
 * What a query says of this name; several values are joined by commas. Asking for a joined value
 * ends the life of the one joined before. Source: Flink HandlerRequest.
 */
enum parameter_outcome target_parameter(struct target *target, const char *name,
                                        struct span *value);

/* Takes the first of the values that a parameter's text lists; false when there is none left.
 * Source: Flink MessageQueryParameter.convertFromString (Java String.split). */
bool next_value(struct span *rest, struct span *value);

/* A sign of either kind is allowed. Source: Java Long.parseLong, Integer.valueOf. */
bool read_int64(const struct span *span, int64_t *number);
bool read_int32(const struct span *span, int32_t *number);

#endif
